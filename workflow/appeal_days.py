"""The days to appeal end by themselves: the pen passes from the head, who let them pass, to the superior, who closes."""

from django.utils import timezone

from acts.engine import Conflict, Refused, move
from acts.log import THE_SYSTEM
from agreements.models import Agreement
from agreements.stages import Pen, Stage
from workflow.due import overdue
from workflow.lifecycle import TABLE


def end_appeal_days(*, at):
    """Pass the pen to the superior wherever the days to appeal are over without an appeal. Returns those agreements."""
    waiting = Agreement.objects.filter(overdue(timezone.localdate(at)), stage=Stage.APPEAL, pen=Pen.HEAD)
    found = (_end(agreement, at) for agreement in waiting.order_by("pk"))
    return [agreement for agreement in found if agreement]


def _end(agreement, at):
    """None where somebody was quicker: the head accepted, or the superior closed."""
    try:
        return move(TABLE, agreement, "end_appeal_days", actor=THE_SYSTEM, at=at, version=agreement.version)
    except (Conflict, Refused):
        return None
