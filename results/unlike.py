"""A result many times off the figures that it is scored by: likely given in another unit of measure, 0.86 for 86 %.

Advice alone: it is said where the figure is typed and to the evaluator, and keeps nothing from being saved or sent.
"""

from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.criteria.kinds import Kind
from thai.numbers import plain_number

# The kinds whose result and levels are in the indicator's own unit of measure.
IN_ITS_UNIT = (Kind.QUANTITATIVE, Kind.BANDS, Kind.TARGETS)
# So many times above the highest of the figures, or below the lowest, is no accident of the year.
TIMES = 10


def unlike(line, value: Decimal | None) -> str:
    """What is odd about `value` as a result of `line` (an AgreedLine), as a sentence; "" if nothing. Zero is never odd."""
    if not value or line.kind not in IN_ITS_UNIT:
        return ""
    figures = [abs(each) for each in (*line.levels, line.target) if each]
    if not figures or min(figures) / TIMES < abs(value) < max(figures) * TIMES:
        return ""
    sentence = _(
        "%(value)s is more than ten times off the figures of the criteria (%(low)s to %(high)s). "
        "Is it given in the unit of measure “%(unit)s”?"
    )
    told = {"value": value, "low": min(figures), "high": max(figures)}
    words = {name: plain_number(each) for name, each in told.items()}
    return sentence % (words | {"unit": line.unit_of_measure})
