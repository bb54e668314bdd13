"""The reporting rounds of a year: suggested from the year before, set as a whole. The last one is the final one."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from fiscal.holidays import days_off, workday_from
from fiscal.years import LEEWAY, period, year_before, years_later
from results.models import Report, ReportingRound

# The usual rounds: place, name (data, printed in Thai whoever made them), how many months before the year's end.
USUAL = ((1, "รอบ 6 เดือน", 6), (2, "รอบ 9 เดือน", 3), (3, "รอบ 12 เดือน", 0))


@dataclass(frozen=True)
class Dates:
    """One round: its place in the year, its name, from when and until when its report is due, as that was set."""

    position: int
    name: str
    opens_on: date
    due_on: date


def rounds_of(fiscal_year):
    """The Dates of a year's rounds, in order."""
    return [Dates(each.position, each.name, each.opens_on, each.set_for) for each in fiscal_year.reporting_rounds.all()]


def suggested_rounds(year):
    """The Dates to begin with: those of the year opened before it, moved; else after 6, 9 and 12 months."""
    earlier = year_before(year)
    rounds = rounds_of(earlier) if earlier else []
    if not rounds:
        return usual_rounds(year)
    later = year - earlier.year
    return [
        Dates(each.position, each.name, years_later(each.opens_on, later), years_later(each.due_on, later))
        for each in rounds
    ]


def usual_rounds(year):
    """After 6, 9 and 12 months, each due at the end of the month after."""
    opens = [_first_after(period(year)[1], months_before) for _position, _name, months_before in USUAL]
    return [
        Dates(position, name, first, first.replace(day=monthrange(first.year, first.month)[1]))
        for (position, name, _months), first in zip(USUAL, opens, strict=True)
    ]


def _first_after(ends_on, months_before):
    """The first day after the month that lies so many months before the year's last one."""
    first = ends_on + timedelta(days=1)
    return first.replace(month=first.month - months_before)


def round_problems(fiscal_year, rounds):
    """What forbids these rounds: each opens before it is due, later ones later, none far off the year."""
    if not rounds:
        return [Refusal(_("Please give at least one reporting round."), "#id_round_1_name")]
    problems = [problem for each in rounds for problem in _problems_of(fiscal_year, each)]
    for before, each in pairwise(rounds):
        if each.due_on <= before.due_on:
            sentence = _("Reporting round %(number)s must be due after the one before it.")
            problems.append(Refusal(sentence % {"number": each.position}, f"#id_round_{each.position}_due_on"))
    if _positions(fiscal_year) != [each.position for each in rounds] and _reports_exist(fiscal_year):
        problems.append(Refusal(_reported_already(), f"#id_round_{rounds[-1].position}_name"))
    return problems


def _problems_of(fiscal_year, each):
    if each.opens_on > each.due_on:
        sentence = _("Reporting round %(number)s is due before it opens. Please check both dates.")
        yield Refusal(sentence % {"number": each.position}, f"#id_round_{each.position}_due_on")
    elif not fiscal_year.starts_on <= each.opens_on <= each.due_on <= fiscal_year.ends_on + LEEWAY:
        sentence = _("Reporting round %(number)s lies outside the fiscal year. Please check the years of its dates.")
        yield Refusal(sentence % {"number": each.position}, f"#id_round_{each.position}_opens_on")


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
                "is_final": each == rounds[-1],
            },
        )


def move_rounds(fiscal_year):
    """Put the last day of each round on the day that counts, as `fiscal.years.move_deadlines`; returns those that moved."""
    off, moved = days_off(), []
    for row in fiscal_year.reporting_rounds.all():
        due_on = workday_from(row.set_for, off) if fiscal_year.moves_off_holidays else row.set_for
        if due_on != row.due_on:
            row.moved_from, row.due_on = (None if due_on == row.set_for else row.set_for), due_on
            row.save(update_fields=["due_on", "moved_from"])
            moved.append(row)
    return moved


def _as_text(rounds):
    return {str(each.position): [each.name, each.opens_on, each.due_on] for each in rounds}
