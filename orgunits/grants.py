"""Giving a role on a unit to a person or a group, for a term or until taken away, and ending it; all on record.

The rows are guardian's, in tables with a direct foreign key to the unit. They are read by `orgunits.reach`, never by
`has_perm`: that gives a superuser everything, and knows no dates. Who may give what: `orgunits.administration`.
"""

from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm

from acts.engine import Refusal, Refused
from acts.log import acting
from orgunits.models import UnitGroupGrant, UnitUserGrant
from orgunits.roles import Role


def grant(user_or_group, role, unit, *, since=None, until=None, by, at):
    """The role holds on the unit and all below it, from `since` up to, and not on, `until`. Recorded.

    Given again, it gets the new term; one that holds already keeps its beginning. The same term changes nothing.
    """
    role, on = Role(role), timezone.localdate(at)
    with acting(by, at=at) as record:
        held = held_by(user_or_group).filter(content_object=unit, permission__codename=role.value).first()
        if held and held.holds_on(on):
            since = held.since
        elif held and since is None:
            since = on  # it has ended, and begins anew
        _refuse_wrong_term(since, until, on)
        if held and (held.since, held.until) == (since, until):
            return
        old = term(held) if held and held.holds_on(on) else ""
        held = held or assign_perm(role.value, user_or_group, unit)
        held.since, held.until = since, until
        held.save()
        change = {role.value: [old and str(user_or_group), str(user_or_group)]}
        record("orgunits.grant", unit, change=change | _difference(old, term(held)))


def withdraw(user_or_group, role, unit, *, by, at):
    """The role no longer holds on the unit, from the next request on. Where it didn't hold it changes nothing."""
    held = held_by(user_or_group).filter(content_object=unit, permission__codename=Role(role).value)
    for row in held.not_over(timezone.localdate(at)):
        end_grant(row, by=by, at=at)


def end_grant(held, *, until=None, by, at):
    """A grant ends: at once, for the next request; or on the day `until`, on which it holds no more. Recorded.

    What has held on a day stays to be seen as ended; what would never have held is taken out.
    """
    with acting(by, at=at) as record:
        on = timezone.localdate(at)
        last = until or on
        _refuse_wrong_term(None, last, on, today=True)
        before, whom = term(held), str(holder(held))
        if held.since is not None and held.since >= last:
            held.delete()
        else:
            held.until = last
            held.save()
        told = {held.role.value: [whom, "" if until is None else whom]}
        record("orgunits.withdraw", held.content_object, change=told | _difference(before, term(held) if until else ""))


def held_by(user_or_group):
    """Every grant of a person (their own, not through groups) or of a group: in force, ended and to come."""
    if hasattr(user_or_group, "get_username"):
        return UnitUserGrant.objects.filter(user=user_or_group)
    return UnitGroupGrant.objects.filter(group=user_or_group)


def holder(held):
    """Who the grant was given to: a person or a group."""
    return held.user if isinstance(held, UnitUserGrant) else held.group


def term(held):
    """From when until when, for the log: "2026-10-01/2027-01-01"; "" of what holds without dates."""
    return "/".join(str(day or "") for day in (held.since, held.until)) if held.since or held.until else ""


def _difference(old, new):
    return {"term": [old, new]} if old != new else {}


def _refuse_wrong_term(since, until, on, *, today=False):
    if until is None:
        return
    if since is not None and until <= since:
        wrong = _("The role would end before it begins. Please check both dates.")
    elif until < on or (until == on and not today):
        wrong = _("The last day of the role is over already. Please check the date.")
    else:
        return
    raise Refused([Refusal(wrong, "#id_until")], incomplete=True)
