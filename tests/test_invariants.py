"""What always holds, in thirty and some sentences written by hand, checked in random worlds.

Each sentence is a function of a world that yields what speaks against it. A world is made from a seed, which a failure
names; INVARIANT_WORLDS=500 asks for more of them than a run does by itself.
"""

import os
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from acts.engine import Conflict, Refused, StepUp, move
from acts.log import THE_SYSTEM
from agreements.appointing import appoint_over
from agreements.authority import who_could_sign
from agreements.freeze import freeze
from agreements.models import Agreement, Snapshot
from agreements.rules import may_write
from agreements.signing_rule import install_handbook_rules, slots_of
from agreements.stages import COUNTERPART_PENS, IN_FORCE, OWNER_PENS, WRITTEN_IN, Pen, Stage
from agreements.standing import ACTING, As, standing_of
from agreements.write import add_line, add_plan_item, create_agreement, save_plan
from desk.demo.years import fiscal_year
from orgunits.administration import is_administrator, people_of
from orgunits.grants import grant, withdraw
from orgunits.models import Appointment, OrgUnit, Post, UnitGroupGrant, UnitUserGrant
from orgunits.roles import Role
from orgunits.tree import check_tree, move_unit
from tests.random_worlds import AT, EXTERNAL, TODAY, View, make, seen_by
from workflow import amendment_walk
from workflow.amending_turns import amendments_awaiting
from workflow.amendment import may_propose
from workflow.lifecycle import TABLE
from workflow.models import Amendment
from workflow.offers import side_to_speak

WORLDS = int(os.environ.get("INVARIANT_WORLDS", "8"))
OWNERS = {As.STAFF, As.OFFICE, As.HEAD}
ACROSS = {As.NEGOTIATOR, As.EVALUATOR}
INVARIANTS = []


def invariant(sentence):
    """Registers a check under its sentence."""

    def register(check):
        INVARIANTS.append((sentence, check))
        return check

    return register


@pytest.mark.django_db
def test_the_invariants_hold_in_random_worlds():
    fiscal_year(2570, by=THE_SYSTEM, at=AT - timedelta(days=60))
    install_handbook_rules()
    against = []
    for seed in range(WORLDS):
        with undone():
            world = make(seed)
            for sentence, check in INVARIANTS:
                against += [f"{sentence} – seed {seed}: {why}" for why in check(world)]
    assert not against, f"{len(against)} times:\n" + "\n".join(against[:40])


def test_there_are_thirty_of_them_and_no_two_the_same():
    assert len({sentence for sentence, _check in INVARIANTS}) == len(INVARIANTS) >= 30


@contextmanager
def undone():
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everybody(world):
    """(user, agreement, their view, their acting roles in it) of each and each."""
    agreements = world.agreements()
    for user in world.people():
        view = world.views[user.pk]
        for agreement in agreements:
            yield user, agreement, view, view.acts(agreement.pk)


def of(world, wanted):
    """Those whose rights in force, as a set of roles ("post" for a post), satisfy `wanted`."""
    return [user for user in world.people() if wanted({role for role, _unit in world.all_rights(user)})]


# Seeing


@invariant("A division never sees another command's draft.")
def _(world):
    divisions = {unit.pk: unit.parent_id for unit in world.units.values() if unit.tier in (3, 4)}
    for user, agreement, view, _acts in everybody(world):
        stood_on = world.reading(user, agreement)
        commands = {above for unit in stood_on for above in world.above(unit)}
        if stood_on and stood_on <= set(divisions) and agreement.stage == Stage.DRAFT and agreement.pk in view.visible:
            theirs = world.above(agreement.unit_id)
            if not {pk for pk in theirs if world.parents[pk] is not None} & commands:
                yield f"{user.username} sees {agreement.code}"


@invariant("Who has no right in force sees nothing and is nobody.")
def _(world):
    for user in of(world, lambda roles: not roles):
        view = world.views[user.pk]
        if view.visible or view.taking_part or any(standing.roles for standing in view.standings.values()):
            yield user.username


