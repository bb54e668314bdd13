"""The tree of a framework's dimensions: labels, what each weighs, what weights must come to, moving rows about."""

from decimal import Decimal as D

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from indicators.dimensions import (
    DEEPEST,
    WAYS,
    Bounds,
    Part,
    equal_shares,
    labels,
    moved,
    parents,
    problems,
    straight,
    sums,
    weights,
)

TREE = (
    Part("Performance", D(70)),
    Part("Effectiveness", D(60), 1),
    Part("Efficiency", D(10), 1),
    Part("Potential", None),
    Part("Quality", D(15), 1),
    Part("Development", None, 1),
    Part("Staff", D(5), 2),
    Part("Systems", D(10), 2),
)
any_depths = st.lists(st.integers(0, 5), max_size=12).map(straight)
shares = st.decimals(D("0.01"), D(60), places=2)


def said(*parts):
    with translation.override("en"):
        return [(problem.place, problem.field, str(problem.sentence)) for problem in problems(parts)]


def test_labels_and_parents_follow_the_depths():
    depths = [part.depth for part in TREE]
    assert labels(depths) == ["1", "1.1", "1.2", "2", "2.1", "2.2", "2.2.1", "2.2.2"]
    assert parents(depths) == [None, 0, 0, None, 3, 3, 5, 5]


def test_a_dimension_without_weight_weighs_what_its_parts_do():
    assert [str(found) for found in weights(TREE)] == [
        "70.00", "60.00", "10.00", "30.00", "15.00", "15.00", "5.00", "10.00",
    ]  # fmt: skip
    assert [(each.place, str(each.got), each.state) for each in sums(TREE)] == [
        (None, "100.00", "exact"),
        (0, "70.00", "exact"),
        (3, "30.00", "exact"),
        (5, "15.00", "exact"),
    ]
    assert said(*TREE) == []


def test_weights_may_all_be_left_blank_but_not_some_of_them():
    assert said(Part("a"), Part("b")) == []
    assert said(Part("a", D(60)), Part("x", None, 1), Part("y", None, 1), Part("b", D(40))) == []
    assert said(Part("a", D(100)), Part("b")) == [
        (1, "weight", "Please give every dimension its weight, or leave the weights of all dimensions blank.")
    ]
    assert [place for place, *_rest in said()] == [0]


def test_thirds_are_told_how_equal_parts_are_written():
    thirds = [Part(name, D("33.33")) for name in "abc"]
    assert said(*thirds) == [
        (
            0,
            "weight",
            (
                "The weights of the dimensions must sum to 100.00 (now 99.99: short of 100.00 by 0.01), or all be left "
                "blank. Equal parts are written as 33.34 + 33.33 + 33.33."
            ),
        )
    ]
    assert "Equal parts" not in said(Part("a", D(60)), Part("b", D(30)))[0][2]


def test_parts_sum_to_the_dimension_they_are_parts_of():
    found = said(Part("a", D(70)), Part("x", D(60), 1), Part("y", D("10.01"), 1), Part("b", D(30)))
    assert [(place, field) for place, field, _sentence in found] == [(1, "weight")]
    assert "The parts of dimension 1 must sum to its 70.00 (now 70.01: over 70.00 by 0.01)." in found[0][2]


def test_ranges_need_only_be_able_to_come_to_the_whole():
    assert said(Part("a", low=D(55), high=D(65)), Part("b", low=D(30), high=D(50))) == []
    too_small = said(Part("a", low=D(50), high=D(60)), Part("b", D(30)))
    assert [(place, field) for place, field, _sentence in too_small] == [(0, "low")]
    assert "short of 100.00 by 10.00" in too_small[0][2]
    too_great = said(Part("a", low=D(80)), Part("b", D(30)))
    assert "over 100.00 by 10.00" in too_great[0][2]
    assert weights([Part("a", high=D(20))]) == [Bounds(D(0), D(20))]


def test_a_weight_is_fixed_or_a_range_and_a_range_runs_upwards():
    assert [place for place, *_rest in said(Part("a", D(100), low=D(1)))] == [0]
    assert ("low", "A range runs from the smaller weight to the greater one.") in [
        (field, sentence) for _place, field, sentence in said(Part("a", low=D(60), high=D(50)), Part("b", D(50)))
    ]


@given(st.integers(1, 40), st.decimals(D(1), D(100), places=2))
def test_equal_shares_sum_to_the_whole_and_differ_by_a_hundredth_at_most(count, total):
    found = equal_shares(total, count)
    assert (len(found), sum(found)) == (count, total)
    assert max(found) - min(found) <= D("0.01")


@given(st.lists(shares, min_size=1, max_size=8))
def test_any_weights_that_sum_to_100_are_taken_and_a_hundredth_more_is_not(found):
    *first, _last = found
    rest = D(100) - sum(first)
    if rest <= 0:
        return
    parts = [Part(str(place), weight) for place, weight in enumerate([*first, rest])]
    assert said(*parts) == []
    assert said(*parts[:-1], Part("last", rest + D("0.01"))) != []


@given(any_depths, st.integers(0, 11), st.sampled_from(WAYS))
def test_moving_a_row_loses_none_and_leaves_an_outline(depths, place, way):
    if place >= len(depths):
        return
    rows = moved(depths, place, way)
    gone = {place} if way == "away" else set()
    assert sorted(at for at, _depth in rows if at is not None) == sorted(set(range(len(depths))) - gone)
    assert sum(at is None for at, _depth in rows) == (way == "below")
    found = [depth for _at, depth in rows]
    assert found == straight(found)
    assert max(found, default=0) <= DEEPEST


@pytest.mark.parametrize(("there", "back"), [("up", "down"), ("down", "up"), ("in", "out")])
@given(depths=any_depths, place=st.integers(0, 11))
def test_a_step_is_undone_by_its_opposite(there, back, depths, place):
    if place >= len(depths):
        return
    rows = moved(depths, place, there)
    now = [at for at, _depth in rows].index(place)
    if rows == list(enumerate(depths)):
        return
    again = moved([depth for _at, depth in rows], now, back)
    assert [(rows[at][0], depth) for at, depth in again] == list(enumerate(depths))


def test_a_row_moves_with_its_parts():
    depths = [0, 1, 0, 1, 2]
    assert [at for at, _depth in moved(depths, 2, "up")] == [2, 3, 4, 0, 1]
    assert moved(depths, 2, "in") == list(enumerate(depths))  # 1.1.1.1 would be too deep
    assert moved(depths, 3, "out") == [(0, 0), (1, 1), (2, 0), (3, 0), (4, 1)]
    assert moved(depths, 0, "in") == list(enumerate(depths))
    assert moved([0, 1, 1], 0, "away") == [(1, 0), (2, 0)]
