"""What must hold for an agreement to move on. Each rule once, each answer a sentence and the place that mends it."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acts.engine import Refusal
from acts.log import THE_SYSTEM
from acts.reading import once
from agreements.authority import who_could_sign
from agreements.duties import SIGNING_RULE, STAGE_RULE
from agreements.freeze import agreed_snapshot, canonical, digest
from agreements.models.rule import SignerSide, slot_key
from agreements.rules import leaf_lines
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
from results.appeal_rules import appeal_is_complete, appeal_of, decision_is_complete, lodged
from results.from_paper import in_hand
from results.models import Report
from results.round_state import is_missed
from results.rules import (
    closed_without,
    current_report,
    enters_no_own_unit,
    evaluation_is_complete,
    evaluation_of,
    report_is_complete,
    reports_of,
    serves_in_the_unit,
)
from results.scores import final_scores, released_scores, report_card
from workflow.models import Amendment, Comment, Minutes, Offer, Side

__all__ = ["current_report"]


def agreement_of(thing):
    """The agreement itself, or the one that an amendment changes: both are walked, and signed, by the same rules."""
    return thing.agreement if isinstance(thing, Amendment) else thing


def text_to_sign(thing):
    """The snapshot that is signed: of an agreement what was agreed, of an amendment the text as amended. None before."""
    return thing.snapshot if isinstance(thing, Amendment) else agreed_snapshot(thing)


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

    def __call__(self, thing, actor, at):
        agreement = agreement_of(thing)
        if self.role not in standing_of(actor, agreement, at):
            names = {"who": who(self.role), "unit": unit_of(agreement, self.role).short_name}
            sentence = _("Only the %(who)s of %(unit)s can do this.") % names
            sentence = " ".join([sentence, *_why_no_longer(thing, self.role, actor, at)])
            return refused_for_role(sentence, agreement, self.role, at)
        if thing.pen not in self.pens:
            sentence = _("It is not your turn: the pen is with the %(who)s now.")
            return refused_for_turn(sentence % {"who": thing.get_pen_display()}, agreement, at, pen=thing.pen)
        return None


@dataclass(frozen=True)
class OnlyOfAnotherUnit(OnlyWithThePen):
    """The same of evaluators who act for a unit; one who serves in it is told that this is why not."""

    def __call__(self, thing, actor, at):
        agreement = agreement_of(thing)
        if serves_in_the_unit(agreement, actor, at):
            return enters_no_own_unit(agreement, at)
        return super().__call__(thing, actor, at)


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


def decisions_needed(agreement):
    """The numbered lines that the committee has to decide: those that are measured themselves, and none with a change."""
    changed = lines_changed(agreement)
    return [each for each in leaf_lines(agreement) if each.line.pk not in changed]


def lines_changed(agreement):
    """The ids of the lines of which the formal round has decided a change."""
    current = open_round(agreement)
    found = (offer for offer in offers_made(agreement) if offer.is_open and current and offer.round_id == current.pk)
    return {offer.line_id for offer in found}


def every_line_is_decided(agreement, actor, at):
    """The committee has agreed to each indicator as it stands, changed it, or deferred it with a reason."""
    current = open_round(agreement)
    minutes = Minutes.objects.filter(round=current).first() if current and current.has_minutes else None
    if minutes is None:
        return  # that they are missing is said already
    left = [each.number for each in decisions_needed(agreement) if str(each.line.pk) not in minutes.decided]
    if left:
        sentence = _("The committee's decision on indicator %(numbers)s is missing.")
        yield Refusal(sentence % {"numbers": _(", ").join(left)}, "minutes")


def receiver_is_said(agreement, actor, at):
    """Where the rule leaves a choice who receives the agreement, it has been made (handbook 2.2.1, level 1)."""
    if has_alternatives(agreement) and chosen_receiver(agreement) is None:
        either = alternatives_in_words(agreement)
        sentence = _("The receiver of the agreement has not been named: %(either)s.")
        yield Refusal(sentence % {"either": either}, "receiver")


def hash_to_sign(thing):
    """The hash that a signature of this agreement, or amendment, must be given for."""
    return text_to_sign(thing).sha256


def signatures_of(thing):
    """The signatures on the agreed content, in the order in which they were given."""
    return once(thing, "signatures", lambda: _signatures(text_to_sign(thing)))


def _signatures(snapshot):
    return list(snapshot.signatures.all()) if snapshot else []


def maker_has_signed(thing, actor, at):
    """The superior signs after the head, on the same content."""
    due = next_slot(thing)
    if due and due.side == SignerSide.MAKER:
        yield Refusal(_("The head of the unit has not signed yet."), "signing")


SIDES = {As.HEAD: SignerSide.MAKER, As.SUPERIOR: SignerSide.RECEIVER}


def authority_to_sign(thing, slot, at):
    """Who could sign in the slot on the day of `at`, and why: what the act asks."""
    return authority_on(thing, slot, timezone.localdate(at))


def authority_on(thing, slot, on):
    """The same of any day, with the signatures that had been given by then."""
    given = (each for each in signatures_of(thing) if timezone.localdate(each.signed_at) <= on)
    return who_could_sign(agreement_of(thing), slot, on, signed={each.user_id: each.slot for each in given})


def next_slot(thing):
    """The place that is signed next: the first without a signature on the agreed content; None once all are signed."""
    return next(iter(_unsigned(thing)), None)


def slot_after(thing):
    """The place that is signed after the next one; None: the next signature is the last."""
    return next(iter(_unsigned(thing)[1:]), None)


def _unsigned(thing):
    signed = {signature.slot for signature in signatures_of(thing)}
    return [slot for slot in slots_of(agreement_of(thing)) if slot.key not in signed]


def countersigning(thing):
    """The name of the move by which the receiver whose turn it is signs: the last one puts it in force."""
    receivers = slots_of_side(agreement_of(thing), SignerSide.RECEIVER)
    is_last = thing.pen != Pen.SUPERIOR or thing.signer >= len(receivers)
    return "countersign" if is_last else "sign_along"


def signs_last(thing, actor, at):
    """The signature that puts an agreement in force is the last one that its rule asks for."""
    after = slot_after(thing)
    if after and next_slot(thing).side == SignerSide.RECEIVER:
        yield Refusal(_("Another signature follows this one: %(slot)s.") % {"slot": after.label}, "signing")


def another_signs_after(thing, actor, at):
    """There is a signature after this one, by another receiver."""
    if slot_after(thing) is None:
        yield Refusal(_("This is the last signature; it puts the agreement in force."), "signing")


def slot_due(thing, role):
    """The key of the slot in which `role` (head or superior) signs now, or would sign first."""
    return slot_key(SIDES[role], thing.signer if thing.pen == role.value else 1)


@dataclass(frozen=True)
class HasAuthority:
    """A check of a signature: the actor may sign by an appointment of theirs on that day; else every reason why not."""

    role: As

    def __call__(self, thing, actor, at):
        agreement = agreement_of(thing)
        candidate = authority_to_sign(thing, slot_due(thing, self.role), at).of(actor)
        if candidate is None and self.role in standing_of(actor, agreement, at):
            none = _("You hold no post today that entitles you to sign this.")
            yield signs_later(thing, self.role, actor, at) or _not_entitled(none, agreement, self.role, at)
        elif candidate is None:
            return  # who has no part on that side is told so by the move's own guard
        elif not candidate.may:
            yield from (_not_entitled(sentence, agreement, self.role, at) for sentence in candidate.why)


def signs_later(thing, role, actor, at):
    """The refusal of who signs for that side, but not in the place that is due; None of others."""
    agreement = agreement_of(thing)
    due = slot_of(agreement, slot_due(thing, role))
    others = [slot for slot in slots_of_side(agreement, SIDES[role]) if slot != due]
    if not any(authority_to_sign(thing, slot.key, at).of(actor) for slot in others):
        return None
    first = _(" or ").join(post.title for post in due.posts)
    sentence = _("The signatories sign in order; it is the turn of %(post)s now.") % {"post": first}
    return _not_entitled(sentence, agreement, role, at)


def _not_entitled(sentence, agreement, role, at):
    return refused_for_role(sentence, agreement, role, at, rule=SIGNING_RULE)


def _why_no_longer(thing, role, actor, at):
    """Why an appointment of the actor to a signing post gives them nothing on that day; nothing if they have none."""
    candidate = authority_to_sign(thing, slot_due(thing, role), at).of(actor) if role in SIDES else None
    return candidate.why if candidate and not candidate.may else ()


def report_is_ready(agreement, actor, at):
    """The current report can be sent; the last one only while nothing of what it is scored by is being amended."""
    report = current_report(agreement, on=timezone.localdate(at))
    if report is None:
        return [Refusal(_("No reporting round is open for this agreement."))]
    under_way = _amendment_under_way(agreement) if report.round.is_final else ()
    return [*_closed_meanwhile(report, at), *report_is_complete(report), *under_way]


def is_being_entered(agreement, on):
    """Has the evaluator the report in hand, and is it still being written: is it entered from paper?"""
    report = current_report(agreement, on=on) if agreement.pen == Pen.EVALUATOR else None
    return report is not None and report.stage == Report.Stage.DRAFT


def report_was_sent(agreement, actor, at):
    """What is received or returned was sent; what is entered from paper wasn't yet."""
    if is_being_entered(agreement, timezone.localdate(at)):
        yield Refusal(_("This report is being entered from paper; it has not been sent yet."))


