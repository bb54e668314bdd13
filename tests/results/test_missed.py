"""A report that is not sent in time: its round closes, the next one goes on, and the evaluator's scores bear the penalty.

Worked by hand (tests.results.three_lines): 3.6733, 4.3000 and 3.0000 with weights 50, 30 and 20 are 3.7267 (3.72665); with 0.2
off each line 3.4733, 4.1000 and 2.8000 are 3.5267 (3.52665).
"""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from acts.engine import Refused, move
from agreements.models import Agreement
from agreements.stages import Pen, Stage
from results.models import Report, ReportingRound, Result
from results.rules import current_report, evaluation_is_complete, may_report
from results.scores import evaluation_card, final_scores, report_card, unit_card
from results.write import accept_reported, save_result
from tests.results.three_lines import RESULTS, SCORES, report_lines, walk_of_three
from workflow.lifecycle import TABLE

BANGKOK = ZoneInfo("Asia/Bangkok")
WAS_OPEN = datetime(2027, 5, 15, 23, 30, tzinfo=BANGKOK)
CLOSED = datetime(2027, 5, 16, 0, 5, tzinfo=BANGKOK)
IN_TIME = datetime(2027, 10, 10, 9, 0, tzinfo=BANGKOK)
TOO_LATE = datetime(2027, 11, 20, 9, 0, tzinfo=BANGKOK)
LESS = {"1.1": Decimal("3.4733"), "1.2": Decimal("4.1000"), "4.1": Decimal("2.8000")}


@pytest.fixture(autouse=True)
def in_thai():
    with translation.override("th"):
        yield


@pytest.fixture
def walk(world):
    """In force, with a round of six months with grace and a penalty of 0.2; the final one has 0.25."""
    walk = walk_of_three(world, rounds=2)
    walk.to(Stage.ASSESSMENT)
    rounds = ReportingRound.objects.filter(fiscal_year=world.year)
    rounds.filter(position=1).update(grace_until=date(2027, 5, 15), penalty=Decimal("0.2"))
    rounds.filter(is_final=True).update(penalty=Decimal("0.25"))
    return walk


def again(agreement):
    return Agreement.objects.for_detail().get(pk=agreement.pk)


def go(agreement, name, actor, at, **more):
    agreement = again(agreement)
    return move(TABLE, agreement, name, actor=actor, at=at, version=agreement.version, **more)


def evaluated(world, walk, sent_at):
    """The final report sent and certified; its evaluation, all accepted as reported."""
    people = world.people
    agreement = again(walk.agreement)
    report = current_report(agreement, on=sent_at.date())
    report_all(world, report, sent_at)
    go(agreement, "send_report", people.office, sent_at)
    go(agreement, "certify", people.head, sent_at)
    evaluation = Report.objects.get(pk=report.pk).evaluation
    # One by one: what was added too late is accepted by choice alone.
    every = agreement.lines.values_list("pk", flat=True)
    accept_reported(evaluation, every, actor=people.evaluator, at=sent_at)
    return type(evaluation).objects.select_related("report__round").get(pk=evaluation.pk)


def report_all(world, report, at):
    report_lines(world, report.agreement, RESULTS, at=at, on=at.date())


def scores(card):
    return {row.line.number: row.score for row in card.rows}


def test_an_interim_report_can_be_written_to_the_last_minute_and_not_after_it(world, walk):
    agreement = again(walk.agreement)
    first, final = agreement.reports.all()

    assert may_report(first, world.people.staff, WAS_OPEN) is None
    assert may_report(final, world.people.staff, WAS_OPEN).sentence == "รายงานรอบก่อนหน้านี้ยังไม่เสร็จสิ้น"
    refusal = may_report(first, world.people.staff, CLOSED)
    assert refusal.sentence == (
        "“รอบ 6 เดือน” ปิดรับเมื่อ 15 พ.ค. 2570 โดยไม่ได้รับรายงาน จึงเขียนหรือส่งไม่ได้อีก หน่วยงานด้านแผนผ่อนผันให้ได้"
    )
    assert any("สุดา" in line for line in refusal.help)
    assert may_report(final, world.people.staff, CLOSED) is None


def test_what_is_written_when_the_round_closes_is_refused_and_changes_nothing(world, walk):
    row = report_card(current_report(again(walk.agreement), on=WAS_OPEN.date())).rows[0]
    with pytest.raises(Refused, match="ปิดรับเมื่อ"):
        save_result(row.result, {"narrative": "พิมพ์อยู่"}, version=row.result.version, actor=world.people.staff, at=CLOSED)
    assert not Result.objects.exclude(narrative="").exists()


