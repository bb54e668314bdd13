"""Affiliation is a fact with a beginning and an end, one body at a time; the tree has no say in it."""

from datetime import date

import pytest
from django.db import IntegrityError

from acts.engine import Refused
from acts.log import THE_SYSTEM
from acts.models import Entry
from orgunits.affiliate import affiliate, end_affiliation
from orgunits.models import Affiliation


@pytest.fixture
def under_a(small_tree, at):
    """B1, which the tree has below B, is under A in fiscal years 2568 and 2569."""
    dates = {"since": date(2024, 10, 1), "until": date(2026, 10, 1)}
    return affiliate(small_tree["B1"], small_tree["A"], **dates, by=THE_SYSTEM, at=at)


def test_it_holds_from_its_first_day_up_to_and_not_on_its_end(small_tree, under_a):
    days = (date(2024, 9, 30), date(2024, 10, 1), date(2026, 9, 30), date(2026, 10, 1))
    assert [small_tree["B1"].is_affiliated("A", on=day) for day in days] == [False, True, True, False]
    assert not small_tree["B1"].is_affiliated("B", on=date(2025, 1, 1))


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2026, 9, 30), None),
        (date(2020, 1, 1), date(2024, 10, 2)),
        (date(2020, 1, 1), None),
        (date(2025, 1, 1), date(2025, 2, 1)),
    ],
)
def test_a_unit_is_under_one_body_at_a_time(small_tree, under_a, at, since, until):
    with pytest.raises(Refused, match="สังกัด"):
        affiliate(small_tree["B1"], small_tree["B"], since=since, until=until, by=THE_SYSTEM, at=at)
    assert Affiliation.objects.count() == 1


def test_one_may_follow_the_other_without_a_gap(small_tree, under_a, at):
    affiliate(small_tree["B1"], small_tree["B"], since=date(2026, 10, 1), by=THE_SYSTEM, at=at)
    assert small_tree["B1"].is_affiliated("B", on=date(2026, 10, 1))


def test_ending_one_keeps_its_past_and_is_on_record(small_tree, at):
    b1, a = small_tree["B1"], small_tree["A"]
    affiliation = affiliate(b1, a, since=date(2024, 10, 1), by=THE_SYSTEM, at=at)
    end_affiliation(affiliation, until=date(2026, 10, 1), by=THE_SYSTEM, at=at)
    assert (b1.is_affiliated("A", on=date(2026, 9, 30)), b1.is_affiliated("A", on=date(2026, 10, 1))) == (True, False)
    entry = Entry.objects.about(b1).first()
    assert (entry.act, entry.changes) == ("orgunits.end_affiliation", {"body": ["A", "A"], "until": ["", "2026-10-01"]})


def test_an_end_before_the_beginning_is_refused(small_tree, at):
    with pytest.raises(Refused, match="หลังวันที่เริ่ม"):
        affiliate(small_tree["B1"], small_tree["A"], since=date(2026, 10, 1), until=date(2026, 10, 1),
                  by=THE_SYSTEM, at=at)  # fmt: skip


@pytest.mark.parametrize("wrong", ["backwards", "with itself", "two without an end"])
def test_the_database_refuses_what_makes_no_sense(small_tree, wrong):
    b1, a, b = (small_tree[code] for code in ("B1", "A", "B"))
    rows = {
        "backwards": [Affiliation(unit=b1, body=a, since=date(2026, 1, 2), until=date(2026, 1, 1))],
        "with itself": [Affiliation(unit=b1, body=b1, since=date(2026, 1, 1))],
        "two without an end": [Affiliation(unit=b1, body=body, since=date(2026, 1, 1)) for body in (a, b)],
    }[wrong]
    with pytest.raises(IntegrityError):
        Affiliation.objects.bulk_create(rows)
