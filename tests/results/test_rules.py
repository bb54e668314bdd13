"""What a report and an evaluation must hold, who may write in them, and who may see the scores."""

from decimal import Decimal

import pytest
from django.utils import translation

from agreements.stages import Stage
from orgunits.grants import grant
from orgunits.roles import Role
from results.models import Finding, Report, Result
from results.rules import (
    current_report,
    evaluation_is_complete,
    may_evaluate,
    may_report,
    may_see_scores,
    report_is_complete,
)
from tests.results.three_lines import RESULTS, report_lines, three_lines
from tests.world import ON


@pytest.fixture(autouse=True)
def in_thai():
    with translation.override("th"):
        yield


def said(refusals):
    return [(refusal.sentence, refusal.where) for refusal in refusals]


def keys(agreement):
    return [result.line_id for result in current_report(agreement, on=ON).results.all()]


def test_a_final_report_owes_a_result_and_evidence_for_every_line(world):
    agreement = three_lines(world)
    report = report_lines(world, agreement, {"1.1": "86.02"}, evidence=False)
    first, second, third = keys(agreement)

    assert said(report_is_complete(report)) == [
        ("ตัวชี้วัดที่ 1.1 ยังไม่มีหลักฐาน", f"report/3/{first}#evidence"),
        ("ตัวชี้วัดที่ 1.2 ยังไม่มีผลการดำเนินงานและหลักฐาน", f"report/3/{second}#value"),
        ("ตัวชี้วัดที่ 4.1 ยังไม่มีผลการดำเนินงานและหลักฐาน", f"report/3/{third}#value"),
    ]


def test_an_interim_report_owes_results_alone(world):
    agreement = three_lines(world, rounds=2)
    report = report_lines(world, agreement, {"1.1": "86.02"}, evidence=False)

    assert report.round.position == 1
    assert [sentence for sentence, _where in said(report_is_complete(report))] == [
        "ตัวชี้วัดที่ 1.2 ยังไม่มีผลการดำเนินงาน",
        "ตัวชี้วัดที่ 4.1 ยังไม่มีผลการดำเนินงาน",
    ]


def test_a_result_that_the_criteria_cannot_measure_is_named(world):
    agreement = three_lines(world, rounds=2)
    report = report_lines(world, agreement, RESULTS, evidence=False)
    Result.objects.filter(report=report, line_id=keys(agreement)[2]).update(value=Decimal("2.5"))

    assert [sentence for sentence, _where in said(report_is_complete(report))] == [
        "ตัวชี้วัดที่ 4.1: โปรดกรอกขั้นตอนที่ทำได้เป็นจำนวนเต็มตั้งแต่ 0 ถึง 5"
    ]


def test_a_complete_report_owes_nothing(world):
    agreement = three_lines(world)
    assert said(report_is_complete(report_lines(world, agreement, RESULTS))) == []


def test_every_round_has_a_report_and_the_first_unfinished_one_is_current(world):
    agreement = three_lines(world, rounds=2)
    first, final = agreement.reports.all()
    assert current_report(agreement, on=ON) == first

    first.stage = Report.Stage.ACCEPTED
    first.save()

    assert current_report(agreement, on=ON) == final


@pytest.mark.parametrize(
    ("who", "stage", "pen", "sentence"),
    [
        ("staff", Stage.ASSESSMENT, "staff", None),
        ("staff", Stage.ASSESSMENT, "office", "ขณะนี้รายงานอยู่ที่หัวหน้าฝ่าย/ผู้ช่วยหัวหน้าหน่วย"),
        ("staff", Stage.ASSESSMENT, "head", "รายงานนี้ส่งแล้ว จึงแก้ไขตัวเลขไม่ได้"),
        ("staff", Stage.EVALUATION, None, "รายงานนี้ส่งแล้ว จึงแก้ไขตัวเลขไม่ได้"),
        ("office", Stage.ASSESSMENT, "staff", "เฉพาะเจ้าหน้าที่แผนของ บก.ตม.1 เท่านั้นที่รายงานผลได้"),
        ("evaluator", Stage.ASSESSMENT, "staff", "เฉพาะเจ้าหน้าที่แผนของ บก.ตม.1 เท่านั้นที่รายงานผลได้"),
        ("neighbour", Stage.ASSESSMENT, "staff", "เฉพาะเจ้าหน้าที่แผนของ บก.ตม.1 เท่านั้นที่รายงานผลได้"),
        ("administrator", Stage.ASSESSMENT, "staff", "เฉพาะเจ้าหน้าที่แผนของ บก.ตม.1 เท่านั้นที่รายงานผลได้"),
    ],
)
def test_staff_of_the_unit_report_while_they_hold_the_pen(world, who, stage, pen, sentence):
    agreement = world.agreement(stage, pen)
    refusal = may_report(current_report(agreement, on=ON), world.people.get(who), world.at())
    assert (refusal and refusal.sentence) == sentence


