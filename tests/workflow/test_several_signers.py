"""A rule that asks several to sign: one after the other, the pen stays with their side, and every paper names them all."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import User
from acts.engine import Refused, StepUp, move
from acts.jobs import run_queued_jobs
from acts.log import THE_SYSTEM
from acts.vault import path_of
from agreements.freeze import agreed_snapshot, thaw
from agreements.models import Agreement, Document, SigningRule, SigningSlot
from agreements.signing_rule import explanation, maker_posts, receiver_posts, slots_of
from agreements.stages import Stage
from agreements.standing import awaiting
from orgunits.appoint import appoint
from orgunits.models import Post
from tests.agreements.pdf_reading import text_of
from workflow.lifecycle import TABLE
from workflow.models import Signature, SigningRefusal

SECOND_MAKER = "รองผู้บังคับการตรวจคนเข้าเมือง 1"
SECOND_RECEIVER = "รองผู้บัญชาการสำนักงานตรวจคนเข้าเมือง"


@pytest.fixture
def people(world):
    """Deputies of both units, and a rule that asks them to sign after their heads."""
    rule = SigningRule.objects.get(case="division_elsewhere")
    for side in ("maker", "receiver"):
        SigningSlot.objects.create(rule=rule, side=side, position=2, kinds=["deputy"])
    return {
        "head": world.people.head,
        "second_maker": deputy(world, "IMM-D1", "ปรีชา", SECOND_MAKER),
        "superior": world.people.superior,
        "second_receiver": deputy(world, "IMM", "มานพ", SECOND_RECEIVER),
    }


def deputy(world, code, name, title):
    unit = world.unit(code)
    user = User.objects.create(username=name, rank="พ.ต.อ.", first_name=name, last_name="ร่วมลงนาม")
    post = Post.objects.create(unit=unit, kind=Post.Kind.DEPUTY, title_th=title)
    appoint(post, user, since=date(2026, 1, 1), by=THE_SYSTEM, at=world.at())
    return user


@pytest.fixture
def walk(world, people):
    walk = world.walk()
    walk.to(Stage.SIGNING, "head")
    return walk


def press(walk, name, user):
    """The user signs, or refuses, by the move of that name."""
    at = walk.diary.later()
    proof = {"step_up": StepUp(user.pk, at, agreed_snapshot(walk.agreement).sha256)}
    facts = {"reason": "ขอทบทวน"} if name.startswith("refuse") else proof
    moved = move(TABLE, walk.agreement, name, actor=user, at=at, version=walk.agreement.version, **facts)
    walk.agreement = moved
    return moved


def refused(walk, name, user):
    with pytest.raises(Refused) as why:
        press(walk, name, user)
    return str(why.value)


def whose_turn(people, at):
    return {name for name, user in people.items() if Agreement.objects.filter(awaiting(fresh(user), at)).exists()}


def fresh(user):
    return User.objects.get(pk=user.pk)


ORDER = [
    # who, by which move; whose turn it is then, at which stage, in whose hand the pen
    ("head", "sign", {"second_maker"}, "signing", "head"),
    ("second_maker", "sign", {"superior"}, "signing", "superior"),
    ("superior", "sign_along", {"second_receiver"}, "signing", "superior"),
    ("second_receiver", "countersign", set(), "assessment", "staff"),
]


def test_they_sign_in_order_and_the_pen_stays_with_their_side_until_all_have(world, walk, people):
    assert whose_turn(people, walk.diary.now) == {"head"}

    for who, name, then, stage, pen in ORDER:
        press(walk, name, people[who])
        assert (walk.agreement.stage, walk.agreement.pen) == (stage, pen)
        assert whose_turn(people, walk.diary.now) == then

    signatures = Signature.objects.order_by("pk").values_list("slot", "acted_post")
    assert list(signatures) == [
        ("maker", "ผู้บังคับการตรวจคนเข้าเมือง 1"),
        ("maker-2", SECOND_MAKER),
        ("receiver", "ผู้บัญชาการสำนักงานตรวจคนเข้าเมือง"),
        ("receiver-2", SECOND_RECEIVER),
    ]
    assert walk.agreement.signer == 1


def test_nobody_signs_before_their_turn_or_twice(walk, people):
    assert refused(walk, "sign", people["second_maker"]) == ("ผู้ลงนามลงนามตามลำดับ ขณะนี้เป็นลำดับของผู้บังคับการตรวจคนเข้าเมือง 1")
    press(walk, "sign", people["head"])
    assert "ขณะนี้เป็นลำดับของรองผู้บังคับการตรวจคนเข้าเมือง 1" in refused(walk, "sign", people["head"])
    press(walk, "sign", people["second_maker"])
    # One who is not the last doesn't put it in force, and the last doesn't leave it open.
    assert "ยังมีการลงนามต่อจากนี้" in refused(walk, "countersign", people["superior"])
    press(walk, "sign_along", people["superior"])
    assert "เป็นการลงนามครั้งสุดท้าย" in refused(walk, "sign_along", people["second_receiver"])


def test_one_person_signs_in_one_place_only(world, walk, people):
    """The head is deputy of the command, too: nobody signs for both sides."""
    post = Post.objects.get(title_th=SECOND_RECEIVER)
    post.appointments.all().delete()
    appoint(post, people["head"], since=date(2026, 1, 1), by=THE_SYSTEM, at=world.at())

    assert "ทั้งสองฝ่าย" in refused(walk, "sign", people["head"])


def test_a_refusal_by_any_of_them_voids_every_signature(walk, people):
    press(walk, "sign", people["head"])
    press(walk, "sign", people["second_maker"])
    press(walk, "sign_along", people["superior"])
    voided = agreed_snapshot(walk.agreement)
    press(walk, "refuse_to_receive", people["second_receiver"])

    refusal = SigningRefusal.objects.get()
    assert (refusal.snapshot, refusal.slot, refusal.post) == (voided, "receiver-2", SECOND_RECEIVER)
    assert (walk.agreement.stage, walk.agreement.pen, walk.agreement.signer) == ("formal", "negotiator", 1)
    walk.to(Stage.SIGNING, "head")
    assert not agreed_snapshot(walk.agreement).signatures.exists()
    assert [slot.key for slot in slots_of(walk.agreement)] == ["maker", "maker-2", "receiver", "receiver-2"]


def test_what_is_signed_and_printed_names_them_all(world, walk, people, client):
    for who, name, *_then in ORDER:
        press(walk, name, people[who])
    run_queued_jobs()

    parties = thaw(agreed_snapshot(walk.agreement))["parties"]
    assert [(each["post"], each.get("slot")) for each in parties["makers"]] == [
        ("ผู้บังคับการตรวจคนเข้าเมือง 1", None),
        (SECOND_MAKER, "maker-2"),
    ]
    document = Document.objects.get(kind=Document.Kind.SIGNED)
    printed = " ".join(text_of(path_of(document.sha256).read_bytes()).split())
    for user in people.values():
        assert printed.count(user.last_name) >= 2  # under the agreement, and on the certificate page

    page = client.get(reverse("desk:verify_code", args=[document.code])).content.decode()
    assert all(user.full_name_with_rank in page for user in people.values())
    client.force_login(world.people.head)
    page = client.get(reverse("desk:signing", args=[walk.agreement.code])).content.decode()
    assert all(user.full_name_with_rank in page for user in people.values())


def test_the_page_tells_the_second_to_wait_and_lets_them_sign_when_it_is_their_turn(walk, people, client):
    address = reverse("desk:signing", args=[walk.agreement.code])
    client.force_login(people["second_maker"])
    assert 'type="password"' not in client.get(address).content.decode()

    press(walk, "sign", people["head"])
    assert 'type="password"' in client.get(address).content.decode()


def test_the_posts_of_a_side_are_all_of_them_and_the_explanation_says_so(walk, people):
    assert [post.title_th for post in maker_posts(walk.agreement)] == ["ผู้บังคับการตรวจคนเข้าเมือง 1", SECOND_MAKER]
    assert len(receiver_posts(walk.agreement)) == 2
    assert f"{SECOND_RECEIVER}ร่วมลงนามเป็นผู้รับคำรับรอง" in explanation(walk.agreement)


def test_an_agreement_signed_by_an_earlier_rule_keeps_its_signers(world, people):
    walk = world.walk()
    walk.to(Stage.SIGNING, "head")
    SigningSlot.objects.filter(position=2).delete()
    newer = SigningRule.objects.create(
        case="newer", tier=3, affiliated=False, first_year=2571, superior="command", annexes=[]
    )
    SigningSlot.objects.create(rule=newer, side="maker", kinds=["head"])

    assert [slot.key for slot in slots_of(walk.agreement)] == ["maker", "receiver"]
