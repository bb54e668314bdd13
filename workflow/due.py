"""Until when the step that an agreement is at should be done: the deadlines of its year and its reporting rounds."""

from datetime import UTC, date
from types import SimpleNamespace

from django.db.models import Case, DateField, F, JSONField, OuterRef, Q, Subquery, When
from django.db.models.functions import JSONObject
from django.db.models.lookups import LessThan
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from agreements.stages import Pen, Stage
from fiscal.models import EVERY_LEVEL, Deadline, DeadlineKey
from results.appeal_rules import until_of
from results.models import Evaluation, Report
from results.round_state import day_closes as day_report_closes
from results.round_state import day_due as day_report_due
from results.round_state import missed_on, state_of
from results.rules import UNFINISHED, current_report

DEADLINE_OF = {
    Stage.DRAFT: DeadlineKey.SUBMISSION,
    Stage.INFORMAL: DeadlineKey.INFORMAL,
    Stage.FORMAL: DeadlineKey.FORMAL,
    Stage.SIGNING: DeadlineKey.SIGNING,
    Stage.EVALUATION: DeadlineKey.EVALUATION,
}
# Of what `report_facts` holds, that which is a day.
DAYS_OF_A_REPORT = ("given_until", "due_on", "closes_on", "opens_on")


def due_on(agreement, *, on):
    """The last day of the agreement's present step, seen on a day, or None: nothing is due, or no day was set.

    For lists: prefetch `fiscal_year__deadlines` and `reports__round`.
    """
    if agreement.stage == Stage.APPEAL:
        return until_of(agreement) if agreement.pen == Pen.HEAD else None
    if agreement.stage == Stage.ASSESSMENT:
        report = current_report(agreement, on=on)
        return report.due_on if report else None
    return due_of_stage(agreement, agreement.stage)


def due_of_stage(agreement, stage):
    """The last day of a stage by the deadlines of its year and level, or None; self-assessment has one in each round."""
    key = DEADLINE_OF.get(stage)
    return agreement.fiscal_year.due(key, agreement.unit.tier) if key else None


def day_due(on):
    """The same day as an expression on agreements, for lists of many: a date, or NULL."""
    by_deadline = (When(stage=stage, then=Subquery(_deadline(key))) for stage, key in DEADLINE_OF.items())
    of_report = When(stage=Stage.ASSESSMENT, then=Subquery(_report(on, day_report_due())))
    to_appeal = When(stage=Stage.APPEAL, pen=Pen.HEAD, then=Subquery(_appeal_until()))
    return Case(*by_deadline, of_report, to_appeal, output_field=DateField())


def day_closes(on):
    """The day after which the report that the unit is at isn't taken as handed in any more: a date, or NULL."""
    of_report = When(stage=Stage.ASSESSMENT, then=Subquery(_report(on, day_report_closes())))
    return Case(of_report, output_field=DateField())


def report_facts(on):
    """What `state_of_facts` reads of the report that an agreement is at, as an expression on agreements; or NULL."""
    facts = {
        "stage": F("stage"),
        "sent_at": F("sent_at"),
        "stage_since": F("stage_since"),
        "given_until": F("given_until"),
        "due_on": day_report_due(),
        "closes_on": day_report_closes(),
        "opens_on": F("round__opens_on"),
        "is_final": F("round__is_final"),
    }
    of_report = When(stage=Stage.ASSESSMENT, then=Subquery(_report(on, JSONObject(**facts))))
    return Case(of_report, output_field=JSONField())


def state_of_facts(facts, on):
    """The RoundState of the report that `report_facts` tells of; None of an agreement that isn't reporting."""
    if facts is None:
        return None
    days = {name: facts[name] and date.fromisoformat(facts[name]) for name in DAYS_OF_A_REPORT}
    since = facts["stage_since"] and parse_datetime(facts["stage_since"])
    if since and timezone.is_naive(since):  # as SQLite has it
        since = since.replace(tzinfo=UTC)
    round = SimpleNamespace(opens_on=days.pop("opens_on"), is_final=bool(facts["is_final"]))
    return state_of(
        SimpleNamespace(stage=facts["stage"], sent_at=facts["sent_at"], stage_since=since, round=round, **days), on
    )


def overdue(on):
    """A condition on agreements: those whose present step was due before the day `on`."""
    return Q(LessThan(day_due(on), on))


def _deadline(key):
    """The level's own where it has one, else that of every level."""
    levels = Q(tier=EVERY_LEVEL) | Q(tier=OuterRef("unit__tier"))
    rows = Deadline.objects.filter(levels, fiscal_year=OuterRef("fiscal_year"), key=key)
    return rows.order_by("-tier").values("due")[:1]


def _report(on, day):
    """A day of the report that results.rules.current_report finds, of an agreement that is reporting."""
    unfinished = Report.objects.filter(agreement=OuterRef("pk"), stage__in=UNFINISHED).exclude(missed_on(on))
    waits = Case(When(stage=Report.Stage.SENT, then=0), default=1)
    return unfinished.order_by(waits, "round__position").values(day_of_it=day)[:1]


def _appeal_until():
    return Evaluation.objects.filter(report__agreement=OuterRef("pk")).values("appeal_until")[:1]
