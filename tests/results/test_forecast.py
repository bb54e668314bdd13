"""The forecast by hand: what is likely, what is still reachable, what it takes, and which line gains most for least."""

from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.scale import FIVE, THREE
from indicators.scoring import Denominator
from results.forecast import Cover, Reported, forecast, line_forecast
from tests.results.agreed_by_hand import FALLING, RISING, agreed, line

D = Decimal
HALF, THREE_QUARTERS, WHOLE = (Cover(D(months)) for months in (6, 9, 12))


def after(found, value, cover=HALF, total=100):
    return line_forecast(found, Reported(D(value), cover), D(total))


def scores(found):
    """(worst, likely, best) as text."""
    return tuple(None if each is None else str(each) for each in (found.worst, found.score, found.best))


# What is likely, and what is reachable


def test_a_count_is_carried_on_at_its_pace_and_keeps_what_was_counted():
    found = after(line(1, 100, "คดี"), 66, THREE_QUARTERS)

    # 66 ÷ 9 × 12 = 88: 3 + (88 − 80) ÷ 10; at worst 66 cases remain 66: 1 + 6 ÷ 10
    assert (found.value, scores(found)) == (D(88), ("1.6000", "3.8000", "5.0000"))


def test_a_count_that_has_reached_a_level_cannot_fall_below_it():
    assert scores(after(line(1, 100, "ล้านบาท"), 80)) == ("3.0000", "5.0000", "5.0000")


def test_of_a_count_where_less_is_better_what_is_spent_cannot_be_had_back():
    found = after(line(1, 100, "ครั้ง", FALLING), 21)

    # 42 at the year's end; if nothing more happens, 21
    assert (found.value, scores(found)) == (D(42), ("1.0000", "1.0000", "4.0000"))


def test_a_percentage_stays_as_it_was_reported_and_may_still_become_anything():
    found = after(line(1, 100, "ร้อยละ"), 85)

    assert (found.value, scores(found)) == (D(85), ("1.0000", "3.5000", "5.0000"))


@pytest.mark.parametrize(("unit", "name"), [("คน", "จำนวนผู้รับบริการเฉลี่ยต่อวัน"), ("คดี", "คดีคงค้าง"), ("วัน", "เวลา")])
def test_neither_means_nor_what_is_left_nor_times_add_up(unit, name):
    found = after(line(1, 100, unit, name=name), 85)

    assert (found.adds_up, found.value) == (False, D(85))


def test_a_step_that_is_reached_stays_reached():
    assert scores(after(line(1, 100, "ระดับ", kind="milestone"), 3)) == ("3.0000", "3.0000", "5.0000")


def test_what_has_passed_has_passed():
    passes = line(1, 100, "ผ่าน", kind="pass_fail")

    assert scores(after(passes, 1)) == ("5.0000", "5.0000", "5.0000")
    assert scores(after(passes, 0)) == ("1.0000", "1.0000", "5.0000")


def test_issues_are_counted_when_they_are_whole_and_no_more_than_there_are():
    issues = line(1, 100, "ประเด็น", [None] * 5, kind="count", items=[{"text": str(n), "weight": ""} for n in range(5)])

    # 1 ÷ 9 × 12 = 1.33; 4 ÷ 6 × 12 = 8, but there are 5
    assert (after(issues, 1, THREE_QUARTERS).value, after(issues, 4).value) == (D(1), D(5))
    assert scores(after(issues, 2)) == ("2.0000", "4.0000", "5.0000")


def test_a_score_made_elsewhere_stays_and_may_still_become_anything():
    assert scores(after(line(1, 100, "คะแนน", kind="superior"), "3.5")) == ("1.0000", "3.5000", "5.0000")


def test_bands_and_targets_are_measured_by_their_own_rules():
    uppers = ["69", "79", "89", "99", None]
    bands = line(1, 100, "คดี", [None, 70, 80, 90, 100], kind="bands", uppers=uppers)
    targets = line(1, 100, "ร้อยละ", [None, 80, 90], kind="targets", scale=THREE)

    # 42 ÷ 6 × 12 = 84
    assert scores(after(bands, 42)) == ("1.0000", "3.0000", "5.0000")
    # Whatever is below the standard scores 50.
    assert scores(after(targets, 84)) == ("50.0000", "75.0000", "100.0000")


def test_with_a_floor_of_zero_the_worst_is_zero_and_no_score_is_above_the_cap():
    scale = replace(FIVE, floor=D(0), cap=D("4.5"))

    assert scores(after(line(1, 100, "ร้อยละ", scale=scale), 100)) == ("0.0000", "4.5000", "4.5000")


def test_when_the_whole_year_is_reported_nothing_is_open():
    found = after(line(1, 100, "คดี", target=90), 85, WHOLE)

    assert scores(found) == ("3.5000", "3.5000", "3.5000")
    assert (found.target, found.top, found.rise) == (None, None, None)


def test_a_line_without_result_has_no_likely_score_and_is_open_from_worst_to_best():
    found = line_forecast(line(1, 100, "คดี", target=90), None, D(100))

    assert (scores(found), found.value, found.rise) == (("1.0000", None, "5.0000"), None, None)


def test_a_result_that_cannot_be_scored_says_why_and_leaves_the_line_open():
    found = after(line(1, 100, "ระดับ", kind="milestone"), "2.5")

    assert (scores(found), found.value) == (("1.0000", None, "5.0000"), None)
    assert found.problem


def test_a_sum_below_zero_is_not_carried_on():
    assert after(line(1, 100, "ล้านบาท", (-20, -10, 0, 10, 20)), -10).value == -10


