"""Opening the year's reports when an agreement comes into force (handbook 2.1, 10)."""

from results.models import Report, Result


def open_reports(agreement, *, at):
    """A report for each reporting round of the year, each with an empty result for each line."""
    lines = list(agreement.lines.all())
    for each in agreement.fiscal_year.rounds.all():
        report = Report.objects.create(agreement=agreement, round=each, stage=Report.Stage.DRAFT, stage_since=at)
        Result.objects.bulk_create(Result(report=report, line=line) for line in lines)
