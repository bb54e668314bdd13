"""People of the demonstration: invented names (ชื่อสมมติ), one password for all."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from acts.log import THE_SYSTEM
from orgunits.appoint import appoint
from orgunits.authority import head_post
from orgunits.grants import grant
from orgunits.models import HEADQUARTERS, OrgUnit
from orgunits.roles import Role

PASSWORD = "kham-rap-rong"  # made public on purpose: a demonstration holds nothing worth hiding
IN_POST_SINCE = date(2022, 10, 1)
RTP, IMM = HEADQUARTERS, "IMM"


@dataclass(frozen=True)
class Person:
    """A person, the roles they are given on units, and the units they are head of."""

    username: str
    rank: str
    first_name: str
    last_name: str
    duty: str
    grants: tuple = ()
    heads: tuple = ()
    female: bool = False
    prefix: str = ""

    def as_user(self, password):
        return User(
            username=self.username,
            password=password,
            rank=self.rank,
            prefix=self.prefix,
            title_female=self.female,
            first_name=self.first_name,
            last_name=self.last_name,
        )


def staff(unit, username, *name, duty, female=False):
    return Person(username, *name, duty=duty, grants=((Role.STAFF, unit),), female=female)


def office(unit, username, *name, duty, female=False):
    return Person(username, *name, duty=duty, grants=((Role.OFFICE, unit),), female=female)


def head(unit, username, *name, duty, female=False):
    return Person(username, *name, duty=duty, heads=(unit,), female=female)


def on(unit, role, username, *name, duty, **more):
    return Person(username, *name, duty=duty, grants=((role, unit),), **more)


# Those who walk an agreement from draft to evaluation, and those who look on: shown by `manage.py demo --accounts`.
PRINCIPALS = (
    staff("IMM-D1", "kamolchanok", "พ.ต.ท.", "กมลชนก", "ใจดี", duty="เจ้าหน้าที่แผน บก.ตม.1", female=True),
    office("IMM-D1", "prasit", "พ.ต.อ.", "ประสิทธิ์", "ใจมั่น", duty="หัวหน้าฝ่ายอำนวยการ บก.ตม.1"),
    head("IMM-D1", "wira", "พล.ต.ต.", "วีระ", "กล้าหาญ", duty="ผบก.ตม.1 (ผู้ทำคำรับรอง)"),
    staff("IMM-D2", "napat", "พ.ต.ท.", "ณภัทร", "แสงทอง", duty="เจ้าหน้าที่แผน บก.ตม.2"),
    office("IMM-D2", "siriporn", "พ.ต.อ.", "ศิริพร", "วงศ์สวัสดิ์", duty="หัวหน้าฝ่ายอำนวยการ บก.ตม.2", female=True),
    head("IMM-D2", "chalerm", "พล.ต.ต.", "เฉลิม", "ภูวดล", duty="ผบก.ตม.2 (ผู้ทำคำรับรอง)"),
    on(IMM, Role.NEGOTIATOR, "thana", "พ.ต.อ.", "ธนา", "ศรีสุข", duty="ผู้เจรจา สตม."),
    head(IMM, "somchai", "พล.ต.ท.", "สมชาย", "รักไทย", duty="ผบช.สตม. (ผู้รับคำรับรองของ บก.)"),
    on(IMM, Role.EVALUATOR, "wichai", "พ.ต.ต.", "วิชัย", "ตั้งตรง", duty="ผู้ประเมิน สตม."),
    staff(IMM, "malee", "ร.ต.อ.", "มาลี", "ทองดี", duty="เจ้าหน้าที่แผน สตม.", female=True),
    office(IMM, "anan", "พล.ต.ต.", "อนันต์", "มั่นคง", duty="รอง ผบช.สตม. (สำนักงานผู้บัญชาการ)"),
    on(RTP, Role.NEGOTIATOR, "orawan", "พ.ต.อ.", "อรวรรณ", "พิทักษ์ชน", duty="ผู้เจรจา ตร.", female=True),
    head(RTP, "pithak", "พล.ต.อ.", "พิทักษ์", "ไทยรุ่งเรือง", duty="ผบ.ตร. (ผู้รับคำรับรองของ บช.)"),
    on(RTP, Role.EVALUATOR, "surachai", "พ.ต.ท.", "สุรชัย", "เที่ยงธรรม", duty="ผู้ประเมิน ตร."),
    on(RTP, Role.PLANNER, "suda", "พ.ต.อ.", "สุดา", "แผนงาม", duty="กองยุทธศาสตร์ (ดูแลปีงบประมาณและกรอบ)", female=True),
    on(RTP, Role.AUDITOR, "niti", "พ.ต.อ.", "นิติ", "ตรวจสอบ", duty="ผู้ตรวจสอบภายใน"),
    on(RTP, Role.ADMINISTRATOR, "arthit", "", "อาทิตย์", "ดูแลดี", prefix="นาย", duty="ผู้ดูแลระบบ"),
    staff("CIB-CSD", "kanda", "ร.ต.อ.", "กานดา", "นอกสังกัด", duty="เจ้าหน้าที่แผน บก.ป. (หน่วยอื่น)", female=True),
)


def _division(code, name, *people):
    """Staff, head's office and head of a division: (username, rank, first name, last name, woman?) each."""
    duties = ("เจ้าหน้าที่แผน", "หัวหน้าฝ่ายอำนวยการ", "หัวหน้าหน่วย")
    for make, duty, (*person, female) in zip((staff, office, head), duties, people, strict=True):
        yield make(code, *person, duty=f"{duty} {name}", female=female)


