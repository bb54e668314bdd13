"""What must hold for an agreement to move on. Each rule once, each answer a sentence and the place that mends it."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acts.engine import Refusal
from acts.reading import once
from agreements.freeze import agreed_snapshot, canonical, digest
from agreements.signing_rule import chosen_receiver, has_alternatives
from agreements.stages import COUNTERPART_PENS, Pen
from agreements.standing import As, standing_of
from results.rules import current_report, evaluation_is_complete, evaluation_of, report_is_complete
from results.scores import final_scores
from workflow.models import Comment, Minutes, Offer, Side, Slot

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
    """The negotiation round that is open, or None; with `has_minutes` and `is_commented`: by the superior's side."""
    said = Comment.objects.filter(round=OuterRef("pk"), side=Side.COUNTERPART)
    minutes = Minutes.objects.filter(round=OuterRef("pk"))
    current = agreement.rounds.filter(closed_at=None).annotate(is_commented=Exists(said), has_minutes=Exists(minutes))
    return once(agreement, "open round", current.first)


def open_offers(agreement):
    """Offers that nobody has answered yet."""
    return Offer.objects.filter(line__agreement=agreement, state=Offer.State.OPEN)


def offers_made(agreement):
    """Every offer on the agreement's lines, whatever became of it, as they were made."""
    return once(agreement, "offers", lambda: list(Offer.objects.filter(line__agreement=agreement)))


def _waiting(agreement, from_side):
    """How many offers of a side have no answer yet."""
    return sum(offer.is_open and offer.side == from_side for offer in offers_made(agreement))


def nothing_waits_for_owner(agreement, actor, at):
    """The unit has answered every offer of the superior's side."""
    if waiting := _waiting(agreement, Side.COUNTERPART):
        sentence = ngettext(
            "%(count)s offer still waits for the unit's answer.",
            "%(count)s offers still wait for the unit's answer.",
            waiting,
        )
        yield Refusal(sentence % {"count": waiting}, "negotiation")


def nothing_waits_for_counterpart(agreement, actor, at):
    """The superior's side has answered every offer of the unit."""
    if waiting := _waiting(agreement, Side.OWNER):
        sentence = ngettext(
            "%(count)s offer still waits for the superior's side.",
            "%(count)s offers still wait for the superior's side.",
            waiting,
        )
        yield Refusal(sentence % {"count": waiting}, "negotiation")


def nothing_is_unresolved(agreement, actor, at):
    """A negotiation closes only when every offer has its answer."""
    return [*nothing_waits_for_owner(agreement, actor, at), *nothing_waits_for_counterpart(agreement, actor, at)]


def something_was_said(agreement, actor, at):
    """The pen goes back only with an offer or a comment: otherwise there is nothing to answer."""
    current = open_round(agreement)
    if current is None or not (current.is_commented or _has_offered(agreement, current)):
        yield Refusal(_("Make an offer or a comment first; otherwise close the negotiation."), "negotiation")


def _has_offered(agreement, current):
    return any(made.round_id == current.pk and made.side == Side.COUNTERPART for made in offers_made(agreement))


def minutes_are_written(agreement, actor, at):
    """The formal round has its minutes: date, place, committee, decisions."""
    current = open_round(agreement)
    if current is None or not current.has_minutes:
        yield Refusal(_("The minutes of the formal negotiation are not written yet."), "minutes")


def receiver_is_said(agreement, actor, at):
    """Where the rule leaves a choice who receives the agreement, it has been made (handbook 2.2.1, level 1)."""
    if has_alternatives(agreement) and chosen_receiver(agreement) is None:
        either = agreement.rule.get_superior_display()
        sentence = _("The receiver of the agreement has not been named: %(either)s.")
        yield Refusal(sentence % {"either": either}, "receiver")


def hash_to_sign(agreement):
    """The hash that a signature of this agreement must be given for."""
    return agreed_snapshot(agreement).sha256


def signatures_of(agreement):
    """The signatures on the agreed content, in the order in which they were given."""
    return once(agreement, "signatures", lambda: list(agreed_snapshot(agreement).signatures.all()))


def maker_has_signed(agreement, actor, at):
    """The superior signs after the head, on the same content."""
    if Slot.MAKER not in {signature.slot for signature in signatures_of(agreement)}:
        yield Refusal(_("The head of the unit has not signed yet."), "signing")


def signs_one_side_only(agreement, actor, at):
    """Nobody signs on both sides of one agreement."""
    if {As.HEAD, As.SUPERIOR} <= standing_of(actor, agreement, at).roles:
        yield Refusal(_("You hold posts on both sides; one person can't sign for both."))
    elif actor.pk in {signature.user_id for signature in signatures_of(agreement)}:
        yield Refusal(_("You have signed this agreement already, for the other side."))


def report_is_ready(agreement, actor, at):
    """The current report can be sent."""
    report = current_report(agreement)
    if report is None:
        return [Refusal(_("No reporting round is open for this agreement."))]
    return report_is_complete(report)


def evaluation_is_ready(agreement, actor, at):
    """The evaluation of the final report can be proposed, and released."""
    return evaluation_is_complete(evaluation_of(agreement))


def hash_of_scores(agreement):
    """The hash of the final scores as they stand: what the superior releases."""
    return digest(canonical(final_scores(evaluation_of(agreement))))
