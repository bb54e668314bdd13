"""How a score came about, ready for templates/desk/_score_panel.html: the score, its working, the levels with the hit."""

from dataclasses import dataclass
from decimal import Decimal

from desk.levels import level_cells


@dataclass(frozen=True)
class Panel:
    """`rows` are the working's steps after the criteria, which stand as cells in `levels`."""

    score: Decimal | None
    problem: str
    levels: tuple
    levels_label: str
    rows: tuple


def panel(row, *, problem=""):
    """The panel of a row of a report or of an evaluation (results.scores); `problem` where what was typed is no result."""
    criteria, *steps = row.scored.working if row.scored else (None,)
    return Panel(
        score=row.score,
        problem=problem or row.problem,
        levels=level_cells(row.line, row.reached),
        levels_label=criteria.label if criteria else "",
        rows=tuple(steps),
    )


def frozen_panel(line, side):
    """The panel of one side's score as it was released; `side` is frozen by results.scores.final_scores."""
    criteria, *rows = side["working"]
    return Panel(
        score=Decimal(side["score"]),
        problem="",
        levels=level_cells(line, int(side["level_reached"] or 0)),
        levels_label=criteria["label"],
        rows=tuple(rows),
    )
