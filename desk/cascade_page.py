"""The cascade as its page shows it: addresses, the rows of its tables, and the same as a picture."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode

from agreements.models.sight import units_of
from orgunits.reach import reach_of
from thai.text import shortened

# The picture, in units of its own: goals and indicators on the left, units on the right, lines between them.
WIDTH, LEFT, RIGHT, BOX = 1000, 430, 640, 360
ROW, GAP, INDENT, TOP = 30, 8, 26, 26
BAR = 330
# Longest texts that fit a box; a table below says them whole.
LONGEST, LONGEST_UNIT = 47, 26
# Units whose agreement is read; more than these are told in the table alone, first those that carry nothing.
MOST_DRAWN = 60
# A square for each unit further down, in rows at the right end of the box of the unit above it.
SQUARE, PITCH, IN_A_ROW, ROWS = 7, 10, 14, 2
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Knot:
    """A goal or an indicator in the picture. `here`: where its lines begin."""

    kind: str
    text: str
    whole: str
    x: int
    y: int
    width: int
    is_gap: bool

    @property
    def middle(self):
        return self.y + ROW // 2

    @property
    def text_x(self):
        return self.x + 10

    @property
    def text_y(self):
        return self.y + 20


@dataclass(frozen=True)
class Box:
    """A unit in the picture: how much of its weight carries something, is its own plan's alone, is tied to nothing."""

    name: str
    y: int
    carried: int
    loose_x: int
    loose: int
    is_gap: bool
    squares: tuple["Square", ...]

    @property
    def middle(self):
        return self.y + ROW // 2

    @property
    def text_y(self):
        return self.y + 18

    @property
    def bar_y(self):
        return self.y + ROW - 6


@dataclass(frozen=True)
class Square:
    """A unit further down: `state` is "carries", "nothing" or "unread"."""

    name: str
    x: int
    y: int
    state: str


@dataclass(frozen=True)
class Thread:
    """A line from what is carried to the unit that carries it; the thicker, the more weight."""

    path: str
    thickness: int


@dataclass(frozen=True)
class Picture:
    """The whole drawing; `left_out`: how many units it has no room for."""

    height: int
    knots: tuple[Knot, ...]
    boxes: tuple[Box, ...]
    threads: tuple[Thread, ...]
    left_out: int


def cascade_page(cascade, user, *, years, at):
    """Context of desk/cascade.html."""
    return {
        "cascade": cascade,
        "breadcrumbs": _breadcrumbs(cascade),
        "years": [_year(cascade, year) for year in years],
        "superior": _superior(cascade),
        "rows": list(_rows(cascade)),
        "units": [_unit(cascade, each) for each in cascade.read],
        "unread": [{"unit": each.unit, "url": cascade_url(each.unit, cascade.year)} for each in cascade.unread],
        "own": [_own(each) for each in cascade.own.lines],
        "picture": picture_of(cascade),
        "can_carry": cascade.can_be_carried("goal"),
        "has_further": any(each.further for each in cascade.read),
        "not_open": bool(cascade.units) and not cascade.has_signed,
        "overview_url": _overview_url(cascade, user, at),
    }


def cascade_url(unit, year):
    return f"{reverse('desk:unit_cascade', args=[unit.code])}?{urlencode({'year': year})}"


def _breadcrumbs(cascade):
    """From the top down; units that make agreements lead to their own cascade."""
    return [
        {"label": unit.short_name, "url": cascade_url(unit, cascade.year) if unit.signs_agreement else ""}
        for unit in cascade.place.path
    ]


def _year(cascade, year):
    return {"year": year, "url": cascade_url(cascade.unit, year), "active": year == cascade.year}


def _superior(cascade):
    """The next unit above that makes agreements, with the address of its cascade; None at the top."""
    above = [unit for unit in cascade.place.path[:-1] if unit.signs_agreement]
    return {"unit": above[-1], "url": cascade_url(above[-1], cascade.year)} if above else None


def _overview_url(cascade, user, at):
    """The overview of the unit, for whom it is open: a right stands on it or above, and there are units below."""
    readable = units_of(reach_of(user, at))
    if not cascade.units or not readable & {unit.pk for unit in cascade.place.path}:
        return ""
    return f"{reverse('desk:unit_overview', args=[cascade.unit.code])}?{urlencode({'year': cascade.year})}"


