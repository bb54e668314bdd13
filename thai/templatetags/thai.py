"""Filters for what people read. A template builtin: no {% load %} needed."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeData, mark_safe

from thai import dates
from thai.numbers import Number, fixed_number, grouped_number, show_digits

register = template.Library()

NOTHING = "–"
SCORE_PLACES = 4
# In text that is HTML already, the digits of tags and of entities such as &#x27; are not for reading.
_MARKUP = re.compile(r"(<[^>]*>|&#?\w+;)")


@register.filter
def digits(value: Any) -> str:
    """The value with the digits that people are shown: ๒๕๖๙ or 2569. None is a dash."""
    if value is None:
        return NOTHING
    if isinstance(value, SafeData):
        parts = _MARKUP.split(str(value))
        shown = "".join(part if index % 2 else show_digits(part) for index, part in enumerate(parts))
        return mark_safe(shown)  # it was safe, and no character of markup was added
    return show_digits(format(value, "f") if isinstance(value, Decimal) else str(value))


@register.filter
def thai_date(value: date | None, style: dates.Style = "long") -> str:
    """1 ตุลาคม 2569; `:"medium"` 1 ต.ค. 2569; `:"short"` 1 ต.ค. 69."""
    return show_digits(dates.thai_date(value, style)) if value else NOTHING


@register.filter
def thai_datetime(value: datetime | None, style: dates.Style = "long") -> str:
    """1 ตุลาคม 2569 เวลา 10.12 น."""
    return show_digits(dates.thai_datetime(value, style)) if value else NOTHING


@register.filter
def be(value: date | int | None) -> str:
    """The year of a date, or a fiscal year's number (Buddhist Era), in the calendar of the reader's language."""
    if not value:
        return NOTHING
    year = value if isinstance(value, int) else dates.be_year(value)
    return show_digits(str(dates.shown_year(year)))


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
