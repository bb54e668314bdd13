"""The whole walk, with every way back, as the product's own moves make it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from acts.engine import Conflict, Refused, StepUp, move
from acts.log import THE_SYSTEM, first_fault
from acts.models import Entry
from agreements.freeze import agreed_snapshot, thaw
from agreements.models import Document, Snapshot
from desk.demo.walk import FIRST_COMMENT, FIRST_OFFERS, Outcome, Walk
from orgunits.appoint import appoint, end_appointment
from orgunits.authority import head_post
from orgunits.models import Appointment
from workflow.lifecycle import TABLE
from workflow.models import Offer, Round, Signature, SigningRefusal
from workflow.rules import hash_to_sign, open_offers

BACK = "โปรดทบทวนอีกครั้ง"
PAPER = {"document_number": "ตม.1 0029.12/881", "document_date": date(2026, 9, 1)}


def make_offers(walk):
    walk.offer(FIRST_OFFERS, FIRST_COMMENT)


def accept_all(walk):
    walk.accept(open_offers(walk.agreement))


def write_findings(walk):
    walk.find(walk.agreement.lines.count())


# What is done before the move; the move; by whom; the stage and the pen afterwards.
EVERY_WAY = (
    (Walk.answer_questions, "hand_to_office", "staff", "draft", "office"),
    (None, "return_to_staff", "office", "draft", "staff"),
    (None, "submit", "office", "informal", "negotiator"),
    (None, "send_back", "negotiator", "draft", "staff"),
    (None, "submit", "office", "informal", "negotiator"),
    (make_offers, "hand_back", "negotiator", "informal", "staff"),
    (accept_all, "hand_to_office", "staff", "informal", "office"),
    (None, "return_to_staff", "office", "informal", "staff"),
    (None, "answer", "office", "informal", "negotiator"),
    (None, "close_informal", "negotiator", "formal", "negotiator"),
    (None, "reopen_informal", "negotiator", "informal", "staff"),
    (None, "answer", "office", "informal", "negotiator"),
    (None, "close_informal", "negotiator", "formal", "negotiator"),
    (Walk.take_minutes, "record_formal", "negotiator", "formal", "office"),
    (None, "dispute_formal", "office", "formal", "negotiator"),
    (None, "record_formal", "negotiator", "formal", "office"),
    (None, "confirm_formal", "office", "signing", "head"),
    (None, "refuse_to_make", "head", "formal", "negotiator"),
    (Walk.take_minutes, "record_formal", "negotiator", "formal", "office"),
    (None, "confirm_formal", "office", "signing", "head"),
    (None, "sign", "head", "signing", "superior"),
    (None, "refuse_to_receive", "superior", "formal", "negotiator"),
    (Walk.take_minutes, "record_formal", "negotiator", "formal", "office"),
    (None, "confirm_formal", "office", "signing", "head"),
    (None, "sign", "head", "signing", "superior"),
    (None, "countersign", "superior", "assessment", "staff"),
    (None, "take_from_paper", "evaluator", "assessment", "evaluator"),
    (None, "take_back_report", "staff", "assessment", "staff"),
    (None, "take_from_paper", "evaluator", "assessment", "evaluator"),
    (None, "give_back_paper", "evaluator", "assessment", "staff"),
    (Walk.write_report, "hand_to_office", "staff", "assessment", "office"),
    (None, "return_to_staff", "office", "assessment", "staff"),
    (None, "send_report", "office", "assessment", "head"),
    (None, "return_certification", "head", "assessment", "staff"),
    (None, "take_from_paper", "evaluator", "assessment", "evaluator"),
    (None, "send_from_paper", "evaluator", "assessment", "head"),
    (None, "return_certification", "head", "assessment", "staff"),
    (None, "send_report", "office", "assessment", "head"),
    (None, "certify", "head", "evaluation", "evaluator"),
    (write_findings, "propose", "evaluator", "evaluation", "superior"),
    (None, "return_scores", "superior", "evaluation", "evaluator"),
    (None, "propose", "evaluator", "evaluation", "superior"),
    (None, "release", "superior", "appeal", "head"),
    (Walk.object_to_scores, "lodge_appeal", "head", "appeal", "evaluator"),
    (None, "withdraw_appeal", "head", "appeal", "head"),
    (None, "lodge_appeal", "head", "appeal", "evaluator"),
    (Walk.decide_objections, "decide_appeal", "evaluator", "appeal", "superior"),
    (None, "return_decision", "superior", "appeal", "evaluator"),
    (None, "decide_appeal", "evaluator", "appeal", "superior"),
    (None, "close", "superior", "closed", "nobody"),
)


def go(walk, name, person):
    step, actor = TABLE.get(name), getattr(walk.people, person)
    if step.step_up:
        walk.confirmed(name, actor, step.bound_to(walk.agreement))
    else:
        facts = {"paper": PAPER} if name == "take_from_paper" else {}
        walk.move(name, actor, reason=BACK if step.asks_reason else "", **facts)


def test_an_agreement_walks_every_way_there_is_and_everything_is_on_record(world):
    walk = world.walk()
    for before, name, person, stage, pen in EVERY_WAY:
        if before:
            before(walk)
        go(walk, name, person)
        assert (walk.agreement.stage, walk.agreement.pen) == (stage, pen), name

    moves = Entry.objects.about(walk.agreement).filter(act__startswith="agreement.").values_list("act", flat=True)
    assert list(moves)[::-1] == [f"agreement.{name}" for _before, name, *_rest in EVERY_WAY]
    assert first_fault(Entry.objects.all()) is None


def test_what_the_walk_leaves_behind(world):
    agreement = world.agreement("closed")
    purpose = Snapshot.Purpose

    assert list(agreement.snapshots.values_list("purpose", flat=True)) == [
        purpose.SUBMITTED,
        purpose.OFFERED,
        purpose.ANSWERED,
        purpose.INFORMALLY_AGREED,
        purpose.TO_SIGN,
        purpose.SCORES,
    ]
    assert [(each.kind, each.number, each.closed_at is None) for each in agreement.rounds.all()] == [
        ("informal", 1, False),
        ("informal", 2, False),
        ("formal", 1, False),
    ]
    assert list(agreed_snapshot(agreement).signatures.values_list("slot", "name")) == [
        ("maker", "พลตำรวจตรี วีระ กล้าหาญ"),
        ("receiver", "พลตำรวจโท สมชาย รักไทย"),
    ]
    assert Document.objects.filter(snapshot__agreement=agreement, kind="signed").count() == 1
    assert [report.stage for report in agreement.reports.all()] == ["certified"]


def test_the_scores_are_frozen_with_both_sides_and_their_reasons(world):
    walk = world.walk()
    walk.outcomes["จำนวนวันเฉลี่ยในการพิจารณาคำขออยู่ต่อในราชอาณาจักร"] = Outcome(
        Decimal("19.2"), Decimal("20.1"), "ไม่นับคำขอที่ยื่นหลังวันที่ 15 กันยายน"
    )
    walk.to("closed")

    frozen = thaw(walk.agreement.snapshots.get(purpose="scores"))
    line = next(line for line in frozen["lines"] if line["number"] == "1.2")
    # 4 + (21 − 19.2) ÷ 3 and 4 + (21 − 20.1) ÷ 3
    assert (line["unit"]["score"], line["evaluator"]["score"], line["reason"]) == (
        "4.6000",
        "4.3000",
        "ไม่นับคำขอที่ยื่นหลังวันที่ 15 กันยายน",
    )
    # 35 × 4.3333, 15 × 4.3, 10 × 4, 15 × 5, 10 × 4.5, 15 × 4; the unit's own: 15 × 4.6
    assert (frozen["total"]["score"], frozen["unit_total"]["score"]) == ("4.3617", "4.4067")
    assert frozen["total"]["denominator"] == "100.00"


def test_sending_back_withdraws_what_was_offered(world):
    walk = world.walk()
    walk.to("informal")
    make_offers(walk)
    go(walk, "send_back", "negotiator")

    assert [offer.state for offer in Offer.objects.all()] == [Offer.State.WITHDRAWN]
    assert not Round.objects.filter(closed_at=None).exists()


# Signing


def signing(world, pen="head"):
    walk = world.walk()
    walk.to("signing", pen)
    return walk


def test_the_superior_cannot_sign_before_the_head(world):
    walk = signing(world)

    with pytest.raises(Refused) as refused:
        walk.countersign()
    assert str(refused.value) == "ยังไม่ถึงตาของท่าน ขณะนี้คำรับรองอยู่ที่หัวหน้าหน่วย"
    assert not Signature.objects.exists()


def test_a_signature_is_bound_to_the_hash_and_says_who_in_which_post(world):
    walk = signing(world)
    shown = hash_to_sign(walk.agreement)
    walk.sign()

    signature = Signature.objects.get()
    assert (signature.snapshot_sha256, signature.snapshot) == (shown, agreed_snapshot(walk.agreement))
    assert (signature.name, signature.own_post, signature.capacity, signature.on_behalf_of) == (
        "พลตำรวจตรี วีระ กล้าหาญ",
        "ผู้บังคับการตรวจคนเข้าเมือง 1",
        "own",
        "กองบังคับการตรวจคนเข้าเมือง 1",
    )
    assert (signature.ip, signature.method) == ("10.20.1.15", "password")


def test_without_the_password_nothing_is_signed(world):
    walk = signing(world)

    with pytest.raises(Refused) as refused:
        walk.move("sign", walk.people.head)
    assert refused.value.refusals[0].where == "#id_password"
    assert not Signature.objects.exists()


def test_a_password_given_for_another_text_signs_nothing(world):
    walk = signing(world)

    with pytest.raises(Conflict):
        walk.confirmed("sign", walk.people.head, "0" * 64)
    assert not Signature.objects.exists()


def test_somebody_elses_password_signs_nothing(world):
    walk = signing(world)
    at = walk.diary.later()
    evidence = StepUp(walk.people.superior.pk, at, hash_to_sign(walk.agreement))

    with pytest.raises(Refused):
        walk.move("sign", walk.people.head, at=at, step_up=evidence)


def test_a_refusal_by_the_superior_voids_the_heads_signature_and_stays_on_record(world):
    walk = signing(world, "superior")
    voided = agreed_snapshot(walk.agreement)
    go(walk, "refuse_to_receive", "superior")

    refusal = SigningRefusal.objects.get()
    assert (refusal.snapshot, refusal.slot, refusal.reason) == (voided, "receiver", BACK)
    assert (walk.agreement.stage, walk.agreement.pen) == ("formal", "negotiator")
    walk.to("signing")
    assert agreed_snapshot(walk.agreement) != voided
    assert not agreed_snapshot(walk.agreement).signatures.exists()
    with pytest.raises(Refused):
        walk.countersign()


def test_who_has_signed_can_no_longer_refuse(world):
    walk = signing(world, "superior")

    with pytest.raises(Refused) as refused:
        walk.move("refuse_to_make", walk.people.head, reason=BACK)
    assert str(refused.value) == "ยังไม่ถึงตาของท่าน ขณะนี้คำรับรองอยู่ที่ผู้รับคำรับรอง"


def acting_for(world, post_of, person, *, since_days=-40, until_days=None, capacity=Appointment.Capacity.ACTING):
    """Put a person into a head's post by order, from and until so many days from world.at()."""
    day = world.at().date()
    return appoint(
        head_post(world.unit(post_of)),
        person,
        capacity=capacity,
        since=day + timedelta(days=since_days),
        until=None if until_days is None else day + timedelta(days=until_days),
        order_number="สตม. 214/2569",
        order_date=day,
        by=THE_SYSTEM,
        at=world.at(),
    )


