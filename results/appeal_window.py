"""The days in which a unit may appeal against its released scores: until when, and moved off holidays."""

from datetime import timedelta

from agreements.stages import Stage
from fiscal.holidays import days_off, workday_from
from results.models import Evaluation


def last_day(fiscal_year, on):
    """The last day to appeal against scores released on the day `on`, by the setting of their year."""
    day = on + timedelta(days=fiscal_year.appeal_days)
    return workday_from(day, days_off()) if fiscal_year.moves_off_holidays else day


def move_windows(fiscal_year):
    """Move the last days that have become holidays on to the next working day; returns those that moved.

    They never move back: the unit was told until when.
    """
    if not fiscal_year.moves_off_holidays:
        return []
    off, moved = days_off(), []
    running = Evaluation.objects.filter(
        report__agreement__fiscal_year=fiscal_year, report__agreement__stage=Stage.APPEAL
    ).exclude(appeal_until=None)
    for evaluation in running.order_by("pk"):
        until = workday_from(evaluation.appeal_until, off)
        if until != evaluation.appeal_until:
            evaluation.appeal_until = until
            evaluation.save(update_fields=["appeal_until"])
            moved.append(evaluation)
    return moved
