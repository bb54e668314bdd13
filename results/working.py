"""The working of a whole report: every indicator from its formula to what it brings, and the total. No database.

The page shows it, the PDF prints it and the Excel file holds it: the same blocks, the same text.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.working import Step


@dataclass(frozen=True)
class Block:
    """One indicator, or a total (`number` ""): its score and each step on the way. Without a score `problem` says why."""

    number: str
    name: str
    steps: tuple[Step, ...]
    score: Decimal | None
    problem: str = ""
    unit_of_measure: str = ""
    weight: Decimal | None = None
    value: Decimal | None = None
    contribution: Decimal | None = None


def working_of(card):
    """The Blocks of a card (results.scores.Card): its rows in order, then its totals."""
    return [_of_row(card, row) for row in card.rows] + _of_totals(card)


def _of_row(card, row):
    return Block(
        number=row.line.number,
        name=row.line.name,
        steps=card.working(row),
        score=row.score,
        problem=_problem(row),
        unit_of_measure=row.line.unit_of_measure,
        weight=row.line.weight,
        value=row.value,
        contribution=card.contribution(row),
    )


def _problem(row):
    if row.score is not None:
        return ""
    return (
        row.problem or row.account.problem or _("Not reported yet: there is no score, which is not the same as zero.")
    )


def _of_totals(card):
    totals = [(_("Total score"), card.total), (_("Total score of what is reported"), card.total_reported)]
    return [Block("", name, total.working, total.score) for name, total in totals if total]
