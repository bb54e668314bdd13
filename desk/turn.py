"""Whose turn it is, and what there is to do, in one phrase: for the banner of an agreement and the lists of work."""

from dataclasses import dataclass

from django.db.models import Case, Count, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.stages import Pen, Stage
from desk.anchors import address
from desk.returned import return_facts, returned
from results.models import PaperEntry
from results.round_state import RoundState, state_of
from results.rules import current_report
from thai.dates import thai_date
from workflow.due import due_on
from workflow.models import Offer, Reminder, Side, SigningRefusal
from workflow.rules import agreement_of, is_being_entered, unit_of

REASON_SHOWN = 160  # characters: a glance


@dataclass(frozen=True)
class Turn:
    """The step an agreement is at. `task`: what the holder of the pen is to do, as a phrase; `url`: where.

    `note`: what to know of it: that a signatory refused to sign, and why; who enters the report from paper; "" if nothing.
    `returned`: who returned the work to the holder of the pen, and why; for that hand alone; "" where nobody did.
    """

    task: str
    url: str
    holder: str
    since: object
    due: object
    late: bool
    note: str = ""
    report: RoundState | None = None  # of the report that is being written
    returned: str = ""
    reminded: str = ""  # by whom, and when last; "" if by nobody


def turn_facts():
    """What `turn_of` reads of an agreement besides its columns, to be annotated by the query that fetches it.

    How many offers of each side nobody has answered; who refused last to sign, and why, while it is formal again; who
    returned the work, and why; who enters the report from paper.
    """
    offers = {f"open_offers_{side}": _open_offers(side) for side in Side.values}
    reminded = {"reminded_by": _last_reminder("reminding__by_name"), "reminded_at": _last_reminder("reminding__at")}
    refusal = {"refused_by": _last_refusal("name"), "refused_why": _last_refusal("reason")}
    return offers | reminded | refusal | return_facts() | {"entered_by": _enters_from_paper()}


def _enters_from_paper():
    """Who took the unit's report in from paper, while an evaluator has it; "" otherwise."""
    rows = PaperEntry.objects.filter(report__agreement=OuterRef("pk"), ended_at=None).order_by("-pk").values("begun_by")
    in_hand = When(stage=Stage.ASSESSMENT, pen=Pen.EVALUATOR, then=Coalesce(Subquery(rows[:1]), Value("")))
    return Case(in_hand, default=Value(""), output_field=TextField())


def _open_offers(side):
    """As a subquery: a join would count them once for each other row."""
    rows = Offer.objects.filter(line__agreement=OuterRef("pk"), state=Offer.State.OPEN, side=side)
    return Coalesce(Subquery(rows.order_by().values("line__agreement").annotate(count=Count("pk")).values("count")), 0)


def _last_reminder(column):
    """Of those by which somebody reminded the hand that it lies in now."""
    rows = Reminder.objects.filter(agreement=OuterRef("pk"), pen_since=OuterRef("pen_since"))
    return Subquery(rows.order_by("-day").values(column)[:1])


def _last_refusal(column):
    rows = SigningRefusal.objects.filter(snapshot__agreement=OuterRef("pk")).order_by("-pk").values(column)
    when_formal = When(stage=Stage.FORMAL, then=Subquery(rows[:1]))
    return Case(when_formal, default=Value(""), output_field=TextField())


def turn_of(agreement, *, on):
    """The turn at an agreement that was fetched with `turn_facts`, or None once it is closed."""
    if agreement.stage == Stage.CLOSED:
        return None
    offers = {side: getattr(agreement, f"open_offers_{side}") for side in Side.values}
    task, where = TASKS[agreement.stage, agreement.pen](agreement, offers, on)
    due = due_on(agreement, on=on)
    late = bool(due and due < on)
    note = refused(agreement.refused_by, agreement.refused_why) or entered(agreement.entered_by)
    sent_back = "" if note else returned(agreement)
    about = (due, late, note, _being_written(agreement, on), sent_back, _reminded(agreement))
    return Turn(task, address(agreement, where), holder(agreement), agreement.pen_since, *about)


def _reminded(agreement):
    if not agreement.reminded_by:
        return ""
    said = {"who": agreement.reminded_by, "day": thai_date(agreement.reminded_at, "medium")}
    return _("%(who)s reminded on %(day)s that this is late") % said


def _being_written(agreement, on):
    report = current_report(agreement, on=on) if agreement.stage == Stage.ASSESSMENT else None
    state = state_of(report, on) if report else None
    return state if state and state.is_written else None


def holder(thing):
    """Who holds the pen of an agreement, or of an amendment, in words: สตม. (ผู้เจรจา)."""
    names = {"unit": unit_of(agreement_of(thing), thing.pen).short_name, "who": thing.get_pen_display()}
    return _("%(unit)s (%(who)s)") % names


