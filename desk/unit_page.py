"""The page of one unit: where it stands, who leads it now, its agreements by year, the units below, its people.

Who leads a unit is public knowledge inside. Its agreements are shown as far as the reader may know of them, its people
to those who look after them or belong to them.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, Value, When
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from agreements.models import Agreement
from agreements.stages import RELEASED
from desk import units as tree_of_units
from desk.overview import Standing
from desk.scope import overview_roots
from desk.search import Found, paged
from orgunits.administration import is_administrator, people_of
from orgunits.models import Affiliation, Appointment, Belonging, OrgUnit, Post, UnitGroupGrant, UnitUserGrant
from orgunits.reach import reach_of
from orgunits.roles import Role
from results.scoreboard import scoreboard
from thai.dates import thai_date
from workflow.due import day_due, report_facts

# Whose roles reach the people of every unit below the one that they are granted on.
LOOK_AFTER = (Role.ADMINISTRATOR, Role.AUDITOR, Role.PLANNER)


@dataclass(frozen=True)
class PostNow:
    """A post today: whose own it is (None: vacant), and who stands in by order."""

    post: Post
    own: Appointment | None
    standing_in: tuple[Appointment, ...]

    @property
    def is_empty(self):
        """Is there nobody at all who could act for the post?"""
        return self.own is None and not self.standing_in


@dataclass(frozen=True)
class YearRow:
    """The unit's agreement of one year: where it stands, and its final score where that may be seen."""

    standing: Standing
    score: Decimal | None

    @property
    def agreement(self):
        return self.standing.agreement


@dataclass(frozen=True)
class Member:
    """A person of the unit, and what they are there, in words. `url`: their page, "" for who may not open it."""

    person: User
    url: str
    duties: tuple[str, ...]


def unit_page(code, user, at, *, page=1):
    """Context of desk/unit.html; `page`: which page of the people. Raises Http404 where no unit has that code."""
    on = timezone.localdate(at)
    path = path_to(code, user)
    unit, posts = path[-1], _posts(path[-1], on)
    knows_people = may_know_people(path, user, at)
    people, groups = _people(unit, posts, user, at, page=page) if knows_people else (None, ())
    return {
        "unit": unit,
        "breadcrumbs": [{"label": each.short_name, "url": unit_url(each)} for each in path],
        "state": _state(unit, on),
        "facts": _facts(unit, path, on),
        "posts": posts,
        "years": _years(unit, user, at),
        "branch": tree_of_units.below(unit, user, at),
        "knows_people": knows_people,
        "people": people,
        "groups": groups,
        "overview_url": _overview_url(path, user, at),
        "list_url": f"{reverse('desk:agreements')}?unit={unit.code}",
    }


def unit_url(unit):
    return reverse("desk:unit", args=[unit.code])


def path_to(code, user):
    """The units from the top down to the one of this code; each knows `belongs`: does the person belong to it?"""
    belonging = Belonging.objects.filter(user=user, unit=OuterRef("pk"))
    units = OrgUnit.objects.filter(closure_below__descendant__code=code).annotate(belongs=Exists(belonging))
    path = list(units.order_by("-closure_below__depth"))
    if not path:
        raise Http404
    return path


def may_know_people(path, user, at):
    """Who looks after the last unit of the path or one above it, and the unit's own people: by post, role or belonging."""
    reach, unit = reach_of(user, at), path[-1]
    if reach.units(*LOOK_AFTER) & {each.pk for each in path}:
        return True
    return unit.belongs or unit.pk in reach.units(*Role) | {each.post.unit_id for each in reach.posts}


def _state(unit, on):
    """What is out of the ordinary: that the unit is no more, or isn't there yet; "" for nothing."""
    if unit.closed_on and unit.closed_on <= on:
        return _("This unit was closed on %(day)s.") % {"day": thai_date(unit.closed_on, "long")}
    if unit.opened_on and unit.opened_on > on:
        return _("This unit opens on %(day)s.") % {"day": thai_date(unit.opened_on, "long")}
    return ""


def _facts(unit, path, on):
    told = [
        (_("Kind"), unit.get_kind_display(), ""),
        *([] if unit.external else [(_("Level"), str(unit.tier), "")]),
        *[(_("Superior unit"), each.name, unit_url(each)) for each in path[-2:-1]],
        *[(_("Affiliated with"), _affiliated(each, on), unit_url(each.body)) for each in _affiliations(unit)],
        *([(_("Opened on"), thai_date(unit.opened_on, "long"), "")] if unit.opened_on else []),
        (_("Performance agreement"), _("makes one each year") if unit.signs_agreement else _("makes none"), ""),
    ]
    return [{"label": label, "text": text, "url": url} for label, text, url in told]