@invariant("Whose account is closed sees nothing, whatever was given to them.")
def _(world):
    for user in world.some([user for user in world.people() if world.views[user.pk].visible], 2):
        with undone():
            User.objects.filter(pk=user.pk).update(is_active=False)
            if seen_by(user):
                yield user.username


@invariant("What is visible holds what is readable, and that what is followed.")
def _(world):
    for user in world.people():
        view = world.views[user.pk]
        if not view.visible >= view.readable >= view.followed:
            yield user.username


@invariant("What stands in a list can be opened, and what can be opened stands in the list.")
def _(world):
    for user in world.some(world.people(), 4):
        view = world.views[user.pk]
        listed = {each.pk: each for each in Agreement.objects.visible_to(view.user, AT).with_reading(view.user, AT)}
        if set(listed) != view.visible or {pk for pk, each in listed.items() if each.reads} != view.readable:
            yield f"{user.username}: the list"
        for agreement in world.some(world.agreements(), 3):
            if view.standings[agreement.pk].knows is not (agreement.pk in listed):
                yield f"{user.username} {agreement.code}"


@invariant("A text is read by whoever the list of texts says, and by nobody else.")
def _(world):
    for user, agreement, view, _acts in everybody(world):
        standing = view.standings[agreement.pk]
        if standing.reads is not (agreement.pk in view.readable) or (standing.follows and not standing.reads):
            yield f"{user.username} {agreement.code}"


@invariant("A draft is read by the owner's own side and by auditors above it, and by nobody else.")
def _(world):
    for user, agreement, view, _acts in everybody(world):
        auditing = {unit for role, unit in world.rights[user.pk] if role == Role.AUDITOR}
        may = world.serves(user, agreement) or world.is_below(agreement, auditing)
        if agreement.stage == Stage.DRAFT and may is not (agreement.pk in view.readable):
            yield f"{user.username} {agreement.code} {agreement.stage}"


@invariant("From submission on, whoever stands above a unit reads its agreement.")
def _(world):
    for user, agreement, view, _acts in everybody(world):
        above = world.is_below(agreement, world.reading(user, agreement))
        if agreement.stage != Stage.DRAFT and above and agreement.pk not in view.readable:
            yield f"{user.username} {agreement.code}"


@invariant(
    "Who stands neither above a unit nor on its counterpart sees its agreement only as their superior's, in force."
)
def _(world):
    for user, agreement, view, _acts in everybody(world):
        stood_on = world.reading(user, agreement)
        sides = {agreement.counterpart_id, agreement.signs_with_id}
        if agreement.pk in view.visible and not world.is_below(agreement, stood_on) and not sides & stood_on:
            superiors = set(Agreement.objects.filter(unit__in=stood_on).values_list("counterpart_id", flat=True))
            if agreement.stage not in IN_FORCE or agreement.unit_id not in superiors:
                yield f"{user.username} {agreement.code}"


@invariant("The Prime Minister's side and the office outside see the headquarters' own agreement, and no other.")
def _(world):
    outside = {world.units[code].pk for code in EXTERNAL}
    for user, agreement, view, _acts in everybody(world):
        stood_on = world.reading(user, agreement)
        only_outside = stood_on and stood_on <= outside
        if only_outside and agreement.pk in view.visible and agreement.unit.code != "RTP":
            yield f"{user.username} {agreement.code}"


# Acting


@invariant("Nobody evaluates a unit that they serve in.")
def _(world):
    for user, agreement, _view, acts in everybody(world):
        if As.EVALUATOR in acts and world.serves(user, agreement):
            yield f"{user.username} {agreement.code}"


@invariant("Nobody negotiates with themselves.")
def _(world):
    for user, agreement, _view, acts in everybody(world):
        if As.NEGOTIATOR in acts and (acts & OWNERS or world.serves(user, agreement)):
            yield f"{user.username} {agreement.code}"


@invariant("An administrator alone sees no agreement, acts in none, signs none and scores none.")
def _(world):
    for user in of(world, lambda roles: roles == {Role.ADMINISTRATOR}):
        view = world.views[user.pk]
        if view.visible or any(standing.roles for standing in view.standings.values()):
            yield user.username


