"""Between the two steps of signing in: whose password was right, kept in the session for a few minutes."""

from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User

_SESSION_KEY = "accounts_half_in"
HOLDS_FOR = timedelta(minutes=10)


def begin(request, user):
    """The password of `user` was right; the code is still to come. The session gets a new key."""
    request.session.cycle_key()
    request.session[_SESSION_KEY] = {
        "user": user.pk,
        "proof": user.get_session_auth_hash(),
        "at": timezone.now().timestamp(),
    }


def person(request):
    """Who is half signed in; None after a while, or when password or account have changed meanwhile."""
    kept = request.session.get(_SESSION_KEY)
    if kept is None or timezone.now().timestamp() - kept["at"] > HOLDS_FOR.total_seconds():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["proof"], user.get_session_auth_hash()):
        return None
    return user


def forget(request):
    """Nobody is half signed in any more."""
    request.session.pop(_SESSION_KEY, None)
