"""Level of success (ระดับความสำเร็จ): reach step n, score level n. Each level is described."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from indicators.criteria.kinds import Kind, listed
from indicators.criteria.stepped import Stepped
from indicators.flaws import Flaw, Rule
from indicators.scale import Scale
from indicators.scoring import CannotScore
from indicators.working import Step
from thai.numbers import grouped_number


@dataclass(frozen=True)
class Milestone(Stepped):
    """The description of each level; the result is the step reached, 0 for none."""

    descriptions: tuple[str, ...]
    kind: ClassVar[Kind] = Kind.MILESTONE

    @property
    def level_count(self) -> int:
        return len(self.descriptions)

    def flaws(self) -> list[Flaw]:
        return without_description(self.descriptions)

    def level_at(self, actual: Decimal) -> int:
        if actual != actual.to_integral_value() or not 0 <= actual <= len(self.descriptions):
            sentence = _("Please give the step reached as a whole number from 0 to %(last)d.")
            raise CannotScore(sentence % {"last": len(self.descriptions)})
        return int(actual)

    def rule(self, scale: Scale) -> Step:
        return Step(_("Criteria (level of success)"), _("reach step n, score n"))

    def where(self, actual: Decimal, level: int) -> Step:
        reached = f"{level}: {self.descriptions[level - 1]}" if level else _("no step reached")
        return Step(_("Step reached"), reached)

    def cells(self, write: Callable[[Decimal], str] = grouped_number) -> tuple[str, ...]:
        return tuple(str(step) for step in range(1, len(self.descriptions) + 1))

    @property
    def knots(self) -> tuple[Decimal, ...]:
        return () if self.flaws() else tuple(Decimal(step) for step in range(1, len(self.descriptions) + 1))


def without_description(descriptions: tuple[str, ...]) -> list[Flaw]:
    """The flaw of levels that have no description yet."""
    blank = [number for number, text in enumerate(descriptions, 1) if not text.strip()]
    if not blank:
        return []
    sentence = _("Still without a description: level %(levels)s.") % {"levels": listed(blank)}
    return [Flaw(Rule.DESCRIPTIONS_GIVEN, sentence, f"text_{blank[0]}")]
