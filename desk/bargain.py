"""The negotiation as a page shows it: each line with its offers, what they would do, and what was said."""

from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.models import Line
from agreements.redline import pieces
from agreements.rules import numbered_lines
from agreements.stages import Stage
from desk.comments_page import ABOUT_THE_WHOLE, for_showing
from indicators.scoring import CannotScore
from thai.numbers import grouped_number
from workflow.forms import CounterForm, DeclineForm, DeferForm
from workflow.handover import as_known, comments_known
from workflow.models import Comment, Offer, Side
from workflow.offers import NUMBERS, OF_LEVELS
from workflow.rules import offers_made

# Of each line; what came before stands on the page of comments, and in the history.
COMMENTS_SHOWN = 5
ANSWERED_SHOWN = 10
STATE_KINDS = {
    Offer.State.ACCEPTED: "ok",
    Offer.State.DECLINED: "bad",
    Offer.State.COUNTERED: "info",
    Offer.State.DEFERRED: "warn",
}


@dataclass(frozen=True)
class ShownOffer:
    """One offer as shown: both values, the redline or the level cells, its effect, and the reader's forms to answer it."""

    offer: Offer
    label: str
    by: str
    was: str
    now: str
    pieces: list
    levels_was: list
    levels_now: list
    effect: tuple
    mine: bool
    counter: CounterForm | None
    decline: DeclineForm | None
    defer: DeferForm | None
    is_number: bool
    still_own: bool

    @property
    def to_answer(self):
        return self.counter is not None

    @property
    def state_kind(self):
        """The kind of badge for its state."""
        return STATE_KINDS.get(self.offer.state, "")


@dataclass(frozen=True)
class Bargain:
    """One line in the negotiation. `state`: (words, kind of badge), None where nothing was offered."""

    line: Line
    number: str
    open: list
    answered: list
    answered_before: int
    comments: list
    all_comments: dict | None
    state: tuple | None

    @property
    def is_quiet(self):
        """Has nobody offered or said anything about it?"""
        return not (self.open or self.answered or self.comments)

    @property
    def offered_by(self):
        """Whose the open offers are, if they are all of one side."""
        units = {shown.by for shown in self.open}
        return units.pop() if len(units) == 1 else ""

    @property
    def has_effect(self):
        return any(shown.effect for shown in self.open)


@dataclass(frozen=True)
class Table:
    """All lines: those spoken of (open ones first), those nobody spoke of, and what was said of the whole."""

    spoken: list
    quiet: list
    general: list
    all_general: dict | None
    open_count: int
    to_answer: int


def latest_comments(agreement, hears):
    """The last comments on each line, and on the whole, as they were made; `in_all`: how many there are on that line.

    Those that are known to who hears the sides `hears`.
    """
    last_first = Window(RowNumber(), partition_by="line", order_by=F("pk").desc())
    counted = Window(Count("pk"), partition_by="line")
    known = Comment.objects.filter(comments_known(hears), round__agreement=agreement)
    said = known.annotate(from_last=last_first, in_all=counted).filter(from_last__lte=COMMENTS_SHOWN)
    return for_showing(said).order_by("pk")


def bargain(agreement, side, hears, typed=None):
    """The negotiation of `agreement` as who speaks for the side `side` (None: a reader) sees it.

    `hears`: the sides whose words they know before they are handed over. `typed`: forms that were filled in and not
    taken, by ("counter" | "decline" | "defer", offer's id).
    """
    return _Bargaining(agreement, side, hears, typed or {}).table()


