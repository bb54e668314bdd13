"""Scoring is arithmetic: Decimals in, a score with its working out. No models, no clock, no floats, no settings.

A result that was not reported is never scored: None is refused (TypeError); zero is a result like any other.
Each line's score is rounded to 4 places; a total is computed from those rounded scores, over the actual sum of the
weights, and rounded once. Rounded contributions are for reading and never summed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, DivisionByZero, Inexact, InvalidOperation
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

from django.utils.translation import gettext as _

from indicators import working
from indicators.flaws import Flaw, Rule, sentences
from indicators.scale import FIVE, PLACES, Scale
from indicators.working import Step
from thai.numbers import grouped_number

ZERO, ONE = Decimal(0), Decimal(1)

_LAST_PLACE = ONE.scaleb(-PLACES)
# Sums, differences and products are exact, or fail aloud. Quotients are cut off towards −∞, far behind the place that
# rounding looks at: cutting can't carry a value over the half of a unit, so rounding half up afterwards gives what the
# exact fraction gives.
_EXACT = Context(prec=100, traps=[Inexact, InvalidOperation])
_CUT = Context(prec=100, rounding=ROUND_FLOOR, traps=[InvalidOperation, DivisionByZero])

Pairs = Iterable[tuple[Decimal, Decimal]]


class CannotScore(ValueError):
    """There is no score for this; `str()` is a sentence in the reader's language."""


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


class Denominator(StrEnum):
    """Which weights a total is divided by: a half-reported round looks good under one and bad under the other."""

    IN_FORCE = "in_force"
    REPORTED = "reported"


@dataclass(frozen=True)
class Penalty:
    """Points off a line's score, and why: a report that didn't come."""

    points: Decimal
    why: str


@dataclass(frozen=True)
class Scored:
    """A line's score (4 places, half up), the value before rounding, how it came about, and what was taken off it."""

    score: Decimal
    unrounded: Decimal
    working: tuple[Step, ...] = ()
    taken_off: Decimal = ZERO

    @property
    def earned(self) -> Decimal:
        """The score before anything was taken off."""
        return _EXACT.add(self.score, self.taken_off)

    def with_penalty(self, penalty: Penalty, floor: Decimal = ZERO) -> "Scored":
        """The score less the points. May land between levels, not below the floor; what is below it already stays."""
        if penalty.points < 0:
            raise ValueError("Nothing is added to a score.")
        if penalty.points == 0:
            return self
        least = min(self.score, floor)
        score = round_score(max(_EXACT.subtract(self.score, penalty.points), least))
        unrounded = max(_CUT.subtract(self.unrounded, penalty.points), min(self.unrounded, floor))
        stopped = _EXACT.subtract(self.score, score) != penalty.points
        step = working.penalty_step(
            self.score, penalty.points, penalty.why, score, stopped_at=least if stopped else None
        )
        off = _EXACT.add(self.taken_off, _EXACT.subtract(self.score, score))
        return Scored(score, unrounded, (*self.working, step), off)

    def with_weight(self, weight: Decimal, weight_total: Decimal) -> "Scored":
        """The same score, its working ending in what it contributes to the total."""
        share = contribution(weight, self.score, weight_total)
        return replace(self, working=(*self.working, working.weighting_step(self.score, weight, weight_total, share)))


class Criteria(Protocol):
    """What turns a result into a score. The kinds stand in `indicators.criteria`."""

    def score(self, actual: Decimal, scale: Scale = FIVE) -> Scored:
        """Raises `CannotScore` while the criteria have problems, or when they can't measure this result."""
        ...


@dataclass(frozen=True)
class Part:
    """One line's share of a total. `contribution` is for reading, never for summing."""

    weight: Decimal
    score: Decimal
    contribution: Decimal


@dataclass(frozen=True)
class Total:
    """The score over several lines, the weight it was divided by and which weights those are, and how it came about."""

    score: Decimal
    denominator: Decimal
    denominator_words: str
    working: tuple[Step, ...]
    parts: tuple[Part, ...]


def interpolate(knots: Sequence[Decimal], actual: Decimal, scale: Scale = FIVE) -> Decimal:
    """Score of `actual` against the values of levels 1..n of the scale, linear within a segment, unrounded, uncapped.

    Descending knots mean "lower is better". Below level 1 scores the floor; at or beyond level n, the top. A quotient
    without end is cut off behind 100 digits, which leaves `round_score` of it right to the last place. Raises
    `CannotScore` for knots that are equal, crossing, not finite or not as many as the scale's levels, and for a result
    that isn't finite.
    """
    knots = fitting(knots, scale)
    reached = level_reached(knots, actual)
    if reached in (0, len(knots)):
        return finite(scale.at(reached))
    here, there = knots[reached - 1], knots[reached]
    worth = _EXACT.subtract(scale.at(reached + 1), scale.at(reached))
    part = _EXACT.multiply(worth, _EXACT.subtract(actual, here))
    return _CUT.add(scale.at(reached), _CUT.divide(part, _EXACT.subtract(there, here)))


