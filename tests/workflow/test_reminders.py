"""Reminding: a digest a day to who has an address, urgent letters at once, and lateness told to the post above."""

from datetime import date, datetime, timedelta
from smtplib import SMTPException
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django_q.models import Schedule

from accounts.models import User
from acts.engine import move
from acts.jobs import run_queued_jobs
from acts.models import Entry, Job
from agreements.models import Agreement
from agreements.stages import Pen, Stage
from fiscal.models import Deadline, FiscalYear, Holiday
from orgunits.models import Post
from tests.workflow.test_amendment import Amending, lowered
from workflow import jobs
from workflow.escalation import days_late, escalate, escalated_to, post_above
from workflow.lifecycle import TABLE
from workflow.models import Escalation, Letter
from workflow.reminders import digest_of, have_the_pen, send_digest, send_urgent

BANGKOK = ZoneInfo("Asia/Bangkok")
THURSDAY = datetime(2026, 10, 1, 18, 0, tzinfo=BANGKOK)  # after every walk


@pytest.fixture(autouse=True)
def mails(settings, world):
    settings.MAILS_GO_OUT, settings.PUBLIC_URL = True, "https://agreements.example:8443"
    User.objects.update(email="")


def address(person):
    User.objects.filter(pk=person.pk).update(email=f"{person.username}@police.example")
    return User.objects.get(pk=person.pk)


def due(day, key="submission"):
    Deadline.objects.filter(key=key).update(due=day, moved_from=None)


def late_draft(world, **columns):
    """The draft of บก.ตม.1, in the hand of its staff since 1 October, due two days before."""
    draft = world.agreement(Stage.DRAFT)
    Agreement.objects.filter(pk=draft.pk).update(pen_since=THURSDAY, **columns)
    FiscalYear.objects.update(escalate_after=5)
    due(date(2026, 9, 29))
    return Agreement.objects.for_list().get(pk=draft.pk)


# The digest


def test_a_digest_tells_what_waits_and_what_is_late_once_a_day(world):
    late_draft(world)
    staff = address(world.people.staff)
    for _again in range(2):
        send_digest(staff, day=date(2026, 10, 1), at=THURSDAY)

    (letter,) = mail.outbox
    assert letter.to == ["kamolchanok@police.example"]
    assert letter.subject == "๑ ต.ค. ๒๕๖๙: งานรอท่าน ๑ เรื่อง ล่าช้า ๑ เรื่อง"
    assert "เรียน พันตำรวจโทหญิง กมลชนก ใจดี" in letter.body
    assert "กองบังคับการตรวจคนเข้าเมือง ๑" in letter.body
    assert "ล่าช้า: ครบกำหนดเมื่อ ๒๙ ก.ย. ๒๕๖๙ พ้นมาแล้ว ๒ วัน" in letter.body
    assert letter.body.rstrip().count("https://agreements.example:8443") == 1
    kept = Letter.objects.get()
    assert (kept.person, kept.day, kept.sent_at, kept.agreement) == (staff, date(2026, 10, 1), THURSDAY, None)
    assert letter.extra_headers["Message-ID"] == f"<letter-{kept.pk}@agreements.example>"

    send_digest(staff, day=date(2026, 10, 2), at=THURSDAY + timedelta(days=1))
    assert len(mail.outbox) == 2


def test_who_has_nothing_to_do_no_address_or_no_account_gets_no_letter(world):
    late_draft(world)
    office, staff = address(world.people.office), world.people.staff
    closed = address(world.people.neighbour)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    for person in (office, staff, User.objects.get(pk=closed.pk)):
        send_digest(person, day=date(2026, 10, 1), at=THURSDAY)
    assert mail.outbox == []
    assert not Letter.objects.exists()


def test_a_letter_that_the_server_refused_goes_when_it_is_tried_again(world, monkeypatch):
    late_draft(world)
    staff = address(world.people.staff)

    def refuse(self, messages):
        raise SMTPException("busy")

    with monkeypatch.context() as server:
        server.setattr(EmailBackend, "send_messages", refuse)
        with pytest.raises(SMTPException):
            send_digest(staff, day=date(2026, 10, 1), at=THURSDAY)
    assert Letter.objects.get().sent_at is None
    send_digest(staff, day=date(2026, 10, 1), at=THURSDAY)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("now", "letters"),
    [
        (datetime(2026, 10, 2, 7, 0, tzinfo=BANGKOK), 1),
        (datetime(2026, 10, 3, 7, 0, tzinfo=BANGKOK), 0),  # a Saturday
        (datetime(2026, 10, 5, 7, 0, tzinfo=BANGKOK), 0),  # a holiday
    ],
)
def test_the_morning_writes_on_working_days_to_each_once(world, monkeypatch, now, letters):
    late_draft(world)
    address(world.people.staff)
    Holiday.objects.create(day=date(2026, 10, 5), name="วันหยุดพิเศษ")
    monkeypatch.setattr(jobs.timezone, "now", lambda: now)
    Job.objects.all().delete()
    for _again in range(2):
        jobs.ask_morning()
        run_queued_jobs()
    assert len(mail.outbox) == letters


def test_the_scheduler_asks_every_morning(world):
    assert Schedule.objects.get(name="workflow.morning").func == "workflow.jobs.ask_morning"


def test_a_digest_tells_of_an_amendment_whose_turn_is_theirs(world):
    amending = Amending(world)
    amending.propose(lowered(amending.line))
    amending.go("ask", "office")
    people = [address(each) for each in (world.people.negotiator, world.people.superior)]
    for person in people:
        send_digest(person, day=date(2026, 10, 1), at=amending.at())

    (letter,) = mail.outbox
    assert letter.to == [people[0].email]
    assert letter.subject == "๑ ต.ค. ๒๕๖๙: งานรอท่าน ๑ เรื่อง"
    assert "กองบังคับการตรวจคนเข้าเมือง ๑" in letter.body
    assert "แก้ไขเพิ่มเติมครั้งที่ ๑ รอท่านตั้งแต่" in letter.body


