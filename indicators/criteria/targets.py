"""The 3-target scheme: below the standard, standard, advanced score 50, 75 and 100; nothing in between."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from indicators import scoring
from indicators.criteria.kinds import Kind, Levels, given
from indicators.criteria.stepped import Stepped, below_level_1, worths
from indicators.flaws import Flaw, Rule
from indicators.scale import Scale
from indicators.scoring import Direction
from indicators.working import Step, signed
from thai.numbers import grouped_number

TARGETS = 3


@dataclass(frozen=True)
class Targets(Stepped):
    """The standard target is the value of level 2, the advanced one that of level 3. Level 1 may have a value of its own,
    below which not even its points are given; else whatever is below the standard has them."""

    levels: Levels
    kind: ClassVar[Kind] = Kind.TARGETS

    @property
    def level_count(self) -> int:
        return len(self.levels)

    @property
    def direction(self) -> Direction | None:
        return None if self.flaws() else scoring.direction_of(given(self.levels))

    def flaws(self) -> list[Flaw]:
        if len(self.levels) != TARGETS:
            sentence = _("The scheme of three targets needs the scale 50, 75 and 100. Please choose another kind.")
            return [Flaw(Rule.FITS_SCALE, sentence, "kind")]
        names = {2: _("Still without the standard target."), 3: _("Still without the advanced target.")}
        missing = [n for n in names if self.levels[n - 1] is None]
        if missing:
            return [Flaw(Rule.LEVELS_GIVEN, names[n], f"level_{n}") for n in missing]
        return scoring.knot_flaws(given(self.levels))

    def level_at(self, actual: Decimal) -> int:
        lower = scoring.direction_of(given(self.levels)) is Direction.LOWER
        return sum(level is None or (actual <= level if lower else actual >= level) for level in self.levels)

    def rule(self, scale: Scale) -> Step:
        return Step(_("Criteria (three targets)"), worths(self.cells(signed), scale))

    def where(self, actual: Decimal, level: int) -> Step:
        names = (below_level_1(), _("below the standard"), _("standard"), _("advanced"))
        return Step(_("Where the result falls"), f"{signed(actual)}: {names[level]}")

    def cells(self, write: Callable[[Decimal], str] = grouped_number) -> tuple[str, ...]:
        """Level 1 without a value of its own: whatever the standard isn't, such as < 80."""
        first, *others = ("" if level is None else write(level) for level in self.levels)
        if not first and all(others):
            lower = scoring.direction_of(given(self.levels)) is Direction.LOWER
            first = f"{'>' if lower else '<'} {others[0]}"
        return first, *others

    @property
    def knots(self) -> tuple[Decimal, ...]:
        """Where each target is reached; where level 1 has no value, as far below the standard as advanced is above."""
        if self.flaws():
            return ()
        first, *others = self.levels
        standard, advanced = given(tuple(others))
        return (standard - (advanced - standard) if first is None else first, standard, advanced)
