"""Saying on a screen who receives the agreement of ตร.: the Prime Minister, or the Deputy so assigned."""

from datetime import date

import pytest
from django.urls import reverse

from acts.log import THE_SYSTEM
from agreements.models import ReceiverChoice
from agreements.receiver import choose_receiver
from agreements.signing_rule import receiver_alternatives
from agreements.stages import Stage
from orgunits.appoint import end_appointment
from orgunits.models import Appointment

RTP = "2570-RTP"
NOT_SAID = "ยังไม่ได้ระบุว่าผู้ใดเป็นผู้รับคำรับรอง: นายกรัฐมนตรี หรือรองนายกรัฐมนตรีที่ได้รับมอบหมาย"
ONLY_OFFICE = "เฉพาะหัวหน้าฝ่าย/ผู้ช่วยหัวหน้าหน่วย (ตร.) เท่านั้นที่ระบุผู้รับคำรับรองได้"
IN_FORMAL = "ระบุผู้รับคำรับรองได้ในขั้นเจรจาอย่างเป็นทางการ"
BEGUN = "เสนอลงนามแล้ว จึงเปลี่ยนผู้รับคำรับรองไม่ได้"

# The agreement of ตร.: stage, pen: who → (status of GET, status of POST, a sentence on both pages).
# Written by hand from what the roles may do. Whoever isn't named gets 404.
READERS = ("headquarters_staff", "commissioner_general", "opdc_negotiator", "opdc_evaluator", "prime_minister")
VERDICTS = {
    ("draft", "staff"): {
        "headquarters_office": (200, 403, IN_FORMAL),
        **dict.fromkeys(("headquarters_staff", "commissioner_general", "auditor", "planner"), (200, 403, ONLY_OFFICE)),
        **dict.fromkeys(
            ("opdc_negotiator", "opdc_evaluator", "prime_minister", "deputy_prime_minister"),
            (403, 403, "กำลังจัดทำร่างนี้อยู่"),
        ),
    },
    ("formal", "negotiator"): {
        "headquarters_office": (200, 302, ""),
        **dict.fromkeys((*READERS, "deputy_prime_minister", "auditor", "planner"), (200, 403, ONLY_OFFICE)),
    },
    ("formal", "office"): {
        "headquarters_office": (200, 302, ""),
        **dict.fromkeys((*READERS, "deputy_prime_minister", "auditor", "planner"), (200, 403, ONLY_OFFICE)),
    },
    ("signing", "head"): {
        "headquarters_office": (200, 403, BEGUN),
        **dict.fromkeys((*READERS, "deputy_prime_minister", "auditor", "planner"), (200, 403, ONLY_OFFICE)),
    },
    ("assessment", "staff"): {
        "headquarters_office": (200, 403, BEGUN),
        **dict.fromkeys((*READERS, "deputy_prime_minister", "auditor", "planner"), (200, 403, ONLY_OFFICE)),
    },
}
# Of the command below, who reads its superior's signed agreement, but not how it came about.
BELOW = ("command_staff", "command_office", "superior", "negotiator", "evaluator")
# Their rights on ตร. stand on its side: they read it, as above.
OF_RTP = ("headquarters_negotiator", "headquarters_evaluator")


@pytest.fixture
def walk(world):
    """In the formal round, the minutes with the head's office."""
    walk = world.walk("RTP")
    walk.to(Stage.FORMAL, "office")
    return walk


def form(agreement, place, version=0, **order):
    """What the page sends for the alternative in that place."""
    blank = {"order_number": "", "order_date": "", "order_by": ""}
    return {"version": version, "post": receiver_alternatives(agreement)[place].pk, **blank, **order}


ORDER = {"order_number": "๓๒๗/๒๕๖๙", "order_date": "๑ ก.ย. ๒๕๖๙"}


def test_the_confirmation_says_what_is_missing_and_leads_to_the_form(world, walk, visit, words):
    page = visit(world.people.headquarters_office, "desk:move", RTP, "confirm_formal")

    assert NOT_SAID in words(page)
    assert f'href="{reverse("desk:receiver", args=[RTP])}"' in page.content.decode()


def test_the_form_shows_both_with_who_holds_the_post_today(world, walk, visit, words):
    read = words(visit(world.people.headquarters_office, "desk:receiver", RTP))

    assert "นายกรัฐมนตรี – นายสมมติ นายก" in read
    assert "รองนายกรัฐมนตรี – นางสาวพรทิพย์ ธรรมรักษ์" in read


def test_the_deputy_is_chosen_by_an_order_typed_in_thai_digits_and_the_negotiation_page_says_so(
    world, walk, visit, send, words
):
    answer = send(world.people.headquarters_office, "desk:receiver", RTP, **form(walk.agreement, 1, **ORDER))
    assert answer.url == reverse("desk:negotiation", args=[RTP])

    choice = ReceiverChoice.objects.get()
    assert (choice.post.title_th, choice.order_date, choice.order_by) == (
        "รองนายกรัฐมนตรี",
        date(2026, 9, 1),
        "นายกรัฐมนตรี",
    )
    for person in ("headquarters_office", "opdc_negotiator", "commissioner_general"):
        read = words(visit(world.people.get(person), "desk:negotiation", RTP))
        assert "ได้รับมอบหมายจากนายกรัฐมนตรี ตามคำสั่งที่ 327/2569 ลงวันที่ 1 กันยายน 2569" in read
        assert ("เปลี่ยน …" in read) is (person == "headquarters_office")


