"""Who stands as what, asked for a list at once, agrees with what is asked for one agreement."""

import pytest

from acts.log import THE_SYSTEM
from agreements.models import Agreement
from agreements.stages import Stage
from agreements.standing import ACTING, awaiting, standing_of, taking_part, those_where
from orgunits.grants import withdraw
from orgunits.roles import Role
from tests.world import NAMES


@pytest.fixture
def three_agreements(world):
    """Of a command, which is the superior of the other two; of two divisions, one of them in force."""
    return [
        world.agreement(Stage.DRAFT),
        world.agreement(Stage.ASSESSMENT, "staff", code="IMM-D2"),
        world.agreement(Stage.SIGNING, "superior", code="IMM"),
    ]


def test_everybody_stands_in_the_list_as_in_each_one(world, three_agreements):
    at, stood = world.at(), set()
    for name in NAMES:
        user = world.people.get(name)
        for role in ACTING:
            found = set(Agreement.objects.filter(those_where(user, role, at)))
            assert found == {each for each in three_agreements if role in standing_of(user, each, at)}, (name, role)
            stood |= {role} if found else set()
    assert stood == set(ACTING)


def test_what_awaits_a_person_is_where_they_hold_the_pen(world, three_agreements):
    at = world.at()
    for name in NAMES:
        user = world.people.get(name)
        held = {each for each in three_agreements if each.pen in standing_of(user, each, at)}
        assert set(Agreement.objects.filter(awaiting(user, at))) == held, name
        assert held <= set(Agreement.objects.filter(taking_part(user, at)))


def test_a_unit_reads_its_commands_signed_agreement_and_not_how_it_came_about(world):
    division, walk = world.draft, world.walk("IMM")
    before = standing_of(world.people.staff, walk.to(Stage.SIGNING), world.at())
    signed = standing_of(world.people.staff, walk.to(Stage.ASSESSMENT), world.at())

    assert (before.reads, before.follows) == (False, False)
    assert (signed.reads, signed.follows) == (True, False)
    assert standing_of(world.people.staff, division, world.at()).follows
    assert standing_of(world.people.auditor, walk.agreement, world.at()).follows


def test_a_right_withdrawn_is_gone_with_the_next_instance_of_the_person(world):
    draft = world.draft
    staff = world.people.staff
    assert "staff" in standing_of(staff, draft, world.at())

    withdraw(staff, Role.STAFF, world.unit("IMM-D1"), by=THE_SYSTEM, at=world.at())

    assert "staff" not in standing_of(world.people.staff, draft, world.at())
