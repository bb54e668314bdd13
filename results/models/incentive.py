"""Incentives by level of results (handbook 2.1, 12): the terms of a year, and every decision taken by them."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from acts.append_only import append_only
from acts.models import Walked
from fiscal.models import FiscalYear
from orgunits.models import OrgUnit
from orgunits.reach import reach_of
from orgunits.roles import Role
from orgunits.tree import descendants
from results import incentives

READERS = (Role.PLANNER, Role.AUDITOR)


class SchemeQuerySet(models.QuerySet):
    """Questions about many schemes."""

    def visible_to(self, user, at):
        """Those that `user` may look at, whatever their stage: the planning office and auditors of the unit, or above."""
        return self.filter(unit__in=descendants(reach_of(user, at).units(*READERS)))

    def decided(self):
        """Those whose decision stands, announced or not."""
        return self.exclude(stage=Scheme.Stage.DRAFT)

    def published(self):
        return self.filter(stage=Scheme.Stage.PUBLISHED)

    def for_list(self):
        """The latest year first, in it by the tree."""
        found = self.select_related("fiscal_year", "unit")
        return found.order_by("-fiscal_year__year", "unit__tree_id", "unit__lft")


class Scheme(Walked):
    """What a unit decides of the year's incentives for the units below it. Walked by `results.incentive_walk`.

    The terms change while it is a draft, by `results.incentive_terms` alone. `bands`: [{from, name, share}] as texts.
    By the code of the agreement: `heads`, how many share in it; `left_out`, why one without final scores is left out.
    """

    class Stage(models.TextChoices):
        DRAFT = "draft", _("terms being set")
        DECIDED = "decided", _("decided")
        PUBLISHED = "published", _("announced")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Level(models.IntegerChoices):
        ALL = 0, _("all units below")
        COMMANDS = 2, _("commands and equivalent")
        DIVISIONS = 3, _("divisions and equivalent")

    class GateRule(models.TextChoices):
        NOT_BELOW = "not_below", _("not below the gate")
        ABOVE = "above", _("above the gate")

    class Rule(models.TextChoices):
        PER_UNIT = "per_unit", _("per unit")
        PER_HEAD = "per_head", _("by heads")
        SCORE_HEADS = "score_heads", _("by total score × heads")

    class Coin(models.TextChoices):
        BAHT = "baht", _("whole baht")
        SATANG = "satang", _("satang")

    fiscal_year = models.ForeignKey(
        FiscalYear, models.PROTECT, related_name="incentives", verbose_name=_("fiscal year")
    )
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="incentives", verbose_name=_("deciding unit"))
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.DRAFT)
    level = models.PositiveSmallIntegerField(_("who takes part"), choices=Level.choices, default=Level.ALL)
    gate = models.DecimalField(_("gate"), max_digits=7, decimal_places=4)
    gate_rule = models.CharField(_("who passes"), max_length=10, choices=GateRule.choices, default=GateRule.NOT_BELOW)
    bands = models.JSONField(_("tiers"), default=list)
    pool = models.DecimalField(_("pool (baht)"), max_digits=15, decimal_places=2, default=0)
    rule = models.CharField(_("shared out"), max_length=12, choices=Rule.choices, default=Rule.PER_UNIT)
    coin = models.CharField(_("rounded down to"), max_length=6, choices=Coin.choices, default=Coin.BAHT)
    shows_amounts = models.BooleanField(_("amounts are announced"), default=False)
    heads = models.JSONField(_("heads"), default=dict, blank=True)
    left_out = models.JSONField(_("left out"), default=dict, blank=True)
    published_at = models.DateTimeField(_("announced at"), null=True)
    reason = models.TextField(_("why it was withdrawn"), blank=True)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("incentives of a year")
        verbose_name_plural = _("incentives of years")
        ordering = ["-fiscal_year__year", "unit_id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "unit"], name="one_scheme_per_year_and_unit"),
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "decided", "published", "withdrawn"]), name="scheme_stage_is_known"
            ),
            models.CheckConstraint(condition=Q(gate__gte=0, pool__gte=0), name="scheme_gate_and_pool_not_negative"),
            models.CheckConstraint(
                condition=Q(level__in=[0, 2, 3])
                & Q(gate_rule__in=["not_below", "above"])
                & Q(rule__in=["per_unit", "per_head", "score_heads"])
                & Q(coin__in=["baht", "satang"]),
                name="scheme_terms_are_known",
            ),
            models.CheckConstraint(
                condition=~Q(stage="withdrawn") | ~Q(reason=""), name="scheme_withdrawn_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(stage="published") | Q(reason="", published_at__isnull=False),
                name="scheme_published_at_a_time",
            ),
        ]

    def __str__(self):
        return f"{self.unit.short_name} {self.fiscal_year.year}"

    @property
    def is_draft(self):
        return self.stage == self.Stage.DRAFT

    @property
    def is_published(self):
        return self.stage == self.Stage.PUBLISHED

    @property
    def was_withdrawn(self):
        """Was it before the public, and is it no more? `reason` then says why."""
        return bool(self.reason)

    @property
    def terms(self):
        """The Terms that it is computed by."""
        return incentives.Terms(
            gate=self.gate,
            gate_rule=incentives.GateRule(self.gate_rule),
            bands=tuple(as_band(each) for each in self.bands),
            pool=self.pool,
            rule=incentives.Rule(self.rule),
            coin=incentives.Coin(self.coin),
        )


def as_band(kept):
    """A Band of what is kept of it."""
    return incentives.Band(Decimal(kept["from"]), kept["name"], Decimal(kept["share"]))


@append_only
class Decision(models.Model):
    """What was decided by a scheme, as canonical JSON with its SHA-256 (see `results.incentive_record`). The last counts."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField(_("number"))
    content = models.TextField(_("canonical JSON"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    taken_at = models.DateTimeField(_("taken at"))
    taken_by = models.CharField(_("taken by"), max_length=200)

    class Meta:
        verbose_name = _("decision on incentives")
        verbose_name_plural = _("decisions on incentives")
        ordering = ["scheme_id", "number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="one_incentive_decision_per_number")]

    def __str__(self):
        return f"{self.scheme} · {self.number}"
