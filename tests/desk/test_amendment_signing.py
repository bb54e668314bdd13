"""Signing an amendment: what it changes, its document and hash, the password for what was shown; in the sitting, too."""

import pytest
from django.urls import reverse

from acts.idempotency import new_key
from acts.log import THE_SYSTEM
from acts.models import Entry
from agreements.freeze import agreed_snapshot
from agreements.models import Agreement, SigningRule, SigningSlot
from agreements.stages import Stage
from orgunits.appoint import end_appointment
from orgunits.models import Appointment
from tests.workflow.test_amendment import WHY, Amending, lowered
from tests.workflow.test_several_signers import SECOND_MAKER, SECOND_RECEIVER, deputy, press
from workflow.models import Amendment, Reading, Signature, SigningRefusal
from workflow.signing import CONSENT_TO_AMEND
from workflow.sitting import Shown
from workflow.sitting_form import seal

PLACE = ("2570-IMM-D1", 1)


@pytest.fixture
def amending(world):
    """Agreed to by both sides, and waiting for the head."""
    amending = Amending(world)
    amending.to_signing(lowered(amending.line))
    return amending


def shown(amendment, **changed):
    """What the signing page sends, with the right password unless said otherwise."""
    amendment.refresh_from_db()
    form = {"version": amendment.version, "sha256": amendment.snapshot.sha256, "idempotency": new_key()}
    return form | {"password": "kham-rap-rong"} | changed


def refusal(amendment, **changed):
    amendment.refresh_from_db()
    return {"version": amendment.version, "reason": "เกณฑ์ต่ำเกินไป", "idempotency": new_key()} | changed


# What is seen


def test_who_could_sign_is_told_by_the_amendments_own_signatures(world, amending, visit):
    head, post = world.people.head, world.people.superior.appointments.get().post
    end_appointment(head.appointments.get(), until=world.at().date(), by=THE_SYSTEM, at=world.at())
    acting = {"capacity": "acting", "order_number": "12/2570", "order_date": world.at().date()}
    Appointment.objects.create(post=post, user=head, since=world.at().date(), **acting)

    _maker, receiver = visit(world.people.superior, "desk:authority", PLACE[0]).context["places"]

    # Who made the agreement as its head may receive the amendment in the post that they are in now.
    assert head in [each.appointment.user for each in receiver["able"]]


def test_the_signer_is_told_why_what_changes_and_with_what_reason_before_the_buttons(world, amending, visit, words):
    page = visit(world.people.head, "desk:sign_amendment", *PLACE)
    read = words(page)
    parts = (
        "ท่านลงนามในฐานะ ผู้บังคับการตรวจคนเข้าเมือง 1",
        "สิ่งที่การแก้ไขนี้เปลี่ยนในข้อความที่ใช้บังคับ",
        WHY,
        "ระดับ 5",
        "ผลกระทบจากงบประมาณ",
        "เนื้อหาโดยย่อ",
        CONSENT_TO_AMEND[:30],
        "อ่านแล้ว ลงนามฉบับนี้",
    )
    places = [read.index(part) for part in parts]

    assert places == sorted(places)
    assert amending.amendment.snapshot.sha256 in page.content.decode()
    ((number, _name, fields),) = page.context["changes"]["groups"]
    assert (number, [(label, reason) for label, _pieces, reason in fields]) == (
        "1.1",
        [("ระดับ 5", "ผลกระทบจากงบประมาณ")],
    )
    assert page.context["changes"]["since_read"] is None


def test_the_banner_tells_the_amendments_turn_and_the_agreements_own_pages_their_own(world, amending, visit, words):
    assert "ตาของท่าน" in visit(world.people.head, "desk:sign_amendment", *PLACE).context["pen"]["headline"]
    waits = visit(world.people.superior, "desk:sign_amendment", *PLACE).context["pen"]
    assert (waits["mine"], "บก.ตม.1 (หัวหน้าหน่วย)" in waits["headline"]) == (False, True)
    own = visit(world.people.head, "desk:agreement", PLACE[0]).context["pen"]
    assert "แก้ไขเพิ่มเติม" not in own["headline"] + own["detail"]


@pytest.mark.parametrize("who", ["staff", "office", "negotiator", "superior", "evaluator", "auditor", "planner"])
def test_who_cannot_sign_reads_and_finds_no_password_field(world, amending, visit, who):
    page = visit(world.people.get(who), "desk:sign_amendment", *PLACE)

    assert page.status_code == 200
    assert 'type="password"' not in page.content.decode()


