from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.scale import FIVE, Scale
from indicators.scoring import (
    CannotScore,
    Denominator,
    Penalty,
    Scored,
    contribution,
    interpolate,
    level_reached,
    round_score,
    score_levels,
    score_total,
    weighted_mean,
)

UP = tuple(map(Decimal, ("60", "65", "70", "75", "80")))
DOWN = tuple(map(Decimal, ("30", "27", "24", "21", "18")))


def D(text):
    return Decimal(text)


def on(floor):
    return replace(FIVE, floor=floor)


def of_levels(many):
    return Scale(tuple(map(Decimal, range(1, many + 1))), floor=D(1))


# Interpolation


def test_between_two_levels_the_score_is_in_proportion():
    assert interpolate(DOWN, D("20.1")) == D("4.3")
    assert interpolate(UP, D("74.999")) == D("3.9998")


def test_a_score_is_not_rounded_until_asked():
    third = interpolate(tuple(map(Decimal, (10, 13, 16, 19, 22))), D(14))
    assert str(third).startswith("2.33333333333333333333")
    assert round_score(third) == D("2.3333")


@pytest.mark.parametrize(
    ("actual", "floor", "score"),
    [("59.99", 1, 1), ("59.99", 0, 0), ("60", 1, 1), ("60", 0, 1), ("80", 1, 5), ("80.01", 1, 5), ("9999", 0, 5)],
)
def test_below_level_1_is_the_floor_and_beyond_level_5_is_5(actual, floor, score):
    assert interpolate(UP, D(actual), on(D(floor))) == score


def test_levels_may_be_two_or_twelve():
    assert interpolate((D(0), D(10)), D(5), of_levels(2)) == D("1.5")
    assert interpolate(tuple(map(Decimal, range(12))), D("10.5"), of_levels(12)) == D("11.5")


@pytest.mark.parametrize(
    ("knots", "sentence"),
    [
        ((60, 65, 65, 75, 80), "Levels 2 and 3 have the same value (65)."),
        ((60, 65, 64, 75, 80), "must rise from level 1 to 5, but level 3 (64) is below"),
        ((30, 27, 28, 21, 18), "must fall from level 1 to 5, but level 3 (28) is above"),
        ((60, 65, "NaN", 75, 80), "The value of level 3 is not a number"),
        ((60, 65, 70, 75, "Infinity"), "The value of level 5 is not a number"),
        ((60,), "at least two levels"),
        ((), "at least two levels"),
    ],
)
def test_values_that_are_equal_crossing_or_endless_are_refused_with_a_sentence(knots, sentence):
    with translation.override("en"), pytest.raises(CannotScore) as refused:
        interpolate(tuple(Decimal(knot) for knot in knots), D(70))
    assert sentence in str(refused.value)
    assert isinstance(refused.value, ValueError)


@pytest.mark.parametrize("actual", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_result_that_cannot_be_counted_is_refused(actual):
    with pytest.raises(CannotScore):
        interpolate(UP, D(actual))


@pytest.mark.parametrize("unscored", [None, 70.0, "70"])
def test_what_was_not_reported_and_what_is_no_decimal_is_never_scored(unscored):
    for score in (interpolate, level_reached, score_levels):
        with pytest.raises(TypeError):
            score(UP, unscored)
    with pytest.raises(TypeError):
        interpolate((D(60), unscored, D(70)), D(60))
    with pytest.raises(TypeError):
        weighted_mean([(D(50), D(3)), (D(50), unscored)])
    with pytest.raises(TypeError):
        score_total([(D(50), unscored)])


def test_zero_is_a_result_like_any_other():
    assert interpolate(tuple(map(Decimal, (-10, -5, 0, 5, 10))), D(0)) == 3
    assert interpolate(tuple(map(Decimal, (4, 3, 2, 1, 0))), D(0)) == 5


# Rounding


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("0.42605", "0.4261"),
        ("0.42604999999999999999999999999999999999", "0.4260"),
        ("0.40315", "0.4032"),
        ("2.00005", "2.0001"),
        ("4.99995", "5.0000"),
        ("3", "3.0000"),
        ("0", "0.0000"),
    ],
)
def test_scores_are_rounded_half_up_to_4_places(value, rounded):
    assert str(round_score(D(value))) == rounded


