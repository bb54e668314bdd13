"""The evaluator's desk: the unit's result and the evaluator's side by side, while it is worked on and once released."""

from dataclasses import dataclass
from decimal import Decimal

from desk.amended_lines import scored_by
from desk.anchors import addressed
from desk.dossier import Dossier, dossiers, dossiers_as_released, is_of, kinds
from desk.from_paper_page import times_of
from desk.parts_page import whole_rows
from desk.report_page import result_url
from desk.score_panel import Panel, frozen_panel, panel
from results.dimensions import by_dimension
from results.penalties import penalties
from results.rules import acceptable, evaluation_is_complete
from results.scoreboard import ScoredLine
from results.scores import agreed_of, card_of, exclusions_in, unit_card
from results.visits import visits_of

EMPTY = Dossier()


@dataclass(frozen=True)
class Side:
    """One side's result and score."""

    value: Decimal | None
    score: Decimal | None


@dataclass(frozen=True)
class Item:
    """One line with both sides. `pk` is the finding's: fields and ids in the page are named by it."""

    key: int
    pk: int
    number: str
    name: str
    unit_of_measure: str
    weight: Decimal
    unit: Side
    evaluator: Side
    differs: bool
    reason: str
    evidence: tuple
    report_url: str
    panel: Panel
    unit_panel: Panel
    # Why it is out of the total by decision; "" where it counts.
    out: str = ""
    dossier: Dossier = EMPTY
    # Can it be accepted as the unit reported it, with a tick?
    can_accept: bool = False


@dataclass(frozen=True)
class Share:
    """A dimension with both sides' scores, and what the evaluator's brings to the total."""

    number: str
    name: str
    weight: Decimal
    unit: Decimal | None
    score: Decimal | None
    brings: Decimal | None


@dataclass(frozen=True)
class Sum:
    """A total with its denominator in words."""

    score: Decimal
    denominator: Decimal
    denominator_words: str


# While it is worked on: computed


def working_page(evaluation, card, *, selected, reader, at, show="all"):
    """Context of desk/evaluation.html while the scores are computed; `selected` is the key of the line explained.

    `show`: which rows (desk.dossier.kinds); the others are there, out of sight.
    """
    agreed = agreed_of(evaluation.report)
    found = dossiers(evaluation, card, agreed, reader=reader, at=at)
    open_rows = {row.line.key for row in acceptable(card)}
    items = [item_of(evaluation, row, found[row.line.key], can_accept=row.line.key in open_rows) for row in card.rows]
    return {
        "evaluation": evaluation,
        "scored_by": scored_by(evaluation.report),
        "paper_times": times_of(evaluation.report),
        "items": items,
        "kinds": kinds(items, show),
        "selected": chosen(items, selected, show),
        "wholes": whole_rows(
            agreed, {row.line.key: row.unit.score for row in card.rows}, {row.line.key: row.score for row in card.rows}
        ),
        "to_accept": sum(item.can_accept and not item.dossier.is_held for item in items),
        "missing": addressed(evaluation.report.agreement, evaluation_is_complete(evaluation, card)),
        "penalties": penalties(evaluation.report.agreement),
        "shares": _shares(card, unit_card(card), agreed),
        "visits": _visits(evaluation, agreed),
        **_totals(card),
    }


def _shares(card, unit, agreed):
    units = {each.number: each.score for each in by_dimension(unit, agreed)}
    return [
        Share(each.number, each.name, each.weight, units[each.number], each.score, each.brings)
        for each in by_dimension(card, agreed)
    ]


def _visits(evaluation, agreed):
    """[{visit, lines}] with the numbers of the lines that each is about."""
    numbers = {line.key: line.number for line in agreed.tree}
    return [
        {"visit": visit, "lines": [numbers[key] for key in visit.keys if key in numbers]}
        for visit in visits_of(evaluation)
    ]


def rows(page, form):
    """The items of a page with their fields, and the indicators with parts that stand before them.

    [{item, wholes, value, reason, version, shown}]; without a form for reading alone.
    """
    items, wholes = page["items"], page["wholes"]
    show = next(kind.key for kind in page["kinds"] if kind.active)
    if form is None:
        found = [{"item": item, "value": None, "reason": None, "version": None} for item in items]
    else:
        fields = {row.line.key: (row, value, reason) for row, value, reason in form.rows}
        found = [_with_fields(item, form, *fields[item.key]) for item in items]
    return [
        row | {"wholes": wholes[row["item"].key] if show == "all" else [], "shown": is_of(row["item"], show)}
        for row in found
    ]


