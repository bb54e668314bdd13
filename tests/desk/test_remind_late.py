"""Reminding from the overview: who sees the button, who would get what, and what the page says afterwards."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acts.idempotency import new_key
from agreements.stages import Stage
from fiscal.models import Deadline
from workflow.models import Reminder

ROUTE, OVERVIEW = "desk:remind_late", "desk:unit_overview"
LATE = "2570-IMM-D1"
# For each agreement its hand is looked for, by the rule of the lists of work; the page lists MOST at most.
QUERIES = {"one": 25, "two": 37}


@pytest.fixture
def late(world):
    world.walk("IMM-D1").to(Stage.INFORMAL, "staff")
    _make_late()


def _make_late():
    Deadline.objects.update(due=timezone.localdate() - timedelta(days=4), moved_from=None)


def ask(client, user, key=None, codes=(LATE,)):
    client.force_login(user)
    given = {"chosen": codes, "idempotency": key or new_key()}
    return client.post(reverse(ROUTE, args=["IMM"]), given, follow=True)


@pytest.mark.parametrize(
    ("who", "sees"),
    [("negotiator", True), ("superior", True), ("planner", True), ("evaluator", True), ("auditor", False), ("command_staff", False)],
)  # fmt: skip
def test_who_may_remind_sees_the_button_with_how_many(world, visit, words, late, who, sees):
    page = visit(world.people.get(who), OVERVIEW, "IMM")
    assert ("ทวงผู้ค้างส่ง (1)" in words(page) or "ทวงผู้ค้างส่ง (๑)" in words(page)) is sees
    assert (reverse(ROUTE, args=["IMM"]) in page.content.decode()) is sees
    answer = visit(world.people.get(who), ROUTE, "IMM")
    assert answer.status_code == (200 if sees else 403)


def test_where_nothing_is_late_there_is_no_button(world, visit):
    world.walk("IMM-D1").to(Stage.INFORMAL, "staff")
    Deadline.objects.update(due=timezone.localdate() + timedelta(days=4), moved_from=None)
    page = visit(world.people.negotiator, OVERVIEW, "IMM")
    assert reverse(ROUTE, args=["IMM"]) not in page.content.decode()


def test_it_says_first_who_gets_what_and_nothing_is_sent_by_looking(world, visit, words, late):
    world.agreement(Stage.INFORMAL, "negotiator", code="IMM-D2")  # waits for the sender
    _make_late()
    page = words(visit(world.people.negotiator, ROUTE, "IMM"))
    assert "บก.ตม.1 (เจ้าหน้าที่แผน)" in page
    assert "พ.ต.ท.หญิง กมลชนก ใจดี" in page
    assert "4 วัน" in page
    assert "บก.ตม.2" not in page
    assert not Reminder.objects.exists()


def test_a_draft_is_listed_only_for_who_may_know_of_it(world, visit, words):
    world.agreement(Stage.DRAFT)
    _make_late()
    assert "บก.ตม.1 (เจ้าหน้าที่แผน)" in words(visit(world.people.negotiator, ROUTE, "IMM"))
    assert "บก.ตม.1" not in words(visit(world.people.planner, ROUTE, "IMM"))


def test_once_sent_it_is_said_on_the_overview_to_the_reminded_and_in_the_log(world, client, visit, words, late):
    answer = ask(client, world.people.negotiator)
    assert answer.redirect_chain[-1][0].startswith(reverse(OVERVIEW, args=["IMM"]))
    assert "ทวงแล้ว 1 ฉบับ" in words(answer)
    assert "ทวงแล้ววันนี้" in words(answer)
    assert "ธนา ศรีสุข ทวงเมื่อ" in words(visit(world.people.staff, "desk:home"))
    assert "ธนา ศรีสุข ทวงเมื่อ" in words(visit(world.people.staff, "desk:agreement", LATE))
    assert "ทวง พ.ต.ท.หญิง กมลชนก ใจดี ว่าคำรับรองเกินกำหนด" in words(visit(world.people.staff, "desk:history", LATE))


def test_a_second_press_is_refused_and_a_double_click_is_none(world, client, words, late):
    key = new_key()
    ask(client, world.people.negotiator, key)
    assert "ไม่ได้ทำซ้ำ" in words(ask(client, world.people.negotiator, key)) or Reminder.objects.count() == 1
    again = ask(client, world.people.planner)
    assert again.status_code == 409
    assert "วันนี้ทวงไปแล้ว ครั้งล่าสุดเวลา" in words(again)
    assert Reminder.objects.count() == 1


def test_nothing_ticked_asks_for_a_tick(world, client, words, late):
    answer = ask(client, world.people.negotiator, codes=())
    assert answer.status_code == 422
    assert "โปรดเลือกคำรับรองที่จะทวงอย่างน้อยหนึ่งฉบับ" in words(answer)


def test_codes_that_arent_the_senders_to_remind_do_nothing(world, client, late):
    world.walk("IMM").to(Stage.INFORMAL, "staff")
    _make_late()
    assert ask(client, world.people.negotiator, codes=("2570-IMM", "2570-CIB-D1")).status_code == 409
    assert not Reminder.objects.exists()


@pytest.mark.parametrize(("count", "codes"), [("one", ["IMM-D1"]), ("two", ["IMM-D1", "IMM-D2"])])
def test_what_the_list_costs(world, client, django_assert_num_queries, count, codes):
    for code in codes:
        world.walk(code).to(Stage.INFORMAL, "staff")
    _make_late()
    client.force_login(world.people.negotiator)
    with django_assert_num_queries(QUERIES[count]):
        client.get(reverse(ROUTE, args=["IMM"]))
