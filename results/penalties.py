"""What the reports that a unit didn't send, or sent late, take off the score of every line in its evaluation.

The unit's own claim isn't lowered by it: the evaluator's score is, visibly, as a step of its working.
"""

from django.utils.translation import gettext as _

from indicators.scoring import Penalty
from results.reports import reports_of
from results.round_state import is_late


def penalties(agreement):
    """A Penalty for each such report, in the order of the rounds.

    Asked once the final report is certified, and so without a day: what was not sent by then was missed.
    """
    found = ((each.round, _why(each)) for each in reports_of(agreement))
    return tuple(Penalty(round.penalty, why) for round, why in found if why and round.penalty)


def _why(report):
    name = {"round": report.round.name}
    if report.sent_at is None and not report.round.is_final:
        return _("no report of %(round)s") % name
    return _("late report of %(round)s") % name if is_late(report) else ""
