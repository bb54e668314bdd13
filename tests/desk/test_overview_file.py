"""The overview as an Excel file: the rows and figures of the page, for who sees the page; texts stay texts."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from agreements.models import Agreement
from agreements.stages import Stage
from desk.overview import Overview, Place, Row, Tally
from desk.overview_book import overview_xlsx
from fiscal.models import DeadlineKey
from orgunits.models import OrgUnit
from results.models import Finding
from results.rules import current_report
from results.scoreboard import Board
from tests.desk.test_overview import _closed_divisions, _due, row
from tests.world import ON, YEAR

QUERIES = 13
FILE = "desk:overview_file"


def sheet_of(content):
    return load_workbook(BytesIO(content)).active


def rows_of(sheet):
    """{name of the unit: {head: value}}"""
    heads = [cell.value for cell in sheet[3]]
    return {line[0]: dict(zip(heads, line, strict=True)) for line in sheet.iter_rows(min_row=4, values_only=True)}


@pytest.fixture
def fetched(visit):
    def fetch(user, code, **query):
        answer = visit(user, FILE, code, **query)
        assert answer["Content-Disposition"] == f'attachment; filename="{YEAR}-{code}-overview.xlsx"'
        return sheet_of(b"".join(answer.streaming_content))

    return fetch


def test_it_has_the_rows_and_figures_of_the_page(world, visit, fetched):
    world.agreement(Stage.CLOSED)
    world.agreement(Stage.INFORMAL, "negotiator", code="IMM-D2")
    _due(world, DeadlineKey.INFORMAL, -3)
    page = visit(world.people.superior, "desk:unit_overview", "IMM").context["overview"]

    rows = rows_of(fetched(world.people.superior, "IMM"))

    assert set(rows) == {each.unit.short_name for each in page.rows}
    closed, late, none = rows["บก.ตม.1"], rows["บก.ตม.2"], rows["บก.ตม.3"]
    scored = next(each for each in page.rows if each.unit.code == "IMM-D1").board
    assert Decimal(str(closed["คะแนนรวม"])) == scored.total
    assert [Decimal(str(closed[name])) for _number, name in page.dimensions] == list(scored.by_dimension.values())
    assert (closed["คะแนน"], closed["เกินกำหนด (วัน)"], closed["ตาของใคร"]) == ("ประกาศแล้ว", None, None)
    assert (late["ตาของใคร"], late["เกินกำหนด (วัน)"], late["คะแนนรวม"]) == ("สตม. (ผู้เจรจา)", 3, None)
    assert none["ขั้นตอน"] == "ยังไม่ส่งคำรับรอง"


def test_from_the_top_a_row_counts_what_lies_below_it(world, fetched):
    world.agreement(Stage.INFORMAL)
    _due(world, DeadlineKey.INFORMAL, -3)
    command = rows_of(fetched(world.people.commissioner_general, "RTP"))["สตม."]
    assert (command["คำรับรองในสังกัด"], command["เกินกำหนดในสังกัด"]) == (1, 1)


def test_what_the_page_doesnt_show_isnt_in_the_file(world, visit, fetched):
    """A draft is unknown to the planning office above; an evaluator's score is nobody else's before the release."""
    world.agreement(Stage.DRAFT, code="IMM-D2")
    running = world.agreement(Stage.EVALUATION)
    Finding.objects.filter(evaluation__report=current_report(running, on=ON)).update(value=1)

    rows = rows_of(fetched(world.people.planner, "IMM"))

    assert rows["บก.ตม.2"]["ขั้นตอน"] == "ยังไม่ส่งคำรับรอง"
    assert rows["บก.ตม.1"]["คะแนนรวม"] > 4
    assert rows["บก.ตม.1"]["คะแนน"].startswith("ประเมินตนเอง")
    assert visit(world.people.superior, FILE, "RTP").status_code == 404
    assert visit(world.people.staff, FILE, "IMM").status_code == 404


@pytest.mark.parametrize("begins", ["=1+1", "+66", "-1", "@SUM(A1)"])
def test_a_text_that_looks_like_a_formula_stays_text(begins):
    here = ("1", f"{begins} มิติ")
    board = Board((), Decimal(4), (here,))
    unit = OrgUnit(code="A", name_th=begins, abbr_th=begins, signs_agreement=False)
    shown = Overview(Place((unit,), (unit,)), YEAR, Tally(1, ()), (Row(unit, False, None, Tally(0, ()), board),), ())

    sheet = sheet_of(overview_xlsx(shown, ON))

    assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value is not None} == {"s", "n"}
    assert (sheet["A4"].value, sheet["B4"].value) == (begins, begins)
    assert sheet["A4"].quotePrefix


def test_scales_are_said_where_they_differ():
    three = {YEAR: "three", YEAR - 1: "five"}
    rows = (
        row("A", totals={YEAR: Decimal(90), YEAR - 1: Decimal(3)}, scales=three),
        row("B", totals={YEAR: Decimal(4), YEAR - 1: Decimal(4)}),
    )
    found = rows_of(sheet_of(overview_xlsx(Overview(Place((OrgUnit(),), ()), YEAR, Tally(2, ()), rows, ()), ON)))
    assert found["A"]["หมายเหตุ"] == "ปี 2570 มาตรา 50–100 · ปี 2569 มาตรา 1–5 · คะแนนต่างมาตราเทียบกันไม่ได้"
    assert found["B"]["หมายเหตุ"] == "มาตรา 1–5"
    assert (found["A"]["คะแนนรวม"], found["A"]["คะแนนรวมปี 2569"]) == (90, 3)


@pytest.mark.parametrize("count", [1, 60])
def test_it_costs_as_much_as_the_page_for_one_unit_or_sixty(world, client, django_assert_num_queries, count):
    _closed_divisions(world, count)
    world.agreement(Stage.EVALUATION, code="IMM-D2")
    client.force_login(world.people.negotiator)
    with django_assert_num_queries(QUERIES):
        client.get(reverse(FILE, args=["IMM"]))
    assert Agreement.objects.count() == count + 2
