"""What is still unresolved in a negotiation: of each indicator, and of the whole."""

from collections import defaultdict
from dataclasses import dataclass, field

from agreements.questions import unanswered
from agreements.rules import numbered_lines
from agreements.stages import Stage
from workflow.handover import as_known, comments_known
from workflow.minutes import minutes_of
from workflow.models import Comment, Offer
from workflow.rules import decisions_needed, offers_made, open_round


@dataclass
class Item:
    """What is open of one indicator, or of the whole (number ""). `deferred`: offers left to the committee."""

    number: str
    line: object = None
    offers: list = field(default_factory=list)
    deferred: list = field(default_factory=list)
    comments: list = field(default_factory=list)
    is_unanswered: bool = False
    is_undecided: bool = False

    @property
    def is_open(self):
        return bool(self.offers or self.deferred or self.comments or self.is_unanswered or self.is_undecided)


def agenda(agreement, hears):
    """The Items with anything open, in the order of the lines, the whole last; as known to who hears the sides."""
    items = {each.line.pk: Item(each.number, each.line) for each in numbered_lines(agreement)} | {None: Item("")}
    for offer in as_known(offers_made(agreement), hears):
        if offer.is_open:
            items[offer.line_id].offers.append(offer)
        elif offer.state == Offer.State.DEFERRED and agreement.stage in (Stage.INFORMAL, Stage.FORMAL):
            items[offer.line_id].deferred.append(offer)
    for beginning in without_reply(_said_now(agreement).filter(comments_known(hears))):
        items[beginning.line_id].comments.append(beginning)
    _add_what_is_asked_for(agreement, items)
    return [item for item in items.values() if item.is_open]


def _add_what_is_asked_for(agreement, items):
    if agreement.stage in (Stage.DRAFT, Stage.INFORMAL):
        for each in unanswered(agreement):
            items[each.line.pk].is_unanswered = True
    if agreement.stage == Stage.FORMAL:
        for pk in _undecided(agreement):
            items[pk].is_undecided = True


def _undecided(agreement):
    minutes, current = minutes_of(agreement), open_round(agreement)
    decided = minutes.decided if minutes and current and minutes.round_id == current.pk else {}
    return [each.line.pk for each in decisions_needed(agreement) if str(each.line.pk) not in decided]


def _said_now(agreement):
    """The comments of the negotiation that is going on; once it is over, nobody replies."""
    current = open_round(agreement)
    kinds = [current.kind] if current else []
    return Comment.objects.filter(round__agreement=agreement, round__kind__in=kinds)


def without_reply(comments):
    """The comments that began a talk in which the side that began it has spoken last."""
    talks = defaultdict(list)
    for comment in comments.order_by("pk"):
        talks[comment.reply_to_id or comment.pk].append(comment)
    return [talk[0] for talk in talks.values() if talk[-1].side == talk[0].side and talk[0].reply_to_id is None]
