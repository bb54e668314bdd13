"""Frameworks: the weighted dimensions a year's agreements of one level are measured by (handbook 2.2.2, 3)."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from acts.versions import Versioned
from fiscal.models import FiscalYear


class Framework(Versioned):
    """กรอบการประเมินผล of one fiscal year and agreement level: its dimensions, its scale and its floor.

    The version guards it with its dimensions.
    """

    fiscal_year = models.ForeignKey(
        FiscalYear, models.PROTECT, related_name="frameworks", verbose_name=_("fiscal year")
    )
    tier = models.PositiveSmallIntegerField(_("level of agreement"))
    name = models.CharField(_("name"), max_length=200)
    # A result below level 1 scores this much: 1 by default, 0 in some agencies.
    floor = models.DecimalField(_("score below level 1"), max_digits=5, decimal_places=4, default=Decimal(1))

    class Meta:
        verbose_name = _("evaluation framework")
        verbose_name_plural = _("evaluation frameworks")
        ordering = ["-fiscal_year__year", "tier"]
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "tier"], name="one_framework_per_year_and_level"),
            models.CheckConstraint(condition=models.Q(floor__in=[0, 1]), name="framework_floor_is_0_or_1"),
        ]

    def __str__(self):
        return self.name


class Dimension(models.Model):
    """มิติ: a part of the framework. Where it has a weight, the lines of an agreement in it must sum to that."""

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="dimensions")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=200)
    weight = models.DecimalField(
        _("weight"), max_digits=5, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ["framework_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="one_dimension_per_number"),
            models.CheckConstraint(
                condition=models.Q(weight=None) | models.Q(weight__gt=0, weight__lte=100),
                name="dimension_weight_within_0_and_100",
            ),
        ]

    def __str__(self):
        return self.name
