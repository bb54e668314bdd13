"""Who a person is to one agreement: the roles that count there, each only on the side that its unit is on."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from acts.reading import once
from agreements.models import Agreement, SigningRule
from agreements.models.agreement import any_of, own_side, units_of
from agreements.signing_rule import maker_posts, superior_posts
from agreements.stages import IN_FORCE
from orgunits.authority import appointment_for
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

    `reads`: may read its text now. `follows`: may also see how it came about: negotiation, log, proofs.
    """

    roles: frozenset[As] = field(default_factory=frozenset)
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


def standing_as_fetched(user, agreement, at):
    """As `standing_of`, for an agreement that was fetched `for_reader(user, at)`: it knows what may be read."""
    standing = _with_roles(user, agreement, at, reads=agreement.reads, follows=agreement.follows)
    _remembered(user)[_key(agreement, at)] = standing
    return standing


def _remembered(user):
    if not hasattr(user, _CACHE):
        setattr(user, _CACHE, {})
    return getattr(user, _CACHE)


def _key(agreement, at):
    return agreement.pk, agreement.stage, timezone.localdate(at)


def _standing(user, agreement, at):
    this = Agreement.objects.filter(pk=agreement.pk)
    follows = this.followed_by(user, at).exists()
    reads = follows or this.readable_by(user, at).exists()
    return _with_roles(user, agreement, at, reads=reads, follows=follows)


def _with_roles(user, agreement, at, *, reads, follows):
    roles = _roles(user, agreement, at)
    return Standing(roles, reads, reads and (bool(roles) or follows))


def line_up(agreement):
    """The units from the root down to the owner, and those down to the counterpart."""
    both = once(agreement, "line up", lambda: lines_up(agreement.unit, agreement.counterpart))
    return both[agreement.unit_id], both[agreement.counterpart_id]


def _roles(user, agreement, at):
    reach = reach_of(user, at)
    # A right counts as the owner's where its unit is at or above the owner and below the superior's unit.
    owners, counterparts = ({unit.pk for unit in line} for line in line_up(agreement))
    own_units = owners - counterparts
    owner = _granted(reach, own_units, OWNER_ROLES) | _appointed(reach, maker_posts(agreement), As.HEAD)
    other = _granted(reach, {agreement.counterpart_id}, COUNTERPART_ROLES)
    other |= _appointed(reach, superior_posts(agreement), As.SUPERIOR)
    units = units_of(reach)
    if units & own_units:
        # Nobody negotiates with, or evaluates, a unit that they serve in.
        owner |= {As.OWNER}
        other -= {As.NEGOTIATOR, As.EVALUATOR}
    if units & {agreement.counterpart_id, agreement.signs_with_id}:
        other |= {As.COUNTERPART}
    return frozenset(owner | other)


def _granted(reach, units, meanings):
    return {meanings[role] for role, unit_id in reach.grants if role in meanings and unit_id in units}


def _appointed(reach, posts, meaning):
    held = {appointment.post_id for appointment in reach.posts}
    return {meaning} if held & {post.pk for post in posts} else set()


def signing_appointment(user, posts, at):
    """The appointment by which `user` signs for one of `posts` on the day of `at`, or None."""
    on = timezone.localdate(at)
    found = (appointment_for(user, post, on) for post in posts)
    return next((appointment for appointment in found if appointment), None)


# The same rules for many agreements at once: `standing_of` answers for one, these for a list.


def those_where(user, role, at):
    """A condition on agreements: those in which `user` stands as `role` (one who acts: staff to evaluator) at `at`."""
    reach = reach_of(user, at)
    conditions = {
        As.STAFF: lambda: _serving(reach.units(Role.STAFF)),
        As.OFFICE: lambda: _serving(reach.units(Role.OFFICE)),
        As.HEAD: lambda: Q(unit_id__in=_heads_units(reach)),
        As.NEGOTIATOR: lambda: _across(reach, Role.NEGOTIATOR),
        As.EVALUATOR: lambda: _across(reach, Role.EVALUATOR),
        As.SUPERIOR: lambda: _receiving(reach),
    }
    return conditions[role]()


def _serving(unit_ids):
    return any_of(own_side(unit_id) for unit_id in sorted(unit_ids))


def _across(reach, role):
    return Q(counterpart_id__in=reach.units(role)) & ~_serving(units_of(reach))


def _heads_units(reach):
    return {appointment.post.unit_id for appointment in reach.posts if appointment.post.kind == Post.Kind.HEAD}


def _receiving(reach):
    """As `superior_posts` says for one: where the rule leaves a choice, whom the unit has chosen."""
    left_to_choice = Q(rule__superior=SigningRule.Superior.PRIME_MINISTER)
    as_head = ~left_to_choice | Q(stage__in=IN_FORCE)
    chosen = Q(receiver_choice__post_id__in={appointment.post_id for appointment in reach.posts})
    return (Q(signs_with_id__in=_heads_units(reach)) & as_head) | chosen


def awaiting(user, at):
    """A condition on agreements: those whose pen is in the hand of `user`."""
    return any_of(Q(pen=role.value) & those_where(user, role, at) for role in ACTING)


def taking_part(user, at):
    """A condition on agreements: those in which `user` acts for one side, whosever turn it is."""
    return any_of(those_where(user, role, at) for role in ACTING)
