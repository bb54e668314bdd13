"""The agreement (คำรับรองการปฏิบัติราชการ) as a working copy, and its indicator lines."""

from decimal import Decimal
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from acts.models import Walked
from acts.versions import Versioned
from agreements.models.plan import ActionPlan, PlanItem
from agreements.models.rule import SigningRule
from agreements.stages import COUNTERPART_PENS, IN_FORCE, OWNER_PENS, Pen, Stage
from fiscal.models import FiscalYear
from indicators.criteria import criteria_for
from indicators.models import Dimension, Framework
from orgunits.models import OrgUnit
from orgunits.reach import reach_of
from orgunits.roles import Role
from orgunits.tree import descendants

LEVELS = (1, 2, 3, 4, 5)
# An administrator runs the system and reads no agreement by that right.
READING_ROLES = tuple(role for role in Role if role != Role.ADMINISTRATOR)


class AgreementQuerySet(models.QuerySet):
    """Questions about many agreements."""

    def in_year(self, year):
        return self.filter(fiscal_year__year=year)

    def for_list(self):
        return self.select_related("unit", "counterpart", "signs_with", "fiscal_year")

    def for_detail(self):
        return self.for_list().select_related("rule", "framework", "plan")

    def visible_to(self, user, at=None):
        """Those `user` may know of: both sides, the units above, auditors. Drafts: see `readable_by`.

        The owner's people always; the counterpart that a draft exists; the units above from submission; a unit's
        own people their superior's signed agreement.
        """
        return self.filter(_known_to(user, at or timezone.now()))

    def readable_by(self, user, at=None):
        """Those whose text `user` may read: as `visible_to`, but before submission the owner's people only."""
        return self.filter(_readable_by(user, at or timezone.now()))

    def with_reading(self, user, at):
        """Each with `reads`: may `user` read its text, or only know that it exists?"""
        return self.annotate(reads=models.ExpressionWrapper(_readable_by(user, at), models.BooleanField()))

    def for_reader(self, user, at):
        """Those that `user` may know of, whole, each with `reads` and `follows`: what of it they may read."""
        return self.visible_to(user, at).for_detail().with_reading(user, at).with_following(user, at)

    def with_following(self, user, at):
        """Each with `follows`: may `user` follow how it came about, and so see its scores where they are out?"""
        return self.annotate(follows=models.ExpressionWrapper(_followed_by(user, at), models.BooleanField()))

    def followed_by(self, user, at=None):
        """Those whose making `user` may follow (rounds, log, proofs): as `readable_by`, without their superior's own."""
        return self.filter(_followed_by(user, at or timezone.now()))


def units_of(reach):
    """The ids of the units a reader's right or an appointment stands on."""
    return reach.units(*READING_ROLES) | {appointment.post.unit_id for appointment in reach.posts}


def any_of(conditions):
    """One condition that holds where any of them does; of none, nowhere."""
    return reduce(or_, conditions, Q(pk__in=[]))


def own_side(unit_id):
    """Agreements whose owner's side a right on this unit stands on: the unit is at or above the owner, below the superior."""
    below = descendants([unit_id])
    return Q(unit_id__in=below) & ~Q(counterpart_id__in=below)


def _readable_by(user, at):
    units = units_of(reach_of(user, at))
    return _followed_by(user, at) | _signed_by_their_superior(units) if units else Q(pk__in=[])


def _followed_by(user, at):
    reach = reach_of(user, at)
    auditing = reach.units(Role.AUDITOR)
    units = units_of(reach)
    if not units:
        return Q(pk__in=[])
    below = descendants(units)
    submitted = ~Q(stage=Stage.DRAFT)
    seen = submitted & (Q(unit_id__in=below) | Q(counterpart_id__in=units) | Q(signs_with_id__in=units))
    seen |= Q(unit_id__in=descendants(auditing)) if auditing else Q(pk__in=[])
    for unit_id in sorted(units):
        seen |= own_side(unit_id)
    return seen


def _signed_by_their_superior(units):
    commands = Agreement.objects.filter(unit_id__in=units).values("counterpart_id")
    return Q(stage__in=IN_FORCE, unit_id__in=commands)


def _known_to(user, at):
    reach = reach_of(user, at)
    units = units_of(reach)
    return _readable_by(user, at) | Q(counterpart_id__in=units) | Q(signs_with_id__in=units)


