"""The unit's action plan as a form: its outline row by row, and the blanks for what can be added, where it would stand."""

from dataclasses import dataclass
from itertools import zip_longest

from agreements.forms import opening_name
from agreements.models import PlanItem


@dataclass(frozen=True)
class Adding:
    """A blank for a new item under `parent` (its id; 0: the plan itself), which is called `under`."""

    kind: str
    label: str
    parent: int
    under: str
    fields: tuple

    @property
    def is_open(self):
        """Is something in it, or wrong with it?"""
        return any(field.errors or field.value() for field in self.fields)


@dataclass(frozen=True)
class Row:
    """One item: its fields, the version that the page was made from, and the blanks behind it, a group for each parent."""

    number: str
    item: PlanItem
    depth: int
    fields: tuple
    version_name: str
    version: object
    adding: tuple


def rows(form):
    """The items as the plan is read. What can be added to an issue or a goal stands behind the last thing in it."""
    found, path = [], {}
    then_depths = [depth for _number, _item, depth in form.items[1:]]
    for (number, item, depth), then in zip_longest(form.items, then_depths, fillvalue=0):
        path[depth] = item, f"{item.get_kind_display()} {number}"
        ended = [(level, *path[level]) for level in (1, 0) if then <= level <= depth]
        adding = tuple((level + 1, additions(form, each, called)) for level, each, called in ended)
        found.append(_row(form, number, item, depth, adding))
    return found


def _row(form, number, item, depth, adding):
    fields = tuple(form[name] for name in form.fields_of(item))
    return Row(number, item, depth, fields, form.version_name(item), form.version_shown(item), adding)


def additions(form, parent, called=""):
    """The blanks under `parent`, which is called so; None: under the plan itself."""
    return tuple(_adding(form, kind, parent, called) for kind in PlanItem.kinds_under(parent))


def _adding(form, kind, parent, called):
    name = opening_name(kind, parent)
    fields = tuple(form[each] for each in (name, f"{name}-target") if each in form.fields)
    return Adding(kind.value, kind.label, parent.pk if parent else 0, called, fields)
