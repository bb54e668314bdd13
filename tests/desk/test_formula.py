"""A computable formula from the sheet to the score: typed and tried, asked for by the report, shown in the working."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from acts.versions import Stale
from agreements.forms import LineForm
from agreements.freeze import sections
from agreements.models import Line
from agreements.rules import missing
from agreements.stages import Pen, Stage
from agreements.write import save_line
from desk.score_panel import panel
from results.forms import ResultForm
from results.inputs import account_of
from results.models import Evaluation, Finding, Report, ReportingRound, Result
from results.rules import current_report
from results.scores import Row, final_scores, report_card
from results.taken import Taken
from results.write import save_result
from tests.desk.asking import filled
from tests.results.test_inputs import STEPS
from tests.results.test_inputs import line as asked_line
from tests.results.three_lines import report_lines, walk_of_three
from tests.world import ON

D1 = "2570-IMM-D1"
ITEMS = [
    {"symbol": "A", "text": "ผู้ผ่านภายในเวลา", "unit": "คน", "weight": ""},
    {"symbol": "B", "text": "ผู้โดยสารทั้งหมด", "unit": "คน", "weight": ""},
]
CELLS = {f"items-{place}-{name}": text for place, item in enumerate(ITEMS) for name, text in item.items()}


def fresh(row):
    return type(row)._base_manager.get(pk=row.pk)


# The sheet


@pytest.fixture
def line(world):
    return world.draft.lines.first()


@pytest.fixture
def leave(client, world):
    """leave(line, "items", …) → the response to leaving that field of the sheet."""

    def post(line, field, **typed):
        client.force_login(world.people.staff)
        headers = {"HX-Request": "true", "HX-Trigger-Name": field}
        address = reverse("desk:line_field", args=[D1, line.pk])
        return client.post(address, {"version": fresh(line).version, **typed}, headers=headers)

    return post


def test_the_table_and_the_formula_save_themselves_and_more_rows_come(line, leave):
    assert leave(line, "expression", expression="A ÷ B × ๑๐๐").status_code == 200
    answer = leave(line, "items", **CELLS, **{"items-2-text": "", "items-2-symbol": ""})
    assert answer.status_code == 200
    assert 'id="item-rows"' in answer.content.decode()
    kept = fresh(line)
    assert (kept.expression, kept.items) == ("A ÷ B × ๑๐๐", ITEMS)
    frozen = next(each for each in sections(line.agreement)["lines"] if each["key"] == line.pk)
    assert (frozen["expression"], frozen["items"]) == ("A ÷ B × ๑๐๐", ITEMS)


def test_what_is_no_formula_and_a_name_twice_are_refused_at_their_field_and_not_kept(line, leave):
    answer = leave(line, "expression", expression="A ÷")
    assert answer.status_code == 422
    assert "ขาดค่าหลัง “÷”" in answer.content.decode()
    answer = leave(line, "items", **CELLS | {"items-1-symbol": "A"})
    assert answer.status_code == 422
    assert "ซ้ำกันในตาราง" in answer.content.decode()
    assert (fresh(line).expression, fresh(line).items) == ("", [])


def test_a_stale_table_shows_both_and_keeps_what_stands(world, line, leave, send, words):
    opened = filled(LineForm(line=line)) | {"version": line.version}
    theirs = [{**ITEMS[0], "text": "ของคนอื่น"}]
    save_line(line, {"items": theirs}, version=line.version, actor=world.people.staff, at=world.at(), page="another")
    answer = leave(line, "items", **{"version": opened["version"]} | CELLS)
    assert answer.status_code == 409
    assert "ของคนอื่น" in answer.content.decode()
    del opened["items"]
    page = send(world.people.staff, "desk:line", D1, line.pk, **opened | CELLS)
    assert page.status_code == 409
    assert "ของคนอื่น" in words(page)
    assert "ผู้โดยสารทั้งหมด" in words(page)
    assert fresh(line).items == theirs
    chosen = {"items": "A\tผู้ผ่าน\tคน\t", "version": fresh(line).version}
    assert send(world.people.staff, "desk:line", D1, line.pk, **opened | chosen).status_code == 302
    assert fresh(line).items == [{**ITEMS[0], "text": "ผู้ผ่าน"}]


def test_the_preview_sets_the_formula_and_says_what_does_not_fit(world, line, visit, words):
    typed = {"expression": "A ÷ (B + C) × 100", "items-0-symbol": "A", "items-1-symbol": "B", "items-2-symbol": "D"}
    page = words(visit(world.people.staff, "desk:line_formula", D1, line.pk, **typed))
    assert "สูตรใช้ “C” แต่ไม่มีในตารางตัวแปร" in page
    assert "สูตรไม่ได้ใช้ “D”" in page
    assert "A ÷ ( B + C ) × 100" in " ".join(page.split())
    assert visit(world.people.staff, "desk:line_formula", D1, line.pk, expression="(" * 3000).status_code == 200
    assert fresh(line).expression == ""


def test_an_unknown_name_keeps_the_agreement_from_being_submitted_and_a_formula_needs_no_words(world, line):
    Line.objects.filter(pk=line.pk).update(expression="A ÷ C", items=ITEMS, formula="")
    said = {refusal.where: refusal.sentence for refusal in missing(line.agreement, world.people.staff, world.at())}
    assert "“C”" in said[f"line/{line.pk}#expression"]
    assert f"line/{line.pk}#formula" not in said


def test_whoever_may_not_write_is_shown_the_formula_as_it_is_set(world, line, visit, words):
    Line.objects.filter(pk=line.pk).update(expression="A / B * 100", items=ITEMS)
    page = words(visit(world.people.office, "desk:line", D1, line.pk))
    assert "A ÷ B × 100" in " ".join(page.split())
    assert "B = ผู้โดยสารทั้งหมด" in page


# The report


@pytest.fixture
def assessed(world):
    """The three lines at self-assessment; the result of the first is computed."""
    walk = walk_of_three(world)
    first = walk.agreement.lines.order_by("dimension__number", "position").first()
    Line.objects.filter(pk=first.pk).update(expression="A ÷ B × 100", items=ITEMS)
    walk.to(Stage.ASSESSMENT, Pen.STAFF)
    return type(walk.agreement).objects.for_detail().get(pk=walk.agreement.pk)


@pytest.fixture
def result(assessed):
    return next(row for row in report_card(current_report(assessed, on=ON)).rows if row.line.number == "1.1").result


def place(result):
    return (D1, result.report.round.position, result.line_id)


def test_the_report_asks_for_the_numbers_computes_and_scores_them(world, result, send, visit, words):
    sent = {"version": result.version, "inputs-1": "๘๖,๐๒๐", "inputs-2": "100000", "narrative": "ทำแล้ว"}
    answer = send(world.people.staff, "desk:result", *place(result), **sent)
    assert answer.status_code == 302, words(answer)
    kept = fresh(result)
    assert (kept.value, kept.inputs) == (Decimal("86.02"), {"values": {"A": "86020", "B": "100000"}})
    page = words(visit(world.people.staff, "desk:result", *place(result)))
    assert "86,020 ÷ 100,000 × 100 = 86.02" in page
    assert "3 + (86.02 − 84) ÷ (87 − 84) = 3.67333333… ≈ 3.6733" in page
    assert "ผู้โดยสารทั้งหมด" in page


def test_each_number_saves_itself_and_a_half_of_them_is_no_result(client, world, result, words):
    client.force_login(world.people.staff)
    address, headers = reverse("desk:result_field", args=place(result)), {"HX-Trigger-Name": "inputs"}
    answer = client.post(address, {"version": result.version, "inputs-1": "5", "inputs-2": ""}, headers=headers)
    assert answer.status_code == 200
    assert (fresh(result).value, fresh(result).inputs) == (None, {"values": {"A": "5", "B": ""}})
    version = fresh(result).version
    zero = client.post(address, {"version": version, "inputs-1": "5", "inputs-2": "0"}, headers=headers)
    assert zero.status_code == 422
    assert "ตัวหาร B เป็น" in zero.content.decode()
    assert fresh(result).version == version
    typed = client.get(reverse("desk:result_score", args=place(result)), {"inputs-1": "87", "inputs-2": "100"})
    assert "4.0000" in words(typed)
    assert "87 ÷ 100" in " ".join(words(typed).split())
    assert fresh(result).version == version


def test_two_who_type_numbers_see_both_and_nothing_is_lost(world, result):
    changes = {"inputs": {"values": {"A": "1", "B": "2"}}, "value": Decimal(50)}
    seen = {"version": result.version, "actor": world.people.staff, "at": world.at()}
    save_result(result, changes, **seen, page="one")
    with pytest.raises(Stale) as stale:
        save_result(result, {"inputs": {}, "value": None}, **seen, page="two")
    assert stale.value.theirs.value == 50


def test_the_whole_working_is_one_text_and_is_frozen_with_the_scores(world, assessed, result):
    inputs = {"inputs": {"values": {"A": "86020", "B": "100000"}}, "value": Decimal("86.02")}
    save_result(result, inputs, version=result.version, actor=world.people.staff, at=world.at())
    report_lines(world, assessed, {"1.2": "20.1", "4.1": "3"})
    card = report_card(current_report(type(assessed).objects.for_detail().get(pk=assessed.pk), on=ON))
    row = card.row_of(result.line_id)
    assert [step.text for step in card.working(row)][:1] == ["A ÷ B × 100"]
    assert [step.text for step in card.working(row)][-1].startswith("3.6733 × 50.00 ÷ 100 = 1.8367")
    evaluation = Evaluation.objects.create(report=row.result.report, stage_since=world.at())
    Finding.objects.bulk_create(
        Finding(evaluation=evaluation, line_id=each.line.key, value=each.value) for each in card.rows
    )
    frozen = next(each for each in final_scores(evaluation)["lines"] if each["key"] == row.line.key)
    for side in ("unit", "evaluator"):  # the evaluator has taken the figure over
        assert frozen[side]["account"][0]["text"] == "A ÷ B × 100"
        assert frozen[side]["account"][-1]["text"] == "86.02"
        assert frozen[side]["score"] == "3.6733"


@pytest.mark.parametrize(
    ("of", "inputs", "shows"),
    [
        (asked_line("cumulative", items=STEPS, levels=[None] * 5), {"done": ["1", "2"]}, 'type="checkbox"'),
        (asked_line("pass_fail"), {"choice": "pass"}, 'value="pass" checked'),
        (asked_line("projects", items=STEPS[:2]), {"items": ["4.5", ""]}, 'id="inputs-2"'),
        (asked_line("superior"), {}, "นำคะแนน"),
    ],
)
def test_every_kind_asks_in_its_own_way(of, inputs, shows):
    result = Result(report=Report(round=ReportingRound(is_final=True)), inputs=inputs)
    account = account_of(of, inputs, of.scale)
    row = Row(of, result, None, "", (), account)
    form = ResultForm(result=result, line=of)
    form.autosave_to("/field/")
    context = {
        "form": form,
        "changed": False,
        "row": row,
        "panel": panel(row),
        "formula": None,
        "taken": Taken("อัตราคดี", "สตม.", Decimal("4.3")),
        "agreement": SimpleNamespace(code=D1),
        "report": SimpleNamespace(round=SimpleNamespace(position=3)),
    }
    page = render_to_string("desk/_result_value.html", context)
    assert shows in page
    assert page.count("<fieldset") == (0 if of.kind == "superior" else 1)
