"""Who gets work back reads who returned it and why, above that work and on งานของฉัน; nobody else is told there."""

import pytest

from agreements.stages import Pen, Stage
from desk.returned import BACK
from workflow.lifecycle import TABLE

D1 = "2570-IMM-D1"
REASON = "ตัวเลขของเดือนมีนาคมยังไม่ตรงกับทะเบียน"
RETURNED = f"ส่งคืนเพราะ: “{REASON}”"


@pytest.fixture
def sent_back(world):
    walk = world.walk()
    walk.to(Stage.INFORMAL, Pen.NEGOTIATOR)
    walk.move("send_back", walk.people.negotiator, reason=REASON)
    return walk


def test_the_staff_read_who_sent_the_draft_back_and_why(world, visit, words, sent_back):
    staff, negotiator = world.people.staff, world.people.negotiator
    for page, args in (("agreement", (D1,)), ("plan", (D1,)), ("home", ())):
        said = words(visit(staff, f"desk:{page}", *args))
        assert f"{negotiator} {RETURNED}" in said, page


def test_who_has_not_the_pen_is_not_told_there(world, visit, words, sent_back):
    for who in (world.people.negotiator, world.people.auditor, world.people.head):
        assert RETURNED not in words(visit(who, "desk:agreement", D1)), who
        assert RETURNED not in words(visit(who, "desk:home")), who


def test_once_it_is_handed_on_it_is_over(world, visit, words, sent_back):
    sent_back.move("hand_to_office", world.people.staff)
    for who in (world.people.staff, world.people.office):
        assert RETURNED not in words(visit(who, "desk:agreement", D1)), who


def test_every_move_that_gives_work_back_asks_for_a_reason():
    assert all(TABLE.get(name).asks_reason for name in BACK)
