"""Printing many agreements at once: each document is made by its own job, by as many workers as there are; the last one
made has them bound into one file.

No job waits for another. A worker that is killed has its document made again, and what was made stays made.
"""

from dataclasses import dataclass
from io import BytesIO

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from pikepdf import ObjectStreamMode, OutlineItem, Pdf

from acts.engine import Refusal, Refused
from acts.jobs import queue, queue_again
from acts.log import acting
from acts.models import Job
from acts.vault import read, store
from agreements.issue import RENDER, ask_for, job_key
from agreements.models import Agreement, Document, PrintedDocument, PrintRun
from orgunits.tree import descendants

TEXTS = ("certificate", "snapshot__content")  # long, and of no use here
BIND = "agreements.bind_run"  # the job, registered in agreements.jobs


@dataclass(frozen=True)
class Progress:
    """How far a run is: `state` and figures as a Job tells them."""

    state: str
    done: int
    total: int
    error: str = ""


def printable(user, unit, fiscal_year, at):
    """The document of each agreement of the unit and those below it, as far as `user` may read it, in the order of the
    tree: of the text in force; before there is one, the newest.
    """
    below = descendants([unit.pk])
    there = Agreement.objects.filter(fiscal_year=fiscal_year, unit__in=below)
    found = Document.objects.filter(_open_to(user, at), snapshot__agreement__in=there).exclude(
        kind=Document.Kind.PUBLIC
    )
    found = found.select_related("snapshot__agreement__unit").defer(*TEXTS)
    # What was signed comes after all else: an amendment that is being signed is not in force yet.
    found = found.annotate(is_signed=Q(kind=Document.Kind.SIGNED)).order_by("is_signed", "pk")
    newest = {document.snapshot.agreement_id: document for document in found}
    return sorted(newest.values(), key=lambda each: _in_the_tree(each.snapshot.agreement.unit))


def _open_to(user, at):
    """A condition on documents: what was signed, to who may read the agreement; proofs, to who follows how it is made."""
    readable, followed = Agreement.objects.readable_by(user, at), Agreement.objects.followed_by(user, at)
    return Q(kind=Document.Kind.SIGNED, snapshot__agreement__in=readable) | Q(snapshot__agreement__in=followed)


def _in_the_tree(unit):
    return unit.tree_id, unit.lft


def ask_for_run(unit, fiscal_year, *, by, at, idempotency=""):
    """Have all that `by` may print there printed. Raises Refused where there is nothing."""
    with acting(by, at=at, idempotency=idempotency) as record:
        documents = printable(by, unit, fiscal_year, at)
        if not documents:
            sentence = _(
                "There is no document yet that you could print here. The first is made when a draft is submitted."
            )
            raise Refused([Refusal(sentence)], incomplete=True)
        run = PrintRun.objects.create(unit=unit, fiscal_year=fiscal_year, asked_by=by, asked_at=at)
        PrintedDocument.objects.bulk_create(
            PrintedDocument(run=run, document=document, position=at_place)
            for at_place, document in enumerate(documents, 1)
        )
        record("print_run", unit, change={"fiscal_year": fiscal_year.year, "documents": len(documents)})
        for document in documents:
            if not document.is_rendered:
                ask_for(document)
        _bind_if_made(run)
    return run


def settle(document):
    """A document has been made: bind the runs that waited for it alone."""
    for run in PrintRun.objects.filter(documents=document, bound_at=None):
        _bind_if_made(run)


def _bind_if_made(run):
    if not run.documents.filter(sha256="").exists():
        queue(BIND, key=_key(run), run_id=run.pk)


def _key(run):
    return f"print-run-{run.pk}"


def bind_run(run, tell):
    """Bind the documents of a run, which are all made, and keep the file; once. `tell(done, total)`."""
    if run.is_bound:
        return
    rows = run.printed.select_related("document__snapshot__agreement__unit")
    documents = [each.document for each in rows.defer(*(f"document__{name}" for name in TEXTS))]
    with Pdf.new() as pdf:
        with pdf.open_outline() as outline:
            for done, document in enumerate(documents, 1):
                starts = len(pdf.pages)
                with Pdf.open(BytesIO(read(document.sha256))) as source:
                    pdf.pages.extend(source.pages)
                outline.root.append(OutlineItem(document.snapshot.agreement.unit.name_th, starts))
                tell(done, len(documents))
        out = BytesIO()
        pdf.save(out, object_stream_mode=ObjectStreamMode.generate)
    sha256, _size = store([out.getvalue()])
    PrintRun.objects.filter(pk=run.pk, sha256="").update(sha256=sha256, bound_at=timezone.now())


def progress_of(run):
    """How far the making and binding of a run is."""
    total = run.documents.count()
    if run.is_bound:
        return Progress(Job.State.DONE, total, total)
    made = run.documents.exclude(sha256="").count()
    failed = failed_jobs(run)
    if failed:
        return Progress(Job.State.FAILED, made, total, failed[0].error)
    return Progress(Job.State.RUNNING, made, total)


def failed_jobs(run):
    """The jobs of a run that failed, and were not asked for again since."""
    keys = [job_key(document) for document in run.documents.filter(sha256="")]
    later = Job.objects.filter(name=OuterRef("name"), key=OuterRef("key"), pk__gt=OuterRef("pk"))
    of_run = Q(name=RENDER, key__in=keys) | Q(name=BIND, key=_key(run))
    return list(Job.objects.filter(of_run, ~Exists(later), state=Job.State.FAILED))


def try_again(run):
    """Ask once more for what of a run could not be made."""
    for failed in failed_jobs(run):
        queue_again(failed)


def still_open_to(run, user, at):
    """May `user` still read every document of the run? Rights that were withdrawn since count."""
    return run.asked_by_id == user.pk and not run.documents.exclude(_open_to(user, at)).exists()
