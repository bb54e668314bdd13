"""The indicators of an agreement as the texts of cells, in Thai: what is written into the file, and compared with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import translation
from django.utils.translation import gettext as _

from agreements.forms import LineForm
from agreements.line_tree import NumberedLine
from agreements.models import Agreement, Line, LineCollector
from agreements.rules import numbered_lines
from agreements.xlsx.cells import canonical
from agreements.xlsx.columns import ITEM_COLUMNS, PARENT, Column, columns_of, has_choices, is_number
from indicators.models import Dimension
from thai.numbers import plain_number
from thai.text import one_line

Items = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class LineTexts:
    """One indicator: {name of a field: text}, its items, its collectors, the first of whom carries the score."""

    cells: dict[str, str]
    items: Items = ()
    collectors: Items = ()

    def shown(self, name: str) -> str:
        """The text of a field for reading; of items and collectors a line for each."""
        rows = {"items": self.items, "collectors": self.collectors}.get(name)
        return self.cells[name] if rows is None else "\n".join(" · ".join(filter(None, row)) for row in rows)

    def digest(self) -> str:
        """Tells whether a row that comes back is the one that went out."""
        content = [sorted(self.cells.items()), self.items, self.collectors]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:24]


@dataclass(frozen=True)
class NumberedTexts:
    """A line with its number and what its cells say."""

    place: NumberedLine
    texts: LineTexts

    @property
    def number(self) -> str:
        return self.place.number

    @property
    def line(self) -> Line:
        return self.place.line


@dataclass
class Texts:
    """What the cells of an agreement's file say.

    `choices`: {name of a field: {value: label}}; `places`: the decimals of each number; `people`: {id: label} of those
    who may collect data.
    """

    agreement: Agreement
    form: LineForm
    columns: list[Column]
    labels: dict[str, str]
    choices: dict[str, dict[str, str]]
    places: dict[str, int]
    people: dict[str, str]

    def of(self, line: Line, collectors: Iterable[LineCollector] = (), *, is_leaf: bool = True) -> LineTexts:
        """Of a line with parts only what it has itself."""
        names = [column.name for column in self.columns]
        cells = {name: self._cell(line, name) if is_leaf or name in LineForm.OF_WHOLES else "" for name in names}
        if not is_leaf:
            return LineTexts(cells)
        items = tuple(
            tuple(one_line(canonical(str(item.get(name, "")))) for name in ITEM_COLUMNS) for item in line.items
        )
        people = tuple((self.people_label(each),) for each in collectors)
        return LineTexts(cells, items, people)

    def _cell(self, line: Line, name: str) -> str:
        value = _kept(line, name)
        if name in self.choices:
            return self._label(name, value, line)
        if isinstance(value, Decimal):
            return plain_number(value)
        return "" if value is None else canonical(str(value))

    def _label(self, name: str, value: Any, line: Line) -> str:
        """The label of a choice; one that is no longer offered by what it is called, and offered here from now on."""
        key = "" if value is None else str(value)
        known = self.choices[name]
        if key and key not in known:
            display = getattr(line, f"get_{name}_display", None)
            known[key] = _unique(canonical(str(display() if display else getattr(line, name))), known)
        return known.get(key, "")

    def people_label(self, collector: LineCollector) -> str:
        key = str(collector.user_id)
        if key not in self.people:
            self.people[key] = _unique(canonical(str(collector.user)), self.people)
        return self.people[key]


def _kept(line: Line, name: str) -> Any:
    """What the line keeps for a field of its form: the key of what it refers to."""
    return getattr(line, Line._meta.get_field(name).attname)


def blank_line(agreement: Agreement) -> Line:
    """A line of the agreement that nobody has written yet, and nobody saves."""
    return Line(agreement=agreement, dimension=agreement.framework.dimensions.first() or Dimension(), position=0)


def texts_of(agreement: Agreement) -> Texts:
    """The columns and choices of the agreement, ready to tell the texts of its lines."""
    with translation.override("th"):
        form = LineForm(line=blank_line(agreement))
        columns = columns_of(form)
        names = [column.name for column in columns]
        choices = {name: _choices(form.fields[name]) for name in names}
        return Texts(
            agreement=agreement,
            form=form,
            columns=columns,
            labels={name: str(field.label) for name, field in form.fields.items()} | {PARENT: _("Part of (number)")},
            choices={name: found for name, found in choices.items() if found is not None},
            places={name: form.fields[name].decimal_places for name in names if is_number(form.fields[name])},
            people=dict(choices["overseer"] or {}),
        )


def _choices(field: Any) -> dict[str, str] | None:
    """{value: label} of a field with choices, no label twice; None for one without."""
    if not has_choices(field):
        return None
    found: dict[str, str] = {}
    for value, label in _flat(field.choices):
        if str(value):
            found[str(value)] = _unique(canonical(str(label)), found)
    return found


def _flat(choices: Iterable[tuple[Any, Any]]) -> Iterable[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label


def _unique(label: str, known: dict[str, str]) -> str:
    taken, number, wanted = set(known.values()), 2, label
    while label in taken:
        label, number = f"{wanted} ({number})", number + 1
    return label


def all_texts(agreement: Agreement) -> tuple[Texts, list[NumberedTexts]]:
    """The texts of every line, in order, each with its number."""
    texts, lines = texts_of(agreement), numbered_lines(agreement)
    people = LineCollector.objects.select_related("user").order_by("position")
    prefetch_related_objects([each.line for each in lines], Prefetch("collectors", people))
    with translation.override("th"):
        found = [
            NumberedTexts(each, texts.of(each.line, each.line.collectors.all(), is_leaf=each.is_leaf)) for each in lines
        ]
    return texts, found
