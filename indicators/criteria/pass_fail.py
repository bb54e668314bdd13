"""Passes or fails: the top of the scale, or what the framework says a fail scores."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from indicators.criteria.kinds import Asks, Criteria, Inputs, Kind
from indicators.flaws import Flaw, Rule
from indicators.scale import FIVE, Scale
from indicators.scoring import CannotScore, Scored, finite, scored_by
from indicators.working import Step, score_step
from thai.numbers import fixed_number, grouped_number

PASS, FAIL = "pass", "fail"
RESULTS = {PASS: Decimal(1), FAIL: Decimal(0)}


@dataclass(frozen=True)
class PassFail(Criteria):
    """The result is 1 for a pass and 0 for a fail. The description of the last level says what passes."""

    descriptions: tuple[str, ...]
    kind: ClassVar[Kind] = Kind.PASS_FAIL
    is_stepped: ClassVar[bool] = True

    @property
    def asks(self) -> Asks:
        return Asks.CHOICE

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        return (PASS, _("passes")), (FAIL, _("does not pass"))

    @property
    def names(self) -> Mapping[Decimal, str]:
        return {RESULTS[PASS]: _("pass"), RESULTS[FAIL]: _("fail")}

    def flaws(self) -> list[Flaw]:
        if self.descriptions[-1].strip():
            return []
        sentence = _("Please describe what passes.")
        return [Flaw(Rule.DESCRIPTIONS_GIVEN, sentence, f"text_{len(self.descriptions)}")]

    def score(self, actual: Decimal, scale: Scale = FIVE) -> Scored:
        self.refuse_flaws()
        if finite(actual) not in RESULTS.values():
            raise CannotScore(_("Please give 1 for a pass and 0 for a fail."))
        score = scale.top if actual == 1 else scale.failing
        words = {"top": fixed_number(scale.top, scale.places), "fail": fixed_number(scale.failing, scale.places)}
        rule = Step(_("Criteria (passes or not)"), _("passes: %(top)s · does not pass: %(fail)s") % words)
        said = f"{_('passes')}: {self.descriptions[-1]}" if actual == 1 else _("does not pass")
        return scored_by(scale, score, (rule, Step(_("Result"), said), score_step(scale.round(score))))

    def level_reached(self, actual: Decimal, scale: Scale = FIVE) -> int | None:
        return len(self.descriptions) if finite(actual) == 1 and not self.flaws() else None

    def cells(self, write: Callable[[Decimal], str] = grouped_number) -> tuple[str, ...]:
        return _("fail"), *("" for _text in self.descriptions[2:]), _("pass")

    def shape(self, scale: Scale = FIVE) -> tuple[tuple[Decimal, Decimal], ...]:
        return () if self.flaws() else ((RESULTS[FAIL], scale.failing), (RESULTS[PASS], scale.top))

    def result_of(self, inputs: Inputs, scale: Scale = FIVE) -> Decimal | None:
        return RESULTS.get(inputs.get("choice", ""))
