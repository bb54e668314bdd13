"""A framework's dimensions as a tree: how they are called, what each weighs, what their weights must come to. Pure.

The tree is a sequence in reading order; `depth` 0 stands in the framework itself, one more is a part of the nearest
before it with one less. A fixed weight binds; a range is advice; what says neither and has parts weighs what they do.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

HUNDRED, NOTHING, CENT = Decimal(100), Decimal(0), Decimal("0.01")
DEEPEST = 2  # three levels: 1.1.1
MOST = 40


@dataclass(frozen=True)
class Part:
    """A dimension: its name, how deep it stands, and its fixed weight, or the range advised; or neither."""

    name: str
    weight: Decimal | None = None
    depth: int = 0
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def is_range(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def own(self) -> "Bounds | None":
        """What it says of its weight itself."""
        if self.weight is not None:
            return Bounds(self.weight, self.weight)
        if not self.is_range:
            return None
        return Bounds(NOTHING if self.low is None else self.low, HUNDRED if self.high is None else self.high)


@dataclass(frozen=True)
class Bounds:
    """The least and the greatest that something may weigh; the same for a fixed weight."""

    low: Decimal
    high: Decimal

    @property
    def is_fixed(self) -> bool:
        return self.low == self.high

    def __add__(self, other: "Bounds") -> "Bounds":
        return Bounds(self.low + other.low, self.high + other.high)

    def __str__(self) -> str:
        return f"{self.low:.2f}" if self.is_fixed else f"{self.low:.2f}–{self.high:.2f}"


WHOLE = Bounds(HUNDRED, HUNDRED)


@dataclass(frozen=True)
class Problem:
    """Why a tree can't be: a sentence, the place of the row (0: the first), and which of its fields mends it."""

    sentence: str
    place: int
    field: str = "weight"


@dataclass(frozen=True)
class Sum:
    """What the parts of one dimension (`place`; None: of the framework) come to, beside what they must."""

    place: int | None
    parts: tuple[int, ...]
    got: Bounds
    wanted: Bounds | None

    @property
    def is_right(self) -> bool:
        if self.wanted is None:
            return True
        return self.got.low <= self.wanted.high and self.got.high >= self.wanted.low

    @property
    def state(self) -> str:
        """under · exact · over, as templates/parts/weight_bar.html has them."""
        if self.is_right or self.wanted is None:
            return "exact"
        return "under" if self.got.high < self.wanted.low else "over"

    @property
    def said(self) -> str:
        """The state in words."""
        if self.wanted is None:
            return _("their sum is the weight of the dimension")
        if self.state == "exact":
            return (
                _("exactly %(total)s") % {"total": self.wanted}
                if self.got.is_fixed
                else _("can come to %(total)s") % {"total": self.wanted}
            )
        amount = self.wanted.low - self.got.high if self.state == "under" else self.got.low - self.wanted.high
        words = _("short of %(total)s by %(amount)s") if self.state == "under" else _("over %(total)s by %(amount)s")
        return words % {"total": self.wanted, "amount": f"{amount:.2f}"}


def parts_of_rows(rows: Iterable[Any]) -> tuple[Part, ...]:
    """Rows of indicators.models.Dimension, in their order, as Parts."""
    return tuple(Part(row.name, row.weight, row.depth, row.weight_min, row.weight_max) for row in rows)


def straight(depths: Sequence[int]) -> list[int]:
    """The depths with none deeper than one below the row before it, nor than the tree may be."""
    found: list[int] = []
    for depth in depths:
        deepest = found[-1] + 1 if found else 0
        found.append(max(0, min(depth, deepest, DEEPEST)))
    return found


def labels(depths: Sequence[int]) -> list[str]:
    """1 · 1.1 · 1.2 · 2 of depths that are straight."""
    counts, found = [0] * (DEEPEST + 1), []
    for depth in depths:
        counts[depth] += 1
        counts[depth + 1 :] = [0] * (DEEPEST - depth)
        found.append(".".join(map(str, counts[: depth + 1])))
    return found


