"""The sheet of an indicator as a page shows it: its number, its neighbours, what its criteria would give last year."""

from django.utils import timezone

from agreements.line_people import people_of
from agreements.line_tree import below
from agreements.rules import numbered_lines
from desk.formula_page import made_of
from desk.levels import level_cells
from indicators.criteria import Kind


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


def parts_of(line):
    """The parts of the line, and theirs, with their numbers: {parts}."""
    numbered = numbered_lines(line.agreement)
    below_it = {each.pk for each in below([each.line for each in numbered], line)}
    return {"parts": [each for each in numbered if each.line.pk in below_it]}


def people_of_line(line):
    """Who oversees and who collects, as persons with post and telephone: {overseer, collectors}."""
    found, collectors = people_of(line.agreement, [line], timezone.localdate())
    return {
        "overseer": found.get(line.overseer_id),
        "collectors": [(found[each.user_id], each.carries_score) for each in collectors[line.pk]],
    }


def figures(line):
    """The line's figures for reading: past years, and levels or steps, the one that last year reached marked."""
    year = line.agreement.fiscal_year.year
    reached = None if line.past_1 is None else line.criteria.level_reached(line.past_1, line.scale)
    return {
        "past": [(year - back, getattr(line, f"past_{back}")) for back in (3, 2, 1)],
        "levels": level_cells(line, reached),
        "made_of": made_of(line),
        "passes": line.texts[-1] if line.kind == Kind.PASS_FAIL else "",
        "criteria_steps": [{"text": text or "–", "hit": level == reached} for level, text in enumerate(line.texts, 1)],
    }
