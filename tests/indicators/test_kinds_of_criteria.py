"""Every kind of criteria by examples worked out by hand: the score, the rows of its working, what a report brings it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from indicators.criteria import (
    Asks,
    Bands,
    Count,
    Cumulative,
    Item,
    Kind,
    Milestone,
    PassFail,
    Projects,
    Quantitative,
    Superior,
    Targets,
    Units,
    criteria_for,
    fill_bands,
    fill_levels,
)
from indicators.criteria.items import items_of
from indicators.scale import FIVE, THREE, Scale
from indicators.scoring import CannotScore, score_line


def D(text):
    return None if text is None else Decimal(text)


def values(*texts):
    return tuple(D(text) for text in texts)


def items(*names, weights=()):
    return tuple(Item(name, weight) for name, weight in zip(names, weights or [""] * len(names), strict=True))


STEPS = items("แต่งตั้งคณะทำงาน", "จัดทำแผน", "เสนอแผน", "ดำเนินการ", "ติดตาม", "รายงานผล")
PASSES = ("", "", "", "", "ได้รับการรับรองมาตรฐาน")
OF_ALL_KINDS = {
    Kind.QUANTITATIVE: Quantitative(values(60, 65, 70, 75, 80)),
    Kind.BANDS: Bands(values(None, 75, 80, 85, 90), values(74, 79, 84, 89, None)),
    Kind.MILESTONE: Milestone(("ก", "ข", "ค", "ง", "จ")),
    Kind.CUMULATIVE: Cumulative(values(*[None] * 5), STEPS),
    Kind.COUNT: Count(values(*[None] * 5), STEPS[:5]),
    Kind.PROJECTS: Projects(values(1, 2, 3, 4, 5), items("ก", "ข", "ค", weights=("0.5", "0.3", "0.2"))),
    Kind.UNITS: Units(values(60, 65, 70, 75, 80), items("บก.1", "บก.2")),
    Kind.SUPERIOR: Superior(values(*[None] * 5)),
    Kind.PASS_FAIL: PassFail(PASSES),
}
TARGETS = Targets(values(None, 80, 90))


def said(found):
    with translation.override("en"):
        return found()


def problems(criteria):
    return said(criteria.problems)


def working(criteria, actual, scale=FIVE):
    return said(lambda: [(step.label, step.text) for step in criteria.score(D(actual), scale).working])


def why_not(score):
    with translation.override("en"), pytest.raises(CannotScore) as refused:
        score()
    return str(refused.value)


def test_good_criteria_of_every_kind_have_no_problems():
    assert {kind: criteria.problems() for kind, criteria in OF_ALL_KINDS.items()} == {kind: [] for kind in OF_ALL_KINDS}
    assert TARGETS.problems() == []
    assert {*OF_ALL_KINDS, Kind.TARGETS} == set(Kind)


# Each kind, by hand


@pytest.mark.parametrize(
    ("kind", "actual", "score"),
    [
        # <75 · 75–79 · 80–84 · 85–89 · ≥90: whole scores, a result between 79 and 80 is still in 75–79.
        (Kind.BANDS, "12", "1.0000"),
        (Kind.BANDS, "74.99", "1.0000"),
        (Kind.BANDS, "75", "2.0000"),
        (Kind.BANDS, "79.99", "2.0000"),
        (Kind.BANDS, "80", "3.0000"),
        (Kind.BANDS, "89", "4.0000"),
        (Kind.BANDS, "90", "5.0000"),
        (Kind.BANDS, "400", "5.0000"),
        # Steps 1+2 → 1, 1+2+3 → 2, … all six → 5; one step alone reaches no level.
        (Kind.CUMULATIVE, "0", "1.0000"),
        (Kind.CUMULATIVE, "1", "1.0000"),
        (Kind.CUMULATIVE, "2", "1.0000"),
        (Kind.CUMULATIVE, "3", "2.0000"),
        (Kind.CUMULATIVE, "6", "5.0000"),
        (Kind.COUNT, "0", "1.0000"),
        (Kind.COUNT, "4", "4.0000"),
        (Kind.COUNT, "5", "5.0000"),
        # The levels are values of Σ(W×SM) itself: 3.75 lies three quarters between 3 and 4.
        (Kind.PROJECTS, "3.75", "3.7500"),
        (Kind.UNITS, "72.5", "3.5000"),
        (Kind.SUPERIOR, "4.3210", "4.3210"),
        (Kind.SUPERIOR, "0.8", "0.8000"),
        (Kind.PASS_FAIL, "1", "5.0000"),
        (Kind.PASS_FAIL, "0", "1.0000"),
    ],
)
def test_what_a_result_scores(kind, actual, score):
    assert str(OF_ALL_KINDS[kind].score(D(actual)).score) == score


@pytest.mark.parametrize(("actual", "score"), [("79.99", "50"), ("80", "75"), ("89.99", "75"), ("90", "100")])
def test_three_targets_score_50_75_and_100(actual, score):
    assert str(TARGETS.score(D(actual), THREE).score) == f"{score}.0000"


def test_below_a_first_target_of_its_own_is_the_floor():
    scheme = Targets(values(70, 80, 90))
    assert [scheme.score(D(actual), replace(THREE, floor=D(0))).score for actual in (69, 70)] == [0, 50]


def test_bands_where_lower_is_better_are_reached_at_their_upper_end():
    days = Bands(values(31, 26, 21, 16, None), values(None, 30, 25, 20, 15))
    assert days.problems() == []
    assert days.direction == "lower"
    assert [days.score(D(actual)).score for actual in (40, 30, "25.5", 25, 16, 15, 0)] == [1, 2, 2, 3, 4, 5, 5]


def test_a_first_band_with_a_beginning_has_something_below_it():
    closed = Bands(values(70, 75, 80, 85, 90), values(74, 79, 84, 89, 100))
    assert closed.score(D("69.9"), replace(FIVE, floor=D(0))).score == 0
    assert closed.score(D(101)).score == 5


def test_counts_may_be_in_bands_of_their_own():
    papers = Count(values(2, 4, 6, 8, 12))
    assert [papers.score(D(actual)).score for actual in (1, 2, 5, 11, 12, 30)] == [1, 1, 2, 4, 5, 5]
    assert papers.asks is Asks.NUMBER


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        (
            Kind.BANDS,
            [
                ("Criteria (bands)", "≤ 74 · 75–79 · 80–84 · 85–89 · ≥ 90"),
                ("Where the result falls", "82 is in the band of level 3 (80–84)"),
                ("Score", "3.0000"),
            ],
        ),
        (
            Kind.CUMULATIVE,
            [
                ("Criteria (steps that build on one another)", "1–2 · 1–3 · 1–4 · 1–5 · 1–6"),
                ("Where the result falls", "steps done in a row: 4"),
                ("Score", "3.0000"),
            ],
        ),
        (
            Kind.COUNT,
            [
                ("Criteria (number achieved)", "1 · 2 · 3 · 4 · 5"),
                ("Where the result falls", "achieved: 3"),
                ("Score", "3.0000"),
            ],
        ),
        (
            Kind.PASS_FAIL,
            [
                ("Criteria (passes or not)", "passes: 5.0000 · does not pass: 1.0000"),
                ("Result", "does not pass"),
                ("Score", "1.0000"),
            ],
        ),
        (
            Kind.SUPERIOR,
            [
                ("Criteria (taken from the superior)", "the score of the superior's indicator, as it is"),
                ("Score of the superior's indicator", "4.1"),
                ("Score", "4.1000"),
            ],
        ),
    ],
)
def test_the_working_begins_with_the_criteria_and_ends_in_the_score(kind, rows):
    actual = {Kind.BANDS: "82", Kind.CUMULATIVE: "4", Kind.COUNT: "3", Kind.PASS_FAIL: "0", Kind.SUPERIOR: "4.1"}[kind]
    assert working(OF_ALL_KINDS[kind], actual) == rows


# What a report brings


def test_a_step_counts_only_with_all_those_before_it():
    criteria, done = OF_ALL_KINDS[Kind.CUMULATIVE], {"done": ["1", "2", "3", "5"]}
    assert criteria.asks is Asks.STEPS
    assert criteria.result_of(done) == 3
    told = said(lambda: [step.text for step in criteria.account_of(done)])
    assert told == [
        "1 แต่งตั้งคณะทำงาน · 2 จัดทำแผน · 3 เสนอแผน · 5 ติดตาม",
        "3 in a row from the first; 5 do not count, as step 4 is not done",
    ]
    assert [criteria.result_of({"done": each}) for each in (["2", "3"], [], list("123456"))] == [0, 0, 6]


def test_issues_count_in_any_order():
    assert OF_ALL_KINDS[Kind.COUNT].result_of({"done": ["5", "2"]}) == 2


def test_the_mean_of_projects_is_over_the_actual_sum_of_their_weights():
    # 0.5 × 4 + 0.3 × 3 + 0.2 × 5 = 3.9; with weights of 100 it is the same.
    told = {"items": ["4", "3", "5"]}
    assert OF_ALL_KINDS[Kind.PROJECTS].result_of(told) == D("3.9")
    assert [step.text for step in OF_ALL_KINDS[Kind.PROJECTS].account_of(told)] == [
        "(0.5 × 4 + 0.3 × 3 + 0.2 × 5) ÷ 1 = 3.9"
    ]
    hundred = Projects(values(1, 2, 3, 4, 5), items("ก", "ข", "ค", weights=("50", "30", "20")))
    assert hundred.result_of(told) == D("3.9")
    assert Projects(values(1, 2, 3, 4, 5), items("ก", "ข", "ค")).result_of({"items": ["4", "3", "4"]}) == D("3.6667")


def test_the_mean_of_results_and_the_mean_of_scores_are_two_different_things():
    # 62 and 90: the mean 76 scores 4.2; the scores 1.4 and 5 have the mean 3.2.
    told = {"items": ["62", "90"]}
    of_results = OF_ALL_KINDS[Kind.UNITS]
    of_scores = replace(of_results, averages="of_scores")
    assert (of_results.result_of(told), of_scores.result_of(told)) == (76, D("3.2"))
    assert of_results.score(D(76)).score == D("4.2")
    assert of_scores.score(D("3.2")).score == D("3.2")
    assert (of_results.level_reached(D(76)), of_scores.level_reached(D("3.2"))) == (4, 3)
    assert said(lambda: [step.text for step in of_scores.account_of(told)]) == [
        "บก.1: 62 → 1.4000 · บก.2: 90 → 5.0000",
        "(1.4 + 5) ÷ 2 = 3.2",
    ]


def test_what_is_not_reported_is_not_zero():
    for criteria in OF_ALL_KINDS.values():
        assert criteria.result_of({}) is None
        with pytest.raises(TypeError):
            criteria.score(None)
    assert OF_ALL_KINDS[Kind.UNITS].result_of({"items": ["", ""]}) is None
    assert why_not(lambda: OF_ALL_KINDS[Kind.UNITS].result_of({"items": ["62", ""]})) == (
        "There is no result yet of item 2 (บก.2)."
    )
    assert OF_ALL_KINDS[Kind.QUANTITATIVE].result_of({"value": "0"}) == 0


def test_passing_is_chosen_and_a_score_is_taken():
    passing = OF_ALL_KINDS[Kind.PASS_FAIL]
    assert [value for value, _words in passing.choices] == ["pass", "fail"]
    assert [passing.result_of({"choice": each}) for each in ("pass", "fail", "perhaps")] == [1, 0, None]
    assert OF_ALL_KINDS[Kind.SUPERIOR].result_of({"taken": "4.3"}) == D("4.3")


@pytest.mark.parametrize("typed", ["N/A", "12,5", "1e400", "๑๒ คน"])
def test_a_figure_that_is_none_gives_a_sentence(typed):
    for inputs, kind in (({"items": [typed, "1"]}, Kind.UNITS), ({"value": typed}, Kind.QUANTITATIVE)):
        assert why_not(lambda inputs=inputs, kind=kind: OF_ALL_KINDS[kind].result_of(inputs))


# What is wrong with criteria


@pytest.mark.parametrize(
    ("beginnings", "ends", "found"),
    [
        (values(None, 75, 82, 85, 90), values(74, 79, 84, 89, None), ("no_gap", "level_3")),
        (values(None, 75, 79, 85, 90), values(74, 80, 84, 89, None), ("no_overlap", "level_3")),
        (values(None, 75, 80, 85, 90), values(74, 79, None, 89, None), ("levels_given", "upper_3")),
        (values(None, 75, None, 85, 90), values(74, 79, 84, 89, None), ("levels_given", "level_3")),
        (values(None, 79, 80, 85, 90), values(78, 77, 84, 89, None), ("no_overlap", "upper_2")),
        (values(None, "75.5", 80, 85, 90), values("75.4", 79, 84, 89, None), ("no_gap", "level_3")),
        (values(31, 26, 20, 16, None), values(None, 30, 25, 20, 15), ("no_overlap", "level_3")),
        (values(*[None] * 5), values(*[None] * 5), ("levels_given", "level_2")),
    ],
)
def test_gaps_overlaps_and_open_ends_inside_are_found(beginnings, ends, found):
    flaws = Bands(beginnings, ends).flaws()
    assert (flaws[0].rule, flaws[0].field) == found


def test_a_gap_says_between_what():
    gapped = Bands(values(None, 75, 82, 85, 90), values(74, 79, 84, 89, None))
    assert problems(gapped) == ["Between 79 (level 2) and 82 (level 3) there is a gap."]


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        (Cumulative(values(*[None] * 5), ()), "Please list the steps, in their order."),
        (Cumulative(values(*[None] * 5), STEPS[:5]), "The last level needs 6, but only 5 are listed."),
        (Cumulative(values(2, 3, 4, 5, None), STEPS), "Still without a value: level 5."),
        (Count(values(1, 2, "2.5", 4, 5)), "Level 3 needs a whole number from 1."),
        (Count(values(5, 4, 3, 2, 1)), "Each level must need more than the one before it."),
        (Projects(values(1, 2, 3, 4, 5)), "Please list the projects."),
        (Units(values(1, 2, 3, 4, 5)), "Please list the units."),
        (
            Projects(values(1, 2, 3, 4, 5), items("ก", "ข", weights=("60", ""))),
            "Item 2 has no weight, though others do. Give all of them one, or none.",
        ),
        (
            Projects(values(1, 2, 3, 4, 5), items("ก", "ข", weights=("60", "-40"))),
            "The weight of item 2 must be a number above 0.",
        ),
        (PassFail(("", "", "", "", " ")), "Please describe what passes."),
        (Targets(values(None, 80, None)), "Still without the advanced target."),
        (
            Targets(values(None, 80, 90, None, None)),
            "The scheme of three targets needs the scale 50, 75 and 100. Please choose another kind.",
        ),
    ],
)
def test_what_is_missing_is_told(criteria, found):
    assert problems(criteria)[0] == found
    assert why_not(lambda: criteria.score(D(1))) == found
    assert criteria.level_reached(D(1)) is None or criteria.kind in (Kind.PROJECTS, Kind.UNITS)


@pytest.mark.parametrize(
    ("kind", "actual"),
    [
        (Kind.CUMULATIVE, "7"),
        (Kind.CUMULATIVE, "2.5"),
        (Kind.COUNT, "-1"),
        (Kind.SUPERIOR, "5.1"),
        (Kind.PASS_FAIL, "2"),
    ],
)
def test_a_result_of_the_wrong_kind_is_refused_with_a_sentence(kind, actual):
    assert why_not(lambda: OF_ALL_KINDS[kind].score(D(actual)))


# Scales


def test_between_the_levels_of_the_short_scale_the_score_is_in_proportion():
    # 60 · 80 · 100 score 50, 75, 100; 70 lies half way from 50 to 75.
    criteria = Quantitative(values(60, 80, 100))
    assert [criteria.score(D(actual), THREE).score for actual in (59, 60, 70, 80, 95, 120)] == [
        50, 50, D("62.5"), 75, D("93.75"), 100
    ]  # fmt: skip
    assert working(criteria, "70", THREE) == [
        ("Criteria (higher is better)", "60 → 50 · 80 → 75 · 100 → 100"),
        ("Where the result falls", "between level 1 (60) and level 2 (80)"),
        ("Rule of three", "50 + 25 × (70 − 60) ÷ (80 − 60) = 62.5"),
    ]  # fmt: skip


def test_a_cap_stops_the_score_and_says_so():
    capped = replace(FIVE, cap=D("4.5"))
    assert OF_ALL_KINDS[Kind.QUANTITATIVE].score(D(79), capped).score == D("4.5")
    assert working(OF_ALL_KINDS[Kind.QUANTITATIVE], "79", capped)[-1] == ("Cap", "no score above 4.5000")
    assert working(OF_ALL_KINDS[Kind.QUANTITATIVE], "60", capped)[-1][0] == "Score"


def test_the_decimals_of_a_score_are_the_scale_s():
    third = Quantitative(values(10, 13, 16, 19, 22))
    assert str(third.score(D(14), replace(FIVE, places=2)).score) == "2.33"
    assert "≈ 2.33 (rounded half up, decimals: 2)" in working(third, "14", replace(FIVE, places=2))[-1][1]


def test_a_fail_scores_what_the_scale_says():
    assert OF_ALL_KINDS[Kind.PASS_FAIL].score(D(0), replace(FIVE, fail=D(0))).score == 0
    assert PassFail(("", "", "ผ่าน")).score(D(0), THREE).score == 50


@pytest.mark.parametrize("kind", [Kind.QUANTITATIVE, Kind.BANDS, Kind.MILESTONE, Kind.COUNT])
def test_criteria_of_five_levels_are_not_scored_on_three(kind):
    assert why_not(lambda: OF_ALL_KINDS[kind].score(D(3), THREE)) == "There are 5 values, but the scale has 3 levels."


def test_a_scale_knows_its_points():
    assert (FIVE.top, FIVE.levels, THREE.top, THREE.levels) == (5, 5, 100, 3)
    assert [THREE.at(level) for level in range(4)] == [50, 50, 75, 100]
    assert [THREE.level_of(D(score)) for score in ("49.9", 50, 99, 100)] == [0, 1, 2, 3]
    assert Scale(FIVE.points, floor=D(0)).failing == 1


# The one door


def test_a_kind_takes_what_it_needs_of_a_line():
    rows = [{"text": "บก.1", "weight": "2"}, {"text": "", "symbol": "B", "weight": ""}, {"text": "", "weight": ""}]
    assert items_of(rows) == (Item("บก.1", "2"), Item("B", ""))
    found = criteria_for("units", values(1, 2, 3), ["", "", ""], items=rows, averages="of_scores")
    assert found == Units(values(1, 2, 3), items_of(rows), "of_scores")
    assert criteria_for("bands", values(None, 2, 3), [], uppers=values(1, 2, None)).level_count == 3
    assert criteria_for("bands", values(None, 2, 3), []).ends == (None, None, None)


def test_levels_and_bands_are_filled_without_gaps():
    assert fill_levels(D(60), D(20), 3) == values(60, 80, 100)
    assert fill_bands(D(70), D(5)) == (values(None, 75, 80, 85, 90), values(74, 79, 84, 89, None))
    assert fill_bands(D(30), D(-5)) == (values(26, 21, 16, 11, None), values(None, 25, 20, 15, 10))
    assert fill_bands(D("1.5"), D("0.25"), 3) == (values(None, "1.75", "2.00"), values("1.74", "1.99", None))


# Properties

numbers = st.decimals(min_value=-1000, max_value=1000, places=2)
wholes = st.integers(0, 6).map(Decimal)
RESULTS = {
    Kind.CUMULATIVE: wholes,
    Kind.COUNT: st.integers(0, 5).map(Decimal),
    Kind.MILESTONE: st.integers(0, 5).map(Decimal),
    Kind.PASS_FAIL: st.sampled_from([Decimal(0), Decimal(1)]),
    Kind.SUPERIOR: st.decimals(min_value=0, max_value=5, places=4),
}


@pytest.mark.parametrize("kind", list(OF_ALL_KINDS))
@given(st.data(), st.sampled_from([FIVE, replace(FIVE, floor=Decimal(0)), replace(FIVE, cap=Decimal("4.5"))]))
def test_a_better_result_never_scores_less_and_every_score_is_on_the_scale(kind, data, scale):
    criteria, results = OF_ALL_KINDS[kind], RESULTS.get(kind, numbers)
    worse, better = sorted((data.draw(results), data.draw(results)))
    low, high = criteria.score(worse, scale), criteria.score(better, scale)
    assert (
        scale.capped(scale.top) >= high.score >= low.score >= min(scale.floor, low.score if kind == "superior" else 1)
    )
    assert high.score == scale.round(high.unrounded)
    assert score_line(criteria, better, scale=scale).score == high.score


@given(st.decimals(min_value=-100, max_value=100, places=1), st.decimals("0.1", 50, places=1), st.booleans(), numbers)
def test_filled_bands_have_a_level_for_every_result(start, step, falls, actual):
    bands = Bands(*fill_bands(start, -step if falls else step))
    assert bands.problems() == []
    assert 1 <= bands.level_reached(actual) <= 5


@given(st.permutations(list(range(6))), st.integers(0, 6))
def test_the_order_in_which_steps_are_ticked_is_irrelevant(order, many):
    done = [str(number + 1) for number in order[:many]]
    criteria = OF_ALL_KINDS[Kind.CUMULATIVE]
    assert criteria.result_of({"done": done}) == criteria.result_of({"done": sorted(done)})
