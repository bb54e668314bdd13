"""The evaluator's desk: the unit's result and the evaluator's side by side, while it is worked on and once released."""

from dataclasses import dataclass
from decimal import Decimal

from desk.amended_lines import scored_by
from desk.anchors import addressed
from desk.parts_page import whole_rows
from desk.report_page import result_url
from desk.score_panel import Panel, frozen_panel, panel
from results.rules import accepted_at_once, evaluation_is_complete
from results.scores import agreed_of, unit_card


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


@dataclass(frozen=True)
class Sum:
    """A total with its denominator in words."""

    score: Decimal
    denominator_words: str


# While it is worked on: computed


def working_page(evaluation, card, *, selected):
    """Context of desk/evaluation.html while the scores are computed; `selected` is the key of the line explained."""
    items = [item_of(evaluation, row) for row in card.rows]
    return {
        "evaluation": evaluation,
        "scored_by": scored_by(evaluation.report),
        "items": items,
        "selected": chosen(items, selected),
        "wholes": whole_rows(
            agreed_of(evaluation.report),
            {row.line.key: row.unit.score for row in card.rows},
            {row.line.key: row.score for row in card.rows},
        ),
        "to_accept": len(accepted_at_once(card)),
        "missing": addressed(evaluation.report.agreement, evaluation_is_complete(evaluation, card)),
        **_totals(card),
    }


def rows(page, form):
    """The items of a page with their fields, and the indicators with parts that stand before them.

    [{item, wholes, value, reason, version}]; without a form for reading alone.
    """
    items, wholes = page["items"], page["wholes"]
    if form is None:
        found = [{"item": item, "value": None, "reason": None, "version": None} for item in items]
    else:
        fields = {row.line.key: (row, value, reason) for row, value, reason in form.rows}
        found = [_with_fields(item, form, *fields[item.key]) for item in items]
    return [row | {"wholes": wholes[row["item"].key]} for row in found]


def _with_fields(item, form, row, value, reason):
    version = form.data.get(f"version-{item.pk}", row.finding.version)
    return {"item": item, "value": value, "reason": reason, "version": version}


def item_of(evaluation, row):
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
    )


def chosen(items, key):
    """The item of the line with this key (text, as in an address), else the first."""
    return next((item for item in items if str(item.key) == key), items[0])


def _totals(card):
    return {
        "total": card.total,
        "total_reported": card.total_reported,
        "unit_total": unit_card(card).total,
        "top": card.top,
        "weight_total": card.weight_total,
    }


# Once released: read


def released_page(evaluation, scores, agreed, *, selected):
    """The same page from the frozen scores; `agreed` are the lines as signed, whose levels explain them."""
    evidence = _evidence(evaluation)
    items = [_released(evaluation, line, agreed.line(line["key"]), evidence) for line in scores["lines"]]
    return {
        "evaluation": evaluation,
        "scored_by": scored_by(evaluation.report),
        "items": items,
        "selected": chosen(items, selected),
        "wholes": whole_rows(
            agreed, {item.key: item.unit.score for item in items}, {item.key: item.evaluator.score for item in items}
        ),
        "to_accept": 0,
        "missing": [],
        "total": _sum(scores["total"]),
        "total_reported": None,
        "unit_total": _sum(scores["unit_total"]),
        "top": agreed.scale.capped(agreed.scale.top),
        "weight_total": sum(item.weight for item in items),
    }


def _released(evaluation, line, agreed, evidence):
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
        differs=unit.score != evaluator.score,
        reason=line["reason"],
        evidence=tuple(evidence[line["key"], each["sha256"]] for each in line["evidence"]),
        report_url=result_url(evaluation.report, agreed),
        panel=frozen_panel(agreed, line["evaluator"]),
        unit_panel=frozen_panel(agreed, line["unit"]),
    )


def _side(frozen):
    return Side(Decimal(frozen["value"]), Decimal(frozen["score"]))


def _sum(frozen):
    return Sum(Decimal(frozen["score"]), frozen["denominator_words"])


def _evidence(evaluation):
    """{(line, hash): the file} of the report that was evaluated."""
    results = evaluation.report.results.prefetch_related("evidence")
    return {(result.line_id, each.sha256): each for result in results for each in result.evidence.all()}