def test_a_quotient_just_under_the_half_is_rounded_down():
    # 1 + 499,999,999,999.9 ÷ 10,000,000,000,000,000 = 1.00004999999999999…
    knots = (D(0), D("10000000000000000"), D("20000000000000000"))
    assert round_score(interpolate(knots, D("499999999999.9"), of_levels(3))) == D("1.0000")
    assert round_score(interpolate(knots, D("500000000000"), of_levels(3))) == D("1.0001")


# Weights and totals


def test_the_mean_is_over_the_actual_sum_of_the_weights():
    assert weighted_mean([(D(100), D(3))]) == 3
    assert weighted_mean([(D("0.25"), D(5)), (D("0.75"), D(1))]) == 2
    assert weighted_mean([(D(20), D(5)), (D(10), D(2))]) == 4


def test_four_quarters_at_5_are_5_and_small_weights_count():
    assert weighted_mean([(D(25), D(5))] * 4) == 5
    assert weighted_mean([(D("0.5"), D(5)), (D("0.5"), D(1))]) == 3


@pytest.mark.parametrize("parts", [[], [(Decimal(0), Decimal(3))]])
def test_without_weights_there_is_no_mean_but_a_sentence(parts):
    with translation.override("en"), pytest.raises(CannotScore) as refused:
        weighted_mean(parts)
    assert str(refused.value) == "The weights add up to 0, so there is no total."


def test_a_negative_weight_is_refused():
    with pytest.raises(CannotScore):
        weighted_mean([(D(110), D(3)), (D(-10), D(3))])


def test_contributions_are_for_reading():
    assert contribution(D(25), D("1.7042"), D(100)) == D("0.4261")
    assert contribution(D("0.25"), D("1.7042"), D(1)) == D("0.4261")


def test_a_total_is_computed_from_the_scores_not_from_rounded_contributions():
    total = score_total([(D(1), D(5))] * 3)
    assert [part.contribution for part in total.parts] == [D("1.6667")] * 3
    assert sum(part.contribution for part in total.parts) == D("5.0001")
    assert str(total.score) == "5.0000"


def test_a_total_takes_the_rounded_score_of_each_line():
    parts = [(D(1), D("2.00005")), (D(1), D(2))]
    assert round_score(weighted_mean(parts)) == D("2.0000")
    assert score_total(parts).score == D("2.0001")


def test_a_total_names_its_denominator():
    with translation.override("en"):
        total = score_total([(D(10), D("4.3")), (D(90), D("4"))])
    assert (total.score, total.denominator) == (D("4.0300"), 100)
    assert total.denominator_words == "all the weights in use, 100"
    assert [(step.label, step.text) for step in total.working] == [
        ("Sum of score × weight", "4.3000 × 10.00 + 4.0000 × 90.00 = 403"),
        ("Denominator", "all the weights in use, 100"),
        ("Total", "403 ÷ 100 = 4.03"),
    ]


def test_a_half_reported_round_says_which_weights_it_was_divided_by():
    reported = [(D(40), D(5))]
    with translation.override("en"):
        all_in_force = score_total(reported, unreported=D(60))
        only_reported = score_total(reported, unreported=D(60), over=Denominator.REPORTED)
    assert (all_in_force.score, all_in_force.denominator) == (2, 100)
    assert all_in_force.denominator_words == "all the weights in use, 100, of which only 40 have been reported"
    assert (only_reported.score, only_reported.denominator) == (5, 40)
    assert only_reported.denominator_words == "the weights of the indicators reported only, 40 of 100"


def test_nothing_reported_is_no_total_rather_than_zero():
    with translation.override("en"), pytest.raises(CannotScore) as refused:
        score_total([], unreported=D(100))
    assert str(refused.value) == "No result has been reported yet, so there is no total."


