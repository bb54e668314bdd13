"""What the walk leaves behind: negotiation rounds with offers, comments and minutes; signatures and refusals."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from acts.append_only import append_only
from acts.versions import Versioned
from agreements.models import Agreement, Line, Snapshot
from agreements.models.rule import SLOT_CHOICES, SLOT_LABELS
from fiscal.models import FiscalYear
from workflow.amending import Amendment, Change, Proposal  # noqa: F401  models, in a file of their own
from workflow.publishing import Publication  # noqa: F401  a model, in a file of its own
from workflow.reading import Reading  # noqa: F401  a model, in a file of its own
from workflow.reminding import CalendarLink, Escalation, Letter, Reminder, Reminding  # noqa: F401  models, in a file of their own
from workflow.side import Side


class Round(models.Model):
    """A round of negotiation (handbook 2.1, 5 and 8). It opens with what the unit sent, as a snapshot."""

    class Kind(models.TextChoices):
        INFORMAL = "informal", _("informal")
        FORMAL = "formal", _("formal")

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="rounds")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(_("number"))
    opened_with = models.ForeignKey(Snapshot, models.PROTECT, related_name="rounds")
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("negotiation round")
        verbose_name_plural = _("negotiation rounds")
        ordering = ["agreement_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "kind", "number"], name="one_round_per_kind_and_number"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(closed_at=None), name="one_open_round_per_agreement"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"


class Offer(models.Model):
    """One side proposes to change one field of one line; the other accepts, declines, or counters with its own offer."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        COUNTERED = "countered", _("countered")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DEFERRED = "deferred", _("deferred to the formal negotiation")

    round = models.ForeignKey(Round, models.PROTECT, related_name="offers")
    line = models.ForeignKey(Line, models.PROTECT, related_name="offers")
    answers = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="counter")
    field = models.CharField(_("field"), max_length=30)
    from_value = models.TextField(_("from"), blank=True)
    to_value = models.TextField(_("to"), blank=True)
    reason = models.TextField(_("reason"))
    side = models.CharField(_("side"), max_length=12, choices=Side.choices)
    made_by = models.CharField(_("made by"), max_length=200)
    made_at = models.DateTimeField(_("made at"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    # Until its side hands the pen over, an offer is that side's own; so is the answer, of the side that gave it.
    handed_over_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    answer_handed_over_at = models.DateTimeField(_("answer handed over at"), null=True, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "field"], condition=Q(state="open"), name="one_open_offer_per_line_and_field"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "declined", "countered", "withdrawn", "deferred"]),
                name="offer_state_is_known",
            ),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="offer_side_is_known"),
        ]

    def __str__(self):
        return f"{self.line} · {self.field}"

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def answering_side(self):
        """The side that gave the answer: one's own offer is withdrawn, the other side's answered."""
        if self.state == self.State.WITHDRAWN:
            return Side(self.side)
        return Side.COUNTERPART if self.side == Side.OWNER else Side.OWNER


class Comment(models.Model):
    """Something said about a line, or about the agreement, in a round; or the reply to it. Its side's own until handed over."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="comments")
    line = models.ForeignKey(Line, models.PROTECT, null=True, blank=True, related_name="comments")
    # The comment that began the talk; a reply to a reply belongs to that one, too.
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    text = models.TextField(_("comment"))
    side = models.CharField(_("side"), max_length=12, choices=Side.choices)
    made_by = models.CharField(_("said by"), max_length=200)
    made_at = models.DateTimeField(_("said at"))
    handed_over_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    # As they were then: the names of those called on (see Mention), and {name, sha256, kind, size} of each file in the vault.
    calls_on = models.JSONField(_("calls on"), default=list, blank=True)
    files = models.JSONField(_("files"), default=list, blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]

    def __str__(self):
        return self.text


class Mention(models.Model):
    """A person of either side whom a comment calls on; theirs to see until they say that they have."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentions")
    side = models.CharField(_("side"), max_length=12, choices=Side.choices)  # that the person was on
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="one_mention_per_comment_and_person")]

    def __str__(self):
        return str(self.user)