@invariant("A reader – auditor, planning office – never acts for a side, and never writes.")
def _(world):
    readers = {user.pk for user in of(world, lambda roles: roles and roles <= {Role.AUDITOR, Role.PLANNER})}
    for user, agreement, view, acts in everybody(world):
        if user.pk in readers and (acts or may_write(agreement, view.user, AT) is None):
            yield f"{user.username} {agreement.code}"


@invariant("Whoever writes serves the owner as its staff: the other side never edits the owner's text.")
def _(world):
    for user, agreement, view, _acts in everybody(world):
        own = set(world.above(agreement.unit_id)) - set(world.above(agreement.counterpart_id))
        staff = any(role == Role.STAFF and unit in own for role, unit in world.rights[user.pk])
        if may_write(agreement, view.user, AT) is None and not staff:
            yield f"{user.username} {agreement.code}"


@invariant("A text is written only while its staff hold the pen in a stage for writing; later it changes no more.")
def _(world):
    for user, agreement, view, _acts in everybody(world):
        is_open = agreement.stage in WRITTEN_IN and agreement.pen == Pen.STAFF
        if may_write(agreement, view.user, AT) is None and not is_open:
            yield f"{user.username} {agreement.code} {agreement.stage}"


@invariant("Only the side that holds the pen speaks in the negotiation.")
def _(world):
    for user, agreement, view, acts in everybody(world):
        side, _refusal = side_to_speak(agreement, view.user, AT)
        pens = {"owner": OWNER_PENS, "counterpart": COUNTERPART_PENS}.get(side, ())
        if side and (agreement.pen not in pens or agreement.pen not in acts):
            yield f"{user.username} {agreement.code}"


@invariant("A move is made by who holds the pen, as the role that the move is of.")
def _(world):
    # A refusal looks for who can help, which takes its time: all who act are asked, and some of the others.
    for user, agreement, view, acts in everybody(world):
        if not acts and world.dice.random() < 0.9:
            continue
        for step in TABLE.from_stage(agreement.stage):
            if step.may(agreement, view.user, AT) is None and not {agreement.pen, step.may.role} & acts:
                yield f"{user.username} {agreement.code} {step.name}"


@invariant("From a closed agreement no move leads on, and nobody's pen is in it.")
def _(world):
    if list(TABLE.from_stage(Stage.CLOSED)):
        yield "there is one"
    for user, agreement, view, _acts in everybody(world):
        if agreement.stage == Stage.CLOSED and agreement.pk in view.awaiting:
            yield f"{user.username} {agreement.code}"


@invariant("Nobody could sign for both sides of an agreement on one day.")
def _(world):
    for agreement in world.agreements():
        able = {side: set() for side in ("maker", "receiver")}
        for slot in slots_of(agreement):
            authority = who_could_sign(agreement, slot.key, TODAY)
            able[str(slot.side)] |= {each.appointment.user.username for each in authority.able}
        if both := able["maker"] & able["receiver"]:
            yield f"{agreement.code}: {both}"


@invariant("Who could sign holds, on that day, a post of one of the two units, by an account that is open.")
def _(world):
    for agreement in world.agreements():
        for slot in slots_of(agreement):
            for each in who_could_sign(agreement, slot.key, TODAY).able:
                rights = world.rights_in(each.appointment.user, agreement)
                theirs = {unit for role, unit in rights if role == "post"}
                if not theirs & {agreement.unit_id, agreement.signs_with_id}:
                    yield f"{each.appointment} {agreement.code}"


@invariant("A head signs by a post that they hold today, and no grant makes one.")
def _(world):
    for user, agreement, _view, acts in everybody(world):
        on_posts = {unit for role, unit in world.rights_in(user, agreement) if role == "post"}
        if As.HEAD in acts and agreement.unit_id not in on_posts:
            yield f"{user.username} {agreement.code} as head"
        if As.SUPERIOR in acts and agreement.signs_with_id not in on_posts:
            yield f"{user.username} {agreement.code} as superior"


