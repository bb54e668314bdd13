"""Mandatory sheets of the library in the agreements they concern: those there are, and those drafted later.

A sheet is mandatory in a year for a level (of the units at and below its owner) or for units named. Each agreement holds
one line of it; where it stands there already, taken by the unit or under the same name, that line becomes the mandatory
one and keeps what units may set. Agreements whose text is settled stay as they are.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from agreements.models import Agreement, Line, Mandate, SigningRule, Source
from agreements.stages import WRITTEN_IN
from indicators.library import LOGGED, hold, may_keep
from indicators.models import Dimension
from orgunits.models import OrgUnit, UnitClosure
from orgunits.tree import descendants


@dataclass(frozen=True)
class Pushed:
    """What a push came to: agreements that got a new line, whose own line became mandatory, and that are settled."""

    added: int = 0
    taken_over: int = 0
    settled: int = 0


def push(sheet, fiscal_year, *, tiers=(), units=(), dimension, by, at, idempotency=""):
    """Make the sheet mandatory in a year for levels and units named, in dimension number `dimension`; gives Pushed.

    Pushed again, nothing is added twice. Raises Refused.
    """
    refusal = may_keep(sheet.owner, by, at)
    if refusal:
        raise Refused([refusal])
    with acting(by, at=at, idempotency=idempotency) as record:
        held = hold(sheet)
        _refuse_what_cant_be_pushed(held, tiers, units)
        _wait_for_beginnings()
        _mandate(held, fiscal_year, tiers, units, dimension, by, at)
        change = {"year": fiscal_year.year, "tiers": sorted(tiers), "units": sorted(unit.code for unit in units)}
        record("library.push", held, change=change, text=held.current.name[:LOGGED])
        return _put_into_all(held, fiscal_year, dimension, record)


def _refuse_what_cant_be_pushed(sheet, tiers, units):
    if sheet.current_id is None or sheet.retired_at:
        raise Refused([Refusal(_("Only a published sheet that has not been retired can be made mandatory."))])
    if not tiers and not units:
        sentence = _("Please choose a level, or name the units.")
        raise Refused([Refusal(sentence, "#id_tiers")], incomplete=True)
    below = set(descendants([sheet.owner_id]).values_list("descendant_id", flat=True))
    foreign = [unit.short_name for unit in units if unit.pk not in below]
    if foreign:
        sentence = _("These units are not below %(owner)s: %(units)s.")
        names = {"owner": sheet.owner.short_name, "units": ", ".join(foreign)}
        raise Refused([Refusal(sentence % names, "#id_units")], incomplete=True)


def _wait_for_beginnings():
    """Drafts that are being begun hold their signing rule: they are waited for, and those after see the mandate."""
    list(SigningRule.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _mandate(sheet, fiscal_year, tiers, units, dimension, by, at):
    made = {"dimension": dimension, "made_at": at, "made_by": str(by)}
    for place in (*({"tier": tier} for tier in tiers), *({"unit": unit} for unit in units)):
        Mandate.objects.get_or_create(sheet=sheet, fiscal_year=fiscal_year, **place, defaults=made)


def mandates_for(agreement):
    """The mandates that concern an agreement, each with its sheet and the version in force."""
    unit = agreement.unit
    above = UnitClosure.objects.filter(ancestor=OuterRef("sheet__owner"), descendant=unit)
    concerned = Q(unit=unit) | (Q(tier=unit.tier) & Exists(above))
    found = Mandate.objects.filter(concerned, fiscal_year=agreement.fiscal_year_id, sheet__retired_at=None)
    return found.select_related("sheet__current").order_by("sheet__code", "unit", "tier")


def concerned_by(sheet, fiscal_year=None):
    """The agreements that a mandate of the sheet concerns, whatever their stage."""
    mandates = Mandate.objects.filter(sheet=sheet, fiscal_year=OuterRef("fiscal_year"))
    by_level = Q(Exists(mandates.filter(tier=OuterRef("unit__tier")))) & Q(unit__in=descendants([sheet.owner_id]))
    found = Agreement.objects.filter(by_level | Q(Exists(mandates.filter(unit=OuterRef("unit")))))
    return found.filter(fiscal_year=fiscal_year) if fiscal_year else found


def line_values(version, *, mandated):
    """{column: value} of a new line taken from a version of the library."""
    source = version.sheet.source
    if mandated:
        source = Source.MANDATORY
    elif source == Source.MANDATORY:
        source = Source.MISSION  # mandatory elsewhere: here it is the unit's own choice
    origin = {"sheet": version.sheet, "sheet_version": version, "mandated": mandated, "source": source}
    return version.content | {"weight": version.weight or Decimal(0)} | origin


def replaced_values(version):
    """{column: value} of what a version sets in a line that is there: all but what it leaves to the unit."""
    return {name: value for name, value in version.content.items() if name not in version.set_by_units}


def put_into_new(agreement, record):
    """Put into a new draft what is mandatory for it."""
    found = {mandate.sheet_id: mandate for mandate in mandates_for(agreement)}
    if found:
        lines = [_new_line(agreement, mandate) for mandate in found.values()]
        _add([(agreement, line, number) for line, number in lines], record)


def _new_line(agreement, mandate):
    mandate.sheet.current.sheet = mandate.sheet
    return Line(agreement=agreement, **line_values(mandate.sheet.current, mandated=True)), mandate.dimension


def _put_into_all(sheet, fiscal_year, dimension, record):
    """Put the sheet into all agreements of the year that it concerns; in a number of queries that doesn't grow."""
    version = sheet.current
    version.sheet = sheet
    concerned = concerned_by(sheet, fiscal_year)
    settled = concerned.exclude(stage__in=WRITTEN_IN).exclude(lines__sheet=sheet).count()
    held = concerned.filter(stage__in=WRITTEN_IN).select_for_update(of=("self",)).order_by("pk")
    agreements = list(held.select_related("unit", "fiscal_year"))
    there = _lines_there(version, agreements)
    missing = [each for each in agreements if each.pk not in there]
    values = line_values(version, mandated=True)
    _add([(each, Line(agreement=each, **values), dimension) for each in missing], record)
    own = [line for line in there.values() if not line.mandated]
    _take_over(version, own, {each.pk: each for each in agreements}, record)
    return Pushed(len(missing), len(own), settled)


