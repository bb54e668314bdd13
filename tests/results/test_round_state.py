"""The state of a report day by day, and which report the unit is at: by a table of days; the list asks the database the same."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from agreements.models import Agreement
from agreements.stages import Stage
from results.models import Report, ReportingRound
from results.round_state import State, is_late, is_missed, missed_on, state_of
from results.rules import current_report
from tests.results.three_lines import three_lines
from workflow.due import day_closes, day_due, due_on, report_facts, state_of_facts

BANGKOK = ZoneInfo("Asia/Bangkok")
OPENS, DUE, CLOSES, GIVEN = date(2027, 4, 1), date(2027, 4, 30), date(2027, 5, 15), date(2027, 5, 31)


def noon(day):
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=BANGKOK)


def report(stage="draft", *, sent=None, since=OPENS, given=None, is_final=False):
    row = Report(stage=stage, stage_since=noon(since), sent_at=sent and noon(sent), given_until=given)
    round = SimpleNamespace(opens_on=OPENS, due_on=DUE, closes_on=CLOSES, is_final=is_final, name="รอบ 6 เดือน")
    days = {"due_on": given or DUE, "closes_on": max(CLOSES, given or CLOSES)}
    told = {name: getattr(row, name) for name in ("stage", "stage_since", "sent_at", "given_until")}
    return SimpleNamespace(**told, **days, round=round)


@pytest.mark.parametrize(
    ("on", "state", "said"),
    [
        (date(2027, 3, 31), State.WAITING, "เปิดรับ 1 เม.ย. 2570"),
        (OPENS, State.OPEN, "ส่งได้ถึง 30 เม.ย. 2570"),
        (date(2027, 4, 22), State.OPEN, "ส่งได้ถึง 30 เม.ย. 2570"),
        (date(2027, 4, 23), State.SOON, "ส่งได้ถึง 30 เม.ย. 2570"),
        (DUE, State.SOON, "ส่งได้ถึง 30 เม.ย. 2570"),
        (date(2027, 5, 1), State.OVERDUE, "ยังรับถึง 15 พ.ค. 2570"),
        (CLOSES, State.OVERDUE, "ยังรับถึง 15 พ.ค. 2570"),
        (date(2027, 5, 16), State.MISSED, "ปิดรับเมื่อ 15 พ.ค. 2570 โดยไม่ได้รับรายงาน"),
    ],
)
def test_the_state_of_an_unsent_report_day_by_day(on, state, said):
    with translation.override("th"):
        found = state_of(report(), on)
        assert (found.state, found.until) == (state, said)


@pytest.mark.parametrize(
    ("on", "state", "said"),
    [
        (DUE, State.OPEN, "ผ่อนผันให้ส่งได้ถึง 31 พ.ค. 2570"),
        (date(2027, 5, 16), State.OPEN, "ผ่อนผันให้ส่งได้ถึง 31 พ.ค. 2570"),
        (date(2027, 5, 24), State.SOON, "ผ่อนผันให้ส่งได้ถึง 31 พ.ค. 2570"),
        (GIVEN, State.SOON, "ผ่อนผันให้ส่งได้ถึง 31 พ.ค. 2570"),
        (date(2027, 6, 1), State.MISSED, "ปิดรับเมื่อ 31 พ.ค. 2570 โดยไม่ได้รับรายงาน"),
    ],
)
def test_time_given_holds_to_its_last_day(on, state, said):
    with translation.override("th"):
        found = state_of(report(given=GIVEN), on)
        assert (found.state, found.until) == (state, said)


def test_what_is_returned_says_until_when_it_is_sent_again_and_after_that_since_when_it_waits():
    row = report(sent=date(2027, 4, 10), since=date(2027, 4, 12))
    with translation.override("th"):
        assert state_of(row, DUE).until == "ส่งใหม่ได้ถึง 30 เม.ย. 2570"
        assert state_of(row, CLOSES).until == "ส่งคืนเมื่อ 12 เม.ย. 2570"


@pytest.mark.parametrize(
    ("row", "on", "state"),
    [
        (report("sent", sent=DUE, since=DUE), date(2027, 9, 1), State.SENT),
        (report("accepted", sent=DUE, since=CLOSES), date(2027, 9, 1), State.ACCEPTED),
        (report("certified", sent=DUE, since=CLOSES, is_final=True), date(2027, 9, 1), State.CERTIFIED),
        # It came in time and was returned: the round that closes meanwhile doesn't lose it.
        (report(sent=DUE, since=CLOSES), date(2027, 9, 1), State.RETURNED),
        (report(is_final=True), date(2027, 5, 16), State.CLOSED),
    ],
)
def test_what_has_come_is_never_missed_nor_is_the_final_report(row, on, state):
    assert state_of(row, on).state == state
    assert not is_missed(row, on)


@pytest.mark.parametrize(
    ("sent", "given", "late"),
    [
        (DUE, None, False),
        (CLOSES, None, False),
        (date(2027, 5, 16), None, True),
        (GIVEN, GIVEN, False),
        (None, None, False),
    ],
)
def test_late_is_what_came_after_the_last_day(sent, given, late):
    assert is_late(report("sent", sent=sent, given=given)) is late


@pytest.fixture
def reporting(world):
    """Two rounds, the first with grace; the unit has sent nothing."""
    agreement = three_lines(world, rounds=2)
    ReportingRound.objects.filter(fiscal_year=world.year, position=1).update(grace_until=CLOSES)
    return Agreement.objects.for_detail().get(pk=agreement.pk)


@pytest.mark.parametrize(
    ("on", "given", "position", "due", "closes"),
    [
        (date(2027, 4, 30), None, 1, DUE, CLOSES),
        (CLOSES, None, 1, DUE, CLOSES),
        (date(2027, 5, 16), None, 3, date(2027, 11, 1), date(2027, 11, 1)),
        (date(2027, 5, 16), GIVEN, 1, GIVEN, GIVEN),
        (date(2027, 6, 1), GIVEN, 3, date(2027, 11, 1), date(2027, 11, 1)),
        (date(2028, 6, 1), None, 3, date(2027, 11, 1), date(2027, 11, 1)),
    ],
)
def test_the_walk_goes_on_with_the_next_round_on_pages_and_in_lists(reporting, on, given, position, due, closes):
    Report.objects.filter(agreement=reporting, round__position=1).update(given_until=given)
    found = current_report(reporting, on=on)
    facts = {"day_due": day_due(on), "day_closes": day_closes(on), "facts": report_facts(on)}
    listed = Agreement.objects.annotate(**facts).get()

    assert (found.round.position, due_on(reporting, on=on)) == (position, due)
    assert (listed.day_due, listed.day_closes) == (due, closes)
    assert state_of_facts(listed.facts, on) == state_of(found, on)
    missed = set(Report.objects.filter(missed_on(on)).values_list("round__position", flat=True))
    assert missed == {each.round.position for each in reporting.reports.all() if is_missed(each, on)}


def test_a_report_that_waits_for_its_answer_stays_the_one_even_if_time_is_given_for_an_earlier_one(reporting):
    on = date(2027, 10, 10)
    final = reporting.reports.get(round__is_final=True)
    Report.objects.filter(pk=final.pk).update(stage="sent", sent_at=noon(on))
    Report.objects.filter(agreement=reporting, round__position=1).update(given_until=on + timedelta(days=5))

    assert current_report(reporting, on=on) == final
    assert Agreement.objects.annotate(day_due=day_due(on)).get().day_due == final.round.due_on


def test_a_round_that_was_over_before_the_agreement_came_into_force_asks_nothing_of_it(world):
    ReportingRound.objects.create(
        fiscal_year=world.year, position=1, name="รอบแรก", opens_on="2026-08-01", due_on="2026-08-15"
    )
    ReportingRound.objects.create(
        fiscal_year=world.year, position=2, name="รอบ 6 เดือน", opens_on="2027-04-01", due_on="2027-04-30"
    )
    agreement = world.agreement(Stage.ASSESSMENT)
    assert list(agreement.reports.values_list("round__position", flat=True)) == [2, 3]
