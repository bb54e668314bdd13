"""The world that tests stand in: a small tree, people of every role, an opened year, and an agreement at any stage.

    def test_…(world):
        agreement = world.agreement(Stage.FORMAL)
        move(TABLE, agreement, "record_formal", actor=world.people.negotiator, at=world.at(), version=agreement.version)

Every walk is over before `world.at()`. A person fetched from `world.people` is a fresh instance, as in a request.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission

from accounts.models import User
from acts.log import THE_SYSTEM
from agreements.models import ActionPlan, Line, PlanItem, Source
from agreements.signing_rule import install_handbook_rules
from agreements.stages import Stage
from agreements.write import create_agreement
from desk.demo import people as demo_people
from desk.demo import walk as walking
from desk.demo.diary import Diary
from desk.demo.indicators import LIBRARY
from desk.demo.people import IN_POST_SINCE, PASSWORD, Person
from desk.demo.walk import Walk
from desk.demo.years import fiscal_year
from fiscal.models import FiscalYear
from orgunits.load import load_units
from orgunits.models import Appointment, OrgUnit, Post, UnitUserGrant
from orgunits.roles import Role

UNITS = Path(__file__).parent / "units.csv"
YEAR = 2570
NOW = datetime(2026, 10, 1, 10, 12, tzinfo=ZoneInfo("Asia/Bangkok"))
ON = NOW.date()
WALKS_BEGIN = NOW - timedelta(days=30)

# Who is who: the demonstration's people by the name that tests call them by, and some whom only tests need.
NAMES = {
    "staff": "kamolchanok",
    "office": "prasit",
    "head": "wira",
    "neighbour": "napat",
    "neighbours_office": "siriporn",
    "neighbours_head": "chalerm",
    "negotiator": "thana",
    "superior": "somchai",
    "evaluator": "wichai",
    "command_staff": "malee",
    "command_office": "anan",
    "headquarters_negotiator": "orawan",
    "commissioner_general": "pithak",
    "headquarters_evaluator": "surachai",
    "planner": "suda",
    "auditor": "niti",
    "administrator": "arthit",
    "stranger": "kanda",
    "opdc_negotiator": "opdc",
    "opdc_evaluator": "opdc_evaluator",
    "prime_minister": "pm",
    "deputy_prime_minister": "deputy_pm",
    "headquarters_staff": "rtp_staff",
    "headquarters_office": "rtp_office",
    "secretariat_staff": "sec_staff",
    "secretariat_office": "sec_office",
    "secretary": "sec_head",
    "nobody": "nobody",
}
ONLY_IN_TESTS = (
    Person(
        "opdc", "", "กรองกาญจน์", "ก.พ.ร.", "ผู้เจรจา สำนักงาน ก.พ.ร.", grants=((Role.NEGOTIATOR, "OPDC"),), prefix="นาง"
    ),
    Person(
        "opdc_evaluator",
        "",
        "เอกชัย",
        "เที่ยงตรง",
        "ผู้ประเมิน สำนักงาน ก.พ.ร.",
        grants=((Role.EVALUATOR, "OPDC"),),
        prefix="นาย",
    ),
    Person("pm", "", "สมมติ", "นายก", "นายกรัฐมนตรี", heads=("PMO",), prefix="นาย"),
    Person("deputy_pm", "", "พรทิพย์", "ธรรมรักษ์", "รองนายกรัฐมนตรี", prefix="นางสาว"),
    demo_people.staff("RTP", "rtp_staff", "พ.ต.ท.", "ปิยะ", "แผนเจริญ", duty="เจ้าหน้าที่แผน ตร."),
    demo_people.office("RTP", "rtp_office", "พล.ต.ต.", "ชาติชาย", "งานเลิศ", duty="หัวหน้าฝ่าย ตร."),
    demo_people.staff("OCG-SEC", "sec_staff", "พ.ต.ต.", "ธีรเดช", "สารบรรณ", duty="เจ้าหน้าที่แผน สลก.ตร."),
    demo_people.office("OCG-SEC", "sec_office", "พ.ต.อ.", "นิพนธ์", "ละเอียดดี", duty="หัวหน้าฝ่าย สลก.ตร."),
    demo_people.head("OCG-SEC", "sec_head", "พล.ต.ต.", "อรุณี", "วรรณศิริ", duty="ลก.ตร.", female=True),
    Person("nobody", "ร.ต.ต.", "ว่าง", "ไร้สิทธิ์", "ไม่มีสิทธิ์ใด"),
)
PEOPLE = (*demo_people.PRINCIPALS, *ONLY_IN_TESTS)
DEPUTIES = {"deputy_pm": "PMO"}  # in the deputy's post of that unit

# A small plan: one issue, two goals.
PLAN_TEXTS = {
    "vision": "เป็นหน่วยตรวจคนเข้าเมืองชั้นนำ",
    "mission": "ตรวจบุคคลและพาหนะตามกฎหมาย\nให้บริการคนต่างด้าวอย่างโปร่งใส",
}
GOALS = ("ผู้เดินทางได้รับบริการที่รวดเร็ว", "องค์การมีความพร้อม")
LINES = (
    # indicator, dimension, weight, source: the numbers are 1.1 1.2 1.3 2.1 3.1 4.1
    ("arrivals", 1, "35", Source.PLAN),
    ("extension", 1, "15", Source.PLAN),
    ("trafficking", 1, "10", Source.MISSION),
    ("satisfaction", 2, "15", Source.PLAN),
    ("budget", 3, "10", Source.MANDATORY),
    ("passports", 4, "15", Source.MISSION),
)


class People:
    """`people.staff` is the user as the database has them now."""

    def __getattr__(self, name):
        if name not in NAMES:
            raise AttributeError(name)
        return User.objects.get(username=NAMES[name])

    def get(self, name):
        return getattr(self, name)

    names = tuple(NAMES)


@dataclass
class World:
    people: People
    units: SimpleNamespace
    year: FiscalYear
    password: str = PASSWORD

    def at(self, *, days=0, **more):
        """A moment after every walk; later by `days`, `hours`, `minutes`."""
        return NOW + timedelta(days=days, **more)

    def unit(self, code):
        return OrgUnit.objects.get(code=code)

    @property
    def draft(self):
        """The draft of บก.ตม.1, complete: it can be submitted. The command's plan is there, too."""
        return self.agreement(Stage.DRAFT)

    def agreement(self, stage=Stage.DRAFT, pen=None, *, code="IMM-D1"):
        """The agreement of a unit, walked to `stage` (and to the hand `pen`)."""
        return self.walk(code=code).to(stage, pen)

    def walk(self, code="IMM-D1"):
        """A walk that begins with a complete draft: see desk.demo.walk."""
        agreement = complete_draft(self.unit(code), self.year, staff=self.actors(code).staff)
        return Walk(agreement, self.actors(code), Diary(WALKS_BEGIN, pace=timedelta(hours=1)))

    def empty_draft(self, code="IMM-D1"):
        return create_agreement(self.unit(code), self.year, actor=self.actors(code).staff, at=WALKS_BEGIN)

    def actors(self, code):
        """Who acts for which role in the agreement of a unit."""
        names = ACTORS[code]
        return walking.People(**{role: self.people.get(name) for role, name in names.items()})


