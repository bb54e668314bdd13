"""Who is named for a line: its overseer, and its collectors. A standing by the line itself, wherever the person serves.

It counts once the agreement is in force: before that a name on a sheet is a draft's.
"""

from dataclasses import dataclass

from django.db.models import BooleanField, F, Q, Value

from agreements.models import Line, LineCollector
from agreements.stages import IN_FORCE

_CACHE = "_agreements_named"


@dataclass(frozen=True)
class OfLine:
    """The ids of the lines of one agreement that somebody oversees, and collects; among the latter, carrying the score."""

    oversees: frozenset[int] = frozenset()
    collects: frozenset[int] = frozenset()
    carries: frozenset[int] = frozenset()

    def __bool__(self):
        return bool(self.lines)

    @property
    def lines(self):
        return self.oversees | self.collects


NOT_NAMED = OfLine()


def named_in(user, agreement):
    """What `user` is to the lines of `agreement`, in one query; remembered on the user's instance as their reach is."""
    if agreement.stage not in IN_FORCE or not user.is_active:
        return NOT_NAMED
    remembered = user.__dict__.setdefault(_CACHE, {})
    if agreement.pk not in remembered:
        remembered[agreement.pk] = _named(user, agreement)
    return remembered[agreement.pk]


def _named(user, agreement):
    no, overseen = Value(False, BooleanField()), Line.objects.filter(agreement=agreement, overseer=user)
    collected = LineCollector.objects.filter(line__agreement=agreement, user=user).order_by()
    overseen = overseen.order_by().values_list("pk", Value(True, BooleanField()), no)
    rows = list(overseen.union(collected.values_list("line_id", no, F("carries_score")), all=True))
    return OfLine(
        frozenset(line for line, oversees, _carries in rows if oversees),
        frozenset(line for line, oversees, _carries in rows if not oversees),
        frozenset(line for line, _oversees, carries in rows if carries),
    )


def naming(user):
    """A condition on lines: those that name `user`."""
    return Q(overseer=user) | Q(pk__in=LineCollector.objects.filter(user=user).order_by().values("line"))
