"""A commander's overview: the units below one unit in one year: stage, whose turn, lateness, scores by dimension.

What is counted is what the person may know of; scores are shown of what they may follow. Six queries, however many
agreements: the place, the years, the agreements, the two of results.scoreboard and that of results.sent.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import BooleanField, Count, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from agreements.models import Agreement
from agreements.models.sight import units_of
from agreements.stages import IN_FORCE, Stage
from agreements.standing import awaiting
from desk.holdups import Holdup, holdups
from desk.turn import holder
from fiscal.years import year_of
from indicators.scale import NAMED
from indicators.scoring import ONE, round_score, weighted_mean
from orgunits.models import OrgUnit
from orgunits.reach import reach_of
from orgunits.tree import descendants
from results.scoreboard import Board, ScoredLine, scoreboard
from results.sent import SentReports, sent_reports
from workflow.due import day_due, report_facts, state_of_facts
from workflow.remind_late import may_remind, reminded_on

YEARS_BACK = 2
USUAL_SCALE = "five"


@dataclass(frozen=True)
class Place:
    """Where in the tree an overview stands: the units from the top down to `unit`, and those right below it.

    Each knows `signing`: how many units in it, itself included, make agreements.
    """

    path: tuple[OrgUnit, ...]
    below: tuple[OrgUnit, ...]

    @property
    def unit(self):
        return self.path[-1]


def place_of(user, code, at):
    """The Place of the unit with this code; 404 unless a reading right or a post of the person stands on it or above."""
    here = OrgUnit.objects.filter(Q(closure_below__descendant__code=code) | Q(parent__code=code)).distinct()
    units = list(here.annotate(signing=_signing(timezone.localdate(at))).order_by("level", "lft"))
    path = tuple(unit for unit in units if unit.code == code or _is_above(unit, code, units))
    if not {unit.pk for unit in path} & units_of(reach_of(user, at)):
        raise Http404
    below = tuple(unit for unit in units if unit not in path and unit.signing)
    return Place(path, below)


def _is_above(unit, code, units):
    here = next(each for each in units if each.code == code)
    return unit.lft < here.lft and here.rght < unit.rght and unit.tree_id == here.tree_id


def _signing(on):
    """How many units at and below each make agreements on the day `on`."""
    rows = OrgUnit.objects.signing().in_force(on).filter(closure_above__ancestor=OuterRef("pk")).order_by()
    counted = rows.values("closure_above__ancestor").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


@dataclass(frozen=True)
class Standing:
    """Where one agreement stands, as rows and lists show it."""

    agreement: Agreement
    on: date

    @property
    def is_closed(self):
        return self.agreement.stage == Stage.CLOSED

    @property
    def since(self):
        return self.agreement.pen_since

    @property
    def due(self):
        return self.agreement.day_due

    @property
    def late(self):
        return self.due is not None and self.due < self.on

    @property
    def remindable(self):
        """Is it late in a hand that the person may remind?"""
        return self.late and bool(self.agreement.remindable) and not self.agreement.mine

    @property
    def reminded_today(self):
        return self.agreement.reminded_on == self.on

    @cached_property
    def holder(self):
        return holder(self.agreement)

    @cached_property
    def report(self):
        """The state of the report that is being written; None where none is."""
        state = state_of_facts(self.agreement.report_facts, self.on)
        return state if state and state.is_written else None


@dataclass(frozen=True)
class Tally:
    """Agreements counted: how many of how many units, in which stages, late, waiting for the person."""

    signing: int
    standings: tuple[Standing, ...]

    @property
    def total(self):
        return len(self.standings)

    @property
    def missing(self):
        """Units that have no agreement yet which the person may know of."""
        return max(self.signing - self.total, 0)

    @property
    def late(self):
        return sum(standing.late for standing in self.standings)

    @property
    def mine(self):
        return sum(bool(standing.agreement.mine) for standing in self.standings)

    @property
    def remindable(self):
        """(how many late ones the person may remind of, how many of them nobody has reminded of today)"""
        found = [standing for standing in self.standings if standing.remindable]
        return len(found), sum(not standing.reminded_today for standing in found)

    @property
    def stages(self):
        """[(stage, how many)] in the order of the walk."""
        found = [standing.agreement.stage for standing in self.standings]
        return [(stage, found.count(stage)) for stage in Stage]


@dataclass(frozen=True)
class Row:
    """One unit: its own agreement, those below it, its scores of this year and the final ones of the years before.

    `scales`, `codes`: {year: name of the scale}, {year: code} of its agreements of these years.
    """

    unit: OrgUnit
    is_self: bool
    own: Standing | None
    below: Tally
    board: Board | None = None
    totals: dict[int, Decimal] = field(default_factory=dict)
    scales: dict[int, str] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)

    def scale(self, year):
        """The name of the scale (indicators.scale.NAMED) that the unit is scored on in a year."""
        return self.scales.get(year, USUAL_SCALE)

    @property
    def place(self):
        """Where its total stands on its scale, 0 to 1: rows on different scales are put in order by it."""
        points = self.board.scale.points
        return (self.board.total - points[0]) / (points[-1] - points[0])

    @property
    def lateness(self):
        """(by how many days its own agreement is late, how many below it are late): the greater, the worse."""
        return (self.own.on - self.own.due).days if self.own and self.own.late else 0, self.below.late

    @property
    def leads_on(self):
        """Is there an overview of its own to go on to?"""
        return not self.is_self and self.below.signing > 0


@dataclass(frozen=True)
class Improvement:
    """The line whose next level would add most to its unit's total, of all units shown."""

    row: Row
    gain: Decimal
    scored: ScoredLine

    @property
    def share(self):
        """The gain as a share of the scale: gains on different scales are compared by it."""
        points = self.scored.scale.points
        return self.gain / (points[-1] - points[0])


