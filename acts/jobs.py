"""Slow work: queued in the transaction that asks for it, done once, by a worker that may be killed at any moment.

Two rows stand for one job. django-q2's row is its delivery: it comes again when a worker died with it or failed. Ours is
the truth: a run claims it by compare-and-set and holds a lease, so that a second delivery neither does it beside the
first nor does it again.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_q.brokers.orm import ORM
from django_q.models import OrmQ
from django_q.tasks import async_task

from acts.logs import current_job
from acts.models import Job
from thai.language import in_thai

logger = logging.getLogger(__name__)
State = Job.State
Work = Callable[..., object]

REGISTRY: dict[str, Work] = {}


class ClaimLost(Exception):
    """Another run has taken the job over; what this one would write is void."""


def job(name: str) -> Callable[[Work], Work]:
    """Register a function `(progress, **payload)` under a name, in the app's `jobs.py`.

    It may be run again after a kill, so it does nothing twice: it looks first, or ends in `progress.finishing()`.
    """

    def register(work: Work) -> Work:
        if name in REGISTRY:
            raise ValueError(f"Two jobs are called {name}.")
        REGISTRY[name] = work
        return work

    return register


def queue(name: str, *, key: str, **payload: Any) -> Job:
    """Ask for a job, in the caller's transaction: if that rolls back, nobody has asked.

    While one with the same name and key is unfinished, that one is returned. `payload` must be JSON. As a running job
    may have read the old state already, let `key` name the content (a hash), not only the thing.
    """
    REGISTRY[name]
    with transaction.atomic():
        try:
            with transaction.atomic():
                asked = Job.objects.create(name=name, key=key, payload=payload, queued_at=timezone.now())
        except IntegrityError:
            return _unfinished(name, key) or queue(name, key=key, **payload)
        deliver(asked)
        return asked


def queue_again(failed: Job) -> Job:
    """A person presses "try again": a failed job is queued anew, an unfinished one delivered once more."""
    if failed.is_finished:
        return queue(failed.name, key=failed.key, **failed.payload)
    with transaction.atomic():
        deliver(failed)
    return failed


def deliver(asked: Job, *, not_before: datetime | None = None) -> None:
    """Put a delivery into the queue, on the connection and in the transaction of the caller. Safe to repeat."""
    async_task("acts.jobs.run", asked.pk, task_name=str(asked)[:100], broker=_Queue(not_before or timezone.now()))


class _Queue(ORM):
    """django-q2's own queue in the database, for deliveries that are due at a time."""

    def __init__(self, due: datetime) -> None:
        super().__init__()
        self.due = due

    def enqueue(self, task: str) -> int:
        return self.get_connection().create(key=self.list_key, payload=task, lock=self.due).pk


def run(job_id: int) -> None:
    """Do one job: what a worker calls. Returns at once if it is done; a failure is kept, shown and raised."""
    claimed = _claim(job_id, timezone.now())
    if claimed is None:
        return
    progress = Progress(claimed)
    token = current_job.set(str(claimed.pk))
    try:
        with in_thai():  # whoever asked for it
            REGISTRY[claimed.name](progress, **claimed.payload)
        progress.close()
    except BaseException as error:
        # BaseException, because the worker's time limit comes as a SystemExit.
        _keep_failure(claimed, error)
        raise
    finally:
        current_job.reset(token)


def run_queued_jobs() -> int:
    """Do what is queued and due, here and now, for real; how many deliveries there were. For tests and the demo."""
    count = 0
    while (delivery := OrmQ.objects.filter(lock__lte=timezone.now()).order_by("pk").first()) is not None:
        task = delivery.task
        import_string(task["func"])(*task["args"], **task["kwargs"])
        delivery.delete()
        count += 1
    return count


class Progress:
    """What a running job holds: tells how far it is, and ends it. Every write is void once the claim is lost."""

    def __init__(self, claimed: Job) -> None:
        self.job = claimed
        self._closed = False

    def __call__(self, done: int, total: int | None = None) -> None:
        """Show how far the job is. Call it between transactions, so that others can see it."""
        self._write(done=done, **({} if total is None else {"total": total}))

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """Write the outcome and "done" in one transaction: both or neither, once even after a kill."""
        with transaction.atomic():
            self.close()
            yield

    def close(self) -> None:
        """Mark the job done, unless `finishing()` did."""
        if not self._closed:
            self._write(state=State.DONE, error="", lease_until=None, finished_at=timezone.now())
            self._closed = True

    def _write(self, **columns: Any) -> None:
        if not _held(self.job).update(**columns):
            raise ClaimLost(str(self.job))


def _held(claimed: Job) -> Any:
    """The job's row as long as this run is the one that holds it."""
    return Job.objects.filter(pk=claimed.pk, attempt=claimed.attempt, state=State.RUNNING)


def _unfinished(name: str, key: str) -> Job | None:
    return Job.objects.filter(name=name, key=key, state__in=Job.UNFINISHED).first()


def _claim(job_id: int, now: datetime) -> Job | None:
    """Take the job for one run; None if there is nothing to do now."""
    found = Job.objects.get(pk=job_id)
    if found.is_finished:
        return None
    if found.attempt >= settings.Q_CLUSTER["max_attempts"]:
        end = {"state": State.FAILED, "error": found.error or _stopped(found), "lease_until": None, "finished_at": now}
        return None if _free(found, now).update(**end) else _come_again(found)
    begin = {"state": State.RUNNING, "attempt": F("attempt") + 1, "lease_until": now + _lease(), "done": 0}
    if not _free(found, now).update(**begin):
        return _come_again(found)
    found.refresh_from_db()
    return found


def _free(found: Job, now: datetime) -> Any:
    """The job's row if nobody is at it: waiting, or left behind by a worker that is dead."""
    waiting = Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lt=now)
    return Job.objects.filter(waiting, pk=found.pk, attempt=found.attempt)


def _come_again(found: Job) -> None:
    """Somebody else is at it. This delivery ends here, so another one looks after them when their lease is over."""
    found.refresh_from_db()
    if found.lease_until is not None:
        deliver(found, not_before=found.lease_until)


def _stopped(found: Job) -> str:
    return _("The worker was stopped while doing this, %(times)s times.") % {"times": found.attempt}


def _lease() -> timedelta:
    """Longer than a worker lives with one job, shorter than the wait for the next delivery."""
    return timedelta(seconds=(settings.Q_CLUSTER["timeout"] + settings.Q_CLUSTER["retry"]) / 2)


def _keep_failure(claimed: Job, error: BaseException) -> None:
    logger.exception("Job %s failed, attempt %s", claimed, claimed.attempt)
    text = "".join(traceback.format_exception_only(error)).strip()
    last = claimed.attempt >= settings.Q_CLUSTER["max_attempts"]
    end = {"state": State.FAILED, "finished_at": timezone.now()} if last else {"state": State.QUEUED}
    _held(claimed).update(error=text, lease_until=None, **end)
