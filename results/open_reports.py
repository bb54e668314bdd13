"""Opening the year's reports when an agreement comes into force, the evaluation when the last one is certified, and the
days to appeal when the scores are released."""

from django.db.models import Q
from django.utils import timezone

from results.appeal_window import last_day
from results.models import Appeal, AppealLine, AppealPanel, Evaluation, Finding, Report, Result
from results.scores import agreed_lines, agreed_of


def open_reports(agreement, *, at):
    """A report for each reporting round of the year, each with an empty result for each line that was signed.

    A round that closed before the agreement came into force asks nothing of it.
    """
    on = timezone.localdate(at)
    keys = [line.key for line in agreed_lines(agreement).lines]
    for each in agreement.fiscal_year.reporting_rounds.filter(Q(is_final=True) | Q(closes_on__gte=on)):
        report = Report.objects.create(agreement=agreement, round=each, stage=Report.Stage.DRAFT, stage_since=at)
        Result.objects.bulk_create(Result(report=report, line_id=key) for key in keys)


def open_evaluation(report, *, at):
    """The evaluation of the final report, with an empty finding for each line that was signed."""
    evaluation = Evaluation.objects.create(report=report, stage=Evaluation.Stage.DRAFT, stage_since=at)
    keys = [line.key for line in agreed_of(report).lines]
    Finding.objects.bulk_create(Finding(evaluation=evaluation, line_id=key) for key in keys)
    return evaluation


def open_appeal(evaluation, *, at):
    """The days to appeal begin, with an empty objection for each line that was scored."""
    year = evaluation.report.agreement.fiscal_year
    until = last_day(year, timezone.localdate(at))
    Evaluation.objects.filter(pk=evaluation.pk).update(appeal_until=until)
    appeal = Appeal.objects.create(evaluation=evaluation, stage=Appeal.Stage.DRAFT, stage_since=at)
    AppealPanel.objects.create(appeal=appeal)
    keys = [line.key for line in agreed_of(evaluation.report).lines]
    AppealLine.objects.bulk_create(AppealLine(appeal=appeal, line_id=key) for key in keys)
    return appeal
