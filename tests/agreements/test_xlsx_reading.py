"""An xlsx file that somebody sends: what its cells say, and what is refused before it costs anything."""

import io
import random
import time
import zipfile
from contextlib import suppress

import pytest
from django.utils import translation

from agreements.xlsx.cells import Wrong, canonical, text_of
from agreements.xlsx.reading import MOST_MERGED, Cell, Unreadable, address, column_letters, column_number, read
from agreements.xlsx.upload import take
from tests.agreements.workbooks import MAIN, workbook


def cells(sheet, **more):
    return read(workbook(sheet, **more))["A"].rows


def row(*cells):
    return f"<sheetData><row r='1'>{''.join(cells)}</row></sheetData>"


STYLES = (
    '<numFmts><numFmt numFmtId="170" formatCode="[$-D07041E]d mmmm bbbb"/>'
    '<numFmt numFmtId="171" formatCode="0.000"/><numFmt numFmtId="172" formatCode="&quot;day %&quot;0.0"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/>'
    '<xf numFmtId="172"/><xf numFmtId="49"/></cellXfs>'
)

# the cell's XML → its text in a number's field; in a text's field
READ = {
    "a number": ("<c r='A1'><v>12.5</v></c>", "12.5", "12.5"),
    "0.1 + 0.2 as Excel keeps it": ("<c r='A1'><v>0.30000000000000004</v></c>", "0.3", "0.3"),
    "15 digits": ("<c r='A1'><v>12345678901.2345</v></c>", "12345678901.2345", "12345678901.2345"),
    "with an exponent": ("<c r='A1'><v>1.5E+3</v></c>", "1500", "1500"),
    "minus nothing": ("<c r='A1'><v>-0</v></c>", "0", "0"),
    "per cent": ("<c r='A1' s='1'><v>0.25</v></c>", "25", "25%"),
    "per cent, in binary": ("<c r='A1' s='1'><v>0.14000000000000001</v></c>", "14", "14%"),
    "shown with three decimals": ("<c r='A1' s='4'><v>33.333</v></c>", "33.333", "33.333"),
    "letters in a format's quotation marks": ("<c r='A1' s='5'><v>7</v></c>", "7", "7"),
    "the value of a formula": ("<c r='A1'><f>1+1</f><v>2</v></c>", "2", "2"),
    "a formula's text": ("<c r='A1' t='str'><f>A2</f><v>=1+1</v></c>", "=1+1", "=1+1"),
    "inline text": ("<c r='A1' t='inlineStr'><is><t> ๑๕ </t></is></c>", "๑๕", "๑๕"),
    "text in runs": ("<c r='A1' t='inlineStr'><is><r><t>ก</t></r><r><t>ข</t></r></is></c>", "กข", "กข"),
    "a shared text": ("<c r='A1' t='s'><v>1</v></c>", "สองหนึ่ง", "สองหนึ่ง"),
    "an escape": ("<c r='A1' t='inlineStr'><is><t>a_x005F_x0041_</t></is></c>", "a_x0041_", "a_x0041_"),
}
STRINGS = "<si><t>no</t></si><si><r><t>สอง</t></r><r><t>หนึ่ง</t></r><rPh sb='0' eb='1'><t>aloud</t></rPh></si>"


@pytest.mark.parametrize("case", READ)
def test_a_cell_is_read_as_it_is_kept(case):
    xml, as_number, as_text = READ[case]
    cell = cells(row(xml), styles=STYLES, strings=STRINGS)[1][1]
    assert text_of(cell, is_number=True) == as_number
    assert text_of(cell, is_number=False) == as_text