OF_THE_COMMAND = {"negotiator": "negotiator", "superior": "superior", "evaluator": "evaluator"}
OF_HEADQUARTERS = {
    "negotiator": "headquarters_negotiator",
    "superior": "commissioner_general",
    "evaluator": "headquarters_evaluator",
}
ACTORS = {
    "IMM-D1": {"staff": "staff", "office": "office", "head": "head", **OF_THE_COMMAND},
    "IMM-D2": {
        "staff": "neighbour",
        "office": "neighbours_office",
        "head": "neighbours_head",
        **OF_THE_COMMAND,
    },
    "IMM": {
        "staff": "command_staff",
        "office": "command_office",
        "head": "superior",
        **OF_HEADQUARTERS,
    },
    "OCG-SEC": {
        "staff": "secretariat_staff",
        "office": "secretariat_office",
        "head": "secretary",
        **OF_HEADQUARTERS,
    },
    "RTP": {
        "staff": "headquarters_staff",
        "office": "headquarters_office",
        "head": "commissioner_general",
        "negotiator": "opdc_negotiator",
        "superior": "prime_minister",
        "evaluator": "opdc_evaluator",
    },
}


@pytest.fixture
def world(db):
    """See the module."""
    return build()


def build():
    """The world in the database; for tests that commit, with `transactional_db`."""
    load_units(UNITS, at=WALKS_BEGIN)
    install_handbook_rules()
    settle(PEOPLE)
    year = fiscal_year(YEAR, by=THE_SYSTEM, at=WALKS_BEGIN)
    _commands_plan(year)
    units = {unit.code.replace("-", "_").lower(): unit for unit in OrgUnit.objects.all()}
    return World(People(), SimpleNamespace(**units), year)