class Agreement(Walked):
    """One unit's commitment for one fiscal year. `stage`, `version` and `pen` are written by moves alone."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="agreements", verbose_name=_("unit"))
    fiscal_year = models.ForeignKey(
        FiscalYear, models.PROTECT, related_name="agreements", verbose_name=_("fiscal year")
    )
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="agreements", verbose_name=_("framework"))
    plan = models.OneToOneField(ActionPlan, models.PROTECT, related_name="agreement", verbose_name=_("action plan"))
    rule = models.ForeignKey(SigningRule, models.PROTECT, related_name="agreements", verbose_name=_("signing rule"))
    # The superior's unit signs; the counterpart negotiates and evaluates. Inside ตร. they are one and the same.
    signs_with = models.ForeignKey(OrgUnit, models.PROTECT, related_name="agreements_received")
    counterpart = models.ForeignKey(OrgUnit, models.PROTECT, related_name="agreements_negotiated")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.DRAFT)
    pen = models.CharField(_("pen"), max_length=12, choices=Pen.choices, default=Pen.STAFF)
    pen_since = models.DateTimeField(_("pen held since"), default=timezone.now)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("performance agreement")
        verbose_name_plural = _("performance agreements")
        ordering = ["-fiscal_year__year", "unit__tree_id", "unit__lft"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "fiscal_year"], name="one_agreement_per_unit_and_year"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="agreement_stage_is_known"),
            models.CheckConstraint(condition=Q(pen__in=Pen.values), name="agreement_pen_is_known"),
            models.CheckConstraint(
                condition=Q(stage="closed", pen="nobody") | (~Q(stage="closed") & ~Q(pen="nobody")),
                name="only_a_closed_agreement_has_no_pen",
            ),
            models.CheckConstraint(condition=Q(starts_on__lt=models.F("ends_on")), name="agreement_period_in_order"),
            models.CheckConstraint(condition=~Q(unit=models.F("counterpart")), name="agreement_has_two_sides"),
        ]

    def __str__(self):
        return f"{self.unit.abbr_th} {self.fiscal_year.year}"

    @property
    def pen_is_owners(self):
        return self.pen in OWNER_PENS

    @property
    def pen_is_counterparts(self):
        return self.pen in COUNTERPART_PENS

    @property
    def pen_unit(self):
        """The unit whose turn it is, or None once closed."""
        if self.pen_is_owners:
            return self.unit
        return self.signs_with if self.pen == Pen.SUPERIOR else self.counterpart if self.pen_is_counterparts else None

    @property
    def is_in_force(self):
        return self.stage in IN_FORCE


class Source(models.TextChoices):
    """Where an indicator comes from (handbook 2.2.1)."""

    MANDATORY = "mandatory", _("mandatory")
    PLAN = "plan", _("by plan")
    MISSION = "mission", _("by mission")


def _value(label):
    return models.DecimalField(label, max_digits=15, decimal_places=4, null=True, blank=True)


class Line(Versioned):
    """An indicator in an agreement, with its sheet (รายละเอียดตัวชี้วัด). Has a version of its own."""

    class Kind(models.TextChoices):
        QUANTITATIVE = "quantitative", _("values (higher or lower is better)")
        MILESTONE = "milestone", _("level of success, by steps")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="lines")
    dimension = models.ForeignKey(Dimension, models.PROTECT, related_name="lines", verbose_name=_("dimension"))
    plan_item = models.ForeignKey(
        PlanItem, models.SET_NULL, null=True, blank=True, related_name="lines", verbose_name=_("in the action plan")
    )
    # The line of the unit's agreement of the year before that this one was carried forward from.
    came_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="carried_into", verbose_name=_("carried from")
    )
    position = models.PositiveIntegerField(_("position"))
    name = models.CharField(_("name of the indicator"), max_length=500, blank=True)
    source = models.CharField(_("source of the indicator"), max_length=10, choices=Source.choices, default=Source.PLAN)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=100, blank=True)
    weight = models.DecimalField(_("weight (per cent)"), max_digits=5, decimal_places=2, default=Decimal(0))
    target = _value(_("target"))
    explanation = models.TextField(_("explanation"), blank=True)
    definition = models.TextField(_("definition"), blank=True)
    formula = models.TextField(_("formula"), blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    data_source = models.TextField(_("data source and method"), blank=True)
    past_3 = _value(_("result three years back"))
    past_2 = _value(_("result two years back"))
    past_1 = _value(_("last year's result"))
    low_target_reason = models.TextField(_("why the target is not above last year's result"), blank=True)
    kind = models.CharField(_("kind of criteria"), max_length=12, choices=Kind.choices, default=Kind.QUANTITATIVE)
    level_1, level_2, level_3, level_4, level_5 = (_value(format_lazy(_("level {number}"), number=n)) for n in LEVELS)
    text_1, text_2, text_3, text_4, text_5 = (
        models.TextField(format_lazy(_("description of level {number}"), number=n), blank=True) for n in LEVELS
    )

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["dimension__number", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=0, weight__lte=100), name="line_weight_within_0_and_100"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="line_source_is_known"),
        ]

    def __str__(self):
        return self.name

    @property
    def levels(self):
        return tuple(getattr(self, f"level_{n}") for n in LEVELS)

    @property
    def texts(self):
        return tuple(getattr(self, f"text_{n}") for n in LEVELS)

    @property
    def criteria(self):
        """The line's scoring criteria; they may still have problems, see `criteria.problems()`."""
        return criteria_for(self.kind, self.levels, self.texts)
