"""What counts in a total once lines are taken out of it by decision. Pure: weights come in, weights go out.

A line's weight leaves the total, so that the others are divided by what is left, or goes to another line by name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Excluded:
    """A line (by its key) that is out of the total, where its weight goes (None: nowhere), and by which order."""

    key: int
    to: int | None = None
    order_number: str = ""
    reason: str = ""


def weights_after(weights: Mapping[int, Decimal], excluded: Iterable[Excluded]) -> dict[int, Decimal]:
    """{key: weight} of the lines that count: what was moved is added where it goes, what was not has left."""
    excluded = tuple(excluded)
    out = {each.key for each in excluded}
    left = {key: weight for key, weight in weights.items() if key not in out}
    for each in excluded:
        if each.to is not None:
            left[each.to] += weights[each.key]
    return left


def problem(
    weights: Mapping[int, Decimal], excluded: Iterable[Excluded], new: Excluded, numbers: Mapping[int, str]
) -> str:
    """Why `new` can't be taken out besides those that are out already, as a sentence; "" if it can. `numbers` by key."""
    excluded = tuple(excluded)
    out = {each.key for each in excluded}
    if new.key in out:
        return _("Indicator %(number)s is out of the total already.") % {"number": numbers[new.key]}
    if new.to == new.key:
        return _("The weight of an indicator can't go to itself.")
    if new.to in out:
        words = {"number": numbers[new.to]}
        return _("The weight can't go to indicator %(number)s, which is out of the total itself.") % words
    if new.key in {each.to for each in excluded}:
        words = {"number": numbers[new.key]}
        return _("Indicator %(number)s carries the weight of another one; take that back first.") % words
    if sum(weights_after(weights, (*excluded, new)).values()) <= 0:
        return _("At least one indicator with a weight must stay in the total.")
    return ""