@dataclass(frozen=True)
class YearSum:
    """One year of the units shown: how many have final scores, their plain mean, and the unit's own.

    Scores on different scales have no mean: it is of those on `scale`, which most have; `strangers` counts the others.
    """

    year: int
    count: int
    mean: Decimal | None
    own: Decimal | None
    scale: str = USUAL_SCALE
    strangers: int = 0

    @property
    def top(self):
        """The highest score there is on the scale."""
        return NAMED[self.scale].top


@dataclass(frozen=True)
class Overview:
    """All that the page shows of one unit in one year."""

    place: Place
    year: int
    tally: Tally
    rows: tuple[Row, ...]
    holdups: tuple[Holdup, ...]
    sent: SentReports | None = None

    @property
    def unit(self):
        return self.place.unit

    @cached_property
    def dimensions(self):
        """(number, name) of every dimension that some unit compared has a score in."""
        found = {here: None for row in self.compared for here in row.board.by_dimension}
        return sorted(found, key=lambda here: int(here[0]))

    @cached_property
    def compared(self):
        """The rows that have a score, the worst first: the units below; the unit itself where it stands alone.

        Its own framework is another level's, and what it scores is no part of what the units below are compared by.
        """
        below = [row for row in self.scored if not row.is_self]
        return sorted(below or self.scored, key=lambda row: (row.place, row.unit.lft))

    @property
    def own(self):
        """The row of the unit itself where it has a score and the units below are compared without it; or None."""
        return next((row for row in self.scored if row.is_self and row not in self.compared), None)

    @cached_property
    def weak_lines(self):
        """[(row, line)] of the lines that score below the middle level of their scale, the worst first."""
        found = [(row, each) for row in self.scored for each in row.board.lines if each.is_weak]
        return sorted(found, key=lambda pair: (pair[1].place, -pair[1].line.weight))

    def dimension_means(self, *, released):
        """{(number, name): the plain mean of the units below}, of those that are in the mean of the totals."""
        scale = self.scale(released=released)
        rows = [row for row in self._below_with(released) if row.scale(self.year) == scale]
        scores = {here: [row.board.by_dimension.get(here) for row in rows] for here in self.dimensions}
        return {here: _mean([each for each in found if each is not None])[1] for here, found in scores.items()}

    @property
    def scored(self):
        """The rows that have a score."""
        return [row for row in self.rows if row.board and row.board.total is not None]

    @cached_property
    def improvement(self):
        found = [Improvement(row, *row.board.best_gain) for row in self.scored if row.board.best_gain]
        return max(found, key=lambda each: each.share, default=None)

    @property
    def others(self):
        """The rows of the units below, without the unit itself."""
        return [row for row in self.rows if not row.is_self]

    @property
    def latest_first(self):
        """The row of the unit itself, then those below: the late ones first, the others as the tree has them."""
        itself = [row for row in self.rows if row.is_self]
        return itself + sorted(self.others, key=lambda row: row.lateness, reverse=True)

    @property
    def scales(self):
        """The scales that the scores shown stand on, by name; the usual one first."""
        found = {row.scale(self.year) for row in self.scored}
        return [name for name in NAMED if name in found]

    def mean(self, *, released):
        """(how many of the units below have such a score, their plain mean or None), on the scale that most have."""
        rows = self._below_with(released)
        return _mean([row.board.total for row in rows if row.scale(self.year) == self.scale(released=released)])

    def scale(self, *, released):
        """The name of the scale that most of the units below with such a score have."""
        return _most_common(row.scale(self.year) for row in self._below_with(released))

    def strangers(self, *, released):
        """How many of the units below with such a score stand on another scale, and so in no mean with them."""
        return len(self._below_with(released)) - self.mean(released=released)[0]

    def _below_with(self, released):
        return [row for row in self.scored if not row.is_self and row.board.is_released is released]

    @cached_property
    def change(self):
        """(by how much the mean of final scores rose since the year before, of how many units that have both), or None."""
        scale, years = self._year(self.year).scale, (self.year, self.year - 1)
        alike = [row for row in self.others if {row.scale(year) for year in years} == {scale}]
        pairs = [tuple(row.totals.get(year) for year in years) for row in alike]
        both = [(now, before) for now, before in pairs if now is not None and before is not None]
        if not both:
            return None
        _count, now = _mean([pair[0] for pair in both])
        _count, before = _mean([pair[1] for pair in both])
        return now - before, len(both)

    @property
    def years(self):
        """This year and the two before, the latest first."""
        return [self._year(year) for year in years_compared(self.year)]

    @property
    def has_final(self):
        """Has any unit shown a final score in any of the years compared?"""
        return any(row.totals for row in self.others)

    def _year(self, year):
        own = next((row.totals.get(year) for row in self.rows if row.is_self), None)
        final = [row for row in self.others if year in row.totals]
        scale = _most_common(row.scale(year) for row in final)
        count, mean = _mean([row.totals[year] for row in final if row.scale(year) == scale])
        return YearSum(year, count, mean, own, scale, len(final) - count)


