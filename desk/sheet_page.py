"""The sheet of an indicator as a page shows it: its number, its neighbours, what its criteria would give last year."""

from agreements.rules import numbered_lines
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


def criteria_now(line):
    """What the criteria would give last year's result: {scored}, or {problems}: why it can't be said."""
    problems = line.criteria.problems()
    if problems or line.past_1 is None:
        return {"problems": problems, "scored": None}
    try:
        return {"problems": [], "scored": line.criteria.score(line.past_1, floor=line.agreement.framework.floor)}
    except CannotScore as why:
        return {"problems": [str(why)], "scored": None}
