"""Who could sign on a day, and why: a table of situations written by hand; what an appointment's scope reads."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from acts.log import THE_SYSTEM
from agreements.authority import covers, who_could_sign
from agreements.models import Agreement, AppointmentAgreement, ReceiverChoice
from agreements.standing import ACTING, As, standing_of, those_where
from agreements.write import create_agreement
from desk.demo.years import fiscal_year
from orgunits.models import Appointment, Post
from tests.world import NOW, WALKS_BEGIN
from workflow.rules import authority_to_sign

D1, D2, RTP, IMM, PMO = "IMM-D1", "IMM-D2", "RTP", "IMM", "PMO"
DAY = date(2026, 10, 1)  # 1 ตุลาคม 2569, in Bangkok
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
MAY, NOT, NONE = "may", "may not", "no appointment"
ORDER = {"order_number": "สตม. 214/2569", "order_date": date(2026, 8, 28)}


# What is so in a situation: each changes the world of `tests.world`, past the verbs that would refuse half of it.


def in_post(
    name, code, capacity="own", *, since=date(2026, 9, 1), until=None, year=None, named=None, by=None, kind="head"
):
    """Somebody in the head's (or deputy's) post of a unit."""

    def happens(world, agreement):
        scope = "year" if year else "named" if named is not None else "all"
        appointment = Appointment.objects.create(
            post=Post.objects.get(unit=world.unit(code), kind=kind),
            user=world.people.get(name),
            capacity=capacity,
            since=since,
            until=until,
            scope=scope,
            fiscal_year=world.years[year] if year else None,
            delegated_by=world.people.get(by) if by else None,
            **(ORDER if capacity != "own" else {}),
        )
        for code_of_named in named or ():
            AppointmentAgreement.objects.create(appointment=appointment, agreement=world.agreements[code_of_named])

    return happens


def acting(name, code, **more):
    return in_post(name, code, "acting", **more)


def delegated(name, code, **more):
    return in_post(name, code, "delegated", **more)


def leaves(name, until):
    """The person's own post ends."""
    return lambda world, agreement: world.people.get(name).appointments.filter(capacity="own").update(until=until)


def closed(name):
    return lambda world, agreement: (
        type(world.people.get(name)).objects.filter(pk=world.people.get(name).pk).update(is_active=False)
    )


def named_receiver(kind, order_date=None):
    """The unit has said who receives the agreement of ตร."""

    def happens(world, agreement):
        order = {"order_number": "327/2569", "order_date": order_date, "order_by": "นายกรัฐมนตรี"} if order_date else {}
        post = Post.objects.get(unit=world.unit(PMO), kind=kind)
        ReceiverChoice.objects.create(agreement=agreement, post=post, said_by="ก", said_at=WALKS_BEGIN, **order)

    return happens


@dataclass(frozen=True)
class Case:
    """A situation; who is asked about, for which signature, on which day; the verdict and what is said."""

    situation: str
    given: tuple
    who: str
    slot: str
    verdict: str
    says: tuple = ()
    on: date = DAY
    code: str = D1
    signed: tuple = ()  # (who, slot) of the signatures that stand already


