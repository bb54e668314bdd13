"""The sum of an agreement's weights, ready for the bar."""

from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from agreements.rules import HUNDRED
from thai.numbers import fixed_number


def weight_bar(agreement):
    """What templates/parts/weight_bar.html needs: total, state, and the sentence."""
    total = agreement.lines.aggregate(total=Sum("weight"))["total"] or Decimal(0)
    difference = fixed_number(abs(HUNDRED - total), 2)
    if total < HUNDRED:
        state, said = "under", _("short of 100 by %(amount)s") % {"amount": difference}
    elif total > HUNDRED:
        state, said = "over", _("over 100 by %(amount)s") % {"amount": difference}
    else:
        state, said = "exact", _("exactly 100")
    return {"total": fixed_number(total, 2), "state": state, "said": said}
