"""Every night the head of the log is published, and what nobody needs any more goes."""

from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler

from acts.append_only import triggers_down
from acts.daily import publish_head, tidy
from acts.jobs import run_queued_jobs
from acts.log import acting
from acts.models import Entry, IdempotencyKey, Job, PublishedHead

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 1)


@pytest.fixture
def two_acts(parcel, clerk, at):
    for number in range(2):
        with acting(clerk, at=at) as record:
            record("shop.weigh", parcel, change={"weight": [number, number + 1]})


def test_the_last_entry_is_published_once_for_each_day(two_acts, parcel, clerk, at):
    first = publish_head(DAY, at=at)
    assert (first.sequence, first.own_hash) == (2, Entry.objects.get(sequence=2).own_hash)

    with acting(clerk, at=at) as record:
        record("shop.weigh", parcel)
    assert publish_head(DAY, at=at) == first
    assert publish_head(DAY + timedelta(days=1), at=at).sequence == 3


def test_an_empty_log_has_nothing_to_publish(at):
    assert publish_head(DAY, at=at) is None
    assert not PublishedHead.objects.exists()


def test_what_was_published_cannot_be_changed(two_acts, at):
    publish_head(DAY, at=at)
    for change in (PublishedHead.objects.update, PublishedHead.objects.all().delete):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change(**({"own_hash": "0" * 64} if change == PublishedHead.objects.update else {}))


def test_a_log_without_what_was_published_is_found_out(two_acts, at, capsys):
    publish_head(DAY, at=at)
    call_command("verify_audit")
    with triggers_down():
        Entry.objects.filter(sequence=2).delete()
    with pytest.raises(CommandError, match="2026-10-01"):
        call_command("verify_audit")


def test_old_keys_ended_sessions_and_jobs_done_long_ago_go_and_the_others_stay(at):
    for key, days in (("0" * 32, 8), ("1" * 32, 6)):
        IdempotencyKey.objects.create(key=key, at=at - timedelta(days=days))
        Session.objects.create(session_key=key, session_data="", expire_date=at + timedelta(days=7 - days))
        asked = at - timedelta(days=83 + days)
        Job.objects.create(name="n", key=key, state="done", queued_at=asked, finished_at=asked)
        Job.objects.create(name="failed", key=key, state="failed", queued_at=asked, finished_at=asked)

    tidy(at=at)

    assert [each.key for each in IdempotencyKey.objects.all()] == ["1" * 32]
    assert [each.session_key for each in Session.objects.all()] == ["1" * 32]
    assert Job.objects.filter(name="n").get().key == "1" * 32
    assert Job.objects.filter(name="failed").count() == 2


@pytest.mark.django_db(transaction=True)  # the scheduler closes its connections
def test_the_worker_asks_for_it_by_itself_every_day(two_acts):
    planned = Schedule.objects.get(name="acts.daily")
    assert (timezone.localtime(planned.next_run).time().isoformat("minutes"), planned.repeats) == ("00:10", -1)

    Schedule.objects.filter(pk=planned.pk).update(next_run=timezone.now() - timedelta(minutes=1))
    scheduler()
    assert OrmQ.objects.count() == 1
    run_queued_jobs()

    head = PublishedHead.objects.get()
    assert (head.day, head.sequence) == (timezone.localdate() - timedelta(days=1), 2)
    planned.refresh_from_db()
    assert planned.next_run > timezone.now()
