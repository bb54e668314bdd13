"""100,000 random cases, scored twice: by the product and by a plain scorer in Fractions that shares no code with it."""

import ast
import random
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate
from pathlib import Path

from indicators.scale import FIVE
from indicators.scoring import contribution, interpolate, round_score, score_total, weighted_mean
from tests.indicators import naive_scorer

CASES = 100_000
LINES_OF_AN_AGREEMENT = 8


def units(number, places):
    return Decimal(number).scaleb(-places)


def steps(chance, width):
    """Four steps between five levels, equal or not, in units of the last place."""
    return [width] * 4 if chance.random() < 0.3 else [chance.randint(1, width) for _ in range(4)]


def anywhere(chance):
    """Levels and a result of everyday size; the result may lie outside, or exactly on a level."""
    levels = list(accumulate(steps(chance, chance.choice([3, 50, 7000])), initial=chance.randint(-5000, 100_000)))
    if chance.random() < 0.2:
        return levels, chance.choice(levels)
    width = levels[-1] - levels[0]
    return levels, chance.randint(levels[0] - width // 4 - 1, levels[-1] + width // 4 + 1)


def on_the_brink(chance):
    """A result whose score lies on the half of the fourth place, or as close beside it as its digits allow."""
    width = chance.choice([20_000, 60_000, 10**6 + 3, 10**13 + 37])
    levels = list(accumulate([width] * 4, initial=chance.randint(-(10**6), 10**6)))
    half = width * (2 * chance.randrange(10_000) + 1) // 20_000
    return levels, chance.choice(levels[:4]) + half + chance.choice([0, 0, 1, -1])


def case(chance):
    """Levels 1 to 5, a result and a floor; both directions, negative values too."""
    levels, actual = (on_the_brink if chance.random() < 0.4 else anywhere)(chance)
    sign, places = chance.choice([1, -1]), chance.choice([0, 1, 2, 4])
    return [units(sign * level, places) for level in levels], units(sign * actual, places), chance.choice([0, 1])


def test_every_score_contribution_and_total_is_the_same_to_the_last_place():
    chance = random.Random(2559)
    lines = []
    for number in range(CASES):
        levels, actual, floor = case(chance)
        score = round_score(interpolate(levels, actual, replace(FIVE, floor=Decimal(floor))))
        assert str(score) == naive_scorer.printed(naive_scorer.score(levels, actual, floor)), (levels, actual, floor)
        lines.append((units(chance.randint(1, 5000), 2), score))
        if number % LINES_OF_AN_AGREEMENT == 0:
            agrees_in_total(lines)
            lines = []


def agrees_in_total(lines):
    weights, scores = zip(*lines, strict=True)
    expected = naive_scorer.mean(weights, scores)
    total = score_total(lines)
    assert str(round_score(weighted_mean(lines))) == str(total.score) == naive_scorer.printed(expected), lines
    for weight, score in lines:
        share = naive_scorer.mean([weight, sum(weights) - weight], [score, 0])
        assert str(contribution(weight, score, sum(weights))) == naive_scorer.printed(share), lines


def test_the_cases_reach_every_corner():
    chance = random.Random(2559)
    seen = set()
    for _ in range(5000):
        levels, actual, floor = case(chance)
        exact = naive_scorer.score(levels, actual, floor)
        reached = "below" if exact == floor and actual not in levels else "top" if exact == 5 else "between"
        seen.add((levels[0] < levels[-1], reached, floor))
        seen.add("half" if (exact * 20_000) % 2 == 1 else "not half")
        seen.add("negative" if min(levels) < 0 else "positive")
    assert {
        (up, where, floor) for up in (True, False) for where in ("below", "top", "between") for floor in (0, 1)
    } < seen
    assert {"half", "not half", "negative", "positive"} < seen


def test_the_second_scorer_shares_no_code_with_the_first():
    tree = ast.parse(Path(naive_scorer.__file__).read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"fractions", "math"}
    assert not any(isinstance(node, ast.Import) for node in ast.walk(tree))
