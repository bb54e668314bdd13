"""Who a person is to one agreement: the roles that count there, each only on the side that its unit is on."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.lookups import Exact
from django.utils import timezone

from acts.reading import once
from agreements.models import SigningSlot
from agreements.models.rule import HEAD_OR_DEPUTY, SignerSide
from agreements.models.sight import (
    OfOne,
    any_of,
    covers,
    followed,
    known,
    limited_posts,
    limited_to,
    own_side,
    readable,
    units_of,
)
from agreements.named import named_in
from agreements.signing_rule import head_posts, superior_posts
from agreements.stages import IN_FORCE, Stage
from orgunits.models import Post
from orgunits.reach import reach_of
from orgunits.roles import Role
from orgunits.tree import lines_up


class As(StrEnum):
    """What somebody can be to an agreement."""

    STAFF = "staff"
    OFFICE = "office"
    HEAD = "head"
    NEGOTIATOR = "negotiator"
    SUPERIOR = "superior"
    EVALUATOR = "evaluator"
    OWNER = "owner"  # of the owner's people, whatever their role
    COUNTERPART = "counterpart"  # of the counterpart's or the signing superior's people


_CACHE = "_agreements_standing"
OWNER_ROLES = {Role.STAFF: As.STAFF, Role.OFFICE: As.OFFICE}
ACTING = (As.STAFF, As.OFFICE, As.HEAD, As.NEGOTIATOR, As.SUPERIOR, As.EVALUATOR)
COUNTERPART_ROLES = {Role.NEGOTIATOR: As.NEGOTIATOR, Role.EVALUATOR: As.EVALUATOR}


@dataclass(frozen=True)
class Standing:
    """A person's standing in one agreement at one moment.

    `knows`: may know that it exists. `reads`: may read its text now. `follows`: may also see how it came about:
    negotiation, log, proofs.
    """

    roles: frozenset[As] = field(default_factory=frozenset)
    knows: bool = False
    reads: bool = False
    follows: bool = False

    def __contains__(self, role):
        return role in self.roles

    @property
    def is_owners(self):
        """Of the owner's people."""
        return As.OWNER in self.roles

    @property
    def is_counterparts(self):
        """Of the counterpart's people, and not of the owner's too."""
        return As.COUNTERPART in self.roles and As.OWNER not in self.roles


def standing_of(user, agreement, at):
    """The standing of `user` in `agreement` at `at`, from the rights and appointments in force on that day.

    Remembered on the user's instance as their reach is: an instance lives for one request or act.
    """
    remembered, key = _remembered(user), _key(agreement, at)
    if key not in remembered:
        remembered[key] = _standing(user, agreement, at)
    return remembered[key]


def _remembered(user):
    if not hasattr(user, _CACHE):
        setattr(user, _CACHE, {})
    return getattr(user, _CACHE)


def _key(agreement, at):
    return agreement.pk, agreement.stage, timezone.localdate(at)


def _standing(user, agreement, at):
    reach, roles = reach_of(user, at), _roles(user, agreement, at)
    owners, counterparts = ({unit.pk for unit in line} for line in line_up(agreement))
    this = OfOne(agreement, owners, counterparts)
    follows, reads = any(followed(this, reach)), any(readable(this, reach))
    # Whom a line names reads what is in force, wherever they serve; asked last, of those who don't read it anyway.
    named = not reads and bool(named_in(user, agreement))
    return Standing(roles, named or any(known(this, reach)), named or reads, reads and (bool(roles) or follows))


def line_up(agreement):
    """The units from the root down to the owner, and those down to the counterpart."""
    both = once(agreement, "line up", lambda: lines_up(agreement.unit, agreement.counterpart))
    return both[agreement.unit_id], both[agreement.counterpart_id]


def _roles(user, agreement, at):
    reach = reach_of(user, at)
    # A right counts as the owner's where its unit is at or above the owner and below the superior's unit.
    owners, counterparts = ({unit.pk for unit in line} for line in line_up(agreement))
    own_units = owners - counterparts
    held = [appointment.post for appointment in reach.posts if covers(appointment, agreement)]
    owner = _granted(reach, own_units, OWNER_ROLES) | _appointed(held, head_posts(agreement), As.HEAD)
    other = _granted(reach, {agreement.counterpart_id}, COUNTERPART_ROLES)
    other |= _appointed(held, superior_posts(agreement), As.SUPERIOR)
    units = units_of(reach) | {post.unit_id for post in held}
    if units & own_units:
        # Nobody negotiates with, or evaluates, a unit that they serve in.
        owner |= {As.OWNER}
        other -= {As.NEGOTIATOR, As.EVALUATOR}
    if units & {agreement.counterpart_id, agreement.signs_with_id}:
        other |= {As.COUNTERPART}
    return frozenset(owner | other)


def _granted(reach, units, meanings):
    return {meanings[role] for role, unit_id in reach.grants if role in meanings and unit_id in units}


def _appointed(held, posts, meaning):
    return {meaning} if set(held) & set(posts) else set()


# The same rules for many agreements at once: `standing_of` answers for one, these for a list.


