"""Scores of many agreements at once, for who looks over them: those released, else those the unit last stood by.

Two queries, however many agreements. Who may see the scores is asked before: hand over what a person follows.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Q

from agreements.frozen_framework import is_in
from agreements.models import Snapshot
from agreements.stages import Stage
from indicators.scale import FIVE, Scale
from indicators.scoring import round_score, weighted_mean
from results.models import Report, Result
from results.scores import AgreedLine, as_agreed, card_of

REPORTED_IN = (Stage.ASSESSMENT, Stage.EVALUATION)
SIGNED, SCORES = Snapshot.Purpose.TO_SIGN, Snapshot.Purpose.SCORES


@dataclass(frozen=True)
class ScoredLine:
    """One line with the score that counts: the evaluator's once released, before that the unit's own; or None."""

    line: AgreedLine
    score: Decimal | None
    scale: Scale = FIVE

    @property
    def next_level(self):
        """The level above the score, as a whole number; None on the top level, or without a score."""
        if self.score is None or self.score >= self.scale.capped(self.scale.top):
            return None
        return self.scale.level_of(self.score) + 1


@dataclass(frozen=True)
class Board:
    """An agreement's scores; `round` names the report they stand in, "" for those that were released."""

    lines: tuple[ScoredLine, ...]
    total: Decimal | None
    dimensions: tuple[tuple[str, str], ...]
    position: int = 0
    round: str = ""

    @property
    def scale(self):
        """What its scores stand on."""
        return self.lines[0].scale if self.lines else FIVE

    @property
    def is_released(self):
        return not self.round

    @cached_property
    def by_dimension(self):
        """{(number, name) of a dimension: its score in 4 places}, of those that have one."""
        return {here: score for here in self.dimensions if (score := self._mean(here[0])) is not None}

    def _mean(self, number):
        scored = [(each.line.weight, each.score) for each in self.lines if is_in(each.line.dimension, number)]
        scored = [pair for pair in scored if pair[1] is not None]
        return round_score(weighted_mean(scored)) if scored else None

    def gain(self, scored):
        """What the total would gain if the line reached its next level."""
        weights = sum(each.line.weight for each in self.lines)
        next_score = scored.scale.capped(scored.scale.at(scored.next_level))
        return round_score(scored.line.weight * (next_score - scored.score) / weights)

    @cached_property
    def best_gain(self):
        """(gain, line) of the line whose next level is worth most; None where no line has a level above its score."""
        gains = [(self.gain(each), each) for each in self.lines if each.next_level]
        return max(gains, key=lambda pair: pair[0], default=None)


def scoreboard(agreements, *, before=()):
    """({agreement's id: Board} of those that have scores, {id: final total} of the closed ones among `before`)."""
    closed = _ids(agreements, (Stage.CLOSED,))
    running = _ids(agreements, REPORTED_IN)
    past = _ids(before, (Stage.CLOSED,))
    reported = _reported(running) if running else {}
    contents = _contents([*closed, *reported], past) if closed or reported or past else {}
    found = {pk: _released(contents[pk, SIGNED], contents[pk, SCORES]) for pk in closed}
    for pk, (round, values) in reported.items():
        found[pk] = _as_reported(contents[pk, SIGNED], round, values)
    return found, {pk: _final(contents[pk, SCORES]) for pk in past}


def _ids(agreements, stages):
    return [each.pk for each in agreements if each.stage in stages]


def _contents(ids, past):
    """{(agreement's id, purpose): content} of the latest snapshot of each purpose."""
    wanted = Q(agreement__in=ids, purpose__in=(SIGNED, SCORES)) | Q(agreement__in=past, purpose=SCORES)
    rows = Snapshot.objects.filter(wanted).order_by("agreement", "sequence")
    texts = {(pk, purpose): text for pk, purpose, text in rows.values_list("agreement", "purpose", "content")}
    return {key: json.loads(text) for key, text in texts.items()}


def _reported(ids):
    """{agreement's id: ((position, name of the round), {line's id: result})} of the last report that was sent."""
    rows = Result.objects.filter(report__agreement__in=ids).exclude(report__stage=Report.Stage.DRAFT)
    reports = {}
    named = ("report__agreement", "report__round__position", "report__round__name", "line", "value")
    for pk, position, name, line, value in rows.values_list(*named):
        reports.setdefault(pk, {}).setdefault((position, name), {})[line] = value
    return {pk: max(rounds.items()) for pk, rounds in reports.items()}


def _released(signed, scores):
    found = {line["key"]: Decimal(line["evaluator"]["score"]) for line in scores["lines"]}
    agreed = as_agreed(signed)
    lines = tuple(ScoredLine(line, found[line.key], agreed.scale) for line in agreed.lines)
    return Board(lines, _final(scores), _dimensions(signed))


def _final(scores):
    return Decimal(scores["total"]["score"])


def _as_reported(signed, round, values):
    agreed = as_agreed(signed)
    scores = ((line, _score(agreed, line, values.get(line.key))) for line in agreed.lines)
    lines = tuple(ScoredLine(line, score, agreed.scale) for line, score in scores)
    total = card_of(lines, agreed).total  # as the report's own page has it
    return Board(lines, total.score if total else None, _dimensions(signed), *round)


def _score(agreed, line, value):
    scored, _problem = agreed.score(line, value)
    return scored.score if scored else None


def _dimensions(signed):
    """(number, name) of those that stand in the framework itself; what their parts score counts in them."""
    dimensions = signed["framework"]["dimensions"]
    return tuple((each["number"], each["name"]) for each in dimensions if not each.get("depth", 0))
