"""Until when the step that an agreement is at should be done: the deadlines of its year and its reporting rounds."""

from django.db.models import Case, DateField, OuterRef, Q, Subquery, When
from django.db.models.lookups import LessThan

from agreements.stages import Stage
from fiscal.models import EVERY_LEVEL, Deadline, DeadlineKey
from results.models import Report
from results.rules import UNFINISHED, current_report

DEADLINE_OF = {
    Stage.DRAFT: DeadlineKey.SUBMISSION,
    Stage.INFORMAL: DeadlineKey.INFORMAL,
    Stage.FORMAL: DeadlineKey.FORMAL,
    Stage.SIGNING: DeadlineKey.SIGNING,
    Stage.EVALUATION: DeadlineKey.EVALUATION,
}


def due_on(agreement):
    """The last day of the agreement's present step, or None: nothing is due, or no day was set.

    For lists: prefetch `fiscal_year__deadlines` and `reports__round`.
    """
    if agreement.stage == Stage.ASSESSMENT:
        report = current_report(agreement)
        return report.round.due_on if report else None
    return due_of_stage(agreement, agreement.stage)


def due_of_stage(agreement, stage):
    """The last day of a stage by the deadlines of its year and level, or None; self-assessment has one in each round."""
    key = DEADLINE_OF.get(stage)
    return agreement.fiscal_year.due(key, agreement.unit.tier) if key else None


def day_due():
    """The same day as an expression on agreements, for lists of many: a date, or NULL."""
    by_deadline = (When(stage=stage, then=Subquery(_deadline(key))) for stage, key in DEADLINE_OF.items())
    return Case(*by_deadline, When(stage=Stage.ASSESSMENT, then=Subquery(_round())), output_field=DateField())


def overdue(on):
    """A condition on agreements: those whose present step was due before the day `on`."""
    return Q(LessThan(day_due(), on))


def _deadline(key):
    """The level's own where it has one, else that of every level."""
    levels = Q(tier=EVERY_LEVEL) | Q(tier=OuterRef("unit__tier"))
    rows = Deadline.objects.filter(levels, fiscal_year=OuterRef("fiscal_year"), key=key)
    return rows.order_by("-tier").values("due")[:1]


def _round():
    """The first unfinished report's round; rounds are due in their order."""
    unfinished = Report.objects.filter(agreement=OuterRef("pk"), stage__in=UNFINISHED)
    return unfinished.order_by("round__position").values("round__due_on")[:1]
