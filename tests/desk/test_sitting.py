"""The signing sitting: read one after another, then many signed under one password, each for itself."""

import pytest
from axes.models import AccessAttempt
from django.urls import reverse

from acts.idempotency import new_key
from acts.log import THE_SYSTEM
from acts.models import Entry
from agreements.freeze import agreed_snapshot
from agreements.models import Document
from orgunits.appoint import end_appointment
from workflow.models import Reading, Signature, SigningRefusal
from workflow.offers import make_offer
from workflow.sitting import Shown
from workflow.sitting_form import seal

D1, D2 = "2570-IMM-D1", "2570-IMM-D2"


@pytest.fixture
def walks(world):
    """Two agreements, signed by their heads, that wait for the same superior."""
    walks = {code: world.walk(code) for code in ("IMM-D1", "IMM-D2")}
    for walk in walks.values():
        walk.to("signing", "superior")
    return {walk.agreement.code: walk for walk in walks.values()}


@pytest.fixture
def read(world, send, walks):
    """read(D1, …): the superior says of each that it has been read; gives the answer to the last."""

    def mark(*codes):
        for code in codes:
            sha256 = agreed_snapshot(walks[code].agreement).sha256
            answer = send(world.people.superior, "desk:read_to_sign", code, sha256=sha256, idempotency=new_key())
        return answer

    return mark


@pytest.fixture
def page(world, visit):
    return lambda: visit(world.people.superior, "desk:sitting")


def sent(page, *chosen, **changed):
    """What a browser would send of the list, with those ticked and the right password."""
    context = page.context
    form = {"shown": context["shown"], "chosen": chosen, "idempotency": context["form"]["idempotency"].value()}
    return form | {"password": "kham-rap-rong"} | changed


def signed():
    """The codes of what has been received."""
    return sorted(each.snapshot.agreement.code for each in Signature.objects.filter(slot="receiver"))


# The queue


def test_the_queue_tells_how_many_wait_what_is_read_and_leads_through_them(world, walks, page, read, visit, words):
    assert "รอลงนาม 2 ฉบับ" in words(page())
    assert "อ่านและลงนาม 2 ฉบับในคราวเดียว" in words(visit(world.people.superior, "desk:home"))
    one = words(visit(world.people.superior, "desk:read_to_sign", D1))
    places = [one.index(text) for text in ("ฉบับที่ 1 / 2", "ผู้บังคับการตรวจคนเข้าเมือง 1 ลงนามแล้วเมื่อ", "เปลี่ยนไปในการเจรจา",
                                           "เนื้อหาโดยย่อ", "อ่านแล้ว พร้อมลงนาม")]  # fmt: skip
    assert places == sorted(places)
    assert agreed_snapshot(walks[D1].agreement).sha256 in one

    assert read(D1).url == reverse("desk:read_to_sign", args=[D2])
    assert "รอลงนาม 2 ฉบับ อ่านแล้ว 1 ฉบับ" in words(page())
    assert read(D2).url == reverse("desk:sitting")
    assert 'type="password"' in page().content.decode()


def test_who_has_nothing_to_sign_is_told_so_and_one_alone_needs_no_sitting(world, walks, visit, words):
    assert "ไม่มีคำรับรองรอท่านลงนาม" in words(visit(world.people.staff, "desk:sitting"))
    walks[D2].move("refuse_to_receive", world.people.superior, reason="ขอทบทวน")
    assert "ในคราวเดียว" not in words(visit(world.people.superior, "desk:home"))


def test_reading_is_kept_once_binds_nobody_and_is_on_record(world, walks, read):
    read(D1, D1)
    assert Reading.objects.get().user_id == world.people.superior.pk
    assert [each.act for each in Entry.objects.about(walks[D1].agreement)[:2]] == [
        "agreement.read_to_sign",
        "agreement.sign",
    ]
    assert signed() == []


def test_a_text_other_than_the_one_shown_is_not_kept_as_read(world, walks, send):
    form = {"sha256": "0" * 64, "idempotency": new_key()}
    assert send(world.people.superior, "desk:read_to_sign", D1, **form).status_code == 409
    assert not Reading.objects.exists()


def test_what_changed_is_told_from_what_one_has_read_oneself(world, walks, read, visit):
    """The superior has read the first text and not signed it; since then the head refused, and one target changed."""
    walk = world.walk("IMM")
    walk.to("signing", "head")
    head = world.people.superior
    sha256 = agreed_snapshot(walk.agreement).sha256
    walk.move("refuse_to_make", head, reason="ขอปรับเป้า")
    changed = {"actor": walk.people.negotiator, "at": walk.diary.later(), "reason": "มติ"}
    make_offer(walk.line("1.1"), "target", "87.5", **changed)
    walk.to("signing", "head")

    changes = visit(head, "desk:read_to_sign", walk.agreement.code).context["changes"]
    assert changes["heading"] == "เปลี่ยนไปจากที่ท่านอ่านล่าสุด"
    assert [(number, len(fields)) for number, _name, fields in changes["groups"]] == [("1.1", 1)]
    assert agreed_snapshot(walk.agreement).sha256 != sha256


def test_who_reads_a_text_again_after_it_changed_sees_it_as_unread(world, walks, read, page, visit, words):
    read(D1)
    walk = walks[D1]
    walk.move("refuse_to_receive", world.people.superior, reason="ขอปรับเป้า")
    changed = {"actor": walk.people.negotiator, "at": walk.diary.later(), "reason": "มติ"}
    make_offer(walk.line("1.2"), "level_5", "15", **changed)
    walk.to("signing", "superior")

    assert "อ่านแล้ว 0 ฉบับ" in words(page())
    assert "เปลี่ยนไปจากที่ท่านอ่านล่าสุด" in words(visit(world.people.superior, "desk:read_to_sign", D1))


