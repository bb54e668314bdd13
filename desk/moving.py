"""The page of one move: what it does, why it can't be made now, what it asks for; and making it."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from acts.engine import checks_missing, move, refusals
from agreements.library import version_advice
from agreements.stages import WRITTEN_IN, Stage
from desk.anchors import addressed
from desk.forms.from_paper import FromPaperForm
from desk.report_page import report_url
from results.appeal_rules import appeal_of, lodged
from results.rules import current_report, evaluation_of
from results.scores import decided_card, evaluation_card, report_card
from workflow.forms import MoveForm, ReasonForm, SignForm
from workflow.lifecycle import TABLE

# What making the move does, told before it is made. %(unit)s: the owner; %(counterpart)s: who negotiates and evaluates.
WHAT_HAPPENS = {
    "hand_to_office": _(
        "The head's office of %(unit)s takes over: it checks the work, sends it on, or returns it to you."
    ),
    "return_to_staff": _("The planning staff of %(unit)s can write again, and read your reason."),
    "submit": _(
        "The draft is frozen as it stands and goes to %(counterpart)s, where it can be read from now on. "
        "The informal negotiation begins; you can't change the text until it comes back to you."
    ),
    "send_back": _(
        "The agreement becomes a draft of %(unit)s again; open offers are withdrawn, and you can't read the text "
        "until it is submitted anew."
    ),
    "hand_back": _("%(unit)s takes over: its staff read your offers and comments, answer them, and change the text."),
    "answer": _(
        "The text is frozen as it stands and goes back to %(counterpart)s with your answers; a new round begins."
    ),
    "close_informal": _(
        "The informal negotiation ends. Plan and indicators are frozen together, and the formal negotiation begins."
    ),
    "record_formal": _("The minutes go to the head's office of %(unit)s, which confirms or disputes them."),
    "dispute_formal": _("The minutes go back to %(counterpart)s with your reason, to be corrected."),
    "confirm_formal": _(
        "What was agreed becomes the text of the agreement. It is frozen, and goes to the head of %(unit)s to be signed."
    ),
    "reopen_informal": _(
        "The informal negotiation opens again, and %(unit)s can change the text; open offers are withdrawn."
    ),
    "send_report": _("The report goes on to be received; its figures can't change unless it is returned to you."),
    "take_from_paper": _(
        "The report goes into your hand: you write in it what stands in the unit's document, and send it for %(unit)s. "
        "Every page and paper of the report says so from now on, and the unit's staff are told. They can take it back "
        "at any time until it is sent; its head certifies the final report."
    ),
    "send_from_paper": _(
        "The report goes on as if %(unit)s had sent it, and says that it was entered from paper; "
        "its figures can't change unless it is returned."
    ),
    "give_back_paper": _(
        "The report goes back to the staff of %(unit)s as it stands now. That it was taken in stays on record."
    ),
    "take_back_report": _(
        "The report comes back to the staff of %(unit)s as it stands now, with what the evaluator has entered. "
        "That it was taken in stays on record."
    ),
    "accept_report": _("The report of this round is received, and %(unit)s goes on to the next one."),
    "return_report": _("The report goes back to the staff of %(unit)s, who can change it and read your reason."),
    "return_certification": _("The report goes back to the staff of %(unit)s, who can change it and read your reason."),
    "certify": _("You confirm the final report of %(unit)s as its head. It goes to %(counterpart)s to be evaluated."),
    "propose": _("The scores go to the superior, who releases them or returns them to you."),
    "return_scores": _("The scores go back to the evaluator, who can change them and read your reason."),
    "release": _(
        "The scores are frozen and shown to %(unit)s, which can appeal for some days. What is released stays on record."
    ),
    "accept_scores": _(
        "You accept the scores of %(unit)s as its head, and the agreement is closed. This can't be undone."
    ),
    "lodge_appeal": _(
        "The objections of %(unit)s go to %(counterpart)s, where a panel decides them. You can withdraw the appeal "
        "until it is decided."
    ),
    "withdraw_appeal": _(
        "The appeal of %(unit)s is withdrawn; what was written in it stays. The scores stand as released, unless "
        "you appeal again within the days."
    ),
    "decide_appeal": _(
        "The panel's decision goes to the superior, who closes the agreement by it, or returns it to you."
    ),
    "return_decision": _("The panel's decision goes back to the evaluator, who can change it and read your reason."),
    "close": _("The scores are final, and the agreement of %(unit)s is closed. This can't be undone."),
    "end_appeal_days": _("The days in which %(unit)s could appeal are over; the superior can close the agreement."),
}


def consequence(agreement, name):
    """What the move does, as a sentence."""
    return WHAT_HAPPENS[name] % {
        "unit": agreement.unit.short_name,
        "counterpart": agreement.counterpart.short_name,
    }


def why_not(agreement, name, *, actor, at):
    """The refusals of the move, with the addresses where they are mended."""
    return addressed(agreement, refusals(TABLE, agreement, name, actor=actor, at=at))


# What the head's office does with work that its staff hands over: handing over is free, but the staff is told what is missing.
NEXT_IN_THE_OFFICE = {Stage.DRAFT: "submit", Stage.INFORMAL: "answer", Stage.ASSESSMENT: "send_report"}


def missing_next(agreement, name, *, actor, at):
    """What the move after handing over to the head's office would still be refused for, with addresses; [] for other moves."""
    if name != "hand_to_office":
        return []
    following = NEXT_IN_THE_OFFICE[agreement.stage]
    return addressed(agreement, checks_missing(TABLE, agreement, following, actor=actor, at=at))


def version_advice_before(agreement, name, *, at):
    """What of the library's changed sheets is told before the text goes on, with addresses; [] for other moves."""
    if name not in ("hand_to_office", *NEXT_IN_THE_OFFICE.values()) or agreement.stage not in WRITTEN_IN:
        return []
    return addressed(agreement, version_advice(agreement, timezone.localdate(at)))


def form_of(request, agreement, step, *, data=None):
    """The form that the move asks for: a password, a reason, or nothing but a confirmation; bound to `data` if given."""
    initial = {"version": agreement.version}
    if step.step_up:
        return SignForm(request, data, initial=initial | {"sha256": step.bound_to(agreement)})
    if step.name == "take_from_paper":
        return FromPaperForm(data, initial=initial)
    return (ReasonForm if step.asks_reason else MoveForm)(data, initial=initial)


def scores_to_release(agreement):
    """The scores that the superior releases, or closes with once an appeal is decided; both sides' beside each other."""
    appeal, evaluation = appeal_of(agreement), evaluation_of(agreement)
    return decided_card(evaluation, appeal) if lodged(appeal) else evaluation_card(evaluation)


def report_to_certify(agreement, *, at):
    """The final report that the head certifies: its name, its address, its scores."""
    report = current_report(agreement, on=timezone.localdate(at))
    return {"name": report.round.name, "url": report_url(report), "card": report_card(report)}


def make(agreement, step, form, *, actor, at):
    """Make the move that a valid form confirms."""
    given = {name: form.cleaned_data[name] for name in ("version", "idempotency")}
    given["reason"] = form.cleaned_data.get("reason", "")
    if step.name == "take_from_paper":
        given["paper"] = form.paper
    if step.step_up:
        given["step_up"] = form.step_up(at=at, bound_to=form.cleaned_data["sha256"])
    return move(TABLE, agreement, step.name, actor=actor, at=at, **given)
