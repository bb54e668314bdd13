"""A unit's annual action plan (แผนปฏิบัติราชการ, handbook 2.2.2, 2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from acts.versions import Versioned
from fiscal.models import FiscalYear
from orgunits.models import OrgUnit


class ActionPlan(Versioned):
    """Vision and mission of one unit for one year; its strategic issues, goals and strategies are items."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="action_plans", verbose_name=_("unit"))
    fiscal_year = models.ForeignKey(
        FiscalYear, models.PROTECT, related_name="action_plans", verbose_name=_("fiscal year")
    )
    vision = models.TextField(_("vision"), blank=True)
    mission = models.TextField(_("mission"), blank=True, help_text=_("One mission on each line."))

    class Meta:
        verbose_name = _("action plan")
        verbose_name_plural = _("action plans")
        constraints = [models.UniqueConstraint(fields=["unit", "fiscal_year"], name="one_plan_per_unit_and_year")]

    def __str__(self):
        return f"{self.unit.abbr_th} {self.fiscal_year}"

    @property
    def missions(self):
        """The mission's lines that hold text, in order."""
        return [line.strip() for line in self.mission.splitlines() if line.strip()]


class PlanItem(Versioned):
    """A strategic issue, a goal of it, or a strategy or indicator of that goal."""

    class Kind(models.TextChoices):
        ISSUE = "issue", _("strategic issue")
        GOAL = "goal", _("goal")
        STRATEGY = "strategy", _("strategy")
        INDICATOR = "indicator", _("indicator of the plan")

    # What each kind hangs from: the plan's outline, top down.
    PARENT_OF = {Kind.ISSUE: None, Kind.GOAL: Kind.ISSUE, Kind.STRATEGY: Kind.GOAL, Kind.INDICATOR: Kind.GOAL}

    plan = models.ForeignKey(ActionPlan, models.CASCADE, related_name="items")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    position = models.PositiveIntegerField(_("position"))
    text = models.TextField(_("text"))
    target = models.CharField(_("target"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("item of the plan")
        verbose_name_plural = _("items of the plan")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="issue", parent=None) | models.Q(~models.Q(kind="issue"), parent__isnull=False),
                name="only_strategic_issues_stand_alone",
            ),
        ]

    def __str__(self):
        return self.text

    @classmethod
    def kinds_under(cls, parent):
        """What can hang from `parent`, an item of the plan, or None for the plan itself."""
        return [kind for kind, above in cls.PARENT_OF.items() if above == (parent.kind if parent else None)]
