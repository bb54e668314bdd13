"""Saying who receives the agreement, where the signing rule has alternatives (handbook 2.2.1, level 1).

The head's office of the unit says it in the formal negotiation, whoever holds the pen: it touches nothing that is
negotiated, and the order comes when it comes. Once the agreement lies before the signatories it can't change.
"""

from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from acts.versions import save_seen
from agreements.duties import SIGNING_RULE, STAGE_RULE
from agreements.models import Agreement, ReceiverChoice
from agreements.signing_rule import (
    alternatives_in_words,
    chosen_receiver,
    has_alternatives,
    receiver_alternatives,
)
from agreements.stages import Stage
from agreements.standing import As, standing_of
from agreements.who_can_help import refused_for_role, refused_for_turn
from orgunits.models import Post
from thai.dates import local_date

FIELDS = ("post", "order_number", "order_date", "order_by")
LATER = (Stage.SIGNING, Stage.ASSESSMENT, Stage.EVALUATION, Stage.APPEAL, Stage.CLOSED)


def may_choose(agreement, actor, at):
    """Refusal unless `actor` may say now who receives the agreement."""
    unit = agreement.unit.short_name
    if not has_alternatives(agreement):
        sentence = _("%(unit)s signs with %(post)s; the rule leaves no choice.")
        sentence %= {"unit": unit, "post": chosen_receiver(agreement)}
        return refused_for_role(sentence, agreement, As.OFFICE, at, rule=SIGNING_RULE)
    if As.OFFICE not in standing_of(actor, agreement, at):
        sentence = _("Only the head's office of %(unit)s can name the receiver of the agreement.") % {"unit": unit}
        return refused_for_role(sentence, agreement, As.OFFICE, at)
    if agreement.stage in LATER:
        sentence = _(
            "The signing has begun, so the receiver can't be changed any more, unless a signatory refuses to "
            "sign and the agreement returns to formal negotiation."
        )
        return refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    if agreement.stage != Stage.FORMAL:
        sentence = _("The receiver is named in the formal negotiation.")
        return refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    return None


def choice_problems(agreement, post, *, order_number="", order_date=None, order_by="", on):
    """What is wrong with a choice, each as a sentence with the field that mends it; `on`: the day on which it is made."""
    if post not in receiver_alternatives(agreement):
        either = {"unit": agreement.unit.short_name, "either": alternatives_in_words(agreement)}
        sentence = _("By the signing rule %(unit)s signs with %(either)s; please choose one of these.")
        yield Refusal(sentence % either, "receiver#id_post")
    elif post.kind == Post.Kind.HEAD:
        if order_number or order_date or order_by:
            sentence = _("%(post)s signs without an assignment; please leave the order blank, or choose the deputy.")
            yield Refusal(sentence % {"post": post}, "receiver#id_order_number")
    else:
        yield from _order_problems(post, order_number, order_date, on)


def _order_problems(post, order_number, order_date, on):
    if not order_number:
        sentence = _("%(post)s signs by assignment; please give the number of the order.")
        yield Refusal(sentence % {"post": post}, "receiver#id_order_number")
    if order_date is None:
        sentence = _("%(post)s signs by assignment; please give the date of the order.")
        yield Refusal(sentence % {"post": post}, "receiver#id_order_date")
    elif order_date > on:
        sentence = _("The date of the order is still to come; an assignment counts from the day of its order.")
        yield Refusal(sentence, "receiver#id_order_date")


def choose_receiver(agreement, post, *, order_number="", order_date=None, order_by="", actor, at, version=None):
    """Say that `post` receives the agreement; a deputy by the order that assigns it (`order_by` blank: the head).

    `version` is that of the choice which the page showed (0: there was none); None takes it as it stands. Gives the
    ReceiverChoice. Raises Refused, and Stale where somebody else said something else in between.
    """
    with acting(actor, at=at) as record:
        held = Agreement.objects.select_for_update().get(pk=agreement.pk)
        order = {"order_number": order_number, "order_date": order_date, "order_by": order_by}
        _judge(held, post, order, actor, at)
        if order_number and not order_by:
            order["order_by"] = receiver_alternatives(held)[0].title_th
        kept = ReceiverChoice.objects.filter(agreement=held).select_related("post").first()
        choice, changed = _write(held, kept, {"post": post, **order}, version, actor, at)
        if changed:
            record("choose_receiver", held, change=changed, text=post.title_th)
    return choice


def _judge(agreement, post, order, actor, at):
    refusal = may_choose(agreement, actor, at)
    if refusal:
        raise Refused([refusal])
    wrong = list(choice_problems(agreement, post, **order, on=local_date(at)))
    if wrong:
        raise Refused(wrong, incomplete=True)


def _write(agreement, kept, values, version, actor, at):
    """(the choice as it stands, {column: [before, after]} of what changed)."""
    both = {name: [_logged(getattr(kept, name, None)), _logged(value)] for name, value in values.items()}
    changed = {name: pair for name, pair in both.items() if pair[0] != pair[1]}
    said = {**values, "said_by": str(actor), "said_at": at}
    if kept is None:
        return ReceiverChoice.objects.create(agreement=agreement, **said), changed
    if not changed:
        return kept, {}  # sent twice: it says so already
    _before, after, _changed = save_seen(kept, said, version=kept.version if version is None else version)
    return after, changed


def _logged(value):
    return "" if value is None else str(value)
