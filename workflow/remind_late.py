"""Reminding those who are late (ทวงผู้ค้างส่ง): one letter to whoever holds the pen of each late agreement below a unit.

Who may: the planning office of the agreement's unit or of one above it; of its counterpart the negotiators, the
evaluators and the superior. Of what they may know of alone, never of what waits for themselves, and once a day for each
agreement, whoever reminds.
"""

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acts.jobs import queue
from acts.log import acting
from acts.refusals import Conflict, Refusal, Refused
from agreements.models import Agreement
from agreements.models.sight import any_of
from agreements.stages import Stage
from agreements.standing import As, awaiting, those_where
from orgunits.reach import reach_of
from orgunits.roles import Role
from orgunits.tree import descendants
from thai.dates import clock_time
from workflow.due import day_due, overdue
from workflow.models import Reminder, Reminding
from workflow.reminders import in_whose_hand

REMIND = "workflow.remind"
# One press reminds the latest of so many; the others can be reminded next.
MOST = 30
BY_ROLE = (Role.PLANNER, Role.NEGOTIATOR, Role.EVALUATOR)
ACROSS = (As.NEGOTIATOR, As.EVALUATOR, As.SUPERIOR)
RULE = gettext_lazy(
    "Those who are late are reminded by the planning office of their unit or of one above it, and by the negotiators, "
    "evaluators and superior whom the agreement is made with; once a day for each agreement."
)


def may_remind_at_all(user, at):
    """Refusal unless the person has a right or a post by which somebody is reminded."""
    reach = reach_of(user, at)
    if reach.units(*BY_ROLE) or reach.posts:
        return None
    return Refusal(_("You look over these agreements, and remind nobody of them."), rule=RULE)


def may_remind(user, at):
    """A condition on agreements: those whose hand `user` may remind, late or not, so far as they know of them."""
    planned = Q(unit_id__in=descendants(reach_of(user, at).units(Role.PLANNER)))
    return any_of([planned, *(those_where(user, role, at) for role in ACROSS)])


def reminded_on():
    """The day on which an agreement was last reminded of, as an expression: a date, or NULL."""
    return Subquery(Reminder.objects.filter(agreement=OuterRef("pk")).order_by("-day").values("day")[:1])


def late_ones(user, unit, year, at):
    """The late agreements of a year at and below a unit that `user` may remind of, the latest first.

    Each knows `day_due` and `reminded_on`.
    """
    on = timezone.localdate(at)
    known = Agreement.objects.visible_to(user, at).filter(fiscal_year__year=year, unit_id__in=descendants([unit.pk]))
    late = known.exclude(stage=Stage.CLOSED).filter(overdue(on), may_remind(user, at)).exclude(awaiting(user, at))
    return late.for_list().annotate(day_due=day_due(on), reminded_on=reminded_on()).order_by("day_due", "code")


def remind(unit, year, codes, *, actor, at, idempotency=""):
    """Remind the hands of those late agreements whose code is in `codes`. Returns the Reminding.

    Raises Refused; Conflict where nothing of it is late any more, or all was reminded of today already.
    """
    with acting(actor, at=at, idempotency=idempotency) as record:
        refusal = may_remind_at_all(actor, at)
        if refusal:
            raise Refused([refusal])
        held = _held(late_ones(actor, unit, year, at).filter(code__in=codes)[:MOST], at)
        made = Reminding.objects.create(by=actor, by_name=actor.short_name_with_rank, unit=unit, at=at)
        new = [each for each, people in held if _remind(made, each, people, record)]
        if not new:
            raise Conflict(_already(each for each, _people in held))
        if settings.MAILS_GO_OUT:
            queue(REMIND, key=str(made.pk), reminding=made.pk)
    return made


def _held(late, at):
    """[(agreement, people)] of those that somebody holds."""
    found = [(each, in_whose_hand(each, at)) for each in late]
    if not found:
        raise Conflict(_("Nothing of what was chosen is late any more. Nobody was reminded."))
    held = [pair for pair in found if pair[1]]
    if not held:
        raise Conflict(_("Nobody holds the post or the role whose turn it is, so nobody can be reminded."))
    return held


def _remind(made, agreement, people, record):
    """Whether it was put on record: not where somebody reminded of it today."""
    day = timezone.localdate(made.at)
    columns = {"reminding": made, "pen_since": agreement.pen_since, "due": agreement.day_due}
    _row, new = Reminder.objects.get_or_create(agreement=agreement, day=day, defaults=columns)
    if new:
        names = ", ".join(each.short_name_with_rank for each in people)
        record("remind", agreement, change={"due": agreement.day_due}, text=names)
    return new


def _already(agreements):
    """That they were reminded of today, when last and by whom."""
    last = Reminder.objects.filter(agreement__in=[each.pk for each in agreements]).select_related("reminding")
    last = last.order_by("-reminding__at").first().reminding
    said = {"time": clock_time(last.at), "who": last.by_name}
    return (
        _("They have been reminded today: last at %(time)s by %(who)s. Each agreement is reminded of once a day.")
        % said
    )
