"""Groups of people who share roles on units: made, renamed, filled and deleted by administrators, all on record.

Roles are given to a group as to a person: see `orgunits.administration.give` and `take`.
"""

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from orgunits.administration import in_hand, not_oneself, people_of, units_of
from orgunits.grants import held_by
from orgunits.models import GroupHome


def add_group(name, unit, *, by, at, idempotency=""):
    """A new group, kept by `unit`, without members and roles. Recorded; returns it."""
    with acting(by, at=at, idempotency=idempotency) as record:
        if not units_of(by, at).filter(pk=unit.pk).exists():
            raise Refused([Refusal(_("Please choose one of your units."), "#id_unit")], incomplete=True)
        group = _named(Group(), name)
        GroupHome.objects.create(group=group, unit=unit)
        record("orgunits.add_group", group, change={"unit": ["", unit.code]})
        return group


def rename_group(group, name, *, by, at):
    """Another name for the group. Recorded."""
    with acting(by, at=at) as record:
        group = _locked(group, by, at)
        if group.name == name:
            return
        old = group.name
        _named(group, name)
        record("orgunits.rename_group", group, change={"name": [old, name]})


def join(group, person, *, by, at):
    """The person has the group's roles from their next request on. Recorded; nobody adds themselves."""
    with acting(by, at=at) as record:
        group = _locked(group, by, at)
        not_oneself(by, person)
        if not people_of(by, at).filter(pk=person.pk, is_active=True).exists():
            sentence = _("Please choose somebody whose account you look after and who can sign in.")
            raise Refused([Refusal(sentence, "#id_person")], incomplete=True)
        if not group.user_set.filter(pk=person.pk).exists():
            group.user_set.add(person)
            record("orgunits.join_group", group, change={"members": ["", str(person)]})


def leave(group, person, *, by, at):
    """The person has the group's roles no longer, from their next request on. Recorded."""
    with acting(by, at=at) as record:
        group = _locked(group, by, at)
        if group.user_set.filter(pk=person.pk).exists():
            group.user_set.remove(person)
            record("orgunits.leave_group", group, change={"members": [str(person), ""]})


def delete_group(group, *, by, at):
    """The group is no more. Refused while it has members or a role that holds or will hold. Recorded."""
    with acting(by, at=at) as record:
        group = _locked(group, by, at)
        if not is_empty(group, at):
            sentence = _("The group still has members or roles. Please take them out first.")
            raise Refused([Refusal(sentence)], incomplete=True)
        record("orgunits.delete_group", group, change={"name": [group.name, ""]})
        group.delete()


def is_empty(group, at):
    """Has the group neither a member nor a role, now or to come?"""
    return not group.user_set.exists() and not held_by(group).not_over(timezone.localdate(at)).exists()


def _locked(group, by, at):
    """The group's row, held so that two who change it wait for each other; refused beyond the administrator's reach."""
    group = Group.objects.select_for_update().get(pk=group.pk)
    in_hand(group, by=by, at=at)
    return group


def _named(group, name):
    """Give the group a name and write it; refused where another has it, also one written at this very moment."""
    group.name = name
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as taken:
        raise Refused([Refusal(_("There is a group of this name already."), "#id_name")], incomplete=True) from taken
    return group
