"""Drafts for all signing units of a year: what would be made, one job that makes them, and makes them once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone
from django_q.models import OrmQ

from acts.engine import Refused
from acts.jobs import run_queued_jobs
from acts.log import THE_SYSTEM
from acts.models import Job
from agreements.models import Agreement, SigningRule
from agreements.stages import Stage
from desk.demo.years import fiscal_year
from fiscal.years import year_of
from indicators.models import Framework
from orgunits.grants import withdraw
from orgunits.load import load_units
from orgunits.models import Appointment, OrgUnit, UnitUserGrant
from tests.world import UNITS, build
from workflow.drafting import draft_for_all, drafting_job, open_for_all, outlook_of

ALL_UNITS = ["RTP", "OCG-SEC", "CIB", "CIB-CSD", "IMM", "IMM-D1", "IMM-D2", "IMM-D3"]


@pytest.fixture
def year(world):
    """The fiscal year after the one that the clock of this machine is in: jobs run by that clock."""
    return fiscal_year(year_of(timezone.localdate()) + 1, by=THE_SYSTEM, at=world.at())


def drafted(year):
    return sorted(Agreement.objects.filter(fiscal_year=year).values_list("unit__code", flat=True), key=ALL_UNITS.index)


def ask(world, year, **more):
    return open_for_all(year, **{"by": world.people.planner, "at": timezone.now(), **more})


def test_what_would_be_made_is_counted_by_case(world, year):
    found = outlook_of(year, on=timezone.localdate())
    assert [(case.rule.case, len(case.units)) for case in found.cases] == [
        ("headquarters", 1),
        ("command", 2),
        ("division_of_commissioner_office", 1),
        ("division_elsewhere", 4),
    ]
    assert (found.total, found.there, found.to_draft) == (8, 0, 8)
    assert (found.without_rule, found.frameless) == ((), ())


def test_units_without_a_rule_or_with_several_are_named_with_the_sentence(world, year):
    SigningRule.objects.filter(case="division_of_commissioner_office").delete()
    SigningRule.objects.create(case="another", tier=2, first_year=2570, superior="headquarters", annexes=[])

    found = outlook_of(year, on=timezone.localdate())

    assert {unit.code: why for unit, why in found.without_rule} == {
        "OCG-SEC": "สลก.ตร. มีหลักเกณฑ์การลงนามที่ใช้ได้ 0 ข้อ ต้องมีเพียงข้อเดียว",
        "CIB": "บช.ก. มีหลักเกณฑ์การลงนามที่ใช้ได้ 2 ข้อ ต้องมีเพียงข้อเดียว",
        "IMM": "สตม. มีหลักเกณฑ์การลงนามที่ใช้ได้ 2 ข้อ ต้องมีเพียงข้อเดียว",
    }
    assert found.to_draft == 5


def test_units_whose_head_is_missing_today_are_named(world, year):
    today = timezone.localdate()
    before = {unit.code for unit in outlook_of(year, on=today).headless}
    assert "IMM-D1" not in before

    Appointment.objects.filter(post__unit__code="IMM-D1").update(until=today)
    world.people.neighbours_head.__class__.objects.filter(pk=world.people.neighbours_head.pk).update(is_active=False)
    after = {unit.code for unit in outlook_of(year, on=today).headless}
    assert after - before == {"IMM-D1", "IMM-D2"}


def test_the_job_makes_every_units_draft_and_tells_how_far_it_is(world, year):
    job = ask(world, year)
    assert (job.state, drafted(year)) == ("queued", [])

    run_queued_jobs()

    job.refresh_from_db()
    assert (job.state, job.done, job.total, drafted(year)) == ("done", 8, 8, ALL_UNITS)
    assert drafting_job(year) == job
    assert set(Agreement.objects.filter(fiscal_year=year).values_list("stage", "pen")) == {("draft", "staff")}


def test_last_years_agreements_are_carried_and_those_there_are_left_alone(world):
    world.agreement(Stage.CLOSED)
    year = fiscal_year(2571, by=THE_SYSTEM, at=world.at())
    draft_for_all(year, by=world.people.planner, at=world.at())
    lines = {each.unit.code: each.lines.count() for each in Agreement.objects.filter(fiscal_year=year)}
    assert lines == dict.fromkeys(ALL_UNITS, 0) | {"IMM-D1": 6}

    Agreement.objects.get(fiscal_year=year, unit__code="IMM-D1").lines.all().delete()
    assert draft_for_all(year, by=world.people.planner, at=world.at()) == []
    assert not Agreement.objects.get(fiscal_year=year, unit__code="IMM-D1").lines.exists()


def test_units_without_rule_or_framework_are_left_out_and_made_later(world, year):
    SigningRule.objects.filter(case="division_of_commissioner_office").delete()
    Framework.objects.filter(fiscal_year=year, tier=1).delete()
    ask(world, year)
    run_queued_jobs()
    assert drafted(year) == [code for code in ALL_UNITS if code not in ("RTP", "OCG-SEC")]
    assert drafting_job(year).state == "done"

    SigningRule.objects.create(
        case="again", tier=3, affiliated=True, first_year=2570, superior="headquarters", annexes=["unit_plan"]
    )
    ask(world, year)
    run_queued_jobs()
    assert drafted(year) == ALL_UNITS[1:]


def test_asked_twice_while_it_waits_it_is_one_job(world, year):
    assert ask(world, year) == ask(world, year)


@pytest.mark.parametrize("who", ["auditor", "administrator", "staff", "superior"])
def test_others_cannot_ask_for_it(world, year, who):
    with pytest.raises(Refused):
        ask(world, year, by=world.people.get(who))
    assert not Job.objects.exists()


def test_a_year_without_framework_or_at_its_end_is_refused(world, year):
    with pytest.raises(Refused, match="สิ้นสุดแล้ว"):
        ask(world, year, at=world.at(days=3000))
    Framework.objects.filter(fiscal_year=year).delete()
    with pytest.raises(Refused, match="ยังไม่มีกรอบการประเมินผล"):
        ask(world, year)


@pytest.mark.expects_errors
def test_a_right_that_is_withdrawn_before_the_job_runs_makes_no_draft(world, year):
    job = ask(world, year)
    planner = world.people.planner
    for grant in UnitUserGrant.objects.filter(user=planner):
        withdraw(planner, grant.permission.codename, grant.content_object, by=THE_SYSTEM, at=world.at())

    with pytest.raises(Refused):
        run_queued_jobs()
    job.refresh_from_db()
    assert (job.state, drafted(year)) == ("queued", [])
    assert "เฉพาะหน่วยงานด้านแผน" in job.error


# A worker is killed in the middle


@contextmanager
def cluster():
    """A real `manage.py qcluster` on the database of the test."""
    surroundings = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.workflow.worker_settings",
        "WORKER_DATABASE": str(connection.settings_dict["NAME"]),
    }
    command = [sys.executable, "manage.py", "qcluster"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=surroundings, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(happened, seconds=300):
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def _let_an_hour_pass():
    """For what the killed worker had taken: it is given to another one when it has been silent for long."""
    OrmQ.objects.update(lock=F("lock") - timedelta(hours=1))
    Job.objects.update(lease_until=F("lease_until") - timedelta(hours=1))


def _sixty_more_divisions(path):
    rows = [f"IMM-X{n},IMM,3,division,yes,กองบังคับการทดสอบ {n},บก.ทส.{n},Test Division {n}" for n in range(60)]
    path.write_text("\n".join([UNITS.read_text(encoding="utf-8").strip(), *rows]), encoding="utf-8")
    return path


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_whole_drafts_and_the_next_one_makes_the_rest_once(tmp_path):
    world = build()
    load_units(_sixty_more_divisions(tmp_path / "units.csv"), at=world.at())
    year = fiscal_year(year_of(timezone.localdate()) + 1, by=THE_SYSTEM, at=world.at())
    job = ask(world, year)
    of_year = Agreement.objects.filter(fiscal_year=year)

    with cluster() as first:
        wait_for(lambda: of_year.count() >= 5)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    made = dict(of_year.values_list("unit_id", "pk"))
    signing = OrgUnit.objects.signing().count()
    assert 5 <= len(made) < signing, "killed too late to show anything"
    assert Job.objects.get(pk=job.pk).state == "running"
    _let_an_hour_pass()

    with cluster():
        wait_for(lambda: Job.objects.get(pk=job.pk).is_finished)

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", signing, signing)
    after = dict(of_year.values_list("unit_id", "pk"))
    assert len(after) == signing
    assert {unit: after[unit] for unit in made} == made
