"""The pages of one's own account: password, second factor, sessions. The profile itself stands on top, in the desk."""

from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import own_account, qr, second_factor
from accounts.own_forms import ChangePasswordForm, EnrolForm, SecondFactorForm
from acts.engine import AlreadyDone

GET_AND_POST = require_http_methods(["GET", "POST"])


@GET_AND_POST
@sensitive_post_parameters()
def change_password(request):
    """Another password; whoever else is signed in with the old one is signed out at once."""
    form = ChangePasswordForm(request, request.POST or None)
    if not form.is_valid():
        return _page(request, "change_password", form)
    own_account.change_password(request.user, form.cleaned_data["password1"], at=timezone.now())
    update_session_auth_hash(request, request.user)
    messages.success(request, _("Your password has been changed. You are signed out everywhere but here."))
    return redirect(settings.PROFILE_URL)


@require_POST
def end_sessions(request):
    """Signed out on every other computer and telephone; here the person stays."""
    own_account.end_sessions(request.user, at=timezone.now())
    update_session_auth_hash(request, request.user)
    messages.success(request, _("You are signed out everywhere but here."))
    return redirect(settings.PROFILE_URL)


@GET_AND_POST
@sensitive_post_parameters()
def enrol(request):
    """Set up the second factor: the square to scan, the first code; then the recovery codes, this once."""
    if second_factor.is_enrolled(request.user):
        return _done_before(request)
    form = EnrolForm(request, request.POST or None)
    if not form.is_valid():
        secret = form.shown_secret()
        square = qr.svg_data_uri(second_factor.address_for_telephone(request.user, secret))
        return _page(request, "enrol", form, square=square, secret=_in_groups(secret))
    given = {name: form.cleaned_data[name] for name in ("secret", "idempotency")}
    codes = second_factor.enrol(request.user, code=form.cleaned_data["one_time_code"], at=timezone.now(), **given)
    _stay_signed_in(request)
    messages.success(request, _("The second factor is set up. From now on signing in asks for a code as well."))
    return _codes(request, codes)


@GET_AND_POST
@sensitive_post_parameters()
def renew_recovery_codes(request):
    """Ten new recovery codes, shown this once."""
    if not second_factor.is_enrolled(request.user):
        return _done_before(request)
    form = SecondFactorForm(request, request.POST or None)
    if not form.is_valid():
        return _page(request, "renew_recovery_codes", form)
    try:
        key = form.cleaned_data["idempotency"]
        return _codes(request, second_factor.renew_recovery_codes(request.user, at=timezone.now(), idempotency=key))
    except AlreadyDone:
        return _done_before(request)


@GET_AND_POST
@sensitive_post_parameters()
def remove_second_factor(request):
    """Back to the password alone."""
    if not second_factor.is_enrolled(request.user):
        return _done_before(request)
    form = SecondFactorForm(request, request.POST or None)
    if not form.is_valid():
        return _page(request, "remove_second_factor", form)
    second_factor.remove(request.user, by=request.user, at=timezone.now())
    _stay_signed_in(request)
    messages.success(request, _("The second factor is removed. Signing in asks for the password alone."))
    return redirect(settings.PROFILE_URL)


def _page(request, name, form, **more):
    return render(request, f"accounts/{name}.html", {"form": form, **more}, status=422 if form.is_bound else 200)


def _stay_signed_in(request):
    """The sessions of the person have ended, this one goes on."""
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)


def _done_before(request):
    messages.info(request, _("This has been done already. Nothing was done twice."))
    return HttpResponseRedirect(_profile())


def _profile():
    return redirect(settings.PROFILE_URL).url


def _codes(request, codes):
    """The page of recovery codes. An answer to a POST: opened again, it isn't there."""
    shown = [_in_groups(code) for code in codes]
    text = "\r\n".join([_("Recovery codes of %(name)s") % {"name": request.user.get_username()}, "", *shown, ""])
    context = {"codes": shown, "file": "data:text/plain;charset=utf-8," + quote("\ufeff" + text)}
    return render(request, "accounts/recovery_codes.html", context)


def _in_groups(text):
    """In fours, as it is copied by hand."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
