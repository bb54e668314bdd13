"""Slow work of this floor, done by a worker."""

from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from acts.daily import every_day
from acts.jobs import job, queue
from agreements.models import Agreement
from fiscal.holidays import days_off, is_workday
from fiscal.models import FiscalYear
from workflow.drafting import DRAFT_ALL, draft_for_all
from workflow.escalation import escalate
from workflow.reminders import URGENT, send_digest, send_urgent

MORNING, DIGEST = "workflow.morning", "workflow.digest"


@job(DRAFT_ALL)
def draft_all(progress, year, by):
    """Make the drafts that a year lacks; run again, it makes those that are still missing."""
    draft_for_all(FiscalYear.objects.get(pk=year), by=User.objects.get(pk=by), at=timezone.now(), progress=progress)


@job(MORNING)
def morning(progress):
    """What each morning brings: superiors are told of lateness; on working days a digest is asked for, person by person."""
    at = timezone.now()
    escalate(at=at)
    today = timezone.localdate(at)
    if settings.MAILS_GO_OUT and is_workday(today, days_off()):
        for pk in User.objects.filter(is_active=True).exclude(email="").values_list("pk", flat=True):
            queue(DIGEST, key=f"{today.isoformat()}:{pk}", person=pk, day=today.isoformat())


@job(DIGEST)
def digest(progress, person, day):
    """A digest that comes too late, after an outage, is left out: the next one says the same."""
    at = timezone.now()
    if timezone.localdate(at).isoformat() == day:
        send_digest(User.objects.get(pk=person), day=date.fromisoformat(day), at=at)


@job(URGENT)
def urgent(progress, agreement, since, came_back):
    found = Agreement.objects.for_list().get(pk=agreement)
    send_urgent(found, since=datetime.fromisoformat(since), came_back=came_back, at=timezone.now())


def ask_morning():
    """What the scheduler calls."""
    queue(MORNING, key=timezone.localdate().isoformat())


every_day(MORNING, ask_morning, at=time(7, 0))
