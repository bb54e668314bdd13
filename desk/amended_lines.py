"""Which text of an amended agreement counts: by which a report is scored, and what amendments changed of each line.

Nothing is asked of the database, nor said, while the agreement stands as it was signed at first.
"""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from acts.reading import once
from agreements.freeze import thaw
from agreements.redline import labels
from thai.dates import thai_date

# Of these a table's row tells the values as well; of others only which field it is.
WITH_VALUES = ("weight", "target")


@dataclass(frozen=True)
class Said:
    """A sentence about an amended text, and the address of the amendment that it speaks of."""

    sentence: str
    url: str


@dataclass(frozen=True)
class LineChange:
    """A field of a line that an amendment in force changed; the values as printed."""

    field: str
    label: str
    was: str
    now: str
    reason: str

    @property
    def tells_values(self):
        return self.field in WITH_VALUES


@dataclass(frozen=True)
class AmendedLine:
    """What one amendment in force changed of a line."""

    number: int
    since: str
    url: str
    changes: tuple[LineChange, ...]

    @property
    def by_reason(self):
        """[(reason, its changes)], in order: a reason that several fields share is read once."""
        return [(reason, list(changes)) for reason, changes in groupby(self.changes, attrgetter("reason"))]


def text_in_force(agreement):
    """Said of the text that holds today; None while the agreement stands as it was signed at first."""
    found = _in_force(agreement)
    if not found:
        return None
    sentence = _("As amended by amendment No. %(number)s, in force since %(day)s.")
    return _said(sentence, found[-1])


def scored_by(report):
    """Said of the text that a report, and the evaluation of it, is scored by; None while nothing is amended."""
    found = _in_force(report.agreement)
    if not found:
        return None
    if report.scored_by_id is None:
        return _said(
            _("Scored by the agreement as amended by amendment No. %(number)s, in force since %(day)s."), found[-1]
        )
    after = next(each for each in found if each.amends_id == report.scored_by_id)
    sentence = _(
        "Scored by the text before amendment No. %(number)s, which came into force on %(day)s: "
        "a report sent by then keeps the criteria of its round."
    )
    return _said(sentence, after)


def amended_lines(agreement):
    """{number of a line: [AmendedLine, the first amendment first]} of what amendments in force changed."""
    found = {}
    for amendment in _in_force(agreement):
        changes = {}
        for each in thaw(amendment.snapshot)["amendment"]["changes"]:
            changes.setdefault(each["number"], []).append(_change(each))
        for number, its in changes.items():
            line = AmendedLine(amendment.number, _since(amendment), _url(amendment), tuple(its))
            found.setdefault(number, []).append(line)
    return found


def _change(frozen):
    """A change as it was frozen, its field called in the reader's language."""
    kept = {name: frozen[name] for name in ("field", "was", "now", "reason")}
    return LineChange(label=str(labels()[frozen["field"]]), **kept)


def amended_line(agreement, number):
    """[AmendedLine] of the line with this number."""
    return amended_lines(agreement).get(number, [])


def _in_force(agreement):
    """Its amendments in force, the first one first."""
    if agreement.amended_to_id is None:
        return []
    found = agreement.amendments.in_force().select_related("snapshot").order_by("number")
    return once(agreement, "amendments in force", lambda: list(found))


def _said(sentence, amendment):
    return Said(sentence % {"number": amendment.number, "day": _since(amendment)}, _url(amendment))


def _since(amendment):
    """The day of the last signature."""
    return thai_date(timezone.localdate(amendment.stage_since), "medium")


def _url(amendment):
    return reverse("desk:amendment", args=[amendment.agreement.code, amendment.number])
