"""What a person can do, and through what; who can do what on a unit; what somebody can do now in one agreement."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import Group
from django.core.paginator import Paginator
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from acts.engine import refusals
from agreements.authority import holds_by
from agreements.duties import DUTIES
from agreements.models import Agreement
from agreements.standing import taking_part
from desk.access import only_read
from desk.anchors import addressed
from desk.moves import address_of
from orgunits.holders import held_on
from orgunits.models import Appointment, OrgUnit, UnitClosure, UnitGroupGrant, UnitUserGrant
from orgunits.roles import Role
from thai.dates import thai_date
from workflow.lifecycle import TABLE

ON_A_PAGE = 50
SUGGESTED = 12  # agreements offered to be looked into


@dataclass(frozen=True)
class Right:
    """A role or a post: on which unit and how many below, through what, from when until when (None: no end)."""

    label: str
    duties: tuple
    unit: OrgUnit
    below: int
    through: str
    group: Group | None
    since: date | None
    until: date | None

    @property
    def last_day(self):
        return self.until - timedelta(days=1) if self.until else None


def rights_of(person, at):
    """(in force, to come, ended): every role and post of the person as Rights."""
    on = timezone.localdate(at)
    own = UnitUserGrant.objects.filter(user=person).for_list()
    by_group = UnitGroupGrant.objects.filter(group__user=person).for_list().select_related("group")
    posts = Appointment.objects.filter(user=person).select_related("post__unit", "delegated_by", "user")
    held = [*own, *by_group]
    units = {each.content_object_id for each in held} | {each.post.unit_id for each in posts}
    below = _units_below(units)
    rights = [_by_grant(each, below) for each in held] + [_by_post(each, below) for each in posts]
    rights.sort(key=lambda right: (right.unit.tree_id, right.unit.lft, right.label))
    ended = [right for right in rights if right.until and right.until <= on]
    to_come = [right for right in rights if right not in ended and right.since and right.since > on]
    return [right for right in rights if right not in ended + to_come], to_come, ended


def _units_below(units):
    """{unit id: how many units its rights flow down to}"""
    rows = UnitClosure.objects.filter(ancestor__in=units, depth__gt=0).values("ancestor").annotate(count=Count("pk"))
    return dict(rows.values_list("ancestor", "count"))


def _by_grant(held, below):
    group = held.group if isinstance(held, UnitGroupGrant) else None
    through = _("the group “%(group)s”") % {"group": group.name} if group else _("a role of one's own")
    unit = held.content_object
    return Right(held.role.label, (DUTIES[held.role.value],), unit, below.get(unit.pk, 0), through, group, held.since,
                 held.until)  # fmt: skip


def _by_post(held, below):
    unit = held.post.unit
    duties = (DUTIES["head"], DUTIES["superior"]) if below.get(unit.pk) else (DUTIES["head"],)
    return Right(
        held.post.short_title, duties, unit, below.get(unit.pk, 0), holds_by(held), None, held.since, held.until
    )


def not_held(in_force):
    """The duties that none of these rights gives: what the person doesn't do here."""
    held = {id(duty) for right in in_force for duty in right.duties}
    return [duty for duty in DUTIES.values() if id(duty) not in held]


# In one agreement


@dataclass(frozen=True)
class Possibility:
    """A move of the agreement's present stage: its address, and why it can't be made (empty: it can)."""

    label: str
    url: str
    refusals: tuple


def suggestions(reader, person, at):
    """Agreements in which the person takes part and that the reader may read, those of the latest year first."""
    found = Agreement.objects.readable_by(reader, at).filter(taking_part(person, at)).for_list()
    return found.order_by("-fiscal_year__year", "code")[:SUGGESTED]


def in_agreement(code, person, *, reader, at):
    """What the person can do now in the agreement of that code: context; None where the reader can't read it."""
    agreement = Agreement.objects.readable_by(reader, at).for_detail().filter(code=code).first()
    if agreement is None:
        return None
    only_read(agreement)
    now = [_possibility(agreement, move, person, at) for move in TABLE.from_stage(agreement.stage)]
    return {
        "agreement": agreement,
        "can": [each for each in now if not each.refusals],
        "cannot": [each for each in now if each.refusals],
        "later": list(dict.fromkeys(str(move.label) for move in TABLE if agreement.stage not in move.sources)),
    }


def _possibility(agreement, move, person, at):
    why = addressed(agreement, refusals(TABLE, agreement, move.name, actor=person, at=at))
    return Possibility(str(move.label), address_of(agreement, move.name), tuple(why))


# On a unit


@dataclass(frozen=True)
class OnUnit:
    """A person who can do something on a unit: through what, and from which unit it flows down."""

    person: object
    label: str
    does: str
    unit: OrgUnit
    through: str
    since: date | None
    last_day: date | None
    from_above: bool


def on_unit(path, *, role="", on):
    """Who can do what on the last unit of the path (from the top down) on the day `on`; `role`: a Role, "post" or all."""
    unit = path[-1]
    found = []
    if role != "post":
        roles = [Role(role)] if role else []
        found += [_held(each, unit) for each in held_on([each.pk for each in path], on, *roles)]
    if role in ("", "post"):
        posts = Appointment.objects.in_force(on).filter(post__unit__in=path, user__is_active=True)
        found += [_in_post(each, unit) for each in posts.select_related("post__unit", "user", "delegated_by")]
    return sorted(found, key=lambda each: (each.from_above, -each.unit.level, each.label, str(each.person)))


def _held(held, unit):
    through = _("the group “%(group)s”") % {"group": held.group.name} if held.group else _("a role of one's own")
    last = held.grant.until - timedelta(days=1) if held.grant.until else None
    return OnUnit(held.user, held.role.label, str(DUTIES[held.role.value].does), held.unit, through, held.grant.since,
                  last, held.unit != unit)  # fmt: skip


def _in_post(held, unit):
    last = held.until - timedelta(days=1) if held.until else None
    above = held.post.unit != unit
    does = DUTIES["superior" if above else "head"].does
    return OnUnit(held.user, held.post.short_title, str(does), held.post.unit, holds_by(held), held.since, last, above)


def paged(found, number):
    return Paginator(found, ON_A_PAGE).get_page(number)


def term(since, last_day):
    """From when until when, in words; "" of what has no dates."""
    first, last = (thai_date(day, "medium") if day else "" for day in (since, last_day))
    if first and last:
        return _("from %(first)s to %(last)s") % {"first": first, "last": last}
    if last:
        return _("to %(last)s") % {"last": last}
    return _("since %(first)s") % {"first": first} if first else ""
