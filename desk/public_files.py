"""Announcements as files for programs and spreadsheets: JSON and CSV. Pure."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from acts.office_files import begins_formula
from agreements.public_edition import answers_in

LEVELS = 5
LINE_HEADINGS = (
    "ที่", "ตัวชี้วัด", "มิติที่", "หน่วยวัด", "น้ำหนัก (ร้อยละ)", "เป้าหมาย",
    "ระดับ 1", "ระดับ 2", "ระดับ 3", "ระดับ 4", "ระดับ 5",
    "สิ่งที่จะพัฒนา", "สิ่งที่ใช้วัดผลงาน", "เป้าหมายที่ตั้งไว้",
)  # fmt: skip
LIST_HEADINGS = ("รหัสหน่วยงาน", "หน่วยงาน", "ปีงบประมาณ", "ประเภท", "วันที่ประกาศ", "ที่อยู่")


def as_json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)


def indicators_as_csv(sections: dict[str, Any]) -> str:
    """The indicators of an announcement, a row each."""
    return as_csv(LINE_HEADINGS, (_row(line) for line in sections["lines"]))


def _row(line: dict[str, Any]) -> Iterator[str]:
    yield from (line["number"], line["name"], line["dimension"], line["unit_of_measure"], line["weight"])
    yield line["target"] or ""
    values = [value or "" for value in line["levels"]][:LEVELS]
    texts = [*line.get("level_texts", []), *[""] * LEVELS][: len(values)]
    cells = [value or text for value, text in zip(values, texts, strict=True)]
    yield from [*cells, *[""] * (LEVELS - len(cells))]
    yield from answers_in(line)


def as_csv(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table as CSV that spreadsheets read as UTF-8; no text in it is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([plain_cell(str(cell)) for cell in row] for row in rows)
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + out.getvalue()


def plain_cell(text: str) -> str:
    """The text as a cell that is no formula: marked with an apostrophe where it would begin one; numbers stay numbers."""
    return f"'{text}" if begins_formula(text) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
