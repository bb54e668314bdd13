"""A results file on its page: what it would change, ready to be read and agreed to."""

from agreements.redline import pieces
from desk.excel_page import MOST_PROBLEMS


def shown(outcome):
    """The outcome as templates/desk/_results_outcome.html shows it."""
    return {
        "problems": outcome.problems[:MOST_PROBLEMS],
        "more_problems": max(len(outcome.problems) - MOST_PROBLEMS, 0),
        "clashes": [_shown(each) for each in outcome.clashes],
        "changed": [_shown(each) for each in outcome.taken],
        "is_nothing": not (outcome.problems or outcome.clashes or outcome.taken),
    }


def _shown(taking):
    rows = [{"field": each, "pieces": pieces(each.was, each.now)} for each in taking.fields]
    return {"number": taking.row.line.number, "name": taking.row.line.name, "rows": rows}
