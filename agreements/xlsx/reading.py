"""Reading an xlsx file that somebody sends: what stands in its cells and how it is shown there, in one pass, no more.

The parts are streamed, never held whole; nothing is computed, followed or run. Bounds on the file, its rows and its
cells are kept while it is read. Raises `Unreadable`, whose text is a sentence.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from django.utils.translation import gettext as _

from acts import office_files

LARGEST = 8 * 1024 * 1024
MOST_TAGS = 2_500_000  # of one part: blank rows and cells that were only formatted are passed over, up to here
MOST_CELLS = 200_000  # that hold something
MOST_TEXT = 30_000_000  # characters of one part
MOST_MERGED = 1000  # ranges that are told of one sheet: one alone keeps it from being taken over
WORKBOOK = "xl/workbook.xml"
# Built-in formats, those of Thai Excel among them; custom ones are told by their letters.
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)}
PERCENT_FORMATS = {9, 10, 67, 68}
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Unreadable(ValueError):
    """The file can't be read; `str()` is a sentence that says what to do."""


@dataclass(frozen=True)
class Cell:
    """What a cell holds. `kind`: text, number, boolean, error; `text` as it is kept, a number in its digits."""

    text: str
    kind: str = "text"
    format: str = ""  # "percent", "date" or nothing special
    is_formula: bool = False  # then `text` is what the program that saved the file had computed, "" if it had not