def _affiliations(unit):
    return Affiliation.objects.filter(unit=unit).select_related("body").order_by("since")


def _affiliated(affiliation, on):
    """Under which body, since when and, once that is known, until when."""
    told = {"body": affiliation.body.short_name, "since": thai_date(affiliation.since, "medium")}
    if affiliation.until is None:
        return _("%(body)s, since %(since)s") % told
    return _("%(body)s, from %(since)s, no longer from %(until)s") % {
        **told,
        "until": thai_date(affiliation.until, "medium"),
    }


def _posts(unit, on):
    """Every post of the unit as PostNow, the head's first."""
    now = Appointment.objects.in_force(on).filter(user__is_active=True).select_related("user", "fiscal_year")
    by_kind = Case(*(When(kind=kind, then=place) for place, kind in enumerate(Post.Kind.values)))
    posts = Post.objects.filter(unit=unit).order_by(by_kind, "pk")
    return [_post_now(post) for post in posts.prefetch_related(Prefetch("appointments", now, to_attr="now"))]


def _post_now(post):
    own = next((each for each in post.now if each.capacity == Appointment.Capacity.OWN), None)
    others = sorted((each for each in post.now if each is not own), key=lambda each: (each.capacity, each.since))
    return PostNow(post, own, tuple(others))


def _years(unit, user, at):
    """The unit's agreements that the reader may know of, the latest first; scores where they are out and may be seen."""
    on = timezone.localdate(at)
    known = Agreement.objects.visible_to(user, at).filter(unit=unit).for_list()
    read = (
        known.with_reading(user, at)
        .with_following(user, at)
        .annotate(day_due=day_due(on), report_facts=report_facts(on))
    )
    found = list(read.order_by("-fiscal_year__year"))
    released = [each for each in found if each.follows and each.stage in RELEASED]
    _boards, scores = scoreboard([], before=released)
    return [YearRow(Standing(each, on), scores.get(each.pk)) for each in found]


def _people(unit, posts, user, at, *, page):
    """(Found with the Members of the unit, its groups): who belongs to it, has a role on it or is in a post of it today.

    A group stands for its members, as (its name, its Role).
    """
    on = timezone.localdate(at)
    grants = UnitUserGrant.objects.in_force(on).filter(content_object=unit)
    in_post = [(each.user_id, each) for post in posts for each in post.post.now]
    belonging = Belonging.objects.filter(unit=unit)
    tied = Q(pk__in={user_id for user_id, _appointment in in_post})
    tied |= Q(pk__in=belonging.values("user")) | Q(pk__in=grants.values("user"))
    people = User.objects.filter(tied, is_active=True).order_by("first_name", "last_name", "pk")
    found = paged(people.annotate(opens=_opens(user, at)), page)
    roles, groups = _roles(unit, found.rows, on)
    rows = [_member(person, _of(person, in_post), _of(person, roles)) for person in found.rows]
    return Found(found.count, found.page_number, rows), groups


def _opens(user, at):
    """As a condition on people: may the reader open the person's page?"""
    if not is_administrator(user, at):
        return Value(False)
    return Exists(people_of(user, at).filter(pk=OuterRef("pk")))


def _roles(unit, people, on):
    """([(person's id, Role)] of these people on the unit, [(name of a group, Role)]); in one query."""
    grants = UnitUserGrant.objects.in_force(on).filter(content_object=unit, user__in=[person.pk for person in people])
    own = grants.values_list("user", Value(""), "permission__codename")
    of_groups = UnitGroupGrant.objects.in_force(on).filter(content_object=unit)
    rows = list(own.union(of_groups.values_list(Value(0), "group__name", "permission__codename")))
    roles = [(user_id, Role(codename)) for user_id, name, codename in rows if not name]
    return roles, sorted((name, Role(codename)) for _none, name, codename in rows if name)


def _of(person, pairs):
    return [each for user_id, each in pairs if user_id == person.pk]


def _member(person, appointments, roles):
    url = reverse("desk:person", args=[person.pk]) if person.opens else ""
    in_order = sorted(roles, key=list(Role).index)
    return Member(person, url, (*map(_post_in_words, appointments), *(str(role.label) for role in in_order)))


def _post_in_words(appointment):
    """ผบก.ตม.1, or ผบก.ตม.1 (รักษาราชการแทน)."""
    title = appointment.post.short_title
    if appointment.capacity == Appointment.Capacity.OWN:
        return title
    return _("%(post)s (%(capacity)s)") % {"post": title, "capacity": appointment.get_capacity_display()}


def _overview_url(path, user, at):
    """The overview of the unit, for who looks over it; "" for others."""
    looked_over = {root.pk for root in overview_roots(user, at)}
    return reverse("desk:unit_overview", args=[path[-1].code]) if looked_over & {each.pk for each in path} else ""