@invariant("An acting role counts only on the side that its unit is on.")
def _(world):
    for user, agreement, _view, acts in everybody(world):
        mine, line = (
            world.rights[user.pk],
            set(world.above(agreement.unit_id)) - set(world.above(agreement.counterpart_id)),
        )
        should_be = {As(role) for role, unit in mine if role in ("staff", "office") and unit in line}
        if not world.serves(user, agreement):
            should_be |= {As(role) for role, unit in mine if role in ACROSS and unit == agreement.counterpart_id}
        if acts - {As.HEAD, As.SUPERIOR} != should_be:
            yield f"{user.username} {agreement.code}: {acts}, not {should_be}"


@invariant("The standing in one agreement and the condition on many say the same.")
def _(world):
    for user, agreement, view, acts in everybody(world):
        by_condition = {role for role in ACTING if agreement.pk in view.where[role]}
        if by_condition != acts:
            yield f"{user.username} {agreement.code}: {by_condition} and {acts}"


@invariant("An agreement awaits somebody if, and only if, they stand in it as the one whose pen it is.")
def _(world):
    for user, agreement, view, acts in everybody(world):
        if (agreement.pk in view.awaiting) is not (agreement.pen in acts):
            yield f"{user.username} {agreement.code} {agreement.pen}"


@invariant("Who takes part in an agreement acts in it, sees it, and what awaits them is among it.")
def _(world):
    for user in world.people():
        view = world.views[user.pk]
        acting = {pk for pk in view.standings if view.acts(pk)}
        if view.taking_part != acting or not view.visible >= view.taking_part >= view.awaiting:
            yield user.username


@invariant("An order limited to some agreements lets nobody see or act in another.")
def _(world):
    bound = [user for user in world.people() if world.limited[user.pk] and not world.rights[user.pk]]
    for user in bound:
        view = world.views[user.pk]
        covered = set().union(*(covered for _unit, covered in world.limited[user.pk]))
        acting = {pk for pk in view.standings if view.acts(pk)}
        if strange := (view.visible | acting | view.awaiting) - covered:
            yield f"{user.username} {strange}"


@invariant("Who signs by delegation has it from somebody who held the post, and not by delegation, on its first day.")
def _(world):
    for agreement in world.agreements():
        for slot in slots_of(agreement):
            for each in who_could_sign(agreement, slot.key, TODAY).able:
                given = each.appointment
                if given.capacity == Appointment.Capacity.DELEGATED and given.delegated_by_id:
                    of_the_giver = Appointment.objects.filter(post=given.post_id, user=given.delegated_by_id)
                    held = of_the_giver.exclude(capacity=Appointment.Capacity.DELEGATED)
                    if not any(each.holds_on(given.since) for each in held):
                        yield f"{given} {agreement.code}"


# Moves


@invariant("A stage changes only by a move: nothing else that people do, or try to do, leads to another.")
def _(world):
    before = _stages()
    with undone():
        for user, agreement in [*_writers(world), *world.some(list(_pairs(world)), 6)]:
            for deed in _deeds(world, agreement, user):
                _tried(deed)
        if _stages() != before:
            yield f"{before} became {_stages()}"


@invariant("A move leads from one of its stages to its own, or nowhere, and touches no other agreement.")
def _(world):
    before = _stages()
    for user in world.some(world.people(), 6):
        for agreement in world.some(_at_work(world, user), 2):
            for step in _possible(agreement):
                with undone():
                    done = _tried(lambda user=user, agreement=agreement, step=step: _made(step, agreement, user))
                    after = _stages()
                legal = agreement.stage in step.sources and world.views[user.pk].acts(agreement.pk)
                target = str(step.target or agreement.stage) if done else agreement.stage
                if (done and not legal) or after != before | {agreement.pk: target}:
                    yield f"{user.username} {agreement.code} {step.name}: {before} became {after}"


def _possible(agreement):
    """All moves, but those that need what a random world has not: reports, and rounds of the informal negotiation."""
    has_none = agreement.stage in (Stage.ASSESSMENT, Stage.EVALUATION, Stage.APPEAL)
    return [
        step
        for step in TABLE
        if agreement.stage not in step.sources or not (has_none or step.name == "reopen_informal")
    ]


