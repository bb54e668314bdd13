"""Indicators and the parts they are made of (ตัวชี้วัดย่อย), to any depth: in order, numbered, weighed. No database.

A line is anything with `pk`, `parent_id`, `weight` and, at the top, a heading that it is counted under. Only leaves
weigh: what a line with parts weighs is the sum of its leaves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

__all__ = ["NumberedLine", "below", "numbered"]


@dataclass(frozen=True)
class NumberedLine:
    """A line with its hierarchical number (1.2, its parts 1.2.1, …) and its place in the tree."""

    line: Any
    number: str
    depth: int = 0
    is_leaf: bool = True
    weight: Decimal = Decimal(0)


def numbered(lines: Iterable[Any], heading: Callable[[Any], str]) -> list[NumberedLine]:
    """The lines, which come in the order of their siblings, each followed by its parts; `heading` begins the number."""
    children = _children(lines)
    found, counts = [], defaultdict[str, int](int)
    for line in children[None]:
        counts[heading(line)] += 1
        found += _walk(line, f"{heading(line)}.{counts[heading(line)]}", children)
    return _weighed(found)


def below(lines: Iterable[Any], line: Any) -> list[Any]:
    """All parts of `line`, and theirs, in order; without itself."""
    return [each.line for each in _walk(line, "", _children(lines))][1:]


def _children(lines: Iterable[Any]) -> dict[Any, list[Any]]:
    children = defaultdict(list)
    for line in lines:
        children[line.parent_id].append(line)
    return children


def _walk(line: Any, number: str, children: dict[Any, list[Any]]) -> Iterator[NumberedLine]:
    """Depth first, without recursion: "any depth" is any."""
    to_come = [(line, number, 0)]
    while to_come:
        line, number, depth = to_come.pop()
        parts = children.get(line.pk, ())
        yield NumberedLine(line, number, depth, not parts, line.weight)
        to_come += reversed([(part, f"{number}.{place}", depth + 1) for place, part in enumerate(parts, 1)])


def _weighed(found: list[NumberedLine]) -> list[NumberedLine]:
    """Each line with parts weighs what its leaves do: from the last up, each adds itself to the one it is part of."""
    sums: dict[Any, Decimal] = defaultdict(Decimal)
    for each in reversed(found):
        weight = each.weight if each.is_leaf else sums[each.line.pk]
        sums[each.line.parent_id] += weight
    return [
        each if each.is_leaf else NumberedLine(each.line, each.number, each.depth, False, sums[each.line.pk])
        for each in found
    ]
