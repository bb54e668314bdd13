"""Printing many agreements at once: what is in the file, whose it is, and that it is bound once all is made."""

from io import BytesIO

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pikepdf import Pdf

from acts.idempotency import new_key
from acts.jobs import run_queued_jobs
from acts.models import Job
from agreements.issue import make
from agreements.models import Document, PrintRun
from agreements.print_runs import BIND, ask_for_run, progress_of, settle
from orgunits.models import OrgUnit


@pytest.fixture
def command():
    return OrgUnit.objects.get(code="IMM")


def asked(world, unit, who="staff"):
    return ask_for_run(unit, world.year, by=getattr(world.people, who), at=world.at())


def test_the_file_holds_every_readable_document_in_the_order_of_the_tree(world, command, client, words):
    world.agreement("assessment")
    world.agreement("informal", "negotiator", code="IMM-D2")
    page = reverse("desk:print_agreements", args=["IMM", 2570])
    client.force_login(world.people.planner)

    client.post(page, {"idempotency": new_key()})
    seen = words(client.get(page))
    assert "เอกสารที่จะพิมพ์ (0 จาก 2)" in seen
    run_queued_jobs()

    assert "เอกสารที่จะพิมพ์ (2 จาก 2)" in words(client.get(page, {"run": 1}))
    run = PrintRun.objects.get()
    signed, draft = (each.document for each in run.printed.all())
    assert (signed.kind, signed.snapshot.agreement.unit.code) == ("signed", "IMM-D1")
    assert (draft.kind, draft.snapshot.agreement.unit.code) == ("proof", "IMM-D2")
    answer = client.get(reverse("desk:print_run_file", args=[run.pk]))
    with Pdf.open(BytesIO(answer.getvalue())) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == [each.unit.name_th for each in _agreements(run)]
        assert len(pdf.pages) > 10
    assert Job.objects.filter(name=BIND).count() == 1


def _agreements(run):
    return [each.document.snapshot.agreement for each in run.printed.all()]


def test_a_run_is_its_askers_own_and_ends_with_the_right_to_read(world, command, client):
    world.agreement("assessment")
    run = asked(world, command)
    run_queued_jobs()
    file = reverse("desk:print_run_file", args=[run.pk])

    for who, status in (("staff", 200), ("planner", 404), ("neighbour", 404)):
        client.force_login(getattr(world.people, who))
        assert client.get(file).status_code == status, who

    world.people.staff.unitusergrant_set.all().delete()
    client.force_login(world.people.staff)
    assert client.get(file).status_code == 404


def test_who_may_read_nothing_there_is_told_and_nothing_is_asked_for(world, client, words):
    world.agreement("assessment")
    client.force_login(world.people.neighbour)
    page = reverse("desk:print_agreements", args=["IMM-D1", 2570])

    answer = client.post(page, {"idempotency": new_key()})

    assert answer.status_code == 422
    assert "ยังไม่มีเอกสารที่ท่านพิมพ์ได้" in words(answer)
    assert not PrintRun.objects.exists()


def test_only_the_last_document_made_has_the_run_bound_and_a_failed_one_can_be_asked_for_again(world, command, client):
    world.agreement("assessment")
    world.agreement("assessment", code="IMM-D2")
    run = asked(world, command, "planner")
    job = Job.objects.filter(name="agreements.render", key=f"document-{run.printed.first().document_id}")
    job.update(state=Job.State.FAILED, finished_at=world.at())
    run_queued_jobs()

    assert (progress_of(run).state, progress_of(run).done) == ("failed", 1)
    assert not Job.objects.filter(name=BIND).exists()

    client.force_login(world.people.planner)
    client.post(reverse("desk:print_run_again", args=[run.pk]))
    run_queued_jobs()
    run.refresh_from_db()
    assert (run.is_bound, progress_of(run).state) == (True, "done")


@pytest.mark.parametrize("units", [1, 2])
def test_the_page_costs_as_many_queries_for_one_document_as_for_more(world, command, client, units):
    for code in ("IMM-D1", "IMM-D2")[:units]:
        world.agreement("informal", "negotiator", code=code)
    asked(world, command, "planner")
    client.force_login(world.people.planner)
    page = reverse("desk:print_agreements", args=["IMM", 2570])
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        found = client.get(page)

    assert (len(queries), found.context["count"]) == (13, units)


def test_a_press_that_comes_to_nothing_leaves_nothing(world, command):
    world.agreement("assessment")

    def act():
        with transaction.atomic():
            asked(world, command)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert not PrintRun.objects.exists()
    assert Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_documents_made_at_the_same_moment_have_their_run_bound_once(world, command, at_once):
    for code in ("IMM-D1", "IMM-D2"):
        world.agreement("informal", "negotiator", code=code)
    run = asked(world, command, "planner")

    def made(document):
        settle(make(Document.objects.select_related("snapshot").get(pk=document)))

    answers = at_once(*[lambda each=each: made(each.document_id) for each in run.printed.all()])

    assert answers == [None, None]
    assert Job.objects.filter(name=BIND).count() == 1
