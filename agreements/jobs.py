"""Slow work of this floor, done by a worker."""

from acts.jobs import job
from agreements.issue import make
from agreements.models import Document


@job("agreements.render")
def render_document(progress, document_id):
    """Make the PDF that was asked for; doing it again changes nothing."""
    make(Document.objects.select_related("snapshot").get(pk=document_id))
