"""Scores of a report and of an evaluation: by hand, from what was signed, and frozen once."""

from decimal import Decimal

import pytest
from django.utils import translation

from agreements.freeze import canonical, thaw
from agreements.models import Line
from agreements.stages import Stage
from results.models import Finding, Result
from results.rules import current_report
from results.scores import agreed_lines, evaluation_card, final_scores, released_scores, report_card
from tests.results.three_lines import RESULTS, SCORES, report_lines, three_lines, walk_of_three
from tests.world import ON


def card_of(agreement):
    return report_card(current_report(agreement, on=ON))


def test_three_lines_come_to_what_they_come_to_by_hand(world):
    agreement = three_lines(world)
    report_lines(world, agreement, RESULTS, evidence=False)

    card = card_of(agreement)

    assert {row.line.number: str(row.score) for row in card.rows} == SCORES
    # (50 × 3.6733 + 30 × 4.3 + 20 × 3) ÷ 100 = 3.72665, rounded half up
    assert card.total.score == Decimal("3.7267")
    assert [str(card.contribution(row)) for row in card.rows] == ["1.8367", "1.2900", "0.6000"]
    assert card.total_reported is None


def test_while_a_line_is_not_reported_both_totals_name_what_they_are_divided_by(world):
    agreement = three_lines(world)
    report_lines(world, agreement, {"1.1": "86.02", "1.2": "20.1"}, evidence=False)

    with translation.override("th"):
        card = card_of(agreement)

    # 312.665 ÷ 100 and 312.665 ÷ 80
    assert (card.total.score, card.total.denominator) == (Decimal("3.1267"), 100)
    assert (card.total_reported.score, card.total_reported.denominator) == (Decimal("3.9083"), 80)
    assert card.total.denominator_words == "น้ำหนักที่ใช้ทั้งหมด 100 ซึ่งรายงานแล้วเพียง 80"
    assert card.total_reported.denominator_words == "เฉพาะน้ำหนักของตัวชี้วัดที่รายงานแล้ว 80 จากทั้งหมด 100"


def test_blank_is_not_zero(world):
    agreement = three_lines(world)
    assert card_of(agreement).total is None

    report_lines(world, agreement, {"1.1": "0"}, evidence=False)

    card = card_of(agreement)
    assert [row.score for row in card.rows] == [Decimal(1), None, None]
    assert (card.total.score, card.total_reported.score) == (Decimal("0.5000"), Decimal(1))


def test_what_happens_to_the_working_copy_afterwards_changes_no_score(world):
    agreement = three_lines(world)
    report_lines(world, agreement, RESULTS, evidence=False)

    Line.objects.filter(agreement=agreement).update(level_1=1, level_2=2, level_3=3, weight=1, name="")

    assert card_of(agreement).total.score == Decimal("3.7267")


def test_trying_a_result_saves_nothing(world):
    agreement = three_lines(world)
    row = card_of(agreement).rows[0]

    tried = row.as_if(agreed_lines(agreement), Decimal(90))

    assert (tried.score, tried.reached, row.score) == (Decimal(5), 5, None)
    assert Result.objects.get(pk=row.result.pk).value is None


def evaluated(world):
    """The walk with RESULTS reported and evaluated; the evaluator finds 21 days, not 20.1."""
    walk = walk_of_three(world)
    agreement = walk.to(Stage.ASSESSMENT)
    report_lines(world, agreement, RESULTS, at=walk.diary.soon())
    walk.hand_to_office()
    walk.send_report()
    walk.certify()
    report = current_report(walk.agreement, on=ON)
    for row in report_card(report).rows:
        found = {"value": row.value, "reason": ""}
        if row.line.number == "1.2":
            found = {"value": Decimal(21), "reason": "ไม่นับคำขอที่ยื่นหลัง 15 ก.ย."}
        Finding.objects.filter(evaluation=report.evaluation, line=row.line.key).update(**found)
    return walk, report.evaluation


def test_an_evaluation_has_its_own_total_beside_the_units(world):
    _walk, evaluation = evaluated(world)

    card = evaluation_card(evaluation)

    assert [row.differs for row in card.rows] == [False, True, False]
    # (50 × 3.6733 + 30 × 4 + 20 × 3) ÷ 100 = 3.63665
    assert card.total.score == Decimal("3.6367")


def test_releasing_freezes_the_scores_that_were_shown(world):
    walk, evaluation = evaluated(world)
    walk.move("propose", walk.people.evaluator)
    shown = canonical(final_scores(evaluation))
    assert released_scores(walk.agreement) is None

    walk.release()

    frozen = released_scores(walk.agreement)
    assert frozen.content == shown
    scores = thaw(frozen)
    assert (scores["total"]["score"], scores["unit_total"]["score"]) == ("3.6367", "3.7267")
    line = scores["lines"][1]
    assert (line["unit"]["score"], line["evaluator"]["score"]) == ("4.3000", "4.0000")
    assert line["reason"] == "ไม่นับคำขอที่ยื่นหลัง 15 ก.ย."
    assert len(line["evidence"][0]["sha256"]) == 64


@pytest.mark.parametrize("language", ["th", "en"])
def test_frozen_scores_read_the_same_whoever_froze_them(world, language):
    _walk, evaluation = evaluated(world)
    with translation.override(language):
        working = final_scores(evaluation)["lines"][0]["evaluator"]["working"]
    assert working[1] == {"label": "ช่วงที่ตก", "text": "ระหว่างระดับ 3 (84) กับระดับ 4 (87)"}
