"""The sheet of an indicator as a page shows it: its number, its neighbours, what its criteria would give last year."""

from agreements.rules import numbered_lines
from desk.levels import level_cells
from indicators.scoring import CannotScore


def place_of(line):
    """Where the line stands: {numbered, place, count, before, after}; the neighbours None at the ends."""
    numbered = numbered_lines(line.agreement)
    place = next(place for place, each in enumerate(numbered) if each.line == line)
    return {
        "numbered": numbered[place],
        "place": place + 1,
        "count": len(numbered),
        "before": numbered[place - 1] if place else None,
        "after": numbered[place + 1] if place + 1 < len(numbered) else None,
    }


def figures(line):
    """The line's figures for reading: past years, and levels or steps, the one that last year reached marked."""
    year = line.agreement.fiscal_year.year
    reached = None if line.past_1 is None else line.criteria.level_reached(line.past_1)
    return {
        "past": [(year - back, getattr(line, f"past_{back}")) for back in (3, 2, 1)],
        "levels": level_cells(line, reached),
        "criteria_steps": [{"text": text or "–", "hit": level == reached} for level, text in enumerate(line.texts, 1)],
    }


def criteria_now(line):
    """What the criteria would give last year's result: {scored}, or {problems}: why it can't be said."""
    problems = line.criteria.problems()
    if problems or line.past_1 is None:
        return {"problems": problems, "scored": None}
    try:
        return {"problems": [], "scored": line.criteria.score(line.past_1, floor=line.agreement.framework.floor)}
    except CannotScore as why:
        return {"problems": [str(why)], "scored": None}
