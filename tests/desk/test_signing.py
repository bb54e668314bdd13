"""The signing sitting: who, why you, what changed, which document; the password, and only for what was shown."""

import pytest
from axes.models import AccessAttempt
from django.urls import reverse

from acts.idempotency import new_key
from acts.jobs import run_queued_jobs
from acts.log import THE_SYSTEM
from acts.models import Entry
from agreements.freeze import agreed_snapshot
from agreements.models import Document
from orgunits.appoint import appoint, end_appointment
from orgunits.authority import head_post
from orgunits.models import Appointment
from workflow.models import Signature, SigningRefusal
from workflow.offers import make_offer
from workflow.signing import CONSENT

D1 = "2570-IMM-D1"


@pytest.fixture
def walk(world):
    """At the head, to be signed; a level was changed in the formal round."""
    walk = world.walk()
    walk.to("formal", "negotiator")
    make_offer(walk.line("1.2"), "level_5", "15", reason="มติ", actor=world.people.negotiator, at=walk.diary.later())
    walk.to("signing", "head")
    return walk


@pytest.fixture
def at_superior(walk):
    walk.to("signing", "superior")
    return walk


def shown(agreement, **changed):
    """What the signing page sends, with the right password unless said otherwise."""
    agreement.refresh_from_db()
    form = {"version": agreement.version, "sha256": agreed_snapshot(agreement).sha256, "idempotency": new_key()}
    return form | {"password": "kham-rap-rong"} | changed


# What is seen


def test_the_signer_is_told_who_why_and_what_changed_before_the_buttons(world, walk, visit, words):
    read = words(visit(world.people.head, "desk:signing", D1))
    places = [
        read.index(part)
        for part in (
            "ท่านลงนามในฐานะ ผู้บังคับการตรวจคนเข้าเมือง 1",
            "เปลี่ยนไปในการเจรจา",
            "เนื้อหาโดยย่อ",
            CONSENT[:30],
            "อ่านแล้ว ลงนามฉบับนี้",
        )
    ]

    assert places == sorted(places)
    assert "1.2 จำนวนวันเฉลี่ย" in read
    assert "18" in read[places[1] : places[2]]
    assert "15" in read[places[1] : places[2]]
    assert agreed_snapshot(walk.agreement).sha256 in visit(world.people.head, "desk:signing", D1).content.decode()


def test_what_was_laid_before_the_signatories_before_is_what_changes_are_told_from(world, walk, visit, words):
    walk.move("refuse_to_make", world.people.head, reason="ขอปรับเป้า")
    make_offer(walk.line("1.1"), "target", "87.5", reason="มติ", actor=world.people.negotiator, at=walk.diary.later())
    walk.to("signing", "head")
    changes = visit(world.people.head, "desk:signing", D1).context["changes"]

    assert changes["heading"] == "เปลี่ยนไปจากที่ท่านอ่านล่าสุด"
    others = visit(world.people.superior, "desk:signing", D1).context["changes"]
    assert (others["heading"], others["groups"]) == ("เปลี่ยนไปจากฉบับที่เคยเสนอลงนามครั้งก่อน", changes["groups"])
    assert [(number, [label for label, _pieces in fields]) for number, _name, fields in changes["groups"]] == [
        ("1.1", ["เป้าหมาย"])
    ]
    assert "ขอปรับเป้า" in words(visit(world.people.head, "desk:signing", D1))


def test_the_receiver_sees_that_the_maker_has_signed(world, at_superior, visit, words):
    read = words(visit(world.people.superior, "desk:signing", D1))

    assert "ผู้บังคับการตรวจคนเข้าเมือง 1 ลงนามแล้วเมื่อ" in read
    assert "ท่านลงนามในฐานะ ผู้บัญชาการสำนักงานตรวจคนเข้าเมือง" in read


@pytest.mark.parametrize("who", ["staff", "office", "negotiator", "superior", "auditor", "planner"])
def test_who_cannot_sign_reads_and_finds_no_password_field(world, walk, visit, who):
    page = visit(world.people.get(who), "desk:signing", D1)

    assert page.status_code == 200
    assert 'type="password"' not in page.content.decode()