def _lines_there(version, agreements):
    """{agreement's id: its line of the sheet, else one of the same name} of those that hold it in some way."""
    alone = Q(parent=None) & ~Exists(Line.objects.filter(parent=OuterRef("pk")))
    same = Q(sheet=version.sheet) | (Q(sheet=None, name=version.name) & alone)
    found = Line.objects.filter(same, agreement__in=[each.pk for each in agreements])
    by_agreement = {}
    for line in found.order_by(F("sheet").desc(nulls_last=True), "-pk"):
        by_agreement.setdefault(line.agreement_id, line)
    return by_agreement


def _take_over(version, lines, agreements, record):
    """Lines that units had of their own become the mandatory ones."""
    if not lines:
        return
    origin = {"sheet": version.sheet, "sheet_version": version, "mandated": True, "source": Source.MANDATORY}
    rows = Line.objects.filter(pk__in=[line.pk for line in lines])
    rows.update(**replaced_values(version), **origin, version=F("version") + 1, written_from="")
    for line in lines:
        record("mandate_line", agreements[line.agreement_id], text=line.name[:LOGGED])


def _add(new, record):
    """Insert lines, each into its agreement's dimension of that number: [(agreement, line, number)]."""
    if not new:
        return
    dimensions = _dimensions({agreement.framework_id for agreement, _line, _number in new})
    last = _last_positions([agreement.pk for agreement, _line, _number in new])
    for agreement, line, number in new:
        line.dimension = _dimension(dimensions[agreement.framework_id], number)
        place = agreement.pk, line.dimension.pk
        line.position = last[place] = last.get(place, 0) + 1
        record("mandate_line", agreement, text=line.name[:LOGGED])
    Line.objects.bulk_create([line for _agreement, line, _number in new])


def _dimensions(frameworks):
    """{framework: its dimensions that lines stand in}"""
    found = {}
    parts = Dimension.objects.filter(parent=OuterRef("pk"))
    for dimension in Dimension.objects.filter(~Exists(parts), framework__in=frameworks).order_by("number"):
        found.setdefault(dimension.framework_id, []).append(dimension)
    return found


def _dimension(dimensions, number):
    """That of the number; the last one where the framework of this level has none of it."""
    return next((each for each in dimensions if each.number == number), dimensions[-1])


def _last_positions(agreements):
    rows = Line.objects.filter(agreement__in=agreements).order_by().values_list("agreement", "dimension")
    return {(agreement, dimension): last for agreement, dimension, last in rows.annotate(last=Max("position"))}


def units_below(sheet):
    """The units that can be named: those that sign, at and below the owner."""
    return OrgUnit.objects.signing().filter(pk__in=descendants([sheet.owner_id])).order_by("tree_id", "lft")


# Last year's agreement carried forward into a draft in which the mandatory lines stand already


def has_own_lines(agreement):
    """Does the draft hold lines besides those that the library put there?"""
    return agreement.lines.filter(mandated=False).exists()


class Mandated:
    """The mandatory lines of a new draft: a line of last year's that is the same one gives them what the unit sets.

    `counts`: {dimension: how many of them stand in it}, for the places of those that come after.
    """

    def __init__(self, agreement):
        lines = agreement.lines.filter(mandated=True).select_related("sheet_version")
        self.by_sheet = {line.sheet_id: line for line in lines}
        self.by_name = {line.name: line for line in self.by_sheet.values()}
        self.counts = Counter(line.dimension_id for line in self.by_sheet.values())

    def taking_over(self, carried, *, alone):
        """The one that `carried` (not saved yet) is, with what the unit sets put into it; None where it is none of them.

        `alone`: it is no part of another one, and has no parts; else it stays a line of the unit's own.
        """
        before = carried.came_from
        same = self.by_sheet.get(before.sheet_id) if before and before.sheet_id else None
        same = same or self.by_name.get(carried.name)
        if same is None or not alone:
            self._keep_its_sheet(carried, before)
            return None
        names = [*(same.sheet_version.set_by_units & OWN_COLUMNS), "plan_item", "came_from"]
        for name in names:
            setattr(same, name, getattr(carried, name))
        same.save(update_fields=names)
        return same

    def _keep_its_sheet(self, carried, before):
        """A line taken from the library stays one of it, with the version that it holds; each sheet has one line."""
        if before and before.sheet_id and before.sheet_id not in self.by_sheet:
            carried.sheet_id, carried.sheet_version_id = before.sheet_id, before.sheet_version_id


# What a version may leave to the unit, by the columns of a line; the dimension stays where the mandate puts it.
OWN_COLUMNS = frozenset(field.name for field in Line._meta.concrete_fields) - {"dimension"}
