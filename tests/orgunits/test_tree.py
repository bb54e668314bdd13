"""The tree, its edges and its closure stay one, whoever writes, and however many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from acts.engine import Refused
from acts.log import THE_SYSTEM
from acts.models import Entry
from orgunits.models import OrgUnit, UnitClosure
from orgunits.tree import ancestor_ids, check_tree, command_of, descendants, move_unit, path, place_new, tree_lock


def codes(ids):
    return set(OrgUnit.objects.filter(pk__in=ids).values_list("code", flat=True))


def test_above_and_below_are_told_by_the_closure(small_tree):
    assert codes(ancestor_ids(small_tree["A1"].pk)) == {"ROOT", "A", "A1"}
    assert codes(descendants([small_tree["A"].pk])) == {"A", "A1", "A2"}
    assert codes(descendants([small_tree["A"].pk, small_tree["B1"].pk])) == {"A", "A1", "A2", "B1"}
    assert codes(descendants([])) == set()


def test_the_path_leads_from_the_root_to_the_unit_in_one_query(small_tree, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [unit.code for unit in path(small_tree["A2"])] == ["ROOT", "A", "A2"]


def test_the_command_of_a_unit(loaded, unit):
    told = {code: command_of(unit(code)) for code in ("RTP", "IMM", "IMM-D1", "IMM-D3-CHONBURI", "OPDC")}
    assert {code: command and command.code for code, command in told.items()} == {
        "RTP": None,
        "IMM": "IMM",
        "IMM-D1": "IMM",
        "IMM-D3-CHONBURI": "IMM",
        "OPDC": None,
    }


def test_moving_a_unit_takes_all_below_it_along(small_tree, at):
    move_unit(small_tree["A"], small_tree["B1"], by=THE_SYSTEM, at=at)
    assert codes(ancestor_ids(small_tree["A2"].pk)) == {"ROOT", "B", "B1", "A", "A2"}
    assert codes(descendants([small_tree["B"].pk])) == {"B", "B1", "A", "A1", "A2"}
    assert check_tree() == []


def test_adding_and_moving_are_on_record(small_tree, at):
    move_unit(small_tree["A1"], small_tree["B"], by=THE_SYSTEM, at=at)
    moved, added = Entry.objects.about(small_tree["A1"])
    assert (moved.act, moved.changes) == ("orgunits.move_unit", {"parent": ["A", "B"]})
    assert (added.act, added.changes) == ("orgunits.add_unit", {"parent": ["", "A"]})


@pytest.mark.parametrize(("moved", "below"), [("A", "A1"), ("A", "A"), ("ROOT", "B1")])
def test_a_unit_is_never_placed_below_itself(small_tree, at, moved, below):
    with pytest.raises(Refused, match="ภายใต้"):
        move_unit(small_tree[moved], small_tree[below], by=THE_SYSTEM, at=at)
    assert check_tree() == []


def test_external_bodies_stay_outside(small_tree, make_unit, at):
    body = make_unit("BODY", tier=1, kind=OrgUnit.Kind.EXTERNAL, external=True)
    for moved, below in ((small_tree["A1"], body), (body, small_tree["A"])):
        with pytest.raises(Refused, match="ภายนอก"):
            move_unit(moved, below, by=THE_SYSTEM, at=at)
    with pytest.raises(ValidationError):
        make_unit("BODY2", small_tree["A"], kind=OrgUnit.Kind.EXTERNAL, external=True)


def test_a_code_is_given_once(small_tree, make_unit):
    with pytest.raises(ValidationError):
        make_unit("A1", small_tree["B"])


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda tree: OrgUnit.objects.filter(code="A1").update(lft=99), "A1"),
        (lambda tree: OrgUnit.objects.filter(code="A1").update(parent=tree["B"]), "A1"),
        (lambda tree: OrgUnit.objects.filter(code="A").update(parent=tree["A1"]), "A2"),
        (lambda tree: UnitClosure.objects.filter(descendant=tree["A2"], depth=2).delete(), "ROOT"),
        (lambda tree: UnitClosure.objects.create(ancestor=tree["B"], descendant=tree["A2"], depth=1), "B"),
    ],
)
def test_the_check_names_what_was_spoilt(small_tree, spoil, told):
    assert check_tree() == []
    spoil(small_tree)
    assert any(told in problem for problem in check_tree())


def test_a_unit_exists_between_its_days(small_tree, make_unit):
    make_unit("NEW", small_tree["A"], opened_on=date(2026, 10, 1), closed_on=date(2027, 10, 1))
    days = {day: OrgUnit.objects.in_force(day).filter(code="NEW").exists() for day in (
        date(2026, 9, 30), date(2026, 10, 1), date(2027, 9, 30), date(2027, 10, 1),
    )}  # fmt: skip
    assert list(days.values()) == [False, True, True, False]
    assert OrgUnit.objects.in_force(date(1990, 1, 1)).filter(code="A").exists()


def test_the_database_refuses_a_closure_row_that_makes_no_sense(small_tree):
    with pytest.raises(IntegrityError):
        UnitClosure.objects.create(ancestor=small_tree["B"], descendant=small_tree["A1"], depth=0)


@pytest.mark.django_db(transaction=True)
def test_eight_people_adding_and_moving_at_once_leave_the_tree_sound(small_tree, make_unit, at):
    racers = [
        (f"N{number}", *pair) for number, pair in enumerate([("A", "B"), ("B", "A1"), ("A2", "B1"), ("B1", "A")] * 2)
    ]
    barrier = Barrier(len(racers))

    def race(code, below, then_below):
        try:
            barrier.wait(timeout=30)
            for turn in range(3):
                new = make_unit(f"{code}-{turn}", small_tree[below])
                move_unit(new, small_tree[then_below], by=THE_SYSTEM, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(racers)) as pool:
        for done in [pool.submit(race, *racer) for racer in racers]:
            done.result(timeout=120)
    assert OrgUnit.objects.count() == len(small_tree) + 3 * len(racers)
    assert check_tree() == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_race_spoils_the_tree(small_tree, monkeypatch):
    """The control: the check above must be able to fail. SQLite's transactions exclude each other by themselves."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, with or without our lock")
    monkeypatch.setattr("orgunits.tree.connection", type("Elsewhere", (), {"vendor": "no lock"}))
    barrier = Barrier(8)

    def race(number):
        try:
            barrier.wait(timeout=30)
            for turn in range(5):
                with tree_lock():
                    unit = OrgUnit(code=f"N{number}-{turn}", name_th="หน่วย", tier=3, kind=OrgUnit.Kind.DIVISION)
                    place_new(unit, small_tree["A"])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(race, number) for number in range(8)]
    failed = [race.exception() for race in done if race.exception()]
    assert failed or check_tree() != []
