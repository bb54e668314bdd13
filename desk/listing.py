"""The list of agreements: what a person may know of, as filtered, with whose turn each is at."""

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from agreements.models import Agreement, Line
from agreements.standing import awaiting, taking_part
from desk.inbox import with_turns
from orgunits.models import OrgUnit
from orgunits.tree import descendants
from thai.numbers import to_arabic, to_thai
from workflow.due import overdue

# Latest year first, in it by the tree.
BY_YEAR_AND_TREE = ("-fiscal_year__year", "unit__tree_id", "unit__lft")
# Nobody leafs through more; who looks for something further down filters.
SHOWN_AT_MOST = 1000


class Listing:
    """The agreements that `user` may know of and that fit `wanted` (cleaned data of ListingForm), for a paginator.

    Which they are is asked first, by ids alone; what is shown of a page is then read for those few.
    """

    def __init__(self, user, wanted, *, at):
        self.user, self.at = user, at
        self.rows = Agreement.objects.filter(*_conditions(user, wanted, at=at))

    def count(self):
        """How many can be leafed through."""
        return len(self._ids[:SHOWN_AT_MOST])

    @property
    def more_than(self):
        """How many can be leafed through, where that isn't all of them."""
        return SHOWN_AT_MOST if len(self._ids) > SHOWN_AT_MOST else None

    def __getitem__(self, part):
        shown = Agreement.objects.filter(pk__in=self._ids[part])
        return with_turns(shown, self.user, self.at).order_by(*BY_YEAR_AND_TREE)

    @cached_property
    def _ids(self):
        return self.rows.first_visible_to(self.user, self.at, SHOWN_AT_MOST + 1)


def _conditions(user, wanted, *, at):
    for name, condition in CONDITIONS.items():
        value = wanted.get(name)
        if value:
            yield condition(value, user, at)


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
