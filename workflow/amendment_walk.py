"""The walk of an amendment: asked for by the unit, negotiated, signed again by both sides. The agreement's stage stays.

Only what changes is negotiated; both sides sign the text as amended, which from then on is the text in force. The text
before it keeps its signatures and its document, and the reports sent by then are scored by it for good.
"""

from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from acts.engine import Move, Refusal, Table, move
from acts.log import acting
from agreements.duties import STAGE_RULE
from agreements.freeze import freeze
from agreements.issue import order
from agreements.models import Agreement, Document, Line, Snapshot
from agreements.models.rule import SignerSide
from agreements.rules import missing
from agreements.stages import Pen
from agreements.standing import As
from agreements.who_can_help import who_has_the_pen
from results.models import Report
from workflow import amendment as request
from workflow import rules
from workflow.amended_text import as_amended, changes_of, column_value, content_as_amended, to_values
from workflow.certificate import proof_of_amendment, signed_certificate
from workflow.models import Amendment, Side
from workflow.signing import record_refusal, record_signature

S, P, Purpose = Amendment.Stage, Pen, Snapshot.Purpose
ENDED = (S.IN_FORCE, S.DECLINED, S.WITHDRAWN)


@dataclass(frozen=True)
class OnlyWhoSigns(rules.OnlyWithThePen):
    """The guard of a signature: who stands as `role`, or signs along in the place that is due."""

    def __call__(self, amendment, actor, at):
        due = rules.slot_due(amendment, self.role)
        if amendment.pen not in self.pens:
            return super().__call__(amendment, actor, at)
        candidate = rules.authority_to_sign(amendment, due, at).of(actor)
        if candidate and candidate.may:
            return None
        return rules.signs_later(amendment, self.role, actor, at) or super().__call__(amendment, actor, at)


def can_be_amended(amendment, actor, at):
    """The agreement is in force, and its last report not sent."""
    refusal = request.can_be_amended(amendment.agreement, at)
    return [refusal] if refusal else []


def something_changes(amendment, actor, at):
    """At least one field is to become another."""
    if not to_values(amendment):
        yield Refusal(_("Nothing changes yet: propose another value for at least one indicator."), "changes")


def would_be_complete(amendment, actor, at):
    """With the changes made, the agreement holds all that any agreement must hold: its weights sum to 100.00."""
    return missing(as_amended(amendment), actor, at)


def is_still_as_it_was(amendment, actor, at):
    """The values that it changes from are still those in force."""
    for change in changes_of(amendment):
        if request.as_text(getattr(change.line, change.field)) != change.from_value:
            yield Refusal(
                _("What this amendment changes has become another meanwhile. Please withdraw it and begin anew.")
            )
            return


def unit_has_seen_everything(amendment, actor, at):
    """The superior's side agrees to what the unit knows, not to what it proposes itself in the same turn."""
    if request.proposed_unseen(amendment):
        yield Refusal(_("The unit hasn't seen what you propose yet. Please hand it back first."), "changes")


def something_was_proposed(amendment, actor, at):
    """The pen goes back with something to answer."""
    if not request.proposed_unseen(amendment):
        yield Refusal(_("Propose another value first; otherwise agree, or decline."), "changes")


READY = (can_be_amended, something_changes, is_still_as_it_was, would_be_complete)


# What follows


def asked(amendment, actor, at, facts):
    _hand_over(amendment, Side.OWNER, actor, at)


def handed_back(amendment, actor, at, facts):
    _hand_over(amendment, Side.COUNTERPART, actor, at)


def _hand_over(amendment, side, actor, at):
    """As every hand-over of an agreement, it is frozen: what was proposed can be compared later."""
    request.hand_over(amendment, side, at)
    _freeze(amendment, Purpose.AMENDING, actor, at)


def _freeze(amendment, purpose, actor, at):
    content = content_as_amended(amendment, at)
    return freeze(amendment.agreement, purpose=purpose, actor=actor, at=at, content=content)


def _text_to_sign(amendment, actor, at):
    """The text to be signed is frozen in the same UPDATE that has it signed."""
    return {"snapshot": _freeze(amendment, Purpose.AMENDED, actor, at)}


def _order(snapshot, kind, certificate, at, facts):
    """Nobody waits for the documents of what is entered as history: they are made when somebody asks for them."""
    order(snapshot, kind=kind, certificate=certificate, at=at, when_asked=facts.get("as_history", False))


def agreed(amendment, actor, at, facts):
    """The PDF of what is to be signed is made, to be read before."""
    _order(amendment.snapshot, Document.Kind.PROOF, proof_of_amendment(amendment, at), at, facts)


def signed(amendment, actor, at, facts):
    slot = rules.next_slot(amendment).key
    record_signature(amendment, slot=slot, actor=actor, at=at, facts=facts)


def signed_by_all(amendment, actor, at, facts):
    """In force: the lines become what was signed; reports sent before keep the text that they were made by."""
    signed(amendment, actor, at, facts)
    agreement = amendment.agreement
    sent = Report.objects.filter(agreement=agreement, scored_by=None).exclude(stage=Report.Stage.DRAFT)
    sent.update(scored_by=amendment.amends)
    for pk, fields in to_values(amendment).items():
        line = Line.objects.select_for_update().get(pk=pk)
        columns = {field: column_value(field, text) for field, text in fields.items()}
        Line.objects.filter(pk=pk).update(**columns, version=line.version + 1)
    # Whoever still has a page of the agreement open decided by the text before: their move is told to look again.
    Agreement.objects.filter(pk=agreement.pk).update(amended_to=amendment.snapshot, version=F("version") + 1)
    certificate = signed_certificate(amendment.snapshot)
    _order(amendment.snapshot, Document.Kind.SIGNED, certificate, at, facts)