def level_reached(knots: Sequence[Decimal], actual: Decimal) -> int:
    """The highest level whose value `actual` reaches; 0 below level 1. The knots are taken to be in order."""
    actual = finite(actual)
    if direction_of(knots) is Direction.LOWER:
        return sum(actual <= knot for knot in knots)
    return sum(actual >= knot for knot in knots)


def direction_of(knots: Sequence[Decimal]) -> Direction:
    """Descending values mean that lower is better."""
    return Direction.LOWER if knots[-1] < knots[0] else Direction.HIGHER


def round_score(value: Decimal, places: int = PLACES) -> Decimal:
    """4 places, half up: 0.42605 → 0.4261."""
    return value.quantize(ONE.scaleb(-places), rounding=ROUND_HALF_UP, context=_CUT)


def weighted_mean(parts: Pairs) -> Decimal:
    """Σ(weight × score) ÷ Σ weight of (weight, score) pairs, unrounded, by the actual sum of weights (100, 1, 37.5).

    Raises `CannotScore` when that sum is zero or a weight is negative.
    """
    pairs = list(parts)
    return _CUT.divide(_products(pairs), _divisor(_weights(pairs)))


def contribution(weight: Decimal, score: Decimal, weight_total: Decimal) -> Decimal:
    """weight × score ÷ total weight in 4 places: for reading, never for summing."""
    return round_score(_CUT.divide(_EXACT.multiply(finite(weight), finite(score)), _divisor(finite(weight_total))))


def score_levels(knots: Sequence[Decimal], actual: Decimal, scale: Scale = FIVE) -> Scored:
    """`interpolate`, capped and rounded, with its working."""
    knots = fitting(knots, scale)
    unrounded = interpolate(knots, actual, scale)
    reached = level_reached(knots, actual)
    steps = [
        working.criteria_step(knots, scale.points, lower_is_better=direction_of(knots) is Direction.LOWER),
        working.segment_step(knots, actual, reached),
    ]
    if 0 < reached < len(knots) and actual != knots[reached - 1]:
        steps.append(working.rule_of_three_step(knots, actual, reached, unrounded, scale))
    else:
        steps.append(working.score_step(scale.round(unrounded), below_level_1=reached == 0))
    return scored_by(scale, unrounded, steps)


def scored_by(scale: Scale, unrounded: Decimal, steps: Iterable[Step]) -> Scored:
    """The score that a value comes to on the scale: capped, which its working then says, and rounded."""
    capped = scale.capped(unrounded)
    if capped != unrounded:
        steps = (*steps, working.cap_step(scale.round(capped)))
    return Scored(scale.round(capped), capped, tuple(steps))


def score_line(
    criteria: Criteria,
    actual: Decimal,
    *,
    scale: Scale = FIVE,
    weight: Decimal | None = None,
    weight_total: Decimal | None = None,
    penalties: Iterable[Penalty] = (),
) -> Scored:
    """The score of a result under its criteria less penalties, with its working; given both weights, with what it
    contributes."""
    scored = criteria.score(finite(actual), scale)
    for penalty in penalties:
        scored = scored.with_penalty(penalty, scale.floor)
    if weight is None or weight_total is None:
        return scored
    return scored.with_weight(weight, weight_total)


def score_total(
    parts: Pairs, *, unreported: Decimal = ZERO, over: Denominator = Denominator.IN_FORCE, places: int = PLACES
) -> Total:
    """The total of the lines that have a score, from their (weight, score) pairs, naming its denominator.

    `unreported` is the weight of the lines in force that have no score: they add nothing above the line, and count
    below it unless `over` says otherwise. The total is rounded to `places`. Raises `CannotScore` as `weighted_mean` does, and when no line has a score.
    """
    pairs = [(finite(weight), round_score(finite(score))) for weight, score in parts]
    if not pairs:
        raise CannotScore(_("No result has been reported yet, so there is no total."))
    over_reported = over is Denominator.REPORTED
    reported = _weights(pairs)
    divisor = _divisor(reported if over_reported else _EXACT.add(reported, finite(unreported)))
    words = working.denominator_words(reported=reported, unreported=unreported, over_reported=over_reported)
    unrounded = _CUT.divide(_products(pairs), divisor)
    return Total(
        score=round_score(unrounded, places),
        denominator=divisor,
        denominator_words=words,
        working=working.total_steps(pairs, _products(pairs), divisor, words, unrounded, places),
        parts=tuple(Part(weight, score, contribution(weight, score, divisor)) for weight, score in pairs),
    )