def test_a_complete_report_that_is_not_sent_in_time_is_not_sent_as_another_round(world, walk):
    first = current_report(again(walk.agreement), on=WAS_OPEN.date())
    report_all(world, first, WAS_OPEN)
    with pytest.raises(Refused, match="ปิดรับเมื่อ 15 พ.ค. 2570") as refused:
        go(walk.agreement, "send_report", world.people.office, CLOSED)
    assert refused.value.incomplete
    assert not Report.objects.exclude(stage="draft").exists()


def test_the_evaluation_of_who_missed_a_report_bears_the_penalty_in_its_working(world, walk):
    card = evaluation_card(evaluated(world, walk, IN_TIME))

    assert scores(card) == LESS
    assert {row.line.number: row.score for row in unit_card(card).rows} == {
        number: Decimal(score) for number, score in SCORES.items()
    }
    assert (card.total.score, unit_card(card).total.score) == (Decimal("3.5267"), Decimal("3.7267"))
    steps = [(step.label, step.text) for step in card.rows[1].scored.working]
    assert ("หักคะแนน 0.2000: ไม่ส่งรายงานรอบ 6 เดือน", "4.3000 − 0.2000 = 4.1000") in steps
    assert [step[0] for step in steps].index("หักคะแนน 0.2000: ไม่ส่งรายงานรอบ 6 เดือน") == len(
        steps
    ) - 2  # then the weighting


def test_a_penalty_owes_no_reason_but_another_result_does(world, walk):
    evaluation = evaluated(world, walk, IN_TIME)
    assert not [row for row in evaluation_card(evaluation).rows if row.differs]
    assert not list(evaluation_is_complete(evaluation))

    evaluation.findings.filter(line__name__startswith="จำนวนวันเฉลี่ย").update(value=Decimal(24))
    again = type(evaluation).objects.select_related("report__round").get(pk=evaluation.pk)
    assert [row.line.number for row in evaluation_card(again).rows if row.differs] == ["1.2"]
    assert len(list(evaluation_is_complete(again))) == 1


def test_the_final_report_is_never_lost_but_late_it_costs_its_own_points_besides(world, walk):
    card = evaluation_card(evaluated(world, walk, TOO_LATE))
    assert scores(card) == {number: score - Decimal("0.25") for number, score in LESS.items()}
    assert [each.why for each in card.rows[0].penalties] == ["ไม่ส่งรายงานรอบ 6 เดือน", "ส่งรายงานรอบ 12 เดือนล่าช้า"]


def test_the_frozen_scores_hold_the_penalty(world, walk):
    found = final_scores(evaluated(world, walk, IN_TIME))
    assert found["penalties"] == [{"points": "0.2000", "why": "ไม่ส่งรายงานรอบ 6 เดือน"}]
    assert found["lines"][0]["evaluator"]["score"] == "3.4733"
    assert found["lines"][0]["unit"]["score"] == "3.6733"
    assert any(step["label"].startswith("หักคะแนน 0.2000") for step in found["lines"][0]["evaluator"]["working"])


def test_a_penalty_does_not_go_below_the_floor_of_the_scale(world, walk):
    ReportingRound.objects.filter(position=1).update(penalty=Decimal(5))
    card = evaluation_card(evaluated(world, walk, IN_TIME))
    assert set(scores(card).values()) == {Decimal("1.0000")}
    assert card.total.score == 1


def test_who_sends_every_report_in_time_and_is_returned_one_loses_nothing(world, walk):
    people, on = world.people, date(2027, 5, 10)
    at = datetime(2027, 5, 10, 9, 0, tzinfo=BANGKOK)
    report_all(world, current_report(again(walk.agreement), on=on), at)
    go(walk.agreement, "send_report", people.office, at)
    go(walk.agreement, "return_report", people.evaluator, CLOSED, reason="โปรดตรวจสอบตัวเลข")
    first = current_report(again(walk.agreement), on=CLOSED.date())

    assert (first.round.position, first.sent_at, first.stage) == (1, at, "draft")
    assert may_report(first, people.staff, CLOSED) is None
    go(walk.agreement, "send_report", people.office, CLOSED)
    assert Report.objects.get(pk=first.pk).sent_at == at
    go(walk.agreement, "accept_report", people.evaluator, CLOSED)
    assert scores(evaluation_card(evaluated(world, walk, IN_TIME))) == {n: Decimal(s) for n, s in SCORES.items()}


def test_the_pen_of_a_round_that_closes_stays_where_it_is(world, walk):
    go(walk.agreement, "hand_to_office", world.people.staff, WAS_OPEN)
    assert again(walk.agreement).pen == Pen.OFFICE
    assert current_report(again(walk.agreement), on=CLOSED.date()).round.is_final
