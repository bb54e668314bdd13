"""Time given to one unit for the report of one round: who may, until when, what it opens, how it ends."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from acts.engine import Conflict, Refused, move
from acts.models import Entry
from agreements.models import Agreement
from agreements.stages import Stage
from orgunits.grants import grant
from orgunits.roles import Role
from results.giving_time import end_time, give_time, may_give_time, standing_time
from results.models import Report, ReportingRound, TimeGiven
from results.penalties import penalties
from results.rules import current_report, may_report
from tests.results.three_lines import RESULTS, report_lines, walk_of_three
from workflow.lifecycle import TABLE

BANGKOK = ZoneInfo("Asia/Bangkok")
CLOSED = datetime(2027, 5, 16, 9, 0, tzinfo=BANGKOK)
UNTIL = date(2027, 5, 31)
WHY = "ระบบข้อมูลกลางปิดปรับปรุง"


@pytest.fixture(autouse=True)
def in_thai():
    with translation.override("th"):
        yield


@pytest.fixture
def report(world):
    """The missed report of six months of an agreement in force."""
    walk = walk_of_three(world, rounds=2)
    walk.to(Stage.ASSESSMENT)
    first = {"grace_until": date(2027, 5, 15), "penalty": Decimal("0.2")}
    ReportingRound.objects.filter(fiscal_year=world.year, position=1).update(**first)
    return again(Report.objects.get(agreement=walk.agreement, round__position=1))


def again(report):
    found = Report.objects.select_related("round").get(pk=report.pk)
    found.agreement = Agreement.objects.for_detail().get(pk=report.agreement_id)
    return found


def given(world, report, *, at=CLOSED, **more):
    more = {"until": UNTIL, "reason": WHY, "order_number": "ตช 0007.34/12"} | more
    return give_time(report, **more, actor=world.people.planner, at=at)


def said(refused):
    return [(str(each), each.where) for each in refused.value.refusals]


@pytest.mark.parametrize(
    "who", ["staff", "office", "head", "negotiator", "superior", "evaluator", "auditor", "administrator", "neighbour"]
)
def test_nobody_but_the_planning_office_gives_time(world, report, who):
    assert "หน่วยงานด้านแผน" in str(may_give_time(report.agreement, world.people.get(who), CLOSED))
    with pytest.raises(Refused):
        give_time(report, until=UNTIL, reason=WHY, actor=world.people.get(who), at=CLOSED)
    assert not TimeGiven.objects.exists()


def test_the_planning_office_of_another_command_does_not(world, report):
    grant(world.people.stranger, Role.PLANNER, world.units.cib, by=world.people.administrator, at=world.at())
    assert may_give_time(report.agreement, world.people.stranger, CLOSED)


def test_who_acts_for_the_unit_does_not_give_it_time_themselves(world, report):
    grant(world.people.staff, Role.PLANNER, world.units.imm, by=world.people.administrator, at=world.at())
    assert "ปฏิบัติหน้าที่ให้ บก.ตม.1 เอง" in str(may_give_time(report.agreement, world.people.staff, CLOSED))


def test_while_it_holds_the_report_is_written_and_sent_and_costs_nothing(world, report):
    people, day = world.people, UNTIL
    given(world, report)
    report = again(report)
    at = datetime(day.year, day.month, day.day, 23, 50, tzinfo=BANGKOK)

    assert current_report(report.agreement, on=day) == report
    assert may_report(report, people.staff, at) is None
    report_lines(world, report.agreement, RESULTS, at=at, on=day)
    held = Agreement.objects.get(pk=report.agreement_id)
    move(TABLE, held, "send_report", actor=people.office, at=at, version=held.version)
    assert penalties(again(report).agreement) == ()


def test_after_its_last_day_the_report_is_missed_again(world, report):
    given(world, report)
    report = again(report)
    on = UNTIL + timedelta(days=1)
    assert current_report(report.agreement, on=on).round.is_final
    assert "ปิดรับเมื่อ 31 พ.ค. 2570" in str(may_report(report, world.people.staff, CLOSED + timedelta(days=16)))
    assert [(each.points, each.why) for each in penalties(report.agreement)] == [
        (Decimal("0.2"), "ไม่ส่งรายงานรอบ 6 เดือน")
    ]


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (date(2027, 5, 15), "รอบนี้เปิดรับถึง 15 พ.ค. 2570 อยู่แล้ว โปรดระบุวันหลังจากนั้น"),
        (date(2027, 1, 1), "รอบนี้เปิดรับถึง 15 พ.ค. 2570 อยู่แล้ว โปรดระบุวันหลังจากนั้น"),
        (date(2570, 5, 31), "รายงานรอบถัดไปต้องรอรายงานรอบนี้ จึงผ่อนผันได้ถึง 31 ต.ค. 2570 เท่านั้น"),
        (date(2027, 11, 1), "รายงานรอบถัดไปต้องรอรายงานรอบนี้ จึงผ่อนผันได้ถึง 31 ต.ค. 2570 เท่านั้น"),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(world, report, until, sentence):
    with pytest.raises(Refused) as refused:
        given(world, report, until=until)
    assert said(refused) == [(sentence, "#id_until")]
    assert refused.value.incomplete
    assert again(report).given_until is None


def test_a_day_that_is_over_and_a_missing_reason_are_both_said(world, report):
    with pytest.raises(Refused) as refused:
        given(world, report, until=date(2027, 5, 20), reason="  ", at=CLOSED + timedelta(days=9))
    assert said(refused) == [
        ("วันนี้ล่วงเลยไปแล้ว โปรดระบุวันนี้หรือวันหลังจากนี้", "#id_until"),
        ("โปรดระบุเหตุผลที่ผ่อนผันให้หน่วย", "#id_reason"),
    ]


def test_no_time_is_given_for_what_has_been_sent_or_once_the_next_round_is_due(world, report):
    with pytest.raises(Refused, match="รายงานรอบถัดไปถึงกำหนดแล้ว"):
        given(world, report, at=datetime(2027, 11, 2, 9, 0, tzinfo=BANGKOK), until=date(2027, 12, 1))
    Report.objects.filter(pk=report.pk).update(stage="sent", sent_at=CLOSED)
    with pytest.raises(Refused, match="ส่งรายงานรอบนี้แล้ว"):
        given(world, report)


def test_no_time_is_given_once_the_reports_are_finished(world):
    agreement = world.agreement(Stage.EVALUATION)
    with pytest.raises(Refused, match="ไม่อยู่ในขั้นรายงานผล"):
        given(world, again(agreement.reports.get()), until=date(2027, 12, 1))


def test_time_given_anew_takes_the_place_of_what_stood(world, report):
    first = given(world, report)
    second = given(world, again(report), until=date(2027, 6, 10))

    assert standing_time(report) == second
    assert again(report).given_until == date(2027, 6, 10)
    first.refresh_from_db()
    assert first.ended_by == str(world.people.planner)
    with pytest.raises(IntegrityError), transaction.atomic():
        TimeGiven.objects.create(report=report, until=UNTIL, reason=WHY, given_by="x", given_at=CLOSED)


def test_it_is_ended_before_its_day_once_and_the_report_is_missed_at_that(world, report):
    time = given(world, report)
    end_time(time, actor=world.people.planner, at=CLOSED + timedelta(hours=1))

    assert again(report).given_until is None
    assert current_report(again(report).agreement, on=CLOSED.date()).round.is_final
    with pytest.raises(Conflict, match="ยุติไปแล้ว"):
        end_time(time, actor=world.people.planner, at=CLOSED + timedelta(hours=2))


def test_it_cannot_be_ended_once_the_report_was_sent_by_it(world, report):
    time = given(world, report)
    Report.objects.filter(pk=report.pk).update(stage="sent", sent_at=CLOSED + timedelta(hours=1))
    with pytest.raises(Conflict, match="ส่งรายงานแล้ว"):
        end_time(time, actor=world.people.planner, at=CLOSED + timedelta(hours=2))
    assert again(report).given_until == UNTIL


def test_a_page_that_was_open_before_sends_nothing_of_another_round(world, report):
    """The office has the report of the next round before its eyes; meanwhile time is given for the one before."""
    seen = report.agreement.version
    given(world, report)
    with pytest.raises(Conflict):
        move(TABLE, report.agreement, "send_report", actor=world.people.office, at=CLOSED, version=seen)


def test_giving_and_ending_are_on_record(world, report):
    end_time(given(world, report), actor=world.people.planner, at=CLOSED + timedelta(hours=1))
    acts = Entry.objects.filter(act__in=["give_time", "end_time"]).order_by("sequence")
    assert [(each.act, each.changes["until"], each.text) for each in acts] == [
        ("give_time", [None, "2027-05-31"], WHY),
        ("end_time", ["2027-05-31", None], "รอบ 6 เดือน"),
    ]