def test_before_it_is_asked_for_the_other_side_knows_of_no_such_page(world, visit, send):
    amending = Amending(world)
    for route in ("desk:sign_amendment", "desk:refuse_amendment", "desk:read_amendment"):
        for who in ("negotiator", "superior", "evaluator", "planner"):
            assert visit(world.people.get(who), route, *PLACE).status_code == 404
            assert send(world.people.get(who), route, *PLACE, reason="x").status_code == 404
        assert visit(world.people.head, route, *PLACE, follow=True).status_code in (200, 302)
    amending.go("withdraw", "office", reason="ไม่จำเป็นแล้ว")
    assert visit(world.people.superior, "desk:sign_amendment", *PLACE).status_code == 404


def test_a_text_read_before_is_compared_with_it_too(world, amending, send, visit):
    send(
        world.people.head,
        "desk:read_amendment",
        *PLACE,
        sha256=amending.amendment.snapshot.sha256,
        idempotency=new_key(),
    )
    amending.go("refuse_to_make", "head", reason="ขอปรับถ้อยคำ")
    amending.propose({"definition": "คำนิยามใหม่"}, "negotiator")
    amending.go("hand_back", "negotiator")
    amending.go("answer", "office")
    amending.go("agree", "negotiator")

    changes = visit(world.people.head, "desk:sign_amendment", *PLACE).context["changes"]
    assert len(changes["groups"][0][2]) == 2
    assert [len(fields) for _number, _name, fields in changes["since_read"]] == [1]
    assert visit(world.people.superior, "desk:sign_amendment", *PLACE).context["changes"]["since_read"] is None


# Signing


def test_both_sign_on_their_pages_and_it_is_in_force(world, amending, send, visit, words):
    amendment, agreement = amending.amendment, amending.agreement
    answer = send(world.people.head, "desk:sign_amendment", *PLACE, **shown(amendment))
    assert answer.url == reverse("desk:sign_amendment", args=PLACE)
    assert "ท่านลงนาม บก.ตม.1 2570 แก้ไขเพิ่มเติมครั้งที่ 1 แล้ว" in words(
        visit(world.people.head, "desk:sign_amendment", *PLACE)
    )
    send(world.people.superior, "desk:sign_amendment", *PLACE, **shown(amendment))

    amendment.refresh_from_db()
    assert amendment.stage == Amendment.Stage.IN_FORCE
    assert Agreement.objects.get(pk=agreement.pk).amended_to == amendment.snapshot
    given = Signature.objects.filter(snapshot=amendment.snapshot)
    assert [(each.slot, each.snapshot_sha256, each.consent) for each in given] == [
        (slot, amendment.snapshot.sha256, CONSENT_TO_AMEND) for slot in ("maker", "receiver")
    ]
    assert visit(world.people.superior, "desk:sign_amendment", *PLACE).status_code == 200
    assert visit(world.people.superior, "desk:signing", PLACE[0]).status_code == 200


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"sha256": "0" * 64}, 409), ({"password": "not-this-one"}, 422), ({"version": 1}, 409), ({"sha256": ""}, 422)],
)
def test_nothing_is_signed_but_what_was_shown_and_confirmed(world, amending, send, changed, status):
    answer = send(world.people.head, "desk:sign_amendment", *PLACE, **shown(amending.amendment, **changed))
    assert answer.status_code == status
    assert not Signature.objects.filter(snapshot=amending.amendment.snapshot).exists()


def test_the_hash_of_the_agreement_signs_no_amendment(world, amending, send):
    own = agreed_snapshot(Agreement.objects.get(code=PLACE[0])).sha256
    assert (
        send(world.people.head, "desk:sign_amendment", *PLACE, **shown(amending.amendment, sha256=own)).status_code
        == 409
    )


def test_a_form_sent_twice_signs_once(world, amending, send):
    form = shown(amending.amendment)
    for _again in range(2):
        assert send(world.people.head, "desk:sign_amendment", *PLACE, **form).status_code == 302
    assert Signature.objects.filter(snapshot=amending.amendment.snapshot).count() == 1


