"""Balancing weights: what is missing of a sum is spread over the lines chosen, exact to 0.01. No database."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

__all__ = ["CannotBalance", "How", "balanced", "shares", "spread"]

HUNDRED, HUNDREDTH = Decimal(100), Decimal("0.01")


class CannotBalance(ValueError):
    """No weights of the chosen lines come to the sum; the sentence is for people."""


class How(StrEnum):
    """How the sum is shared out."""

    EQUALLY = "equally"  # the chosen lines weigh the same: 100 over three is 33.34 + 33.33 + 33.33
    EVENLY = "evenly"  # each takes the same share of what is missing, or too much, on top of its weight
    IN_PROPORTION = "in_proportion"  # each keeps its proportion to the others


def balanced(weights: Sequence[Decimal], total: Decimal, how: How) -> list[Decimal]:
    """Weights in the same order which sum to `total` exactly, each with two places and none below 0.

    Raises CannotBalance when nothing is chosen or `total` is below 0.
    """
    if not weights:
        raise CannotBalance("nothing is chosen")
    if total < 0:
        raise CannotBalance("the others weigh too much")
    weights = [Decimal(weight) for weight in weights]
    if how is How.IN_PROPORTION and any(weights):
        return shares(total, weights)
    if how is How.EVENLY:
        return _evenly(weights, total)
    return shares(total, [Decimal(1)] * len(weights))


def shares(total: Decimal, parts: Sequence[Decimal]) -> list[Decimal]:
    """`total` shared out in proportion to `parts`, in hundredths; what is left over goes to the largest remainders."""
    whole = sum(parts)
    exact = [total * part / whole for part in parts]
    cut = [each.quantize(HUNDREDTH, ROUND_DOWN) for each in exact]
    left = int((total - sum(cut)) / HUNDREDTH)
    # The first of equal remainders: 33.34 stands before 33.33.
    by_remainder = sorted(range(len(parts)), key=lambda place: (cut[place] - exact[place], place))
    for place in by_remainder[:left]:
        cut[place] += HUNDREDTH
    return cut


def _evenly(weights: list[Decimal], total: Decimal) -> list[Decimal]:
    """Each gets the same share of the difference; one that would fall below 0 stays at 0, and the others bear its part."""
    bearing = list(range(len(weights)))
    while True:
        difference = total - sum((weights[place] for place in bearing), Decimal(0))
        sign = 1 if difference >= 0 else -1
        given = shares(abs(difference), [Decimal(1)] * len(bearing))
        found = {place: weights[place] + sign * share for place, share in zip(bearing, given, strict=True)}
        below = {place for place, weight in found.items() if weight < 0}
        if not below:
            return [found.get(place, Decimal(0)) for place in range(len(weights))]
        bearing = [place for place in bearing if place not in below]


def spread(leaves, dimensions, weights, chosen, how):
    """{line's id: weight} of the chosen leaves, so that each dimension with a fixed weight comes to it, and all to 100.

    `leaves`: NumberedLines; `weights`: {id: the weight it now has}; `chosen`: ids. Raises CannotBalance.
    """
    weights, fixed = dict(weights), {each.label: each.weight for each in dimensions if each.weight is not None}
    groups = {}
    for each in leaves:
        if each.line.pk in chosen:
            groups.setdefault(_nearest(each.line.dimension.label, fixed), []).append(each.line.pk)
    # What is fixed further down is settled before what it counts in.
    for label in sorted(groups, key=len, reverse=True):
        members = groups[label]
        others = sum(
            weights[each.line.pk]
            for each in leaves
            if _is_in(each.line.dimension.label, label) and each.line.pk not in members
        )
        found = balanced([weights[pk] for pk in members], fixed.get(label, HUNDRED) - others, how)
        weights.update(zip(members, found, strict=True))
    return {pk: weights[pk] for members in groups.values() for pk in members}


def _nearest(label, fixed):
    """The dimension with a fixed weight that the one with this label is, or is part of; "" for none: the whole."""
    while label and label not in fixed:
        label = label.rpartition(".")[0]
    return label


def _is_in(label, other):
    return not other or label == other or label.startswith(f"{other}.")
