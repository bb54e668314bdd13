"""What every kind of criteria has: the interface, and what most of them do alike.

Pure, as `indicators.scoring` is. `inputs` are what a report asks for, as it keeps them (texts, as JSON does):

    asks NUMBER  {"value": "87.42"}
    asks STEPS   {"done": ["1", "2", "4"]}        the numbers, from 1, of the items that are done
    asks ITEMS   {"items": ["4.5", "", "3"]}      a figure for each item, in their order; blank: not reported
    asks CHOICE  {"choice": "pass"}               one of `choices`
    asks TAKEN   {"taken": "4.3000"}              the score of the superior's indicator
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from indicators.flaws import Flaw, Rule, sentences
from indicators.scale import FIVE, Scale
from indicators.scoring import CannotScore, Direction, Scored
from indicators.working import Step
from thai.numbers import NotANumber, grouped_number, parse_decimal

Inputs = Mapping[str, Any]
Levels = tuple[Decimal | None, ...]


class Kind(StrEnum):
    QUANTITATIVE = "quantitative"
    BANDS = "bands"
    MILESTONE = "milestone"
    CUMULATIVE = "cumulative"
    COUNT = "count"
    PROJECTS = "projects"
    UNITS = "units"
    SUPERIOR = "superior"
    PASS_FAIL = "pass_fail"
    TARGETS = "targets"


class Asks(StrEnum):
    """What a report asks for, so that the result can be had from it."""

    NUMBER = "number"
    STEPS = "steps"
    ITEMS = "items"
    CHOICE = "choice"
    TAKEN = "taken"


class Criteria(ABC):
    """The interface of every kind: what turns a result into a score on a scale."""

    kind: ClassVar[Kind]
    # Does the score climb from level to level, rather than go up in between?
    is_stepped: ClassVar[bool] = False

    @property
    def asks(self) -> Asks:
        return Asks.NUMBER

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """With `asks` CHOICE: what can be chosen. (value, words)"""
        return ()

    @property
    def names(self) -> Mapping[Decimal, str]:
        """Results that have a name, rather than a figure in the unit of measure."""
        return {}

    @property
    def direction(self) -> Direction | None:
        """Which way is better; None as long as that can't be told."""
        return Direction.HIGHER

    @abstractmethod
    def flaws(self) -> list[Flaw]:
        """What must be mended before a result can be scored."""

    def problems(self) -> list[str]:
        """The same, a sentence each."""
        return sentences(self.flaws())

    @abstractmethod
    def score(self, actual: Decimal, scale: Scale = FIVE) -> Scored:
        """The score with its working, which begins with the criteria. `CannotScore` while there are flaws, for a result
        of the wrong kind, or on a scale with another number of levels."""

    @abstractmethod
    def level_reached(self, actual: Decimal, scale: Scale = FIVE) -> int | None:
        """The highest level that a result reaches: none below level 1, nor where it can't be measured."""

    @abstractmethod
    def cells(self, write: Callable[[Decimal], str] = grouped_number) -> tuple[str, ...]:
        """What each level asks for, as a cell of the criteria table says it; "" where nothing is said yet."""

    @property
    def knots(self) -> tuple[Decimal, ...]:
        """The result at which each level is reached; empty as long as there are flaws, or where none can be told."""
        return ()

    def shape(self, scale: Scale = FIVE) -> tuple[tuple[Decimal, Decimal], ...]:
        """The corners of the curve, (result, score), from the lowest score up; empty as long as there are flaws."""
        return tuple(zip(self.knots, scale.points, strict=False))

    def result_of(self, inputs: Inputs, scale: Scale = FIVE) -> Decimal | None:
        """The figure to score, from what a report asks for; None if nothing is reported. Raises `CannotScore`."""
        return number_in(inputs.get("value"))

    def account_of(self, inputs: Inputs, scale: Scale = FIVE) -> tuple[Step, ...]:
        """How `result_of` came to its figure, as the beginning of the working. Raises as it does."""
        return ()

    def refuse_flaws(self) -> None:
        found = self.flaws()
        if found:
            raise CannotScore(found[0].sentence)

    def refuse_scale(self, scale: Scale, levels: int) -> None:
        """`CannotScore` where the criteria don't have a level for each of the scale's."""
        if levels != scale.levels:
            sentence = _("There are %(values)d values, but the scale has %(levels)d levels.")
            raise CannotScore(sentence % {"values": levels, "levels": scale.levels})


def number_in(text: str | None) -> Decimal | None:
    """A number as reports and items keep it; None where it is blank. Raises `CannotScore` with the sentence."""
    if text is None or not str(text).strip():
        return None
    try:
        return parse_decimal(str(text))
    except NotANumber as why:
        raise CannotScore(str(why)) from why


def given(levels: Levels) -> tuple[Decimal, ...]:
    return tuple(level for level in levels if level is not None)


def without_value(levels: Levels) -> list[Flaw]:
    """The flaw of levels that have no value yet."""
    blank = [number for number, level in enumerate(levels, 1) if level is None]
    if not blank:
        return []
    sentence = _("Still without a value: level %(levels)s.") % {"levels": listed(blank)}
    return [Flaw(Rule.LEVELS_GIVEN, sentence, f"level_{blank[0]}")]


def listed(numbers: Sequence[int]) -> str:
    """1, 2 and 5."""
    return get_text_list([str(number) for number in numbers], _("and"))
