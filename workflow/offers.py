"""Offers on a line's fields: made, accepted, declined, countered, withdrawn.

Whose pen, whose offer: the side that holds the pen makes offers and answers those of the other side.
"""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import DecimalField, F
from django.utils.translation import gettext as _

from acts.engine import Conflict, Refusal, Refused
from acts.log import acting
from agreements.duties import STAGE_RULE
from agreements.locks import refuse_locked
from agreements.models import Agreement, Line
from agreements.models.agreement import LEVELS
from agreements.stages import Pen, Stage
from agreements.standing import As, standing_of
from agreements.who_can_help import refused_for_turn
from agreements.write import LOGGED
from thai.numbers import NotANumber, grouped_number, parse_decimal
from thai.text import tidy
from workflow.models import Offer, Side
from workflow.rules import open_round

OF_LEVELS = tuple(f"{column}_{n}" for column in ("level", "upper") for n in LEVELS)
NUMBERS = ("weight", "target", *OF_LEVELS)
TEXTS = (
    "name",
    "unit_of_measure",
    "explanation",
    "definition",
    "formula",
    "conditions",
    "data_source",
    *(f"text_{n}" for n in LEVELS),
)
OFFERABLE = NUMBERS + TEXTS
# What only an indicator without parts has.
OF_LEAVES = frozenset({*NUMBERS, "unit_of_measure", "formula", "data_source", *(f"text_{n}" for n in LEVELS)})
# What a sheet needs only now and then.
MAY_BE_BLANK = frozenset({"low_target_reason"})
LONGEST = 20_000

# Who may speak for which side, by stage and pen: the one table that negotiating is judged by.
SPEAKERS = {
    (Stage.INFORMAL, Pen.STAFF): (As.STAFF, Side.OWNER),
    (Stage.INFORMAL, Pen.NEGOTIATOR): (As.NEGOTIATOR, Side.COUNTERPART),
    (Stage.FORMAL, Pen.NEGOTIATOR): (As.NEGOTIATOR, Side.COUNTERPART),
}


def side_to_speak(agreement, actor, at):
    """The side `actor` may speak for now, or None with the refusal: (side, refusal)."""
    role, side = SPEAKERS.get((agreement.stage, agreement.pen), (None, None))
    if role is None:
        sentence = _("There is nothing to negotiate at the moment.")
        return None, refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    if role not in standing_of(actor, agreement, at):
        sentence = _("It is the other side's turn, or you don't negotiate for this side.")
        return None, refused_for_turn(sentence, agreement, at)
    return side, None


def read_value(field, text, *, among=OFFERABLE):
    """`text` as the value of a line's field, one of `among`, in canonical text. Raises ValidationError with a sentence."""
    if field not in among:
        raise ValidationError(_("This field can't be negotiated."))
    if field in NUMBERS:
        return _read_number(field, text)
    return "" if field in MAY_BE_BLANK and not tidy(text) else _read_text(text)


def _read_number(field, text):
    column = Line._meta.get_field(field)
    try:
        number = parse_decimal(text, max_digits=column.max_digits, decimal_places=column.decimal_places)
    except NotANumber as wrong:
        raise ValidationError(str(wrong)) from wrong
    if field == "weight" and not 0 < number <= 100:
        raise ValidationError(_("A weight must be more than 0 and at most 100."))
    return as_text(number)


def _read_text(text):
    text = tidy(text)
    if not text:
        raise ValidationError(_("Please write the wording that is offered."))
    if len(text) > LONGEST:
        raise ValidationError(
            _("At most %(limit)s characters; there are %(count)s.")
            % {"limit": grouped_number(LONGEST), "count": grouped_number(len(text))}
        )
    return text


def as_text(value):
    """A line's value as offers keep it: numbers without padding zeros."""
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def speaking(agreement, actor, at):
    """(the agreement, held, the side `actor` speaks for); Refused where they may not speak now."""
    held = Agreement.objects.select_for_update().get(pk=agreement.pk)
    side, refusal = side_to_speak(held, actor, at)
    if refusal:
        raise Refused([refusal])
    return held, side


def make_offer(line, field, to_value, *, reason, actor, at, answers=None):
    """Offer `to_value` for one field of a line. One open offer per field: answer that one first.

    Raises ValidationError for a value that can't be offered.
    """
    value = read_value(field, to_value)
    with acting(actor, at=at) as record:
        agreement, side = speaking(line.agreement, actor, at)
        line = Line.objects.get(pk=line.pk)
        refuse_locked(line, [field])
        _refuse_of_whole(line, field)
        if not reason.strip():
            raise Refused([Refusal(_("Please give the reason for the offer."), "#id_reason")], incomplete=True)
        offer = _insert(
            round=open_round(agreement),
            line=line,
            field=field,
            from_value=as_text(getattr(line, field)),
            to_value=value,
            reason=tidy(reason),
            side=side,
            made_by=str(actor),
            made_at=at,
            answers=answers,
        )
        record("offer", agreement, change=_difference(offer), text=offer.reason)
    return offer


