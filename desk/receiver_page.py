"""Who receives the agreement, as pages show it, where the signing rule leaves a choice."""

from django.utils import timezone

from agreements.receiver import may_choose
from agreements.signing_rule import alternatives_in_words, has_alternatives, receiver_choice
from agreements.stages import Stage
from orgunits.authority import signatory_of

# Before the formal negotiation there is nothing to say yet.
SAID_FROM = (Stage.FORMAL, Stage.SIGNING)


def receiver_card(agreement, user, at):
    """Variables of templates/desk/_receiver.html: what has been said, who would sign, whether it can be changed now."""
    choice = receiver_choice(agreement)
    return {
        "choice": choice,
        "signatory": signatory_of(choice.post, timezone.localdate(at)) if choice else None,
        "either": alternatives_in_words(agreement),
        "may_choose": may_choose(agreement, user, at) is None,
    }


def card_beside_minutes(agreement, user, at):
    """`receiver_card` where the formal round is shown; None where there is nothing to say of it."""
    shown = has_alternatives(agreement) and agreement.stage in SAID_FROM
    return receiver_card(agreement, user, at) if shown else None
