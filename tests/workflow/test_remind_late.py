"""Reminding who is late: who may, of what, once a day for each agreement; one letter to each hand; on record."""

from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from accounts.models import User
from acts.idempotency import new_key
from acts.jobs import run_queued_jobs
from acts.models import Entry, Job
from acts.refusals import AlreadyDone, Conflict, Refused
from agreements.models import Agreement
from agreements.stages import Stage
from fiscal.models import Deadline
from orgunits.models import OrgUnit, UnitUserGrant
from tests.world import YEAR
from workflow.models import Letter, Reminder
from workflow.remind_late import late_ones, remind
from workflow.reminders import send_digest, send_reminders

NOW = datetime(2026, 10, 5, 10, 12, tzinfo=ZoneInfo("Asia/Bangkok"))
DUE = date(2026, 10, 2)
LATE = "2570-IMM-D1"


@pytest.fixture(autouse=True)
def mails(settings, world):
    settings.MAILS_GO_OUT, settings.PUBLIC_URL = True, "https://agreements.example"
    User.objects.update(email="")
    User.objects.filter(username="kamolchanok").update(email="kamolchanok@police.example")


@pytest.fixture
def late(world):
    """The agreement of บก.ตม.1, with its staff to answer offers; the negotiation was due three days ago."""
    walked = world.walk("IMM-D1").to(Stage.INFORMAL, "staff")
    Deadline.objects.update(due=DUE, moved_from=None)
    return walked


def imm():
    return OrgUnit.objects.get(code="IMM")


def press(world, who, codes=(LATE,), unit=None, at=NOW, **more):
    return remind(unit or imm(), YEAR, codes, actor=world.people.get(who), at=at, **more)


@pytest.mark.parametrize("who", ["negotiator", "evaluator", "superior", "planner"])
def test_who_looks_after_it_from_outside_reminds(world, late, who):
    assert [each.code for each in late_ones(world.people.get(who), imm(), YEAR, NOW)] == [LATE]
    press(world, who)
    (reminder,) = Reminder.objects.all()
    assert (reminder.agreement.code, reminder.due, reminder.day) == (LATE, DUE, NOW.date())


@pytest.mark.parametrize("who", ["auditor", "command_staff", "administrator", "nobody"])
def test_who_only_looks_on_reminds_nobody(world, late, who):
    with pytest.raises(Refused) as refused:
        press(world, who)
    assert "ไม่มีหน้าที่ทวง" in str(refused.value)
    assert not Reminder.objects.exists()


@pytest.mark.parametrize(
    "who", ["staff", "head", "neighbour", "headquarters_negotiator", "stranger", "neighbours_head"]
)
def test_neither_its_own_people_nor_those_elsewhere_remind_of_it(world, late, who):
    with pytest.raises((Refused, Conflict)):
        press(world, who)
    assert not Reminder.objects.exists()


def test_nothing_is_sent_about_a_draft_that_the_sender_cant_know_of(world):
    """The planning office knows of it from submission on; the counterpart knows that it is there."""
    world.agreement(Stage.DRAFT)
    Deadline.objects.update(due=DUE, moved_from=None)
    with pytest.raises(Conflict, match="ไม่มีรายการใดค้างอยู่แล้ว"):
        press(world, "planner")
    assert not Reminder.objects.exists()
    press(world, "negotiator")
    assert Reminder.objects.get().agreement.code == LATE


def test_what_waits_for_the_sender_isnt_reminded_of(world):
    world.agreement(Stage.INFORMAL, "negotiator")
    Deadline.objects.update(due=DUE, moved_from=None)
    assert not late_ones(world.people.negotiator, imm(), YEAR, NOW).exists()
    assert late_ones(world.people.evaluator, imm(), YEAR, NOW).exists()


def test_what_is_elsewhere_in_time_or_isnt_late_isnt_reminded_of(world, late):
    Deadline.objects.update(due=NOW.date())
    with pytest.raises(Conflict):
        press(world, "negotiator")
    Deadline.objects.update(due=DUE)
    with pytest.raises(Conflict):
        press(world, "planner", unit=OrgUnit.objects.get(code="CIB"))


