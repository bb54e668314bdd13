"""The demonstration on any day of a year: what should be over is over, in its order, and nothing lies in the future."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from acts.models import Entry
from agreements.models import Agreement
from desk.demo import scene
from desk.demo.diary import Diary
from desk.demo.timing import Timing
from desk.demo.units import UNITS
from desk.demo.walk import STEPS
from workflow.due import due_on

BANGKOK = ZoneInfo("Asia/Bangkok")
# Steps that wait for a pace to pass: from the first draft to the last signature; a report to the release of the scores.
TO_SIGNATURE, TO_RELEASE, TO_ACCEPTANCE = 13, 7, 4
# An amendment: from its first word until it is announced; until the unit has signed it.
TO_AMENDMENT, TO_AMENDMENT_SIGNED = 7, 4
LEAP = date(2027, 10, 1)  # the fiscal year with 29 February 2028
DAYS = [LEAP + timedelta(days=day) for day in range(366)]
PLACES = range(len(UNITS))


def after(begins, steps, pace):
    diary = Diary(begins, pace)
    for _step in range(steps):
        diary.later()
    return diary.now


def timing_on(day):
    return Timing(datetime(day.year, day.month, day.day, 0, 30, tzinfo=BANGKOK))


@pytest.mark.parametrize("day", DAYS[::7], ids=str)
def test_courses_are_in_order_on_any_day(day):
    timing = timing_on(day)
    for place in PLACES:
        before_last, last = (timing.course(years).of_unit(place) for years in (2, 1))
        this, long_since = timing.under_way().of_unit(place), timing.in_force().of_unit(place)
        assert timing.opened(2) < before_last.begins
        assert after(before_last.begins, TO_SIGNATURE, before_last.pace) < before_last.reports_from[1]
        assert after(before_last.reports_from[1], TO_RELEASE, before_last.reports_pace) < last.begins
        assert after(last.begins, TO_SIGNATURE, last.pace) < last.reports_from[1]
        assert after(last.reports_from[1], TO_ACCEPTANCE, last.reports_pace) < last.reports_from[2]
        assert after(last.reports_from[2], TO_ACCEPTANCE, last.reports_pace) <= last.reports_from[3]
        assert after(last.reports_from[3], TO_RELEASE, last.reports_pace) < min(this.begins, long_since.begins)
        assert after(this.begins, TO_SIGNATURE, this.pace) < timing.days_ago(8)
        assert after(timing.days_ago(8), TO_AMENDMENT_SIGNED, this.pace) < timing.now
        assert after(long_since.begins, TO_SIGNATURE, long_since.pace) < timing.now
        assert timing.opened(0) < min(this.begins, long_since.begins)


@pytest.mark.parametrize("day", DAYS[::7], ids=str)
def test_what_is_still_reported_is_reported_by_now(day):
    timing = timing_on(day)
    for place in PLACES:
        unfinished = timing.unfinished().of_unit(place)
        late = timing.unfinished(interim_days_ago=12).of_unit(place)
        assert after(unfinished.reports_from[3], TO_RELEASE, unfinished.reports_pace) < timing.days_ago(8)
        assert after(late.reports_from[2], TO_ACCEPTANCE - 1, late.reports_pace) < timing.now
        in_force = timing.in_force().of_unit(place)
        for position in timing.reported_so_far():
            assert after(in_force.reports_from[position], TO_ACCEPTANCE, in_force.reports_pace) < timing.now


@pytest.mark.parametrize("day", DAYS[::7], ids=str)
def test_scores_in_their_days_to_appeal_were_out_before_this_years_draft_was_begun(day):
    timing, places = timing_on(day), list(UNITS)
    appealed = timing.in_appeal().of_unit(places.index("IMM-INV"))
    assert after(appealed.reports_from[3], TO_RELEASE + 1, appealed.reports_pace) < timing.under_way().begins
    released = timing.just_released().of_unit(places.index("IMM-D2"))
    out = after(released.reports_from[3], TO_RELEASE, released.reports_pace)
    assert timing.days_ago(15) < out < timing.just_begun().begins


def test_early_in_a_year_nothing_of_it_is_reported_and_late_in_it_both_interim_rounds_are():
    reported = [timing_on(day).reported_so_far() for day in DAYS]
    assert (reported[0], reported[-1]) == ([], [1, 2])
    assert reported == sorted(reported, key=len)


# The command with its plan; a new head and a closed year; returned reports; in force with rounds that are over.
TIGHT = ("IMM", "IMM-TEC", "CCIB", "IMM-TRN")


def keep(monkeypatch, *codes):
    few = [(years_ago, [each for each in actors if each.code in codes]) for years_ago, actors in scene.SCENES]
    monkeypatch.setattr(scene, "SCENES", few)


def stages():
    return {
        (each.unit.code, each.fiscal_year.year): (each.stage, each.pen)
        for each in Agreement.objects.select_related("unit", "fiscal_year")
    }


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("now", ["2026-10-01 00:30", "2028-02-29 09:00", "2027-09-30 23:30"])
def test_the_scene_lives_on_any_day(monkeypatch, now):
    keep(monkeypatch, *TIGHT)
    now = datetime.fromisoformat(now).replace(tzinfo=BANGKOK)
    scene.build(now=now)

    year = Timing(now).year
    assert stages()["IMM-TEC", year] == ("signing", "superior")
    assert stages()["IMM-TRN", year] == ("assessment", "staff")
    assert stages()["IMM-TEC", year - 1] == ("closed", "nobody")
    assert stages()["CCIB", year - 1] == ("assessment", "staff")
    assert {stages()[code, year - 2] for code in TIGHT} == {("closed", "nobody")}
    assert Entry.objects.latest("at").at <= now
    today = timezone.localdate(now)
    late = {f"{each}" for each in Agreement.objects.all() if (due := due_on(each, on=today)) and due < today}
    assert late == {f"สตม. {year}", f"บช.สอท. {year}"}


@pytest.mark.long
@pytest.mark.django_db
def test_a_run_that_was_cut_off_goes_on_where_it_stopped(monkeypatch):
    keep(monkeypatch, "IMM", "IMM-TEC")
    now = datetime(2026, 11, 20, 12, 0, tzinfo=BANGKOK)

    def cut_off(walk):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setitem(STEPS, ("assessment", "evaluator"), cut_off)
        with pytest.raises(KeyboardInterrupt):
            scene.build(now=now)
    whole = stages()
    assert {stage for stage, _pen in whole.values()} == {"closed"}
    assert len(whole) == 2

    scene.build(now=now)

    assert len(stages()) == 6
    assert whole.items() <= stages().items()


@pytest.mark.long
@pytest.mark.django_db
def test_a_year_later_the_next_years_scene_joins_what_is_there(monkeypatch):
    keep(monkeypatch, "IMM", "IMM-TEC")
    now = datetime(2026, 11, 20, 12, 0, tzinfo=BANGKOK)
    scene.build(now=now)
    then = stages()

    scene.build(now=now + timedelta(days=365))

    assert then.items() <= stages().items()
    assert {year for _code, year in stages()} == {2568, 2569, 2570, 2571}
    assert stages()["IMM-TEC", 2571] == ("signing", "superior")
    assert Entry.objects.latest("at").at <= now + timedelta(days=365)
