"""Giving a role on a unit to a person or a group, and taking it away; both are on record.

The rows are guardian's, in tables with a direct foreign key to the unit. They are read by `orgunits.reach`, never by
`has_perm`: that gives a superuser everything.
"""

from guardian.shortcuts import assign_perm, remove_perm

from acts.log import acting
from orgunits.models import UnitGroupGrant, UnitUserGrant
from orgunits.roles import Role


def grant(user_or_group, role, unit, *, by, at):
    """The role holds on the unit and all below it, from the next request on. A second time it changes nothing."""
    role = Role(role)
    with acting(by, at=at) as record:
        if not _held(user_or_group, role, unit):
            assign_perm(role.value, user_or_group, unit)
            record("orgunits.grant", unit, change={role.value: ["", str(user_or_group)]})


def withdraw(user_or_group, role, unit, *, by, at):
    """The role no longer holds on the unit, from the next request on. Where it didn't hold it changes nothing."""
    role = Role(role)
    with acting(by, at=at) as record:
        if _held(user_or_group, role, unit):
            remove_perm(role.value, user_or_group, unit)
            record("orgunits.withdraw", unit, change={role.value: [str(user_or_group), ""]})


def _held(user_or_group, role, unit):
    on_unit = {"content_object": unit, "permission__codename": role.value}
    if hasattr(user_or_group, "get_username"):
        return UnitUserGrant.objects.filter(user=user_or_group, **on_unit).exists()
    return UnitGroupGrant.objects.filter(group=user_or_group, **on_unit).exists()
