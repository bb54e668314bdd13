"""What holds of every score, on any scale and of every kind that climbs from value to value; and of what it is made of."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.criteria import Bands, Count, Cumulative, Projects, Quantitative, Targets, Units
from indicators.criteria.items import Item
from indicators.formula import CannotCompute, parse
from indicators.scale import FIVE, THREE, Scale
from indicators.scoring import CannotScore, Denominator, score_total
from results.inputs import account_of

whole = st.integers(-(10**6), 10**6).map(Decimal)
weights = st.decimals(min_value="0.01", max_value=100, places=2)
figures = st.decimals(min_value=-1000, max_value=1000, places=4)
points = st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=5, max_size=5, unique=True)


@st.composite
def scales(draw):
    """Any five rising points, a floor not above the first, perhaps a cap within them."""
    rising = tuple(sorted(draw(points)))
    cap = draw(st.none() | st.decimals(min_value=str(rising[0]), max_value=str(rising[-1]), places=2))
    floor = draw(st.sampled_from([Decimal(0), rising[0]]))
    return Scale(rising, floor=min(floor, cap) if cap is not None else floor, cap=cap, places=draw(st.integers(2, 6)))


def values(levels):
    return st.lists(whole, min_size=levels, max_size=levels, unique=True).map(lambda found: tuple(sorted(found)))


def bands(knots, sign=1):
    """Bands of whole numbers that are reached at the knots: rising ones at their beginning, falling ones at their end."""
    if sign > 0:
        return Bands(knots, (*(knot - 1 for knot in knots[1:]), None))
    return Bands((*(knot + 1 for knot in knots[1:]), None), knots)


def of_five(knots, sign=1):
    units = (Item("ก"), Item("ข"))
    return {
        "quantitative": Quantitative(knots),
        "bands": bands(knots, sign),
        "projects": Projects(knots, units),
        "units": Units(knots, units),
    }


KINDS = tuple(of_five(tuple(map(Decimal, range(5)))))


@pytest.mark.parametrize("kind", KINDS)
@given(values(5), whole, whole, scales())
def test_a_better_result_never_scores_less_and_none_leaves_the_scale(kind, knots, one, other, scale):
    criteria = of_five(knots)[kind]
    worse, better = (criteria.score(actual, scale).score for actual in sorted((one, other)))
    assert worse <= better
    top = scale.round(scale.capped(scale.top))
    assert scale.round(min(scale.floor, top)) <= worse
    assert better <= top


@pytest.mark.parametrize("kind", KINDS)
@given(values(5), scales())
def test_the_value_of_a_level_scores_exactly_its_points(kind, knots, scale):
    criteria = of_five(knots)[kind]
    scored = [criteria.score(knot, scale).score for knot in knots]
    assert scored == [scale.round(scale.capped(each)) for each in scale.points]


@pytest.mark.parametrize("kind", KINDS)
@given(values(5), whole, scales())
def test_lower_is_better_is_the_mirror_of_higher_is_better(kind, knots, actual, scale):
    mirrored = of_five(tuple(-knot for knot in knots), sign=-1)[kind]
    assert mirrored.score(-actual, scale).score == of_five(knots)[kind].score(actual, scale).score


@given(values(3), whole)
def test_the_three_targets_give_nothing_in_between(knots, actual):
    assert Targets(knots).score(actual, THREE).score in THREE.points


@given(st.sets(st.integers(1, 6)), st.integers(1, 6), st.permutations(range(1, 7)))
def test_one_step_more_never_scores_less_and_the_order_of_reporting_is_irrelevant(done, more, order):
    levels = tuple(map(Decimal, (2, 3, 4, 5, 6)))
    for kind in (Cumulative, Count):
        criteria = kind(levels, tuple(Item(str(number)) for number in range(1, 7)))

        def score(numbers, criteria=criteria):
            found = criteria.result_of({"done": [str(number) for number in numbers]})
            return criteria.score(found, FIVE).score

        ordered = [number for number in order if number in done]
        assert score(sorted(done)) == score(ordered) <= score(done | {more})


parts = st.lists(st.tuples(weights, st.decimals(min_value=0, max_value=5, places=4)), min_size=1, max_size=12)


@given(parts, st.sampled_from([Decimal("0.01"), Decimal(100), Decimal("3.7")]), st.randoms())
def test_weights_are_free_of_scale_and_the_order_of_lines_is_irrelevant(pairs, factor, chance):
    scaled = [(weight * factor, score) for weight, score in pairs]
    chance.shuffle(scaled)
    assert score_total(scaled).score == score_total(pairs).score


@given(parts, weights)
def test_what_is_not_reported_is_no_zero(pairs, unreported):
    """Over what is reported, a line without a result changes nothing; one that scored 0 would."""
    alone = score_total(pairs).score
    assert score_total(pairs, unreported=unreported, over=Denominator.REPORTED).score == alone
    assert score_total([*pairs, (unreported, Decimal(0))]).score <= alone


ONE_TO_FIVE = tuple(map(Decimal, range(1, 6)))


def _projects(rows):
    return Projects(
        ONE_TO_FIVE, tuple(Item(f"โครงการ {place}", f"{weight:f}") for place, (weight, _f) in enumerate(rows))
    )


rows = st.lists(st.tuples(weights, figures), min_size=1, max_size=8)


@given(rows, st.randoms())
def test_the_mean_of_projects_knows_no_order_and_no_scale_of_weights(given_rows, chance):
    mean = _projects(given_rows).result_of({"items": [f"{figure:f}" for _weight, figure in given_rows]})
    shuffled = [(weight * 3, figure) for weight, figure in given_rows]
    chance.shuffle(shuffled)
    assert _projects(shuffled).result_of({"items": [f"{figure:f}" for _weight, figure in shuffled]}) == mean
    assert min(f for _w, f in given_rows) <= mean <= max(f for _w, f in given_rows)


@given(rows, st.data())
def test_a_blank_among_the_figures_is_no_zero(given_rows, data):
    typed = [f"{figure:f}" for _weight, figure in given_rows]
    typed[data.draw(st.integers(0, len(typed) - 1))] = " "
    criteria = _projects(given_rows)
    if len(typed) == 1:
        assert criteria.result_of({"items": typed}) is None
    else:
        assume(any(text.strip() for text in typed))
        with pytest.raises(CannotScore):
            criteria.result_of({"items": typed})


counts = st.integers(1, 10**7).map(Decimal)


@given(counts, counts, st.integers(2, 50).map(Decimal))
def test_a_percentage_is_free_of_the_size_of_what_is_counted(part, base, factor):
    percent = parse("A ÷ B × 100")
    found = percent.evaluate({"A": part, "B": base})
    assert percent.evaluate({"A": part * factor, "B": base * factor}).exact == found.exact
    assert parse("(A ÷ B) × 100").evaluate({"A": part, "B": base}).exact == found.exact
    assert parse("100 × A ÷ B").evaluate({"A": part, "B": base}).exact == found.exact
    assert (
        parse("mean(A, B)").evaluate({"A": part, "B": base}).exact
        == parse("(A + B) ÷ 2").evaluate({"A": part, "B": base}).exact
    )


@given(counts, counts)
def test_a_missing_number_is_told_before_anything_is_computed(part, base):
    formula = parse("if(A > 0, A, B)")
    assert formula.evaluate({"A": part, "B": base}).value == part
    with pytest.raises(CannotCompute):
        formula.evaluate({"A": part, "B": None})


@given(counts, counts, values(5), scales())
def test_the_working_runs_from_the_formula_to_the_score(part, base, knots, scale):
    criteria = Quantitative(knots)
    line = SimpleNamespace(kind="quantitative", criteria=criteria, expression="A ÷ B × 100", items=[])
    account = account_of(line, {"values": {"A": f"{part:f}", "B": f"{base:f}"}}, scale)
    assume(account.value is not None)
    scored = criteria.score(account.value, scale)
    assert account.steps[0].text == "A ÷ B × 100"
    assert f"{account.value:,.4f}".rstrip("0").rstrip(".") in account.steps[-1].text
    assert f"{scored.score:f}".rstrip("0").rstrip(".") in scored.working[-1].text.replace(",", "")
    assert replace(scored, working=()).score == scored.score
