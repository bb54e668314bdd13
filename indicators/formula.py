"""The computable formula of an indicator: named values, + − × ÷, brackets, min, max, sum, mean, if; nothing else.

Pure. Decimals in, a Decimal out; computed exactly and rounded once, so that A ÷ 3 × 3 is A. Names are Thai or Latin.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from indicators.criteria.items import LISTING_KINDS
from indicators.criteria.kinds import Kind
from indicators.formula_text import FormulaError, name_problem, read, tidied
from indicators.formula_tree import (
    Call,
    CannotCompute,
    Choice,
    Name,
    Negative,
    Node,
    Part,
    Products,
    Sums,
    ratio_text,
)
from indicators.scale import PLACES
from indicators.scoring import finite
from indicators.working import Step, half_up
from thai.numbers import fixed_number, grouped_number

__all__ = [
    "FORMULA_KINDS",
    "CannotCompute",
    "Computed",
    "Formula",
    "FormulaError",
    "Problem",
    "StillMissing",
    "formula_of",
    "items_that_count",
    "name_problem",
    "parse",
    "problems",
]

# As a result is kept: 15 digits, 4 of them decimals.
LARGEST_RESULT = Decimal(10) ** 11
# The kinds of criteria whose result is a figure of the indicator's own, and not put together from its items.
FORMULA_KINDS = (Kind.QUANTITATIVE, Kind.BANDS, Kind.TARGETS)


class StillMissing(CannotCompute):
    """Some name has no value yet: blank is not zero."""


@dataclass(frozen=True)
class Computed:
    """What a formula gives: the figure rounded half up to 4 places, the exact ratio, and how it came about."""

    value: Decimal
    exact: Fraction
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Formula:
    """A formula that was read. `text` is as it was typed, in NFC with digits 0–9."""

    text: str
    node: Node

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names in it, each once, in the order they stand."""
        return tuple(dict.fromkeys(_names(self.node)))

    def evaluate(self, values: Mapping[str, Decimal | None]) -> Computed:
        """The figure for the values of all names; CannotCompute with a sentence for a missing one or a divisor 0."""
        missing = [name for name in self.names if values.get(name) is None]
        if missing:
            sentence = _("Still without a number: %(names)s.")
            raise StillMissing(sentence % {"names": get_text_list(missing, _("and"))})
        known = {name: Fraction(finite(value)) for name in self.names if (value := values[name]) is not None}
        sums: list[str] = []
        exact = self.node.exact(known, sums.append)
        value = rounded(exact)
        if abs(value) >= LARGEST_RESULT:
            sentence = _("The formula gives more than a result can hold (%(value)s). Please check what was typed.")
            raise CannotCompute(sentence % {"value": ratio_text(exact)})
        return Computed(value, exact, tuple(self._steps(known, sums, exact, value)))

    def _steps(self, known: Mapping[str, Fraction], sums: list[str], exact: Fraction, value: Decimal) -> Iterator[Step]:
        yield Step(_("Formula"), self.written())
        with_numbers = self.node.written(known)
        if with_numbers != self.written():
            yield Step(_("With the numbers put in"), with_numbers)
        for each in sums:
            yield Step(_("Computed"), each)
        yield Step(_("Result"), _rounding(exact, value))

    def written(self, values: Mapping[str, Decimal] | None = None) -> str:
        """The formula in a line, with values in the place of the names that have one."""
        return self.node.written(_ratios(values))

    def typeset(self, values: Mapping[str, Decimal] | None = None) -> Part:
        """The formula as it is set, with fractions: what templates/indicators/_formula.html shows."""
        return self.node.set(_ratios(values))


def parse(text: str) -> Formula:
    """The formula that was typed; FormulaError with a sentence and the place."""
    return Formula(tidied(text), read(text))


def formula_of(kind: str, expression: str) -> Formula | None:
    """The formula that the result of an indicator is computed by; None where it is reported itself."""
    if not expression or kind not in FORMULA_KINDS:
        return None
    try:
        return parse(expression)
    except FormulaError:
        return None


def items_that_count(kind: str, items: list[dict[str, str]]) -> list[dict[str, str]]:
    """What of a sheet's table its kind of criteria speaks of: values of a formula, or a list; left from before, nothing."""
    return items if kind in (*FORMULA_KINDS, *LISTING_KINDS) else []


@dataclass(frozen=True)
class Problem:
    """Something wrong with a formula and its values: the rule's name, whether it refuses, a sentence, the field."""

    rule: str
    refuses: bool
    sentence: str
    field: str


def problems(expression: str, names: Sequence[str]) -> list[Problem]:
    """What must (refuses) or should be mended between a formula and the names of the values it is made of."""
    found = [*_name_problems(names)]
    if not expression.strip():
        return found
    try:
        used = parse(expression).names
    except FormulaError as wrong:
        return [*found, Problem("formula_is_readable", True, str(wrong), "expression")]
    unknown = [name for name in used if name not in names]
    if unknown:
        sentence = _("The formula uses %(names)s, which is not in the table of values.")
        found.append(Problem("names_are_known", True, sentence % {"names": _listed(unknown)}, "expression"))
    if not used:
        found.append(Problem("formula_has_values", True, _("The formula uses no value at all."), "expression"))
    unused = [name for name in names if name and name not in used]
    if unused and used:
        sentence = _("The formula does not use %(names)s.")
        found.append(Problem("values_are_used", False, sentence % {"names": _listed(unused)}, "items"))
    return found


def _name_problems(names: Sequence[str]) -> Iterator[Problem]:
    for name in dict.fromkeys(filter(None, names)):
        if problem := name_problem(name):
            yield Problem("names_are_names", True, problem, "items")
    for name, times in Counter(filter(None, names)).items():
        if times > 1:
            sentence = _("The name “%(name)s” stands in the table more than once.")
            yield Problem("names_differ", True, sentence % {"name": name}, "items")


def rounded(exact: Fraction) -> Decimal:
    """4 places, half up (of a negative one: away from 0)."""
    units = abs(exact) * 10**PLACES
    whole = (2 * units.numerator + units.denominator) // (2 * units.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-PLACES)


def _rounding(exact: Fraction, value: Decimal) -> str:
    if exact == Fraction(value):
        return ratio_text(exact)
    return f"{ratio_text(exact)} ≈ {_signed_fixed(value)} ({half_up()})"


def _signed_fixed(value: Decimal) -> str:
    return grouped_number(fixed_number(value, PLACES), PLACES).replace("-", "−")


def _ratios(values: Mapping[str, Decimal] | None) -> dict[str, Fraction] | None:
    return None if values is None else {name: Fraction(value) for name, value in values.items()}


def _listed(names: Sequence[str]) -> str:
    return get_text_list([f"“{name}”" for name in names], _("and"))


def _names(node: Node) -> Iterator[str]:
    match node:
        case Name(name):
            yield name
        case Negative(of):
            yield from _names(of)
        case Sums(first, rest) | Products(first, rest):
            yield from _names(first)
            for _sign, each in rest:
                yield from _names(each)
        case Call(_function, arguments):
            for each in arguments:
                yield from _names(each)
        case Choice():
            for each in (node.left, node.right, node.then, node.otherwise):
                yield from _names(each)
