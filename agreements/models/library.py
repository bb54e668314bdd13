"""Sheets of the library that a year's agreements must hold, and what units answered to their changed versions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.models.agreement import Line
from fiscal.models import FiscalYear
from indicators.models import Sheet, SheetVersion
from orgunits.models import OrgUnit


class Mandate(models.Model):
    """A sheet is mandatory in a year: for the units of a level below its owner, the owner too; or for one unit named."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="mandates", verbose_name=_("sheet"))
    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, related_name="mandates", verbose_name=_("fiscal year"))
    tier = models.PositiveSmallIntegerField(_("level of agreement"), null=True, blank=True)
    unit = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="mandates", verbose_name=_("unit")
    )
    # The number of the dimension, in the framework of the level (of a unit: of its level), that its lines stand in.
    dimension = models.PositiveSmallIntegerField(_("number of the dimension"))
    made_at = models.DateTimeField(_("made mandatory on"))
    made_by = models.CharField(_("made mandatory by"), max_length=200)

    class Meta:
        verbose_name = _("mandatory sheet")
        verbose_name_plural = _("mandatory sheets")
        ordering = ["fiscal_year_id", "tier", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tier__isnull=False, unit=None) | Q(tier=None, unit__isnull=False),
                name="mandate_is_for_a_level_or_a_unit",
            ),
            models.UniqueConstraint(
                fields=["sheet", "fiscal_year", "tier"],
                condition=Q(unit=None),
                name="one_mandate_per_sheet_year_and_level",
            ),
            models.UniqueConstraint(
                fields=["sheet", "fiscal_year", "unit"],
                condition=Q(tier=None),
                name="one_mandate_per_sheet_year_and_unit",
            ),
        ]

    def __str__(self):
        return f"{self.sheet} {self.fiscal_year}"


class SheetAnswer(models.Model):
    """What a unit says to a changed version of a sheet that one of its lines was taken from."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="sheet_answers", verbose_name=_("indicator"))
    version = models.ForeignKey(
        SheetVersion, models.PROTECT, related_name="answers", verbose_name=_("version of the sheet")
    )
    accepted = models.BooleanField(_("accepted"))
    reason = models.TextField(_("reason of the objection"), blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200)
    answered_at = models.DateTimeField(_("answered on"))

    class Meta:
        verbose_name = _("answer to a changed sheet")
        verbose_name_plural = _("answers to changed sheets")
        ordering = ["line_id", "version_id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "version"], name="one_answer_per_line_and_version"),
            models.CheckConstraint(
                condition=Q(accepted=True, reason="") | (Q(accepted=False) & ~Q(reason="")),
                name="objection_to_a_sheet_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.line} {self.version}"
