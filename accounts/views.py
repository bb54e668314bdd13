"""Signing in and out, and what is said when a form comes from someone who isn't signed in."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import carried
from accounts.forms import SignInForm
from accounts.lockout import locked_until
from thai.dates import thai_datetime

SIGNED_OUT = "signed-out"


@method_decorator([login_not_required, never_cache], name="dispatch")
class SignInView(LoginView):
    """The sign-in page; afterwards the page that was asked for, or the form whose sending was refused."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def dispatch(self, request, *args, **kwargs):
        held = carried.unpacked(request.POST.get(carried.FIELD, ""))
        if held and request.user.is_authenticated:
            # Signed in meanwhile in another window.
            return _go_on_with(request, held)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        response = super().form_valid(form)
        held = form.cleaned_data[carried.FIELD]
        return _go_on_with(self.request, held) if held else response


class SignOutView(LogoutView):
    """Ends the session, by POST. Whoever is signed out already lands on the sign-in page as well."""


sign_in = SignInView.as_view()
sign_out = login_not_required(SignOutView.as_view())


def sign_in_carrying(request, *, sentence="", status=403):
    """The sign-in page for a POST that was refused: it holds all that was typed. Answers with `status`."""
    held = _held_by(request)
    packed = held.packed() if held else ""
    at_sign_in = request.path == reverse("accounts:sign_in")
    typed = {"username": request.POST.get("username", "")} if at_sign_in else {}
    context = {
        "form": SignInForm(request, initial={carried.FIELD: packed, **typed}),
        "next": request.POST.get("next", "") if at_sign_in else "",
        "sentence": sentence,
        "too_large": held and not packed,
    }
    response = render(request, "accounts/sign_in.html", context, status=status)
    add_never_cache_headers(response)
    return response


def signed_out_answer():
    """For htmx: nothing to swap in, so the page keeps what is typed; look.js says why."""
    return HttpResponse(status=401, headers={"HX-Trigger": SIGNED_OUT})


def locked_out(request, response=None, credentials=None):
    """django-axes' answer to too many wrong passwords: until when, in a page that keeps what was typed (429)."""
    username = (credentials or {}).get("username") or ""
    until = thai_datetime(locked_until(request, username, at=timezone.now()))
    sentence = _(
        "The wrong password was given too often, so no further one is taken for this user name from here. "
        "Please try again after %(time)s."
    ) % {"time": until}
    if request.path == reverse("accounts:sign_in"):
        return sign_in_carrying(request, sentence=sentence, status=429)
    return _not_taken(request, _("Please wait a while"), sentence, status=429, held=_held_by(request))


def csrf_failure(request, reason=""):
    """A form without the right token (403): stale, because of another sign-in meanwhile, or not from our pages."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Trigger": SIGNED_OUT})
    if reason.startswith(("Origin", "Referer")):
        sentence = _("This form did not come from a page of this system, so it was not taken.")
        return _not_taken(request, _("Not taken"), sentence, status=403)
    sentence = _("This page was open for too long or in two windows, so nothing was done yet.")
    if request.user.is_authenticated:
        return _not_taken(request, _("Please open the form again"), sentence, status=403, held=_held_by(request))
    return sign_in_carrying(request, sentence=sentence)


def _held_by(request):
    """What a POST brings: its own fields, or those that the sign-in page holds for another form, if any."""
    if request.path == reverse("accounts:sign_in"):
        return carried.unpacked(request.POST.get(carried.FIELD, ""))
    return carried.picked_up(request)


def _go_on_with(request, held):
    carried.keep(request, held, at=timezone.now())
    return HttpResponseRedirect(held.path)


def _not_taken(request, headline, sentence, *, status, held=None):
    context = {"headline": headline, "sentence": sentence, "packed": held.packed() if held else ""}
    response = render(request, "accounts/not_taken.html", context, status=status)
    add_never_cache_headers(response)
    return response
