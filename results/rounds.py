"""The reporting rounds of a year: suggested from the year before, set as a whole. The last one is the final one."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acts.engine import Refusal, Refused
from acts.log import acting
from fiscal.holidays import days_off, workday_from
from fiscal.years import LEEWAY, period, year_before, years_later
from results.models import Report, ReportingRound
from results.models.round import MOST_PENALTY
from thai.dates import MONTHS
from thai.numbers import plain_number


class Preset(StrEnum):
    """How often a year is reported; a beginning, every date of which can be changed."""

    USUAL = "usual"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"

    @property
    def label(self):
        return PRESET_NAMES[self]


PRESET_NAMES = {
    Preset.USUAL: gettext_lazy("after 6, 9 and 12 months"),
    Preset.QUARTERLY: gettext_lazy("quarterly"),
    Preset.MONTHLY: gettext_lazy("monthly"),
}
# After how many months of the year a round begins, and its name (data, printed in Thai whoever made them).
ROUNDS_OF = {
    Preset.USUAL: ((6, "รอบ 6 เดือน"), (9, "รอบ 9 เดือน"), (12, "รอบ 12 เดือน")),
    Preset.QUARTERLY: tuple((3 * n, f"รอบไตรมาสที่ {n}") for n in range(1, 5)),
    Preset.MONTHLY: tuple((n, f"รอบเดือน{MONTHS[(8 + n) % 12]}") for n in range(1, 13)),
}


@dataclass(frozen=True)
class Dates:
    """One round: its place in the year, its name, from when and until when its report is due, as that was set.

    `data_until`: the day up to which the data counts; None: none is said. `grace_until`: the last day on which a late
    report is taken; None: none is. `penalty`: what a report that didn't come takes off each line's score.
    """

    position: int
    name: str
    opens_on: date
    due_on: date
    data_until: date | None = None
    grace_until: date | None = None
    penalty: Decimal = Decimal(0)

    @property
    def closes_on(self):
        """The last day on which its report is taken."""
        return self.grace_until or self.due_on

    def later(self, years):
        """The same round so many years on."""
        moved = {name: day and years_later(day, years) for name, day in self._days().items()}
        return replace(self, **moved)

    def _days(self):
        return {name: getattr(self, name) for name in ("opens_on", "due_on", "data_until", "grace_until")}


def rounds_of(fiscal_year):
    """The Dates of a year's rounds, in order, as they were set."""
    return [_as_set(each) for each in fiscal_year.reporting_rounds.all()]


def _as_set(row):
    more = {"data_until": row.data_until, "grace_until": row.grace_set_for, "penalty": row.penalty}
    return Dates(row.position, row.name, row.opens_on, row.set_for, **more)


def suggested_rounds(year):
    """The Dates to begin with: those of the year opened before it, moved; else after 6, 9 and 12 months."""
    earlier = year_before(year)
    rounds = rounds_of(earlier) if earlier else []
    if not rounds:
        return usual_rounds(year)
    return [each.later(year - earlier.year) for each in rounds]


def usual_rounds(year, preset=Preset.USUAL):
    """The Dates of a preset: each round about the months before it, open and due in the month after; no grace, no penalty."""
    begins = period(year)[0]
    return [_round(place, name, begins, months) for place, (months, name) in enumerate(ROUNDS_OF[preset], 1)]


def _round(place, name, begins, months):
    first = _months_on(begins, months)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return Dates(place, name, first, last, data_until=first - timedelta(days=1))


def _months_on(first, months):
    """The first day of a month, so many months on."""
    years, month = divmod(first.month - 1 + months, 12)
    return first.replace(year=first.year + years, month=month + 1)


def round_problems(fiscal_year, rounds):
    """What forbids these rounds: each opens before it is due and then closes, later ones later, none far off the year."""
    if not rounds:
        return [Refusal(_("Please give at least one reporting round."), "#id_round_1_name")]
    problems = [problem for each in rounds for problem in _problems_of(fiscal_year, each)]
    for before, each in pairwise(rounds):
        if each.due_on <= before.due_on:
            sentence = _("Reporting round %(number)s must be due after the one before it.")
            problems.append(_wrong(each, "due_on", sentence))
        if each.closes_on < before.closes_on:
            sentence = _("Reporting round %(number)s closes before the one before it. Please check the days of grace.")
            problems.append(_wrong(each, "grace_until" if each.grace_until else "due_on", sentence))
    if _positions(fiscal_year) != [each.position for each in rounds] and _reports_exist(fiscal_year):
        problems.append(Refusal(_reported_already(), f"#id_round_{rounds[-1].position}_name"))
    return problems


