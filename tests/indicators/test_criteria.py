from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from indicators.criteria import LEVELS, Milestone, Quantitative, criteria_for, fill_levels
from indicators.scale import FIVE
from indicators.scoring import CannotScore, interpolate, score_line

TEXTS = ("แต่งตั้งคณะทำงาน", "จัดทำแผน", "เริ่มดำเนินการ", "ดำเนินการครบ", "ประเมินผล")


def values(*levels):
    return tuple(None if level is None else Decimal(level) for level in levels)


UP = Quantitative(values(60, 65, 70, 75, 80))
DOWN = Quantitative(values(30, 27, 24, 21, 18))
STEPS = Milestone(TEXTS)


def problems(criteria):
    with translation.override("en"):
        return criteria.problems()


def test_good_criteria_have_no_problems():
    assert [criteria.problems() for criteria in (UP, DOWN, STEPS)] == [[], [], []]


def test_the_direction_follows_from_the_values():
    assert (UP.direction, DOWN.direction, STEPS.direction) == ("higher", "lower", "higher")
    assert Quantitative(values(60, None, 70, 75, 80)).direction is None
    assert Quantitative(values(None, None, None, None, None)).direction is None
    assert Quantitative(values(5, 5, 5, 5, 5)).direction is None


@pytest.mark.parametrize(
    ("levels", "found"),
    [
        (values(None, None, None, None, None), ["Still without a value: level 1, 2, 3, 4 and 5."]),
        (values(60, 65, 70, 75, None), ["Still without a value: level 5."]),
        (
            values(60, 65, 65, 75, 80),
            ["Levels 2 and 3 have the same value (65). Please give each level a value of its own."],
        ),
        (
            values(60, 65, 70, 69, 80),
            ["The values must rise from level 1 to 5, but level 4 (69) is below the one before it."],
        ),
        (
            values(30, 27, 28, 21, 21),
            [
                "Levels 4 and 5 have the same value (21). Please give each level a value of its own.",
                "The values must fall from level 1 to 5, but level 3 (28) is above the one before it.",
            ],
        ),
        (values("NaN", 65, 70, 75, 80), ["The value of level 1 is not a number that can be counted."]),
    ],
)
def test_missing_equal_crossing_and_endless_values_are_told(levels, found):
    assert problems(Quantitative(levels)) == found


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ((*TEXTS[:3], "", " \n"), "ยังไม่มีคำอธิบายระดับที่ 4 และ 5"),
        ((*TEXTS[:2], "", *TEXTS[3:]), "ยังไม่มีคำอธิบายระดับที่ 3"),
        (("",) * LEVELS, "ยังไม่มีคำอธิบายระดับที่ 1, 2, 3, 4 และ 5"),
    ],
)
def test_missing_descriptions_are_told_in_one_sentence(texts, sentence):
    assert Milestone(texts).problems() == [sentence]


def test_values_score_as_interpolated_with_their_working():
    scored = DOWN.score(Decimal("20.1"))
    assert scored.unrounded == interpolate(DOWN.levels, Decimal("20.1"))
    assert scored.working[0].label == "เกณฑ์ (ยิ่งน้อยยิ่งดี)"
    assert UP.score(Decimal(59), replace(FIVE, floor=Decimal(0))).score == 0


@pytest.mark.parametrize(
    ("step", "floor", "score"), [(0, 1, "1.0000"), (0, 0, "0.0000"), (1, 0, "1.0000"), (5, 1, "5.0000")]
)
def test_reaching_step_n_scores_n(step, floor, score):
    assert str(STEPS.score(Decimal(step), replace(FIVE, floor=Decimal(floor))).score) == score


def test_the_working_of_steps_quotes_the_step():
    with translation.override("en"):
        working = [(step.label, step.text) for step in STEPS.score(Decimal("3.0000")).working]
        assert working == [
            ("Criteria (level of success)", "reach step n, score n"),
            ("Step reached", "3: เริ่มดำเนินการ"),
            ("Score", "3.0000"),
        ]
        assert [step.text for step in STEPS.score(Decimal(0)).working[1:]] == [
            "no step reached",
            "1.0000 (the score below level 1)",
        ]


@pytest.mark.parametrize("actual", ["2.5", "-1", "6", "87.42"])
def test_a_result_that_is_no_step_is_refused_with_a_sentence(actual):
    with translation.override("en"), pytest.raises(CannotScore) as refused:
        STEPS.score(Decimal(actual))
    assert str(refused.value) == "Please give the step reached as a whole number from 0 to 5."


@pytest.mark.parametrize("criteria", [Quantitative(values(60, 65, None, 75, 80)), Milestone((*TEXTS[:4], ""))])
def test_criteria_with_problems_score_nothing(criteria):
    with pytest.raises(CannotScore) as refused:
        criteria.score(Decimal(3))
    assert str(refused.value) == criteria.problems()[0]


@pytest.mark.parametrize("criteria", [UP, DOWN, STEPS])
def test_not_reported_is_never_scored(criteria):
    for ask in (criteria.score, criteria.level_reached, lambda actual: score_line(criteria, actual)):
        with pytest.raises(TypeError):
            ask(None)


@pytest.mark.parametrize(
    ("criteria", "actual", "level"),
    [
        (UP, "59.99", None),
        (UP, "60", 1),
        (UP, "74.999", 3),
        (UP, "999", 5),
        (DOWN, "20.1", 4),
        (DOWN, "18", 5),
        (DOWN, "30.1", None),
        (STEPS, "0", None),
        (STEPS, "3", 3),
        (STEPS, "87.42", None),
        (Quantitative(values(60, None, 70, 75, 80)), "70", None),
    ],
)
def test_the_level_that_a_result_lights_up(criteria, actual, level):
    assert criteria.level_reached(Decimal(actual)) == level


def test_five_values_are_filled_from_the_first_and_the_step():
    assert fill_levels(Decimal("60.5"), Decimal(5)) == values("60.5", "65.5", "70.5", "75.5", "80.5")
    assert fill_levels(Decimal(30), Decimal(-3)) == DOWN.levels
    assert problems(Quantitative(fill_levels(Decimal(30), Decimal(0))))


def test_a_kind_takes_what_it_needs():
    assert criteria_for("quantitative", list(UP.levels), ["", "", "", "", ""]) == UP
    assert criteria_for("milestone", [None] * LEVELS, list(TEXTS)) == STEPS
    with pytest.raises(ValueError, match="coffee"):
        criteria_for("coffee", UP.levels, TEXTS)


def test_a_line_is_scored_with_its_weight():
    scored = score_line(DOWN, Decimal("20.1"), weight=Decimal(10), weight_total=Decimal(100))
    assert scored.working[-1].text == "4.3000 × 10.00 ÷ 100 = 0.4300 (ปัดครึ่งขึ้น 4 ตำแหน่ง)"
    assert len(score_line(DOWN, Decimal("20.1")).working) == 3
