"""The forecast's page: who reads it, after which round it is made, what it says of a line without result and before any."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import User
from agreements.stages import Stage
from results.models import ReportingRound
from results.rules import current_report
from results.write import save_result
from tests.results.three_lines import RESULTS, report_lines, three_lines
from tests.world import ON

D1, PAGE = "2570-IMM-D1", "desk:forecast"
SECOND = {"name": "รอบ 9 เดือน", "position": 2, "opens_on": "2027-07-01", "due_on": "2027-07-31"}


@pytest.fixture
def assessed(world):
    """The three lines at self-assessment, with rounds of 6, 9 and 12 months; nothing reported yet."""
    ReportingRound.objects.create(fiscal_year=world.year, **SECOND)
    return three_lines(world, rounds=2)


def report(world, agreement, results):
    """These results in the report that the unit is at, as staff write them."""
    fresh = type(agreement).objects.for_detail().get(pk=agreement.pk)
    return report_lines(world, fresh, results, evidence=False)


def accepted(report):
    type(report).objects.filter(pk=report.pk).update(stage=report.Stage.ACCEPTED)


@pytest.fixture
def sent(world, assessed):
    """Two of three results after six months, the report accepted."""
    accepted(report(world, assessed, {"1.1": "86.02", "1.2": "20.1"}))
    return assessed


# Who reads it


@pytest.mark.parametrize("who", ["staff", "office", "head", "negotiator", "superior", "evaluator", "auditor"])
def test_who_reads_the_report_reads_the_forecast(world, visit, words, sent, who):
    user = world.people.get(who)
    assert visit(user, "desk:report", D1, 1).status_code == 200
    answer = visit(user, PAGE, D1)
    assert (answer.status_code, "คะแนนรวมที่คาดการณ์" in words(answer)) == (200, True)


@pytest.mark.parametrize("who", ["stranger", "neighbour", "administrator", "nobody"])
def test_a_stranger_learns_nothing_not_even_that_it_is_there(world, visit, sent, who):
    answer = visit(world.people.get(who), PAGE, D1)
    assert answer.status_code == 404
    assert "3.6733" not in answer.content.decode()


def test_who_reads_only_what_was_signed_is_told_so_without_a_figure(world, visit, words):
    """As a unit reads that of its command."""
    world.agreement(Stage.ASSESSMENT)
    world.agreement(Stage.ASSESSMENT, code="IMM")
    answer = visit(world.people.staff, PAGE, "2570-IMM")
    assert answer.status_code == 403
    assert "คะแนนรวมที่คาดการณ์" not in words(answer)


def test_before_it_is_in_force_there_is_none(world, visit):
    three_lines(world, Stage.FORMAL)
    assert visit(world.people.staff, PAGE, D1).status_code == 404


# What it says


def test_a_line_without_result_makes_the_likely_total_a_range_and_is_not_zero(world, visit, words, sent):
    page = words(visit(world.people.staff, PAGE, D1))

    # 0.5 × 3.6733… + 0.3 × 4.3 = 3.1267, and of the steps 0.2 × 1 and 0.2 × 5
    assert "3.3267–4.1267" in re.sub(r" *– *", "–", page)
    assert "ต่ำสุด 1.0000" in page
    assert "ตัวชี้วัด 1 ตัวยังไม่มีผลให้คิด การไม่รายงานไม่ใช่ศูนย์" in page
    assert "0.0000" not in page


def test_of_that_line_only_what_is_reachable_is_told(world, visit, words, sent):
    rows = {row.each.line.number: row for row in visit(world.people.staff, PAGE, D1).context["rows"]}

    assert (rows["4.1"].each.score, rows["4.1"].goals, rows["4.1"].track.likely_x) == (None, (), None)
    assert rows["1.1"].track.likely_x
    assert "ยังไม่รายงาน" in words(visit(world.people.staff, PAGE, D1))


def test_the_lowest_likely_score_stands_first_and_what_is_open_last(world, visit, sent):
    rows = visit(world.people.staff, PAGE, D1).context["rows"]
    assert [row.each.line.number for row in rows] == ["1.1", "1.2", "4.1"]


def test_what_gains_most_for_least_is_marked_and_its_rule_and_the_overviews_are_said(world, visit, words, sent):
    answer = visit(world.people.staff, PAGE, D1)

    # 1.1: 0.5 for 86.02 → 89.02 (3.4 %); 1.2: 0.21 for 20.1 → 18 (10.4 %)
    assert [row.each.line.number for row in answer.context["rows"] if row.is_best] == ["1.1"]
    assert answer.context["best"]["rise"].value == Decimal("89.02")
    assert "ใช้แรงเพิ่มร้อยละ 3.4" in words(answer)
    assert "หน้าภาพรวมใช้หลักอื่น" in words(answer)


def test_when_all_are_on_top_nothing_gains(world, visit, words, assessed):
    report(world, assessed, {"1.1": "95", "1.2": "10", "4.1": "5"})
    page = words(visit(world.people.staff, PAGE, D1))
    assert "ไม่มีตัวชี้วัดใดเพิ่มคะแนน" in page
    assert "5.0000" in page


def test_when_the_year_is_reported_nothing_is_left_to_forecast(world, visit, words):
    report_lines(world, three_lines(world), RESULTS, evidence=False)
    answer = visit(world.people.staff, PAGE, D1)
    assert "รายงานผลครบทั้งปีแล้ว" in words(answer)
    assert answer.context["forecast"].worst == answer.context["forecast"].best


def test_as_long_as_a_line_waits_the_report_of_the_whole_year_leaves_something_open(world, visit, words):
    report_lines(world, three_lines(world), {"1.1": "86.02"}, evidence=False)
    page = words(visit(world.people.staff, PAGE, D1))
    assert "รายงานผลครบทั้งปีแล้ว" not in page
    assert "ตัวชี้วัดที่ยังไม่มีผลในรายงานนี้ใช้ผลของรอบก่อน" in page


def test_what_cannot_be_scored_says_why(world, visit, words, assessed):
    report(world, assessed, {"1.1": "86.02"})
    of_steps = current_report(assessed, on=ON).results.last()
    type(of_steps).objects.filter(pk=of_steps.pk).update(value="2.5")

    answer = visit(world.people.staff, PAGE, D1)

    (row,) = [row for row in answer.context["rows"] if row.each.problem]
    assert row.each.line.number == "4.1"
    assert 'class="err small"' in answer.content.decode()


# After which round


def test_a_report_being_written_is_shown_as_such_until_one_is_sent(world, visit, words, assessed):
    report(world, assessed, {"1.1": "86.02"})
    assert "หน่วยกำลังเขียนรายงานนี้" in words(visit(world.people.staff, PAGE, D1))


def test_a_report_that_was_sent_is_not_shown_as_being_written(world, visit, words, sent):
    page = words(visit(world.people.staff, PAGE, D1))
    assert "หน่วยกำลังเขียนรายงานนี้" not in page
    assert "หลังรอบ 6 เดือน" in page


def test_rounds_are_changed_over_to_what_is_reported_and_no_other(world, visit, words, sent):
    report(world, sent, {"1.1": "90"})
    here = reverse(PAGE, args=[D1])

    page = visit(world.people.staff, PAGE, D1).content.decode()
    of_the_second = visit(world.people.staff, PAGE, D1, round="2")

    assert f'href="{here}?round=1" aria-current="page"' in page
    assert f'href="{here}?round=2"' in page
    assert f'href="{here}?round=3"' not in page
    assert f'href="{here}?round=2" aria-current="page"' in of_the_second.content.decode()
    assert "หน่วยกำลังเขียนรายงานนี้" in words(of_the_second)
    # The line that has no result in the second round stands by the first, and says so.
    rows = {row.each.line.number: row for row in of_the_second.context["rows"]}
    assert (rows["1.1"].round, rows["1.2"].round) == ("", "รอบ 6 เดือน")


@pytest.mark.parametrize("typed", ["", "3", "0", "99", "-1", "1.5", "๙๙", "x", "9" * 40, "²", "1' OR 1=1", "\x00"])
def test_a_round_that_is_none_is_passed_over(world, visit, words, sent, typed):
    answer = visit(world.people.staff, PAGE, D1, round=typed)
    assert answer.status_code == 200
    assert "หลังรอบ 6 เดือน" in words(answer)


def test_the_report_leads_to_the_forecast_after_its_round_and_back(world, visit, sent):
    report_page = visit(world.people.staff, "desk:report", D1, 1).content.decode()
    assert f'href="{reverse(PAGE, args=[D1])}?round=1"' in report_page
    page = visit(world.people.staff, PAGE, D1).content.decode()
    assert f'href="{reverse("desk:report", args=[D1, 1])}"' in page


def test_what_is_written_changes_it_at_once(world, visit, assessed):
    first = report(world, assessed, {"1.1": "84"}).results.first()
    before = visit(world.people.staff, PAGE, D1).context["forecast"].low
    first.refresh_from_db()
    save_result(first, {"value": 90}, version=first.version, actor=world.people.staff, at=world.at())
    # From 3 to 5 with half of the weight.
    assert visit(world.people.staff, PAGE, D1).context["forecast"].low == before + 1


# Nothing yet, and in English


def test_before_anything_is_reported_it_says_so_and_leads_to_the_report(world, visit, words, assessed):
    answer = visit(world.people.staff, PAGE, D1)
    page = words(answer)
    assert "ยังไม่มีผลที่รายงาน จึงยังคาดการณ์ไม่ได้" in page
    assert "0.0000" not in page
    assert f'class="btn go" href="{reverse("desk:report", args=[D1, 1])}"' in answer.content.decode()


@pytest.mark.parametrize("reported", [{}, {"1.1": "86.02"}])
def test_in_english_it_speaks_english(world, visit, words, assessed, reported):
    report(world, assessed, reported)
    User.objects.filter(pk=world.people.staff.pk).update(language="en")
    page = words(visit(world.people.staff, PAGE, D1))
    assert "Forecast of the year's end" in page
    assert ("Likely total" if reported else "Nothing has been reported yet") in page


# The overview's card


def test_the_overview_says_its_own_rule_and_leads_to_the_forecast(world, visit, words):
    world.agreement(Stage.EVALUATION)
    answer = visit(world.people.superior, "desk:unit_overview", "IMM")
    assert f'href="{reverse(PAGE, args=[D1])}"' in answer.content.decode()
    assert "คิดจากคะแนนขณะนี้และไม่ดูแรงที่ต้องใช้" in words(answer)


def test_where_scores_are_released_it_leads_to_no_forecast(world, visit):
    world.agreement(Stage.CLOSED)
    page = visit(world.people.superior, "desk:unit_overview", "IMM").content.decode()
    assert f'href="{reverse(PAGE, args=[D1])}"' not in page
