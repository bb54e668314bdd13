"""Mandatory sheets of the library in the agreements they concern: those there are, and those drafted later.

A sheet is mandatory in a year for a level (of the units at and below its owner) or for units named. Each agreement holds
one line of it; where it stands there already, taken by the unit or under the same name, that line becomes the mandatory
one and keeps what units may set. Agreements whose text is settled stay as they are, and get it when their text opens again.
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
from indicators.models import Dimension, Framework
from indicators.scale import THREE
from orgunits.models import OrgUnit, UnitClosure
from orgunits.tree import descendants


@dataclass(frozen=True)
class Pushed:
    """What a push came to: agreements that got a new line, whose line became mandatory or moved, and that are settled."""

    added: int = 0
    taken_over: int = 0
    settled: int = 0


def push(sheet, fiscal_year, *, tiers=(), units=(), dimension, by, at, idempotency=""):
    """Make the sheet mandatory in a year for levels and units named; gives Pushed.

    `dimension`: the number of the dimension that its lines stand in, one for the frameworks of all levels or
    {level: number}. Pushed again, nothing is added twice; the dimension said last holds. Raises Refused.
    """
    refusal = may_keep(sheet.owner, by, at)
    if refusal:
        raise Refused([refusal])
    with acting(by, at=at, idempotency=idempotency) as record:
        held = hold(sheet)
        _refuse_what_cant_be_pushed(held, tiers, units)
        levels = {*tiers, *(unit.tier for unit in units)}
        _refuse_levels_without_dimension(dimension, levels)
        _refuse_another_scale(held.current, Framework.objects.filter(fiscal_year=fiscal_year, tier__in=levels))
        wait_for_beginnings()
        _mandate(held, fiscal_year, tiers, units, dimension, by, at)
        change = {"year": fiscal_year.year, "tiers": sorted(tiers), "units": sorted(unit.code for unit in units)}
        record("library.push", held, change=change, text=held.current.name[:LOGGED])
        return _put_into_all(held, fiscal_year, record)


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


def _refuse_levels_without_dimension(dimension, tiers):
    if not isinstance(dimension, int) and (lacking := sorted(tiers - dimension.keys())):
        sentence = _(
            "No dimension is given for agreements of level %(levels)s; this year may have no framework of it yet."
        )
        raise Refused([Refusal(sentence % {"levels": ", ".join(map(str, lacking))}, "#id_tiers")], incomplete=True)


def _refuse_another_scale(version, frameworks):
    """A sheet has levels to be reached, or three targets: it stands in frameworks that score so."""
    unfit = [each for each in frameworks.order_by("tier") if not version.fits(each.scoring_scale)]
    if unfit:
        levels = ", ".join(str(each.tier) for each in unfit)
        raise Refused([Refusal(another_scale(version) % {"levels": levels}, "#id_tiers")], incomplete=True)


def another_scale(version):
    """Why a version doesn't fit the frameworks of some `levels` (to be put in), as a sentence."""
    if version.scale == THREE:
        return _("The sheet has three targets (50, 75, 100); agreements of level %(levels)s are scored on five levels.")
    return _("The sheet has five levels; agreements of level %(levels)s are scored by three targets (50, 75, 100).")