class Minutes(Versioned):
    """The record of a formal round: committee, date, place, who came, what was decided (handbook 2.1, 8).

    `people`: [{name, post, duty, came}]. `decided`: {id of a line, as text: {"kind": a Decision, "reason"}}; a line of
    which a change is decided has an offer instead. `files`: {name, sha256, kind, size} of each file in the vault.
    """

    class Decision(models.TextChoices):
        STANDS = "stands", _("agreed as it stands")
        DEFERRED = "deferred", _("deferred")

    round = models.OneToOneField(Round, models.PROTECT, related_name="minutes")
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=300)
    people = models.JSONField(_("committee and those present"), default=list, blank=True)
    committee = models.TextField(_("remarks on the committee and those present"), blank=True)
    decided = models.JSONField(_("decisions on the indicators"), default=dict, blank=True)
    files = models.JSONField(_("files"), default=list, blank=True)
    decisions = models.TextField(_("decisions"))
    recorded_by = models.CharField(_("recorded by"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")

    def __str__(self):
        return f"{self.round}: {self.held_on}"


class Meeting(Versioned):
    """A meeting held before the negotiation (handbook 2.1, 3): of a fiscal year, or about one agreement of it.

    `people` and `files` as in Minutes.
    """

    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, related_name="meetings", verbose_name=_("fiscal year"))
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("agreement")
    )
    subject = models.CharField(_("subject"), max_length=300)
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=300)
    people = models.JSONField(_("people"), default=list, blank=True)
    decisions = models.TextField(_("decisions"))
    files = models.JSONField(_("files"), default=list, blank=True)
    recorded_by = models.CharField(_("recorded by"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "-pk"]

    def __str__(self):
        return self.subject


@append_only
class Signature(models.Model):
    """An electronic signature: who, in which post and capacity, on which content, and how they were known.

    All frozen text and plain ids: a later transfer or a renamed unit changes nothing here.
    """

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="signatures")
    slot = models.CharField(_("slot"), max_length=12, choices=SLOT_CHOICES)
    snapshot_sha256 = models.CharField(_("SHA-256 of what was signed"), max_length=64)
    user_id = models.BigIntegerField(_("user"))
    name = models.CharField(_("name with rank"), max_length=250)
    own_post = models.CharField(_("own post"), max_length=250)
    capacity = models.CharField(_("capacity"), max_length=10)
    acted_post = models.CharField(_("post signed for"), max_length=250)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=200)
    order_number = models.CharField(_("order number"), max_length=100, blank=True)
    order_date = models.DateField(_("order date"), null=True, blank=True)
    method = models.CharField(_("how the signer was identified"), max_length=40)
    consent = models.TextField(_("consent text"))
    signed_at = models.DateTimeField(_("signed at"))
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    user_agent = models.CharField(_("user agent"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "slot"], name="one_signature_per_snapshot_and_slot"),
            models.CheckConstraint(condition=Q(slot__in=list(SLOT_LABELS)), name="signature_slot_is_known"),
        ]

    def __str__(self):
        return f"{self.name} {self.signed_at:%Y-%m-%d}"


@append_only
class SigningRefusal(models.Model):
    """A signatory declined to sign a snapshot, with a reason. Voids any signature already on that snapshot."""

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="refusal", verbose_name=_("snapshot"))
    slot = models.CharField(_("slot"), max_length=12, choices=SLOT_CHOICES)
    user_id = models.BigIntegerField(_("user"))
    name = models.CharField(_("name with rank"), max_length=250)
    post = models.CharField(_("post"), max_length=250)
    reason = models.TextField(_("reason"))
    refused_at = models.DateTimeField(_("refused at"))

    class Meta:
        verbose_name = _("refusal to sign")
        verbose_name_plural = _("refusals to sign")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.name}: {self.reason}"
