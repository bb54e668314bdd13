"""Scores of a report and of an evaluation, computed from the signed snapshot every time they are shown.

Only `final_scores` is ever frozen. A result that was not reported has no score: not zero, not the row's before.
"""

from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _

from acts.reading import once
from agreements.freeze import agreed_snapshot, thaw
from agreements.frozen_criteria import criteria_in
from agreements.frozen_framework import denominator_in, scale_in
from agreements.models import Snapshot
from indicators.scale import FIVE, Scale
from indicators.scoring import (
    CannotScore,
    Denominator,
    Penalty,
    Scored,
    Total,
    contribution,
    score_line,
    score_total,
)
from indicators.working import Step
from results.exclusions import Excluded, weights_after
from results.inputs import NO_ACCOUNT, Account, account_of
from results.models import Evidence, Finding, Result
from results.penalties import penalties
from thai.numbers import fixed_number

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
    # By which decision it is out of the total, if it is; its weight is what counts, with what was moved to it.
    excluded: Excluded | None = None

    @property
    def counts(self):
        """Is it part of the total?"""
        return self.excluded is None

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

    `tree`: those with parts as well, each before its parts. `dimensions`: (number, name) of those that stand in the
    framework itself; what stands in their parts counts in them.
    """

    lines: list[AgreedLine]
    scale: Scale
    tree: tuple[AgreedLine, ...] = ()
    denominator: Denominator = Denominator.IN_FORCE
    dimensions: tuple[tuple[str, str], ...] = ()

    @property
    def weight_total(self):
        return sum(line.weight for line in self.lines if line.counts)

    def without(self, excluded):
        """The same with lines out of the total: `excluded` are results.exclusions.Excluded."""
        if not excluded:
            return self
        by_key = {each.key: each for each in excluded}
        weights = weights_after({line.key: line.weight for line in self.lines}, excluded)
        lines = [
            replace(line, weight=weights.get(line.key, line.weight), excluded=by_key.get(line.key))
            for line in self.lines
        ]
        found = {line.key: line for line in lines}
        return self._replace(lines=lines, tree=tuple(found.get(line.key, line) for line in self.tree))

    def line(self, key):
        """The line with this key; KeyError if it isn't in the agreement."""
        return {line.key: line for line in self.lines}[key]

    def score(self, line, value, penalties=()):
        """(score with its working, "") of a result, or (None, sentence); what is not reported has neither."""
        if value is None:
            return None, ""
        how = {"scale": self.scale, "penalties": penalties, **self._weights(line)}
        try:
            return score_line(line.criteria, value, **how), ""
        except CannotScore as why:
            return None, str(why)

    def _weights(self, line):
        """What a line's working ends in; over the weights reported it depends on the other lines, and is left out."""
        if self.denominator is Denominator.REPORTED or not line.counts:
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

    @property
    def overseer(self):
        """Who is to approve it: the person named, as long as they have an account that works; None: nobody."""
        named = self.result.line.overseer
        return named if named and named.is_active else None

    def as_if(self, agreed, value, account=NO_ACCOUNT):
        """This row with another result, and how that came about; scored and not saved."""
        result = copy(self.result)
        result.value = value
        scored, problem = agreed.score(self.line, value)
        return replace(self, result=result, scored=scored, problem=problem, account=account)


