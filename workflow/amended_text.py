"""The text that an amendment leads to: the lines with what stands proposed, judged and frozen like any agreement's.

Nothing is written to the lines before the amendment is in force; they are changed here in memory alone.
"""

from decimal import Decimal

from django.db.models import DecimalField
from django.utils import timezone, translation

from acts.reading import for_reading, once
from agreements.freeze import sections, thaw
from agreements.models import Agreement, Line
from agreements.models.agreement import LEVELS
from agreements.redline import differences
from agreements.rules import lines_of
from workflow.models import Change, Side

# Of a frozen agreement: what may be another by the day of an amendment, besides the lines that it changes.
OF_THE_DAY = ("parties",)
# Who hears both sides: what is frozen and judged. A reader knows their own side's words, and those handed over.
BOTH = frozenset(Side)
# Columns that a frozen line keeps in rows, and how it keeps that there is no figure.
IN_ROWS = {"level": "levels", "text": "level_texts", "upper": "uppers"}
EMPTY = {"level": None, "text": "", "upper": None, "target": None}


def changes_of(amendment):
    """The amendment's Changes with their line and proposals, in the order in which they were begun; in two queries."""
    found = Change.objects.filter(amendment=amendment).select_related("line").prefetch_related("proposals")
    return once(amendment, "changes", lambda: list(found))


def known_proposals(change, hears=BOTH):
    """The change's proposals, oldest first, as far as who hears the sides `hears` knows them."""
    return [each for each in change.proposals.all() if each.handed_over_at or each.side in hears]


def standing(change, hears=BOTH):
    """The Proposal that stands: the last one that is known. None where none is."""
    return next(reversed(known_proposals(change, hears)), None)


def to_values(amendment, hears=BOTH):
    """{line id: {field: the text it is to become}} of what differs from the text in force."""
    found = {}
    for change in changes_of(amendment):
        last = standing(change, hears)
        if last is not None and last.to_value != change.from_value:
            found.setdefault(change.line_id, {})[change.field] = last.to_value
    return found


def column_value(field, text):
    """A proposed text as the line's column holds it, and gives it back: 45 is 45.00 of a weight."""
    column = Line._meta.get_field(field)
    if not isinstance(column, DecimalField):
        return text
    return Decimal(text).quantize(Decimal(1).scaleb(-column.decimal_places)) if text else None


def as_proposed(content, to_become):
    """A frozen content with what is proposed for its lines, {line id: {field: text}}: to be shown and scored by, not signed."""
    return content | {"lines": [_as_proposed(line, to_become.get(line["key"], {})) for line in content["lines"]]}


def _as_proposed(line, fields):
    line = line | {rows: list(line.get(rows) or [EMPTY[each]] * len(LEVELS)) for each, rows in IN_ROWS.items()}
    for field, text in fields.items():
        column, _line, place = field.rpartition("_")
        if column in IN_ROWS and place.isdigit():
            line[IN_ROWS[column]][int(place) - 1] = text or EMPTY[column]
        else:
            line[field] = text or EMPTY.get(field, "")
    return line


def as_amended(amendment):
    """The agreement, for reading, with its lines as the amendment would have them. Never save it."""
    return once(amendment, "as amended", lambda: _as_amended(amendment, to_values(amendment)))


def _as_amended(amendment, to_become):
    agreement = for_reading(Agreement.objects.for_detail().get(pk=amendment.agreement_id))
    for line in lines_of(agreement):
        for field, text in to_become.get(line.pk, {}).items():
            setattr(line, field, column_value(field, text))
    return agreement


def content_as_amended(amendment, at):
    """The content to freeze: the text in force with the lines that change, who signs today, and what is amended.

    All else stays as it was signed, however plans, posts of overseers or the framework have changed since.
    """
    before, to_become = thaw(amendment.amends), to_values(amendment)
    now = sections(as_amended(amendment), on=timezone.localdate(at))
    lines = {line["key"]: line for line in now["lines"]}
    after = before | {name: now[name] for name in OF_THE_DAY}
    after["lines"] = [_amended(line, lines[line["key"]], to_become) for line in before["lines"]]
    return after | {"amendment": _amendment(amendment, before, after, at)}


def _amended(before, now, to_become):
    """A frozen line: anew where it changes, else as it was; what one with parts weighs follows from them."""
    if before["key"] not in to_become:
        return before | {"weight": now["weight"]}
    kept = ("overseer", "collectors", "past", "issue", "goal", "strategy")
    return now | {name: before[name] for name in kept if name in before}


def _amendment(amendment, before, after, at):
    with translation.override("th"):  # what is frozen reads the same whoever froze it
        reasons = {
            (change.line_id, change.field): last.reason
            for change in changes_of(amendment)
            if (last := standing(change)) is not None
        }
        keys = {line["number"]: line["key"] for line in after["lines"]}
        changed = [each for each in differences(before, after) if each.number]
        return {
            "number": amendment.number,
            "reason": amendment.reason,
            "on": timezone.localdate(at).isoformat(),
            "begun_by": amendment.begun_by,
            "amends": {"sha256": amendment.amends.sha256, "sequence": amendment.amends.sequence},
            "changes": [
                {
                    "number": each.number,
                    "name": each.name,
                    "field": each.field,
                    "label": each.label,
                    "was": each.was,
                    "now": each.now,
                    "reason": reasons.get((keys[each.number], each.field), ""),
                }
                for each in changed
            ],
        }
