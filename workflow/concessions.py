"""Who conceded what: of each field that was negotiated, where either side began, where it moved, and what came of it."""

from dataclasses import dataclass, field
from decimal import Decimal

from workflow.handover import OTHER
from workflow.models import Offer, Side
from workflow.offers import NUMBERS

State = Offer.State
# What came of a field: a value, or not yet.
SETTLED, STILL_OPEN, DEFERRED = "settled", "open", "deferred"


@dataclass
class Bargained:
    """One field of one line. `stands`: by side, the values it stood for, in order; `outcome`: the value in the end."""

    line_id: int
    field: str
    start: str
    stands: dict = field(default_factory=dict)
    state: str = STILL_OPEN
    outcome: str | None = None

    def moved(self, side):
        """Does the side end elsewhere than it began?"""
        return self.state == SETTLED and self.stands[side][0] != self.outcome

    @property
    def movers(self):
        """The sides that gave way."""
        return [side for side in Side if self.moved(side)]

    def share(self, side):
        """How much of the way between the two beginnings the side has gone, in whole per cent; None of words.

        None, too, where the outcome lies outside of what the two began with: that is no meeting of theirs.
        """
        if self.state != SETTLED or self.field not in NUMBERS:
            return None
        values = (self.stands[side][0], self.stands[OTHER[side]][0], self.outcome)
        if not all(values):
            return None
        own, others, outcome = map(Decimal, values)
        if own == others or not min(own, others) <= outcome <= max(own, others):
            return None
        return int((abs(outcome - own) * 100 / abs(others - own)).quantize(Decimal(1)))


def bargained(offers, *, is_over=False):
    """The Bargained of offers in the order in which they were made, as they are known to the reader.

    An offer that was taken back was never a stand. `is_over`: the committee has decided; what was left to it and has no
    decision to change anything stays as it was.
    """
    found = {}
    for offer in offers:
        if offer.state == State.WITHDRAWN:
            continue
        each = found.setdefault((offer.line_id, offer.field), _begun(offer))
        _follow(each, offer, is_over)
    return list(found.values())


def _begun(offer):
    """Whose offer is first wants a change; the other side stands for the text as it was."""
    other = OTHER[Side(offer.side)]
    return Bargained(offer.line_id, offer.field, offer.from_value, {Side(offer.side): [], other: [offer.from_value]})


def _follow(each, offer, is_over):
    side, other = Side(offer.side), OTHER[Side(offer.side)]
    if each.state == SETTLED and offer.from_value != each.outcome:
        _stand(each, Side.OWNER, offer.from_value)  # written anew by the unit in between
    _stand(each, side, offer.to_value)
    if offer.state == State.ACCEPTED:
        _stand(each, other, offer.to_value)
        each.state, each.outcome = SETTLED, offer.to_value
    elif offer.state == State.DECLINED or (is_over and offer.state == State.DEFERRED):
        _stand(each, side, offer.from_value)
        each.state, each.outcome = SETTLED, offer.from_value
    else:
        each.state, each.outcome = DEFERRED if offer.state == State.DEFERRED else STILL_OPEN, None


def _stand(each, side, value):
    if each.stands[side][-1:] != [value]:
        each.stands[side].append(value)
