"""How a score came about, ready for templates/desk/_score_panel.html: the score, its working, the levels with the hit."""

from dataclasses import dataclass, replace
from decimal import Decimal

from desk.levels import is_described, level_cells
from indicators.scale import FIVE
from results.unlike import unlike


@dataclass(frozen=True)
class Panel:
    """`rows` are the working after the criteria, which stand as cells in `levels`, or described in `steps`."""

    score: Decimal | None
    problem: str
    levels: tuple
    levels_label: str
    steps: tuple
    rows: tuple
    # How the result itself came about, before it was scored.
    account: tuple = ()
    # The highest score there is.
    top: Decimal = FIVE.top
    # What is odd about the result itself, in a sentence.
    odd: str = ""


def panel(row):
    """The panel of a row of a report or of an evaluation (results.scores)."""
    working = row.scored.working if row.scored else ()
    account = [(step.label, step.text) for step in row.account.steps]
    steps = [(step.label, step.text) for step in working]
    found = _panel(row.line, row.score, row.reached, steps, account, problem=row.problem or row.account.problem)
    return replace(found, odd=unlike(row.line, row.value))


def frozen_panel(line, side):
    """The panel of one side's score as it was released; `side` is frozen by results.scores.final_scores."""
    reached = int(side["level_reached"]) if side["level_reached"] else None
    working, account = (
        [(step["label"], step["text"]) for step in side.get(part, ())] for part in ("working", "account")
    )
    return _panel(line, Decimal(side["score"]), reached, working, account)


def _panel(line, score, reached, working, account, *, problem=""):
    (criteria, _text), *rows = working or [("", "")]
    in_steps = is_described(line)
    return Panel(
        score=score,
        problem=problem,
        levels=() if in_steps else level_cells(line, reached),
        levels_label=criteria,
        steps=tuple({"text": text, "hit": step == reached} for step, text in enumerate(line.texts, 1))
        if in_steps
        else (),
        rows=_rows(rows),
        account=_rows(account),
        top=line.scale.top,
    )


def _rows(steps):
    return tuple({"label": label, "text": text, "note": ""} for label, text in steps)
