"""Indicators and their parts: order, numbers, weights; and weights balanced to the hundredth. No database."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.balance import CannotBalance, How, balanced
from agreements.line_tree import below, numbered


@dataclass(frozen=True)
class Row:
    pk: int
    parent_id: int | None = None
    weight: Decimal = Decimal(0)
    dimension: str = "1"


def numbers(rows):
    return [(each.number, each.depth, each.is_leaf, each.weight) for each in numbered(rows, lambda row: row.dimension)]


def test_parts_follow_what_they_are_part_of_and_their_numbers_go_on():
    rows = [
        Row(1, weight=Decimal(40)),
        Row(2, weight=Decimal(99)),
        Row(5, dimension="2", weight=Decimal(20)),
        Row(3, 2, Decimal(10)),
        Row(4, 2, Decimal(77)),
        Row(6, 4, Decimal("20.5")),
        Row(7, 4, Decimal("9.5")),
    ]

    assert numbers(rows) == [
        ("1.1", 0, True, 40),
        ("1.2", 0, False, 40),  # what its leaves weigh: its own 99 says nothing
        ("1.2.1", 1, True, 10),
        ("1.2.2", 1, False, 30),
        ("1.2.2.1", 2, True, Decimal("20.5")),
        ("1.2.2.2", 2, True, Decimal("9.5")),
        ("2.1", 0, True, 20),
    ]
    assert [row.pk for row in below(rows, rows[1])] == [3, 4, 6, 7]


def test_any_depth_is_any():
    deep = [Row(n, n - 1 or None, Decimal(1)) for n in range(1, 3001)]

    found = numbered(deep, lambda row: row.dimension)
    assert (found[-1].depth, found[-1].is_leaf, found[0].weight) == (2999, True, 1)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10_000)), max_size=40))
def test_the_leaves_weigh_what_the_tops_weigh_and_nothing_is_lost(parts):
    rows = [Row(n, above or None if above < n else None, Decimal(w) / 100) for n, (above, w) in enumerate(parts, 1)]
    found = numbered(rows, lambda row: row.dimension)

    assert sorted(each.line.pk for each in found) == sorted(row.pk for row in rows)
    assert sum(e.weight for e in found if e.is_leaf) == sum(e.weight for e in found if e.depth == 0)
    assert len({each.number for each in found}) == len(rows)


WEIGHTS = st.lists(st.integers(0, 10_000).map(lambda n: Decimal(n) / 100), min_size=1, max_size=40)
TOTALS = st.integers(0, 10_000).map(lambda n: Decimal(n) / 100)


@given(WEIGHTS, TOTALS, st.sampled_from(How))
def test_balanced_weights_come_to_the_sum_exactly_with_two_places_and_none_below_0(weights, total, how):
    found = balanced(weights, total, how)

    assert (sum(found), len(found)) == (total, len(weights))
    assert all(weight >= 0 and weight == weight.quantize(Decimal("0.01")) for weight in found)


@given(WEIGHTS, TOTALS)
def test_in_proportion_the_heavier_stays_the_heavier_within_a_hundredth(weights, total):
    found = balanced(weights, total, How.IN_PROPORTION)

    for one, other, now, then in zip(weights, weights[1:], found, found[1:], strict=False):
        assert one <= other or now >= then - Decimal("0.01")


@pytest.mark.parametrize(
    ("weights", "total", "how", "expected"),
    [
        (["0", "0", "0"], "100", How.EQUALLY, ["33.34", "33.33", "33.33"]),
        (["33.33", "33.33", "33.33"], "100", How.EVENLY, ["33.34", "33.33", "33.33"]),
        (["50", "20"], "80", How.EVENLY, ["55", "25"]),
        (["50", "20"], "105", How.IN_PROPORTION, ["75", "30"]),
        (["50", "1", "49"], "90", How.EVENLY, ["45.5", "0", "44.5"]),
        (["0", "0"], "15", How.IN_PROPORTION, ["7.5", "7.5"]),
    ],
)
def test_the_ways_of_balancing(weights, total, how, expected):
    found = balanced([Decimal(each) for each in weights], Decimal(total), how)

    assert found == [Decimal(each) for each in expected]


@pytest.mark.parametrize(("weights", "total"), [([], 10), ([Decimal(1)], -1)])
def test_what_cannot_be_balanced_is_refused(weights, total):
    with pytest.raises(CannotBalance):
        balanced(weights, Decimal(total), How.EVENLY)
