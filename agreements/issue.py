"""Issuing documents: ask for the PDF of a snapshot inside an act; a worker renders it; its bytes never change.

A document of what happened before it was entered here (`when_asked`) has its code and certificate like any other, but
its PDF is made only once somebody wants to read it.
"""

import secrets

from django.conf import settings
from django.utils import timezone

from acts.jobs import queue
from acts.vault import store
from agreements.documents import first_page, render
from agreements.emblem import emblem
from agreements.example import example_sections
from agreements.freeze import thaw
from agreements.models import Document
from agreements.public_edition import public_certificate, public_sections
from agreements.seal import certificate_in_use, columns, sealed

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


def order_public_edition(document, *, at):
    """Have the edition for the public of what a document shows; there is one of each snapshot."""
    kept = Document.objects.filter(snapshot=document.snapshot, kind=Document.Kind.PUBLIC).first()
    certificate = public_certificate(document.certificate)
    return kept or order(document.snapshot, kind=Document.Kind.PUBLIC, certificate=certificate, at=at)


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
    """Render, seal and keep the PDF, once: a document that has its bytes already is left alone."""
    if document.is_rendered:
        return document
    snapshot, at = document.snapshot, timezone.now()
    is_public = document.kind == Document.Kind.PUBLIC
    pdf = render(
        public_sections(thaw(snapshot)) if is_public else thaw(snapshot),
        document.certificate | {"emblem": emblem(), "seal": seal_in_words()},
        thai_digits=settings.THAI_DIGITS,
        content="" if is_public else snapshot.content,
        made_at=snapshot.taken_at,
    )
    seal = sealed(pdf, at)
    sha256, _size = store([seal.content])
    Document.objects.filter(pk=document.pk, sha256="").update(sha256=sha256, rendered_at=at, **columns(seal, at))
    document.refresh_from_db()
    return document


def example_page(fiscal_year, clauses):
    """The first page of a made-up agreement of the year that says `clauses`, as the PDF of a draft. Nothing is kept."""
    dates = fiscal_year.starts_on.isoformat(), fiscal_year.ends_on.isoformat()
    sections = example_sections(fiscal_year.year, *dates, clauses)
    certificate = {"draft": True, "hash": "", "code": "", "verify_url": "", "signatures": [], "people": []}
    return first_page(sections, certificate | {"emblem": emblem()}, thai_digits=settings.THAI_DIGITS)


def seal_in_words():
    """Whose seal the document bears, as its certificate page says it; None where nothing seals here."""
    in_use = certificate_in_use()
    return in_use and {"subject": in_use.subject, "is_self_made": in_use.is_self_made}
