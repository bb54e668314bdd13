"""From which reports the forecast of an agreement is made, and how much of the year each of them covers."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from acts.reading import once
from results.forecast import Cover, Forecast, Reported, forecast
from results.models import Report, Result
from results.rules import reports_of
from results.scores import agreed_lines

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Outlook:
    """The forecast after a report, and the reports that one could be made after: those that hold a result."""

    report: Report
    reports: tuple[Report, ...]
    cover: Cover
    forecast: Forecast

    @property
    def is_whole(self):
        """Has every line a result of the whole year?"""
        return all(each.so_far and not each.so_far.cover.left for each in self.forecast.lines)


def outlook(agreement, position=None):
    """The Outlook after the round at `position`; else after the last report sent, or the one being written as long as none
    is. None while nothing is reported. A line that has no result in that report stands by the one before it."""
    found = _values(agreement)
    reports = [each for each in reports_of(agreement) if found.get(each.pk)]
    if not reports:
        return None
    sent = [each for each in reports if each.stage != Report.Stage.DRAFT]
    wanted = [each for each in reports if each.round.position == position]
    report = (wanted or sent[-1:] or reports[-1:])[0]
    last = {}
    for each in reports[: reports.index(report) + 1]:
        covered = cover(agreement.fiscal_year, each.round)
        last |= {key: Reported(value, covered, each.round.name) for key, value in found[each.pk].items()}
    made = forecast(agreed_lines(agreement), last)
    return Outlook(report, tuple(reports), cover(agreement.fiscal_year, report.round), made)


def _values(agreement):
    """{report's id: {line's id: result}} of all that is reported."""
    return once(agreement, "results of all rounds", lambda: _read_values(agreement))


def _read_values(agreement):
    rows = Result.objects.filter(report__agreement=agreement).exclude(value=None)
    found = {}
    for report, line, value in rows.values_list("report", "line", "value"):
        found.setdefault(report, {})[line] = value
    return found


def cover(fiscal_year, reporting_round):
    """How much of the year a round covers: up to the day before it opens; the final round, all of it."""
    end = fiscal_year.ends_on + DAY
    until = end if reporting_round.is_final else min(max(reporting_round.opens_on, fiscal_year.starts_on), end)
    return Cover(months_between(fiscal_year.starts_on, until), months_between(fiscal_year.starts_on, end))


def months_between(first: date, until: date) -> Decimal:
    """Months from `first` to right before `until`: whole ones, and of the last its days as a share, in 2 decimals."""
    months = (until.year - first.year) * 12 + until.month - first.month
    days = Decimal(until.day - first.day) / monthrange(until.year, until.month)[1]
    return round(months + days, 2)
