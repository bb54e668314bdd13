"""Kinds of criteria behind one interface: what turns a result into a score from 1 to 5.

Pure, as `indicators.scoring` is. A kind is a frozen dataclass with the members of `Criteria`, and a row in `KINDS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Protocol

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from indicators import scoring
from indicators.scoring import ONE, CannotScore, Direction, Scored, finite
from indicators.working import Step, score_step

LEVELS = 5


class Kind(StrEnum):
    QUANTITATIVE = "quantitative"
    MILESTONE = "milestone"


class Criteria(Protocol):
    """The interface of every kind."""

    kind: ClassVar[Kind]

    @property
    def direction(self) -> Direction | None:
        """Which way is better; None as long as that can't be told."""
        ...

    def problems(self) -> list[str]:
        """What must be mended before a result can be scored, a sentence each."""
        ...

    def score(self, actual: Decimal, *, floor: Decimal = ONE) -> Scored:
        """The score with its working. `CannotScore` while there are problems, or for a result of the wrong kind."""
        ...

    def level_reached(self, actual: Decimal) -> int | None:
        """The highest level that a result reaches: none below level 1, nor where it can't be measured."""
        ...


@dataclass(frozen=True)
class Quantitative:
    """Five values, linear in between. Falling values mean that lower is better."""

    levels: tuple[Decimal | None, ...]
    kind: ClassVar[Kind] = Kind.QUANTITATIVE

    @property
    def direction(self) -> Direction | None:
        return None if self.problems() else scoring.direction_of(self._given())

    def problems(self) -> list[str]:
        blank = [number for number, level in enumerate(self.levels, 1) if level is None]
        if blank:
            return [_("Still without a value: level %(levels)s.") % {"levels": _listed(blank)}]
        return scoring.knot_problems(self._given())

    def score(self, actual: Decimal, *, floor: Decimal = ONE) -> Scored:
        _refuse_problems(self)
        return scoring.score_levels(self._given(), actual, floor=floor)

    def level_reached(self, actual: Decimal) -> int | None:
        return None if self.problems() else scoring.level_reached(self._given(), actual) or None

    def _given(self) -> tuple[Decimal, ...]:
        return tuple(level for level in self.levels if level is not None)


@dataclass(frozen=True)
class Milestone:
    """Level of success (ระดับความสำเร็จ): reach step n, score n. Each level is described."""

    descriptions: tuple[str, ...]
    kind: ClassVar[Kind] = Kind.MILESTONE

    @property
    def direction(self) -> Direction:
        return Direction.HIGHER

    def problems(self) -> list[str]:
        blank = [number for number, text in enumerate(self.descriptions, 1) if not text.strip()]
        return [_("Still without a description: level %(levels)s.") % {"levels": _listed(blank)}] if blank else []

    def score(self, actual: Decimal, *, floor: Decimal = ONE) -> Scored:
        _refuse_problems(self)
        step = self._step(actual)
        if step is None:
            raise CannotScore(
                _("Please give the step reached as a whole number from 0 to %(last)d.")
                % {"last": len(self.descriptions)}
            )
        score = scoring.round_score(Decimal(step) if step else finite(floor))
        reached = f"{step}: {self.descriptions[step - 1]}" if step else _("no step reached")
        steps = (
            Step(_("Criteria (level of success)"), _("reach step n, score n")),
            Step(_("Step reached"), reached),
            score_step(score, below_level_1=step == 0),
        )
        return Scored(score, score, steps)

    def level_reached(self, actual: Decimal) -> int | None:
        return self._step(actual) or None

    def _step(self, actual: Decimal) -> int | None:
        """The result as a step from 0 to the last; None if it is no such number."""
        step = finite(actual)
        whole = step == step.to_integral_value()
        return int(step) if whole and 0 <= step <= len(self.descriptions) else None


def fill_levels(start: Decimal, step: Decimal) -> tuple[Decimal, ...]:
    """The five values from level 1's and the amount per level; a negative amount for lower is better."""
    return tuple(start + number * step for number in range(LEVELS))


# A new kind is a class above and a row here.
KINDS: dict[Kind, Callable[[tuple[Decimal | None, ...], tuple[str, ...]], Criteria]] = {
    Kind.QUANTITATIVE: lambda levels, descriptions: Quantitative(levels),
    Kind.MILESTONE: lambda levels, descriptions: Milestone(descriptions),
}


def criteria_for(kind: str, levels: Sequence[Decimal | None], descriptions: Sequence[str]) -> Criteria:
    """The criteria of a kind, from whichever of the two it needs. ValueError for a kind that isn't known."""
    return KINDS[Kind(kind)](tuple(levels), tuple(descriptions))


def _refuse_problems(criteria: Criteria) -> None:
    problems = criteria.problems()
    if problems:
        raise CannotScore(problems[0])


def _listed(numbers: Sequence[int]) -> str:
    """1, 2 and 5."""
    return get_text_list([str(number) for number in numbers], _("and"))
