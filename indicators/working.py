"""The working of a score in words and sums, row by row, in the reader's language.

Numbers are in 0–9; the page turns their digits. Nothing is computed here: what is written is handed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.scale import PLACES, Scale
from thai.numbers import fixed_number, grouped_number, plain_number

# A value is written out to this many decimals before the dots.
WRITTEN_PLACES = 8


@dataclass(frozen=True)
class Step:
    """One row: what it is, and the sum or the sentence."""

    label: str
    text: str


def criteria_step(values: Sequence[Decimal], points: Sequence[Decimal], *, lower_is_better: bool) -> Step:
    """The values of the levels, and what each is worth where that isn't the level's own number."""
    label = _("Criteria (lower is better)") if lower_is_better else _("Criteria (higher is better)")
    return Step(label, " · ".join(worth(signed(v), level, points) for level, v in enumerate(values, 1)))


def worth(text: str, level: int, points: Sequence[Decimal]) -> str:
    """What a level asks for, with its points where they aren't the number of the level: 80 → 75."""
    return text if points[level - 1] == level else f"{text} → {grouped_number(points[level - 1])}"


def segment_step(values: Sequence[Decimal], actual: Decimal, reached: int) -> Step:
    """Where the result fell among the levels, `reached` of which it reached."""
    return Step(_("Where the result falls"), _segment(values, actual, reached))


def rule_of_three_step(
    values: Sequence[Decimal], actual: Decimal, reached: int, unrounded: Decimal, scale: Scale
) -> Step:
    """The sum between level `reached` and the next: 4 + (21 − 20.1) ÷ (21 − 18) = 4.3."""
    here, there = values[reached - 1], values[reached]
    if there > here:
        sums = f"({term(actual)} − {term(here)}) ÷ ({term(there)} − {term(here)})"
    else:
        sums = f"({term(here)} − {term(actual)}) ÷ ({term(here)} − {term(there)})"
    step = scale.at(reached + 1) - scale.at(reached)
    times = "" if step == 1 else f"{grouped_number(step)} × "
    begins = grouped_number(scale.at(reached))
    return Step(_("Rule of three"), f"{begins} + {times}{sums} = {rounding(unrounded, scale.places)}")


def score_step(score: Decimal, *, below_level_1: bool = False) -> Step:
    """A score that needed no sum."""
    text = fixed_number(score, PLACES)
    return Step(_("Score"), _("%(score)s (the score below level 1)") % {"score": text} if below_level_1 else text)


def cap_step(score: Decimal) -> Step:
    """The framework lets no score go higher."""
    return Step(_("Cap"), _("no score above %(score)s") % {"score": fixed_number(score, PLACES)})


def penalty_step(before: Decimal, points: Decimal, why: str, after: Decimal, *, stopped_at: Decimal | None) -> Step:
    """Points taken off a score, and why; `stopped_at`: the score that it can't go below, where that was met."""
    off = fixed_number(points, PLACES)
    text = f"{fixed_number(before, PLACES)} − {off} = {fixed_number(after, PLACES)}"
    label = _("Penalty of %(points)s: %(why)s") % {"points": off, "why": why}
    if stopped_at is None:
        return Step(label, text)
    text = f"{fixed_number(before, PLACES)} − {off} → {fixed_number(after, PLACES)}"
    return Step(label, _("%(sum)s (not below %(floor)s)") % {"sum": text, "floor": fixed_number(stopped_at, PLACES)})


def weighting_step(score: Decimal, weight: Decimal, weight_total: Decimal, contribution: Decimal) -> Step:
    """What the line contributes: 4.3000 × 10.00 ÷ 100 = 0.4300."""
    product = f"{weighted(weight, score)} ÷ {grouped_number(weight_total)}"
    return Step(_("Weighting"), f"{product} = {fixed_number(contribution, PLACES)} ({half_up()})")


def total_steps(
    pairs: Sequence[tuple[Decimal, Decimal]],
    products: Decimal,
    divisor: Decimal,
    denominator: str,
    unrounded: Decimal,
    places: int = PLACES,
) -> tuple[Step, ...]:
    """A total of (weight, score) pairs: the products, what they are divided by, the quotient."""
    terms = " + ".join(weighted(weight, score) for weight, score in pairs)
    return (
        Step(_("Sum of score × weight"), f"{terms} = {grouped_number(products)}"),
        Step(_("Denominator"), denominator),
        Step(_("Total"), f"{grouped_number(products)} ÷ {grouped_number(divisor)} = {rounding(unrounded, places)}"),
    )


def denominator_words(*, reported: Decimal, unreported: Decimal, over_reported: bool) -> str:
    """Which weights a total is divided by."""
    weights = {"reported": grouped_number(reported), "all": grouped_number(reported + unreported)}
    if not unreported:
        return _("all the weights in use, %(all)s") % weights
    if over_reported:
        return _("the weights of the indicators reported only, %(reported)s of %(all)s") % weights
    return _("all the weights in use, %(all)s, of which only %(reported)s have been reported") % weights


def half_up(places: int = PLACES) -> str:
    if places == PLACES:
        return _("rounded half up to 4 places")
    return _("rounded half up, decimals: %(places)d") % {"places": places}


def signed(value: Decimal) -> str:
    """A number with a true minus sign."""
    return grouped_number(value).replace("-", "−")


def term(value: Decimal) -> str:
    """A number inside a sum: a negative one in brackets."""
    return f"({signed(value)})" if value < 0 else signed(value)


def weighted(weight: Decimal, score: Decimal) -> str:
    """4.3000 × 10.00; a weight with more than 2 decimals (a fraction of 1) keeps them."""
    written = max(plain_number(weight), fixed_number(weight, 2), key=len)
    return f"{fixed_number(score, PLACES)} × {written}"


def rounding(unrounded: Decimal, places: int = PLACES) -> str:
    """The value as it is; where it has more decimals than a score, as it begins and as it is rounded."""
    whole, _point, decimals = grouped_number(unrounded).partition(".")
    if len(decimals) <= places:
        return grouped_number(unrounded)
    written = f"{whole}.{decimals[:WRITTEN_PLACES]}{'…' if len(decimals) > WRITTEN_PLACES else ''}"
    return f"{written} ≈ {fixed_number(unrounded, places)} ({half_up(places)})"


def _segment(values: Sequence[Decimal], actual: Decimal, reached: int) -> str:
    if reached == 0:
        return _("%(actual)s does not reach level 1 (%(value)s)") % {
            "actual": signed(actual),
            "value": signed(values[0]),
        }
    here = {"level": reached, "value": signed(values[reached - 1])}
    if actual == values[reached - 1]:
        return _("exactly level %(level)d (%(value)s)") % here
    if reached == len(values):
        return _("%(actual)s is better than level %(level)d (%(value)s)") % (here | {"actual": signed(actual)})
    return _("between level %(level)d (%(value)s) and level %(next)d (%(next_value)s)") % (
        here | {"next": reached + 1, "next_value": signed(values[reached])}
    )
