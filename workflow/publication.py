"""Announcing to the public (handbook 2.1, step 6): an act of its own, by the planning office of the unit's tree.

After the informal negotiation the negotiated draft with its three answers is announced, after signing what was signed,
after an amendment the text as amended.
What is announced is a snapshot, never the working copy: people see what it was until the next one is announced, or it is
withdrawn with a reason. The agreement itself doesn't move.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from acts.engine import Move, Refusal, Table, move, refusals
from acts.log import acting
from agreements.duties import role_rule
from agreements.freeze import thaw
from agreements.issue import order_public_edition
from agreements.models import Agreement, Document, Snapshot
from agreements.stages import IN_FORCE, Stage
from agreements.standing import line_up
from fiscal.years import year_of
from orgunits.holders import help_for
from orgunits.models import OrgUnit
from orgunits.reach import reach_of
from orgunits.roles import Role
from orgunits.tree import descendants
from thai.dates import local_date
from workflow.models import Publication

Kind, S, Purpose = Publication.Kind, Publication.Stage, Snapshot.Purpose
# The draft is announced from the end of the informal negotiation until there is something signed.
DRAFT_STAGES = (Stage.FORMAL, Stage.SIGNING)


@dataclass(frozen=True)
class Published:
    """What the public may read of a unit in a year; each part None where it isn't announced (any more)."""

    draft: Publication | None = None
    signed: Publication | None = None
    amended: Publication | None = None
    withdrawn: Publication | None = None  # the last one, where nothing is announced any more
    taken_back: Publication | None = None  # withdrawn, it would stand before the foremost

    @property
    def foremost(self):
        return self.amended or self.signed or self.draft

    def __bool__(self):
        return self.foremost is not None


def published(unit, year):
    """The Published of a unit in the fiscal year of that number. Two queries at most, without the draft's content."""
    found = Publication.objects.filter(agreement__unit=unit).in_year(year).for_list()
    by_kind = {each.kind: each for each in found if each.is_published}
    gone = sorted((each for each in found if each.is_withdrawn), key=lambda each: each.stage_since)
    if not by_kind:
        return Published(withdrawn=gone[-1] if gone else None)
    foremost = next(kind for kind in Publication.LATEST_FIRST if kind in by_kind)
    later = Publication.LATEST_FIRST[: Publication.LATEST_FIRST.index(foremost)]
    return Published(**by_kind, taken_back=next((each for each in gone if each.kind in later), None))


def announced(agreement, kind):
    """The Publication of that kind; one that isn't kept yet, and not announced, where there is none."""
    found = Publication.objects.select_related("snapshot").filter(agreement=agreement, kind=kind).first()
    return found or Publication(agreement=agreement, kind=kind)


def paper_to_announce(agreement, kind):
    """The Document whose snapshot can be announced now as that kind; None: there is nothing to announce."""
    papers = Document.objects.filter(snapshot__agreement=agreement).select_related("snapshot").order_by("-pk")
    if kind == Kind.DRAFT:
        negotiated = papers.exclude(kind=Document.Kind.PUBLIC).filter(snapshot__purpose=Purpose.INFORMALLY_AGREED)
        return negotiated.first() if agreement.stage in DRAFT_STAGES else None
    signed = papers.filter(kind=Document.Kind.SIGNED)
    if kind == Kind.AMENDED:
        return signed.filter(snapshot=agreement.amended_to_id).first()
    return signed.filter(snapshot__purpose=Purpose.TO_SIGN).first() if agreement.stage in IN_FORCE else None


def waiting_to_be_announced(user, at):
    """Agreements of the fiscal year under way, and of later ones, that the person can announce as they stand and that never were.

    An amended one waits as it is in force; what was signed before waits no more, though it can still be announced.
    """
    planned = reach_of(user, at).units(Role.PLANNER)
    if not planned:
        return Agreement.objects.none()
    done = Publication.objects.filter(agreement=OuterRef("pk")).exclude(stage=S.UNPUBLISHED)
    drafts = Q(stage__in=DRAFT_STAGES) & ~Exists(done)
    signed = Q(stage__in=IN_FORCE, amended_to=None) & ~Exists(done.filter(kind=Kind.SIGNED))
    amended = Q(amended_to__isnull=False) & ~Exists(done.filter(kind=Kind.AMENDED, snapshot=OuterRef("amended_to")))
    recent = Agreement.objects.filter(fiscal_year__year__gte=year_of(local_date(at)), unit_id__in=descendants(planned))
    return recent.filter(drafts | signed | amended).select_related("unit", "fiscal_year").order_by("stage_since", "pk")


def kind_to_announce(agreement):
    """Which Kind an agreement of `waiting_to_be_announced` waits as."""
    if agreement.amended_to_id:
        return Kind.AMENDED
    return Kind.SIGNED if agreement.stage in IN_FORCE else Kind.DRAFT


def public_paper(publication):
    """The Document that the public reads: the edition of what is announced without what isn't the public's."""
    return Document.objects.filter(snapshot_id=publication.snapshot_id, kind=Document.Kind.PUBLIC).first()


