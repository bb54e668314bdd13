"""What a file says of one indicator: the texts of its cells, where each stands, and how it was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from agreements.xlsx.cells import Wrong, canonical, text_of
from agreements.xlsx.columns import COLLECTOR_COLUMNS, COLLECTORS, ITEM_COLUMNS, ITEMS
from agreements.xlsx.reading import Cell
from agreements.xlsx.texts import LineTexts, Texts
from agreements.xlsx.upload import Row, Upload
from thai.text import one_line

Say = Callable[[Row, str, str], None]  # a row, the name of a field, a sentence


@dataclass
class Filled:
    """The texts that the file has for an indicator; for each field the row it stands in, and a note where one is due.

    `unreadable`: the names of fields of which a cell couldn't be read, and that was said.
    """

    number: str
    texts: LineTexts
    rows: dict[str, Row] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)

    def differing(self, now: LineTexts) -> list[str]:
        """The names of what can be read and differs from what stands there now, items and collectors among them."""
        found = [name for name, text in self.texts.cells.items() if text != now.cells[name]]
        found += [ITEMS] if self.texts.items != now.items else []
        found += [COLLECTORS] if self.texts.collectors != now.collectors else []
        return [name for name in found if name not in self.unreadable]


def filled(upload: Upload, number: str, texts: Texts, names: list[str], say: Say) -> Filled:
    """What the file says under this number; what can't be read is said."""
    found = Filled(number, LineTexts({}))

    def text(row: Row, name: str, field: str, *, is_number: bool = False, places: int = 4) -> str:
        try:
            return text_of(row.cells.get(name), is_number=is_number, places=places)
        except Wrong as why:
            say(row, name, str(why))
            found.unreadable.add(field)
            return ""

    for name in names:
        row = next((rows[number] for rows in (upload.table, upload.details) if _has(rows, number, name)), None)
        found.texts.cells[name] = ""
        if row is not None:
            places = texts.places.get(name)
            found.texts.cells[name] = text(row, name, name, is_number=places is not None, places=places or 0)
            found.rows[name] = row
            found.notes[name] = how_read(row.cells.get(name), found.texts.cells[name])
    items, people = upload.items.get(number, []), upload.collectors.get(number, [])
    found.rows |= {key: rows[0] for key, rows in ((ITEMS, items), (COLLECTORS, people)) if rows}
    found.texts = LineTexts(
        found.texts.cells,
        tuple(
            tuple(one_line(text(row, name, ITEMS, is_number=name == "weight")) for name in ITEM_COLUMNS)
            for row in items
        ),
        tuple(tuple(text(row, name, COLLECTORS) for name in COLLECTOR_COLUMNS) for row in people),
    )
    return found


def _has(rows: dict[str, Row], number: str, name: str) -> bool:
    return number in rows and name in rows[number].columns


def how_read(cell: Cell | None, text: str) -> str:
    """A remark where a cell isn't read as plainly as it looks."""
    if cell is None:
        return ""
    if cell.format == "percent":
        return _("read as it is shown: %(text)s per cent") % {"text": text}
    if cell.is_formula:
        return _("the value of a formula")
    return _("read as %(text)s") % {"text": text} if cell.kind == "text" and canonical(cell.text) != text else ""