@dataclass(frozen=True)
class FindingRow(Scoring):
    """One line of an evaluation: the evaluator's result beside the unit's row, its score less the `penalties`."""

    line: AgreedLine
    finding: Finding
    scored: Scored | None
    problem: str
    unit: Row
    penalties: tuple[Penalty, ...] = ()

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
        scored, problem = agreed.score(self.line, value, self.penalties)
        return replace(self, finding=finding, scored=scored, problem=problem)

    @property
    def differs(self):
        """Do the two scores differ before penalties, whose reason is known? Only then is a reason owed."""
        return self.score is not None and self.unit.score is not None and self.scored.earned != self.unit.score


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
        return sum(row.line.weight for row in self.rows if row.line.counts)

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
        if self.over is Denominator.REPORTED and self.total and row.line.counts:
            scored = scored.with_weight(row.line.weight, self.total.denominator)
        return (*row.account.steps, *scored.working)

    def contribution(self, row):
        """What the row brings to the total, for reading; None without a score."""
        if row.score is None or not row.line.counts:
            return None
        return contribution(row.line.weight, row.score, self.total.denominator)


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
    dimensions = tuple((each["number"], each["name"]) for each in framework["dimensions"] if not each.get("depth", 0))
    return Agreed(leaves, scale, tree, denominator_in(framework), dimensions)


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
    results = {result.line_id: result for result in report.results.with_verdicts().prefetch_related("evidence")}
    rows = []
    for line in agreed.lines:
        result = results[line.key]
        scored, problem = agreed.score(line, result.value)
        account = account_of(line, result.inputs, agreed.scale) if result.inputs else NO_ACCOUNT
        rows.append(Row(line, result, scored, problem, tuple(result.evidence.all()), account))
    return card_of(rows, agreed)


def counted_in(evaluation):
    """What the evaluation is scored by: the text of its report, without the lines that are out of the total by decision."""
    return agreed_of(evaluation.report).without(exclusions_of(evaluation))


def exclusions_of(evaluation):
    """The Excluded lines of an evaluation, as decided and not taken back.

    One that was fetched by `results.rules.evaluation_of` knows whether there are any.
    """
    if not getattr(evaluation, "has_exclusions", True):
        return ()
    rows = evaluation.exclusions.filter(withdrawn_at=None)
    return tuple(Excluded(each.line_id, each.moved_to_id, each.order_number, each.reason) for each in rows)


def evaluation_card(evaluation):
    """The evaluator's rows beside the unit's, in the order of the agreement."""
    question = "card of evaluation", evaluation.pk
    return once(evaluation.report.agreement, question, lambda: _evaluation_card(evaluation))


def _evaluation_card(evaluation):
    excluded = exclusions_of(evaluation)
    agreed = agreed_of(evaluation.report).without(excluded)
    unit = (_report_card if excluded else report_card)(evaluation.report, agreed)
    findings = {finding.line_id: finding for finding in evaluation.findings.all()}
    off = penalties(evaluation.report.agreement)
    rows = []
    for line in agreed.lines:
        finding = findings[line.key]
        scored, problem = agreed.score(line, finding.value, off)
        rows.append(FindingRow(line, finding, scored, problem, unit.row_of(line.key), off))
    return card_of(rows, agreed)


def unit_card(card):
    """The unit's own card, from an evaluation's."""
    return _card([row.unit for row in card.rows], card.over, card.scale)


def card_of(rows, agreed):
    """The card of rows (anything with `line` and `score`), with its totals by the rules that were signed."""
    return _card(rows, agreed.denominator, agreed.scale)


def _card(rows, over, scale):
    counting = [row for row in rows if row.line.counts]
    scored = [(row.line.weight, row.score) for row in counting if row.score is not None]
    unreported = sum((row.line.weight for row in counting if row.score is None), Decimal(0))
    if not scored:
        return Card(tuple(rows), None, None, over, scale)
    shared = {"unreported": unreported, "places": scale.places}
    both = unreported and over is Denominator.IN_FORCE
    reported = score_total(scored, over=Denominator.REPORTED, **shared) if both else None
    total = _said_what_is_out(score_total(scored, over=over, **shared), rows)
    return Card(tuple(rows), total, reported, over, scale)


def _said_what_is_out(total, rows):
    """The total, its denominator and working naming the lines that are out of it by decision."""
    out = [row.line for row in rows if not row.line.counts]
    if not out:
        return total
    numbers = {row.line.key: row.line.number for row in rows}
    without = _("%(weights)s, without indicator %(numbers)s") % {
        "weights": total.denominator_words,
        "numbers": _(", ").join(line.number for line in out),
    }
    steps = tuple(Step(_("Taken out of the total"), _why_out(line, numbers)) for line in out)
    return replace(total, denominator_words=without, working=(*steps, *total.working))


