"""What the system says of a document by its code: the public verification page. Names and posts only."""

from dataclasses import dataclass

from agreements.models import Document
from workflow.models import Signature
from workflow.superseding import Place, place_of


@dataclass(frozen=True)
class Verdict:
    """A document that was issued here, and the signatures on what it shows."""

    document: Document
    signatures: tuple[Signature, ...]
    # Among the texts that were in force one after the other; None of what is not signed.
    place: Place | None = None

    @property
    def is_signed(self):
        """Does the document show something signed? An edition for the public does where it was made from a signed one."""
        return _shows_signatures(self.document)

    @property
    def is_public_edition(self):
        return self.document.kind == Document.Kind.PUBLIC

    @property
    def snapshot(self):
        return self.document.snapshot

    @property
    def agreement(self):
        return self.document.snapshot.agreement


def verdict_on(code):
    """The verdict on a code as printed (upper or lower case, spaced or not); None: nothing here bears it."""
    plain = "".join(code.split()).lower()
    document = _with_all_said().filter(code=plain).first()
    return document and _verdict(document)


def verdict_of(document):
    """The verdict on a document of ours."""
    return _verdict(_with_all_said().get(pk=document.pk))


def _with_all_said():
    return Document.objects.select_related(
        "sealed_with",
        "snapshot__agreement__unit",
        "snapshot__agreement__fiscal_year",
        "snapshot__agreement__signs_with",
    )


def _verdict(document):
    if not _shows_signatures(document):
        return Verdict(document, ())
    return Verdict(document, tuple(document.snapshot.signatures.all()), place_of(document.snapshot))


def _shows_signatures(document):
    public = document.kind == Document.Kind.PUBLIC
    return document.kind == Document.Kind.SIGNED or (public and bool(document.certificate["signatures"]))
