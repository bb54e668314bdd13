"""Writing the file: the criteria table as on paper, the sheets' fields in rows, parts, people, guidance; all in Thai."""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from acts.office_files import begins_formula
from agreements.forms import LONG, LineForm
from agreements.locks import locked_fields
from agreements.models import Agreement
from agreements.xlsx import guidance, meta
from agreements.xlsx.columns import (
    COLLECTOR_COLUMNS,
    COLLECTORS,
    DETAILS,
    GUIDANCE,
    ITEM_COLUMNS,
    ITEMS,
    NUMBER,
    ON_PAPER,
    PARENT,
    PARENT_WIDTH,
    SHEETS,
    TABLE,
    Column,
    is_number,
)
from agreements.xlsx.meta import Known, Meta
from agreements.xlsx.reading import address, column_letters
from agreements.xlsx.texts import NumberedTexts, Texts, all_texts
from thai.dates import shown_year

# The typeface of official papers as office computers have it; others show their own Thai one.
FONT, SIZE = "TH SarabunPSK", 16
LINE, HIGHEST = 21, 409  # points of a line of text; no row of Excel is higher
SPARE_LINES, SPARE_ROWS = 20, 100
HEADING, CODES_ROW = 3, 5  # the heading takes two rows; the row of codes below it is hidden
FIRST = CODES_ROW + 1
THIN = Side(style="thin", color="B8BCC6")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
EDITABLE, LOCKED, HEAD = "FFFFFF", "EEF0F4", "1F2F54"
TEXT_FORMAT, VALUE_FORMAT, WEIGHT_FORMAT = "@", "#,##0.####", "0.00"


def write(agreement: Agreement) -> bytes:
    """The agreement's indicators as an xlsx file."""
    with translation.override("th"):
        texts, lines = all_texts(agreement)
        return _Book(agreement, texts, lines).bytes()