# What it takes


def test_what_adds_up_needs_so_much_a_month_to_the_target_and_to_the_top():
    found = after(line(1, 100, "คดี", target=90), 66, THREE_QUARTERS)

    assert (found.target.needed, found.top.needed) == (D(8), D(34) / 3)  # 24 and 34 in 3 months


def test_of_what_should_be_few_there_may_be_so_many_a_month():
    found = after(line(1, 100, "ครั้ง", FALLING, target=24), 20)

    assert found.target.needed == D(4) / 6
    assert found.top.needed is None  # 18 is behind them


def test_what_stays_must_rise_or_fall_by_so_much():
    assert after(line(1, 100, "ร้อยละ", target=88), 85).target.needed == 3
    assert after(line(1, 100, "วัน", FALLING, target=24), 25).target.needed == -1
    assert after(line(1, 100, "ร้อยละ", target=88), 90).target.needed == 0


# One level further, and most for least


def test_one_level_more_brings_the_weighted_part_of_it_to_the_total():
    found = after(line(1, 30, "ร้อยละ"), 85)

    # from 3.5 to 4.5: 1 × 30 ÷ 100; from 85 to 95 is 10 of 95
    assert (found.rise.value, found.rise.gain, found.rise.effort) == (D(95), D("0.3000"), D(10) / D(95))


def test_where_less_than_a_level_is_missing_it_is_up_to_the_top():
    rise = after(line(1, 30, "ร้อยละ"), 95).rise

    assert (rise.value, rise.score, rise.gain) == (D(100), D(5), D("0.1500"))


def test_under_a_cap_it_is_up_to_the_cap():
    rise = after(line(1, 30, "ร้อยละ", scale=replace(FIVE, cap=D("4.5"))), 90).rise

    assert (rise.value, rise.score) == (D(95), D("4.5"))


def test_what_climbs_in_steps_goes_to_the_next_one():
    assert after(line(1, 30, "ระดับ", kind="milestone"), 2).rise.value == 3


def test_the_effort_of_what_adds_up_is_how_much_faster_the_months_left_must_go():
    rise = after(line(1, 40, "คดี"), 42).rise

    # 84 (3.4) is likely at 7 a month; 94 (4.4) needs 52 in 6 months
    assert (rise.value, rise.effort, rise.gain) == (D(94), (D(52) / 6 - 7) / (D(52) / 6), D("0.4000"))


def test_the_result_needed_is_written_like_the_criteria_and_on_the_better_side():
    # 31 ÷ 6 × 12 = 62 (1.2) → 2.2 at 72; with values 7 apart 66 (1.8571) → 2.8571 at 73
    assert after(line(1, 40, "คดี", (60, 67, 74, 81, 88)), 33).rise.value == 73
    # 20 of them scored 1 at the end; level 2 is 27
    assert after(line(1, 40, "ครั้ง", FALLING), 20).rise.value == 27


def test_of_what_should_be_few_no_more_is_gained_than_is_reachable():
    # 26 already (2.3333), 52 likely (1): level 2 is 27, still reachable; of 29 (1.3333) no more than that
    assert after(line(1, 40, "ครั้ง", FALLING), 26).rise.value == 27
    assert after(line(1, 40, "ครั้ง", FALLING), 29).rise.value == 29
    assert after(line(1, 40, "ครั้ง", FALLING), 40).rise is None


def test_what_does_not_pass_gains_all_at_once():
    assert after(line(1, 10, "ผ่าน", kind="pass_fail"), 0).rise.gain == D("0.4000")


def test_the_line_that_gains_most_for_least_is_not_the_heaviest():
    lines = [line(1, 50, "ระดับ", kind="milestone"), line(2, 30, "ร้อยละ"), line(3, 20, "ร้อยละ")]
    made = forecast(agreed(*lines), {1: Reported(D(2), HALF), 2: Reported(D(71), HALF), 3: Reported(D(89), HALF)})

    # 0.5 for one step of three (33 %); 0.3 for 10 of 81 (12 %); 0.2 for 10 of 99 (10 %)
    assert [str(each.rise.gain) for each in made.lines] == ["0.5000", "0.3000", "0.2000"]
    assert made.best_rise.line.key == 2


# The totals


def test_totals_are_of_all_weights_at_worst_likely_and_best():
    lines = [line(1, 60, "คดี"), line(2, 40, "ร้อยละ")]
    made = forecast(agreed(*lines), {1: Reported(D(45), HALF), 2: Reported(D(85), HALF)})

    # 45 → 90: 4 (1 to 5); 85: 3.5 (1 to 5)
    assert (made.worst, made.low, made.high, made.best) == (D(1), D("3.8000"), D("3.8000"), D(5))


@pytest.mark.parametrize("over", Denominator)
def test_a_line_without_result_makes_the_likely_total_a_range_whichever_weights_are_divided_by(over):
    lines = [line(1, 60, "ร้อยละ"), line(2, 40, "ร้อยละ")]
    made = forecast(agreed(*lines, over=over), {1: Reported(D(90), HALF)})

    # 0.6 × 4 + 0.4 × 1 and 0.6 × 4 + 0.4 × 5
    assert (made.low, made.high) == (D("2.8000"), D("4.4000"))
    assert [each.line.key for each in made.open_lines] == [2]


def test_totals_have_the_decimals_of_the_scale():
    made = forecast(agreed(line(1, 3, "ร้อยละ", RISING), scale=replace(FIVE, places=2)), {1: Reported(D("66.66"), HALF)})

    assert made.low == D("1.67")
