"""Taking back that a sheet of the library is mandatory: the lines of agreements that aren't signed are left to their units."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from acts.engine import Conflict, Refusal, Refused
from acts.log import acting
from agreements.mandates import source_by_choice, wait_for_beginnings
from agreements.models import Agreement, Line, Mandate
from agreements.stages import IN_FORCE, WRITTEN_IN
from indicators.library import LOGGED, hold, may_keep
from orgunits.tree import descendants


@dataclass(frozen=True)
class Freed:
    """What taking a mandate back comes to: agreements whose line is their unit's own again, and that are signed."""

    freed: int = 0
    signed: int = 0


def freed_by(mandate):
    """What would come of taking the mandate back now."""
    held = _only_by(mandate)
    signed = held.filter(agreement__stage__in=IN_FORCE).count()
    return Freed(held.count() - signed, signed)


def _only_by(mandate):
    """The mandatory lines of the sheet in the year that no other mandate keeps."""
    others = Mandate.objects.filter(sheet=mandate.sheet_id, fiscal_year=OuterRef("agreement__fiscal_year"))
    others = others.exclude(pk=mandate.pk)
    below = Q(agreement__unit__in=descendants([mandate.sheet.owner_id]))
    kept = (Q(Exists(others.filter(tier=OuterRef("agreement__unit__tier")))) & below) | Q(
        Exists(others.filter(unit=OuterRef("agreement__unit")))
    )
    lines = Line.objects.filter(sheet=mandate.sheet_id, mandated=True, agreement__fiscal_year=mandate.fiscal_year_id)
    return lines.exclude(kept)


def take_back(mandate, why, *, by, at, idempotency=""):
    """The sheet is no longer mandatory for whom `mandate` names; gives Freed.

    Lines of agreements that aren't signed stay, as their units' own: units may change or remove them while they write.
    What is signed stays as it was signed. Raises Refused; Conflict where it has been taken back already.
    """
    refusal = may_keep(mandate.sheet.owner, by, at)
    if refusal:
        raise Refused([refusal])
    if not why.strip():
        raise Refused([Refusal(_("Please give the reason; the units read it."), "#id_why")], incomplete=True)
    with acting(by, at=at, idempotency=idempotency) as record:
        sheet = hold(mandate.sheet)
        wait_for_beginnings()
        held = Mandate.objects.filter(pk=mandate.pk).select_related("sheet__owner", "fiscal_year", "unit").first()
        if held is None:
            raise Conflict(_("This has been taken back already."))
        change = {"year": held.fiscal_year.year, "tier": held.tier, "unit": held.unit.code if held.unit else ""}
        record("library.take_back", sheet, change=change, text=why.strip()[:LOGGED])
        freed = _free(held, sheet, why.strip(), record)
        held.delete()
    return freed


def _free(mandate, sheet, why, record):
    lines = _only_by(mandate)
    open_ones = Agreement.objects.filter(pk__in=lines.values("agreement")).exclude(stage__in=IN_FORCE)
    list(open_ones.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    held = {line.pk: line for line in lines.select_related("agreement")}
    unsigned = [line for line in held.values() if line.agreement.stage not in IN_FORCE]
    written = [line.pk for line in unsigned if line.agreement.stage in WRITTEN_IN]
    Line.objects.filter(pk__in=[line.pk for line in unsigned]).update(mandated=False, version=F("version") + 1)
    Line.objects.filter(pk__in=written).update(source=source_by_choice(sheet), written_from="")
    for line in unsigned:
        record("free_line", line.agreement, change={"line": line.name[:LOGGED]}, text=why[:LOGGED])
    return Freed(len(unsigned), len(held) - len(unsigned))
