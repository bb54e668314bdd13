"""Whose turn it is, and what there is to do, in one phrase: for the banner of an agreement and the lists of work."""

from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acts.reading import once
from agreements.stages import Pen, Stage
from desk.anchors import address
from results.rules import current_report
from workflow.due import due_on
from workflow.models import Side
from workflow.rules import offers_made, unit_of
from workflow.signing import refusals_of

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


def turn_of(agreement, *, on, offers=None, refusal=None):
    """The turn at an agreement, or None once it is closed. `offers`: as of `open_offers`; `refusal`: of `last_refusal`."""
    if agreement.stage == Stage.CLOSED:
        return None
    if offers is None:
        offers = open_offers(agreement) if agreement.stage in (Stage.INFORMAL, Stage.FORMAL) else {}
    task, where = TASKS[agreement.stage, agreement.pen](agreement, offers)
    due = due_on(agreement)
    late = bool(due and due < on)
    note = refused(*(last_refusal(agreement) if refusal is None else refusal))
    return Turn(task, address(agreement, where), holder(agreement), agreement.pen_since, due, late, note)


def holder(agreement):
    """Who holds the pen, in words: สตม. (ผู้เจรจา)."""
    names = {"unit": unit_of(agreement, agreement.pen).short_name, "who": agreement.get_pen_display()}
    return _("%(unit)s (%(who)s)") % names


def open_offers(agreement):
    """{side: number of its offers that nobody has answered}."""
    sides = [offer.side for offer in offers_made(agreement) if offer.is_open]
    return {side: sides.count(side) for side in Side.values}


def last_refusal(agreement):
    """(who refused to sign, why) of the refusal that brought the agreement back to the formal round; else two blanks."""
    if agreement.stage != Stage.FORMAL:
        return "", ""
    said = refusals_of(agreement).values_list("name", "reason")
    return once(agreement, "last refusal", said.first) or ("", "")


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
