"""A file that was sent in, as rows of cells by the numbers of their indicators. Pure; nothing is compared yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from agreements.xlsx import meta
from agreements.xlsx.cells import Wrong, canonical, text_of
from agreements.xlsx.columns import COLLECTOR_COLUMNS, COLLECTORS, DETAILS, ITEM_COLUMNS, ITEMS, SHEETS, TABLE
from agreements.xlsx.reading import Cell, Sheet, Unreadable, address, column_number, read

ROWS_OF = {ITEMS: list(ITEM_COLUMNS), COLLECTORS: list(COLLECTOR_COLUMNS)}
NEEDED = {"name", "dimension"}  # columns without which no indicator could be told from another, or begun
MOST_ROWS = 5000  # that hold something, of one sheet
_SPARE = re.compile(f"{meta.NEW} ?([0-9]{{1,5}})")
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True)
class Problem:
    """What keeps a file from being taken over: where, and what is wrong with what to do about it."""

    sheet: str
    address: str
    label: str
    sentence: str


@dataclass(frozen=True)
class Row:
    """A row: its number ("" where it bears none), its cells by field and where each column stands."""

    sheet: str
    number: str
    row: int
    cells: dict[str, Cell]
    columns: dict[str, int]

    def address(self, name: str) -> str:
        return address(self.row, self.columns.get(name, 1))

    def cell(self, name: str) -> Cell | None:
        return self.cells.get(name)

    @property
    def is_blank(self) -> bool:
        return not self.cells


@dataclass
class Upload:
    """What was sent. Rows by number: one each in the table and the details, several of items and collectors."""

    meta: meta.Meta
    table: dict[str, Row] = field(default_factory=dict)
    details: dict[str, Row] = field(default_factory=dict)
    items: dict[str, list[Row]] = field(default_factory=dict)
    collectors: dict[str, list[Row]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)  # rows that nobody sees, and that are read all the same


def take(content: bytes) -> Upload:
    """The rows of a file that was sent. Raises Unreadable for one that isn't ours, or can't be understood as a whole."""
    sheets = read(content)
    upload = Upload(_meta(sheets))
    found = _by_code(sheets)
    missing = [SHEETS[key] for key in SHEETS if key not in found]
    if missing:
        raise Unreadable(
            _(
                "The sheet “%(sheet)s” is missing. Please fill in the form that can be downloaded here, with all its sheets."
            )
            % {"sheet": missing[0]}
        )
    for key, (sheet, head) in found.items():
        _take_sheet(upload, key, sheet, head)
    return upload


def _meta(sheets: dict[str, Sheet]) -> meta.Meta:
    hidden = sheets.get(meta.SHEET)
    if hidden is None:
        raise Unreadable(_not_ours())
    rows = [[_plain(cells.get(at)) for at in range(1, meta.WIDTH + 1)] for _row, cells in sorted(hidden.rows.items())]
    try:
        return meta.told(rows)
    except meta.OldSchema as old:
        raise Unreadable(
            _("This file was made by another release of the system. Please download it anew and fill that one in.")
        ) from old
    except meta.NotOurs as other:
        raise Unreadable(_not_ours()) from other


def _not_ours() -> str:
    return _(
        "This workbook is not the form of the system, or its hidden sheet is gone. Please download the form here and "
        "fill that one in."
    )


def _plain(cell: Cell | None) -> str:
    return canonical(cell.text) if cell else ""


def _by_code(sheets: dict[str, Sheet]) -> dict[str, tuple[Sheet, int]]:
    """{key of a sheet: (the sheet, its row of codes)}, by what that row begins with, whatever the sheet is called."""
    found = {}
    for sheet in sheets.values():
        for row, cells in sorted(sheet.rows.items())[:20]:
            code = _plain(cells.get(1)).removeprefix(meta.CODES)
            if code in SHEETS and _plain(cells.get(1)).startswith(meta.CODES):
                found.setdefault(code, (sheet, row))
    return found


def _take_sheet(upload: Upload, key: str, sheet: Sheet, head: int) -> None:
    columns = _columns(upload, key, sheet, head)
    upload.problems += _merged(sheet, head, columns)
    below = sorted(row for row in sheet.rows if row > head)
    if len(below) > MOST_ROWS:
        raise Unreadable(
            _("The sheet “%(sheet)s” has more than %(limit)s rows. Please delete those that belong to no indicator.")
            % {"sheet": sheet.name, "limit": MOST_ROWS}
        )
    for at in below:
        row = _row(sheet, at, columns)
        if row.number or not row.is_blank:
            _place(upload, key, row)
        if at in sheet.hidden_rows and not row.is_blank:
            upload.hidden.append(f"{sheet.name} {at}")


def _columns(upload: Upload, key: str, sheet: Sheet, head: int) -> dict[str, int]:
    """{name of a field: column}. A column gone, or there twice, would be guessed at: it is refused."""
    found: dict[str, int] = {}
    for at, cell in sheet.rows[head].items():
        name = _plain(cell).removeprefix(meta.CODES)
        if at == 1 or not name:
            continue
        if name in found:
            raise Unreadable(
                _("The sheet “%(sheet)s” has a column twice (%(address)s). Please delete the copy.")
                % {"sheet": sheet.name, "address": address(head, at)}
            )
        found[name] = at
    wanted = ROWS_OF.get(key) or upload.meta.columns.get(key, [])
    if key == TABLE and not NEEDED.issubset(wanted):
        raise Unreadable(_not_ours())
    if set(wanted) - set(found):
        raise Unreadable(
            _("A column of the sheet “%(sheet)s” is gone. Please download the form anew and copy your texts into it.")
            % {"sheet": sheet.name}
        )
    return {name: found[name] for name in wanted}


def _merged(sheet: Sheet, head: int, columns: dict[str, int]) -> Iterator[Problem]:
    for merged in sheet.merged:
        place = _RANGE.fullmatch(merged)
        if place and int(place[4]) > head and column_number(place[1]) <= max(columns.values(), default=1):
            yield Problem(
                sheet.name,
                merged,
                "",
                _("These cells are merged, so only the first one can be read. Please unmerge them and fill in each."),
            )


def _row(sheet: Sheet, at: int, columns: dict[str, int]) -> Row:
    cells = sheet.rows[at]
    own = {name: cells[column] for name, column in columns.items() if column in cells and _holds(cells[column])}
    return Row(sheet.name, _number(cells.get(1)), at, own, columns)


def _holds(cell: Cell) -> bool:
    return cell.is_formula or bool(canonical(cell.text))


def _number(cell: Cell | None) -> str:
    """The indicator that the row is of, as the file names it."""
    try:
        text = text_of(cell, is_number=False)
    except Wrong:
        return "?"
    spare = _SPARE.fullmatch(text)
    return f"{meta.NEW} {int(spare[1])}" if spare else text


def is_new(number: str) -> bool:
    """Is the number one of those that new indicators are written under?"""
    return bool(_SPARE.fullmatch(number))


def _place(upload: Upload, key: str, row: Row) -> None:
    if key in (TABLE, DETAILS):
        rows = upload.table if key == TABLE else upload.details
        number = row.number or (f"{meta.NEW} {10_000 + row.row}" if key == TABLE else "")
        _place_one(upload, rows, number, row)
        return
    if row.is_blank:
        return
    if not _is_known(upload, row.number):
        upload.problems.append(_nameless(row))
        return
    rows_of = upload.items if key == ITEMS else upload.collectors
    rows_of.setdefault(row.number, []).append(row)


def _place_one(upload: Upload, rows: dict[str, Row], number: str, row: Row) -> None:
    if not _is_known(upload, number):
        upload.problems.append(_nameless(row))
    elif number in rows:
        upload.problems.append(_twice(row, rows[number]))
    else:
        rows[number] = row


def _is_known(upload: Upload, number: str) -> bool:
    return number in upload.meta.lines or is_new(number)


def _nameless(row: Row) -> Problem:
    if not row.number:
        sentence = _("The row doesn't say which indicator it is of. Please choose its number in the first column.")
    else:
        sentence = _(
            "“%(number)s” is no indicator of this file. Please put the number back as it was; new indicators stand in "
            "the rows “ใหม่”."
        ) % {"number": row.number}
    return Problem(row.sheet, address(row.row, 1), "", sentence)


def _twice(row: Row, other: Row) -> Problem:
    sentence = _(
        "The number %(number)s is here a second time, after row %(row)s. Please move a new indicator to a row “ใหม่”."
    ) % {"number": row.number, "row": other.row}
    return Problem(row.sheet, address(row.row, 1), "", sentence)
