"""The sum of an agreement's weights, ready for the bar, and what each dimension has of it."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from agreements.rules import HUNDRED, leaf_lines, range_words, weights_of_dimensions
from indicators.models import Dimension
from thai.numbers import fixed_number


def weight_bar(agreement):
    """What templates/parts/weight_bar.html needs: total, state, and the sentence."""
    total = sum((each.weight for each in leaf_lines(agreement)), Decimal(0))
    difference = fixed_number(abs(HUNDRED - total), 2)
    if total < HUNDRED:
        state, said = "under", _("short of 100 by %(amount)s") % {"amount": difference}
    elif total > HUNDRED:
        state, said = "over", _("over 100 by %(amount)s") % {"amount": difference}
    else:
        state, said = "exact", _("exactly 100")
    return {"total": fixed_number(total, 2), "state": state, "said": said}


def by_dimension(agreement):
    """What the lines of each dimension weigh together, beside what the framework gives it: [DimensionWeight]."""
    return [DimensionWeight(dimension, got) for dimension, got in weights_of_dimensions(agreement)]


@dataclass(frozen=True)
class DimensionWeight:
    """A dimension and the sum of its lines' weights."""

    dimension: Dimension
    got: Decimal

    @property
    def is_right(self):
        return self.dimension.weight in (None, self.got)

    @property
    def is_as_advised(self):
        return self.dimension.advises(self.got)

    @property
    def range(self):
        return range_words(self.dimension.weight_min, self.dimension.weight_max)