OWN_D1 = "ดำรงตำแหน่งผู้บังคับการตรวจคนเข้าเมือง 1 ตั้งแต่วันที่ 1 ตุลาคม 2565"
OWN_IMM = "ดำรงตำแหน่งผู้บัญชาการสำนักงานตรวจคนเข้าเมือง ตั้งแต่วันที่ 1 ตุลาคม 2565"
ACTS_D1 = "รักษาราชการแทนผู้บังคับการตรวจคนเข้าเมือง 1 ตามคำสั่งที่ สตม. 214/2569 ลงวันที่ 28 สิงหาคม 2569"
ACTS_SINCE = f"{ACTS_D1} ตั้งแต่วันที่ 1 กันยายน 2569"
ENDED = "การแต่งตั้งสิ้นสุดแล้ว วันสุดท้ายคือวันที่ 30 กันยายน 2569"
BOTH = "ดำรงตำแหน่งทั้งสองฝ่าย บุคคลเดียวลงนามแทนทั้งสองฝ่ายไม่ได้"
HAS_SIGNED = "ลงนามคำรับรองฉบับนี้แล้วในฐานะอีกฝ่ายหนึ่ง"
CLOSED = "บัญชีผู้ใช้ปิดแล้ว จึงเข้าใช้ระบบและลงนามไม่ได้"
OTHER_YEAR = "คำสั่งครอบคลุมเฉพาะปีงบประมาณ 2569 แต่คำรับรองฉบับนี้เป็นของปีงบประมาณ 2570"
NOT_NAMED = "คำสั่งระบุคำรับรองที่ครอบคลุมไว้ และไม่มีฉบับนี้"
CHAIN = "พล.ต.ต. เฉลิม ภูวดล มีอำนาจนี้เพราะได้รับมอบมาอีกทอดหนึ่ง ผู้รับมอบอำนาจจะมอบอำนาจต่อไปไม่ได้"
NO_GIVER = "พล.ต.ต. เฉลิม ภูวดล ซึ่งเป็นผู้มอบอำนาจ ไม่ได้ดำรงตำแหน่งนี้ในวันที่การมอบอำนาจเริ่มมีผล"
GIVER_NARROW = "พล.ต.ต. เฉลิม ภูวดล ซึ่งเป็นผู้มอบอำนาจ ไม่มีอำนาจเหนือคำรับรองฉบับนี้"
ON_BEHALF = "ปฏิบัติราชการแทนผู้บังคับการตรวจคนเข้าเมือง 1 โดยรับมอบอำนาจจาก {} ตามคำสั่งที่ สตม. 214/2569"
UNASSIGNED = "รองนายกรัฐมนตรีลงนามได้เฉพาะเมื่อได้รับมอบหมาย และยังไม่มีคำสั่งมอบหมายในระบบ"
ASSIGNED = "ได้รับมอบหมายจากนายกรัฐมนตรีให้เป็นผู้รับคำรับรองฉบับนี้ ตามคำสั่งที่ 327/2569 ลงวันที่ 1 ตุลาคม 2569"
WIRA, CHALERM = "พล.ต.ต. วีระ กล้าหาญ", "พล.ต.ต. เฉลิม ภูวดล"
NEXT = "neighbours_head"  # เฉลิม: head of บก.ตม.2

