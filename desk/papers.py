"""The documents of an agreement: what was frozen at each hand-over, its PDF, and whether a worker has made it yet."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from acts.models import Job
from agreements.issue import RENDER, job_key
from agreements.models import Document
from workflow.models import Amendment
from workflow.superseding import amendment_of, amendments_begun


@dataclass(frozen=True)
class Paper:
    """A document with the state of its making: "ready", or that of its job; without one it waits to be asked for."""

    document: Document
    job: Job | None
    # The amendment that its text belongs to, and that by which it was superseded.
    amendment: Amendment | None = None
    ended_by: Amendment | None = None

    @property
    def is_ready(self):
        return self.document.is_rendered

    @property
    def has_failed(self):
        return not self.is_ready and self.job is not None and self.job.state == Job.State.FAILED

    @property
    def waits(self):
        """Is it made only when somebody asks for it?"""
        return not self.is_ready and self.job is None

    @property
    def is_being_made(self):
        return not (self.is_ready or self.has_failed or self.waits)

    @property
    def title(self):
        """What the document is, in words."""
        if self.document.kind == Document.Kind.PUBLIC:
            if self.amendment:
                return _("Edition for the public, amendment %(number)s") % {"number": self.amendment.number}
            return _("Edition for the public")
        if self.amendment:
            named = _("Amendment %(number)s, signed") if self.is_signed else _("Amendment %(number)s, to be signed")
            return named % {"number": self.amendment.number}
        if self.is_signed:
            return _("Signed agreement")
        return _("Draft agreement") if self.document.certificate["draft"] else _("Agreement, to be signed")

    @property
    def is_signed(self):
        return self.document.kind == Document.Kind.SIGNED

    @property
    def is_superseded(self):
        """Was what it shows in force, until an amendment took its place?"""
        return self.ended_by is not None and self.document.kind != Document.Kind.PROOF


def documents_for(agreement, standing):
    """The documents that may be read: all of them; only what was signed for who doesn't follow the making."""
    documents = Document.objects.filter(snapshot__agreement=agreement).select_related("snapshot", "sealed_with")
    return documents if standing.follows else documents.filter(kind=Document.Kind.SIGNED)


def with_jobs(documents):
    """Documents of one agreement as Papers: each with the state of its making, and its place among the amendments."""
    documents = list(documents)
    # Before anything was signed there is nothing to amend.
    signed = any(each.kind == Document.Kind.SIGNED for each in documents)
    begun = amendments_begun(documents[0].snapshot.agreement_id) if signed else ()
    jobs = latest_jobs(documents)
    ended_by = {each.amends_id: each for each in begun if each.is_in_force}
    return [
        Paper(
            document,
            jobs.get(job_key(document)),
            amendment_of(document.snapshot, begun),
            ended_by.get(document.snapshot_id),
        )
        for document in documents
    ]


def paper_of(document):
    """One document with the state of its making."""
    jobs = {} if document.is_rendered else latest_jobs([document])
    return Paper(document, jobs.get(job_key(document)))


def latest_jobs(documents):
    """{key: the latest job} of many documents, in one query."""
    keys = [job_key(document) for document in documents]
    return {job.key: job for job in Job.objects.filter(name=RENDER, key__in=keys).order_by("queued_at", "pk")}