def _problems_of(fiscal_year, each):
    if each.opens_on > each.due_on:
        sentence = _("Reporting round %(number)s is due before it opens. Please check both dates.")
        yield _wrong(each, "due_on", sentence)
    elif not fiscal_year.starts_on <= each.opens_on <= each.due_on <= fiscal_year.ends_on + LEEWAY:
        sentence = _("Reporting round %(number)s lies outside the fiscal year. Please check the years of its dates.")
        yield _wrong(each, "opens_on", sentence)
    else:
        yield from _problems_of_grace(fiscal_year, each)
        yield from _problems_of_data(fiscal_year, each)
    if not 0 <= each.penalty <= MOST_PENALTY:
        yield _wrong(each, "penalty", _("Reporting round %(number)s takes 0 to 5 points off, no fewer and no more."))


def _problems_of_grace(fiscal_year, each):
    if each.closes_on < each.due_on:
        sentence = _("The last day of grace of reporting round %(number)s is before the day it is due.")
        yield _wrong(each, "grace_until", sentence)
    elif each.closes_on > fiscal_year.ends_on + LEEWAY:
        sentence = _("The last day of grace of reporting round %(number)s lies outside the fiscal year.")
        yield _wrong(each, "grace_until", sentence)


def _problems_of_data(fiscal_year, each):
    if each.data_until is None:
        return
    if not fiscal_year.starts_on <= each.data_until <= fiscal_year.ends_on:
        sentence = _("The data of reporting round %(number)s must end within the fiscal year. Please check the year.")
        yield _wrong(each, "data_until", sentence)
    elif each.data_until > each.due_on:
        sentence = _("The data of reporting round %(number)s must end by the day its report is due.")
        yield _wrong(each, "data_until", sentence)


def _wrong(each, column, sentence):
    return Refusal(sentence % {"number": each.position}, f"#id_round_{each.position}_{column}")


def _reported_already():
    return _(
        "Agreements of this year are in force and report by these rounds. Their names and dates can change; "
        "no round can be added or taken away."
    )


def _positions(fiscal_year):
    return list(fiscal_year.reporting_rounds.values_list("position", flat=True))


def _reports_exist(fiscal_year):
    return Report.objects.filter(round__fiscal_year=fiscal_year).exists()


def set_rounds(fiscal_year, rounds, *, by, at):
    """Make the year's rounds these, in their order; nothing happens where they are so already. Raises Refused."""
    rounds = sorted(rounds, key=lambda each: each.position)
    with acting(by, at=at) as record:
        before = rounds_of(fiscal_year)
        if rounds and before == rounds:
            return
        problems = round_problems(fiscal_year, rounds)
        if problems:
            raise Refused(problems, incomplete=True)
        _write(fiscal_year, rounds)
        move_rounds(fiscal_year)
        record("set_rounds", fiscal_year, change={"before": _as_text(before), "after": _as_text(rounds)})


def _write(fiscal_year, rounds):
    kept = fiscal_year.reporting_rounds
    kept.exclude(position__in=[each.position for each in rounds]).delete()
    # One final round a year: it is taken off before it is given to another.
    kept.exclude(position=rounds[-1].position).update(is_final=False)
    for each in rounds:
        ReportingRound.objects.update_or_create(
            fiscal_year=fiscal_year,
            position=each.position,
            defaults={
                "name": each.name,
                "opens_on": each.opens_on,
                "due_on": each.due_on,
                "moved_from": None,
                "grace_until": each.grace_until,
                "grace_moved_from": None,
                "data_until": each.data_until,
                "penalty": each.penalty,
                "is_final": each == rounds[-1],
            },
        )


def move_rounds(fiscal_year):
    """Put the last days of each round on those that count, as `fiscal.years.move_deadlines`; returns those that moved."""
    off, moved = days_off(), []
    for row in fiscal_year.reporting_rounds.all():
        before = row.due_on, row.grace_until
        row.due_on, row.moved_from = _moved(fiscal_year, row.set_for, off)
        row.grace_until, row.grace_moved_from = _moved(fiscal_year, row.grace_set_for, off)
        if (row.due_on, row.grace_until) != before:
            row.save(update_fields=["due_on", "moved_from", "grace_until", "grace_moved_from"])
            moved.append(row)
    return moved


def _moved(fiscal_year, day, off):
    """(the day that counts for a day that was set, the day that was set where that is another)"""
    if day is None or not fiscal_year.moves_off_holidays:
        return day, None
    counts = workday_from(day, off)
    return counts, (None if counts == day else day)


def _as_text(rounds):
    return {
        str(each.position): [
            each.name,
            each.opens_on,
            each.due_on,
            each.data_until,
            each.grace_until,
            plain_number(each.penalty),
        ]
        for each in rounds
    }
