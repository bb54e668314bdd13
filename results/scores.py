"""Scores of a report and of an evaluation, computed from the signed snapshot every time they are shown.

Only `final_scores` is ever frozen. A result that was not reported has no score: not zero, not the row's before.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation

from agreements.freeze import agreed_snapshot, thaw
from indicators.criteria import criteria_for
from indicators.scoring import CannotScore, Scored, Total, score_line, score_total
from results.models import Evidence, Finding, Result


@dataclass(frozen=True)
class AgreedLine:
    """A line as it was signed: the snapshot's words and figures, ready to score by."""

    key: int
    number: str
    dimension: str
    name: str
    unit_of_measure: str
    weight: Decimal
    levels: tuple
    texts: tuple
    kind: str
    past_1: Decimal | None
    content: dict

    @property
    def criteria(self):
        return criteria_for(self.kind, self.levels, self.texts)


@dataclass(frozen=True)
class Row:
    """One line of a report: what was reported, what it scores, or the sentence why it has no score."""

    line: AgreedLine
    result: Result
    scored: Scored | None
    problem: str
    evidence: tuple[Evidence, ...]

    @property
    def value(self):
        return self.result.value


@dataclass(frozen=True)
class FindingRow:
    """One line of an evaluation: the evaluator's result beside the unit's row."""

    line: AgreedLine
    finding: Finding
    scored: Scored | None
    problem: str
    unit: Row

    @property
    def value(self):
        return self.finding.value

    @property
    def reason(self):
        return self.finding.reason

    @property
    def differs(self):
        """Do the two scores differ? Only then is a reason owed."""
        return self.scored is not None and self.unit.scored is not None and self.scored.score != self.unit.scored.score


@dataclass(frozen=True)
class Card:
    """All lines of a report or an evaluation, with the total of those that have a score; None while none has."""

    rows: tuple
    total: Total | None

    @property
    def reported(self):
        return sum(1 for row in self.rows if row.value is not None)

    def row_of(self, key):
        """The row of the line with this key; KeyError if it isn't in the agreement."""
        return {row.line.key: row for row in self.rows}[key]


def agreed_lines(agreement):
    """(lines as signed, floor of the framework as signed)."""
    content = thaw(agreed_snapshot(agreement))
    lines = [_agreed(line) for line in content["lines"]]
    return lines, Decimal(content["framework"]["floor"])


def _agreed(content):
    last = content["past"][-1]["value"]
    return AgreedLine(
        key=content["key"],
        number=content["number"],
        dimension=content["dimension"],
        name=content["name"],
        unit_of_measure=content["unit_of_measure"],
        weight=Decimal(content["weight"]),
        levels=tuple(None if value is None else Decimal(value) for value in content["levels"]),
        texts=tuple(content["level_texts"]),
        kind=content["kind"],
        past_1=None if last is None else Decimal(last),
        content=content,
    )


def report_card(report):
    """The report's rows in the order of the agreement, each scored by its signed criteria."""
    lines, floor = agreed_lines(report.agreement)
    results = {result.line_id: result for result in report.results.prefetch_related("evidence")}
    weight_total = sum(line.weight for line in lines)
    rows = []
    for line in lines:
        result = results[line.key]
        scored, problem = scored_or_problem(line, result.value, floor, weight_total)
        rows.append(Row(line, result, scored, problem, tuple(result.evidence.all())))
    return Card(tuple(rows), _total(rows))


def evaluation_card(evaluation):
    """The evaluator's rows beside the unit's, in the order of the agreement."""
    lines, floor = agreed_lines(evaluation.report.agreement)
    unit = report_card(evaluation.report)
    findings = {finding.line_id: finding for finding in evaluation.findings.all()}
    weight_total = sum(line.weight for line in lines)
    rows = []
    for line in lines:
        finding = findings.get(line.key) or Finding(evaluation=evaluation, line_id=line.key)
        scored, problem = scored_or_problem(line, finding.value, floor, weight_total)
        rows.append(FindingRow(line, finding, scored, problem, unit.row_of(line.key)))
    return Card(tuple(rows), _total(rows))


def scored_or_problem(line, value, floor, weight_total):
    """(score with its working, "") of a result, or (None, sentence); an unreported result has neither."""
    if value is None:
        return None, ""
    try:
        return score_line(line.criteria, value, floor=floor, weight=line.weight, weight_total=weight_total), ""
    except CannotScore as why:
        return None, str(why)


def _total(rows):
    scored = [(row.line.weight, row.scored.score) for row in rows if row.scored is not None]
    return score_total(scored) if scored else None


def final_scores(evaluation):
    """The scores to release and freeze: both sides' results, scores, reasons, workings, and the total."""
    with translation.override("th"):  # frozen text reads the same whoever froze it
        card = evaluation_card(evaluation)
        return {
            "schema": 1,
            "agreement": evaluation.report.agreement.code,
            "signed_sha256": agreed_snapshot(evaluation.report.agreement).sha256,
            "lines": [_final_line(row) for row in card.rows],
            "total": _text(card.total.score),
            "denominator": _text(card.total.denominator),
            "denominator_words": card.total.denominator_words,
            "unit_total": _text(report_card(evaluation.report).total.score),
        }


def _final_line(row):
    return {
        "key": row.line.key,
        "number": row.line.number,
        "name": row.line.name,
        "weight": _text(row.line.weight),
        "unit_value": _text(row.unit.value),
        "unit_score": _text(row.unit.scored.score),
        "value": _text(row.value),
        "score": _text(row.scored.score),
        "reason": row.reason,
        "working": [[step.label, step.text] for step in row.scored.working],
    }


def _text(number):
    return f"{number:f}"
