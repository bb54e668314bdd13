"""The signing rule: who signs with whom and what is annexed, as rows (handbook 2.2.1)."""

from django.db import models
from django.db.models import F, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from acts.versions import Versioned
from orgunits.models import Post


class SigningRuleQuerySet(models.QuerySet):
    def in_year(self, year):
        """The rules that hold in the fiscal year of that number."""
        return self.filter(Q(first_year__lte=year) & (Q(last_year=None) | Q(last_year__gte=year)))


class SigningRule(Versioned):
    """One row of the handbook's table: level and affiliation → the superior's side, and the annexes.

    A row holds from `first_year` to `last_year`; another wording is another row, so that an agreement keeps its own.
    """

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

    objects = SigningRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing rule")
        verbose_name_plural = _("signing rules")
        ordering = ["first_year", "tier", "affiliated"]
        constraints = [
            models.UniqueConstraint(fields=["case", "first_year"], name="one_signing_rule_per_case_and_year"),
            models.CheckConstraint(
                condition=Q(last_year=None) | Q(last_year__gte=F("first_year")),
                name="signing_rule_years_in_order",
            ),
        ]

    def __str__(self):
        return self.case

    def speaks_of(self, tier, affiliated):
        """Is it the rule of units of this level that are, or aren't, under the Commissioner-General's office?"""
        return self.tier == tier and self.affiliated in (None, affiliated)

    def holds_in(self, year):
        """Does it hold in the fiscal year of that number?"""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


class SignerSide(models.TextChoices):
    """The two sides of the signatures, in the order in which they sign."""

    MAKER = "maker", _("maker of the agreement")
    RECEIVER = "receiver", _("receiver of the agreement")


MOST_SIGNERS = 4  # of one side
POSITIONS = tuple(range(1, MOST_SIGNERS + 1))


def slot_key(side, position):
    """The name of a signature's place: maker, maker-2, receiver …; kept with each signature."""
    return str(side) if position == 1 else f"{side}-{position}"


# (key, label) of every place that a rule can have, in the order of signing.
SLOT_CHOICES = [
    (slot_key(side, position), side.label if position == 1 else format_lazy("{} ({})", side.label, position))
    for side in SignerSide
    for position in POSITIONS
]
SLOT_LABELS = dict(SLOT_CHOICES)


class SigningSlot(models.Model):
    """A place of one signature in a rule: a post of which kind, of the unit or (receivers) of the superior's unit.

    Several `kinds`: one of them signs. Who signs besides the first on a side signs after them, by `position`.
    """

    rule = models.ForeignKey(SigningRule, models.CASCADE, related_name="slots", verbose_name=_("signing rule"))
    side = models.CharField(_("side"), max_length=10, choices=SignerSide.choices)
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    # Of Post.Kind, in the order of their rank: ["head"], ["deputy"], ["head", "deputy"].
    kinds = models.JSONField(_("kinds of post"))

    class Meta:
        verbose_name = _("place of a signature")
        verbose_name_plural = _("places of signatures")
        # Makers first: the order in which they sign.
        ordering = ["rule_id", "side", "position"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "side", "position"], name="one_slot_per_rule_side_and_position"),
            models.CheckConstraint(condition=Q(side__in=SignerSide.values), name="slot_side_is_known"),
            models.CheckConstraint(condition=Q(position__in=POSITIONS), name="slot_position_is_known"),
        ]

    def __str__(self):
        return self.key

    @property
    def key(self):
        return slot_key(self.side, self.position)

    @property
    def leaves_choice(self):
        """Does one of several kinds of post sign here, so that somebody must say which?"""
        return len(self.kinds) > 1


HEAD_ONLY = [Post.Kind.HEAD.value]
HEAD_OR_DEPUTY = [Post.Kind.HEAD.value, Post.Kind.DEPUTY.value]