def parents(depths: Sequence[int]) -> list[int | None]:
    """The place of the row that each is a part of."""
    last: dict[int, int] = {}
    found: list[int | None] = []
    for place, depth in enumerate(depths):
        found.append(last[depth - 1] if depth else None)
        last[depth] = place
    return found


def parts_of(parts: Sequence[Part]) -> dict[int | None, tuple[int, ...]]:
    """{place of a dimension (None: of the framework): the places of its parts}, of those that have parts."""
    found: dict[int | None, tuple[int, ...]] = {}
    for place, parent in enumerate(parents([part.depth for part in parts])):
        found[parent] = (*found.get(parent, ()), place)
    return found


def weights(parts: Sequence[Part]) -> list[Bounds | None]:
    """What each dimension weighs: as it says itself, else what its parts come to; None where that isn't said."""
    below, found = parts_of(parts), [part.own for part in parts]
    for place in reversed(range(len(parts))):
        if found[place] is None and place in below:
            found[place] = _sum([found[each] for each in below[place]])
    return found


def sums(parts: Sequence[Part]) -> list[Sum]:
    """Of the framework, and of each dimension with parts, what they come to; where all of them say what they weigh."""
    weighed, found = weights(parts), []
    for place, below in sorted(parts_of(parts).items(), key=lambda pair: -1 if pair[0] is None else pair[0]):
        got = _sum([weighed[each] for each in below])
        wanted = WHOLE if place is None else parts[place].own
        if got is not None:
            found.append(Sum(place, below, got, wanted))
    return found


def _sum(bounds: Sequence[Bounds | None]) -> Bounds | None:
    total = Bounds(NOTHING, NOTHING)
    for each in bounds:
        if each is None:
            return None
        total += each
    return total


def problems(parts: Sequence[Part]) -> Iterator[Problem]:
    """Why these dimensions can't be a framework, each with the row that mends it."""
    if not parts:
        yield Problem(_("Please give at least one dimension."), 0, "dimension")
    yield from _problems_of_rows(parts)
    yield from _blank_among_weighed(parts)
    names = [None, *labels([part.depth for part in parts])]
    for each in sums(parts):
        if not each.is_right:
            place = None if each.place is None else each.place + 1
            yield Problem(_sentence(each, names[place or 0]), each.parts[0], _field(parts[each.parts[0]]))


def _problems_of_rows(parts: Sequence[Part]) -> Iterator[Problem]:
    for place, part in enumerate(parts):
        if part.weight is not None and part.is_range:
            yield Problem(_("Please give either a fixed weight or a range, not both."), place, "low")
        if part.low is not None and part.high is not None and part.low > part.high:
            yield Problem(_("A range runs from the smaller weight to the greater one."), place, "low")


def _blank_among_weighed(parts: Sequence[Part]) -> Iterator[Problem]:
    weighed = weights(parts)
    for below in parts_of(parts).values():
        blank = [place for place in below if weighed[place] is None]
        if blank and len(blank) < len(below):
            sentence = _("Please give every dimension its weight, or leave the weights of all dimensions blank.")
            yield Problem(sentence, blank[0])


def _field(part: Part) -> str:
    return "low" if part.is_range else "weight"


def _sentence(each: Sum, label: str | None) -> str:
    words = {"label": label, "wanted": each.wanted, "got": each.got, "difference": each.said}
    if label is None:
        sentence = _(
            "The weights of the dimensions must sum to 100.00 (now %(got)s: %(difference)s), or all be left blank."
        )
    else:
        sentence = _("The parts of dimension %(label)s must sum to its %(wanted)s (now %(got)s: %(difference)s).")
    return " ".join(filter(None, (sentence % words, _mended(each))))


def _mended(each: Sum) -> str:
    """Of equal weights that miss by rounding alone (33.33 × 3): what equal parts are written as."""
    wanted, count = each.wanted, len(each.parts)
    if wanted is None or not (wanted.is_fixed and each.got.is_fixed):
        return ""
    if abs(wanted.low - each.got.low) >= CENT * count or count < 2:
        return ""
    shares = " + ".join(f"{share:.2f}" for share in equal_shares(wanted.low, count))
    return _("Equal parts are written as %(shares)s.") % {"shares": shares}


