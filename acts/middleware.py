"""Every request has an id that a person can read to us; every answer its headers; every refusal is a page."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _

from acts.logs import current_request
from acts.refusals import AlreadyDone, Conflict, Refusal, Refused
from acts.views import not_opened_like_this, refusal_page

GetResponse = Callable[[HttpRequest], HttpResponse]

# Nothing here wants any of these of the browser.
UNUSED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
HEADERS = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
    "Cross-Origin-Resource-Policy": "same-origin",
}


class RequestIdMiddleware:
    """Gives `request.id` and the header X-Request-Id. Ours, not the client's: it ends up in logs and on pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = secrets.token_hex(6)
        token = current_request.set(request)
        try:
            response = self.get_response(request)
        finally:
            current_request.reset(token)
        response["X-Request-Id"] = request.id
        return response


class HeadersMiddleware:
    """The headers that are the same on every answer and that nobody else sets."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        return response


class BrowserLanguageMiddleware:
    """The language that this browser has kept: for what is answered before anybody can know who asks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        with translation.override(kept if kept in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            return self.get_response(request)


class RefusalMiddleware:
    """Turns what the engine raises into pages: 403 and 422 with the sentences, 409, or the way to what was done."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return not_opened_like_this(request, response) if response.status_code == 405 else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match error:
            case Refused():
                return refusal_page(request, error.refusals, status=error.status)
            case Conflict():
                return refusal_page(request, [Refusal(error.sentence)], status=409)
            case AlreadyDone(url=""):
                once = _("This form was sent before and has had its effect. Nothing was done twice.")
                return refusal_page(request, [Refusal(once)], status=409, headline=_("This has been done already"))
            case AlreadyDone():
                return HttpResponseRedirect(error.url)
        return None
