"""The Thai fiscal year: its period and due dates by rule, and the acts that open a year and change its dates.

The handbook prints the period of fiscal year 2559 as 1 Oct 59 – 30 Sep 60, which is 2560's (2.2.2, item 1.2). So the
period is derived, stored, and may be set otherwise for one year, with a reason.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from acts.versions import Stale
from fiscal.holidays import days_off, workday_from
from fiscal.models import EVERY_LEVEL, FIRST_DATE, FIRST_YEAR, LAST_DATE, LAST_YEAR, Deadline, DeadlineKey, FiscalYear
from thai.dates import BE_MINUS_CE, be_year, local_date

OCTOBER = 10
# A period set by hand may begin or end this far from the rule's; a due date may lie this far outside the period.
LEEWAY = timedelta(days=366)


@dataclass(frozen=True)
class Call:
    """The letter of สำนักงาน ก.พ.ร. that asks for draft indicators (handbook 2.1, step 1): number, date, what it asks."""

    number: str
    date: date
    text: str = ""


def period(year: int) -> tuple[date, date]:
    """Fiscal year B.E. `year` runs from 1 October of the year before to 30 September of that year."""
    ce = year - BE_MINUS_CE
    return date(ce - 1, OCTOBER, 1), date(ce, 9, 30)


def year_of(day: date) -> int:
    """The fiscal year (B.E.) that a day falls in, by rule; of a moment, the day it is here."""
    return be_year(day) + (1 if local_date(day).month >= OCTOBER else 0)


def default_deadlines(year: int) -> dict[DeadlineKey, date]:
    """The usual due dates of a fiscal year: suggestions to start from, not rules."""
    begins, ends = period(year)
    return {
        DeadlineKey.SUBMISSION: date(begins.year, 9, 30),
        DeadlineKey.INFORMAL: date(begins.year, 11, 30),
        DeadlineKey.FORMAL: date(begins.year, 12, 31),
        DeadlineKey.SIGNING: date(ends.year, 1, 31),
        DeadlineKey.EVALUATION: date(ends.year, 12, 31),
    }


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the last day of the month."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def suggested_deadlines(year: int) -> dict[DeadlineKey, date]:
    """The due dates to begin with: those of the year opened before it, moved; else the usual ones."""
    earlier = year_before(year)
    moved = {} if earlier is None else {row.key: row.set_for for row in earlier.deadlines.filter(tier=EVERY_LEVEL)}
    return default_deadlines(year) | {
        DeadlineKey(key): years_later(due, year - earlier.year) for key, due in moved.items()
    }


def suggested_level_dues(year: int) -> dict[tuple[str, int], date]:
    """The due dates of single levels to begin with: those of the year opened before it, moved."""
    earlier = year_before(year)
    if earlier is None:
        return {}
    return {each: years_later(day, year - earlier.year) for each, day in level_dues(earlier).items()}


def level_dues(fiscal_year: FiscalYear) -> dict[tuple[str, int], date]:
    """{(step, level): the day that was set} of the levels that have due dates of their own."""
    return {(row.key, row.tier): row.set_for for row in fiscal_year.deadlines.all() if row.tier != EVERY_LEVEL}


def year_before(year: int) -> FiscalYear | None:
    """The latest year opened before the year with this number."""
    return FiscalYear.objects.filter(year__lt=year).order_by("-year").first()


def next_year(on: date) -> int:
    """The year to be opened next: the one after the last opened; of none, the one after the year of the day `on`."""
    last = FiscalYear.objects.order_by("-year").first()
    return (last.year if last else year_of(on)) + 1


def period_problems(year: int, starts_on: date, ends_on: date, reason: str) -> list[Refusal]:
    """What forbids this period for this year; empty when it may be stored."""
    by_rule = period(year)
    given = (starts_on, ends_on)
    far_off = any(abs(day - rule) > LEEWAY for day, rule in zip(given, by_rule, strict=True))
    others = FiscalYear.objects.exclude(year=year).filter(starts_on__lte=ends_on, ends_on__gte=starts_on)
    problems = []
    if starts_on >= ends_on:
        problems.append(Refusal(_("The period ends before it starts. Please check both dates."), "#id_ends_on"))
    elif far_off:
        sentence = _("The period is more than a year away from the fiscal year. Please check both dates.")
        problems.append(Refusal(sentence, "#id_starts_on"))
    elif others.exists():
        sentence = _("The period overlaps that of another fiscal year. Please check both dates.")
        problems.append(Refusal(sentence, "#id_starts_on"))
    if given != by_rule and not reason.strip():
        sentence = _("The period differs from the rule (1 October to 30 September). Please give the reason.")
        problems.append(Refusal(sentence, "#id_override_reason"))
    return problems


def due_name(key: str, tier: int = EVERY_LEVEL) -> str:
    """The name of a due date in records and forms: "signing"; of one level: "signing_2"."""
    return key if tier == EVERY_LEVEL else f"{key}_{tier}"


def due_problems(fiscal_year: FiscalYear, key: str, due: date, tier: int = EVERY_LEVEL) -> list[Refusal]:
    """What forbids this due date; empty when it may be stored."""
    if fiscal_year.starts_on - LEEWAY <= due <= fiscal_year.ends_on + LEEWAY:
        return []
    sentence = _("This due date is more than a year away from the fiscal year's period. Please check the year.")
    return [Refusal(sentence, f"#id_{due_name(key, tier)}")]


def open_year(
    year: int,
    *,
    by: Any,
    at: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
    call: Call | None = None,
    dues: Mapping[str, date] | None = None,
) -> FiscalYear:
    """Open a fiscal year, with its period (by rule unless given, then with a reason), the call, and due dates.

    The due dates are the usual ones but for those in `dues`. Raises `Refused` when the year is open already or
    something may not be stored.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused([Refusal(_("Please give the fiscal year in the Buddhist Era, for example 2570."), "#id_year")])
    given = _allowed_period(year, starts_on, ends_on, reason) | _call_columns(call)
    with acting(by, at=at) as record:
        opened, new = FiscalYear.objects.get_or_create(year=year, defaults=given | {"opened_at": at})
        if not new:
            raise Refused([Refusal(_("This fiscal year is open already."), "#id_year")])
        _refuse_dues(opened, _of_every_level(dues or {}))
        opened.deadlines.bulk_create(
            Deadline(fiscal_year=opened, key=key, due=due)
            for key, due in (default_deadlines(year) | dict(dues or {})).items()
        )
        move_deadlines(opened)
        change = _period_of(opened) | ({"call": opened.call_number} if call else {})
        record("open_year", opened, change=change, text=opened.override_reason)
    return opened


