"""The public page that says what a document is: no name more than is printed on it, and nothing of what is not signed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from acts.jobs import run_queued_jobs
from acts.vault import read
from agreements import verification
from agreements.issue import make
from agreements.models import Document, SealCertificate
from agreements.self_made import make_certificate
from agreements.verification import LARGEST
from prove.keys import holder
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


# The file itself


@pytest.fixture
def send(client, words):
    """Sends a file to be verified: (answer, words of the page)."""

    def post(content, name="คำรับรอง.pdf"):
        page = client.post(reverse("desk:verify_file"), {"file": SimpleUploadedFile(name, content)})
        return page, words(page)

    return post


@pytest.fixture
def own_seal(settings, tmp_path):
    """A certificate that the installation made for itself, before any document is made."""
    settings.PRIVATE_ROOT = tmp_path
    make_certificate(timezone.now())


@pytest.fixture
def sealed_file(own_seal, signed):
    return read(make(signed).sha256)


@pytest.fixture
def ever_sealed(db):
    """Something was sealed here once, so that a file is looked at."""
    SealCertificate.objects.create(
        fingerprint="0" * 64,
        pem=holder().pem,
        subject="กองยุทธศาสตร์",
        is_self_made=True,
        valid_until=timezone.now(),
        first_used_at=timezone.now(),
    )


def test_the_original_is_told_with_its_signatures_and_whose_seal_it_bears(signed, sealed_file, send, look):
    page, said = send(sealed_file)

    assert page.status_code == 200
    for expected in (
        "ต้นฉบับ",
        "กองบังคับการตรวจคนเข้าเมือง 1",
        "พลตำรวจตรี วีระ กล้าหาญ",
        "ตราประทับสาธิต",
        "B-B",
        signed.sha256,
    ):
        assert expected in said, expected
    assert "ระบบออกให้ตนเองเพื่อทดลองใช้" in said
    by_code = look(signed.code)[1]
    assert "B-B: ประทับตราแล้ว ไม่มีการประทับรับรองเวลาจากภายนอก" in by_code
    assert "ระบบออกให้ตนเองเพื่อทดลองใช้" in by_code
    assert "wira" not in page.content.decode()


def test_an_original_that_nobody_signed_is_not_taken_for_an_agreement(world, own_seal, send):
    world.agreement("assessment")
    draft = make(Document.objects.filter(kind=Document.Kind.PROOF).first())
    said = send(read(draft.sha256))[1]

    assert "เอกสารนี้ยังไม่ได้ลงนาม" in said
    assert "วีระ" not in said


def test_an_altered_file_leads_to_what_the_original_says(signed, sealed_file, send):
    page, said = send(sealed_file + b"\n")

    assert "ถูกแก้ไขหลังประทับตรา" in said
    assert reverse("desk:verify_code", args=[signed.code]) in page.content.decode()
    assert "วีระ" not in said, "what was changed shows no names as if they had signed it"


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"\x89PNG", "ข้อความ".encode(), b"\0" * 5000])
def test_any_other_file_is_none_of_ours(ever_sealed, send, content):
    page, said = send(content)

    assert page.status_code == 200
    assert "ไฟล์นี้ไม่ใช่ของระบบนี้" in said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "ว่างเปล่า"), (b"%PDF-" + bytes(LARGEST), "ไฟล์มีขนาดเกิน ๑๕ MB")],
    ids=["empty", "large"],
)
@pytest.mark.django_db
def test_a_file_that_is_not_looked_at_is_said_why(send, content, sentence):
    page = send(content)[0]

    assert page.status_code == 422
    assert sentence in page.content.decode()


@pytest.mark.django_db
def test_without_a_file_the_field_says_so(client):
    page = client.post(reverse("desk:verify_file"))
    assert (page.status_code, list(page.context["file_form"].errors)) == (422, ["file"])


@pytest.mark.django_db
def test_an_upload_never_touches_the_disk(client, monkeypatch):
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", None)  # would raise
    page = client.post(reverse("desk:verify_file"), {"file": SimpleUploadedFile("a.pdf", b"%PDF-" + bytes(3_000_000))})
    assert page.status_code == 200


@pytest.mark.django_db
def test_a_file_without_the_token_of_the_page_is_refused():
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("desk:verify_file"), {"file": SimpleUploadedFile("a.pdf", b"%PDF-")}).status_code == 403

    client.get(reverse("desk:verify"))
    token = client.cookies["csrftoken"].value
    sent = {"file": SimpleUploadedFile("a.pdf", b"%PDF-"), "csrfmiddlewaretoken": token}
    assert client.post(reverse("desk:verify_file"), sent).status_code == 200


def test_a_file_that_cannot_be_checked_is_said_to_be_so_and_gets_no_verdict(ever_sealed, send, monkeypatch, tmp_path):
    child = tmp_path / "child.py"
    child.write_text("raise SystemExit(1)")
    monkeypatch.setattr(verification, "_CHILD", str(child))
    page, said = send(b"%PDF-")

    assert page.status_code == 422
    assert "ตรวจไฟล์นี้ไม่ได้" in said


@pytest.mark.expects_errors
def test_too_many_files_at_once_are_asked_to_come_again(ever_sealed, send, monkeypatch):
    monkeypatch.setattr(verification, "PATIENCE", 0.1)
    with verification._a_place(), verification._a_place():
        page, said = send(b"%PDF-")

    assert page.status_code == 503
    assert "โปรดส่งใหม่ในอีกหนึ่งนาที" in said
