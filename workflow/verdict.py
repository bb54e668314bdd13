"""What the system says of a document by its code: the public verification page. Names and posts only."""

from dataclasses import dataclass

from agreements.models import Document
from workflow.models import Signature


@dataclass(frozen=True)
class Verdict:
    """A document that was issued here, and the signatures on what it shows."""

    document: Document
    signatures: tuple[Signature, ...]

    @property
    def is_signed(self):
        return self.document.kind == Document.Kind.SIGNED

    @property
    def snapshot(self):
        return self.document.snapshot

    @property
    def agreement(self):
        return self.document.snapshot.agreement


def verdict_on(code):
    """The verdict on a code as printed (upper or lower case, spaced or not); None: nothing here bears it."""
    plain = "".join(code.split()).lower()
    document = (
        Document.objects.filter(code=plain)
        .select_related(
            "snapshot__agreement__unit", "snapshot__agreement__fiscal_year", "snapshot__agreement__signs_with"
        )
        .first()
    )
    if document is None:
        return None
    signed = document.kind == Document.Kind.SIGNED
    return Verdict(document, tuple(document.snapshot.signatures.all()) if signed else ())
