"""What a dry run finds: what a file would change, and all that is wrong with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from agreements.models import Line
from agreements.xlsx.upload import Problem


@dataclass(frozen=True)
class FieldChange:
    """One cell that differs: what it is called, where it stands, what is there now and what the file says."""

    label: str
    address: str
    was: str
    now: str
    note: str = ""  # how the cell was read, where that isn't plain


@dataclass(frozen=True)
class Changed:
    """A line that the file changes. `changes` are what `agreements.write.save_line` takes."""

    number: str
    name: str
    line: Line
    changes: dict[str, Any]
    fields: list[FieldChange]


@dataclass(frozen=True)
class Added:
    """A line that the file adds; `parent`: the number of the one that it is a part of, "" for none."""

    number: str
    name: str
    values: dict[str, Any]
    parent: str
    fields: list[FieldChange]


@dataclass(frozen=True)
class Removed:
    """A line whose row is no longer in the file, or was cleared."""

    number: str
    name: str
    line: Line


@dataclass
class Outcome:
    """What a file would do. With problems, or clashes, it does nothing.

    `numbers`: the lines as they stand, by the numbers that the file knows them by. `reordered`: its rows stand in
    another order, which changes nothing.
    """

    problems: list[Problem] = field(default_factory=list)
    clashes: list[Changed] = field(default_factory=list)  # changed in the file and, meanwhile, by somebody else
    changed: list[Changed] = field(default_factory=list)
    added: list[Added] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    numbers: dict[str, Line] = field(default_factory=dict)
    reordered: bool = False

    @property
    def is_nothing(self) -> bool:
        return not (self.problems or self.clashes or self.would_write)

    @property
    def would_write(self) -> bool:
        return bool(self.changed or self.added or self.removed)

    @property
    def may_be_taken(self) -> bool:
        return self.would_write and not (self.problems or self.clashes)

    def seal(self) -> str:
        """A hash of all that would be written, and of the versions that it was compared with."""
        told: list[tuple] = [("change", each.line.pk, each.line.version, _plain(each.changes)) for each in self.changed]
        told += [("add", each.number, each.parent, _plain(each.values)) for each in self.added]
        told += [("remove", each.line.pk, each.line.version) for each in self.removed]
        return hashlib.sha256(repr(told).encode()).hexdigest()


def _plain(values: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted((name, repr(getattr(value, "pk", value))) for name, value in values.items())