def test_a_long_quotient_of_a_total_is_written_with_its_rounding():
    working = score_total([(D(1), D(5)), (D(2), D(4))]).working
    assert working[-1].text == "13 ÷ 3 = 4.33333333… ≈ 4.3333 (ปัดครึ่งขึ้น 4 ตำแหน่ง)"


# The working of a line


def working_of(knots, actual, **weights):
    return [(step.label, step.text) for step in score_levels(knots, D(actual), **weights).working]


def test_the_working_of_a_score_between_two_levels():
    scored = score_levels(DOWN, D("20.1000")).with_weight(D(10), D(100))
    assert scored.score == D("4.3000")
    assert [(step.label, step.text) for step in scored.working] == [
        ("เกณฑ์ (ยิ่งน้อยยิ่งดี)", "30 · 27 · 24 · 21 · 18"),
        ("ช่วงที่ตก", "ระหว่างระดับ 4 (21) กับระดับ 5 (18)"),
        ("เทียบบัญญัติไตรยางศ์", "4 + (21 − 20.1) ÷ (21 − 18) = 4.3"),
        ("ถ่วงน้ำหนัก", "4.3000 × 10.00 ÷ 100 = 0.4300 (ปัดครึ่งขึ้น 4 ตำแหน่ง)"),
    ]


@pytest.mark.parametrize(
    ("actual", "where", "score"),
    [
        ("31", "31 does not reach level 1 (30)", "1.0000 (the score below level 1)"),
        ("30", "exactly level 1 (30)", "1.0000"),
        ("24", "exactly level 3 (24)", "3.0000"),
        ("18", "exactly level 5 (18)", "5.0000"),
        ("-2", "−2 is better than level 5 (18)", "5.0000"),
    ],
)
def test_the_working_of_a_score_that_needs_no_sum(actual, where, score):
    with translation.override("en"):
        assert working_of(DOWN, actual)[1:] == [("Where the result falls", where), ("Score", score)]


def test_the_working_shows_the_rounding_and_brackets_negative_numbers():
    with translation.override("en"):
        assert working_of((D(-10), D(-4), D(0), D(5), D(1234)), "-9")[2] == (
            "Rule of three",
            "1 + ((−9) − (−10)) ÷ ((−4) − (−10)) = 1.16666666… ≈ 1.1667 (rounded half up to 4 places)",
        )
        assert working_of(UP, "60.00025")[2][1].endswith("= 1.00005 ≈ 1.0001 (rounded half up to 4 places)")


def test_a_weight_written_as_a_fraction_of_1_keeps_its_decimals():
    scored = score_levels(UP, D(80)).with_weight(D("0.075"), D(1))
    assert scored.working[-1].text.startswith("5.0000 × 0.075 ÷ 1 = 0.3750")


# Penalties


def off(points, why="no report of รอบ 6 เดือน"):
    return Penalty(D(points), why)


def test_missed_reports_are_taken_off_the_line_and_shown_one_by_one():
    with translation.override("en"):
        once = score_levels(UP, D(80)).with_penalty(off("0.2"))
        scored = once.with_penalty(off("0.25", "late report of รอบ 12 เดือน"))
    assert (scored.score, scored.unrounded, scored.earned) == (D("4.5500"), D("4.55"), D("5.0000"))
    assert [(step.label, step.text) for step in scored.working[-2:]] == [
        ("Penalty of 0.2000: no report of รอบ 6 เดือน", "5.0000 − 0.2000 = 4.8000"),
        ("Penalty of 0.2500: late report of รอบ 12 เดือน", "4.8000 − 0.2500 = 4.5500"),
    ]


def test_a_penalty_stops_at_the_floor_and_says_so():
    with translation.override("en"):
        scored = score_levels(UP, D("60.5")).with_penalty(off("1.5"), D(1))
    assert (scored.score, scored.earned) == (D("1.0000"), D("1.1000"))
    assert scored.working[-1].text == "1.1000 − 1.5000 → 1.0000 (not below 1.0000)"


def test_what_is_below_the_floor_already_is_not_lifted_by_a_penalty():
    failed = Scored(D(0), D(0)).with_penalty(off("0.2"), D(1))
    assert (failed.score, failed.taken_off) == (0, 0)