def _mean(scores):
    return len(scores), round_score(weighted_mean([(ONE, score) for score in scores])) if scores else None


def _most_common(names):
    counted = Counter(names)
    return max(NAMED, key=lambda name: counted[name])  # the usual one where there are as many


def years_compared(year):
    return [year - back for back in range(YEARS_BACK + 1)]


def shown_year(opened, wanted, on):
    """The year to show of those opened: the one wanted, else today's, else the latest; None while none is open."""
    return next((year for year in (wanted, year_of(on)) if year in opened), max(opened, default=None))


def overview_of(user, place, year, at):
    """The Overview of a place in a year, for `user`."""
    on = timezone.localdate(at)
    found = list(_agreements(user, place, year, at))
    now = [each for each in found if each.fiscal_year.year == year]
    tally = Tally(place.unit.signing, tuple(Standing(each, on) for each in now))
    rows = _rows(place, tally, found, year)
    sent = sent_reports([each for each in now if each.follows and each.stage in IN_FORCE], on)
    return Overview(place, year, tally, rows, holdups(tally.standings, on), sent)


def _agreements(user, place, year, at):
    """Those at and below the unit that the person may know of; of the years before, of the units shown alone."""
    shown = [place.unit.pk, *(unit.pk for unit in place.below)]
    before = Q(fiscal_year__year__in=years_compared(year)[1:], unit__in=shown)
    below = Q(fiscal_year__year=year, unit__in=descendants([place.unit.pk]))
    known = Agreement.objects.visible_to(user, at).filter(before | below)
    mine, remindable = (ExpressionWrapper(each(user, at), BooleanField()) for each in (awaiting, may_remind))
    on = timezone.localdate(at)
    return (
        known.for_list()
        .with_reading(user, at)
        .with_following(user, at)
        .annotate(mine=mine, day_due=day_due(on), report_facts=report_facts(on), scale_name=F("framework__scale"))
        .annotate(remindable=remindable, reminded_on=reminded_on())
    )


def _rows(place, tally, found, year):
    """The unit itself where it makes agreements, then the units right below it."""
    itself = [place.unit] if place.unit.signs_agreement else []
    standings = {each.agreement.unit_id: each for each in tally.standings}
    rows = [_row(unit, tally, standings.get(unit.pk), is_self=unit is place.unit) for unit in [*itself, *place.below]]
    followed = [each for each in found if each.follows]
    own = {row.own.agreement.pk for row in rows if row.own}
    boards, before = scoreboard(
        [each for each in followed if each.pk in own],
        before=[each for each in followed if each.fiscal_year.year != year],
    )
    totals = _totals(followed, boards, before)
    scales, codes = _of_years(followed, "scale_name"), _of_years(followed, "code")
    return tuple(_with_scores(row, boards, totals, scales, codes) for row in rows)


def _row(unit, tally, own, *, is_self):
    below = 0 if is_self else unit.signing - unit.signs_agreement
    inside = tuple(each for each in tally.standings if _lies_below(each.agreement.unit, unit)) if below else ()
    return Row(unit, is_self, own, Tally(below, inside))


def _lies_below(unit, upper):
    return unit.tree_id == upper.tree_id and upper.lft < unit.lft < upper.rght


def _totals(followed, boards, before):
    """{unit's id: {year: final total}}"""
    final = before | {pk: board.total for pk, board in boards.items() if board.is_released}
    totals = {}
    for each in followed:
        if each.pk in final:
            totals.setdefault(each.unit_id, {})[each.fiscal_year.year] = final[each.pk]
    return totals


def _of_years(followed, name):
    """{unit's id: {year: what the agreement has by this name}}; a framework that is used keeps its scale."""
    found = {}
    for each in followed:
        found.setdefault(each.unit_id, {})[each.fiscal_year.year] = getattr(each, name)
    return found


def _with_scores(row, boards, totals, scales, codes):
    board, unit = boards.get(row.own.agreement.pk) if row.own else None, row.unit.pk
    of_years = {"totals": totals.get(unit, {}), "scales": scales.get(unit, {}), "codes": codes.get(unit, {})}
    return replace(row, board=board, **of_years)
