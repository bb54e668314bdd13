"""People of the demonstration: invented names (ชื่อสมมติ), one password for all."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from acts.log import THE_SYSTEM
from orgunits.administration import belong
from orgunits.appoint import appoint
from orgunits.authority import head_post, signatory_of
from orgunits.grants import grant
from orgunits.models import HEADQUARTERS, PRIME_MINISTER, PUBLIC_SECTOR_OFFICE, Appointment, OrgUnit, Post
from orgunits.roles import Role
from thai.dates import be_year, local_date

PASSWORD = "kham-rap-rong"  # made public on purpose: a demonstration holds nothing worth hiding
IN_POST_SINCE = date(2022, 10, 1)
RTP, IMM, PMO, OPDC = HEADQUARTERS, "IMM", PRIME_MINISTER, PUBLIC_SECTOR_OFFICE
# Who acts for a vacant post does so by an order.
ACTS_FOR = timedelta(days=55)  # seen from the day the demonstration is made, it ends soon
ORDER_TO_ACT = {"order_number": "คำสั่ง ตร. ที่ 412/{year}", "order_by": "ผู้บัญชาการตำรวจแห่งชาติ"}


@dataclass(frozen=True)
class Person:
    """A person, the roles they are given on units, and the units they are head of.

    `were`: units whose head they were until the posts changed hands; `acts`: those whose head they act for since then.
    `deputies`: units whose deputy's post they hold.
    """

    username: str
    rank: str
    first_name: str
    last_name: str
    duty: str
    grants: tuple = ()
    heads: tuple = ()
    female: bool = False
    prefix: str = ""
    were: tuple = ()
    acts: tuple = ()
    deputies: tuple = ()
    phone: str = ""

    @property
    def codes(self):
        """The units they have to do with, the one they belong to first."""
        return (*self.heads, *(code for _role, code in self.grants), *self.were, *self.deputies, *self.acts)

    @property
    def unit(self):
        """The unit they belong to."""
        return self.codes[0]

    def as_user(self, password):
        return User(
            username=self.username,
            password=password,
            rank=self.rank,
            prefix=self.prefix,
            title_female=self.female,
            first_name=self.first_name,
            last_name=self.last_name,
            phone=self.phone,
        )


def staff(unit, username, *name, duty, female=False, phone=""):
    return Person(username, *name, duty=duty, grants=((Role.STAFF, unit),), female=female, phone=phone)


def office(unit, username, *name, duty, female=False, phone=""):
    return Person(username, *name, duty=duty, grants=((Role.OFFICE, unit),), female=female, phone=phone)


def head(unit, username, *name, duty, **more):
    return Person(username, *name, duty=duty, heads=(unit,), **more)


def on(unit, role, username, *name, duty, **more):
    return Person(username, *name, duty=duty, grants=((role, unit),), **more)


# Those who walk an agreement from draft to evaluation, and those who look on: shown by `manage.py demo --accounts`.
PRINCIPALS = (
    staff("IMM-D1", "kamolchanok", "พ.ต.ท.", "กมลชนก", "ใจดี", duty="เจ้าหน้าที่แผน บก.ตม.1", female=True),
    office("IMM-D1", "prasit", "พ.ต.อ.", "ประสิทธิ์", "ใจมั่น", duty="หัวหน้าฝ่ายอำนวยการ บก.ตม.1"),
    head("IMM-D1", "wira", "พล.ต.ต.", "วีระ", "กล้าหาญ", duty="ผบก.ตม.1 (ผู้ทำคำรับรอง)"),
    staff("IMM-D2", "napat", "พ.ต.ท.", "ณภัทร", "แสงทอง", duty="เจ้าหน้าที่แผน บก.ตม.2", phone="0 2555 0126"),
    office(
        "IMM-D2",
        "siriporn",
        "พ.ต.อ.",
        "ศิริพร",
        "วงศ์สวัสดิ์",
        duty="หัวหน้าฝ่ายอำนวยการ บก.ตม.2",
        female=True,
        phone="0 2555 0121",
    ),
    head("IMM-D2", "chalerm", "พล.ต.ต.", "เฉลิม", "ภูวดล", duty="ผบก.ตม.2 (ผู้ทำคำรับรอง)", phone="0 2555 0120"),
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


# The parties outside the police and the police as a unit, and who stands for the handbook's other cases.
OUTSIDE = (
    staff(RTP, "waraporn", "พ.ต.ท.", "วราภรณ์", "สุจริต", duty="เจ้าหน้าที่แผน ตร.", female=True),
    office(RTP, "thanakorn", "พล.ต.ต.", "ธนากร", "เกียรติยศ", duty="สำนักงานผู้บัญชาการตำรวจแห่งชาติ"),
    on(OPDC, Role.NEGOTIATOR, "krongkarn", "", "กรองกาญจน์", "พัฒนระบบ", prefix="นางสาว",
       duty="ผู้เจรจา สำนักงาน ก.พ.ร."),
    on(OPDC, Role.EVALUATOR, "pongsak", "", "พงศ์ศักดิ์", "วัดผลดี", prefix="นาย", duty="ผู้ประเมิน สำนักงาน ก.พ.ร."),
    head(PMO, "anuwat", "", "อนุวัฒน์", "สมมติธรรม", prefix="นาย", duty="นายกรัฐมนตรี (ผู้รับคำรับรองของ ตร.)"),
    Person("chonlada", "", "ชลลดา", "สมมติชัย", prefix="นาง", deputies=(PMO,),
           duty="รองนายกรัฐมนตรี (ได้รับมอบหมาย)"),
    on(IMM, Role.ADMINISTRATOR, "ratchanon", "ร.ต.อ.", "รัชชานนท์", "ดูแลระบบ", duty="ผู้ดูแลระบบ สตม."),
    on(IMM, Role.PLANNER, "nattaya", "พ.ต.ท.", "ณัฐยา", "วางหลัก", duty="ฝ่ายยุทธศาสตร์ สตม.", female=True),
    staff("OCG-FAD", "pattama", "พ.ต.ท.", "ปัทมา", "ต่างแดน", duty="เจ้าหน้าที่แผน ตท. (สังกัด สง.ผบ.ตร.)", female=True),
    head("OCG-FAD", "kritsada", "พล.ต.ต.", "กฤษดา", "สากลกิจ", duty="ผบก.ตท. (ลงนามกับ ผบ.ตร.)"),
    staff("TPB", "busaba", "พ.ต.ท.", "บุษบา", "นำทาง", duty="เจ้าหน้าที่แผน บช.ทท.", female=True),
    staff("CCIB", "natthapong", "พ.ต.ท.", "ณัฐพงษ์", "ไซเบอร์", duty="เจ้าหน้าที่แผน บช.สอท. (ร่างถูกส่งคืน)"),
)  # fmt: skip
# Who can sign in, as the list of accounts tells it.
ACCOUNTS = PRINCIPALS + OUTSIDE


DUTIES = {staff: "เจ้าหน้าที่แผน", office: "หัวหน้าฝ่ายอำนวยการ", head: "หัวหน้าหน่วย"}


def _of(code, name, makers, *people):
    """People of a unit, one by each maker: (username, rank, first name, last name, woman?) each."""
    for make, (*person, female) in zip(makers, people, strict=True):
        yield make(code, *person, duty=f"{DUTIES[make]} {name}", female=female)


def _division(code, name, *people):
    """Staff, head's office and head of a division."""
    return _of(code, name, (staff, office, head), *people)


