"""The posts of a unit as pages: who is in them, appointing, ending, delegating with the password, the order's file."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from acts.idempotency import new_key
from acts.models import Entry
from agreements.freeze import agreed_snapshot
from agreements.stages import Stage
from orgunits.authority import head_post, holder_of
from orgunits.grants import grant
from orgunits.models import Appointment
from orgunits.roles import Role
from tests.world import NOW, PASSWORD
from workflow.models import Signature

D1 = "IMM-D1"
TODAY = NOW.date()
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def post(world):
    return head_post(world.unit(D1))


def acting(**changed):
    """An order to act, as the form sends it."""
    form = {
        "user": "เฉลิม ภูวดล",
        "capacity": "acting",
        "since": "๑ ตุลาคม ๒๕๖๙",
        "last_day": "31/12/2569",
        "order_number": "สตม. 214/2569",
        "order_date": "28 ส.ค. 2569",
        "order_by": "ผบช.สตม.",
        "scope": "all",
        "idempotency": new_key(),
    }
    return form | changed


def test_everybody_sees_who_is_in_a_post_and_only_its_people_who_was(world, post, visit, words):
    gone = Appointment.objects.create(
        post=post, user=world.people.neighbours_head, since=date(2020, 1, 1), until=date(2022, 10, 1)
    )
    read = {
        name: words(visit(world.people.get(name), "desk:unit_posts", D1)) for name in ("stranger", "staff", "auditor")
    }
    assert all("พล.ต.ต. วีระ กล้าหาญ" in each or "พลตำรวจตรี วีระ กล้าหาญ" in each for each in read.values())
    was = gone.user.full_name_with_rank
    assert {name: was in each for name, each in read.items()} == {"stranger": False, "staff": True, "auditor": True}


def test_an_administrator_appoints_from_the_order_and_it_is_in_the_log(world, post, send, visit, words):
    pdf = SimpleUploadedFile("คำสั่ง 214.pdf", PDF, content_type="application/pdf")
    answer = send(world.people.administrator, "desk:appoint", D1, post.pk, **acting(order_file=pdf))
    assert answer.status_code == 302
    made = Appointment.objects.get(capacity="acting")
    assert (made.user.username, made.since, made.until) == ("chalerm", date(2026, 10, 1), date(2027, 1, 1))
    assert (made.order_number, made.order_date, made.order_by) == ("สตม. 214/2569", date(2026, 8, 28), "ผบช.สตม.")
    assert [entry.act for entry in Entry.objects.about(made)] == ["orgunits.appoint"]
    assert "รักษาราชการแทนผู้บังคับการตรวจคนเข้าเมือง 1 ตามคำสั่งที่ สตม. 214/2569" in words(
        visit(world.people.stranger, "desk:unit_posts", D1)
    )


def test_the_file_of_an_order_is_for_who_looks_after_the_unit(world, post, send, visit):
    pdf = SimpleUploadedFile("คำสั่ง 214.pdf", PDF, content_type="application/pdf")
    send(world.people.administrator, "desk:appoint", D1, post.pk, **acting(order_file=pdf))
    made = Appointment.objects.get(capacity="acting")
    who = ("administrator", "staff", "auditor", "neighbours_head", "stranger", "neighbour")
    answers = {name: visit(world.people.get(name), "desk:appointment_order", made.pk) for name in who}
    assert {name: answer.status_code for name, answer in answers.items()} == {
        **dict.fromkeys(("administrator", "staff", "auditor", "neighbours_head"), 200),
        **dict.fromkeys(("stranger", "neighbour"), 404),
    }
    answer = answers["staff"]
    assert b"".join(answer.streaming_content) == PDF
    for each in answers.values():
        each.close()
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"capacity": "own"}, "พล.ต.ต. วีระ กล้าหาญ ดำรงตำแหน่ง"),
        ({"order_number": " "}, "คำสั่งต้องมีเลขที่ โปรดระบุเลขที่คำสั่ง"),
        ({"order_date": ""}, "โปรดระบุวันที่ของคำสั่ง"),
        ({"last_day": "30/9/2569"}, "วันสิ้นสุดมาก่อนหรือตรงกับวันเริ่มต้น"),
        ({"user": "wira"}, "ผู้ใดจะปฏิบัติหน้าที่แทนตนเองไม่ได้"),
        ({"user": "arthit"}, "นี่คือบัญชีของท่านเอง"),
        ({"user": "ไม่มีใคร"}, "ไม่พบบุคคลชื่อ “ไม่มีใคร”"),
        ({"user": "พล.ต.ต."}, "มีหลายคนที่ชื่อ “พล.ต.ต.”"),
        ({"user": "somchai"}, "จึงจะเป็นผู้ลงนามทั้งสองฝ่ายในคำรับรองของ บก.ตม.1 ปีงบประมาณ 2570"),
        ({"capacity": "delegated"}, "โปรดระบุผู้มอบอำนาจ"),
        ({"scope": "year"}, "โปรดเลือกปีงบประมาณ"),
        ({"scope": "named"}, "โปรดเลือกคำรับรองที่คำสั่งระบุไว้"),
        ({"since": "32/13/2569"}, ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_nothing_is_kept_and_nothing_typed_is_lost(world, post, send, words, changed, sentence):
    agreement = world.agreement()
    before = Appointment.objects.count()
    answer = send(world.people.administrator, "desk:appoint", D1, post.pk, **acting(**changed))
    assert (answer.status_code, Appointment.objects.count()) == (422, before)
    assert sentence in words(answer)
    assert 'value="สตม. 214/2569"' in answer.content.decode() or "order_number" in changed
    assert agreement.unit.code == D1


def test_both_sides_are_no_trouble_where_the_order_is_limited_to_another_agreement(world, post, send):
    world.agreement()
    other = world.walk("IMM-D2").agreement
    d2 = head_post(world.unit("IMM-D2"))
    form = acting(user="wira", scope="named", agreements=[other.pk])
    assert send(world.people.administrator, "desk:appoint", "IMM-D2", d2.pk, **form).status_code == 302
    named = Appointment.objects.get(scope="named").named_agreements.get()
    assert named.agreement == other


def test_an_administrator_of_another_command_appoints_nobody_here(world, post, send):
    somebody = world.people.nobody
    grant(somebody, Role.ADMINISTRATOR, world.unit("CIB"), by=world.people.administrator, at=world.at())
    answer = send(somebody, "desk:appoint", D1, post.pk, **acting())
    assert answer.status_code == 403
    assert not Appointment.objects.filter(capacity="acting").exists()


# Delegating


def delegation(**changed):
    return acting(**{"user": "prasit", "password": PASSWORD, **changed}) | {"capacity": "own"}


def test_the_holder_delegates_with_the_password(world, post, send):
    answer = send(world.people.head, "desk:delegate", D1, post.pk, **delegation())
    assert answer.status_code == 302
    made = Appointment.objects.get(capacity="delegated")
    assert (made.user.username, made.delegated_by.username, made.scope) == ("prasit", "wira", "all")
    assert [entry.actor_id for entry in Entry.objects.about(made)] == [world.people.head.pk]


@pytest.mark.parametrize("password", ["", "wrong"])
def test_without_the_right_password_nothing_is_delegated(world, post, send, password):
    answer = send(world.people.head, "desk:delegate", D1, post.pk, **delegation() | {"password": password})
    assert answer.status_code == 422
    assert not Appointment.objects.filter(capacity="delegated").exists()


def test_a_delegation_sent_twice_is_made_once(world, post, send):
    form = delegation()
    for _time in range(2):
        assert send(world.people.head, "desk:delegate", D1, post.pk, **form).status_code == 302
    assert Appointment.objects.filter(capacity="delegated").count() == 1


def test_a_delegate_cannot_delegate_on(world, post, send, words):
    send(world.people.head, "desk:delegate", D1, post.pk, **delegation())
    Appointment.objects.filter(capacity="delegated").update(since=TODAY - timedelta(days=1000))
    answer = send(world.people.office, "desk:delegate", D1, post.pk, **delegation(user="chalerm"))
    assert answer.status_code == 403
    assert "ผู้รับมอบอำนาจจะมอบอำนาจต่อไปไม่ได้" in words(answer)
    oneself = send(world.people.head, "desk:delegate", D1, post.pk, **delegation() | {"user": "wira"})
    assert "ผู้ใดจะมอบอำนาจให้ตนเองไม่ได้" in words(oneself)


# Ending


def test_the_giver_and_the_administrator_end_a_delegation_and_nobody_else(world, post, send, visit):
    send(world.people.head, "desk:delegate", D1, post.pk, **delegation(since="1/11/2565"))
    made = Appointment.objects.get(capacity="delegated")
    for name in ("office", "staff", "superior", "stranger"):
        assert send(world.people.get(name), "desk:end_appointment", made.pk, until="1/1/2566").status_code == 403
    for name in ("head", "administrator"):
        assert visit(world.people.get(name), "desk:end_appointment", made.pk).status_code == 200
    form = {"until": "2/11/2565", "idempotency": new_key()}
    assert send(world.people.head, "desk:end_appointment", made.pk, **form).status_code == 302
    made.refresh_from_db()
    assert made.until == date(2022, 11, 2)


@pytest.mark.parametrize("until", ["30/9/2565", "1/1/2580", "", "พรุ่งนี้"])
def test_an_end_before_the_beginning_or_past_the_order_is_refused(world, post, send, until):
    own = holder_of(post, TODAY)
    Appointment.objects.filter(pk=own.pk).update(until=date(2036, 1, 1))
    answer = send(world.people.administrator, "desk:end_appointment", own.pk, until=until, idempotency=new_key())
    own.refresh_from_db()
    assert (answer.status_code, own.until) == (422, date(2036, 1, 1))


def test_revoked_on_its_first_day_it_never_held_and_the_post_is_free(world, post, send):
    own = holder_of(post, TODAY)
    form = {"until": "1/10/2565", "idempotency": new_key()}
    assert send(world.people.administrator, "desk:end_appointment", own.pk, **form).status_code == 302
    assert holder_of(post, TODAY) is None
    assert send(world.people.administrator, "desk:appoint", D1, post.pk, **acting(capacity="own")).status_code == 302


# Who could sign, and the act


def test_the_page_tells_who_could_sign_on_a_day_in_either_era_and_digits(world, visit, words):
    agreement = world.agreement()
    for on in ("๑ ตุลาคม ๒๕๖๙", "1/10/2569", "1/10/2026", "2026-10-01"):
        read = words(visit(world.people.staff, "desk:authority", agreement.code, on=on))
        assert "วันที่ 1 ตุลาคม 2569" in read
        assert "ดำรงตำแหน่งผู้บังคับการตรวจคนเข้าเมือง 1 ตั้งแต่วันที่ 1 ตุลาคม 2565" in read
    read = words(visit(world.people.staff, "desk:authority", agreement.code, on="30/9/2565"))
    assert "ไม่มีผู้ลงนามได้" in read
    assert "การแต่งตั้งเริ่มมีผลวันที่ 1 ตุลาคม 2565" in read
    wrong = visit(world.people.staff, "desk:authority", agreement.code, on="31/2/2569")
    assert (wrong.status_code, "31/2/2569" in wrong.content.decode()) == (422, True)


def test_the_question_is_reached_from_signing_and_from_why(world, visit):
    agreement = world.agreement(Stage.SIGNING)
    link = reverse("desk:authority", args=[agreement.code])
    for name, route in (("head", "desk:signing"), ("superior", "desk:signing"), ("staff", "desk:why")):
        assert link in visit(world.people.get(name), route, agreement.code).content.decode()


def test_revoked_while_the_page_is_open_the_act_is_refused_and_says_why(world, post, visit, send, words):
    """The head's office acts for the head: their own right stays, so that they are told."""
    day = world.at().date()
    order = {"order_number": "สตม. 214/2569", "order_date": day}
    acts = Appointment.objects.create(
        post=post, user=world.people.office, capacity="acting", since=date(2026, 9, 1), **order
    )
    agreement = world.agreement(Stage.SIGNING)
    assert "อ่านแล้ว ลงนามฉบับนี้" in words(visit(world.people.office, "desk:signing", agreement.code))
    form = {
        "version": agreement.version,
        "sha256": agreed_snapshot(agreement).sha256,
        "idempotency": new_key(),
        "password": PASSWORD,
    }
    ended = {"until": "2/9/2569", "idempotency": new_key()}
    assert send(world.people.administrator, "desk:end_appointment", acts.pk, **ended).status_code == 302

    answer = send(world.people.office, "desk:signing", agreement.code, **form)
    assert answer.status_code == 403
    assert "การแต่งตั้งสิ้นสุดแล้ว วันสุดท้ายคือวันที่ 1 กันยายน 2569" in words(answer)
    assert not Signature.objects.exists()
