"""What a formula is made of: numbers, names, sums and products, functions, a choice. Computed exactly, by ratios.

Every node can be computed (`exact`), written in a line (`written`), and set with fractions (`set`); where values are
handed in, they stand in the place of the names. Pure; a tree is made by `indicators.formula_text` alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Protocol

from django.utils.translation import gettext as _

from indicators.scoring import CannotScore
from indicators.working import WRITTEN_PLACES, signed
from thai.numbers import plain_number

Values = Mapping[str, Fraction]
# What is told about each operation as it is done: the sum in words, or a sentence.
Note = Callable[[str], None]

PLUS, MINUS, TIMES, BY = "+", "−", "×", "÷"
SUM, PRODUCT, SINGLE = 1, 2, 3  # how tightly a node holds together
LARGEST = Fraction(10) ** 30


class CannotCompute(CannotScore):
    """The formula gives nothing for these values; `str()` is a sentence in the reader's language."""


@dataclass(frozen=True)
class Part:
    """A piece of a formula as it is set: text of a kind, or parts in a row, or one part over another."""

    kind: str  # "sign" · "number" · "name" · "words" · "row" · "fraction"
    text: str = ""
    parts: tuple["Part", ...] = ()
    # Of a fraction: what a reader who doesn't see the bar needs brackets round.
    held: tuple[bool, bool] = (False, False)


class Node(Protocol):
    @property
    def height(self) -> int:
        """How many levels of nodes stand in it, itself among them."""
        ...

    @property
    def binds(self) -> int: ...

    def exact(self, values: Values, note: Note) -> Fraction: ...

    def written(self, values: Values | None) -> str: ...

    def set(self, values: Values | None) -> Part: ...


@dataclass(frozen=True)
class Number:
    value: Decimal
    height: ClassVar[int] = 1
    binds: ClassVar[int] = SINGLE

    def exact(self, values: Values, note: Note) -> Fraction:
        return Fraction(self.value)

    def written(self, values: Values | None) -> str:
        # Without separators, as a formula is typed: between thousands they would be commas between values.
        return plain_number(self.value) if values is None else ratio_text(Fraction(self.value))

    def set(self, values: Values | None) -> Part:
        return Part("number", self.written(values))


@dataclass(frozen=True)
class Name:
    name: str
    height: ClassVar[int] = 1
    binds: ClassVar[int] = SINGLE

    def exact(self, values: Values, note: Note) -> Fraction:
        return values[self.name]

    def written(self, values: Values | None) -> str:
        if values is None or self.name not in values:
            return self.name
        text = ratio_text(values[self.name])
        return f"({text})" if values[self.name] < 0 else text

    def set(self, values: Values | None) -> Part:
        known = values is not None and self.name in values
        return Part("number" if known else "name", self.written(values))


@dataclass(frozen=True)
class Negative:
    of: Node
    binds: ClassVar[int] = SUM

    @property
    def height(self) -> int:
        return self.of.height + 1

    def exact(self, values: Values, note: Note) -> Fraction:
        return -self.of.exact(values, note)

    def written(self, values: Values | None) -> str:
        return MINUS + held(self.of, values, SINGLE)

    def set(self, values: Values | None) -> Part:
        return _row(_sign(MINUS), _factor(self.of, values))


