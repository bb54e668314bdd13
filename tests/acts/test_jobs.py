"""Slow work is asked for in a transaction and done once; how it ended is never lost."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.brokers.orm import ORM
from django_q.models import OrmQ

from acts import jobs
from acts.jobs import ClaimLost, Progress, job, queue, queue_again, run, run_queued_jobs
from acts.models import Job

from .shop.models import Parcel

LABEL = {"name": "shop.label", "key": "1", "text": "To Aunt"}


def label_job(parcel, **changed):
    return queue(**{**LABEL, "parcel": parcel.pk, **changed})


def let_leases_end():
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_is_queued_by_the_database_and_done_by_a_worker(parcel):
    assert isinstance(get_broker(), ORM)
    asked = label_job(parcel)
    assert (asked.state, Parcel.objects.get().label) == ("queued", "To Grandmother")

    assert run_queued_jobs() == 1
    asked.refresh_from_db()
    assert (asked.state, asked.attempt, asked.error, asked.is_finished) == ("done", 1, "", True)
    assert Parcel.objects.get().label == "To Aunt"
    assert run_queued_jobs() == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_is_queued_in_the_transaction_that_asks_for_it(parcel, at_once):
    """Nobody sees it before the commit, and after a rollback nobody has asked."""
    with transaction.atomic():
        label_job(parcel)
        assert Job.objects.count() == OrmQ.objects.count() == 1
        assert connection.vendor == "sqlite" or at_once(OrmQ.objects.count) == [0]
        transaction.set_rollback(True)
    assert Job.objects.count() == OrmQ.objects.count() == 0

    with transaction.atomic():
        label_job(parcel)
    assert at_once(OrmQ.objects.count) == [1]


def test_an_unfinished_job_is_not_queued_twice_a_finished_one_may_be(parcel):
    first = label_job(parcel)
    assert label_job(parcel) == first
    assert OrmQ.objects.count() == 1
    assert label_job(parcel, key="2") != first

    run_queued_jobs()
    assert label_job(parcel) != first


def test_a_job_that_nobody_registered_is_not_queued(shop):
    with pytest.raises(KeyError):
        queue("shop.burn", key="1")
    assert not Job.objects.exists()


def test_two_jobs_of_one_name_are_a_mistake():
    with pytest.raises(ValueError, match="Two jobs are called shop.label"):
        job("shop.label")(lambda progress: None)


def test_a_job_delivered_again_after_it_was_done_is_not_done_again(parcel):
    asked = label_job(parcel)
    run_queued_jobs()
    Parcel.objects.update(label="by hand")
    run(asked.pk)
    assert Parcel.objects.get().label == "by hand"


@pytest.mark.expects_errors
def test_a_failure_is_kept_shown_and_raised_and_the_job_tried_again(parcel):
    asked = label_job(parcel, text="")
    with pytest.raises(ValueError, match="the text is empty"):
        run_queued_jobs()

    asked.refresh_from_db()
    assert (asked.state, asked.attempt, asked.error) == ("queued", 1, "ValueError: the text is empty")
    assert OrmQ.objects.count() == 1
    Job.objects.update(payload={"parcel": parcel.pk, "text": "To Aunt"})
    run_queued_jobs()
    asked.refresh_from_db()
    assert (asked.state, asked.attempt, asked.error) == ("done", 2, "")


@pytest.mark.expects_errors
def test_a_job_that_fails_every_time_ends_failed_and_can_be_asked_for_again(parcel, settings):
    asked = label_job(parcel, text="")
    for _attempt in range(settings.Q_CLUSTER["max_attempts"]):
        with pytest.raises(ValueError, match="the text is empty"):
            run_queued_jobs()
    run_queued_jobs()

    asked.refresh_from_db()
    assert (asked.state, asked.error, asked.is_finished) == ("failed", "ValueError: the text is empty", True)
    again = queue_again(asked)
    assert (again.state, again.payload) == ("queued", asked.payload)
    assert again != asked


def test_a_worker_that_dies_every_time_ends_the_job_failed_with_a_sentence(parcel, settings):
    asked = label_job(parcel)
    for _attempt in range(settings.Q_CLUSTER["max_attempts"]):
        assert jobs._claim(asked.pk, timezone.now())
        let_leases_end()
    run(asked.pk)

    asked.refresh_from_db()
    assert (asked.state, asked.error) == ("failed", "โปรแกรมประมวลผลหยุดลงระหว่างทำงานนี้ 5 ครั้ง")


def test_a_job_that_somebody_is_at_is_left_to_them_and_looked_after_later(parcel):
    asked = label_job(parcel)
    OrmQ.objects.all().delete()
    held = jobs._claim(asked.pk, timezone.now())
    run(asked.pk)

    assert Parcel.objects.get().label == "To Grandmother"
    [later] = OrmQ.objects.all()
    assert later.lock == held.lease_until
    assert later.task["args"] == (asked.pk,)
    assert run_queued_jobs() == 0


def test_who_has_lost_the_job_to_another_run_can_write_nothing(parcel):
    asked = label_job(parcel)
    late = Progress(jobs._claim(asked.pk, timezone.now()))
    let_leases_end()
    assert jobs._claim(asked.pk, timezone.now()).attempt == 2

    with pytest.raises(ClaimLost):
        late(1, 2)
    with pytest.raises(ClaimLost), late.finishing():
        Parcel.objects.update(label="too late")
    assert Parcel.objects.get().label == "To Grandmother"


def test_the_outcome_and_the_end_are_written_together_or_not(parcel):
    asked = label_job(parcel)
    progress = Progress(jobs._claim(asked.pk, timezone.now()))
    with pytest.raises(ValueError, match="heavy"), progress.finishing():
        Parcel.objects.update(weight="heavy")
    asked.refresh_from_db()
    assert asked.state == "running"


def test_progress_can_be_seen(parcel):
    asked = label_job(parcel)
    progress = Progress(jobs._claim(asked.pk, timezone.now()))
    progress(3, 10)
    progress(4)
    asked.refresh_from_db()
    assert (asked.done, asked.total, asked.state) == (4, 10, "running")


def test_the_jobs_command_lists_what_is_not_done_and_delivers_again(parcel, capsys):
    asked = label_job(parcel)
    OrmQ.objects.all().delete()
    call_command("jobs", again=str(asked.pk))

    assert "shop.label 1" in capsys.readouterr().out
    assert run_queued_jobs() == 1
    call_command("jobs")
    assert capsys.readouterr().out == ""
    for number in ("99", "x"):
        with pytest.raises(CommandError, match=f"ไม่มีงานเบื้องหลังหมายเลข {number}"):
            call_command("jobs", again=number)
