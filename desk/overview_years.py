"""The units of an overview year by year: final totals side by side, with small bars; what changed, the worst first.

Totals on different scales are put side by side, and never compared.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from desk.overview import years_compared
from indicators.scale import NAMED

# The bars of one unit, in units of their own.
HEIGHT, WIDTH, GAP = 26, 12, 5


@dataclass(frozen=True)
class UnitYear:
    """One year of a unit: its final total, where it was worked out, and its bar.

    `alien`: it stands on another scale than the unit's latest total, by name in `scale`.
    """

    year: int
    total: Decimal | None
    url: str
    x: int
    height: int
    scale: str
    alien: bool

    @property
    def y(self):
        return HEIGHT - self.height


@dataclass(frozen=True)
class YearsRow:
    """One unit: its years, the earliest first, and by how much the last total rose since the year before.

    `by` is None where there is nothing to compare; `incomparable`: both years have one, on different scales.
    """

    row: object
    years: tuple[UnitYear, ...]
    by: Decimal | None
    share: Decimal | None
    incomparable: bool = False

    @property
    def size(self):
        return abs(self.by)

    @property
    def fell(self):
        return self.by is not None and self.by < 0


def years_told(overview):
    """The years compared in which some unit shown has a final total, the earliest first; none unless there are two."""
    found = [
        year for year in reversed(years_compared(overview.year)) if any(year in row.totals for row in overview.rows)
    ]
    return found if len(found) > 1 else []


def years_rows(overview):
    """A YearsRow of each unit shown that has a final total in one of the years told, those that fell most first."""
    years = years_told(overview)
    found = [_years_row(row, years) for row in overview.rows if row.totals and years]
    return sorted(found, key=lambda each: (each.share is None, each.share or 0, each.row.unit.lft or 0))


def _years_row(row, years):
    latest = max(row.totals)
    columns = tuple(_unit_year(row, each, place, row.scale(latest)) for place, each in enumerate(years))
    if latest - 1 not in row.totals:
        return YearsRow(row, columns, None, None)
    if row.scale(latest) != row.scale(latest - 1):
        return YearsRow(row, columns, None, None, incomparable=True)
    by, points = row.totals[latest] - row.totals[latest - 1], NAMED[row.scale(latest)].points
    return YearsRow(row, columns, by, by / (points[-1] - points[0]))


def _unit_year(row, year, place, scale):
    total, own = row.totals.get(year), row.scale(year)
    height = 0 if total is None else min(max(round(HEIGHT * total / NAMED[own].top), 1), HEIGHT)
    url = reverse("desk:evaluation", args=[row.codes[year]]) if year in row.codes and total is not None else ""
    return UnitYear(year, total, url, place * (WIDTH + GAP), height, own, total is not None and own != scale)
