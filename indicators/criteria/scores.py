"""Results that are scores already: what was scored elsewhere counts as it is."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from indicators.criteria.kinds import Asks, Criteria, Inputs, Kind, Levels, number_in
from indicators.flaws import Flaw
from indicators.scale import FIVE, Scale
from indicators.scoring import CannotScore, Scored, finite, scored_by
from indicators.working import Step, score_step
from thai.numbers import grouped_number


def score_as_given(actual: Decimal, scale: Scale, rule: Step, label: str) -> Scored:
    """A score made elsewhere, as it is. `CannotScore` where it isn't on the scale."""
    actual = finite(actual)
    if not 0 <= actual <= scale.top:
        sentence = _("A score lies between 0 and %(top)s.") % {"top": grouped_number(scale.top)}
        raise CannotScore(sentence)
    return scored_by(scale, actual, (rule, Step(label, grouped_number(actual)), score_step(scale.round(actual))))


@dataclass(frozen=True)
class Superior(Criteria):
    """Taken from the superior's agreement: the score of the indicator that the line names there."""

    levels: Levels
    kind: ClassVar[Kind] = Kind.SUPERIOR

    @property
    def asks(self) -> Asks:
        return Asks.TAKEN

    def flaws(self) -> list[Flaw]:
        return []

    def score(self, actual: Decimal, scale: Scale = FIVE) -> Scored:
        rule = Step(_("Criteria (taken from the superior)"), _("the score of the superior's indicator, as it is"))
        return score_as_given(actual, scale, rule, _("Score of the superior's indicator"))

    def level_reached(self, actual: Decimal, scale: Scale = FIVE) -> int | None:
        return scale.level_of(finite(actual)) or None

    def cells(self, write: Callable[[Decimal], str] = grouped_number) -> tuple[str, ...]:
        return tuple(str(level) for level in range(1, len(self.levels) + 1))

    def shape(self, scale: Scale = FIVE) -> tuple[tuple[Decimal, Decimal], ...]:
        return (Decimal(0), Decimal(0)), (scale.top, scale.top)

    def result_of(self, inputs: Inputs, scale: Scale = FIVE) -> Decimal | None:
        return number_in(inputs.get("taken"))
