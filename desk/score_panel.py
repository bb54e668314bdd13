"""How a score came about, ready for templates/desk/_score_panel.html: the score, its working, the levels with the hit."""

from dataclasses import dataclass
from decimal import Decimal

from agreements.models import Line
from desk.levels import level_cells


@dataclass(frozen=True)
class Panel:
    """`rows` are the working after the criteria, which stand as cells in `levels`, or described in `steps`."""

    score: Decimal | None
    problem: str
    levels: tuple
    levels_label: str
    steps: tuple
    rows: tuple


def panel(row):
    """The panel of a row of a report or of an evaluation (results.scores)."""
    working = row.scored.working if row.scored else ()
    return _panel(row.line, row.score, row.reached, [(step.label, step.text) for step in working], problem=row.problem)


def frozen_panel(line, side):
    """The panel of one side's score as it was released; `side` is frozen by results.scores.final_scores."""
    reached = int(side["level_reached"]) if side["level_reached"] else None
    working = [(step["label"], step["text"]) for step in side["working"]]
    return _panel(line, Decimal(side["score"]), reached, working)


def _panel(line, score, reached, working, *, problem=""):
    (criteria, _text), *rows = working or [("", "")]
    in_steps = line.kind == Line.Kind.MILESTONE
    return Panel(
        score=score,
        problem=problem,
        levels=() if in_steps else level_cells(line, reached),
        levels_label=criteria,
        steps=tuple({"text": text, "hit": step == reached} for step, text in enumerate(line.texts, 1))
        if in_steps
        else (),
        rows=tuple({"label": label, "text": text, "note": ""} for label, text in rows),
    )
