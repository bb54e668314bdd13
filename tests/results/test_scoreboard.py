"""Scores of many agreements at once: what was released, what the unit last stood by, and never more than two queries."""

from decimal import Decimal

import pytest

from agreements.models import Snapshot
from agreements.stages import Stage
from results.models import Finding, Report
from results.rules import current_report
from results.scoreboard import Board, ScoredLine, scoreboard
from results.scores import AgreedLine, evaluation_card, released_scores, report_card
from tests.world import ON


def line(key, weight, *, dimension="1", levels=("70", "75", "80", "85", "90"), kind="quantitative"):
    knots = tuple(Decimal(level) for level in levels)
    return AgreedLine(
        key, f"{dimension}.{key}", dimension, "", "", Decimal(weight), None, knots, ("",) * 5, kind, None, {}
    )


def board(*scores, dimensions=(("1", "ก"), ("2", "ข"))):
    lines = tuple(
        ScoredLine(line(key, weight, dimension=dimension), None if score is None else Decimal(score))
        for key, (weight, score, dimension) in enumerate(scores, 1)
    )
    return Board(lines, None, dimensions)


# Arithmetic


@pytest.mark.parametrize(
    ("score", "following"), [("1.0000", 2), ("3.4000", 4), ("4.9999", 5), ("5.0000", None), ("0", 1), (None, None)]
)
def test_the_next_level_is_the_whole_one_above(score, following):
    assert ScoredLine(line(1, "10"), score and Decimal(score)).next_level == following


def test_the_best_gain_weighs_the_way_to_the_next_level():
    # 10 × (4 − 3.1) = 9 · 40 × (5 − 4.9) = 4 · 50 is on top
    found = board(("10", "3.1", "1"), ("40", "4.9", "1"), ("50", "5", "2"))

    gain, best = found.best_gain

    assert (gain, best.line.key, best.next_level) == (Decimal("0.0900"), 1, 4)


def test_there_is_nothing_to_gain_on_top_or_without_scores():
    assert board(("100", "5", "1")).best_gain is None
    assert board(("100", None, "1")).best_gain is None


def test_a_dimension_is_the_mean_of_its_lines_by_weight():
    found = board(("10", "3", "1"), ("30", "5", "1"), ("60", None, "2")).by_dimension
    assert found == {("1", "ก"): Decimal("4.5000")}


# From the database


def boards_of(*agreements):
    found, _before = scoreboard(agreements)
    return found


def test_final_scores_are_the_frozen_ones_and_others_the_units_own(world, django_assert_num_queries):
    closed = world.agreement(Stage.CLOSED)
    running = world.agreement(Stage.EVALUATION, code="IMM-D2")
    report = current_report(running, on=ON)
    Finding.objects.filter(evaluation__report=report).update(value=1)  # the evaluator thinks little of it
    signed = closed.snapshots.get(purpose=Snapshot.Purpose.TO_SIGN)
    # As after a refusal to sign: an earlier text that was never signed.
    never_signed = {"content": '{"never": "signed"}', "sha256": "0" * 64, "taken_at": signed.taken_at, "taken_by": "x"}
    Snapshot.objects.create(agreement=closed, sequence=0, purpose=signed.purpose, **never_signed)

    with django_assert_num_queries(2):
        found = boards_of(closed, running)

    final, own = found[closed.pk], found[running.pk]
    assert (final.is_released, own.is_released) == (True, False)
    assert f'"score":"{final.total}"' in released_scores(closed).content
    assert {each.line.key for each in final.lines} == set(closed.lines.values_list("pk", flat=True))
    assert [name for _number, name in final.dimensions] == [each.name for each in closed.framework.dimensions.all()]
    assert own.round == report.round.name
    assert own.total == report_card(report).total.score != evaluation_card(report.evaluation).total.score

    with django_assert_num_queries(1):
        now, before = scoreboard([], before=[closed, running])
    assert (now, before) == ({}, {closed.pk: final.total})


def test_a_report_that_is_being_written_has_no_scores_yet(world):
    agreement = world.agreement(Stage.ASSESSMENT, "office")
    assert report_card(current_report(agreement, on=ON)).total is not None

    assert boards_of(agreement) == {}

    Report.objects.filter(agreement=agreement).update(stage=Report.Stage.SENT)
    assert agreement.pk in boards_of(agreement)


def test_before_it_is_in_force_there_are_no_scores(world, django_assert_num_queries):
    agreement = world.agreement(Stage.SIGNING)
    with django_assert_num_queries(0):
        assert boards_of(agreement) == {}
