"""The cascade (การถ่ายทอด): what of a unit's goals and indicators the units right below it carry, and where it breaks off.

Everything is read from agreements that the person may read; of the others only their number is told. Five queries,
however many units: those above, those below, the agreements, their lines, the unit's plan.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import F
from django.http import Http404
from django.utils import timezone

from agreements.carrying import goals_of
from agreements.line_tree import NumberedLine, numbered
from agreements.models import Agreement, Line, PlanItem
from agreements.models.sight import units_of
from orgunits.models import OrgUnit
from orgunits.reach import reach_of

NOTHING = Decimal(0)


@dataclass(frozen=True)
class CascadePlace:
    """A unit that makes agreements, those above it from the top down, and those below it that make some, in order."""

    path: tuple[OrgUnit, ...]
    below: tuple[OrgUnit, ...]
    # {unit id: id of the unit above it that it makes its agreement with, as the tree has it}
    superior_of: dict[int, int]

    @property
    def unit(self):
        return self.path[-1]


def cascade_place(user, code, at):
    """The CascadePlace of a unit; 404 for who stands neither on it, nor above, nor below, and reads no agreement of it."""
    path = tuple(OrgUnit.objects.filter(closure_below__descendant__code=code).order_by("level"))
    if not path or not path[-1].signs_agreement:
        raise Http404
    on = timezone.localdate(at)
    inside = list(
        OrgUnit.objects.filter(closure_above__ancestor=path[-1], closure_above__depth__gt=0)
        .in_force(on)
        .order_by("tree_id", "lft")
    )
    mine = units_of(reach_of(user, at))
    stands_near = mine & {unit.pk for unit in (*path, *inside)}
    if not stands_near and not Agreement.objects.readable_by(user, at).filter(unit=path[-1]).exists():
        raise Http404
    below = tuple(unit for unit in inside if unit.signs_agreement)
    return CascadePlace(path, below, _superiors((*path, *inside)))


def _superiors(units):
    """{unit id: the next unit above it that makes agreements}, of units that stand from the top down."""
    found, by_id = {}, {unit.pk: unit for unit in units}
    for unit in units:
        above = by_id.get(unit.parent_id)
        if above is not None:
            found[unit.pk] = above.pk if above.signs_agreement else found.get(above.pk)
    return found


@dataclass(frozen=True)
class Placed:
    """A line in its agreement: its number and what it weighs; `tied`: it, or what it is a part of, serves some strategy."""

    agreement: Agreement
    numbered: NumberedLine
    tied: bool

    @property
    def line(self):
        return self.numbered.line

    @property
    def number(self):
        return self.numbered.number

    @property
    def weight(self):
        return self.numbered.weight

    @property
    def carries(self):
        """Does it carry something of the superior's?"""
        return bool(self.line.carries_item_id or self.line.carries_line_id)


@dataclass(frozen=True)
class Carried:
    """A goal or an indicator of the unit, and the lines of the units right below that carry it.

    `further`: how many units below those carry in turn what these lines are, or the goals that they serve.
    `indicators`: of a goal, the unit's own indicators that serve it, and who carries those.
    """

    kind: str
    number: str
    text: str
    carriers: tuple[Placed, ...]
    further: int = 0
    indicators: tuple["Carried", ...] = ()

    @property
    def is_gap(self):
        """Does nobody carry it, neither by itself nor by an indicator of it?"""
        return not self.carriers and not any(each.carriers for each in self.indicators)


@dataclass(frozen=True)
class Further:
    """A unit two steps down: is its agreement read, and does it carry something of the unit above it?"""

    unit: OrgUnit
    is_read: bool
    carries: bool


