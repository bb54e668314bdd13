"""What the people of an indicator say of its result: each collector's own figure, and the overseer's verdict."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from results.models.report import Result


class Collected(models.Model):
    """What one collector reports of a line in a round, beside the result. Written by that person alone."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="collected")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="collected", verbose_name=_("collector")
    )
    value = models.DecimalField(_("collector's figure"), max_digits=15, decimal_places=4, null=True, blank=True)
    note = models.TextField(_("note of the collector"), blank=True)
    reported_at = models.DateTimeField(_("reported at"))

    class Meta:
        verbose_name = _("collector's figure")
        verbose_name_plural = _("collectors' figures")
        ordering = ["result_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["result", "user"], name="one_figure_per_collector_and_result"),
        ]

    def __str__(self):
        return str(self.user)


class OverseerVerdict(models.Model):
    """The overseer approves a line's result as it stands, or refuses it with a reason. What changes it ends the verdict."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="verdicts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="verdicts_on_results", verbose_name=_("overseer")
    )
    given_by = models.CharField(_("given by"), max_length=200)
    approves = models.BooleanField(_("approved"))
    reason = models.TextField(_("reason"), blank=True)
    # Was it given by the head's office, in the place of an overseer who couldn't?
    in_place = models.BooleanField(_("given in the overseer's place"), default=False)
    given_at = models.DateTimeField(_("given at"))
    # Does it still speak of the result as it stands?
    stands = models.BooleanField(_("stands"), default=True)

    class Meta:
        verbose_name = _("verdict of the overseer")
        verbose_name_plural = _("verdicts of the overseers")
        ordering = ["result_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["result"], condition=Q(stands=True), name="one_standing_verdict_per_result"
            ),
            models.CheckConstraint(
                condition=Q(approves=True, in_place=False) | ~Q(reason=""), name="refusal_and_place_have_a_reason"
            ),
        ]

    def __str__(self):
        return str(self.user)
