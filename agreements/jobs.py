"""Slow work of this floor, done by a worker."""

from acts.jobs import job
from agreements.issue import make
from agreements.models import Document, PrintRun
from agreements.print_runs import bind_run, settle


@job("agreements.render")
def render_document(progress, document_id):
    """Make the PDF that was asked for; doing it again changes nothing."""
    settle(make(Document.objects.select_related("snapshot").get(pk=document_id)))


@job("agreements.bind_run")
def bind_print_run(progress, run_id):
    """Bind the documents of a print run, once all are made; doing it again changes nothing."""
    bind_run(PrintRun.objects.get(pk=run_id), progress)
