"""The people of an indicator: who oversees it, who collects its data. Shown with post and telephone; frozen as text."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from agreements.models import LineCollector
from orgunits.holders import held_on
from orgunits.models import Appointment, OrgUnit, UnitUserGrant


@dataclass(frozen=True)
class Person:
    """A person as a sheet names them: name with rank, the post they are in (or their duty), telephone."""

    user: User
    post: str = ""

    @property
    def name(self):
        return self.user.short_name_with_rank

    @property
    def phone(self):
        return self.user.phone

    @property
    def label(self):
        """For a list to choose from: พ.ต.ท.หญิง กมลชนก ใจดี · สว.ฯ · 02 141 9889."""
        return " · ".join(filter(None, (self.name, self.post, self.phone)))


def known_people(unit, on):
    """Those a unit may name on its sheets: in a post or with a duty in it, or in the units right below; by name."""
    units = OrgUnit.objects.filter(Q(pk=unit.pk) | Q(parent=unit.pk)).order_by().values("pk")
    held = held_on(units, on)
    users, duties = {each.user.pk: each.user for each in held}, {each.user.pk: _duty(each) for each in held}
    appointed = _appointed(on).filter(Q(post__unit__in=units) | Q(user__in=list(users)), user__is_active=True)
    users |= {each.user_id: each.user for each in appointed}
    posts = duties | {each.user_id: each.post.title_th for each in appointed}
    found = [Person(user, posts.get(pk, "")) for pk, user in users.items()]
    return sorted(found, key=lambda person: (person.user.first_name, person.user.last_name, person.user.pk))


def people_of(agreement, lines, on):
    """({user id: Person} of all people the lines name, {line id: its LineCollectors})."""
    collectors = LineCollector.objects.filter(line__agreement=agreement).select_related("user")
    by_line = defaultdict(list)
    for each in collectors.order_by("line_id", "position"):
        by_line[each.line_id].append(each)
    users = {line.overseer_id: line.overseer for line in lines if line.overseer_id}
    users |= {each.user_id: each.user for found in by_line.values() for each in found}
    return persons(users, on), by_line


def persons(users, on):
    """{user id: Person} of {user id: user}, with the post each is in on the day `on`."""
    posts = _duties(users, on) | _posts(users, on) if users else {}
    return {pk: Person(user, posts.get(pk, "")) for pk, user in users.items()}


def _appointed(on):
    return Appointment.objects.in_force(on).select_related("user", "post").order_by("capacity", "pk")


def _duties(users, on):
    """{user id: what they do, and where}: of who is in no post."""
    grants = UnitUserGrant.objects.in_force(on).for_list().filter(user__in=list(users))
    return {each.user_id: _duty(each) for each in grants.order_by("pk")}


def _duty(held):
    unit = held.content_object if isinstance(held, UnitUserGrant) else held.unit
    return f"{held.role.label} {unit.short_name}"


def _posts(users, on):
    """{user id: the title of their post, in Thai as it is frozen}; their own before one they only act for."""
    found = _appointed(on).filter(user__in=list(users))
    return {each.user_id: each.post.title_th for each in found}
