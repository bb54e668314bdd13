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
from workflow.appeal_days import end_appeal_days
from workflow.drafting import DRAFT_ALL, draft_for_all
from workflow.escalation import escalate
from workflow.models import Reminding
from workflow.remind_late import REMIND
from workflow.reminders import TAKEN, URGENT, send_digest, send_reminders, send_taken, send_urgent

MORNING, DIGEST, APPEAL_DAYS = "workflow.morning", "workflow.digest", "workflow.appeal_days"


@job(DRAFT_ALL)
def draft_all(progress, year, by):
    """Make the drafts that a year lacks; run again, it makes those that are still missing."""
    draft_for_all(FiscalYear.objects.get(pk=year), by=User.objects.get(pk=by), at=timezone.now(), progress=progress)


@job(APPEAL_DAYS)
def appeal_days(progress):
    """Where the days to appeal have passed without an appeal it is the superior's turn to close."""
    end_appeal_days(at=timezone.now())


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


@job(REMIND)
def reminded(progress, reminding):
    """The letters of one reminding."""
    send_reminders(Reminding.objects.get(pk=reminding), at=timezone.now())


@job(TAKEN)
def taken(progress, agreement, since):
    found = Agreement.objects.for_list().get(pk=agreement)
    send_taken(found, since=datetime.fromisoformat(since), at=timezone.now())


def ask_morning():
    """What the scheduler calls."""
    queue(MORNING, key=timezone.localdate().isoformat())


every_day(MORNING, ask_morning, at=time(7, 0))


def ask_appeal_days():
    """What the scheduler calls."""
    queue(APPEAL_DAYS, key=timezone.localdate().isoformat())


every_day(APPEAL_DAYS, ask_appeal_days, at=time(0, 20))
