"""The lint of a sheet: each rule by a sheet that breaks it alone, and a sheet that breaks none."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from indicators.criteria import Bands, Milestone, Quantitative, Superior
from indicators.flaws import Rule
from indicators.lint import NAMES, Sheet, lint
from indicators.scale import FIVE

GOOD = Sheet(
    criteria=Quantitative(tuple(map(Decimal, (60, 65, 70, 75, 80)))),
    scale=FIVE,
    weight=Decimal(10),
    target=Decimal(70),
    last_year=Decimal("66.5"),
    data_source="ระบบสารสนเทศ",
    weight_range=(Decimal(5), Decimal(40)),
)


def levels(*values):
    return Quantitative(tuple(None if value is None else Decimal(value) for value in values))


def bands(*pairs):
    return Bands(*(tuple(None if end is None else Decimal(end) for end in ends) for ends in zip(*pairs, strict=True)))


def test_a_good_sheet_is_not_talked_about():
    assert lint(GOOD) == []


@pytest.mark.parametrize(
    ("changed", "rule", "is_refusal", "field"),
    [
        ({"criteria": levels(60, 65, 64, 75, 80)}, Rule.MONOTONE, True, "level_3"),
        ({"criteria": levels(60, 65, 65, 75, 80)}, Rule.LEVELS_DIFFER, True, "level_3"),
        ({"criteria": levels(60, 65, None, 75, 80)}, Rule.LEVELS_GIVEN, True, "level_3"),
        ({"criteria": bands((None, 60), (65, 70), (71, None))}, Rule.NO_GAP, True, "level_2"),
        ({"criteria": bands((None, 66), (65, 70), (71, None))}, Rule.NO_OVERLAP, True, "level_2"),
        ({"criteria": Milestone(("ก", "", "ค", "ง", "จ"))}, Rule.DESCRIPTIONS_GIVEN, True, "text_2"),
        ({"criteria": Superior((None,) * 5), "names_superior": False}, Rule.SUPERIOR_NAMED, True, "carries_line"),
        ({"target": Decimal("59.9"), "last_year": None}, Rule.TARGET_ON_CRITERIA, True, "target"),
        ({"target": Decimal(72)}, Rule.TARGET_ON_CRITERIA, False, "target"),
        ({"target": Decimal(85)}, Rule.TARGET_ON_CRITERIA, False, "target"),
        ({"weight": Decimal(0)}, Rule.WEIGHT_IN_RANGE, True, "weight"),
        ({"weight": Decimal("40.01")}, Rule.WEIGHT_IN_RANGE, False, "weight"),
        ({"weight": Decimal("4.99")}, Rule.WEIGHT_IN_RANGE, False, "weight"),
        ({"last_year": Decimal(70)}, Rule.TARGET_ABOVE_LAST_YEAR, True, "low_target_reason"),
        ({"data_source": " \n"}, Rule.DATA_SOURCE_GIVEN, True, "data_source"),
    ],
)
def test_each_rule_is_told_once_where_it_can_be_mended(changed, rule, is_refusal, field):
    [finding] = lint(replace(GOOD, **changed))
    assert (finding.rule, finding.is_refusal, finding.field) == (rule, is_refusal, field)
    assert finding.sentence
    assert finding.name


def test_a_reason_lets_a_target_stand_that_last_year_reached():
    assert lint(replace(GOOD, last_year=Decimal(70), reason="เปลี่ยนวิธีเก็บข้อมูล")) == []


def test_lower_is_better_is_understood():
    falling = replace(GOOD, criteria=levels(30, 27, 24, 21, 18), target=Decimal(24))
    assert [finding.rule for finding in lint(replace(falling, last_year=Decimal(23)))] == [Rule.TARGET_ABOVE_LAST_YEAR]
    assert lint(replace(falling, last_year=Decimal(25))) == []
    assert [finding.rule for finding in lint(replace(falling, last_year=None, target=Decimal(31)))] == [
        Rule.TARGET_ON_CRITERIA
    ]


def test_a_target_is_not_judged_on_criteria_that_measure_nothing():
    broken = replace(GOOD, criteria=levels(60, 60, 70, 75, 80), target=Decimal(10), last_year=Decimal(70))
    assert [finding.rule for finding in lint(broken)] == [Rule.LEVELS_DIFFER]


def test_every_rule_has_a_name_in_both_languages():
    assert set(NAMES) == set(Rule)
    for rule in Rule:
        names = []
        for language in ("th", "en"):
            with translation.override(language):
                names.append(str(NAMES[rule]))
        assert names[0] != names[1]
