"""Scores of many agreements at once, for who looks over them: those released, else those the unit last stood by.

Each by the text that its report is scored by: what an amendment changed counts from the report after it on. Two
queries, however many agreements. Who may see the scores is asked before: hand over what a person follows.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q

from agreements.frozen_framework import is_in
from agreements.models import Snapshot
from agreements.stages import RELEASED, Stage
from indicators.scale import FIVE, Scale
from indicators.scoring import round_score, weighted_mean
from results.models import Report, Result
from results.scores import AgreedLine, as_agreed, card_of, exclusions_in

REPORTED_IN = (Stage.ASSESSMENT, Stage.EVALUATION)
SIGNED, SCORES = Snapshot.Purpose.TO_SIGN, Snapshot.Purpose.SCORES


def middle_level(scale):
    """The level in the middle of a scale, which is what is expected: 3 of five, 2 of three."""
    return (scale.levels + 1) // 2


@dataclass(frozen=True)
class ScoredLine:
    """One line with the score that counts: the evaluator's once released, before that the unit's own; or None."""

    line: AgreedLine
    score: Decimal | None
    scale: Scale = FIVE

    @property
    def place(self):
        """Where the score stands between level 1 and the top of its scale, 0 to 1 (below level 1: less); or None."""
        points = self.scale.points
        return None if self.score is None else (self.score - points[0]) / (points[-1] - points[0])

    @property
    def is_weak(self):
        """Does the score lie below the middle level of its scale: 3 of 1–5, 75 of 50–100?"""
        return self.score is not None and self.score < self.scale.at(middle_level(self.scale))

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

    def lowest_in(self, number):
        """The line that scores lowest in a dimension; of several the heaviest. None where none has a score."""
        return min(self._scored_in(number), key=lambda each: (each.score, -each.line.weight), default=None)

    def _mean(self, number):
        scored = [(each.line.weight, each.score) for each in self._scored_in(number)]
        return round_score(weighted_mean(scored)) if scored else None

    def _scored_in(self, number):
        counting = (each for each in self.lines if each.line.counts and is_in(each.line.dimension, number))
        return [each for each in counting if each.score is not None]

    def gain(self, scored):
        """What the total would gain if the line reached its next level."""
        weights = sum(each.line.weight for each in self.lines if each.line.counts)
        next_score = scored.scale.capped(scored.scale.at(scored.next_level))
        return round_score(scored.line.weight * (next_score - scored.score) / weights)

    @cached_property
    def best_gain(self):
        """(gain, line) of the line whose next level is worth most; None where no line has a level above its score."""
        gains = [(self.gain(each), each) for each in self.lines if each.next_level and each.line.counts]
        return max(gains, key=lambda pair: pair[0], default=None)


def scoreboard(agreements, *, before=()):
    """({agreement's id: Board} of those that have scores, {id: released total} of those among `before`)."""
    released = _ids(agreements, RELEASED)
    running = _ids(agreements, REPORTED_IN)
    past = _ids(before, RELEASED)
    reported = _reported(running) if running else {}
    in_force = {each.pk: each.amended_to_id for each in agreements}
    kept = {pk: last.scored_by for pk, last in reported.items()}
    texts = {pk: kept.get(pk) or in_force[pk] for pk in (*released, *reported)}
    contents = _contents(texts, released, past) if texts or past else {}
    found = {pk: _released(contents[pk, SIGNED], contents[pk, SCORES]) for pk in released}
    for pk, last in reported.items():
        found[pk] = _as_reported(contents[pk, SIGNED], last)
    return found, {pk: _final(contents[pk, SCORES]) for pk in past}


def _ids(agreements, stages):
    return [each.pk for each in agreements if each.stage in stages]


def _contents(texts, released, past):
    """{(agreement's id, SIGNED): the text to score by, (its id, SCORES): what was released}: the latest of each.

    `texts`: {agreement's id: the id of the snapshot to score by, or None for what was signed at first}.
    """
    amended = [text for text in texts.values() if text]
    first = [pk for pk, text in texts.items() if not text]
    wanted = Q(pk__in=amended) | Q(agreement__in=first, purpose=SIGNED)
    rows = Snapshot.objects.filter(wanted | Q(agreement__in=[*released, *past], purpose=SCORES))
    columns = rows.order_by("agreement", "sequence").values_list("agreement", "purpose", "content")
    found = {(pk, SCORES if purpose == SCORES else SIGNED): text for pk, purpose, text in columns}
    return {key: json.loads(text) for key, text in found.items()}


class _LastReport(NamedTuple):
    """The last report that was sent: its round, {line's id: result}, the text it keeps where an amendment followed."""

    position: int
    round: str
    scored_by: int | None
    values: dict


def _reported(ids):
    """{agreement's id: its _LastReport}"""
    rows = Result.objects.filter(report__agreement__in=ids).exclude(report__stage=Report.Stage.DRAFT)
    columns = ("report__agreement", "report__round__position", "report__round__name", "report__scored_by")
    found = {}
    for pk, position, name, text, line, value in rows.values_list(*columns, "line", "value"):
        rounds = found.setdefault(pk, {})
        rounds.setdefault(position, _LastReport(position, name, text, {})).values[line] = value
    return {pk: rounds[max(rounds)] for pk, rounds in found.items()}


def _released(signed, scores):
    found = {line["key"]: Decimal(line["evaluator"]["score"]) for line in scores["lines"]}
    agreed = as_agreed(signed).without(exclusions_in(scores))
    lines = tuple(ScoredLine(line, found[line.key], agreed.scale) for line in agreed.lines)
    return Board(lines, _final(scores), agreed.dimensions)


def _final(scores):
    return Decimal(scores["total"]["score"])


def _as_reported(signed, last):
    agreed = as_agreed(signed)
    scores = ((line, _score(agreed, line, last.values.get(line.key))) for line in agreed.lines)
    lines = tuple(ScoredLine(line, score, agreed.scale) for line, score in scores)
    total = card_of(lines, agreed).total  # as the report's own page has it
    return Board(lines, total.score if total else None, agreed.dimensions, last.position, last.round)


def _score(agreed, line, value):
    scored, _problem = agreed.score(line, value)
    return scored.score if scored else None
