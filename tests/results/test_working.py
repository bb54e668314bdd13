"""The working of a whole report: one text, on the screen, on paper and in Excel."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import load_workbook

from indicators.working import Step
from results.working import Block
from results.working_files import pdf, xlsx
from tests.agreements.pdf_reading import packed, text_of
from thai.numbers import to_arabic

D = Decimal
BLOCKS = [
    Block(
        number="1.1",
        name="=HYPERLINK(1) ร้อยละของการแจ้ง <b>",
        steps=(Step("สูตร", "A ÷ B × 100"), Step("แทนค่าในสูตร", "190,030 ÷ 310,000 × 100"), Step("ผล", "61.3")),
        score=D("3.2600"),
        unit_of_measure="ร้อยละ",
        weight=D("5.00"),
        value=D("61.3000"),
        contribution=D("0.1630"),
    ),
    Block(number="1.2", name="ยังไม่รายงาน", steps=(), score=None, problem="ยังไม่รายงาน จึงไม่มีคะแนน", weight=D(5)),
    Block(number="", name="คะแนนรวม", steps=(Step("รวม", "0.1630 ÷ 5 = 3.26"),), score=D("3.2600")),
]


@pytest.fixture(scope="module", autouse=True)
def thai():
    with translation.override("th"):
        yield


def test_the_excel_file_holds_numbers_and_every_step_as_text():
    book = load_workbook(BytesIO(xlsx("ที่มาของคะแนน", "รอบ 12 เดือน", BLOCKS)))
    scores, steps = book.worksheets
    rows = list(scores.iter_rows(min_row=4, values_only=True))
    assert rows[0] == ("1.1", BLOCKS[0].name, "ร้อยละ", 5, 61.3, 3.26, 0.163)
    assert rows[1] == ("1.2", "ยังไม่รายงาน", None, 5, None, None, None)  # not reported is blank, not zero
    assert {cell.data_type for row in scores.iter_rows(min_row=4) for cell in row} <= {"s", "n"}
    told = [row[2:] for row in steps.iter_rows(min_row=4, values_only=True)]
    assert told == [
        *((step.label, step.text) for step in BLOCKS[0].steps),
        (None, "ยังไม่รายงาน จึงไม่มีคะแนน"),
        ("รวม", "0.1630 ÷ 5 = 3.26"),
    ]


def test_the_paper_says_the_same():
    text = to_arabic(packed(text_of(pdf("ที่มาของคะแนน", "รอบ 12 เดือน", BLOCKS))))
    for step in (step for block in BLOCKS for step in block.steps):
        assert packed(step.text) in text
    assert "<b>" in text
