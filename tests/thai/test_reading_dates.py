"""Dates as people type them."""

from datetime import date

import pytest

from thai.dates import NotADate, read_date, thai_date
from thai.fields import ThaiDateField

DAY = date(2026, 12, 15)


@pytest.mark.parametrize(
    "typed",
    ["15/12/2569", "๑๕/๑๒/๒๕๖๙", "15/12/2026", "15-12-2569", "2026-12-15", "15 ธ.ค. 2569", "15ธันวาคม2569",
     " 15 ธันวาคม พ.ศ. 2569 ", "๑๕ ธ.ค. ๒๕๖๙", "15 December 2026", "15 Dec 2569"],
)  # fmt: skip
def test_a_date_is_read_in_either_digits_and_era(typed):
    assert read_date(typed) == DAY


@pytest.mark.parametrize("typed", ["31/2/2569", "0/12/2569", "15/13/2569"])
def test_a_day_that_does_not_exist_is_refused(typed):
    with pytest.raises(NotADate, match="ไม่มีวันนี้"):
        read_date(typed)


@pytest.mark.parametrize("typed", ["พรุ่งนี้", "15 ธค 69", "12", "15/12/69", "2569"])
def test_what_is_no_date_is_refused_with_an_example(typed):
    with pytest.raises(NotADate, match="15 ธ.ค. 2569"):
        read_date(typed)


def test_what_is_shown_can_be_typed():
    assert read_date(thai_date(DAY, "long")) == read_date(ThaiDateField().prepare_value(DAY)) == DAY
