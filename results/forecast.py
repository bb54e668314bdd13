"""Where the year is heading: what each line is likely to come to, what is still reachable, and what would take it further.

Pure: no models, no clock; Decimals in and out. What adds up (`results.adding_up`) is carried on at the pace of the months
reported; all else is taken to stay as it was reported last. Steps that are reached stay reached, and what was counted
stays counted; everything else may still become better or worse. A line without a result has no likely score: it is open
from its worst to its best score.

At the year's end every line has a result (no final report goes out without), so all weights are divided by, whichever
weights the framework divides by until then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, Decimal
from functools import cached_property

from indicators.criteria import Averages, Count, Criteria, Cumulative, Milestone, PassFail, Superior, Units
from indicators.scale import Scale
from indicators.scoring import CannotScore, Direction, Scored, round_score, score_total
from results.adding_up import adds_up
from results.scores import Agreed, AgreedLine
from thai.numbers import plain_number

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Cover:
    """How many of the year's months a result speaks of."""

    months: Decimal
    of: Decimal = Decimal(12)

    @property
    def left(self) -> Decimal:
        return max(self.of - self.months, ZERO)


@dataclass(frozen=True)
class Reported:
    """A result, what it covers, and the name of the round that it was reported in."""

    value: Decimal
    cover: Cover
    round: str = ""


@dataclass(frozen=True)
class Goal:
    """A result to reach, and what it still takes: of what adds up so much a month, else so much altogether.

    `needed` is 0 where it is reached, None where it can't be reached any more. Where less is better, what adds up may
    come to so much a month and no more; else `needed` is negative.
    """

    value: Decimal
    needed: Decimal | None


@dataclass(frozen=True)
class Rise:
    """A whole level above the likely score, or the best where less is missing: result and score, what the total gains.

    `effort`: how far the result needed lies from the likely one, as a share of the greater of the two; of what adds up,
    their paces in the months that are left.
    """

    value: Decimal
    score: Decimal
    gain: Decimal
    effort: Decimal

    @property
    def worth(self) -> Decimal:
        """What is gained for the effort."""
        return self.gain / self.effort


@dataclass(frozen=True)
class LineForecast:
    """One line at the year's end. `value` and `score` are the likely ones: None without a result, or where `problem` says
    why it can't be scored. `target` and `top` are Goals, None where there is no such thing."""

    line: AgreedLine
    so_far: Reported | None
    adds_up: bool
    value: Decimal | None
    score: Decimal | None
    worst: Decimal
    best: Decimal
    target: Goal | None = None
    top: Goal | None = None
    rise: Rise | None = None
    problem: str = ""

    @property
    def is_open(self) -> bool:
        """Can nothing be said of it but what is reachable?"""
        return self.score is None


@dataclass(frozen=True)
class Forecast:
    """All lines, in their order, and what the total comes to: at worst, at best, and likely from `low` to `high`.

    The two are the same unless lines are open: those count in `low` with their worst, in `high` with their best score.
    """

    lines: tuple[LineForecast, ...]
    worst: Decimal
    low: Decimal
    high: Decimal
    best: Decimal
    weight_total: Decimal

    @property
    def open_lines(self) -> list[LineForecast]:
        return [each for each in self.lines if each.is_open]

    @cached_property
    def best_rise(self) -> LineForecast | None:
        """The line that gains most for least effort; the first of those that are as good."""
        rising = [each for each in self.lines if each.rise]
        return min(rising, key=_most_for_least, default=None)


def _most_for_least(each: LineForecast) -> tuple[Decimal, Decimal, int]:
    assert each.rise is not None
    return -each.rise.worth, -each.rise.gain, each.line.key


def forecast(agreed: Agreed, reported: Mapping[int, Reported]) -> Forecast:
    """The forecast of what was agreed, from the last result of each line (by its key). `CannotScore` where nothing weighs."""
    lines = tuple(line_forecast(line, reported.get(line.key), agreed.weight_total) for line in agreed.lines)
    weights, places = [line.weight for line in agreed.lines], agreed.scale.places

    def total(scores: Iterable[Decimal]) -> Decimal:
        return score_total(zip(weights, scores, strict=True), places=places).score

    return Forecast(
        lines,
        worst=total(each.worst for each in lines),
        low=total(each.worst if each.score is None else each.score for each in lines),
        high=total(each.best if each.score is None else each.score for each in lines),
        best=total(each.best for each in lines),
        weight_total=agreed.weight_total,
    )


def line_forecast(line: AgreedLine, so_far: Reported | None, weight_total: Decimal) -> LineForecast:
    """One line at the year's end, from its last result."""
    return _Reach(line, so_far).forecast(weight_total)


