"""What a person has been given: roles on units, of their own and of their groups, and the posts they are in."""

from dataclasses import dataclass

from django.utils import timezone

from orgunits.models import Appointment, UnitGroupGrant, UnitUserGrant
from orgunits.roles import Role

_CACHE = "_orgunits_reach"


@dataclass(frozen=True)
class Reach:
    """Grants as (role, unit id), sorted; appointments in force. Both hold on the unit named and below: see the tree."""

    grants: tuple[tuple[Role, int], ...] = ()
    posts: tuple[Appointment, ...] = ()

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
        remembered[on] = Reach(_grants(user), _posts(user, on))
        setattr(user, _CACHE, remembered)
    return remembered[on]


def _grants(user):
    own = UnitUserGrant.objects.filter(user=user).values_list(*_ROLE_ON_UNIT)
    of_groups = UnitGroupGrant.objects.filter(group__user=user).values_list(*_ROLE_ON_UNIT)
    return tuple(sorted((Role(codename), unit_id) for codename, unit_id in own.union(of_groups)))


_ROLE_ON_UNIT = ("permission__codename", "content_object_id")


def _posts(user, on):
    return tuple(user.appointments.in_force(on).select_related("post__unit").order_by("pk"))
