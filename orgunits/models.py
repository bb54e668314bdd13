"""The organisation: units in a tree with its closure, affiliation, posts and appointments, and grants on units."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from guardian.managers import GroupObjectPermissionManager, UserObjectPermissionManager
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from mptt.managers import TreeManager
from mptt.models import MPTTModel, TreeForeignKey
from mptt.querysets import TreeQuerySet

from fiscal.models import FiscalYear
from orgunits.roles import Role
from thai.language import is_thai

COMMISSIONER_OFFICE = "OCG"
HEADQUARTERS = "RTP"
PUBLIC_SECTOR_OFFICE = "OPDC"
PRIME_MINISTER = "PMO"


class DatedQuerySet(models.QuerySet):
    """Facts that hold from `since` up to, and not on, `until`."""

    def in_force(self, on):
        """Facts that hold on the day `on`."""
        return self.filter(since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))

    def not_over(self, on):
        """Facts that hold on the day `on` or later."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=on))

    def overlapping(self, since, until):
        """Facts that hold on any day of [since, until); `until` None: for ever."""
        found = self.filter(Q(until__isnull=True) | Q(until__gt=since))
        return found if until is None else found.filter(since__lt=until)


class GrantQuerySet(models.QuerySet):
    """Roles that hold from `since` (None: always) up to, and not on, `until` (None: until taken away)."""

    def in_force(self, on):
        """Those that hold on the day `on`."""
        return self.not_over(on).filter(Q(since__isnull=True) | Q(since__lte=on))

    def not_over(self, on):
        """Those that hold on the day `on` or later."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=on))

    def for_list(self):
        return self.select_related("content_object", "permission")


class OrgUnitQuerySet(TreeQuerySet):
    def in_force(self, on):
        """Units that exist on the day `on`; a unit without an opening day has always been there."""
        opened = Q(opened_on__isnull=True) | Q(opened_on__lte=on)
        return self.filter(opened, Q(closed_on__isnull=True) | Q(closed_on__gt=on))

    def signing(self):
        """Units that make performance agreements."""
        return self.filter(signs_agreement=True)


class OrgUnit(MPTTModel):
    """A unit of the organisation, or an external body that has dealings with it.

    Tree writes go through `orgunits.tree` alone: they need its lock, and keep the closure.
    """

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters", _("Headquarters")
        COMMISSIONER_OFFICE = "office_of_commissioner_general", _("Office of the Commissioner-General")
        COMMAND = "command", _("Command or equivalent")
        DIVISION = "division", _("Division or equivalent")
        SECTION = "section", _("Section")
        OFFICE = "office", _("Provincial office")
        EXTERNAL = "external", _("External body")

    code = models.CharField(_("code"), max_length=40, unique=True)
    parent = TreeForeignKey(
        "self", models.PROTECT, verbose_name=_("superior unit"), related_name="children", null=True, blank=True
    )
    # The level of the signing rule (1 headquarters, 2 command, 3 division, 4 below); `level` is mptt's depth.
    tier = models.PositiveSmallIntegerField(_("level"))
    kind = models.CharField(_("kind"), max_length=40, choices=Kind)
    signs_agreement = models.BooleanField(_("makes a performance agreement"), default=False)
    external = models.BooleanField(_("outside the organisation"), default=False)
    name_th = models.CharField(_("name"), max_length=200)
    # Abbreviations repeat from command to command (บก.อก., ศฝร.): never a key.
    abbr_th = models.CharField(_("abbreviation"), max_length=60, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = TreeManager.from_queryset(OrgUnitQuerySet)()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        # No add/change/delete/view: rights on a unit are the roles, and nothing else.
        default_permissions = ()
        permissions = [(role.value, role.name.capitalize()) for role in Role]
        indexes = [models.Index(fields=["tree_id", "lft"], name="unit_tree_order")]
        constraints = [
            models.CheckConstraint(name="unit_tier_is_1_to_4", condition=Q(tier__gte=1, tier__lte=4)),
            models.CheckConstraint(
                name="unit_closes_after_opening",
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gt=F("opened_on")),
                violation_error_message=_("A unit closes after the day on which it opens."),
            ),
            models.CheckConstraint(
                name="unit_external_is_root_and_signs_none",
                condition=Q(external=False) | Q(parent__isnull=True, signs_agreement=False),
                violation_error_message=_("An external body has no superior unit and makes no agreement here."),
            ),
        ]

    def __str__(self):
        return self.name_th

    @property
    def name(self):
        """The name in the language of the page; Thai where no English one is known. What is frozen says `name_th`."""
        return self.name_th if is_thai() else self.name_en or self.name_th

    @property
    def short_name(self):
        """The abbreviation, or the name of a unit that has none."""
        return self.abbr_th or self.name_th

    def is_affiliated(self, body_code, on):
        """Is the unit under the body of that code on the day `on`? A dated fact, not guessed from the tree."""
        return self.affiliations.in_force(on).filter(body__code=body_code).exists()


class UnitClosure(models.Model):
    """One row for each unit and each unit above it, itself included (depth 0)."""

    ancestor = models.ForeignKey(OrgUnit, models.CASCADE, verbose_name=_("upper unit"), related_name="closure_below")
    descendant = models.ForeignKey(OrgUnit, models.CASCADE, verbose_name=_("lower unit"), related_name="closure_above")
    depth = models.PositiveSmallIntegerField(_("depth"))

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["ancestor", "descendant"], name="closure_pair_once"),
            models.CheckConstraint(
                name="closure_depth_0_is_self",
                condition=Q(depth=0, ancestor=F("descendant")) | (Q(depth__gt=0) & ~Q(ancestor=F("descendant"))),
            ),
        ]

    def __str__(self):
        return f"{self.ancestor_id} ▸ {self.descendant_id} ({self.depth})"


class Affiliation(models.Model):
    """A unit is under a body (สังกัด) from `since` up to, and not on, `until`. Under one body at a time."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, verbose_name=_("unit"), related_name="affiliations")
    body = models.ForeignKey(OrgUnit, models.PROTECT, verbose_name=_("body"), related_name="affiliated")
    since = models.DateField(_("since"))
    until = models.DateField(_("until (first day it no longer holds)"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="affiliation_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                violation_error_message=_("An affiliation ends after the day on which it begins."),
            ),
            models.CheckConstraint(name="affiliation_not_with_itself", condition=~Q(unit=F("body"))),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(until__isnull=True),
                name="affiliation_open_once",
                violation_error_message=_("The unit has an affiliation without an end already."),
            ),
        ]

    def __str__(self):
        return f"{self.unit} ▸ {self.body} ({self.since})"

    def clean(self):
        if self.since is None:
            return
        others = Affiliation.objects.filter(unit_id=self.unit_id).exclude(pk=self.pk)
        if others.overlapping(self.since, self.until).exists():
            raise ValidationError(
                _("The unit is affiliated with a body in this period already; end that affiliation first.")
            )


