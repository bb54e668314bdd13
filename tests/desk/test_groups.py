"""Groups of people who share roles: within an administrator's reach, and never the administrator's own."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from acts.idempotency import new_key
from acts.log import THE_SYSTEM
from acts.models import Entry
from orgunits.administration import belong
from orgunits.grants import grant
from orgunits.groups import add_group
from orgunits.models import UnitGroupGrant, UnitUserGrant
from orgunits.reach import reach_of
from orgunits.roles import Role
from thai.dates import thai_date

QUERIES = 15


@pytest.fixture
def keeper(world):
    """The administrator of สตม."""
    user = User.objects.create_user("keeper")
    grant(user, Role.ADMINISTRATOR, world.units.imm, by=THE_SYSTEM, at=world.at())
    return user


@pytest.fixture
def group(world, keeper):
    return add_group("คณะทำงานแผน", world.units.imm_d1, by=keeper, at=timezone.now())


@pytest.fixture
def act(send):
    def sent(user, route, group, *args, **data):
        return send(user, f"desk:{route}", group.pk, *args, **{"idempotency": new_key(), **data})

    return sent


def again(person):
    return User.objects.get(pk=person.pk)


def test_a_group_is_made_filled_and_given_a_role_and_its_members_have_it(world, keeper, send, act, visit):
    unit, person = world.units.imm_d1, world.people.negotiator
    agreement = world.empty_draft()
    send(keeper, "desk:add_group", name="คณะทำงานแผน", unit=unit.pk, idempotency=new_key())
    group = Group.objects.get()
    assert act(keeper, "add_member", group, person=person.username).status_code == 302
    assert visit(person, "desk:agreement", agreement.code).status_code == 403
    assert act(keeper, "give_group_role", group, role="staff", unit=unit.pk).status_code == 302
    assert visit(world.people.negotiator, "desk:agreement", agreement.code).status_code == 200
    assert act(keeper, "remove_member", group, person.pk).status_code == 302
    assert visit(world.people.negotiator, "desk:agreement", agreement.code).status_code == 403
    assert set(Entry.objects.filter(actor_id=keeper.pk).values_list("act", flat=True)) == {
        "orgunits.add_group", "orgunits.join_group", "orgunits.grant", "orgunits.leave_group",
    }  # fmt: skip


def test_a_groups_role_has_a_term_and_ends(world, keeper, group, act, words):
    today = timezone.localdate()
    first, last = today + timedelta(days=2), today + timedelta(days=9)
    unit = world.units.imm_d1
    given = {"role": "staff", "unit": unit.pk, "since": thai_date(first), "last_day": thai_date(last)}
    act(keeper, "give_group_role", group, **given)
    held = UnitGroupGrant.objects.get(group=group)
    assert (held.since, held.until) == (first, last + timedelta(days=1))
    refused = act(keeper, "take_group_role", group, held.pk, last_day="เมื่อวาน")
    assert refused.status_code == 422
    assert "เมื่อวาน" in refused.content.decode()
    act(keeper, "take_group_role", group, held.pk)
    assert not UnitGroupGrant.objects.exists()
    backwards = {**given, "since": thai_date(last), "last_day": thai_date(first)}
    answer = act(keeper, "give_group_role", group, **backwards)
    assert (answer.status_code, "วันสุดท้ายอยู่ก่อนวันแรก" in words(answer)) == (422, True)


def test_nobody_adds_themselves_or_changes_a_group_that_they_are_in(world, keeper, group, act, words):
    answer = act(keeper, "add_member", group, person="keeper")
    assert (answer.status_code, "นี่คือบัญชีของท่านเอง" in words(answer)) == (403, True)
    group.user_set.add(keeper)
    answer = act(keeper, "give_group_role", group, role="planner", unit=world.units.imm.pk)
    assert (answer.status_code, "ท่านเป็นสมาชิกของกลุ่มนี้" in words(answer)) == (403, True)
    assert not UnitGroupGrant.objects.exists()


def test_foreign_units_people_and_groups_that_are_posted_give_nothing(world, keeper, group, act, send, words):
    before = Entry.objects.count()
    stranger, foreign = world.people.stranger, world.units.cib
    for unit in (foreign, world.units.rtp):
        assert act(keeper, "give_group_role", group, role="auditor", unit=unit.pk).status_code == 422
        answer = send(keeper, "desk:add_group", name="อื่น", unit=unit.pk, idempotency=new_key())
        assert answer.status_code == 422
    answer = act(keeper, "add_member", group, person=stranger.username)
    assert (answer.status_code, "ไม่มีผู้ใช้ชื่อนี้" in words(answer)) == (422, True)
    assert act(keeper, "remove_member", group, stranger.pk).status_code == 404
    assert (Entry.objects.count(), UnitGroupGrant.objects.count(), Group.objects.count()) == (before, 0, 1)


@pytest.mark.parametrize("tie", ["kept elsewhere", "role elsewhere", "member elsewhere", "kept nowhere"])
def test_a_group_with_anything_beyond_reach_is_not_there(world, keeper, group, act, client, tie):
    if tie == "kept elsewhere":
        group.home.unit = world.units.cib
        group.home.save()
    elif tie == "role elsewhere":
        grant(group, Role.STAFF, world.units.cib, by=THE_SYSTEM, at=timezone.now())
    elif tie == "member elsewhere":
        group.user_set.add(world.people.stranger)
    else:
        group.home.delete()
    held = UnitGroupGrant.objects.filter(group=group).first()
    before = Entry.objects.count()
    client.force_login(keeper)
    assert group.name not in client.get(reverse("desk:groups")).content.decode()
    assert client.get(reverse("desk:group", args=[group.pk])).status_code == 404
    for route in ("rename_group", "delete_group", "add_member", "give_group_role"):
        assert act(keeper, route, group, name="ก", person="kamolchanok").status_code == 404, route
    if held:
        assert act(keeper, "take_group_role", group, held.pk).status_code == 404
    assert Entry.objects.count() == before
    assert client.get(reverse("desk:groups")).status_code == 200
    client.force_login(world.people.administrator)
    assert client.get(reverse("desk:group", args=[group.pk])).status_code == 200


def test_a_group_is_renamed_and_deleted_once_it_is_empty(world, keeper, group, act, words):
    Group.objects.create(name="มีแล้ว")
    assert act(keeper, "rename_group", group, name="มีแล้ว").status_code == 422
    act(keeper, "rename_group", group, name="ชื่อใหม่")
    act(keeper, "add_member", group, person=world.people.staff.username)
    assert act(keeper, "delete_group", group).status_code == 422
    act(keeper, "remove_member", group, world.people.staff.pk)
    assert act(keeper, "delete_group", group).status_code == 302
    assert not Group.objects.filter(pk=group.pk).exists()


@pytest.mark.parametrize("count", [1, 25])
def test_one_group_or_many_cost_the_same(world, keeper, client, django_assert_max_num_queries, count):
    for number in range(count):
        made = add_group(f"กลุ่ม {number}", world.units.imm_d1, by=keeper, at=timezone.now())
        made.user_set.add(world.people.staff)
        grant(made, Role.STAFF, world.units.imm_d1, by=THE_SYSTEM, at=timezone.now())
    client.force_login(keeper)
    with django_assert_max_num_queries(QUERIES):
        page = client.get(reverse("desk:groups"))
    assert len(page.context["rows"]) == count


# Terms and the granter's own reach, of persons


def test_a_person_gets_a_role_with_dates_and_it_ends_on_its_day(world, keeper, send):
    person, unit, today = world.people.negotiator, world.units.imm_d1, timezone.localdate()
    days = {"since": thai_date(today), "last_day": thai_date(today)}
    send(keeper, "desk:give_role", person.pk, role="staff", unit=unit.pk, idempotency=new_key(), **days)
    now = timezone.now()
    assert unit.pk in reach_of(again(person), now).units(Role.STAFF)
    assert unit.pk not in reach_of(again(person), now + timedelta(days=1)).units(Role.STAFF)
    held = UnitUserGrant.objects.get(user=person, content_object=unit)
    later = thai_date(today + timedelta(days=20))
    send(keeper, "desk:take_role", person.pk, held.pk, last_day=later)
    assert unit.pk in reach_of(again(person), now + timedelta(days=20)).units(Role.STAFF)
    assert unit.pk not in reach_of(again(person), now + timedelta(days=21)).units(Role.STAFF)


def test_an_administrator_for_a_time_makes_nobody_administrator_for_longer(world, keeper, send, words):
    today = timezone.localdate()
    UnitUserGrant.objects.filter(user=keeper).update(until=today + timedelta(days=10))
    somebody = User.objects.create_user("somebody")
    belong(somebody, world.units.imm_d1, by=THE_SYSTEM, at=timezone.now())
    asked = {"role": "administrator", "unit": world.units.imm_d1.pk, "idempotency": new_key()}
    for last_day in ("", thai_date(today + timedelta(days=10))):
        answer = send(keeper, "desk:give_role", somebody.pk, **asked, last_day=last_day)
        assert (answer.status_code, "ไม่เกินวันนั้น" in words(answer)) == (403, True)
    assert send(keeper, "desk:give_role", somebody.pk, **asked, last_day=thai_date(today + timedelta(days=9))).url
    assert UnitUserGrant.objects.filter(user=somebody).count() == 1
    assert send(keeper, "desk:give_role", somebody.pk, **{**asked, "role": "staff"}).url


def test_the_database_refuses_a_role_that_ends_before_it_begins(world):
    held, today = UnitUserGrant.objects.first(), timezone.localdate()
    for until in (today, today - timedelta(days=1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            UnitUserGrant.objects.filter(pk=held.pk).update(since=today, until=until)