@pytest.mark.parametrize("who", ["staff", "office", "negotiator", "superior", "evaluator", "auditor"])
def test_nobody_else_signs_or_refuses(world, amending, send, who):
    person = world.people.get(who)
    assert send(person, "desk:sign_amendment", *PLACE, **shown(amending.amendment)).status_code == 403
    assert send(person, "desk:refuse_amendment", *PLACE, **refusal(amending.amendment)).status_code == 403
    assert send(person, "desk:read_amendment", *PLACE, sha256="x", idempotency=new_key()).status_code == 403
    assert not Signature.objects.filter(snapshot=amending.amendment.snapshot).exists()


def test_authority_lost_between_the_page_and_the_button_signs_nothing(world, amending, send):
    form = shown(amending.amendment)
    end_appointment(world.people.head.appointments.get(), until=world.at(days=-30).date(), by=THE_SYSTEM, at=world.at())
    assert (
        send(world.people.head, "desk:sign_amendment", *PLACE, **form).status_code == 404
    )  # knows of nothing any more
    assert not Signature.objects.filter(snapshot=amending.amendment.snapshot).exists()


def test_a_refusal_goes_back_to_the_negotiation_with_its_reason_and_stays_on_record(
    world, amending, send, visit, words
):
    asked = visit(world.people.head, "desk:refuse_amendment", *PLACE)
    assert "คำรับรองยังมีผลตามที่ลงนามไว้" in words(asked)
    assert (
        send(world.people.head, "desk:refuse_amendment", *PLACE, **refusal(amending.amendment, reason="")).status_code
        == 422
    )
    answer = send(world.people.head, "desk:refuse_amendment", *PLACE, **refusal(amending.amendment))

    assert answer.url == reverse("desk:amendment", args=PLACE)
    assert SigningRefusal.objects.get().snapshot == amending.amendment.snapshot
    assert "เกณฑ์ต่ำเกินไป" in words(visit(world.people.negotiator, "desk:sign_amendment", *PLACE))
    # The signed agreement knows of no refusal.
    assert "เกณฑ์ต่ำเกินไป" not in words(visit(world.people.negotiator, "desk:signing", PLACE[0]))
    assert "ไม่ลงนาม เพราะ “เกณฑ์ต่ำเกินไป”" in words(visit(world.people.negotiator, "desk:home"))


def test_several_sign_along_one_after_the_other(world, send, visit):
    rule = SigningRule.objects.get(case="division_elsewhere")
    for side in ("maker", "receiver"):
        SigningSlot.objects.create(rule=rule, side=side, position=2, kinds=["deputy"])
    second = deputy(world, "IMM-D1", "ปรีชา", SECOND_MAKER), deputy(world, "IMM", "มานพ", SECOND_RECEIVER)
    for person in second:
        person.set_password("kham-rap-rong")
        person.save()
    amending = Amending(world, walk_with(world, second))
    amending.to_signing(lowered(amending.line))
    order = [world.people.head, second[0], world.people.superior, second[1]]

    for person in order:
        waiting = [other for other in order if "sign_amendment" in names(visit(other, "desk:home"))]
        assert waiting == [person]
        assert [each.name for each in visit(person, "desk:sitting").context["sitting"].all] == ["2570-IMM-D1/1"]
        assert 'type="password"' in visit(person, "desk:sign_amendment", *PLACE).content.decode()
        assert send(person, "desk:sign_amendment", *PLACE, **shown(amending.amendment)).status_code == 302

    amending.amendment.refresh_from_db()
    assert amending.amendment.stage == Amendment.Stage.IN_FORCE


def walk_with(world, second):
    """The agreement, signed by all four, in force."""
    walk = world.walk()
    walk.to(Stage.SIGNING, "head")
    for name, person in (
        ("sign", world.people.head),
        ("sign", second[0]),
        ("sign_along", world.people.superior),
        ("countersign", second[1]),
    ):
        press(walk, name, person)
    return walk


def names(page):
    """The kinds of work that wait for the person."""
    return ["sign_amendment" for task in page.context["mine"] if task.amendment]


# The sitting


@pytest.fixture
def both(world, amending):
    """An amendment and another agreement, both waiting for the superior."""
    amending.confirmed("sign", "head")
    walk = world.walk("IMM-D2")
    walk.to(Stage.SIGNING, "superior")
    return amending, walk


def sent(page, *chosen, **changed):
    context = page.context
    form = {"shown": context["shown"], "chosen": chosen, "idempotency": context["form"]["idempotency"].value()}
    return form | {"password": "kham-rap-rong"} | changed


