"""A total by the rules of the framework that was signed: what it is divided by, how it is rounded, and for ever."""

from decimal import Decimal as D
from types import SimpleNamespace

import pytest

from indicators.models import Dimension, Framework
from indicators.scale import FIVE, THREE, Scale
from indicators.scoring import Denominator
from results.forms import EvaluationForm
from results.rules import current_report
from results.scores import Agreed, AgreedLine, agreed_lines, card_of, report_card
from tests.results.three_lines import RESULTS, report_lines, three_lines
from tests.world import ON


def rows(*pairs):
    """Lines as (weight, score)."""
    return [
        SimpleNamespace(line=SimpleNamespace(weight=D(weight), counts=True), score=score and D(score))
        for weight, score in pairs
    ]


@pytest.mark.parametrize(
    ("over", "places", "total", "share"),
    [
        (Denominator.IN_FORCE, 4, "1.4167", "1.0833"),
        (Denominator.IN_FORCE, 2, "1.42", "1.0833"),
        (Denominator.REPORTED, 4, "2.8333", "2.1667"),
        (Denominator.REPORTED, 3, "2.833", "2.1667"),
    ],
)
def test_a_total_is_divided_and_rounded_as_was_signed(over, places, total, share):
    scale = Scale(FIVE.points, floor=D(1), places=places)
    card = card_of(rows((30, "3.6111"), (20, "1.6667"), (50, None)), Agreed([], scale, (), over))

    assert str(card.total.score) == total
    assert (card.total_reported is None) == (over is Denominator.REPORTED)
    assert str(card.contribution(card.rows[0])) == share


def test_thirds_lose_nothing_to_rounding():
    thirds = rows(("33.33", "3.3333"), ("33.34", "3.3333"), ("33.33", "3.3333"))
    assert card_of(thirds, Agreed([], FIVE)).total.score == D("3.3333")


def test_what_frameworks_say_later_changes_no_score_of_what_was_signed(world):
    """Written past every verb: those refuse it."""
    agreement = three_lines(world)
    report_lines(world, agreement, RESULTS | {"1.1": "70"}, evidence=False)
    before = report_card(current_report(agreement, on=ON)).total

    Framework.objects.update(scale="three", floor=0, cap=60, places=2, denominator="reported")
    Dimension.objects.update(weight=None, weight_min=1, weight_max=2)
    again = type(agreement).objects.for_detail().get(pk=agreement.pk)
    assert report_card(current_report(again, on=ON)).total == before
    assert agreed_lines(again).scale == FIVE


def test_what_is_signed_under_another_framework_scores_by_that_one(world):
    Framework.objects.update(floor=0, cap=D("4.5"), places=2, denominator="reported")
    agreement = three_lines(world)
    report_lines(world, agreement, {"1.1": "99", "1.2": "40"}, evidence=False)
    card = report_card(current_report(agreement, on=ON))

    assert [None if row.score is None else str(row.score) for row in card.rows] == ["4.50", "0.00", None]
    # 50 × 4.5 ÷ 80 = 2.8125
    assert (str(card.total.score), card.total.denominator) == ("2.81", 80)


@pytest.mark.parametrize(("typed", "says"), [("60", ""), ("-1", ""), ("x", "ไม่ใช่ตัวเลข")])
def test_the_evaluators_result_is_judged_on_the_scale_that_was_signed(typed, says):
    """Three targets have no score on five levels: judged on those, no result of theirs could be typed."""
    content = {"kind": "targets", "levels": ["", "50", "80"], "level_texts": ["", "", ""]}
    line = AgreedLine(1, "1.1", "1", "ก", "ร้อยละ", D(100), D(80), (), (), "targets", None, content, scale=THREE)
    row = SimpleNamespace(line=line, finding=SimpleNamespace(pk=7, value=None, reason=""))
    form = EvaluationForm({"value-7": typed, "reason-7": ""}, rows=[row])
    assert form.is_valid() is not bool(says), form.errors
