"""The agreements that a person could begin: their units that sign, in the years that are open and have none yet."""

from dataclasses import dataclass

from agreements.models import Agreement
from fiscal.models import FiscalYear
from indicators.models import Framework
from orgunits.models import OrgUnit
from orgunits.reach import reach_of
from orgunits.roles import Role


@dataclass(frozen=True)
class Beginning:
    """A unit and a year without an agreement. `can_carry`: it has one of the year before, to be carried forward."""

    unit: OrgUnit
    year: FiscalYear
    can_carry: bool


def beginnings(user, *, at, on):
    """The Beginnings of the units on which the person is planning staff, for years that have not ended on `on`."""
    units = list(OrgUnit.objects.signing().in_force(on).filter(pk__in=reach_of(user, at).units(Role.STAFF)))
    years = list(FiscalYear.objects.filter(ends_on__gte=on)) if units else []
    if not years:
        return []
    begun = set(Agreement.objects.filter(unit__in=units, fiscal_year__in=years).values_list("unit", "fiscal_year"))
    numbers = [year.year - 1 for year in years]
    before = Agreement.objects.filter(unit__in=units, fiscal_year__year__in=numbers)
    before = set(before.values_list("unit", "fiscal_year__year"))
    framed = set(Framework.objects.filter(fiscal_year__in=years).values_list("fiscal_year", "tier"))
    return [
        Beginning(unit, year, (unit.pk, year.year - 1) in before)
        for year in years
        for unit in units
        if (unit.pk, year.pk) not in begun and (year.pk, unit.tier) in framed
    ]
