"""Scores of a report and of an evaluation, computed from the signed snapshot every time they are shown.

Only `final_scores` is ever frozen. A result that was not reported has no score: not zero, not the row's before.
"""

from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from django.utils import translation

from acts.reading import once
from agreements.freeze import agreed_snapshot, thaw
from agreements.frozen_criteria import criteria_in
from agreements.frozen_framework import denominator_in, scale_in
from agreements.models import Snapshot
from indicators.scale import FIVE, Scale
from indicators.scoring import CannotScore, Denominator, Scored, Total, contribution, score_line, score_total
from results.inputs import NO_ACCOUNT, Account, account_of
from results.models import Evidence, Finding, Result

_CACHE = "_results_agreed"


@dataclass(frozen=True)
class AgreedLine:
    """A line as it was signed: the snapshot's words and figures, ready to score by."""

    key: int
    number: str
    dimension: str
    name: str
    unit_of_measure: str
    weight: Decimal
    target: Decimal | None
    levels: tuple
    texts: tuple
    kind: str
    past_1: Decimal | None
    content: dict
    scale: Scale = FIVE

    @property
    def depth(self):
        """How deep it stands below the indicator that it is a part of; what was signed before there were parts: 0."""
        return self.content.get("depth", 0)

    @property
    def is_leaf(self):
        """Has it no parts, so that it weighs, is reported and scored itself?"""
        return self.content.get("is_leaf", True)

    @property
    def expression(self):
        """The formula by which the result is computed; "" where it is reported itself."""
        return self.content.get("expression", "")

    @property
    def items(self):
        """What the result is put together from: rows of texts, see agreements.models.Line.items."""
        return self.content.get("items", [])

    @property
    def criteria(self):
        return criteria_in(self.content)


class Agreed(NamedTuple):
    """What was signed, as far as scores depend on it: the lines that weigh in their order, and the framework's rules.

    `tree`: those with parts as well, each before its parts.
    """

    lines: list[AgreedLine]
    scale: Scale
    tree: tuple[AgreedLine, ...] = ()
    denominator: Denominator = Denominator.IN_FORCE

    @property
    def weight_total(self):
        return sum(line.weight for line in self.lines)

    def line(self, key):
        """The line with this key; KeyError if it isn't in the agreement."""
        return {line.key: line for line in self.lines}[key]

    def score(self, line, value):
        """(score with its working, "") of a result, or (None, sentence); what is not reported has neither."""
        if value is None:
            return None, ""
        try:
            return score_line(line.criteria, value, scale=self.scale, **self._weights(line)), ""
        except CannotScore as why:
            return None, str(why)

    def _weights(self, line):
        """What a line's working ends in; over the weights reported it depends on the other lines, and is left out."""
        if self.denominator is Denominator.REPORTED:
            return {}
        return {"weight": line.weight, "weight_total": self.weight_total}


class Scoring:
    """What rows of a report and of an evaluation have in common; they bring `line`, `value` and `scored`."""

    @property
    def score(self):
        """The score in 4 places; None without one."""
        return self.scored.score if self.scored else None

    @property
    def reached(self):
        """The highest level that the result reaches; None below level 1, or without a score."""
        return self.line.criteria.level_reached(self.value, self.line.scale) if self.scored else None


@dataclass(frozen=True)
class Row(Scoring):
    """One line of a report: what was reported, what it scores, or the sentence why it has no score."""

    line: AgreedLine
    result: Result
    scored: Scored | None
    problem: str
    evidence: tuple[Evidence, ...]
    account: Account = NO_ACCOUNT

    @property
    def value(self):
        return self.result.value

    def as_if(self, agreed, value, account=NO_ACCOUNT):
        """This row with another result, and how that came about; scored and not saved."""
        result = copy(self.result)
        result.value = value
        scored, problem = agreed.score(self.line, value)
        return replace(self, result=result, scored=scored, problem=problem, account=account)


