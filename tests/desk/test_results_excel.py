"""The results of a round as an Excel file: out, filled in, looked through, taken over; a wrong row loses no other."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from acts.idempotency import new_key
from agreements.stages import Stage
from agreements.xlsx.reading import Unreadable
from results.models import Result
from results.rules import current_report
from results.scores import report_card
from results.workbook import FIRST, PARTS, RESULTS, write
from results.workbook_in import NotAsShown, dry_run, take_over
from results.write import save_result
from tests.results.test_evidence_files import bomb
from tests.results.three_lines import three_lines
from tests.world import ON

D1 = "2570-IMM-D1"
VALUE, NARRATIVE = 5, 6  # columns of the sheet of results


@pytest.fixture
def assessed(world):
    return three_lines(world)


def report_of(agreement):
    fresh = type(agreement).objects.for_detail().get(pk=agreement.pk)
    report = current_report(fresh, on=ON)
    return report, report_card(report)


def filled(agreement, cells, sheet=RESULTS):
    """The file of the report with {(row of data from 0, column): value} typed into it."""
    book = load_workbook(io.BytesIO(write(*report_of(agreement))))
    for (row, column), value in cells.items():
        book[sheet].cell(FIRST + row, column).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def values(agreement):
    return [
        f"{row.value:f}".rstrip("0").rstrip(".") if row.value is not None else ""
        for row in report_of(agreement)[1].rows
    ]


def test_the_file_as_it_went_out_changes_nothing(assessed):
    outcome = dry_run(*report_of(assessed), filled(assessed, {}))
    assert (outcome.taken, outcome.clashes, outcome.problems) == ([], [], [])


def test_a_filled_in_file_is_looked_through_and_taken_over(world, assessed):
    content = filled(assessed, {(0, VALUE): "๘๖.๐๒", (0, NARRATIVE): "ตามแผน", (1, VALUE): 20.1})
    outcome = dry_run(*report_of(assessed), content)
    assert [len(each.fields) for each in outcome.taken] == [2, 1]
    assert values(assessed) == ["", "", ""]

    count = take_over(*report_of(assessed), content, seal=outcome.seal(), actor=world.people.staff, at=world.at())

    assert count == 2
    assert values(assessed) == ["86.02", "20.1", ""]
    first = report_of(assessed)[1].rows[0].result
    assert first.narrative == "ตามแผน"


def test_a_text_that_looks_like_a_formula_goes_out_and_comes_back_as_text(world, assessed):
    first = report_of(assessed)[1].rows[0].result
    save_result(first, {"narrative": "=1+1 ตามแผน"}, version=1, actor=world.people.staff, at=world.at())
    book = load_workbook(io.BytesIO(write(*report_of(assessed))))
    assert book[RESULTS].cell(FIRST, NARRATIVE).data_type == "s"
    assert not dry_run(*report_of(assessed), write(*report_of(assessed))).taken


def test_a_wrong_row_is_said_with_its_cell_and_the_others_are_taken(assessed):
    content = filled(assessed, {(0, VALUE): "แปดสิบหก", (1, VALUE): "20.1", (2, VALUE): "2.5"})
    outcome = dry_run(*report_of(assessed), content)
    assert [(each.address, each.sheet) for each in outcome.problems] == [("E5", RESULTS), ("E7", RESULTS)]
    assert [each.row.line.number for each in outcome.taken] == ["1.2"]


def test_what_somebody_else_changed_meanwhile_is_not_written_over(world, assessed):
    content = filled(assessed, {(0, VALUE): "86", (1, VALUE): "20"})
    first = report_of(assessed)[1].rows[0].result
    save_result(first, {"value": 80}, version=1, actor=world.people.staff, at=world.at())
    outcome = dry_run(*report_of(assessed), content)
    assert [each.row.line.number for each in outcome.clashes] == ["1.1"]
    assert [each.row.line.number for each in outcome.taken] == ["1.2"]


def test_what_was_shown_and_nothing_else_is_taken_over(world, assessed):
    content = filled(assessed, {(0, VALUE): "86"})
    seal = dry_run(*report_of(assessed), content).seal()
    first = report_of(assessed)[1].rows[0].result
    save_result(first, {"narrative": "ระหว่างนั้น"}, version=1, actor=world.people.staff, at=world.at())
    with pytest.raises(NotAsShown):
        take_over(*report_of(assessed), content, seal=seal, actor=world.people.staff, at=world.at())
    assert values(assessed) == ["", "", ""]


def test_the_file_of_another_unit_is_not_read(world, assessed):
    other = world.agreement(Stage.ASSESSMENT, code="IMM-D2")
    with pytest.raises(Unreadable, match="2570-IMM-D2"):
        dry_run(*report_of(assessed), filled(other, {(0, VALUE): "86"}))


def test_the_file_of_another_round_is_not_read(world):
    agreement = three_lines(world, rounds=2)
    content = filled(agreement, {})
    report, _card = report_of(agreement)
    later = agreement.reports.get(round__position=3)
    assert report.round.position == 1
    later.agreement = report.agreement
    with pytest.raises(Unreadable):
        dry_run(later, report_card(later), content)


@pytest.mark.parametrize("content", [b"", b"not a file", bomb()])
def test_what_is_no_file_of_ours_is_said_at_the_field(world, send, assessed, content):
    answer = send(world.people.staff, "desk:results_excel", D1, 3, file=SimpleUploadedFile("ผล.xlsx", content))
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]


def test_numbers_of_a_formula_are_typed_on_their_own_sheet(world):
    agreement = world.agreement(Stage.ASSESSMENT)
    report, card = report_of(agreement)
    book = load_workbook(io.BytesIO(write(report, card)))
    asked = [row[0].value for row in book[PARTS].iter_rows(min_row=FIRST) if row[0].value]
    assert set(asked) <= {row.line.number for row in card.rows}
    assert book["_system"].sheet_state == "veryHidden"


def test_on_the_page_nothing_is_saved_before_it_is_agreed_to(world, send, words, assessed):
    sent = SimpleUploadedFile("ผล.xlsx", filled(assessed, {(0, VALUE): "86.02", (2, VALUE): "9"}))
    answer = send(world.people.staff, "desk:results_excel", D1, 3, file=sent)
    assert answer.status_code == 422
    assert "จะแก้ไข 1 ตัวชี้วัด" in words(answer)
    assert values(assessed) == ["", "", ""]
    agreed = {"dry_run": answer.context["take_form"].initial["dry_run"], "idempotency": new_key()}

    assert send(world.people.neighbour, "desk:take_results", D1, 3, **agreed).status_code == 404
    assert send(world.people.office, "desk:take_results", D1, 3, **agreed).status_code == 403
    for _twice in range(2):
        answer = send(world.people.staff, "desk:take_results", D1, 3, **agreed)
        assert answer.url == reverse("desk:report", args=[D1, 3])
    assert values(assessed) == ["86.02", "", ""]
    assert Result.objects.get(report__agreement=assessed, line=report_of(assessed)[1].rows[0].line.key).version == 2


def test_a_page_that_agrees_to_nothing_known_saves_nothing(world, send, assessed):
    answer = send(world.people.staff, "desk:take_results", D1, 3, dry_run="ปลอม", idempotency=new_key())
    assert answer.status_code == 409


def test_the_file_is_given_to_who_may_fill_it_in(world, visit, assessed):
    assert visit(world.people.staff, "desk:results_file", D1, 3)["Content-Type"].endswith("sheet")
    assert visit(world.people.evaluator, "desk:results_file", D1, 3).status_code == 403
