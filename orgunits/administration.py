"""Whose accounts a system administrator looks after: people whose every tie lies within the units granted.

A tie is the unit that a person belongs to, a role on a unit, or an appointment. Whoever has one elsewhere is looked after
further up, as whoever opens an account could use what it may do. The administrator of the headquarters looks after all,
external bodies and people without any tie as well.
"""

from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from acts.engine import Refusal, Refused
from acts.log import acting
from orgunits.models import HEADQUARTERS, Appointment, Belonging, OrgUnit, UnitGroupGrant, UnitUserGrant
from orgunits.reach import reach_of
from orgunits.roles import Role
from orgunits.tree import descendants


def is_administrator(user, at):
    """Does the person look after accounts, of whomever?"""
    return bool(_granted(user, at))


def administers_all(user, at):
    """Does the person look after every account there is?"""
    return OrgUnit.objects.filter(pk__in=_granted(user, at), code=HEADQUARTERS).exists()


def units_of(administrator, at):
    """The units on which the administrator may give roles, as a queryset."""
    if administers_all(administrator, at):
        return OrgUnit.objects.all()
    return OrgUnit.objects.filter(pk__in=descendants(_granted(administrator, at)))


def people_of(administrator, at):
    """The people whose accounts the administrator looks after, as a queryset."""
    if administers_all(administrator, at):
        return User.objects.all()
    within = descendants(_granted(administrator, at))
    elsewhere = OrgUnit.objects.exclude(pk__in=within).values("pk")
    return User.objects.filter(_tied_to(within, at)).exclude(_tied_to(elsewhere, at))


def belong(user, unit, *, by, at):
    """The person belongs to `unit` from now on (None: to none that is known). Recorded."""
    with acting(by, at=at) as record:
        before = Belonging.objects.filter(user=user).select_related("unit").first()
        old, new = before.unit.code if before else "", unit.code if unit else ""
        if old == new:
            return
        if unit is None:
            before.delete()
        else:
            Belonging.objects.update_or_create(user=user, defaults={"unit": unit})
        record("orgunits.belong", user, change={"unit": [old, new]})


def not_oneself(administrator, person):
    """Refused, if both are the same: nobody gives themselves rights, or closes their own account."""
    if administrator.pk == person.pk:
        raise Refused([Refusal(_("This is your own account. Another administrator has to do this for you."))])


def _granted(user, at):
    return reach_of(user, at).units(Role.ADMINISTRATOR)


def _tied_to(units, at):
    """Which people have a tie to any of the units (a queryset of ids)."""
    today = timezone.localdate(at)
    ties = (
        Belonging.objects.filter(unit__in=units).values("user"),
        UnitUserGrant.objects.filter(content_object__in=units).values("user"),
        # A group without members would put NULL among the ids, and NOT IN would find nobody.
        UnitGroupGrant.objects.filter(content_object__in=units, group__user__isnull=False).values("group__user"),
        Appointment.objects.not_over(today).filter(post__unit__in=units).values("user"),
    )
    return reduce(or_, (Q(pk__in=people) for people in ties))