def test_one_person_in_posts_on_both_sides_can_sign_for_neither(world):
    acting_for(world, "IMM-D1", world.people.superior)
    walk = signing(world)
    walk.people.superior = walk.people.head = world.people.superior

    with pytest.raises(Refused) as refused:
        walk.sign()
    assert str(refused.value) == "ดำรงตำแหน่งทั้งสองฝ่าย บุคคลเดียวลงนามแทนทั้งสองฝ่ายไม่ได้"


def test_who_signed_as_head_cannot_countersign_from_a_post_given_later(world):
    walk = signing(world, "superior")
    head = world.people.head
    end_appointment(head.appointments.get(), until=world.at().date(), by=THE_SYSTEM, at=world.at())
    acting_for(world, "IMM", head, since_days=0)
    walk.people.superior, walk.diary.now = world.people.head, world.at(days=1)

    with pytest.raises(Refused) as refused:
        walk.countersign()
    assert str(refused.value) == "ลงนามคำรับรองฉบับนี้แล้วในฐานะอีกฝ่ายหนึ่ง"


def test_an_acting_head_signs_with_the_order_and_the_own_post_said(world):
    acting_for(world, "IMM-D1", world.people.neighbours_head)
    walk = signing(world)
    walk.people.head = world.people.neighbours_head
    walk.sign()

    signature = Signature.objects.get()
    assert (signature.own_post, signature.capacity, signature.acted_post, signature.order_number) == (
        "ผู้บังคับการตรวจคนเข้าเมือง 2",
        "acting",
        "ผู้บังคับการตรวจคนเข้าเมือง 1",
        "สตม. 214/2569",
    )


