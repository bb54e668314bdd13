"""The Thai fiscal year: its period and due dates by rule, and the acts that open a year and change its dates.

The handbook prints the period of fiscal year 2559 as 1 Oct 59 – 30 Sep 60, which is 2560's (2.2.2, item 1.2). So the
period is derived, stored, and may be set otherwise for one year, with a reason.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from fiscal.models import FIRST_YEAR, LAST_YEAR, Deadline, DeadlineKey, FiscalYear
from thai.dates import BE_MINUS_CE, be_year, local_date

OCTOBER = 10
# A period set by hand may begin or end this far from the rule's; a due date may lie this far outside the period.
LEEWAY = timedelta(days=366)


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
        DeadlineKey.REPORT_6: date(ends.year, 4, 30),
        DeadlineKey.REPORT_9: date(ends.year, 7, 31),
        DeadlineKey.REPORT_12: date(ends.year, 10, 31),
        DeadlineKey.EVALUATION: date(ends.year, 12, 31),
    }


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


def due_problems(fiscal_year: FiscalYear, key: str, due: date) -> list[Refusal]:
    """What forbids this due date; empty when it may be stored."""
    if fiscal_year.starts_on - LEEWAY <= due <= fiscal_year.ends_on + LEEWAY:
        return []
    sentence = _("This due date is more than a year away from the fiscal year's period. Please check the year.")
    return [Refusal(sentence, f"#id_{key}")]


def open_year(
    year: int, *, by: Any, at: datetime, starts_on: date | None = None, ends_on: date | None = None, reason: str = ""
) -> FiscalYear:
    """Open a fiscal year, with its period (by rule unless given, then with a reason) and the usual due dates.

    Raises `Refused` when it is open already or the period may not be stored.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused([Refusal(_("Please give the fiscal year in the Buddhist Era, for example 2570."), "#id_year")])
    given = _allowed_period(year, starts_on, ends_on, reason)
    with acting(by, at=at) as record:
        opened, new = FiscalYear.objects.get_or_create(year=year, defaults=given | {"opened_at": at})
        if not new:
            raise Refused([Refusal(_("This fiscal year is open already."), "#id_year")])
        opened.deadlines.bulk_create(
            Deadline(fiscal_year=opened, key=key, due=due) for key, due in default_deadlines(year).items()
        )
        record("open_year", opened, change=_period_of(opened), text=opened.override_reason)
    return opened


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


def set_deadlines(fiscal_year: FiscalYear, dues: Mapping[str, date], *, by: Any, at: datetime) -> None:
    """Set the due dates named; the others stay."""
    problems = [problem for key, due in dues.items() for problem in due_problems(fiscal_year, key, due)]
    if problems:
        raise Refused(problems, incomplete=True)
    with acting(by, at=at) as record:
        before = dict(fiscal_year.deadlines.values_list("key", "due"))
        changed = {key: due for key, due in dues.items() if before.get(key) != due}
        for key, due in changed.items():
            fiscal_year.deadlines.update_or_create(key=key, defaults={"due": due})
        if changed:
            record("set_deadlines", fiscal_year, change=_differences(before, changed))


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


def _differences(before: Mapping[str, date], after: Mapping[str, date]) -> dict[str, list[str | None]]:
    return {key: [before[key].isoformat() if key in before else None, due.isoformat()] for key, due in after.items()}
