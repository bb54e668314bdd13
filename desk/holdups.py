"""Who holds things up, and for how long: the agreements under way by the hand that they lie in, the worst first."""

from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from agreements.stages import Stage

SHOWN_AT_MOST = 8


@dataclass(frozen=True)
class Holdup:
    """One hand: how many agreements lie in it, how many are late and by how many days at most, held for how many."""

    holder: str
    count: int
    late: int
    days_late: int
    days_held: int
    mine: bool


def holdups(standings, on):
    """Holdups of desk.overview.Standings, by days past the due date, then by days held; the worst few."""
    open_ones = sorted((each for each in standings if each.agreement.stage != Stage.CLOSED), key=_hand)
    found = [_holdup(list(group), on) for _hand, group in groupby(open_ones, key=_hand)]
    worst_first = sorted(found, key=lambda each: (-each.days_late, -each.days_held, each.holder))
    return tuple(worst_first[:SHOWN_AT_MOST])


def _hand(standing):
    return standing.agreement.pen_unit.pk, standing.agreement.pen


def _holdup(standings, on):
    late = [(on - each.due).days for each in standings if each.late]
    return Holdup(
        holder=standings[0].holder,
        count=len(standings),
        late=len(late),
        days_late=max(late, default=0),
        days_held=max((on - timezone.localdate(each.since)).days for each in standings),
        mine=any(each.agreement.mine for each in standings),
    )