@dataclass(frozen=True)
class Sums:
    """a + b − c, from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]
    height: int = field(compare=False)
    binds: ClassVar[int] = SUM

    def exact(self, values: Values, note: Note) -> Fraction:
        found = self.first.exact(values, note)
        terms = [ratio_text(found)]
        for sign, node in self.rest:
            value = node.exact(values, note)
            terms += [sign, _bracketed(value)]
            found = _bounded(found + value if sign == PLUS else found - value)
        note(f"{' '.join(terms)} = {ratio_text(found)}")
        return found

    def written(self, values: Values | None) -> str:
        rest = [f"{sign} {held(node, values, PRODUCT)}" for sign, node in self.rest]
        return " ".join([held(self.first, values, SUM), *rest])

    def set(self, values: Values | None) -> Part:
        parts = [_held_part(self.first, values, SUM)]
        for sign, node in self.rest:
            parts += [_sign(f" {sign} "), _held_part(node, values, PRODUCT)]
        return _row(*parts)


@dataclass(frozen=True)
class Products:
    """a × b ÷ c, from left to right; a division is set as a fraction of all that stands before it."""

    first: Node
    rest: tuple[tuple[str, Node], ...]
    height: int = field(compare=False)
    binds: ClassVar[int] = PRODUCT

    def exact(self, values: Values, note: Note) -> Fraction:
        found = self.first.exact(values, note)
        terms = [_bracketed(found)]
        for sign, node in self.rest:
            value = node.exact(values, note)
            terms += [sign, _bracketed(value)]
            if sign == BY and value == 0:
                raise CannotCompute(_divisor_is_zero(node, values))
            found = _bounded(found * value if sign == TIMES else found / value)
        note(f"{' '.join(terms)} = {ratio_text(found)}")
        return found

    def written(self, values: Values | None) -> str:
        rest = [f"{sign} {held(node, values, SINGLE)}" for sign, node in self.rest]
        return " ".join([held(self.first, values, PRODUCT), *rest])

    def set(self, values: Values | None) -> Part:
        before, binds = self.first.set(values), self.first.binds
        for sign, node in self.rest:
            if sign == BY:
                needs = (binds < PRODUCT, node.binds < SINGLE)
                before = Part("fraction", parts=(before, node.set(values)), held=needs)
            else:
                left = _in_brackets(before) if binds < PRODUCT else before
                before = _row(left, _sign(f" {TIMES} "), _factor(node, values))
            binds = PRODUCT
        return before


@dataclass(frozen=True)
class Call:
    """min, max, sum or mean of what stands in the brackets."""

    function: str
    arguments: tuple[Node, ...]
    height: int = field(compare=False)
    binds: ClassVar[int] = SINGLE

    def exact(self, values: Values, note: Note) -> Fraction:
        given = [node.exact(values, note) for node in self.arguments]
        found = _bounded(FUNCTIONS[self.function](given))
        note(f"{self.function}({'; '.join(map(ratio_text, given))}) = {ratio_text(found)}")
        return found

    def written(self, values: Values | None) -> str:
        return f"{self.function}({_between(values).join(node.written(values) for node in self.arguments)})"

    def set(self, values: Values | None) -> Part:
        parts = [Part("words", function_words()[self.function]), _sign("(")]
        for place, node in enumerate(self.arguments):
            parts += [_sign(_between(values)), node.set(values)] if place else [node.set(values)]
        return _row(*parts, _sign(")"))


@dataclass(frozen=True)
class Choice:
    """if(a > b, c, d). Only what is chosen is computed, so a divisor may be 0 in what is not."""

    left: Node
    sign: str
    right: Node
    then: Node
    otherwise: Node
    height: int = field(compare=False)
    binds: ClassVar[int] = SINGLE

    def exact(self, values: Values, note: Note) -> Fraction:
        left, right = self.left.exact(values, note), self.right.exact(values, note)
        holds = COMPARISONS[self.sign](left, right)
        words = {"comparison": f"{ratio_text(left)} {self.sign} {ratio_text(right)}"}
        note(_("%(comparison)s is so") % words if holds else _("%(comparison)s is not so") % words)
        return (self.then if holds else self.otherwise).exact(values, note)

    def written(self, values: Values | None) -> str:
        comparison = f"{self.left.written(values)} {self.sign} {self.right.written(values)}"
        branches = self.then.written(values), self.otherwise.written(values)
        return f"if({_between(values).join([comparison, *branches])})"

    def set(self, values: Values | None) -> Part:
        return _row(
            Part("words", _("[if") + " "),
            self.left.set(values),
            _sign(f" {self.sign} "),
            self.right.set(values),
            Part("words", " " + _("then") + " "),
            self.then.set(values),
            Part("words", " " + _("otherwise") + " "),
            self.otherwise.set(values),
            _sign("]"),
        )


def _mean(given: Sequence[Fraction]) -> Fraction:
    return sum(given, Fraction(0)) / len(given)


FUNCTIONS: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "min": min,
    "max": max,
    "sum": lambda given: sum(given, Fraction(0)),
    "mean": _mean,
}
COMPARISONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lambda a, b: a < b,
    "≤": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "≥": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "≠": lambda a, b: a != b,
}


def function_words() -> dict[str, str]:
    """How the functions are read."""
    return {"min": _("lowest of "), "max": _("highest of "), "sum": _("sum of "), "mean": _("mean of ")}


def held(node: Node, values: Values | None, binds: int) -> str:
    """The node in a line, in brackets where it holds together less tightly than `binds`."""
    text = node.written(values)
    return text if node.binds >= binds else f"({text})"


def ratio_text(value: Fraction) -> str:
    """A ratio in digits: exactly where it ends within a few decimals, else as it begins."""
    whole, left = divmod(abs(value.numerator) * 10**WRITTEN_PLACES, value.denominator)
    sign = "-" if value < 0 else ""
    text = signed(Decimal(f"{sign}{whole}e-{WRITTEN_PLACES}"))  # from its digits: arithmetic would keep 28 of them
    return f"{text}…" if left else text


def _between(values: Values | None) -> str:
    """What stands between the values of a function: numbers have commas of their own."""
    return ", " if values is None else "; "


def _bracketed(value: Fraction) -> str:
    return f"({ratio_text(value)})" if value < 0 else ratio_text(value)


def _bounded(value: Fraction) -> Fraction:
    if abs(value) > LARGEST:
        raise CannotCompute(_("The numbers grow too large on the way. Please check the formula and what was typed."))
    return value


def _divisor_is_zero(node: Node, values: Values) -> str:
    written, numbers = node.written(None), node.written(values)
    if written == numbers:
        return _("The divisor is 0, so nothing can be computed. Please check the formula.")
    if isinstance(node, Name):
        return _("The divisor %(name)s is 0, so nothing can be computed. Please check it.") % {"name": written}
    sentence = _("The divisor %(divisor)s = %(numbers)s is 0, so nothing can be computed. Please check the values.")
    return sentence % {"divisor": written, "numbers": numbers}


def _sign(text: str) -> Part:
    return Part("sign", text)


def _row(*parts: Part) -> Part:
    flat = [inner for part in parts for inner in (part.parts if part.kind == "row" else (part,))]
    return Part("row", parts=tuple(flat))


def _in_brackets(part: Part) -> Part:
    return _row(_sign("("), part, _sign(")"))


def _held_part(node: Node, values: Values | None, binds: int) -> Part:
    return node.set(values) if node.binds >= binds else _in_brackets(node.set(values))


def _factor(node: Node, values: Values | None) -> Part:
    """What is multiplied with: a single fraction needs no brackets, since its bar holds it together."""
    part = node.set(values)
    return part if node.binds >= SINGLE or part.kind == "fraction" else _in_brackets(part)
