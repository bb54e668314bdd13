"""The working of a whole report: one text, on the screen, on paper and in Excel."""

from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.utils import translation
from openpyxl import load_workbook

from indicators.scale import FIVE
from indicators.scoring import Denominator
from indicators.working import Step
from results.working import Beside, Block, _in_tree
from results.working_files import pdf, xlsx
from tests.agreements.pdf_reading import packed, text_of
from thai.numbers import to_arabic

D = Decimal


@dataclass(frozen=True)
class AgreedPart:
    number: str
    depth: int
    weight: Decimal
    is_leaf: bool = True
    name: str = ""

    @property
    def key(self):
        return self.number


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


def test_an_indicator_with_parts_has_its_working_before_theirs_and_weighs_nothing():
    tree = (AgreedPart("1", 0, D(30), is_leaf=False), AgreedPart("1.1", 1, D(20)), AgreedPart("1.2", 1, D(10)))
    agreed = SimpleNamespace(tree=tree, denominator=Denominator.IN_FORCE, scale=FIVE)
    parts = {
        "1.1": Block("1.1", "ก", (), D(3), unit=Beside(D(1), D(4), "")),
        "1.2": Block("1.2", "ข", (), D(4), unit=Beside(D(2), D(4), "")),
    }

    whole, *others = _in_tree(agreed, parts)

    assert others == list(parts.values())
    assert (whole.number, whole.score, whole.weight, whole.contribution) == ("1", D("3.3333"), None, None)
    assert whole.steps[0].text.startswith("3.0000 × 20.00 + 4.0000 × 10.00 = 100")
    assert whole.steps[-1] == Step("หน่วยรายงาน", "คะแนน 4.0000")
    unscored = {key: replace(block, score=None, unit=None) for key, block in parts.items()}
    assert _in_tree(agreed, unscored)[0].problem == "ยังไม่มีตัวชี้วัดย่อยใดมีคะแนน"
