"""Values of the levels, linear in between: of the result itself, or of the mean that it is put together from."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from indicators import scoring
from indicators.criteria.kinds import Criteria, Kind, Levels, given, without_value
from indicators.flaws import Flaw
from indicators.scale import FIVE, Scale
from indicators.scoring import Direction, Scored
from thai.numbers import grouped_number


@dataclass(frozen=True)
class Quantitative(Criteria):
    """A value for each level, linear in between. Falling values mean that lower is better."""

    levels: Levels
    kind: ClassVar[Kind] = Kind.QUANTITATIVE

    @property
    def direction(self) -> Direction | None:
        return None if self.value_flaws() else scoring.direction_of(given(self.levels))

    def flaws(self) -> list[Flaw]:
        return self.value_flaws()

    def value_flaws(self) -> list[Flaw]:
        """The flaws of the values alone."""
        return without_value(self.levels) or scoring.knot_flaws(given(self.levels))

    def score(self, actual: Decimal, scale: Scale = FIVE) -> Scored:
        self.refuse_flaws()
        return scoring.score_levels(given(self.levels), actual, scale)

    def level_reached(self, actual: Decimal, scale: Scale = FIVE) -> int | None:
        return None if self.value_flaws() else scoring.level_reached(given(self.levels), actual) or None

    def cells(self, write: Callable[[Decimal], str] = grouped_number) -> tuple[str, ...]:
        return tuple("" if level is None else write(level) for level in self.levels)

    @property
    def knots(self) -> tuple[Decimal, ...]:
        return () if self.value_flaws() else given(self.levels)
