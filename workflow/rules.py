"""What must hold for an agreement to move on. Each rule once, each answer a sentence and the place that mends it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from acts.engine import Refusal
from agreements.freeze import agreed_snapshot, canonical, digest
from agreements.stages import COUNTERPART_PENS, Pen
from agreements.standing import As, standing_of
from results.rules import current_report, evaluation_is_complete, report_is_complete
from results.scores import final_scores
from workflow.models import Minutes, Offer, Side, Slot

__all__ = ["current_report"]


def who(role):
    """Who `role` is, as a label."""
    return str(Pen(role).label)


def unit_of(agreement, role):
    """The unit whose people act as `role`."""
    if role == As.SUPERIOR:
        return agreement.signs_with
    return agreement.counterpart if role in COUNTERPART_PENS else agreement.unit


@dataclass(frozen=True)
class OnlyWithThePen:
    """The guard of a move: the actor stands as `role`, and the pen is in one of `pens`."""

    role: As
    pens: tuple[Pen, ...]

    def __call__(self, agreement, actor, at):
        if self.role not in standing_of(actor, agreement, at):
            names = {"who": who(self.role), "unit": unit_of(agreement, self.role).short_name}
            return Refusal(_("Only the %(who)s of %(unit)s can do this.") % names)
        if agreement.pen not in self.pens:
            return Refusal(
                _("It is not your turn: the pen is with the %(who)s now.") % {"who": agreement.get_pen_display()}
            )
        return None


def open_round(agreement):
    """The negotiation round that is open, or None."""
    return agreement.rounds.filter(closed_at=None).first()


def open_offers(agreement):
    """Offers that nobody has answered yet."""
    return Offer.objects.filter(line__agreement=agreement, state=Offer.State.OPEN)


def _waiting(agreement, from_side, sentence):
    count = open_offers(agreement).filter(side=from_side).count()
    return [Refusal(sentence % {"count": count}, "negotiation")] if count else []


def nothing_waits_for_owner(agreement, actor, at):
    """The unit has answered every offer of the superior's side."""
    return _waiting(agreement, Side.COUNTERPART, _("%(count)s offers still wait for the unit's answer."))


def nothing_waits_for_counterpart(agreement, actor, at):
    """The superior's side has answered every offer of the unit."""
    return _waiting(agreement, Side.OWNER, _("%(count)s offers still wait for the superior's side."))


def nothing_is_unresolved(agreement, actor, at):
    """A negotiation closes only when every offer has its answer."""
    return [*nothing_waits_for_owner(agreement, actor, at), *nothing_waits_for_counterpart(agreement, actor, at)]


def something_was_said(agreement, actor, at):
    """The pen goes back only with an offer or a comment: otherwise there is nothing to answer."""
    current = open_round(agreement)
    said = current and (
        current.offers.filter(side=Side.COUNTERPART).exists() or current.comments.filter(side=Side.COUNTERPART).exists()
    )
    if not said:
        yield Refusal(_("Make an offer or a comment first; otherwise close the negotiation."), "negotiation")


def minutes_are_written(agreement, actor, at):
    """The formal round has its minutes: date, place, committee, decisions."""
    if not Minutes.objects.filter(round__agreement=agreement, round__closed_at=None).exists():
        yield Refusal(_("The minutes of the formal negotiation are not written yet."), "minutes")


def hash_to_sign(agreement):
    """The hash that a signature of this agreement must be given for."""
    return agreed_snapshot(agreement).sha256


def maker_has_signed(agreement, actor, at):
    """The superior signs after the head, on the same content."""
    if not agreed_snapshot(agreement).signatures.filter(slot=Slot.MAKER).exists():
        yield Refusal(_("The head of the unit has not signed yet."), "signing")


def signs_one_side_only(agreement, actor, at):
    """Nobody signs on both sides of one agreement."""
    if {As.HEAD, As.SUPERIOR} <= standing_of(actor, agreement, at).roles:
        yield Refusal(_("You hold posts on both sides; one person can't sign for both."))
    elif agreed_snapshot(agreement).signatures.filter(user_id=actor.pk).exists():
        yield Refusal(_("You have signed this agreement already, for the other side."))


def report_is_ready(agreement, actor, at):
    """The current report can be sent."""
    report = current_report(agreement)
    if report is None:
        return [Refusal(_("No reporting round is open for this agreement."))]
    return report_is_complete(report)


def evaluation_is_ready(agreement, actor, at):
    """The evaluation of the final report can be proposed, and released."""
    return evaluation_is_complete(current_report(agreement).evaluation)


def hash_of_scores(agreement):
    """The hash of the final scores as they stand: what the superior releases."""
    return digest(canonical(final_scores(current_report(agreement).evaluation)))
