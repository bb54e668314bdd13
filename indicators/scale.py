"""The scale that results are scored on: what each level is worth, and what a framework says of its edges.

Pure: no models, no settings. Levels are counted from 1; level 0 means that level 1 isn't reached.
"""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

PLACES = 4
# Enough digits for whatever is scored; a quotient is cut off, not rounded, far behind the place that rounding looks at.
_CUT = Context(prec=100, rounding=ROUND_FLOOR)


@dataclass(frozen=True)
class Scale:
    """`points`: the score of each level. `floor`: of a result below level 1. `cap`: no score above it (None: the top).

    `fail`: of a result that fails where it either passes or fails (None: the points of level 1). `places`: decimals of
    a score, rounded half up.
    """

    points: tuple[Decimal, ...]
    floor: Decimal
    cap: Decimal | None = None
    fail: Decimal | None = None
    places: int = PLACES

    @property
    def top(self) -> Decimal:
        """The points of the highest level."""
        return self.points[-1]

    @property
    def levels(self) -> int:
        """How many levels there are."""
        return len(self.points)

    @property
    def failing(self) -> Decimal:
        """The score of what does not pass."""
        return self.points[0] if self.fail is None else self.fail

    def at(self, level: int) -> Decimal:
        """The points of a level; of level 0, the floor."""
        return self.points[level - 1] if level else self.floor

    def capped(self, score: Decimal) -> Decimal:
        """The score, or the cap where it is above that."""
        return score if self.cap is None else min(score, self.cap)

    def round(self, score: Decimal) -> Decimal:
        """The score with the scale's decimals, half up: 0.42605 → 0.4261."""
        return score.quantize(Decimal(1).scaleb(-self.places), rounding=ROUND_HALF_UP, context=_CUT)

    def level_of(self, score: Decimal) -> int:
        """The highest level whose points a score reaches; 0 below level 1."""
        return sum(score >= points for points in self.points)


FIVE = Scale(tuple(map(Decimal, (1, 2, 3, 4, 5))), floor=Decimal(1))
THREE = Scale(tuple(map(Decimal, (50, 75, 100))), floor=Decimal(50))
# By the names that frameworks keep.
NAMED = {"five": FIVE, "three": THREE}


def scale_of(
    name: str, *, floor: Decimal, cap: Decimal | None = None, fail: Decimal | None = None, places: int = PLACES
) -> Scale:
    """The scale of that name with what a framework says of its edges. KeyError for a name that isn't known."""
    return Scale(NAMED[name].points, floor, cap, fail, places)