@dataclass(frozen=True)
class Below:
    """A unit right below: its lines (None: its agreement is not there, or not readable), and how its own are carried."""

    unit: OrgUnit
    agreement: Agreement | None
    lines: tuple[Placed, ...]
    # The units right below it in turn.
    further: tuple["Further", ...] = ()

    @property
    def readable(self):
        """How many of the units below it are read."""
        return sum(each.is_read for each in self.further)

    @property
    def carrying(self):
        """How many of the units below it carry something of its own."""
        return sum(each.carries for each in self.further)

    @cached_property
    def leaves(self):
        return [each for each in self.lines if each.numbered.is_leaf]

    @cached_property
    def carried(self):
        """The lines that carry something of the unit above."""
        return [each for each in self.lines if each.carries]

    @cached_property
    def loose(self):
        """The lines whose weight is tied to no strategy, neither the unit's own nor its superior's."""
        return [each for each in self.leaves if not each.tied and each.weight]

    @property
    def weight(self):
        return _sum(self.leaves)

    @property
    def loose_weight(self):
        return _sum(self.loose)

    @property
    def carried_weight(self):
        """What the lines weigh that carry something, or are parts of one that does; each leaf once."""
        whole = {each.line.pk for each in self.carried}
        found = NOTHING
        for each in self.lines:
            if each.line.parent_id in whole:
                whole.add(each.line.pk)
            if each.numbered.is_leaf and each.line.pk in whole:
                found += each.weight
        return found


def _sum(lines):
    return sum((each.weight for each in lines), NOTHING)


@dataclass(frozen=True)
class Cascade:
    """All that the page shows of one unit in one year.

    `own`: the unit itself, with its lines where its agreement may be read; `plan_is_read`: the same of its plan.
    """

    place: CascadePlace
    year: int
    own: Below
    plan_is_read: bool
    goals: tuple[Carried, ...]
    # Indicators of the unit that serve no goal of its plan.
    others: tuple[Carried, ...]
    units: tuple[Below, ...]

    @property
    def unit(self):
        return self.place.unit

    @property
    def indicators(self):
        return [each for goal in self.goals for each in goal.indicators] + list(self.others)

    @property
    def has_signed(self):
        """Is the unit's own agreement, where it is read, in force?"""
        return self.own.agreement is None or self.own.agreement.is_in_force

    def can_be_carried(self, kind):
        """Can anybody choose goals ("goal"), or indicators, of the unit by now? Else that nobody has is no gap yet."""
        annexed = kind == "goal" and any(_annexes_plan(each.agreement) for each in self.units)
        return annexed or self.has_signed

    @property
    def goal_gaps(self):
        """The goals that nobody carries; None where none can be carried yet."""
        return self._gaps("goal", self.goals)

    @property
    def indicator_gaps(self):
        return self._gaps("indicator", self.indicators)

    def _gaps(self, kind, those):
        return [each for each in those if each.is_gap] if those and self.can_be_carried(kind) else None

    @property
    def read(self):
        """The units right below whose agreement the person reads."""
        return [each for each in self.units if each.agreement is not None]

    @property
    def unread(self):
        """The units right below whose agreement is not there yet, or not open to the person."""
        return [each for each in self.units if each.agreement is None]

    @property
    def loose(self):
        """Those with weight tied to no strategy, the unit itself first."""
        return [each for each in (self.own, *self.units) if each.loose]


def cascade_of(user, place, year, at):
    """The Cascade of a place in a year, as far as `user` may read."""
    agreements = _agreements(user, place, year, at)
    lines = _lines(agreements)
    superior_of = place.superior_of | {each.unit_id: each.counterpart_id for each in agreements.values()}
    tally = _tally(place, superior_of, agreements, lines)
    here = place.unit.pk
    own = _below(place.unit, agreements, lines, tally)
    units = tuple(_below(unit, agreements, lines, tally) for unit in place.below if superior_of.get(unit.pk) == here)
    plan_is_read = own.agreement is not None or any(_annexes_plan(each.agreement) for each in units)
    read = [each.unit.pk for each in units if each.agreement] + ([here] if plan_is_read else [])
    goals, others = _Carriers(_items(read, year), lines).of(own, units)
    return Cascade(place, year, own, plan_is_read, goals, others, units)


def _items(units, year):
    items = PlanItem.objects.filter(plan__unit__in=units, plan__fiscal_year__year=year)
    return list(items.annotate(unit_id=F("plan__unit_id")))


def _annexes_plan(agreement):
    return agreement is not None and "superior_plan" in agreement.rule.annexes