def _why_out(line, numbers):
    words = {
        "number": line.number,
        "weight": fixed_number(line.weight, 2),
        "order": line.excluded.order_number,
        "reason": line.excluded.reason,
    }
    if line.excluded.to is None:
        return _("%(number)s (weight %(weight)s) by order %(order)s: %(reason)s; its weight leaves the total") % words
    words["target"] = numbers[line.excluded.to]
    return _("%(number)s (weight %(weight)s) by order %(order)s: %(reason)s; its weight goes to %(target)s") % words


def decided_card(evaluation, appeal):
    """The evaluator's card with the results that the panel has decided in an appeal instead of the first ones."""
    agreed, decided = counted_in(evaluation), _decided(appeal)
    rows = [
        row.as_if(agreed, decided[row.line.key].decided_value) if row.line.key in decided else row
        for row in evaluation_card(evaluation).rows
    ]
    return card_of(rows, agreed)


def _decided(appeal):
    """{line's key: its AppealLine} of the scores that the panel has changed."""
    return {
        each.line_id: each
        for each in appeal.lines.all()
        if each.objection.strip() and each.decision == each.Decision.CHANGED and each.decided_value is not None
    }


def final_scores(evaluation, appeal=None):
    """The scores to freeze: both sides' results, scores, reasons, workings, evidence, and the totals.

    As they are released; and with an appeal as they are once the panel has decided it, the first ones beside them.
    """
    with translation.override("th"):  # frozen text reads the same whoever froze it
        first = evaluation_card(evaluation)
        card = decided_card(evaluation, appeal) if appeal else first
        appealed = {"appeal": _final_appeal(appeal, first)} if appeal else {}
        return appealed | {
            "schema": 1,
            "agreement": evaluation.report.agreement.code,
            "signed_sha256": text_of(evaluation.report).sha256,
            "lines": [_final_line(row) for row in card.rows],
            "penalties": [{"points": _text(each.points), "why": each.why} for each in _penalties_of(card)],
            "total": _final_total(card.total),
            "unit_total": _final_total(unit_card(card).total),
        }


def _penalties_of(card):
    """The same for every row."""
    return card.rows[0].penalties if card.rows else ()


def _final_appeal(appeal, first):
    """The panel, and of each objection what was asked and decided, with the evaluator's first result and score."""
    panel, lines = appeal.panel, {each.line_id: each for each in appeal.lines.all()}
    return {
        "panel": panel.people,
        "order_number": panel.order_number,
        "met_on": panel.met_on.isoformat() if panel.met_on else None,
        "lines": [_final_objection(row, lines[row.line.key]) for row in first.rows if lines[row.line.key].objection],
        "first_total": _final_total(first.total),
    }


def _final_objection(row, appealed):
    return {
        "key": row.line.key,
        "number": row.line.number,
        "objection": appealed.objection,
        "asked_value": _text(appealed.asked_value),
        "decision": appealed.decision,
        "decided_value": _text(appealed.decided_value) if appealed.decision == appealed.Decision.CHANGED else None,
        "reason": appealed.reason,
        "first": _final_side(row),
        **_final_files(appealed.files),
    }


def _final_files(files):
    return {"files": [{name: each[name] for name in ("name", "proves", "sha256")} for each in files]} if files else {}


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
        **_final_exclusion(row.line),
        "evidence": [{"name": each.name, "sha256": each.sha256} for each in row.unit.evidence],
    }


def _final_exclusion(line):
    if line.counts:
        return {}
    out = line.excluded
    return {"excluded": {"to": out.to, "order_number": out.order_number, "reason": out.reason}}


def exclusions_in(scores):
    """The Excluded lines that frozen scores (of `final_scores`) were worked out without."""
    found = [(line["key"], line["excluded"]) for line in scores["lines"] if "excluded" in line]
    return tuple(Excluded(key, out["to"], out["order_number"], out["reason"]) for key, out in found)


def penalties_in(scores):
    """The Penalties that frozen scores (of `final_scores`) were worked out with; old ones knew none."""
    return tuple(Penalty(Decimal(each["points"]), each["why"]) for each in scores.get("penalties", ()))


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
    """The last snapshot of what `final_scores` gave: as released, or as decided in an appeal. None before; never computed again."""
    return once(agreement, "released scores", agreement.snapshots.filter(purpose=Snapshot.Purpose.SCORES).last)
