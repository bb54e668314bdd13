"""The formula of a sheet as its page shows it: set with fractions, what is wrong with it, what last year's numbers give."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.formula import FORMULA_KINDS, FormulaError, items_that_count, parse, problems
from indicators.formula_tree import Part
from indicators.scoring import CannotScore
from results.inputs import formula_of, values_in
from results.last_numbers import last_numbers
from thai.dates import shown_year


@dataclass(frozen=True)
class Preview:
    """`part`: the formula as it is set, None without one. `source`: whose numbers are put in; then `filled` with them,
    what it gives (`value`, and what that scores), or why it gives nothing."""

    problems: tuple
    lead: str = ""
    part: Part | None = None
    source: str = ""
    filled: Part | None = None
    value: Decimal | None = None
    score: Decimal | None = None
    why_not: str = ""


def preview(line, expression, names):
    """The formula that stands in the page, with the names of values in its table."""
    found = tuple(problems(expression, names)) if line.kind in FORMULA_KINDS else ()
    if not expression.strip():
        return Preview(())
    try:
        formula = parse(expression)
    except FormulaError:
        return Preview(found)
    return Preview(found, lead=line.unit_of_measure or _("Result"), part=formula.typeset(), **_tried(line, formula))


def made_of(line):
    """{"part": the formula as it is set, "items": what its names or the criteria speak of}; None where there is none."""
    formula, items = formula_of(line), items_that_count(line.kind, line.items)
    if formula is None and not items:
        return None
    return {"part": formula and formula.typeset(), "items": items, "lead": line.unit_of_measure}


@dataclass(frozen=True)
class OfResult:
    """The formula of a result with the numbers that are known put in: what it is of, as it is set, and how many lack."""

    lead: str
    plain: Part
    filled: Part | None


def formula_of_result(line, inputs):
    """How a result is computed; None where it is not computed by a formula."""
    formula = formula_of(line)
    if formula is None:
        return None
    try:
        values = {name: value for name, value in values_in(inputs).items() if value is not None}
    except CannotScore:
        values = {}
    return OfResult(line.unit_of_measure, formula.typeset(), formula.typeset(values) if values else None)


def _tried(line, formula):
    numbers = last_numbers(line)
    if numbers is None:
        return {}
    words = {"year": shown_year(numbers.year), "round": numbers.round_name}
    shown = {
        "source": _("With the numbers reported in %(year)s (%(round)s)") % words,
        "filled": formula.typeset(numbers.values),
    }
    try:
        value = formula.evaluate(numbers.values).value
    except CannotScore as why:
        return shown | {"why_not": str(why)}
    return shown | {"value": value, "score": _score(line, value)}


def _score(line, value):
    try:
        return line.criteria.score(value, line.agreement.framework.scoring_scale).score
    except CannotScore:
        return None
