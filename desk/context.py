"""What every page of a signed-in person shows round itself: the way about, the year, who is at work."""

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from agreements.models import Agreement
from agreements.standing import awaiting
from fiscal.years import year_of
from orgunits.models import OrgUnit
from orgunits.reach import reach_of


def navigation(request):
    """`nav` for base.html; None for who is not signed in. Lazy: a partial page asks nothing of the database."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": None}
    return {"nav": SimpleLazyObject(lambda: _navigation(request, user, timezone.now()))}


def _navigation(request, user, at):
    return {
        "home_url": reverse("desk:home"),
        "items": _items(request.path, Agreement.objects.filter(awaiting(user, at)).count()),
        "search_url": reverse("desk:agreements"),
        "query": request.GET.get("q", ""),
        "year": year_of(timezone.localdate(at)),
        "person": user.short_name_with_rank,
        "person_role": _duty(user, at),
        "sign_out_url": reverse("accounts:sign_out"),
    }


def _items(here, waiting):
    pages = (
        ("desk:home", _("My work"), "inbox", waiting, False),
        ("desk:agreements", _("Agreements"), "document-text", 0, False),
        ("desk:verify", _("Verify a document"), "shield-check", 0, True),
    )
    return [
        {
            "url": reverse(route),
            "label": label,
            "icon": icon,
            "count": count,
            "apart": apart,
            "active": _is_in(here, reverse(route)),
        }
        for route, label, icon, count, apart in pages
    ]


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
    return _("%(role)s, %(unit)s") % {"role": role.label, "unit": OrgUnit.objects.get(pk=unit_id).short_name}
