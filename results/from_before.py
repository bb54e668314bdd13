"""A round begins from the one before it: its words stand there to be brought up to date, and changed figures show.

The words are copied when the round before is accepted, into fields in which nothing stands: what was typed is never
written over. Figures are not copied: what is not reported yet stays so.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F

from results.models import Result
from results.rules import reports_of

STORY = ("narrative", "factors", "obstacles", "remedies")


@dataclass(frozen=True)
class Before:
    """What was reported of a line in the round before: the round's name, the figure, the words by field."""

    round: str = ""
    value: Decimal | None = None
    story: dict = field(default_factory=dict)

    def carried(self, result):
        """The fields of `result` whose words are still those of the round before."""
        return [name for name, text in self.story.items() if text and text == getattr(result, name)]

    def differs(self, value):
        """Did the figure change? Only where both rounds have one."""
        return None not in (self.value, value) and self.value != value


NOTHING_BEFORE = Before()


def begin_next_from(report):
    """Copy the words of an accepted report into the one after it, wherever nothing stands there."""
    following = _neighbour(report, 1)
    if following is None:
        return
    texts = {each.line_id: each for each in report.results.all()}
    for result in following.results.all():
        _begin(result, texts.get(result.line_id))


def _begin(result, before):
    """In one statement that names what it found blank: a text typed meanwhile stays."""
    copied = {name: getattr(before, name) for name in STORY if before and not getattr(result, name)}
    copied = {name: text for name, text in copied.items() if text}
    if copied:
        blank = dict.fromkeys(copied, "")
        Result.objects.filter(pk=result.pk, **blank).update(**copied, version=F("version") + 1, written_from="")


def before(report):
    """{key of a line: its Before} of the round before this one; {} in the first round. One query at most."""
    earlier = _neighbour(report, -1)
    if earlier is None:
        return {}
    return {
        each.line_id: Before(earlier.round.name, each.value, {name: getattr(each, name) for name in STORY})
        for each in earlier.results.all()
    }


def _neighbour(report, step):
    """The report so many rounds after (or before) this one; None where there is none."""
    reports = reports_of(report.agreement)
    place = [each.pk for each in reports].index(report.pk) + step
    return reports[place] if 0 <= place < len(reports) else None
