"""What a side says is its own until it hands the pen over; then the other side, and all readers, see it."""

from copy import copy

from django.db.models import Q

from agreements.stages import Pen
from agreements.standing import line_up, standing_of
from orgunits.reach import reach_of
from orgunits.roles import Role
from workflow.models import Comment, Offer, Side

State = Offer.State
OTHER = {Side.OWNER: Side.COUNTERPART, Side.COUNTERPART: Side.OWNER}
# Whose words are still their own while they hold the pen of a negotiation.
SIDE_OF_PEN = {Pen.STAFF: Side.OWNER, Pen.OFFICE: Side.OWNER, Pen.NEGOTIATOR: Side.COUNTERPART}


def hand_over(agreement, side, at):
    """All that the side has offered, answered and said becomes known to the other. Call it inside the move that does it.

    What it took back before was never offered, and stays its own.
    """
    offers = Offer.objects.filter(line__agreement=agreement)
    offers.filter(side=side, handed_over_at=None).exclude(state=State.WITHDRAWN).update(handed_over_at=at)
    answered = offers.exclude(state=State.OPEN).filter(answer_handed_over_at=None, handed_over_at__isnull=False)
    by_side = Q(state=State.WITHDRAWN, side=side) | (~Q(state=State.WITHDRAWN) & Q(side=OTHER[side]))
    answered.filter(by_side).update(answer_handed_over_at=at)
    Comment.objects.filter(round__agreement=agreement, side=side, handed_over_at=None).update(handed_over_at=at)


def heard_by(user, agreement, at):
    """The sides whose words the person knows before they are handed over: one's own; an auditor hears both."""
    units = {unit.pk for line in line_up(agreement) for unit in line}
    if reach_of(user, at).units(Role.AUDITOR) & units:
        return frozenset(Side)
    standing = standing_of(user, agreement, at)
    if standing.is_owners:
        return frozenset({Side.OWNER})
    return frozenset({Side.COUNTERPART}) if standing.is_counterparts else frozenset()


def as_known(offers, sides):
    """The offers as they are known to who hears these sides: without those, and without the answers, of the other side
    that it hasn't handed over yet.
    """
    known = (offer for offer in offers if offer.handed_over_at or offer.side in sides)
    return [_with_known_answer(offer, sides) for offer in known]


def _with_known_answer(offer, sides):
    if offer.is_open or offer.answer_handed_over_at or offer.answering_side in sides:
        return offer
    offer = copy(offer)
    offer.state, offer.answer, offer.answered_by, offer.answered_at = State.OPEN, "", "", None
    return offer


def comments_known(sides):
    """A condition on comments: those that are known to who hears these sides."""
    return Q(handed_over_at__isnull=False) | Q(side__in=sides)