def those_where(user, role, at):
    """A condition on agreements: those in which `user` stands as `role` (one who acts: staff to evaluator) at `at`."""
    reach = reach_of(user, at)
    conditions = {
        As.STAFF: lambda: _serving(reach.units(Role.STAFF)),
        As.OFFICE: lambda: _serving(reach.units(Role.OFFICE)),
        As.HEAD: lambda: _by_posts(reach, _making),
        As.NEGOTIATOR: lambda: _across(reach, Role.NEGOTIATOR),
        As.EVALUATOR: lambda: _across(reach, Role.EVALUATOR),
        As.SUPERIOR: lambda: _by_posts(reach, _receiving),
    }
    return conditions[role]()


def _serving(unit_ids):
    return any_of(own_side(unit_id) for unit_id in sorted(unit_ids))


def _across(reach, role):
    return Q(counterpart_id__in=reach.units(role)) & ~_in_service(reach)


def _in_service(reach):
    within = (limited_to(each) & own_side(each.post.unit_id) for each in limited_posts(reach))
    return any_of([_serving(units_of(reach)), *within])


def _by_posts(reach, condition):
    """`condition(appointments)` of those that hold whole, or of each limited one within its scope."""
    limited = limited_posts(reach)
    whole = [each for each in reach.posts if each not in limited]
    return any_of([condition(whole), *(limited_to(each) & condition([each]) for each in limited)])


def _heads_units(held):
    return {appointment.post.unit_id for appointment in held if appointment.post.kind == Post.Kind.HEAD}


def _making(held):
    """As `head_posts` says for one: the head; while it is signed, who signs with them, too."""
    return _as_head(held) | (Q(stage=Stage.SIGNING) & _along(held, SignerSide.MAKER))


def _receiving(held):
    """As `superior_posts` says for one: who receives it; while it is signed, who signs with them, too."""
    return _as_superior(held) | (Q(stage=Stage.SIGNING) & _along(held, SignerSide.RECEIVER))


def _as_head(held):
    return Q(unit_id__in=_heads_units(held))


def _as_superior(held):
    """The first receiver; once in force the head, too, whoever received it."""
    return _as_receiver(held) | Q(signs_with_id__in=_heads_units(held), stage__in=IN_FORCE)


def _as_receiver(held):
    """The first receiver: where the rule leaves a choice, whom the unit has chosen."""
    choices = SigningSlot.objects.filter(side=SignerSide.RECEIVER, position=1, kinds=HEAD_OR_DEPUTY)
    chosen = Q(receiver_choice__post_id__in={appointment.post_id for appointment in held})
    return (Q(signs_with_id__in=_heads_units(held)) & ~Q(rule__in=choices.values("rule"))) | chosen


def _along(held, side, **position):
    """Those that the posts sign along on a side, besides the first of it; at any position, or that given."""
    unit = {SignerSide.MAKER: "unit_id__in", SignerSide.RECEIVER: "signs_with_id__in"}[side]
    by_kind = {}
    for appointment in held:
        by_kind.setdefault(appointment.post.kind, set()).add(appointment.post.unit_id)
    besides = SigningSlot.objects.filter(rule=OuterRef("rule"), side=side, position__gt=1, **position)
    return any_of(Q(**{unit: units}) & Exists(besides.filter(kinds=[kind])) for kind, units in by_kind.items())


def _due_to_sign(held, side, as_first, signer="signer"):
    """Whose turn it is on a side that holds the pen: the first of it, or who signs along when all before have.

    `signer`: the column that counts them; an OuterRef where what is signed isn't the agreement itself.
    """
    first = Exact(signer if isinstance(signer, OuterRef) else F(signer), 1)
    return (Q(first) & as_first(held)) | _along(held, side, position=OuterRef(signer))


def next_to_sign(user, at, role, *, signer):
    """A condition on agreements: those of which `user` signs next on the side of `role`, head or superior.

    Of a text that is signed while the agreement is in force; `signer`: an OuterRef to the number of the place due.
    """
    side, first = {As.HEAD: (SignerSide.MAKER, _as_head), As.SUPERIOR: (SignerSide.RECEIVER, _as_receiver)}[role]
    return _by_posts(reach_of(user, at), lambda held: _due_to_sign(held, side, first, signer))


def awaiting(user, at):
    """A condition on agreements: those whose pen is in the hand of `user`."""
    reach = reach_of(user, at)
    due = {
        As.HEAD: lambda held: _due_to_sign(held, SignerSide.MAKER, _as_head),
        As.SUPERIOR: lambda held: _due_to_sign(held, SignerSide.RECEIVER, _as_superior),
    }
    theirs = {role: _by_posts(reach, due[role]) if role in due else those_where(user, role, at) for role in ACTING}
    return any_of(Q(pen=role.value) & condition for role, condition in theirs.items())


def acts_somewhere(user, at):
    """Does `user` act for any side of anything: by a role, or by an appointment?"""
    reach = reach_of(user, at)
    return bool(reach.posts or reach.units(*OWNER_ROLES, *COUNTERPART_ROLES))


def taking_part(user, at):
    """A condition on agreements: those in which `user` acts for one side, whosever turn it is."""
    return any_of(those_where(user, role, at) for role in ACTING)