CASES = (
    # Their own post
    Case("the head", (), "head", "maker", MAY, (OWN_D1,)),
    Case("the superior", (), "superior", "receiver", MAY, (OWN_IMM,)),
    Case("the first day", (), "head", "maker", MAY, (OWN_D1,), on=date(2022, 10, 1)),
    Case("the day before the first", (), "head", "maker", NOT, ("การแต่งตั้งเริ่มมีผลวันที่ 1 ตุลาคม 2565",), on=date(2022, 9, 30)),
    Case("the last day", (leaves("head", DAY),), "head", "maker", MAY, (f"{OWN_D1} ถึงวันที่ 30 กันยายน 2569",), on=BEFORE),
    Case("the day after the last", (leaves("head", DAY),), "head", "maker", NOT, (ENDED,)),
    Case("revoked on its first day", (acting(NEXT, D1, until=date(2026, 9, 1)),), NEXT, "maker", NOT, ("การแต่งตั้งถูกยกเลิกตั้งแต่วันแรก คือวันที่ 1 กันยายน 2569",)),
    Case("the head of another unit", (), NEXT, "maker", NONE),
    Case("planning staff", (), "staff", "maker", NONE),
    Case("the head's office", (), "office", "maker", NONE),
    Case("the superior, as maker", (), "superior", "maker", NONE),
    Case("the head, as receiver", (), "head", "receiver", NONE),
    Case("an administrator", (), "administrator", "receiver", NONE),
    Case("a closed account", (closed("head"),), "head", "maker", NOT, (CLOSED,)),
    Case("closed and over", (closed("head"), leaves("head", DAY)), "head", "maker", NOT, (CLOSED, ENDED)),
    Case("an appointment long over", (leaves("head", date(2024, 1, 1)),), "head", "maker", NONE),
    # Acting
    Case("acting by order", (acting(NEXT, D1),), NEXT, "maker", MAY, (ACTS_SINCE,)),
    Case("the holder, while somebody acts", (acting(NEXT, D1),), "head", "maker", MAY, (OWN_D1,)),
    Case("the last day of an order", (acting(NEXT, D1, until=DAY),), NEXT, "maker", MAY,
         (f"{ACTS_SINCE} ถึงวันที่ 30 กันยายน 2569",), on=BEFORE),
    Case("an order that has expired", (acting(NEXT, D1, until=DAY),), NEXT, "maker", NOT, (ENDED,)),
    Case("an order still to come", (acting(NEXT, D1, since=AFTER),), NEXT, "maker", NOT,
         ("การแต่งตั้งเริ่มมีผลวันที่ 2 ตุลาคม 2569",)),
    Case("acting, and the account closed", (acting(NEXT, D1), closed(NEXT)), NEXT, "maker", NOT, (CLOSED,)),
    Case("acting for two posts: the one", (acting("office", D1), acting("office", D2)), "office", "maker", MAY, (ACTS_SINCE,)),
    Case("acting for two posts: the other", (acting("office", D1), acting("office", D2)), "office", "maker", MAY,
         ("รักษาราชการแทนผู้บังคับการตรวจคนเข้าเมือง 2",), code=D2),
    Case("acting for the neighbour alone", (acting("office", D2),), "office", "maker", NONE),
    Case("an expired order and one in force", (acting(NEXT, D1, until=DAY), acting(NEXT, D1, since=DAY)), NEXT, "maker", MAY,
         (f"{ACTS_D1} ตั้งแต่วันที่ 1 ตุลาคม 2569",)),
    # Scope
    Case("scope: this year", (acting(NEXT, D1, year=2570),), NEXT, "maker", MAY, (ACTS_SINCE, "คำสั่งครอบคลุมปีงบประมาณ 2570")),
    Case("scope: another year", (acting(NEXT, D1, year=2569),), NEXT, "maker", NOT, (OTHER_YEAR,)),
    Case("scope: this agreement named", (acting(NEXT, D1, named=[D1]),), NEXT, "maker", MAY, (ACTS_SINCE, "คำสั่งระบุคำรับรองฉบับนี้ไว้")),
    Case("scope: another one named", (acting(NEXT, D1, named=[D2]),), NEXT, "maker", NOT, (NOT_NAMED,)),
    Case("scope: both named", (acting(NEXT, D1, named=[D2, D1]),), NEXT, "maker", MAY, (ACTS_SINCE, "คำสั่งระบุคำรับรองฉบับนี้ไว้")),
    Case("scope: none named", (acting(NEXT, D1, named=[]),), NEXT, "maker", NOT, (NOT_NAMED,)),
    Case("scope: another year, and over", (acting(NEXT, D1, year=2569, until=DAY),), NEXT, "maker", NOT, (ENDED, OTHER_YEAR)),
    # Delegation
    Case("delegated by the holder", (delegated("office", D1, by="head"),), "office", "maker", MAY, (ON_BEHALF.format(WIRA),)),
    Case("delegated by who acts", (acting(NEXT, D1), delegated("office", D1, by=NEXT)), "office", "maker", MAY,
         (ON_BEHALF.format(CHALERM),)),
    Case("a delegate delegates", (delegated(NEXT, D1, by="head"), delegated("office", D1, by=NEXT)), "office", "maker", NOT, (CHAIN,)),
    Case("delegated by who never held the post", (delegated("office", D1, by=NEXT),), "office", "maker", NOT, (NO_GIVER,)),
    Case("delegated before the giver began", (acting(NEXT, D1, since=DAY), delegated("office", D1, by=NEXT)), "office", "maker", NOT,
         (NO_GIVER,)),
    Case("the giver has left since", (leaves("head", date(2026, 9, 15)), delegated("office", D1, by="head")), "office", "maker", MAY,
         (ON_BEHALF.format(WIRA),)),
    Case("the giver acts for another year", (acting(NEXT, D1, year=2569), delegated("office", D1, by=NEXT)), "office", "maker", NOT,
         (GIVER_NARROW,)),
    Case("delegated within this year", (delegated("office", D1, by="head", year=2570),), "office", "maker", MAY,
         (ON_BEHALF.format(WIRA), "คำสั่งครอบคลุมปีงบประมาณ 2570")),
    Case("a delegation that is over", (delegated("office", D1, by="head", until=DAY),), "office", "maker", NOT, (ENDED,)),
    Case("an old delegation, its giver unknown", (delegated("office", D1),), "office", "maker", MAY,
         ("ปฏิบัติราชการแทนผู้บังคับการตรวจคนเข้าเมือง 1 ตามคำสั่งที่ สตม. 214/2569",)),
    # Both sides
    Case("both sides, as maker", (acting("superior", D1),), "superior", "maker", NOT, (BOTH,)),
    Case("both sides, as receiver", (acting("superior", D1),), "superior", "receiver", NOT, (BOTH,)),
    Case("both sides, by delegation", (delegated("head", IMM, by="superior"),), "head", "maker", NOT, (BOTH,)),
    Case("the maker's post for another year", (acting("superior", D1, year=2569),), "superior", "receiver", MAY, (OWN_IMM,)),
    Case("the maker's post for another agreement", (acting("superior", D1, named=[D2]),), "superior", "receiver", MAY, (OWN_IMM,)),
    Case("the maker's post until yesterday", (acting("superior", D1, until=DAY),), "superior", "receiver", MAY, (OWN_IMM,)),
    Case("the maker's post from tomorrow", (acting("superior", D1, since=AFTER),), "superior", "receiver", MAY, (OWN_IMM,)),
    Case("another unit's post", (acting("superior", D2),), "superior", "receiver", MAY, (OWN_IMM,)),
    # Transferred between the two signatures
    Case("the head signed, then became the superior", (leaves("head", DAY), leaves("superior", DAY), in_post("head", IMM, since=DAY)),
         "head", "receiver", NOT, (HAS_SIGNED,), signed=(("head", "maker"),)),
    Case("the superior's successor", (leaves("superior", DAY), in_post(NEXT, IMM, since=DAY)), NEXT, "receiver", MAY,
         ("ดำรงตำแหน่งผู้บัญชาการสำนักงานตรวจคนเข้าเมือง ตั้งแต่วันที่ 1 ตุลาคม 2569",), signed=(("head", "maker"),)),
    Case("the superior who left", (leaves("superior", DAY), in_post(NEXT, IMM, since=DAY)), "superior", "receiver", NOT, (ENDED,),
         signed=(("head", "maker"),)),
    Case("the head left after signing: the superior", (leaves("head", DAY),), "superior", "receiver", MAY, (OWN_IMM,),
         signed=(("head", "maker"),)),
    Case("the head's successor", (leaves("head", DAY), in_post(NEXT, D1, since=DAY)), NEXT, "maker", MAY,
         ("ดำรงตำแหน่งผู้บังคับการตรวจคนเข้าเมือง 1 ตั้งแต่วันที่ 1 ตุลาคม 2569",)),
    # The Prime Minister, or the Deputy so assigned
    Case("a Deputy without assignment", (), "deputy_prime_minister", "receiver", NOT, (UNASSIGNED,), code=RTP),
    Case("the Prime Minister, nobody named", (), "prime_minister", "receiver", NOT, ("ยังไม่ได้ระบุผู้รับคำรับรองของฉบับนี้",), code=RTP),
    Case("the Prime Minister named", (named_receiver("head"),), "prime_minister", "receiver", MAY,
         ("ดำรงตำแหน่งนายกรัฐมนตรี ตั้งแต่วันที่ 1 ตุลาคม 2565",), code=RTP),
    Case("a Deputy, the Prime Minister named", (named_receiver("head"),), "deputy_prime_minister", "receiver", NOT,
         ("คำรับรองฉบับนี้ระบุให้นายกรัฐมนตรีเป็นผู้รับคำรับรอง",), code=RTP),
    Case("a Deputy assigned", (named_receiver("deputy", DAY),), "deputy_prime_minister", "receiver", MAY,
         ("ดำรงตำแหน่งรองนายกรัฐมนตรี ตั้งแต่วันที่ 1 ตุลาคม 2565", ASSIGNED), code=RTP),
    Case("a Deputy, the day before the order", (named_receiver("deputy", DAY),), "deputy_prime_minister", "receiver", NOT,
         ("คำสั่งมอบหมายลงวันที่ 1 ตุลาคม 2569 จึงมีผลตั้งแต่วันนั้นเป็นต้นไป",), code=RTP, on=BEFORE),
    Case("the Prime Minister, a Deputy assigned", (named_receiver("deputy", DAY),), "prime_minister", "receiver", NOT,
         ("คำรับรองฉบับนี้ระบุให้รองนายกรัฐมนตรีเป็นผู้รับคำรับรอง",), code=RTP),
    Case("the Commissioner-General makes it", (), "commissioner_general", "maker", MAY, ("ดำรงตำแหน่งผู้บัญชาการตำรวจแห่งชาติ",), code=RTP),
)  # fmt: skip


