"""Filters for what people read. A template builtin: no {% load %} needed.

On a page that isn't in Thai, what is Thai by nature (names, plans, whatever was typed) is marked `lang="th"`, so that it
is read aloud and broken into lines as Thai: by `digits` in text, by `lang_of` on an element that can hold no markup.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString, mark_safe

from thai import dates
from thai.language import is_thai
from thai.numbers import Number, fixed_number, grouped_number, show_digits

register = template.Library()

NOTHING = "–"
SCORE_PLACES = 4
# In text that is HTML already, the digits of tags and of entities such as &#x27; are not for reading.
_MARKUP = re.compile(r"(<[^>]*>|&#?\w+;)")
# An element of its own, which no style sheet takes for a label or a note.
_MARK, _END = '<bdi lang="th">', "</bdi>"
_MARKED = re.compile(rf"({_MARK}.*?{_END}|<[^>]*>|&#?\w+;)", re.DOTALL)
# From a Thai letter to the last one before a Latin letter, with the figures that cling to it (บก.ตม.1).
_THAI = re.compile(r"[\u0e01-\u0e7f](?:[^A-Za-z]*[\u0e01-\u0e7f])?[.0-9]*")


@register.filter(needs_autoescape=True)
def digits(value: Any, autoescape: bool = True) -> str:
    """The value as people are shown it: with their digits, ๒๕๖๙ or 2569; Thai marked as such. None is a dash.

    For text. Attributes, titles and options hold no markup: `plain`.
    """
    if isinstance(value, SafeData):
        return _on_text(str(value), show_digits) if is_thai() else _marked(str(value))
    shown = plain(value)
    return _marked(conditional_escape(shown)) if autoescape and not is_thai() and _THAI.search(shown) else shown


@register.filter
def plain(value: Any) -> str:
    """As `digits`, without markup."""
    if value is None:
        return NOTHING
    if isinstance(value, SafeData):
        return _on_text(str(value).replace(_MARK, "").replace(_END, ""), show_digits)
    return show_digits(format(value, "f") if isinstance(value, Decimal) else str(value))


@register.filter
def lang_of(value: Any) -> str:
    """` lang="th"` for the tag of a field or an option that holds Thai, on a page that isn't in Thai."""
    return mark_safe(' lang="th"') if not is_thai() and _THAI.search(str(value or "")) else ""


def _on_text(html: str, turn: Callable[[str], str], kept: re.Pattern[str] = _MARKUP) -> SafeString:
    parts = kept.split(html)
    shown = "".join(part if index % 2 else turn(part) for index, part in enumerate(parts))
    return mark_safe(shown)  # it was safe, and nothing of a person's was added


def _marked(html: str) -> SafeString:
    return _on_text(html, lambda text: _THAI.sub(lambda found: f"{_MARK}{found[0]}{_END}", text), kept=_MARKED)


@register.filter
def thai_date(value: date | None, style: dates.Style = "long") -> str:
    """1 ตุลาคม 2569; `:"medium"` 1 ต.ค. 2569; `:"short"` 1 ต.ค. 69."""
    return show_digits(dates.thai_date(value, style)) if value else NOTHING


@register.filter
def thai_datetime(value: datetime | None, style: dates.Style = "long") -> str:
    """1 ตุลาคม 2569 เวลา 10.12 น."""
    return show_digits(dates.thai_datetime(value, style)) if value else NOTHING


@register.filter
def clock(value: datetime | None) -> str:
    """10.12 น."""
    return show_digits(dates.clock_time(value)) if value else NOTHING


@register.filter
def be(value: date | int | None) -> str:
    """A fiscal year by its number, or the Buddhist Era year of a date: 2569, in English B.E. 2569."""
    if not value:
        return NOTHING
    return show_digits(dates.shown_year(value if isinstance(value, int) else dates.be_year(value)))


@register.filter
def due_words(value: date | None, today: date | None = None) -> str:
    """อีก 8 วัน, วันนี้, เกินกำหนด 4 วัน."""
    return show_digits(dates.until_words(value, today or timezone.localdate())) if value else NOTHING


@register.filter
def number(value: Number | None, places: int | None = None) -> str:
    """1,234.5 with the decimals it needs, or `:2` with exactly so many."""
    if value is None or value == "":
        return NOTHING
    return show_digits(grouped_number(value, places))


@register.filter
def score(value: Number | None) -> str:
    """4.3000: four decimals, half up."""
    return NOTHING if value is None or value == "" else show_digits(fixed_number(value, SCORE_PLACES))
