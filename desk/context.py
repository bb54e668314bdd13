"""What every page of a signed-in person shows round itself: the way about, the year, who is at work."""

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from desk.manual import help_url
from desk.scope import overview_roots, scope_of
from fiscal.years import year_of
from orgunits.administration import is_administrator
from orgunits.reach import NO_REACH, reach_of
from workflow.amending_turns import waiting_for
from workflow.opening import READERS


def navigation(request):
    """`nav` for base.html; None for who is not signed in. Lazy: a partial page asks nothing of the database."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": None, "manual_url": _help_url(request, NO_REACH), "open_to_all": _open_to_all()}
    return {"nav": SimpleLazyObject(lambda: _navigation(request, user, timezone.now())), "open_to_all": _open_to_all()}


def _open_to_all():
    """(address, label) of what nobody needs to sign in for."""
    return (
        (reverse("desk:public"), _("Announced performance agreements")),
        (reverse("desk:verify"), _("Verify a document")),
    )


def _navigation(request, user, at):
    return {
        "home_url": reverse("desk:home"),
        "items": _items(request.path, _pages(user, at)),
        "search_url": reverse("desk:search"),
        "query": request.GET.get("q", "") if request.path == reverse("desk:search") else "",
        "year": year_of(timezone.localdate(at)),
        "person": user.short_name_with_rank,
        "person_role": _duty(user, at),
        "help_url": _help_url(request, reach_of(user, at)),
        "profile_url": reverse("desk:profile"),
        "sign_out_url": reverse("accounts:sign_out"),
    }


def _help_url(request, reach):
    found = request.resolver_match  # None where no address fits: a page that was not found
    return help_url(found.url_name, reach) if found else None


def _pages(user, at):
    """(address, label, icon, how many wait there, apart from those before) of each that the person has."""
    yield "desk:home", _("My work"), "inbox", waiting_for(user, at), False
    yield "desk:agreements", _("Agreements"), "document-text", 0, False
    if overview_roots(user, at):
        yield "desk:overview", _("Overview"), "chart-bar-square", 0, False
    yield "desk:units", _("Units"), "building-office-2", 0, False
    yield "desk:library", _("Indicator library"), "rectangle-stack", 0, False
    if reach_of(user, at).units(*READERS):
        yield "desk:years", _("Fiscal years"), "calendar-days", 0, False
    if is_administrator(user, at):
        yield "desk:people", _("Users"), "users", 0, False
    yield "desk:verify", _("Verify a document"), "shield-check", 0, True
    yield "desk:manual", _("Manual"), "book-open", 0, False


def _items(here, pages):
    return [
        {
            "url": reverse(route),
            "label": label,
            "icon": icon,
            "count": count,
            "apart": apart,
            "active": any(_is_in(here, reverse(each)) for each in (route, *BELONGING.get(route, ()))),
        }
        for route, label, icon, count, apart in pages
    ]


# Pages that are reached through another one.
BELONGING = {"desk:people": ("desk:groups",), "desk:years": ("desk:incentives",)}


def _is_in(here, section):
    return here == section or (section != reverse("desk:home") and here.startswith(section))


def _duty(user, at):
    """In a few words, as what the person works here: a post before a role, the first of several."""
    reach = reach_of(user, at)
    if reach.posts:
        return reach.posts[0].post.short_title
    if not reach.grants:
        return ""
    role, unit_id = reach.grants[0]
    return _("%(role)s, %(unit)s") % {"role": role.label, "unit": scope_of(user, at)[unit_id].short_name}