@dataclass
class Sheet:
    """One sheet: {row: {column: Cell}} of the cells that hold something, both from 1; what else matters of its form."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)


def read(content: bytes) -> dict[str, Sheet]:
    """The sheets of an xlsx file by their names, in order, the hidden ones too."""
    if len(content) > LARGEST:
        raise too_large()
    _is_xlsx(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _sheets(archive)
    except Unreadable:
        raise
    except (*office_files.BROKEN_ZIP, expat.ExpatError, LookupError, NotImplementedError) as broken:
        raise Unreadable(_damaged()) from broken


def too_large() -> Unreadable:
    """For a file that isn't even to be read."""
    sentence = _("The file is larger than %(limit)s MB. Please download the form anew and copy the texts into it.")
    return Unreadable(sentence % {"limit": LARGEST // 1024 // 1024})


def _damaged() -> str:
    return _("The file is damaged, or is no Excel file. Please open it in Excel, save it as .xlsx and send it again.")


def _is_xlsx(content: bytes) -> None:
    if content.startswith(office_files.OLD_BEGINS):
        raise Unreadable(
            _(
                "This is an Excel file of the old kind (.xls), or one with a password. Please save it as .xlsx without one."
            )
        )
    if not content.startswith(office_files.BEGINS):
        raise Unreadable(
            _(
                "This is no Excel file (.xlsx), whatever its name says. Please fill in the form that can be downloaded here."
            )
        )
    try:
        parts = office_files.parts_of(content)
    except office_files.NotOpened as why:
        raise Unreadable(str(why)) from why
    if WORKBOOK not in parts:
        raise Unreadable(
            _("This file is of another kind (for example .ods or .docx). Please save it as an Excel workbook (.xlsx).")
        )


def _sheets(archive: zipfile.ZipFile) -> dict[str, Sheet]:
    workbook, places = _Workbook(), _Places()
    _parse(archive, WORKBOOK, workbook)
    _parse(archive, "xl/_rels/workbook.xml.rels", places)
    strings, styles = _Strings(), _Styles()
    for kind, reader in (("sharedStrings", strings), ("styles", styles)):
        if kind in places.by_kind:
            _parse(archive, places.by_kind[kind], reader)
    formats, cells = styles.formats(), _Count()
    found = {}
    for name, key in workbook.sheets:
        reading = _Rows(Sheet(name), strings.texts, formats, cells)
        _parse(archive, places.by_id[key], reading)
        found[name] = reading.sheet
    return found


class _Part:
    """What is kept of one part: told of every tag's beginning and end, and of the text within."""

    def start(self, tag: str, values: dict[str, str]) -> None: ...

    def end(self, tag: str) -> None: ...

    def text(self, data: str) -> None: ...


class _Count:
    def __init__(self) -> None:
        self.cells = 0


def _parse(archive: zipfile.ZipFile, name: str, part: _Part) -> None:
    """Stream one part through `part`. No document type, so no entities; tags without their namespaces."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    tags = characters = 0

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal tags
        tags += 1
        if tags > MOST_TAGS:
            raise Unreadable(_too_much())
        part.start(tag.rpartition(" ")[2], values)

    def text(data: str) -> None:
        nonlocal characters
        characters += len(data)
        if characters > MOST_TEXT:
            raise Unreadable(_too_much())
        part.text(data)

    def doctype(*_declared: object) -> None:
        raise Unreadable(_damaged())

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: part.end(tag.rpartition(" ")[2])
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    with archive.open(name) as stream:
        parser.ParseFile(stream)


def _too_much() -> str:
    return _(
        "There are far more rows or cells in this file than an agreement has. Please delete the blank rows below the "
        "table, or copy the texts into a form downloaded anew."
    )


def _local(values: dict[str, str]) -> dict[str, str]:
    return {name.rpartition(" ")[2]: value for name, value in values.items()}


class _Workbook(_Part):
    """[(name of a sheet, the id of its part)]."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []

    def start(self, tag: str, values: dict[str, str]) -> None:
        if tag == "sheet":
            own = _local(values)
            self.sheets.append((own["name"], own["id"]))


class _Places(_Part):
    """Where the parts lie: by id, and the first of each kind. A target outside the file is left out."""

    def __init__(self) -> None:
        self.by_id: dict[str, str] = {}
        self.by_kind: dict[str, str] = {}

    def start(self, tag: str, values: dict[str, str]) -> None:
        if tag != "Relationship" or values.get("TargetMode") == "External":
            return
        place = posixpath.normpath(posixpath.join("xl", values["Target"])).lstrip("/")
        self.by_id[values["Id"]] = place
        self.by_kind.setdefault(values["Type"].rpartition("/")[2], place)


class _Strings(_Part):
    """The texts that cells share; of a text in several styles all runs, without what is only read aloud."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._runs: list[str] = []
        self._in_text = self._aloud = False

    def start(self, tag: str, values: dict[str, str]) -> None:
        if tag == "si":
            self._runs = []
        elif tag == "rPh":
            self._aloud = True
        elif tag == "t":
            self._in_text = not self._aloud

    def text(self, data: str) -> None:
        if self._in_text:
            self._runs.append(data)

    def end(self, tag: str) -> None:
        if tag == "t":
            self._in_text = False
        elif tag == "rPh":
            self._aloud = False
        elif tag == "si":
            self.texts.append(_plain("".join(self._runs)))


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)


class _Styles(_Part):
    """How numbers are shown, by the number of the style."""

    def __init__(self) -> None:
        self._own: dict[int, str] = {}
        self._of_styles: list[int] = []
        self._in_cells = False

    def start(self, tag: str, values: dict[str, str]) -> None:
        if tag == "numFmt":
            self._own[int(values["numFmtId"])] = values.get("formatCode", "")
        elif tag == "cellXfs":
            self._in_cells = True
        elif tag == "xf" and self._in_cells:
            self._of_styles.append(int(values.get("numFmtId", 0)))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._in_cells = False

    def formats(self) -> list[str]:
        return [self._kind(number) for number in self._of_styles]

    def _kind(self, number: int) -> str:
        if number in self._own:
            return _kind_of_format(self._own[number])
        return "percent" if number in PERCENT_FORMATS else "date" if number in DATE_FORMATS else ""


def _kind_of_format(code: str) -> str:
    """percent · date · "": by the letters that stand outside quotation marks, for positive numbers."""
    letters = _QUOTED.sub("", code.partition(";")[0]).lower().replace("general", "")
    if "%" in letters:
        return "percent"
    return "date" if re.search("[ymdhsb]", letters) else ""


class _Rows(_Part):
    """The cells of one sheet that hold something, its hidden rows, its merged ranges."""

    KINDS = {"b": "boolean", "e": "error", "s": "text", "str": "text", "inlineStr": "text", "d": "date"}

    def __init__(self, sheet: Sheet, strings: list[str], formats: list[str], count: _Count) -> None:
        self.sheet, self.strings, self.formats, self.count = sheet, strings, formats, count
        self.row = self.column = 0
        self.place, self.kind, self.style, self.is_formula = "", "", 0, False
        self.kept: list[str] = []
        self.keeps = self.aloud = False

    def start(self, tag: str, values: dict[str, str]) -> None:
        if tag == "c":
            self._begin_cell(values)
        elif tag in ("v", "t"):
            self.keeps = not self.aloud
        elif tag == "f":
            self.is_formula = True
        elif tag == "row":
            self._begin_row(values)
        elif tag == "rPh":
            self.aloud = True
        elif tag == "mergeCell" and len(self.sheet.merged) < MOST_MERGED:
            self.sheet.merged.append(values.get("ref", ""))

    def _begin_row(self, values: dict[str, str]) -> None:
        self.row, self.column = int(values.get("r", self.row + 1)), 0
        if values.get("hidden") in ("1", "true"):
            self.sheet.hidden_rows.add(self.row)

    def _begin_cell(self, values: dict[str, str]) -> None:
        self.place, self.column = values.get("r", ""), self.column + 1
        self.kind, self.style = values.get("t", "n"), int(values.get("s", 0))
        self.is_formula, self.kept = False, []

    def text(self, data: str) -> None:
        if self.keeps:
            self.kept.append(data)

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self.keeps = False
        elif tag == "rPh":
            self.aloud = False
        elif tag == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        text = "".join(self.kept)
        if self.kind == "s" and text:
            text = self.strings[int(text)]
        elif self.kind in ("str", "inlineStr"):
            text = _plain(text)
        if not text and not self.is_formula:
            return
        place = _ADDRESS.fullmatch(self.place)
        self.column = column_number(place[1]) if place else self.column
        self.count.cells += 1
        if self.count.cells > MOST_CELLS:
            raise Unreadable(_too_much())
        self.sheet.rows.setdefault(self.row, {})[self.column] = self._cell(text)

    def _cell(self, text: str) -> Cell:
        kind = self.KINDS.get(self.kind, "number")
        shown = self.formats[self.style] if kind == "number" and 0 <= self.style < len(self.formats) else ""
        if kind == "date":
            kind, shown = "number", "date"
        return Cell(text, kind, shown, self.is_formula)


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """E7."""
    return f"{column_letters(column)}{row}"
