"""Taking a file over: what its dry run showed, all of it or nothing, by the verbs of the screen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from acts.refusals import Refusal, Refused
from agreements.models import Agreement, Line
from agreements.write import add_line, remove_line, save_line, writing
from agreements.xlsx.compare import dry_run
from agreements.xlsx.outcome import Added, Outcome, Removed
from agreements.xlsx.upload import Upload


class NotAsShown(Exception):
    """The agreement changed since the dry run; `outcome` is what the file would do now."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def bring_in(
    agreement: Agreement, upload: Upload, *, seal: str, ticked: Collection[int], actor: Any, at: datetime, told: str
) -> Outcome:
    """Write what the dry run with this `seal` showed; of the lines missing in the file those `ticked` (ids) are removed.

    `told` goes into the log: which file it was. Raises NotAsShown where the dry run would now show something else.
    """
    with writing(agreement, actor=actor, at=at) as record:
        outcome = dry_run(Agreement.objects.get(pk=agreement.pk), upload)
        if outcome.seal() != seal or not outcome.may_be_taken:
            raise NotAsShown(outcome)
        by = {"actor": actor, "at": at}
        record("bring_in_excel", agreement, text=told)
        _add(outcome, agreement, by)
        for each in outcome.changed:
            save_line(each.line, each.changes, version=each.line.version, **by)
        chosen = [each for each in outcome.removed if each.line.pk in ticked]
        _remove(chosen, by)
    return Outcome(changed=outcome.changed, added=outcome.added, removed=chosen)


def _add(outcome: Outcome, agreement: Agreement, by: dict[str, Any]) -> None:
    """Make the new lines; those that others are a part of come first."""
    made: dict[str, Line] = {}
    for each in sorted(outcome.added, key=lambda added: bool(added.parent)):
        parent = made.get(each.parent) or outcome.numbers.get(each.parent)
        made[each.number] = _added(each, agreement, parent, by)


def _added(each: Added, agreement: Agreement, parent: Line | None, by: dict[str, Any]) -> Line:
    """First the line, as it is added on screen, with its name; then all else of its sheet."""
    values = dict(each.values)
    dimension = values.pop("dimension")
    line = add_line(agreement, dimension, parent=parent, name=values.pop("name", ""), **by)
    return save_line(line, values, version=line.version, **by)


def _remove(chosen: list[Removed], by: dict[str, Any]) -> None:
    """Parts before what they are parts of, which would take them along unasked."""
    going = {each.line.pk for each in chosen}
    for each in reversed(chosen):
        left = [part for part in each.line.children.all() if part.pk not in going]
        if left:
            sentence = _(
                "Indicator %(number)s has parts that are not ticked. Please tick its parts as well, or leave it."
            )
            raise Refused([Refusal(sentence % {"number": each.number})])
        remove_line(each.line, **by)
