"""What a person typed while their session ran out, carried through the sign-in page and back into the form.

A refused POST is packed whole into one hidden field of the sign-in form (so it works without JavaScript, and through a
wrong password too). After sign-in it waits in the session until the form's page asks for it, once, and binds it
without saving. Passwords, codes, the CSRF token and files are never carried.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from acts import referer

FIELD = "carried"
_SESSION_KEY = "accounts_carried"
_HOLDS_FOR = timedelta(minutes=5)
# Room for user name, password and the boundaries of the multipart body that brings it back.
_ROOM_FOR_THE_REST = 64 * 1024


@dataclass(frozen=True)
class Carried:
    """A form that was sent and not taken: where to, the page it stood on, its fields, the names of its files."""

    path: str
    page: str
    fields: dict[str, list[str]]
    files: tuple[str, ...] = ()

    def packed(self) -> str:
        """The text of the hidden field; "" when it is too large to be sent once more."""
        text = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))
        fits = len(text.encode(errors="replace")) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE - _ROOM_FOR_THE_REST
        return text if fits else ""

    def data(self) -> QueryDict:
        """The fields as they were posted."""
        data = QueryDict(mutable=True)
        for name, values in self.fields.items():
            data.setlist(name, values)
        data._mutable = False
        return data


def picked_up(request: HttpRequest) -> Carried:
    """The form that this POST brought, as far as it may be carried."""
    fields = {name: values for name, values in request.POST.lists() if not _is_secret(name)}
    files = tuple(file.name or "" for name in request.FILES for file in request.FILES.getlist(name))
    return Carried(path=request.get_full_path(), page=page_left(request), fields=fields, files=files)


def unpacked(text: str) -> Carried | None:
    """The form in a hidden field; None for anything that we did not pack, or that leads off this site."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict) or not _is_well_formed(found):
        return None
    fields = {name: values for name, values in found["fields"].items() if not _is_secret(name)}
    return Carried(found["path"], found["page"], fields, tuple(found["files"]))


def keep(request: HttpRequest, carried: Carried, *, at: datetime) -> None:
    """Let it wait in the session for the form's page. One form waits at a time."""
    request.session[_SESSION_KEY] = {**asdict(carried), "at": at.timestamp()}


def take(request: HttpRequest, *, action: str | None = None) -> QueryDict | None:
    """What was typed into the form of this page, once: bind it, save nothing. None when nothing waits for it.

    Call it on GET. `action` is where the page's form is sent, if that is another path than the page's own. The person
    is told in a message that nothing is saved yet, and which files must be chosen again.
    """
    kept = _waiting(request)
    if kept is None or kept.path != (action or request.get_full_path()):
        return None
    return _taken(request, kept).data()


def take_from_page(request: HttpRequest) -> Carried | None:
    """As `take`, for a page whose forms are sent to several paths: `.path` says which it was, `.data()` what was typed."""
    kept = _waiting(request)
    if kept is None or request.get_full_path() not in (kept.path, kept.page):
        return None
    return _taken(request, kept)


def _taken(request: HttpRequest, kept: Carried) -> Carried:
    del request.session[_SESSION_KEY]
    messages.warning(request, _sentence(kept.files))
    return kept


def follow_up(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """After a GET: forget what its page did not take; leave a path that takes no GET for the page with the form.

    A page that failed (500, 503) has not even been seen: it goes on waiting.
    """
    if request.method != "GET" or response.status_code >= 500 or _SESSION_KEY not in request.session:
        return response
    kept, here = _waiting(request), request.get_full_path()
    if kept and here == kept.path and response.status_code == 405:
        messages.warning(request, _("This has not been done yet. Please do it once more."))
        return HttpResponseRedirect(kept.page if kept.page != here else resolve_url(settings.LOGIN_REDIRECT_URL))
    if kept is None or here in (kept.path, kept.page):
        request.session.pop(_SESSION_KEY)
    return response


def _waiting(request: HttpRequest) -> Carried | None:
    kept = request.session.get(_SESSION_KEY)
    if kept is None or timezone.now().timestamp() - kept["at"] > _HOLDS_FOR.total_seconds():
        return None
    return Carried(kept["path"], kept["page"], kept["fields"], tuple(kept["files"]))


def _sentence(files: tuple[str, ...]) -> str:
    told = _("Everything you typed is here, but it is not saved yet. Please check it and save it.")
    if files:
        told += " " + _("Please choose these files again: %(files)s.") % {"files": ", ".join(files)}
    return told


def page_left(request: HttpRequest) -> str:
    """The page of ours that the form stood on, as the browser tells it; else the path it was sent to."""
    return referer.page_left(request) or request.get_full_path()


def _is_secret(name: str) -> bool:
    return name in ("csrfmiddlewaretoken", "one_time_code") or "password" in name.lower()


def _is_well_formed(found: dict[str, Any]) -> bool:
    fields = found.get("fields")
    return (
        all(_is_local(found.get(name)) for name in ("path", "page"))
        and _are_texts(found.get("files"))
        and isinstance(fields, dict)
        and all(_are_texts(values) for values in fields.values())
    )


def _is_local(path: Any) -> bool:
    return isinstance(path, str) and path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)
