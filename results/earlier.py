"""What the unit reported of each line in the rounds before: beside its final result, and to tell the trend by."""

from dataclasses import dataclass
from decimal import Decimal

from results.models import Report, Result
from results.rules import reports_of

# A result is kept with so many decimals.
_LAST_PLACE = Decimal("0.0001")
# A straight line goes through so many results.
FOR_A_TREND = 2


@dataclass(frozen=True)
class Earlier:
    """A line's result in an earlier round of the year."""

    position: int
    round: str
    value: Decimal


def earlier_results(report):
    """{line's id: its Earlier results, the first round first} of the rounds before the report's; one query.

    What is still being written isn't reported yet, and a blank is no result.
    """
    rows = Result.objects.filter(
        report__agreement=report.agreement_id, report__round__position__lt=report.round.position
    )
    reported = rows.exclude(report__stage=Report.Stage.DRAFT).exclude(value=None).order_by("report__round__position")
    found = {}
    for line, *each in reported.values_list("line", "report__round__position", "report__round__name", "value"):
        found.setdefault(line, []).append(Earlier(*each))
    return found


def results_of_a_trend(report):
    """The same where rounds enough were reported to tell a trend by; else {}, without a query."""
    before = [each for each in reports_of(report.agreement) if each.round.position < report.round.position]
    reported = [each for each in before if each.stage != Report.Stage.DRAFT]
    return earlier_results(report) if len(reported) >= FOR_A_TREND else {}


def expected(earlier, position):
    """Where the straight line through the last two earlier results leads in the round at `position`; None of fewer."""
    if len(earlier) < FOR_A_TREND:
        return None
    before, last = earlier[-2:]
    step = (last.value - before.value) / (last.position - before.position)
    return (last.value + step * (position - last.position)).quantize(_LAST_PLACE)
