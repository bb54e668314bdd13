"""The evaluation beside the unit's final report (handbook 2.1, 11)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from acts.models import Walked
from acts.versions import Versioned
from agreements.models import Line
from results.models.report import Report


class Evaluation(Walked):
    """The superior's side's own results and scores beside the unit's final report; theirs until it is released."""

    class Stage(models.TextChoices):
        DRAFT = "draft", _("being evaluated")
        PROPOSED = "proposed", _("proposed by the evaluator")
        RELEASED = "released", _("released")

    report = models.OneToOneField(Report, models.PROTECT, related_name="evaluation")
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.DRAFT)
    # The last day to appeal against the scores, from their release on.
    appeal_until = models.DateField(_("appeal until"), null=True, blank=True)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "proposed", "released"]), name="evaluation_stage_is_known"
            ),
        ]

    def __str__(self):
        return str(self.report)


class Finding(Versioned):
    """The evaluator's result of one line, with a reason where its score differs from the unit's."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="findings")
    line = models.ForeignKey(Line, models.PROTECT, related_name="findings")
    value = models.DecimalField(_("evaluator's result"), max_digits=15, decimal_places=4, null=True, blank=True)
    reason = models.TextField(_("reason for the difference"), blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["line__dimension__number", "line__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "line"], name="one_finding_per_line")]

    def __str__(self):
        return self.line.name
