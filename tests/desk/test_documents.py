"""The documents of an agreement: what is there, what is being made, what failed; each for who may read it."""

import pytest
from django.urls import reverse

from acts.jobs import run_queued_jobs
from acts.models import Job
from agreements.models import Document, Snapshot
from agreements.stages import Stage

D1 = "2570-IMM-D1"


def titles(page):
    return [paper.title for paper in page.context["papers"]]


def test_before_submission_there_is_none(world, visit, words):
    world.agreement(Stage.DRAFT)

    assert "ยังไม่มีเอกสาร" in words(visit(world.people.staff, "desk:documents", D1))


def test_what_is_being_made_asks_for_itself_again_until_it_is_there(world, visit, words):
    world.agreement(Stage.INFORMAL, "negotiator")
    document = Document.objects.get()
    again = f"{reverse('desk:documents', args=[D1])}?document={document.pk}"

    waiting = visit(world.people.staff, "desk:documents", D1)
    assert "กำลังจัดทำ" in words(waiting)
    assert f'hx-get="{again}"' in waiting.content.decode()

    run_queued_jobs()
    part = visit(world.people.staff, "desk:documents", D1, document=document.pk).content.decode()

    document.refresh_from_db()
    assert "hx-get" not in part
    assert "<html" not in part
    assert reverse("desk:document", args=[document.pk]) in part
    assert document.sha256 in part


def test_the_signed_one_can_be_verified(world, visit):
    world.agreement(Stage.ASSESSMENT, "staff")
    run_queued_jobs()
    signed = Document.objects.get(kind="signed")

    page = visit(world.people.staff, "desk:documents", D1)

    assert titles(page)[0] == "คำรับรองฉบับลงนาม"
    assert "คำรับรองฉบับเสนอลงนาม" in titles(page)
    assert "ร่างคำรับรอง" in titles(page)
    assert reverse("desk:verify_code", args=[signed.code]) in page.content.decode()


def test_people_below_find_only_what_was_signed(world, visit):
    world.agreement(Stage.DRAFT)
    world.agreement(Stage.ASSESSMENT, "staff", code="IMM")

    page = visit(world.people.staff, "desk:documents", "2570-IMM")
    draft = Document.objects.filter(snapshot__purpose=Snapshot.Purpose.SUBMITTED).first()

    assert titles(page) == ["คำรับรองฉบับลงนาม"]
    assert visit(world.people.staff, "desk:documents", "2570-IMM", document=draft.pk).status_code == 404


def test_one_that_failed_says_so_and_can_be_made_again(world, visit, send, words):
    world.agreement(Stage.INFORMAL, "negotiator")
    document = Document.objects.get()
    Job.objects.update(state="failed", finished_at=world.at(), error="disk full")

    page = visit(world.people.staff, "desk:documents", D1)
    assert "จัดทำไม่สำเร็จ" in words(page)
    assert "disk full" not in page.content.decode()

    send(world.people.staff, "desk:make_document_again", D1, document.pk)

    assert "กำลังจัดทำ" in words(visit(world.people.staff, "desk:documents", D1))
    run_queued_jobs()
    document.refresh_from_db()
    assert document.is_rendered


def test_another_agreements_document_is_not_found_here(world, visit, send):
    world.agreement(Stage.INFORMAL, "negotiator")
    world.agreement(Stage.INFORMAL, "negotiator", code="IMM-D2")
    theirs = Document.objects.get(snapshot__agreement__code="2570-IMM-D2")

    assert visit(world.people.staff, "desk:documents", D1, document=theirs.pk).status_code == 404
    assert send(world.people.staff, "desk:make_document_again", D1, theirs.pk).status_code == 404


@pytest.mark.parametrize("document", ["", "x", "0", "1 OR 1=1"])
def test_what_is_no_document_is_not_found(world, visit, document):
    world.agreement(Stage.INFORMAL, "negotiator")

    assert visit(world.people.staff, "desk:documents", D1, document=document).status_code == 404


def test_one_that_waits_to_be_asked_for_is_made_when_somebody_asks(world, visit, send, words):
    walk = world.walk()
    walk.as_history = True
    walk.to(Stage.INFORMAL, "negotiator")
    document = Document.objects.get()
    assert not Job.objects.exists()

    page = visit(world.people.staff, "desk:documents", D1)
    assert "จัดทำไฟล์ PDF" in words(page)
    assert f"?document={document.pk}" not in page.content.decode()

    send(world.people.staff, "desk:make_document_again", D1, document.pk)
    send(world.people.staff, "desk:make_document_again", D1, document.pk)

    assert Job.objects.count() == 1
    assert "กำลังจัดทำ" in words(visit(world.people.staff, "desk:documents", D1))
    run_queued_jobs()
    document.refresh_from_db()
    assert document.is_rendered


def test_the_signing_page_does_not_promise_a_document_that_nobody_asked_for(world, visit, words):
    walk = world.walk()
    walk.as_history = True
    walk.to(Stage.SIGNING, "head")

    page = visit(world.people.head, "desk:signing", D1)

    assert "hx-trigger" not in page.content.decode().split('id="document-to-read"')[1][:200]
    assert "กำลังจัดทำไฟล์" not in words(page)
