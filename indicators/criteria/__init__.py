"""Kinds of criteria behind one interface: what turns a result into a score on a scale.

Pure, as `indicators.scoring` is. A kind is a frozen dataclass in a module of its own and a row in `KINDS`; what all of
them have stands in `kinds`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from indicators.criteria.averaged import Averages, Projects, Units
from indicators.criteria.bands import Bands
from indicators.criteria.counted import Count, Cumulative
from indicators.criteria.items import LISTING_KINDS, Item, items_of
from indicators.criteria.kinds import Asks, Criteria, Inputs, Kind, Levels
from indicators.criteria.milestone import Milestone
from indicators.criteria.pass_fail import PassFail
from indicators.criteria.quantitative import Quantitative
from indicators.criteria.scores import Superior
from indicators.criteria.targets import Targets
from thai.numbers import plain_number

__all__ = [
    "LEVELS",
    "LISTING_KINDS",
    "Asks",
    "Averages",
    "Bands",
    "Count",
    "Criteria",
    "Cumulative",
    "Inputs",
    "Item",
    "Kind",
    "Milestone",
    "PassFail",
    "Projects",
    "Quantitative",
    "Superior",
    "Targets",
    "Units",
    "criteria_for",
    "fill_bands",
    "fill_levels",
]

LEVELS = 5


class _Given(NamedTuple):
    levels: Levels
    descriptions: tuple[str, ...]
    uppers: Levels
    items: tuple[Item, ...]
    averages: Averages


# A new kind is a module beside this one and a row here.
KINDS: dict[Kind, Callable[[_Given], Criteria]] = {
    Kind.QUANTITATIVE: lambda given: Quantitative(given.levels),
    Kind.BANDS: lambda given: Bands(given.levels, given.uppers),
    Kind.MILESTONE: lambda given: Milestone(given.descriptions),
    Kind.CUMULATIVE: lambda given: Cumulative(given.levels, given.items),
    Kind.COUNT: lambda given: Count(given.levels, given.items),
    Kind.PROJECTS: lambda given: Projects(given.levels, given.items),
    Kind.UNITS: lambda given: Units(given.levels, given.items, given.averages),
    Kind.SUPERIOR: lambda given: Superior(given.levels),
    Kind.PASS_FAIL: lambda given: PassFail(given.descriptions),
    Kind.TARGETS: lambda given: Targets(given.levels),
}


def criteria_for(
    kind: str,
    levels: Sequence[Decimal | None],
    descriptions: Sequence[str],
    *,
    uppers: Sequence[Decimal | None] = (),
    items: Iterable[Mapping[str, str]] = (),
    averages: str = Averages.RESULTS,
) -> Criteria:
    """The criteria of a kind, from whatever of these it needs: a value, a text and an end for each level of the scale.

    ValueError for a kind that isn't known.
    """
    ends = (*uppers, *[None] * len(levels))[: len(levels)]
    return KINDS[Kind(kind)](
        _Given(tuple(levels), tuple(descriptions), ends, items_of(items), Averages(averages or Averages.RESULTS))
    )


def fill_levels(start: Decimal, step: Decimal, levels: int = LEVELS) -> tuple[Decimal, ...]:
    """The values of all levels from level 1's and the amount per level; a negative amount for lower is better."""
    return tuple(start + number * step for number in range(levels))


def fill_bands(start: Decimal, step: Decimal, levels: int = LEVELS) -> tuple[Levels, Levels]:
    """(beginnings, ends) of bands as wide as the step, without a gap, the outermost open; as `fill_levels` counts."""
    values = fill_levels(start, step, levels)
    unit = Decimal(1).scaleb(-max(len(plain_number(each).partition(".")[2]) for each in (start, step)))
    inner = tuple(value - unit if step > 0 else value + unit for value in values[1:])
    reached: Levels = (None, *values[1:])
    left: Levels = (*inner, None)
    return (reached, left) if step > 0 else (left, reached)