OTHERS = (
    *_of(
        "OCG-FAD", "ตท.", (office,),
        ("ratchada", "พ.ต.อ.", "รัชดา", "ทูตานุทูต", True),
    ),
    *_of(
        "TPB", "บช.ทท.", (office, head),
        ("sarawut", "พล.ต.ต.", "สราวุธ", "ท่องไทย", False),
        ("apichart", "พล.ต.ท.", "อภิชาติ", "ไมตรีจิต", False),
    ),
    *_of(
        "CCIB", "บช.สอท.", (office, head),
        ("lalita", "พล.ต.ต.", "ลลิตา", "รู้ทันภัย", True),
        ("chanchai", "พล.ต.ท.", "ชาญชัย", "สืบค้น", False),
    ),
    *_division(
        "OCG-DIS", "วน.",
        ("arunee", "พ.ต.ท.", "อรุณี", "มีวินัย", True),
        ("somkiat", "พ.ต.อ.", "สมเกียรติ", "เที่ยงตรง", False),
        ("paisan", "พล.ต.ต.", "ไพศาล", "ธรรมรักษ์", False),
    ),
    *_division(
        "OCG-PRD", "สท.",
        ("nichapa", "พ.ต.ต.", "ณิชาภา", "สื่อสารดี", True),
        ("kamol", "พ.ต.อ.", "กมล", "ข่าวไว", False),
        ("siriwan", "พล.ต.ต.", "ศิริวรรณ", "แถลงการณ์", True),
    ),
    *_of(
        "OCG-ILEA", "ILEA", (staff, office),
        ("wipada", "พ.ต.ต.", "วิภาดา", "อินเตอร์", True),
        ("chatchawan", "พ.ต.อ.", "ชัชวาลย์", "วิเทศ", False),
    ),
    # Retired: nobody has been put in the post yet.
    Person("boonlert", "พล.ต.ต.", "บุญเลิศ", "เกษมสุข", duty="ผู้อำนวยการ ILEA (พ้นตำแหน่ง)", were=("OCG-ILEA",)),
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
    *_of(
        "IMM-D6", "บก.ตม.6", (staff, office),
        ("fatima", "พ.ต.ต.", "ฟาติมา", "หาดใหญ่", True),
        ("sompong", "พ.ต.อ.", "สมพงษ์", "ทักษิณ", False),
    ),
    Person("prawit", "พล.ต.ต.", "ประวิทย์", "ศรีตรัง", duty="หัวหน้าหน่วย บก.ตม.6 (เกษียณอายุ ตำแหน่งว่าง)", were=("IMM-D6",)),
    *_of(
        "IMM-GS", "บก.อก.สตม.", (staff, office),
        ("jintana", "พ.ต.ท.", "จินตนา", "เรียบร้อย", True),
        ("adisorn", "พ.ต.อ.", "อดิศร", "รอบคอบ", False),
    ),
    head("IMM-GS", "nuanchan", "พล.ต.ต.", "นวลจันทร์", "งามสง่า", female=True, acts=("IMM-TEC",),
         duty="หัวหน้าหน่วย บก.อก.สตม. และรักษาราชการแทนหัวหน้าหน่วย ศท.ตม."),
    *_division(
        "IMM-INV", "บก.สส.สตม.",
        ("ekkachai", "พ.ต.ท.", "เอกชัย", "สืบเสาะ", False),
        ("tawan", "พ.ต.อ.", "ตะวัน", "ฉายแสง", False),
        ("surasak", "พล.ต.ต.", "สุรศักดิ์", "ยุติธรรม", False),
    ),
    *_of(
        "IMM-TEC", "ศท.ตม.", (staff, office),
        ("parichat", "พ.ต.ท.", "ปาริชาติ", "ดิจิทัล", True),
        ("worawut", "พ.ต.อ.", "วรวุฒิ", "เครือข่าย", False),
    ),
    Person("theerapong", "พล.ต.ต.", "ธีรพงศ์", "ก้าวไกล", duty="หัวหน้าหน่วย ศท.ตม. (ย้าย)", were=("IMM-TEC",)),
    *_division(
        "IMM-TRN", "ศฝร.ตม.",
        ("supaporn", "พ.ต.ต.", "สุภาพร", "ครูดี", True),
        ("yongyut", "พ.ต.อ.", "ยงยุทธ", "วิทยา", False),
        ("preecha", "พล.ต.ต.", "ปรีชา", "สอนดี", False),
    ),
)  # fmt: skip
EVERYBODY = ACCOUNTS + OTHERS