def refused(name, reason):
    """That a signatory refused, in a sentence; the whole reason stands on the page of signing."""
    if not name:
        return ""
    short = Truncator(reason).chars(REASON_SHOWN)
    return _("%(who)s refused to sign: “%(reason)s”") % {"who": name, "reason": short}


def entered(name):
    """That an evaluator enters the report from paper, and what the unit can do about it, in a sentence."""
    if not name:
        return ""
    return _("%(who)s has taken the report in from paper; the unit's staff can take it back.") % {"who": name}


def _draft(agreement, offers, on):
    return _("Write the plan and the indicators"), "lines"


def _check_draft(agreement, offers, on):
    return _("Check and submit to %(unit)s") % {"unit": agreement.counterpart.short_name}, "lines"


def _respond(agreement, offers, on):
    waiting = offers[Side.COUNTERPART]
    if not waiting:
        return _("Finish the answers to %(unit)s") % {"unit": agreement.counterpart.short_name}, "negotiation"
    phrase = ngettext("Answer %(count)s offer of %(unit)s", "Answer %(count)s offers of %(unit)s", waiting)
    return phrase % {"count": waiting, "unit": agreement.counterpart.short_name}, "negotiation"


def _check_answers(agreement, offers, on):
    return _("Check and send the answers to %(unit)s") % {"unit": agreement.counterpart.short_name}, "negotiation"


def _consider(agreement, offers, on):
    waiting = offers[Side.OWNER]
    if not waiting:
        return _("Consider the draft of %(unit)s") % {"unit": agreement.unit.short_name}, "negotiation"
    phrase = ngettext("Answer %(count)s offer of %(unit)s", "Answer %(count)s offers of %(unit)s", waiting)
    return phrase % {"count": waiting, "unit": agreement.unit.short_name}, "negotiation"


def _record(agreement, offers, on):
    return _("Record the formal negotiation with %(unit)s") % {"unit": agreement.unit.short_name}, "negotiation"


def _confirm(agreement, offers, on):
    return _("Confirm what was agreed with %(unit)s") % {"unit": agreement.counterpart.short_name}, "negotiation"


def _sign(agreement, offers, on):
    return _("Sign the agreement"), "signing"


def _about_report(phrase):
    def task(agreement, offers, on):
        report = current_report(agreement, on=on)
        return phrase() % {"round": report.round.name}, f"report/{report.round.position}"

    return task


def _receive_or_enter(agreement, offers, on):
    enter, receive = _("Enter the report from paper: %(round)s"), _("Receive the report: %(round)s")
    return _about_report(lambda: enter if is_being_entered(agreement, on) else receive)(agreement, offers, on)


def _evaluate(agreement, offers, on):
    return _("Evaluate %(unit)s") % {"unit": agreement.unit.short_name}, "evaluation"


def _release(agreement, offers, on):
    return _("Consider the scores and release them"), "evaluation"


def _accept_or_appeal(agreement, offers, on):
    return _("Read the released scores; accept them, or appeal"), "appeal"


def _decide(agreement, offers, on):
    return _("Decide the appeal of %(unit)s") % {"unit": agreement.unit.short_name}, "appeal"


def _close(agreement, offers, on):
    return _("Close the evaluation of %(unit)s") % {"unit": agreement.unit.short_name}, "appeal"


TASKS = {
    (Stage.DRAFT, Pen.STAFF): _draft,
    (Stage.DRAFT, Pen.OFFICE): _check_draft,
    (Stage.INFORMAL, Pen.STAFF): _respond,
    (Stage.INFORMAL, Pen.OFFICE): _check_answers,
    (Stage.INFORMAL, Pen.NEGOTIATOR): _consider,
    (Stage.FORMAL, Pen.NEGOTIATOR): _record,
    (Stage.FORMAL, Pen.OFFICE): _confirm,
    (Stage.SIGNING, Pen.HEAD): _sign,
    (Stage.SIGNING, Pen.SUPERIOR): _sign,
    (Stage.ASSESSMENT, Pen.STAFF): _about_report(lambda: _("Write the report: %(round)s")),
    (Stage.ASSESSMENT, Pen.OFFICE): _about_report(lambda: _("Check and send the report: %(round)s")),
    (Stage.ASSESSMENT, Pen.EVALUATOR): _receive_or_enter,
    (Stage.ASSESSMENT, Pen.HEAD): _about_report(lambda: _("Certify the report: %(round)s")),
    (Stage.EVALUATION, Pen.EVALUATOR): _evaluate,
    (Stage.EVALUATION, Pen.SUPERIOR): _release,
    (Stage.APPEAL, Pen.HEAD): _accept_or_appeal,
    (Stage.APPEAL, Pen.EVALUATOR): _decide,
    (Stage.APPEAL, Pen.SUPERIOR): _close,
}
