"""When everything in the demonstration happened, seen from the moment it is made: alive on any day of a fiscal year.

What is under way began some weeks before that moment; the years before took their usual course. Only in a year's first
six weeks the last reports of the year before come somewhat early: there must be closed agreements on any day.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.utils import timezone

from fiscal.years import period, year_of

DAY = timedelta(days=1)
# After so many days of a year its first agreements are in force in the usual course.
IN_FORCE_AFTER = 116 * DAY
# From the first day of a year: the year before is reported and closed; drafts are begun; reports of 6 and 9 months.
REPORTED, DRAFTED = 5 * DAY, 45 * DAY
INTERIM = {1: 185 * DAY, 2: 278 * DAY}
# A report that has not been handed in so long after its round began is still being written.
WRITING = 30 * DAY
DAYS_APART = 5


@dataclass(frozen=True)
class Course:
    """When an agreement's walk begins, from when its rounds are reported, and how long a step takes in either part."""

    begins: datetime
    pace: timedelta
    reports_from: dict
    reports_pace: timedelta

    def of_unit(self, place):
        """The same course some days and minutes later: units don't do everything on one day."""
        later = timedelta(days=place % DAYS_APART, minutes=7 * place)
        reports = {position: begins + later for position, begins in self.reports_from.items()}
        return replace(self, begins=self.begins + later, reports_from=reports)


@dataclass(frozen=True)
class Timing:
    """The calendar of the demonstration made at `now`."""

    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def year(self) -> int:
        """The current fiscal year; the demonstration has two more before it."""
        return year_of(self.today)

    def days_ago(self, days: int) -> datetime:
        """The morning so many days before."""
        return self.morning(self.today - days * DAY)

    def morning(self, day: date) -> datetime:
        return timezone.make_aware(datetime.combine(day, time(9, 12)))

    def first_day(self, years_ago: int) -> date:
        return period(self.year - years_ago)[0]

    def opened(self, years_ago: int) -> datetime:
        """When the planning office opened a year: before it began, and before anything in it."""
        usual = self.morning(self.first_day(years_ago) - 30 * DAY)
        return usual if years_ago else min(usual, self.days_ago(60))

    @cached_property
    def is_well_into_the_year(self) -> bool:
        return self.today - self.first_day(0) >= IN_FORCE_AFTER

    @property
    def handed_over(self) -> date:
        """The day on which some posts changed hands."""
        return self.today - 34 * DAY

    def _closing(self, years_ago: int) -> tuple[datetime, timedelta]:
        """From when the last reports of a year are written and evaluated, and how fast."""
        if years_ago == 1 and not self.is_well_into_the_year:
            return self.days_ago(54), DAY
        return self.morning(self.first_day(years_ago - 1) + REPORTED), 3 * DAY

    def course(self, years_ago: int) -> Course:
        """The usual course of an agreement of the year before, or the one before that, up to its end."""
        closing, pace = self._closing(years_ago)
        begins = self.morning(self.first_day(years_ago) + DRAFTED)
        interim = self.interim(years_ago) if years_ago == 1 else {}
        return Course(begins, 3 * DAY, interim | {len(interim) + 1: closing}, pace)

    def interim(self, years_ago: int) -> dict:
        """{position: when the report of that round is begun} of the rounds before the last."""
        return {place: self.morning(self.first_day(years_ago) + after) for place, after in INTERIM.items()}

    def unfinished(self, *, interim_days_ago: int | None = None) -> Course:
        """The course of last year's agreement that is still being reported or evaluated."""
        reports = self.interim(1) | {3: self.days_ago(30)}
        if interim_days_ago:
            reports[2] = self.days_ago(interim_days_ago)
        return Course(self.course(1).begins, 3 * DAY, reports, DAY)

    def in_appeal(self) -> Course:
        """The course of last year's agreement whose appeal the panel has had before it since before this year's draft."""
        return Course(self.course(1).begins, 3 * DAY, self.interim(1) | {3: self.days_ago(54)}, DAY)

    def just_released(self) -> Course:
        """The course of last year's agreement whose scores the unit can still appeal against."""
        return Course(self.course(1).begins, 3 * DAY, self.interim(1) | {3: self.days_ago(19)}, DAY)

    def just_begun(self) -> Course:
        """The course of this year's draft that waited for the scores of the year before."""
        return Course(self.days_ago(6), DAY / 24, {}, DAY)

    def under_way(self) -> Course:
        """The course of this year's agreement that is being drafted, negotiated or signed."""
        return Course(self.days_ago(32), DAY, {}, DAY)

    def in_force(self) -> Course:
        """The course of this year's agreement that is in force: in the usual course, if the year is old enough."""
        if not self.is_well_into_the_year:
            return self.under_way()
        return Course(self.morning(self.first_day(0) + DRAFTED), 3 * DAY, self.interim(0), DAY)

    def reported_so_far(self) -> list[int]:
        """The positions of this year's rounds that are over and done with."""
        return [place for place, begins in self.interim(0).items() if begins + WRITING <= self.now]

    def last_reports_from(self) -> date:
        """The day from which last year's last reports come in."""
        return min(self._closing(1)[0], self.days_ago(30)).date()
