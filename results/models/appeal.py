"""The unit's appeal against its scores, line by line, and what the panel decided (อุทธรณ์)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from acts.models import Walked
from acts.versions import Versioned
from agreements.models import Line
from results.models.evaluation import Evaluation


class Appeal(Walked):
    """What the unit objects to in its released scores; its own until it is lodged. One is there from the release on."""

    class Stage(models.TextChoices):
        DRAFT = "draft", _("not lodged")
        LODGED = "lodged", _("lodged")
        DECIDED = "decided", _("decided by the panel")
        SETTLED = "settled", _("settled")

    evaluation = models.OneToOneField(Evaluation, models.PROTECT, related_name="appeal")
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.DRAFT)
    lodged_at = models.DateTimeField(_("lodged at"), null=True, blank=True)
    lodged_by = models.CharField(_("lodged by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "lodged", "decided", "settled"]), name="appeal_stage_is_known"
            ),
            models.CheckConstraint(
                condition=Q(stage="draft") | Q(lodged_at__isnull=False), name="appeal_lodged_at_a_time"
            ),
        ]

    def __str__(self):
        return str(self.evaluation)


class AppealPanel(Versioned):
    """Who decides an appeal, by which order, and when they met; the superior's side's own until the agreement is closed."""

    appeal = models.OneToOneField(Appeal, models.CASCADE, related_name="panel")
    people = models.TextField(_("people of the panel"), blank=True)
    order_number = models.CharField(_("number of the panel's order"), max_length=100, blank=True)
    met_on = models.DateField(_("date of the panel's meeting"), null=True, blank=True)

    class Meta:
        verbose_name = _("appeal panel")
        verbose_name_plural = _("appeal panels")

    def __str__(self):
        return str(self.appeal)


class AppealLine(Versioned):
    """One line of an appeal: the objection ("": none), the result asked for, and what the panel made of it."""

    class Decision(models.TextChoices):
        KEPT = "kept", _("score kept")
        CHANGED = "changed", _("score changed")

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="lines")
    line = models.ForeignKey(Line, models.PROTECT, related_name="appeal_lines")
    objection = models.TextField(_("objection"), blank=True)
    asked_value = models.DecimalField(_("result asked for"), max_digits=15, decimal_places=4, null=True, blank=True)
    # What the unit attached: {name, proves, sha256, kind, size, added_at, added_by} of each file in the vault.
    files = models.JSONField(_("files of the objection"), default=list, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True)
    decided_value = models.DecimalField(_("result as decided"), max_digits=15, decimal_places=4, null=True, blank=True)
    reason = models.TextField(_("reason of the decision"), blank=True)

    class Meta:
        verbose_name = _("line of an appeal")
        verbose_name_plural = _("lines of an appeal")
        ordering = ["line__dimension__number", "line__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "line"], name="one_objection_per_line"),
            models.CheckConstraint(condition=Q(decision__in=["", "kept", "changed"]), name="appeal_decision_is_known"),
        ]

    def __str__(self):
        return self.line.name
