"""What is counted in whole numbers: steps done in a row (cumulative), and issues achieved."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from indicators import scoring
from indicators.criteria.items import Item, item_flaws
from indicators.criteria.kinds import Asks, Inputs, Kind, Levels, given, without_value
from indicators.criteria.stepped import Stepped, below_level_1, worths
from indicators.flaws import Flaw, Rule
from indicators.scale import FIVE, Scale
from indicators.scoring import CannotScore, Direction
from indicators.working import Step
from thai.numbers import grouped_number


@dataclass(frozen=True)
class Counted(Stepped):
    """How many of the items each level needs; where no level says it, as the kind has it."""

    levels: Levels
    items: tuple[Item, ...] = ()

    @property
    def asks(self) -> Asks:
        return Asks.STEPS if self.items else Asks.NUMBER

    @property
    def level_count(self) -> int:
        return len(self.levels)

    @property
    def needed(self) -> Levels:
        """How many each level needs."""
        if any(level is not None for level in self.levels):
            return self.levels
        return tuple(Decimal(self.usual(level)) for level in range(1, len(self.levels) + 1))

    @abstractmethod
    def usual(self, level: int) -> int:
        """How many a level needs where nothing is said."""

    def flaws(self) -> list[Flaw]:
        return without_value(self.needed) or self._uncountable() or self._too_few() or item_flaws(self.items)

    def _uncountable(self) -> list[Flaw]:
        needed = given(self.needed)
        wrong = [n for n, value in enumerate(needed, 1) if value < 1 or value != value.to_integral_value()]
        if wrong:
            sentence = _("Level %(level)d needs a whole number from 1.") % {"level": wrong[0]}
            return [Flaw(Rule.LEVELS_COUNTABLE, sentence, f"level_{wrong[0]}")]
        if scoring.direction_of(needed) is Direction.LOWER:
            sentence = _("Each level must need more than the one before it.")
            return [Flaw(Rule.MONOTONE, sentence, "level_2")]
        return scoring.knot_flaws(needed)

    def _too_few(self) -> list[Flaw]:
        last = given(self.needed)[-1]
        if not self.items or last <= len(self.items):
            return []
        sentence = _("The last level needs %(needed)s, but only %(many)d are listed.")
        return [
            Flaw(Rule.ITEMS_GIVEN, sentence % {"needed": grouped_number(last), "many": len(self.items)}, "items-0-text")
        ]

    def level_at(self, actual: Decimal) -> int:
        most = Decimal(len(self.items)) if self.items else actual
        if actual < 0 or actual != actual.to_integral_value() or actual > most:
            sentence = _("Please give how many there are as a whole number from 0 to %(last)d.")
            whole = _("Please give how many there are as a whole number.")
            raise CannotScore(sentence % {"last": len(self.items)} if self.items else whole)
        return sum(actual >= need for need in given(self.needed))

    def cells(self, write: Callable[[Decimal], str] = grouped_number) -> tuple[str, ...]:
        return tuple("" if need is None else self.cell(grouped_number(need)) for need in self.needed)

    @abstractmethod
    def cell(self, need: str) -> str:
        """What a level that needs so many says in the criteria table."""

    @property
    def knots(self) -> tuple[Decimal, ...]:
        return () if self.flaws() else given(self.needed)

    def result_of(self, inputs: Inputs, scale: Scale = FIVE) -> Decimal | None:
        if not self.items:
            return super().result_of(inputs, scale)
        return None if inputs.get("done") is None else Decimal(self.count(self._done(inputs)))

    def _done(self, inputs: Inputs) -> list[int]:
        """The numbers of the items that are done."""
        done = {str(number) for number in inputs["done"]}
        return [number for number in range(1, len(self.items) + 1) if str(number) in done]

    @abstractmethod
    def count(self, done: Sequence[int]) -> int:
        """How many of those done count."""

    def account_of(self, inputs: Inputs, scale: Scale = FIVE) -> tuple[Step, ...]:
        if not self.items or inputs.get("done") is None:
            return ()
        done = self._done(inputs)
        listed = " · ".join(f"{number} {self.items[number - 1].name}" for number in done) or _("none")
        return (Step(_("Items done"), listed), *self.told(done))

    @abstractmethod
    def told(self, done: Sequence[int]) -> tuple[Step, ...]:
        """What is to be said of those that are done."""


@dataclass(frozen=True)
class Cumulative(Counted):
    """Steps that build on one another: 1+2 scores level 1, 1+2+3 level 2. A step counts only with all those before it."""

    kind: ClassVar[Kind] = Kind.CUMULATIVE

    def usual(self, level: int) -> int:
        return level + 1

    def flaws(self) -> list[Flaw]:
        return super().flaws() if self.items else [_no_items(_("Please list the steps, in their order."))]

    def cell(self, need: str) -> str:
        return need if need == "1" else f"1–{need}"

    def count(self, done: Sequence[int]) -> int:
        """Those in a row from the first."""
        return next((number for number in range(len(self.items)) if number + 1 not in done), len(self.items))

    def told(self, done: Sequence[int]) -> tuple[Step, ...]:
        in_a_row = self.count(done)
        idle = [str(number) for number in done if number > in_a_row]
        text = _("%(many)d in a row from the first") % {"many": in_a_row}
        if not idle:
            return (Step(_("What counts"), text),)
        sentence = _("%(text)s; %(idle)s do not count, as step %(missing)d is not done")
        return (Step(_("What counts"), sentence % {"text": text, "idle": ", ".join(idle), "missing": in_a_row + 1}),)

    def rule(self, scale: Scale) -> Step:
        return Step(_("Criteria (steps that build on one another)"), worths(self.cells(), scale))

    def where(self, actual: Decimal, level: int) -> Step:
        text = _("steps done in a row: %(many)s") % {"many": grouped_number(actual)}
        return Step(_("Where the result falls"), text if level else f"{text}; {below_level_1()}")


@dataclass(frozen=True)
class Count(Counted):
    """The number of issues achieved: n issues score level n, or as many as each level says."""

    kind: ClassVar[Kind] = Kind.COUNT

    def usual(self, level: int) -> int:
        return level

    def cell(self, need: str) -> str:
        return need

    def count(self, done: Sequence[int]) -> int:
        return len(done)

    def told(self, done: Sequence[int]) -> tuple[Step, ...]:
        text = _("%(many)d of %(all)d") % {"many": len(done), "all": len(self.items)}
        return (Step(_("Number achieved"), text),)

    def rule(self, scale: Scale) -> Step:
        return Step(_("Criteria (number achieved)"), worths(self.cells(), scale))

    def where(self, actual: Decimal, level: int) -> Step:
        text = _("achieved: %(many)s") % {"many": grouped_number(actual)}
        return Step(_("Where the result falls"), text if level else f"{text}; {below_level_1()}")


def _no_items(sentence: str) -> Flaw:
    return Flaw(Rule.ITEMS_GIVEN, sentence, "items-0-text")
