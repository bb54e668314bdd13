"""ตร. signs with the Prime Minister or the Deputy so assigned: who says which, when, by which order (handbook 2.2.1)."""

from datetime import date, timedelta

import pytest

from acts.engine import Refused, refusals
from acts.models import Entry
from acts.versions import Stale
from agreements.freeze import agreed_snapshot, thaw
from agreements.models import Agreement, Document, ReceiverChoice
from agreements.receiver import choose_receiver
from agreements.signing_rule import chosen_receiver, explanation, receiver_alternatives
from agreements.stages import Stage
from agreements.standing import awaiting, standing_of
from orgunits.authority import head_post
from workflow.lifecycle import TABLE
from workflow.models import Signature, SigningRefusal

ORDER = {"order_number": "327/2569", "order_date": date(2026, 9, 1)}


@pytest.fixture
def walk(world):
    """The agreement of ตร. in its formal round, the minutes with the head's office."""
    walk = world.walk("RTP")
    walk.to(Stage.FORMAL, "office")
    return walk


@pytest.fixture
def prime_minister(walk):
    return receiver_alternatives(walk.agreement)[0]


@pytest.fixture
def deputy(walk):
    return receiver_alternatives(walk.agreement)[1]


def said(walk, person=None, at=None):
    """Choosing as somebody (the head's office) some time later: choose(post, **order)."""

    def choose(post, **order):
        actor, when = person or walk.people.office, at or walk.diary.soon()
        return choose_receiver(walk.agreement, post, **order, actor=actor, at=when)

    return choose


def sentences(refused):
    return [(str(each), each.where) for each in refused.value.refusals]


# What is said


def test_the_deputy_is_chosen_by_the_order_that_assigns_it(walk, deputy):
    choice = said(walk)(deputy, **ORDER)

    assert chosen_receiver(walk.agreement) == deputy
    assert (choice.order_number, choice.order_date, choice.order_by) == ("327/2569", date(2026, 9, 1), "นายกรัฐมนตรี")
    entry = Entry.objects.about(walk.agreement).first()
    assert (entry.act, entry.text) == ("choose_receiver", "รองนายกรัฐมนตรี")
    assert entry.changes["order_number"] == ["", "327/2569"]


def test_the_explanation_says_it_in_a_sentence(walk, prime_minister, deputy):
    def fact():
        return explanation(walk.agreement)[2]

    assert explanation(walk.agreement)[1] == (
        "หัวหน้าหน่วยจึงลงนามกับนายกรัฐมนตรี หรือรองนายกรัฐมนตรีที่ได้รับมอบหมาย (สำนักนายกรัฐมนตรี)"
    )
    assert fact() == "ยังไม่ได้ระบุว่าผู้ใดเป็นผู้รับคำรับรอง โดยผู้ใดผู้หนึ่งลงนาม มิใช่ทั้งสอง"
    said(walk)(prime_minister)
    assert fact() == "นายกรัฐมนตรีเป็นผู้รับคำรับรอง"
    said(walk)(deputy, **ORDER)
    assert fact() == ("รองนายกรัฐมนตรีเป็นผู้รับคำรับรอง โดยได้รับมอบหมายจากนายกรัฐมนตรี ตามคำสั่งที่ 327/2569 ลงวันที่ 1 กันยายน 2569")


def test_saying_it_twice_is_recorded_once_and_another_choice_takes_its_place(walk, prime_minister, deputy):
    choose = said(walk)
    choose(deputy, **ORDER)
    choose(deputy, **ORDER, order_by="นายกรัฐมนตรี")
    assert Entry.objects.about(walk.agreement).filter(act="choose_receiver").count() == 1

    choose(prime_minister)
    choice = ReceiverChoice.objects.get()
    assert (choice.post, choice.order_number, choice.order_date, choice.order_by) == (prime_minister, "", None, "")


def test_who_looked_at_an_older_choice_changes_nothing(walk, prime_minister, deputy):
    said(walk)(deputy, **ORDER)

    with pytest.raises(Stale):
        said(walk)(prime_minister, version=0)
    assert chosen_receiver(walk.agreement) == deputy