@dataclass(frozen=True)
class FindingRow(Scoring):
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
    def account(self):
        """How the unit came to the figure, where the evaluator has taken it over."""
        return self.unit.account if self.value == self.unit.value else NO_ACCOUNT

    @property
    def reason(self):
        return self.finding.reason

    def as_if(self, agreed, value):
        """This row with another result of the evaluator, scored and not saved."""
        finding = copy(self.finding)
        finding.value = value
        scored, problem = agreed.score(self.line, value)
        return replace(self, finding=finding, scored=scored, problem=problem)

    @property
    def differs(self):
        """Do the two scores differ? Only then is a reason owed."""
        return self.score is not None and self.unit.score is not None and self.score != self.unit.score


@dataclass(frozen=True)
class Card:
    """All lines of a report or an evaluation. `total` is over the weights that the framework says, `over`.

    Where those are of all lines, scored or not, `total_reported` is over the lines that have a score, as long as one
    has none; after that it says nothing more. Both are None while no line has a score.
    """

    rows: tuple
    total: Total | None
    total_reported: Total | None
    over: Denominator = Denominator.IN_FORCE
    scale: Scale = FIVE

    @property
    def top(self):
        """The highest score there is."""
        return self.scale.capped(self.scale.top)

    @property
    def reported(self):
        return sum(1 for row in self.rows if row.value is not None)

    @property
    def weight_total(self):
        return sum(row.line.weight for row in self.rows)

    def row_of(self, key):
        """The row of the line with this key; KeyError if it isn't in the agreement."""
        return {row.line.key: row for row in self.rows}[key]

    def working(self, row):
        """How a row's score came about, from the formula to what it brings to the total: label and text of each step.

        Read by the screen, printed and written to Excel alike. Without a score it ends before it.
        """
        if row.scored is None:
            return row.account.steps
        scored = row.scored
        if self.over is Denominator.REPORTED and self.total:
            scored = scored.with_weight(row.line.weight, self.total.denominator)
        return (*row.account.steps, *scored.working)

    def contribution(self, row):
        """What the row brings to the total, for reading; None without a score."""
        return None if row.score is None else contribution(row.line.weight, row.score, self.total.denominator)


def agreed_lines(agreement):
    """What the text in force holds to score by."""
    return _remembered(agreement, agreed_snapshot(agreement))


def agreed_of(report):
    """What the text that a report is scored by holds: an amendment after it was sent changes nothing of it."""
    return _remembered(report.agreement, text_of(report))


def text_of(report):
    """The Snapshot that a report is scored by."""
    return report.scored_by or agreed_snapshot(report.agreement)


def _remembered(agreement, snapshot):
    """Kept on the instance, by snapshot: what is frozen never changes."""
    found = agreement.__dict__.setdefault(_CACHE, {})
    if snapshot.pk not in found:
        found[snapshot.pk] = as_agreed(thaw(snapshot))
    return found[snapshot.pk]


def as_agreed(content):
    """What a signed snapshot's content holds to score by."""
    framework = content["framework"]
    scale = scale_in(framework)
    tree = tuple(_agreed(line, scale) for line in content["lines"])
    leaves = [line for line in tree if line.is_leaf]
    return Agreed(leaves, scale, tree, denominator_in(framework))


def _agreed(content, scale):
    return AgreedLine(
        key=content["key"],
        number=content["number"],
        dimension=content["dimension"],
        name=content["name"],
        unit_of_measure=content["unit_of_measure"],
        weight=Decimal(content["weight"]),
        target=_number(content["target"]),
        levels=tuple(_number(value) for value in content["levels"]),
        texts=tuple(content["level_texts"]),
        kind=content["kind"],
        past_1=_number(content["past"][-1]["value"]),
        content=content,
        scale=scale,
    )


def _number(text):
    return None if text is None else Decimal(text)


def report_card(report, agreed=None):
    """The report's rows in the order of the agreement, each scored by its signed criteria."""
    return once(report.agreement, ("card of report", report.pk), lambda: _report_card(report, agreed))


