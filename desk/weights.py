"""The sum of an agreement's weights, ready for the bar, and what each dimension has of it."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from agreements.rules import HUNDRED, dimensions_of, lines_of
from indicators.models import Dimension
from thai.numbers import fixed_number


def weight_bar(agreement):
    """What templates/parts/weight_bar.html needs: total, state, and the sentence."""
    total = sum((line.weight for line in lines_of(agreement)), Decimal(0))
    difference = fixed_number(abs(HUNDRED - total), 2)
    if total < HUNDRED:
        state, said = "under", _("short of 100 by %(amount)s") % {"amount": difference}
    elif total > HUNDRED:
        state, said = "over", _("over 100 by %(amount)s") % {"amount": difference}
    else:
        state, said = "exact", _("exactly 100")
    return {"total": fixed_number(total, 2), "state": state, "said": said}


def by_dimension(agreement, numbered):
    """What the lines of each dimension weigh together, beside what the framework gives it: [DimensionWeight]."""
    got = defaultdict(Decimal)
    for each in numbered:
        got[each.line.dimension_id] += each.line.weight
    return [DimensionWeight(each, got[each.pk]) for each in dimensions_of(agreement)]


@dataclass(frozen=True)
class DimensionWeight:
    """A dimension and the sum of its lines' weights."""

    dimension: Dimension
    got: Decimal

    @property
    def is_right(self):
        return self.dimension.weight in (None, self.got)
