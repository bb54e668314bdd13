"""Random worlds for the invariants: a tree, its people with dated rights of every kind, and agreements at any turn.

A world knows by itself who has which right where: from what was drawn, and not from the product's own reading of it.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group, Permission

from accounts.models import User
from agreements.models import ActionPlan, Agreement, AppointmentAgreement, ReceiverChoice
from agreements.signing_rule import sides_of_all
from agreements.stages import Pen, Stage
from agreements.standing import ACTING, awaiting, standing_of, taking_part, those_where
from fiscal.models import FiscalYear
from indicators.models import Framework
from orgunits.models import Affiliation, Appointment, OrgUnit, Post, UnitGroupGrant, UnitUserGrant
from orgunits.roles import Role
from orgunits.tree import plant, tree_lock

AT = datetime(2026, 10, 12, 9, 30, tzinfo=ZoneInfo("Asia/Bangkok"))
TODAY = AT.date()
EXTERNAL = ("OPDC", "PMO")
# (since, until) of facts in force, and of those that are over or still to come; days from today.
NOW = ((None, None), (-30, None), (0, None), (None, 1), (-5, 60))
NOT_NOW = ((None, 0), (-60, 0), (-60, -10), (1, None), (20, 80))
TURNS = {
    Stage.DRAFT: (Pen.STAFF, Pen.OFFICE),
    Stage.INFORMAL: (Pen.STAFF, Pen.OFFICE, Pen.NEGOTIATOR),
    Stage.FORMAL: (Pen.NEGOTIATOR, Pen.OFFICE),
    Stage.SIGNING: (Pen.HEAD, Pen.SUPERIOR),
    Stage.ASSESSMENT: (Pen.STAFF, Pen.OFFICE, Pen.HEAD, Pen.EVALUATOR),
    Stage.EVALUATION: (Pen.EVALUATOR, Pen.SUPERIOR),
    Stage.APPEAL: (Pen.HEAD, Pen.EVALUATOR, Pen.SUPERIOR),
    Stage.CLOSED: (Pen.NOBODY,),
}


@dataclass
class RandomWorld:
    """The world of one seed. `rights`: {user id: [(role, unit id)]} in force today, heads' posts under "post".

    `limited`: {user id: [(unit id of a post, the agreements that its order covers)]} in force today; a set of ids.
    """

    seed: int
    units: dict = field(default_factory=dict)
    rights: dict = field(default_factory=dict)
    limited: dict = field(default_factory=lambda: defaultdict(list))
    # Appointments by order that name agreements, while there are none yet: [(appointment, its set of ids)].
    to_be_named: list = field(default_factory=list)
    posts: dict = field(default_factory=dict)
    dice: random.Random = None
    at = AT

    @cached_property
    def parents(self):
        return dict(OrgUnit.objects.values_list("pk", "parent_id"))

    def above(self, unit_id):
        """The unit and those above it."""
        found = []
        while unit_id is not None:
            found.append(unit_id)
            unit_id = self.parents[unit_id]
        return found

    def people(self):
        """Everybody, each as a request would fetch them."""
        return list(User.objects.order_by("pk"))

    def some(self, things, count):
        """A few of them, by the dice."""
        return self.dice.sample(things, min(count, len(things)))

    def agreements(self):
        return list(Agreement.objects.for_detail().order_by("pk"))

    @cached_property
    def views(self):
        """{user id: View} of everybody as the world was made."""
        return {user.pk: View(user) for user in self.people()}

    def rights_in(self, user, agreement):
        """[(role, unit id)] of the user today, of limited appointments those alone whose order covers the agreement."""
        covering = [("post", unit) for unit, covered in self.limited[user.pk] if agreement.pk in covered]
        return self.rights[user.pk] + covering

    def all_rights(self, user):
        """[(role, unit id)] of the user today, limited or not."""
        return self.rights[user.pk] + [("post", unit) for unit, _covered in self.limited[user.pk]]

    def reading(self, user, agreement):
        """The units on which the user has a right to read this agreement or a post that covers it, today."""
        return {unit for role, unit in self.rights_in(user, agreement) if role != Role.ADMINISTRATOR}

    def stands_on(self, user):
        """The units on which the user has any right to read or a post, today."""
        return {unit for role, unit in self.all_rights(user) if role != Role.ADMINISTRATOR}

    def serves(self, user, agreement):
        """Has the user a right on the owner's side: at or above the owner, and not at or above the counterpart?"""
        own = set(self.above(agreement.unit_id)) - set(self.above(agreement.counterpart_id))
        return bool(self.reading(user, agreement) & own)

    def is_below(self, agreement, units):
        return bool(set(self.above(agreement.unit_id)) & set(units))


def seen_by(user, at=AT):
    """The ids of the agreements that somebody sees, asked as at a request."""
    user = User.objects.get(pk=user.pk)
    return set(Agreement.objects.order_by("pk").visible_to(user, at).values_list("pk", flat=True))


