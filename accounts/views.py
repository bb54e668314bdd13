"""Signing in and out, and what is said when a form comes from someone who isn't signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import carried, half_in, second_factor
from accounts.forms import CodeForm, LanguageForm, SignInForm
from accounts.language import choose
from accounts.lockout import locked_until
from thai.dates import thai_datetime

SIGNED_OUT = "signed-out"
# The one form for people who can't sign in yet.
INVITATION = "accounts:invitation"


class Door(LoginView):
    """A step of signing in; afterwards the page that was asked for, or the form whose sending was refused."""

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


@method_decorator([login_not_required, never_cache], name="dispatch")
class SignInView(Door):
    """The sign-in page: the first step, and for most the only one."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm

    def form_valid(self, form):
        if not second_factor.is_enrolled(form.get_user()):
            return super().form_valid(form)
        half_in.begin(self.request, form.get_user())
        return ask_code(self.request)


@method_decorator([login_not_required, never_cache], name="dispatch")
class CodeView(Door):
    """The second step of signing in: the code of who has a second factor. The form of the first step goes along."""

    template_name = "accounts/sign_in_code.html"
    authentication_form = CodeForm

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated and half_in.person(request) is None:
            return _begin_again(request)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        half_in.forget(self.request)
        if self.request.second_factor == second_factor.BY_PAPER:
            messages.warning(self.request, _paper_left(form.get_user()))
        return super().form_valid(form)


class SignOutView(LogoutView):
    """Ends the session, by POST. Whoever is signed out already lands on the sign-in page as well."""


sign_in = SignInView.as_view()
sign_in_code = CodeView.as_view()
sign_out = login_not_required(SignOutView.as_view())


@require_POST
@login_not_required
def choose_language(request):
    """The switch that stands on every page: the choice is kept, and the page opens again in that language."""
    form = LanguageForm(request.POST)
    chosen = form.is_valid()
    response = HttpResponseRedirect(form.page)
    return choose(request, response, form.cleaned_data["language"]) if chosen else response


def ask_code(request):
    """The page that asks for the code, with what the sign-in page held; no address of its own leads to what it holds."""
    held = {name: request.POST.get(name, "") for name in (carried.FIELD, "next")}
    form = CodeForm(request, initial={carried.FIELD: held[carried.FIELD]})
    response = render(request, "accounts/sign_in_code.html", {"form": form, "next": held["next"]})
    add_never_cache_headers(response)
    return response


def _begin_again(request):
    """Nobody is half signed in: the door, with what was carried this far."""
    if request.method != "POST":
        return redirect("accounts:sign_in")
    return sign_in_carrying(request, sentence=_("That took too long. Please sign in again from the beginning."))


def _paper_left(user):
    left = second_factor.recovery_codes_left(user)
    return ngettext(
        "You signed in with a recovery code; it is used up. %(left)s is left. New ones can be made in your profile.",
        "You signed in with a recovery code; it is used up. %(left)s are left. New ones can be made in your profile.",
        left,
    ) % {"left": left}


def sign_in_carrying(request, *, sentence="", status=403):
    """The sign-in page for a POST that was refused: it holds all that was typed. Answers with `status`."""
    held = _held_by(request)
    packed = held.packed() if held else ""
    at_sign_in = _is_at_the_door(request)
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
        "A wrong password or code was given too often, so no more are accepted for this user name from here. Please "
        "try again after %(time)s."
    ) % {"time": until}
    if _is_at_the_door(request):
        return sign_in_carrying(request, sentence=sentence, status=429)
    return _not_taken(request, _("Please wait a while"), sentence, status=429, held=_held_by(request))


def csrf_failure(request, reason=""):
    """A form without the right token (403): stale, because of another sign-in meanwhile, or not from our pages."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Trigger": SIGNED_OUT})
    if reason.startswith(("Origin", "Referer")):
        sentence = _("This form did not come from a page of this system, so it was not accepted.")
        return _not_taken(request, _("Not accepted"), sentence, status=403)
    sentence = _("This page was open for too long or in two windows, so nothing has been done yet.")
    if request.user.is_authenticated or request.resolver_match.view_name == INVITATION:
        held = _held_by(request) if request.user.is_authenticated else None
        return _not_taken(request, _("Please open the form again"), sentence, status=403, held=held)
    return sign_in_carrying(request, sentence=sentence)


def _held_by(request):
    """What a POST brings: its own fields, or those that the sign-in page holds for another form, if any."""
    if _is_at_the_door(request):
        return carried.unpacked(request.POST.get(carried.FIELD, ""))
    return carried.picked_up(request)


def _is_at_the_door(request):
    return request.path in (reverse("accounts:sign_in"), reverse("accounts:sign_in_code"))


def _go_on_with(request, held):
    carried.keep(request, held, at=timezone.now())
    return HttpResponseRedirect(held.path)


def _not_taken(request, headline, sentence, *, status, held=None):
    context = {"headline": headline, "sentence": sentence, "packed": held.packed() if held else ""}
    response = render(request, "accounts/not_taken.html", context, status=status)
    add_never_cache_headers(response)
    return response
