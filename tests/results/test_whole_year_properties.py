"""What holds of every whole year, whatever was signed, reported, found, taken off and taken out. No database."""

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from types import SimpleNamespace
from unittest.mock import patch

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agreements.freeze import canonical
from indicators.scoring import Penalty
from results.exclusions import Excluded, problem, weights_after
from results.models import Finding, Result
from results.recompute import differences
from results.scores import FindingRow, Row, as_agreed, card_of, final_scores, unit_card

FEW = settings(max_examples=60, deadline=None)
FIVE_LEVELS = {"scale": ["five"], "floor": ["0", "1"], "cap": [None, "4.5"], "fail": [None, "0"]}
THREE_LEVELS = {"scale": ["three"], "floor": ["0", "50"], "cap": [None, "95"], "fail": [None, "25"]}
TOPS = {"milestone": 5, "count": 7, "cumulative": 7, "pass_fail": 1}
SIDES = ("unit", "evaluator")

weights = st.decimals(min_value="0.01", max_value=60, places=2)
figures = st.decimals(min_value=-400, max_value=400, places=2)
points = st.decimals(min_value=0, max_value=5, places=4)


@dataclass(frozen=True)
class Year:
    """`signed`: as a snapshot says it. `reported`, `found`: {key: result or None}."""

    signed: dict
    reported: dict
    found: dict
    penalties: tuple = ()
    excluded: tuple = ()

    @property
    def agreed(self):
        return as_agreed(self.signed).without(self.excluded)

    @property
    def weights(self):
        return {line["key"]: Decimal(line["weight"]) for line in self.signed["lines"]}

    def card(self):
        """The evaluator's card."""
        agreed = self.agreed
        return card_of([self._row(agreed, line) for line in agreed.lines], agreed)

    def _row(self, agreed, line):
        result = Result(line_id=line.key, value=self.reported[line.key])
        finding = Finding(line_id=line.key, value=self.found[line.key])
        unit = Row(line, result, *agreed.score(line, result.value), ())
        scored = agreed.score(line, finding.value, self.penalties)
        return FindingRow(line, finding, *scored, unit, self.penalties)

    def frozen(self):
        """What would be frozen of it, as it is read again."""
        evaluation = SimpleNamespace(report=SimpleNamespace(agreement=SimpleNamespace(code="ค.1")))
        text = SimpleNamespace(sha256="0" * 64)
        with (
            patch("results.scores.evaluation_card", return_value=self.card()),
            patch("results.scores.text_of", return_value=text),
        ):
            return json.loads(canonical(final_scores(evaluation)))

    def scores(self):
        """{key: the evaluator's score}."""
        return {row.line.key: row.score for row in self.card().rows}

    def total(self):
        total = self.card().total
        return total and total.score


@st.composite
def frameworks(draw):
    edges = draw(st.sampled_from([FIVE_LEVELS, THREE_LEVELS]))
    chosen = {name: draw(st.sampled_from(values)) for name, values in edges.items()}
    over = draw(st.sampled_from(["in_force", "reported"]))
    return chosen | {"places": draw(st.integers(2, 4)), "denominator": over, "dimensions": []}


@st.composite
def signed_lines(draw, key, levels):
    """(line as signed, a strategy of its results)."""
    kinds = ["quantitative", "targets", "pass_fail"] if levels == 3 else ["quantitative", "bands", *TOPS]
    kind = draw(st.sampled_from(kinds))
    values, uppers, items = [None] * levels, [None] * levels, []
    results = st.integers(0, TOPS.get(kind, 0)).map(Decimal)
    if kind not in TOPS:
        values, results = draw(st.lists(st.integers(-300, 300), min_size=levels, max_size=levels, unique=True)), figures
        values = sorted(values, reverse=draw(st.booleans()))
    if kind == "bands":
        values, uppers, results = *_bands(values), st.integers(-400, 400).map(Decimal)
    if kind in ("count", "cumulative"):
        items = [{"symbol": "", "text": f"รายการ {place}", "unit": "", "weight": ""} for place in range(TOPS[kind])]
    line = {
        "key": key,
        "number": str(key),
        "dimension": "1",
        "name": f"ตัวชี้วัด {key}",
        "unit_of_measure": "ร้อยละ",
        "weight": str(draw(weights)),
        "target": None,
        "past": [{"value": None}],
        "kind": kind,
        "levels": [_text(value) for value in values],
        "uppers": [_text(value) for value in uppers],
        "level_texts": [f"ขั้นที่ {number}" for number in range(levels)],
        "items": items,
    }
    return line, results


def _bands(values):
    """Whole numbers without a gap, the outermost open."""
    if values[0] < values[-1]:
        return [None, *values[1:]], [*(value - 1 for value in values[1:]), None]
    return [*(value + 1 for value in values[1:]), None], [None, *values[1:]]


def _text(value):
    return None if value is None else str(value)


@st.composite
def years(draw):
    """Some lines are not reported; some are found to be otherwise; some are out of the total, as it could be decided."""
    framework = draw(frameworks())
    levels = 3 if framework["scale"] == "three" else 5
    drawn = [draw(signed_lines(key, levels)) for key in range(1, draw(st.integers(1, 5)) + 1)]
    reported = {line["key"]: draw(st.none() | results if draw(st.booleans()) else results) for line, results in drawn}
    found = {line["key"]: reported[line["key"]] if draw(st.booleans()) else draw(results) for line, results in drawn}
    off = tuple(Penalty(each, "ไม่ส่งรายงาน") for each in draw(st.lists(points, max_size=2)))
    signed = {"framework": framework, "lines": [line for line, _results in drawn]}
    year = Year(signed, reported, found, off)
    return replace(year, excluded=draw(decisions(year.weights)))


