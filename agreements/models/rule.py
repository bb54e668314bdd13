"""The signing rule: who signs with whom and what is annexed, as rows (handbook 2.2.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SigningRule(models.Model):
    """One row of the handbook's table: level and affiliation → the superior's side, and the annexes."""

    class Superior(models.TextChoices):
        PRIME_MINISTER = "prime_minister", _("the Prime Minister or the Deputy Prime Minister so assigned")
        HEADQUARTERS = "headquarters", _("the Commissioner-General")
        COMMAND = "command", _("the Commissioner of the command above")

    class Annex(models.TextChoices):
        UNIT_PLAN = "unit_plan", _("the unit's action plan")
        SUPERIOR_PLAN = "superior_plan", _("the command's action plan")
        FRAMEWORK = "framework", _("framework, indicators, weights, past performance, targets and criteria")
        SHEETS = "sheets", _("indicator sheets")

    case = models.SlugField(_("case"), max_length=40)
    tier = models.PositiveSmallIntegerField(_("level"))
    # None: affiliation plays no part at this level.
    affiliated = models.BooleanField(_("under สง.ผบ.ตร."), null=True, blank=True)
    first_year = models.PositiveSmallIntegerField(_("first fiscal year"))
    last_year = models.PositiveSmallIntegerField(_("last fiscal year"), null=True, blank=True)
    superior = models.CharField(_("signs with"), max_length=20, choices=Superior.choices)
    annexes = models.JSONField(_("annexed documents"))
    # "With mandatory indicators" and "with mission indicators" oblige: without one, nothing is submitted.
    required_source = models.CharField(_("required kind of indicator"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("signing rule")
        verbose_name_plural = _("signing rules")
        ordering = ["first_year", "tier", "affiliated"]
        constraints = [
            models.UniqueConstraint(fields=["case", "first_year"], name="one_signing_rule_per_case_and_year"),
            models.CheckConstraint(
                condition=models.Q(last_year=None) | models.Q(last_year__gte=models.F("first_year")),
                name="signing_rule_years_in_order",
            ),
        ]

    def __str__(self):
        return self.case
