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


def test_the_bytes_served_are_those_whose_hash_is_on_record(world, documents, visit):
    for document in documents.values():
        answer = visit(world.people.staff, "desk:document", document.pk)

        assert answer["Content-Type"] == "application/pdf"
        assert hashlib.sha256(answer.getvalue()).hexdigest() == document.sha256


def test_they_are_not_made_again(world, documents, visit):
    before = Document.objects.values_list("pk", "sha256", "rendered_at").order_by("pk")
    kept = list(before)
    for _time in range(2):
        visit(world.people.staff, "desk:document", documents["signed"].pk)

    assert list(before) == kept


@pytest.mark.parametrize("who", ["staff", "head", "superior", "negotiator", "auditor", "planner"])
def test_both_sides_and_those_above_read_it(world, documents, visit, who):
    assert visit(world.people.get(who), "desk:document", documents["signed"].pk).status_code == 200


@pytest.mark.parametrize("who", ["neighbour", "stranger", "administrator", "nobody"])
def test_to_others_it_is_not_there(world, documents, visit, who):
    assert visit(world.people.get(who), "desk:document", documents["signed"].pk).status_code == 404


def test_signed_out_one_signs_in_first(documents, client):
    answer = client.get(reverse("desk:document", args=[documents["signed"].pk]))

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
