"""What is wrong with criteria or a sheet: a sentence, the rule it breaks, and the field that mends it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """The rules that criteria and sheets are held to, by name; in words: `indicators.lint.NAMES`."""

    LEVELS_GIVEN = "levels_given"
    LEVELS_COUNTABLE = "levels_countable"
    LEVELS_DIFFER = "levels_differ"
    MONOTONE = "monotone"
    NO_GAP = "no_gap"
    NO_OVERLAP = "no_overlap"
    DESCRIPTIONS_GIVEN = "descriptions_given"
    ITEMS_GIVEN = "items_given"
    ITEM_WEIGHTS = "item_weights"
    FITS_SCALE = "fits_scale"
    SUPERIOR_NAMED = "superior_named"
    TARGET_ON_CRITERIA = "target_on_criteria"
    WEIGHT_IN_RANGE = "weight_in_range"
    TARGET_ABOVE_LAST_YEAR = "target_above_last_year"
    DATA_SOURCE_GIVEN = "data_source_given"


@dataclass(frozen=True)
class Flaw:
    """`field`: the name of the sheet's field where it can be mended."""

    rule: Rule
    sentence: str
    field: str = ""


def sentences(flaws: Iterable[Flaw]) -> list[str]:
    return [flaw.sentence for flaw in flaws]
