"""Working days: which days offices are closed, and where a due date moves that falls on one of them.

Holidays are rows that the planning office keeps. Those with a fixed date can be filled in for a year; those by the moon
(มาฆบูชา, วิสาขบูชา, อาสาฬหบูชา, เข้าพรรษา), the ploughing ceremony and special holidays are announced, and entered by hand.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from acts.log import acting
from fiscal.models import Holiday
from thai.dates import BE_MINUS_CE

DAY = timedelta(days=1)
FRIDAY, SUNDAY = 4, 6
NEW_YEARS_EVE, SONGKRAN = "วันสิ้นปี", "วันสงกรานต์"
# Holidays of the public service whose date is the same each year: (month, day, name).
FIXED = (
    (1, 1, "วันขึ้นปีใหม่"),
    (4, 6, "วันพระบาทสมเด็จพระพุทธยอดฟ้าจุฬาโลกมหาราชและวันที่ระลึกมหาจักรีบรมราชวงศ์"),
    (4, 13, SONGKRAN),
    (4, 14, SONGKRAN),
    (4, 15, SONGKRAN),
    (5, 4, "วันฉัตรมงคล"),
    (6, 3, "วันเฉลิมพระชนมพรรษาสมเด็จพระนางเจ้าฯ พระบรมราชินี"),
    (7, 28, "วันเฉลิมพระชนมพรรษาพระบาทสมเด็จพระเจ้าอยู่หัว"),
    (8, 12, "วันแม่แห่งชาติ"),
    (10, 13, "วันนวมินทรมหาราช"),
    (10, 23, "วันปิยมหาราช"),
    (12, 5, "วันพ่อแห่งชาติ"),
    (12, 10, "วันรัฐธรรมนูญ"),
    (12, 31, NEW_YEARS_EVE),
)
MADE_UP_FOR = "วันหยุดชดเชย{name}"


def is_workday(day: date, off: Container[date]) -> bool:
    """Neither Saturday, nor Sunday, nor one of the days `off`."""
    return day.weekday() <= FRIDAY and day not in off


def workday_from(day: date, off: Container[date]) -> date:
    """The day itself if it is a working day, else the next one that is."""
    while not is_workday(day, off):
        day += DAY
    return day


def fixed_holidays(year: int) -> list[tuple[date, str]]:
    """The holidays with a fixed date in the calendar year พ.ศ. `year`, with the days that make up for weekends.

    A holiday on a weekend is made up for on the next working day, by the standing resolution of the cabinet; of the
    three days of Songkran, and of the two at the turn of the year, one at most.
    """
    ce = year - BE_MINUS_CE
    found = {date(ce, month, day): name for month, day, name in FIXED}
    for held, name in _made_up_for(ce):
        found[workday_from(held, found)] = MADE_UP_FOR.format(name=name)
    return sorted(found.items())


def _made_up_for(ce: int) -> Iterator[tuple[date, str]]:
    """(from which day on a working day makes up for it, its name) of the holidays that lie on a weekend."""
    if date(ce - 1, 12, 31).weekday() == SUNDAY:
        yield date(ce, 1, 2), NEW_YEARS_EVE
    for month, day, name in FIXED:
        if name not in (SONGKRAN, NEW_YEARS_EVE) and date(ce, month, day).weekday() > FRIDAY:
            yield date(ce, month, day), name
    if any(date(ce, 4, day).weekday() > FRIDAY for day in (13, 14, 15)):
        yield date(ce, 4, 16), SONGKRAN


def days_off() -> frozenset[date]:
    """All holidays known."""
    return frozenset(Holiday.objects.values_list("day", flat=True))


def add_holidays(days: Iterable[tuple[date, str]], *, by: Any, at: datetime) -> Sequence[Holiday]:
    """Enter holidays; days that are there already stay as they are. Returns the new ones. Recorded."""
    with acting(by, at=at) as record:
        made = [Holiday.objects.get_or_create(day=day, defaults={"name": name}) for day, name in days]
        new = [holiday for holiday, is_new in made if is_new]
        for holiday in new:
            record("add_holiday", holiday, change={"day": holiday.day, "name": holiday.name})
    return new


def remove_holiday(holiday: Holiday, *, by: Any, at: datetime) -> None:
    """Take a holiday out: the day is a working day after all. Recorded."""
    with acting(by, at=at) as record:
        record("remove_holiday", holiday, change={"day": holiday.day, "name": holiday.name})
        Holiday.objects.filter(pk=holiday.pk).delete()