def test_a_penalty_exactly_down_to_the_floor_isnt_said_to_stop_there():
    with translation.override("en"):
        scored = Scored(D("1.2"), D("1.2")).with_penalty(off("0.2"), D(1))
    assert (scored.score, scored.working[-1].text) == (1, "1.2000 − 0.2000 = 1.0000")


def test_no_points_change_nothing_and_none_are_added():
    scored = score_levels(UP, D(80))
    assert scored.with_penalty(off("0")) is scored
    with pytest.raises(ValueError, match="added"):
        scored.with_penalty(off("-0.2"))


# Properties

values = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
rising = st.lists(values, min_size=5, max_size=5, unique=True).map(lambda found: tuple(sorted(found)))
floors = st.sampled_from([Decimal(0), Decimal(1)])
weights = st.decimals(min_value="0.01", max_value=100, places=2)
scores = st.decimals(min_value=0, max_value=5, places=4)
lines = st.lists(st.tuples(weights, scores), min_size=1, max_size=12)


@given(rising, values, values, floors)
def test_a_better_result_never_scores_less(knots, one, other, floor):
    worse, better = sorted((one, other))
    assert interpolate(knots, worse, on(floor)) <= interpolate(knots, better, on(floor))


@given(rising, values, floors)
def test_a_score_stays_between_the_floor_and_5(knots, actual, floor):
    score = interpolate(knots, actual, on(floor))
    assert floor <= score <= 5
    assert score == floor or score >= 1


@given(rising, floors)
def test_the_value_of_a_level_scores_that_level(knots, floor):
    assert [interpolate(knots, knot, on(floor)) for knot in knots] == [1, 2, 3, 4, 5]
    assert [level_reached(knots, knot) for knot in knots] == [1, 2, 3, 4, 5]


@given(rising, values, floors)
def test_lower_is_better_is_the_mirror_of_higher_is_better(knots, actual, floor):
    mirrored = tuple(-knot for knot in knots)
    assert interpolate(mirrored, -actual, on(floor)) == interpolate(knots, actual, on(floor))


@given(rising, values, floors, st.integers(1, 10**6), values)
def test_a_change_of_units_changes_no_score(knots, actual, floor, factor, shift):
    moved = tuple(knot * factor + shift for knot in knots)
    assert interpolate(moved, actual * factor + shift, on(floor)) == interpolate(knots, actual, on(floor))


@given(rising, values, floors)
def test_the_working_ends_in_the_score(knots, actual, floor):
    scored = score_levels(knots, actual, on(floor))
    assert scored.score == round_score(scored.unrounded)
    assert scored.unrounded == interpolate(knots, actual, on(floor))
    assert len(scored.working) == 3


@given(lines, st.decimals(min_value="0.01", max_value=1000, places=2))
def test_weights_are_free_of_scale(parts, factor):
    assert weighted_mean([(weight * factor, score) for weight, score in parts]) == weighted_mean(parts)


@given(lines, st.randoms())
def test_the_order_of_the_lines_does_not_matter(parts, chance):
    shuffled = chance.sample(parts, len(parts))
    assert weighted_mean(shuffled) == weighted_mean(parts)
    assert score_total(shuffled).score == score_total(parts).score


@given(lines)
def test_a_mean_lies_within_what_it_averages(parts):
    found = [score for _, score in parts]
    assert min(found) <= score_total(parts).score <= max(found)


@given(lines, weights)
def test_an_unreported_line_never_raises_the_total(parts, unreported):
    assume(any(score for _, score in parts))
    assert score_total(parts, unreported=unreported).score <= score_total(parts).score
    assert score_total(parts, unreported=unreported, over=Denominator.REPORTED).score == score_total(parts).score


@given(scores, st.integers(0, 40))
def test_a_penalty_never_raises_a_score(score, missed):
    penalised = Scored(score, score)
    for _report in range(missed):
        penalised = penalised.with_penalty(off("0.2"))
    assert 0 <= penalised.score <= score
    assert penalised.score == max(score - missed * Decimal("0.2"), 0)
    assert penalised.earned == score
