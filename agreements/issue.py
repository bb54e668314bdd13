"""Issuing documents: ask for the PDF of a snapshot inside an act; a worker renders it; its bytes never change.

A document of what happened before it was entered here (`when_asked`) has its code and certificate like any other, but
its PDF is made only once somebody wants to read it.
"""

import secrets

from django.conf import settings
from django.utils import timezone

from acts.jobs import queue
from acts.vault import store
from agreements.documents import render
from agreements.freeze import thaw
from agreements.models import Document

RENDER = "agreements.render"  # the job, registered in agreements.jobs
CODE_BYTES = 16  # 128 random bits: a code can't be guessed, and says nothing of what it opens


def order(snapshot, *, kind, certificate, at, when_asked=False):
    """Ask for the PDF of `snapshot`. Valid at once; the file follows when a worker has made it.

    `when_asked`: not now, but when somebody asks for it (`ask_for`).
    """
    code = secrets.token_hex(CODE_BYTES)
    document = Document.objects.create(
        snapshot=snapshot,
        kind=kind,
        code=code,
        certificate={**certificate, "hash": snapshot.sha256, "code": code, "verify_url": verify_url(code)},
        asked_at=at,
    )
    if not when_asked:
        ask_for(document)
    return document


def ask_for(document):
    """Have the PDF of a document made: queued once, whoever asks how often."""
    return queue(RENDER, key=job_key(document), document_id=document.pk)


def job_key(document):
    """The key of the job that makes a document's PDF."""
    return f"document-{document.pk}"


def verify_url(code):
    """The public address printed in the document and its QR."""
    return f"{settings.PUBLIC_URL}/verify/{code}/"


def make(document):
    """Render and keep the PDF, once: a document that has its bytes already is left alone."""
    if document.is_rendered:
        return document
    pdf = render(thaw(document.snapshot), document.certificate, thai_digits=settings.THAI_DIGITS)
    sha256, _size = store([pdf])
    Document.objects.filter(pk=document.pk, sha256="").update(sha256=sha256, rendered_at=timezone.now())
    document.refresh_from_db()
    return document
