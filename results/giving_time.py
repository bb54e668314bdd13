"""Giving one unit time for the report of one round (ผ่อนผัน), and ending it early: acts of the planning office.

While it holds, a report whose round has closed can be written and sent, and isn't late; see results.round_state.
"""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from acts.engine import Conflict, Refusal, Refused
from acts.log import acting
from agreements.duties import NOT_ONES_OWN_RULE, STAGE_RULE, role_rule
from agreements.models import Agreement
from agreements.stages import Stage
from agreements.standing import As, line_up, standing_of
from fiscal.years import LEEWAY
from orgunits.reach import reach_of
from orgunits.roles import Role
from results.models import Report, TimeGiven
from results.rules import planners_of, reports_of
from thai.dates import thai_date

ACTS_FOR_THE_UNIT = frozenset((As.STAFF, As.OFFICE, As.HEAD))


def may_give_time(agreement, actor, at):
    """Refusal unless `actor` is of the planning office of the unit, or of one above it, and doesn't act for the unit."""
    above = {unit.pk for unit in line_up(agreement)[0]}
    if not reach_of(actor, at).units(Role.PLANNER) & above:
        sentence = _("Only the planning office of %(unit)s, or of a unit above it, can give time for its reports.")
        return _refused(sentence, agreement, at, role_rule(Role.PLANNER))
    if standing_of(actor, agreement, at).roles & ACTS_FOR_THE_UNIT:
        sentence = _("You act for %(unit)s yourself, so another planning office must give it time.")
        return _refused(sentence, agreement, at, NOT_ONES_OWN_RULE)
    return None


def _refused(sentence, agreement, at, rule):
    return Refusal(sentence % {"unit": agreement.unit.short_name}, rule=rule, help=planners_of(agreement, at))


def not_to_be_given(report, at):
    """Why no time can be given for this report now; None while it can."""
    if report.agreement.stage != Stage.ASSESSMENT:
        sentence = _("The reports of this agreement are finished, so no time can be given for one.")
    elif report.stage != Report.Stage.DRAFT or report.sent_at:
        sentence = _("This report has been sent, so no time needs to be given for it.")
    elif latest(report) < timezone.localdate(at):
        sentence = _("The report of the next round is due, and would wait for this one: no time can be given any more.")
    else:
        return None
    return Refusal(sentence, rule=STAGE_RULE)


def latest(report):
    """The last day that can be given: the next report waits for this one, and must still be sent in its own time."""
    after = [each for each in reports_of(report.agreement) if each.round.position > report.round.position]
    if after:
        return after[0].closes_on - timedelta(days=1)
    return report.agreement.fiscal_year.ends_on + LEEWAY


def until_problems(report, until, at):
    """What forbids this day; empty when time may be given until then."""
    if until <= report.round.closes_on:
        sentence = _("The round is open until %(day)s anyway. Please give a later day.")
        return [_wrong(sentence, report.round.closes_on)]
    if until < timezone.localdate(at):
        return [Refusal(_("This day is over. Please give today, or a later day."), "#id_until")]
    if until > latest(report):
        sentence = _("The report of the next round waits for this one; the last day that can be given is %(day)s.")
        return [_wrong(sentence, latest(report))]
    return []


def _wrong(sentence, day):
    return Refusal(sentence % {"day": thai_date(day, "medium")}, "#id_until")


def standing_time(report):
    """The TimeGiven that stands for a report, be its day over or not; None."""
    return report.time_given.filter(ended_at=None).first()


def give_time(report, *, until, reason, order_number="", actor, at, idempotency=""):
    """Let the unit send this report until a day; what was given before ends with it. Returns the TimeGiven.

    Raises Refused.
    """
    with acting(actor, at=at, idempotency=idempotency) as record:
        held = _held(report, actor, at)
        barred = not_to_be_given(held, at)
        if barred:
            raise Refused([barred])
        problems = until_problems(held, until, at)
        if not reason.strip():
            problems.append(Refusal(_("Please give the reason why the unit gets time."), "#id_reason"))
        if problems:
            raise Refused(problems, incomplete=True)
        _end(held, actor, at)
        said = {"until": until, "reason": reason.strip(), "order_number": order_number}
        given = TimeGiven.objects.create(report=held, given_by=str(actor), given_at=at, **said)
        change = {"until": [_iso(held.given_until), _iso(until)], "line": held.round.name, "order": order_number}
        _until(held, until)
        record("give_time", held.agreement, change=change, text=given.reason)
    return given


def end_time(given, *, actor, at, idempotency=""):
    """End it before its day. Raises Refused, or Conflict where it has ended already or the report was sent by it."""
    with acting(actor, at=at, idempotency=idempotency) as record:
        held = _held(given.report, actor, at)
        if held.sent_at:
            raise Conflict(_("The report has been sent meanwhile. The time that was given stays as it was used."))
        if not _end(held, actor, at, pk=given.pk):
            raise Conflict(_("This time has been ended already. Nothing was changed."))
        change = {"until": [_iso(given.until), None]}
        _until(held, None)
        record("end_time", held.agreement, change=change, text=held.round.name)


def _held(report, actor, at):
    """The report as it stands, its agreement's row held; refused to who may not give time.

    The agreement's version goes on: a page that was open before shows another round than what would be sent now.
    """
    agreement = Agreement.objects.select_for_update().get(pk=report.agreement_id)
    refusal = may_give_time(agreement, actor, at)
    if refusal:
        raise Refused([refusal])
    Agreement.objects.filter(pk=agreement.pk).update(version=F("version") + 1)
    held = Report.objects.select_related("round").get(pk=report.pk)
    held.agreement = agreement
    return held


def _end(report, actor, at, **which):
    """End what stands for a report; returns how many did."""
    rows = TimeGiven.objects.filter(report=report, ended_at=None, **which)
    return rows.update(ended_at=at, ended_by=str(actor))


def _until(report, until):
    Report.objects.filter(pk=report.pk).update(given_until=until)


def _iso(day):
    return day.isoformat() if day else None
