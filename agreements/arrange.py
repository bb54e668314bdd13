"""Arranging the indicators of a draft: copying one, making it a part of another and back, moving it, all as one saves.

Every verb refuses unless the actor may write; each holds the agreement's row, so no two arrange at once.
"""

from contextlib import contextmanager

from django.utils.translation import gettext as _

from acts.engine import Conflict
from acts.versions import save_seen
from agreements.line_tree import below
from agreements.locks import refuse_locked, refuse_parts
from agreements.models import Line, LineCollector
from agreements.write import difference, writing

# What a copy doesn't take along: itself, what it was carried from, its weight, and the library's hold on it.
OWN = {
    "id", "version", "written_from", "came_from", "position", "weight", "parent", "sheet", "sheet_version", "mandated"
}  # fmt: skip


def save_lines(agreement, changed, *, actor, at, page=""):
    """Save several lines in one act. `changed`: [(line, {column: value}, the version it was read at)]; Stale for the first
    that somebody else saved meanwhile, and then nothing is written."""
    with writing(agreement, actor=actor, at=at) as record:
        for line, changes, version in changed:
            before, _after, really = save_seen(line, changes, version=version, page=page)
            refuse_locked(before, really)
            if really:
                record("write", agreement, change=difference(before, really), text=str(before)[:200])


@contextmanager
def arranging(line, *, actor, at):
    """Hold the agreement's row; gives the line where it stands now, and the act's `record`."""
    with writing(line.agreement, actor=actor, at=at) as record:
        fresh = Line.objects.select_related("agreement", "parent").filter(pk=line.pk).first()
        if fresh is None:
            raise Conflict(_("Somebody has removed this indicator meanwhile."))
        yield fresh, record


def duplicate_line(line, *, actor, at):
    """A copy of a line, with its parts, right after it; it weighs nothing yet. Gives the copy."""
    with arranging(line, actor=actor, at=at) as (row, record):
        siblings = _siblings(row)
        copies = {row.pk: _copy(row, parent_id=row.parent_id, position=row.position)}
        _put_after(row, copies[row.pk], siblings)
        for part in below(row.agreement.lines.all(), row):
            copies[part.pk] = _copy(part, parent_id=copies[part.parent_id].pk, position=part.position)
        _copy_collectors(copies)
        record("duplicate_line", row.agreement, text=row.name)
    return copies[row.pk]


def _copy(line, **place):
    columns = {field.attname: getattr(line, field.attname) for field in Line._meta.concrete_fields}
    for name in OWN:
        columns.pop(Line._meta.get_field(name).attname)
    return Line.objects.create(**columns, **place)


def _copy_collectors(copies):
    kept = ("user_id", "position", "carries_score")
    LineCollector.objects.bulk_create(
        LineCollector(line=copies[each.line_id], **{name: getattr(each, name) for name in kept})
        for each in LineCollector.objects.filter(line__in=list(copies))
    )


def indent_line(line, *, actor, at):
    """Make a line a part of the one before it, the last of its parts; the first of its siblings stays as it is."""
    with arranging(line, actor=actor, at=at) as (row, record):
        siblings = _siblings(row)
        place = siblings.index(row)
        if place:
            before = siblings[place - 1]
            refuse_parts(before)
            last = before.children.order_by("position").last()
            Line.objects.filter(pk=row.pk).update(parent=before, position=last.position + 1 if last else 1)
            record("indent_line", row.agreement, text=row.name)


def outdent_line(line, *, actor, at):
    """Take a line out of the one that it is a part of, to the place right after that; one that is no part stays."""
    with arranging(line, actor=actor, at=at) as (row, record):
        whole = row.parent
        if whole is not None:
            siblings = _siblings(whole)
            Line.objects.filter(pk=row.pk).update(parent=whole.parent_id)
            _put_after(whole, row, siblings)
            record("outdent_line", row.agreement, text=row.name)


def _siblings(line):
    """The lines of its dimension that are part of the same one, or of none, in order, itself among them."""
    lines = line.agreement.lines.filter(parent=line.parent_id, dimension=line.dimension_id)
    return list(lines.order_by("position", "pk"))


def _put_after(line, other, siblings):
    """Give `other` the place right after `line`, which is one of the `siblings`."""
    siblings.insert(siblings.index(line) + 1, other)
    for position, each in enumerate(siblings, 1):
        if each is other or each.position != position:
            Line.objects.filter(pk=each.pk).update(position=position)