class _Reach:
    """What a line's result can still become, as figures that its criteria then score."""

    def __init__(self, line: AgreedLine, so_far: Reported | None) -> None:
        self.line, self.so_far = line, so_far
        self.criteria: Criteria = line.criteria
        self.scale: Scale = line.scale
        self.adds_up = adds_up(line.kind, line.name, line.unit_of_measure) and (so_far is None or so_far.value >= 0)

    def forecast(self, weight_total: Decimal) -> LineForecast:
        value, score, problem = self._likely()
        worst, best = self._ends(problem)
        found = LineForecast(self.line, self.so_far, self.adds_up, value, score, worst, best, problem=problem)
        if self.so_far is None or value is None or score is None or not self.so_far.cover.left:
            return found
        target, top = self._goal(self.line.target), self._goal(self._rungs[-1][0])
        return replace(found, target=target, top=top, rise=self._rise(value, score, best, weight_total))

    # What is likely

    def _likely(self) -> tuple[Decimal | None, Decimal | None, str]:
        """(result, score, why there is no score)"""
        if self.so_far is None:
            return None, None, ""
        try:
            self._score(self.so_far.value)
            value = self._carried_on(self.so_far)
            return value, self._score(value), ""
        except CannotScore as why:
            return None, None, str(why)

    def _carried_on(self, so_far: Reported) -> Decimal:
        """The result at the year's end: of what adds up at the pace so far; issues are counted when they are whole."""
        if not (self.adds_up and so_far.cover.months and so_far.cover.left):
            return so_far.value
        value = round_score(so_far.value * so_far.cover.of / so_far.cover.months)
        if not isinstance(self.criteria, Count):
            return value
        whole = value.quantize(ONE, rounding=ROUND_DOWN)
        return min(whole, Decimal(len(self.criteria.items))) if self.criteria.items else whole

    def _score(self, value: Decimal) -> Decimal:
        scored: Scored = self.criteria.score(value, self.scale)
        return scored.score

    # What is reachable

    def _ends(self, problem: str) -> tuple[Decimal, Decimal]:
        """(worst, best) score still reachable."""
        scale = self.scale
        if self.criteria.flaws():
            return scale.round(scale.capped(scale.floor)), scale.round(scale.capped(scale.top))
        worst, best = self._farthest
        if self.so_far and not problem:
            worst, best = self._within(self.so_far, worst, best)
        return self._score(worst), self._score(best)

    def _within(self, so_far: Reported, worst: Decimal, best: Decimal) -> tuple[Decimal, Decimal]:
        """The same of what has a result: what is secured can't be lost, what is spent can't be had back."""
        value = so_far.value
        if not so_far.cover.left:
            return value, value
        if self.adds_up or self._stays_reached:
            return (max(value, worst), value) if self._falls else (value, max(value, best))
        return (min(worst, value), best) if self._is_score else (worst, best)

    @property
    def _farthest(self) -> tuple[Decimal, Decimal]:
        """The (worst, best) result that makes a difference to the score."""
        if self._is_score:
            return self.scale.capped(self.scale.floor), self.scale.top
        values = [value for value, _score in self._rungs]
        if self._stays_reached or isinstance(self.criteria, Count):
            return ZERO, values[-1]
        beyond = 1 if self._falls else -1
        return values[0] + beyond, values[-1]

    @property
    def _stays_reached(self) -> bool:
        return isinstance(self.criteria, Milestone | Cumulative | PassFail)

    @property
    def _falls(self) -> bool:
        """Is less better?"""
        return not self._is_score and self.criteria.direction is Direction.LOWER

    @property
    def _is_score(self) -> bool:
        """Is the result a score already, made elsewhere?"""
        criteria = self.criteria
        return isinstance(criteria, Superior) or (isinstance(criteria, Units) and criteria.averages == Averages.SCORES)

    @cached_property
    def _rungs(self) -> list[tuple[Decimal, Decimal]]:
        """(result, points) at which each level is reached, from the lowest; empty where the criteria have flaws."""
        if self._is_score:
            return [(points, points) for points in self.scale.points]
        return list(self.criteria.shape(self.scale))

    # What it takes

    def _goal(self, value: Decimal | None) -> Goal | None:
        so_far = self.so_far
        if value is None or so_far is None:
            return None
        missing = value - so_far.value
        if self.adds_up:
            if self._falls:
                return Goal(value, missing / so_far.cover.left if missing >= 0 else None)
            return Goal(value, max(missing, ZERO) / so_far.cover.left)
        reached = missing >= 0 if self._falls else missing <= 0
        return Goal(value, ZERO if reached else missing)

    def _rise(self, value: Decimal, score: Decimal, best: Decimal, weight_total: Decimal) -> Rise | None:
        if score >= best:
            return None
        need = self._one_level_above(score, best)
        if need == value:
            return None
        reached = self._score(need)
        gain = round_score(self.line.weight * (reached - score) / weight_total)
        return Rise(need, reached, gain, self._effort(value, need)) if gain > 0 else None

    def _one_level_above(self, score: Decimal, best: Decimal) -> Decimal:
        """The result that scores a whole level more; where less than that is reachable, the best."""
        level = self.scale.level_of(score)
        wanted = min(score + self.scale.at(level + 1) - self.scale.at(level), best)
        place = next(place for place, (_value, points) in enumerate(self._rungs) if points >= wanted)
        need, points = self._rungs[place]
        if place and not self.criteria.is_stepped:
            before, low = self._rungs[place - 1]
            need = self._written(before + (need - before) * (wanted - low) / (points - low))
        # Rounded to the better side, what is spent can't be had back.
        return max(need, self.so_far.value) if self.so_far and self.adds_up and self._falls else need

    def _written(self, value: Decimal) -> Decimal:
        """With the decimals that the criteria and the result are written with, rounded to the better side."""
        figures = [value for value, _points in self._rungs] + ([self.so_far.value] if self.so_far else [])
        places = max(len(plain_number(figure).partition(".")[2]) for figure in figures)
        return value.quantize(ONE.scaleb(-places), rounding=ROUND_FLOOR if self._falls else ROUND_CEILING)

    def _effort(self, likely: Decimal, needed: Decimal) -> Decimal:
        if self.adds_up and self.so_far:
            done, left = self.so_far.value, self.so_far.cover.left
            likely, needed = (likely - done) / left, (needed - done) / left
        return abs(needed - likely) / max(abs(needed), abs(likely))