def settle(people):
    """As desk.demo.people.settle, without its records: three inserts instead of a hundred."""
    units = {unit.code: unit for unit in OrgUnit.objects.all()}
    posts = {(post.unit_id, post.kind): post for post in Post.objects.all()}
    roles = dict(Permission.objects.filter(content_type__app_label="orgunits").values_list("codename", "pk"))
    users = User.objects.bulk_create(person.as_user(_hashed()) for person in people)
    known = list(zip(users, people, strict=True))
    UnitUserGrant.objects.bulk_create(
        UnitUserGrant(user=user, permission_id=roles[role], content_object=units[code])
        for user, person in known
        for role, code in person.grants
    )
    Appointment.objects.bulk_create(
        Appointment(user=user, post=posts[units[code].pk, kind], since=IN_POST_SINCE)
        for user, person in known
        for code, kind in _posts_of(person)
    )


def _posts_of(person):
    """(unit, kind of post) of each post that a person holds."""
    yield from ((code, Post.Kind.HEAD) for code in person.heads)
    if person.username in DEPUTIES:
        yield DEPUTIES[person.username], Post.Kind.DEPUTY


@cache
def _hashed():
    return make_password(PASSWORD)


def _commands_plan(year):
    """The command has written its plan: its divisions' agreements annex it."""
    plan = ActionPlan.objects.create(unit=OrgUnit.objects.get(code="IMM"), fiscal_year=year, **PLAN_TEXTS)
    outline(plan)


def complete_draft(unit, year, *, staff):
    """A draft that can be submitted, written in a few inserts."""
    agreement = create_agreement(unit, year, actor=staff, at=WALKS_BEGIN)
    type(agreement.plan).objects.filter(pk=agreement.plan_id).update(**PLAN_TEXTS)
    measures = outline(agreement.plan) if not agreement.plan.items.exists() else _measures(agreement.plan)
    dimensions = {dimension.number: dimension for dimension in agreement.framework.dimensions.all()}
    Line.objects.bulk_create(
        _line(agreement, dimensions[dimension], position, key, weight, source, measures)
        for position, (key, dimension, weight, source) in enumerate(LINES, 1)
    )
    return type(agreement).objects.for_detail().get(pk=agreement.pk)


def _line(agreement, dimension, position, key, weight, source, measures):
    return Line(
        agreement=agreement,
        dimension=dimension,
        position=position,
        weight=Decimal(weight),
        source=source,
        plan_item=measures[0] if source == Source.PLAN else None,
        **LIBRARY[key].as_fields(),
    )


def _measures(plan):
    return list(plan.items.filter(kind=PlanItem.Kind.INDICATOR))


def outline(plan):
    """Write the small plan's items; gives its indicators."""
    kind = PlanItem.Kind
    issue = PlanItem.objects.create(plan=plan, kind=kind.ISSUE, position=1, text="การบริการสู่มาตรฐานสากล")
    goals = PlanItem.objects.bulk_create(
        PlanItem(plan=plan, parent=issue, kind=kind.GOAL, position=place, text=text)
        for place, text in enumerate(GOALS, 1)
    )
    PlanItem.objects.bulk_create(
        PlanItem(plan=plan, parent=goal, kind=kind.STRATEGY, position=1, text=f"กลยุทธ์ของ{goal.text}") for goal in goals
    )
    return PlanItem.objects.bulk_create(
        PlanItem(
            plan=plan, parent=goal, kind=kind.INDICATOR, position=1, text=f"ตัวชี้วัดของ{goal.text}", target="ร้อยละ 88"
        )
        for goal in goals
    )
