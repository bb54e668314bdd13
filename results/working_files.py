"""The working of a report, or of an evaluation, as files: a PDF to be printed, and an Excel workbook. Texts in, bytes out; no database."""

import hashlib
from io import BytesIO

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from acts.office_files import begins_formula
from agreements.layout import pdf_of
from agreements.typeset import in_one_style
from agreements.xlsx.book import escaped
from thai.numbers import shows_thai_digits

# What the layout of paper takes grows with it; longer ones are read on the screen or in Excel.
MOST_PRINTED = 60
HEAD = PatternFill("solid", start_color="8A1C2B")
WRAPPED = Alignment(wrap_text=True, vertical="top")
VALUE, SCORE = "#,##0.####", "0.0000"


def pdf(title, subtitle, blocks):
    """The working on paper, in the reader's language and digits."""
    context = {"title": title, "subtitle": subtitle, "blocks": blocks, "language": get_language()}
    thai_digits = shows_thai_digits()
    html = render_to_string("results/working.html", context | {"thai_digits": thai_digits})
    html = in_one_style(html, thai_digits=thai_digits)
    return pdf_of(html, identifier=hashlib.sha256(html.encode()).hexdigest())


def xlsx(title, subtitle, blocks):
    """Two sheets: the scores as numbers, and every step of the working as text."""
    book = Workbook()
    _scores(book.active, title, subtitle, blocks)
    _steps(book.create_sheet(), title, subtitle, blocks)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _scores(sheet, title, subtitle, blocks):
    sheet.title = _("Scores")
    heads = [_("No."), _("Indicator"), _("unit of measure"), _("Weight"), _("Result"), _("Score"), _("Weighted")]
    widths = [8, 60, 14, 10, 14, 10, 10]
    evaluated = any(block.unit for block in blocks)
    if evaluated:
        heads += [_("Result reported by the unit"), _("The unit's score"), _("Reason for the difference")]
        widths += [14, 10, 60]
    begin_sheet(sheet, title, subtitle, zip(heads, widths, strict=True))
    for block in blocks:
        texts = [block.number, block.name, block.unit_of_measure]
        numbers = [(block.weight, "0.00"), (block.value, VALUE), (block.score, SCORE), (block.contribution, SCORE)]
        if block.unit:
            numbers += [(block.unit.value, VALUE), (block.unit.score, SCORE)]
        add_row(sheet, texts, numbers, after=block.unit.reason if block.unit else "")


def _steps(sheet, title, subtitle, blocks):
    sheet.title = _("Working")
    heads = [_("No."), _("Indicator"), _("Step"), _("How it came about")]
    begin_sheet(sheet, title, subtitle, zip(heads, (8, 50, 28, 90), strict=True))
    for block in blocks:
        for step in block.steps:
            add_row(sheet, [block.number, block.name, step.label, step.text])
        if block.problem:
            add_row(sheet, [block.number, block.name, "", block.problem])


def begin_sheet(sheet, title, subtitle, columns):
    """Title, subtitle and the heads, `columns`: (text, width); ready to be printed across."""
    add_row(sheet, [title])
    add_row(sheet, [subtitle])
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in (sheet["A1"], sheet["A2"]):
        cell.alignment = Alignment()
    for place, (text, width) in enumerate(columns, 1):
        cell = sheet.cell(3, place)
        _text(cell, text)
        cell.font, cell.fill, cell.alignment = Font(bold=True, color="FFFFFF"), HEAD, WRAPPED
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A4"
    sheet.print_title_rows = "3:3"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def add_row(sheet, texts, numbers=(), after=""):
    """Texts stay texts whatever they begin with, and numbers are numbers; `after` them a text once more."""
    at = sheet.max_row + 1 if sheet.max_row > 1 or sheet["A1"].value is not None else 1
    for place, text in enumerate(texts, 1):
        _text(sheet.cell(at, place), text)
    for place, (number, style) in enumerate(numbers, len(texts) + 1):
        cell = sheet.cell(at, place, number)
        cell.number_format, cell.alignment = style, Alignment(vertical="top")
    if after:
        _text(sheet.cell(at, len(texts) + len(numbers) + 1), after)


def _text(cell, text):
    cell.alignment = WRAPPED
    if text:
        cell.value, cell.data_type = escaped(text), "s"
        cell.quotePrefix = begins_formula(text)
