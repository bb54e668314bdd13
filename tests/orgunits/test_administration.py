"""Whose accounts an administrator looks after: those whose every tie lies within reach."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from accounts.models import User
from acts.engine import Refused
from acts.log import THE_SYSTEM
from acts.models import Entry
from orgunits.administration import administers_all, belong, is_administrator, not_oneself, people_of, units_of
from orgunits.appoint import appoint
from orgunits.authority import head_post
from orgunits.grants import grant, withdraw
from orgunits.models import Belonging
from orgunits.roles import Role


@pytest.fixture
def of_command(world):
    """The administrator of สตม., with nothing else."""
    user = User.objects.create_user("keeper")
    grant(user, Role.ADMINISTRATOR, world.units.imm, by=THE_SYSTEM, at=world.at())
    return user


@pytest.fixture
def somebody(world):
    return User.objects.create_user("somebody")


def may_reach(administrator, person, world):
    return people_of(User.objects.get(pk=administrator.pk), world.at()).filter(pk=person.pk).exists()


def test_an_administrator_of_a_command_looks_after_its_people_and_those_below(world, of_command):
    found = set(people_of(of_command, world.at()).values_list("username", flat=True))
    people = world.people
    inside = (people.staff, people.head, people.negotiator, people.superior, people.neighbour, of_command)
    outside = (people.stranger, people.planner, people.administrator, people.commissioner_general, people.nobody)
    assert found >= {person.username for person in inside}
    assert not found & {person.username for person in outside}


def test_the_administrator_of_the_headquarters_looks_after_all(world):
    administrator, at = world.people.administrator, world.at()
    assert administers_all(administrator, at)
    assert people_of(administrator, at).count() == User.objects.count()
    assert set(units_of(administrator, at)) >= {world.units.opdc, world.units.rtp, world.units.imm_d1}


def test_nobody_else_looks_after_anybody(world):
    for name in ("staff", "head", "superior", "commissioner_general", "planner", "auditor", "nobody"):
        person = world.people.get(name)
        assert not is_administrator(person, world.at())
        assert not people_of(person, world.at()).exists()
        assert not units_of(person, world.at()).exists()


@pytest.mark.parametrize("tie", ["belonging", "role", "post", "later post", "group"])
def test_each_kind_of_tie_within_reach_brings_a_person_in_and_one_elsewhere_takes_them_out(
    world, of_command, somebody, tie
):
    at = world.at()
    assert not may_reach(of_command, somebody, world)
    tied(somebody, world.units.imm_d1, tie, at)
    assert may_reach(of_command, somebody, world)
    grant(somebody, Role.AUDITOR, world.units.rtp, by=THE_SYSTEM, at=at)
    assert not may_reach(of_command, somebody, world)
    withdraw(somebody, Role.AUDITOR, world.units.rtp, by=THE_SYSTEM, at=at)
    tied(somebody, world.units.cib_csd, tie, at)
    assert not may_reach(of_command, somebody, world)


def tied(person, unit, tie, at):
    if tie == "belonging":
        belong(person, unit, by=THE_SYSTEM, at=at)
    elif tie == "role":
        grant(person, Role.STAFF, unit, by=THE_SYSTEM, at=at)
    elif tie == "group":
        group, _made = Group.objects.get_or_create(name=unit.code)
        grant(group, Role.STAFF, unit, by=THE_SYSTEM, at=at)
        person.groups.add(group)
    else:
        since = at.date() + timedelta(days=30 if tie == "later post" else 0)
        order = {"capacity": "acting", "order_number": "1/2570", "order_date": at.date()}
        appoint(head_post(unit), person, since=since, **order, by=THE_SYSTEM, at=at)


def test_a_group_without_members_hides_nobody(world, of_command):
    group = Group.objects.create(name="empty")
    grant(group, Role.STAFF, world.units.rtp, by=THE_SYSTEM, at=world.at())
    assert may_reach(of_command, world.people.staff, world)


def test_a_post_that_is_over_is_no_tie(world, of_command, somebody):
    at = world.at()
    belong(somebody, world.units.imm_d1, by=THE_SYSTEM, at=at)
    since, until = at.date() - timedelta(days=60), at.date()
    order = {"capacity": "acting", "order_number": "1/2570", "order_date": since}
    appoint(head_post(world.units.cib_csd), somebody, since=since, until=until, **order, by=THE_SYSTEM, at=at)
    assert may_reach(of_command, somebody, world)


def test_who_is_administrator_no_longer_looks_after_nobody_at_once(world, of_command):
    withdraw(of_command, Role.ADMINISTRATOR, world.units.imm, by=THE_SYSTEM, at=world.at())
    assert not may_reach(of_command, world.people.staff, world)


def test_an_administrator_has_no_hold_on_themselves(world):
    with pytest.raises(Refused, match="บัญชีของท่านเอง"):
        not_oneself(world.people.administrator, world.people.administrator)


def test_where_a_person_belongs_is_on_record_and_gives_no_right(world, somebody):
    at = world.at()
    belong(somebody, world.units.imm_d1, by=world.people.administrator, at=at)
    belong(somebody, world.units.imm_d1, by=world.people.administrator, at=at)
    entry = Entry.objects.about(somebody).get()
    assert (entry.act, entry.changes) == ("orgunits.belong", {"unit": ["", "IMM-D1"]})
    belong(somebody, None, by=world.people.administrator, at=at)
    assert not Belonging.objects.exists()


def test_the_first_administrator_comes_in_by_the_link_that_a_command_prints(world, client):
    printed = StringIO()
    named = {"title": "นาย", "first_name": "สมคิด", "last_name": "ดูแล"}
    call_command("administrator", "Somkid", **named, stdout=printed)
    link = re.search(r"http://localhost:8000(/invitation/\S+)", printed.getvalue())[1]
    client.post(link, {"password1": "ศาลาริมน้ำสี่มุม", "password2": "ศาลาริมน้ำสี่มุม"})
    assert client.get("/people/").status_code == 200
    call_command("administrator", "somkid", stdout=printed)
    assert User.objects.filter(username="somkid").count() == 1


def test_the_command_wants_a_unit_and_a_name(world):
    for wrong in (
        {"unit": "NONE", "title": "นาย"},
        {"title": "นาย"},
        {"title": "ดร.", "first_name": "ก", "last_name": "ข"},
    ):
        with pytest.raises(CommandError):
            call_command("administrator", "somkid", **wrong)
    assert not User.objects.filter(username="somkid").exists()
