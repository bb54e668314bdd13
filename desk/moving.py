"""The page of one move: what it does, why it can't be made now, what it asks for; and making it."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from acts.engine import checks_missing, move, refusals
from agreements.library import version_advice
from agreements.stages import WRITTEN_IN, Stage
from desk.anchors import addressed
from desk.report_page import report_url
from results.rules import current_report, evaluation_of
from results.scores import evaluation_card, report_card
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
    "accept_report": _("The report of this round is received, and %(unit)s goes on to the next one."),
    "return_report": _("The report goes back to the staff of %(unit)s, who can change it and read your reason."),
    "return_certification": _("The report goes back to the staff of %(unit)s, who can change it and read your reason."),
    "certify": _("You confirm the final report of %(unit)s as its head. It goes to %(counterpart)s to be evaluated."),
    "propose": _("The scores go to the superior, who releases them or returns them to you."),
    "return_scores": _("The scores go back to the evaluator, who can change them and read your reason."),
    "close": _("The scores are frozen and shown to %(unit)s, and the agreement is closed. This can't be undone."),
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
    return (ReasonForm if step.asks_reason else MoveForm)(data, initial=initial)


def scores_to_release(agreement):
    """The scores that closing releases, both sides' beside each other."""
    return evaluation_card(evaluation_of(agreement))


def report_to_certify(agreement):
    """The final report that the head certifies: its name, its address, its scores."""
    report = current_report(agreement)
    return {"name": report.round.name, "url": report_url(report), "card": report_card(report)}


def make(agreement, step, form, *, actor, at):
    """Make the move that a valid form confirms."""
    given = {name: form.cleaned_data[name] for name in ("version", "idempotency")}
    given["reason"] = form.cleaned_data.get("reason", "")
    if step.step_up:
        given["step_up"] = form.step_up(at=at, bound_to=form.cleaned_data["sha256"])
    return move(TABLE, agreement, step.name, actor=actor, at=at, **given)
