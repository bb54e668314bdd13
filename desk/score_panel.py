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


def panel(row):
    """The panel of a row of a report or of an evaluation (results.scores)."""
    return panel_of(row.line, row.scored, row.problem, row.reached)


def typed_panel(agreed, line, value):
    """The panel of a result that is typed and not saved."""
    scored, problem = agreed.score(line, value)
    return panel_of(line, scored, problem, line.criteria.level_reached(value) if scored else None)


def panel_of(line, scored, problem, reached):
    criteria, *rows = scored.working if scored else (None,)
    return Panel(
        score=scored.score if scored else None,
        problem=problem,
        levels=level_cells(line, reached),
        levels_label=criteria.label if criteria else "",
        rows=tuple(rows),
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
