"""Every request has an id that a person can read to us; every refusal is a page with its sentences."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from acts.refusals import AlreadyDone, Conflict, Refusal, Refused
from acts.views import refusal_page

GetResponse = Callable[[HttpRequest], HttpResponse]

request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIdFilter(logging.Filter):
    """Logging filter: `%(request_id)s` in every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs an answer of 4xx after the middleware is through, but with the request.
        record.request_id = getattr(getattr(record, "request", None), "id", None) or request_id.get()
        return True


class RequestIdMiddleware:
    """Gives `request.id` and the header X-Request-Id. Ours, not the client's: it ends up in logs and on pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = secrets.token_hex(6)
        token = request_id.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-Id"] = request.id
        return response


class RefusalMiddleware:
    """Turns what the engine raises into pages: 403 and 422 with the sentences, 409, or the way to what was done."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

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
