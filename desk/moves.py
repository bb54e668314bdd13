"""The moves that a person could ever make at an agreement's stage, as buttons: where they lead, and why one can't be made."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from acts.engine import Refusal, refusals
from desk.anchors import addressed
from desk.moving import missing_next
from workflow.lifecycle import TABLE
from workflow.rules import countersigning, is_being_entered, open_round, something_was_said

# What carries the agreement on, the weightiest first; of these the first that can be made is the one in colour.
ONWARD = (
    "sign",
    "countersign",
    "sign_along",
    "release",
    "close",
    "lodge_appeal",
    "decide_appeal",
    "accept_scores",
    "certify",
    "confirm_formal",
    "submit",
    "answer",
    "send_report",
    "hand_back",
    "close_informal",
    "record_formal",
    "send_from_paper",
    "accept_report",
    "propose",
    "hand_to_office",
)
# What an evaluator does with a report that was sent, and with one that they enter from paper.
OF_SENT, OF_ENTERED = ("accept_report", "return_report"), ("send_from_paper", "give_back_paper")
# These are made where the document is read, not on the page of moves.
ELSEWHERE = {
    "sign": "desk:signing",
    "countersign": "desk:signing",
    "sign_along": "desk:signing",
    "refuse_to_make": "desk:refuse_to_sign",
    "refuse_to_receive": "desk:refuse_to_sign",
}


@dataclass(frozen=True)
class Button:
    """A move as a button; `refusals` empty: it can be made now."""

    name: str
    label: str
    url: str
    refusals: tuple[Refusal, ...]
    # Could be made, and is it time to? What isn't ripe is offered without colour.
    is_ripe: bool = True

    @property
    def is_open(self):
        return not self.refusals


def address_of(agreement, name):
    """Where a move is made."""
    if name in ELSEWHERE:
        return reverse(ELSEWHERE[name], args=[agreement.code])
    return reverse("desk:move", args=[agreement.code, name])


def buttons(agreement, standing, user, at):
    """(primary Button or None, the others): the moves of the person's roles, while one of them holds the pen."""
    if agreement.pen not in standing:
        return None, []
    moves = [move for move in TABLE.from_stage(agreement.stage) if _is_for(move, agreement, standing, at)]
    found = [_button(agreement, move, user, at) for move in moves]
    primary = _primary(found)
    return primary, [button for button in found if button != primary]


def _is_for(move, agreement, standing, at):
    return move.may.role in standing and agreement.pen in move.may.pens and not _is_the_other(move, agreement, at)


def _is_the_other(move, agreement, at):
    """A receiver signs by one of two moves: the last by that which puts the agreement in force.

    An evaluator receives or returns a report that was sent, or sends or gives back one that is entered from paper.
    """
    if move.name in (*OF_SENT, *OF_ENTERED):
        return is_being_entered(agreement, timezone.localdate(at)) != (move.name in OF_ENTERED)
    return move.name in ("sign_along", "countersign") and move.name != countersigning(agreement)


def _button(agreement, move, user, at):
    why_not = tuple(addressed(agreement, refusals(TABLE, agreement, move.name, actor=user, at=at)))
    ripe = _is_ripe(agreement, move.name, user, at)
    return Button(move.name, str(move.label), address_of(agreement, move.name), why_not, ripe)


def _is_ripe(agreement, name, user, at):
    """Handing over is ripe once the office can send the work on; closing, once the draft has been considered."""
    if name == "hand_to_office":
        return not missing_next(agreement, name, actor=user, at=at)
    if name == "close_informal":
        return open_round(agreement).number > 1 or not list(something_was_said(agreement, user, at))
    return True


def _primary(found):
    onward = sorted((b for b in found if b.name in ONWARD), key=lambda button: ONWARD.index(button.name))
    first = next((button for button in onward if button.is_open), onward[0] if onward else None)
    return first if first and first.is_ripe else None