def equal_shares(total: Decimal, count: int) -> list[Decimal]:
    """`total` in `count` parts of two decimals that differ by 0.01 at most and sum to it: 33.34 + 33.33 + 33.33."""
    share = (total / count).quantize(CENT, rounding=ROUND_HALF_UP)
    over = int((share * count - total) / CENT)
    return sorted([share - CENT * (1 if over > 0 else -1)] * abs(over) + [share] * (count - abs(over)), reverse=True)


def of_depths(parts: Sequence[Part], depths: Sequence[int]) -> tuple[Part, ...]:
    """The same dimensions, standing as deep as said."""
    return tuple(replace(part, depth=depth) for part, depth in zip(parts, straight(depths), strict=True))


# Changing the outline. Rows are known by their places; a new one is None.
Row = tuple[int | None, int]


def moved(depths: Sequence[int], place: int, way: str) -> list[Row]:
    """The rows as (old place, depth) after one step of the row at `place`, its parts with it.

    up, down: past its like · in: a part of its like before it · out: after what it is a part of · below: with a new row
    after it · away: without it, its parts in its stead. What can't be done changes nothing. KeyError for another way.
    """
    return _WAYS[way](_Outline(list(straight(depths))), place)


class _Outline:
    """Depths with the blocks in them: a row and all its parts."""

    def __init__(self, depths: list[int]) -> None:
        self.depths = depths
        self.rows: list[Row] = list(enumerate(depths))

    def end(self, place: int) -> int:
        """The place behind the last part of a row."""
        return next(
            (at for at in range(place + 1, len(self.depths)) if self.depths[at] <= self.depths[place]), len(self.depths)
        )

    def before(self, place: int) -> int | None:
        """The place of its like before it."""
        for at in reversed(range(place)):
            if self.depths[at] <= self.depths[place]:
                return at if self.depths[at] == self.depths[place] else None
        return None

    def after(self, place: int) -> int | None:
        """The place of its like behind it."""
        end = self.end(place)
        return end if end < len(self.depths) and self.depths[end] == self.depths[place] else None


def _up(outline: _Outline, place: int) -> list[Row]:
    before = outline.before(place)
    return outline.rows if before is None else _swapped(outline, before, place)


def _down(outline: _Outline, place: int) -> list[Row]:
    after = outline.after(place)
    return outline.rows if after is None else _swapped(outline, place, after)


def _swapped(outline: _Outline, first: int, second: int) -> list[Row]:
    rows, end = outline.rows, outline.end(second)
    return rows[:first] + rows[second:end] + rows[first:second] + rows[end:]


def _in(outline: _Outline, place: int) -> list[Row]:
    end = outline.end(place)
    deepest = max(outline.depths[place:end])
    if outline.before(place) is None or deepest == DEEPEST:
        return outline.rows
    return [(at, depth + (place <= at < end)) for at, depth in enumerate(outline.depths)]


def _out(outline: _Outline, place: int) -> list[Row]:
    if outline.depths[place] == 0:
        return outline.rows
    above = parents(outline.depths)[place]
    if above is None:
        return outline.rows
    end, behind = outline.end(place), outline.end(above)
    block: list[Row] = [(at, depth - 1) for at, depth in outline.rows[place:end] if at is not None]
    return outline.rows[:place] + outline.rows[end:behind] + block + outline.rows[behind:]


def _below(outline: _Outline, place: int) -> list[Row]:
    if len(outline.rows) >= MOST:
        return outline.rows
    end = outline.end(place)
    return [*outline.rows[:end], (None, outline.depths[place]), *outline.rows[end:]]


def _away(outline: _Outline, place: int) -> list[Row]:
    end = outline.end(place)
    lifted = [(at, depth - (place < at < end)) for at, depth in enumerate(outline.depths)]
    return [*lifted[:place], *lifted[place + 1 :]]


_WAYS: dict[str, Callable[[_Outline, int], list[Row]]] = {
    "up": _up,
    "down": _down,
    "in": _in,
    "out": _out,
    "below": _below,
    "away": _away,
}
WAYS = tuple(_WAYS)
