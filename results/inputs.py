"""From what a report asks for to the one figure that is scored: the values of a formula, steps, items, a choice.

No database. `inputs` are as a result keeps them (see indicators.criteria.kinds); for a formula {"values": {"A": "437"}}.
A line is one as it was signed (results.scores.AgreedLine): it has `criteria`, `expression` and `items`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from indicators import formula
from indicators.criteria import Criteria
from indicators.criteria.kinds import number_in
from indicators.formula import Computed, Formula, StillMissing
from indicators.scale import Scale
from indicators.scoring import CannotScore
from indicators.working import Step

__all__ = ["NO_ACCOUNT", "VALUES", "Account", "account_of", "asks", "formula_of", "values_in"]

# What the report of a line with a formula asks for; all else is asked for by the criteria.
VALUES = "values"


class Asking(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def criteria(self) -> Criteria: ...
    @property
    def expression(self) -> str: ...
    @property
    def items(self) -> list[dict[str, str]]: ...


@dataclass(frozen=True)
class Account:
    """The figure, and how it came about; without one `problem` says why, or is "" where nothing was typed."""

    value: Decimal | None
    steps: tuple[Step, ...] = ()
    problem: str = ""
    # Does something only lack, rather than be wrong? Then what was typed can be kept.
    is_unfinished: bool = False


NO_ACCOUNT = Account(None)


def asks(line: Asking) -> str:
    """What a report of this line asks for: VALUES or one of indicators.criteria.Asks."""
    return VALUES if formula_of(line) else line.criteria.asks


def formula_of(line: Asking) -> Formula | None:
    """The line's formula, if its result is computed by one."""
    return formula.formula_of(line.kind, line.expression)


def values_in(inputs: Mapping[str, Any]) -> dict[str, Decimal | None]:
    """The values of a formula as numbers; None where a report has none."""
    return {name: number_in(text) for name, text in (inputs.get("values") or {}).items()}


def account_of(line: Asking, inputs: Mapping[str, Any], scale: Scale) -> Account:
    """What the inputs of a report come to."""
    try:
        by_formula = formula_of(line)
        if by_formula:
            return _computed(by_formula, values_in(inputs))
        return Account(line.criteria.result_of(inputs, scale), line.criteria.account_of(inputs, scale))
    except StillMissing as why:
        return Account(None, problem=str(why), is_unfinished=True)
    except CannotScore as why:
        return Account(None, problem=str(why), is_unfinished=_has_blanks(inputs))


def _computed(by_formula: Formula, values: Mapping[str, Decimal | None]) -> Account:
    if by_formula.names and all(values.get(name) is None for name in by_formula.names):
        return Account(None)
    computed: Computed = by_formula.evaluate(values)
    return Account(computed.value, computed.steps)


def _has_blanks(inputs: Mapping[str, Any]) -> bool:
    return any(not str(text).strip() for text in inputs.get("items") or ())
