"""Working days: where due dates move, level by level, and what the planning office says of it."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from acts.log import THE_SYSTEM
from acts.models import Entry
from fiscal.holidays import add_holidays, days_off, fixed_holidays, is_workday, remove_holiday, workday_from
from fiscal.models import Holiday
from fiscal.years import level_dues, move_deadlines, open_year, set_deadlines, set_reminding, suggested_level_dues

NOW = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
BY = {"by": THE_SYSTEM, "at": NOW}
SONGKRAN = {date(2027, 4, 13), date(2027, 4, 14), date(2027, 4, 15)}


@pytest.mark.parametrize(
    ("day", "off", "moved"),
    [
        (date(2027, 1, 29), (), date(2027, 1, 29)),  # a Friday
        (date(2027, 1, 30), (), date(2027, 2, 1)),
        (date(2027, 1, 31), (), date(2027, 2, 1)),
        (date(2027, 1, 31), {date(2027, 2, 1)}, date(2027, 2, 2)),
        # From the holidays over the weekend, and the day made up for.
        (date(2027, 4, 13), SONGKRAN | {date(2027, 4, 16)}, date(2027, 4, 19)),
    ],
)
def test_a_day_off_moves_to_the_next_working_day(day, off, moved):
    assert workday_from(day, off) == moved
    assert is_workday(moved, off)


@pytest.mark.parametrize(
    ("year", "made_up_for"),
    [
        (2566, {(1, 2), (4, 17), (6, 5), (8, 14), (12, 11)}),
        (2567, {(1, 2), (4, 8), (4, 16), (5, 6), (7, 29), (10, 14)}),
        (2568, {(4, 7), (4, 16), (5, 5)}),
        (2569, {(12, 7)}),
        (2570, {(10, 25), (12, 6)}),
    ],
)
def test_holidays_on_weekends_are_made_up_for(year, made_up_for):
    found = fixed_holidays(year)
    given = {(day.month, day.day) for day, name in found if name.startswith("วันหยุดชดเชย")}
    assert given == made_up_for
    assert len({day for day, _name in found}) == len(found)
    assert all(day.year == year - 543 for day, _name in found)


@pytest.fixture
def year(db):
    return open_year(2570, **BY, dues={"signing": date(2027, 1, 31), "informal": date(2026, 12, 10)})


def test_a_due_date_moves_and_keeps_the_day_it_was_set_for(year):
    signing = year.deadline("signing")
    assert (signing.due, signing.moved_from, signing.set_for) == (
        date(2027, 2, 1),
        date(2027, 1, 31),
        date(2027, 1, 31),
    )
    informal = year.deadline("informal")
    assert (informal.due, informal.moved_from) == (date(2026, 12, 10), None)


def test_a_holiday_moves_due_dates_and_taken_out_again_they_go_back(year):
    add_holidays(fixed_holidays(2569), **BY)
    assert {row.key for row in move_deadlines(year)} == {"formal", "informal"}
    assert year.due("informal") == date(2026, 12, 11)
    remove_holiday(Holiday.objects.get(day=date(2026, 12, 10)), **BY)
    assert [row.key for row in move_deadlines(year)] == ["informal"]
    assert year.deadline("informal").moved_from is None
    assert move_deadlines(year) == []


def test_a_year_may_leave_its_due_dates_where_they_are_set(year):
    set_reminding(year, moves_off_holidays=False, escalate_after=5, **BY)
    year.refresh_from_db()
    move_deadlines(year)
    assert year.due("signing") == date(2027, 1, 31)
    assert json.loads(Entry.objects.about(year).first().change) == {
        "before": {"moves_off_holidays": True, "escalate_after": None},
        "after": {"moves_off_holidays": False, "escalate_after": 5},
    }
    set_reminding(year, moves_off_holidays=False, escalate_after=5, **BY)
    assert Entry.objects.about(year).filter(act="set_reminding").count() == 1


def test_a_level_has_a_due_date_of_its_own(year):
    set_deadlines(year, {}, levels={("signing", 2): date(2027, 2, 14)}, **BY)
    assert [year.due("signing", tier) for tier in (1, 2, 3)] == [date(2027, 2, 1), date(2027, 2, 15), date(2027, 2, 1)]
    assert year.due("signing") == date(2027, 2, 1)
    assert level_dues(year) == {("signing", 2): date(2027, 2, 14)}
    # The next year begins with it, a year later.
    assert suggested_level_dues(2571) == {("signing", 2): date(2028, 2, 14)}
    # None: they stay; an empty table: they go.
    set_deadlines(year, {"formal": date(2027, 1, 4)}, **BY)
    assert level_dues(year)
    set_deadlines(year, {}, levels={}, **BY)
    assert level_dues(year) == {}
    assert json.loads(Entry.objects.about(year).first().change) == {"signing_2": ["2027-02-14", None]}


def test_holidays_are_entered_once_and_recorded(db):
    day = date(2027, 5, 20)
    assert len(add_holidays([(day, "วันวิสาขบูชา")], **BY)) == 1
    assert add_holidays([(day, "วันหยุดพิเศษ")], **BY) == []
    assert days_off() == {day}
    holiday = Holiday.objects.get()
    assert holiday.name == "วันวิสาขบูชา"
    remove_holiday(holiday, **BY)
    assert list(Entry.objects.values_list("act", flat=True).order_by("sequence")) == ["add_holiday", "remove_holiday"]


@pytest.mark.parametrize("day", [date(2570, 5, 20), date(1900, 1, 1)])
def test_a_holiday_is_dated_in_the_common_era(db, day):
    with pytest.raises(IntegrityError, match="holiday_in_common_era"), transaction.atomic():
        Holiday.objects.create(day=day, name="วันวิสาขบูชา")
