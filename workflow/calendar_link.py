"""The address by which a person's calendar program reads their due dates, without signing in: a secret of 256 random bits.

Only its hash is kept, so it is shown once; a new one voids the old. What it opens is due dates, no text of an agreement.
"""

import secrets
from hashlib import sha256

from accounts.models import User
from acts.log import acting
from workflow.models import CalendarLink

SECRET_BYTES = 32


def renew(user, *, at):
    """A new secret for the person, which is nowhere else; the one before opens nothing any more. Recorded, without it."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with acting(user, at=at) as record:
        columns = {"secret_sha256": _hashed(secret), "made_at": at}
        CalendarLink.objects.update_or_create(user=user, defaults=columns)
        record("workflow.renew_calendar", user)
    return secret


def end(user, *, at):
    """No address opens the person's due dates any more. Recorded, if one did."""
    with acting(user, at=at) as record:
        gone, _by_model = CalendarLink.objects.filter(user=user).delete()
        if gone:
            record("workflow.end_calendar", user)


def since(user):
    """When the person's address was made; None while there is none."""
    return CalendarLink.objects.filter(user=user).values_list("made_at", flat=True).first()


def person_of(secret):
    """The active person whose address holds the secret, or None."""
    return User.objects.filter(is_active=True, calendar_link__secret_sha256=_hashed(secret)).first()


def _hashed(secret):
    return sha256(secret.encode()).hexdigest()
