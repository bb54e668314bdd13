"""What is to be signed, as the pages of signing show it: what changed, the content in short, the signatures, what else waits.

It is an agreement, or an amendment of one: where they differ in words and addresses, see desk.amendment_signing_page.
"""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.freeze import thaw
from agreements.models import Agreement, Document, Snapshot
from agreements.models.rule import SLOT_LABELS, SignerSide
from agreements.redline import differences, marked
from agreements.stages import Stage
from agreements.standing import awaiting
from desk.amendment_page import title_of
from desk.amendment_signing_page import changes_of_amendment
from desk.papers import paper_of
from thai.dates import shown_year
from workflow.amending_turns import amendments_to_sign
from workflow.models import Amendment
from workflow.rules import agreement_of, signatures_of, text_to_sign
from workflow.signing import refusals_of

QUEUE_SHOWN = 20
ROUTES = {"sign_url": "signing", "refuse_url": "refuse_to_sign", "read_url": "read_to_sign"}
ROUTES_OF_AMENDMENTS = {"sign_url": "sign_amendment", "refuse_url": "refuse_amendment", "read_url": "read_amendment"}


def addresses(thing):
    """{sign_url, refuse_url, read_url}: where an agreement, or an amendment, is signed, refused, and read in a sitting."""
    if isinstance(thing, Amendment):
        args = [thing.agreement.code, thing.number]
        return {name: reverse(f"desk:{route}", args=args) for name, route in ROUTES_OF_AMENDMENTS.items()}
    return {name: reverse(f"desk:{route}", args=[thing.code]) for name, route in ROUTES.items()}


def short_title(thing):
    """บก.ตม.1 2570; of an amendment with its number."""
    agreement = agreement_of(thing)
    named = {"unit": agreement.unit.short_name, "year": shown_year(agreement.fiscal_year.year)}
    if isinstance(thing, Amendment):
        return _("%(unit)s %(year)s: %(amendment)s") % (named | {"amendment": title_of(thing)})
    return _("%(unit)s %(year)s") % named


@dataclass(frozen=True)
class Queued:
    """Something else that waits for one's signature."""

    title: str
    url: str


def others_waiting(thing, *, user, at):
    """What else waits for the person's signature: the first of it, and how much it is."""
    agreements = Agreement.objects.filter(awaiting(user, at), stage=Stage.SIGNING)
    found = [*agreements.for_list(), *amendments_to_sign(user, at).for_list()]
    queue = [Queued(short_title(each), addresses(each)["sign_url"]) for each in found if each != thing]
    return {"queue": queue[:QUEUE_SHOWN], "queue_length": len(queue)}


def content_to_sign(thing, *, user, at):
    """What is there to sign, or was signed: empty values where nothing is yet."""
    snapshot = text_to_sign(thing)
    content = thaw(snapshot) if snapshot else None
    document = Document.objects.filter(snapshot=snapshot).first()
    signatures = {signature.slot: signature for signature in signatures_of(thing)} if snapshot else {}
    refused = list(refusals_of(thing))
    return {
        "amendment": None,
        "snapshot": snapshot,
        "signatures": signatures,
        "places": _places(content, signatures) if content else [],
        "have_signed": any(signature.user_id == user.pk for signature in signatures.values()),
        "void": any(refusal.snapshot_id == snapshot.pk for refusal in refused),
        "summary": _summary(content) if content else None,
        "changes": _changes(thing, snapshot, content, user, refused) if content else None,
        "document": document,
        "paper": paper_of(document) if document else None,
        "refused": refused,
        **addresses(thing),
    }


def _summary(content):
    """The content in a few figures, from the snapshot itself."""
    leaves = [line for line in content["lines"] if line.get("is_leaf", True)]
    return {
        "lines": len(leaves),
        "by_mission": sum(line["source"] == "mission" for line in leaves),
        "annexes": [annex["title"] for annex in content["rule"]["annexes"]],
    }


def _places(content, signatures):
    """Where it is signed, makers first: (what the place is called, the post as the text says it, the Signature or None)."""
    parties = content["parties"]
    sides = {SignerSide.MAKER: parties["makers"], SignerSide.RECEIVER: parties["receivers"]}
    places = [(party.get("slot", str(side)), party["post"]) for side, found in sides.items() for party in found]
    return [(SLOT_LABELS[key], post, signatures.get(key)) for key, post in places]


def _changes(thing, snapshot, content, user, refused):
    """What changed, {heading, nothing, groups}: of an amendment see `changes_of_amendment`.

    Of an agreement since the person read it last; else since the last text that was laid before the signatories; else
    since the unit's first submission.
    """
    if isinstance(thing, Amendment):
        return changes_of_amendment(thing, snapshot, content, user, was_refused=bool(refused))
    by_them = Q(readings__user_id=user.pk) | Q(signatures__user_id=user.pk) | Q(refusal__user_id=user.pk)
    theirs = Snapshot.objects.filter(by_them, pk=OuterRef("pk"))
    laid_before = When(purpose=Snapshot.Purpose.TO_SIGN, then=F("sequence"))
    earlier = thing.snapshots.filter(sequence__lt=snapshot.sequence).annotate(is_theirs=Exists(theirs))
    # Of those laid before them the last comes first; without one, the very first.
    before = earlier.order_by("-is_theirs", Case(laid_before, default=-F("sequence")).desc()).first()
    found = differences(thaw(before), content) if before else []
    heading, nothing = _since(before)
    return {"heading": heading, "nothing": nothing, "groups": _by_line(found)}


def _since(before):
    """(what the changes are told from, the sentence where there are none)."""
    if before is not None and before.is_theirs:
        return _("Changed since you last read it"), _("Nothing has changed since you last read it.")
    if before is not None and before.purpose == Snapshot.Purpose.TO_SIGN:
        heading = _("Changed since it was last before the signatories")
        return heading, _("Nothing has changed since it was last before the signatories.")
    return _("Changed in the negotiation"), _("Nothing has changed since the unit first submitted it.")


def _by_line(found):
    """[(number, name, [(label, pieces)])] of differences; the plan's come under no number."""
    lines = groupby(found, key=lambda each: (each.number, each.name))
    return [
        (number, name, [(each.label, marked(each.was, each.now)) for each in fields])
        for (number, name), fields in lines
    ]