def hold(fiscal_year: FiscalYear, *, version: int) -> FiscalYear:
    """The year as it stands, taken for writing by who saw it at `version`; raises `Stale`. Call it inside the act."""
    rows = FiscalYear.objects.filter(pk=fiscal_year.pk)
    if not rows.filter(version=version).update(version=F("version") + 1):
        raise Stale(rows.get())
    return rows.get()


def set_call(fiscal_year: FiscalYear, call: Call | None, *, by: Any, at: datetime) -> None:
    """Enter the call, or correct it; None: there is none."""
    with acting(by, at=at) as record:
        rows, columns = FiscalYear.objects.filter(pk=fiscal_year.pk), _call_columns(call)
        before = rows.values(*columns).get()
        if before != columns:
            rows.update(**columns)
            record("set_call", fiscal_year, change={"before": before, "after": columns})


def change_period(
    fiscal_year: FiscalYear,
    *,
    by: Any,
    at: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> FiscalYear:
    """Give an open year another period, with a reason; without dates, the rule's again."""
    with acting(by, at=at) as record:
        changed = FiscalYear.objects.get(pk=fiscal_year.pk)
        before = _period_of(changed)
        given = _allowed_period(changed.year, starts_on, ends_on, reason)
        for field, value in given.items():
            setattr(changed, field, value)
        changed.save(update_fields=list(given))
        record("change_period", changed, change={"before": before, "after": _period_of(changed)}, text=reason)
    return changed


def set_deadlines(
    fiscal_year: FiscalYear,
    dues: Mapping[str, date],
    *,
    by: Any,
    at: datetime,
    levels: Mapping[tuple[str, int], date] | None = None,
) -> None:
    """Set the due dates named, moved off holidays where the year says so; the others stay.

    `levels`: all due dates of single levels there shall be, by (step, level); None: they stay.
    """
    wanted = _of_every_level(dues) | dict(levels or {})
    _refuse_dues(fiscal_year, wanted)
    with acting(by, at=at) as record:
        before = {(row.key, row.tier): row.set_for for row in fiscal_year.deadlines.order_by("pk")}
        gone = set() if levels is None else {each for each in before if each[1] != EVERY_LEVEL} - set(levels)
        changed = {each: due for each, due in wanted.items() if before.get(each) != due}
        for key, tier in gone:
            fiscal_year.deadlines.filter(key=key, tier=tier).delete()
        for (key, tier), due in changed.items():
            fiscal_year.deadlines.update_or_create(key=key, tier=tier, defaults={"due": due, "moved_from": None})
        move_deadlines(fiscal_year)
        if changed or gone:
            record("set_deadlines", fiscal_year, change=_differences(before, changed | dict.fromkeys(gone)))


def move_deadlines(fiscal_year: FiscalYear) -> list[Deadline]:
    """Put each due date of the year on the day that counts, by the holidays known now; returns those that moved."""
    off = days_off()
    moved = []
    for row in fiscal_year.deadlines.order_by("pk"):
        due = workday_from(row.set_for, off) if fiscal_year.moves_off_holidays else row.set_for
        if due != row.due:
            row.moved_from, row.due = (None if due == row.set_for else row.set_for), due
            row.save(update_fields=["due", "moved_from"])
            moved.append(row)
    return moved


def set_reminding(
    fiscal_year: FiscalYear,
    *,
    moves_off_holidays: bool,
    escalate_after: int | None,
    appeal_days: int | None = None,
    by: Any,
    at: datetime,
) -> None:
    """Say whether due dates of the year move off holidays, after how many days late the superior is told, and for how
    many days a unit may appeal (None: as it was)."""
    columns: dict[str, Any] = {"moves_off_holidays": moves_off_holidays, "escalate_after": escalate_after}
    if appeal_days is not None:
        columns["appeal_days"] = appeal_days
    with acting(by, at=at) as record:
        rows = FiscalYear.objects.filter(pk=fiscal_year.pk)
        before = rows.values(*columns).get()
        if before != columns:
            rows.update(**columns)
            record("set_reminding", fiscal_year, change={"before": before, "after": columns})


def _of_every_level(dues: Mapping[str, date]) -> dict[tuple[str, int], date]:
    return {(key, EVERY_LEVEL): due for key, due in dues.items()}


def _refuse_dues(fiscal_year: FiscalYear, dues: Mapping[tuple[str, int], date]) -> None:
    problems = [problem for (key, tier), due in dues.items() for problem in due_problems(fiscal_year, key, due, tier)]
    if problems:
        raise Refused(problems, incomplete=True)


def _call_columns(call: Call | None) -> dict[str, Any]:
    """The columns of a call, or `Refused`."""
    if call is None:
        return {"call_number": "", "call_date": None, "call_text": ""}
    if not FIRST_DATE <= call.date <= LAST_DATE:
        raise Refused([Refusal(_("Please check the year of the call's date."), "#id_call_date")], incomplete=True)
    return {"call_number": call.number, "call_date": call.date, "call_text": call.text}


def _allowed_period(year: int, starts_on: date | None, ends_on: date | None, reason: str) -> dict[str, Any]:
    """The columns of a period (what isn't given is by rule), or `Refused`. By rule it keeps no reason."""
    by_rule = period(year)
    starts_on, ends_on = starts_on or by_rule[0], ends_on or by_rule[1]
    problems = period_problems(year, starts_on, ends_on, reason)
    if problems:
        raise Refused(problems, incomplete=True)
    kept_reason = "" if (starts_on, ends_on) == by_rule else reason.strip()
    return {"starts_on": starts_on, "ends_on": ends_on, "override_reason": kept_reason}


def _period_of(fiscal_year: FiscalYear) -> dict[str, str]:
    return {"starts_on": fiscal_year.starts_on.isoformat(), "ends_on": fiscal_year.ends_on.isoformat()}


def _differences(
    before: Mapping[tuple[str, int], date], after: Mapping[tuple[str, int], date | None]
) -> dict[str, list[str | None]]:
    return {due_name(*each): [_iso(before.get(each)), _iso(due)] for each, due in after.items()}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
