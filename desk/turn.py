"""Whose turn it is, and what there is to do, in one phrase: for the banner of an agreement and the lists of work."""

from dataclasses import dataclass

from django.db.models import Case, Count, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.stages import Pen, Stage
from desk.anchors import address
from results.rules import current_report
from workflow.due import due_on
from workflow.models import Offer, Side, SigningRefusal
from workflow.rules import agreement_of, unit_of

REASON_SHOWN = 160  # characters: a glance


@dataclass(frozen=True)
class Turn:
    """The step an agreement is at. `task`: what the holder of the pen is to do, as a phrase; `url`: where.

    `note`: what to know of it: that a signatory refused to sign, and why; "" if there is nothing.
    """

    task: str
    url: str
    holder: str
    since: object
    due: object
    late: bool
    note: str = ""


def turn_facts():
    """What `turn_of` reads of an agreement besides its columns, to be annotated by the query that fetches it.

    How many offers of each side nobody has answered; who refused last to sign, and why, while it is formal again.
    """
    offers = {f"open_offers_{side}": _open_offers(side) for side in Side.values}
    return offers | {"refused_by": _last_refusal("name"), "refused_why": _last_refusal("reason")}


def _open_offers(side):
    """As a subquery: a join would count them once for each other row."""
    rows = Offer.objects.filter(line__agreement=OuterRef("pk"), state=Offer.State.OPEN, side=side)
    return Coalesce(Subquery(rows.order_by().values("line__agreement").annotate(count=Count("pk")).values("count")), 0)


def _last_refusal(column):
    rows = SigningRefusal.objects.filter(snapshot__agreement=OuterRef("pk")).order_by("-pk").values(column)
    when_formal = When(stage=Stage.FORMAL, then=Subquery(rows[:1]))
    return Case(when_formal, default=Value(""), output_field=TextField())


def turn_of(agreement, *, on):
    """The turn at an agreement that was fetched with `turn_facts`, or None once it is closed."""
    if agreement.stage == Stage.CLOSED:
        return None
    offers = {side: getattr(agreement, f"open_offers_{side}") for side in Side.values}
    task, where = TASKS[agreement.stage, agreement.pen](agreement, offers)
    due = due_on(agreement)
    late = bool(due and due < on)
    note = refused(agreement.refused_by, agreement.refused_why)
    return Turn(task, address(agreement, where), holder(agreement), agreement.pen_since, due, late, note)


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


def _draft(agreement, offers):
    return _("Write the plan and the indicators"), "lines"


def _check_draft(agreement, offers):
    return _("Check and submit to %(unit)s") % {"unit": agreement.counterpart.short_name}, "lines"


def _respond(agreement, offers):
    waiting = offers[Side.COUNTERPART]
    if not waiting:
        return _("Finish the answers to %(unit)s") % {"unit": agreement.counterpart.short_name}, "negotiation"
    phrase = ngettext("Answer %(count)s offer of %(unit)s", "Answer %(count)s offers of %(unit)s", waiting)
    return phrase % {"count": waiting, "unit": agreement.counterpart.short_name}, "negotiation"


def _check_answers(agreement, offers):
    return _("Check and send the answers to %(unit)s") % {"unit": agreement.counterpart.short_name}, "negotiation"


def _consider(agreement, offers):
    waiting = offers[Side.OWNER]
    if not waiting:
        return _("Consider the draft of %(unit)s") % {"unit": agreement.unit.short_name}, "negotiation"
    phrase = ngettext("Answer %(count)s offer of %(unit)s", "Answer %(count)s offers of %(unit)s", waiting)
    return phrase % {"count": waiting, "unit": agreement.unit.short_name}, "negotiation"


def _record(agreement, offers):
    return _("Record the formal negotiation with %(unit)s") % {"unit": agreement.unit.short_name}, "negotiation"


def _confirm(agreement, offers):
    return _("Confirm what was agreed with %(unit)s") % {"unit": agreement.counterpart.short_name}, "negotiation"


def _sign(agreement, offers):
    return _("Sign the agreement"), "signing"


def _about_report(phrase):
    def task(agreement, offers):
        report = current_report(agreement)
        return phrase() % {"round": report.round.name}, f"report/{report.round.position}"

    return task


def _evaluate(agreement, offers):
    return _("Evaluate %(unit)s") % {"unit": agreement.unit.short_name}, "evaluation"


def _release(agreement, offers):
    return _("Consider the scores and release them"), "evaluation"


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
    (Stage.ASSESSMENT, Pen.EVALUATOR): _about_report(lambda: _("Receive the report: %(round)s")),
    (Stage.ASSESSMENT, Pen.HEAD): _about_report(lambda: _("Certify the report: %(round)s")),
    (Stage.EVALUATION, Pen.EVALUATOR): _evaluate,
    (Stage.EVALUATION, Pen.SUPERIOR): _release,
}
