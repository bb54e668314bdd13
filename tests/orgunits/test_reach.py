"""What people have been given: by themselves, through groups, by appointment; and what takes it away."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from guardian.models import GroupObjectPermission, UserObjectPermission

from acts.log import THE_SYSTEM
from acts.models import Entry
from orgunits.appoint import appoint
from orgunits.grants import grant, withdraw
from orgunits.models import Post, UnitGroupGrant, UnitUserGrant
from orgunits.reach import reach_of
from orgunits.roles import Role

GIVER = THE_SYSTEM


@pytest.fixture
def person(make_person):
    return make_person("somchai")


@pytest.fixture
def group(person):
    group = Group.objects.create(name="ฝ่ายแผน สตม.")
    person.groups.add(group)
    return group


def again(person):
    """The person as the next request has them."""
    return type(person).objects.get(pk=person.pk)


def test_roles_of_a_person_and_of_their_groups_add_up(small_tree, person, group, at):
    a, b = small_tree["A"], small_tree["B"]
    grant(person, Role.STAFF, a, by=GIVER, at=at)
    grant(person, Role.STAFF, b, by=GIVER, at=at)
    grant(group, Role.PLANNER, a, by=GIVER, at=at)
    grant(group, Role.STAFF, a, by=GIVER, at=at)
    reach = reach_of(person, at)
    assert set(reach.grants) == {(Role.STAFF, a.pk), (Role.STAFF, b.pk), (Role.PLANNER, a.pk)}
    assert len(reach.grants) == 3
    table = {
        (Role.STAFF,): {a.pk, b.pk},
        (Role.PLANNER,): {a.pk},
        (Role.PLANNER, Role.STAFF): {a.pk, b.pk},
        (Role.AUDITOR,): set(),
        (): set(),
    }
    assert {roles: set(reach.units(*roles)) for roles in table} == table


def test_the_reach_of_one_person_is_not_anothers(small_tree, person, group, make_person, at):
    grant(person, Role.STAFF, small_tree["A"], by=GIVER, at=at)
    grant(group, Role.PLANNER, small_tree["A"], by=GIVER, at=at)
    assert reach_of(make_person("other"), at).grants == ()


@pytest.mark.parametrize("role", Role)
def test_every_role_can_be_granted_and_withdrawn(small_tree, person, role, at):
    grant(person, role, small_tree["A1"], by=GIVER, at=at)
    assert reach_of(again(person), at).grants == ((role, small_tree["A1"].pk),)
    withdraw(person, role, small_tree["A1"], by=GIVER, at=at)
    assert reach_of(again(person), at).grants == ()


def test_grants_are_on_record_and_repeating_them_changes_nothing(small_tree, person, at):
    for _turn in range(2):
        grant(person, Role.STAFF, small_tree["A"], by=GIVER, at=at)
    for _turn in range(2):
        withdraw(person, Role.STAFF, small_tree["A"], by=GIVER, at=at)
    told = [(entry.act, entry.changes) for entry in Entry.objects.about(small_tree["A"])][:2]
    assert told == [
        ("orgunits.withdraw", {"staff": ["somchai", ""]}),
        ("orgunits.grant", {"staff": ["", "somchai"]}),
    ]
    assert Entry.objects.filter(act__in=("orgunits.grant", "orgunits.withdraw")).count() == 2


def test_there_is_no_other_role(small_tree, person, at):
    with pytest.raises(ValueError, match="superhero"):
        grant(person, "superhero", small_tree["A"], by=GIVER, at=at)


def test_leaving_the_group_takes_its_roles_away(small_tree, person, group, at):
    grant(group, Role.AUDITOR, small_tree["ROOT"], by=GIVER, at=at)
    assert reach_of(again(person), at).units(Role.AUDITOR) == {small_tree["ROOT"].pk}
    person.groups.remove(group)
    assert reach_of(again(person), at).grants == ()


def test_appointments_in_force_on_the_day_are_reach_too(small_tree, person, at):
    post = Post.objects.create(unit=small_tree["A1"], kind="head", title_th="ผู้บังคับการ")
    today = date(2026, 11, 20)
    appointment = appoint(post, person, since=today, until=today + timedelta(days=1), by=GIVER, at=at)
    # Half past midnight of the 20th in Bangkok is the 19th in Greenwich.
    just_after_midnight = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)
    assert reach_of(person, just_after_midnight).posts == (appointment,)
    assert reach_of(person, just_after_midnight - timedelta(hours=1)).posts == ()
    assert reach_of(person, just_after_midnight + timedelta(days=1)).posts == ()


def test_it_takes_two_queries_once_a_day_however_much_there_is(
    small_tree, person, group, at, django_assert_num_queries
):
    for code, unit in small_tree.items():
        grant(person, Role.STAFF, unit, by=GIVER, at=at)
        grant(group, Role.EVALUATOR, unit, by=GIVER, at=at)
        post = Post.objects.create(unit=unit, kind="head", title_th=f"หัวหน้า {code}")
        appoint(post, person, since=date(2026, 1, 1), by=GIVER, at=at)
    person = again(person)
    with django_assert_num_queries(2):
        reach = reach_of(person, at)
        assert {appointment.post.unit.code for appointment in reach.posts} == set(small_tree)
    with django_assert_num_queries(0):
        assert reach_of(person, at + timedelta(hours=1)) is reach


def test_who_is_inactive_or_signed_out_has_no_reach(small_tree, person, at, django_assert_num_queries):
    grant(person, Role.STAFF, small_tree["A"], by=GIVER, at=at)
    person.is_active = False
    person.save()
    with django_assert_num_queries(0):
        assert reach_of(person, at).grants == reach_of(AnonymousUser(), at).grants == ()


def test_a_superuser_has_no_reach_by_being_one(small_tree, at, django_user_model):
    boss = django_user_model.objects.create_superuser("boss")
    assert reach_of(boss, at).grants == ()


def test_guardian_keeps_grants_in_tables_with_a_direct_foreign_key(small_tree, person, group, at):
    grant(person, Role.STAFF, small_tree["A"], by=GIVER, at=at)
    grant(group, Role.STAFF, small_tree["A"], by=GIVER, at=at)
    assert UnitUserGrant.objects.get().content_object == small_tree["A"]
    assert UnitGroupGrant.objects.get().content_object == small_tree["A"]
    assert not UserObjectPermission.objects.exists()
    assert not GroupObjectPermission.objects.exists()
