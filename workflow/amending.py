"""Amendments of an agreement in force: what is asked to be changed, and every proposal of it that a side has made."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from acts.models import Walked
from agreements.models import Agreement, Line, Snapshot
from agreements.stages import COUNTERPART_PENS, OWNER_PENS, Pen
from workflow.side import Side


class AmendmentQuerySet(models.QuerySet):
    """Questions about many amendments."""

    def open(self):
        """Those that nobody has ended yet; an agreement has one at most."""
        return self.filter(stage__in=Amendment.OPEN)

    def in_force(self):
        return self.filter(stage=Amendment.Stage.IN_FORCE)

    def known_to(self, sides):
        """Those that are known to who hears `sides`: until it is asked for, an amendment is the unit's own."""
        if Side.OWNER in sides:
            return self
        handed_over = Proposal.objects.filter(change__amendment=OuterRef("pk")).exclude(handed_over_at=None)
        return self.filter(Exists(handed_over))

    def for_list(self):
        return self.select_related(
            "agreement__unit", "agreement__fiscal_year", "agreement__counterpart", "agreement__signs_with"
        )


class Amendment(Walked):
    """A request to change an agreement in force. It walks by itself (workflow.amendment_walk); the agreement stays."""

    class Stage(models.TextChoices):
        DRAFT = "draft", _("being written")
        NEGOTIATION = "negotiation", _("in negotiation")
        SIGNING = "signing", _("being signed")
        IN_FORCE = "in_force", _("in force")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN = (Stage.DRAFT, Stage.NEGOTIATION, Stage.SIGNING)

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="amendments", verbose_name=_("agreement"))
    number = models.PositiveSmallIntegerField(_("number"))
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.DRAFT)
    pen = models.CharField(_("pen"), max_length=12, choices=Pen.choices, default=Pen.STAFF)
    pen_since = models.DateTimeField(_("pen held since"))
    signer = models.PositiveSmallIntegerField(_("signer whose turn it is"), default=1)
    reason = models.TextField(_("reason for the amendment"))
    # The text that it changes, and the text to be signed instead of it; the latter only once both sides agree.
    amends = models.ForeignKey(
        Snapshot, models.PROTECT, related_name="amended_by", verbose_name=_("text that is changed")
    )
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, related_name="amendments", verbose_name=_("text to be signed")
    )
    begun_by = models.CharField(_("begun by"), max_length=200)
    begun_at = models.DateTimeField(_("begun at"))

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["agreement_id", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_amendment_per_number"),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(stage__in=["draft", "negotiation", "signing"]),
                name="one_open_amendment_per_agreement",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "negotiation", "signing", "in_force", "declined", "withdrawn"]),
                name="amendment_stage_is_known",
            ),
            models.CheckConstraint(condition=Q(pen__in=Pen.values), name="amendment_pen_is_known"),
            models.CheckConstraint(
                condition=Q(stage__in=["in_force", "declined", "withdrawn"], pen="nobody")
                | (Q(stage__in=["draft", "negotiation", "signing"]) & ~Q(pen="nobody")),
                name="only_an_ended_amendment_has_no_pen",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["signing", "in_force"]) | Q(snapshot__isnull=False),
                name="amendment_signed_with_its_text",
            ),
        ]

    def __str__(self):
        return f"{self.agreement} · {self.number}"

    @property
    def is_open(self):
        return self.stage in self.OPEN

    @property
    def is_in_force(self):
        return self.stage == self.Stage.IN_FORCE

    @property
    def side_to_speak(self):
        """The side that writes now; None while it is signed, and once it has ended."""
        if self.stage not in (self.Stage.DRAFT, self.Stage.NEGOTIATION):
            return None
        return Side.OWNER if self.pen in OWNER_PENS else Side.COUNTERPART if self.pen in COUNTERPART_PENS else None


class Change(models.Model):
    """One field of one line that an amendment is about. What it is to become stands in its proposals."""

    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="changes")
    line = models.ForeignKey(Line, models.PROTECT, related_name="amendment_changes")
    field = models.CharField(_("field"), max_length=30)
    from_value = models.TextField(_("from"), blank=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["amendment", "line", "field"], name="one_change_per_line_and_field"),
        ]

    def __str__(self):
        return f"{self.line} · {self.field}"


class Proposal(models.Model):
    """What a side proposes for a field. The last one stands; to propose the value in force is to leave it as it is."""

    change = models.ForeignKey(Change, models.CASCADE, related_name="proposals")
    to_value = models.TextField(_("to"), blank=True)
    reason = models.TextField(_("reason"))
    side = models.CharField(_("side"), max_length=12, choices=Side.choices)
    made_by = models.CharField(_("made by"), max_length=200)
    made_at = models.DateTimeField(_("made at"))
    # Until its side hands the pen over, it is that side's own.
    handed_over_at = models.DateTimeField(_("handed over at"), null=True, blank=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(side__in=Side.values), name="proposal_side_is_known")]

    def __str__(self):
        return self.to_value
