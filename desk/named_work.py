"""What waits for a person because a line names them: a figure to report as its collector, a result to decide on as its overseer."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.models import Line, LineCollector
from agreements.named import naming
from agreements.stages import Pen, Stage
from results.models import Collected, OverseerVerdict, Report, Result
from results.rules import UNFINISHED

SHOWN_AT_MOST = 50


@dataclass(frozen=True)
class NamedTask:
    """One line's result, and what to do about it."""

    task: str
    url: str
    name: str
    unit: str
    year: int
    round: str
    due: date


def named_work(user):
    """The NamedTasks of a person, the most urgent first; in one query."""
    found = (
        _open()
        .filter(line__in=_lines(user))
        .annotate(
            oversees=Q(line__overseer=user),
            collects=Exists(LineCollector.objects.filter(line=OuterRef("line"), user=user)),
            told=Exists(Collected.objects.filter(result=OuterRef("pk"), user=user)),
            judged=Exists(OverseerVerdict.objects.filter(result=OuterRef("pk"), stands=True)),
        )
    )
    to_report = Q(collects=True, told=False, report__agreement__pen=Pen.STAFF)
    to_judge = Q(oversees=True, judged=False, value__isnull=False)
    shown = found.filter(to_report | to_judge).select_related(
        "line", "report__round__fiscal_year", "report__agreement__unit"
    )
    return [_task(each) for each in shown.order_by("report__round__due_on", "report", "pk")[:SHOWN_AT_MOST]]


def _lines(user):
    return Line.objects.filter(naming(user)).order_by().values("pk")


def _open():
    """Results that can be written now: of reports at their turn, with the staff, the head's office, or entered from paper."""
    earlier = Report.objects.filter(
        agreement=OuterRef("report__agreement"),
        round__position__lt=OuterRef("report__round__position"),
        stage__in=UNFINISHED,
    )
    return Result.objects.filter(
        ~Exists(earlier),
        report__stage=Report.Stage.DRAFT,
        report__agreement__stage=Stage.ASSESSMENT,
        report__agreement__pen__in=(Pen.STAFF, Pen.OFFICE, Pen.EVALUATOR),
    )


def _task(result):
    report = result.report
    judges = result.oversees and not result.judged and result.value is not None
    task = _("Approve the result, or refuse it with a reason") if judges else _("Report your figure")
    where = reverse("desk:result", args=[report.agreement.code, report.round.position, result.line_id])
    return NamedTask(
        task=task,
        url=f"{where}#people" if judges else where,
        name=result.line.name,
        unit=report.agreement.unit.short_name,
        year=report.round.fiscal_year.year,
        round=report.round.name,
        due=report.round.due_on,
    )
