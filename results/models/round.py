"""The reporting rounds of a fiscal year, as data (handbook 2.1, 10)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from fiscal.models import FiscalYear

MOST_PENALTY = Decimal(5)


class ReportingRound(models.Model):
    """A round of self-assessment in a fiscal year, as data: 6, 9 and 12 months, or any other.

    `closes_on`: the last day on which its report is taken, the last of grace where there is some, else the day it is due.
    `penalty`: the points that a report not sent by then takes off the score of every line, as the evaluator has it.
    """

    fiscal_year = models.ForeignKey(
        FiscalYear, models.PROTECT, related_name="reporting_rounds", verbose_name=_("fiscal year")
    )
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("order"))
    opens_on = models.DateField(_("opens on"))
    due_on = models.DateField(_("due on"))
    # The day that was set, where it is no working day and the round is due on the next one.
    moved_from = models.DateField(_("moved from"), null=True, blank=True)
    # What the report is about: data up to this day. None: nothing is said of it.
    data_until = models.DateField(_("data counts up to"), null=True, blank=True)
    # The last day of grace, and the day that was set for it where that is no working day; none: it closes when it is due.
    grace_until = models.DateField(_("taken late until"), null=True, blank=True)
    grace_moved_from = models.DateField(_("last day of grace moved from"), null=True, blank=True)
    closes_on = models.GeneratedField(
        expression=Coalesce("grace_until", "due_on"), output_field=models.DateField(_("closes on")), db_persist=True
    )
    penalty = models.DecimalField(_("points off where no report comes"), max_digits=5, decimal_places=4, default=0)
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
            models.CheckConstraint(condition=Q(opens_on__lte=F("due_on")), name="round_opens_before_it_is_due"),
            models.CheckConstraint(
                condition=Q(moved_from=None) | Q(moved_from__lt=F("due_on")), name="round_moves_to_a_later_day"
            ),
            models.CheckConstraint(
                condition=Q(grace_until=None) | Q(grace_until__gte=F("due_on")), name="round_closes_after_it_is_due"
            ),
            models.CheckConstraint(
                condition=Q(grace_moved_from=None) | Q(grace_moved_from__lt=F("grace_until")),
                name="round_grace_moves_to_a_later_day",
            ),
            models.CheckConstraint(
                condition=Q(data_until=None) | Q(data_until__lte=F("due_on")), name="round_data_before_it_is_due"
            ),
            models.CheckConstraint(
                condition=Q(penalty__gte=0, penalty__lte=MOST_PENALTY), name="round_penalty_on_the_scale"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def set_for(self):
        """The last day as it was set, working day or not."""
        return self.moved_from or self.due_on

    @property
    def grace_set_for(self):
        """The last day of grace as it was set; None without grace."""
        return self.grace_moved_from or self.grace_until
