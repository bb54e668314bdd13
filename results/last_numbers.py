"""The numbers that were typed for the formula of an indicator the year before, to try this year's formula with."""

from dataclasses import dataclass
from decimal import Decimal

from indicators.scoring import CannotScore
from results.inputs import values_in
from results.models import Result


@dataclass(frozen=True)
class LastNumbers:
    """The values by name, and of which year and round they are."""

    year: int
    round_name: str
    values: dict[str, Decimal]


def last_numbers(line):
    """What was reported last for the line that this one was carried forward from; None without any numbers."""
    if line.came_from_id is None:
        return None
    reported = Result.objects.filter(line=line.came_from_id).exclude(inputs={})
    last = reported.select_related("report__round__fiscal_year").order_by("report__round__position").last()
    return last and _numbers(last)


def _numbers(result):
    try:
        values = {name: value for name, value in values_in(result.inputs).items() if value is not None}
    except CannotScore:
        return None
    where = result.report.round
    return LastNumbers(where.fiscal_year.year, where.name, values) if values else None
