"""The overview as its page shows it: addresses, pictures with their figures, the cells of the table of scores."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode

from agreements.models.sight import units_of
from desk.cascade_page import cascade_url
from desk.forecast_page import forecast_url
from desk.overview import USUAL_SCALE, Row
from desk.overview_years import years_rows, years_told
from indicators.scale import FIVE, NAMED
from orgunits.reach import reach_of
from results.scoreboard import middle_level

# The bar of stages is drawn this wide and high, in units of its own; the page stretches it.
BAR = 1000
# A score's ground: five even steps from the points of level 1 to those of the highest.
LEVELS = 5
# So many of the lines below the middle level are told at once; the units' pages have the others.
WEAK_SHOWN = 6
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
    """A dimension's score with the step of its ground; `level` 0 where there is none.

    `url`: the working of the line that scores lowest in it; "" without a score.
    """

    dimension: str
    score: Decimal | None
    level: int
    url: str = ""


@dataclass(frozen=True)
class HeatRow:
    """One unit in the table of units × dimensions."""

    row: Row
    url: str
    cells: tuple[Cell, ...]
    # What the scores stand on, where that isn't the same for all rows.
    scale: str = ""


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
    # Said where the years, or the units of one, aren't all on the usual scale.
    scale: str = ""
    strangers: int = 0

    @property
    def middle(self):
        return self.x + WIDTH // 2


def overview_page(overview, user, *, years, roots, at):
    """Context of desk/overview.html."""
    return {
        "overview": overview,
        "breadcrumbs": _breadcrumbs(overview, user, at),
        "years": [_year(overview, year) for year in years],
        "roots": [{"label": unit.short_name, "url": unit_url(unit, overview.year)} for unit in roots],
        "list_url": _list_url(overview),
        "file_url": _of_unit("overview_file", overview.unit, overview.year),
        "remind": _remind(overview),
        "cascade_url": cascade_url(overview.unit, overview.year) if overview.unit.signs_agreement else "",
        "late_url": _list_url(overview, late="late"),
        "mine_url": _list_url(overview, turn="mine"),
        "segments": _segments(overview),
        "rows": [{"row": row, "url": _row_url(row, overview.year)} for row in overview.latest_first],
        "heat": [_heat_row(overview, row) for row in overview.compared],
        "means": _means(overview),
        "own": _own(overview),
        "weak": [_weak(*pair) for pair in overview.weak_lines[:WEAK_SHOWN]],
        "weak_count": len(overview.weak_lines),
        "weak_level": _weak_level(overview),
        "years_rows": [_years_row(each) for each in years_rows(overview)],
        "year_numbers": years_told(overview),
        "keys": [{"scale": scale_range(name), "bands": _bands(NAMED[name])} for name in overview.scales],
        "columns": _columns(overview),
        "change": _change(overview),
        "improvement": _improvement(overview),
        "released": _mean(overview, released=True),
        "reported": _mean(overview, released=False),
    }


def _remind(overview):
    """{count of those not reminded today, url}; None where the person may remind nobody who is late."""
    found, waiting = overview.tally.remindable
    return {"count": waiting, "url": _of_unit("remind_late", overview.unit, overview.year)} if found else None


def _mean(overview, *, released):
    count, mean = overview.mean(released=released)
    scale, strangers = overview.scale(released=released), overview.strangers(released=released)
    return {"count": count, "mean": mean, "scale": _unusual(scale, said=strangers), "strangers": strangers}


def _means(overview):
    """The foot of the table: the mean of each dimension and of the totals, of the final scores, else of the unit's own."""
    released = bool(overview.mean(released=True)[0])
    count, mean = overview.mean(released=released)
    if count < 2:
        return None
    found = overview.dimension_means(released=released)
    return {
        "released": released,
        "count": count,
        "mean": mean,
        "cells": [(here[1], found[here]) for here in overview.dimensions],
    }


def _own(overview):
    """The unit's own score, beside those of the units below; None without one."""
    row = overview.own
    return {"row": row, "url": _scores_url(row)} if row else None


