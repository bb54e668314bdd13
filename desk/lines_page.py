"""The indicators of an agreement as its home shows them: the working copy, or once in force what was signed."""

from collections import defaultdict
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.freeze import agreed_snapshot
from agreements.library import version_advice
from agreements.models import Source
from agreements.rules import dimensions_of, may_write, missing, numbered_lines, target_is_low, weight_advice
from agreements.stages import Stage
from desk.amended_lines import amended_lines, text_in_force
from desk.anchors import addressed
from desk.cascade_page import cascade_url
from desk.levels import level_cells
from desk.movements import latest
from desk.weights import weight_bar
from results.carry import agreement_before, released_for
from results.scores import agreed_lines
from workflow.due import due_of_stage
from workflow.handover import as_known, heard_by
from workflow.models import Side
from workflow.rules import offers_made, signatures_of

BEING_WRITTEN = (Stage.DRAFT, Stage.INFORMAL)
BEFORE_SIGNING = (*BEING_WRITTEN, Stage.FORMAL)


@dataclass(frozen=True)
class Row:
    """One indicator as the table shows it."""

    number: str
    name: str
    url: str
    unit_of_measure: str
    past: tuple
    source: str
    source_label: str
    weight: object
    levels: tuple
    offers: tuple
    low_target: str
    depth: int = 0
    is_leaf: bool = True
    amended: tuple = ()


def indicators(agreement, user, at):
    """The table: rows grouped by dimension, what they are read from, and whether lines may be added."""
    rows = _signed_rows(agreement) if agreement.is_in_force else _written_rows(agreement, heard_by(user, agreement, at))
    year = agreement.fiscal_year.year
    writes = may_write(agreement, user, at) is None
    return {
        "groups": _groups(agreement, rows),
        "past_years": [year - back for back in (3, 2, 1)],
        "top_level": str(agreement.framework.scoring_scale.levels),
        "is_signed": agreement.is_in_force,
        "text_in_force": text_in_force(agreement),
        "has_lines": bool(rows),
        "cascade_url": cascade_url(agreement.unit, year),
        "may_write": writes,
        "released": released_for(agreement, numbered_lines(agreement)) if writes else [],
        "can_carry": writes and _can_carry(agreement),
    }


def _can_carry(agreement):
    """Is there last year's agreement, and nothing here yet but what the library put in?"""
    only_mandated = all(each.line.mandated for each in numbered_lines(agreement))
    return only_mandated and agreement_before(agreement.unit, agreement.fiscal_year) is not None


def _groups(agreement, rows):
    """[(dimension, its rows)] of every dimension of the framework, also of those without rows."""
    by_number = defaultdict(list)
    for dimension, row in rows:
        by_number[str(dimension)].append(row)
    return [(each, by_number[each.label]) for each in dimensions_of(agreement)]


def _written_rows(agreement, hears):
    offers = _open_offers(agreement, hears)
    return [
        (each.line.dimension.label, _written(agreement, each, offers[each.line.pk]))
        for each in numbered_lines(agreement)
    ]


def _written(agreement, numbered, offers):
    line = numbered.line
    past = (line.past_3, line.past_2, line.past_1)
    low_target = _low_target(line) if numbered.is_leaf else ""
    row = _row(agreement, line.pk, numbered.number, line, past, line.source, offers=offers, low_target=low_target)
    return replace(row, weight=numbered.weight, depth=numbered.depth, is_leaf=numbered.is_leaf)


def _signed_rows(agreement):
    amended = amended_lines(agreement)
    return [
        (line.dimension, _signed(agreement, line, amended.get(line.number, ())))
        for line in agreed_lines(agreement).tree
    ]


def _signed(agreement, line, amended):
    past = tuple(each["value"] for each in line.content["past"])
    row = _row(agreement, line.key, line.number, line, past, line.content["source"])
    return replace(row, depth=line.depth, is_leaf=line.is_leaf, amended=tuple(amended))


def _row(agreement, key, number, line, past, source, *, offers=(), low_target=""):
    return Row(
        number=number,
        name=line.name or _("(no name yet)"),
        url=reverse("desk:line", args=[agreement.code, key]),
        unit_of_measure=line.unit_of_measure,
        past=past,
        source=source,
        source_label=Source(source).label,
        weight=line.weight,
        levels=levels(line),
        offers=tuple(offers),
        low_target=low_target,
    )


def levels(line):
    """The five cells of the line's criteria, the level that last year's result reached marked."""
    return level_cells(line, None if line.past_1 is None else line.criteria.level_reached(line.past_1, line.scale))


def _low_target(line):
    """ "" · "reasoned" · "bare": is the target one that last year reached, and does the sheet say why?"""
    if not target_is_low(line):
        return ""
    return "reasoned" if line.low_target_reason.strip() else "bare"


def _open_offers(agreement, hears):
    """{line pk: the units that have an open offer on it}, as known to who hears the sides `hears`."""
    units = {Side.OWNER: agreement.unit.short_name, Side.COUNTERPART: agreement.counterpart.short_name}
    found = defaultdict(list)
    known = as_known(offers_made(agreement), hears)
    for line, side in sorted({(offer.line_id, offer.side) for offer in known if offer.is_open}):
        found[line].append(units[side])
    return found


def aside(agreement, standing, user, at):
    """Beside the table: weights, what is missing, what is signed, what happened."""
    drafting = agreement.stage == Stage.DRAFT
    return {
        "called": drafting and agreement.fiscal_year.is_called,
        "submission_due": due_of_stage(agreement, Stage.DRAFT),
        "weight": weight_bar(agreement) if agreement.stage in BEFORE_SIGNING else None,
        "missing": _missing(agreement, standing, user, at),
        "weight_advice": _weight_advice(agreement, standing),
        "version_advice": _version_advice(agreement, standing, at),
        "signed": _signatures(agreement) if agreement.is_in_force else None,
        "movements": latest(agreement, reader=user, at=at) if standing.follows else None,
    }


def _missing(agreement, standing, user, at):
    """What keeps the agreement from going on, for the owner's people while it is written; else None: not shown."""
    if not standing.is_owners or agreement.stage not in BEING_WRITTEN:
        return None
    return addressed(agreement, missing(agreement, user, at))


def _weight_advice(agreement, standing):
    """What the framework advises of weights and the lines don't follow, for the owner's people while it is written."""
    if not standing.is_owners or agreement.stage not in BEING_WRITTEN:
        return []
    return addressed(agreement, weight_advice(agreement))


def _version_advice(agreement, standing, at):
    """What of the library has changed and isn't in the lines, for the owner's people while it is written."""
    if not standing.is_owners or agreement.stage not in BEING_WRITTEN:
        return []
    return addressed(agreement, version_advice(agreement, timezone.localdate(at)))


def _signatures(agreement):
    return {"signatures": signatures_of(agreement), "hash": agreed_snapshot(agreement).sha256}
