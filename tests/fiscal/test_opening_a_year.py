import json
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from accounts.models import User
from acts.engine import Refused
from acts.models import Entry
from fiscal.models import DeadlineKey, FiscalYear
from fiscal.years import change_period, default_deadlines, due_problems, open_year, period, set_deadlines

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)


@pytest.fixture
def planner():
    return User.objects.create_user("planner", first_name="วิภา", last_name="แผนดี")


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def sentences(refused):
    return [(str(refusal), refusal.where) for refusal in refused.value.refusals]


def about(year):
    return [(entry.act, json.loads(entry.change), entry.text) for entry in Entry.objects.about(year)]


def test_a_year_opens_with_the_period_of_the_rule_and_the_usual_due_dates(planner):
    year = open_year(2570, by=planner, at=NOW)
    kept = FiscalYear.objects.get()
    assert (kept.year, kept.starts_on, kept.ends_on) == (2570, *period(2570))
    assert (kept.override_reason, kept.opened_at, kept.is_overridden) == ("", NOW, False)
    assert {deadline.key: deadline.set_for for deadline in year.deadlines.all()} == default_deadlines(2570)


def test_opening_is_on_record(planner):
    year = open_year(2570, by=planner, at=NOW)
    assert about(year) == [("open_year", {"starts_on": "2026-10-01", "ends_on": "2027-09-30"}, "")]


def test_the_handbooks_period_of_2559_is_possible_with_its_reason(planner):
    year = open_year(
        2559,
        by=planner,
        at=NOW,
        starts_on=date(2016, 10, 1),
        ends_on=date(2017, 9, 30),
        reason=" ตามที่พิมพ์ในคู่มือ ",
    )
    kept = FiscalYear.objects.get(pk=year.pk)
    assert (kept.starts_on, kept.ends_on) == (date(2016, 10, 1), date(2017, 9, 30))
    assert (kept.override_reason, kept.is_overridden) == ("ตามที่พิมพ์ในคู่มือ", True)
    assert about(year)[0][2] == "ตามที่พิมพ์ในคู่มือ"


def test_a_reason_for_the_period_of_the_rule_is_not_kept(planner):
    year = open_year(2570, by=planner, at=NOW, starts_on=date(2026, 10, 1), reason="ไม่มี")
    assert not year.is_overridden


@pytest.mark.parametrize(
    ("given", "sentence", "where"),
    [
        (
            {"ends_on": date(2027, 8, 31)},
            "The period differs from the rule (1 October to 30 September). Please give the reason.",
            "#id_override_reason",
        ),
        (
            {"ends_on": date(2026, 9, 30), "reason": "x"},
            "The period ends before it starts. Please check both dates.",
            "#id_ends_on",
        ),
        (
            {"starts_on": date(2025, 9, 1), "reason": "x"},
            "The period is more than a year away from the fiscal year. Please check both dates.",
            "#id_starts_on",
        ),
        (
            {"starts_on": date(2026, 9, 30), "reason": "x"},
            "The period overlaps that of another fiscal year. Please check both dates.",
            "#id_starts_on",
        ),
    ],
)
def test_a_period_that_may_not_be_is_refused_at_its_field(planner, english, given, sentence, where):
    open_year(2569, by=planner, at=NOW)
    with pytest.raises(Refused) as refused:
        open_year(2570, by=planner, at=NOW, **given)
    assert sentences(refused) == [(sentence, where)]
    assert [year.year for year in FiscalYear.objects.all()] == [2569]


def test_a_year_opens_once(planner, english):
    open_year(2570, by=planner, at=NOW)
    with pytest.raises(Refused) as refused:
        open_year(2570, by=planner, at=NOW)
    assert sentences(refused) == [("This fiscal year is open already.", "#id_year")]
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("year", [2027, 25700, 0, -1])
def test_a_year_of_another_era_is_refused(planner, english, year):
    with pytest.raises(Refused) as refused:
        open_year(year, by=planner, at=NOW)
    assert sentences(refused) == [("Please give the fiscal year in the Buddhist Era, for example 2570.", "#id_year")]


def test_a_period_is_changed_with_a_reason_and_back(planner):
    year = open_year(2570, by=planner, at=NOW)
    changed = change_period(year, by=planner, at=NOW, ends_on=date(2027, 10, 31), reason="มติ ครม.")
    assert (changed.ends_on, changed.override_reason) == (date(2027, 10, 31), "มติ ครม.")
    assert about(year)[0] == (
        "change_period",
        {
            "before": {"starts_on": "2026-10-01", "ends_on": "2027-09-30"},
            "after": {"starts_on": "2026-10-01", "ends_on": "2027-10-31"},
        },
        "มติ ครม.",
    )
    assert not change_period(year, by=planner, at=NOW).is_overridden
    assert FiscalYear.objects.get().ends_on == date(2027, 9, 30)


def test_a_period_is_not_changed_without_a_reason(planner):
    year = open_year(2570, by=planner, at=NOW)
    with pytest.raises(Refused):
        change_period(year, by=planner, at=NOW, ends_on=date(2027, 10, 31))
    assert FiscalYear.objects.get().ends_on == date(2027, 9, 30)


def test_due_dates_are_set_and_the_difference_is_on_record(planner):
    year = open_year(2570, by=planner, at=NOW)
    year.deadlines.filter(key=DeadlineKey.EVALUATION).delete()
    dues = {"signing": date(2027, 2, 15), "formal": date(2026, 12, 31), "evaluation": date(2028, 1, 31)}
    set_deadlines(year, dues, by=planner, at=NOW)
    assert year.due(DeadlineKey.SIGNING) == date(2027, 2, 15)
    assert year.due(DeadlineKey.INFORMAL) == date(2026, 11, 30)
    assert about(year)[0] == (
        "set_deadlines",
        {"signing": ["2027-01-31", "2027-02-15"], "evaluation": [None, "2028-01-31"]},
        "",
    )


def test_due_dates_set_as_they_were_leave_no_record(planner):
    year = open_year(2570, by=planner, at=NOW)
    set_deadlines(year, default_deadlines(2570), by=planner, at=NOW)
    assert [entry.act for entry in Entry.objects.about(year)] == ["open_year"]


def test_one_wrong_due_date_leaves_all_as_they_were(planner, english):
    year = open_year(2570, by=planner, at=NOW)
    with pytest.raises(Refused) as refused:
        set_deadlines(year, {"signing": date(2027, 2, 15), "formal": date(2570, 12, 31)}, by=planner, at=NOW)
    assert sentences(refused) == [
        (
            "This due date is more than a year away from the fiscal year's period. Please check the year.",
            "#id_formal",
        )
    ]
    assert year.deadline(DeadlineKey.SIGNING).set_for == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("due", "wrong"),
    [
        (date(2025, 9, 29), True),
        (date(2025, 9, 30), False),
        (date(2028, 9, 30), False),
        (date(2028, 10, 1), True),
    ],
)
def test_a_due_date_lies_within_a_year_of_the_period(due, wrong):
    year = FiscalYear(year=2570, starts_on=date(2026, 10, 1), ends_on=date(2027, 9, 30))
    assert bool(due_problems(year, "formal", due)) is wrong
