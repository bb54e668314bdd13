from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiscal.models import DeadlineKey
from fiscal.years import default_deadlines, period, year_of

years = st.integers(2500, 2700)


def test_the_handbooks_year_2559_runs_by_the_rule_and_not_as_it_prints():
    """The handbook is titled fiscal year 2559, but prints 1 Oct 59 – 30 Sep 60, which is fiscal year 2560."""
    assert period(2559) == (date(2015, 10, 1), date(2016, 9, 30))
    assert period(2560) == (date(2016, 10, 1), date(2017, 9, 30))


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 9, 30), 2569), (date(2026, 10, 1), 2570), (date(2027, 1, 1), 2570), (date(2027, 9, 30), 2570)],
)
def test_a_day_belongs_to_a_year(day, year):
    assert year_of(day) == year


def test_a_moment_belongs_to_the_year_it_has_here():
    assert year_of(datetime(2026, 9, 30, 17, 0, tzinfo=UTC)) == 2570
    assert year_of(datetime(2026, 9, 30, 16, 59, tzinfo=UTC)) == 2569


@given(years)
def test_periods_follow_each_other_without_a_gap(year):
    starts_on, ends_on = period(year)
    assert period(year + 1)[0] == ends_on + timedelta(days=1)
    assert starts_on < ends_on


@given(years, st.integers(0, 364))
def test_every_day_of_a_period_belongs_to_its_year(year, day):
    assert year_of(period(year)[0] + timedelta(days=day)) == year


def test_the_usual_due_dates_of_a_year():
    assert default_deadlines(2570) == {
        "submission": date(2026, 9, 30),
        "informal": date(2026, 11, 30),
        "formal": date(2026, 12, 31),
        "signing": date(2027, 1, 31),
        "evaluation": date(2027, 12, 31),
    }


@given(years)
def test_due_dates_come_in_the_order_of_the_walk(year):
    dues = default_deadlines(year)
    assert list(dues) == list(DeadlineKey)
    assert list(dues.values()) == sorted(dues.values())