def _rows(cascade):
    """Goals, each followed by the indicators that serve it, then the other indicators; who carries each."""
    for goal in cascade.goals:
        yield _row(cascade, goal)
        yield from (_row(cascade, each, within=True) for each in goal.indicators)
    yield from (_row(cascade, each) for each in cascade.others)


def _row(cascade, carried, *, within=False):
    return {
        "carried": carried,
        "within": within,
        "carriers": _carriers(cascade, carried),
        "by_indicator": not carried.carriers and not carried.is_gap,
        "is_gap": carried.is_gap and cascade.can_be_carried(carried.kind),
    }


def _carriers(cascade, carried):
    """[{unit, lines}] in the order of the units."""
    by_unit = defaultdict(list)
    for placed in carried.carriers:
        by_unit[placed.agreement.unit_id].append({"placed": placed, "url": _line_url(placed)})
    units = [each.unit for each in cascade.read if each.unit.pk in by_unit]
    return [{"unit": unit.short_name, "lines": by_unit[unit.pk]} for unit in units]


def _line_url(placed):
    return reverse("desk:line", args=[placed.agreement.code, placed.line.pk])


def _unit(cascade, below):
    return {
        "below": below,
        "url": cascade_url(below.unit, cascade.year),
        "carried": [{"placed": each, "url": _line_url(each)} for each in below.carried],
        "loose": [{"placed": each, "url": _line_url(each)} for each in below.loose],
    }


def _own(placed):
    line = placed.line
    return {
        "placed": placed,
        "url": _line_url(placed),
        "in_plan": line.plan_item.text if line.plan_item else "",
        "goal": line.carries_item.text if line.carries_item else "",
        "indicator": line.carries_line.name if line.carries_line else "",
    }


def picture_of(cascade):
    """The Picture of a cascade; None where there is nothing to connect."""
    places, knots = {}, []
    for row in _rows(cascade):
        carried = row["carried"]
        x = INDENT if row["within"] else 0
        knot = Knot(
            carried.kind, shortened(f"{carried.number} {carried.text}", LONGEST - x // 9), carried.text, x,
            TOP + len(knots) * (ROW + GAP), LEFT - x, row["is_gap"],
        )  # fmt: skip
        places[id(carried)] = knot
        knots.append(knot)
    drawn = _drawn(cascade)
    if not knots or not drawn:
        return None
    can_carry = cascade.can_be_carried("goal")
    boxes = {below.unit.pk: _box(place, below, can_carry=can_carry) for place, below in enumerate(drawn)}
    threads = [
        _thread(places[id(row["carried"])], boxes[placed.agreement.unit_id], placed)
        for row in _rows(cascade)
        for placed in row["carried"].carriers
        if placed.agreement.unit_id in boxes
    ]
    height = TOP + max(len(knots), len(boxes)) * (ROW + GAP)
    return Picture(height, tuple(knots), tuple(boxes.values()), tuple(threads), len(cascade.read) - len(drawn))


def _drawn(cascade):
    """The units in the picture, in their order; where it has no room for all, those that carry something come first."""
    chosen = {below.unit.pk for below in sorted(cascade.read, key=lambda below: not below.carried)[:MOST_DRAWN]}
    return [below for below in cascade.read if below.unit.pk in chosen]


def _box(place, below, *, can_carry):
    whole = max(below.weight, HUNDRED)
    carried, loose = (round(BAR * weight / whole) for weight in (below.carried_weight, below.loose_weight))
    return Box(
        name=shortened(below.unit.short_name, LONGEST_UNIT),
        y=TOP + place * (ROW + GAP),
        carried=carried,
        loose_x=RIGHT + 15 + BAR - loose,
        loose=loose,
        is_gap=can_carry and not below.carried,
        squares=_squares(below.further, TOP + place * (ROW + GAP)),
    )


def _squares(further, top):
    return tuple(
        Square(
            each.unit.short_name,
            RIGHT + BOX - 12 - SQUARE - PITCH * (min(len(further), IN_A_ROW) - 1 - place % IN_A_ROW),
            top + 4 + PITCH * (place // IN_A_ROW),
            "carries" if each.carries else "nothing" if each.is_read else "unread",
        )
        for place, each in enumerate(further[: IN_A_ROW * ROWS])
    )


def _thread(knot, box, placed):
    begin, between = knot.x + knot.width, (LEFT + RIGHT) // 2
    path = f"M{begin} {knot.middle}C{between} {knot.middle} {between} {box.middle} {RIGHT} {box.middle}"
    return Thread(path, 1 + min(round(placed.weight / 8), 6))
