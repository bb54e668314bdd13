"""The appeal's page: who reads what, a form that keeps what was typed, and the planning office's exclusions."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from acts.idempotency import new_key
from agreements.stages import Stage
from results.appeal_forms import DecisionsForm, ObjectionsForm
from results.models import AppealLine, Evaluation, Exclusion
from tests.desk.asking import filled
from tests.desk.scene import Scene, appeal_form

D1 = "2570-IMM-D1"
SAID = "ข้อมูลที่ใช้ให้คะแนนยังไม่รวมผลการดำเนินงานเดือนกันยายน"


@pytest.fixture
def walk(world):
    """Released; the days run, whatever the day is, and the unit has written an objection."""
    walk = world.walk()
    walk.to(Stage.APPEAL, "head")
    Evaluation.objects.update(appeal_until=timezone.localdate() + timedelta(days=9))
    walk.object_to_scores()
    return walk


def typed(walk, **changes):
    form = appeal_form(Scene(walk.agreement))
    versions = {f"version-{each.pk}": each.version for _line, each in form.lines}
    return filled(form) | versions | {"version": 1} | changes


def test_what_the_unit_writes_is_hidden_from_the_other_side_until_it_is_lodged(world, walk, visit, words):
    assert SAID in words(visit(world.people.staff, "desk:appeal", D1))
    for name in ("evaluator", "superior", "auditor", "planner"):
        page = visit(world.people.get(name), "desk:appeal", D1)
        assert SAID not in page.content.decode()
        assert "อุทธรณ์ได้ถึงวันที่" in words(page)
    assert SAID not in words(visit(world.people.evaluator, "desk:history", D1))

    walk.move("lodge_appeal", walk.people.head)

    assert SAID in words(visit(world.people.evaluator, "desk:appeal", D1))


def test_the_unit_saves_its_objections_and_a_stale_page_changes_nothing(world, walk, send):
    second = list(AppealLine.objects.all())[1]
    given = typed(walk, **{f"objection-{second.pk}": "ขอให้ทบทวน", f"asked-{second.pk}": "๑๙.๒"})

    assert send(world.people.staff, "desk:appeal", D1, **given).status_code == 302
    second.refresh_from_db()
    assert (second.objection, second.asked_value) == ("ขอให้ทบทวน", Decimal("19.2"))
    assert send(world.people.office, "desk:appeal", D1, **given | {f"objection-{second.pk}": "อื่น"}).status_code == 409


def test_a_figure_that_cannot_be_scored_keeps_what_was_typed(world, walk, send, words):
    last = AppealLine.objects.last()
    given = typed(walk, **{f"objection-{last.pk}": "ขอให้ทบทวน", f"asked-{last.pk}": "3.5"})

    answer = send(world.people.staff, "desk:appeal", D1, **given)

    assert answer.status_code == 422
    assert "ขอให้ทบทวน" in words(answer)
    last.refresh_from_db()
    assert last.objection == ""


def test_the_unit_reads_the_decision_beside_the_first_score_once_it_is_closed(world, walk, visit, words):
    walk.move("lodge_appeal", walk.people.head)
    walk.decide_objections("changed", Decimal(90))
    assert "แก้คะแนน" not in words(visit(world.people.staff, "desk:appeal", D1))
    assert "แก้คะแนน" in words(visit(world.people.evaluator, "desk:appeal", D1))
    walk.move("decide_appeal", walk.people.evaluator)
    walk.close()

    page = words(visit(world.people.staff, "desk:appeal", D1))

    assert "แก้คะแนน" in page
    assert "สตม. 310/2570" in page


def test_forms_of_the_appeal_take_no_lines_of_others(world, walk, send):
    given = typed(walk, **{"objection-99999": "แทรก"})

    assert send(world.people.staff, "desk:appeal", D1, **given).status_code == 422
    assert isinstance(appeal_form(Scene(walk.agreement)), ObjectionsForm)
    walk.move("lodge_appeal", walk.people.head)
    assert isinstance(appeal_form(Scene(walk.agreement)), DecisionsForm)


def test_the_planning_office_takes_an_indicator_out_and_back(world, visit, send, words):
    agreement = world.agreement(Stage.EVALUATION, "superior")
    line = agreement.lines.last()
    given = {"line": line.pk, "moved_to": "", "order_number": "ตร. 12/2570", "reason": "ยกเลิกโครงการ"}
    assert send(world.people.planner, "desk:exclusions", D1, **given, idempotency=new_key()).status_code == 302
    made = Exclusion.objects.get()

    assert "ตร. 12/2570" in words(visit(world.people.staff, "desk:exclusions", D1))
    assert "ไม่นำมาคำนวณ" in words(visit(world.people.evaluator, "desk:evaluation", D1))
    again = send(world.people.planner, "desk:exclusions", D1, **given, idempotency=new_key())
    assert (again.status_code, Exclusion.objects.count()) == (422, 1)
    back = {"reason": "มติเปลี่ยนแปลง", "idempotency": new_key()}
    assert send(world.people.planner, "desk:restore_line", D1, made.pk, **back).status_code == 302
    assert "มติเปลี่ยนแปลง" in words(visit(world.people.staff, "desk:exclusions", D1))
