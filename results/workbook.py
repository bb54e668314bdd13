"""The results of a round as an Excel file to be filled in: one row an indicator, and a sheet of what results are made of.

A hidden sheet says whose file it is, of which round, and what stood in each cell when it went out, so that a file that
comes back is compared with both. Read again by `results.workbook_in`.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection

from acts.office_files import begins_formula
from agreements.xlsx.book import escaped
from indicators.criteria import Asks
from results.forms import ResultForm
from results.from_paper import sentences_of
from results.scores import agreed_of
from thai.numbers import to_arabic

SYSTEM, MARK, SCHEMA = "_system", "results", "1"
RESULTS, PARTS = "ผลการดำเนินงาน", "ข้อมูลประกอบ"
FIRST = 5  # the first row of data
# Columns of what is only read: number, name, unit of measure, target; then come the fields.
LEADING = 4
COLUMN_OF_PARTS = 4
NUMBERS = ("value", "expected")
HEAD, LOCKED = PatternFill("solid", start_color="8A1C2B"), PatternFill("solid", start_color="EEECE7")
WRAPPED = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True)
class Typed:
    """A row of the report as its form shows it: {field: text}, and of what the result is made of, a text each."""

    number: str
    fields: dict[str, str]
    parts: tuple[tuple[str, str], ...]  # (what is asked for, what stands there)


def typed(report, row):
    """What stands in the form of a result, in 0–9; figures that are computed or taken from elsewhere have no field."""
    form = form_of(report, row)
    fields = {name: _text(form, name) for name in form.fields if name != "inputs"}
    return Typed(row.line.number, fields, tuple(_parts_of(form)))


def _parts_of(form):
    """(what is asked for, what stands there): numbers in 0–9, a choice by its words, a step done as “x”."""
    if form.asks == Asks.CHOICE:
        keys = choices(form.line)
        stands = next((words for words, key in keys.items() if key == form.cells[0].value), "")
        yield " / ".join(keys), stands
        return
    for cell in form.cells:
        done = form.asks == Asks.STEPS
        yield _asked(cell), ("x" if cell.value else "") if done else to_arabic(cell.value)


def form_of(report, row, data=None):
    """The form that the row is written in."""
    return ResultForm(data, result=row.result, line=row.line, scale=agreed_of(report).scale)


def _text(form, name):
    value = form.fields[name].prepare_value(form.initial.get(name))
    return "" if value is None else to_arabic(str(value)) if name in NUMBERS else str(value)


def choices(line):
    """{words in Thai: key} of the answers that a line's criteria know."""
    with translation.override("th"):
        return {str(words): key for key, words in line.criteria.choices}


def _asked(cell):
    return " ".join(filter(None, (cell.asked.key, cell.asked.title, cell.asked.unit and f"({cell.asked.unit})")))


def columns(report, card):
    """{name of a field: label} of all fields that the rows have, in order."""
    found = {}
    for row in card.rows:
        form = form_of(report, row)
        found |= {name: str(form.fields[name].label) for name in form.fields if name != "inputs"}
    wanted = ("value", "narrative", "factors", "obstacles", "remedies", "expected", "outlook")
    return {name: found[name] for name in wanted if name in found}


def write(report, card):
    """The file, as bytes; in Thai whoever fetches it."""
    with translation.override("th"):
        return _write(report, card)


def _write(report, card):
    book = Workbook()
    names = columns(report, card)
    rows = [typed(report, row) for row in card.rows]
    _results(book.active, report, card, rows, names)
    _parts(book.create_sheet(PARTS), rows)
    _system(book.create_sheet(SYSTEM), report, card, rows, names)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _results(sheet, report, card, rows, names):
    sheet.title = RESULTS
    heads = [(_("No."), 8), (_("Indicator"), 44), (_("unit of measure"), 14), (_("Target"), 12)]
    heads += [(label, 16 if name in NUMBERS else 44) for name, label in names.items()]
    _begin(sheet, f"{report.agreement.unit.name_th} · {report.round.name}", heads)
    _put(sheet["A3"], " · ".join(sentences_of(report)))
    sheet["A3"].alignment = Alignment()
    for place, (row, told) in enumerate(zip(card.rows, rows, strict=True), FIRST):
        target = "" if row.line.target is None else f"{row.line.target.normalize():f}"
        for at, text in enumerate((told.number, row.line.name, row.line.unit_of_measure, target), 1):
            _put(sheet.cell(place, at), text, locked=True)
        for at, name in enumerate(names, LEADING + 1):
            _put(sheet.cell(place, at), told.fields.get(name, ""), locked=name not in told.fields)


def _parts(sheet, rows):
    _begin(sheet, PARTS, [(_("No."), 8), (_("Line"), 8), (_("Asked for"), 60), (_("Value"), 20)])
    at = FIRST
    for told in rows:
        for place, (asked, value) in enumerate(told.parts, 1):
            for column, text in enumerate((told.number, str(place), asked), 1):
                _put(sheet.cell(at, column), text, locked=True)
            _put(sheet.cell(at, COLUMN_OF_PARTS), value)
            at += 1


def _begin(sheet, title, heads):
    hint = _(
        "Fill in the white cells. Blank is not reported, which is not zero. Then send the file back where it was downloaded."
    )
    sheet["A1"], sheet["A1"].font = title, Font(bold=True, size=14)
    sheet["A2"] = hint
    for place, (text, width) in enumerate(heads, 1):
        cell = sheet.cell(FIRST - 1, place, text)
        cell.font, cell.fill, cell.alignment = Font(bold=True, color="FFFFFF"), HEAD, WRAPPED
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = sheet.cell(FIRST, 3)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _put(cell, text, *, locked=False):
    """As text, whatever it begins with: a number typed over it is read as one."""
    cell.alignment, cell.protection = WRAPPED, Protection(locked=locked)
    cell.number_format = "@"
    if locked:
        cell.fill = LOCKED
    if text:
        cell.value, cell.data_type = escaped(text), "s"
        cell.quotePrefix = begins_formula(text)


def _system(sheet, report, card, rows, names):
    sheet.sheet_state = "veryHidden"
    told = [(MARK, SCHEMA), ("report", report.agreement.code, str(report.round.position)), ("columns", *names)]
    for row, each in zip(card.rows, rows, strict=True):
        told.append(("row", each.number, str(row.line.key)))
        told += [("was", each.number, name, text) for name, text in each.fields.items()]
        told += [("part", each.number, str(place), text) for place, (_asked, text) in enumerate(each.parts, 1)]
    for at, texts in enumerate(told, 1):
        for column, text in enumerate(texts, 1):
            _put(sheet.cell(at, column), text)
