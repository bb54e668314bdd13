"""Visits of the evaluators to the unit, beside their findings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from acts.versions import Versioned
from agreements.models import Line
from results.models.evaluation import Evaluation


class Visit(Versioned):
    """What the evaluators saw where they went: when, where, with whom, and which lines it is about."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="visits")
    visited_on = models.DateField(_("visited on"))
    place = models.CharField(_("place visited"), max_length=300)
    people = models.TextField(_("who went and whom they met"))
    seen = models.TextField(_("what was seen"))
    lines = models.ManyToManyField(
        Line, blank=True, related_name="visits", verbose_name=_("indicators that it is about")
    )
    recorded_by = models.CharField(_("recorded by"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["visited_on", "pk"]

    def __str__(self):
        return self.place