def test_amendments_and_agreements_are_read_and_signed_in_one_sitting(world, both, visit, send, words, client):
    amending, walk = both
    superior = world.people.superior
    assert "อ่านและลงนาม 2 ฉบับในคราวเดียว" in words(visit(superior, "desk:home"))
    sitting = visit(superior, "desk:sitting")
    assert "แก้ไขเพิ่มเติมครั้งที่ 1" in words(sitting)
    read = visit(superior, "desk:read_amendment", *PLACE)
    assert WHY in words(read)
    assert "อ่านแล้ว พร้อมลงนาม" in words(read)

    marks = {"sha256": amending.amendment.snapshot.sha256, "idempotency": new_key()}
    following = send(superior, "desk:read_amendment", *PLACE, **marks).url
    assert following == reverse("desk:read_to_sign", args=["2570-IMM-D2"])
    marks = {"sha256": agreed_snapshot(walk.agreement).sha256, "idempotency": new_key()}
    assert send(superior, "desk:read_to_sign", "2570-IMM-D2", **marks).url == reverse("desk:sitting")
    page = visit(superior, "desk:sitting")
    assert CONSENT_TO_AMEND[:30] in words(page)
    answer = client.post(reverse("desk:sitting"), sent(page, "2570-IMM-D1/1", "2570-IMM-D2"), follow=True)

    assert "ท่านลงนามแล้ว 2 ฉบับ" in words(answer)
    amending.amendment.refresh_from_db()
    assert amending.amendment.stage == Amendment.Stage.IN_FORCE
    assert Agreement.objects.get(pk=walk.agreement.pk).stage == Stage.ASSESSMENT
    assert Entry.objects.filter(act="amendment.read_to_sign").count() == Reading.objects.count() - 1 == 1


def test_an_amendment_changed_since_it_was_read_is_not_signed_and_takes_no_other_with_it(
    world, both, visit, send, words, client
):
    amending, walk = both
    superior = world.people.superior
    marks = {"sha256": amending.amendment.snapshot.sha256, "idempotency": new_key()}
    send(superior, "desk:read_amendment", *PLACE, **marks)
    marks = {"sha256": agreed_snapshot(walk.agreement).sha256, "idempotency": new_key()}
    send(superior, "desk:read_to_sign", "2570-IMM-D2", **marks)
    form = sent(visit(superior, "desk:sitting"), "2570-IMM-D1/1", "2570-IMM-D2")
    amending.go("refuse_to_receive", "superior", reason="ขอปรับเป้า")
    amending.go("agree", "negotiator")
    amending.confirmed("sign", "head")
    client.force_login(superior)
    after = client.post(reverse("desk:sitting"), form, follow=True)

    assert "บก.ตม.1 2570 แก้ไขเพิ่มเติมครั้งที่ 1 ยังไม่ได้ลงนาม" in words(after)
    assert Agreement.objects.get(pk=walk.agreement.pk).stage == Stage.ASSESSMENT
    assert not Signature.objects.filter(snapshot__amendments=amending.amendment, slot="receiver").exists()


@pytest.mark.parametrize("name", ["2570-IMM-D1", "2570-IMM-D1/1"])
def test_the_hash_of_one_text_signs_no_other(world, both, visit, client, name):
    """A seal that pairs the hash of the other agreement with this name can't be made by others; were it, it signs nothing."""
    amending, walk = both
    superior = world.people.superior
    forged = seal([Shown(name, amending.amendment.version, agreed_snapshot(walk.agreement).sha256)], superior)
    client.post(reverse("desk:sitting"), sent(visit(superior, "desk:sitting"), name, shown=forged))
    assert not Signature.objects.filter(slot="receiver", snapshot=amending.amendment.snapshot).exists()


def test_a_refusal_from_the_sitting_leads_back_to_it(world, both, client):
    amending, _walk = both
    client.force_login(world.people.superior)
    address = reverse("desk:refuse_amendment", args=PLACE) + "?sitting"
    assert client.post(address, refusal(amending.amendment)).url == reverse("desk:sitting")


def test_its_pages_cost_what_those_of_an_agreement_cost(world, both, client, django_assert_num_queries):
    client.force_login(world.people.superior)
    for route, queries in COSTS.items():
        client.get(reverse(route, args=PLACE))
        with django_assert_num_queries(queries):
            client.get(reverse(route, args=PLACE))


COSTS = {"desk:sign_amendment": 21, "desk:read_amendment": 20, "desk:refuse_amendment": 15}
