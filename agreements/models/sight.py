"""Who may know of an agreement, read it, and follow how it came about: roles.md's rules, each written once.

A rule is a list of conditions of which one must hold. It is asked in two ways: of many agreements (`OfMany`), for
lists, where a condition is a Q; and of one (`OfOne`), for its pages, where it is yes or no.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, prefetch_related_objects

from agreements.stages import IN_FORCE, Stage
from orgunits.models import UnitClosure
from orgunits.reach import Reach
from orgunits.roles import Role
from orgunits.tree import descendants

# An administrator runs the system and reads no agreement by that right.
READING_ROLES = tuple(role for role in Role if role != Role.ADMINISTRATOR)
# Holds for every agreement; an empty Q would vanish where it is joined with others.
EVERYTHING = Q(pk__isnull=False)


def units_of(reach: Reach) -> frozenset[int]:
    """The ids of the units a reader's right or an appointment stands on, without those limited to some agreements."""
    return reach.units(*READING_ROLES) | {each.post.unit_id for each in reach.posts if each not in limited_posts(reach)}


def limited_posts(reach: Reach) -> tuple:
    """The appointments in force that are limited to a year or to named agreements: they read only those."""
    return tuple(each for each in reach.posts if each.scope != each.Scope.ALL)


def limited_to(appointment) -> Q:
    """The condition that the scope of an appointment puts on agreements; see `covers` for one."""
    if appointment.scope == appointment.Scope.YEAR:
        return Q(fiscal_year_id=appointment.fiscal_year_id)
    if appointment.scope == appointment.Scope.NAMED:
        return Q(pk__in=appointment.named_agreements.values("agreement"))
    return Q()


def covers(appointment, agreement) -> bool:
    """Does the appointment's scope reach this agreement? Whose post it is must be asked besides; see `limited_to`."""
    if appointment.scope == appointment.Scope.YEAR:
        return appointment.fiscal_year_id == agreement.fiscal_year_id
    if appointment.scope == appointment.Scope.NAMED:
        prefetch_related_objects([appointment], "named_agreements")
        return any(named.agreement_id == agreement.pk for named in appointment.named_agreements.all())
    return True


def any_of(conditions) -> Q:
    """One condition that holds where any of them does; of none, nowhere."""
    return reduce(or_, conditions, Q(pk__in=[]))


def own_side(unit_id: int) -> Q:
    """Agreements whose owner's side a right on this unit stands on: the unit is at or above the owner, below the superior."""
    return Q(unit_id__in=descendants([unit_id])) & _owned({unit_id})


@dataclass(frozen=True)
class Stand:
    """Units that somebody stands on; `whole`: on the top of the organisation, too."""

    units: frozenset[int]
    whole: bool


class OfMany:
    """The conditions of the rules on the agreements of a query."""

    draft = Q(stage=Stage.DRAFT)
    submitted = ~Q(stage=Stage.DRAFT)
    within = staticmethod(limited_to)

    def __init__(self, model):
        self._all = model.objects.order_by()

    def below(self, stand):
        return EVERYTHING if stand.whole else Q(unit_id__in=descendants(stand.units))

    def beyond(self, stand):
        return ~self.below(stand)

    def owned(self, stand):
        return _owned(stand.units)

    def received(self, stand):
        return Q(counterpart_id__in=stand.units) | Q(signs_with_id__in=stand.units)

    def signed_by_their_superior(self, stand):
        return Q(stage__in=IN_FORCE, unit_id__in=self._all.filter(unit_id__in=stand.units).values("counterpart_id"))


class OfOne:
    """The same about one agreement. `owners`, `counterparts`: ids of the units from the top to the owner, to the superior."""

    def __init__(self, agreement, owners, counterparts):
        self._agreement, self._owners, self._own = agreement, owners, owners - counterparts
        self.draft = agreement.stage == Stage.DRAFT
        self.submitted = not self.draft

    def within(self, appointment):
        return covers(appointment, self._agreement)

    def below(self, stand):
        return stand.whole or bool(stand.units & self._owners)

    def beyond(self, stand):
        return not self.below(stand)

    def owned(self, stand):
        return bool(stand.units & self._own)

    def received(self, stand):
        return bool(stand.units & {self._agreement.counterpart_id, self._agreement.signs_with_id})

    def signed_by_their_superior(self, stand):
        this = self._agreement
        return this.stage in IN_FORCE and bool(self._commanded & stand.units)

    @cached_property
    def _commanded(self):
        """The units whose superior in an agreement of any year is the owner of this one."""
        theirs = type(self._agreement).objects.order_by().filter(counterpart_id=self._agreement.unit_id)
        return frozenset(theirs.values_list("unit_id", flat=True))


def _owned(units):
    """Agreements of which one of the units is at or above the owner, and not at or above the superior."""
    at_or_above = UnitClosure.objects.filter(descendant=OuterRef("unit_id"), ancestor__in=units)
    above_the_superior = UnitClosure.objects.filter(
        ancestor=OuterRef("ancestor"), descendant=OuterRef(OuterRef("counterpart_id"))
    )
    return Exists(at_or_above.filter(~Exists(above_the_superior)))


# The rules. Each gives its conditions one by one: of one agreement no more of them are asked than needed.


def known(asked, reach: Reach) -> Iterator:
    """The owner's people always; the counterpart that a draft exists; the units above from submission."""
    return _for_each_stand(asked, reach, _known_from)


def readable(asked, reach: Reach) -> Iterator:
    """As `known`, but before submission the owner's people only."""
    return _for_each_stand(asked, reach, _readable_from)


def followed(asked, reach: Reach) -> Iterator:
    """As `readable`, without their superior's own."""
    return _for_each_stand(asked, reach, _followed_from)


def may_be_most(reach: Reach) -> bool:
    """Can it be that most agreements there are lie in the reach?"""
    return not reach.tops.isdisjoint(units_of(reach))


def _for_each_stand(asked, reach, conditions):
    """Of the units stood on whole, and of each limited appointment within its scope."""
    auditing, units = reach.units(Role.AUDITOR), units_of(reach)
    if auditing:
        yield asked.below(_stand(auditing, reach))
    if units:
        yield from conditions(asked, _stand(units, reach))
    for each in limited_posts(reach):
        for condition in conditions(asked, _stand(frozenset({each.post.unit_id}), reach)):
            yield asked.within(each) & condition


def _stand(units, reach):
    return Stand(units, not units.isdisjoint(reach.tops))


def _followed_from(asked, stand):
    yield _below_and_open(asked, stand)
    yield asked.submitted & asked.received(stand)


def _readable_from(asked, stand):
    yield from _followed_from(asked, stand)
    yield asked.signed_by_their_superior(stand)


def _known_from(asked, stand):
    yield _below_and_open(asked, stand)
    # Without those that lie below and are open, which are most of them: what is found twice must be sorted out again.
    yield asked.received(stand) & (asked.draft | asked.beyond(stand))
    yield asked.signed_by_their_superior(stand)


def _below_and_open(asked, stand):
    return asked.below(stand) & (asked.submitted | asked.owned(stand))
