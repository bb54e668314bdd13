"""The clauses as they are worded: what they must and may say, and how an agreement fills them. No database."""

import pytest

from agreements.clauses import USUAL, clauses_in, problems
from agreements.documents import to_html
from tests.agreements.sample_sections import sample_sections, signed


def first_page_of(clauses):
    sections = sample_sections()
    sections["wording"] = {"clauses": clauses, "with_minutes": False}
    return to_html(sections, signed(sections), thai_digits=False).partition("<main")[2].partition("</main>")[0]


def test_the_usual_clauses_are_fit():
    assert [sentence for key, text in USUAL.items() for sentence in problems(key, text)] == []


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("maker", "หน่วย {หน่วยงาน", "อยู่โดดเดี่ยว"),
        ("maker", "} หน่วย", "อยู่โดดเดี่ยว"),
        ("maker", "หน่วย {unit} และ {หน่วยงาน}", "ไม่รู้จัก {unit}"),
        ("closing", "ตลอด{ระยะเวลา}", "ข้อ 2 แห่งเดียว"),
        ("period", "เป็นคำรับรองฝ่ายเดียว มิใช่สัญญา", "หนึ่งแห่ง"),
        ("period", "ฝ่ายเดียว มิใช่สัญญา {ระยะเวลา}{ระยะเวลา}", "หนึ่งแห่ง"),
        ("period", "เป็นสัญญา ใช้สำหรับ{ระยะเวลา}", "“ฝ่ายเดียว”"),
        ("period", "เป็นคำรับรองฝ่ายเดียว ใช้สำหรับ{ระยะเวลา}", "“มิใช่สัญญา”"),
    ],
)
def test_what_a_clause_cannot_say_is_told(key, text, said):
    assert said in " ".join(problems(key, text))


def test_names_in_braces_are_filled_by_the_agreement_and_the_rest_is_text():
    page = first_page_of({"maker": "<b>{หน่วยงาน}</b> ขอรับรองต่อ {ผู้บังคับบัญชา} ใน {ปีงบประมาณ}"})

    assert "&lt;b&gt;กองบังคับการตรวจคนเข้าเมือง 1&lt;/b&gt; ขอรับรองต่อ สำนักงานตรวจคนเข้าเมือง ใน พ.ศ. 2570" in page
    assert "เพื่อให้เกิดประโยชน์สุขแก่ประชาชน" not in page
    assert "จึงได้ลงลายมือชื่อไว้เป็นสำคัญ" in page, "what isn't worded is as usual"


def test_the_period_of_the_agreement_stands_where_the_clause_puts_it():
    page = first_page_of({"period": "ใช้{ระยะเวลา} เป็นคำรับรองฝ่ายเดียว มิใช่สัญญา"})

    filled = " ".join(page.replace('<span class="whole">', "").replace("</span>", "").split())
    assert "2. ใช้ระยะเวลา 1 ปี ตั้งแต่วันที่ 1 ตุลาคม 2569 ถึงวันที่ 30 กันยายน 2570 เป็นคำรับรองฝ่ายเดียว" in filled


def test_a_name_that_stands_in_a_name_is_not_filled_again():
    sections = sample_sections()
    sections["agreement"]["unit"]["name"] = "หน่วย {ปีงบประมาณ}"
    sections["wording"] = {"clauses": {"maker": "{หน่วยงาน}"}}

    assert clauses_in(sections)[3]["pieces"][1]["text"] == "หน่วย {ปีงบประมาณ}"
