"""Signing an amendment, as the agreement was signed; the work is done in desk.views.signing and desk.views.sitting."""

from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from desk.access import followed_amendment, once_then
from desk.views.signing import refuse_or_ask, sign_or_show
from desk.views.sitting import mark_or_show


@sensitive_post_parameters("password", "one_time_code")
@once_then
def sign_amendment(request, code, number):
    """The signing page of an amendment; a POST signs, bound to the hash that was shown."""
    return sign_or_show(request, followed_amendment(request, code, number))


@once_then
def refuse_amendment(request, code, number):
    """Decline to sign the amendment, with a reason; it goes back to its negotiation."""
    return refuse_or_ask(request, followed_amendment(request, code, number))


@require_http_methods(["GET", "HEAD", "POST"])
@once_then
def read_amendment(request, code, number):
    """The amendment as one of the sitting: read, to be signed with the others. A POST keeps that it is read."""
    return mark_or_show(request, followed_amendment(request, code, number))
