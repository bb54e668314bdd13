"""Every write to the tree of units, under one lock and together with its closure; questions about its shape.

django-mptt keeps left and right edges by shifting other rows: two writers at once corrupt it, so each takes the lock
first. The closure answers "above" and "below" by plain indexed ids, where the edges would scan.
"""

from collections import defaultdict
from contextlib import contextmanager
from itertools import chain

from django.db import connection, transaction
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from orgunits.models import OrgUnit, UnitClosure

# Any number will do, as long as nothing else in the database asks for the same one.
TREE_LOCK = 7_264_001


@contextmanager
def tree_lock():
    """A transaction in which nobody else writes the tree. Read what you decide on inside it."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])
        # SQLite: the transaction is IMMEDIATE, the write lock is held from its first statement.
        yield


def add_unit(*, code, parent, by, at, **fields):
    """A new unit, last below `parent` (None: a root). `fields` as in OrgUnit. Recorded; returns the unit."""
    with acting(by, at=at) as record, tree_lock():
        unit = OrgUnit(code=code, parent=parent, **fields)
        unit.full_clean()
        place_new(unit, parent)
        record("orgunits.add_unit", unit, change={"parent": ["", parent.code if parent else ""]})
        return unit


def move_unit(unit, new_parent, *, by, at):
    """Put a unit, with all below it, last below another; refused where it would be below itself. Recorded."""
    with acting(by, at=at) as record, tree_lock():
        unit = OrgUnit.objects.select_related("parent").get(pk=unit.pk)
        if unit.external or new_parent.external:
            raise Refused([Refusal(_("External bodies stand outside the tree; nothing is moved there or from there."))])
        if unit.pk in ancestor_ids(new_parent.pk):
            raise Refused([Refusal(_("A unit cannot be placed below itself or below a unit of its own."))])
        old = unit.parent.code if unit.parent else ""
        place_elsewhere(unit, new_parent)
        record("orgunits.move_unit", unit, change={"parent": [old, new_parent.code]})
        return unit


def place_new(unit, parent):
    """Insert an unsaved unit with its closure rows. For holders of the lock."""
    unit.parent = OrgUnit.objects.get(pk=parent.pk) if parent else None
    unit.save(force_insert=True)
    above = UnitClosure.objects.filter(descendant=unit.parent).values_list("ancestor_id", "depth")
    rows = [(ancestor, depth + 1) for ancestor, depth in above] if parent else []
    UnitClosure.objects.bulk_create(
        UnitClosure(ancestor_id=ancestor, descendant=unit, depth=depth) for ancestor, depth in [(unit.pk, 0), *rows]
    )
    return unit


def place_elsewhere(unit, new_parent):
    """Move a saved unit, with the closure rows of all below it. For holders of the lock."""
    unit.move_to(OrgUnit.objects.get(pk=new_parent.pk), "last-child")
    below = dict(UnitClosure.objects.filter(ancestor=unit).values_list("descendant_id", "depth"))
    above = UnitClosure.objects.filter(descendant=new_parent).values_list("ancestor_id", "depth")
    UnitClosure.objects.filter(descendant__in=below).exclude(ancestor__in=below).delete()
    UnitClosure.objects.bulk_create(
        UnitClosure(ancestor_id=ancestor, descendant_id=descendant, depth=up + 1 + down)
        for ancestor, up in above
        for descendant, down in below.items()
    )


def plant(units):
    """Insert many unsaved units at once, each last below its `parent`, which may be one of them; returns them.

    Edges are computed for all and written with the rows, as a bulk insert passes mptt by. For holders of the lock.
    """
    present = _all_units()
    edges = _edges_by_parents([*present, *units])
    for unit in (unit for unit in present if _edges_of(unit) != edges[unit.code]):
        OrgUnit.objects.filter(pk=unit.pk).update(**dict(zip(_EDGES, edges[unit.code], strict=True)))
    for unit in units:
        for name, value in zip(_EDGES, edges[unit.code], strict=True):
            setattr(unit, name, value)
    for level in sorted({unit.level for unit in units}):
        OrgUnit.objects.bulk_create([unit for unit in units if unit.level == level])
    parents = _parents([*present, *units])
    ids = {unit.code: unit.pk for unit in [*present, *units]}
    UnitClosure.objects.bulk_create(
        UnitClosure(ancestor_id=ids[above], descendant=unit, depth=depth)
        for unit in units
        for depth, above in enumerate(_line_up(unit.code, parents))
    )
    return units


def ancestor_ids(unit_id):
    """Ids of the unit and of every unit above it."""
    return frozenset(UnitClosure.objects.filter(descendant=unit_id).values_list("ancestor_id", flat=True))


def descendants(unit_ids):
    """Ids of the units and of every unit below them, as a queryset for `__in`."""
    return UnitClosure.objects.filter(ancestor__in=unit_ids).values("descendant_id")


def path(unit):
    """The units from the root down to this one, for breadcrumbs (ตร. › สตม. › บก.ตม.1). One query."""
    return list(OrgUnit.objects.filter(closure_below__descendant=unit).order_by("-closure_below__depth"))


def lines_up(*units):
    """{unit id: the units from the root down to it} of several units, in one query."""
    rows = UnitClosure.objects.filter(descendant__in=units).select_related("ancestor").order_by("-depth")
    found = {unit.pk: [] for unit in units}
    for row in rows:
        found[row.descendant_id].append(row.ancestor)
    return found


def command_of(unit):
    """The command (tier 2) that a unit is or lies in; None above that, and outside the tree.

    By the tree alone: for a division of the Commissioner-General's office that is the office itself.
    """
    return OrgUnit.objects.filter(closure_below__descendant=unit, tier=2, external=False).first()


def check_tree():
    """What is wrong with the tree, in sentences; nothing when edges and closure are as the parents say."""
    units = _all_units()
    return list(chain(_wrong_edges(units), _wrong_closure(units)))


def _wrong_edges(units):
    tree_ids = [unit.tree_id for unit in units if unit.parent is None]
    if len(set(tree_ids)) != len(tree_ids):
        yield _("Two trees of units share one number.")
    edges = _edges_by_parents(units)
    for unit in units:
        if unit.code not in edges:
            yield _("Unit %(code)s cannot be reached from the top of the tree.") % {"code": unit.code}
        elif _edges_of(unit) != edges[unit.code]:
            yield _("Unit %(code)s has wrong edges in the tree.") % {"code": unit.code}


def _wrong_closure(units):
    parents = _parents(units)
    expected = {(above, code, depth) for code in parents for depth, above in enumerate(_line_up(code, parents))}
    stored = UnitClosure.objects.values_list("ancestor__code", "descendant__code", "depth")
    for upper, lower, _depth in sorted(expected.symmetric_difference(stored)):
        yield _("The closure is wrong between units %(upper)s and %(lower)s.") % {"upper": upper, "lower": lower}


# The columns by which mptt knows the tree.
_EDGES = ("tree_id", "lft", "rght", "level")


def _all_units():
    """Every unit with its parent at hand, in the tree's order."""
    return list(OrgUnit.objects.select_related("parent").order_by("tree_id", "lft"))


def _edges_of(unit):
    return tuple(getattr(unit, name) for name in _EDGES)


def _edges_by_parents(units):
    """What `_EDGES` must be, by code: from the parents alone, siblings in the order given. Circles are left out."""
    children = defaultdict(list)
    for unit in units:
        children[unit.parent and unit.parent.code].append(unit)
    edges, last_tree = {}, 0
    for root in children[None]:
        last_tree = root.tree_id or last_tree + 1
        _number(root, children, edges, tree_id=last_tree, left=1, level=0)
    return edges


def _number(unit, children, edges, *, tree_id, left, level):
    """Fill `edges` for a unit and all below it; returns its right edge."""
    right = left + 1
    for child in children[unit.code]:
        right = _number(child, children, edges, tree_id=tree_id, left=right, level=level + 1) + 1
    edges[unit.code] = (tree_id, left, right, level)
    return right


def _parents(units):
    """The code of each unit's parent (None: a root), by its own."""
    return {unit.code: unit.parent and unit.parent.code for unit in units}


def _line_up(code, parents):
    """The unit and those above it; stops at a circle, which is reported as unreachable."""
    line = []
    while code is not None and code not in line:
        line.append(code)
        code = parents[code]
    return line
