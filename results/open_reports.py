"""Opening the year's reports when an agreement comes into force, and the evaluation when the last one is certified."""

from results.models import Evaluation, Finding, Report, Result
from results.scores import agreed_lines, agreed_of


def open_reports(agreement, *, at):
    """A report for each reporting round of the year, each with an empty result for each line that was signed."""
    keys = [line.key for line in agreed_lines(agreement).lines]
    for each in agreement.fiscal_year.reporting_rounds.all():
        report = Report.objects.create(agreement=agreement, round=each, stage=Report.Stage.DRAFT, stage_since=at)
        Result.objects.bulk_create(Result(report=report, line_id=key) for key in keys)


def open_evaluation(report, *, at):
    """The evaluation of the final report, with an empty finding for each line that was signed."""
    evaluation = Evaluation.objects.create(report=report, stage=Evaluation.Stage.DRAFT, stage_since=at)
    keys = [line.key for line in agreed_of(report).lines]
    Finding.objects.bulk_create(Finding(evaluation=evaluation, line_id=key) for key in keys)
    return evaluation
