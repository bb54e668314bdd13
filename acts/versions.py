"""Rows with a version of their own: a save names the version its page was made from, and a stale one changes nothing.

A page also has a key of its own, and the row remembers which page wrote it last. So a page that has saved one field
after the other (autosave, whose answers may still be under way) never clashes with itself.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from acts.refusals import Conflict

__all__ = ["Stale", "Versioned", "save_seen", "touch_seen"]


class Stale(Exception):
    """Somebody else changed the row since it was read; `theirs` is the row as it stands."""

    def __init__(self, theirs: models.Model) -> None:
        super().__init__(str(theirs))
        self.theirs = theirs


class Versioned(models.Model):
    """A row that people edit in forms. `written_from`: the key of the page that wrote it last."""

    version = models.PositiveIntegerField(default=1)
    written_from = models.CharField(max_length=32, blank=True, default="", editable=False)

    class Meta:
        abstract = True


def save_seen(
    row: Versioned, changes: dict[str, Any], *, version: int, page: str = ""
) -> tuple[Versioned, Versioned, dict[str, Any]]:
    """Set `changes` (column → value) on a row read at `version` by the page with the key `page`.

    Gives (row before, row after, what really changed). Raises Stale where another page wrote in between. Nothing to
    change is never stale. Conflict where the row is gone.
    """
    rows = type(row)._base_manager.filter(pk=row.pk)
    before = _standing(rows)
    changed = {name: value for name, value in changes.items() if getattr(before, name) != value}
    if not changed:
        return before, before, {}
    touch_seen(row, version=version, page=page, **changed)
    return before, rows.get(), changed


def touch_seen(row: Versioned, *, version: int, page: str = "", **changed: Any) -> None:
    """Make a row's next version, for what is kept beside it as well as for its columns; Stale as in `save_seen`."""
    rows = type(row)._base_manager.filter(pk=row.pk)
    seen = Q(version=version)
    if page:
        seen |= Q(written_from=page)
    if not rows.filter(seen).update(**changed, version=F("version") + 1, written_from=page):
        raise Stale(_standing(rows))


def _standing(rows: models.QuerySet) -> Any:
    """The row as it stands; Conflict where somebody has removed it."""
    found = rows.first()
    if found is None:
        raise Conflict(_("This no longer exists. Nothing was changed."))
    return found
