"""The curve of criteria as a small picture: where each corner, line and mark of the SVG stands. Drawn by the server.

Results run from left to right, scores from the foot up. Only places on paper are floats; no score is computed here.
"""

from dataclasses import dataclass
from decimal import Decimal

from indicators.working import signed
from thai.numbers import grouped_number

WIDTH, HEIGHT = 380, 216
LEFT, RIGHT, TOP, FOOT = 34, 16, 16, 40
# Of the width that results take: left free on either side.
MARGIN = Decimal("0.09")
# Labels longer than this stand in two rows, one up and one down.
LONG_LABEL, ROW = 6, 13


@dataclass(frozen=True)
class Mark:
    """A result on the curve: last year's, the target, the one that is tried. `score` None: not on the curve."""

    kind: str
    label: str
    value: Decimal
    score: Decimal | None


def curve(criteria, scale, marks=()):
    """What templates/desk/_criteria_curve.html draws; None as long as the criteria have flaws."""
    shape = criteria.shape(scale)
    if not shape:
        return None
    shown = [mark for mark in marks if mark.score is not None]
    plane = _Plane([x for x, _y in shape] + [mark.value for mark in shown], scale.top)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "foot": HEIGHT - FOOT,
        "path": _path(plane, _corners(criteria, scale, shape, plane)),
        "rows": [{"y": plane.y(each), "text": grouped_number(each)} for each in sorted({*scale.points, Decimal(0)})],
        "ticks": _ticks(plane, [x for x, _score in shape], criteria.names),
        "dots": [{"x": plane.x(x), "y": plane.y(scale.capped(score))} for x, score in shape],
        "marks": [{"kind": m.kind, "x": plane.x(m.value), "y": plane.y(m.score)} for m in shown],
    }


class _Plane:
    """From results and scores to places in the picture."""

    def __init__(self, values, top):
        least, most = min(values), max(values)
        room = (most - least or Decimal(1)) * MARGIN
        self.least, self.most, self.top = least - room, most + room, top

    def x(self, value):
        share = float((value - self.least) / (self.most - self.least))
        return f"{LEFT + share * (WIDTH - LEFT - RIGHT):.1f}"

    def y(self, score):
        return f"{HEIGHT - FOOT - float(score / self.top) * (HEIGHT - FOOT - TOP):.1f}"


def _corners(criteria, scale, shape, plane):
    """The corners of the line, from the worst result that is drawn to the best."""
    rises = shape[-1][0] >= shape[0][0]
    worst, best = (plane.least, plane.most) if rises else (plane.most, plane.least)
    below = scale.floor if criteria.knots else shape[0][1]
    corners, height = [(worst, below)], below
    for value, score in shape:
        if criteria.is_stepped or value == shape[0][0]:
            corners.append((value, height))
        corners.append((value, score))
        height = score
    return [(value, scale.capped(score)) for value, score in [*corners, (best, height)]]


def _path(plane, corners):
    return " ".join(f"{plane.x(value)},{plane.y(score)}" for value, score in corners)


def _ticks(plane, values, names):
    """The results at the levels, under the curve, in the order they stand in."""
    labels = [(value, names.get(value) or signed(value)) for value in sorted(set(values))]
    in_rows = max(len(text) for _value, text in labels) > LONG_LABEL
    foot = HEIGHT - FOOT + 16
    return [
        {"x": plane.x(value), "y": foot + (ROW if in_rows and place % 2 else 0), "text": text}
        for place, (value, text) in enumerate(labels)
    ]
