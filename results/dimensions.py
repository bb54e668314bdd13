"""Scores by dimension: of what stands in each, and what that brings to the total, each with its denominator. No database."""

from dataclasses import dataclass
from decimal import Decimal

from agreements.frozen_framework import is_in
from indicators.scoring import Total, contribution
from results.scores import card_of


@dataclass(frozen=True)
class InDimension:
    """One dimension: the weight of its lines, their total (None while none has a score), and what it brings to the total.

    `brings` is for reading, never for summing: the total is computed from the lines.
    """

    number: str
    name: str
    weight: Decimal
    total: Total | None
    brings: Decimal | None

    @property
    def score(self):
        return self.total.score if self.total else None


def by_dimension(card, agreed):
    """The InDimensions of a card in the order of the framework, by the rules of the total that were signed.

    A line without a score counts in its dimension as it does in the total.
    """
    found = []
    for number, name in agreed.dimensions:
        rows = [row for row in card.rows if is_in(row.line.dimension, number)]
        if rows:
            found.append(_of(number, name, rows, card, agreed))
    return found


def _of(number, name, rows, card, agreed):
    total = card_of(rows, agreed).total
    brings = contribution(total.denominator, total.score, card.total.denominator) if total else None
    return InDimension(number, name, sum(row.line.weight for row in rows), total, brings)