def is_taken_from_paper(agreement, actor, at):
    """An evaluator has the report, and enters it from paper."""
    if in_hand(agreement) is None:
        yield Refusal(_("No report of this agreement is being entered from paper now."))


def paper_is_of_this_round(agreement, actor, at):
    """What is sent is the report that was taken in; its round may have closed meanwhile."""
    entry = in_hand(agreement)
    if entry and entry.report != current_report(agreement, on=timezone.localdate(at)):
        entry.report.agreement = agreement
        yield closed_without(entry.report, at)


def _closed_meanwhile(report, at):
    """That the round before has closed, to who still had its report before their eyes: of this one nothing is written."""
    before = [each for each in reports_of(report.agreement) if each.round.position < report.round.position]
    if before and is_missed(before[-1], timezone.localdate(at)) and not report_card(report).reported:
        yield closed_without(before[-1], at)


def _amendment_under_way(agreement):
    busy = (Amendment.Stage.NEGOTIATION, Amendment.Stage.SIGNING)
    found = agreement.amendments.filter(stage__in=busy).first()
    if found:
        sentence = _("Amendment %(number)s is “%(stage)s”; the last report is sent once it has been ended.")
        yield Refusal(sentence % {"number": found.number, "stage": found.get_stage_display()}, "amendments")


