"""The walk of a year's incentives: decided, announced, withdrawn, taken up again.

The decision itself is taken outside, by order; the planning office puts it on record with the password, bound to the
hash of what it saw. What is decided is frozen: results, tiers and amounts never change under it.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acts.engine import Move, Table, move, refusals
from acts.refusals import Conflict
from agreements.duties import role_rule
from agreements.freeze import canonical, digest
from orgunits.roles import Role
from results.incentive_record import content_of, decision_of, freeze_decision
from results.incentive_terms import may_decide, not_ready, outlook, planners
from results.models import Scheme

S = Scheme.Stage


def _may(scheme, actor, at):
    return may_decide(actor, scheme.unit, at)


def _is_ready(scheme, actor, at):
    return not_ready(outlook(scheme))


def hash_of(content):
    """The hash that the password is bound to, of what would be decided: terms, totals, tiers, amounts."""
    return digest(canonical(content))


def hash_to_decide(scheme):
    """The same of a scheme as it stands now."""
    return hash_of(content_of(scheme, outlook(scheme)))


def hash_decided(scheme):
    """The hash of the decision that stands; "" where there is none."""
    decision = decision_of(scheme)
    return decision.sha256 if decision else ""


def _freeze(scheme, actor, at, facts):
    content = content_of(scheme, outlook(scheme))
    # Agreements aren't held: one may have been closed since the password was judged.
    if hash_of(content) != facts["step_up"].bound_to:
        raise Conflict(
            gettext(
                "The text has changed since it was shown to you. Nothing was done. Please read it again and decide."
            )
        )
    freeze_decision(scheme, content | {"decision": facts["decision"]}, actor=actor, at=at)


TABLE = Table(
    "incentives",
    [
        Move(
            "decide",
            _("Put the decision on record"),
            (S.DRAFT,),
            S.DECIDED,
            _may,
            checks=(_is_ready,),
            step_up=True,
            bound_to=hash_to_decide,
            follows=(_freeze,),
        ),
        Move(
            "publish",
            _("Announce the results"),
            (S.DECIDED, S.WITHDRAWN),
            S.PUBLISHED,
            _may,
            step_up=True,
            bound_to=hash_decided,
            sets=lambda scheme, actor, at, facts: {"published_at": at, "reason": ""},
        ),
        Move(
            "withdraw",
            _("Withdraw the announcement"),
            (S.PUBLISHED,),
            S.WITHDRAWN,
            _may,
            asks_reason=True,
            step_up=True,
            bound_to=hash_decided,
            sets=lambda scheme, actor, at, facts: {"reason": facts["reason"]},
        ),
        Move(
            "reopen",
            _("Take the decision up again"),
            (S.DECIDED, S.WITHDRAWN),
            S.DRAFT,
            _may,
            asks_reason=True,
            step_up=True,
            bound_to=hash_decided,
        ),
    ],
    stages=S,
    rule=role_rule(Role.PLANNER),
    helps=lambda scheme, at: planners(scheme.unit, at),
)


def why_not(scheme, name, *, actor, at):
    """Why the move can't be made now; empty: it can."""
    return refusals(TABLE, scheme, name, actor=actor, at=at)


def decide(scheme, decision, *, version, step_up, actor, at, idempotency=""):
    """Put the decision on record: {order_number, decided_on (a date), decided_by, text}. Raises as every move does."""
    told = {**decision, "decided_on": decision["decided_on"].isoformat()}
    given = {"version": version, "step_up": step_up, "idempotency": idempotency, "decision": told}
    return move(TABLE, scheme, "decide", actor=actor, at=at, **given)


def walk(scheme, name, *, version, step_up, actor, at, reason="", idempotency=""):
    """Announce, withdraw or reopen: the moves that ask for no more than a reason. Raises as every move does."""
    given = {"version": version, "step_up": step_up, "reason": reason, "idempotency": idempotency}
    return move(TABLE, scheme, name, actor=actor, at=at, **given)
