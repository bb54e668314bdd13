"""Workers at once on one morning, on both databases: each letter goes once, each superior is told once."""

import time
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db.models import Q

from accounts.models import User
from acts.models import Entry
from agreements.models import Agreement
from agreements.stages import Stage
from fiscal.models import Deadline, FiscalYear
from workflow import reminders
from workflow.escalation import escalate
from workflow.models import Escalation, Letter
from workflow.reminders import CLAIMED_FOR, send_digest

pytestmark = pytest.mark.django_db(transaction=True)
MORNING = datetime(2026, 10, 9, 7, 0, tzinfo=ZoneInfo("Asia/Bangkok"))
WORKERS = 4


@pytest.fixture
def staff(world, monkeypatch):
    """Somebody with an address and a late draft; the mail server takes its time."""
    draft = world.agreement(Stage.DRAFT)
    Agreement.objects.filter(pk=draft.pk).update(pen_since=world.at())
    FiscalYear.objects.update(escalate_after=5)
    Deadline.objects.filter(key="submission").update(due=date(2026, 9, 29), moved_from=None)
    User.objects.filter(username="kamolchanok").update(email="kamolchanok@police.example")
    send = EmailBackend.send_messages

    def take_time(self, messages):
        time.sleep(0.3)
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", take_time)
    return world.people.staff


def test_of_many_workers_one_sends_the_letter(staff, at_once):
    answers = at_once(*[partial(send_digest, staff, day=MORNING.date(), at=MORNING)] * WORKERS)
    assert answers == [None] * WORKERS
    assert len(mail.outbox) == 1
    assert Letter.objects.get().sent_at == MORNING


def test_without_the_claim_more_than_one_would(staff, at_once, monkeypatch):
    monkeypatch.setattr(reminders, "unclaimed", lambda at: Q())
    at_once(*[partial(send_digest, staff, day=MORNING.date(), at=MORNING)] * WORKERS)
    assert len(mail.outbox) > 1


def test_a_letter_that_a_killed_worker_had_claimed_goes_once_the_claim_is_over(staff):
    claimed = {"person": staff, "day": MORNING.date(), "made_at": MORNING, "claimed_until": MORNING + CLAIMED_FOR}
    Letter.objects.create(**claimed)
    send_digest(staff, day=MORNING.date(), at=MORNING + CLAIMED_FOR)
    assert mail.outbox == []
    send_digest(staff, day=MORNING.date(), at=MORNING + CLAIMED_FOR + CLAIMED_FOR)
    assert len(mail.outbox) == 1


def test_of_many_workers_one_tells_the_superior(staff, at_once):
    answers = at_once(*[partial(escalate, at=MORNING)] * WORKERS)
    assert sorted(len(answer) for answer in answers) == [0] * (WORKERS - 1) + [1]
    assert Escalation.objects.count() == Entry.objects.filter(act="escalate").count() == 1
