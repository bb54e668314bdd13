"""A made-up organisation of any size: units, people, five fiscal years with an agreement of each unit in each.

Made by the models in bulk, as the constraints of the database demand; nothing of it is random, so two runs are alike.
"""

from dataclasses import dataclass
from datetime import date
from itertools import cycle

from django.contrib.auth.models import Permission
from django.db import transaction

from accounts.models import User
from acts.log import THE_SYSTEM
from agreements.models import ActionPlan, Agreement
from agreements.signing_rule import install_handbook_rules, sides_of_all
from agreements.stages import Pen, Stage
from desk.demo.years import fiscal_year
from fiscal.models import FiscalYear
from indicators.models import Framework
from orgunits.load import EXTERNAL, EXTERNAL_POSTS
from orgunits.models import HEADQUARTERS, Appointment, OrgUnit, Post, UnitUserGrant
from orgunits.roles import Role
from orgunits.tree import plant, tree_lock
from results.models import Report, ReportingRound

YEARS = (2566, 2567, 2568, 2569, 2570)
IN_POST_SINCE = date(2020, 10, 1)
DIVISIONS_OF_A_COMMAND = 20
AT_ONCE = 2_000  # rows of one insert

# Where the agreements of a year stand, in turns: two years back all is closed; this year's are on their way.
CLOSED = ((Stage.CLOSED, Pen.NOBODY),)
LAST_YEAR = (
    *CLOSED * 6, (Stage.EVALUATION, Pen.EVALUATOR), (Stage.EVALUATION, Pen.SUPERIOR), (Stage.ASSESSMENT, Pen.STAFF),
)  # fmt: skip
THIS_YEAR = (
    (Stage.DRAFT, Pen.STAFF), (Stage.INFORMAL, Pen.STAFF), (Stage.DRAFT, Pen.OFFICE), (Stage.INFORMAL, Pen.NEGOTIATOR),
    (Stage.FORMAL, Pen.NEGOTIATOR), (Stage.FORMAL, Pen.OFFICE), (Stage.SIGNING, Pen.HEAD),
    (Stage.SIGNING, Pen.SUPERIOR), (Stage.ASSESSMENT, Pen.STAFF),
)  # fmt: skip

STATIONS_ROLES = (Role.STAFF, Role.OFFICE)
COMMANDS_ROLES = (Role.STAFF, Role.OFFICE, Role.NEGOTIATOR, Role.EVALUATOR, Role.PLANNER)


@dataclass(frozen=True)
class Size:
    """How much is made. Agreements: one of each unit in each of the five years."""

    units: int
    people: int
    of_a_command: int = 400

    @property
    def agreements(self):
        return self.units * len(YEARS)


@transaction.atomic
def make(size, *, at):
    """All of it, in an empty database."""
    units = _units(size.units, size.of_a_command)
    people = _people(size.people)
    _posts_and_rights(units, people)
    install_handbook_rules()
    for year in YEARS:
        _agreements(fiscal_year(year, by=THE_SYSTEM, at=at), units, at)


def _units(count, of_a_command):
    """Headquarters, commands of so many units: twenty divisions, and the stations under them. All make agreements."""
    headquarters = _unit(HEADQUARTERS, None, 1, OrgUnit.Kind.HEADQUARTERS)
    units, number = [headquarters], 0
    while len(units) < count:
        number += 1
        units += _command(f"C{number:03}", headquarters, min(of_a_command, count - len(units)))
    outside = [OrgUnit(**names, tier=1, kind=OrgUnit.Kind.EXTERNAL, external=True) for names in EXTERNAL]
    with tree_lock():
        plant([*units, *outside])
    Post.objects.bulk_create([_post(unit, Post.Kind.HEAD, f"หัวหน้า {unit}") for unit in units], AT_ONCE)
    by_code = {unit.code: unit for unit in outside}
    Post.objects.bulk_create(_post(by_code[code], kind, title.th) for code, kind, title in EXTERNAL_POSTS)
    return units


