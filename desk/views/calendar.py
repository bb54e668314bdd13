"""One's due dates for a calendar program: the address, made anew or taken back, and the feed that it opens."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from desk.calendar_feed import feed
from workflow import calendar_link


@require_POST
def renew_calendar(request):
    """The address, this once. An answer to a POST: opened again, it isn't there."""
    secret = calendar_link.renew(request.user, at=timezone.now())
    link = settings.PUBLIC_URL + reverse("desk:calendar", args=[secret])
    return render(request, "desk/calendar_link.html", {"link": link})


@require_POST
def end_calendar(request):
    """The address opens nothing any more."""
    calendar_link.end(request.user, at=timezone.now())
    messages.success(request, _("The calendar's address no longer works."))
    return redirect("desk:profile")


@login_not_required
@require_safe
def calendar(request, secret):
    """The feed. Whoever asks is known by the secret alone; a wrong one is told nothing."""
    person = calendar_link.person_of(secret)
    if person is None:
        raise Http404
    answer = HttpResponse(feed(person, timezone.now()), content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    return answer