def refused(amendment, actor, at, facts):
    """A refusal, whoever of the signatories makes it, voids the signatures given to this text."""
    slot = rules.next_slot(amendment).key
    record_refusal(amendment, slot=slot, actor=actor, at=at, reason=facts["reason"])


def _recorded(name):
    """A follow: on record about the agreement, too, so that its history tells of it; of what was ever asked for."""

    def record_it(amendment, actor, at, facts):
        if not Amendment.objects.known_to(()).filter(pk=amendment.pk).exists():
            return  # the unit has thought better of it: it stays its own
        with acting(actor, at=at) as record:
            told = {"number": amendment.number}
            record(f"amendment.{name}", amendment.agreement, change=told, text=facts["reason"])

    return record_it


# The rows


def _row(name, label, sources, target, role, pens, pen, *, guard=rules.OnlyWithThePen, signer=None, also=None, **more):
    """A move of `role` while the pen is in one of `pens`; afterwards it is in the hand `pen` (or what it returns)."""

    def sets(amendment, actor, at, facts):
        hand = pen(amendment) if callable(pen) else pen
        columns = {"pen": hand, "pen_since": at, "signer": signer(amendment) if signer else 1}
        return columns | (also(amendment, actor, at) if also else {})

    more["follows"] = (*more.get("follows", ()), _recorded(name))
    return Move(name, label, sources, target, guard(role, pens), sets=sets, **more)


def _after_making(amendment):
    after = rules.slot_after(amendment)
    return P.HEAD if after and after.side == SignerSide.MAKER else P.SUPERIOR


def _next_signer(amendment):
    after = rules.slot_after(amendment)
    return after.position if after else 1


def _signature(name, label, target, role, pen, checks, follow, **more):
    return _row(
        name,
        label,
        (S.SIGNING,),
        target,
        role,
        (P(role.value),),
        pen,
        guard=OnlyWhoSigns,
        step_up=True,
        bound_to=rules.hash_to_sign,
        checks=(can_be_amended, *checks, rules.HasAuthority(role)),
        follows=(follow,),
        **more,
    )


def _refusal(name, role):
    return _row(
        name,
        _("Refuse to sign"),
        (S.SIGNING,),
        S.NEGOTIATION,
        role,
        (P(role.value),),
        P.NEGOTIATOR,
        guard=OnlyWhoSigns,
        asks_reason=True,
        checks=(rules.HasAuthority(role),),
        follows=(refused,),
    )


TABLE = Table(
    "amendment",
    [
        _row(
            "ask",
            _("Ask the superior's side"),
            (S.DRAFT,),
            S.NEGOTIATION,
            As.OFFICE,
            (P.STAFF,),
            P.NEGOTIATOR,
            checks=READY,
            follows=(asked,),
        ),
        _row(
            "answer",
            _("Send the answer"),
            (S.NEGOTIATION,),
            None,
            As.OFFICE,
            (P.STAFF,),
            P.NEGOTIATOR,
            checks=READY,
            follows=(asked,),
        ),
        _row(
            "withdraw",
            _("Withdraw the amendment"),
            (S.DRAFT, S.NEGOTIATION),
            S.WITHDRAWN,
            As.OFFICE,
            (P.STAFF,),
            P.NOBODY,
            asks_reason=True,
        ),
        _row(
            "hand_back",
            _("Hand back with other values"),
            (S.NEGOTIATION,),
            None,
            As.NEGOTIATOR,
            (P.NEGOTIATOR,),
            P.STAFF,
            checks=(can_be_amended, something_was_proposed),
            follows=(handed_back,),
        ),
        _row(
            "agree",
            _("Agree to the amendment"),
            (S.NEGOTIATION,),
            S.SIGNING,
            As.NEGOTIATOR,
            (P.NEGOTIATOR,),
            P.HEAD,
            checks=(*READY, unit_has_seen_everything),
            also=_text_to_sign,
            follows=(agreed,),
        ),
        _row(
            "decline",
            _("Decline the amendment"),
            (S.NEGOTIATION,),
            S.DECLINED,
            As.NEGOTIATOR,
            (P.NEGOTIATOR,),
            P.NOBODY,
            asks_reason=True,
        ),
        _signature("sign", _("Sign as maker"), None, As.HEAD, _after_making, (), signed, signer=_next_signer),
        _signature(
            "sign_along",
            _("Sign as receiver, before the last"),
            None,
            As.SUPERIOR,
            P.SUPERIOR,
            (rules.maker_has_signed, rules.another_signs_after),
            signed,
            signer=_next_signer,
        ),
        _signature(
            "countersign",
            _("Sign as receiver"),
            S.IN_FORCE,
            As.SUPERIOR,
            P.NOBODY,
            (rules.maker_has_signed, rules.signs_last),
            signed_by_all,
        ),
        _refusal("refuse_to_make", As.HEAD),
        _refusal("refuse_to_receive", As.SUPERIOR),
    ],
    stages=S,
    rule=STAGE_RULE,
    helps=lambda amendment, at: who_has_the_pen(amendment.agreement, at, pen=amendment.pen),
)


def go(amendment, name, *, version, actor, at, idempotency="", **facts):
    """Make a move of the amendment; raises as every move does.

    The agreement is held first: its last report isn't sent between the judgement and the end of this move.
    """
    with acting(actor, at=at, idempotency=idempotency):
        Agreement.objects.select_for_update().get(pk=amendment.agreement_id)
        return move(TABLE, amendment, name, version=version, actor=actor, at=at, **facts)
