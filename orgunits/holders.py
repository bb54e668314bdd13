"""Who holds roles on units on a day, by themselves or through a group: told on a unit's page, and to whoever was refused."""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.models import User
from orgunits.models import HEADQUARTERS, Appointment, OrgUnit, UnitClosure, UnitGroupGrant, UnitUserGrant
from orgunits.roles import Role

NAMED = 4  # names in one answer; nobody asks more people than that


@dataclass(frozen=True)
class Held:
    """A person's role on a unit, by a grant of their own or of a group."""

    user: User
    role: Role
    grant: UnitUserGrant | UnitGroupGrant
    group: Group | None = None

    @property
    def unit(self):
        return self.grant.content_object


def held_on(unit_ids, on, *roles):
    """Every role (of `roles`, if any are named) that a person holds on these very units on the day `on`; active people alone."""
    named = {"permission__codename__in": [role.value for role in roles]} if roles else {}
    own = (
        UnitUserGrant.objects.in_force(on).for_list().filter(content_object__in=unit_ids, user__is_active=True, **named)
    )
    found = [Held(each.user, each.role, each) for each in own.select_related("user")]
    by_group = UnitGroupGrant.objects.in_force(on).for_list().filter(content_object__in=unit_ids, **named)
    by_group = list(by_group.select_related("group"))
    prefetch_related_objects([each.group for each in by_group], "user_set")
    for each in by_group:
        found += [Held(user, each.role, each, each.group) for user in each.group.user_set.all() if user.is_active]
    return sorted(found, key=lambda held: (-held.unit.level, held.role, held.user.first_name, held.user.pk))


def help_for(role, unit_ids, at, *, but=None):
    """Who can help where `role` on these units, or on a unit above, is wanted: lines of text, found once they are read.

    Where nobody has the role it is the administrators, who can give it. `but`: a person who is not named to themselves.
    """
    return SimpleLazyObject(lambda: _lines(role, unit_ids, timezone.localdate(at), but))


def _lines(role, unit_ids, on, but):
    above = UnitClosure.objects.filter(descendant__in=unit_ids).values("ancestor_id")
    top = OrgUnit.objects.filter(code=HEADQUARTERS).values("pk")
    for wanted, where in ((role, above), (Role.ADMINISTRATOR, above), (Role.ADMINISTRATOR, top)):
        found = [held for held in held_on(where, on, wanted) if held.user != but]
        if found:
            return lines_of(found)
    return ()


def lines_of(found):
    """The first few of the people in `found`, each once: พ.ต.ท.หญิง กมลชนก ใจดี (เจ้าหน้าที่แผน บก.ตม.1)."""
    first = {}
    for held in found:
        first.setdefault(held.user.pk, _line(held))
    return tuple(first.values())[:NAMED]


def _line(held):
    return _("%(person)s (%(duty)s, %(unit)s)") % {
        "person": held.user.short_name_with_rank,
        "duty": held.role.label,
        "unit": held.unit.short_name,
    }


def help_of_post(post, on):
    """Who holds the post, or acts for it, on the day: lines of text, found once they are read."""
    held = Appointment.objects.in_force(on).filter(post=post, user__is_active=True).select_related("user", "post")
    return SimpleLazyObject(lambda: tuple(in_post(each) for each in held.order_by("pk"))[:NAMED])


def in_post(appointment):
    """A person with rank and post, and the capacity unless it is their own."""
    said = {"person": appointment.user.short_name_with_rank, "post": appointment.post.short_title}
    if appointment.capacity == Appointment.Capacity.OWN:
        return _("%(person)s (%(post)s)") % said
    said["capacity"] = appointment.get_capacity_display()
    return _("%(person)s (%(post)s, %(capacity)s)") % said
