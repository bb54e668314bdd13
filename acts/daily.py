"""What is done every night: the head of the log is published, and what nobody needs any more is tidied away.

django-q's scheduler asks for it (the schedule is made after `migrate`); a worker that was down at midnight does it once
when it is back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connections
from django.utils import timezone

from acts.jobs import Progress, job, queue
from acts.models import Entry, IdempotencyKey, Job, PublishedHead
from acts.waiting import sweep

DAILY = "acts.daily"
# {name: (the function that asks for it, time of day)} of what is scheduled, by whichever floor.
SCHEDULED: dict[str, tuple[str, time]] = {}
# A form that is sent again after so long has nothing to do with the one that was sent before.
FORMS_REMEMBERED_FOR = timedelta(days=7)
JOBS_REMEMBERED_FOR = timedelta(days=90)


def publish_head(day: date, *, at: datetime) -> PublishedHead | None:
    """Publish the hash of the last entry on record, as the head of the log at the end of `day`; once for each day.

    None while the log is empty. From then on no entry up to this one can be altered, or cut off, without a trace.
    """
    last = Entry.objects.order_by("-sequence").first()
    if last is None:
        return None
    said = {"sequence": last.sequence, "own_hash": last.own_hash, "published_at": at}
    return PublishedHead.objects.get_or_create(day=day, defaults=said)[0]


def tidy(*, at: datetime) -> None:
    """Forget the forms sent long ago, the sessions that are over, the jobs done long ago, the files nobody came back for."""
    IdempotencyKey.objects.filter(at__lt=at - FORMS_REMEMBERED_FOR).delete()
    Session.objects.filter(expire_date__lt=at).delete()
    Job.objects.filter(state=Job.State.DONE, finished_at__lt=at - JOBS_REMEMBERED_FOR).delete()
    sweep(at=at)


@job(DAILY)
def daily(progress: Progress) -> None:
    at = timezone.now()
    publish_head(timezone.localdate(at) - timedelta(days=1), at=at)
    tidy(at=at)


def ask() -> None:
    """What the scheduler calls."""
    queue(DAILY, key=timezone.localdate().isoformat())


def every_day(name: str, ask: Callable[[], object], *, at: time) -> None:
    """Have the scheduler call `ask`, a function of a module, every day from this time of day on."""
    SCHEDULED[name] = (f"{ask.__module__}.{ask.__qualname__}", at)


every_day(DAILY, ask, at=time(0, 10))


def schedule_after_migrate(*, using: str, **_kwargs: Any) -> None:
    """Receiver of post_migrate: the schedules are there as soon as django-q's table is."""
    from django_q.models import Schedule

    if Schedule._meta.db_table not in connections[using].introspection.table_names():
        return
    for name, (function, time_of_day) in SCHEDULED.items():
        first = timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=1), time_of_day))
        asked = {"func": function, "schedule_type": Schedule.DAILY, "next_run": first}
        Schedule.objects.using(using).get_or_create(name=name, defaults=asked)
