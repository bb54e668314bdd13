"""Fiscal years and their due dates. The rule that derives a period from a year stands in `fiscal.years`."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acts.versions import Versioned
from thai.dates import shown_year, thai_date

# The rule of `fiscal.years.period` as the database checks it: 1 October of the year before to 30 September.
BY_RULE = Q(
    starts_on__year=F("year") - 544,
    starts_on__month=10,
    starts_on__day=1,
    ends_on__year=F("year") - 543,
    ends_on__month=9,
    ends_on__day=30,
)
# Years of the Buddhist Era; a year typed in the other era falls outside.
FIRST_YEAR, LAST_YEAR = 2500, 2700
# The same for dates, which are kept in ค.ศ.: 2569-10-01 is a year of the wrong era.
FIRST_DATE, LAST_DATE = date(1956, 1, 1), date(2158, 12, 31)
# The level of a due date that holds for all levels that have none of their own.
EVERY_LEVEL = 0
LONGEST_PATIENCE = 365  # days
# Days to appeal from the day on which the scores are released: what is usual, and the most that a year may give.
USUAL_APPEAL_DAYS, MOST_APPEAL_DAYS = 15, 180


class FiscalYearQuerySet(models.QuerySet["FiscalYear"]):
    def current(self, *, on: date) -> "FiscalYear | None":
        """The year that `on` falls in, as its period is stored."""
        return self.filter(starts_on__lte=on, ends_on__gte=on).order_by("-year").first()


class FiscalYear(Versioned):
    """A fiscal year by its number in the Buddhist Era; what is stored here is what signed documents print.

    The call is the letter by which สำนักงาน ก.พ.ร. asks for draft indicators (handbook 2.1, step 1). The version guards
    the year with its due dates and reporting rounds.
    """

    year = models.PositiveSmallIntegerField(_("fiscal year"), unique=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    override_reason = models.TextField(_("reason for a period of its own"), blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    call_number = models.CharField(_("number of the call's letter"), max_length=100, blank=True)
    call_date = models.DateField(_("date of the call's letter"), null=True, blank=True)
    call_text = models.TextField(_("what the call asks for"), blank=True)
    moves_off_holidays = models.BooleanField(_("due dates move off weekends and holidays"), default=True)
    # After how many days of lateness the post above is told; None: never.
    escalate_after = models.PositiveSmallIntegerField(_("days late until the superior is told"), null=True, blank=True)

    # For how many days from their release a unit may appeal against its scores.
    appeal_days = models.PositiveSmallIntegerField(_("days to appeal"), default=USUAL_APPEAL_DAYS)

    objects = FiscalYearQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        verbose_name = _("fiscal year")
        verbose_name_plural = _("fiscal years")
        constraints = [
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="fiscal_year_in_buddhist_era"
            ),
            models.CheckConstraint(condition=Q(starts_on__lt=F("ends_on")), name="fiscal_year_period_ordered"),
            models.CheckConstraint(
                condition=Q(starts_on__gte=FIRST_DATE, ends_on__lte=LAST_DATE), name="fiscal_year_dates_in_common_era"
            ),
            models.CheckConstraint(
                condition=(BY_RULE & Q(override_reason="")) | (~BY_RULE & ~Q(override_reason="")),
                name="fiscal_year_period_by_rule_or_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(call_number="", call_date=None, call_text="")
                | (~Q(call_number="") & Q(call_date__gte=FIRST_DATE, call_date__lte=LAST_DATE)),
                name="fiscal_year_call_has_number_and_date",
            ),
            models.CheckConstraint(
                condition=Q(escalate_after=None) | Q(escalate_after__gte=1, escalate_after__lte=LONGEST_PATIENCE),
                name="fiscal_year_escalates_after_some_days",
            ),
            models.CheckConstraint(
                condition=Q(appeal_days__gte=1, appeal_days__lte=MOST_APPEAL_DAYS), name="fiscal_year_days_to_appeal"
            ),
        ]

    def __str__(self) -> str:
        return gettext("Fiscal year %(year)s") % {"year": shown_year(self.year)}

    @property
    def is_overridden(self) -> bool:
        """Whether the period is not the one that the rule gives."""
        return self.override_reason != ""

    @property
    def is_called(self) -> bool:
        """Whether the call of สำนักงาน ก.พ.ร. is entered."""
        return self.call_number != ""

    def deadline(self, key: str, tier: int = EVERY_LEVEL) -> "Deadline | None":
        """What a step of the walk is due on at a level: the level's own, else that of every level, if one is set.

        Reads `deadlines`, so prefetch them in lists.
        """
        found = {row.tier: row for row in self.deadlines.all() if row.key == key and row.tier in (EVERY_LEVEL, tier)}
        return found.get(tier) or found.get(EVERY_LEVEL)

    def due(self, key: str, tier: int = EVERY_LEVEL) -> date | None:
        """The last day of a step of the walk at a level, if one is set; read as `deadline` is."""
        found = self.deadline(key, tier)
        return found.due if found else None


class DeadlineKey(models.TextChoices):
    """What has a due date of the year's own, in the order of the walk; reports are due by the year's rounds."""

    SUBMISSION = "submission", _("submission of the draft")
    INFORMAL = "informal", _("informal negotiation")
    FORMAL = "formal", _("formal negotiation")
    SIGNING = "signing", _("signing")
    EVALUATION = "evaluation", _("evaluation")


class Deadline(models.Model):
    """The last day of one step in one fiscal year, for every level or for one.

    `due` is the day that counts. Where the day that was set is no working day, `moved_from` keeps it.
    """

    fiscal_year = models.ForeignKey(FiscalYear, models.CASCADE, related_name="deadlines", verbose_name=_("fiscal year"))
    key = models.CharField(_("step"), max_length=20, choices=DeadlineKey.choices)
    tier = models.PositiveSmallIntegerField(_("level"), default=EVERY_LEVEL)
    due = models.DateField(_("due date"))
    moved_from = models.DateField(_("moved from"), null=True, blank=True)

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("due date")
        verbose_name_plural = _("due dates")
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "key", "tier"], name="deadline_once_a_year_and_level"),
            models.CheckConstraint(condition=Q(key__in=DeadlineKey.values), name="deadline_key_known"),
            models.CheckConstraint(
                condition=Q(due__gte=FIRST_DATE, due__lte=LAST_DATE), name="deadline_due_in_common_era"
            ),
            models.CheckConstraint(
                condition=Q(moved_from=None) | Q(moved_from__lt=F("due")), name="deadline_moves_to_a_later_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()} {thai_date(self.due, 'medium')}"

    @property
    def set_for(self) -> date:
        """The day that was set, working day or not."""
        return self.moved_from or self.due


class Holiday(models.Model):
    """A day on which offices are closed, besides Saturdays and Sundays."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering = ["day"]
        verbose_name = _("public holiday")
        verbose_name_plural = _("public holidays")
        constraints = [
            models.CheckConstraint(condition=Q(day__gte=FIRST_DATE, day__lte=LAST_DATE), name="holiday_in_common_era"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {thai_date(self.day, 'medium')}"
