"""Time given to one unit for the report of one round (ผ่อนผัน), on record with who gave it and why."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from results.models.report import Report


class TimeGiven(models.Model):
    """The planning office lets one unit send one round's report until a day; while `ended_at` is None it stands."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="time_given", verbose_name=_("report"))
    until = models.DateField(_("until"))
    reason = models.TextField(_("reason"))
    order_number = models.CharField(_("order number"), max_length=100, blank=True)
    given_by = models.CharField(_("given by"), max_length=200)
    given_at = models.DateTimeField(_("given at"))
    ended_by = models.CharField(_("ended by"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("time given")
        verbose_name_plural = _("time given")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(ended_at=None), name="one_time_given_stands_for_a_report"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="time_given_with_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="") | Q(ended_at__gte=F("given_at")), name="time_given_ends_later"
            ),
        ]

    def __str__(self):
        return f"{self.report.round} {self.until}"
