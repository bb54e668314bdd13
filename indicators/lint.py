"""What a careful reader would say of an indicator's sheet: refusals, which keep it from being submitted, and advice.

Pure: a sheet in plain values in, findings out, each with the name of its rule and the field that mends it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indicators.criteria import Criteria, Kind
from indicators.flaws import Flaw, Rule
from indicators.scale import Scale
from indicators.scoring import Direction
from thai.numbers import grouped_number

NAMES: dict[Rule, Promise] = {
    Rule.LEVELS_GIVEN: _("each level says what it asks for"),
    Rule.LEVELS_COUNTABLE: _("values can be counted"),
    Rule.LEVELS_DIFFER: _("levels differ"),
    Rule.MONOTONE: _("values run one way"),
    Rule.NO_GAP: _("no gap between bands"),
    Rule.NO_OVERLAP: _("no overlap of bands"),
    Rule.DESCRIPTIONS_GIVEN: _("levels are described"),
    Rule.ITEMS_GIVEN: _("what is counted is listed"),
    Rule.ITEM_WEIGHTS: _("weights of all items or of none"),
    Rule.FITS_SCALE: _("criteria fit the scale"),
    Rule.SUPERIOR_NAMED: _("the superior's indicator is named"),
    Rule.TARGET_ON_CRITERIA: _("target on the criteria"),
    Rule.WEIGHT_IN_RANGE: _("weight in range"),
    Rule.TARGET_ABOVE_LAST_YEAR: _("target better than last year"),
    Rule.DATA_SOURCE_GIVEN: _("data source named"),
}
# Kinds whose result is a score, or yes or no: a target in the unit of measure says nothing there.
_NO_TARGET = (Kind.SUPERIOR, Kind.PASS_FAIL)


@dataclass(frozen=True)
class Sheet:
    """What is looked at. `weight_range`: what the framework leaves for one line, (least, most), None for no end."""

    criteria: Criteria
    scale: Scale
    weight: Decimal
    target: Decimal | None = None
    last_year: Decimal | None = None
    reason: str = ""
    data_source: str = ""
    weight_range: tuple[Decimal | None, Decimal | None] = (None, None)
    names_superior: bool = True


@dataclass(frozen=True)
class Finding:
    """`is_refusal`: the sheet can't be submitted with it; else it is advice."""

    rule: Rule
    is_refusal: bool
    sentence: str
    field: str

    @property
    def name(self) -> str:
        """The rule in words."""
        return str(NAMES[self.rule])


def lint(sheet: Sheet) -> list[Finding]:
    """Everything to be said of the sheet, refusals first."""
    refused = [*_data_source(sheet), *_no_weight(sheet), *_criteria(sheet)]
    found = [_finding(flaw, is_refusal=True) for flaw in refused]
    # As long as the criteria can't measure anything, nothing can be said of a target on them.
    if not sheet.criteria.flaws():
        found += [_finding(flaw, is_refusal=True) for flaw in (*_target_below(sheet), *_target_reached(sheet))]
        found += [_finding(flaw, is_refusal=False) for flaw in _target_between(sheet)]
    return [*found, *(_finding(flaw, is_refusal=False) for flaw in _weight_out_of_range(sheet))]


def _finding(flaw: Flaw, *, is_refusal: bool) -> Finding:
    return Finding(flaw.rule, is_refusal, flaw.sentence, flaw.field)


def _data_source(sheet: Sheet) -> Iterator[Flaw]:
    if not sheet.data_source.strip():
        yield Flaw(Rule.DATA_SOURCE_GIVEN, gettext("No data source and method yet."), "data_source")


def _no_weight(sheet: Sheet) -> Iterator[Flaw]:
    if sheet.weight <= 0:
        yield Flaw(Rule.WEIGHT_IN_RANGE, gettext("No weight yet."), "weight")


def _criteria(sheet: Sheet) -> Iterator[Flaw]:
    yield from sheet.criteria.flaws()
    if sheet.criteria.kind is Kind.SUPERIOR and not sheet.names_superior:
        sentence = gettext("The superior's indicator whose score is taken is not named yet.")
        yield Flaw(Rule.SUPERIOR_NAMED, sentence, "carries_line")


def _target_below(sheet: Sheet) -> Iterator[Flaw]:
    """A target that would not even reach level 1, or that no result can ever be."""
    if sheet.target is None or sheet.criteria.kind in _NO_TARGET:
        return
    if sheet.criteria.level_reached(sheet.target, sheet.scale) is None:
        sentence = gettext("The target (%(target)s) does not reach level 1 of the criteria.")
        yield Flaw(Rule.TARGET_ON_CRITERIA, sentence % {"target": grouped_number(sheet.target)}, "target")


def target_reached(criteria: Criteria, target: Decimal | None, last_year: Decimal | None) -> bool:
    """Is the target one that last year's result already reached?"""
    if target is None or last_year is None or criteria.flaws():
        return False
    return last_year <= target if criteria.direction is Direction.LOWER else last_year >= target


def _target_reached(sheet: Sheet) -> Iterator[Flaw]:
    if target_reached(sheet.criteria, sheet.target, sheet.last_year) and not sheet.reason.strip():
        sentence = gettext("The target is not above last year's result; give the reason.")
        yield Flaw(Rule.TARGET_ABOVE_LAST_YEAR, sentence, "low_target_reason")


def _target_between(sheet: Sheet) -> Iterator[Flaw]:
    """A target that is the value of no level, or lies beyond the last one."""
    knots = sheet.criteria.knots
    if sheet.target is None or not knots or sheet.target in knots or sheet.criteria.kind in _NO_TARGET:
        return
    words, reached = {"target": grouped_number(sheet.target)}, sheet.criteria.level_reached(sheet.target, sheet.scale)
    if reached == len(knots):
        sentence = gettext("The target (%(target)s) lies beyond the last level: it need not be reached for full marks.")
        yield Flaw(Rule.TARGET_ON_CRITERIA, sentence % words, "target")
    elif reached and not sheet.criteria.is_stepped:
        sentence = gettext("The target (%(target)s) is the value of no level; often it is that of level %(middle)s.")
        words["middle"] = str(len(knots) // 2 + 1)
        yield Flaw(Rule.TARGET_ON_CRITERIA, sentence % words, "target")


def _weight_out_of_range(sheet: Sheet) -> Iterator[Flaw]:
    least, most = sheet.weight_range
    if sheet.weight <= 0:
        return
    if most is not None and sheet.weight > most:
        sentence = gettext("The weight is above %(most)s, which is all there is in its dimension.")
        yield Flaw(Rule.WEIGHT_IN_RANGE, sentence % {"most": grouped_number(most, 2)}, "weight")
    if least is not None and sheet.weight < least:
        sentence = gettext("The weight is below the least advised, %(least)s.")
        yield Flaw(Rule.WEIGHT_IN_RANGE, sentence % {"least": grouped_number(least, 2)}, "weight")
