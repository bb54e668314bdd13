"""Visits of the evaluators: recorded while evaluating, hidden from the unit until the scores are released."""

import pytest
from django.urls import reverse

from acts.models import Entry
from results.models import Visit
from results.rules import current_report
from results.visits import save_visit, visits_of
from tests.desk.asking import today
from tests.desk.test_evaluation import D1, found, walked
from tests.world import ON

SEEN = "ระบบคิวใช้งานจริง เจ้าหน้าที่ตอบได้"


@pytest.fixture
def walk(world):
    return walked(world)


@pytest.fixture
def evaluation(walk):
    return current_report(walk.agreement, on=ON).evaluation


def told(**changed):
    sent = {"visited_on": today(), "place": "ด่านสะเดา", "people": "พ.ต.ต. วิชัย กับหัวหน้าด่าน", "seen": SEEN}
    return sent | {"version": "0", "idempotency": "a" * 32} | changed


def test_a_visit_is_recorded_with_its_lines_and_stands_on_the_page(world, send, visit, words, evaluation):
    line = evaluation.findings.all()[1].line_id
    answer = send(world.people.evaluator, "desk:add_visit", D1, **told(lines=[str(line)]))
    assert answer.url == f"{reverse('desk:evaluation', args=[D1])}#visits"
    (kept,) = visits_of(evaluation)
    assert (kept.seen, kept.keys, kept.recorded_by) == (SEEN, [line], str(world.people.evaluator))
    page = words(visit(world.people.superior, "desk:evaluation", D1))
    assert SEEN in page
    assert "เกี่ยวกับตัวชี้วัดที่ 1.2" in page
    assert Entry.objects.filter(act="visit", text="ด่านสะเดา").exists()


def test_the_unit_reads_it_once_the_scores_are_released_and_not_before(world, send, visit, words, walk):
    send(world.people.evaluator, "desk:add_visit", D1, **told())
    for route in ("desk:evaluation", "desk:history", "desk:agreement", "desk:evaluation_working"):
        page = words(visit(world.people.staff, route, D1))
        assert SEEN not in page
        assert "ด่านสะเดา" not in page
    found(world, walk)
    walk.release()
    assert SEEN in words(visit(world.people.staff, "desk:evaluation", D1))
    assert SEEN in words(visit(world.people.staff, "desk:evaluation_working", D1))


def test_it_is_changed_as_it_was_read_and_a_stale_page_overwrites_nothing(world, send, words, evaluation):
    evaluator = world.people.evaluator
    send(evaluator, "desk:add_visit", D1, **told())
    kept = Visit.objects.get()
    send(evaluator, "desk:visit", D1, kept.pk, **told(version="1", seen="แก้ไขแล้ว", idempotency="b" * 32))
    answer = send(evaluator, "desk:visit", D1, kept.pk, **told(version="1", seen="ของอีกหน้าหนึ่ง", idempotency="c" * 32))
    assert answer.status_code == 409
    assert all(text in words(answer) for text in ("แก้ไขแล้ว", "ของอีกหน้าหนึ่ง"))
    kept.refresh_from_db()
    assert (kept.seen, kept.version) == ("แก้ไขแล้ว", 2)


def test_a_visit_to_come_or_about_a_line_of_another_agreement_is_refused(world, send, walk):
    other = world.agreement(code="IMM-D2").lines.first()
    for wrong in ({"visited_on": "1/1/2650"}, {"lines": [str(other.pk)]}, {"seen": ""}):
        assert send(world.people.evaluator, "desk:add_visit", D1, **told(**wrong)).status_code == 422
    assert not Visit.objects.exists()


def test_lines_of_another_agreement_are_left_out_by_the_act_itself(world, evaluation):
    other = world.agreement(code="IMM-D2").lines.first()
    values = {"visited_on": world.at().date(), "place": "ก", "people": "ข", "seen": "ค"}
    kept = save_visit(evaluation, values, [other.pk], actor=world.people.evaluator, at=world.at())
    assert not kept.lines.exists()


def test_sent_twice_it_is_recorded_once(world, send, walk):
    for _time in range(2):
        send(world.people.evaluator, "desk:add_visit", D1, **told())
    assert Visit.objects.count() == 1
