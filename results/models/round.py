"""The reporting rounds of a fiscal year, as data (handbook 2.1, 10)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fiscal.models import FiscalYear


class ReportingRound(models.Model):
    """A round of self-assessment in a fiscal year, as data: 6, 9 and 12 months, or any other."""

    fiscal_year = models.ForeignKey(
        FiscalYear, models.PROTECT, related_name="reporting_rounds", verbose_name=_("fiscal year")
    )
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("order"))
    opens_on = models.DateField(_("opens on"))
    due_on = models.DateField(_("due on"))
    # The day that was set, where it is no working day and the round is due on the next one.
    moved_from = models.DateField(_("moved from"), null=True, blank=True)
    is_final = models.BooleanField(_("final round"), default=False)

    class Meta:
        verbose_name = _("reporting round")
        verbose_name_plural = _("reporting rounds")
        ordering = ["fiscal_year__year", "position"]
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "position"], name="one_round_per_place_in_year"),
            models.UniqueConstraint(
                fields=["fiscal_year"], condition=Q(is_final=True), name="one_final_round_per_year"
            ),
            models.CheckConstraint(condition=Q(opens_on__lte=models.F("due_on")), name="round_opens_before_it_is_due"),
            models.CheckConstraint(
                condition=Q(moved_from=None) | Q(moved_from__lt=models.F("due_on")), name="round_moves_to_a_later_day"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def set_for(self):
        """The last day as it was set, working day or not."""
        return self.moved_from or self.due_on
