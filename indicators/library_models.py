"""The indicator library (คลังตัวชี้วัด): sheets that many units use, kept by the planning office of one.

A sheet's text is written in its draft; publishing makes the draft the sheet's next version, and a version never changes.
"""

from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acts.append_only import append_only
from acts.versions import Versioned
from indicators.criteria import Kind, criteria_for
from indicators.scale import FIVE, THREE
from indicators.sources import Source
from orgunits.models import OrgUnit

LEVELS = (1, 2, 3, 4, 5)
TEXTS = ("name", "unit_of_measure", "explanation", "definition", "formula", "conditions", "data_source")
CRITERIA = (
    "kind",
    "averages",
    *(f"{part}_{n}" for part in ("level", "upper", "text") for n in LEVELS),
)
# What a sheet says, by the names of its columns; an agreement's line has columns of the same names.
CONTENT = (*TEXTS, "expression", "items", "weight", "target", *CRITERIA)


class UnitSets(models.TextChoices):
    """What a version may leave to the units, and the fields of a line that each of them stands for."""

    WEIGHT = "weight", _("weight")
    TARGET = "target", _("target")
    PAST = "past", _("past results")
    PEOPLE = "people", _("overseer and collectors")
    CRITERIA = "criteria", _("scoring criteria")
    CONDITIONS = "conditions", _("conditions")
    DATA_SOURCE = "data_source", _("data source and method")
    DIMENSION = "dimension", _("dimension")


FIELDS_OF = {
    UnitSets.WEIGHT: ("weight",),
    UnitSets.TARGET: ("target", "low_target_reason"),
    UnitSets.PAST: ("past_1", "past_2", "past_3"),
    UnitSets.PEOPLE: ("overseer", "collectors"),
    UnitSets.CRITERIA: CRITERIA,
    UnitSets.CONDITIONS: ("conditions",),
    UnitSets.DATA_SOURCE: ("data_source",),
    UnitSets.DIMENSION: ("dimension",),
}
USUALLY = (UnitSets.WEIGHT, UnitSets.TARGET, UnitSets.PAST, UnitSets.PEOPLE)


def usually_set_by_units():
    """What a new sheet leaves to the units."""
    return [str(each) for each in USUALLY]


def _value(label):
    return models.DecimalField(label, max_digits=15, decimal_places=4, null=True, blank=True)


class SheetContent(models.Model):
    """What a sheet says: รายละเอียดตัวชี้วัด without what is a unit's own."""

    name = models.CharField(_("name of the indicator"), max_length=500)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=100, blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    definition = models.TextField(_("definition"), blank=True)
    formula = models.TextField(_("formula"), blank=True)
    expression = models.CharField(_("formula to compute"), max_length=1000, blank=True)
    items = models.JSONField(_("what the result is made of"), default=list, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    data_source = models.TextField(_("data source and method"), blank=True)
    # Blank where each unit sets its own.
    weight = models.DecimalField(_("weight (per cent)"), max_digits=5, decimal_places=2, null=True, blank=True)
    target = _value(_("target"))
    kind = models.CharField(_("kind of criteria"), max_length=20, default="quantitative")
    averages = models.CharField(_("what is averaged over the units"), max_length=10, default="of_results")
    level_1, level_2, level_3, level_4, level_5 = (_value(format_lazy(_("level {number}"), number=n)) for n in LEVELS)
    upper_1, upper_2, upper_3, upper_4, upper_5 = (
        _value(format_lazy(_("end of the band of level {number}"), number=n)) for n in LEVELS
    )
    text_1, text_2, text_3, text_4, text_5 = (
        models.TextField(format_lazy(_("description of level {number}"), number=n), blank=True) for n in LEVELS
    )
    # Values of UnitSets: what units may set where the sheet is mandatory for them.
    unit_sets = models.JSONField(_("units may set"), default=usually_set_by_units)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def content(self):
        """{column: value} of what the sheet says."""
        return {name: getattr(self, name) for name in CONTENT}

    @property
    def scale(self):
        """What its results are scored on, as far as the kind of criteria tells: a year's framework says it in the end."""
        return THREE if self.kind == Kind.TARGETS else FIVE

    def fits(self, scale):
        """Can it stand in a framework of this scale? Its levels must be as many; the superior's score has none."""
        return self.kind == Kind.SUPERIOR or self.scale.levels == scale.levels

    @property
    def levels(self):
        return self._of_levels("level")

    @property
    def uppers(self):
        return self._of_levels("upper")

    @property
    def texts(self):
        return self._of_levels("text")

    def _of_levels(self, column):
        return tuple(getattr(self, f"{column}_{n}") for n in LEVELS[: self.scale.levels])

    @property
    def criteria(self):
        """The scoring criteria; they may still have problems, see `criteria.problems()`."""
        return criteria_for(
            self.kind, self.levels, self.texts, uppers=self.uppers, items=self.items, averages=self.averages
        )

    @property
    def set_by_units(self):
        """The fields of a line that units may set."""
        return frozenset(name for group in self.unit_sets for name in FIELDS_OF[UnitSets(group)])


class SheetQuerySet(models.QuerySet):
    def in_use(self):
        """Sheets that can be taken into agreements: published, and not retired."""
        return self.filter(retired_at=None).exclude(current=None)

    def for_list(self):
        return self.select_related("owner", "current", "draft")


class Sheet(models.Model):
    """An indicator of the library: its code, who keeps it, and which of its versions holds now."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    owner = models.ForeignKey(OrgUnit, models.PROTECT, related_name="sheets", verbose_name=_("owner unit"))
    source = models.CharField(
        _("source of the indicator"), max_length=10, choices=Source.choices, default=Source.MANDATORY
    )
    current = models.OneToOneField(
        "SheetVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("version in force")
    )
    retired_at = models.DateTimeField(_("retired on"), null=True, blank=True)
    retired_why = models.TextField(_("why it was retired"), blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("sheet of the indicator library")
        verbose_name_plural = _("sheets of the indicator library")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(source__in=Source.values), name="sheet_source_is_known"),
            models.CheckConstraint(
                condition=Q(retired_at=None) | ~Q(retired_why=""), name="sheet_is_retired_for_a_reason"
            ),
        ]

    def __str__(self):
        return self.code


class SheetDraft(Versioned, SheetContent):
    """What the planning office is writing: the sheet's next version, until it is published."""

    sheet = models.OneToOneField(Sheet, models.CASCADE, related_name="draft", verbose_name=_("sheet"))

    class Meta:
        verbose_name = _("draft of a sheet")
        verbose_name_plural = _("drafts of sheets")


@append_only
class SheetVersion(SheetContent):
    """A version as it was published; it never changes. What is new in it is answered by the units until `answer_by`."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="versions", verbose_name=_("sheet"))
    number = models.PositiveSmallIntegerField(_("version"))
    published_at = models.DateTimeField(_("published on"))
    published_by = models.CharField(_("published by"), max_length=200)
    # What has changed and why, in the owner's words; blank of the first version.
    note = models.TextField(_("what has changed, and why"), blank=True)
    answer_by = models.DateField(_("to be answered by"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of a sheet")
        verbose_name_plural = _("versions of sheets")
        ordering = ["sheet_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="one_sheet_version_per_number"),
            models.CheckConstraint(
                condition=(Q(number=1, answer_by=None)) | (Q(number__gt=1) & Q(answer_by__isnull=False)),
                name="later_sheet_versions_are_answered_by_a_date",
            ),
        ]

    @property
    def label(self):
        """RTP-01 ฉบับที่ 2"""
        return gettext("%(code)s version %(number)s") % {"code": self.sheet.code, "number": self.number}
