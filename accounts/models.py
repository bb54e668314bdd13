"""The user: who a person is, with rank and name. What they may do lies in orgunits."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts import ranks


class UserManager(DjangoUserManager):
    """Finds people by user name as they type it, capitals or not."""

    def get_by_natural_key(self, username):
        return self.get(username=self.model.normalize_username(username))


class User(AbstractUser):
    """A person who signs in. Police have a rank, civilians a prefix; some (a service account) have neither."""

    rank = models.CharField(
        _("rank"),
        max_length=20,
        blank=True,
        choices=[(short, f"{short} {full}") for short, full in ranks.RANKS.items()],
    )
    rank_pending = models.BooleanField(_("rank awaits the royal command (ว่าที่)"), default=False)
    title_female = models.BooleanField(_("rank is written with หญิง"), default=False)
    prefix = models.CharField(
        _("prefix"), max_length=10, blank=True, choices=[(prefix, prefix) for prefix in ranks.PREFIXES]
    )

    # "" until the person has chosen.
    language = models.CharField(_("language"), max_length=2, blank=True, choices=settings.LANGUAGES)
    phone = models.CharField(_("telephone"), max_length=50, blank=True)
    # Part of every session's proof: counting on ends all of them.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_name_unique_in_any_case",
                violation_error_message=_("This user name is already taken."),
            ),
            models.CheckConstraint(
                name="user_rank_is_a_police_rank", condition=Q(rank="") | Q(rank__in=list(ranks.RANKS))
            ),
            models.CheckConstraint(
                name="user_prefix_is_known", condition=Q(prefix="") | Q(prefix__in=list(ranks.PREFIXES))
            ),
            models.CheckConstraint(
                name="user_has_rank_or_prefix_not_both",
                condition=Q(rank="") | Q(prefix=""),
                violation_error_message=_("Give a rank or a civilian's prefix, not both."),
            ),
            models.CheckConstraint(
                name="user_rank_marks_need_a_rank",
                condition=~Q(rank="") | Q(rank_pending=False, title_female=False),
                violation_error_message=_("ว่าที่ and หญิง are written with a rank only."),
            ),
            models.CheckConstraint(
                name="user_language_is_offered", condition=Q(language__in=["", *dict(settings.LANGUAGES)])
            ),
        ]

    def __str__(self):
        return self.short_name_with_rank

    @classmethod
    def normalize_username(cls, username):
        """User names are compared in lower case, so that lock-out counts one person once."""
        normal = super().normalize_username(username)
        return normal.lower() if isinstance(normal, str) else normal

    @property
    def short_name_with_rank(self):
        """ "พ.ต.ท.หญิง กมลชนก ใจดี", "นางสาวมาลี ดีงาม"; the user name where no name is known."""
        return self._titled(ranks.short_rank(self.rank, female=self.title_female, pending=self.rank_pending))

    @property
    def full_name_with_rank(self):
        """ "พันตำรวจโทหญิง กมลชนก ใจดี", "นางสาวมาลี ดีงาม"; the user name where no name is known."""
        return self._titled(ranks.full_rank(self.rank, female=self.title_female, pending=self.rank_pending))

    def _get_session_auth_hash(self, secret=None):
        """Sessions end with a new password, as everywhere, and with the next epoch."""
        proof = f"{self.password}/{self.session_epoch}"
        return salted_hmac("accounts.models.User.session", proof, secret=secret, algorithm="sha256").hexdigest()

    def _titled(self, rank):
        name = self.get_full_name() or self.username
        return f"{rank} {name}" if rank else f"{self.prefix}{name}"


class InvitationQuerySet(models.QuerySet):
    def unspent(self, at):
        """Links that are neither used, voided nor too old, by their own row alone: what a race is decided by."""
        return self.filter(used_at=None, voided_at=None, expires_at__gt=at)

    def open(self, at):
        """Links by which a password can still be set."""
        return self.unspent(at).filter(user__is_active=True)


class Invitation(models.Model):
    """A link by which a person sets their password, once. Only the hash of its secret is kept."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("person"), related_name="invitations")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at=None, voided_at=None), name="invitation_one_open_per_person"
            ),
            models.CheckConstraint(
                name="invitation_not_used_and_voided", condition=Q(used_at=None) | Q(voided_at=None)
            ),
        ]

    def __str__(self):
        return f"{self.user} ({self.expires_at:%Y-%m-%d})"
