from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from thai.dates import be_year, clock_time, shown_year, thai_date, thai_datetime, until_words

FIRST = date(2026, 10, 1)


def test_the_buddhist_era_is_543_years_ahead():
    assert be_year(FIRST) == 2569


@pytest.mark.parametrize(
    ("style", "thai", "english"),
    [
        ("long", "1 ตุลาคม 2569", "1 October 2026"),
        ("medium", "1 ต.ค. 2569", "1 Oct 2026"),
        ("short", "1 ต.ค. 69", "1 Oct 2026"),
    ],
)
def test_a_date_in_each_style_and_language(style, thai, english):
    assert thai_date(FIRST, style) == thai
    with translation.override("en"):
        assert thai_date(FIRST, style) == english


@pytest.mark.parametrize(
    ("style", "thai", "english"),
    [
        ("long", "1 ตุลาคม 2569 เวลา 10.12 น.", "1 October 2026, 10:12"),
        ("medium", "1 ต.ค. 2569 10.12 น.", "1 Oct 2026, 10:12"),
    ],
)
def test_a_moment_is_told_in_the_local_time_zone(style, thai, english):
    moment = datetime(2026, 10, 1, 3, 12, tzinfo=UTC)
    assert thai_datetime(moment, style) == thai
    with translation.override("en"):
        assert thai_datetime(moment, style) == english


def test_a_moment_late_in_the_evening_of_utc_is_the_next_day_and_the_next_year_here():
    moment = datetime(2026, 12, 31, 20, 0, tzinfo=UTC)
    assert thai_date(moment) == "1 มกราคม 2570"
    assert be_year(moment) == 2570
    assert until_words(moment, date(2026, 12, 31)) == until_words(date(2027, 1, 1), date(2026, 12, 31))


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="naive"):
        thai_datetime(datetime(2026, 10, 1, 3, 12))


def test_a_fiscal_year_keeps_its_number_and_says_whose_era_it_is_where_that_is_not_plain():
    assert shown_year(2569) == "2569"
    with translation.override("en"):
        assert shown_year(2569) == "B.E.\u00a02569"


def test_the_time_of_day_is_written_as_the_language_writes_it():
    moment = datetime(2026, 10, 1, 20, 5, tzinfo=UTC)
    assert clock_time(moment) == "03.05 น."
    with translation.override("en"):
        assert clock_time(moment) == "03:05"


@pytest.mark.parametrize(
    ("today", "thai", "english"),
    [
        (date(2026, 9, 23), "อีก 8 วัน", "in 8 days"),
        (date(2026, 9, 30), "อีก 1 วัน", "in 1 day"),
        (date(2026, 10, 1), "วันนี้", "today"),
        (date(2026, 10, 5), "เกินกำหนด 4 วัน", "4 days overdue"),
    ],
)
def test_how_far_off_a_due_date_is(today, thai, english):
    assert until_words(FIRST, today) == thai
    with translation.override("en"):
        assert until_words(FIRST, today) == english


@given(st.dates(), st.sampled_from(["long", "medium"]))
def test_different_days_never_read_the_same(day, style):
    written = thai_date(day, style)
    other = day.replace(day=1 if day.day != 1 else 2)
    assert written != thai_date(other, style)
    assert written.startswith(f"{day.day} ")
    assert written.endswith(f" {day.year + 543}")


def test_every_month_has_its_name():
    written = {thai_date(date(2026, month, 1)) for month in range(1, 13)}
    assert len(written) == 12
    assert timezone.get_current_timezone_name() == "Asia/Bangkok"
