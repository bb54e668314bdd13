"""Many documents printed at once: what was asked for, and the one file that they are bound into."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.models.record import Document
from fiscal.models import FiscalYear
from orgunits.models import OrgUnit


class PrintRun(models.Model):
    """The documents of a unit and the units below it in a year, to be printed together by the person who asked."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, related_name="+", verbose_name=_("fiscal year"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    documents = models.ManyToManyField(Document, through="PrintedDocument", related_name="print_runs")
    sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64, blank=True)
    bound_at = models.DateTimeField(_("bound at"), null=True, blank=True)

    class Meta:
        verbose_name = _("printing of many documents")
        verbose_name_plural = _("printings of many documents")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256="", bound_at=None) | Q(~Q(sha256=""), bound_at__isnull=False),
                name="print_run_bound_with_its_hash",
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.fiscal_year}"

    @property
    def is_bound(self):
        return bool(self.sha256)


class PrintedDocument(models.Model):
    """One document of a run, at its place."""

    run = models.ForeignKey(PrintRun, models.CASCADE, related_name="printed")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        verbose_name = _("printed document")
        verbose_name_plural = _("printed documents")
        ordering = ["run_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "document"], name="document_once_in_a_print_run"),
            models.UniqueConstraint(fields=["run", "position"], name="one_document_per_place_of_a_print_run"),
        ]

    def __str__(self):
        return f"{self.run} {self.position}"
