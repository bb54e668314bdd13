"""งานของฉัน: what waits for a person, and what they wait for; for the whole list at once."""

from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, Prefetch
from django.utils import timezone

from agreements.models import Agreement
from agreements.stages import Stage
from agreements.standing import awaiting, taking_part
from desk.turn import Turn, turn_facts, turn_of
from results.models import Report

# More than this is looked through in the list of agreements, which can be leafed and filtered.
SHOWN_AT_MOST = 50


@dataclass(frozen=True)
class Task:
    """An agreement on the desk, with the turn that it is at."""

    agreement: Agreement
    turn: Turn


def inbox(user, at):
    """(what waits for the person, what they wait for): Tasks, the most urgent first."""
    on = timezone.localdate(at)
    open_ones = Agreement.objects.filter(taking_part(user, at)).exclude(stage=Stage.CLOSED)
    found = list(with_turns(open_ones, user, at).order_by("-mine", "pen_since")[: 2 * SHOWN_AT_MOST])
    urgent = sorted(
        as_tasks(found, on=on), key=lambda task: (task.turn.due is None, task.turn.due or on, task.turn.since)
    )
    mine = [task for task in urgent if task.agreement.mine]
    theirs = [task for task in urgent if not task.agreement.mine]
    return mine[:SHOWN_AT_MOST], theirs[:SHOWN_AT_MOST]


def with_turns(agreements, user, at):
    """The queryset with all that `as_tasks` reads; `mine`: is it the person's turn; `reads`: may they read the text?"""
    reports = Prefetch("reports", Report.objects.select_related("round"))
    mine = ExpressionWrapper(awaiting(user, at), BooleanField())
    shown = agreements.for_list().with_reading(user, at).annotate(mine=mine, **turn_facts())
    return shown.prefetch_related("fiscal_year__deadlines", reports)


def as_tasks(agreements, *, on):
    """Agreements of `with_turns` as Tasks; a closed one is at nobody's turn."""
    return [Task(each, turn_of(each, on=on)) for each in agreements]
