"""The forecast as its page shows it: the worst lines first, ranges drawn as tracks, what is needed in words."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from desk.report_page import report_url, result_url
from indicators.scoring import Direction
from results.forecast import LineForecast
from results.round_state import state_of
from results.rules import current_report
from thai.numbers import grouped_number

# A track is drawn this wide, in units of its own, with so much room left at either end for the mark.
WIDTH, ROOM = 240, 10
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Track:
    """A range of scores on its scale, as places from the left; the likely part of it alike, None without one."""

    x: int
    end: int
    likely_x: int | None
    likely_end: int | None
    ticks: tuple[dict, ...]


@dataclass(frozen=True)
class ForecastRow:
    """One line in the table."""

    each: LineForecast
    url: str
    track: Track
    is_best: bool
    # The round of its result, where that isn't the one that the forecast is made after.
    round: str
    # What it takes to the target and to the top: [{label, value, text}]
    goals: tuple[dict, ...]


def forecast_page(agreement, outlook, *, on):
    """Context of desk/forecast.html; without an Outlook (results.outlook) it says that there is nothing to go by yet."""
    if outlook is None:
        return {"outlook": None, "report": None, "report_url": report_url(current_report(agreement, on=on))}
    made, report = outlook.forecast, outlook.report
    scale = made.lines[0].line.scale
    lines = sorted(made.lines, key=lambda each: (each.is_open, each.score or 0))
    return {
        "outlook": outlook,
        "report": report,
        "report_url": report_url(report),
        "rounds": [_round(each, report, on) for each in outlook.reports],
        "forecast": made,
        "track": _track(scale, made.worst, made.best, made.low, made.high),
        "rows": [_row(each, report, made) for each in lines],
        "best": _best(made.best_rise, report),
    }


def forecast_url(agreement, position=None):
    """Where the forecast stands; after the round at `position`."""
    url = reverse("desk:forecast", args=[agreement.code])
    return url if position is None else f"{url}?round={position}"


def _round(each, report, on):
    return {
        "label": each.round.name,
        "url": forecast_url(report.agreement, each.round.position),
        "active": each == report,
        "state": state_of(each, on),
    }


def _track(scale, worst, best, low, high):
    least, most = min(scale.floor, scale.points[0]), scale.top

    def place(score):
        return ROOM + round((WIDTH - 2 * ROOM) * (score - least) / (most - least))

    return Track(
        x=place(worst),
        end=place(best),
        likely_x=None if low is None else place(low),
        likely_end=None if high is None else place(high),
        ticks=tuple({"x": place(points), "text": grouped_number(points)} for points in sorted({least, *scale.points})),
    )


def _row(each, report, made):
    so_far = each.so_far
    return ForecastRow(
        each=each,
        url=result_url(report, each.line),
        track=_track(each.line.scale, each.worst, each.best, each.score, each.score),
        is_best=each == made.best_rise,
        round=so_far.round if so_far and so_far.round != report.round.name else "",
        goals=tuple(_goals(each)),
    )


def _goals(each):
    """The target and the top; once where they are the same."""
    target, top = each.target, each.top
    if target and (top is None or target.value != top.value):
        yield {"label": _("target"), "value": target.value, "text": _needed(each, target)}
    if top:
        label = _("target and top") if target and target.value == top.value else _("top")
        yield {"label": label, "value": top.value, "text": _needed(each, top)}


def _needed(each, goal):
    if goal.needed is None:
        return _("out of reach")
    if each.adds_up and _falls(each):
        return _("at most %(many)s a month") % {"many": _amount(goal.needed, ROUND_DOWN)}
    if not goal.needed:
        return _("reached")
    if each.adds_up:
        return _("%(many)s a month") % {"many": _amount(goal.needed, ROUND_UP)}
    sentence = _("%(many)s more") if goal.needed > 0 else _("%(many)s less")
    return sentence % {"many": _amount(abs(goal.needed), ROUND_UP)}


def _falls(each):
    return each.line.criteria.direction is Direction.LOWER


def _amount(value, rounding):
    return grouped_number(value.quantize(HUNDREDTH, rounding=rounding))


def _best(each, report):
    """The line that gains most for least, and in figures what it takes; None where none can gain."""
    if each is None:
        return None
    so_far, rise = each.so_far, each.rise
    return {
        "line": each.line,
        "url": result_url(report, each.line),
        "rise": rise,
        "likely": each.value,
        "effort": (rise.effort * 100).quantize(Decimal("0.1"), rounding=ROUND_UP),
        "adds_up": each.adds_up,
        "now": _amount(so_far.value / so_far.cover.months, ROUND_DOWN) if each.adds_up and so_far.cover.months else "",
        "needed": _amount((rise.value - so_far.value) / so_far.cover.left, ROUND_DOWN if _falls(each) else ROUND_UP),
        "left": so_far.cover.left,
    }
