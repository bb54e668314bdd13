"""The pages of a report that is entered from paper: taking it in, writing it, what both sides see, taking it back."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from acts.idempotency import new_key
from agreements.models import Agreement
from agreements.stages import Pen
from results.models import PaperEntry, Result
from tests.results.three_lines import three_lines
from thai.dates import thai_date
from thai.numbers import to_arabic
from workflow.reminders import send_taken

D1 = "2570-IMM-D1"
LAST = (D1, 3)
NUMBER, WHY = "ตม.1 0029.12/881", "ระบบของหน่วยขัดข้อง"
SAID = f"บันทึกโดยผู้ประเมิน พ.ต.ต. วิชัย ตั้งตรง จากเอกสาร {NUMBER} ลงวันที่"


@pytest.fixture
def agreement(world):
    return three_lines(world)


@pytest.fixture
def taking(world, agreement, send):
    """Sends the form by which the evaluator takes the report in; `more`: other values of its fields."""

    def sent(who="evaluator", **more):
        now = Agreement.objects.get(pk=agreement.pk)
        typed = {"document_number": NUMBER, "document_date": thai_date(timezone.localdate(), "medium"), "reason": WHY}
        typed |= {"version": now.version, "idempotency": new_key()} | more
        return send(world.people.get(who), "desk:move", D1, "take_from_paper", **typed)

    return sent


def make(world, send, who, name):
    now = Agreement.objects.get(code=D1)
    return send(world.people.get(who), "desk:move", D1, name, version=now.version, idempotency=new_key())


def test_the_way_in_is_shown_to_evaluators_while_the_staff_have_the_report(world, visit, words, agreement):
    assert "บันทึกรายงานจากเอกสาร" in words(visit(world.people.evaluator, "desk:report", *LAST))
    for who in ("staff", "office", "head", "superior", "negotiator", "planner", "auditor"):
        assert "บันทึกรายงานจากเอกสาร" not in words(visit(world.people.get(who), "desk:report", *LAST))
    Agreement.objects.filter(pk=agreement.pk).update(pen=Pen.OFFICE)
    assert "บันทึกรายงานจากเอกสาร" not in words(visit(world.people.evaluator, "desk:report", *LAST))


def test_who_takes_it_in_writes_in_the_units_own_form_and_everybody_sees_it(world, visit, send, words, taking):
    assert taking().status_code == 302
    key = Result.objects.order_by("pk").first().line_id
    page = visit(world.people.evaluator, "desk:result", *LAST, key)
    typed = {"narrative": "ตามหนังสือของหน่วย", "value": "86.02", "version": page.context["version"]}
    assert send(world.people.evaluator, "desk:result", *LAST, key, **typed).status_code == 302
    assert Result.objects.filter(narrative="ตามหนังสือของหน่วย").count() == 1

    for who in ("staff", "office", "head", "superior", "evaluator", "auditor"):
        for route, args in (("desk:report", LAST), ("desk:result", (*LAST, key))):
            assert words(visit(world.people.get(who), route, *args)).count(SAID) == 1
        assert "กำลังบันทึก" in words(visit(world.people.get(who), "desk:report", *LAST))
    history = words(visit(world.people.staff, "desk:history", D1))
    for shown in (f"จากเอกสาร {NUMBER}", WHY, "รับรายงานการประเมินผลตนเองไปบันทึกจากเอกสาร", "วันที่ของเอกสาร"):
        assert shown in history


def test_the_unit_reads_it_in_its_list_of_work_and_writes_nothing(world, visit, send, words, taking):
    key = Result.objects.order_by("pk").first().line_id
    version = visit(world.people.staff, "desk:result", *LAST, key).context["version"]
    taking()
    for route, args in (("desk:home", ()), ("desk:agreement", (D1,))):
        assert "รับรายงานไปบันทึกจากเอกสาร" in words(visit(world.people.staff, route, *args))
    typed = {"narrative": "สิ่งที่กำลังพิมพ์", "value": "", "version": version}
    answer = send(world.people.staff, "desk:result", *LAST, key, **typed)
    told = answer.content.decode()
    assert answer.status_code == 403
    assert "สิ่งที่กำลังพิมพ์" in told
    assert "นำรายงานกลับมาเขียนเอง" in told


def test_the_evaluators_buttons_are_those_of_a_report_that_is_entered(world, visit, taking):
    taking()
    page = visit(world.people.evaluator, "desk:report", *LAST)
    shown = {button.name for button in (page.context["primary"], *page.context["others"]) if button}
    assert shown == {"send_from_paper", "give_back_paper"}
    assert "บันทึกรายงานจากเอกสาร" in page.context["turn"].task


def test_the_staff_take_it_back_with_one_button(world, visit, send, words, taking):
    taking()
    assert "นำรายงานกลับมาเขียนเอง" in words(visit(world.people.staff, "desk:report", *LAST))
    assert "นำรายงานกลับมาเขียนเอง" not in words(visit(world.people.evaluator, "desk:report", *LAST))
    assert make(world, send, "staff", "take_back_report").status_code == 302
    report = words(visit(world.people.staff, "desk:report", *LAST))
    assert "หน่วยนำกลับไปเขียนเองแล้ว" in report
    assert visit(world.people.staff, "desk:result", *LAST, Result.objects.first().line_id).context["form"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"document_number": " "}, "document_number"),
        ({"document_date": ""}, "document_date"),
        ({"document_date": thai_date(timezone.localdate() + timedelta(days=400), "medium")}, "document_date"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(taking, typed, field):
    answer = taking(**typed)
    form = answer.context["form"]
    assert answer.status_code == 422
    assert list(form.errors) == [field]
    assert form["document_number"].value() == typed.get("document_number", NUMBER)
    assert not PaperEntry.objects.exists()


def test_the_same_form_sent_twice_takes_it_in_once(taking):
    key = new_key()
    assert [taking(idempotency=key).status_code for _time in range(2)] == [302, 302]
    assert PaperEntry.objects.count() == 1


def test_a_page_that_was_open_before_takes_nothing_in(world, send, taking):
    before = Agreement.objects.get(code=D1).version
    make(world, send, "staff", "hand_to_office")
    make(world, send, "office", "return_to_staff")
    assert taking(version=before).status_code == 409


def test_the_units_staff_are_written_to_once_while_it_is_so(world, settings, taking, agreement):
    settings.MAILS_GO_OUT = True
    User.objects.update(email="")
    User.objects.filter(pk=world.people.staff.pk).update(email="kamolchanok@example.go.th")
    taking()
    now = Agreement.objects.for_list().get(pk=agreement.pk)
    for _time in range(2):
        send_taken(now, since=now.pen_since, at=timezone.now())
    (letter,) = mail.outbox
    assert letter.to == ["kamolchanok@example.go.th"]
    for shown in (NUMBER, WHY, "นำรายงานกลับมาเขียนเอง"):
        assert shown in to_arabic(letter.body)
