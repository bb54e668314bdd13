"""The overview as its page shows it: addresses, pictures with their figures, the cells of the table of scores."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode

from agreements.models.agreement import units_of
from desk.cascade_page import cascade_url
from desk.overview import Row, years_compared
from indicators.scale import FIVE
from orgunits.reach import reach_of

# The bar of stages is drawn this wide and high, in units of its own; the page stretches it.
BAR = 1000
# A score's ground: five even steps from 1 to 5.
STEP, LEVELS = Decimal("0.8"), 5
# The bars of the years: as high as this for full marks.
COLUMN, WIDTH, GAP = 60, 34, 22


@dataclass(frozen=True)
class Segment:
    """A stage in the bar: where it begins and how wide it is, and where its agreements are listed."""

    stage: str
    label: str
    count: int
    x: int
    width: int
    url: str


@dataclass(frozen=True)
class Cell:
    """A dimension's score with the step of its ground; `level` 0 where there is none."""

    dimension: str
    score: Decimal | None
    level: int


@dataclass(frozen=True)
class HeatRow:
    """One unit in the table of units × dimensions."""

    row: Row
    url: str
    cells: tuple[Cell, ...]
    before: tuple[dict, ...]


@dataclass(frozen=True)
class Column:
    """One year in the bars of years: the mean of the final scores, drawn from the bottom up."""

    year: int
    count: int
    mean: Decimal | None
    own: Decimal | None
    x: int
    y: int
    height: int

    @property
    def middle(self):
        return self.x + WIDTH // 2


def overview_page(overview, user, *, years, roots, at):
    """Context of desk/overview.html."""
    years_before = [year for year in years_compared(overview.year)[1:] if _has_scores(overview, year)]
    return {
        "overview": overview,
        "breadcrumbs": _breadcrumbs(overview, user, at),
        "years": [_year(overview, year) for year in years],
        "roots": [{"label": unit.short_name, "url": unit_url(unit, overview.year)} for unit in roots],
        "list_url": _list_url(overview),
        "cascade_url": cascade_url(overview.unit, overview.year) if overview.unit.signs_agreement else "",
        "late_url": _list_url(overview, late="late"),
        "mine_url": _list_url(overview, turn="mine"),
        "segments": _segments(overview),
        "rows": [{"row": row, "url": _row_url(row, overview.year)} for row in overview.rows],
        "heat": [_heat_row(overview, row, years_before) for row in overview.scored],
        "years_before": years_before,
        "bands": _bands(),
        "columns": _columns(overview),
        "change": _change(overview),
        "improvement": _improvement(overview),
        "released": overview.mean(released=True),
        "reported": overview.mean(released=False),
    }


def _has_scores(overview, year):
    return any(year in row.totals for row in overview.scored)


def unit_url(unit, year):
    """The overview of a unit in a year."""
    return f"{reverse('desk:unit_overview', args=[unit.code])}?{urlencode({'year': year})}"


def _breadcrumbs(overview, user, at):
    """From the top down; those within the person's reach lead to their overviews."""
    readable = units_of(reach_of(user, at))
    crumbs, within = [], False
    for unit in overview.place.path:
        within = within or unit.pk in readable
        crumbs.append({"label": unit.short_name, "url": unit_url(unit, overview.year) if within else ""})
    return crumbs


def _year(overview, year):
    return {"year": year, "url": unit_url(overview.unit, year), "active": year == overview.year}


def _list_url(overview, **more):
    query = {"unit": overview.unit.code, "year": overview.year} | more
    return f"{reverse('desk:agreements')}?{urlencode(query)}"


def _segments(overview):
    found, x = [], 0
    for stage, count in overview.tally.stages:
        width = round(BAR * (count / overview.tally.total)) if overview.tally.total else 0
        found.append(Segment(stage.value, stage.label, count, x, width, _list_url(overview, stage=stage.value)))
        x += width
    return found


def _row_url(row, year):
    """The unit's own overview where there is one to go on to, else its agreement, if it may be read."""
    if row.leads_on:
        return unit_url(row.unit, year)
    return agreement_url(row)


def agreement_url(row):
    """The unit's agreement, if it may be read; else ""."""
    return reverse("desk:agreement", args=[row.own.agreement.code]) if row.own and row.own.agreement.reads else ""


def _heat_row(overview, row, years_before):
    scores = [(name, row.board.by_dimension.get((number, name))) for number, name in overview.dimensions]
    cells = tuple(_cell(name, score, row.board.scale) for name, score in scores)
    before = tuple({"year": year, "total": row.totals.get(year)} for year in years_before)
    return HeatRow(row, _scores_url(row), cells, before)


def _scores_url(row):
    """Where the scores stand: the evaluation once released, else the report."""
    code = row.own.agreement.code
    if row.board.is_released:
        return reverse("desk:evaluation", args=[code])
    return reverse("desk:report", args=[code, row.board.position])


def _cell(dimension, score, scale):
    return Cell(dimension, score, 0 if score is None else score_level(score, scale))


def score_level(score, scale=FIVE):
    """1 to 5: how many of the five even steps from level 1 to the top of its scale the score has climbed."""
    first = scale.points[0]
    step = (scale.top - first) / LEVELS
    return min(max(int((score - first) / step) + 1, 1), LEVELS)


def _bands():
    """[(level, from, to)] of the grounds, for the key of the table."""
    return [(level, 1 + STEP * (level - 1), 1 + STEP * level) for level in range(1, LEVELS + 1)]


def _columns(overview):
    """The years as bars, the earliest first, as time is read."""
    found = []
    for place, each in enumerate(reversed(overview.years)):
        height = min(round(COLUMN * each.mean / LEVELS), COLUMN) if each.mean else 0
        x = place * (WIDTH + GAP)
        found.append(Column(each.year, each.count, each.mean, each.own, x, COLUMN - height, height))
    return found


def _change(overview):
    if overview.change is None:
        return None
    by, units = overview.change
    return {"by": abs(by), "rose": by >= 0, "units": units}


def _improvement(overview):
    """The line whose next level is worth most, with what it takes to get there and where it stands; None without one."""
    best = overview.improvement
    if best is None:
        return None
    line, row = best.scored.line, best.row
    url = _scores_url(row)
    return {
        "unit": row.unit,
        "line": line,
        "gain": best.gain,
        "level": best.scored.next_level,
        "needed": line.levels[best.scored.next_level - 1],
        "url": f"{url}?line={line.key}" if row.board.is_released else f"{url}{line.key}/",
    }
