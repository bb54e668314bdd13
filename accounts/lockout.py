"""Until when django-axes keeps a person from trying passwords from one address."""

from datetime import datetime, timedelta

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest


def locked_until(request: HttpRequest, username: str, *, at: datetime) -> datetime:
    """The first whole minute at which a password may be tried again, for this name from this address.

    The same for names that exist and names that don't.
    """
    AxesProxyHandler.update_request(request)
    attempts = AccessAttempt.objects.filter(username=username, ip_address=request.axes_ip_address)
    last = attempts.aggregate(last=Max("attempt_time"))["last"] or at
    ends = last + get_cool_off(request)
    return ends.replace(second=0, microsecond=0) + timedelta(minutes=1)


def forget_failures(request: HttpRequest, username: str) -> None:
    """The right password was given: the wrong ones before it no longer count."""
    AxesProxyHandler.update_request(request)
    reset(ip=request.axes_ip_address, username=username)


def forget_failures_everywhere(username: str) -> None:
    """Whatever was tried for this name, from whichever address, no longer counts."""
    reset(username=username)


def locked_names(usernames: list[str] | None = None, *, at: datetime) -> frozenset[str]:
    """Those of the names (None: of all) for which no password is taken now, from one address or another. One query."""
    recent = AccessAttempt.objects.filter(attempt_time__gte=at - get_cool_off())
    if usernames is not None:
        recent = recent.filter(username__in=usernames)
    failures = recent.values("username", "ip_address").annotate(failures=Sum("failures_since_start"))
    locked = failures.filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    return frozenset(locked.values_list("username", flat=True))