def _stages():
    return dict(Agreement.objects.order_by("pk").values_list("pk", "stage"))


def _pairs(world):
    return ((view.user, agreement) for _user, agreement, view, _acts in everybody(world))


def _writers(world):
    """Up to four (user, agreement) of those who may write, whose deeds are done and not refused."""
    return world.some([pair for pair in _pairs(world) if may_write(pair[1], pair[0], AT) is None], 4)


def _at_work(world, user):
    """The agreements that the user acts in; those of others, where there is none."""
    mine = [each for each in world.agreements() if world.views[user.pk].acts(each.pk)]
    return mine or world.agreements()


def _tried(deed):
    """Was it done? Else it was refused, as it should be."""
    try:
        with transaction.atomic():
            deed()
    except (Refused, Conflict):
        return False
    return True


def _made(step, agreement, user):
    facts = {}
    if agreement.stage == Stage.SIGNING:
        freeze(agreement, purpose=Snapshot.Purpose.TO_SIGN, actor=user, at=AT)
        agreement = Agreement.objects.for_detail().get(pk=agreement.pk)
    if step.step_up and agreement.stage in step.sources:
        facts["step_up"] = StepUp(user.pk, AT, step.bound_to(agreement) if step.bound_to else "")
    move(TABLE, agreement, step.name, actor=user, at=AT, version=agreement.version, reason="เพื่อทดลอง", **facts)


def _deeds(world, agreement, user):
    """What can be done beside a move: writing, appointing, granting, moving a unit."""
    who, dimension = {"actor": user, "at": AT}, agreement.framework.dimensions.first()
    unit, role = world.dice.choice(list(world.units.values())), world.dice.choice(list(Role))
    post = Post.objects.filter(unit=agreement.unit).first()
    order = {"order_number": "3/2569", "order_date": TODAY, "since": TODAY, "capacity": "acting"}
    return (
        lambda: save_plan(agreement, {"vision": "ใหม่"}, version=agreement.plan.version, **who),
        lambda: add_line(agreement, dimension, name="ตัวชี้วัด", weight=100, **who),
        lambda: add_plan_item(agreement, "issue", parent=None, text="ประเด็น", **who),
        lambda: create_agreement(agreement.unit, agreement.fiscal_year, **who),
        lambda: appoint_over(post, user, by=user, at=AT, **order),
        lambda: grant(user, role, unit, by=THE_SYSTEM, at=AT),
        lambda: move_unit(agreement.unit, world.units["OCG"], by=THE_SYSTEM, at=AT),
    )


# Rights: given, ended, moved


@invariant("A right more never shrinks what is seen or read.")
def _(world):
    user, unit = world.dice.choice(world.people()), world.dice.choice(list(world.units.values()))
    role = world.dice.choice([role for role in Role if role != Role.ADMINISTRATOR])
    before = world.views[user.pk]
    with undone():
        grant(user, role, unit, by=THE_SYSTEM, at=AT)
        after = View(user)
    if not (
        after.visible >= before.visible and after.readable >= before.readable and after.followed >= before.followed
    ):
        yield f"{user.username} with {role} on {unit.code}"


@invariant("A right more changes nobody's standing where its unit is on neither line.")
def _(world):
    user, unit = world.dice.choice(world.people()), world.dice.choice(list(world.units.values()))
    with undone():
        grant(user, world.dice.choice(list(Role)), unit, by=THE_SYSTEM, at=AT)
        after = View(user)
    for agreement in world.agreements():
        lines = {*world.above(agreement.unit_id), agreement.counterpart_id, agreement.signs_with_id}
        then, now = (view.standings[agreement.pk].roles for view in (world.views[user.pk], after))
        if unit.pk not in lines and then != now:
            yield f"{user.username} {agreement.code} by {unit.code}"


@invariant("To be an administrator as well changes nothing in any agreement.")
def _(world):
    user = world.dice.choice(world.people())
    with undone():
        grant(user, Role.ADMINISTRATOR, world.units["RTP"], by=THE_SYSTEM, at=AT)
        if View(user).summary() != world.views[user.pk].summary():
            yield user.username


