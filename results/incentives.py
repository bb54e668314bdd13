"""Who is entitled to an incentive, of which tier, and how a pool is shared out (handbook 2.1, 12).

Decimals in, Decimals out. No models, no clock, no settings. A total of 4 decimals passes the gate or doesn't; its tier is
the highest band that it reaches; the pool is shared in proportion to the band's share × what the rule counts by, each
amount rounded *down* to the coin, so that the sum never exceeds the pool: what is left over is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal, localcontext
from enum import StrEnum
from itertools import pairwise

NOTHING = Decimal(0)


class GateRule(StrEnum):
    """Which side of the gate a total that is exactly the gate stands on."""

    NOT_BELOW = "not_below"
    ABOVE = "above"


class Rule(StrEnum):
    """What a unit's part of the pool is counted by, besides its band's share."""

    PER_UNIT = "per_unit"
    PER_HEAD = "per_head"
    SCORE_HEADS = "score_heads"


class Coin(StrEnum):
    """The smallest amount that is paid."""

    SATANG = "satang"
    BAHT = "baht"

    @property
    def worth(self) -> Decimal:
        return Decimal("0.01") if self is Coin.SATANG else Decimal(1)


@dataclass(frozen=True)
class Band:
    """A tier of results: from which total on, what it is called, its share (per unit or per head, in proportion)."""

    from_score: Decimal
    name: str
    share: Decimal


@dataclass(frozen=True)
class Terms:
    """By what is decided. `bands` in any order; `pool` 0: tiers are awarded, and no money."""

    gate: Decimal
    gate_rule: GateRule
    bands: tuple[Band, ...]
    pool: Decimal = NOTHING
    rule: Rule = Rule.PER_UNIT
    coin: Coin = Coin.BAHT

    @property
    def highest_first(self) -> tuple[Band, ...]:
        return tuple(sorted(self.bands, key=lambda band: band.from_score, reverse=True))

    @property
    def counts_heads(self) -> bool:
        return self.rule is not Rule.PER_UNIT

    def passes(self, score: Decimal) -> bool:
        """Is the total on the right side of the gate?"""
        return score >= self.gate if self.gate_rule is GateRule.NOT_BELOW else score > self.gate

    def band_of(self, score: Decimal) -> Band | None:
        """The highest band that a total reaches; None below all."""
        return next((band for band in self.highest_first if score >= band.from_score), None)


@dataclass(frozen=True)
class Entrant:
    """A unit whose result is final. `heads`: how many people share in it; None where nobody said, or nobody counts."""

    key: str
    score: Decimal
    heads: int | None = None


@dataclass(frozen=True)
class Allotment:
    """What comes to one unit. `counted`: its part of the whole, band's share × what the rule counts by; 0 without one."""

    entrant: Entrant
    band: Band | None
    passes: bool
    counted: Decimal
    amount: Decimal

    @property
    def is_entitled(self) -> bool:
        """Does it get an incentive, be it of money or not?"""
        return self.passes and self.band is not None and self.band.share > 0


@dataclass(frozen=True)
class Shared:
    """The pool as shared out, in the order that the units came in. `counted`: the sum of the parts."""

    allotments: tuple[Allotment, ...]
    counted: Decimal
    rest: Decimal

    @property
    def paid(self) -> Decimal:
        return sum((each.amount for each in self.allotments), NOTHING)

    @property
    def entitled(self) -> int:
        return sum(each.is_entitled for each in self.allotments)

    def of(self, key: str) -> Allotment | None:
        """What comes to the unit with that key; None where it takes no part."""
        return next((each for each in self.allotments if each.entrant.key == key), None)


def allot(terms: Terms, entrants: Sequence[Entrant]) -> Shared:
    """Share the pool of the terms among the units that pass the gate and stand in a band that has a share.

    A unit whose heads are wanted and not known counts nothing: whoever decides has that mended first.
    """
    parts = [(each, terms.band_of(each.score), _counted(terms, each)) for each in entrants]
    whole = sum((counted for _each, _band, counted in parts), NOTHING)
    found = tuple(
        Allotment(each, band, terms.passes(each.score), counted, _amount(terms, counted, whole))
        for each, band, counted in parts
    )
    return Shared(found, whole, terms.pool - sum((each.amount for each in found), NOTHING))


def _counted(terms: Terms, entrant: Entrant) -> Decimal:
    band = terms.band_of(entrant.score)
    if band is None or not terms.passes(entrant.score):
        return NOTHING
    return band.share * basis_of(terms.rule, entrant)


def basis_of(rule: Rule, entrant: Entrant) -> Decimal:
    """What the rule counts a unit by: 1, its heads, or its total × its heads."""
    if rule is Rule.PER_UNIT:
        return Decimal(1)
    heads = Decimal(entrant.heads or 0)
    return heads if rule is Rule.PER_HEAD else entrant.score * heads


def _amount(terms: Terms, counted: Decimal, whole: Decimal) -> Decimal:
    """pool × counted ÷ whole, down to the coin. Multiplied first and divided as whole coins: nothing is rounded twice."""
    if not counted:
        return NOTHING
    with localcontext() as context:
        context.prec = 60
        coins = (terms.pool * counted) / (whole * terms.coin.worth)
        return (coins.to_integral_value(rounding=ROUND_FLOOR) * terms.coin.worth).quantize(Decimal("0.01"))


class Flaw(StrEnum):
    """What is wrong with terms, in one word; the sentence stands where it is said."""

    NO_BAND = "no_band"
    SAME_BEGIN = "same_begin"
    SHARE_FALLS = "share_falls"
    GATE_IN_NO_BAND = "gate_in_no_band"
    NO_SHARE = "no_share"


def flaws(terms: Terms) -> Iterable[tuple[Flaw, Band | None]]:
    """Why units couldn't be treated evenly by these terms, each with the band that it is about."""
    bands = terms.highest_first[::-1]
    if not bands:
        yield Flaw.NO_BAND, None
        return
    for lower, higher in pairwise(bands):
        if lower.from_score == higher.from_score:
            yield Flaw.SAME_BEGIN, higher
        elif higher.share < lower.share:
            yield Flaw.SHARE_FALLS, higher
    if bands[0].from_score > terms.gate:
        yield Flaw.GATE_IN_NO_BAND, bands[0]
    if not any(band.share for band in bands):
        yield Flaw.NO_SHARE, bands[-1]
