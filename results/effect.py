"""What other criteria, targets or weights would do to the score: of the results reported last, and of the target itself.

Pure: two texts that were (or are to be) signed come in, and results by the key of their line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicators.scoring import contribution
from results.scores import Agreed, AgreedLine, card_of


@dataclass(frozen=True)
class Half:
    """A line by one of the two texts: what its result scores, and brings to the total of all weights; None without one."""

    line: AgreedLine
    score: Decimal | None
    brings: Decimal | None


@dataclass(frozen=True)
class Effect:
    """A line whose score or weight differs between the two texts. `value`: the result that both are scored by."""

    value: Decimal | None
    was: Half
    now: Half

    @property
    def line(self):
        return self.now.line

    @property
    def difference(self):
        """What the line brings more or less to the total; None where one of them has no score."""
        return None if None in (self.was.brings, self.now.brings) else self.now.brings - self.was.brings


@dataclass(frozen=True)
class Effects:
    """What an amendment does to the score: line by line, and to the total (None while no line has a score)."""

    lines: tuple[Effect, ...]
    was: Decimal | None
    now: Decimal | None

    @property
    def difference(self):
        return None if None in (self.was, self.now) else self.now - self.was


def effects(before: Agreed, after: Agreed, values: Mapping[int, Decimal]) -> Effects:
    """The Effects of `after` instead of `before` on the results `values` (by line; what is missing isn't reported)."""
    both = [_effect(before, after, line, values.get(line.key)) for line in after.lines]
    return Effects(
        tuple(each for each in both if _differs(each)),
        _total([each.was for each in both], before),
        _total([each.now for each in both], after),
    )


def target_values(agreed: Agreed) -> dict[int, Decimal]:
    """The targets as if they had been reached exactly; lines without one, or whose result is no such figure, are not there."""
    return {line.key: line.target for line in agreed.lines if line.target is not None}


def _effect(before, after, line, value):
    return Effect(value, _half(before, before.line(line.key), value), _half(after, line, value))


def _half(agreed, line, value):
    scored, _problem = agreed.score(line, value)
    if scored is None:
        return Half(line, None, None)
    return Half(line, scored.score, contribution(line.weight, scored.score, agreed.weight_total))


def _differs(effect):
    return effect.was.line.weight != effect.now.line.weight or effect.was.score != effect.now.score


def _total(halves, agreed):
    total = card_of(halves, agreed).total
    return total.score if total else None