WRONG = {
    "more than four decimals": ("<c r='A1' s='4'><v>33.3330000001</v></c>", True, "33.3330000001"),
    "two decimals for a weight": ("<c r='A1'><v>33.333</v></c>", 2, "เช่น 33.33"),
    "a formula never computed": ("<c r='A1'><f>B1</f></c>", True, "สูตรที่ยังไม่มีค่าคำนวณ"),
    "the same for a text": ("<c r='A1'><f>B1</f><v></v></c>", False, "สูตรที่ยังไม่มีค่าคำนวณ"),
    "an error": ("<c r='A1' t='e'><f>1/0</f><v>#DIV/0!</v></c>", True, "#DIV/0!"),
    "a date": ("<c r='A1' s='2'><v>45000</v></c>", True, "เป็นวันที่ โปรดกำหนดรูปแบบช่องเป็นตัวเลข"),
    "a Thai date for a text": ("<c r='A1' s='3'><v>45000</v></c>", False, "เป็นวันที่ โปรดกำหนดรูปแบบช่องเป็นข้อความ"),
    "an ISO date": ("<c r='A1' t='d'><v>2026-01-02</v></c>", False, "เป็นวันที่"),
    "a truth": ("<c r='A1' t='b'><v>1</v></c>", True, "TRUE ไม่ใช่ตัวเลข"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_can_not_be_taken_says_why(case):
    xml, is_number, sentence = WRONG[case]
    cell = cells(row(xml), styles=STYLES)[1][1]
    with translation.override("th"), pytest.raises(Wrong, match=sentence.replace("(", r"\(")):
        text_of(cell, is_number=bool(is_number), places=2 if is_number == 2 else 4)


def test_what_is_no_figure_is_left_to_the_fields_own_sentence():
    for raw in ("1e400", "NaN", "1e-400", "nonsense"):
        assert text_of(Cell(raw, "number"), is_number=True) == raw
    assert text_of(None, is_number=True) == ""


def test_text_is_compared_without_what_no_cell_can_hold():
    assert canonical("  น้ำ\r\nใส\x07\ufffe ") == "น้ำ\nใส"


def test_addresses():
    assert [column_letters(column_number(each)) for each in ("A", "Z", "AA", "XFD")] == ["A", "Z", "AA", "XFD"]
    assert address(7, 5) == "E7"


def test_hidden_rows_and_merged_cells_are_seen_and_cells_without_an_address_counted():
    xml = (
        "<sheetData><row hidden='1'><c t='inlineStr'><is><t>a</t></is></c><c><v>1</v></c></row><row/></sheetData>"
        "<mergeCells><mergeCell ref='A1:B1'/></mergeCells>"
    )
    sheet = read(workbook(xml))["A"]
    assert (list(sheet.rows), sheet.hidden_rows, sheet.merged) == ([1], {1}, ["A1:B1"])
    assert [cell.text for cell in sheet.rows[1].values()] == ["a", "1"]


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


BILLION = (
    f'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet xmlns="{MAIN}"><sheetData>'
    "<row><c t='inlineStr'><is><t>&b;</t></is></c></row></sheetData></worksheet>"
)
UNREADABLE = {
    "csv": (b"no,name\n1,a\n", "ไม่ใช่ไฟล์ Excel (.xlsx)"),
    "nothing": (b"", "ไม่ใช่ไฟล์ Excel (.xlsx)"),
    "xls, or a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, "Excel รูปแบบเก่า (.xls) หรือมีรหัสผ่าน"),
    "ods": (
        zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": "<x/>"}),
        "ไฟล์ชนิดอื่น",
    ),
    "half a file": (workbook("<sheetData/>")[:-60], "ไฟล์ชนิดอื่น"),
    "no xml": (workbook("<sheetData><row>"), "ไฟล์เสียหาย"),
    "entities": (workbook("", parts={"xl/worksheets/sheet1.xml": BILLION}), "ไฟล์เสียหาย"),
    "a text that isn't there": (workbook(row("<c r='A1' t='s'><v>7</v></c>")), "ไฟล์เสียหาย"),
    "a bomb": (workbook("<x>" + "0" * 40_000_000 + "</x>"), "ใหญ่เกินไปเมื่อคลายออก"),
    "macros": (workbook("<sheetData/>", parts={"xl/vbaProject.bin": "x"}), "มาโคร"),
    "another workbook": (workbook(row("<c r='A1'><v>1</v></c>")), "ไม่ใช่แบบฟอร์มของระบบ"),
    "too many cells": (
        workbook("<sheetData><row>" + "<c><v>1</v></c>" * 200_001 + "</row></sheetData>"),
        "มีแถวหรือช่องมากกว่าที่คำรับรอง",
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_is_not_our_file_is_refused_with_a_sentence(case, monkeypatch):
    monkeypatch.setattr("acts.office_files.MOST_RATIO", 200 if case == "a bomb" else 10_000)
    content, sentence = UNREADABLE[case]
    with translation.override("th"), pytest.raises(Unreadable) as refused:
        take(content)
    assert sentence in str(refused.value)


def test_links_to_other_files_are_not_followed():
    link = '<externalLink xmlns:r="x"><externalBook r:id="rId1"/></externalLink>'
    content = workbook(row("<c r='A1'><f>[1]B!A1</f><v>5</v></c>"), parts={"xl/externalLinks/externalLink1.xml": link})
    assert read(content)["A"].rows[1][1] == Cell("5", "number", "", is_formula=True)


# Something that doesn't pack well: the file isn't a bomb by its ratio.
NOISE = ("xl/media/noise.bin", random.Random(5).randbytes(200_000))


def test_a_million_blank_rows_cost_little():
    blank = "<row s='1'/>" * 1_000_000
    content = workbook(f"<sheetData><row r='1'><c r='A1'><v>1</v></c></row>{blank}</sheetData>", parts=[NOISE])
    begun = time.monotonic()
    sheet = read(content)["A"]
    assert (list(sheet.rows), sheet.hidden_rows) == ([1], set())
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_file_is_refused_or_read_but_never_breaks(seed):
    damaged = bytearray(workbook(row(*(xml for xml, _n, _t in READ.values())), styles=STYLES, strings=STRINGS))
    for step in range(4):
        damaged[(seed * 7919 + step * 104_729) % len(damaged)] ^= 1 + (seed * 31 + step) % 255
    with suppress(Unreadable):
        assert set(read(bytes(damaged))) <= {"A"}


def test_of_a_hundred_thousand_merged_ranges_a_thousand_are_told():
    merged = "".join(f"<mergeCell ref='A{row}:B{row}'/>" for row in range(1, 100_000))
    sheet = read(workbook(f"{row()}<mergeCells>{merged}</mergeCells>"))["A"]
    assert len(sheet.merged) == MOST_MERGED
