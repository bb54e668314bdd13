"""A year's incentives: who may set and decide them, what is missing, what is frozen, announced, withdrawn, taken up again."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from acts.engine import Conflict, Refused
from acts.models import Entry
from acts.versions import Stale
from agreements.stages import Stage
from desk.demo.years import fiscal_year
from orgunits.grants import grant
from orgunits.roles import Role
from results import incentive_walk
from results.incentive_record import decision_of, is_as_computed, read, row_of
from results.incentive_terms import FIELDS, begin_scheme, not_ready, outlook, save_terms, taking_part
from results.incentive_walk import hash_to_decide
from results.incentives import allot
from results.models import Decision, Scheme
from results.scores import released_scores
from tests.results.rewarded import POOL, at, begun, closed, decided, deciding, moved, proof, set_to
from thai.language import in_thai

pytestmark = pytest.mark.django_db


def sentences(refusals):
    return [str(each.sentence) for each in refusals]


# Who


def test_the_planning_office_of_the_command_decides_for_the_command_and_not_for_the_organisation(world):
    nobody = world.people.nobody
    grant(nobody, Role.PLANNER, world.units.imm, by=world.people.administrator, at=world.at())
    by = {"actor": world.people.nobody, "at": at(world)}

    assert begin_scheme(world.year, world.units.imm, **by).is_draft
    with pytest.raises(Refused):
        begin_scheme(world.year, world.units.rtp, **by)


@pytest.mark.parametrize("who", ["staff", "head", "superior", "evaluator", "negotiator", "auditor", "administrator"])
def test_nobody_else_decides(world, who):
    with pytest.raises(Refused):
        begin_scheme(world.year, world.units.imm, actor=world.people.get(who), at=at(world))
    assert not Scheme.objects.exists()


def test_it_is_begun_once(world):
    begun(world)
    with pytest.raises(Refused):
        begun(world)


def test_auditors_and_planners_at_or_above_the_unit_see_it_and_no_others(world):
    begun(world)
    sees = {who for who in world.people.names if Scheme.objects.visible_to(world.people.get(who), at(world)).exists()}
    assert sees == {"planner", "auditor"}


# Who takes part


def test_the_units_below_take_part_and_the_deciding_unit_does_not(world):
    closed(world), closed(world, "IMM")
    codes = [each.code for each in taking_part(world.year, world.units.imm, Scheme.Level.ALL)]
    assert codes == ["2570-IMM-D1"]
    of_all = {each.code for each in taking_part(world.year, world.units.rtp, Scheme.Level.ALL)}
    assert of_all == {"2570-IMM", "2570-IMM-D1"}
    commands = [each.code for each in taking_part(world.year, world.units.rtp, Scheme.Level.COMMANDS)]
    assert commands == ["2570-IMM"]


# What is missing


def test_an_agreement_that_is_not_closed_is_named_until_it_is_left_out_with_a_reason(world):
    closed(world), world.agreement(Stage.EVALUATION, code="IMM-D2")
    scheme = begun(world)
    with in_thai():
        (missing,) = sentences(not_ready(outlook(scheme)))
    assert "บก.ตม.2" in missing
    with pytest.raises(Refused):
        decided(scheme, world)

    scheme = set_to(scheme, world, left_out={"2570-IMM-D2": "อุทธรณ์ยังไม่ยุติ"})
    kept = read(decision_of(decided(scheme, world)))
    assert [(row["agreement"], row["reason"]) for row in kept["left_out"]] == [("2570-IMM-D2", "อุทธรณ์ยังไม่ยุติ")]


def test_a_reason_to_leave_out_counts_no_more_once_the_agreement_is_closed(world):
    closed(world)
    scheme = set_to(begun(world), world, left_out={"2570-IMM-D1": "รอ"})
    assert row_of(read(decision_of(decided(scheme, world))), "2570-IMM-D1")


def test_nothing_is_decided_where_nobody_is_closed(world):
    world.agreement(Stage.EVALUATION)
    scheme = set_to(begun(world), world, left_out={"2570-IMM-D1": "รอ"})
    with pytest.raises(Refused):
        decided(scheme, world)


def test_heads_are_wanted_where_the_pool_is_shared_by_heads(world):
    closed(world)
    scheme = set_to(
        begun(world),
        world,
        rule="per_head",
        pool=POOL,
        gate=Decimal(1),
        bands=[{"from": "1", "name": "ดี", "share": "1"}],
    )
    assert [each.where[:10] for each in not_ready(outlook(scheme))] == ["#id_heads_"]
    assert not list(not_ready(outlook(set_to(scheme, world, heads={"2570-IMM-D1": 20}))))


def test_a_gate_above_the_highest_score_is_refused(world):
    closed(world)
    scheme = set_to(begun(world), world, gate=Decimal("5.0001"))
    assert [each.where for each in not_ready(outlook(scheme))] == ["#id_gate"]


def test_uneven_terms_are_not_saved(world):
    scheme = begun(world)
    bands = [{"from": "1", "name": "ก", "share": "2"}, {"from": "3", "name": "ข", "share": "1"}]
    with pytest.raises(Refused) as refused:
        set_to(scheme, world, bands=bands)
    assert [each.where for each in refused.value.refusals] == ["#id_band_2_share"]
    assert Scheme.objects.get().bands == scheme.bands


# The gate, by the released score itself


@pytest.mark.parametrize(("rule", "entitled"), [("not_below", True), ("above", False)])
def test_a_released_score_that_is_exactly_the_gate(world, rule, entitled):
    agreement = closed(world)
    score = Decimal(read_total(agreement))
    scheme = set_to(
        begun(world), world, gate=score, gate_rule=rule, bands=[{"from": "0", "name": "ดี", "share": "1"}], pool=POOL
    )
    row = row_of(read(decision_of(decided(scheme, world))), agreement.code)
    assert (row["score"], row["entitled"], Decimal(row["amount"])) == (str(score), entitled, POOL if entitled else 0)


def read_total(agreement):
    return read(released_scores(agreement))["total"]["score"]


# What is frozen


def test_a_decision_is_frozen_with_the_scores_it_stands_on_and_comes_out_again(world):
    agreement = closed(world)
    decision = decision_of(decided(begun(world), world))
    row = row_of(read(decision), agreement.code)

    assert row["scores_sha256"] == released_scores(agreement).sha256
    assert read(decision)["decision"]["order_number"] == "89/2571"
    assert is_as_computed(decision)
    decision.content = decision.content.replace(row["score"], "4.9999")
    assert not is_as_computed(decision)


def test_a_decision_never_changes(world):
    closed(world)
    decided(begun(world), world)
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.update(content="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.all().delete()


def test_what_is_decided_can_not_be_set_anew(world):
    closed(world)
    scheme = begun(world)
    decided(scheme, world)
    values = {name: getattr(scheme, name) for name in FIELDS} | {"gate": Decimal(4)}
    with pytest.raises(Conflict):
        save_terms(scheme, values, version=scheme.version, actor=world.people.planner, at=at(world))


def test_of_two_who_set_terms_the_second_is_told(world):
    scheme = begun(world)
    set_to(scheme, world, gate=Decimal("3.5"))
    with pytest.raises(Stale):
        set_to(scheme, world, gate=Decimal(4))
    assert Scheme.objects.get().gate == Decimal("3.5")


def test_the_decision_is_bound_to_what_was_shown(world):
    closed(world)
    scheme = begun(world)
    shown = hash_to_decide(scheme)
    closed(world, "IMM-D2")
    moment = at(world, minutes=10)
    with pytest.raises(Conflict):
        decided(scheme, world, step_up=proof(world, shown, moment))
    assert not Decision.objects.exists()


def test_what_is_frozen_is_what_was_shown_also_where_an_agreement_is_closed_meanwhile(world, monkeypatch):
    """The third time that it is looked at is after the judgement of hash and readiness."""
    closed(world)
    scheme = begun(world)
    seen = [outlook(scheme)] * 2 + [replace(outlook(scheme), closed=(), shared=allot(scheme.terms, []))]
    act = deciding(scheme, world)
    monkeypatch.setattr(incentive_walk, "outlook", lambda scheme: seen.pop(0))
    with pytest.raises(Conflict):
        act()
    assert (seen, Decision.objects.exists(), Scheme.objects.get().is_draft) == ([], False, True)


def test_it_is_decided_with_the_password_and_by_one_of_two(world):
    closed(world)
    scheme = begun(world)
    with pytest.raises(Refused):
        decided(scheme, world, step_up=None)
    decided(scheme, world)
    with pytest.raises(Conflict):
        decided(scheme, world)
    assert Decision.objects.count() == 1


# Announced, withdrawn, taken up again


def test_it_is_announced_withdrawn_with_a_reason_and_announced_again(world):
    closed(world)
    scheme = moved(decided(begun(world), world), "publish", world)
    assert scheme.is_published
    with pytest.raises(Refused):
        moved(scheme, "withdraw", world)
    scheme = moved(scheme, "withdraw", world, reason="พิมพ์ชื่อหน่วยผิด")
    assert (scheme.was_withdrawn, scheme.reason) == (True, "พิมพ์ชื่อหน่วยผิด")
    assert not moved(scheme, "publish", world).was_withdrawn


def test_what_is_announced_is_not_taken_up_again_before_it_is_withdrawn(world):
    closed(world)
    scheme = moved(decided(begun(world), world), "publish", world)
    with pytest.raises(Refused):
        moved(scheme, "reopen", world, reason="แก้คะแนน")


def test_a_decision_taken_up_again_stays_on_record_and_the_next_one_counts(world):
    closed(world)
    first = decided(begun(world), world)
    scheme = moved(first, "reopen", world, reason="เพิ่มวงเงิน")
    assert decision_of(scheme) is None
    scheme = decided(set_to(scheme, world, pool=POOL), world)
    assert [each.number for each in Decision.objects.all()] == [1, 2]
    assert read(decision_of(scheme))["terms"]["pool"] == "100000.00"


def test_every_act_is_on_record(world):
    closed(world)
    scheme = moved(set_and_decide(world), "publish", world)
    acts = Entry.objects.about(scheme).values_list("act", flat=True)
    assert list(acts) == ["incentives.publish", "incentives.decide", "write_incentives", "begin_incentives"]


def set_and_decide(world):
    return decided(set_to(begun(world), world, pool=POOL), world)


def test_the_next_year_begins_with_the_terms_of_the_year_before(world):
    set_to(begun(world), world, gate=Decimal("3.2500"), gate_rule="above", heads={"2570-IMM-D1": 9})
    following = fiscal_year(2571, by=world.people.planner, at=world.at())
    scheme = begin_scheme(following, world.units.imm, actor=world.people.planner, at=at(world))
    assert (scheme.gate, scheme.gate_rule, scheme.heads) == (Decimal("3.2500"), "above", {})
