"""The pages of what was not done: refused, not found, or nobody foresaw it."""

from dataclasses import replace
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acts.refusals import Refusal

HEADLINES = {
    403: gettext_lazy("You cannot do this now"),
    404: gettext_lazy("This page was not found"),
    409: gettext_lazy("Nothing was changed: please look again"),
    422: gettext_lazy("Something is still missing"),
}


def refusal_page(request: HttpRequest, refusals: list[Refusal], *, status: int, headline: str = "") -> HttpResponse:
    """The page of a refusal, with the way back; for htmx only the notice, put on top of the page that is open."""
    back = _page_left(request)
    label = _("Back to the page you came from") if back else _("To the start page")
    htmx = getattr(request, "htmx", False)
    whole_page = not htmx or htmx.boosted
    context = {
        "headline": headline or HEADLINES[status],
        "refusals": [_seen_from_here(refusal, back) for refusal in refusals] if whole_page else refusals,
        "back_url": back or "/",
        "back_label": label,
    }
    if whole_page:
        return render(request, "acts/refusal_page.html", context, status=status)
    response = render(request, "parts/refusal.html", context, status=status)
    # Above what is there, not in its place: what the person typed stays.
    response["HX-Retarget"], response["HX-Reswap"] = "#main", "afterbegin show:top"
    return response


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler403`: the sentence that PermissionDenied was raised with, or the usual one."""
    usual = _("Your duties do not include this. If they should, please ask the administrator of your unit.")
    return refusal_page(request, [Refusal(str(exception) or usual)], status=403)


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """`handler404`: the same for what isn't there and for what the person may not know of."""
    sentence = _("The address may be mistyped, or the page may not be open to you. Please go back and look there.")
    return refusal_page(request, [Refusal(sentence)], status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: needs neither database nor session, and names the request's id."""
    page = loader.get_template("500.html").render({"request_id": getattr(request, "id", "")})
    return HttpResponse(page, status=500)


def _seen_from_here(refusal: Refusal, back: str) -> Refusal:
    """A field of the page that was left is not on this one: the link leads back there, if we know where that is."""
    if not refusal.where.startswith("#"):
        return refusal
    return replace(refusal, where=back + refusal.where if back else "")


def _page_left(request: HttpRequest) -> str:
    """Where the person came from, as a path of this site; "" if that isn't known."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(referer)
    return parts.path + (f"?{parts.query}" if parts.query else "")