OTHERS = (
    *_division(
        "IMM-D3", "บก.ตม.3",
        ("pimchanok", "พ.ต.ท.", "พิมพ์ชนก", "บุญมา", True),
        ("kittisak", "พ.ต.อ.", "กิตติศักดิ์", "ชัยชนะ", False),
        ("decha", "พล.ต.ต.", "เดชา", "สุขสวัสดิ์", False),
    ),
    *_division(
        "IMM-D4", "บก.ตม.4",
        ("somjai", "พ.ต.ต.", "สมใจ", "อีสานสุข", True),
        ("manop", "พ.ต.อ.", "มานพ", "โพธิ์ทอง", False),
        ("boonsong", "พล.ต.ต.", "บุญส่ง", "แก้วมณี", False),
    ),
    *_division(
        "IMM-D5", "บก.ตม.5",
        ("chiraporn", "พ.ต.ต.", "จิราภรณ์", "เชียงแสน", True),
        ("nopporn", "พ.ต.อ.", "นพพร", "ล้านนา", False),
        ("wuttichai", "พล.ต.ต.", "วุฒิชัย", "ปัญญาดี", False),
    ),
    *_division(
        "IMM-D6", "บก.ตม.6",
        ("fatima", "พ.ต.ต.", "ฟาติมา", "หาดใหญ่", True),
        ("sompong", "พ.ต.อ.", "สมพงษ์", "ทักษิณ", False),
        ("prawit", "พล.ต.ต.", "ประวิทย์", "ศรีตรัง", False),
    ),
    *_division(
        "IMM-GS", "บก.อก.สตม.",
        ("jintana", "พ.ต.ท.", "จินตนา", "เรียบร้อย", True),
        ("adisorn", "พ.ต.อ.", "อดิศร", "รอบคอบ", False),
        ("nuanchan", "พล.ต.ต.", "นวลจันทร์", "งามสง่า", True),
    ),
    *_division(
        "IMM-INV", "บก.สส.สตม.",
        ("ekkachai", "พ.ต.ท.", "เอกชัย", "สืบเสาะ", False),
        ("tawan", "พ.ต.อ.", "ตะวัน", "ฉายแสง", False),
        ("surasak", "พล.ต.ต.", "สุรศักดิ์", "ยุติธรรม", False),
    ),
    *_division(
        "IMM-TEC", "ศท.ตม.",
        ("parichat", "พ.ต.ท.", "ปาริชาติ", "ดิจิทัล", True),
        ("worawut", "พ.ต.อ.", "วรวุฒิ", "เครือข่าย", False),
        ("theerapong", "พล.ต.ต.", "ธีรพงศ์", "ก้าวไกล", False),
    ),
    *_division(
        "IMM-TRN", "ศฝร.ตม.",
        ("supaporn", "พ.ต.ต.", "สุภาพร", "ครูดี", True),
        ("yongyut", "พ.ต.อ.", "ยงยุทธ", "วิทยา", False),
        ("preecha", "พล.ต.ต.", "ปรีชา", "สอนดี", False),
    ),
)  # fmt: skip
EVERYBODY = PRINCIPALS + OTHERS


def settle(people, *, at, password=PASSWORD):
    """Make the accounts that are not there yet, with their rights and appointments."""
    units = {unit.code: unit for unit in OrgUnit.objects.filter(code__in=_codes(people))}
    there = set(User.objects.values_list("username", flat=True))
    # One password for all, so one hash for all: hashing is slow on purpose.
    hashed = make_password(password)
    for person in people:
        if person.username not in there:
            _settle(person, units, hashed, at)


@transaction.atomic
def _settle(person, units, hashed, at):
    user = person.as_user(hashed)
    user.save()
    for role, code in person.grants:
        grant(user, role, units[code], by=THE_SYSTEM, at=at)
    for code in person.heads:
        appoint(head_post(units[code]), user, since=IN_POST_SINCE, by=THE_SYSTEM, at=at)


def _codes(people):
    return {code for person in people for code in (*(code for _role, code in person.grants), *person.heads)}