def _refuse_of_whole(line, field):
    """An indicator with parts has no figures of its own to negotiate."""
    if field in OF_LEAVES and line.children.exists():
        raise Refused([Refusal(_("This indicator has parts; please make the offer about one of them."))])


def _difference(offer):
    """What the log says of an offer: on which line, from what to what; long texts in short."""
    return {"line": offer.line.name[:LOGGED], offer.field: [offer.from_value[:LOGGED], offer.to_value[:LOGGED]]}


def _insert(**values):
    if values["from_value"] == values["to_value"]:
        raise ValidationError(_("The offer is the same as the present text."))
    try:
        with transaction.atomic():
            return Offer.objects.create(**values)
    except IntegrityError as taken:
        raise Conflict(_("This field already has an open offer; please answer or withdraw it first.")) from taken


def accept(offer, *, actor, at):
    """Take the other side's offer: its value becomes the line's."""
    with acting(actor, at=at) as record:
        agreement, side = speaking(offer.line.agreement, actor, at)
        _settle(offer, Offer.State.ACCEPTED, side, actor, at)
        apply(offer, actor=actor, at=at)
        record("accept_offer", agreement, change=_difference(offer))


def decline(offer, *, answer, actor, at):
    """Turn the other side's offer down, with a reason."""
    with acting(actor, at=at) as record:
        agreement, side = speaking(offer.line.agreement, actor, at)
        if not answer.strip():
            raise Refused([Refusal(_("Please give the reason for declining."), "#id_reason")], incomplete=True)
        _settle(offer, Offer.State.DECLINED, side, actor, at, answer=tidy(answer))
        record("decline_offer", agreement, change=_difference(offer), text=tidy(answer))


def defer(offer, *, answer, actor, at):
    """Leave the other side's offer to the committee of the formal negotiation, with a reason."""
    with acting(actor, at=at) as record:
        agreement, side = speaking(offer.line.agreement, actor, at)
        if agreement.stage != Stage.INFORMAL:
            raise Refused([Refusal(_("In the formal negotiation the committee decides; see the minutes."))])
        if not answer.strip():
            raise Refused([Refusal(_("Please give the reason for deferring."), "#id_reason")], incomplete=True)
        _settle(offer, Offer.State.DEFERRED, side, actor, at, answer=tidy(answer))
        record("defer_offer", agreement, change=_difference(offer), text=tidy(answer))


def counter(offer, to_value, *, reason, actor, at):
    """Answer an offer with one's own on the same field. Raises ValidationError for a value that can't be offered."""
    if read_value(offer.field, to_value) == offer.to_value:
        raise ValidationError(_("That is what the other side offers; accept the offer instead."))
    with acting(actor, at=at):
        _held, side = speaking(offer.line.agreement, actor, at)
        _settle(offer, Offer.State.COUNTERED, side, actor, at, answer=tidy(reason))
        return make_offer(offer.line, offer.field, to_value, reason=reason, actor=actor, at=at, answers=offer)


def withdraw(offer, *, actor, at):
    """Take back one's own side's open offer."""
    with acting(actor, at=at) as record:
        agreement, side = speaking(offer.line.agreement, actor, at)
        _settle(offer, Offer.State.WITHDRAWN, side, actor, at, own=True)
        record("withdraw_offer", agreement, change=_difference(offer))


def _settle(offer, state, side, actor, at, *, answer="", own=False):
    """Give an open offer its answer, once: whoever comes second gets a Conflict."""
    if (offer.side == side) is not own:
        raise Refused([Refusal(_("A side answers the other side's offers, and withdraws its own."))])
    answered = Offer.objects.filter(pk=offer.pk, state=Offer.State.OPEN).update(
        state=state, answer=answer, answered_by=str(actor), answered_at=at
    )
    if not answered:
        raise Conflict(_("This offer has been answered already."))


def apply(offer, *, actor, at):
    """Write an offer's value into its line, and mark the offer accepted."""
    refuse_locked(Line.objects.get(pk=offer.line_id), [offer.field])
    column = Line._meta.get_field(offer.field)
    value = Decimal(offer.to_value) if isinstance(column, DecimalField) else offer.to_value
    Line.objects.filter(pk=offer.line_id).update(**{offer.field: value}, version=F("version") + 1)
    Offer.objects.filter(pk=offer.pk, state=Offer.State.OPEN).update(
        state=Offer.State.ACCEPTED, answered_by=str(actor), answered_at=at
    )
