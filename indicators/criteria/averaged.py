"""Means: of projects, whose criteria are values of Σ(W×SM) itself; and over units, of their results or their scores."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from django.utils.translation import gettext as _

from indicators.criteria.items import Item, figures_in, item_flaws, weights_of
from indicators.criteria.kinds import Asks, Inputs, Kind
from indicators.criteria.quantitative import Quantitative
from indicators.criteria.scores import score_as_given
from indicators.flaws import Flaw, Rule
from indicators.scale import FIVE, Scale
from indicators.scoring import Scored, round_score, score_levels, weighted_mean
from indicators.working import Step, criteria_step, rounding, signed
from thai.numbers import fixed_number, grouped_number


class Averages(StrEnum):
    """What is averaged over units: two different things."""

    RESULTS = "of_results"
    SCORES = "of_scores"


@dataclass(frozen=True)
class Averaged(Quantitative):
    """A mean, weighted where the items have weights, measured by the values of the levels."""

    items: tuple[Item, ...] = ()

    @property
    def asks(self) -> Asks:
        return Asks.ITEMS

    def flaws(self) -> list[Flaw]:
        return [*self.value_flaws(), *(item_flaws(self.items) if self.items else [self.no_items()])]

    def no_items(self) -> Flaw:
        raise NotImplementedError

    def result_of(self, inputs: Inputs, scale: Scale = FIVE) -> Decimal | None:
        figures = figures_in(inputs, self.items)
        return None if figures is None else round_score(self._mean(figures))

    def account_of(self, inputs: Inputs, scale: Scale = FIVE) -> tuple[Step, ...]:
        figures = figures_in(inputs, self.items)
        return () if figures is None else (self.sum_of(figures),)

    def sum_of(self, figures: list[Decimal]) -> Step:
        """The mean as a sum: (0.6 × 4.5 + 0.4 × 3) ÷ 1 = 3.9."""
        weights = weights_of(self.items)
        if all(weight == 1 for weight in weights):
            terms = " + ".join(signed(figure) for figure in figures)
        else:
            pairs = zip(weights, figures, strict=True)
            terms = " + ".join(f"{grouped_number(weight)} × {signed(figure)}" for weight, figure in pairs)
        mean = f"({terms}) ÷ {grouped_number(sum(weights))} = {rounding(self._mean(figures))}"
        return Step(_("Mean of the items"), mean)

    def _mean(self, figures: list[Decimal]) -> Decimal:
        return weighted_mean(zip(weights_of(self.items), figures, strict=True))


@dataclass(frozen=True)
class Projects(Averaged):
    """The mean of projects: the levels are values of Σ(W×SM) ÷ ΣW, of the scores that each project was given."""

    kind: ClassVar[Kind] = Kind.PROJECTS

    def no_items(self) -> Flaw:
        return Flaw(Rule.ITEMS_GIVEN, _("Please list the projects."), "items-0-text")


@dataclass(frozen=True)
class Units(Averaged):
    """Over units: the mean of their results is scored, or each result is scored and the mean of the scores counts."""

    averages: Averages = Averages.RESULTS
    kind: ClassVar[Kind] = Kind.UNITS

    def no_items(self) -> Flaw:
        return Flaw(Rule.ITEMS_GIVEN, _("Please list the units."), "items-0-text")

    @property
    def _of_scores(self) -> bool:
        return self.averages == Averages.SCORES

    def score(self, actual: Decimal, scale: Scale = FIVE) -> Scored:
        if not self._of_scores:
            return super().score(actual, scale)
        self.refuse_flaws()
        knots = tuple(level for level in self.levels if level is not None)
        rule = criteria_step(knots, scale.points, lower_is_better=knots[-1] < knots[0])
        return score_as_given(actual, scale, Step(rule.label, rule.text), _("Mean of the units' scores"))

    def level_reached(self, actual: Decimal, scale: Scale = FIVE) -> int | None:
        if not self._of_scores:
            return super().level_reached(actual, scale)
        return None if self.value_flaws() else scale.level_of(actual) or None

    def result_of(self, inputs: Inputs, scale: Scale = FIVE) -> Decimal | None:
        figures = figures_in(inputs, self.items)
        if figures is None or not self._of_scores:
            return super().result_of(inputs, scale)
        return round_score(self._mean(self._scores(figures, scale)))

    def account_of(self, inputs: Inputs, scale: Scale = FIVE) -> tuple[Step, ...]:
        figures = figures_in(inputs, self.items)
        if figures is None or not self._of_scores:
            return super().account_of(inputs, scale)
        scores = self._scores(figures, scale)
        each = [
            f"{item.name}: {signed(figure)} → {fixed_number(score, scale.places)}"
            for item, figure, score in zip(self.items, figures, scores, strict=True)
        ]
        return Step(_("Score of each unit"), " · ".join(each)), self.sum_of(scores)

    def _scores(self, figures: list[Decimal], scale: Scale) -> list[Decimal]:
        """Of each unit, by the levels, rounded as any score is."""
        self.refuse_flaws()
        knots = tuple(level for level in self.levels if level is not None)
        return [score_levels(knots, figure, scale).score for figure in figures]
