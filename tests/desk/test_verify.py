"""The public page that says what a document is: no name more than is printed on it, and nothing of what is not signed."""

import pytest
from django.urls import reverse

from acts.jobs import run_queued_jobs
from agreements.models import Document
from workflow.models import Signature


@pytest.fixture
def signed(world):
    return Document.objects.get(snapshot__agreement=world.agreement("assessment"), kind=Document.Kind.SIGNED)


@pytest.fixture
def look(client, words):
    def read(code):
        page = client.get(reverse("desk:verify_code", args=[code]))
        return page, words(page)

    return read


def test_anybody_reads_who_signed_in_which_post_and_both_fingerprints(signed, look):
    run_queued_jobs()
    signed.refresh_from_db()
    page, read = look(signed.code)

    assert page.status_code == 200
    for said in (
        "ออกและลงนามในระบบนี้",
        "กองบังคับการตรวจคนเข้าเมือง 1",
        "พลตำรวจตรี วีระ กล้าหาญ",
        "ผู้บังคับการตรวจคนเข้าเมือง 1",
        "พลตำรวจโท สมชาย รักไทย",
        "ผู้บัญชาการสำนักงานตรวจคนเข้าเมือง",
        signed.snapshot.sha256,
        signed.sha256,
    ):
        assert said in read, said


def test_it_says_names_and_posts_and_nothing_else_of_the_signers_or_the_text(signed, look):
    Signature.objects.all()  # what it could leak: address, browser, consent, login
    page, read = look(signed.code)
    signature = Signature.objects.first()

    for secret in (signature.ip, signature.user_agent, signature.consent, "wira", "somchai", "kamolchanok", "ธนา"):
        assert secret not in page.content.decode(), secret
    assert "ร้อยละของผู้โดยสารขาเข้า" not in read


def test_an_acting_signature_has_its_whole_title(signed, look):
    from acts.append_only import triggers_down

    with triggers_down():
        Signature.objects.filter(slot="maker").update(
            capacity="acting", own_post="รองผู้บังคับการตรวจคนเข้าเมือง 1", acted_post="ผู้บังคับการตรวจคนเข้าเมือง 1"
        )
    assert "รองผู้บังคับการตรวจคนเข้าเมือง 1 รักษาราชการแทน ผู้บังคับการตรวจคนเข้าเมือง 1" in look(signed.code)[1]


def test_signed_and_valid_though_the_file_is_still_being_made(signed, look):
    assert "ยังไม่ได้จัดทำไฟล์ PDF แต่คำรับรองมีผลแล้ว" in look(signed.code)[1]


def test_a_draft_is_not_signed_and_names_nobody(signed, look):
    for draft in Document.objects.filter(kind=Document.Kind.PROOF):
        page, read = look(draft.code)

        assert page.status_code == 200
        assert "เอกสารนี้ยังไม่ได้ลงนาม" in read
        assert "วีระ" not in read
        assert "ตรวจคนเข้าเมือง" not in read


@pytest.mark.parametrize("code", ["0" * 32, "x", "๑๒๓", "a" * 500])
@pytest.mark.django_db
def test_an_unknown_code_is_said_to_be_none_of_ours(look, code):
    page, read = look(code)

    assert page.status_code == 404
    assert "ไม่พบเอกสารที่มีรหัสนี้" in read


def test_a_code_is_typed_as_it_is_printed(signed, client):
    spaced = " ".join(signed.code[place : place + 4] for place in range(0, 32, 4)).upper()
    answer = client.post(reverse("desk:verify"), {"code": spaced})

    assert answer.url == reverse("desk:verify_code", args=[signed.code])


@pytest.mark.parametrize("code", ["", "123", "g" * 32, "0" * 33])
@pytest.mark.django_db
def test_what_cannot_be_a_code_is_said_at_the_field_and_kept(client, code):
    page = client.post(reverse("desk:verify"), {"code": code})

    assert (page.status_code, list(page.context["form"].errors)) == (422, ["code"])
    assert page.context["form"]["code"].value() == code


@pytest.mark.django_db
def test_the_code_is_told_in_the_letters_that_it_is_printed_in(client):
    """It is printed in 0–9 on a paper whose other digits are Thai."""
    page = client.post(reverse("desk:verify"), {"code": "๑๒๓"}).content.decode()

    assert "รหัสมี ๓๒ ตัว เป็นเลขอารบิกและอักษร a ถึง f เท่านั้น" in page
    assert "๐–๙" not in page