# Signing many


def test_many_are_signed_under_one_password_each_bound_to_its_own_hash(world, walks, read, page, client):
    read(D1, D2)
    answer = client.post(reverse("desk:sitting"), sent(page(), D1, D2), headers={"User-Agent": "x"})

    assert answer.url == reverse("desk:sitting")
    assert signed() == [D1, D2]
    for code, walk in walks.items():
        signature = Signature.objects.get(snapshot__agreement__code=code, slot="receiver")
        assert (signature.snapshot_sha256, signature.method) == (agreed_snapshot(walk.agreement).sha256, "password")
    assert Document.objects.filter(kind="signed").count() == 2


def test_only_those_chosen_are_signed(world, walks, read, page, client, words):
    read(D1, D2)
    client.post(reverse("desk:sitting"), sent(page(), D2))

    assert signed() == [D2]
    assert "ท่านลงนามแล้ว 1 ฉบับ: บก.ตม.2" in words(page())


def test_one_that_fails_says_why_and_takes_no_other_with_it(world, walks, read, page, client, words):
    """Between the page and the button the first one is sent back, and agreed anew."""
    read(D1, D2)
    form = sent(page(), D1, D2)
    walks[D1].move("refuse_to_receive", world.people.superior, reason="ขอปรับเป้า")
    walks[D1].to("signing", "superior")
    after = client.post(reverse("desk:sitting"), form, follow=True)

    assert signed() == [D2]
    assert "บก.ตม.1 ยังไม่ได้ลงนาม: มีผู้แก้ไขเรื่องนี้หลังจากที่ท่านเปิดหน้านี้" in words(after)
    assert "รอลงนาม 1 ฉบับ" in words(after)


def test_a_wrong_password_signs_nothing_counts_once_and_loses_no_choice(world, walks, read, page, client):
    read(D1, D2)
    answer = client.post(reverse("desk:sitting"), sent(page(), D2, password="not-this-one"))

    assert (answer.status_code, signed()) == (422, [])
    assert AccessAttempt.objects.get().failures_since_start == 1
    assert [(each.agreement.code, each.is_chosen) for each in answer.context["sitting"].ready] == [
        (D1, False),
        (D2, True),
    ]
    assert "not-this-one" not in answer.content.decode()

    client.post(reverse("desk:sitting"), sent(answer, D2))
    assert signed() == [D2]


def test_a_double_click_or_a_form_cut_off_and_sent_again_signs_each_once(world, walks, read, page, client, words):
    read(D1, D2)
    form = sent(page(), D1, D2)
    client.post(reverse("desk:sitting"), {**form, "chosen": [D1]})  # as far as it came
    assert signed() == [D1]
    client.post(reverse("desk:sitting"), form)
    again = client.post(reverse("desk:sitting"), form, follow=True)

    assert signed() == [D1, D2]
    assert "ท่านลงนามแล้ว 2 ฉบับ" in words(again)


@pytest.mark.parametrize("forged", ["unread", "other hash", "somebody else's", "no seal"])
def test_nothing_is_signed_but_what_the_page_has_shown_to_this_person(world, walks, read, page, client, forged):
    read(D1)
    form = sent(page(), D1)
    shown = [Shown(D1, walks[D1].agreement.version, "0" * 64)]
    changed = {
        "unread": {"chosen": [D2]},
        "other hash": {"shown": seal(shown, world.people.superior)},
        "somebody else's": {"shown": seal(shown, world.people.head)},
        "no seal": {"shown": "x"},
    }[forged]

    client.post(reverse("desk:sitting"), form | changed)
    assert signed() == []


def test_nothing_chosen_or_an_incomplete_form_signs_nothing_and_says_so(world, walks, read, page, client, words):
    read(D1)
    form = sent(page(), D1)
    assert "โปรดเลือกฉบับที่จะลงนามอย่างน้อยหนึ่งฉบับ" in words(client.post(reverse("desk:sitting"), form | {"chosen": []}))
    for missing in ("shown", "idempotency", "password"):
        without = {name: value for name, value in form.items() if name != missing}
        assert client.post(reverse("desk:sitting"), without).status_code == 422
    assert signed() == []


def test_authority_lost_between_the_page_and_the_button_signs_nothing(world, walks, read, page, client, words):
    read(D1, D2)
    form = sent(page(), D1, D2)
    post = world.people.superior.appointments.get()
    end_appointment(post, until=world.at(days=-30).date(), by=THE_SYSTEM, at=world.at())

    after = client.post(reverse("desk:sitting"), form, follow=True)
    assert signed() == []
    assert words(after).count("ยังไม่ได้ลงนาม:") == 2


def test_a_refusal_from_the_sitting_leads_back_to_it(world, walks, send):
    walks[D1].agreement.refresh_from_db()
    form = {"version": walks[D1].agreement.version, "reason": "ขอทบทวน", "idempotency": new_key()}
    client = send(world.people.superior, "desk:refuse_to_sign", D1, **form).client
    assert SigningRefusal.objects.count() == 1
    walks[D2].agreement.refresh_from_db()
    form |= {"version": walks[D2].agreement.version, "idempotency": new_key()}
    address = reverse("desk:refuse_to_sign", args=[D2]) + "?sitting"
    assert client.post(address, form).url == reverse("desk:sitting")
