"""The scene of the demonstration: which unit's agreement stands where, this fiscal year and the one before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from agreements.models import Agreement
from agreements.signing_rule import install_handbook_rules
from agreements.stages import Pen, Stage
from agreements.write import add_line, remove_line, save_line
from desk.demo import indicators, plans
from desk.demo.diary import Diary
from desk.demo.drafting import draft
from desk.demo.people import EVERYBODY, IMM, RTP, settle
from desk.demo.walk import Outcome, People, Walk
from desk.demo.years import fiscal_year
from fiscal.years import year_of
from orgunits.load import load_units
from orgunits.models import Appointment, OrgUnit, UnitUserGrant
from orgunits.roles import Role
from workflow.rules import open_offers

S, P = Stage, Pen
BORDER_AREAS = {
    "IMM-D1": "พื้นที่กรุงเทพมหานคร",
    "IMM-D2": "ท่าอากาศยานนานาชาติ",
    "IMM-D3": "พื้นที่ภาคกลางและภาคตะวันออก",
    "IMM-D4": "พื้นที่ภาคตะวันออกเฉียงเหนือ",
    "IMM-D5": "พื้นที่ภาคเหนือ",
    "IMM-D6": "พื้นที่ภาคใต้",
}
OTHER_UNITS = {
    IMM: (plans.COMMAND_PLAN, indicators.COMMAND),
    "IMM-GS": (plans.STAFF_WORK_PLAN, indicators.STAFF_WORK),
    "IMM-INV": (plans.INVESTIGATION_PLAN, indicators.INVESTIGATION),
    "IMM-TEC": (plans.TECHNOLOGY_PLAN, indicators.TECHNOLOGY),
    "IMM-TRN": (plans.SCHOOL_PLAN, indicators.SCHOOL),
}
# By how many tenths of a level a unit's past years differ from those of บก.ตม.1.
TENTHS = {"IMM-D2": 2, "IMM-D3": -2, "IMM-D4": 1, "IMM-D5": -1, "IMM-D6": -3}


@dataclass(frozen=True)
class Actor:
    """One agreement of the scene: where it has got to, and what its people did there last, so many days ago."""

    code: str
    stage: str
    pen: str
    last: Callable[[Walk], None] = Walk.rest
    days_ago: int = 8


def negotiate_round_2(walk):
    """Round 2 is with the unit: four offers, one accepted, three waiting (on two indicators)."""
    walk.answer()
    walk.offer(SECOND_OFFERS, SECOND_COMMENT)
    walk.move("hand_back", walk.people.negotiator)
    walk.accept(open_offers(walk.agreement).filter(field="definition"))


SECOND_OFFERS = (
    (
        "1.2",
        "level_5",
        "15",
        "ปีก่อนทำได้ 21.7 วัน และระบบใหม่เริ่มใช้ในเดือนมีนาคม จึงเห็นว่าเป้าหมาย 18 วันไม่ท้าทาย",
    ),
    ("1.2", "weight", "12.5", "เป็นงานที่ประชาชนได้รับผลโดยตรง จึงควรมีน้ำหนักมากขึ้น"),
    ("1.3", "weight", "10", "ปรับลดเพื่อให้น้ำหนักรวมของมิติที่ 1 คงเดิม"),
    (
        "2.1",
        "definition",
        "นับเฉพาะผู้ตอบแบบสอบถามที่รับบริการเสร็จสิ้นภายในวันเดียวกัน ณ ทุกช่องตรวจขาเข้าและขาออก",
        "ให้ครอบคลุมทุกช่องตรวจ ไม่เลือกเฉพาะจุดที่หน่วยกำหนดเอง",
    ),
)
SECOND_COMMENT = "ขอให้หน่วยพิจารณาความท้าทายของตัวชี้วัดที่ 1.2 และน้ำหนักที่เกี่ยวเนื่องกัน"


def leave_gaps(walk):
    """A draft that people are still at: a line is missing, one has no reason for its low target, one no fifth step."""
    staff, at = walk.people.staff, walk.diary.soon
    remove_line(walk.line("4.2"), actor=staff, at=at())
    for number, gap in (("2.1", {"low_target_reason": ""}), ("4.1", {"text_4": "", "text_5": ""})):
        line = walk.line(number)
        save_line(line, gap, version=line.version, actor=staff, at=at())
    dimension = walk.agreement.framework.dimensions.get(number=3)
    add_line(walk.agreement, dimension, name="จำนวนเครื่องตรวจหนังสือเดินทางที่พร้อมใช้งาน", actor=staff, at=at())


def begin_to_evaluate(walk):
    """The evaluator has been through the first four lines."""
    walk.find(4)


THIS_YEAR = (
    Actor(IMM, S.DRAFT, P.STAFF),
    Actor("IMM-D1", S.INFORMAL, P.OFFICE, negotiate_round_2),
    Actor("IMM-D2", S.DRAFT, P.STAFF),
    Actor("IMM-D3", S.DRAFT, P.STAFF, leave_gaps),
    Actor("IMM-D4", S.DRAFT, P.OFFICE),
    Actor("IMM-D5", S.INFORMAL, P.NEGOTIATOR),
    Actor("IMM-D6", S.FORMAL, P.NEGOTIATOR),
    Actor("IMM-GS", S.SIGNING, P.HEAD),
    Actor("IMM-INV", S.SIGNING, P.SUPERIOR),
    Actor("IMM-TEC", S.SIGNING, P.SUPERIOR),
    Actor("IMM-TRN", S.ASSESSMENT, P.STAFF),
)
LAST_YEAR = (
    Actor(IMM, S.ASSESSMENT, P.STAFF),
    Actor("IMM-D1", S.EVALUATION, P.EVALUATOR, begin_to_evaluate),
    Actor("IMM-D2", S.CLOSED, P.NOBODY),
    Actor("IMM-D3", S.EVALUATION, P.SUPERIOR),
    Actor("IMM-D5", S.ASSESSMENT, P.HEAD),
    Actor("IMM-INV", S.CLOSED, P.NOBODY),
)


def build(*, now):
    """Make what is missing of the scene as of `now`; what is there is left as people have changed it."""
    load_units(at=now)
    install_handbook_rules()
    settle(EVERYBODY, at=now)
    planner, today = User.objects.get(username="suda"), timezone.localdate(now)
    this, before = year_of(today), year_of(today) - 1
    opened = fiscal_year(before, by=planner, at=now - timedelta(days=455))
    _play_all(LAST_YEAR, _last_years, opened, now)
    opened = fiscal_year(this, by=planner, at=now - timedelta(days=90), under_way_on=today)
    _play_all(THIS_YEAR, _this_years, opened, now)


def _play_all(actors, play, year, now):
    """Those agreements that are not there yet."""
    there = set(Agreement.objects.filter(fiscal_year=year).values_list("unit__code", flat=True))
    for actor in actors:
        if actor.code not in there:
            play(actor, year, now)


@transaction.atomic
def _this_years(actor, year, now):
    """Drafted and walked in the last two months, up to a few days ago."""
    diary = Diary(_morning(now, timedelta(days=61)), pace=timedelta(days=2, hours=2))
    walk = Walk(_draft(actor, year, diary), people_of(actor.code), diary)
    _play(actor, walk, now)


@transaction.atomic
def _last_years(actor, year, now):
    """Signed before the year was four months old; reported and evaluated after its end."""
    diary = Diary(_morning(now, timezone.localdate(now) - year.starts_on + timedelta(days=20)), pace=timedelta(days=5))
    lines = [(indicator.a_year_ago(), *rest) for indicator, *rest in lines_of(actor.code)]
    walk = Walk(_draft(actor, year, diary, lines), people_of(actor.code), diary, outcomes_of(lines))
    walk.to(S.ASSESSMENT)
    walk.diary = Diary(_morning(now, timedelta(days=30)), pace=timedelta(days=3))
    _play(actor, walk, now)


def _morning(now, ago):
    return (now - ago).replace(hour=2, minute=12, second=0, microsecond=0)


def _draft(actor, year, diary, lines=None):
    unit = OrgUnit.objects.get(code=actor.code)
    staff = people_of(actor.code).staff
    return draft(unit, year, plan=plan_of(actor.code), lines=lines or lines_of(actor.code), staff=staff, diary=diary)


def _play(actor, walk, now):
    walk.to(actor.stage, actor.pen)
    walk.diary = Diary(_morning(now, timedelta(days=actor.days_ago)))
    actor.last(walk)


def plan_of(code):
    """The plan of a unit."""
    return plans.border_plan(BORDER_AREAS[code]) if code in BORDER_AREAS else OTHER_UNITS[code][0]


def lines_of(code):
    """The lines of a unit's draft, as `desk.demo.drafting.draft` takes them."""
    rows = indicators.BORDER if code in BORDER_AREAS else OTHER_UNITS[code][1]
    return [(indicators.LIBRARY[key].of_unit(TENTHS.get(code, 0)), *rest) for key, *rest in rows]


def outcomes_of(lines):
    """What each line came to, by its name."""
    return {
        indicator.name: Outcome(Decimal(indicator.result), indicator.found, indicator.finding_reason)
        for indicator, *_rest in lines
    }


def people_of(code):
    """Who acts in the agreement of a unit, read from their rights and posts as the product does."""
    superior = RTP if code == IMM else IMM
    return People(
        staff=_granted(Role.STAFF, code),
        office=_granted(Role.OFFICE, code),
        head=_head_of(code),
        negotiator=_granted(Role.NEGOTIATOR, superior),
        superior=_head_of(superior),
        evaluator=_granted(Role.EVALUATOR, superior),
    )


def _granted(role, code):
    grant = UnitUserGrant.objects.filter(permission__codename=role, content_object__code=code)
    return grant.select_related("user").earliest("pk").user


def _head_of(code):
    return Appointment.objects.own().filter(post__unit__code=code, post__kind="head").latest("since").user
