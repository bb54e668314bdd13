"""A document's bytes: served as they were stored, to its readers alone, and never after they were tampered with."""

import hashlib

import pytest
from django.urls import reverse

from acts.jobs import run_queued_jobs
from acts.vault import path_of
from agreements.models import Document

D1 = "2570-IMM-D1"


@pytest.fixture
def documents(world):
    """{kind: document} of what was signed: proof and signed."""
    world.agreement("assessment")
    run_queued_jobs()
    found = Document.objects.filter(snapshot__purpose="to_sign")
    return {document.kind: document for document in found}


def test_the_bytes_served_are_those_whose_hash_is_on_record_and_are_not_made_again(world, documents, visit):
    before = Document.objects.values_list("pk", "sha256", "rendered_at").order_by("pk")
    kept = list(before)
    for document in [*documents.values(), *documents.values()]:
        answer = visit(world.people.staff, "desk:document", document.pk)

        assert answer["Content-Type"] == "application/pdf"
        assert hashlib.sha256(answer.getvalue()).hexdigest() == document.sha256
    assert list(before) == kept


READERS = ("staff", "head", "superior", "negotiator", "auditor", "planner")
OTHERS = ("neighbour", "stranger", "administrator", "nobody")


def test_both_sides_and_those_above_read_it_and_to_others_it_is_not_there(world, documents, visit, client):
    signed = documents["signed"].pk
    answers = {who: visit(world.people.get(who), "desk:document", signed).status_code for who in (*READERS, *OTHERS)}
    assert answers == dict.fromkeys(READERS, 200) | dict.fromkeys(OTHERS, 404)

    client.logout()
    answer = client.get(reverse("desk:document", args=[signed]))
    assert (answer.status_code, answer.url.startswith(reverse("accounts:sign_in"))) == (302, True)


def test_what_is_not_made_yet_is_not_there(world, visit):
    world.agreement("informal", "negotiator")

    assert visit(world.people.staff, "desk:document", Document.objects.get().pk).status_code == 404


@pytest.mark.expects_errors
def test_a_file_changed_on_disk_is_not_served(world, documents, client):
    path_of(documents["signed"].sha256).write_bytes(b"%PDF-1.7 forged")
    client.force_login(world.people.staff)
    client.raise_request_exception = False

    answer = client.get(reverse("desk:document", args=[documents["signed"].pk]))
    assert answer.status_code == 500
    assert b"forged" not in answer.content