def evaluation_is_ready(agreement, actor, at):
    """The evaluation of the final report can be proposed, and released."""
    return evaluation_is_complete(evaluation_of(agreement))


def appeal_is_ready(agreement, actor, at):
    """The appeal can be lodged."""
    return appeal_is_complete(appeal_of(agreement))


def appeal_is_lodged(agreement, actor, at):
    """There is an appeal that was lodged, and isn't withdrawn."""
    if not lodged(appeal_of(agreement)):
        yield Refusal(_("%(unit)s has lodged no appeal.") % {"unit": agreement.unit.short_name}, "appeal")


def decision_is_ready(agreement, actor, at):
    """What was appealed against is decided; without an appeal there is nothing to decide."""
    appeal = appeal_of(agreement)
    return decision_is_complete(appeal) if lodged(appeal) else []


def is_the_heads_turn(agreement, actor, at):
    """The head has neither accepted the scores nor appealed."""
    if agreement.pen != Pen.HEAD:
        yield Refusal(_("It is not the head's turn any more."))


@dataclass(frozen=True)
class OnlyTheSystem:
    """The guard of a move that nobody makes: it comes with the day. `role`, `pens`: those of no person."""

    role: None = None
    pens: tuple[Pen, ...] = ()

    def __call__(self, thing, actor, at):
        if actor is THE_SYSTEM:
            return None
        sentence = _("Nobody does this: it comes by itself once the days to appeal are over.")
        return refused_for_turn(sentence, thing, at, rule=STAGE_RULE)


def hash_of_final_scores(agreement):
    """The hash of what the agreement is closed with: as released, or as the panel has decided."""
    appeal = appeal_of(agreement)
    if lodged(appeal):
        return digest(canonical(final_scores(evaluation_of(agreement), appeal)))
    return released_scores(agreement).sha256


def hash_of_scores(agreement):
    """The hash of the final scores as they stand: what the superior releases."""
    return digest(canonical(final_scores(evaluation_of(agreement))))