def test_once_a_day_for_each_agreement_whoever_reminds(world, late):
    press(world, "negotiator")
    with pytest.raises(Conflict) as conflict:
        press(world, "planner", at=NOW + timedelta(hours=2))
    assert str(conflict.value) == ("วันนี้ทวงไปแล้ว ครั้งล่าสุดเวลา 10.12 น. โดย พ.ต.อ. ธนา ศรีสุข คำรับรองแต่ละฉบับทวงได้วันละครั้ง")
    assert Reminder.objects.count() == Entry.objects.filter(act="remind").count() == 1
    press(world, "planner", at=NOW + timedelta(days=1))
    assert Reminder.objects.count() == 2


def test_the_same_form_has_its_effect_once(world, late):
    key = new_key()
    press(world, "negotiator", idempotency=key)
    with pytest.raises(AlreadyDone):
        press(world, "negotiator", idempotency=key)
    assert Reminder.objects.count() == 1


def test_it_is_on_record_with_who_was_reminded(world, late):
    press(world, "negotiator")
    (entry,) = Entry.objects.about(Agreement.objects.get(code=LATE)).filter(act="remind")
    assert (entry.actor_id, entry.text) == (world.people.negotiator.pk, "พ.ต.ท.หญิง กมลชนก ใจดี")


def test_whoever_holds_several_gets_one_letter_with_all_of_them(world, late):
    world.walk("IMM-D2").to(Stage.INFORMAL, "staff")
    second = UnitUserGrant.objects.filter(user__username="napat")
    second.update(user=world.people.staff)
    Deadline.objects.update(due=DUE, moved_from=None)

    made = press(world, "negotiator", codes=(LATE, "2570-IMM-D2"))
    for _again in range(2):
        send_reminders(made, at=NOW)

    (letter,) = mail.outbox
    assert letter.to == ["kamolchanok@police.example"]
    assert letter.subject == "ทวงงานค้าง: งานเกินกำหนดรอท่าน ๒ เรื่อง"
    assert "พันตำรวจเอก ธนา ศรีสุข ขอทวงงานที่เกินกำหนด" in letter.body
    assert "กองบังคับการตรวจคนเข้าเมือง ๑" in letter.body
    assert "กองบังคับการตรวจคนเข้าเมือง ๒" in letter.body
    assert "ครบกำหนดเมื่อ ๒ ต.ค. ๒๕๖๙ พ้นมาแล้ว ๓ วัน" in letter.body


def test_the_letter_goes_by_a_worker_and_stands_beside_the_days_digest(world, late, monkeypatch):
    Job.objects.all().delete()
    monkeypatch.setattr("workflow.jobs.timezone.now", lambda: NOW)
    press(world, "negotiator")
    run_queued_jobs()
    send_digest(world.people.staff, day=NOW.date(), at=NOW)
    assert len(mail.outbox) == Letter.objects.filter(person__username="kamolchanok").count() == 2


def test_who_has_handed_it_on_meanwhile_gets_no_letter(world, late):
    made = press(world, "negotiator")
    Agreement.objects.filter(code=LATE).update(pen_since=NOW, pen="office")
    send_reminders(made, at=NOW)
    assert mail.outbox == []


def test_where_nobody_holds_the_pen_nobody_is_said_to_have_been_reminded(world, late):
    UnitUserGrant.objects.filter(user__username="kamolchanok").delete()
    with pytest.raises(Conflict, match="ไม่มีผู้ดำรง"):
        press(world, "negotiator")
    assert not Reminder.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_reminds(world, late, at_once):
    def one(who):
        try:
            return press(world, who)
        except Conflict:
            return None

    answers = at_once(partial(one, "negotiator"), partial(one, "planner"))
    assert sum(answer is not None for answer in answers) == 1
    assert Reminder.objects.count() == Entry.objects.filter(act="remind").count() == 1