@pytest.fixture
def table_world(world):
    """The world with last year, and with the agreements of two divisions and of ตร."""
    world.years = {2570: world.year, 2569: fiscal_year(2569, by=THE_SYSTEM, at=WALKS_BEGIN)}
    world.agreements = {
        code: create_agreement(world.unit(code), world.year, actor=world.actors(code).staff, at=WALKS_BEGIN)
        for code in (D1, D2, RTP)
    }
    return world


def judged(world, case):
    """(verdict, sentences) as the product gives them."""
    agreement = Agreement.objects.for_detail().get(pk=world.agreements[case.code].pk)
    for happens in case.given:
        happens(world, agreement)
    signed = {world.people.get(name).pk: slot for name, slot in case.signed}
    found = who_could_sign(agreement, case.slot, case.on, signed=signed).of(world.people.get(case.who))
    return (NONE, ()) if found is None else (MAY if found.may else NOT, found.why)


def as_said(case, verdict, why):
    whole = len(why) == len(case.says) and all(said.startswith(part) for part, said in zip(case.says, why, strict=True))
    return verdict == case.verdict and whole


def test_the_table_of_situations(table_world):
    """Each in a transaction of its own, rolled back: all that are wrong are told at once."""
    assert len(CASES) >= 40
    assert len({case.situation for case in CASES}) == len(CASES)
    wrong = []
    for case in CASES:
        with transaction.atomic():
            verdict, why = judged(table_world, case)
            transaction.set_rollback(True)
        if not as_said(case, verdict, why):
            wrong.append((case.situation, verdict, why))
    assert wrong == []


