"""The page that an invitation's link opens: the person sets their password, and is signed in."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts import half_in, invitations, second_factor
from accounts.lockout import forget_failures
from accounts.own_forms import InvitedForm
from accounts.views import ask_code

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@sensitive_variables("secret")
def invitation(request, secret):
    """Opened signed out. One and the same page for a link that was used, is too old, or was never made."""
    person = invitations.found(secret, at=timezone.now())
    if person is None:
        return _page(request, "invitation_gone", status=404)
    if request.user.is_authenticated:
        return _page(request, "invitation_signed_in", invited=person, status=409)
    form = InvitedForm(person, request.POST or None)
    if not form.is_valid():
        return _page(request, "invitation", form=form, invited=person, status=422 if form.is_bound else 200)
    return _accepted(request, secret, form.cleaned_data["password1"])


def _accepted(request, secret, password):
    try:
        person = invitations.accept(secret, password, at=timezone.now())
    except invitations.LinkGone:
        return _page(request, "invitation_gone", status=404)
    forget_failures(request, person.get_username())
    if second_factor.is_enrolled(person):
        # A link replaces the password, never the second factor.
        half_in.begin(request, person)
        return ask_code(request)
    login(request, person, backend=MODEL_BACKEND)
    messages.success(request, _("Your password is set, and you are signed in."))
    return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))


def _page(request, name, *, status, **context):
    response = render(request, f"accounts/{name}.html", context, status=status)
    add_never_cache_headers(response)
    return response
