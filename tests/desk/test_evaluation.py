"""The evaluator's desk: both sides beside each other, saved as it is typed, hidden until released, read once frozen."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from acts.models import Entry
from agreements.stages import Stage
from desk.movements import movement
from orgunits.grants import grant, withdraw
from orgunits.roles import Role
from results.models import Finding
from results.rules import current_report
from results.scores import evaluation_card
from results.write import save_finding, save_findings
from tests.agreements.pdf_reading import packed, text_of
from tests.results.three_lines import RESULTS, report_lines, walk_of_three
from tests.world import ON
from thai.numbers import to_arabic

D1 = "2570-IMM-D1"


def walked(world):
    """The walk of the three lines, reported as by hand and certified."""
    walk = walk_of_three(world)
    report_lines(world, walk.to(Stage.ASSESSMENT), RESULTS, at=walk.diary.soon())
    walk.hand_to_office()
    walk.send_report()
    walk.certify()
    return walk


@pytest.fixture
def walk(world):
    return walked(world)


@pytest.fixture
def evaluation(walk):
    return current_report(walk.agreement, on=ON).evaluation


@pytest.fixture
def findings(evaluation):
    """The findings of 1.1, 1.2 and 4.1."""
    return list(evaluation.findings.all())


def typed(findings, **more):
    """What the form posts of untouched findings, but for `more` ("value_2": …)."""
    data = {}
    for number, finding in enumerate(findings, 1):
        for column in ("value", "reason"):
            kept = getattr(finding, column)
            data[f"initial-{column}-{finding.pk}"] = "" if kept is None else str(kept)
            data[f"{column}-{finding.pk}"] = more.get(f"{column}_{number}", data[f"initial-{column}-{finding.pk}"])
        data[f"version-{finding.pk}"] = finding.version
    return data


def values(evaluation):
    return [(finding.value, finding.reason) for finding in evaluation.findings.all()]


def test_the_units_results_stand_beside_empty_fields(world, visit, words, findings):
    answer = visit(world.people.evaluator, "desk:evaluation", D1)
    page = words(answer)
    assert all(shown in page for shown in ("86.02", "3.6733", "20.1", "4.3000"))
    assert "ยังไม่ได้ประเมินตัวชี้วัดใด" in page
    assert "หน่วยประเมินผลตนเอง 3.7267" in page
    assert "เห็นชอบทั้งหมดที่ไม่มีข้อสังเกต (3)" in page
    assert [row["value"].value() for row in answer.context["rows"]] == [None, None, None]


def test_all_rows_are_saved_at_once(world, send, findings, evaluation):
    data = typed(findings, value_1="๘๖.๐๒", value_2="21", reason_2="ไม่นับคำขอที่ยื่นหลัง ๑๕ ก.ย.", value_3="3")
    answer = send(world.people.evaluator, "desk:evaluation", D1, **data)
    assert answer.url == reverse("desk:evaluation", args=[D1])
    assert values(evaluation) == [
        (Decimal("86.02"), ""),
        (Decimal(21), "ไม่นับคำขอที่ยื่นหลัง ๑๕ ก.ย."),
        (Decimal(3), ""),
    ]


def test_a_different_score_is_marked_and_asks_for_its_reason(world, send, visit, words, findings):
    evaluator = world.people.evaluator
    send(evaluator, "desk:evaluation", D1, **typed(findings, value_1="86.02", value_2="21", value_3="3"))

    page = visit(evaluator, "desk:evaluation", D1)

    assert words(page).count("คะแนนต่างกัน ต้องให้เหตุผล") == 1
    assert "ตัวชี้วัดที่ 1.2 คะแนนต่างกัน โปรดระบุเหตุผล" in words(page)
    assert [button.is_open for button in (page.context["primary"],)] == [False]


def test_scores_are_proposed_once_every_difference_has_its_reason(world, send, visit, words, findings):
    evaluator = world.people.evaluator
    data = typed(findings, value_1="86.02", value_2="21", value_3="3", reason_2="ไม่นับคำขอที่ยื่นช้า")
    send(evaluator, "desk:evaluation", D1, **data)
    page = visit(evaluator, "desk:evaluation", D1)
    assert "ประเมินครบทุกตัวชี้วัดแล้ว เสนอคะแนนได้" in words(page)
    assert page.context["primary"].is_open
    # (50 × 3.6733 + 30 × 4 + 20 × 3) ÷ 100
    assert "3.6367 หารด้วยน้ำหนักที่ใช้ทั้งหมด 100" in words(page)


def test_while_some_are_evaluated_both_denominators_are_named(world, send, visit, words, findings):
    send(world.people.evaluator, "desk:evaluation", D1, **typed(findings, value_1="86.02"))
    page = words(visit(world.people.evaluator, "desk:evaluation", D1))
    assert "1.8367 หารด้วยน้ำหนักที่ใช้ทั้งหมด 100 ซึ่งประเมินแล้ว 50" in page
    assert "หารด้วยน้ำหนักที่ประเมินแล้ว 50 3.6733" in page


def test_accepting_all_keeps_what_was_typed_beside_it(world, send, evaluation, findings):
    data = typed(findings, value_2="21", reason_2="ไม่นับคำขอที่ยื่นช้า")
    send(world.people.evaluator, "desk:evaluation", D1, **data, accept="1")
    assert values(evaluation) == [(Decimal("86.02"), ""), (Decimal(21), "ไม่นับคำขอที่ยื่นช้า"), (Decimal(3), "")]
    entry = Entry.objects.order_by("sequence").last()
    told = movement(entry, reader=world.people.superior)
    assert told["text"].endswith("ตัวชี้วัดที่ 1.1, 4.1")


@pytest.mark.parametrize("text", ["NaN", "10^400", "N/A", "86,02"])
def test_a_wrong_number_is_said_at_its_field_and_nothing_is_saved(world, send, evaluation, findings, text):
    data = typed(findings, value_1=text, value_2="21", reason_2="เหตุผลที่พิมพ์ไว้")
    answer = send(world.people.evaluator, "desk:evaluation", D1, **data, accept="1")
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [f"value-{findings[0].pk}"]
    assert form[f"reason-{findings[1].pk}"].value() == "เหตุผลที่พิมพ์ไว้"
    assert values(evaluation) == [(None, "")] * 3


def test_a_row_of_another_evaluation_is_refused_and_nothing_is_saved(world, send, words, evaluation, findings):
    other = world.agreement(Stage.EVALUATION, code="IMM-D2")
    foreign = current_report(other, on=ON).evaluation.findings.first()
    data = typed(findings, value_1="86") | {f"value-{foreign.pk}": "1", f"reason-{foreign.pk}": ""}

    answer = send(world.people.evaluator, "desk:evaluation", D1, **data)

    assert answer.status_code == 422
    assert "หน้านี้ไม่มีตัวชี้วัดของการประเมินนี้ จึงยังไม่ได้บันทึกสิ่งใด" in words(answer)
    foreign.refresh_from_db()
    assert foreign.value is None
    assert values(evaluation) == [(None, "")] * 3


def test_a_form_that_leaves_a_row_out_erases_nothing(world, send, evaluation, findings):
    save_finding(findings[0], {"value": Decimal(86)}, version=1, actor=world.people.evaluator, at=world.at())
    answer = send(world.people.evaluator, "desk:evaluation", D1, **typed(findings[1:], value_1="21"))
    assert answer.status_code == 422
    assert values(evaluation) == [(Decimal(86), ""), (None, ""), (None, "")]


def test_a_stale_row_shows_both_texts_and_nothing_is_overwritten(world, send, words, evaluation, findings):
    evaluator = world.people.evaluator
    save_finding(findings[0], {"value": Decimal(80), "reason": "ของผู้อื่น"}, version=1, actor=evaluator, at=world.at())

    answer = send(evaluator, "desk:evaluation", D1, **typed(findings, value_1="86", reason_1="ของข้าพเจ้า"))

    assert answer.status_code == 409
    assert all(text in words(answer) for text in ("80", "86", "ของผู้อื่น", "ของข้าพเจ้า"))
    assert values(evaluation)[0] == (Decimal(80), "ของผู้อื่น")


def test_two_evaluators_save_different_rows_in_peace(world, send, evaluation, findings):
    evaluator = world.people.evaluator
    save_finding(findings[0], {"value": Decimal(80)}, version=1, actor=evaluator, at=world.at())
    answer = send(evaluator, "desk:evaluation", D1, **typed(findings, value_3="3"))
    assert answer.status_code == 302
    assert [value for value, _reason in values(evaluation)] == [80, None, 3]


# As it is typed (htmx)


@pytest.fixture
def leave(client):
    """leave(user, "value-12", data) → the answer to a field that saves itself when it is left."""

    def post(user, name, data):
        client.force_login(user)
        address = reverse("desk:finding_field", args=[D1])
        return client.post(address, data, headers={"HX-Request": "true", "HX-Trigger-Name": name})

    return post


def test_a_field_saves_itself_and_brings_all_that_it_changes(world, leave, words, findings, evaluation):
    second = findings[1]
    answer = leave(world.people.evaluator, f"value-{second.pk}", typed(findings, value_2="21", value_1="ไม่ใช่ตัวเลข"))

    assert answer.status_code == 200
    page = answer.content.decode()
    assert f'id="version-{second.pk}" value="2" hx-swap-oob="true"' in page
    assert all(
        f'id="{part}"' in page
        for part in (f"score-{second.pk}", f"differs-{second.pk}", "total", "missing", "accept", "moves")
    )
    assert "คะแนนต่างกัน ต้องให้เหตุผล" in words(answer)
    assert "เห็นชอบทั้งหมดที่ไม่มีข้อสังเกต (2)" in words(answer)
    assert values(evaluation) == [(None, ""), (Decimal(21), ""), (None, "")]


def test_every_field_knows_where_it_saves_itself(world, visit, findings):
    form = visit(world.people.evaluator, "desk:evaluation", D1).context["form"]
    address = reverse("desk:finding_field", args=[D1])
    assert {field.widget.attrs["hx-post"] for field in form.fields.values()} == {address}


def test_a_stale_field_is_told_what_stands_there(world, leave, words, findings):
    evaluator, first = world.people.evaluator, findings[0]
    save_finding(first, {"reason": "ของผู้อื่น"}, version=1, actor=evaluator, at=world.at())
    answer = leave(evaluator, f"reason-{first.pk}", typed(findings, reason_1="ของข้าพเจ้า"))
    assert (answer.status_code, "ของผู้อื่น" in words(answer)) == (409, True)


@pytest.mark.parametrize("name", ["value-999999", "version-1", "", "reason-"])
def test_a_field_of_no_row_here_is_refused(world, leave, findings, evaluation, name):
    assert leave(world.people.evaluator, name, typed(findings, value_1="86")).status_code == 422
    assert values(evaluation) == [(None, "")] * 3


def test_score_and_working_follow_what_is_typed_and_nothing_is_saved(world, visit, words, findings, evaluation):
    second = findings[1]
    answer = visit(world.people.evaluator, "desk:finding_score", D1, second.line_id, **{f"value-{second.pk}": "๒๑"})
    assert "ตรงกับระดับ 4 (21) พอดี" in words(answer)
    assert "4.0000" in words(answer)
    assert "คะแนนต่างกัน" in words(answer)
    assert values(evaluation) == [(None, "")] * 3


def test_what_cannot_be_scored_is_said_as_it_is_typed(world, visit, words, findings):
    first = findings[0]
    answer = visit(world.people.evaluator, "desk:finding_score", D1, first.line_id, **{f"value-{first.pk}": "1e400"})
    assert answer.status_code == 422
    assert f'id="value-{first.pk}_autosave"' in answer.content.decode()
    assert "โปรดกรอกตัวเลขเต็ม" in words(answer)


def test_the_line_picked_in_the_address_is_explained_without_javascript(world, visit, words, findings):
    page = words(visit(world.people.evaluator, "desk:evaluation", D1, line=str(findings[1].line_id)))
    assert "ที่มาของคะแนน 1.2" in page
    assert "4 + (21 − 20.1) ÷ (21 − 18) = 4.3" in page
    assert "ที่มาของคะแนน 1.1" in words(visit(world.people.evaluator, "desk:evaluation", D1, line="ไม่มี"))


# Who sees it, and when


@pytest.mark.parametrize("who", ["staff", "office", "head"])
def test_the_unit_does_not_see_scores_before_they_are_released(world, visit, send, words, walk, who):
    user = world.people.get(who)
    answer = visit(user, "desk:evaluation", D1)
    assert answer.status_code == 403
    assert "ยังไม่ประกาศคะแนนของผู้ประเมิน ท่านจะอ่านได้ที่หน้านี้เมื่อ สตม. ประกาศแล้ว" in words(answer)
    assert send(user, "desk:evaluation", D1, accept="1").status_code == 403


def test_an_evaluator_who_serves_in_the_unit_is_refused(world, visit, send, words, walk, findings):
    grant(world.people.evaluator, Role.STAFF, walk.agreement.unit, by=world.people.administrator, at=world.at())
    answers = [
        visit(world.people.evaluator, "desk:evaluation", D1),
        send(world.people.evaluator, "desk:evaluation", D1, **typed(findings, value_1="86")),
    ]
    for answer in answers:
        assert answer.status_code == 403
        assert "ท่านปฏิบัติราชการใน บก.ตม.1 จึงต้องให้ผู้ประเมินท่านอื่นเป็นผู้ประเมิน" in words(answer)


def test_before_the_final_report_is_certified_there_is_nothing_to_evaluate(world, visit, words):
    world.agreement(Stage.ASSESSMENT)
    answer = visit(world.people.evaluator, "desk:evaluation", D1)
    assert (answer.status_code, "การประเมินผลจะเริ่มเมื่อ" in words(answer)) == (403, True)


def found(world, walk):
    """Evaluate all: 21 days, not 20.1, for a reason; and propose."""
    evaluation = current_report(walk.agreement, on=ON).evaluation
    first, second, third = evaluation.findings.all()
    reason = {"value": Decimal(21), "reason": "ไม่นับคำขอที่ยื่นช้า"}
    changes = [(first, {"value": Decimal("86.02")}, 1), (second, reason, 1), (third, {"value": Decimal(3)}, 1)]
    save_findings(evaluation, changes, actor=world.people.evaluator, at=walk.diary.soon())
    walk.move("propose", walk.people.evaluator)
    return evaluation


def test_the_superior_reads_and_releases(world, visit, send, words, walk):
    found(world, walk)
    answer = visit(world.people.superior, "desk:evaluation", D1)
    assert answer.context["form"] is None
    assert "เฉพาะผู้ประเมินของ สตม. เท่านั้น" in words(answer)
    assert reverse("desk:move", args=[D1, "release"]) in answer.content.decode()


def test_the_working_reads_the_same_before_and_after_release_on_screen_on_paper_and_in_excel(
    world, client, words, walk
):
    evaluation = found(world, walk)
    client.force_login(world.people.superior)
    before, pages = _working(client), [words(client.get(reverse("desk:evaluation_working", args=[D1])))]
    walk.release()
    Finding.objects.update(value=Decimal(1), reason="แก้ภายหลัง")
    client.force_login(world.people.staff)
    after = _working(client)
    page = client.get(reverse("desk:evaluation_working", args=[D1]))
    pages.append(words(page))

    assert before["scores"] == after["scores"]
    assert before["steps"] == after["steps"]
    second = after["scores"][1]
    assert second[3:] == (30, 21, 4, 1.2, 20.1, 4.3, "ไม่นับคำขอที่ยื่นช้า")
    assert [row[5] for row in after["scores"][-2:]] == [3.6367, 3.7267]  # the evaluator's total, the unit's own
    paper = to_arabic(packed(text_of(client.get(reverse("desk:evaluation_working_file", args=[D1, "pdf"])).content)))
    for block in page.context["blocks"]:
        for step in block.steps:
            assert packed(step.text) in paper
            assert all(" ".join(step.text.split()) in shown for shown in pages)
            assert any(row[2:] == (step.label, step.text) for row in after["steps"])
    assert {("ผล 20.1 คะแนน 4.3000"), ("ไม่นับคำขอที่ยื่นช้า")} <= {row[3] for row in after["steps"]}
    assert ["ยังไม่ประกาศ" in before["title"], "ประกาศเมื่อ" in after["title"]] == [True, True]
    assert client.get(reverse("desk:evaluation_working_file", args=[D1, "docx"])).status_code == 404
    assert evaluation.findings.first().value == 1


def _working(client):
    """What the Excel file of the working says: its second line, and the rows of both sheets."""
    content = client.get(reverse("desk:evaluation_working_file", args=[D1, "xlsx"])).content
    scores, steps = load_workbook(BytesIO(content)).worksheets
    rows = [list(sheet.iter_rows(min_row=4, values_only=True)) for sheet in (scores, steps)]
    return {"title": scores["A2"].value, "scores": rows[0], "steps": rows[1]}


def test_proposed_scores_take_no_change(world, send, words, walk):
    evaluation = found(world, walk)
    answer = send(world.people.evaluator, "desk:evaluation", D1, **typed(list(evaluation.findings.all()), value_1="1"))
    assert (answer.status_code, "เสนอคะแนนต่อผู้รับคำรับรองแล้ว" in words(answer)) == (403, True)


def test_once_released_everybody_reads_what_was_frozen_and_it_is_never_computed_again(world, visit, words, walk):
    evaluation = found(world, walk)
    assert str(evaluation_card(evaluation).total.score) == "3.6367"
    walk.release()
    Finding.objects.update(value=Decimal(1), reason="แก้ภายหลัง")

    for who in ("staff", "head", "evaluator", "superior", "auditor"):
        page = words(
            visit(world.people.get(who), "desk:evaluation", D1, line=str(evaluation.findings.all()[1].line_id))
        )
        assert "3.6367 หารด้วยน้ำหนักที่ใช้ทั้งหมด 100" in page
        assert "หน่วยประเมินผลตนเอง 3.7267" in page
        assert "ไม่นับคำขอที่ยื่นช้า" in page
        assert "ตรงกับระดับ 4 (21) พอดี" in page
        assert "แก้ภายหลัง" not in page


# Accepting by choice, flags, what is in sight


def test_ticked_lines_are_accepted_as_reported_and_others_are_left(world, send, evaluation, findings):
    ticked = [str(findings[0].line_id), str(findings[2].line_id)]
    send(world.people.evaluator, "desk:evaluation", D1, **typed(findings), take=ticked)
    assert [value for value, _reason in values(evaluation)] == [Decimal("86.02"), None, Decimal(3)]


def test_a_tick_at_a_line_of_another_evaluation_is_refused(world, send, evaluation, findings):
    other = current_report(world.agreement(Stage.EVALUATION, code="IMM-D2"), on=ON).evaluation.findings.first()
    answer = send(world.people.evaluator, "desk:evaluation", D1, **typed(findings), take=[str(other.line_id)])
    assert answer.status_code == 422
    assert values(evaluation) == [(None, "")] * 3


def test_what_was_typed_stands_above_the_tick(world, send, evaluation, findings):
    data = typed(findings, value_1="80", reason_1="ตรวจนับใหม่") | {"take": [str(findings[0].line_id)]}
    send(world.people.evaluator, "desk:evaluation", D1, **data)
    assert values(evaluation)[0] == (Decimal(80), "ตรวจนับใหม่")


def test_rows_are_counted_by_what_is_left_and_those_out_of_sight_are_still_saved(
    world, send, visit, findings, evaluation
):
    evaluator = world.people.evaluator
    send(evaluator, "desk:evaluation", D1, **typed(findings, value_2="21"))
    evaluation.report.results.first().evidence.all().delete()

    page = visit(evaluator, "desk:evaluation", D1, show="flagged")

    assert [(kind.key, kind.count) for kind in page.context["kinds"]] == [
        ("all", 3), ("not_yet", 2), ("differs", 1), ("flagged", 1),
    ]  # fmt: skip
    assert [row["shown"] for row in page.context["rows"]] == [True, False, False]
    assert page.content.decode().count('class="finding" tabindex="-1" hidden') == 2
    assert all(f'name="value-{finding.pk}"' in page.content.decode() for finding in findings)
    assert page.context["to_accept"] == 1


def test_a_flag_is_on_the_desk_and_never_before_the_units_eyes(world, visit, words, walk, evaluation):
    said = "ไม่มีหลักฐานสำหรับระดับที่หน่วยรายงาน"
    evaluation.report.results.first().evidence.all().delete()
    assert said in words(visit(world.people.evaluator, "desk:evaluation", D1))
    found(world, walk)
    assert said in words(visit(world.people.superior, "desk:evaluation", D1))
    walk.release()
    for who in ("staff", "head"):
        page = visit(world.people.get(who), "desk:evaluation", D1)
        assert (page.status_code, said in words(page)) == (200, False)


def test_what_the_unit_wrote_and_what_each_file_proves_stand_beside_the_result(world, visit, words, evaluation):
    result = evaluation.report.results.first()
    type(result).objects.filter(pk=result.pk).update(narrative="เพิ่มช่องตรวจ", obstacles="ระบบล่มสองวัน")
    result.evidence.update(proves="สรุปผลหน้า 3")
    page = words(visit(world.people.evaluator, "desk:evaluation", D1))
    assert all(text in page for text in ("เพิ่มช่องตรวจ", "ระบบล่มสองวัน", "แสดงว่า: สรุปผลหน้า 3"))


def test_scores_by_dimension_name_their_denominators(world, visit, words, walk):
    found(world, walk)
    page = visit(world.people.superior, "desk:evaluation", D1)
    shares = [
        (each.number, str(each.weight), str(each.unit), str(each.score), str(each.brings))
        for each in page.context["shares"]
    ]
    # 1: the unit (50 × 3.6733 + 30 × 4.3) ÷ 80, the evaluator (50 × 3.6733 + 30 × 4) ÷ 80 = 3.7958; × 80 ÷ 100
    assert shares == [("1", "80.00", "3.9083", "3.7958", "3.0366"), ("4", "20.00", "3.0000", "3.0000", "0.6000")]
    assert "หารด้วยน้ำหนักของมิติเอง" in words(page)
    walk.release()
    released = visit(world.people.staff, "desk:evaluation", D1).context["shares"]
    assert [str(each.score) for each in released] == ["3.7958", "3.0000"]


def test_an_evaluator_removed_midway_saves_nothing_and_their_text_survives(world, send, words, findings, evaluation):
    evaluator = world.people.evaluator
    save_finding(findings[0], {"value": Decimal(80), "reason": "ตรวจนับใหม่"}, version=1, actor=evaluator, at=world.at())
    withdraw(evaluator, Role.EVALUATOR, world.units.imm, by=world.people.administrator, at=world.at())

    answer = send(world.people.evaluator, "desk:evaluation", D1, **typed(findings, value_2="21", reason_2="ยังพิมพ์ไม่จบ"))

    assert answer.status_code == 404  # with the right went all that they might know of
    assert "ยังพิมพ์ไม่จบ" in words(answer)
    assert values(evaluation)[:2] == [(Decimal(80), "ตรวจนับใหม่"), (None, "")]