def _weak(row, scored):
    """One line below the middle level of its scale."""
    return {"unit": row.unit, "line": scored.line, "score": scored.score, "url": _line_url(row, scored)}


def _weak_level(overview):
    """What they are below: the points of the middle level, where all stand on one scale; else None."""
    if len(overview.scales) != 1:
        return None
    scale = NAMED[overview.scales[0]]
    return scale.at(middle_level(scale))


def scale_range(name):
    """A scale as it is told apart from others: 1–5, 50–100."""
    points = NAMED[name].points
    return f"{points[0]}–{points[-1]}"


def _unusual(name, *, said=False):
    """The scale where it has to be said: it isn't the usual one, or stands beside others."""
    return scale_range(name) if said or name != USUAL_SCALE else ""


def _years_row(found):
    """One unit in the table of years; each total says its scale where it isn't that of the latest."""
    years = [{"bar": each, "scale": scale_range(each.scale) if each.alien else ""} for each in found.years]
    return {"found": found, "row": found.row, "years": years}


def unit_url(unit, year):
    """The overview of a unit in a year."""
    return _of_unit("unit_overview", unit, year)


def _of_unit(route, unit, year):
    return f"{reverse(f'desk:{route}', args=[unit.code])}?{urlencode({'year': year})}"


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


def _heat_row(overview, row):
    cells = tuple(_cell(row, here) for here in overview.dimensions)
    scale = scale_range(row.scale(overview.year)) if len(overview.scales) > 1 else ""
    return HeatRow(row, _scores_url(row), cells, scale)


def _scores_url(row):
    """Where the scores stand: the evaluation once released, else the report."""
    code = row.own.agreement.code
    if row.board.is_released:
        return reverse("desk:evaluation", args=[code])
    return reverse("desk:report", args=[code, row.board.position])


def _cell(row, dimension):
    number, name = dimension
    score = row.board.by_dimension.get(dimension)
    if score is None:
        return Cell(name, None, 0)
    lowest = row.board.lowest_in(number)
    return Cell(name, score, score_level(score, row.board.scale), _line_url(row, lowest) if lowest else "")


def score_level(score, scale=FIVE):
    """1 to 5: how many of the five even steps from level 1 to the top of its scale the score has climbed."""
    first = scale.points[0]
    step = (scale.top - first) / LEVELS
    return min(max(int((score - first) / step) + 1, 1), LEVELS)


def _bands(scale):
    """[(level, from, to)] of the grounds of a scale, for the key of the table."""
    first = scale.points[0]
    step = (scale.top - first) / LEVELS
    return [(level, first + step * (level - 1), first + step * level) for level in range(1, LEVELS + 1)]


def _columns(overview):
    """The years as bars, the earliest first, as time is read."""
    found, years = [], list(reversed(overview.years))
    said = any(each.strangers for each in years) or len({each.scale for each in years if each.count}) > 1
    for place, each in enumerate(years):
        height = min(round(COLUMN * each.mean / each.top), COLUMN) if each.mean else 0
        drawn = {"x": place * (WIDTH + GAP), "y": COLUMN - height, "height": height}
        scale = _unusual(each.scale, said=said) if each.count else ""
        found.append(Column(each.year, each.count, each.mean, each.own, **drawn, scale=scale, strangers=each.strangers))
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
    return {
        "unit": row.unit,
        "line": line,
        "gain": best.gain,
        "level": best.scored.next_level,
        "needed": line.levels[best.scored.next_level - 1],
        "url": _line_url(row, best.scored),
        # Which goes by another rule; where scores are released there is nothing left to forecast.
        "forecast_url": "" if row.board.is_released else forecast_url(row.own.agreement),
    }


def _line_url(row, scored):
    """Where the score of a line is worked out: in the evaluation once released, else in the unit's report."""
    url, key = _scores_url(row), scored.line.key
    return f"{url}?line={key}" if row.board.is_released else f"{url}{key}/"
