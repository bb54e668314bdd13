"""What other terms would change: who gains, who loses, what is left; drawn simply. Two contents of decisions come in."""

from dataclasses import dataclass
from decimal import Decimal

# A bar is drawn so long for the largest amount of both.
LONGEST = 100


@dataclass(frozen=True)
class Half:
    """What one of the two terms gives a unit."""

    tier: str
    entitled: bool
    amount: Decimal
    bar: int


@dataclass(frozen=True)
class Row:
    """One unit by both terms; `score` is the same. A Half is None where the unit takes no part by these terms."""

    name: str
    score: str
    was: Half | None
    now: Half | None

    @property
    def difference(self):
        return _amount(self.now) - _amount(self.was)

    @property
    def differs(self):
        return (self.was and (self.was.tier, self.was.entitled, self.was.amount)) != (
            self.now and (self.now.tier, self.now.entitled, self.now.amount)
        )

    @property
    def turn(self):
        """+1: gets an incentive, or more of it, than before; -1: none any more, or less; 0: as before."""
        before, after = bool(self.was and self.was.entitled), bool(self.now and self.now.entitled)
        if before != after:
            return 1 if after else -1
        return (self.difference > 0) - (self.difference < 0)


@dataclass(frozen=True)
class WhatIf:
    """Every unit by both terms, the best total first."""

    rows: tuple[Row, ...]
    was: dict
    now: dict

    @property
    def gaining(self):
        return sum(row.turn > 0 for row in self.rows)

    @property
    def losing(self):
        return sum(row.turn < 0 for row in self.rows)

    @property
    def changed(self):
        return [row for row in self.rows if row.differs]

    @property
    def has_money(self):
        return any(Decimal(each["terms"]["pool"]) for each in (self.was, self.now))


def what_if(was, now):
    """The WhatIf of two contents (results.incentive_record.content_of) of the same scheme."""
    before, after = ({row["agreement"]: row for row in each["units"]} for each in (was, now))
    codes = list(dict.fromkeys([*after, *before]))
    longest = max((Decimal(row["amount"]) for each in (before, after) for row in each.values()), default=Decimal(0))
    rows = [_row(before.get(code), after.get(code), longest) for code in codes]
    return WhatIf(tuple(sorted(rows, key=lambda row: -Decimal(row.score))), was, now)


def _row(was, now, longest):
    known = now or was
    return Row(known["short_name"], known["score"], _half(was, longest), _half(now, longest))


def _half(row, longest):
    if row is None:
        return None
    amount = Decimal(row["amount"])
    return Half(row["tier"], row["entitled"], amount, int(amount * LONGEST / longest) if longest else 0)


def _amount(half):
    return half.amount if half else Decimal(0)
