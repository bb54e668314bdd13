"""Which results add up through the year: told by kind, unit of measure and name; when in doubt, not."""

import pytest

from indicators.criteria import Kind
from results.adding_up import MEASURED, adds_up

MEASURED_TOO = sorted(MEASURED)


@pytest.mark.parametrize("unit", ["คดี", "คน", "ครั้ง", "บาท", "ล้านบาท", "หมื่นคน", "แสนล้านบาท", " คดี "])
@pytest.mark.parametrize("kind", MEASURED_TOO)
def test_counts_and_amounts_of_money_add_up_with_whatever_criteria_they_are_measured(kind, unit):
    assert adds_up(kind, "จำนวนที่ทำได้", unit)


@pytest.mark.parametrize("unit", ["ร้อยละ", "วัน", "นาที", "ระดับ", "คะแนน", "", "ล้าน", "คดีต่อวัน", "บาท/คน", "คนละ"])
def test_percentages_times_levels_and_rates_do_not(unit):
    assert not adds_up(Kind.QUANTITATIVE, "จำนวนที่ทำได้", unit)


@pytest.mark.parametrize("name", ["จำนวนผู้โดยสารเฉลี่ยต่อวัน", "จำนวนคดีคงค้าง", "งบประมาณคงเหลือ"])
def test_a_mean_and_what_is_left_on_a_day_do_not_add_up_though_they_are_counted(name):
    assert not adds_up(Kind.QUANTITATIVE, name, "คดี")


def test_issues_add_up_whatever_they_are_called():
    assert adds_up(Kind.COUNT, "ประเด็นเฉลี่ย", "ระดับ")


@pytest.mark.parametrize("kind", sorted({*Kind} - {*MEASURED, Kind.COUNT}))
def test_steps_scores_and_means_do_not_add_up_though_their_unit_is_counted(kind):
    assert not adds_up(kind, "จำนวนที่ทำได้", "คดี")
