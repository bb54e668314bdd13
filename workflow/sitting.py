"""A sitting: a person reads one text after another that waits for their signature, then signs many at once.

A text is an agreement's, or an amendment's of one. Many under one password, and yet each for itself: bound to the hash
that was shown of it, in a transaction of its own. What is signed stays signed whatever becomes of the others; what is
not says why, and waits on.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from acts.engine import AlreadyDone, Conflict, Refused, StepUp, fresh, move, refusals
from acts.log import acting
from agreements.models import Agreement, Snapshot
from agreements.stages import Pen, Stage
from agreements.standing import As, awaiting
from workflow import amendment_walk, lifecycle
from workflow.models import Amendment
from workflow.reading import Reading
from workflow.rules import countersigning, slot_due, text_to_sign

ROLES = {Pen.HEAD: As.HEAD, Pen.SUPERIOR: As.SUPERIOR}


def signature_of(thing, role):
    """(move, slot) of the signature that a role, head or superior, gives to an agreement or an amendment."""
    name = "sign" if role == As.HEAD else countersigning(thing)
    return name, slot_due(thing, role)


def is_being_signed(thing):
    """Is it at the stage in which it is signed?"""
    return thing.stage == (Amendment.Stage.SIGNING if isinstance(thing, Amendment) else Stage.SIGNING)


def signature_due(thing):
    """(move, slot) of the signature that is due, or None."""
    return signature_of(thing, ROLES[thing.pen]) if is_being_signed(thing) else None


def waiting(user, at):
    """The agreements that wait for the person's signature, the longest first; amendments: `amending_turns`.

    `sha256`: of the text to be signed; `read_at`: when the person said that they had read it, or None.
    """
    to_sign = Snapshot.objects.filter(agreement=OuterRef("pk"), purpose=Snapshot.Purpose.TO_SIGN).order_by("-sequence")
    read = Reading.objects.filter(snapshot=OuterRef("to_sign"), user_id=user.pk)
    found = Agreement.objects.filter(awaiting(user, at), stage=Stage.SIGNING).order_by("pen_since", "pk")
    found = found.annotate(to_sign=Subquery(to_sign.values("pk")[:1]), sha256=Subquery(to_sign.values("sha256")[:1]))
    return found.annotate(read_at=Subquery(read.values("read_at")[:1]))


def why_not(thing, name, *, actor, at):
    """Why the person can't make a move of those that sign, or refuse to; nothing if they can."""
    walk = amendment_walk if isinstance(thing, Amendment) else lifecycle
    return refusals(walk.TABLE, thing, name, actor=actor, at=at)


def make(thing, name, **facts):
    """Make a move of those that sign, or refuse to, as the engine's `move` does."""
    if isinstance(thing, Amendment):
        return amendment_walk.go(thing, name, **facts)
    return move(lifecycle.TABLE, thing, name, **facts)


def why_not_sign(thing, *, actor, at):
    """Why the person can't give the signature that is due; nothing if they can."""
    name, _slot = signature_due(thing) or signature_of(thing, As.HEAD)
    return why_not(thing, name, actor=actor, at=at)


def mark_read(thing, *, sha256, actor, at, idempotency=""):
    """Keep that the person has read the text with this hash and is ready to sign it. Said twice, it is kept once."""
    with acting(actor, at=at, idempotency=idempotency) as record:
        now = fresh(thing)
        against = why_not_sign(now, actor=actor, at=at)
        if against:
            raise Refused(against)
        snapshot = text_to_sign(now)
        if snapshot.sha256 != sha256:
            raise Conflict(_("The text has changed since it was shown to you. Please read it again."))
        _reading, is_new = Reading.objects.get_or_create(snapshot=snapshot, user_id=actor.pk, defaults={"read_at": at})
        change = {"sha256": ["", sha256]}
        if is_new and isinstance(now, Amendment):
            record("amendment.read_to_sign", now.agreement, change=change)
        elif is_new:
            record("agreement.read_to_sign", now, change=change)


@dataclass(frozen=True)
class Shown:
    """What a person has before their eyes of one text: the name of what it is of, the page's version, the hash."""

    name: str
    version: int
    sha256: str


def name_of(thing):
    """What an agreement, or an amendment of one, is called in the form of a sitting; `those_named` finds it by that."""
    return f"{thing.agreement.code}/{thing.number}" if isinstance(thing, Amendment) else thing.code


def those_named(names):
    """{name: Agreement or Amendment} of those that there are."""
    pairs = [name.split("/") for name in names if "/" in name]
    each = (Q(agreement__code=code, number=number) for code, number in pairs)
    amendments = Amendment.objects.for_list().filter(Q(*each, _connector=Q.OR)) if pairs else ()
    agreements = Agreement.objects.filter(code__in=[name for name in names if "/" not in name]).for_list()
    return {name_of(thing): thing for thing in (*agreements, *amendments)}


@dataclass(frozen=True)
class Outcome:
    """What became of one text of a sitting: signed, or why not."""

    thing: Agreement | Amendment
    why_not: str = ""

    @property
    def is_signed(self):
        return not self.why_not


def sign_each(shown: Iterable[Shown], *, actor, at, step_up: StepUp, idempotency: str, **facts) -> list[Outcome]:
    """Sign each, in a transaction of its own, bound to the hash shown of it; no failure takes another with it.

    The same form sent again, in whole or after it was cut off, signs what isn't signed yet and nothing twice.
    """
    found = those_named([one.name for one in shown])
    return [
        _sign(found[one.name], one, actor=actor, at=at, step_up=step_up, idempotency=idempotency, **facts)
        for one in shown
    ]


def _sign(thing, shown, *, step_up, idempotency, **facts):
    name, _slot = signature_due(thing) or signature_of(thing, As.HEAD)
    own = {"step_up": replace(step_up, bound_to=shown.sha256), "idempotency": key_of(idempotency, shown.name)}
    try:
        make(thing, name, version=shown.version, **own, **facts)
    except AlreadyDone:
        return Outcome(thing)
    except (Conflict, Refused) as against:
        return Outcome(thing, str(against))
    return Outcome(thing)


def key_of(idempotency, name):
    """The key of one text's signature within the form of a sitting."""
    return hashlib.sha256(f"{idempotency} {name}".encode()).hexdigest()[:32]
