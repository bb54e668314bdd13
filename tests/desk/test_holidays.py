"""The page of public holidays: read by who looks at years, kept by the planning office."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from acts.idempotency import new_key
from fiscal.models import Deadline, Holiday

MOVED = "เลื่อนมาจาก"
HOLIDAYS_QUERIES = 7


@pytest.fixture
def planner(world):
    return world.people.planner


def test_a_holiday_is_entered_and_the_due_date_on_it_moves(world, visit, send, words, planner):
    typed = {"day": "30 พ.ย. 2569", "name": "วันหยุดพิเศษ", "idempotency": new_key()}
    assert send(planner, "desk:holidays", **typed).status_code == 302
    page = visit(planner, "desk:holidays")
    assert "เพิ่มวันหยุดแล้ว 1 วัน" in words(page)
    assert "วันครบกำหนดเลื่อน 1 รายการ" in words(page)
    assert "30 พ.ย. 2569 วันหยุดพิเศษ" in words(page)
    # The signing is due on a Sunday, and had moved before.
    year = words(visit(planner, "desk:year", 2570))
    assert f" 1 ธ.ค. 2569 {MOVED} 30 พ.ย. 2569" in year
    assert f" 1 ก.พ. 2570 {MOVED} 31 ม.ค. 2570" in year

    send(planner, "desk:remove_holiday", Holiday.objects.get().pk)
    assert "นำ “วันหยุดพิเศษ” ออกแล้ว" in words(visit(planner, "desk:holidays"))
    assert Deadline.objects.get(fiscal_year=world.year, key="informal").moved_from is None


def test_the_fixed_holidays_of_a_year_are_filled_in_once(world, visit, send, words, planner):
    typed = {"fill": "1", "year": "๒๕๖๙"}
    send(planner, "desk:holidays", idempotency=new_key(), **typed)
    assert "เพิ่มวันหยุดแล้ว 15 วัน" in words(visit(planner, "desk:holidays"))
    send(planner, "desk:holidays", idempotency=new_key(), **typed)
    page = words(visit(planner, "desk:holidays"))
    assert "วันเหล่านี้มีอยู่ครบแล้ว" in page
    assert "7 ธ.ค. 2569 วันหยุดชดเชยวันพ่อแห่งชาติ" in page
    assert Holiday.objects.count() == 15


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "31 ก.พ. 2570", "name": "ก"}, "id_day"),
        ({"day": "", "name": "วันพิเศษ"}, "id_day"),
        ({"day": "20/5/2570", "name": ""}, "id_name"),
        ({"day": "20/5/2570", "name": "ซ้ำ"}, "วันนี้มีอยู่แล้ว: วันวิสาขบูชา"),
        ({"fill": "1", "year": "99"}, "พุทธศักราช"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(world, send, planner, typed, said):
    Holiday.objects.create(day="2027-05-20", name="วันวิสาขบูชา")
    page = send(planner, "desk:holidays", idempotency=new_key(), **typed)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert all(f'value="{value}"' in page.content.decode() for value in typed.values() if value)
    assert Holiday.objects.count() == 1


def test_who_only_looks_finds_no_form(world, visit, send):
    Holiday.objects.create(day="2027-05-20", name="วันวิสาขบูชา")
    main = visit(world.people.auditor, "desk:holidays").content.decode().partition("<main")[2]
    assert "วันวิสาขบูชา" in main
    assert "<form" not in main
    assert reverse("desk:holidays") in visit(world.people.auditor, "desk:years").content.decode()


def test_the_page_costs_the_same_for_one_holiday_and_for_many(world, client, planner):
    client.force_login(planner)
    client.get(reverse("desk:holidays"))
    costs = []
    for count in (1, 60):
        Holiday.objects.bulk_create(
            Holiday(day=date(2026 + count, 1, 1) + timedelta(days=30 * place), name="วันหยุด") for place in range(count)
        )
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("desk:holidays"))
        costs.append((len(queries), page.content.count(b"/remove/")))
    assert costs == [(HOLIDAYS_QUERIES, 1), (HOLIDAYS_QUERIES, 61)]