class Post(models.Model):
    """A post of a unit, whoever holds it. Each unit has one head's post."""

    class Kind(models.TextChoices):
        HEAD = "head", _("Head")
        DEPUTY = "deputy", _("Deputy")
        OTHER = "other", _("Other post")

    unit = models.ForeignKey(OrgUnit, models.PROTECT, verbose_name=_("unit"), related_name="posts")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title_th = models.CharField(_("title"), max_length=250)
    abbr_th = models.CharField(_("abbreviated title"), max_length=80, blank=True)
    title_en = models.CharField(_("English title"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(kind="head"),
                name="post_one_head_per_unit",
                violation_error_message=_("The unit has a head's post already."),
            ),
        ]

    def __str__(self):
        return self.title_th

    @property
    def title(self):
        """The title in the language of the page; Thai where no English one is known. What is frozen says `title_th`."""
        return self.title_th if is_thai() else self.title_en or self.title_th

    @property
    def short_title(self):
        """The abbreviated title, or the whole title of a post that has none."""
        return self.abbr_th or self.title_th


class AppointmentQuerySet(DatedQuerySet):
    def own(self):
        return self.filter(capacity=Appointment.Capacity.OWN)


class Appointment(models.Model):
    """A person in a post from `since` up to, and not on, `until`: as their own, acting for it, or by delegation.

    One whose `until` is its `since` was revoked on its first day: it holds on no day at all.
    """

    class Capacity(models.TextChoices):
        OWN = "own", _("Own post")
        ACTING = "acting", _("Acting (รักษาราชการแทน)")
        DELEGATED = "delegated", _("Delegated (ปฏิบัติราชการแทน)")

    class Scope(models.TextChoices):
        """What of the post's work the appointment covers. Which agreements are named is known further up."""

        ALL = "all", _("everything of the post")
        YEAR = "year", _("the agreements of one fiscal year")
        NAMED = "named", _("the agreements named")

    post = models.ForeignKey(Post, models.PROTECT, verbose_name=_("post"), related_name="appointments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), related_name="appointments"
    )
    capacity = models.CharField(_("capacity"), max_length=10, choices=Capacity, default=Capacity.OWN)
    since = models.DateField(_("since"))
    until = models.DateField(_("until (first day it no longer holds)"), null=True, blank=True)
    order_number = models.CharField(_("order number"), max_length=100, blank=True)
    order_date = models.DateField(_("order date"), null=True, blank=True)
    order_by = models.CharField(_("order given by"), max_length=250, blank=True)
    # The order itself, by the SHA-256 under which it lies in the vault; never public.
    order_file = models.CharField(_("file of the order"), max_length=64, blank=True)
    order_file_name = models.CharField(_("name of the file"), max_length=200, blank=True)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope, default=Scope.ALL)
    fiscal_year = models.ForeignKey(
        FiscalYear, models.PROTECT, verbose_name=_("fiscal year"), related_name="+", null=True, blank=True
    )
    # Who gave their powers; none is known of delegations that are older than this column.
    delegated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("delegated by"),
        related_name="+",
        null=True,
        blank=True,
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_not_before_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message=_("An appointment can't end before the day on which it begins."),
            ),
            models.CheckConstraint(
                name="appointment_by_order_unless_own",
                condition=Q(capacity="own") | (~Q(order_number="") & Q(order_date__isnull=False)),
                violation_error_message=_("Acting and delegated appointments need an order number and its date."),
            ),
            models.CheckConstraint(
                name="appointment_year_where_scope_says_so",
                condition=Q(scope="year", fiscal_year__isnull=False) | (~Q(scope="year") & Q(fiscal_year__isnull=True)),
                violation_error_message=_("Please choose the fiscal year that the appointment is limited to."),
            ),
            models.CheckConstraint(
                name="appointment_own_is_whole",
                condition=~Q(capacity="own") | Q(scope="all"),
                violation_error_message=_("Who holds a post as their own holds the whole of it; no scope limits it."),
            ),
            models.CheckConstraint(
                name="appointment_delegator_of_delegations_only",
                condition=Q(delegated_by__isnull=True) | (Q(capacity="delegated") & ~Q(delegated_by=F("user"))),
                violation_error_message=_("Nobody delegates to themselves."),
            ),
            models.UniqueConstraint(
                fields=["post"],
                condition=Q(capacity="own", until__isnull=True),
                name="appointment_one_open_own_holder",
                violation_error_message=_("The post has a holder already; end that appointment first."),
            ),
        ]
        indexes = [models.Index(fields=["user", "since"], name="appointment_by_user")]

    def __str__(self):
        return f"{self.user} – {self.post} ({self.get_capacity_display()})"

    def holds_on(self, on):
        """Is the appointment in force on the day `on`?"""
        return self.since <= on and (self.until is None or on < self.until)