@invariant("The superuser's flag gives nothing.")
def _(world):
    user = world.dice.choice(world.people())
    with undone():
        User.objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True)
        if View(user).summary() != world.views[user.pk].summary():
            yield user.username
        if is_administrator(User.objects.get(pk=user.pk), AT) and not _administers(world, user):
            yield f"{user.username} administers"


def _administers(world, user):
    return any(role == Role.ADMINISTRATOR for role, _unit in world.rights[user.pk])


@invariant("A right through a group is the same right as one's own.")
def _(world):
    user = world.dice.choice(world.people())
    with undone():
        group = Group.objects.create(name="ทุกสิทธิของผู้หนึ่ง")
        user.groups.add(group)
        for row in UnitUserGrant.objects.filter(user=user):
            about = {"permission": row.permission, "content_object": row.content_object}
            UnitGroupGrant.objects.create(group=group, since=row.since, until=row.until, **about)
            row.delete()
        if View(user).summary() != world.views[user.pk].summary():
            yield user.username


@invariant("What is withdrawn or ended is gone at the next request.")
def _(world):
    user = world.dice.choice(world.people())
    with undone():
        for row in UnitUserGrant.objects.filter(user=user).select_related("permission", "content_object"):
            withdraw(user, Role(row.permission.codename), row.content_object, by=THE_SYSTEM, at=AT)
        user.groups.clear()
        Appointment.objects.filter(Q(until=None) | Q(until__gt=TODAY), user=user, since__lt=TODAY).update(until=TODAY)
        Appointment.objects.filter(user=user, since__gte=TODAY).delete()
        view = View(user)
        if view.visible or any(standing.roles for standing in view.standings.values()):
            yield user.username


# Amendments


@invariant("An amendment awaits somebody if, and only if, they stand in the agreement as one whose turn it is.")
def _(world):
    for user, waiting, amendments in _amended(world):
        for amendment, acts in amendments:
            if (amendment.pk in waiting) is not bool(acts & TURN_OF[amendment.pen]):
                yield f"{user.username} {amendment} {amendment.pen}"


@invariant("A move of an amendment is made by who holds its pen, and by nobody from outside.")
def _(world):
    for user, _waiting, amendments in _amended(world):
        for amendment, acts in amendments:
            for step in amendment_walk.TABLE.from_stage(amendment.stage):
                is_its_turn = amendment.pen in step.may.pens and step.may.role in acts
                if (step.may(amendment, user, AT) is None) is not is_its_turn:
                    yield f"{user.username} {amendment} {step.name} {amendment.pen}"


@invariant("Only the side whose turn it is proposes anything in an amendment, and nobody while it is signed.")
def _(world):
    for user, _waiting, amendments in _amended(world):
        for amendment, acts in amendments:
            writers = TURN_OF[amendment.pen] if amendment.side_to_speak else set()
            if bool(may_propose(amendment, user, AT)[0]) is not bool(acts & writers):
                yield f"{user.username} {amendment} {amendment.stage}"


TURN_OF = {
    Pen.STAFF: {As.STAFF, As.OFFICE},
    Pen.NEGOTIATOR: {As.NEGOTIATOR},
    Pen.HEAD: {As.HEAD},
    Pen.SUPERIOR: {As.SUPERIOR},
}
AMENDED_AT = ((Pen.STAFF, "draft"), (Pen.STAFF, "negotiation"), (Pen.NEGOTIATOR, "negotiation"), (Pen.HEAD, "signing"))


def _amended(world):
    """(user, the ids of what awaits them, [(amendment, their acting roles in its agreement)]) of some people.

    Every agreement is in force then, and has an amendment at a turn of the dice. As of moves, all who act are asked,
    and some of the others.
    """
    with undone():
        Agreement.objects.update(stage=Stage.ASSESSMENT, pen=Pen.STAFF)
        made = [_amendment(world, agreement) for agreement in world.agreements()]
        for user in world.some(world.people(), 4):
            person = User.objects.get(pk=user.pk)
            waiting = set(amendments_awaiting(person, AT).values_list("pk", flat=True))
            of_each = [(each, standing_of(person, each.agreement, AT).roles & set(ACTING)) for each in made]
            yield person, waiting, [pair for pair in of_each if pair[1] or world.dice.random() < 0.1]