def test_an_order_expires_at_midnight_in_bangkok(world):
    agreement, head = world.agreement(), world.people.head
    head.appointments.update(until=DAY)
    last_second = datetime(2026, 9, 30, 16, 59, 59, tzinfo=UTC)
    may = [
        authority_to_sign(agreement, "maker", at).of(head).may
        for at in (last_second, last_second + timedelta(seconds=1))
    ]
    assert may == [True, False]


def test_candidates_come_in_force_first_then_own_acting_delegated(table_world):
    agreement = table_world.agreements[D1]
    delegated("staff", D1, by="head")(table_world, agreement)
    acting("office", D1)(table_world, agreement)
    acting(NEXT, D1, until=DAY)(table_world, agreement)
    found = who_could_sign(agreement, "maker", DAY)
    assert [(each.appointment.user.username, each.may) for each in found.candidates] == [
        ("wira", True),
        ("prasit", True),
        ("kamolchanok", True),
        ("chalerm", False),
    ]
    assert [each.appointment.user.username for each in found.able] == ["wira", "prasit", "kamolchanok"]


# What a scope reads, and where it acts


@pytest.mark.parametrize(("scope", "seen"), [({}, {D1, "last"}), ({"year": 2569}, {"last"}), ({"named": [D1]}, {D1})])
def test_a_limited_appointment_reads_and_acts_where_it_covers(table_world, scope, seen):
    last = create_agreement(
        table_world.unit(D1), table_world.years[2569], actor=table_world.people.staff, at=WALKS_BEGIN
    )
    both = {D1: table_world.agreements[D1], "last": last}
    acting("nobody", D1, **scope)(table_world, last)
    person = table_world.people.nobody

    assert {name for name, each in both.items() if each in Agreement.objects.visible_to(person, NOW)} == seen
    assert {name for name, each in both.items() if As.HEAD in standing_of(person, each, NOW)} == seen
    appointment = person.appointments.get()
    assert {name for name, each in both.items() if covers(appointment, each)} == seen
    for role in ACTING:
        of_many = set(Agreement.objects.filter(those_where(person, role, NOW)))
        assert of_many == ({both[name] for name in seen} if role == As.HEAD else set())


def test_a_limited_superior_knows_only_of_what_the_order_covers(table_world):
    acting("nobody", IMM, named=[D2])(table_world, None)
    person = table_world.people.nobody
    assert list(Agreement.objects.visible_to(person, NOW)) == [table_world.agreements[D2]]
    assert list(Agreement.objects.filter(those_where(person, As.SUPERIOR, NOW))) == [table_world.agreements[D2]]
