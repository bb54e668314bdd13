"""Frozen scores that don't come out again, for who looks after them: planning offices and system administrators."""

from orgunits.reach import reach_of
from orgunits.roles import Role
from orgunits.tree import descendants
from results.models import ScoreAlarm


def score_alarms(user, at):
    """The alarms that stand on agreements of the units in the person's reach; of nobody else's, and in no query."""
    units = reach_of(user, at).units(Role.PLANNER, Role.ADMINISTRATOR)
    if not units:
        return []
    found = ScoreAlarm.objects.filter(settled_at=None, snapshot__agreement__unit__in=descendants(units))
    return list(found.select_related("snapshot__agreement__unit", "snapshot__agreement__fiscal_year"))
