"""Dates as Thai officials write them: day, Thai month, year of the Buddhist Era (พ.ศ. = ค.ศ. + 543).

Digits come out as 0–9; `thai.numbers.show_digits` turns them. When English is the active language the months are
English and dates are of the Common Era; fiscal years keep their number, which is a name, and say whose era it is.
"""

import re
from datetime import date, datetime
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from thai.language import is_thai
from thai.numbers import to_arabic

Style = Literal["long", "medium", "short"]

BE_MINUS_CE = 543
MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
MONTHS_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
# Our own, not strftime's: that follows the server's locale, not the reader's.
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def local_date(d: date) -> date:
    """The day of a date, or of an aware datetime in the current time zone."""
    return timezone.localdate(d) if isinstance(d, datetime) else d


def be_year(d: date) -> int:
    """The Buddhist Era year of a date (or of an aware datetime, in the current time zone)."""
    return local_date(d).year + BE_MINUS_CE


def shown_year(be: int) -> str:
    """A year of the Buddhist Era, as a fiscal year is called: "2569", in English "B.E. 2569" (on one line)."""
    return str(be) if is_thai() else f"B.E.\u00a0{be}"


def thai_date(d: date, style: Style = "long") -> str:
    """Long "1 ตุลาคม 2569", medium "1 ต.ค. 2569", short "1 ต.ค. 69"; "1 October 2026", "1 Oct 2026", "1 Oct 2026"."""
    day = local_date(d)
    year = str(be_year(day))[-2:] if style == "short" else be_year(day)
    return f"{day.day} {_month(day.month, style)} {year if is_thai() else day.year}"


def thai_datetime(dt: datetime, style: Style = "long") -> str:
    """Long "1 ตุลาคม 2569 เวลา 10.12 น.", medium "1 ต.ค. 2569 10.12 น.", in the current time zone.

    In English "1 October 2026, 10:12". Aware datetimes only: a naive one raises ValueError.
    """
    between = ", " if not is_thai() else " เวลา " if style == "long" else " "
    return f"{thai_date(dt, style)}{between}{clock_time(dt)}"


def clock_time(dt: datetime) -> str:
    """The time of day in the current time zone: "10.12 น.", in English "10:12"."""
    local = timezone.localtime(dt)
    return f"{local:%H.%M} น." if is_thai() else f"{local:%H:%M}"


def until_words(d: date, today: date) -> str:
    """How far off a due date is: "อีก 8 วัน", "วันนี้" or "เกินกำหนด 4 วัน"."""
    days = (local_date(d) - local_date(today)).days
    if days == 0:
        return pgettext("due date", "today")
    if days > 0:
        return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    return ngettext("%(count)d day overdue", "%(count)d days overdue", -days) % {"count": -days}


class NotADate(ValueError):
    """What was typed is no date; `str()` is a sentence."""


# Years above this are of the Buddhist Era: nobody plans for the Common Era's 2400.
FIRST_BE_YEAR = 2400
_NUMERIC = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDED = re.compile(r"(\d{1,2})\s*([^\d\s]+)\s*(?:พ\.ศ\.|ค\.ศ\.)?\s*(\d{4})")


def read_date(text: str) -> date:
    """The date that was typed: 15/12/2569, 15 ธ.ค. 2569, 15 ธันวาคม 2569 or 2026-12-15, in either digits and era.

    Raises NotADate with a sentence.
    """
    day, month, year = _parts(to_arabic(text.strip()))
    try:
        return date(year - BE_MINUS_CE if year >= FIRST_BE_YEAR else year, month, day)
    except ValueError:
        raise NotADate(_("There is no such day in the calendar. Please check the date.")) from None


def _parts(text: str) -> tuple[int, int, int]:
    if found := _ISO.fullmatch(text):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _NUMERIC.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if (found := _WORDED.fullmatch(text)) and (month := _month_called(found[2])):
        return int(found[1]), month, int(found[3])
    raise NotADate(_("Please type the date as day, month and year, such as 15 Dec 2026 or 15/12/2026."))


def _month_called(name: str) -> int | None:
    """The number of a month by its Thai or English name, short or long."""
    for names in (MONTHS, MONTHS_SHORT, MONTHS_EN, tuple(month[:3] for month in MONTHS_EN)):
        for number, each in enumerate(names, start=1):
            if each.casefold().rstrip(".") == name.casefold().rstrip("."):
                return number
    return None


def _month(number: int, style: Style) -> str:
    if is_thai():
        return (MONTHS if style == "long" else MONTHS_SHORT)[number - 1]
    name = MONTHS_EN[number - 1]
    return name if style == "long" else name[:3]
