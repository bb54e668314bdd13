"""Bands without interpolation: <75, 75–79, 80–84, 85–89, ≥90. Whole scores; no gap and no overlap between bands."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar

from django.utils.translation import gettext as _

from indicators.criteria.kinds import Kind, Levels
from indicators.criteria.stepped import Stepped, below_level_1, worths
from indicators.flaws import Flaw, Rule
from indicators.scale import Scale
from indicators.scoring import Direction
from indicators.working import Step, signed
from thai.numbers import grouped_number, plain_number


@dataclass(frozen=True)
class Bands(Stepped):
    """A band for each level, from its smaller to its greater end; the outermost bands may be open to their outer side.

    A band is reached at its nearer end: a result between 79 and 80 is still in the band 75–79. So that nothing is left
    to guess, a band must begin one unit of the last decimal written after the end of its neighbour.
    """

    beginnings: Levels
    ends: Levels
    kind: ClassVar[Kind] = Kind.BANDS

    @property
    def level_count(self) -> int:
        return len(self.beginnings)

    @property
    def direction(self) -> Direction | None:
        """As the inner ends run; None as long as they are missing or run both ways."""
        for values in (self.beginnings, self.ends):
            found = [value for value in values if value is not None]
            if len(found) > 1 and found[0] != found[-1]:
                return Direction.HIGHER if found[-1] > found[0] else Direction.LOWER
        return None

    def flaws(self) -> list[Flaw]:
        return self._missing() or self._reversed() or self._not_joined()

    def _missing(self) -> list[Flaw]:
        """Every end is needed but the two outermost."""
        direction = self.direction or Direction.HIGHER
        open_below, open_above = (0, -1) if direction is Direction.HIGHER else (-1, 0)
        last = self.level_count - 1
        lacking = [
            (f"level_{n + 1}", n + 1, _("no beginning"))
            for n, value in enumerate(self.beginnings)
            if value is None and n != open_below % (last + 1)
        ] + [
            (f"upper_{n + 1}", n + 1, _("no end"))
            for n, value in enumerate(self.ends)
            if value is None and n != open_above % (last + 1)
        ]
        sentence = _("The band of level %(level)d has %(lack)s.")
        return [
            Flaw(Rule.LEVELS_GIVEN, sentence % {"level": level, "lack": lack}, field) for field, level, lack in lacking
        ]

    def _reversed(self) -> list[Flaw]:
        sentence = _("The band of level %(level)d ends (%(end)s) before it begins (%(begin)s).")
        return [
            Flaw(Rule.NO_OVERLAP, sentence % {"level": n, "end": signed(end), "begin": signed(begin)}, f"upper_{n}")
            for n, (begin, end) in enumerate(zip(self.beginnings, self.ends, strict=True), 1)
            if begin is not None and end is not None and end < begin
        ]

    def _not_joined(self) -> list[Flaw]:
        """Where neighbours leave something out, or both claim it; each pair from the lower band to the higher."""
        bands = list(enumerate(zip(self.beginnings, self.ends, strict=True), 1))
        rising = self.direction is not Direction.LOWER
        found = []
        for (here, (_begin, end)), (there, (begin, _end)) in pairwise(bands if rising else bands[::-1]):
            if end is None or begin is None:  # `_missing` has told of it
                continue
            words = {"here": here, "there": there, "end": signed(end), "begin": signed(begin)}
            if begin <= end:
                sentence = _("The bands of levels %(here)d and %(there)d overlap (%(begin)s to %(end)s).")
                found.append(Flaw(Rule.NO_OVERLAP, sentence % words, f"level_{there}"))
            elif begin > end + self._unit():
                sentence = _("Between %(end)s (level %(here)d) and %(begin)s (level %(there)d) there is a gap.")
                found.append(Flaw(Rule.NO_GAP, sentence % words, f"level_{there}"))
        return found

    def _unit(self) -> Decimal:
        """One unit of the last decimal that any end is written with."""
        ends = [value for value in (*self.beginnings, *self.ends) if value is not None]
        return Decimal(1).scaleb(-max(len(plain_number(value).partition(".")[2]) for value in ends))

    def level_at(self, actual: Decimal) -> int:
        if self.direction is Direction.LOWER:
            return sum(end is None or actual <= end for end in self.ends)
        return sum(begin is None or actual >= begin for begin in self.beginnings)

    def rule(self, scale: Scale) -> Step:
        return Step(_("Criteria (bands)"), worths(self.cells(signed), scale))

    def where(self, actual: Decimal, level: int) -> Step:
        band = _("%(actual)s is in the band of level %(level)d (%(band)s)")
        words = {"actual": signed(actual), "level": level, "band": self.cells(signed)[level - 1] if level else ""}
        text = band % words if level else f"{signed(actual)}: {below_level_1()}"
        return Step(_("Where the result falls"), text)

    def cells(self, write: Callable[[Decimal], str] = grouped_number) -> tuple[str, ...]:
        return tuple(_band(begin, end, write) for begin, end in zip(self.beginnings, self.ends, strict=True))

    @property
    def knots(self) -> tuple[Decimal, ...]:
        """Where each band is reached; an open first band, a unit outside the next."""
        if self.flaws():
            return ()
        falls = self.direction is Direction.LOWER
        reached = list(self.ends if falls else self.beginnings)
        if reached[0] is None:
            second = reached[1]
            assert second is not None
            third = reached[2] if len(reached) > 2 and reached[2] is not None else second + (-1 if falls else 1)
            reached[0] = second - (third - second)
        return tuple(value for value in reached if value is not None)


def _band(begin: Decimal | None, end: Decimal | None, write: Callable[[Decimal], str]) -> str:
    """75–79, <75 for one that is open below, ≥90 for one that is open above; "" as long as nothing is known of it."""
    if begin is None and end is None:
        return ""
    if begin is None or end is None:
        return f"≤ {write(end)}" if end is not None else f"≥ {write(begin)}" if begin is not None else ""
    return write(begin) if begin == end else f"{write(begin)}–{write(end)}"
