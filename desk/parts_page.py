"""Indicators with parts in the tables of results: what the weighted mean of their parts comes to, for reading."""

from dataclasses import dataclass
from decimal import Decimal

from results.parts import wholes


@dataclass(frozen=True)
class WholeRow:
    """An indicator with parts: the unit's score, the evaluator's where there is one, and how the latter came about."""

    key: int
    number: str
    name: str
    weight: Decimal
    unit_score: Decimal | None
    score: Decimal | None
    working: tuple


def whole_rows(agreed, unit_scores, scores=None):
    """{key of a leaf: the WholeRows that stand right before it}. Scores: {key of a leaf: score or None}."""
    of_unit = wholes(agreed, unit_scores)
    of_evaluator = of_unit if scores is None else wholes(agreed, scores)
    found, before = {}, []
    for line in agreed.tree:
        if line.is_leaf:
            found[line.key], before = before, []
        else:
            before.append(_row(line, of_unit[line.key], of_evaluator[line.key]))
    return found


def _row(line, of_unit, of_evaluator):
    steps = of_evaluator.total.working if of_evaluator.total else ()
    return WholeRow(
        key=line.key,
        number=line.number,
        name=line.name,
        weight=line.weight,
        unit_score=of_unit.score,
        score=of_evaluator.score,
        working=tuple({"label": step.label, "text": step.text, "note": ""} for step in steps),
    )
