"""What each role does and never does, in words: for the pages of rights, and to name the rule to whoever is refused.

Keys are the values of `Role` and of `As`: head and superior act by an appointment, all others by a grant on a unit.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Duty:
    """A role in words. `side`: for which side of an agreement it acts; "" for none."""

    label: Promise
    side: Promise | str
    does: Promise
    never: Promise


OWNER, COUNTERPART = _("the unit's own side"), _("the superior's side")
DUTIES = {
    "staff": Duty(
        _("Planning staff"),
        OWNER,
        _("writes the plan, indicators and their details, answers offers, and reports results"),
        _("submits or signs"),
    ),
    "office": Duty(
        _("Head's office"),
        OWNER,
        _("submits the draft, sends answers and reports, confirms what was agreed, and returns work to staff"),
        _("signs, unless appointed to the head's post"),
    ),
    "head": Duty(
        _("Head of the unit, by appointment"),
        OWNER,
        _("signs first, certifies reports, and appeals"),
        _("signs for the other side"),
    ),
    "negotiator": Duty(
        _("Negotiator"),
        COUNTERPART,
        _("makes offers and comments, hands back, closes rounds, and records the formal negotiation"),
        _("changes the unit's text"),
    ),
    "superior": Duty(
        _("Superior, by appointment"),
        COUNTERPART,
        _("signs second or refuses with a reason, and releases the scores"),
        _("signs before the head"),
    ),
    "evaluator": Duty(
        _("Evaluator"),
        COUNTERPART,
        _("receives reports, enters results beside the unit's, scores, and records visits"),
        _("evaluates a unit that they serve in"),
    ),
    "planner": Duty(
        _("Planning office"),
        "",
        _(
            "opens years and rounds, sets frameworks, library and signing rules, and reads what has been submitted below"
        ),
        _("scores or signs"),
    ),
    "auditor": Duty(_("Auditor"), "", _("reads everything with the log"), _("changes anything")),
    "administrator": Duty(
        _("System administrator"),
        "",
        _("looks after people, groups, roles within reach, and settings"),
        _("reads drafts by that role, signs, scores, or changes an agreement"),
    ),
}

PEN_RULE = _("The pen is in one hand at a time.")
STAGE_RULE = _("An agreement goes its way step by step, and each step has its acts.")
SUBMITTED_RULE = _("A draft is open to the superior's side once it has been submitted.")
TWO_SIDES_RULE = _("How an agreement came about is open to its two sides and those above them.")
SCORES_RULE = _("Scores are open to the unit once the superior's side has released them.")
NOT_ONES_OWN_RULE = _("Nobody evaluates a unit that they serve in.")
SIGNING_RULE = _("Who signs is appointed to the post, and signs for one side in the order of the signing rule.")


def role_rule(role: StrEnum | str) -> Promise:
    """The rule by which a role alone does something: ผู้เจรจา: …"""
    duty = DUTIES[str(role)]
    return format_lazy("{label}: {does}", label=duty.label, does=duty.does)