# What is refused


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"order_number": ""}, "รองนายกรัฐมนตรีลงนามได้เมื่อได้รับมอบหมาย โปรดระบุเลขที่คำสั่งมอบหมาย"),
        ({"order_date": None}, "รองนายกรัฐมนตรีลงนามได้เมื่อได้รับมอบหมาย โปรดระบุวันที่ของคำสั่งมอบหมาย"),
    ],
)
def test_a_deputy_without_number_or_date_of_the_order_is_refused(walk, deputy, missing, sentence):
    with pytest.raises(Refused) as refused:
        said(walk)(deputy, **ORDER | missing)
    assert sentences(refused) == [(sentence, f"receiver#id_{next(iter(missing))}")]


def test_an_order_of_tomorrow_is_refused_and_one_of_today_is_taken(walk, deputy):
    today = walk.diary.now.date()
    choose = said(walk, at=walk.diary.now)

    with pytest.raises(Refused) as refused:
        choose(deputy, order_number="1/2569", order_date=today + timedelta(days=1))
    assert sentences(refused) == [("วันที่ของคำสั่งยังมาไม่ถึง การมอบหมายมีผลตั้งแต่วันที่ของคำสั่ง", "receiver#id_order_date")]
    assert choose(deputy, order_number="1/2569", order_date=today)


def test_the_prime_minister_needs_no_order_and_takes_none(walk, prime_minister):
    with pytest.raises(Refused) as refused:
        said(walk)(prime_minister, **ORDER)
    assert "ลงนามได้โดยไม่ต้องมีคำสั่งมอบหมาย" in str(refused.value)


def test_a_post_that_the_rule_does_not_name_is_refused(world, walk):
    with pytest.raises(Refused) as refused:
        said(walk)(head_post(world.unit("OPDC")), **ORDER)
    assert str(refused.value) == ("ตามหลักเกณฑ์ ตร. ลงนามกับนายกรัฐมนตรี หรือรองนายกรัฐมนตรีที่ได้รับมอบหมาย โปรดเลือกผู้ใดผู้หนึ่ง")


@pytest.mark.parametrize(
    "who", ["headquarters_staff", "commissioner_general", "opdc_negotiator", "prime_minister", "planner", "office"]
)
def test_nobody_but_the_head_s_office_says_it(world, walk, prime_minister, who):
    with pytest.raises(Refused) as refused:
        said(walk, world.people.get(who))(prime_minister)
    assert str(refused.value) == "เฉพาะหัวหน้าฝ่าย/ผู้ช่วยหัวหน้าหน่วย (ตร.) เท่านั้นที่ระบุผู้รับคำรับรองได้"


def test_it_is_said_in_the_formal_round_and_not_before_nor_once_it_lies_before_the_signatories(world):
    walk = world.walk("RTP")
    post = receiver_alternatives(walk.agreement)[0]
    for stage, pen, sentence in (
        (Stage.DRAFT, None, "ระบุผู้รับคำรับรองได้ในขั้นเจรจาอย่างเป็นทางการ"),
        (Stage.INFORMAL, None, "ระบุผู้รับคำรับรองได้ในขั้นเจรจาอย่างเป็นทางการ"),
        (Stage.FORMAL, "negotiator", None),
        (Stage.FORMAL, "office", None),
        (Stage.SIGNING, "head", "เสนอลงนามแล้ว จึงเปลี่ยนผู้รับคำรับรองไม่ได้"),
        (Stage.SIGNING, "superior", "เสนอลงนามแล้ว จึงเปลี่ยนผู้รับคำรับรองไม่ได้"),
        (Stage.ASSESSMENT, None, "เสนอลงนามแล้ว จึงเปลี่ยนผู้รับคำรับรองไม่ได้"),
    ):
        walk.to(stage, pen)
        if sentence is None:
            said(walk)(post)
            continue
        with pytest.raises(Refused) as refused:
            said(walk)(post)
        assert str(refused.value).startswith(sentence), stage


def test_where_the_rule_leaves_no_choice_nothing_is_chosen(world):
    walk = world.walk("IMM")
    walk.to(Stage.FORMAL, "office")
    with pytest.raises(Refused) as refused:
        said(walk)(head_post(world.unit("RTP")))
    assert str(refused.value) == "สตม. ลงนามกับผู้บัญชาการตำรวจแห่งชาติ ตามหลักเกณฑ์ จึงไม่มีผู้รับคำรับรองให้เลือก"


# What it leads to


def test_until_it_is_said_what_was_agreed_is_not_confirmed(walk, prime_minister):
    def missing():
        return refusals(TABLE, walk.agreement, "confirm_formal", actor=walk.people.office, at=walk.diary.now)

    assert [(str(each), each.where) for each in missing()] == [
        ("ยังไม่ได้ระบุว่าผู้ใดเป็นผู้รับคำรับรอง: นายกรัฐมนตรี หรือรองนายกรัฐมนตรีที่ได้รับมอบหมาย", "receiver")
    ]
    said(walk)(prime_minister)
    assert missing() == []


