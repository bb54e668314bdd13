"""A unit's report that an evaluator enters for it from paper, on record with the paper, who entered it and why."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from results.models.report import Report


class PaperEntry(models.Model):
    """An evaluator took a report in from paper; while `ended_at` is None it is theirs to write. It is never deleted."""

    class Ending(models.TextChoices):
        SENT = "sent", _("sent by the evaluator")
        TAKEN_BACK = "taken_back", _("taken back by the unit")
        GIVEN_BACK = "given_back", _("given back by the evaluator")

    report = models.ForeignKey(Report, models.PROTECT, related_name="paper_entries", verbose_name=_("report"))
    document_number = models.CharField(_("number of the unit's document"), max_length=100)
    document_date = models.DateField(_("date of the unit's document"))
    reason = models.TextField(_("reason"))
    begun_by = models.CharField(_("taken in by"), max_length=200)
    begun_at = models.DateTimeField(_("taken in at"))
    ending = models.CharField(_("how it ended"), max_length=12, choices=Ending.choices, blank=True)
    ended_by = models.CharField(_("ended by"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("entry from paper")
        verbose_name_plural = _("entries from paper")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(ended_at=None), name="one_paper_entry_stands_for_a_report"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(document_number=""), name="paper_entry_has_its_paper_and_reason"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="", ended_by="")
                | Q(ending__in=["sent", "taken_back", "given_back"], ended_at__gte=F("begun_at")),
                name="paper_entry_ends_later_and_says_how",
            ),
        ]

    def __str__(self):
        return f"{self.report.round} {self.document_number}"
