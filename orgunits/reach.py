"""What a person has been given: roles on units, of their own and of their groups, and the posts they are in."""

from dataclasses import dataclass

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from orgunits.models import Appointment, OrgUnit, UnitGroupGrant, UnitUserGrant
from orgunits.roles import Role

_CACHE = "_orgunits_reach"


@dataclass(frozen=True)
class Reach:
    """Grants in force as (role, unit id), sorted; appointments in force. Both hold on the unit named and below: see the tree."""

    grants: tuple[tuple[Role, int], ...] = ()
    posts: tuple[Appointment, ...] = ()
    # Those of the units that have the whole organisation below them.
    tops: frozenset[int] = frozenset()

    def units(self, *roles):
        """Ids of the units on which any of the roles was granted; the units below them are not listed."""
        return frozenset(unit_id for role, unit_id in self.grants if role in roles)


NO_REACH = Reach()


def reach_of(user, at):
    """The reach of a person at the time `at`, in two queries, remembered on the instance for that day.

    Who is inactive or not signed in has none. An instance lives for one request or act, so what is withdrawn is gone
    at the next one.
    """
    if not user.is_active:
        return NO_REACH
    on = timezone.localdate(at)
    remembered = getattr(user, _CACHE, {})
    if on not in remembered:
        remembered[on] = _reach(user, on)
        setattr(user, _CACHE, remembered)
    return remembered[on]


def _reach(user, on):
    role_on_unit = ("permission__codename", "content_object_id", _is_top("content_object"))
    own = UnitUserGrant.objects.in_force(on).filter(user=user).values_list(*role_on_unit)
    of_groups = UnitGroupGrant.objects.in_force(on).filter(group__user=user).values_list(*role_on_unit)
    granted = list(own.union(of_groups))
    grants = tuple(sorted((Role(codename), unit_id) for codename, unit_id, _is_top in granted))
    held = user.appointments.in_force(on).select_related("post__unit").annotate(is_top=_is_top("post__unit"))
    posts = tuple(held.order_by("pk"))
    tops = {unit_id for _codename, unit_id, is_top in granted if is_top}
    return Reach(grants, posts, frozenset(tops | {each.post.unit_id for each in posts if each.is_top}))


def _is_top(unit):
    """Is the unit that this relation leads to the one at the top of the organisation, where there is but one?"""
    others = OrgUnit.objects.filter(parent=None, external=False).exclude(pk=OuterRef(unit))
    condition = Q(**{f"{unit}__parent": None, f"{unit}__external": False}) & ~Exists(others)
    return ExpressionWrapper(condition, BooleanField())
