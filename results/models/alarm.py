"""Frozen scores that don't come out again as they were frozen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models import Snapshot


class ScoreAlarm(models.Model):
    """What the nightly recomputation found of one frozen total. `settled_at`: it came out right again."""

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="score_alarm")
    found_at = models.DateTimeField(_("found at"))
    differences = models.JSONField(_("what differs"), default=list)
    settled_at = models.DateTimeField(_("right again at"), null=True, blank=True)

    class Meta:
        verbose_name = _("alarm of a frozen score")
        verbose_name_plural = _("alarms of frozen scores")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self):
        return str(self.snapshot)