def _report_card(report, agreed):
    agreed = agreed or agreed_of(report)
    results = {result.line_id: result for result in report.results.prefetch_related("evidence")}
    rows = []
    for line in agreed.lines:
        result = results[line.key]
        scored, problem = agreed.score(line, result.value)
        account = account_of(line, result.inputs, agreed.scale) if result.inputs else NO_ACCOUNT
        rows.append(Row(line, result, scored, problem, tuple(result.evidence.all()), account))
    return card_of(rows, agreed)


def evaluation_card(evaluation):
    """The evaluator's rows beside the unit's, in the order of the agreement."""
    question = "card of evaluation", evaluation.pk
    return once(evaluation.report.agreement, question, lambda: _evaluation_card(evaluation))


def _evaluation_card(evaluation):
    agreed = agreed_of(evaluation.report)
    unit = report_card(evaluation.report, agreed)
    findings = {finding.line_id: finding for finding in evaluation.findings.all()}
    rows = []
    for line in agreed.lines:
        finding = findings[line.key]
        scored, problem = agreed.score(line, finding.value)
        rows.append(FindingRow(line, finding, scored, problem, unit.row_of(line.key)))
    return card_of(rows, agreed)


def unit_card(card):
    """The unit's own card, from an evaluation's."""
    return _card([row.unit for row in card.rows], card.over, card.scale)


def card_of(rows, agreed):
    """The card of rows (anything with `line` and `score`), with its totals by the rules that were signed."""
    return _card(rows, agreed.denominator, agreed.scale)


def _card(rows, over, scale):
    scored = [(row.line.weight, row.score) for row in rows if row.score is not None]
    unreported = sum((row.line.weight for row in rows if row.score is None), Decimal(0))
    if not scored:
        return Card(tuple(rows), None, None, over, scale)
    shared = {"unreported": unreported, "places": scale.places}
    both = unreported and over is Denominator.IN_FORCE
    reported = score_total(scored, over=Denominator.REPORTED, **shared) if both else None
    return Card(tuple(rows), score_total(scored, over=over, **shared), reported, over, scale)


def final_scores(evaluation):
    """The scores to release and freeze: both sides' results, scores, reasons, workings, evidence, and the totals."""
    with translation.override("th"):  # frozen text reads the same whoever froze it
        card = evaluation_card(evaluation)
        return {
            "schema": 1,
            "agreement": evaluation.report.agreement.code,
            "signed_sha256": text_of(evaluation.report).sha256,
            "lines": [_final_line(row) for row in card.rows],
            "total": _final_total(card.total),
            "unit_total": _final_total(unit_card(card).total),
        }


def _final_line(row):
    return {
        "key": row.line.key,
        "number": row.line.number,
        "name": row.line.name,
        "unit_of_measure": row.line.unit_of_measure,
        "weight": _text(row.line.weight),
        "unit": _final_side(row.unit),
        "evaluator": _final_side(row),
        "reason": row.reason,
        "evidence": [{"name": each.name, "sha256": each.sha256} for each in row.unit.evidence],
    }


def _final_side(row):
    return {
        "value": _text(row.value),
        "score": _text(row.score),
        "level_reached": None if row.reached is None else str(row.reached),
        "working": _steps(row.scored.working) if row.scored else [],
        "account": _steps(row.account.steps),
    }


def _final_total(total):
    if total is None:
        return None
    return {
        "score": _text(total.score),
        "denominator": _text(total.denominator),
        "denominator_words": total.denominator_words,
        "working": _steps(total.working),
    }


def _steps(steps):
    return [{"label": step.label, "text": step.text} for step in steps]


def _text(number):
    return None if number is None else f"{number:f}"


def released_scores(agreement):
    """The snapshot of what `final_scores` gave when the agreement was closed: read, never computed again. None before."""
    return once(agreement, "released scores", agreement.snapshots.filter(purpose=Snapshot.Purpose.SCORES).last)
