"""What is frozen: snapshots of an agreement at every hand-over, and the documents made from them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from acts.append_only import append_only
from agreements.models.agreement import Agreement
from agreements.models.seal import SealCertificate, SealLevel


@append_only
class Snapshot(models.Model):
    """The whole agreement as it stood: canonical JSON and its SHA-256. Never changed, never deleted."""

    class Purpose(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        OFFERED = "offered", _("offered by the superior's side")
        ANSWERED = "answered", _("answered by the unit")
        INFORMALLY_AGREED = "informally_agreed", _("agreed informally")
        TO_SIGN = "to_sign", _("agreed formally, to be signed")
        SCORES = "scores", _("final scores")
        AMENDING = "amending", _("amendment, as handed over")
        AMENDED = "amended", _("amended text, to be signed")

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="snapshots")
    sequence = models.PositiveIntegerField(_("sequence"))
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    content = models.TextField(_("canonical JSON"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    taken_at = models.DateTimeField(_("taken at"))
    taken_by = models.CharField(_("taken by"), max_length=200)

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["agreement_id", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "sequence"], name="one_snapshot_per_sequence"),
        ]

    def __str__(self):
        return f"{self.agreement.code} #{self.sequence} {self.sha256[:12]}"


class Document(models.Model):
    """The PDF of a snapshot. Asked for first, rendered by a worker; once rendered its bytes never change."""

    class Kind(models.TextChoices):
        PROOF = "proof", _("to be read before signing")
        SIGNED = "signed", _("signed")
        # The same without what isn't the public's: see agreements.public_edition.
        PUBLIC = "public", _("edition for the public")

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    # What a reader types or scans to verify: 128 random bits, not an id.
    code = models.CharField(_("verification code"), max_length=32, unique=True)
    certificate = models.JSONField(_("certificate"))
    sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    rendered_at = models.DateTimeField(_("rendered at"), null=True, blank=True)
    seal_level = models.CharField(_("level of the seal"), max_length=10, choices=SealLevel.choices, blank=True)
    sealed_with = models.ForeignKey(SealCertificate, models.PROTECT, null=True, blank=True, related_name="documents")
    # Of every byte but the seal: tells what an altered copy was made from.
    seal_digest = models.CharField(_("SHA-256 of what was sealed"), max_length=64, blank=True, db_index=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "kind"], name="one_document_per_snapshot_and_kind"),
            models.CheckConstraint(
                condition=models.Q(sha256="", rendered_at=None)
                | models.Q(~models.Q(sha256=""), rendered_at__isnull=False),
                name="document_rendered_with_its_hash",
            ),
            models.CheckConstraint(
                condition=models.Q(seal_level="", sealed_with=None, seal_digest="")
                | models.Q(~models.Q(seal_level=""), ~models.Q(seal_digest=""), sealed_with__isnull=False),
                name="document_sealed_with_its_certificate",
            ),
            models.CheckConstraint(
                condition=models.Q(seal_level="") | ~models.Q(sha256=""), name="document_sealed_once_rendered"
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def is_rendered(self):
        return bool(self.sha256)

    @property
    def is_sealed(self):
        return bool(self.seal_level)