def usable(knots: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """The knots, when a result can be scored against them; else `CannotScore` with the first thing wrong."""
    problems = knot_problems(knots)
    if problems:
        raise CannotScore(problems[0])
    return tuple(Decimal(knot) for knot in knots)


def fitting(knots: Sequence[Decimal], scale: Scale) -> tuple[Decimal, ...]:
    """The usable knots, one for each level of the scale; else `CannotScore`."""
    knots = usable(knots)
    if len(knots) != scale.levels:
        sentence = _("There are %(values)d values, but the scale has %(levels)d levels.")
        raise CannotScore(sentence % {"values": len(knots), "levels": scale.levels})
    return knots


def knot_problems(knots: Sequence[Decimal]) -> list[str]:
    """What is wrong with the values of levels 1..n, a sentence each; empty when they rise or fall all the way."""
    return sentences(knot_flaws(knots))


def knot_flaws(knots: Sequence[Decimal]) -> list[Flaw]:
    """What is wrong with the values of levels 1..n; empty when they rise or fall all the way."""
    if len(knots) < 2:
        return [Flaw(Rule.LEVELS_GIVEN, _("Criteria need the values of at least two levels."), "level_1")]
    endless = [number for number, knot in enumerate(knots, 1) if not _is_finite(knot)]
    if endless:
        sentence = _("The value of level %(level)d is not a number that can be counted.") % {"level": endless[0]}
        return [Flaw(Rule.LEVELS_COUNTABLE, sentence, f"level_{endless[0]}")]
    pairs = list(pairwise(knots))
    equal = [_same_value(level, here) for level, (here, there) in enumerate(pairs, 1) if here == there]
    rises = [here < there for here, there in pairs if here != there]
    if any(rises) and not all(rises):
        return [*equal, _crossing(pairs)]
    return equal


def _same_value(level: int, value: Decimal) -> Flaw:
    sentence = _(
        "Levels %(here)d and %(there)d have the same value (%(value)s). Please give each level a value of its own."
    )
    words = {"here": level, "there": level + 1, "value": grouped_number(value)}
    return Flaw(Rule.LEVELS_DIFFER, sentence % words, f"level_{level + 1}")


def finite(value: Decimal) -> Decimal:
    """The value as a Decimal that can be computed with. None and floats are refused with TypeError."""
    if not _is_finite(value):
        raise CannotScore(_("This value is not a number that can be counted."))
    return Decimal(value)


def _is_finite(value: Decimal) -> bool:
    if not isinstance(value, Decimal | int):
        raise TypeError(f"Only Decimals are scored, not {value!r}.")
    return Decimal(value).is_finite()


def _crossing(pairs: Sequence[tuple[Decimal, Decimal]]) -> Flaw:
    """The flaw of values that turn back, naming the first that goes against the way most of them go."""
    rising = sum(here < there for here, there in pairs) * 2 >= len(pairs)
    level, value = next(
        (level, there) for level, (here, there) in enumerate(pairs, 2) if here != there and (here < there) is not rising
    )
    sentence = (
        _("The values must rise from level 1 to %(last)d, but level %(level)d (%(value)s) is below the one before it.")
        if rising
        else _(
            "The values must fall from level 1 to %(last)d, but level %(level)d (%(value)s) is above the one before it."
        )
    )
    words = {"last": len(pairs) + 1, "level": level, "value": grouped_number(value)}
    return Flaw(Rule.MONOTONE, sentence % words, f"level_{level}")


def _products(pairs: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    total = ZERO
    for weight, score in pairs:
        total = _EXACT.add(total, _EXACT.multiply(finite(weight), finite(score)))
    return total


def _weights(pairs: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    total = ZERO
    for weight, _score in pairs:
        if finite(weight) < 0:
            raise CannotScore(_("A weight cannot be negative."))
        total = _EXACT.add(total, weight)
    return total


def _divisor(weight: Decimal) -> Decimal:
    if weight <= 0:
        raise CannotScore(_("The weights add up to 0, so there is no total."))
    return weight
