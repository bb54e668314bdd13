"""The five levels of a line in a row of cells, as templates/parts/levels.html wants them."""

from agreements.models import Line
from agreements.models.agreement import LEVELS
from thai.numbers import grouped_number


def level_cells(line, reached):
    """Values, or the numbers of the steps, with the level `reached` marked. `line`: a line as written or as signed."""
    steps = line.kind == Line.Kind.MILESTONE
    texts = [str(level) for level in LEVELS] if steps else [_shown(value) for value in line.levels]
    return tuple({"value": text, "hit": level == reached} for level, text in zip(LEVELS, texts, strict=True))


def _shown(value):
    return "–" if value is None else grouped_number(value)