@st.composite
def decisions(draw, weights):
    numbers, made = {key: str(key) for key in weights}, ()
    wanted = st.tuples(st.sampled_from(list(weights)), st.sampled_from([None, *weights]))
    for key, to in draw(st.lists(wanted, max_size=3)):
        if not problem(weights, made, Excluded(key, to), numbers):
            made = (*made, Excluded(key, to, "ตร. 1/2570", "ตามมติ"))
    return made


def _better(line, value, by):
    """A better result of the same line, as far as there is one."""
    top = TOPS.get(line.kind)
    if top:
        return min(value + by, Decimal(top))
    return value - by if line.criteria.direction == "lower" else value + by


@FEW
@given(years(), st.data(), st.integers(1, 200))
def test_a_better_result_never_lowers_the_total_nor_any_score(year, data, by):
    known = [key for key, value in year.found.items() if value is not None]
    assume(known)
    key = data.draw(st.sampled_from(known))
    better = _better(year.agreed.line(key), year.found[key], by)

    after = replace(year, found=year.found | {key: better})

    assert after.scores()[key] >= year.scores()[key]
    assert {k: v for k, v in after.scores().items() if k != key} == {k: v for k, v in year.scores().items() if k != key}
    assert year.total() is None or after.total() >= year.total()


@FEW
@given(years(), st.data())
def test_over_all_weights_a_result_where_there_was_none_never_lowers_the_total(year, data):
    key = data.draw(st.sampled_from(sorted(year.found)))
    assume(year.signed["framework"]["denominator"] == "in_force" and year.found[key] is not None)

    without = replace(year, found=year.found | {key: None})

    assert year.total() is None or (without.total() or 0) <= year.total()


@FEW
@given(years(), st.randoms(use_true_random=False))
def test_the_order_of_lines_decisions_and_penalties_is_irrelevant(year, dice):
    signed = year.signed | {"lines": dice.sample(year.signed["lines"], len(year.signed["lines"]))}
    excluded = tuple(dice.sample(year.excluded, len(year.excluded)))
    penalties = tuple(dice.sample(year.penalties, len(year.penalties)))

    shuffled = replace(year, signed=signed, excluded=excluded, penalties=penalties)

    assert shuffled.scores() == year.scores()
    assert shuffled.total() == year.total()
    one, other = unit_card(shuffled.card()).total, unit_card(year.card()).total
    assert (one and (one.score, one.denominator)) == (other and (other.score, other.denominator))


@FEW
@given(years())
def test_excluded_weight_is_conserved_and_what_is_out_brings_nothing(year):
    left = sum((year.weights[each.key] for each in year.excluded if each.to is None), Decimal(0))
    card = year.card()

    assert year.agreed.weight_total + left == sum(year.weights.values())
    assert card.weight_total == year.agreed.weight_total == sum(weights_after(year.weights, year.excluded).values())
    if card.total:
        unscored = sum((row.line.weight for row in card.rows if row.line.counts and row.score is None), Decimal(0))
        over_all = year.signed["framework"]["denominator"] == "in_force"
        assert card.total.denominator == card.weight_total - (0 if over_all else unscored)
    out = {each.key for each in year.excluded}
    assert all(card.contribution(row) is None for row in card.rows if row.line.key in out)


@FEW
@given(years(), st.data())
def test_what_an_excluded_line_comes_to_changes_no_total(year, data):
    assume(year.excluded)
    key = data.draw(st.sampled_from([each.key for each in year.excluded]))

    assert replace(year, found=year.found | {key: None}).total() == year.total()


@FEW
@given(years())
def test_what_is_frozen_comes_out_again(year):
    assert differences(year.frozen(), year.signed) == []


@FEW
@given(years(), st.data())
def test_a_frozen_score_that_was_moved_by_the_last_place_is_found(year, data):
    frozen = year.frozen()
    sides = [line[side] for line in frozen["lines"] for side in SIDES if line[side]["score"]]
    places = [*sides, *(frozen[name] for name in ("total", "unit_total") if frozen[name])]
    assume(places)
    moved = data.draw(st.sampled_from(places))
    moved["score"] = str(Decimal(moved["score"]) + Decimal("0.0001"))

    assert differences(frozen, year.signed)


@FEW
@given(years(), points)
def test_a_penalty_never_lifts_and_leaves_the_units_own_claim(year, more):
    after = replace(year, penalties=(*year.penalties, Penalty(more, "ส่งล่าช้า")))

    for key, score in year.scores().items():
        assert score is None or after.scores()[key] <= score
        assert score is None or score - more <= after.scores()[key]
    assert year.total() is None or after.total() <= year.total()
    assert unit_card(after.card()).total == unit_card(year.card()).total


@FEW
@given(years())
def test_a_total_over_all_that_is_reported_lies_between_the_lines_scores(year):
    card = year.card()
    scores = [row.score for row in card.rows if row.line.counts]
    assume(scores and None not in scores)

    assert year.agreed.scale.round(min(scores)) <= card.total.score <= year.agreed.scale.round(max(scores))
