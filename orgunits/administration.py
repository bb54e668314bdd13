"""Whose accounts a system administrator looks after: people whose every tie lies within the units granted.

A tie is the unit that a person belongs to, a role on a unit, or an appointment. Whoever has one elsewhere is looked after
further up, as whoever opens an account could use what it may do. The administrator of the headquarters looks after all,
external bodies and people without any tie as well. The same holds of groups: of each role and each member that one has.

Whoever gives a role gives it on units within their own reach, to people and groups whom they look after, and never to
themselves; somebody is made administrator for no longer than whoever makes them one.
"""

from functools import reduce
from operator import or_

from django.contrib.auth.models import Group
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from acts.engine import Refusal, Refused
from acts.log import acting
from orgunits.grants import end_grant, grant, holder
from orgunits.holders import held_on, help_for
from orgunits.models import HEADQUARTERS, Appointment, Belonging, OrgUnit, UnitGroupGrant, UnitUserGrant
from orgunits.reach import reach_of
from orgunits.roles import Role
from orgunits.tree import descendants
from thai.dates import thai_date


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


def groups_of(administrator, at):
    """The groups that the administrator looks after: kept by, given roles on, and made up of what is within reach."""
    if administers_all(administrator, at):
        return Group.objects.all()
    within = descendants(_granted(administrator, at))
    elsewhere = UnitGroupGrant.objects.not_over(timezone.localdate(at)).exclude(content_object__in=within)
    strangers = User.objects.exclude(pk__in=people_of(administrator, at).values("pk"))
    with_strangers = User.groups.through.objects.filter(user__in=strangers)
    groups = Group.objects.filter(home__unit__in=within).exclude(pk__in=elsewhere.values("group"))
    return groups.exclude(pk__in=with_strangers.values("group"))


def give(user_or_group, role, unit, *, since=None, until=None, by, at):
    """An administrator gives a role on a unit, for a term or until taken away. Refused beyond their own reach."""
    with acting(by, at=at):
        in_hand(user_or_group, by=by, at=at)
        if not units_of(by, at).filter(pk=unit.pk).exists():
            sentence = _("You can give roles on the units that you look after; %(unit)s is not one of them.")
            raise Refused([_beyond_reach(sentence % {"unit": unit.short_name}, {unit.pk}, at)])
        if Role(role) == Role.ADMINISTRATOR:
            _not_for_longer(by, unit, until, at)
        grant(user_or_group, role, unit, since=since, until=until, by=by, at=at)


def take(held, *, until=None, by, at):
    """An administrator ends a grant, at once or on the day `until`. Refused for whom they don't look after."""
    with acting(by, at=at):
        in_hand(holder(held), by=by, at=at)
        end_grant(held, until=until, by=by, at=at)


def in_hand(user_or_group, *, by, at):
    """Refused unless the administrator looks after the person or group now, and it is not themselves."""
    is_person = hasattr(user_or_group, "get_username")
    if is_person:
        not_oneself(by, user_or_group)
    within = people_of(by, at) if is_person else groups_of(by, at)
    if not within.filter(pk=user_or_group.pk).exists():
        sentence = _("%(who)s has ties beyond the units that you look after, and so is managed further up.")
        raise Refused([_beyond_reach(sentence % {"who": user_or_group}, _granted(by, at), at)])
    if not is_person and user_or_group.user_set.filter(pk=by.pk).exists():
        sentence = _("You are a member of this group yourself. Another administrator has to do this.")
        raise Refused([Refusal(sentence, rule=_nobody_oneself(), help=others_for(by, at))])


def _beyond_reach(sentence, units, at):
    rule = _("An administrator gives no more than lies within their own reach.")
    return Refusal(sentence, rule=rule, help=help_for(Role.ADMINISTRATOR, units, at))


def _not_for_longer(by, unit, until, at):
    """Refused, if what the administrator is on the unit ends before `until` (None: never)."""
    on = timezone.localdate(at)
    above = OrgUnit.objects.filter(Q(closure_below__descendant=unit) | Q(code=HEADQUARTERS))
    theirs = [held for held in held_on(above.values("pk"), on, Role.ADMINISTRATOR) if held.user == by]
    ends = [held.grant.until for held in theirs]
    if None in ends or (until is not None and until <= max(ends)):
        return
    sentence = _("You are administrator here only before %(day)s; give this role up to that day at most.")
    raise Refused([_beyond_reach(sentence % {"day": thai_date(max(ends))}, {unit.pk}, at)])


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
        sentence = _("This is your own account. Another administrator has to do this for you.")
        raise Refused([Refusal(sentence, rule=_nobody_oneself(), help=others_for(person, timezone.now()))])


def _nobody_oneself():
    return _("Nobody gives rights to themselves, or manages their own account.")


def others_for(person, at):
    """Who can help a person with what they may not do to themselves: the other administrators over them."""
    reach = reach_of(person, at)
    units = {unit_id for _role, unit_id in reach.grants} | {each.post.unit_id for each in reach.posts}
    units |= set(Belonging.objects.filter(user=person).values_list("unit_id", flat=True))
    return help_for(Role.ADMINISTRATOR, units, at, but=person)


def only_administrators(person, at):
    """Refusal unless the person looks after somebody's account."""
    if is_administrator(person, at):
        return None
    sentence = _("Only system administrators manage accounts.")
    return Refusal(
        sentence, rule=_("Accounts, groups and roles are managed by administrators."), help=others_for(person, at)
    )


def _granted(user, at):
    return reach_of(user, at).units(Role.ADMINISTRATOR)


def _tied_to(units, at):
    """Which people have a tie to any of the units (a queryset of ids)."""
    today = timezone.localdate(at)
    ties = (
        Belonging.objects.filter(unit__in=units).values("user"),
        UnitUserGrant.objects.not_over(today).filter(content_object__in=units).values("user"),
        # A group without members would put NULL among the ids, and NOT IN would find nobody.
        UnitGroupGrant.objects.not_over(today)
        .filter(content_object__in=units, group__user__isnull=False)
        .values("group__user"),
        Appointment.objects.not_over(today).filter(post__unit__in=units).values("user"),
    )
    return reduce(or_, (Q(pk__in=people) for people in ties))