class Belonging(models.Model):
    """The unit that a person belongs to (สังกัด): by it they are found and looked after. It gives no right at all."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("person"), related_name="belonging"
    )
    unit = models.ForeignKey(OrgUnit, models.PROTECT, verbose_name=_("unit"), related_name="+")

    class Meta:
        verbose_name = _("belonging")
        verbose_name_plural = _("belongings")
        default_permissions = ()

    def __str__(self):
        return f"{self.user} ▸ {self.unit}"


class DatedGrant(models.Model):
    """The term of a role on a unit. A role is given once: given again, it gets another term."""

    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until (first day it no longer holds)"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ends_after_it_begins",
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gt=F("since")),
                violation_error_message=_("A role ends after the day on which it begins."),
            ),
        ]

    @property
    def role(self):
        """Which role it is."""
        return Role(self.permission.codename)

    def holds_on(self, on):
        """Is the role in force on the day `on`?"""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


class UnitUserGrant(DatedGrant, UserObjectPermissionBase):
    """A role of a person on a unit; guardian finds this table by its foreign key and uses it for OrgUnit."""

    content_object = models.ForeignKey(OrgUnit, models.CASCADE, verbose_name=_("unit"), related_name="user_grants")

    objects = UserObjectPermissionManager.from_queryset(GrantQuerySet)()

    class Meta(DatedGrant.Meta, UserObjectPermissionBase.Meta):
        abstract = False
        default_permissions = ()

    def __str__(self):
        return f"{self.user} ▸ {self.permission.codename} ▸ {self.content_object}"


class UnitGroupGrant(DatedGrant, GroupObjectPermissionBase):
    """A role of a group on a unit; guardian finds this table by its foreign key and uses it for OrgUnit."""

    content_object = models.ForeignKey(OrgUnit, models.CASCADE, verbose_name=_("unit"), related_name="group_grants")

    objects = GroupObjectPermissionManager.from_queryset(GrantQuerySet)()

    class Meta(DatedGrant.Meta, GroupObjectPermissionBase.Meta):
        abstract = False
        default_permissions = ()

    def __str__(self):
        return f"{self.group} ▸ {self.permission.codename} ▸ {self.content_object}"


class GroupHome(models.Model):
    """The unit that a group of people is kept by: by it the group is looked after. It gives no right at all."""

    group = models.OneToOneField(Group, models.CASCADE, verbose_name=_("group"), related_name="home")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, verbose_name=_("unit"), related_name="+")

    class Meta:
        verbose_name = _("unit of a group")
        verbose_name_plural = _("units of groups")
        default_permissions = ()

    def __str__(self):
        return f"{self.group} ▸ {self.unit}"
