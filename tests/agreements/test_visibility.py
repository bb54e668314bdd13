"""Who may know of an agreement, and who may read it: every person, every stage, with agreements that could leak."""

import pytest

from acts.log import THE_SYSTEM
from agreements.models import Agreement
from agreements.standing import standing_of
from orgunits.grants import grant, withdraw
from orgunits.roles import Role

OWNERS = {"staff", "office", "head"}
COMMAND = {"negotiator", "superior", "evaluator", "command_staff", "command_office"}
ABOVE = {
    *("headquarters_negotiator", "commissioner_general", "headquarters_evaluator", "planner"),
    *("headquarters_staff", "headquarters_office"),
}
AUDITOR = {"auditor"}

# บก.ตม.1's agreement. stage: those who know that it exists; those who may read it.
# Nobody else: not the neighbours, not another command's staff, not the administrator, not สำนักงาน ก.พ.ร.
DIVISION = {
    "draft": (OWNERS | COMMAND | AUDITOR, OWNERS | AUDITOR),
    "informal": (OWNERS | COMMAND | ABOVE | AUDITOR, OWNERS | COMMAND | ABOVE | AUDITOR),
    "formal": (OWNERS | COMMAND | ABOVE | AUDITOR, OWNERS | COMMAND | ABOVE | AUDITOR),
    "signing": (OWNERS | COMMAND | ABOVE | AUDITOR, OWNERS | COMMAND | ABOVE | AUDITOR),
    "assessment": (OWNERS | COMMAND | ABOVE | AUDITOR, OWNERS | COMMAND | ABOVE | AUDITOR),
    "evaluation": (OWNERS | COMMAND | ABOVE | AUDITOR, OWNERS | COMMAND | ABOVE | AUDITOR),
    "appeal": (OWNERS | COMMAND | ABOVE | AUDITOR, OWNERS | COMMAND | ABOVE | AUDITOR),
    "closed": (OWNERS | COMMAND | ABOVE | AUDITOR, OWNERS | COMMAND | ABOVE | AUDITOR),
}
# สตม.'s own agreement: from the signatures on, the people of its divisions read it, as their superior's.
HEADQUARTERS = ABOVE
DIVISIONS = OWNERS | {"neighbour", "neighbours_office", "neighbours_head"}
COMMANDS_OWN = {
    "draft": (COMMAND | HEADQUARTERS | AUDITOR, COMMAND | AUDITOR),
    "signing": (COMMAND | HEADQUARTERS | AUDITOR, COMMAND | HEADQUARTERS | AUDITOR),
    "assessment": (COMMAND | HEADQUARTERS | AUDITOR | DIVISIONS, COMMAND | HEADQUARTERS | AUDITOR | DIVISIONS),
    "closed": (COMMAND | HEADQUARTERS | AUDITOR | DIVISIONS, COMMAND | HEADQUARTERS | AUDITOR | DIVISIONS),
}
# ตร.'s own: both of the Prime Minister's side and สำนักงาน ก.พ.ร.; once signed, the people of the commands below.
OUTSIDE = {"opdc_negotiator", "opdc_evaluator", "prime_minister", "deputy_prime_minister"}
HEADQUARTERS_OWN = {
    "draft": (HEADQUARTERS | AUDITOR | OUTSIDE, HEADQUARTERS | AUDITOR),
    "signing": (HEADQUARTERS | AUDITOR | OUTSIDE, HEADQUARTERS | AUDITOR | OUTSIDE),
    "assessment": (HEADQUARTERS | AUDITOR | OUTSIDE | COMMAND, HEADQUARTERS | AUDITOR | OUTSIDE | COMMAND),
}


def among(world, queryset_of, agreement):
    """The people in whose queryset the agreement is."""
    return {name for name in world.people.names if queryset_of(world.people.get(name)).filter(pk=agreement.pk).exists()}


def knowing(world, agreement):
    return among(world, lambda person: Agreement.objects.visible_to(person, world.at()), agreement)


def reading(world, agreement):
    return among(world, lambda person: Agreement.objects.readable_by(person, world.at()), agreement)


@pytest.mark.parametrize("stage", DIVISION)
def test_who_knows_of_a_divisions_agreement_and_who_reads_it(world, stage):
    agreement = world.agreement(stage)
    # The neighbours have one of their own, so that they are not empty-handed for another reason.
    neighbours = world.agreement(stage, code="IMM-D2")

    assert (knowing(world, agreement), reading(world, agreement)) == DIVISION[stage]
    assert "neighbour" in reading(world, neighbours)


@pytest.mark.parametrize("stage", COMMANDS_OWN)
def test_who_knows_of_a_commands_own_agreement_and_who_reads_it(world, stage):
    for code in ("IMM-D1", "IMM-D2"):
        world.agreement(code=code)
    agreement = world.agreement(stage, code="IMM")

    assert (knowing(world, agreement), reading(world, agreement)) == COMMANDS_OWN[stage]