class _Book:
    def __init__(self, agreement: Agreement, texts: Texts, lines: list[NumberedTexts]) -> None:
        self.agreement, self.texts, self.lines = agreement, texts, lines
        self.book = Workbook()
        self.book.calculation.fullCalcOnLoad = True
        for style in _styles():
            self.book.add_named_style(style)
        self.numbers = [each.number for each in lines]
        self.spare = [f"{meta.NEW} {n}" for n in range(1, SPARE_LINES + 1)]
        self.last = FIRST + len(self.numbers) + len(self.spare) - 1
        self.lists = self._lists()

    def bytes(self) -> bytes:
        self.book.remove(self.book.active)
        self._lines_sheet(TABLE)
        self._lines_sheet(DETAILS)
        self._rows_sheet(ITEMS, self._item_columns(), self._item_rows())
        self._rows_sheet(COLLECTORS, self._collector_columns(), self._collector_rows())
        self._guidance()
        self._system()
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()

    # The two sheets of which each row is an indicator

    def _lines_sheet(self, key: str) -> None:
        columns = [column for column in self.texts.columns if column.sheet == key]
        codes = [column.name for column in columns]
        sheet = self._sheet(key, ["", *codes] if key == DETAILS else [*codes, PARENT])
        heads = [(_("No."), 8), *([(_("Indicator"), 40)] if key == DETAILS else [])]
        heads += [(self.texts.labels[column.name], column.width) for column in columns]
        begin = len(heads) - len(columns) + 1
        heads += [(self.texts.labels[PARENT], PARENT_WIDTH)] if key == TABLE else []
        self._heads(sheet, heads)
        for row, number in enumerate([*self.numbers, *self.spare], FIRST):
            self._lead(sheet, key, row, number)
            self._fill(sheet, row, begin, columns)
            sheet.row_dimensions[row].height = self._height(row, columns)
        for at, column in enumerate(columns, begin):
            self._validate(sheet, at, column)
        if key == TABLE:
            self._group_heads(sheet, columns, begin)
            self._total(sheet, columns, begin)
            self._choose(sheet, begin + len(columns), FIRST + len(self.lines), self.last, self.lists[NUMBER])
        sheet.freeze_panes = sheet.cell(FIRST, 3)
        on_paper = [at for at, column in enumerate(columns, begin) if column.name in ON_PAPER]
        width = max(on_paper) if key == TABLE and on_paper else len(heads)
        self._print(sheet, rows=len(self.lines), columns=width, wide=key == DETAILS)

    def _fill(self, sheet: Worksheet, row: int, begin: int, columns: list[Column]) -> None:
        """One row: of a line with its texts, what the library locks protected; of a new one blank."""
        place = row - FIRST
        line = self.lines[place] if place < len(self.lines) else None
        locked = self._locked(line) if line else set()
        for at, column in enumerate(columns, begin):
            self._put(sheet.cell(row, at), line.texts.cells[column.name] if line else "", column)
            if column.name in locked:
                sheet.cell(row, at).protection, sheet.cell(row, at).fill = Protection(locked=True), _filled(LOCKED)
        if sheet.title == SHEETS[TABLE]:
            parent = line.number.rpartition(".")[0] if line and line.line.parent_id else ""
            _text(sheet.cell(row, begin + len(columns)), parent, "locked" if line else "choice")

    def _height(self, row: int, columns: list[Column]) -> float | None:
        """Room for the longest text of a line; None for a new one: such a row grows as it is filled."""
        if row - FIRST >= len(self.lines):
            return None
        texts = self.lines[row - FIRST].texts.cells
        lines = max(_lines_of(texts[column.name], column.width) for column in columns)
        return min(lines * LINE + 4, HIGHEST)

    def _locked(self, line: NumberedTexts) -> set[str]:
        """What the library locks; what a line with parts, or a part, doesn't have itself."""
        names = {column.name for column in self.texts.columns}
        whole = set() if line.place.is_leaf else names - LineForm.OF_WHOLES
        return {*locked_fields(line.line), *whole, *(["dimension"] if line.line.parent_id else [])}

    def _lead(self, sheet: Worksheet, key: str, row: int, number: str) -> None:
        """The number, and beside it in the details what the table calls the indicator now."""
        _text(sheet.cell(row, 1), number, "locked")
        if key == DETAILS:
            name = sheet.cell(row, 2)
            name.value, name.style = self._name_of(f"A{row}"), "locked"

    def _name_of(self, cell: str) -> str:
        """The formula for the name that the table has beside the number in `cell`."""
        table = f"'{SHEETS[TABLE]}'"
        place = f"MATCH({cell},{table}!$A${FIRST}:$A${self.last},0)"
        return f'=IFERROR(INDEX({table}!$B${FIRST}:$B${self.last},{place})&"","")'

    def _put(self, cell: Any, text: str, column: Column) -> None:
        field = self.texts.form.fields[column.name]
        if not is_number(field):
            _text(cell, text, "choice" if column.name in self.lists else "text")
            return
        cell.style = "weight" if column.name == "weight" else "value"
        if text:
            cell.value = float(text)

    def _validate(self, sheet: Worksheet, at: int, column: Column) -> None:
        field, letters = self.texts.form.fields[column.name], column_letters(at)
        about = guidance.about(field)
        if column.name in self.lists:
            rule = _choose_from(self.lists[column.name])
        elif column.name == "weight":
            rule = DataValidation("decimal", operator="between", formula1="0", formula2="100", allow_blank=True)
            rule.errorStyle, rule.error = "warning", _("A weight is a number from 0 to 100 with at most 2 decimals.")
        elif is_number(field):
            rule = DataValidation("decimal", operator="between", formula1="-99999999999", formula2="99999999999")
            rule.allow_blank, rule.errorStyle = True, "warning"
            rule.error = _("Please type a number with at most 4 decimals, without a unit.")
        else:
            limit = getattr(field, "max_length", None) or LONG
            rule = DataValidation("textLength", operator="lessThanOrEqual", formula1=str(limit), allow_blank=True)
            rule.error = _("This text is longer than the field takes: at most %(limit)s characters.") % {"limit": limit}
        rule.showErrorMessage = True
        rule.promptTitle, rule.prompt = self.texts.labels[column.name][:32], about[:250] or None
        rule.showInputMessage = bool(about)
        rule.add(f"{letters}{FIRST}:{letters}{self.last}")
        sheet.add_data_validation(rule)

    def _group_heads(self, sheet: Worksheet, columns: list[Column], begin: int) -> None:
        """Two storeys, as on paper: the past years, and the five levels, each under one heading."""
        for title, start in ((_("Past results, fiscal year"), "past_"), (_("Scoring criteria, levels"), "level_")):
            places = [at for at, column in enumerate(columns, begin) if column.name.startswith(start)]
            if not places or places[-1] - places[0] + 1 != len(places):
                continue
            for at in places:
                column = columns[at - begin]
                short = column.name[-1] if start == "level_" else self._past_year(column.name)
                sheet.unmerge_cells(start_row=HEADING, end_row=HEADING + 1, start_column=at, end_column=at)
                _text(sheet.cell(HEADING + 1, at), short, "head")
                sheet.cell(HEADING, at).value = None
            _text(sheet.cell(HEADING, places[0]), title, "head")
            sheet.merge_cells(start_row=HEADING, end_row=HEADING, start_column=places[0], end_column=places[-1])

    def _past_year(self, name: str) -> str:
        return str(shown_year(self.agreement.fiscal_year.year - int(name[-1])))

    def _total(self, sheet: Worksheet, columns: list[Column], begin: int) -> None:
        """The sum of the weights of what has no parts, above them: it must come to 100.00."""
        names = [column.name for column in columns]
        if "weight" not in names:
            return
        at = begin + names.index("weight")
        weights = f"{column_letters(at)}{FIRST}:{column_letters(at)}{self.last}"
        parents = column_letters(begin + len(columns))
        whole = f"MATCH($A{FIRST}:$A{self.last},${parents}{FIRST}:${parents}{self.last},0)"
        total = sheet.cell(2, at)
        total.value, total.style = f"=SUMPRODUCT(--ISNA({whole}),{weights})", "total"

    # The sheets of which an indicator may have several rows

    def _item_columns(self) -> list[tuple[str, str, int]]:
        heads = {
            "symbol": _("Symbol in the formula"),
            "text": _("Item (variable, project, unit, issue or step)"),
            "unit": _("unit of measure"),
            "weight": _("weight of the item"),
        }
        return [(name, heads[name], width) for name, width in ITEM_COLUMNS.items()]

    def _item_rows(self) -> list[tuple[str, ...]]:
        return [(each.number, *item) for each in self.lines for item in each.texts.items]

    def _collector_columns(self) -> list[tuple[str, str, int]]:
        return [
            (name, _("collector of data (the first one carries the score)"), w) for name, w in COLLECTOR_COLUMNS.items()
        ]

    def _collector_rows(self) -> list[tuple[str, ...]]:
        return [(each.number, *person) for each in self.lines for person in each.texts.collectors]

    def _rows_sheet(self, key: str, columns: list[tuple[str, str, int]], rows: list[tuple[str, ...]]) -> None:
        sheet = self._sheet(key, ["", *(name for name, _label, _width in columns)])
        heads = [(_("No."), 10), (_("Indicator"), 44), *((label, width) for _name, label, width in columns)]
        self._heads(sheet, heads)
        last = FIRST + len(rows) + SPARE_ROWS - 1
        for row in range(FIRST, last + 1):
            values = rows[row - FIRST] if row - FIRST < len(rows) else ("",) * (len(columns) + 1)
            _text(sheet.cell(row, 1), values[0], "choice")
            name = sheet.cell(row, 2)
            name.value, name.style = self._name_of(f"A{row}"), "locked"
            for at, value in enumerate(values[1:], 3):
                _text(sheet.cell(row, at), value, "text")
        choices = {1: self.lists[NUMBER]} | {
            at: self.lists[name] for at, (name, _label, _width) in enumerate(columns, 3) if name in self.lists
        }
        for at, place in choices.items():
            self._choose(sheet, at, FIRST, last, place)
        sheet.protection.insertRows = sheet.protection.deleteRows = False
        sheet.freeze_panes = sheet.cell(FIRST, 3)
        self._print(sheet, rows=len(rows), columns=len(heads))

    def _choose(self, sheet: Worksheet, at: int, first: int, last: int, place: str) -> None:
        """A list to choose from, in the rows of a column."""
        rule = _choose_from(place)
        rule.showErrorMessage = True
        rule.add(f"{column_letters(at)}{first}:{column_letters(at)}{last}")
        sheet.add_data_validation(rule)

    # Guidance, and what only the product reads

    def _guidance(self) -> None:
        sheet = self.book.create_sheet(GUIDANCE)
        sheet.sheet_view.showGridLines = False
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 110
        row = 1
        for kind, left, right in guidance.rows(self.texts):
            _text(sheet.cell(row, 1), left, kind)
            _text(sheet.cell(row, 2), right, "plain" if kind != "title" else "title")
            row += 1
        sheet.protection.sheet = True
        sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = sheet.PAPERSIZE_A4, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def _system(self) -> None:
        sheet = self.book.create_sheet(meta.SHEET)
        for row in self.told.rows():
            sheet.append(row)
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.value is not None:
                    _text(cell, cell.value, "Normal")
        sheet.sheet_state = "veryHidden"
        sheet.protection.sheet = True

    def _lists(self) -> dict[str, str]:
        """{name of a field: where its choices stand in the hidden sheet}; the hidden sheet's rows are `told`."""
        numbers = {number: number for number in (*self.numbers, *self.spare)}
        choices = {name: {label: value for value, label in found.items()} for name, found in self._choices().items()}
        self.told = Meta(
            code=self.agreement.code,
            columns={
                TABLE: [*(c.name for c in self.texts.columns if c.sheet == TABLE), PARENT],
                DETAILS: [c.name for c in self.texts.columns if c.sheet == DETAILS],
            },
            lines={each.number: Known(each.line.pk, each.line.version, each.texts.digest()) for each in self.lines},
            choices={**choices, NUMBER: numbers},
        )
        rows, found = self.told.rows(), {}
        for name in self.told.choices:
            places = [place for place, row in enumerate(rows, 1) if row[:2] == ("choice", name)]
            if places:
                found[name] = f"'{meta.SHEET}'!$D${places[0]}:$D${places[-1]}"
        return found

    def _choices(self) -> dict[str, dict[str, str]]:
        return {**self.texts.choices, "user": self.texts.people}

    # What all sheets have

    def _sheet(self, key: str, codes: Iterable[str]) -> Worksheet:
        """A sheet with its title; `codes` name the fields of the columns after the number's, which says whose they are."""
        sheet = self.book.create_sheet(SHEETS[key])
        sheet.sheet_view.showGridLines = False
        for at, name in enumerate([key, *codes], 1):
            _text(sheet.cell(CODES_ROW, at), f"{meta.CODES}{name}" if name else "", "note")
        sheet.row_dimensions[CODES_ROW].hidden = True
        sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 1.7 * LINE, 1.2 * LINE
        _text(sheet.cell(1, 1), f"{SHEETS[key]} · {self._title()}", "title")
        _text(sheet.cell(2, 1), guidance.short(key), "note")
        sheet.protection.sheet = True
        sheet.protection.formatColumns = sheet.protection.formatRows = False
        sheet.protection.autoFilter = False
        return sheet

    def _title(self) -> str:
        return _("performance agreement of %(unit)s, fiscal year %(year)s") % {
            "unit": self.agreement.unit.name_th,
            "year": shown_year(self.agreement.fiscal_year.year),
        }

    def _heads(self, sheet: Worksheet, heads: list[tuple[str, int]]) -> None:
        for at, (label, width) in enumerate(heads, 1):
            _text(sheet.cell(HEADING, at), str(label), "head")
            sheet.cell(HEADING + 1, at).style = "head"
            sheet.merge_cells(start_row=HEADING, end_row=HEADING + 1, start_column=at, end_column=at)
            sheet.column_dimensions[column_letters(at)].width = width
        sheet.row_dimensions[HEADING].height = sheet.row_dimensions[HEADING + 1].height = 1.7 * LINE

    def _print(self, sheet: Worksheet, *, rows: int, columns: int, wide: bool = False) -> None:
        """On A4 across, what holds something: as wide as a page, or, where that would be too small to read, on several."""
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        if wide:
            sheet.page_setup.scale, sheet.print_title_cols = 55, "A:B"
        else:
            sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
            sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.print_title_rows = f"{HEADING}:{HEADING + 1}"
        sheet.print_area = f"A1:{address(FIRST + max(rows, 1) - 1, columns)}"
        sheet.oddFooter.left.text, sheet.oddFooter.right.text = self.agreement.code, "&P / &N"