def test_a_later_report_waits_for_the_one_before_it(world):
    agreement = three_lines(world, rounds=2)
    final = agreement.reports.last()
    assert may_report(final, world.people.staff, world.at()).sentence == "รายงานรอบก่อนหน้านี้ยังไม่เสร็จสิ้น"


@pytest.mark.parametrize(
    ("who", "stage", "pen", "sentence"),
    [
        ("evaluator", Stage.EVALUATION, "evaluator", None),
        ("evaluator", Stage.EVALUATION, "superior", "เสนอคะแนนต่อผู้รับคำรับรองแล้ว จะแก้ไขได้ต่อเมื่อส่งคืนเท่านั้น"),
        ("evaluator", Stage.CLOSED, None, "ประกาศคะแนนแล้ว จึงแก้ไขไม่ได้อีก"),
        ("superior", Stage.EVALUATION, "evaluator", "เฉพาะผู้ประเมินของ สตม. เท่านั้นที่ประเมินคำรับรองฉบับนี้ได้"),
        ("staff", Stage.EVALUATION, "evaluator", "เฉพาะผู้ประเมินของ สตม. เท่านั้นที่ประเมินคำรับรองฉบับนี้ได้"),
        (
            "headquarters_evaluator",
            Stage.EVALUATION,
            "evaluator",
            "เฉพาะผู้ประเมินของ สตม. เท่านั้นที่ประเมินคำรับรองฉบับนี้ได้",
        ),
    ],
)
def test_evaluators_of_the_counterpart_evaluate_until_they_propose(world, who, stage, pen, sentence):
    evaluation = current_report(world.agreement(stage, pen), on=ON).evaluation
    refusal = may_evaluate(evaluation, world.people.get(who), world.at())
    assert (refusal and refusal.sentence) == sentence


def test_nobody_evaluates_the_unit_that_they_serve_in(world):
    agreement = world.agreement(Stage.EVALUATION)
    grant(world.people.evaluator, Role.STAFF, agreement.unit, by=world.people.administrator, at=world.at())
    evaluator, evaluation = world.people.evaluator, current_report(agreement, on=ON).evaluation

    sentence = "ท่านปฏิบัติราชการใน บก.ตม.1 จึงต้องให้ผู้ประเมินท่านอื่นเป็นผู้ประเมิน"
    assert may_evaluate(evaluation, evaluator, world.at()).sentence == sentence
    assert may_see_scores(agreement, evaluator, world.at()).sentence == sentence


def test_an_evaluation_owes_a_result_for_every_line_and_a_reason_where_the_scores_differ(world):
    agreement = world.agreement(Stage.EVALUATION)
    evaluation = current_report(agreement, on=ON).evaluation
    first, second, *others = evaluation.findings.all()
    Finding.objects.filter(pk__in=[finding.pk for finding in others]).update(value=None)
    Finding.objects.filter(pk=first.pk).update(value=Decimal(78))
    Finding.objects.filter(pk=second.pk).update(value=Decimal(30), reason="ไม่นับคำขอที่ยื่นหลัง 15 ก.ย.")

    sentences = said(evaluation_is_complete(evaluation))

    assert sentences[:2] == [
        ("ตัวชี้วัดที่ 1.1 คะแนนต่างกัน โปรดระบุเหตุผล", f"evaluation#line-{first.line_id}"),
        ("ตัวชี้วัดที่ 1.3 ยังไม่มีผลของผู้ประเมิน", f"evaluation#line-{others[0].line_id}"),
    ]
    assert len(sentences) == 5


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [
        ("evaluator", True, True),
        ("superior", True, True),
        ("auditor", True, True),
        ("staff", False, True),
        ("head", False, True),
        ("neighbour", False, False),
        ("stranger", False, False),
        ("administrator", False, False),
    ],
)
def test_scores_are_the_superiors_sides_own_until_they_are_released(world, who, before, after):
    walk = world.walk()
    agreement = walk.to(Stage.EVALUATION)
    assert (may_see_scores(agreement, world.people.get(who), world.at()) is None) == before

    agreement = walk.to(Stage.CLOSED)

    assert (may_see_scores(agreement, world.people.get(who), world.at()) is None) == after