def test_the_document_appears_when_it_has_been_made(world, walk, visit):
    assert "hx-get" in visit(world.people.head, "desk:signing", D1).content.decode()

    run_queued_jobs()
    page = visit(world.people.head, "desk:signing", D1).content.decode()
    document = Document.objects.get(snapshot=agreed_snapshot(walk.agreement))
    assert reverse("desk:document", args=[document.pk]) in page
    assert "hx-get" not in page[page.index('id="document-to-read"') :][:200]


def test_while_the_document_is_being_made_it_can_be_signed_and_the_page_says_so(world, walk, visit, send, words):
    read = words(visit(world.people.head, "desk:signing", D1))
    assert "ท่านลงนามได้โดยไม่ต้องรอไฟล์ PDF" in read
    assert "อ่านเนื้อหาทั้งหมดได้ที่ แผนปฏิบัติราชการ , ตัวชี้วัด" in read
    send(world.people.head, "desk:signing", D1, **shown(walk.agreement))
    assert Signature.objects.exists()

    run_queued_jobs()
    assert "โดยไม่ต้องรอไฟล์ PDF" not in words(visit(world.people.superior, "desk:signing", D1))


def test_other_agreements_that_wait_are_counted_and_after_signing_the_next_one_is_offered(
    world, at_superior, visit, send, words
):
    other = world.walk("IMM-D2")
    other.to("signing", "superior")
    assert "รอท่านลงนามอีก 1 ฉบับ" in words(visit(world.people.superior, "desk:signing", D1))

    send(world.people.superior, "desk:signing", D1, **shown(at_superior.agreement))
    page = visit(world.people.superior, "desk:signing", D1)
    assert "ฉบับถัดไป: บก.ตม.2" in words(page)
    assert reverse("desk:signing", args=[other.agreement.code]) in page.content.decode()


def test_before_there_is_anything_to_sign_the_page_says_so(world, visit, words):
    world.agreement("formal")

    assert "ยังไม่มี" in words(visit(world.people.head, "desk:signing", D1))


# Signing


def test_with_the_password_it_is_signed_and_all_that_proves_it_is_kept(world, walk, client):
    client.force_login(world.people.head)
    headers = {"User-Agent": "Mozilla/5.0 " + "x" * 400}
    answer = client.post(
        reverse("desk:signing", args=[D1]), shown(walk.agreement), headers=headers, REMOTE_ADDR="10.1.2.3"
    )

    signature = Signature.objects.get()
    assert answer.url == reverse("desk:signing", args=[D1])
    assert (signature.slot, signature.user_id, signature.method, signature.consent) == (
        "maker",
        world.people.head.pk,
        "password",
        CONSENT,
    )
    assert (signature.ip, len(signature.user_agent), signature.user_agent[:11]) == ("10.1.2.3", 300, "Mozilla/5.0")
    assert signature.snapshot_sha256 == agreed_snapshot(walk.agreement).sha256
    assert Entry.objects.about(walk.agreement).first().act == "agreement.sign"


def test_a_wrong_password_signs_nothing_is_counted_and_is_not_shown_back(world, walk, send, words):
    answer = send(world.people.head, "desk:signing", D1, **shown(walk.agreement, password="not-this-one"))

    assert answer.status_code == 422
    assert "รหัสผ่านไม่ถูกต้อง" in words(answer)
    assert "not-this-one" not in answer.content.decode()
    assert AccessAttempt.objects.get().failures_since_start == 1
    assert not Signature.objects.exists()

    again = answer.context["form"]
    typed = {name: again[name].value() for name in ("version", "sha256", "idempotency")}
    send(world.people.head, "desk:signing", D1, **typed, password=world.password)
    assert Signature.objects.count() == 1


def test_after_too_many_wrong_ones_the_right_one_no_longer_signs(world, walk, send):
    for _time in range(5):
        answer = send(world.people.head, "desk:signing", D1, **shown(walk.agreement, password="wrong"))
    assert answer.status_code == 429

    send(world.people.head, "desk:signing", D1, **shown(walk.agreement))
    assert not Signature.objects.exists()


def test_a_text_other_than_the_one_shown_is_not_signed(world, walk, send, words):
    answer = send(world.people.head, "desk:signing", D1, **shown(walk.agreement, sha256="0" * 64))

    assert answer.status_code == 409
    assert "ข้อความเปลี่ยนไปจากที่แสดงแก่ท่าน" in words(answer)
    assert not Signature.objects.exists()


