"""The negotiation as a page shows it: each line with its offers, what they would do, and what was said."""

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from agreements.models import Line
from agreements.models.agreement import LEVELS
from agreements.redline import pieces
from agreements.rules import numbered_lines
from indicators.scoring import CannotScore
from thai.numbers import grouped_number
from workflow.models import Comment, Offer
from workflow.offers import NUMBERS


@dataclass(frozen=True)
class ShownOffer:
    """One offer as shown: both values, the redline or the level cells, its effect, and whether the reader answers it."""

    offer: Offer
    label: str
    was: str
    now: str
    pieces: list
    levels_was: list
    levels_now: list
    effect: tuple
    mine: bool
    to_answer: bool
    is_number: bool


@dataclass(frozen=True)
class Bargain:
    """One line in the negotiation."""

    line: Line
    number: str
    open: list
    answered: list
    comments: list

    @property
    def is_quiet(self):
        """Has nobody offered or said anything about it?"""
        return not (self.open or self.answered or self.comments)

    @property
    def waits_for_reader(self):
        return any(shown.to_answer for shown in self.open)


@dataclass(frozen=True)
class Table:
    """All lines: those spoken of (open ones first), those nobody spoke of, and what was said of the whole."""

    spoken: list
    quiet: list
    general: list
    open_count: int
    to_answer: int


def bargain(agreement, side):
    """The negotiation of `agreement` as the side `side` (None: a reader) sees it."""
    offers, comments = defaultdict(list), defaultdict(list)
    for offer in Offer.objects.filter(line__agreement=agreement).select_related("round", "line__agreement__framework"):
        offers[offer.line_id].append(offer)
    for comment in Comment.objects.filter(round__agreement=agreement).select_related("round"):
        comments[comment.line_id].append(comment)
    lines = [_of_line(each, offers[each.line.pk], comments[each.line.pk], side) for each in numbered_lines(agreement)]
    spoken = sorted((each for each in lines if not each.is_quiet), key=lambda each: not each.open)
    shown = [offer for each in lines for offer in each.open]
    return Table(
        spoken=spoken,
        quiet=[each for each in lines if each.is_quiet],
        general=comments[None],
        open_count=len(shown),
        to_answer=sum(offer.to_answer for offer in shown),
    )


def _of_line(numbered, offers, comments, side):
    shown = [_shown(offer, numbered.line, side) for offer in offers]
    return Bargain(
        line=numbered.line,
        number=numbered.number,
        open=[each for each in shown if each.offer.is_open],
        answered=[each for each in shown if not each.offer.is_open],
        comments=comments,
    )


def _shown(offer, line, side):
    is_number, is_level = offer.field in NUMBERS, offer.field.startswith("level_")
    was, now = _text(offer.from_value, is_number), _text(offer.to_value, is_number)
    return ShownOffer(
        offer=offer,
        label=str(Line._meta.get_field(offer.field).verbose_name),
        was=was,
        now=now,
        pieces=[] if is_number else pieces(offer.from_value, offer.to_value),
        levels_was=_levels(line, offer, offer.from_value, "gone") if is_level else [],
        levels_now=_levels(line, offer, offer.to_value, "new") if is_level else [],
        effect=_effect(line, offer) if is_level and offer.is_open else (),
        mine=side is not None and offer.side == side,
        to_answer=side is not None and offer.is_open and offer.side != side,
        is_number=is_number,
    )


def _text(value, is_number):
    return grouped_number(Decimal(value)) if is_number and value else value or "–"


def _levels(line, offer, value, mark):
    """The five cells with the offered one marked."""
    cells = []
    for n in LEVELS:
        ours = offer.field == f"level_{n}"
        text = value if ours else getattr(line, f"level_{n}")
        cells.append({"value": "–" if text in (None, "") else grouped_number(Decimal(text)), mark: ours, "hit": False})
    return cells


def _effect(line, offer):
    """(score of last year's result as the criteria stood, as they would stand); () where it can't be said."""
    if line.past_1 is None:
        return ()
    levels = list(line.levels)
    place = LEVELS.index(int(offer.field[-1]))
    criteria, floor = line.criteria, line.agreement.framework.floor
    try:
        was = _score(criteria, levels, place, offer.from_value, line.past_1, floor)
        now = _score(criteria, levels, place, offer.to_value, line.past_1, floor)
    except CannotScore:
        return ()
    return was, now


def _score(criteria, levels, place, value, actual, floor):
    changed = [*levels[:place], Decimal(value) if value else None, *levels[place + 1 :]]
    return replace(criteria, levels=tuple(changed)).score(actual, floor=floor).score