def _with_fields(item, form, row, value, reason):
    version = form.data.get(f"version-{item.pk}", row.finding.version)
    return {"item": item, "value": value, "reason": reason, "version": version}


def item_of(evaluation, row, dossier=EMPTY, *, can_accept=False):
    """A row of the card as the page shows it."""
    return Item(
        key=row.line.key,
        pk=row.finding.pk,
        number=row.line.number,
        name=row.line.name,
        unit_of_measure=row.line.unit_of_measure,
        weight=row.line.weight,
        unit=Side(row.unit.value, row.unit.score),
        evaluator=Side(row.value, row.score),
        differs=row.differs,
        reason=row.reason,
        evidence=row.unit.evidence,
        report_url=result_url(evaluation.report, row.line),
        panel=panel(row),
        unit_panel=panel(row.unit),
        out="" if row.line.counts else row.line.excluded.reason,
        dossier=dossier,
        can_accept=can_accept,
    )


def chosen(items, key, show="all"):
    """The item of the line with this key (text, as in an address), else the first in sight, else the first."""
    in_sight = (item for item in items if is_of(item, show))
    return next((item for item in items if str(item.key) == key), None) or next(in_sight, items[0])


def _totals(card):
    return {
        "total": card.total,
        "total_reported": card.total_reported,
        "unit_total": unit_card(card).total,
        "top": card.top,
        "weight_total": card.weight_total,
    }


# Once released: read


def released_page(evaluation, scores, agreed, *, selected, show="all"):
    """The same page from the frozen scores; `agreed` are the lines as signed, whose levels explain them. No flags."""
    results = {result.line_id: result for result in evaluation.report.results.prefetch_related("evidence")}
    evidence = {(key, each.sha256): each for key, result in results.items() for each in result.evidence.all()}
    found = dossiers_as_released(evaluation, agreed, results)
    penalised = bool(scores.get("penalties"))
    items = [
        _released(evaluation, line, agreed.line(line["key"]), evidence, penalised, found[line["key"]])
        for line in scores["lines"]
    ]
    counted = agreed.without(exclusions_in(scores))
    return {
        "evaluation": evaluation,
        "scored_by": scored_by(evaluation.report),
        "paper_times": times_of(evaluation.report),
        "items": items,
        "selected": chosen(items, selected, show),
        "wholes": whole_rows(
            agreed, {item.key: item.unit.score for item in items}, {item.key: item.evaluator.score for item in items}
        ),
        "kinds": kinds(items, show),
        "to_accept": 0,
        "missing": [],
        "penalties": scores.get("penalties", []),
        "shares": _shares(*(_card(items, counted, side) for side in ("evaluator", "unit")), counted),
        "visits": _visits(evaluation, agreed),
        "total": _sum(scores["total"]),
        "total_reported": None,
        "unit_total": _sum(scores["unit_total"]),
        "top": agreed.scale.capped(agreed.scale.top),
        "weight_total": sum(item.weight for item in items if not item.out),
    }


def _card(items, agreed, side):
    """The card of what was frozen of one side ("unit" or "evaluator")."""
    return card_of(
        [ScoredLine(agreed.line(item.key), getattr(item, side).score, agreed.scale) for item in items], agreed
    )


def _released(evaluation, line, agreed, evidence, penalised, dossier):
    unit, evaluator = _side(line["unit"]), _side(line["evaluator"])
    return Item(
        key=line["key"],
        pk=line["key"],
        number=line["number"],
        name=line["name"],
        unit_of_measure=line["unit_of_measure"],
        weight=Decimal(line["weight"]),
        unit=unit,
        evaluator=evaluator,
        # What only a penalty lowered needs no reason.
        differs=unit.score != evaluator.score and bool(line["reason"].strip() or not penalised),
        reason=line["reason"],
        evidence=tuple(evidence[line["key"], each["sha256"]] for each in line["evidence"]),
        report_url=result_url(evaluation.report, agreed),
        panel=frozen_panel(agreed, line["evaluator"]),
        unit_panel=frozen_panel(agreed, line["unit"]),
        out=line.get("excluded", {}).get("reason", ""),
        dossier=dossier,
    )


def _side(frozen):
    return Side(Decimal(frozen["value"]), Decimal(frozen["score"]))


def _sum(frozen):
    return Sum(Decimal(frozen["score"]), Decimal(frozen["denominator"]), frozen["denominator_words"])