@pytest.mark.parametrize(
    ("since_days", "until_days", "why"),
    [
        (-60, -35, "การแต่งตั้งสิ้นสุดแล้ว วันสุดท้ายคือวันที่ 26 สิงหาคม 2569"),
        (200, None, "การแต่งตั้งเริ่มมีผลวันที่ 19 เมษายน 2570"),
    ],
    ids=["expired", "not begun"],
)
def test_an_appointment_not_in_force_that_day_signs_nothing(world, since_days, until_days, why):
    acting_for(world, "IMM-D1", world.people.neighbours_head, since_days=since_days, until_days=until_days)
    walk = signing(world)
    walk.people.head = world.people.neighbours_head

    with pytest.raises(Refused) as refused:
        walk.sign()
    assert str(refused.value) == f"เฉพาะหัวหน้าหน่วย (บก.ตม.1) เท่านั้นที่ดำเนินการนี้ได้ {why}"


def test_authority_lost_between_opening_the_page_and_signing_is_lost(world):
    walk = signing(world)
    page_was_opened_by = world.people.head
    assert TABLE.get("sign").may(walk.agreement, page_was_opened_by, walk.diary.now) is None
    today = walk.diary.now.date()
    end_appointment(page_was_opened_by.appointments.get(), until=today, by=THE_SYSTEM, at=walk.diary.now)

    with pytest.raises(Refused):
        walk.confirmed("sign", page_was_opened_by, hash_to_sign(walk.agreement))


# Stale pages


def test_a_page_opened_before_the_last_move_makes_no_move(world):
    agreement = world.agreement("informal", "negotiator")

    with pytest.raises(Conflict):
        move(
            TABLE,
            agreement,
            "close_informal",
            actor=world.people.negotiator,
            at=world.at(),
            version=agreement.version - 1,
        )


def test_confirming_asks_again_of_the_text_that_the_committees_offers_make(world):
    """The committee's own offers are applied at confirmation; weights that no longer sum to 100 are then refused."""
    from workflow.offers import make_offer

    walk = world.walk()
    walk.to("formal")
    make_offer(walk.line("1.1"), "weight", "40", reason=BACK, actor=walk.people.negotiator, at=walk.diary.soon())
    walk.to("formal", "office")

    with pytest.raises(Refused) as refused:
        walk.confirm()
    assert [str(refusal) for refusal in refused.value.refusals] == [
        "น้ำหนักรวมต้องเป็น 100.00 (ขณะนี้ 105.00 เกิน 5.00)",
        "มิติที่ 1 น้ำหนักรวมของตัวชี้วัดต้องเป็น 60.00 (ขณะนี้ 65.00)",
    ]
    assert walk.line("1.1").weight == Decimal("35.00")
