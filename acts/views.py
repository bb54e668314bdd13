"""The pages of what was not done: refused, not found, or nobody foresaw it."""

import sys
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from acts.referer import page_left
from acts.refusals import Refusal
from thai.dates import thai_datetime

HEADLINES = {
    403: gettext_lazy("You cannot do this now"),
    404: gettext_lazy("This page was not found"),
    405: gettext_lazy("This address cannot be opened"),
    409: gettext_lazy("Nothing was changed: please look again"),
    422: gettext_lazy("Something is still missing"),
}


# Also where it isn't found: rights may have ended while somebody typed, and their own text tells them nothing new.
REFUSES_WHAT_WAS_SENT = (403, 404, 409, 422)


def refusal_page(request: HttpRequest, refusals: list[Refusal], *, status: int, headline: str = "") -> HttpResponse:
    """The page of a refusal, with the way back; for htmx only the notice, put on top of the page that is open.

    A view that knows a better place than the start page leaves it as `request.way_back`: (address, label).
    """
    back = page_left(request)
    url, label = _way_back(request, back)
    htmx = getattr(request, "htmx", False)
    whole_page = not htmx or htmx.boosted
    context = {
        "headline": headline or HEADLINES[status],
        "refusals": [_seen_from_here(refusal, back) for refusal in refusals] if whole_page else refusals,
        "back_url": url,
        "back_label": label,
    }
    if whole_page:
        context["typed"] = _typed(request) if status in REFUSES_WHAT_WAS_SENT and not headline else []
        return render(request, "acts/refusal_page.html", context, status=status)
    response = render(request, "parts/refusal.html", context, status=status)
    # Above what is there, not in its place: what the person typed stays.
    response["HX-Retarget"], response["HX-Reswap"] = "#main", "afterbegin show:top"
    return response


def _typed(request: HttpRequest) -> list[str]:
    """The texts of a form that was refused: nothing that somebody wrote is lost, whoever was first.

    What was sent as it was shown is left out, as are numbers and codes, and passwords always.
    """
    secret = getattr(request, "sensitive_post_parameters", ())
    if secret == "__ALL__":
        return []
    found = []
    for name, text in request.POST.items():
        hidden = name in secret or "password" in name or name.startswith("initial-")
        if not hidden and _is_written(text) and text != request.POST.get(f"initial-{name}"):
            found.append(text)
    return found


def _is_written(text: str) -> bool:
    return bool(text.strip()) and (not text.isascii() or any(letter.isspace() for letter in text.strip()))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler403`: the sentence that PermissionDenied was raised with, or the usual one."""
    usual = _("Your duties do not include this. If they should, please ask the administrator of your unit.")
    return refusal_page(request, [Refusal(str(exception) or usual)], status=403)


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """`handler404`: the same for what isn't there and for what the person may not know of."""
    sentence = _(
        "The address may be mistyped, or you may not have access to this page. Please go back and follow a link "
        "from there."
    )
    return refusal_page(request, [Refusal(sentence)], status=404)


def not_opened_like_this(request: HttpRequest, bare: HttpResponse) -> HttpResponse:
    """The page for an address that only takes forms; `bare` is the empty answer of 405 in whose place it stands."""
    sentence = _("This address only takes what a form sends, and does not open by itself. Nothing was done.")
    response = refusal_page(request, [Refusal(sentence)], status=405)
    response["Allow"] = bare["Allow"]
    return response


# Pages that stand alone: they need neither database nor session, and whoever sees them may have neither.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`: what was sent can't be read, or is more than is taken (413)."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
        too_much = _("Nothing was saved: one form can carry at most %(limit)s MB of text.") % {"limit": limit}
        shorter = _("Please go back; what you typed is still in the form. Shorten it, or send it in parts.")
        return _alone(request, 413, _("This is too much at once"), [too_much, shorter])
    unreadable = _("The address or the form arrived damaged or incomplete. Nothing was changed.")
    anew = _("Please go back, open the page again and try once more.")
    return _alone(request, 400, _("This could not be read"), [unreadable, anew])


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: nobody foresaw it; or the database doesn't answer (503), which passes."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _without_database(request)
    fault = _(
        "The fault is with the system, not with you. What was saved before is safe; "
        "what you have just sent was not saved."
    )
    again = _(
        "Please go back, wait a moment and send it once more. If it happens again, tell the administrator of your "
        "unit the number of this request."
    )
    return _alone(request, 500, _("This did not work"), [fault, again])


def _without_database(request: HttpRequest) -> HttpResponse:
    gone = _(
        "The system cannot reach its data at this moment. What was saved before is safe; "
        "what you have just sent was not saved."
    )
    wait = _("Please wait a minute and try again. What you typed is still in the form: your Back button leads to it.")
    response = _alone(request, 503, _("The system is not ready for a moment"), [gone, wait])
    response["Retry-After"] = "30"
    return response


def closed(request: HttpRequest, *, until: datetime | None, sentence: str, retry_after: int) -> HttpResponse:
    """The page of maintenance (503)."""
    told = [sentence or _("The system is under maintenance. Everything that was saved is safe.")]
    if until:
        told.append(_("It is expected to open again on %(time)s.") % {"time": thai_datetime(until)})
    if request.method == "POST":
        told.append(
            _(
                "What you have just sent was not saved. Please go back with your browser's Back button: what you typed "
                "is still in the form. Keep that page open, and send it once more when the system is open."
            )
        )
    response = _alone(request, 503, _("Closed for maintenance"), told)
    response["Retry-After"] = str(retry_after)
    # Meant so: no error to be logged for everybody who knocks.
    response._has_been_logged = True
    return response


def _alone(request: HttpRequest, status: int, headline: str, sentences: list[str]) -> HttpResponse:
    context = {
        "headline": headline,
        "sentences": sentences,
        "request_id": getattr(request, "id", ""),
        "again": request.get_full_path() if request.method == "GET" and status >= 500 else "",
    }
    response = HttpResponse(loader.get_template("acts/alone.html").render(context), status=status)
    add_never_cache_headers(response)
    return response


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For whoever watches over the system: "ok" while the database answers, else 503 (see `server_error`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    response = HttpResponse("ok", content_type="text/plain")
    add_never_cache_headers(response)
    return response


def _seen_from_here(refusal: Refusal, back: str) -> Refusal:
    """A field of the page that was left is not on this one: the link leads back there, if we know where that is."""
    if not refusal.where.startswith("#"):
        return refusal
    return replace(refusal, where=back + refusal.where if back else "")


def _way_back(request: HttpRequest, left: str) -> tuple[str, str]:
    """Where the page leads on to, and what that is called."""
    if left:
        return left, _("Back to the page you came from")
    return getattr(request, "way_back", None) or ("/", _("To the start page"))