@pytest.mark.parametrize("stage", HEADQUARTERS_OWN)
def test_who_knows_of_headquarters_own_agreement_and_who_reads_it(world, stage):
    world.agreement(code="IMM")
    agreement = world.agreement(stage, code="RTP")

    assert (knowing(world, agreement), reading(world, agreement)) == HEADQUARTERS_OWN[stage]


@pytest.mark.parametrize("stage", ["draft", "informal", "closed"])
def test_the_standing_says_the_same_as_the_list(world, stage):
    agreement = world.agreement(stage)

    stands = {name for name in world.people.names if standing_of(world.people.get(name), agreement, world.at()).reads}
    assert stands == reading(world, agreement)


def test_what_is_sent_back_to_draft_is_closed_to_the_other_side_again(world):
    walk = world.walk()
    walk.to("informal")
    walk.move("send_back", walk.people.negotiator, reason="โปรดทบทวน")

    assert (knowing(world, walk.agreement), reading(world, walk.agreement)) == DIVISION["draft"]


def test_only_their_own_agreements_are_in_a_persons_list(world):
    own, other = world.agreement("assessment"), world.agreement("assessment", code="IMM-D2")
    lists = {name: set(Agreement.objects.visible_to(world.people.get(name), world.at())) for name in world.people.names}

    assert lists["staff"] == {own}
    assert lists["neighbour"] == {other}
    assert lists["negotiator"] == lists["planner"] == lists["auditor"] == {own, other}
    for name in ("stranger", "administrator", *OUTSIDE, "nobody"):
        assert lists[name] == set(), name


def test_the_prime_ministers_side_and_opdc_see_headquarters_own_alone(world):
    grant(world.people.planner, Role.STAFF, world.unit("RTP"), by=THE_SYSTEM, at=world.at())
    from agreements.write import create_agreement

    division = world.agreement("assessment")
    headquarters = create_agreement(world.unit("RTP"), world.year, actor=world.people.planner, at=world.at())

    for name in ("opdc_negotiator", "prime_minister"):
        person = world.people.get(name)
        assert set(Agreement.objects.visible_to(person, world.at())) == {headquarters}
        assert not Agreement.objects.readable_by(person, world.at()).exists()  # it is a draft
    assert division.counterpart.code == "IMM"


def test_a_right_withdrawn_is_gone_at_the_next_request(world):
    agreement = world.agreement("informal")
    withdraw(world.people.negotiator, Role.NEGOTIATOR, world.unit("IMM"), by=THE_SYSTEM, at=world.at())

    assert "negotiator" not in knowing(world, agreement)


def test_a_right_on_a_unit_above_holds_below_but_only_on_its_side(world):
    """Staff of สตม. are not staff of its divisions; an office's right at the unit itself is."""
    agreement = world.draft

    assert standing_of(world.people.command_staff, agreement, world.at()).roles == {"counterpart"}
    assert standing_of(world.people.staff, agreement, world.at()).roles == {"staff", "owner"}


def test_nobody_evaluates_or_negotiates_with_a_unit_they_serve_in(world):
    agreement = world.draft
    grant(world.people.evaluator, Role.STAFF, world.unit("IMM-D1"), by=THE_SYSTEM, at=world.at())
    grant(world.people.negotiator, Role.OFFICE, world.unit("IMM-D1"), by=THE_SYSTEM, at=world.at())

    assert "evaluator" not in standing_of(world.people.evaluator, agreement, world.at())
    assert "negotiator" not in standing_of(world.people.negotiator, agreement, world.at())
    # The neighbours' they may.
    neighbours = world.agreement(code="IMM-D2")
    assert "evaluator" in standing_of(world.people.evaluator, neighbours, world.at())


def test_a_superuser_reads_nothing_by_being_one(world):
    agreement = world.agreement("informal")
    person = world.people.nobody
    type(person).objects.filter(pk=person.pk).update(is_superuser=True, is_staff=True)

    assert "nobody" not in knowing(world, agreement)


def test_an_account_that_was_closed_reads_nothing(world):
    agreement = world.agreement("informal")
    person = world.people.staff
    type(person).objects.filter(pk=person.pk).update(is_active=False)

    assert "staff" not in knowing(world, agreement)


@pytest.mark.parametrize("name", ["staff", "negotiator", "planner", "stranger"])
def test_a_list_costs_the_same_however_many_there_are(world, name, django_assert_num_queries):
    """Two queries for what the person was given, one for the list."""
    world.agreement("informal")
    world.agreement("informal", code="IMM-D2")
    person = world.people.get(name)

    with django_assert_num_queries(3):
        list(Agreement.objects.visible_to(person, world.at()).for_list())
