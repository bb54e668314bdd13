"""The pages of a round that closes: what the report says of it, what was typed, and the time that the planning office gives."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agreements.models import Agreement
from results.models import Report, ReportingRound, TimeGiven
from tests.results.three_lines import three_lines
from thai.dates import thai_date

D1 = "2570-IMM-D1"
FIRST = (D1, 1)
TYPED = "ผลการดำเนินงานที่กำลังพิมพ์อยู่"


def day(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def missed(world):
    """The report of six months, whose round closed five days ago."""
    agreement = three_lines(world, rounds=2)
    rounds = ReportingRound.objects.filter(fiscal_year=world.year)
    rounds.filter(position=1).update(opens_on=day(-60), due_on=day(-20), grace_until=day(-5), penalty="0.2")
    rounds.filter(position=3).update(opens_on=day(90), due_on=day(120), moved_from=None)
    return Report.objects.get(agreement=agreement, round__position=1)


def form(page, **typed):
    return {"idempotency": page.context["form"]["idempotency"].value()} | typed


def giving(days=10, **more):
    return {"until": thai_date(day(days), "medium"), "reason": "ระบบข้อมูลกลางปิดปรับปรุง"} | more


def test_the_report_says_that_it_was_missed_what_it_costs_and_who_can_give_time(world, visit, words, missed):
    page = words(visit(world.people.staff, "desk:report", *FIRST))
    for shown in ("ไม่ส่งรายงาน", "ปิดรับเมื่อ", "หน่วยงานด้านแผนผ่อนผันให้ได้", "สุดา", "0.2000", "ยังไม่ถึงรอบ"):
        assert shown in page
    assert "ผ่อนผันการส่งรายงานรอบนี้" not in page
    assert "ก่อนส่งรายงาน" not in page


def test_the_agreements_home_and_the_list_of_work_go_on_with_the_next_round(world, visit, words, missed):
    for route, args in (("desk:home", ()), ("desk:agreement", (D1,))):
        page = words(visit(world.people.staff, route, *args))
        assert "รอบ 12 เดือน" in page
        assert "ยังไม่ถึงรอบ: เปิดรับ" in page


def test_the_overview_says_until_when_a_late_report_is_taken(world, visit, words, missed):
    ReportingRound.objects.filter(position=1).update(grace_until=day(3))
    for route in ("desk:overview", "desk:home"):
        user = world.people.superior if route == "desk:overview" else world.people.staff
        assert f"เกินกำหนด: ยังรับถึง {thai_date(day(3), 'medium')}" in words(visit(user, route))


def test_what_is_typed_when_the_round_closes_is_shown_to_be_copied(world, send, visit, missed):
    ReportingRound.objects.filter(position=1).update(grace_until=day(0))
    place = (*FIRST, missed.results.first().line_id)
    page = visit(world.people.staff, "desk:result", *place)
    typed = {"narrative": TYPED, "value": "", "version": page.context["version"]}
    ReportingRound.objects.filter(position=1).update(grace_until=day(-1))

    answer = send(world.people.staff, "desk:result", *place, **typed)
    told = answer.content.decode()
    assert answer.status_code == 403
    assert TYPED in told
    assert "ปิดรับเมื่อ" in told
    assert not missed.results.exclude(narrative="").exists()


def test_the_planning_office_gives_time_and_everybody_who_reads_the_report_sees_it(world, visit, send, words, missed):
    page = visit(world.people.planner, "desk:extend_report", *FIRST)
    answer = send(world.people.planner, "desk:extend_report", *FIRST, **form(page, **giving(order_number="ตช 7/12")))
    assert (answer.status_code, answer.url) == (302, "/agreements/2570-IMM-D1/reports/1/")

    for who in ("staff", "evaluator", "auditor"):
        report = words(visit(world.people.get(who), "desk:report", *FIRST))
        for shown in ("ระบบข้อมูลกลางปิดปรับปรุง", "ตช 7/12", f"ผ่อนผันให้ส่งได้ถึง {thai_date(day(10), 'medium')}"):
            assert shown in report
    assert visit(world.people.staff, "desk:result", *FIRST, missed.results.first().line_id).context["form"]
    assert "ผ่อนผันการส่งรายงาน" in words(visit(world.people.staff, "desk:history", D1))


def test_the_same_form_sent_twice_gives_time_once(world, visit, send, missed):
    typed = form(visit(world.people.planner, "desk:extend_report", *FIRST), **giving())
    for _time in range(2):
        assert send(world.people.planner, "desk:extend_report", *FIRST, **typed).status_code == 302
    assert TimeGiven.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"until": ""}, "until", "โปรดกรอก"),
        ({"until": "31/02/2570"}, "until", "ไม่มีวันนี้ในปฏิทิน"),
        ({"reason": "   "}, "reason", "โปรดกรอก"),
        (giving(-1), "until", "ล่วงเลยไปแล้ว"),
        (giving(-6), "until", "อยู่แล้ว"),
        (giving(130), "until", "รายงานรอบถัดไปต้องรอ"),
    ],
)
def test_what_cannot_be_given_is_said_at_its_field_and_nothing_typed_is_lost(
    world, visit, send, missed, typed, field, said
):
    page = visit(world.people.planner, "desk:extend_report", *FIRST)
    answer = send(
        world.people.planner, "desk:extend_report", *FIRST, **form(page, **(giving(order_number="ตช 7") | typed))
    )
    shown = answer.context["form"]
    assert answer.status_code == 422
    assert said in " ".join(shown.errors[field])
    assert shown["order_number"].value() == "ตช 7"
    assert not TimeGiven.objects.exists()


def test_time_is_ended_on_its_page(world, visit, send, words, missed):
    page = visit(world.people.planner, "desk:extend_report", *FIRST)
    send(world.people.planner, "desk:extend_report", *FIRST, **form(page, **giving()))
    page = visit(world.people.planner, "desk:extend_report", *FIRST)
    key = {"idempotency": page.context["ending"]["idempotency"].value()}
    answer = send(world.people.planner, "desk:end_report_time", *FIRST, page.context["given"].pk, **key)

    assert answer.status_code == 302
    assert Report.objects.get(pk=missed.pk).given_until is None
    report = words(visit(world.people.staff, "desk:report", *FIRST))
    assert "ยุติโดย" in report
    assert "ไม่ส่งรายงาน" in report


def test_another_agreements_time_is_not_found(world, visit, send, missed):
    theirs = world.agreement("assessment", code="IMM-D2").reports.first()
    by = {"given_by": "x", "given_at": timezone.now(), "reason": "y", "until": day(200)}
    foreign = TimeGiven.objects.create(report=theirs, **by)
    page = visit(world.people.planner, "desk:extend_report", *FIRST)
    answer = send(
        world.people.planner, "desk:end_report_time", *FIRST, foreign.pk, idempotency=form(page)["idempotency"]
    )
    foreign.refresh_from_db()
    assert (answer.status_code, foreign.ended_at) == (404, None)


def test_the_way_there_is_shown_to_the_planning_office_alone(world, visit, words, missed):
    assert "ผ่อนผันการส่งรายงานรอบนี้" in words(visit(world.people.planner, "desk:report", *FIRST))
    for who in ("office", "evaluator", "superior", "auditor"):
        assert "ผ่อนผันการส่งรายงานรอบนี้" not in words(visit(world.people.get(who), "desk:report", *FIRST))
    assert Agreement.objects.count() == 1
