"""Frameworks: the weighted dimensions a year's agreements of one level are measured by (handbook 2.2.2, 3)."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from acts.versions import Versioned
from fiscal.models import FiscalYear
from indicators.library_models import Sheet, SheetDraft, SheetVersion
from indicators.scale import scale_of
from indicators.scoring import Denominator

__all__ = ["Dimension", "Framework", "Sheet", "SheetDraft", "SheetVersion"]


def _score(label, **more):
    return models.DecimalField(label, max_digits=7, decimal_places=4, **more)


class Framework(Versioned):
    """กรอบการประเมินผล of one fiscal year and agreement level: its tree of dimensions, and how results are scored.

    The version guards it with its dimensions.
    """

    class ScaleName(models.TextChoices):
        FIVE = "five", _("1 to 5")
        THREE = "three", _("50, 75 and 100 (below the standard, standard, advanced)")

    class OverWeights(models.TextChoices):
        IN_FORCE = Denominator.IN_FORCE.value, _("the weights of all indicators in force")
        REPORTED = Denominator.REPORTED.value, _("the weights of the indicators reported only")

    fiscal_year = models.ForeignKey(
        FiscalYear, models.PROTECT, related_name="frameworks", verbose_name=_("fiscal year")
    )
    tier = models.PositiveSmallIntegerField(_("level of agreement"))
    name = models.CharField(_("name"), max_length=200)
    scale = models.CharField(_("scale"), max_length=10, choices=ScaleName.choices, default=ScaleName.FIVE)
    # A result below level 1 scores this much: what level 1 does by default, 0 in some agencies.
    floor = _score(_("score below level 1"), default=Decimal(1))
    # A score stops here; at the top of the scale where nothing is said.
    cap = _score(_("highest score"), null=True, blank=True)
    fail_score = _score(_("score of a fail"), null=True, blank=True)
    places = models.PositiveSmallIntegerField(_("decimals of scores"), default=4)
    denominator = models.CharField(
        _("what a total is divided by"), max_length=10, choices=OverWeights.choices, default=OverWeights.IN_FORCE
    )

    class Meta:
        verbose_name = _("evaluation framework")
        verbose_name_plural = _("evaluation frameworks")
        ordering = ["-fiscal_year__year", "tier"]
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "tier"], name="one_framework_per_year_and_level"),
            models.CheckConstraint(
                condition=Q(scale="five", floor__gte=0, floor__lte=1) | Q(scale="three", floor__gte=0, floor__lte=50),
                name="framework_floor_is_at_most_level_1",
            ),
            models.CheckConstraint(
                condition=Q(cap=None)
                | Q(scale="five", cap__gt=1, cap__lte=5)
                | Q(scale="three", cap__gt=50, cap__lte=100),
                name="framework_cap_is_above_level_1",
            ),
            models.CheckConstraint(
                condition=Q(fail_score=None)
                | Q(scale="five", fail_score__gte=0, fail_score__lt=5)
                | Q(scale="three", fail_score__gte=0, fail_score__lt=100),
                name="framework_fail_is_below_the_top",
            ),
            models.CheckConstraint(condition=Q(places__in=[2, 3, 4]), name="framework_places_are_2_to_4"),
            models.CheckConstraint(
                condition=Q(denominator__in=[each.value for each in Denominator]), name="framework_denominator_is_known"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def scoring_scale(self):
        """The Scale that results are scored by."""
        return scale_of(self.scale, floor=self.floor, cap=self.cap, fail=self.fail_score, places=self.places)


class DimensionQuerySet(models.QuerySet):
    def in_tree(self):
        """In their order, each with `is_leaf`: lines stand in leaves alone."""
        parts = self.model.objects.filter(parent=OuterRef("pk"))
        return self.annotate(is_leaf=~Exists(parts)).order_by("framework_id", "number")

    def leaves(self):
        return self.in_tree().filter(is_leaf=True)


class Dimension(models.Model):
    """มิติ: a part of the framework, or of a dimension of it.

    Where it has a weight, the lines of an agreement in it must sum to that; a range from `weight_min` to `weight_max`
    is advice. `number` is its place in the whole framework, `label` how it is called among its own: 1.2.
    """

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="dimensions")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    label = models.CharField(_("label"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    weight = models.DecimalField(
        _("weight"), max_digits=5, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    weight_min = models.DecimalField(_("least weight"), max_digits=5, decimal_places=2, null=True, blank=True)
    weight_max = models.DecimalField(_("greatest weight"), max_digits=5, decimal_places=2, null=True, blank=True)

    objects = DimensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ["framework_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="one_dimension_per_number"),
            models.UniqueConstraint(fields=["framework", "label"], name="one_dimension_per_label"),
            models.CheckConstraint(
                condition=Q(weight=None) | Q(weight__gt=0, weight__lte=100), name="dimension_weight_within_0_and_100"
            ),
            models.CheckConstraint(
                condition=(Q(weight_min=None) | Q(weight_min__gte=0, weight_min__lte=100))
                & (Q(weight_max=None) | Q(weight_max__gt=0, weight_max__lte=100))
                & (Q(weight_min=None) | Q(weight_max=None) | Q(weight_min__lte=F("weight_max"))),
                name="dimension_range_within_0_and_100",
            ),
            models.CheckConstraint(
                condition=Q(weight=None) | Q(weight_min=None, weight_max=None), name="dimension_has_weight_or_range"
            ),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="dimension_is_no_part_of_itself"),
        ]

    def __str__(self):
        return f"{self.label} {self.name}" if self.depth else self.name

    @property
    def depth(self):
        """0 for one that stands in the framework itself."""
        return self.label.count(".")

    def advises(self, weight):
        """Does this weight lie within the range advised? Without a range, any does."""
        return (self.weight_min is None or weight >= self.weight_min) and (
            self.weight_max is None or weight <= self.weight_max
        )
