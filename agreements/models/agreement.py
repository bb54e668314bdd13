"""The agreement (คำรับรองการปฏิบัติราชการ) as a working copy, and its indicator lines."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from acts.models import Walked
from acts.versions import Versioned
from agreements.models import sight
from agreements.models.plan import ActionPlan, PlanItem
from agreements.models.rule import SigningRule
from agreements.models.sight import EVERYTHING, any_of
from agreements.stages import COUNTERPART_PENS, IN_FORCE, OWNER_PENS, Pen, Stage
from fiscal.models import FiscalYear
from indicators.criteria import criteria_for
from indicators.models import Dimension, Framework, Sheet, SheetVersion
from indicators.sources import Source
from orgunits.models import OrgUnit
from orgunits.reach import reach_of

LEVELS = (1, 2, 3, 4, 5)


class AgreementQuerySet(models.QuerySet):
    """Questions about many agreements."""

    def in_year(self, year):
        return self.filter(fiscal_year__year=year)

    def for_list(self):
        return self.select_related("unit", "counterpart", "signs_with", "fiscal_year")

    def for_detail(self):
        return self.for_list().select_related("rule", "framework", "plan")

    def visible_to(self, user, at=None):
        """Those `user` may know of: both sides, the units above, auditors; see `sight.known`."""
        return self._where_any(sight.known, user, at)

    def readable_by(self, user, at=None):
        """Those whose text `user` may read: as `visible_to`, but before submission the owner's people only."""
        return self._where_any(sight.readable, user, at)

    def followed_by(self, user, at=None):
        """Those whose making `user` may follow (rounds, log, proofs): as `readable_by`, without their superior's own."""
        return self._where_any(sight.followed, user, at)

    def with_reading(self, user, at):
        """Each with `reads`: may `user` read its text, or only know that it exists?"""
        return self.annotate(reads=self._judged(sight.readable, user, at))

    def with_following(self, user, at):
        """Each with `follows`: may `user` follow how it came about, and so see its scores where they are out?"""
        return self.annotate(follows=self._judged(sight.followed, user, at))

    def first_visible_to(self, user, at, count):
        """The ids of the first `count` of `visible_to`, latest year first, in it by the tree; for lists that are leafed.

        Few are put together and sorted as they are. Most of them are looked for a year at a time instead, in the order
        of the units: sorting them all would cost more than a page.
        """
        reach = reach_of(user, at)
        conditions = self._conditions(sight.known, reach, user)
        rows = self.annotate(year=F("fiscal_year__year"), tree=F("unit__tree_id"), place=F("unit__lft")).order_by()
        if not sight.may_be_most(reach):
            first, *others = (rows.filter(each).values_list("pk", "year", "tree", "place") for each in conditions)
            return [row[0] for row in first.union(*others).order_by("-year", "tree", "place")[:count]]
        known, found = rows.visible_to(user, at), []
        for year in FiscalYear.objects.order_by("-year").values_list("pk", flat=True):
            in_year = known.filter(fiscal_year=year).order_by("tree", "place").values_list("pk", flat=True)
            found += in_year[: count - len(found)]
            if len(found) == count:
                break
        return found

    def _where_any(self, rule, user, at):
        """Those that fit one of the conditions of a rule. Where that may be most of them, they are tried one by one.

        Else each condition finds its few by an index of its own, and they are put together: an OR of them would have
        the database look through all agreements.
        """
        reach = reach_of(user, at or timezone.now())
        conditions = self._conditions(rule, reach, user)
        if any(each is EVERYTHING for each in conditions):
            return self.all()
        if sight.may_be_most(reach) or len(conditions) < 2:
            return self.filter(any_of(conditions))
        first, *others = (self.filter(each).order_by().values("pk") for each in conditions)
        return self.filter(pk__in=first.union(*others))

    def _judged(self, rule, user, at):
        return models.ExpressionWrapper(any_of(self._conditions(rule, reach_of(user, at), user)), models.BooleanField())

    def _conditions(self, rule, reach, user):
        found = list(rule(sight.OfMany(self.model), reach))
        if rule is not sight.followed and user.is_active and not sight.may_be_most(reach):
            found += self._naming(user)
        return found or [any_of([])]

    @staticmethod
    def _naming(user):
        """Those in force that name `user` on a line: they are read, and not followed. See `agreements.named`."""
        lines = Line.objects.order_by().filter(overseer=user).values("agreement")
        collected = LineCollector.objects.order_by().filter(user=user).values("line__agreement")
        return [Q(stage__in=IN_FORCE, pk__in=each) for each in (lines, collected)]


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
    # While it is signed: the position of the signer whose turn it is, on the side that holds the pen.
    signer = models.PositiveSmallIntegerField(_("signer whose turn it is"), default=1)
    # The text in force since its last amendment; none: what was signed at first.
    amended_to = models.ForeignKey(
        "agreements.Snapshot",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("text as amended"),
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("performance agreement")
        verbose_name_plural = _("performance agreements")
        # By columns of its own: a page of many is then read off the index. Lists for people go by the tree: desk.listing.
        ordering = ["-starts_on", "code"]
        indexes = [models.Index(models.F("starts_on").desc(), "code", name="agreement_order")]
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


def _value(label):
    return models.DecimalField(label, max_digits=15, decimal_places=4, null=True, blank=True)


class Line(Versioned):
    """An indicator in an agreement, with its sheet (รายละเอียดตัวชี้วัด). Has a version of its own."""

    class Kind(models.TextChoices):
        QUANTITATIVE = "quantitative", _("values (higher or lower is better)")
        BANDS = "bands", _("bands, whole scores")
        MILESTONE = "milestone", _("level of success, by steps")
        CUMULATIVE = "cumulative", _("steps that build on one another")
        COUNT = "count", _("number of issues achieved")
        PROJECTS = "projects", _("mean of projects")
        UNITS = "units", _("average over units")
        SUPERIOR = "superior", _("taken from the superior's agreement")
        PASS_FAIL = "pass_fail", _("passes or not")
        TARGETS = "targets", _("three targets (50, 75, 100)")

    class Averages(models.TextChoices):
        RESULTS = "of_results", _("the mean of the units' results")
        SCORES = "of_scores", _("the mean of the units' scores")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="lines")
    # The indicator that this one is a part of (ตัวชี้วัดย่อย). Only leaves weigh.
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    dimension = models.ForeignKey(Dimension, models.PROTECT, related_name="lines", verbose_name=_("dimension"))
    plan_item = models.ForeignKey(
        PlanItem, models.SET_NULL, null=True, blank=True, related_name="lines", verbose_name=_("in the action plan")
    )
    # The line of the unit's agreement of the year before that this one was carried forward from.
    came_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="carried_into", verbose_name=_("carried from")
    )
    # The sheet of the library that it was taken from, in the version whose text it holds. Mandated: it has to be there,
    # and what the version doesn't leave to the unit is locked; see `agreements.locks`.
    sheet = models.ForeignKey(
        Sheet, models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("sheet of the library")
    )
    sheet_version = models.ForeignKey(
        SheetVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=_("version of the sheet"),
    )
    mandated = models.BooleanField(_("made mandatory by the library"), default=False)
    position = models.PositiveIntegerField(_("position"))
    name = models.CharField(_("name of the indicator"), max_length=500, blank=True)
    source = models.CharField(_("source of the indicator"), max_length=10, choices=Source.choices, default=Source.PLAN)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=100, blank=True)
    weight = models.DecimalField(_("weight (per cent)"), max_digits=5, decimal_places=2, default=Decimal(0))
    target = _value(_("target"))
    explanation = models.TextField(_("explanation"), blank=True)
    definition = models.TextField(_("definition"), blank=True)
    formula = models.TextField(_("formula"), blank=True)
    # The formula as it is computed, over the names of `items`: see indicators.formula.
    expression = models.CharField(_("formula to compute"), max_length=1000, blank=True)
    # What the result is put together from: [{"symbol", "text", "unit", "weight"}], all texts. Variables of the formula;
    # projects, units, issues or steps where the kind of criteria asks for them.
    items = models.JSONField(_("what the result is made of"), default=list, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    data_source = models.TextField(_("data source and method"), blank=True)
    past_3 = _value(_("result three years back"))
    past_2 = _value(_("result two years back"))
    past_1 = _value(_("last year's result"))
    low_target_reason = models.TextField(_("why the target is not above last year's result"), blank=True)
    overseer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines_overseen",
        verbose_name=_("overseer of the indicator"),
    )
    # What of the superior's it carries: a goal of the superior's plan, an indicator of the superior's agreement.
    carries_item = models.ForeignKey(
        PlanItem, models.SET_NULL, null=True, blank=True, related_name="carried_by", verbose_name=_("carries the goal")
    )
    carries_line = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="carried_by",
        verbose_name=_("carries the indicator"),
    )
    # The words of what is carried, as they were when it was chosen: so a change above is noticed.
    carried_goal = models.TextField(_("the goal carried, as it was chosen"), blank=True)
    carried_indicator = models.TextField(_("the indicator carried, as it was chosen"), blank=True)
    kind = models.CharField(_("kind of criteria"), max_length=20, choices=Kind.choices, default=Kind.QUANTITATIVE)
    level_1, level_2, level_3, level_4, level_5 = (_value(format_lazy(_("level {number}"), number=n)) for n in LEVELS)
    # Where the band of a level ends; its beginning is the level's value.
    upper_1, upper_2, upper_3, upper_4, upper_5 = (
        _value(format_lazy(_("end of the band of level {number}"), number=n)) for n in LEVELS
    )
    text_1, text_2, text_3, text_4, text_5 = (
        models.TextField(format_lazy(_("description of level {number}"), number=n), blank=True) for n in LEVELS
    )
    averages = models.CharField(
        _("what is averaged over the units"), max_length=10, choices=Averages.choices, default=Averages.RESULTS
    )

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["dimension__number", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=0, weight__lte=100), name="line_weight_within_0_and_100"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="line_source_is_known"),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="line_is_no_part_of_itself"),
            models.UniqueConstraint(fields=["agreement", "sheet"], name="one_line_per_sheet_and_agreement"),
            models.CheckConstraint(
                condition=Q(sheet=None, sheet_version=None, mandated=False)
                | Q(sheet__isnull=False, sheet_version__isnull=False),
                name="line_of_a_sheet_says_its_version",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def scale(self):
        """What its results are scored on."""
        return self.agreement.framework.scoring_scale

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
        """The values of a column, one for each level of the scale."""
        return tuple(getattr(self, f"{column}_{n}") for n in LEVELS[: self.scale.levels])

    @property
    def criteria(self):
        """The line's scoring criteria; they may still have problems, see `criteria.problems()`."""
        return criteria_for(
            self.kind, self.levels, self.texts, uppers=self.uppers, items=self.items, averages=self.averages
        )


class LineCollector(models.Model):
    """A person who collects and reports the data of an indicator (ผู้จัดเก็บข้อมูล); one of a line's carries the score."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="collectors")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="lines_collected", verbose_name=_("collector")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    carries_score = models.BooleanField(_("carries the score"), default=False)

    class Meta:
        verbose_name = _("collector of data")
        verbose_name_plural = _("collectors of data")
        ordering = ["line_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["line", "user"], name="one_collector_per_person_and_line"),
            models.UniqueConstraint(
                fields=["line"], condition=Q(carries_score=True), name="one_collector_carries_the_score"
            ),
        ]

    def __str__(self):
        return str(self.user)
