"""The organisation as a tree that opens bit by bit, and the search in it.

Everybody signed in may look about: which units there are, and where, is public knowledge inside. Four queries, however
many units there are: what the person's own units are, the way down to them, and the units shown.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from desk.scope import scope_of
from desk.search import Found, paged, paths_of, units_bearing
from orgunits.models import Belonging, OrgUnit, UnitClosure
from thai.found import Piece, pieces

# Of the units below one unit, before "more".
AT_ONCE = 100


@dataclass(frozen=True)
class Node:
    """A unit in the tree. `below`: what is shown below it, None while it is closed."""

    unit: OrgUnit
    is_own: bool = False
    is_sought: bool = False
    below: "Branch | None" = None


@dataclass(frozen=True)
class Branch:
    """The units below one unit (None: those on top), as far as they are shown; `page`: the last that was asked for."""

    upper: OrgUnit | None
    nodes: tuple[Node, ...]
    in_all: int
    page: int = 1
    starts_here: bool = True

    @property
    def shown(self):
        """How many of them stand on the page by now."""
        return min(self.page * AT_ONCE, self.in_all)

    @property
    def has_more(self):
        return self.shown < self.in_all

    @property
    def next_page(self):
        return self.page + 1

    @property
    def first(self):
        """The unit that the next to be read stands on."""
        return self.nodes[0].unit if self.nodes else None

    @cached_property
    def apart(self):
        """Units on the way to one's own that lie beyond what is shown so far: they stand after "more"."""
        return tuple(node for node in self.nodes if node.unit.place > self.shown)

    @property
    def own(self):
        """One's own units, wherever they stand in what is shown."""
        for node in self.nodes:
            if node.is_own:
                yield node.unit
            if node.below:
                yield from node.below.own

    @property
    def in_line(self):
        return tuple(node for node in self.nodes if node not in self.apart)


@dataclass(frozen=True)
class Hit:
    """A unit found: the units above it, its names in pieces, and what else it was found by."""

    unit: OrgUnit
    path: tuple[OrgUnit, ...]
    name: list[Piece]
    short_name: list[Piece]
    other_name: list[Piece]


def own_units(user, at):
    """Ids of the units that a person belongs to, or has a right or post on."""
    belonging = Belonging.objects.filter(user=user).values_list("unit", flat=True)
    return set(scope_of(user, at)) | set(belonging)


def tree(user, at, *, code="", page=1):
    """(Branch of the organisation's top, Branch of external bodies): open on the way to one's own units and to `code`.

    The unit `code` is open itself, with `page` pages of what is below it.
    """
    own = own_units(user, at)
    way = _way(own, code)
    opened = {unit for unit, depth, lower in way if depth or lower == code}
    on_the_way = {unit for unit, _depth, _lower in way}
    wanted = Q(parent__isnull=True) | Q(parent__parent__isnull=True) | Q(parent__in=opened)
    shown = Q(place__lte=AT_ONCE) | Q(pk__in=on_the_way) | Q(parent__code=code, place__lte=AT_ONCE * page)
    units = list(placed(timezone.localdate(at)).filter(wanted).filter(shown))
    by_parent = {}
    for unit in units:
        by_parent.setdefault(unit.parent_id, []).append(unit)
    tops = by_parent.get(None, [])
    pages = {code: page}
    inside = [_node(unit, by_parent, own, code, pages) for unit in tops if not unit.external]
    outside = [Node(unit, unit.pk in own, unit.code == code) for unit in tops if unit.external]
    return Branch(None, tuple(inside), len(inside)), Branch(None, tuple(outside), len(outside))


def below(unit, user, at, *, page=1, but=()):
    """One page of the Branch below a unit, all of it closed; without the units of the codes `but`, shown already."""
    own, first = own_units(user, at), (page - 1) * AT_ONCE
    units = placed(timezone.localdate(at)).filter(parent=unit, place__gt=first, place__lte=first + AT_ONCE)
    found = [each for each in units if each.code not in but]
    nodes = tuple(Node(each, each.pk in own) for each in found)
    return Branch(unit, nodes, found[0].in_all if found else 0, page, starts_here=page == 1)


def _way(own, code):
    """[(unit, how far above, code of the unit below)] of the units at and above one's own and that of `code`."""
    rows = UnitClosure.objects.filter(Q(descendant__in=own) | Q(descendant__code=code))
    return list(rows.values_list("ancestor", "depth", "descendant__code"))


def placed(on):
    """Units that there are on the day, in order: the `place` of each below its parent, of how many `in_all`; `count_below`."""
    beside = {"partition_by": F("parent")}
    units = OrgUnit.objects.in_force(on)
    return units.annotate(
        place=Window(RowNumber(), order_by=("tree_id", "lft"), **beside),
        in_all=Window(Count("pk"), **beside),
        count_below=_count_below(on),
    ).order_by("tree_id", "lft")


def _count_below(on):
    rows = OrgUnit.objects.in_force(on).filter(parent=OuterRef("pk")).order_by()
    return Coalesce(Subquery(rows.values("parent").annotate(count=Count("pk")).values("count")), 0)


def _node(unit, by_parent, own, code, pages):
    children = by_parent.get(unit.pk, [])
    nodes = tuple(_node(child, by_parent, own, code, pages) for child in children)
    branch = Branch(unit, nodes, children[0].in_all, pages.get(unit.code, 1)) if children else None
    return Node(unit, unit.pk in own, unit.code == code, branch)


def find(words, at, *, page=1):
    """Found with a Hit for each unit that bears all the words, those with just this abbreviation or code first."""
    units = paged(
        units_bearing(words).filter(pk__in=OrgUnit.objects.in_force(timezone.localdate(at)).values("pk")), page
    )
    paths = paths_of(units.rows)
    return Found(units.count, units.page_number, [_hit(unit, paths, words) for unit in units.rows])


def _hit(unit, paths, words):
    found = {
        name: pieces(text, words)
        for name, text in (
            ("name", unit.name),
            ("short_name", unit.short_name),
            ("other_name", unit.name_en if unit.name == unit.name_th else unit.name_th),
        )
    }
    return Hit(unit, paths.get(unit.pk, ()), **found)