def wait_for_beginnings():
    """Drafts that are being begun hold their signing rule: they are waited for, and those after see the mandate."""
    list(SigningRule.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _mandate(sheet, fiscal_year, tiers, units, dimension, by, at):
    made = {"made_at": at, "made_by": str(by)}
    places = [(tier, {"tier": tier}) for tier in tiers] + [(unit.tier, {"unit": unit}) for unit in units]
    for tier, place in places:
        number = dimension if isinstance(dimension, int) else dimension[tier]
        mine = {"sheet": sheet, "fiscal_year": fiscal_year, **place}
        if not Mandate.objects.filter(**mine).update(dimension=number):  # the sheet is held: nobody else makes it now
            Mandate.objects.create(**mine, dimension=number, **made)


def mandates_for(agreement):
    """The mandates that concern an agreement, each with its sheet and the version in force; those for the unit last."""
    unit = agreement.unit
    above = UnitClosure.objects.filter(ancestor=OuterRef("sheet__owner"), descendant=unit)
    concerned = Q(unit=unit) | (Q(tier=unit.tier) & Exists(above))
    found = Mandate.objects.filter(concerned, fiscal_year=agreement.fiscal_year_id, sheet__retired_at=None)
    found = found.select_related("sheet__current").order_by("sheet__code")
    return sorted(found, key=lambda mandate: mandate.unit_id is not None)


def concerned_by(sheet, fiscal_year=None):
    """The agreements that a mandate of the sheet concerns, whatever their stage."""
    mandates = Mandate.objects.filter(sheet=sheet, fiscal_year=OuterRef("fiscal_year"))
    by_level = Q(Exists(mandates.filter(tier=OuterRef("unit__tier")))) & Q(unit__in=descendants([sheet.owner_id]))
    found = Agreement.objects.filter(by_level | Q(Exists(mandates.filter(unit=OuterRef("unit")))))
    return found.filter(fiscal_year=fiscal_year) if fiscal_year else found


def line_values(version, *, mandated):
    """{column: value} of a new line taken from a version of the library."""
    source = Source.MANDATORY if mandated else source_by_choice(version.sheet)
    origin = {"sheet": version.sheet, "sheet_version": version, "mandated": mandated, "source": source}
    return version.content | {"weight": version.weight or Decimal(0)} | origin


def source_by_choice(sheet):
    """Where the indicator comes from in an agreement that holds the sheet by its unit's own choice."""
    return Source.MISSION if sheet.source == Source.MANDATORY else sheet.source


def replaced_values(version):
    """{column: value} of what a version sets in a line that is there: all but what it leaves to the unit."""
    return {name: value for name, value in version.content.items() if name not in version.set_by_units}


def put_into_new(agreement, record):
    """Put into a new draft what is mandatory for it."""
    found = {mandate.sheet_id: mandate for mandate in mandates_for(agreement)}
    if found:
        dimensions = _dimensions({agreement.framework_id})[agreement.framework_id]
        _add([_new_line(agreement, mandate, dimensions) for mandate in found.values()], record)


def _new_line(agreement, mandate, dimensions):
    mandate.sheet.current.sheet = mandate.sheet
    values = line_values(mandate.sheet.current, mandated=True)
    return agreement, Line(agreement=agreement, **values), _dimension(dimensions, mandate.dimension)


def _put_into_all(sheet, fiscal_year, record):
    """Put the sheet into all agreements of the year that it concerns; in a number of queries that doesn't grow."""
    concerned = concerned_by(sheet, fiscal_year)
    settled = concerned.exclude(stage__in=WRITTEN_IN).exclude(lines__sheet=sheet).count()
    held = concerned.filter(stage__in=WRITTEN_IN).select_for_update(of=("self",)).order_by("pk")
    agreements = {each.pk: each for each in held.select_related("unit", "fiscal_year")}
    added, changed = _put_into(agreements, sheet, _places(sheet, fiscal_year, agreements.values()), record)
    return Pushed(added, changed, settled)


def _put_into(agreements, sheet, places, record):
    """Each of the agreements holds its line of the sheet afterwards, mandatory and in its place: (added, changed)."""
    version = sheet.current
    version.sheet = sheet
    there = _lines_there(version, agreements)
    missing = [each for each in agreements.values() if each.pk not in there]
    values = line_values(version, mandated=True)
    _add([(each, Line(agreement=each, **values), places[each.pk]) for each in missing], record)
    own = [line for line in there.values() if not line.mandated]
    astray = [line for line in there.values() if _is_astray(line, places[line.agreement_id], version)]
    _take_over(version, own, agreements, record)
    _move(astray, places, [line for line in astray if line.mandated], agreements, record)
    return len(missing), len({line.pk for line in (*own, *astray)})


def put_missing(agreement, *, actor, at):
    """Put into an agreement whose text is open again what was made mandatory while it was settled."""
    held = set(agreement.lines.filter(mandated=True).values_list("sheet", flat=True))
    missing = {each.sheet_id: each for each in mandates_for(agreement) if each.sheet_id not in held}
    if not missing:
        return
    dimensions = _dimensions({agreement.framework_id})[agreement.framework_id]
    with acting(actor, at=at) as record:
        for mandate in missing.values():
            places = {agreement.pk: _dimension(dimensions, mandate.dimension)}
            _put_into({agreement.pk: agreement}, mandate.sheet, places, record)


def _places(sheet, fiscal_year, agreements):
    """{agreement's id: the dimension that its line of the sheet stands in}; what is said of a unit comes before its level."""
    rows = Mandate.objects.filter(sheet=sheet, fiscal_year=fiscal_year).values_list("tier", "unit", "dimension")
    numbers = {(tier, unit): number for tier, unit, number in rows}
    dimensions = _dimensions({each.framework_id for each in agreements})
    found = {}
    for each in agreements:
        number = numbers.get((None, each.unit_id)) or numbers[each.unit.tier, None]
        found[each.pk] = _dimension(dimensions[each.framework_id], number)
    return found


def _lines_there(version, agreements):
    """{agreement's id: its line of the sheet, else one of the same name} of those that hold it in some way."""
    parts = Exists(Line.objects.filter(parent=OuterRef("pk")))
    same = Q(sheet=version.sheet) | (Q(sheet=None, name=version.name, parent=None) & ~parts)
    found = Line.objects.filter(same, agreement__in=agreements).annotate(has_parts=parts)
    by_agreement = {}
    for line in found.order_by(F("sheet").desc(nulls_last=True), "-pk"):
        by_agreement.setdefault(line.agreement_id, line)
    return by_agreement


def _is_astray(line, dimension, version):
    """Does the line stand in another dimension than the mandate's? One within a tree of parts stays with it."""
    if line.parent_id or line.has_parts or "dimension" in version.set_by_units:
        return False
    return line.dimension_id != dimension.pk


def _take_over(version, lines, agreements, record):
    """Lines that units had of their own become the mandatory ones."""
    if not lines:
        return
    origin = {"sheet": version.sheet, "sheet_version": version, "mandated": True, "source": Source.MANDATORY}
    rows = Line.objects.filter(pk__in=[line.pk for line in lines])
    rows.update(**replaced_values(version), **origin, version=F("version") + 1, written_from="")
    for line in lines:
        record("mandate_line", agreements[line.agreement_id], text=line.name[:LOGGED])


def _move(lines, places, told, agreements, record):
    """Put lines at the end of the dimension that they belong to; of those `told`, the log tells."""
    if not lines:
        return
    last = _last_positions([line.agreement_id for line in lines])
    for line in lines:
        line.dimension = places[line.agreement_id]
        line.position = last.get((line.agreement_id, line.dimension_id), 0) + 1
        line.version = F("version") + 1
    Line.objects.bulk_update(lines, ["dimension", "position", "version"])
    for line in told:
        record("move_mandated_line", agreements[line.agreement_id], text=line.name[:LOGGED])


def _add(new, record):
    """Insert lines at the end of their dimensions: [(agreement, line, dimension)]."""
    if not new:
        return
    last = _last_positions([agreement.pk for agreement, _line, _dimension in new])
    for agreement, line, dimension in new:
        line.dimension = dimension
        place = agreement.pk, dimension.pk
        line.position = last[place] = last.get(place, 0) + 1
        record("mandate_line", agreement, text=line.name[:LOGGED])
    Line.objects.bulk_create([line for _agreement, line, _dimension in new])


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


def agreements_below(sheet, fiscal_year):
    """The agreements of a year that the sheet can be made mandatory in, whatever their stage."""
    return Agreement.objects.filter(fiscal_year=fiscal_year, unit__in=descendants([sheet.owner_id]))


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