def test_who_signs_with_whom_follows_the_choice_on_every_page(world, walk, visit, send, words):
    office = world.people.headquarters_office
    assert "ผบ.ตร. ลงนามกับ นรม. หรือ รอง นรม." in words(visit(office, "desk:agreement", RTP))

    send(office, "desk:receiver", RTP, **form(walk.agreement, 1, **ORDER))

    assert "ผบ.ตร. ลงนามกับ รอง นรม." in words(visit(office, "desk:agreement", RTP))
    why = words(visit(office, "desk:why", RTP))
    assert "โดยได้รับมอบหมายจากนายกรัฐมนตรี ตามคำสั่งที่ 327/2569 ลงวันที่ 1 กันยายน 2569" in why
    assert "นางสาวพรทิพย์ ธรรมรักษ์" in why
    assert "นายสมมติ นายก" not in why
    assert "ระบุให้รองนายกรัฐมนตรีเป็นผู้รับคำรับรอง" in words(visit(office, "desk:history", RTP))


@pytest.mark.parametrize(
    ("place", "order", "field", "sentence"),
    [
        (1, {"order_date": "1/9/2569"}, "order_number", "โปรดระบุเลขที่คำสั่งมอบหมาย"),
        (1, {"order_number": "327/2569"}, "order_date", "โปรดระบุวันที่ของคำสั่งมอบหมาย"),
        (1, {"order_number": "1/2580", "order_date": "1/1/2580"}, "order_date", "วันที่ของคำสั่งยังมาไม่ถึง"),
        (1, {"order_number": "1", "order_date": "31/2/2569"}, "order_date", ""),
        (0, ORDER, "order_number", "โปรดเว้นช่องคำสั่งให้ว่าง"),
        (1, ORDER | {"order_number": "9" * 101}, "order_number", ""),
        (1, ORDER | {"post": "999999"}, "post", "ตำแหน่งนี้ไม่ใช่ผู้รับคำรับรองตามหลักเกณฑ์"),
        (1, ORDER | {"post": ""}, "post", "โปรดเลือกผู้รับคำรับรอง"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    world, walk, send, words, place, order, field, sentence
):
    typed = form(walk.agreement, place) | order
    answer = send(world.people.headquarters_office, "desk:receiver", RTP, **typed)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert sentence in words(answer)
    assert answer.context["form"]["order_number"].value() == typed["order_number"]
    assert not ReceiverChoice.objects.exists()


def test_a_post_without_a_holder_is_taken_with_a_warning(world, walk, send, client, words):
    deputy = Appointment.objects.get(user=world.people.deputy_prime_minister)
    end_appointment(deputy, until=date(2026, 9, 2), by=THE_SYSTEM, at=world.at())

    answer = send(world.people.headquarters_office, "desk:receiver", RTP, **form(walk.agreement, 1, **ORDER))

    assert ReceiverChoice.objects.exists()
    assert "เมื่อยังไม่มีผู้ดำรงตำแหน่งจะลงนามคำรับรองไม่ได้" in words(client.get(answer.url))


def test_two_who_say_different_things_are_shown_both(world, walk, send, words):
    office = world.people.headquarters_office
    mine = form(walk.agreement, 0)
    post = receiver_alternatives(walk.agreement)[1]
    order = {"order_number": "327/2569", "order_date": date(2026, 9, 1)}
    choose_receiver(walk.agreement, post, **order, actor=office, at=world.at())

    answer = send(office, "desk:receiver", RTP, **mine)

    assert answer.status_code == 409
    assert "327/2569" in words(answer)
    assert ReceiverChoice.objects.get().post == post


def test_the_only_one_who_is_chosen_finds_the_signature_waiting(world, walk, send, visit, words):
    send(world.people.headquarters_office, "desk:receiver", RTP, **form(walk.agreement, 1, **ORDER))
    walk.to(Stage.SIGNING, "superior")

    waiting = "ลงนามคำรับรอง"
    assert waiting in words(visit(world.people.deputy_prime_minister, "desk:home"))
    assert waiting not in words(visit(world.people.prime_minister, "desk:home"))
    page = visit(world.people.deputy_prime_minister, "desk:signing", RTP)
    assert 'type="password"' in page.content.decode()
    assert "ได้รับมอบหมายจากนายกรัฐมนตรี ตามคำสั่งที่ 327/2569 ลงวันที่ 1 กันยายน 2569" in words(page)
    assert "ผู้รับคำรับรอง รองนายกรัฐมนตรี ยังไม่ลงนาม" in words(page)
    assert 'type="password"' not in visit(world.people.prime_minister, "desk:signing", RTP).content.decode()


@pytest.mark.parametrize(("stage", "pen"), VERDICTS)
def test_every_verdict_on_the_page_of_the_receiver(world, client, words, stage, pen):
    world.agreement(code="IMM")
    walk = world.walk("RTP")
    walk.to(stage, pen)
    said = dict.fromkeys(BELOW, (404, 404, "")) | dict.fromkeys(("stranger", "nobody"), (404, 404, ""))
    if stage == "assessment":
        said |= dict.fromkeys(BELOW, (403, 403, "ส่วนความเป็นมาเปิดให้เฉพาะ"))
    said |= dict.fromkeys(OF_RTP, (200, 403, ONLY_OFFICE)) | VERDICTS[stage, pen]
    url, wrong = reverse("desk:receiver", args=[RTP]), []
    for person, (get, post, sentence) in said.items():
        client.force_login(world.people.get(person))
        pages = client.get(url), client.post(url, form(walk.agreement, 0))
        if [page.status_code for page in pages] != [get, post]:
            wrong.append((person, [page.status_code for page in pages]))
        wrong += [(person, sentence) for page in pages if sentence not in words(page)]
    assert wrong == []