# At once


def handed_over(world, agreement):
    move(TABLE, agreement, "hand_to_office", actor=world.people.staff, at=THURSDAY, version=agreement.version)
    return Agreement.objects.for_list().get(pk=agreement.pk)


def test_what_is_due_at_once_is_told_at_once_and_once(world):
    draft = late_draft(world)
    office, staff = address(world.people.office), address(world.people.staff)
    after = handed_over(world, draft)
    asked = Job.objects.get(name="workflow.urgent")
    assert asked.payload["came_back"] is False
    for _again in range(2):
        send_urgent(after, since=after.pen_since, came_back=False, at=THURSDAY)

    (letter,) = mail.outbox
    assert letter.to == [office.email]
    assert letter.subject == "ด่วน: คำรับรอง บก.ตม.๑ ๒๕๗๐ มาถึงท่านแล้ว"
    assert staff.email not in letter.body
    assert have_the_pen(after, THURSDAY) == [office]


@pytest.mark.parametrize(("days", "came_back", "letters"), [(2, False, 1), (3, False, 0), (30, True, 1)])
def test_what_has_time_waits_for_the_morning_unless_it_came_back(world, days, came_back, letters):
    draft = late_draft(world)
    address(world.people.office)
    after = handed_over(world, draft)
    due(THURSDAY.date() + timedelta(days=days))
    after = Agreement.objects.for_list().get(pk=after.pk)
    send_urgent(after, since=after.pen_since, came_back=came_back, at=THURSDAY)
    assert len(mail.outbox) == letters


def test_what_has_passed_on_meanwhile_is_told_to_nobody(world):
    draft = late_draft(world)
    address(world.people.office)
    after = handed_over(world, draft)
    send_urgent(after, since=after.pen_since - timedelta(minutes=1), came_back=True, at=THURSDAY)
    assert mail.outbox == []


def test_where_no_mail_goes_out_nothing_is_asked_for(world, settings):
    settings.MAILS_GO_OUT = False
    handed_over(world, late_draft(world))
    assert not Job.objects.filter(name="workflow.urgent").exists()


# Upwards


def test_lateness_is_told_to_the_post_above_after_some_days_once_for_each_turn(world):
    draft, head = late_draft(world), world.people.head
    assert escalate(at=THURSDAY + timedelta(days=4)) == []
    at = THURSDAY + timedelta(days=5)
    (told,) = escalate(at=at)
    assert (told.agreement, told.post.unit.code, told.post.kind) == (draft, "IMM-D1", Post.Kind.HEAD)
    assert escalate(at=at + timedelta(days=9)) == []
    (entry,) = Entry.objects.about(draft).filter(act="escalate")
    assert (entry.actor_text, entry.text) == ("ระบบ", told.post.title_th)

    assert list(escalated_to(head, at)) == [draft]
    assert not escalated_to(world.people.neighbours_head, at).exists()
    assert [each.agreement for each in digest_of(head, at).escalated] == [draft]
    # Put off, or in another hand, it is nobody's lateness any more.
    due(date(2026, 12, 1))
    assert not escalated_to(head, at).exists()
    due(date(2026, 9, 29))
    Agreement.objects.filter(pk=draft.pk).update(pen=Pen.OFFICE, pen_since=at)
    assert not escalated_to(head, at).exists()
    assert escalate(at=at + timedelta(days=4)) == []
    assert len(escalate(at=at + timedelta(days=5))) == 1
    assert Escalation.objects.count() == 2


def test_a_year_that_tells_nobody_tells_nobody(world):
    late_draft(world)
    FiscalYear.objects.update(escalate_after=None)
    assert escalate(at=THURSDAY + timedelta(days=300)) == []


@pytest.mark.parametrize(
    ("code", "pen", "unit"),
    [
        ("IMM-D1", Pen.STAFF, "IMM-D1"),
        ("IMM-D1", Pen.OFFICE, "IMM-D1"),
        ("IMM-D1", Pen.HEAD, "IMM"),
        ("IMM-D1", Pen.NEGOTIATOR, "IMM"),
        ("IMM-D1", Pen.EVALUATOR, "IMM"),
        ("IMM-D1", Pen.SUPERIOR, "RTP"),
        ("IMM", Pen.HEAD, "RTP"),
        ("IMM", Pen.SUPERIOR, None),
    ],
)
def test_the_post_above_is_the_head_of_those_who_work_and_the_superior_of_a_head(world, code, pen, unit):
    agreement = world.agreement(Stage.DRAFT, code=code)
    agreement.pen = pen
    post = post_above(agreement)
    assert (post and post.unit.code) == unit


def test_lateness_counts_from_when_it_came_into_the_hand(world):
    draft = late_draft(world)
    assert days_late(draft, date(2026, 9, 29), date(2026, 10, 4)) == 3
    assert days_late(draft, date(2026, 10, 3), date(2026, 10, 4)) == 1


def test_a_letter_has_no_holes_and_nothing_behind_its_end(world):
    late_draft(world)
    send_digest(address(world.people.staff), day=THURSDAY.date(), at=THURSDAY)
    [letter] = mail.outbox
    assert "\n\n\n" not in letter.body
    assert letter.body == letter.body.strip() + "\n"
    assert "\n  " in letter.body, "what belongs to a line stands under it"