class View:
    """What one person is and sees, by everything that the product has to say of it."""

    def __init__(self, user, at=AT):
        mine = Agreement.objects.order_by("pk")
        self.user = User.objects.get(pk=user.pk)
        self.visible = set(mine.visible_to(self.user, at).values_list("pk", flat=True))
        self.readable = set(mine.readable_by(self.user, at).values_list("pk", flat=True))
        self.followed = set(mine.followed_by(self.user, at).values_list("pk", flat=True))
        self.awaiting = set(mine.filter(awaiting(self.user, at)).values_list("pk", flat=True))
        self.taking_part = set(mine.filter(taking_part(self.user, at)).values_list("pk", flat=True))
        self.where = {
            role: set(mine.filter(those_where(self.user, role, at)).values_list("pk", flat=True)) for role in ACTING
        }
        self.standings = {each.pk: standing_of(self.user, each, at) for each in mine.for_detail()}

    def acts(self, agreement_id):
        return {role for role in self.standings[agreement_id].roles if role in ACTING}

    def summary(self):
        """All of it, to be compared."""
        standings = {pk: (each.roles, each.reads, each.follows) for pk, each in self.standings.items()}
        return self.visible, self.readable, self.followed, self.awaiting, self.taking_part, standings


def make(seed):
    """The world of a seed, in a database that holds an open year with its frameworks, and the signing rules."""
    world = RandomWorld(seed, dice=random.Random(seed))
    _grow(world)
    _affiliate(world)
    _settle(world)
    _sign_up(world)
    _name_agreements(world)
    return world


def _unit(code, parent, tier, kind, *, signs, external=False):
    return OrgUnit(
        code=code, parent=parent, tier=tier, kind=kind, signs_agreement=signs, external=external,
        name_th=f"หน่วย {code}", abbr_th=code,
    )  # fmt: skip


def _grow(world):
    """Headquarters, its commands and the office without agreement, divisions and sections in numbers as they fall."""
    dice, kind = world.dice, OrgUnit.Kind
    top = _unit("RTP", None, 1, kind.HEADQUARTERS, signs=True)
    units = [top, *(_unit(code, None, 1, kind.EXTERNAL, signs=False, external=True) for code in EXTERNAL)]
    office = _unit("OCG", top, 2, kind.COMMISSIONER_OFFICE, signs=False)
    commands = [_unit(f"C{n}", top, 2, kind.COMMAND, signs=True) for n in range(1, dice.randint(2, 3) + 1)]
    units += [office, *commands]
    for command in (office, *commands):
        for n in range(1, dice.randint(1, 3) + 1):
            division = _unit(f"{command.code}-D{n}", command, 3, kind.DIVISION, signs=True)
            units.append(division)
            if dice.random() < 0.3:
                units.append(_unit(f"{division.code}-S", division, 4, kind.SECTION, signs=False))
    with tree_lock():
        plant(units)
    world.units = {unit.code: unit for unit in units}
    Post.objects.bulk_create(Post(unit=unit, kind=Post.Kind.HEAD, title_th=f"หัวหน้า {unit.code}") for unit in units)
    Post.objects.create(unit=world.units["PMO"], kind=Post.Kind.DEPUTY, title_th="รองหัวหน้า PMO")
    Post.objects.create(unit=dice.choice(commands), kind=Post.Kind.OTHER, title_th="ตำแหน่งอื่น")


def _affiliate(world):
    """The office's own divisions are under it, and now and then another's; some were, or will be."""
    for unit in world.units.values():
        if unit.tier == 3 and (unit.code.startswith("OCG") or world.dice.random() < 0.2):
            since, until = _days(world.dice.choice([(-900, None), (-900, None), (-900, -400)]))
            Affiliation.objects.create(unit=unit, body=world.units["OCG"], since=since, until=until)


def _days(pair):
    return tuple(None if day is None else TODAY + timedelta(days=day) for day in pair)


def _settle(world):
    """Some have one right, some many; some only what is over or to come; one has none, one is gone, one is superuser."""
    dice = world.dice
    users = User.objects.bulk_create(
        User(username=f"u{n}", first_name=f"ก{n}", last_name="ข", prefix="นาย") for n in range(10)
    )
    gone, late = users[1], users[2]
    User.objects.filter(pk=gone.pk).update(is_active=False)
    User.objects.filter(pk=users[3].pk).update(is_superuser=True, is_staff=True)
    world.rights = {user.pk: [] for user in users}
    permissions = dict(Permission.objects.filter(content_type__app_label="orgunits").values_list("codename", "pk"))
    codes = list(world.units)
    for user in users[1:]:
        for _right in range(dice.choice([1, 1, 1, 2, 3])):
            in_force = user is not late and dice.random() < 0.8
            term = _days(dice.choice(NOW if in_force else NOT_NOW))
            unit = world.units[dice.choice(codes)]
            if dice.random() < 0.3:
                _appoint(world, user, unit, term, in_force)
            else:
                _grant(world, user, dice.choice(list(Role)), unit, permissions, term, in_force)
    world.rights[gone.pk], world.limited[gone.pk] = [], []
    # Whom the dice would make too seldom: on both sides of one agreement, planning staff, the planning office on top.
    division = dice.choice([unit for unit in world.units.values() if unit.tier == 3 and unit.code.startswith("C")])
    for unit in (division, division.parent):
        _appoint(world, users[4], unit, (None, None), True, whole=True)
    _grant(world, users[5], Role.STAFF, division, permissions, (None, None), True)
    _grant(world, users[6], Role.PLANNER, world.units["RTP"], permissions, (None, None), True)


