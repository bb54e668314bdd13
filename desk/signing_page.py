"""The signing sitting as a page shows it: why this person, what changed, the content in short, what else waits."""

from itertools import groupby

from django.db.models import Case, F, When
from django.utils.translation import gettext as _

from agreements.freeze import agreed_snapshot, thaw
from agreements.models import Agreement, Document, Snapshot
from agreements.models.rule import SLOT_LABELS, SignerSide
from agreements.redline import Piece, differences, pieces
from agreements.stages import Stage
from agreements.standing import awaiting
from desk.papers import paper_of
from workflow.models import SigningRefusal
from workflow.rules import signatures_of

# Up to so many characters a change reads best as the whole before and the whole after.
SHORT = 24
QUEUE_SHOWN = 20


def sitting(agreement, *, user, at):
    """What is there to sign, or was signed: empty values where nothing is yet."""
    snapshot = agreed_snapshot(agreement)
    content = thaw(snapshot) if snapshot else None
    document = Document.objects.filter(snapshot=snapshot).first()
    queue = _others_waiting(agreement, user, at)
    signatures = {signature.slot: signature for signature in signatures_of(agreement)} if snapshot else {}
    refused = list(SigningRefusal.objects.filter(snapshot__agreement=agreement))
    return {
        "snapshot": snapshot,
        "signatures": signatures,
        "places": _places(content, signatures) if content else [],
        "have_signed": any(signature.user_id == user.pk for signature in signatures.values()),
        "void": any(refusal.snapshot_id == snapshot.pk for refusal in refused),
        "summary": _summary(content) if content else None,
        "changes": _changes(agreement, snapshot, content) if content else None,
        "document": document,
        "paper": paper_of(document) if document else None,
        "refused": refused,
        "queue": queue[:QUEUE_SHOWN],
        "queue_length": len(queue),
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


def _changes(agreement, snapshot, content):
    """What changed since the last text that was laid before the signatories, else since the unit's first submission."""
    earlier = agreement.snapshots.filter(sequence__lt=snapshot.sequence)
    laid_before = When(purpose=Snapshot.Purpose.TO_SIGN, then=F("sequence"))
    # The last that was laid before them comes first; without one, the very first.
    before = earlier.order_by(Case(laid_before, default=-F("sequence")).desc()).first()
    refused = before is not None and before.purpose == Snapshot.Purpose.TO_SIGN
    found = differences(thaw(before), content) if before else []
    since_refused, negotiated = _("Changed since it was last before the signatories"), _("Changed in the negotiation")
    return {"heading": since_refused if refused else negotiated, "groups": _by_line(found)}


def _by_line(found):
    """[(number, name, [(label, pieces)])] of differences; the plan's come under no number."""
    lines = groupby(found, key=lambda each: (each.number, each.name))
    return [(number, name, [_shown(each) for each in fields]) for (number, name), fields in lines]


def _shown(difference):
    """(label, pieces of the redline): in whole for a short value, word by word for a long one."""
    if max(len(difference.was), len(difference.now)) > SHORT:
        return difference.label, pieces(difference.was, difference.now)
    both = (("del", difference.was), ("ins", difference.now))
    return difference.label, [Piece(op, text) for op, text in both if text]


def _others_waiting(agreement, user, at):
    waiting = Agreement.objects.filter(awaiting(user, at), stage=Stage.SIGNING)
    return list(waiting.exclude(pk=agreement.pk).for_list())
