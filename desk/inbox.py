"""งานของฉัน: what waits for a person, and what they wait for; for the whole list at once."""

from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, Prefetch
from django.utils import timezone

from agreements.models import Agreement
from agreements.stages import Stage
from agreements.standing import awaiting, taking_part
from desk.amendment_page import STAGE_KINDS
from desk.amendment_turn import amendment_turn
from desk.turn import Turn, turn_facts, turn_of
from results.models import Report
from workflow.amending_turns import amendments_taken_part_in, in_the_hand_of, with_last_refusal
from workflow.escalation import escalated_to
from workflow.models import Amendment

# More than this is looked through in the list of agreements, which can be leafed and filtered.
SHOWN_AT_MOST = 50


@dataclass(frozen=True)
class Task:
    """An agreement on the desk, with the turn that it is at; or an amendment of one, with its own turn."""

    agreement: Agreement
    turn: Turn
    amendment: Amendment | None = None

    @property
    def mine(self):
        return (self.amendment or self.agreement).mine

    @property
    def reads(self):
        """May the person read the agreement? Who takes part in an amendment may."""
        return self.amendment is not None or self.agreement.reads

    @property
    def stage(self):
        """(what the stage is called, the kind of its badge)"""
        thing = self.amendment or self.agreement
        return thing.get_stage_display(), STAGE_KINDS[thing.stage] if self.amendment else thing.stage


def inbox(user, at):
    """(what waits for the person, what they wait for): Tasks, the most urgent first."""
    on = timezone.localdate(at)
    open_ones = Agreement.objects.filter(taking_part(user, at)).exclude(stage=Stage.CLOSED)
    found = list(with_turns(open_ones, user, at).order_by("-mine", "pen_since")[: 2 * SHOWN_AT_MOST])
    amending = amendments_with_turns(amendments_taken_part_in(user, at), user, at).order_by("-mine", "pen_since")
    tasks = [*as_tasks(found, on=on), *amendment_tasks(amending[: 2 * SHOWN_AT_MOST])]
    urgent = sorted(tasks, key=lambda task: (task.turn.due is None, task.turn.due or on, task.turn.since))
    mine = [task for task in urgent if task.mine]
    theirs = [task for task in urgent if not task.mine]
    return mine[:SHOWN_AT_MOST], theirs[:SHOWN_AT_MOST]


def escalated(user, at):
    """The Tasks of others that are late for so long that a post of the person's was told, the longest held first."""
    told = with_turns(escalated_to(user, at), user, at).order_by("pen_since", "pk")[:SHOWN_AT_MOST]
    return as_tasks(told, on=timezone.localdate(at))


def with_turns(agreements, user, at):
    """The queryset with all that `as_tasks` reads; `mine`: is it the person's turn; `reads`: may they read the text?"""
    reports = Prefetch("reports", Report.objects.select_related("round"))
    mine = ExpressionWrapper(awaiting(user, at), BooleanField())
    shown = agreements.for_list().with_reading(user, at).annotate(mine=mine, **turn_facts())
    return shown.prefetch_related("fiscal_year__deadlines", reports)


def as_tasks(agreements, *, on):
    """Agreements of `with_turns` as Tasks; a closed one is at nobody's turn."""
    return [Task(each, turn_of(each, on=on)) for each in agreements]


def amendments_with_turns(amendments, user, at):
    """The queryset of open amendments with all that `amendment_tasks` reads; `mine`: is it the person's turn?"""
    mine = ExpressionWrapper(in_the_hand_of(user, at), BooleanField())
    return with_last_refusal(amendments.for_list()).annotate(mine=mine)


def amendment_tasks(amendments):
    """Open amendments of `amendments_with_turns` as Tasks."""
    return [Task(each.agreement, amendment_turn(each), each) for each in amendments]
