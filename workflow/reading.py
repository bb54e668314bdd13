"""Reading before signing: who has said that they read which text, so that the next one is told from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from acts.append_only import append_only
from agreements.models import Snapshot


@append_only
class Reading(models.Model):
    """A person has said that they read the text of a snapshot and are ready to sign it. It binds them to nothing yet."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="readings", verbose_name=_("snapshot"))
    user_id = models.BigIntegerField(_("user"))
    read_at = models.DateTimeField(_("read at"))

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "user_id"], name="one_reading_per_snapshot_and_person")
        ]

    def __str__(self):
        return f"{self.snapshot} {self.read_at:%Y-%m-%d}"
