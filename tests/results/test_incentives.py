"""Who gets an incentive and how much: worked by hand, both sides of the gate, and what must hold of any terms."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from results.incentives import Band, Coin, Entrant, Flaw, GateRule, Rule, Terms, allot, flaws

D = Decimal
BANDS = (Band(D("1"), "ควรปรับปรุง", D(0)), Band(D("3"), "ดี", D(1)), Band(D("4.5"), "ดีเด่น", D(2)))
TERMS = Terms(D("3.0000"), GateRule.NOT_BELOW, BANDS, pool=D("100000.00"))


def amounts(terms, *entrants):
    return [each.amount for each in allot(terms, entrants).allotments]


# The gate


@pytest.mark.parametrize(
    ("rule", "score", "passes"),
    [
        (GateRule.NOT_BELOW, "2.9999", False),
        (GateRule.NOT_BELOW, "3.0000", True),
        (GateRule.NOT_BELOW, "3.0001", True),
        (GateRule.ABOVE, "2.9999", False),
        (GateRule.ABOVE, "3.0000", False),
        (GateRule.ABOVE, "3.0001", True),
    ],
)
def test_exactly_3_0000_passes_a_gate_of_not_below_and_no_gate_of_above(rule, score, passes):
    (only,) = allot(replace(TERMS, gate_rule=rule), [Entrant("a", D(score))]).allotments
    assert (only.passes, only.amount > 0) == (passes, passes)


@pytest.mark.parametrize(
    ("score", "name"), [("0.9999", None), ("2.9999", "ควรปรับปรุง"), ("3", "ดี"), ("4.4999", "ดี"), ("4.5000", "ดีเด่น")]
)
def test_a_total_stands_in_the_highest_band_that_it_reaches(score, name):
    band = TERMS.band_of(D(score))
    assert (band.name if band else None) == name


def test_who_is_below_the_gate_keeps_the_tier_and_gets_nothing():
    (only,) = allot(replace(TERMS, gate=D("4.6")), [Entrant("a", D("4.5500"))]).allotments
    assert (only.band.name, only.is_entitled, only.amount) == ("ดีเด่น", False, 0)


# Worked by hand


def test_equal_parts_for_each_unit_by_the_shares_of_its_band():
    """ดีเด่น 2 + ดี 1 + ดี 1 = 4 parts of 100,000: 50,000, 25,000, 25,000; the fourth is below the gate."""
    found = allot(
        TERMS, [Entrant("a", D("4.8")), Entrant("b", D("3.2")), Entrant("c", D("4.1")), Entrant("d", D("2.5"))]
    )
    assert [each.amount for each in found.allotments] == [50000, 25000, 25000, 0]
    assert (found.counted, found.paid, found.rest, found.entitled) == (4, 100000, 0, 3)


def test_by_heads_a_larger_unit_gets_more():
    """2 × 120 + 1 × 80 = 320 parts: 100,000 × 240/320 = 75,000; 100,000 × 80/320 = 25,000."""
    by_heads = replace(TERMS, rule=Rule.PER_HEAD)
    assert amounts(by_heads, Entrant("a", D("4.8"), 120), Entrant("b", D("3.2"), 80)) == [75000, 25000]


def test_by_total_and_heads():
    """2 × 4.8 × 100 = 960 and 1 × 3.2 × 100 = 320, of 1,280: 75,000 and 25,000."""
    by_both = replace(TERMS, rule=Rule.SCORE_HEADS)
    assert amounts(by_both, Entrant("a", D("4.8"), 100), Entrant("b", D("3.2"), 100)) == [75000, 25000]


@pytest.mark.parametrize(
    ("coin", "each", "rest"), [(Coin.BAHT, D("33333.00"), D("1.00")), (Coin.SATANG, D("33333.33"), D("0.01"))]
)
def test_an_amount_is_rounded_down_to_the_coin_and_the_rest_is_said(coin, each, rest):
    found = allot(replace(TERMS, coin=coin), [Entrant(key, D("3.5")) for key in "abc"])
    assert [one.amount for one in found.allotments] == [each] * 3
    assert found.rest == rest


def test_a_pool_that_divides_evenly_loses_nothing_to_rounding():
    """1/3 of the parts of 99,999 are 33,333 and not 33,332.99…"""
    even = replace(TERMS, pool=D("99999.00"))
    assert amounts(even, *(Entrant(key, D("3.5")) for key in "abc")) == [33333, 33333, 33333]


def test_without_money_there_are_tiers_alone():
    found = allot(replace(TERMS, pool=D(0)), [Entrant("a", D("4.8"))])
    assert (found.allotments[0].is_entitled, found.paid, found.rest) == (True, 0, 0)


def test_where_nobody_is_entitled_the_whole_pool_is_left():
    found = allot(TERMS, [Entrant("a", D("2.0"))])
    assert (found.entitled, found.rest) == (0, D("100000.00"))


def test_nobody_takes_part():
    assert allot(TERMS, []).rest == D("100000.00")


# Terms that would be uneven


@pytest.mark.parametrize(
    ("bands", "found"),
    [
        (BANDS, []),
        ((), [Flaw.NO_BAND]),
        ((*BANDS, Band(D("3"), "พอใช้", D(1))), [Flaw.SAME_BEGIN]),
        ((*BANDS, Band(D("4.9"), "ยอดเยี่ยม", D("1.5"))), [Flaw.SHARE_FALLS]),
        (BANDS[2:], [Flaw.GATE_IN_NO_BAND]),
        (BANDS[:1], [Flaw.NO_SHARE]),
    ],
)
def test_terms_that_would_be_uneven_are_named(bands, found):
    assert [flaw for flaw, _band in flaws(replace(TERMS, bands=bands))] == found


# Of any terms


def drawn(seed):
    """(terms without a flaw, units) by the dice."""
    dice = random.Random(seed)
    begins = sorted(dice.sample(range(10000, 50001), dice.randint(1, 5)))
    shares = sorted(D(dice.randint(0, 300)) / 100 for _each in begins)
    bands = [Band(D(at) / 10000, str(at), share) for at, share in zip(begins, shares, strict=True)]
    terms = Terms(
        gate=bands[0].from_score + D(dice.randint(0, 20000)) / 10000,
        gate_rule=dice.choice(list(GateRule)),
        bands=tuple(dice.sample(bands, len(bands))),
        pool=D(dice.randint(0, 10**9)) / 100,
        rule=dice.choice(list(Rule)),
        coin=dice.choice(list(Coin)),
    )
    units = [Entrant(str(n), D(dice.randint(10000, 50000)) / 10000, dice.randint(1, 900)) for n in range(30)]
    return terms, units, dice


@pytest.mark.parametrize("seed", range(60))
def test_the_sum_and_the_rest_are_the_pool_and_nothing_is_overdrawn(seed):
    terms, units, _dice = drawn(seed)
    found = allot(terms, units)
    assert found.paid + found.rest == terms.pool
    assert found.rest >= 0
    # Rounding leaves less than one coin for each who is entitled.
    assert not found.entitled or found.rest < terms.coin.worth * found.entitled


@pytest.mark.parametrize("seed", range(60))
def test_nobody_below_the_gate_gets_anything_and_all_amounts_are_whole_coins(seed):
    terms, units, _dice = drawn(seed)
    for each in allot(terms, units).allotments:
        assert each.amount == 0 if not terms.passes(each.entrant.score) else each.amount >= 0
        assert each.amount % terms.coin.worth == 0


@pytest.mark.parametrize("seed", range(60))
def test_a_better_total_never_gets_less_with_as_many_heads(seed):
    terms, units, _dice = drawn(seed)
    alike = [replace(each, heads=50) for each in units]
    by_score = sorted(allot(terms, alike).allotments, key=lambda each: each.entrant.score)
    assert [each.amount for each in by_score] == sorted(each.amount for each in by_score)


@pytest.mark.parametrize("seed", range(60))
def test_ones_own_better_total_never_brings_one_less(seed):
    terms, units, dice = drawn(seed)
    first, *others = units
    better = replace(first, score=min(D(5), first.score + D(dice.randint(1, 20000)) / 10000))
    was, now = allot(terms, [first, *others]), allot(terms, [better, *others])
    assert now.of(first.key).amount >= was.of(first.key).amount


@pytest.mark.parametrize("seed", range(60))
def test_the_order_of_units_and_of_bands_is_irrelevant(seed):
    terms, units, dice = drawn(seed)
    turned = replace(terms, bands=tuple(reversed(terms.bands)))
    found = {each.entrant.key: each.amount for each in allot(terms, units).allotments}
    again = {each.entrant.key: each.amount for each in allot(turned, dice.sample(units, len(units))).allotments}
    assert found == again