def _agreements(user, place, year, at):
    """{unit id: agreement} of those of the unit and below it that may be read."""
    ids = [place.unit.pk, *(unit.pk for unit in place.below)]
    found = Agreement.objects.readable_by(user, at).in_year(year).filter(unit__in=ids).select_related("rule")
    return {each.unit_id: each for each in found.order_by()}


def _lines(agreements):
    """{unit id: its Placed lines in order}"""
    by_id = {each.pk: each for each in agreements.values()}
    columns = (
        "agreement", "parent", "name", "weight", "position", "plan_item", "dimension__label", "dimension__number",
        "carries_item__text", "carries_line__name", "plan_item__text",
    )  # fmt: skip
    rows = Line.objects.filter(agreement__in=by_id).only(*columns)
    rows = rows.select_related("dimension", "plan_item", "carries_item", "carries_line")
    found = defaultdict(list)
    for line in rows:
        found[line.agreement_id].append(line)
    return {by_id[pk].unit_id: _placed(by_id[pk], lines) for pk, lines in found.items()}


def _placed(agreement, lines):
    tied, found = set(), []
    for each in numbered(lines, lambda line: line.dimension.label):
        line = each.line
        if line.plan_item_id or line.carries_item_id or line.carries_line_id or line.parent_id in tied:
            tied.add(line.pk)
        found.append(Placed(agreement, each, line.pk in tied))
    return tuple(found)


def _tally(place, superior_of, agreements, lines):
    """{unit id: the units right below it, each as Further}"""
    found = defaultdict(list)
    for unit in place.below:
        carries = any(each.carries for each in lines.get(unit.pk, ()))
        found[superior_of.get(unit.pk)].append(Further(unit, unit.pk in agreements, carries))
    return found


def _below(unit, agreements, lines, tally):
    return Below(unit, agreements.get(unit.pk), lines.get(unit.pk, ()), tuple(tally[unit.pk]))


class _Carriers:
    """Who carries what, of everything that is read: by the goals and by the indicators carried."""

    def __init__(self, items, lines):
        self.items = items
        self.parents = {item.pk: item.parent_id for item in items}
        self.goals = {item.pk for item in items if item.kind == PlanItem.Kind.GOAL}
        self.by_item, self.by_line = defaultdict(list), defaultdict(list)
        for placed in (each for of_unit in lines.values() for each in of_unit):
            self.by_item[placed.line.carries_item_id].append(placed)
            self.by_line[placed.line.carries_line_id].append(placed)

    def of(self, own, units):
        """(the unit's goals with the indicators that serve them, its other indicators), each as Carried."""
        ids, by_goal = {each.unit.pk for each in units}, defaultdict(list)
        for whole, carriers in self._indicators(own.lines):
            goal = self._goal_of(whole.line)
            by_goal[goal].append(self._carried("indicator", whole.number, whole.line.name, carriers, ids))
        plan = [item for item in self.items if item.unit_id == own.unit.pk]
        found = tuple(
            self._carried("goal", number, goal.text, self.by_item[goal.pk], ids, tuple(by_goal.pop(goal.pk, ())))
            for number, goal in goals_of(plan)
        )
        return found, tuple(each for rest in by_goal.values() for each in rest)

    def _carried(self, kind, number, text, carriers, ids, indicators=()):
        carriers = tuple(each for each in carriers if each.agreement.unit_id in ids)
        return Carried(kind, number, text, carriers, self._further(carriers), indicators)

    def _further(self, carriers):
        units = set()
        for placed in carriers:
            goal = self._goal_of(placed.line)
            below = self.by_line[placed.line.pk] + (self.by_item[goal] if goal else [])
            units |= {each.agreement.unit_id for each in below}
        return len(units)

    def _indicators(self, lines):
        """[(indicator, who carries it or a part of it)]; parts themselves are not told apart."""
        found = []
        for placed in lines:
            if placed.numbered.depth == 0:
                found.append((placed, []))
            found[-1][1].extend(self.by_line[placed.line.pk])
        return found

    def _goal_of(self, line):
        """The goal that the line serves in its own unit's plan: what it refers to there, or what that hangs from."""
        item_id = line.plan_item_id
        while item_id is not None and item_id not in self.goals:
            item_id = self.parents.get(item_id)
        return item_id
