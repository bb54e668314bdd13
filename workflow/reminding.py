"""What reminding leaves behind: which superior was told of what lateness, which letter went to whom, whose calendar reads."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement
from agreements.stages import Pen
from orgunits.models import OrgUnit, Post


class Escalation(models.Model):
    """An agreement has lain in one hand for too long after it was due: the post above that hand was told, once."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="escalations", verbose_name=_("agreement"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="escalations", verbose_name=_("post"))
    pen = models.CharField(_("pen"), max_length=12, choices=Pen.choices)
    pen_since = models.DateTimeField(_("pen held since"))
    due = models.DateField(_("due date"))
    told_at = models.DateTimeField(_("told at"))

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["-told_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["agreement", "pen_since"], name="one_escalation_per_turn"),
            models.CheckConstraint(condition=Q(pen__in=Pen.values), name="escalation_pen_is_known"),
        ]

    def __str__(self):
        return f"{self.agreement}: {self.post}"


class Reminding(models.Model):
    """Somebody has reminded those who are late, at and below a unit: one press of the button, one letter to each hand."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="remindings", verbose_name=_("reminded by")
    )
    by_name = models.CharField(_("reminded by"), max_length=200)  # as it was that day
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="remindings", verbose_name=_("unit"))
    at = models.DateTimeField(_("reminded at"))

    class Meta:
        verbose_name = _("reminding")
        verbose_name_plural = _("remindings")
        ordering = ["-at", "-pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.unit} {self.at:%Y-%m-%d}"


class Reminder(models.Model):
    """One late agreement of a reminding: whose hand it lay in, and since when. Once a day, whoever reminds."""

    reminding = models.ForeignKey(Reminding, models.PROTECT, related_name="reminders", verbose_name=_("reminding"))
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="reminders", verbose_name=_("agreement"))
    day = models.DateField(_("day"))
    pen_since = models.DateTimeField(_("pen held since"))
    due = models.DateField(_("due date"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-day", "-pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["agreement", "day"], name="one_reminder_per_day")]

    def __str__(self):
        return f"{self.agreement} {self.day}"


class Letter(models.Model):
    """An e-mail to a person: the digest of a day, that one agreement is urgent, or that somebody reminds them.

    The row is made before the letter goes, claimed by who sends it, and marked when the mail server has taken it: what
    is marked never goes again.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="letters")
    day = models.DateField(_("day"))
    # Of an urgent letter: which agreement, since when it lies in the person's hand. A digest has neither.
    agreement = models.ForeignKey(Agreement, models.CASCADE, null=True, related_name="letters")
    pen_since = models.DateTimeField(null=True)
    # Of a letter by which somebody reminds.
    reminding = models.ForeignKey(Reminding, models.CASCADE, null=True, related_name="letters")
    made_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day"],
                condition=Q(agreement=None, reminding=None),
                name="one_digest_per_person_and_day",
            ),
            models.UniqueConstraint(
                fields=["person", "reminding"], condition=~Q(reminding=None), name="one_letter_per_reminding"
            ),
            models.UniqueConstraint(
                fields=["person", "agreement", "pen_since"],
                condition=~Q(agreement=None),
                name="one_urgent_letter_per_turn",
            ),
            models.CheckConstraint(
                condition=Q(agreement=None, pen_since=None) | ~(Q(agreement=None) | Q(pen_since=None)),
                name="urgent_letter_names_its_turn",
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.day}"


class CalendarLink(models.Model):
    """The address by which a calendar program reads a person's due dates. Only the hash of its secret is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_link")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        default_permissions = ()

    def __str__(self):
        return f"{self.user_id} {self.made_at:%Y-%m-%d}"
