"""Pages of an agreement that was amended say which text counts, and mark what the amendment changed."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from agreements.stages import Stage
from results.scores import agreed_lines
from tests.agreements.pdf_reading import packed, text_of
from tests.results.test_amended import AmendingThree, at_assessment, reported
from thai.numbers import to_arabic

D1 = "2570-IMM-D1"
FIRST, FINAL = (D1, 1), (D1, 3)
KEPT = "คิดคะแนนตามข้อความก่อนการแก้ไขเพิ่มเติมครั้งที่ 1 ซึ่งมีผลตั้งแต่วันที่"
NEW = "คิดคะแนนตามคำรับรองฯ ที่แก้ไขเพิ่มเติมครั้งที่ 1 ซึ่งมีผลตั้งแต่วันที่"
LEVELS = "ระดับ 1 78 → 76"


@pytest.fixture
def amended(world):
    """A report was sent and accepted, then 1.1 and 4.1 were amended; the last report is being written."""
    walk = at_assessment(world, rounds=2)
    reported(world, walk)
    walk.move("accept_report", walk.people.evaluator)
    AmendingThree(world, walk).put_in_force()
    return walk


def test_each_report_says_by_which_text_it_is_scored(world, visit, words, amended):
    staff, key = world.people.staff, amended.agreement.lines.first().pk
    for route, args in (("report", ()), ("result", (key,)), ("report_working", ())):
        first, final = (words(visit(staff, f"desk:{route}", *place, *args)) for place in (FIRST, FINAL))
        assert KEPT in first, route
        assert NEW not in first, route
        assert NEW in final, route
    page = visit(staff, "desk:report", *FIRST).content.decode()
    assert reverse("desk:amendment", args=[D1, 1]) in page


def test_so_do_the_files_of_the_working(world, visit, amended):
    def file(place, kind):
        return visit(world.people.staff, "desk:report_working_file", *place, kind).content

    for place, said in ((FIRST, KEPT), (FINAL, NEW)):
        sheet = load_workbook(BytesIO(file(place, "xlsx"))).worksheets[0]
        assert said in to_arabic(sheet["A2"].value)
    assert packed(KEPT) in to_arabic(packed(text_of(file(FIRST, "pdf"))))


def test_the_indicators_are_those_in_force_and_what_was_amended_is_marked(world, visit, words, amended):
    page = words(visit(world.people.staff, "desk:agreement", D1))

    assert "ข้อความตามที่แก้ไขเพิ่มเติมครั้งที่ 1 ซึ่งมีผลตั้งแต่วันที่" in page
    assert page.count("แก้ไขเพิ่มเติมครั้งที่ 1 :") == 2  # 1.1 and 4.1, not 1.2
    assert "น้ำหนัก (ร้อยละ) 50.00 → 45.00 · ระดับ 1 · ระดับ 2 ·" in page

    line = next(each for each in agreed_lines(amended.agreement).lines if each.number == "1.1")
    sheet = words(visit(world.people.staff, "desk:line", D1, line.key))
    assert LEVELS in sheet
    assert sheet.count("เหตุผล ผลกระทบจากงบประมาณ") == 1  # of all six fields


def test_what_was_not_amended_says_nothing_of_it(world, visit, words):
    agreement = world.agreement(Stage.ASSESSMENT)
    for route, args in (("agreement", ()), ("report", (3,)), ("line", (agreement.lines.first().pk,))):
        assert "แก้ไขเพิ่มเติมครั้งที่" not in words(visit(world.people.staff, f"desk:{route}", D1, *args))


def test_the_evaluation_says_it_too_before_and_after_the_release(world, visit, words, amended):
    reported(world, amended)
    amended.to(Stage.EVALUATION)
    assert NEW in words(visit(world.people.evaluator, "desk:evaluation", D1))
    amended.to(Stage.CLOSED)
    for route in ("evaluation", "evaluation_working"):
        assert NEW in words(visit(world.people.staff, f"desk:{route}", D1)), route


COSTS = {"agreement": 20, "line": 20, "report": 21, "report_working": 20, "result": 22}


@pytest.mark.parametrize("route", COSTS)
def test_a_page_costs_what_the_table_says_once_amended(world, client, amended, route, django_assert_num_queries):
    key = amended.agreement.lines.first().pk
    args = {"agreement": (D1,), "line": (D1, key), "report": FIRST, "report_working": FIRST, "result": (*FIRST, key)}
    client.force_login(world.people.staff)
    address = reverse(f"desk:{route}", args=args[route])
    client.get(address)
    with django_assert_num_queries(COSTS[route]):
        client.get(address)
