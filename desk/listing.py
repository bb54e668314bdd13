"""The list of agreements: what a person may know of, as filtered, with whose turn each is at."""

from django.db.models import Q
from django.utils import timezone

from agreements.models import Agreement, Line
from agreements.standing import awaiting, taking_part
from desk.inbox import with_turns
from orgunits.models import OrgUnit
from orgunits.tree import descendants
from thai.numbers import to_arabic, to_thai
from workflow.due import overdue


def listed(user, wanted, *, at):
    """The agreements that `user` may know of and that fit `wanted` (cleaned data of ListingForm), ready to be shown."""
    found = with_turns(Agreement.objects.visible_to(user, at), user, at)
    for name, condition in CONDITIONS.items():
        value = wanted.get(name)
        if value:
            found = found.filter(condition(value, user, at))
    return found.order_by("-fiscal_year__year", "unit__tree_id", "unit__lft")


def _searched(text, user, at):
    units, lines = Q(), Q()
    for spelled in {text, to_arabic(text), to_thai(text)}:
        units |= Q(name_th__icontains=spelled) | Q(abbr_th__icontains=spelled) | Q(code__iexact=spelled)
        lines |= Q(name__icontains=spelled)
    # An indicator is found only where its text may be read.
    readable = Agreement.objects.readable_by(user, at)
    holding = Line.objects.filter(lines, agreement__in=readable)
    return Q(unit__in=OrgUnit.objects.filter(units)) | Q(pk__in=holding.values("agreement"))


def _turn(whose, user, at):
    mine = awaiting(user, at)
    return mine if whose == "mine" else taking_part(user, at) & ~mine & ~Q(stage="closed")


CONDITIONS = {
    "q": _searched,
    "year": lambda year, user, at: Q(fiscal_year__year=year),
    "stage": lambda stage, user, at: Q(stage=stage),
    "turn": _turn,
    "late": lambda late, user, at: overdue(timezone.localdate(at)),
    "unit": lambda code, user, at: Q(unit__in=descendants(OrgUnit.objects.filter(code=code).values("pk"))),
}
