"""An agreement's Excel file on its page: what a file that was sent would change, ready to be read and agreed to."""

from dataclasses import dataclass
from itertools import islice

from django.core import signing

from acts.waiting import WAITS_FOR
from agreements.redline import pieces
from agreements.xlsx.outcome import Outcome

MOST_PROBLEMS = 100
SALT = "desk.excel"


@dataclass(frozen=True)
class DryRun:
    """Which file, for whom and which agreement, and the seal of what was shown."""

    file: str
    name: str
    agreement: int
    user: int
    seal: str

    def signed(self):
        return signing.dumps(vars(self), salt=SALT)

    @classmethod
    def read(cls, text):
        """The dry run that a page brings back; None where it isn't one of ours, or too old."""
        try:
            return cls(**signing.loads(text, salt=SALT, max_age=WAITS_FOR))
        except (signing.BadSignature, TypeError):
            return None


def shown(outcome: Outcome):
    """The outcome as templates/desk/_excel_outcome.html shows it."""
    return {
        "problems": outcome.problems[:MOST_PROBLEMS],
        "more_problems": max(len(outcome.problems) - MOST_PROBLEMS, 0),
        "clashes": [_shown(each) for each in outcome.clashes],
        "changed": [_shown(each) for each in outcome.changed],
        "added": [_shown(each) for each in outcome.added],
        "removed": outcome.removed,
        "hidden": list(islice(outcome.hidden, 20)),
        "reordered": outcome.reordered,
        "is_nothing": outcome.is_nothing,
        "may_be_taken": outcome.may_be_taken,
    }


def _shown(line):
    rows = [{"field": field, "pieces": pieces(field.was, field.now)} for field in line.fields]
    return {"number": line.number, "name": line.name, "rows": rows}
