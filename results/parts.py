"""What an indicator with parts scores: the weighted mean of its parts' scores, for reading. Only leaves make the total."""

from dataclasses import dataclass
from decimal import Decimal

from indicators.scoring import CannotScore, Total, score_total
from results.scores import AgreedLine


@dataclass(frozen=True)
class Whole:
    """An indicator with parts; `total` has its score with its working, None while none of the parts has one."""

    line: AgreedLine
    total: Total | None

    @property
    def score(self):
        return self.total.score if self.total else None


def wholes(agreed, scores):
    """{key of each line with parts: its Whole}, by the rules of the total that were signed. `scores`: {key of a leaf: score}.

    A part without a score counts as it does in the total; a part with parts of its own brings their mean.
    """
    found, scores, tree = {}, dict(scores), agreed.tree
    for place in reversed(range(len(tree))):
        line = tree[place]
        if not line.is_leaf:
            pairs = [(part.weight, scores.get(part.key)) for part in _parts(tree, place)]
            found[line.key] = Whole(line, _mean(pairs, agreed))
            scores[line.key] = found[line.key].score
    return found


def _parts(tree, place):
    """The parts right below the line at `place`."""
    depth, parts = tree[place].depth, []
    for line in tree[place + 1 :]:
        if line.depth <= depth:
            break
        if line.depth == depth + 1:
            parts.append(line)
    return parts


def _mean(pairs, agreed):
    scored = [pair for pair in pairs if pair[1] is not None]
    unreported = sum((weight for weight, score in pairs if score is None), Decimal(0))
    try:
        return score_total(scored, unreported=unreported, over=agreed.denominator, places=agreed.scale.places)
    except CannotScore:  # nothing has a score yet, or nothing weighs
        return None


def in_tree(agreed, rows):
    """The rows of a card and, before their parts, the Wholes, in the order of the agreement."""
    by_key = {row.line.key: row for row in rows}
    found = wholes(agreed, {key: row.score for key, row in by_key.items()})
    return [by_key[line.key] if line.is_leaf else found[line.key] for line in agreed.tree]