def test_a_page_from_before_a_refusal_signs_nothing_afterwards(world, walk, send):
    old = shown(walk.agreement)
    walk.move("refuse_to_make", world.people.head, reason="ขอปรับเป้า")
    walk.to("signing", "head")

    assert send(world.people.head, "desk:signing", D1, **old).status_code == 409
    assert not Signature.objects.exists()


def test_a_double_click_signs_once(world, walk, send, client):
    form = shown(walk.agreement)
    first, second = (send(world.people.head, "desk:signing", D1, **form) for _time in range(2))

    assert (first.status_code, second.status_code, Signature.objects.count()) == (302, 302, 1)
    assert "ดำเนินการเรื่องนี้ไปแล้ว" in client.get(second.url).content.decode()


@pytest.mark.parametrize("missing", ["sha256", "version", "idempotency", "password"])
def test_an_incomplete_form_signs_nothing(world, walk, send, missing):
    form = shown(walk.agreement)
    del form[missing]

    assert send(world.people.head, "desk:signing", D1, **form).status_code == 422
    assert not Signature.objects.exists()


@pytest.mark.parametrize("who", ["staff", "office", "superior", "negotiator", "administrator", "neighbours_head"])
def test_nobody_else_signs_with_whatever_password(world, walk, send, who):
    for password in (world.password, "wrong"):
        answer = send(world.people.get(who), "desk:signing", D1, **shown(walk.agreement, password=password))
        assert answer.status_code in (403, 404)
    assert not Signature.objects.exists()


def test_authority_lost_since_the_page_was_opened_signs_nothing(world, walk, send):
    form = shown(walk.agreement)
    end_appointment(world.people.head.appointments.get(), until=world.at(days=-30).date(), by=THE_SYSTEM, at=world.at())

    answer = send(world.people.head, "desk:signing", D1, **form)
    assert answer.status_code in (403, 404)
    assert not Signature.objects.exists()


def test_an_acting_head_is_told_the_capacity_and_signs_with_the_order(world, walk, visit, send, words):
    appoint(
        head_post(world.unit("IMM-D1")),
        world.people.neighbours_head,
        capacity=Appointment.Capacity.ACTING,
        since=world.at().date(),
        order_number="สตม. 214/2569",
        order_date=world.at().date(),
        by=THE_SYSTEM,
        at=world.at(),
    )
    read = words(visit(world.people.neighbours_head, "desk:signing", D1))
    assert "รักษาราชการแทน" in read
    assert "สตม. 214/2569" in read

    send(world.people.neighbours_head, "desk:signing", D1, **shown(walk.agreement))
    after = words(visit(world.people.staff, "desk:signing", D1))
    assert "ผู้บังคับการตรวจคนเข้าเมือง 2 รักษาราชการแทน ผู้บังคับการตรวจคนเข้าเมือง 1" in after


# Refusing


def test_a_refusal_has_its_reason_and_leads_back_to_the_formal_round(world, at_superior, visit, send, words):
    assert "ลายมือชื่อที่ลงไว้แล้วเป็นอันใช้ไม่ได้" in words(visit(world.people.superior, "desk:refuse_to_sign", D1))
    form = shown(at_superior.agreement, reason="ขอทบทวนเป้าหมาย 1.1")
    answer = send(world.people.superior, "desk:refuse_to_sign", D1, **form)

    refusal = SigningRefusal.objects.get()
    assert answer.url == reverse("desk:agreement", args=[D1])
    assert (refusal.slot, refusal.reason, refusal.name) == ("receiver", "ขอทบทวนเป้าหมาย 1.1", "พลตำรวจโท สมชาย รักไทย")
    assert "ขอทบทวนเป้าหมาย 1.1" in words(visit(world.people.staff, "desk:signing", D1))


@pytest.mark.parametrize("reason", ["", "  ", "ก" * 100_000])
def test_without_a_reason_nothing_is_refused(world, walk, send, reason):
    answer = send(world.people.head, "desk:refuse_to_sign", D1, **shown(walk.agreement, reason=reason))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    assert answer.context["form"]["reason"].value() == reason
    assert not SigningRefusal.objects.exists()


def test_who_cannot_sign_cannot_refuse_either_and_is_told_why(world, walk, visit, send, words):
    assert "เฉพาะหัวหน้าหน่วย" in words(visit(world.people.office, "desk:refuse_to_sign", D1))
    assert send(world.people.office, "desk:refuse_to_sign", D1, **shown(walk.agreement, reason="")).status_code == 403


# What it costs
