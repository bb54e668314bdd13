"""Lines taken out of an evaluation's total by decision (ตัดตัวชี้วัดออกจากการคำนวณคะแนน)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agreements.models import Line
from results.models.evaluation import Evaluation


class Exclusion(models.Model):
    """A line whose weight leaves the total, or goes to another line, by an order. Taken back it stays on record."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="exclusions")
    line = models.ForeignKey(Line, models.PROTECT, related_name="exclusions")
    moved_to = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("weight goes to")
    )
    reason = models.TextField(_("reason"))
    order_number = models.CharField(_("order number"), max_length=100)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.CharField(_("recorded by"), max_length=200)
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    withdrawn_by = models.CharField(_("taken back by"), max_length=200, blank=True)
    withdrawn_why = models.TextField(_("why it was taken back"), blank=True)

    class Meta:
        verbose_name = _("exclusion of an indicator")
        verbose_name_plural = _("exclusions of indicators")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "line"], condition=Q(withdrawn_at=None), name="one_exclusion_per_line"
            ),
            models.CheckConstraint(condition=~Q(line=F("moved_to")), name="excluded_weight_goes_to_another_line"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(order_number=""), name="exclusion_has_its_order"),
        ]

    def __str__(self):
        return self.line.name
