"""Asking for an agreement in force to be changed, and what each side proposes (amendments stand in workflow.amending).

The unit begins it; then the side whose turn it is proposes values, field by field, each with its reason. What a side
proposes is its own until it hands the amendment over. The moves are in workflow.amendment_walk.
"""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from acts.engine import Conflict, Refusal, Refused
from acts.log import acting
from agreements.duties import STAGE_RULE
from agreements.freeze import agreed_snapshot
from agreements.locks import refuse_locked
from agreements.models import Agreement, Line
from agreements.stages import Stage
from agreements.standing import As, standing_of
from agreements.who_can_help import refused_for_role, refused_for_turn
from agreements.write import LOGGED
from results.models import Report
from results.rules import reports_of
from thai.text import tidy
from workflow.models import Amendment, Change, Proposal, Side
from workflow.offers import OF_LEAVES, OFFERABLE, as_text

AMENDABLE = (*OFFERABLE, "low_target_reason")
WRITERS = {Side.OWNER: (As.STAFF, As.OFFICE), Side.COUNTERPART: (As.NEGOTIATOR,)}


def can_be_amended(agreement, at):
    """Refusal unless the agreement is in force and its last report not sent: after that its score is being settled."""
    if agreement.stage != Stage.ASSESSMENT:
        sentence = _("Only an agreement in force is amended, until its last report has been sent.")
        return refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    if any(report.round.is_final and report.stage != Report.Stage.DRAFT for report in reports_of(agreement)):
        sentence = _("The report of the last round has been sent, so the agreement can't be amended any more.")
        return refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    return None


def may_begin(agreement, actor, at):
    """Refusal unless `actor` may ask for an amendment of the agreement now."""
    if not standing_of(actor, agreement, at).roles & {As.STAFF, As.OFFICE}:
        sentence = _("Only the planning staff and the head's office of %(unit)s can ask for an amendment.")
        return refused_for_role(sentence % {"unit": agreement.unit.short_name}, agreement, As.OFFICE, at)
    return can_be_amended(agreement, at)


def begin(agreement, reason, *, actor, at, idempotency=""):
    """Begin an amendment, for a reason. Conflict where one is open already."""
    with acting(actor, at=at, idempotency=idempotency) as record:
        held = Agreement.objects.select_for_update().get(pk=agreement.pk)
        _refuse(may_begin(held, actor, at))
        if not tidy(reason):
            raise Refused([Refusal(_("Please give the reason for the amendment."), "#id_reason")], incomplete=True)
        amendment = _insert(held, tidy(reason), actor, at)
        # About the amendment: until it is asked for, it is the unit's own, as is what a side proposes in its turn.
        record("begin_amendment", amendment, text=amendment.reason)
    return amendment


def _insert(agreement, reason, actor, at):
    number = (agreement.amendments.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            return Amendment.objects.create(
                agreement=agreement,
                number=number,
                stage_since=at,
                pen_since=at,
                reason=reason,
                amends=agreed_snapshot(agreement),
                begun_by=str(actor),
                begun_at=at,
            )
    except IntegrityError as taken:
        raise Conflict(_("An amendment of this agreement is under way already.")) from taken


def may_propose(amendment, actor, at):
    """(the side that `actor` proposes for now, None), or (None, the refusal)."""
    agreement, side = amendment.agreement, amendment.side_to_speak
    if side is None:
        sentence = _("This amendment is “%(stage)s”; nothing of it is proposed any more.")
        stage = {"stage": amendment.get_stage_display()}
        return None, refused_for_turn(sentence % stage, agreement, at, rule=STAGE_RULE, pen=amendment.pen)
    if not standing_of(actor, agreement, at).roles & set(WRITERS[side]):
        sentence = _("It is the other side's turn, or you don't negotiate for this side.")
        return None, refused_for_turn(sentence, agreement, at, pen=amendment.pen)
    refusal = can_be_amended(agreement, at)
    return (None, refusal) if refusal else (side, None)


def propose(amendment, line, values, *, reason, seen, actor, at):
    """Propose {field: text} for a line, texts as `offers.read_value` gives them; gives how many fields that changed.

    `seen`: the id of the last proposal of the line that the page showed, 0 for none; Conflict where there are others.
    """
    with acting(actor, at=at) as record:
        held = Amendment.objects.select_for_update().get(pk=amendment.pk)
        side, refusal = may_propose(held, actor, at)
        _refuse(refusal)
        line = _line_of(held, line)
        if last_proposal(held, line) != seen:
            raise Conflict(_("Somebody has proposed something else for this indicator since you opened the page."))
        changed = {name: text for name, text in values.items() if text != _stands(held, line, name)}
        refuse_locked(line, changed)
        _refuse_unfit(line, changed, reason)
        for name, text in changed.items():
            _propose(held, line, name, text, side=side, reason=tidy(reason), actor=actor, at=at)
        if changed:
            record("propose_amendment", held, change=_difference(line, changed), text=tidy(reason))
    return len(changed)


def last_proposal(amendment, line):
    """The id of the last proposal for a line; 0 for none."""
    found = Proposal.objects.filter(change__amendment=amendment, change__line=line)
    return found.aggregate(last=Max("pk"))["last"] or 0


def _refuse(refusal):
    if refusal:
        raise Refused([refusal])


def _line_of(amendment, line):
    return Line.objects.select_related("sheet", "sheet_version").get(pk=line.pk, agreement=amendment.agreement_id)


def _stands(amendment, line, name):
    """The text that stands for a field: what was proposed last, else what is in force."""
    last = Proposal.objects.filter(change__amendment=amendment, change__line=line, change__field=name).last()
    return last.to_value if last else as_text(getattr(line, name))


def _refuse_unfit(line, changed, reason):
    strange = changed.keys() - set(AMENDABLE)
    if strange:
        raise Refused([Refusal(_("This field can't be negotiated."))])
    if OF_LEAVES & changed.keys() and line.children.exists():
        raise Refused([Refusal(_("This indicator has parts; please make the offer about one of them."))])
    if changed and not tidy(reason):
        raise Refused([Refusal(_("Please give the reason for the change."), "#id_reason")], incomplete=True)


def _propose(amendment, line, name, text, *, side, reason, actor, at):
    """What the side proposed in this turn already is replaced; back to what stood before it, it is gone."""
    kept = {"from_value": as_text(getattr(line, name))}
    change, _is_new = Change.objects.get_or_create(amendment=amendment, line=line, field=name, defaults=kept)
    change.proposals.filter(handed_over_at=None).delete()
    before = change.proposals.last()
    if text != (before.to_value if before else change.from_value):
        made = {"side": side, "made_by": str(actor), "made_at": at}
        Proposal.objects.create(change=change, to_value=text, reason=reason, **made)
    elif before is None:
        change.delete()


def _difference(line, changed):
    return {"line": line.name[:LOGGED]} | {
        name: [as_text(getattr(line, name))[:LOGGED], text[:LOGGED]] for name, text in changed.items()
    }


def hand_over(amendment, side, at):
    """What the side has proposed becomes known to the other. Call it inside the move that does it."""
    Proposal.objects.filter(change__amendment=amendment, side=side, handed_over_at=None).update(handed_over_at=at)


def proposed_unseen(amendment):
    """Is there a proposal that the other side doesn't know yet?"""
    return Proposal.objects.filter(change__amendment=amendment, handed_over_at=None).exists()
