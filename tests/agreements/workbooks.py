"""Agreements' Excel files as people send them back: filled in with openpyxl, or made by hand, part by part."""

import io
import zipfile

import openpyxl

from agreements.xlsx.columns import SHEETS
from agreements.xlsx.meta import CODES


class Filled:
    """A file of ours in somebody's hands: `filled["1.1", "weight"] = 30` fills the cell, wherever it stands."""

    def __init__(self, content):
        self.book = openpyxl.load_workbook(io.BytesIO(content))

    def cell(self, number, name):
        for key in ("table", "details"):
            sheet = self.book[SHEETS[key]]
            codes = {cell.value: cell for cell in self._codes(sheet)}
            if f"{CODES}{name}" in codes:
                return sheet.cell(self.row(sheet, number), codes[f"{CODES}{name}"].column)
        raise KeyError(name)

    def row(self, sheet, number):
        return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == number)

    def _codes(self, sheet):
        return next(row for row in sheet.iter_rows(max_row=20) if str(row[0].value).startswith(CODES))

    def __setitem__(self, place, value):
        self.cell(*place).value = value

    def clear(self, number):
        """Blank the row in the criteria table, as somebody does who wants the indicator removed."""
        sheet = self.book[SHEETS["table"]]
        for cell in sheet[self.row(sheet, number)][1:]:
            cell.value = None

    def add_row(self, key, number, *values):
        """Fill the first free row of the sheet of items, or of collectors."""
        sheet = self.book[SHEETS[key]]
        begin = self._codes(sheet)[0].row + 1
        row = next(row for row in range(begin, sheet.max_row + 1) if not sheet.cell(row, 1).value)
        sheet.cell(row, 1).value = number
        for at, value in enumerate(values, 3):
            sheet.cell(row, at).value = value

    def bytes(self):
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def workbook(sheet, *, strings="", styles="", parts=()):
    """A small xlsx: `sheet` is the XML within its one worksheet."""
    named = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
            f'<Relationship Id="r3" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**named, **dict(parts)}.items():
            archive.writestr(name, text)
    return out.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
