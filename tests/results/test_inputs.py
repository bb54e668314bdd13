"""What a report asks for, by the criteria and the formula of the line; and what is typed into it."""

from decimal import Decimal

import pytest
from django.http import QueryDict

from indicators.criteria import criteria_for
from indicators.scale import FIVE
from results.forms import ResultForm
from results.inputs import account_of, asks
from results.models import Report, ReportingRound, Result
from results.scores import as_agreed

D = Decimal
PERCENT = [("A", "แจ้งออนไลน์", "ครั้ง"), ("B", "แจ้งทั้งหมด", "ครั้ง")]
STEPS = [("", name, "") for name in ("สำรวจ", "ออกแบบ", "ทดลอง", "ใช้จริง", "ประเมิน", "ขยายผล")]


def line(
    kind, *, expression="", items=(), levels=("50", "55", "60", "65", "70"), texts=("", "", "", "", "ผ่านการรับรอง")
):
    rows = [{"symbol": symbol, "text": text, "unit": unit, "weight": ""} for symbol, text, unit in items]
    content = {
        "key": 7,
        "number": "1.1",
        "dimension": "1",
        "name": "ร้อยละ",
        "unit_of_measure": "ร้อยละ",
        "weight": "10",
        "target": None,
        "levels": list(levels),
        "level_texts": list(texts),
        "past": [{"value": None}] * 3,
        "kind": kind,
        "expression": expression,
        "items": rows,
        "uppers": [None] * 5,
        "averages": "of_results",
    }
    agreed = as_agreed({"lines": [content], "framework": {"floor": "1", "scale": "five", "dimensions": []}})
    return agreed.lines[0]


FINAL = Report(round=ReportingRound(is_final=True))


def typed(of, result=None, **cells):
    data = QueryDict(mutable=True)
    data.update({name.replace("_", "-"): text for name, text in cells.items()})
    return ResultForm(data, result=result or Result(report=FINAL), line=of)


BY_FORMULA = line("quantitative", expression="A ÷ B × 100", items=PERCENT)


@pytest.mark.parametrize(
    ("of", "asked"),
    [
        (line("quantitative"), "number"),
        (BY_FORMULA, "values"),
        (line("milestone", expression="A"), "number"),
        (line("cumulative", items=STEPS, levels=[None] * 5), "steps"),
        (line("count", levels=[None] * 5), "number"),
        (line("projects", items=STEPS), "items"),
        (line("pass_fail"), "choice"),
        (line("superior"), "taken"),
    ],
)
def test_a_report_asks_for_what_the_line_is_made_of(of, asked):
    assert asks(of) == asked


def test_a_formula_asks_for_its_numbers_and_gives_the_result():
    form = typed(BY_FORMULA, inputs_1="๑๙๐,๐๓๐", inputs_2="310000")
    assert form.is_valid(), form.errors
    assert [(cell.asked.key, cell.asked.title, cell.asked.unit) for cell in form.cells] == PERCENT
    changes = form.changes()
    assert changes["inputs"] == {"values": {"A": "190030", "B": "310000"}}
    assert changes["value"] == D("61.3")
    assert form.kept("inputs") == {"inputs": changes["inputs"], "value": D("61.3")}


def test_the_figure_is_rounded_half_up_to_four_places():
    form = typed(BY_FORMULA, inputs_1="1", inputs_2="3")
    assert form.is_valid()
    assert form.changes()["value"] == D("33.3333")


def test_half_typed_numbers_are_kept_and_are_no_result():
    form = typed(BY_FORMULA, inputs_1="5", inputs_2="")
    assert form.is_valid()
    assert form.changes()["inputs"] == {"values": {"A": "5", "B": ""}}
    assert form.changes()["value"] is None
    assert "B" in form.account.problem


def test_nothing_typed_is_nothing_reported():
    form = typed(BY_FORMULA, inputs_1=" ", inputs_2="")
    assert form.is_valid()
    assert (form.changes()["inputs"], form.changes()["value"]) == ({}, None)


@pytest.mark.parametrize(
    ("part", "base", "says"), [("5", "0", "ตัวหาร B เป็น 0"), ("5,5", "10", "5,5"), ("N/A", "1", "N/A")]
)
def test_what_cannot_be_computed_is_said_and_stays_as_typed(part, base, says):
    form = typed(BY_FORMULA, inputs_1=part, inputs_2=base)
    assert not form.is_valid()
    assert says in " ".join(form.errors["inputs"])
    assert [cell.value for cell in form.cells] == [part, base]


def test_what_was_reported_stands_in_the_cells_again():
    kept = Result(report=FINAL, inputs={"values": {"A": "190030", "B": "310000"}}, value=D("61.3"))
    assert [cell.value for cell in ResultForm(result=kept, line=BY_FORMULA).cells] == ["๑๙๐๐๓๐", "๓๑๐๐๐๐"]


def test_steps_are_ticked_and_none_at_all_has_to_be_said():
    of = line("cumulative", items=STEPS, levels=[None] * 5)
    some = typed(of, inputs_1="on", inputs_2="on", inputs_4="on")
    assert some.is_valid(), some.errors
    assert some.changes()["inputs"] == {"done": ["1", "2", "4"]}
    assert some.changes()["value"] == 2
    assert typed(of).is_valid()
    blank, none = typed(of), typed(of, inputs_7="on")
    assert blank.is_valid()
    assert none.is_valid()
    assert (blank.changes()["value"], none.changes()["value"]) == (None, 0)


def test_projects_pass_or_fail_and_the_superiors_score():
    projects = typed(line("projects", items=STEPS[:2], levels=("1", "2", "3", "4", "5")), inputs_1="4.5", inputs_2="3")
    assert projects.is_valid(), projects.errors
    assert projects.changes()["value"] == D("3.75")
    passes = typed(line("pass_fail"), inputs_1="pass")
    assert passes.is_valid(), passes.errors
    assert passes.changes()["value"] == 1
    assert not typed(line("pass_fail"), inputs_1="perhaps").is_valid()
    assert "inputs" not in typed(line("superior")).fields


def test_the_account_begins_with_the_formula_and_its_numbers():
    account = account_of(BY_FORMULA, {"values": {"A": "190030", "B": "310000"}}, FIVE)
    assert [step.text for step in account.steps] == [
        "A ÷ B × 100",
        "190,030 ÷ 310,000 × 100",
        "190,030 ÷ 310,000 × 100 = 61.3",
        "61.3",
    ]


def test_what_was_frozen_before_formulas_reads_as_ever():
    content = {**BY_FORMULA.content}
    del content["expression"], content["items"]
    old = as_agreed({"lines": [content], "framework": {"floor": "1", "dimensions": []}}).lines[0]
    assert asks(old) == "number"
    assert criteria_for("quantitative", old.levels, old.texts).problems() == []