def settle(people, *, at, handed_over, password=PASSWORD):
    """Make the accounts that are not there yet, with their rights and appointments.

    On the day `handed_over` some posts lost their holder, and others began to act for them.
    """
    units = {
        unit.code: unit for unit in OrgUnit.objects.filter(code__in={code for each in people for code in each.codes})
    }
    there = set(User.objects.values_list("username", flat=True))
    # One password for all, so one hash for all: hashing is slow on purpose.
    hashed = make_password(password)
    for person in people:
        if person.username not in there:
            _settle(person, units, hashed, handed_over, at)
        else:
            _renew(person, units, handed_over, at)


@transaction.atomic
def _settle(person, units, hashed, handed_over, at):
    user = person.as_user(hashed)
    user.save()
    belong(user, units[person.unit], by=THE_SYSTEM, at=at)
    for role, code in person.grants:
        grant(user, role, units[code], by=THE_SYSTEM, at=at)
    for post, term in _terms(person, units, handed_over):
        appoint(post, user, **term, by=THE_SYSTEM, at=at)


def _terms(person, units, handed_over):
    """(post, how it is held) of each post of a person."""
    for code in person.heads:
        yield head_post(units[code]), {"since": IN_POST_SINCE}
    for code in person.deputies:
        yield Post.objects.get(unit=units[code], kind=Post.Kind.DEPUTY), {"since": IN_POST_SINCE}
    for code in person.were:
        yield head_post(units[code]), {"since": IN_POST_SINCE, "until": handed_over}
    for code in person.acts:
        yield head_post(units[code]), _acting(handed_over)


def _acting(since):
    order = {name: text.format(year=be_year(since)) for name, text in ORDER_TO_ACT.items()}
    acting = {"capacity": Appointment.Capacity.ACTING, "order_date": since, **order}
    return {"since": since, "until": since + ACTS_FOR, **acting}


def _renew(person, units, handed_over, at):
    """Where an order to act has run out since the scene was made, another one follows."""
    for code in person.acts:
        post = head_post(units[code])
        if signatory_of(post, local_date(at)) is None:
            appoint(post, User.objects.get(username=person.username), **_acting(handed_over), by=THE_SYSTEM, at=at)
