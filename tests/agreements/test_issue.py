"""Documents: asked for within the act, made once by a worker, and the same bytes ever after."""

import hashlib
import re

import pytest
from django.db import IntegrityError, transaction

from acts.jobs import run_queued_jobs
from acts.models import Job
from acts.vault import read
from agreements.freeze import freeze
from agreements.issue import RENDER, ask_for, job_key, make, order
from agreements.models import Document, SealCertificate, Snapshot
from agreements.self_made import make_certificate
from agreements.verification import Finding, examine
from workflow.certificate import draft_certificate


@pytest.fixture
def snapshot(world):
    return freeze(world.draft, purpose=Snapshot.Purpose.SUBMITTED, actor=world.people.office, at=world.at())


def ordered(world, snapshot):
    certificate = draft_certificate(snapshot.agreement, world.at(), draft=True)
    return order(snapshot, kind=Document.Kind.PROOF, certificate=certificate, at=world.at())


def test_a_document_is_ordered_with_its_job_and_has_a_code_that_cannot_be_guessed(world, snapshot):
    document = ordered(world, snapshot)

    assert re.fullmatch(r"[0-9a-f]{32}", document.code)
    assert document.code in document.certificate["verify_url"]
    assert (document.certificate["hash"], document.is_rendered) == (snapshot.sha256, False)
    assert Job.objects.get(name=RENDER).key == job_key(document)


def test_an_act_that_comes_to_nothing_orders_nothing(world, snapshot):
    def act():
        with transaction.atomic():
            ordered(world, snapshot)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert not Document.objects.exists()
    assert not Job.objects.filter(name=RENDER).exists()


def test_a_worker_makes_it_and_its_hash_is_that_of_the_bytes_kept(world, snapshot):
    document = ordered(world, snapshot)
    run_queued_jobs()

    document.refresh_from_db()
    pdf = read(document.sha256)
    assert pdf.startswith(b"%PDF-")
    assert hashlib.sha256(pdf).hexdigest() == document.sha256
    assert document.rendered_at is not None


def test_a_document_that_was_made_is_never_made_again(world, snapshot):
    document = ordered(world, snapshot)
    first = make(Document.objects.get(pk=document.pk))
    made = first.sha256, first.rendered_at

    stale = document  # as a worker that was killed after the file was kept would have it
    again = make(stale)
    assert (again.sha256, again.rendered_at) == made
    assert (make(again).sha256, make(again).rendered_at) == made


def test_one_snapshot_has_one_document_of_a_kind(world, snapshot):
    ordered(world, snapshot)

    with pytest.raises(IntegrityError), transaction.atomic():
        ordered(world, snapshot)


def test_what_is_ordered_for_when_it_is_asked_for_is_queued_then_and_once(world, snapshot):
    certificate = draft_certificate(snapshot.agreement, world.at(), draft=True)
    document = order(snapshot, kind=Document.Kind.PROOF, certificate=certificate, at=world.at(), when_asked=True)

    assert re.fullmatch(r"[0-9a-f]{32}", document.code)
    assert not Job.objects.filter(name=RENDER).exists()

    assert ask_for(document) == ask_for(document)
    run_queued_jobs()
    document.refresh_from_db()
    assert document.is_rendered


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_that_make_and_seal_a_document_at_once_one_keeps_its_bytes(world, at_once, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    make_certificate(world.at())
    document = ordered(
        world, freeze(world.draft, purpose=Snapshot.Purpose.SUBMITTED, actor=world.people.office, at=world.at())
    )
    made = at_once(*[lambda: make(Document.objects.get(pk=document.pk))] * 2)

    document.refresh_from_db()
    assert [each.sha256 for each in made] == [document.sha256] * 2, made
    assert (document.seal_level, SealCertificate.objects.count()) == ("B-B", 1)
    assert examine(read(document.sha256)).finding == Finding.ORIGINAL