def _appoint(world, user, unit, term, in_force, *, whole=False):
    post = world.dice.choice(list(Post.objects.filter(unit=unit)))
    since = term[0] or TODAY - timedelta(days=100)
    own, order = {"capacity": Appointment.Capacity.OWN}, {"order_number": "1/2569", "order_date": since}
    acting = {"capacity": Appointment.Capacity.ACTING, **order}
    delegated = {"capacity": Appointment.Capacity.DELEGATED, "delegated_by": _giver(world, user), **order}
    holder = Appointment.objects.own().filter(post=post).exists()
    how = world.dice.choice([acting, delegated] if holder else [own, own, acting, delegated])
    scope = {"scope": Appointment.Scope.ALL} if how is own or whole else _scope(world)
    held = Appointment.objects.create(post=post, user=user, since=since, until=term[1], **how, **scope)
    if not in_force:
        return
    if held.scope == Appointment.Scope.ALL:
        world.rights[user.pk].append(("post", unit.pk))
    else:
        covered = set()
        world.limited[user.pk].append((unit.pk, covered))
        world.to_be_named.append((held, covered))


def _giver(world, user):
    """Who gave the powers: anybody, who may have had none to give; or nobody is known."""
    others = [each for each in User.objects.order_by("pk") if each.pk != user.pk]
    return world.dice.choice([None, *others])


def _scope(world):
    """What an order covers: mostly everything of the post, else the year, or some agreements that it names."""
    scope, year = Appointment.Scope, FiscalYear.objects.get()
    limits = {"scope": scope.YEAR, "fiscal_year": year}, {"scope": scope.NAMED}
    return world.dice.choice([{"scope": scope.ALL}, {"scope": scope.ALL}, *limits])


def _name_agreements(world):
    """Orders of the year cover all there are, the others name a few; none, by chance, now and then."""
    agreements = list(Agreement.objects.order_by("pk"))
    for held, covered in world.to_be_named:
        of_the_year = held.scope == Appointment.Scope.YEAR
        named = agreements if of_the_year else world.some(agreements, world.dice.randint(0, 3))
        covered |= {each.pk for each in named}
        if not of_the_year:
            rows = [AppointmentAgreement(appointment=held, agreement=each) for each in named]
            AppointmentAgreement.objects.bulk_create(rows)


def _grant(world, user, role, unit, permissions, term, in_force):
    about = {"permission_id": permissions[role], "content_object": unit, "since": term[0], "until": term[1]}
    if UnitUserGrant.objects.filter(user=user, permission_id=permissions[role], content_object=unit).exists():
        return
    if world.dice.random() < 0.3:
        group = Group.objects.create(name=f"{user.username} {role} {unit.code} {Group.objects.count()}")
        user.groups.add(group)
        UnitGroupGrant.objects.create(group=group, **about)
    else:
        UnitUserGrant.objects.create(user=user, **about)
    if in_force:
        world.rights[user.pk].append((role, unit.pk))


def _sign_up(world):
    """Most units have their agreement, at a turn of the dice."""
    dice, year = world.dice, FiscalYear.objects.get()
    signing = [unit for unit in world.units.values() if unit.signs_agreement]
    sides = sides_of_all(signing, year=year.year, on=year.starts_on)
    frameworks = {framework.tier: framework for framework in Framework.objects.filter(fiscal_year=year)}
    for unit in signing:
        if isinstance(sides[unit.pk], Exception) or dice.random() < 0.15:
            continue
        stage = dice.choice(list(TURNS))
        agreement = Agreement.objects.create(
            code=f"{year.year}-{unit.code}", unit=unit, fiscal_year=year, framework=frameworks[unit.tier],
            plan=ActionPlan.objects.create(unit=unit, fiscal_year=year), rule=sides[unit.pk].rule,
            signs_with=sides[unit.pk].signs_with, counterpart=sides[unit.pk].counterpart,
            starts_on=year.starts_on, ends_on=year.ends_on, stage=stage, pen=dice.choice(TURNS[stage]),
            stage_since=AT, pen_since=AT,
        )  # fmt: skip
        if unit.tier == 1 and dice.random() < 0.7:
            _choose(world, agreement)


def _choose(world, agreement):
    post = world.dice.choice(list(Post.objects.filter(unit__code="PMO")))
    by_order = {"order_number": "2/2569", "order_date": TODAY, "order_by": "นายกรัฐมนตรี"}
    order = by_order if post.kind == Post.Kind.DEPUTY else {}
    ReceiverChoice.objects.create(agreement=agreement, post=post, said_by="ผู้ทดสอบ", said_at=AT, **order)
