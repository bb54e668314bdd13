"""The hidden sheet: which form of the file this is, whose, which row is which line at which version, what choices meant.

Rows of texts, the first of which says what the row tells: schema, agreement, column, line, choice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

SHEET = "_system"
SCHEMA = 1
WIDTH = 5  # cells of the longest row
MARK = "indicators"
# The row below a sheet's heading names each column's field; this begins it.
CODES = "#"
NEW = "ใหม่"
# What begins an escape of the format, which stands for a character that XML can't hold.
ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Known:
    """A line as it went out."""

    pk: int
    version: int
    digest: str


@dataclass
class Meta:
    """What the hidden sheet tells. `choices`: {name of a field: {label: value}}, `columns`: {sheet: names of fields}."""

    code: str = ""
    columns: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, Known] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)

    def rows(self) -> list[tuple[str, ...]]:
        """As they stand in the sheet. The choices of a field stand together, in order."""
        found: list[tuple[str, ...]] = [(MARK, str(SCHEMA)), ("agreement", self.code)]
        found += [("column", sheet, name) for sheet, names in self.columns.items() for name in names]
        found += [("line", number, str(line.pk), str(line.version), line.digest) for number, line in self.lines.items()]
        found += [
            ("choice", name, value, label) for name, labels in self.choices.items() for label, value in labels.items()
        ]
        return found


class NotOurs(ValueError):
    """The rows aren't those of a hidden sheet of ours."""


class OldSchema(ValueError):
    """They are those of another release of the product."""


def told(rows: list[list[str]]) -> Meta:
    """What the rows tell. Raises NotOurs, OldSchema."""
    if not rows or len(rows[0]) < 2 or rows[0][0] != MARK:
        raise NotOurs
    if rows[0][1] != str(SCHEMA):
        raise OldSchema
    meta = Meta()
    try:
        for kind, *values in rows[1:]:
            _tell(meta, kind, values)
    except (ValueError, IndexError) as wrong:
        raise NotOurs from wrong
    if len({known.pk for known in meta.lines.values()}) < len(meta.lines):
        raise NotOurs  # one line under two numbers
    return meta


def _tell(meta: Meta, kind: str, values: list[str]) -> None:
    if kind == "agreement":
        meta.code = values[0]
    elif kind == "column":
        meta.columns.setdefault(values[0], []).append(values[1])
    elif kind == "line":
        number, pk, version, digest = values[:4]
        meta.lines[number] = Known(_whole(pk), _whole(version), digest)
    elif kind == "choice":
        name, value, label = values[:3]
        meta.choices.setdefault(name, {})[label] = value


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise ValueError(text)
    return int(text)
