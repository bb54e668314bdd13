"""The units that a person's rights and posts stand on, and those of them that have units below to look over."""

from django.db.models import Exists, OuterRef

from agreements.models.sight import units_of
from orgunits.models import OrgUnit
from orgunits.reach import reach_of

_CACHE = "_desk_scope"


def scope_of(user, at):
    """{id: unit} of every unit that a right or post of the person stands on, from the top of the tree down.

    Each knows `has_below`: do units that make agreements lie below it? One query, remembered on the instance.
    """
    remembered = getattr(user, _CACHE, None)
    if remembered is None:
        reach = reach_of(user, at)
        ids = {unit_id for _role, unit_id in reach.grants} | {each.post.unit_id for each in reach.posts}
        units = OrgUnit.objects.filter(pk__in=ids).annotate(has_below=Exists(_signing_below()))
        remembered = {unit.pk: unit for unit in units.order_by("tree_id", "lft")} if ids else {}
        setattr(user, _CACHE, remembered)
    return remembered


def _signing_below():
    below = OrgUnit.objects.signing().filter(closure_above__ancestor=OuterRef("pk"), closure_above__depth__gt=0)
    return below.values("pk")


def overview_roots(user, at):
    """The units that a person's overviews begin at: they read there, and there are units below; none within another."""
    readable = units_of(reach_of(user, at))
    roots = []
    for unit in scope_of(user, at).values():
        if unit.pk in readable and unit.has_below and not any(_lies_in(unit, root) for root in roots):
            roots.append(unit)
    return roots


def _lies_in(unit, root):
    return unit.tree_id == root.tree_id and root.lft < unit.lft < root.rght
