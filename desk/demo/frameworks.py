"""Frameworks of the demonstration: how dimensions are weighed has changed with the years, and differs by level.

The dimensions that indicators stand in are the same throughout (desk.demo.indicators.DIMENSIONS); what they are parts of
differs. Invented (ข้อมูลสมมติเพื่อการสาธิต).
"""

from decimal import Decimal

from desk.demo.indicators import DIMENSIONS
from indicators.dimensions import Part
from indicators.frameworks import Content, ScoringRules

NAMES = {
    1: "ระดับสำนักงานตำรวจแห่งชาติ",
    2: "ระดับกองบัญชาการหรือเทียบเท่า",
    3: "ระดับกองบังคับการหรือเทียบเท่า",
}
_NAME = {number: name for number, name, _weight in DIMENSIONS}
_WEIGHT = {number: Decimal(weight) for number, _name, weight in DIMENSIONS}


def _fixed(number, depth=0):
    return Part(_NAME[number], _WEIGHT[number], depth)


def _advised(number, low, high):
    return Part(_NAME[number], None, 0, Decimal(low), Decimal(high))


# Four dimensions side by side, each with its weight.
FOUR = tuple(_fixed(number) for number in _NAME)
# The same four, their weights left to the negotiation within bounds.
RANGES = (_advised(1, 55, 65), _advised(2, 10, 20), _advised(3, 5, 15), _advised(4, 10, 20))
# Performance 70 and potential 30.
PERFORMANCE_AND_POTENTIAL = (
    Part("ผลการปฏิบัติราชการ", Decimal(70)),
    _fixed(1, 1),
    _fixed(3, 1),
    Part("ศักยภาพการปฏิบัติราชการ", Decimal(30)),
    _fixed(2, 1),
    _fixed(4, 1),
)
# The outside and the inside, as in older years.
OUTSIDE_AND_INSIDE = (
    Part("มิติภายนอก", Decimal(75)),
    _fixed(1, 1),
    _fixed(2, 1),
    Part("มิติภายใน", Decimal(25)),
    _fixed(3, 1),
    _fixed(4, 1),
)
# level → its dimensions, in recent years and in older ones
RECENT = {1: RANGES, 2: PERFORMANCE_AND_POTENTIAL, 3: FOUR}
OLDER = {1: OUTSIDE_AND_INSIDE, 2: OUTSIDE_AND_INSIDE, 3: OUTSIDE_AND_INSIDE}
ALIKE = dict.fromkeys(NAMES, FOUR)
# level → how its results are scored, where that isn't as usual: this year ตร. is held against three targets.
THREE_TARGETS = {1: ScoringRules(scale="three", floor=Decimal(50))}


def content(year, tier, dimensions, rules=None):
    """The framework of a year and level with these dimensions; scored by the rules, or in the usual way."""
    name = f"กรอบการประเมินผลการปฏิบัติราชการ {NAMES[tier]} ประจำปีงบประมาณ พ.ศ. {year}"
    return Content(name, dimensions, rules or ScoringRules())
