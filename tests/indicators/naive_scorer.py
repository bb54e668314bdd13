"""A second scorer to hold the first one against: in Fractions, as plain as can be, sharing no code with it."""

from fractions import Fraction
from math import floor


def score(levels, actual, below):
    """Between two levels in proportion; `below` when level 1 isn't reached."""
    levels, actual = [Fraction(level) for level in levels], Fraction(actual)
    if levels[0] > levels[-1]:
        levels, actual = [-level for level in levels], -actual
    if actual < levels[0]:
        return Fraction(below)
    for number in range(1, len(levels)):
        low, high = levels[number - 1], levels[number]
        if actual < high:
            return number + (actual - low) / (high - low)
    return Fraction(len(levels))


def mean(weights, scores):
    return sum(Fraction(w) * Fraction(s) for w, s in zip(weights, scores, strict=True)) / sum(map(Fraction, weights))


def printed(value):
    """4 decimals, half up."""
    tens_of_thousands = floor(value * 10_000 + Fraction(1, 2))
    return f"{tens_of_thousands // 10_000}.{tens_of_thousands % 10_000:04d}"
