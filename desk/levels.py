"""The levels of a line in a row of cells, as templates/parts/levels.html wants them."""

from indicators.criteria import Kind
from thai.numbers import grouped_number


def level_cells(line, reached):
    """What each level asks for, with the level `reached` marked. `line`: a line as written or as signed."""
    cells = line.criteria.cells(grouped_number)
    return tuple({"value": text or "–", "hit": level == reached} for level, text in enumerate(cells, 1))


def is_described(line):
    """Are the levels described in words, rather than by values? Then they are read as a list of steps."""
    return line.kind == Kind.MILESTONE