def _text(cell: Any, text: str, style: str) -> None:
    """A text, whatever it begins with: never a formula, here or when somebody opens the cell and leaves it again."""
    cell.style = style
    if text:
        cell.value, cell.data_type = escaped(text), "s"
        if begins_formula(text):
            cell.quotePrefix = True


def _lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a column; marks above and below letters take no room."""
    widths = [sum(not unicodedata.combining(letter) for letter in line) for line in text.split("\n")]
    return sum(max(math.ceil(each * 1.15 / width), 1) for each in widths)


def escaped(text: str) -> str:
    """What looks like an escape of the format (_x0041_) is to be read as it stands."""
    return meta.ESCAPE.sub("_x005F_", text)


def _choose_from(place: str) -> DataValidation:
    rule = DataValidation("list", formula1=place, allow_blank=True)
    rule.error = _("Please choose one of the list, or leave the cell blank.")
    return rule


def _filled(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour)


def _styles() -> list[NamedStyle]:
    text = {"wrap_text": True, "vertical": "top"}
    return [
        _style("title", bold=True, size=20),
        _style("note", size=14, colour="5A6274"),
        _style(
            "head",
            bold=True,
            colour="FFFFFF",
            fill=HEAD,
            box=True,
            horizontal="center",
            vertical="center",
            wrap_text=True,
        ),
        _style("section", bold=True, size=18, colour=HEAD),
        _style("plain", **text),
        _style("term", bold=True, **text),
        _style("locked", fill=LOCKED, box=True, number_format=TEXT_FORMAT, **text),
        _style("text", box=True, open_=True, number_format=TEXT_FORMAT, **text),
        _style("choice", box=True, open_=True, number_format=TEXT_FORMAT, fill="F7F5EC", **text),
        _style("value", box=True, open_=True, number_format=VALUE_FORMAT, horizontal="right", vertical="top"),
        _style("weight", box=True, open_=True, number_format=WEIGHT_FORMAT, horizontal="right", vertical="top"),
        _style("total", bold=True, number_format='"รวม "0.00', horizontal="right"),
    ]


def _style(
    name: str,
    *,
    bold: bool = False,
    size: int = SIZE,
    colour: str = "1B2130",
    fill: str = "",
    box: bool = False,
    open_: bool = False,
    number_format: str = "General",
    **alignment: Any,
) -> NamedStyle:
    style = NamedStyle(name, number_format=number_format)
    style.font, style.alignment = Font(name=FONT, size=size, bold=bold, color=colour), Alignment(**alignment)
    style.protection = Protection(locked=not open_)
    if fill:
        style.fill = _filled(fill)
    if box:
        style.border = BOX
    return style