def test_the_one_who_is_chosen_signs_alone(world, walk, deputy):
    said(walk)(deputy, **ORDER)
    walk.to(Stage.SIGNING, "superior")
    at = walk.diary.now

    for person, may in (("deputy_prime_minister", True), ("prime_minister", False)):
        user = world.people.get(person)
        assert ("superior" in standing_of(user, walk.agreement, at)) is may
        assert Agreement.objects.filter(awaiting(user, at)).exists() is may
    walk.people.superior = world.people.prime_minister
    with pytest.raises(Refused) as refused:
        walk.countersign()
    assert str(refused.value) == (
        "เฉพาะผู้รับคำรับรอง (สำนักนายกรัฐมนตรี) เท่านั้นที่ดำเนินการนี้ได้ คำรับรองฉบับนี้ระบุให้รองนายกรัฐมนตรีเป็นผู้รับคำรับรอง"
    )

    walk.people.superior = world.people.deputy_prime_minister
    walk.countersign()
    signature = Signature.objects.get(slot="receiver")
    assert (signature.name, signature.own_post, signature.capacity, signature.order_number, signature.order_date) == (
        "นางสาวพรทิพย์ ธรรมรักษ์",
        "รองนายกรัฐมนตรี",
        "own",
        "327/2569",
        date(2026, 9, 1),
    )


def test_what_is_signed_holds_the_chosen_one_and_the_order(walk, deputy):
    before = thaw(walk.agreement.snapshots.last())["parties"]["receivers"]
    said(walk)(deputy, **ORDER)
    walk.to(Stage.SIGNING)

    assert before == [{"post": "นายกรัฐมนตรี หรือรองนายกรัฐมนตรีที่ได้รับมอบหมาย", "unit": "สำนักนายกรัฐมนตรี"}]
    assert thaw(agreed_snapshot(walk.agreement))["parties"]["receivers"] == [
        {
            "post": "รองนายกรัฐมนตรี",
            "unit": "สำนักนายกรัฐมนตรี",
            "assignment": {"by": "นายกรัฐมนตรี", "number": "327/2569", "date": "2026-09-01"},
        }
    ]


def test_no_draft_on_paper_names_both(world, walk, deputy):
    """Until it is said the place of the name is blank, under both titles; afterwards the chosen one stands there."""

    def names():
        certificate = Document.objects.filter(snapshot__agreement=walk.agreement).first().certificate
        return [person["name"] for person in certificate["people"]]

    maker = "พลตำรวจเอก พิทักษ์ ไทยรุ่งเรือง"
    assert names() == [maker]
    said(walk)(deputy, **ORDER)
    walk.to(Stage.SIGNING)
    assert names() == [maker, "นางสาวพรทิพย์ ธรรมรักษ์"]


def test_after_a_refusal_to_sign_the_other_can_be_chosen(world, walk, prime_minister, deputy):
    said(walk)(deputy, **ORDER)
    walk.people.superior = world.people.deputy_prime_minister
    walk.to(Stage.SIGNING, "superior")
    walk.move("refuse_to_receive", walk.people.superior, reason="คำสั่งมอบหมายถูกยกเลิก")
    assert SigningRefusal.objects.get().post == "รองนายกรัฐมนตรี"

    said(walk)(prime_minister)
    walk.people.superior = world.people.prime_minister
    walk.to(Stage.ASSESSMENT)
    assert thaw(agreed_snapshot(walk.agreement))["parties"]["receivers"][0]["post"] == "นายกรัฐมนตรี"
    assert Signature.objects.get(slot="receiver").name == "นายสมมติ นายก"


def test_the_prime_minister_releases_the_scores_when_the_deputy_has_left(world, walk, deputy):
    """The assignment ends with the deputy's office; the agreement doesn't wait for ever."""
    said(walk)(deputy, **ORDER)
    walk.people.superior = world.people.deputy_prime_minister
    walk.to(Stage.EVALUATION, "superior")
    deputy.appointments.update(until=walk.diary.now.date())
    walk.diary.later()

    walk.people.superior = world.people.prime_minister
    assert Agreement.objects.filter(awaiting(walk.people.superior, walk.diary.now)).exists()
    assert walk.to(Stage.CLOSED).stage == "closed"
