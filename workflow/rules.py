"""What must hold for an agreement to move on. Each rule once, each answer a sentence and the place that mends it."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acts.engine import Refusal
from acts.reading import once
from agreements.authority import who_could_sign
from agreements.duties import SIGNING_RULE
from agreements.freeze import agreed_snapshot, canonical, digest
from agreements.models.rule import SignerSide, slot_key
from agreements.signing_rule import (
    alternatives_in_words,
    chosen_receiver,
    has_alternatives,
    slot_of,
    slots_of,
    slots_of_side,
)
from agreements.stages import COUNTERPART_PENS, Pen
from agreements.standing import As, standing_of
from agreements.who_can_help import refused_for_role, refused_for_turn
from results.rules import current_report, evaluation_is_complete, evaluation_of, report_is_complete
from results.scores import final_scores
from workflow.models import Comment, Minutes, Offer, Side

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
            sentence = _("Only the %(who)s of %(unit)s can do this.") % names
            sentence = " ".join([sentence, *_why_no_longer(agreement, self.role, actor, at)])
            return refused_for_role(sentence, agreement, self.role, at)
        if agreement.pen not in self.pens:
            sentence = _("It is not your turn: the pen is with the %(who)s now.")
            return refused_for_turn(sentence % {"who": agreement.get_pen_display()}, agreement, at)
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
        either = alternatives_in_words(agreement)
        sentence = _("The receiver of the agreement has not been named: %(either)s.")
        yield Refusal(sentence % {"either": either}, "receiver")


def hash_to_sign(agreement):
    """The hash that a signature of this agreement must be given for."""
    return agreed_snapshot(agreement).sha256


def signatures_of(agreement):
    """The signatures on the agreed content, in the order in which they were given."""
    return once(agreement, "signatures", lambda: _signatures(agreed_snapshot(agreement)))


def _signatures(snapshot):
    return list(snapshot.signatures.all()) if snapshot else []


def maker_has_signed(agreement, actor, at):
    """The superior signs after the head, on the same content."""
    due = next_slot(agreement)
    if due and due.side == SignerSide.MAKER:
        yield Refusal(_("The head of the unit has not signed yet."), "signing")


SIDES = {As.HEAD: SignerSide.MAKER, As.SUPERIOR: SignerSide.RECEIVER}


def authority_to_sign(agreement, slot, at):
    """Who could sign in the slot on the day of `at`, and why: what the act asks."""
    return authority_on(agreement, slot, timezone.localdate(at))


def authority_on(agreement, slot, on):
    """The same of any day, with the signatures that had been given by then."""
    given = (each for each in signatures_of(agreement) if timezone.localdate(each.signed_at) <= on)
    return who_could_sign(agreement, slot, on, signed={each.user_id: each.slot for each in given})


def next_slot(agreement):
    """The place that is signed next: the first without a signature on the agreed content; None once all are signed."""
    return next(iter(_unsigned(agreement)), None)


def slot_after(agreement):
    """The place that is signed after the next one; None: the next signature is the last."""
    return next(iter(_unsigned(agreement)[1:]), None)


def _unsigned(agreement):
    signed = {signature.slot for signature in signatures_of(agreement)}
    return [slot for slot in slots_of(agreement) if slot.key not in signed]


def countersigning(agreement):
    """The name of the move by which the receiver whose turn it is signs: the last one puts it in force."""
    receivers = slots_of_side(agreement, SignerSide.RECEIVER)
    is_last = agreement.pen != Pen.SUPERIOR or agreement.signer >= len(receivers)
    return "countersign" if is_last else "sign_along"


def signs_last(agreement, actor, at):
    """The signature that puts an agreement in force is the last one that its rule asks for."""
    after = slot_after(agreement)
    if after and next_slot(agreement).side == SignerSide.RECEIVER:
        yield Refusal(_("Another signature follows this one: %(slot)s.") % {"slot": after.label}, "signing")


def another_signs_after(agreement, actor, at):
    """There is a signature after this one, by another receiver."""
    if slot_after(agreement) is None:
        yield Refusal(_("This is the last signature; it puts the agreement in force."), "signing")


def slot_due(agreement, role):
    """The key of the slot in which `role` (head or superior) signs now, or would sign first."""
    return slot_key(SIDES[role], agreement.signer if agreement.pen == role.value else 1)


@dataclass(frozen=True)
class HasAuthority:
    """A check of a signature: the actor may sign by an appointment of theirs on that day; else every reason why not."""

    role: As

    def __call__(self, agreement, actor, at):
        candidate = authority_to_sign(agreement, slot_due(agreement, self.role), at).of(actor)
        if candidate is None and self.role in standing_of(actor, agreement, at):
            yield _signs_later(agreement, self.role, actor, at)
        elif candidate is None:
            return  # who has no part on that side is told so by the move's own guard
        elif not candidate.may:
            yield from (_not_entitled(sentence, agreement, self.role, at) for sentence in candidate.why)


def _signs_later(agreement, role, actor, at):
    """Why somebody without a post of the place that is due can't sign it: their own comes later, or they have none."""
    due = slot_of(agreement, slot_due(agreement, role))
    others = [slot for slot in slots_of_side(agreement, SIDES[role]) if slot != due]
    if any(authority_to_sign(agreement, slot.key, at).of(actor) for slot in others):
        first = _(" or ").join(post.title for post in due.posts)
        sentence = _("The signatories sign in order; it is the turn of %(post)s now.") % {"post": first}
        return _not_entitled(sentence, agreement, role, at)
    return _not_entitled(_("You hold no post today that entitles you to sign this."), agreement, role, at)


def _not_entitled(sentence, agreement, role, at):
    return refused_for_role(sentence, agreement, role, at, rule=SIGNING_RULE)


def _why_no_longer(agreement, role, actor, at):
    """Why an appointment of the actor to a signing post gives them nothing on that day; nothing if they have none."""
    candidate = authority_to_sign(agreement, slot_due(agreement, role), at).of(actor) if role in SIDES else None
    return candidate.why if candidate and not candidate.may else ()


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
