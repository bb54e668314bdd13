"""What holds of every forecast, whatever the criteria, the weights and the results."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from indicators.scale import FIVE
from results.forecast import Cover, Reported, forecast
from tests.results.agreed_by_hand import agreed, line

SCALES = [FIVE, replace(FIVE, floor=Decimal(0)), replace(FIVE, cap=Decimal("4.5"))]
UNITS = ["คดี", "ร้อยละ", "ล้านบาท", "วัน"]
figures = st.decimals(min_value=-500, max_value=500, places=2)
weights = st.decimals(min_value="0.01", max_value=100, places=2)
covers = st.integers(1, 12).map(lambda months: Cover(Decimal(months)))
knots = st.lists(st.integers(-300, 300), min_size=5, max_size=5, unique=True).map(sorted)


@st.composite
def measured(draw, key, scale):
    """(line, result): values or bands, more or less is better."""
    levels, sign = draw(knots), draw(st.sampled_from([1, -1]))
    levels = levels[::sign]
    more = {}
    if draw(st.booleans()):
        joined = [None if later is None else later - sign for later in (*levels[1:], None)]
        bands = ([None, *levels[1:]], joined) if sign > 0 else (joined, [None, *levels[1:]])
        levels, more = bands[0], {"kind": "bands", "uppers": [None if end is None else str(end) for end in bands[1]]}
    made = line(key, draw(weights), draw(st.sampled_from(UNITS)), levels, scale=scale, **more)
    return made, draw(figures)


@st.composite
def stepped(draw, key, scale):
    kind, top = draw(st.sampled_from([("milestone", 5), ("pass_fail", 1), ("count", 9)]))
    levels = [None] * 5
    return line(key, draw(weights), "ระดับ", levels, kind=kind, scale=scale), Decimal(draw(st.integers(0, top)))


@st.composite
def worlds(draw):
    """(what was agreed, {key: what was reported}), some lines without a result."""
    scale = draw(st.sampled_from(SCALES))
    pairs = [draw(measured(key, scale) | stepped(key, scale)) for key in range(1, draw(st.integers(1, 5)) + 1)]
    cover = draw(covers)
    reported = {each.key: Reported(value, cover) for each, value in pairs if draw(st.integers(0, 4))}
    return agreed(*[each for each, _value in pairs], scale=scale), reported


@given(worlds())
def test_the_likely_lies_between_the_worst_and_the_best(world):
    made = forecast(*world)

    assert made.worst <= made.low <= made.high <= made.best
    for each in made.lines:
        assert each.worst <= each.best
        assert each.is_open or each.worst <= each.score <= each.best


@given(worlds(), st.data())
def test_a_better_result_never_lowers_the_likely_total(world, data):
    basis, reported = world
    if not reported:
        return
    key = data.draw(st.sampled_from(sorted(reported)))
    falls = basis.line(key).criteria.direction == "lower"
    better = reported[key].value + data.draw(st.integers(1, 50)) * (-1 if falls else 1)

    before, after = forecast(basis, reported), forecast(basis, reported | {key: replace(reported[key], value=better)})

    if not any(each.problem for each in after.lines):
        assert after.low >= before.low
        assert after.high >= before.high


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing(world, random):
    basis, reported = world
    lines = list(basis.lines)
    random.shuffle(lines)

    made, shuffled = forecast(basis, reported), forecast(agreed(*lines, scale=basis.scale), reported)

    assert (made.worst, made.low, made.high, made.best) == (shuffled.worst, shuffled.low, shuffled.high, shuffled.best)
    assert {each.line.key: each for each in made.lines} == {each.line.key: each for each in shuffled.lines}
    assert made.best_rise == shuffled.best_rise


@given(worlds())
def test_the_next_level_is_reachable_and_brings_something_for_some_effort(world):
    for each in forecast(*world).lines:
        if each.rise:
            assert each.score < each.rise.score <= each.best
            assert each.rise.gain > 0
            assert each.rise.effort > 0


@given(worlds())
def test_when_the_year_is_reported_nothing_is_open_but_what_has_no_result(world):
    basis, reported = world
    made = forecast(basis, {key: replace(each, cover=Cover(Decimal(12))) for key, each in reported.items()})

    for each in made.lines:
        assert each.is_open or each.worst == each.score == each.best
