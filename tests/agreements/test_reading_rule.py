"""What `visible_to` and its kin find, however they go about it, is what the rule says: over random trees and rights."""

from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from acts.log import THE_SYSTEM
from agreements.models import ActionPlan, Agreement, SigningRule
from agreements.signing_rule import install_handbook_rules
from agreements.stages import IN_FORCE, Pen, Stage
from agreements.standing import standing_of
from desk.demo.years import fiscal_year
from orgunits.grants import grant
from orgunits.models import Appointment, OrgUnit, Post
from orgunits.roles import Role
from orgunits.tree import plant, tree_lock

AT = timezone.now()
SINCE = date(2020, 10, 1)
OUTSIDE = 0  # the unit by this number stands outside the tree; 1 is its top, the others hang somewhere below

UNIT = st.integers(0, 8)
TREE = st.lists(st.integers(1, 8), min_size=2, max_size=7)  # of units 2, 3, …: which one each hangs from
AGREEMENTS = st.lists(
    # of whom, signed with whom, negotiated with whom, at which stage, in the later year?
    st.tuples(st.integers(1, 8), UNIT, UNIT, st.sampled_from(Stage.values), st.booleans()),
    min_size=1,
    max_size=8,
    unique_by=lambda drawn: (drawn[0], drawn[4]),
)
RIGHTS = st.lists(st.tuples(st.sampled_from(Role), UNIT), max_size=4)
# At the head of which unit; limited to the later year?
POSTS = st.lists(st.tuples(UNIT, st.booleans()), max_size=2, unique_by=lambda drawn: drawn[0])


@pytest.fixture
def years(db):
    install_handbook_rules()
    return [fiscal_year(year, by=THE_SYSTEM, at=AT) for year in (2569, 2570)]


@pytest.mark.long
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=TREE, agreements=AGREEMENTS, rights=RIGHTS, posts=POSTS, second_top=st.booleans())
def test_whoever_asks_finds_what_the_rule_says(years, tree, agreements, rights, posts, second_top):
    with transaction.atomic():
        units = _units(tree, second_top)
        made = [each for drawn in agreements for each in _agreement(units, years, *drawn)]
        person = User.objects.create(username="somebody")
        reach = [*_granted(person, units, rights), *_appointed(person, units, years, posts)]

        rule = {each.pk: _judged(each, reach, made) for each in made}
        for number, asked in enumerate(("visible_to", "readable_by", "followed_by")):
            found = getattr(Agreement.objects, asked)(person, AT)
            assert {each.pk for each in found} == {pk for pk, verdict in rule.items() if verdict[number]}, asked
        for each in Agreement.objects.with_reading(person, AT).with_following(person, AT):
            assert (bool(each.reads), bool(each.follows)) == rule[each.pk][1:]
            one = standing_of(person, each, AT)
            assert (one.knows, one.reads) == rule[each.pk][:2]
            assert one.follows is (one.reads and (rule[each.pk][2] or bool(one.roles)))
        in_order = Agreement.objects.visible_to(person, AT).order_by("-fiscal_year__year", "unit__tree_id", "unit__lft")
        for count in (1, 100):
            first = Agreement.objects.first_visible_to(person, AT, count)
            assert first == [each.pk for each in in_order[:count]]
        transaction.set_rollback(True)


def _judged(agreement, reach, made):
    """(known, read, followed): the rule for one agreement, word by word. `reach`: (role or None, unit, year or None)."""
    owner, superior = _line(agreement.unit), _line(agreement.counterpart)
    submitted, known, read, followed = agreement.stage != Stage.DRAFT, False, False, False
    for role, unit, year in reach:
        if role == Role.ADMINISTRATOR or year not in (None, agreement.fiscal_year):
            continue
        received = unit in (agreement.counterpart, agreement.signs_with)
        superiors = [each.counterpart for each in made if each.unit == unit]
        followed |= unit in owner and (submitted or unit not in superior or role == Role.AUDITOR)
        followed |= received and submitted
        read |= agreement.stage in IN_FORCE and agreement.unit in superiors
        known |= received
    return known or read or followed, read or followed, followed


def _line(unit):
    return {unit} | (_line(unit.parent) if unit.parent else set())


def _units(tree, second_top):
    """By number; a number beyond the tree is its last unit."""
    units = [
        OrgUnit(code="OUT", tier=1, kind=OrgUnit.Kind.EXTERNAL, external=True, name_th="ภายนอก"),
        _unit("U1", None),
    ]
    for number, above in enumerate(tree, start=2):
        parent = None if second_top and number == 2 else units[min(above, number - 1)]
        units.append(_unit(f"U{number}", parent))
    with tree_lock():
        return plant(units)


def _unit(code, parent):
    return OrgUnit(code=code, parent=parent, tier=1, kind=OrgUnit.Kind.SECTION, name_th=code)


def _at(units, number):
    return units[min(number, len(units) - 1)]


def _agreement(units, years, of, signs_with, counterpart, stage, later):
    unit, year = _at(units, of), years[later]
    if _at(units, counterpart) == unit or Agreement.objects.filter(unit=unit, fiscal_year=year).exists():
        return
    yield Agreement.objects.create(
        code=f"{year.year}-{unit.code}",
        unit=unit,
        fiscal_year=year,
        framework=year.frameworks.first(),
        plan=ActionPlan.objects.create(unit=unit, fiscal_year=year),
        rule=SigningRule.objects.first(),
        signs_with=_at(units, signs_with),
        counterpart=_at(units, counterpart),
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        stage=stage,
        stage_since=AT,
        pen=Pen.NOBODY if stage == Stage.CLOSED else Pen.STAFF,
    )


def _granted(person, units, rights):
    for role, number in rights:
        grant(person, role, _at(units, number), by=THE_SYSTEM, at=AT)
        yield role, _at(units, number), None


def _appointed(person, units, years, posts):
    for number, limited in posts:
        unit, year = _at(units, number), years[1] if limited else None
        post, _made = Post.objects.get_or_create(unit=unit, kind=Post.Kind.HEAD, defaults={"title_th": "หัวหน้า"})
        scope = Appointment.Scope.YEAR if limited else Appointment.Scope.ALL
        order = {"order_number": "1/2563", "order_date": SINCE, "capacity": Appointment.Capacity.ACTING}
        Appointment.objects.create(post=post, user=person, since=SINCE, scope=scope, fiscal_year=year, **order)
        yield None, unit, year