def _command(code, headquarters, count):
    command = _unit(code, headquarters, 2, OrgUnit.Kind.COMMAND)
    divisions = [
        _unit(f"{code}-D{number:02}", command, 3, OrgUnit.Kind.DIVISION)
        for number in range(1, min(DIVISIONS_OF_A_COMMAND, count - 1) + 1)
    ]
    rest = range(count - 1 - len(divisions))
    stations = [
        _unit(f"{above.code}-S{number:03}", above, 3, OrgUnit.Kind.SECTION)
        for number, above in zip(rest, cycle(divisions), strict=False)
    ]
    return [command, *divisions, *stations]


def _unit(code, parent, tier, kind):
    return OrgUnit(
        code=code, parent=parent, tier=tier, kind=kind, signs_agreement=True, name_th=f"หน่วย {code}", abbr_th=code
    )


def _post(unit, kind, title):
    return Post(unit=unit, kind=kind, title_th=title)


def _people(count):
    people = [
        User(username=f"p{number:05}", rank="พ.ต.ท.", first_name=f"บุคคล{number}", last_name="สมมติ", password="!")
        for number in range(count)
    ]
    return User.objects.bulk_create(people, AT_ONCE)


def _posts_and_rights(units, people):
    """Each command its planning people and its head first; then unit after unit its staff, office and head."""
    permissions = dict(Permission.objects.filter(content_type__app_label="orgunits").values_list("codename", "pk"))
    heads = dict(Post.objects.filter(kind=Post.Kind.HEAD).values_list("unit_id", "pk"))
    headquarters, *below = units
    rights = [(headquarters, role) for role in (Role.PLANNER, Role.AUDITOR)]
    rights += [(unit, role) for unit in units if unit.tier == 2 for role in COMMANDS_ROLES]
    rights += [(unit, role) for unit in below if unit.tier == 3 for role in STATIONS_ROLES]
    # A third of the people are heads; the others are given a right each, as far as there are people.
    heads_of, others = people[: len(people) // 3], people[len(people) // 3 :]
    UnitUserGrant.objects.bulk_create(
        (
            UnitUserGrant(user=user, permission_id=permissions[role], content_object=unit)
            for user, (unit, role) in zip(others, rights, strict=False)
        ),
        AT_ONCE,
    )
    Appointment.objects.bulk_create(
        (
            Appointment(user=user, post_id=heads[unit.pk], since=IN_POST_SINCE)
            for user, unit in zip(heads_of, units, strict=False)
        ),
        AT_ONCE,
    )


def _agreements(year, units, at):
    sides = sides_of_all(units, year=year.year, on=year.starts_on)
    frameworks = dict(Framework.objects.filter(fiscal_year=year).values_list("tier", "pk"))
    plans = [ActionPlan(unit=unit, fiscal_year=year, vision="วิสัยทัศน์", mission="พันธกิจ") for unit in units]
    plans = ActionPlan.objects.bulk_create(plans, AT_ONCE)
    turns = cycle(_turns(year.year))
    agreements = Agreement.objects.bulk_create(
        (
            _agreement(unit, year, sides[unit.pk], frameworks[unit.tier], plan, *next(turns), at)
            for unit, plan in zip(units, plans, strict=True)
        ),
        AT_ONCE,
    )
    final = ReportingRound.objects.get(fiscal_year=year, is_final=True)
    reports = [
        Report(agreement=each, round=final, stage_since=at) for each in agreements if each.stage == Stage.ASSESSMENT
    ]
    Report.objects.bulk_create(reports, AT_ONCE)


def _turns(year):
    return {YEARS[-1]: THIS_YEAR, YEARS[-2]: LAST_YEAR}.get(year, CLOSED)


def _agreement(unit, year, sides, framework, plan, stage, pen, at):
    return Agreement(
        code=f"{year.year}-{unit.code}",
        unit=unit,
        fiscal_year=year,
        framework_id=framework,
        plan=plan,
        rule=sides.rule,
        signs_with=sides.signs_with,
        counterpart=sides.counterpart,
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        stage=stage,
        stage_since=at,
        pen=pen,
        pen_since=at,
    )


def counted():
    """How much there is: (what, number)."""
    kinds = {"units": OrgUnit.objects.filter(external=False), "people": User.objects, "agreements": Agreement.objects}
    return {name: rows.count() for name, rows in kinds.items()} | {"years": FiscalYear.objects.count()}
