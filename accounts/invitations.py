"""A link by which a person sets their password, once: for who is new here, and for who has forgotten theirs.

Its secret has 256 random bits, so guessing needs no lock; only the hash of it is kept. A newer link voids the older.
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Invitation, User
from acts.engine import Refusal, Refused
from acts.log import acting

SECRET_BYTES = 32


class LinkGone(Exception):
    """The link can't be used: used before, voided, too old, or never made. Nobody is told which."""


def invite(user, *, by, at, idempotency=""):
    """Make the link for a person and void the one before; returns its secret, which is nowhere else. Recorded."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with acting(by, at=at, idempotency=idempotency) as record:
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.is_active:
            raise Refused(
                [
                    Refusal(
                        _("%(person)s can no longer sign in. Please reactivate the account first.") % {"person": user}
                    )
                ]
            )
        void_open_links(user, at=at)
        Invitation.objects.create(user=user, secret_sha256=_hashed(secret), made_at=at, expires_at=at + holds_for())
        record("accounts.invite", user)
    return secret


def holds_for():
    """How long a link can be used."""
    return timedelta(days=settings.INVITATION_DAYS)


def void_open_links(user, *, at):
    """No link made so far opens this account any more."""
    user.invitations.filter(used_at=None, voided_at=None).update(voided_at=at)


def address_of(secret):
    """The whole address of a link, from the settings: a request's Host header could lead anywhere."""
    return settings.PUBLIC_URL + reverse("accounts:invitation", args=[secret])


def found(secret, *, at):
    """The person whom a link still serves, or None."""
    invitation = Invitation.objects.open(at).filter(secret_sha256=_hashed(secret)).select_related("user").first()
    return invitation.user if invitation else None


def accept(secret, password, *, at):
    """Set the password of the person whom the link serves, which uses it up; returns them. Recorded, without secrets.

    Raises LinkGone, also for the slower of two tabs. All sessions of the person end.
    """
    user = found(secret, at=at)
    if user is None:
        raise LinkGone
    with acting(user, at=at) as record:
        # The one predicate that decides between two tabs. No join: PostgreSQL would judge it before waiting for the row.
        if not Invitation.objects.unspent(at).filter(secret_sha256=_hashed(secret)).update(used_at=at):
            raise LinkGone
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.is_active:
            raise LinkGone
        user.set_password(password)
        user.save(update_fields=["password"])
        record("accounts.set_password_by_link", user)
    return user


def _hashed(secret):
    return sha256(secret.encode()).hexdigest()