def _amendment(world, agreement):
    pen, stage = world.dice.choice([*AMENDED_AT, (Pen.SUPERIOR, "signing")])
    text = {"content": "{}", "sha256": "0" * 64, "taken_at": AT, "taken_by": "ก", "purpose": Snapshot.Purpose.AMENDED}
    before, after = (Snapshot.objects.create(agreement=agreement, sequence=place, **text) for place in (900, 901))
    return Amendment.objects.create(
        agreement=Agreement.objects.for_detail().get(pk=agreement.pk), number=1, stage=stage, pen=pen, reason="ก",
        amends=before, snapshot=after, stage_since=AT, pen_since=AT, begun_at=AT, begun_by="ก",
    )  # fmt: skip


@invariant("A right with dates gives all on its first and last day, and nothing the day before and after.")
def _(world):
    fresh = User.objects.create(username="dated", first_name="ก", last_name="ข", prefix="นาย")
    unit = world.dice.choice(list(world.units.values()))
    permission = Permission.objects.get(codename=Role.AUDITOR, content_type__app_label="orgunits")
    first, after = TODAY + timedelta(days=3), TODAY + timedelta(days=9)
    with undone():
        UnitUserGrant.objects.create(user=fresh, permission=permission, content_object=unit, since=first, until=after)
        on = {day: seen_by(fresh, AT + timedelta(days=day)) for day in (2, 3, 8, 9)}
    fresh.delete()
    if on[2] or on[9] or on[3] != on[8] or on[3] < {a.pk for a in world.agreements() if world.is_below(a, {unit.pk})}:
        yield f"{unit.code}: {on}"


@invariant("A post limited to another year gives nothing in this one.")
def _(world):
    fresh = User.objects.create(username="limited", first_name="ก", last_name="ข", prefix="นาย")
    with undone():
        another = fiscal_year(2571, by=THE_SYSTEM, at=AT)
        post = world.dice.choice(list(Post.objects.filter(kind=Post.Kind.HEAD)))
        Appointment.objects.create(
            post=post, user=fresh, capacity="acting", since=TODAY, order_number="9/2569", order_date=TODAY,
            scope=Appointment.Scope.YEAR, fiscal_year=another,
        )  # fmt: skip
        view = View(fresh)
        if view.visible or any(standing.roles for standing in view.standings.values()):
            yield str(post)
    fresh.delete()


@invariant("An administrator looks after nobody who has a right outside their own units.")
def _(world):
    for user in world.people():
        granted = {unit for role, unit in world.rights[user.pk] if role == Role.ADMINISTRATOR}
        if world.units["RTP"].pk in granted or not user.is_active:
            continue
        for person in people_of(user, AT):
            if {unit for _role, unit in world.all_rights(person) if not granted & set(world.above(unit))}:
                yield f"{user.username} looks after {person.username}"


@invariant("A unit that moves takes its own along, and nothing leaks to who stands on neither place.")
def _(world):
    moving = world.dice.choice([unit for unit in world.units.values() if unit.tier in (3, 4)])
    aims = [unit for unit in world.units.values() if unit.tier == 2 and unit.pk != moving.parent_id]
    with undone():
        old = set(world.above(moving.pk))
        aim = world.dice.choice(aims)
        move_unit(moving, aim, by=THE_SYSTEM, at=AT)
        touched = (
            old
            | set(world.above(aim.pk))
            | set(OrgUnit.objects.get(pk=moving.pk).get_descendants().values_list("pk", flat=True))
        )
        if wrong := check_tree():
            yield str(wrong[0])
        for user in world.some([user for user in world.people() if not world.stands_on(user) & touched], 2):
            if View(user).summary() != world.views[user.pk].summary():
                yield f"{user.username} by {moving.code} to {aim.code}"