class _Bargaining:
    """What the page is made from, read once."""

    def __init__(self, agreement, side, hears, typed):
        self.agreement, self.side, self.typed = agreement, side, typed
        self.units = {Side.OWNER: agreement.unit.short_name, Side.COUNTERPART: agreement.counterpart.short_name}
        self.offers, self.comments = defaultdict(list), defaultdict(list)
        for offer in as_known(offers_made(agreement), hears):
            self.offers[offer.line_id].append(offer)
        for comment in latest_comments(agreement, hears):
            self.comments[comment.line_id].append(comment)

    def table(self):
        lines = [self._of_line(each) for each in numbered_lines(self.agreement)]
        shown = [offer for each in lines for offer in each.open]
        return Table(
            spoken=sorted((each for each in lines if not each.is_quiet), key=lambda each: not each.open),
            quiet=[each for each in lines if each.is_quiet],
            general=self.comments[None],
            all_general=self._all_comments(None),
            open_count=len(shown),
            to_answer=sum(offer.to_answer for offer in shown),
        )

    def _of_line(self, numbered):
        line = numbered.line
        shown = [self._shown(offer, line) for offer in self.offers[line.pk]]
        still_open = [each for each in shown if each.offer.is_open]
        answered = [each for each in shown if not each.offer.is_open]
        return Bargain(
            line=line,
            number=numbered.number,
            open=still_open,
            answered=answered[-ANSWERED_SHOWN:],
            answered_before=max(0, len(answered) - ANSWERED_SHOWN),
            comments=self.comments[line.pk],
            all_comments=self._all_comments(line.pk),
            state=self._state(shown, still_open),
        )

    def _state(self, shown, still_open):
        if not shown:
            return None
        if not still_open:
            return _("all answered"), "ok"
        if self.agreement.stage == Stage.FORMAL:
            return _("decided; becomes the text when confirmed"), "formal"
        if any(each.to_answer for each in still_open):
            return _("waits for your answer"), "informal"
        other = Side.COUNTERPART if still_open[0].offer.side == Side.OWNER else Side.OWNER
        return _("waits for the answer of %(unit)s") % {"unit": self.units[other]}, "info"

    def _all_comments(self, line_id):
        """{url, count}: where all comments stand, if there are more than those shown."""
        shown = self.comments[line_id]
        count = shown[0].in_all if shown else 0
        url = reverse("desk:comments", args=[self.agreement.code]) + f"?line={line_id or ABOUT_THE_WHOLE}"
        return {"url": url, "count": count} if count > len(shown) else None

    def _answers(self, offer):
        """The forms (counter, decline, defer) where the reader's side is to answer, else nothing."""
        if self.side is None or not offer.is_open or offer.side == self.side:
            return None, None, None
        forms = ((form.answer, form) for form in (CounterForm, DeclineForm, DeferForm))
        return tuple(self.typed.get((name, offer.pk)) or form(offer=offer) for name, form in forms)

    def _shown(self, offer, line):
        is_number, is_level = offer.field in NUMBERS, offer.field in OF_LEVELS
        counter, decline, defer = self._answers(offer)
        return ShownOffer(
            offer=offer,
            label=str(Line._meta.get_field(offer.field).verbose_name),
            by=self.units[offer.side],
            was=shown_value(offer, offer.from_value),
            now=shown_value(offer, offer.to_value),
            pieces=[] if is_number else pieces(offer.from_value, offer.to_value),
            levels_was=_levels(line, offer, offer.from_value, "gone") if is_level else [],
            levels_now=_levels(line, offer, offer.to_value, "new") if is_level else [],
            effect=_effect(line, offer, self.agreement.framework.scoring_scale) if is_level and offer.is_open else (),
            mine=offer.is_open and offer.side == self.side,
            counter=counter,
            decline=decline,
            defer=defer,
            is_number=is_number,
            still_own=not offer.handed_over_at or not (offer.is_open or offer.answer_handed_over_at),
        )


def shown_value(offer, value):
    """A value of the offer's field as people read it: a weight with its two decimals."""
    if not value:
        return "–"
    if offer.field not in NUMBERS:
        return value
    return grouped_number(Decimal(value), 2 if offer.field == "weight" else None)


def _levels(line, offer, value, mark):
    """The cells of the levels as the value makes them, with the one that is offered marked."""
    place = int(offer.field[-1])
    cells = _with(line, offer, value).criteria.cells(grouped_number)
    return [{"value": text or "–", mark: level == place, "hit": False} for level, text in enumerate(cells, 1)]


def _effect(line, offer, scale):
    """(score of last year's result as the criteria stood, as they would stand); () where it can't be said."""
    if line.past_1 is None:
        return ()
    values = (offer.from_value, offer.to_value)
    try:
        return tuple(_with(line, offer, value).criteria.score(line.past_1, scale).score for value in values)
    except CannotScore:
        return ()


def _with(line, offer, value):
    """The line as it stands with `value` in the place of the offer; nothing is saved."""
    line = copy(line)
    setattr(line, offer.field, Decimal(value) if value else None)
    return line
