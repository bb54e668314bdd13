"""A year's framework of one level as its pages show it: how it scores, who uses it, and two of them side by side."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from django.utils.translation import gettext as _

from agreements.rules import range_words
from desk.years_page import level_names, title_of
from indicators.dimensions import labels, weights
from indicators.frameworks import content_of
from indicators.models import Framework
from indicators.scale import scale_of
from thai.dates import shown_year
from thai.numbers import fixed_number, grouped_number
from workflow.opening import used_by

USERS_SHOWN = 12


def rules_in_words(rules):
    """[(what, how)] of a framework's ScoringRules."""
    scale = scale_of(rules.scale, floor=rules.floor, cap=rules.cap, fail=rules.fail_score)
    return [
        (_("scale"), Framework.ScaleName(rules.scale).label),
        (_("score of a result below level 1"), grouped_number(rules.floor)),
        (_("highest score"), grouped_number(scale.top if rules.cap is None else rules.cap)),
        (_("score of a fail"), grouped_number(scale.failing)),
        (_("decimals of scores"), str(rules.places)),
        (_("what a total is divided by"), Framework.OverWeights(rules.denominator).label),
    ]


@dataclass(frozen=True)
class Users:
    """The agreements that use a framework: how many; those of the units overseen, each with: may the person open it?"""

    count: int
    shown: list

    @property
    def others(self):
        return self.count - len(self.shown)


def users_of(fiscal_year, tier, units, reader, at):
    """The Users of a year's framework; `units`: those whose years the reader may look at."""
    agreements = used_by(fiscal_year, tier)
    overseen = agreements.filter(unit__in=units).for_list().order_by("unit__tree_id", "unit__lft")
    shown = list(overseen[:USERS_SHOWN])
    ids = [each.pk for each in shown]
    known = set(agreements.visible_to(reader, at).filter(pk__in=ids).values_list("pk", flat=True))
    return Users(agreements.count(), [(each, each.pk in known) for each in shown])


# Two side by side


@dataclass(frozen=True)
class Row:
    """What two frameworks say of one thing; "" where one of them doesn't know it."""

    label: str
    left: str
    right: str
    depth: int = 0

    @property
    def differs(self):
        return self.left != self.right


@dataclass(frozen=True)
class Comparison:
    """Two frameworks: their titles, how they score, and their dimensions, those that go together in one row.

    `shorts`: the titles where there is little room.
    """

    left: str
    right: str
    shorts: tuple[str, str]
    rules: list
    dimensions: list

    @property
    def differing(self):
        """How many rows differ."""
        return sum(row.differs for row in (*self.rules, *self.dimensions))


def comparison(left, right):
    """The Comparison of two Frameworks, each with its fiscal year."""
    mine, theirs = content_of(left), content_of(right)
    words = zip(rules_in_words(mine.rules), rules_in_words(theirs.rules), strict=True)
    rules = [Row(label, how, other) for (label, how), (_label, other) in words]
    dimensions = _dimensions(mine.dimensions, theirs.dimensions)
    return Comparison(_title(left), _title(right), (_short(left), _short(right)), rules, dimensions)


def _title(framework):
    return f"{title_of(framework.fiscal_year.year)} · {level_names().get(framework.tier, framework.tier)}"


def _short(framework):
    level = _("Level %(tier)s") % {"tier": framework.tier}
    return f"{shown_year(framework.fiscal_year.year)} · {level}"


def _dimensions(left, right):
    """Dimensions of one name go together, in the order of both; those in between by their order."""
    names = [part.name for part in left], [part.name for part in right]
    mine, theirs = _in_words(left), _in_words(right)
    found = []
    for _op, i, j, k, m in SequenceMatcher(None, *names, autojunk=False).get_opcodes():
        for one, other in zip_longest(range(i, j), range(k, m)):
            depth = left[one].depth if one is not None else right[other].depth
            found.append(Row("", "" if one is None else mine[one], "" if other is None else theirs[other], depth))
    return found


def _in_words(parts):
    names, weighed = labels([part.depth for part in parts]), weights(parts)
    return [_dimension(label, part, bounds) for label, part, bounds in zip(names, parts, weighed, strict=True)]


def _dimension(label, part, bounds):
    """1.2 Quality · 15.00"""
    if part.is_range:
        weight = range_words(part.low, part.high)
    else:
        weight = fixed_number(bounds.low, 2) if bounds and bounds.is_fixed else ""
    return " · ".join(filter(None, (f"{label} {part.name}", weight)))
