"""What can I do and through what; who can do what here; and rights that end work no longer at the next request."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from acts.log import THE_SYSTEM
from agreements.duties import DUTIES
from orgunits.appoint import appoint
from orgunits.authority import head_post
from orgunits.grants import grant
from orgunits.models import UnitUserGrant
from orgunits.roles import Role

QUERIES = 15


@pytest.fixture
def at():
    return timezone.now()


def day(at, days):
    return timezone.localdate(at) + timedelta(days=days)


def test_every_role_has_its_words(db):
    assert set(DUTIES) == {*Role.values, "head", "superior"}


def test_ones_rights_are_told_with_what_they_come_through_and_what_they_let_do(world, visit, words, at):
    person, units = world.people.staff, world.units
    group = Group.objects.create(name="คณะทำงานแผน")
    person.groups.add(group)
    grant(group, Role.AUDITOR, units.imm, by=THE_SYSTEM, at=at)
    grant(person, Role.EVALUATOR, units.cib, since=day(at, 5), by=THE_SYSTEM, at=at)
    UnitUserGrant.objects.filter(user=person, permission__codename="staff").update(since=day(at, -9), until=day(at, 9))
    grant(person, Role.OFFICE, units.imm_d2, by=THE_SYSTEM, at=at)
    UnitUserGrant.objects.filter(user=person, permission__codename="office").update(until=day(at, 0))
    post = head_post(units.imm_d2)
    appoint(post, person, capacity="acting", order_number="7/2570", order_date=day(at, -1), since=day(at, 0),
            by=THE_SYSTEM, at=at)  # fmt: skip
    page = visit(person, "desk:my_rights")
    told = {name: [right.label for right in page.context[name]] for name in ("in_force", "to_come", "ended")}
    assert {name: set(labels) for name, labels in told.items()} == {
        "in_force": {Role.AUDITOR.label, Role.STAFF.label, post.short_title},
        "to_come": {Role.EVALUATOR.label},
        "ended": {Role.OFFICE.label},
    }
    read = words(page)
    assert "กลุ่ม “คณะทำงานแผน”" in read
    assert "7/2570" in read
    assert str(DUTIES["auditor"].never) in read


def test_in_an_agreement_each_move_is_possible_or_says_why_not_and_who_can_help(world, visit, words):
    agreement = world.draft
    page = visit(world.people.staff, "desk:my_rights", agreement=agreement.code)
    answer = page.context["answer"]
    assert ["hand_to_office" in each.url for each in answer["can"]] == [True]
    submit = next(each for each in answer["cannot"] if "submit" in each.url)
    assert world.people.office.short_name_with_rank in " ".join(submit.refusals[0].help)
    assert world.people.office.short_name_with_rank in words(page)


def test_an_agreement_that_the_reader_cannot_read_is_not_told_of(world, visit):
    draft = world.draft
    for reader in (world.people.stranger, world.people.negotiator, world.people.administrator):
        assert visit(reader, "desk:my_rights", agreement=draft.code).context["answer"] is None
    staff = world.people.staff
    page = visit(world.people.administrator, "desk:persons_rights", staff.pk, agreement=draft.code)
    assert (page.status_code, page.context["answer"], list(page.context["suggestions"])) == (200, None, [])


def test_a_persons_rights_are_shown_within_reach_alone(world, visit):
    staff = world.people.staff
    assert visit(world.people.administrator, "desk:persons_rights", staff.pk).status_code == 200
    assert visit(world.people.office, "desk:persons_rights", staff.pk).status_code == 403
    grant(world.people.nobody, Role.ADMINISTRATOR, world.units.cib, by=THE_SYSTEM, at=world.at())
    assert visit(world.people.nobody, "desk:persons_rights", staff.pk).status_code == 404


def test_on_a_unit_all_who_can_do_something_stand_with_what_flows_down(world, visit, at):
    group = Group.objects.create(name="ผู้ตรวจ")
    world.people.nobody.groups.add(group)
    grant(group, Role.AUDITOR, world.units.imm, by=THE_SYSTEM, at=at)
    grant(world.people.stranger, Role.EVALUATOR, world.units.imm_d1, until=day(at, 3), by=THE_SYSTEM, at=at)

    def told(**query):
        page = visit(world.people.administrator, "desk:unit_rights", "IMM-D1", **query)
        return {(row.person.username, row.label, row.from_above) for row in page.context["page"].object_list}

    everybody = told()
    assert ("kamolchanok", "เจ้าหน้าที่แผน", False) in everybody
    assert ("nobody", Role.AUDITOR.label, True) in everybody
    assert ("kanda", Role.EVALUATOR.label, False) in everybody
    assert world.people.head.username in {name for name, _label, _above in everybody}
    assert told(role="auditor") == {each for each in everybody if each[1] == Role.AUDITOR.label}
    assert "kanda" not in {name for name, _label, _above in told(on=str(day(at, 3)))}
    assert "kanda" in {name for name, _label, _above in told(on=str(day(at, 2)))}


def test_the_rights_on_a_unit_are_shown_to_its_people_and_who_looks_after_it(world, visit, words):
    for name in ("staff", "head", "planner", "auditor", "administrator"):
        assert visit(world.people.get(name), "desk:unit_rights", "IMM-D1").status_code == 200, name
    for name in ("stranger", "neighbour", "nobody"):
        refused = visit(world.people.get(name), "desk:unit_rights", "IMM-D1")
        assert refused.status_code == 403
        assert world.people.administrator.short_name_with_rank in words(refused)


@pytest.mark.parametrize("count", [1, 40])
def test_one_right_or_many_cost_the_same(world, client, django_assert_max_num_queries, at, count):
    person, units = world.people.staff, list(world.units.__dict__.values())[:count]
    group = Group.objects.create(name="คณะทำงาน")
    person.groups.add(group)
    for unit in units:
        grant(group, Role.AUDITOR, unit, by=THE_SYSTEM, at=at)
    client.force_login(person)
    for route, args in (("my_rights", []), ("unit_rights", ["IMM-D1"])):
        with django_assert_max_num_queries(QUERIES):
            assert client.get(reverse(f"desk:{route}", args=args)).status_code == 200


# At the next request


def test_a_role_holds_from_its_first_day_to_its_last_and_not_a_day_longer(world, visit, at):
    agreement, staff = world.draft, world.people.staff
    held = UnitUserGrant.objects.filter(user=staff)
    table = [
        (-5, None, 200), (0, 1, 200), (-5, 5, 200),
        (1, None, 404), (1, 5, 404), (-5, 0, 404), (-5, -1, 404),
    ]  # fmt: skip
    for since, until, status in table:
        held.update(since=day(at, since), until=None if until is None else day(at, until))
        assert visit(world.people.staff, "desk:agreement", agreement.code).status_code == status, (since, until)


def test_a_groups_role_ends_for_its_members_at_their_next_request(world, visit, at):
    agreement, person = world.draft, world.people.nobody
    group = Group.objects.create(name="คณะทำงาน")
    person.groups.add(group)
    grant(group, Role.STAFF, world.units.imm_d1, by=THE_SYSTEM, at=at)
    assert visit(world.people.nobody, "desk:agreement", agreement.code).status_code == 200
    group.unitgroupgrant_set.update(until=day(at, 0))
    assert visit(world.people.nobody, "desk:agreement", agreement.code).status_code == 404
