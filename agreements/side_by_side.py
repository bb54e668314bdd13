"""The difference of two snapshots laid out for reading: words marked in texts, levels and weights as tables.

Contents in, rows out; no database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import groupby, zip_longest

from django.utils.translation import gettext as _

from agreements.frozen_criteria import criteria_in
from agreements.redline import Difference, Piece, differences, marked
from thai.numbers import grouped_number

# What the tables of levels and of weights show.
OF_LEVELS = tuple(f"{column}_{n}" for column in ("level", "upper") for n in range(1, 6))
IN_TABLES = (*OF_LEVELS, "weight")
ADDED, REMOVED = "added", "removed"


@dataclass(frozen=True)
class Row:
    """One field that changed. `pieces`: both in one text; `was_pieces` and `now_pieces`: side by side."""

    label: str
    was: str
    now: str

    @cached_property
    def pieces(self) -> list[Piece]:
        return marked(self.was, self.now)

    @property
    def was_pieces(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.op != "ins"]

    @property
    def now_pieces(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.op != "del"]


@dataclass(frozen=True)
class Level:
    """A level before and after; "–" where it says nothing."""

    was: str
    now: str

    @property
    def differs(self) -> bool:
        return self.was != self.now


@dataclass(frozen=True)
class Part:
    """What changed of one indicator, or of the agreement itself (number ""). `mark`: "added", "removed" or ""."""

    number: str
    name: str
    mark: str = ""
    rows: list[Row] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)


@dataclass(frozen=True)
class Weight:
    """The weight of an indicator before and after, "–" where it wasn't there; `change` with its sign."""

    number: str
    name: str
    was: str
    now: str
    change: str

    @property
    def differs(self) -> bool:
        return self.was != self.now


@dataclass(frozen=True)
class Redline:
    """All that differs. `weights`: of every indicator, empty where none changed; the last is their sum."""

    parts: list[Part]
    weights: list[Weight]
    count: int


def side_by_side(before: dict, after: dict) -> Redline:
    """The Redline from the content of one snapshot to that of a later one."""
    found = differences(before, after)
    was = {line["key"]: line for line in before["lines"]}
    now = {(line["number"], line["name"]): line for line in after["lines"]}
    parts = [part for part in _parts(found, was, now) if part.mark or part.rows or part.levels]
    return Redline(parts=parts, weights=_weights(before["lines"], after["lines"]), count=len(found))


def _parts(found: list[Difference], was: dict, now: dict) -> Iterator[Part]:
    for place, group in groupby(found, key=lambda each: (each.number, each.name)):
        fields = list(group)
        whole = next((each for each in fields if each.field == "line"), None)
        if whole:
            yield Part(*place, mark=ADDED if whole.now else REMOVED)
            continue
        rows = [_row(each) for each in fields if each.field not in IN_TABLES]
        changed = any(each.field in OF_LEVELS for each in fields)
        yield Part(*place, rows=rows, levels=_levels(was[now[place]["key"]], now[place]) if changed else [])


def _row(difference: Difference) -> Row:
    return Row(difference.label, difference.was, difference.now)


def _levels(was: dict, now: dict) -> list[Level]:
    pairs = zip_longest(_cells(was), _cells(now), fillvalue="")
    return [Level(before or "–", after or "–") for before, after in pairs]


def _cells(line: dict) -> tuple[str, ...]:
    return criteria_in(line).cells(grouped_number)


def _weights(before: list[dict], after: list[dict]) -> list[Weight]:
    was, now = _leaves(before), _leaves(after)
    rows = [_weight(line, was.get(key), now.get(key)) for key, line in (was | now).items()]
    if not any(row.differs for row in rows):
        return []
    sums = (sum((_decimal(line) for line in lines.values()), Decimal(0)) for lines in (was, now))
    return [*sorted(rows, key=lambda row: _place(row.number)), _compared("", _("Sum of weights"), *sums)]


def _leaves(lines: list[dict]) -> dict[int, dict]:
    return {line["key"]: line for line in lines if line.get("is_leaf", True)}


def _place(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split(".") if part.isdigit())


def _weight(line: dict, was: dict | None, now: dict | None) -> Weight:
    shown = now or line
    weights = (None if each is None else _decimal(each) for each in (was, now))
    return _compared(shown["number"], shown["name"], *weights)


def _compared(number: str, name: str, was: Decimal | None, now: Decimal | None) -> Weight:
    change = (now or Decimal(0)) - (was or Decimal(0))
    signed = f"+{grouped_number(change, 2)}" if change > 0 else f"−{grouped_number(-change, 2)}" if change else ""
    return Weight(number, name, _shown(was), _shown(now), signed)


def _shown(weight: Decimal | None) -> str:
    return "–" if weight is None else grouped_number(weight, 2)


def _decimal(line: dict) -> Decimal:
    return Decimal(line["weight"])
