"""Whoever is refused for lack of a right or the turn is told the rule and who can help, and nobody else's names."""

from html import unescape

import pytest
from django.db import transaction

from acts.engine import refusals
from agreements.rules import may_write
from agreements.who_can_help import who_can_help
from orgunits.grants import withdraw
from orgunits.models import UnitUserGrant
from orgunits.roles import Role
from tests.desk.test_verdicts import Asker
from tests.desk.verdict_table import verdicts
from thai.numbers import show_digits
from workflow.lifecycle import TABLE

# What is refused, and yet not for lack of a right or the turn: there is nothing that somebody else could do.
NOT_FOR_LACK_OF_RIGHT = {"carry_forward", "take_over_results"}


@pytest.mark.long
@pytest.mark.parametrize("stage", ["draft", "signing"])
def test_every_refusal_names_the_rule_and_who_can_help(world, stage):
    """One cell of each kind of refusal: 403 for the same route with the same sentence."""
    asker, kinds = Asker(world, stage), {}
    for cell, said in verdicts().items():
        ((status, sentence),) = said or [(0, "")]
        if cell.stage == stage and status == 403 and cell.role != "anonymous":
            kinds.setdefault((cell.route, sentence), cell)
    assert len(kinds) > 20
    wrong = [problem for cell in kinds.values() if (problem := _unexplained(asker, cell, world))]
    assert not wrong, f"{len(wrong)} of {len(kinds)}:\n" + "\n".join(wrong)


def _unexplained(asker, cell, world):
    if cell.route in NOT_FOR_LACK_OF_RIGHT:
        return None
    with transaction.atomic():
        page = asker._ask(cell, asker.scenes["IMM" if cell.role == "subordinate" else "IMM-D1"])
        found = [each for each in page.context["refusals"] if not (each.rule and list(each.help))]
        read = unescape(page.content.decode())
        hidden = [line for each in page.context["refusals"] for line in each.help if show_digits(line) not in read]
        transaction.set_rollback(True)
    if found or hidden:
        return f"{' '.join(cell)}: {found or hidden}"
    return None


def test_help_is_looked_up_only_when_it_is_shown(world, django_assert_num_queries):
    agreement, person, at = world.draft, world.people.negotiator, world.at()
    with django_assert_num_queries(0):
        who_can_help(agreement, "staff", at)
    refusal = may_write(agreement, person, at)
    with django_assert_num_queries(4):
        assert world.people.staff.short_name_with_rank in "".join(refusal.help)


def test_help_names_those_of_the_agreement_and_nobody_beside_them(world):
    agreement, at = world.draft, world.at()
    people = world.people
    wanted = {
        "staff": {people.staff}, "office": {people.office}, "head": {people.head},
        "negotiator": {people.negotiator}, "superior": {people.superior}, "evaluator": {people.evaluator},
    }  # fmt: skip
    for role, holders in wanted.items():
        lines = "\n".join(who_can_help(agreement, role, at))
        others = {people.get(name) for name in ("stranger", "neighbour", *wanted)} - holders
        assert all(each.short_name_with_rank in lines for each in holders), role
        assert not any(each.short_name_with_rank in lines for each in others), role


def test_where_nobody_holds_the_role_the_administrators_are_named(world):
    agreement, at = world.draft, world.at()
    withdraw(world.people.office, Role.OFFICE, world.units.imm_d1, by=world.people.administrator, at=at)
    lines = "\n".join(refusals(TABLE, agreement, "submit", actor=world.people.staff, at=at)[0].help)
    assert world.people.administrator.short_name_with_rank in lines
    assert world.people.office.short_name_with_rank not in lines


def test_whose_right_has_ended_or_whose_account_is_closed_is_not_named(world):
    agreement, at = world.draft, world.at()
    held = UnitUserGrant.objects.filter(user=world.people.office)
    held.update(until=at.date())
    assert world.people.office.short_name_with_rank not in "".join(who_can_help(agreement, "office", at))
    held.update(until=None)
    assert world.people.office.short_name_with_rank in "".join(who_can_help(agreement, "office", at))
    type(world.people.office).objects.filter(username=world.people.office.username).update(is_active=False)
    assert world.people.office.short_name_with_rank not in "".join(who_can_help(agreement, "office", at))