def may_announce(actor, agreement, at):
    """Refusal unless `actor` is of the planning office of the unit, or of a unit above it."""
    units = {unit.pk for unit in line_up(agreement)[0]}
    if reach_of(actor, at).units(Role.PLANNER) & units:
        return None
    sentence = _("Only the planning office of %(unit)s, or of a unit above it, can announce its agreements.")
    sentence = str(sentence) % {"unit": agreement.unit.short_name}
    return Refusal(sentence, rule=role_rule(Role.PLANNER), help=_planners(agreement, at))


def _planners(agreement, at):
    """Those who can announce it, found once they are read."""
    above = OrgUnit.objects.filter(pk=agreement.unit_id).values("pk")
    return help_for(Role.PLANNER, above, at)


def _may(publication, actor, at):
    return may_announce(actor, publication.agreement, at)


def hash_to_announce(publication):
    """The hash of what would be announced: what the act must be bound to."""
    paper = paper_to_announce(publication.agreement, publication.kind)
    return paper.snapshot.sha256 if paper else ""


def hash_announced(publication):
    """The hash of what is announced: what its withdrawal must be bound to."""
    return publication.snapshot.sha256


NOTHING_YET = {
    Kind.DRAFT: _(
        "The negotiated draft is announced after the informal negotiation has closed, and before signing is over."
    ),
    Kind.SIGNED: _("The signed agreement is announced once everybody has signed it."),
    Kind.AMENDED: _("An amended text is announced once everybody has signed it."),
}


def there_is_something_new(publication, actor, at):
    """There is something to announce, and it isn't announced already."""
    paper = paper_to_announce(publication.agreement, publication.kind)
    if paper is None:
        yield Refusal(str(NOTHING_YET[publication.kind]))
    elif publication.is_published and publication.snapshot_id == paper.snapshot_id:
        yield Refusal(str(_("This has been announced already.")))


def _what_is_announced(publication, actor, at, facts):
    paper = paper_to_announce(publication.agreement, publication.kind)
    words = _words(publication.agreement.unit, thaw(paper.snapshot))
    return {"snapshot": paper.snapshot, "published_at": at, "reason": "", "words": words}


def _words(unit, sections):
    """What an announcement is found by: the names of the unit and of the indicators."""
    names = [unit.name_th, unit.name_en, unit.abbr_th, unit.code, *(line["name"] for line in sections["lines"])]
    return "\n".join(filter(None, names))


def _recorded(publication, actor, at, facts):
    """On record about the agreement, too: so its history tells of it, with what was announced."""
    act = "announce" if publication.is_published else "withdraw_announcement"
    told = {"sequence": publication.snapshot.sequence, "sha256": publication.snapshot.sha256}
    with acting(actor, at=at) as record:
        record(f"{act}_{publication.kind}", publication.agreement, change=told, text=facts["reason"])


def _made_for_the_public(publication, actor, at, facts):
    order_public_edition(paper_to_announce(publication.agreement, publication.kind), at=at)


TABLE = Table(
    "publication",
    [
        Move(
            "announce",
            _("Announce to the public"),
            (S.UNPUBLISHED, S.PUBLISHED, S.WITHDRAWN),
            S.PUBLISHED,
            _may,
            checks=(there_is_something_new,),
            step_up=True,
            bound_to=hash_to_announce,
            sets=_what_is_announced,
            follows=(_recorded, _made_for_the_public),
        ),
        Move(
            "withdraw",
            _("Withdraw the announcement"),
            (S.PUBLISHED,),
            S.WITHDRAWN,
            _may,
            asks_reason=True,
            step_up=True,
            bound_to=hash_announced,
            sets=lambda publication, actor, at, facts: {"reason": facts["reason"]},
            follows=(_recorded,),
        ),
    ],
    stages=S,
    rule=role_rule(Role.PLANNER),
    helps=lambda publication, at: _planners(publication.agreement, at),
)


def why_not(publication, name, *, actor, at):
    """Why the move can't be made now; empty: it can."""
    return refusals(TABLE, publication, name, actor=actor, at=at)


def announce(agreement, kind, *, version, step_up, actor, at, idempotency=""):
    """Announce what there is of that kind to the public; `version` is that of the page (1 where it never was before).

    Raises Refused, Conflict or AlreadyDone, as every move does.
    """
    with acting(actor, at=at, idempotency=idempotency):
        thing, _is_new = Publication.objects.get_or_create(agreement=agreement, kind=kind, defaults={"stage_since": at})
        return move(TABLE, thing, "announce", version=version, step_up=step_up, actor=actor, at=at)


def withdraw(publication, reason, *, version, step_up, actor, at, idempotency=""):
    """Take back what is announced, with a reason that stays on record and stands on the public page."""
    given = {"version": version, "reason": reason, "step_up": step_up, "idempotency": idempotency}
    return move(TABLE, publication, "withdraw", actor=actor, at=at, **given)
