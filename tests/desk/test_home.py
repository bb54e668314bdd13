"""งานของฉัน: what waits for a person, since and until when; what they wait for; what they could begin."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement
from agreements.stages import Stage
from desk.demo.walk import FIRST_COMMENT, FIRST_OFFERS
from desk.inbox import inbox
from desk.turn import TASKS
from fiscal.models import Deadline, DeadlineKey
from tests.workflow.test_amendment import Amending, lowered
from workflow.escalation import escalate
from workflow.lifecycle import TABLE


def due(world, key, days):
    """Let the step be due so many days from today."""
    Deadline.objects.filter(fiscal_year=world.year, key=key).update(
        moved_from=None, due=timezone.localdate() + timedelta(days=days)
    )


def tasks(user):
    return tuple([(task.agreement.code, task.turn.task) for task in part] for part in inbox(user, timezone.now()))


def test_a_draft_waits_for_its_staff_and_the_others_wait_for_them(world):
    world.agreement(Stage.DRAFT)
    writing = [("2570-IMM-D1", "จัดทำแผนปฏิบัติราชการและตัวชี้วัด")]

    assert tasks(world.people.staff) == (writing, [])
    assert tasks(world.people.office) == ([], writing)
    assert tasks(world.people.head) == ([], writing)
    assert tasks(world.people.negotiator) == ([], writing)
    assert tasks(world.people.stranger) == tasks(world.people.neighbour) == ([], [])


def test_staff_are_told_how_many_offers_to_answer(world):
    walk = world.walk()
    walk.to(Stage.INFORMAL, "negotiator")
    walk.offer(FIRST_OFFERS, FIRST_COMMENT)
    walk.move("hand_back", world.people.negotiator)

    mine, _theirs = tasks(world.people.staff)

    assert mine == [("2570-IMM-D1", "ตอบข้อเสนอของ สตม. 1 เรื่อง")]


def test_signatories_find_what_waits_for_their_name(world, visit, words):
    agreement = world.agreement(Stage.SIGNING)

    page = visit(world.people.head, "desk:home")

    assert reverse("desk:signing", args=[agreement.code]) in page.content.decode()
    assert "ลงนามคำรับรอง" in words(page)
    assert tasks(world.people.superior)[0] == []


def test_an_amendment_waits_for_whom_it_is_the_turn_of_and_the_other_side_learns_of_it_once_asked(world, visit, words):
    amending = Amending(world)
    people = world.people
    writing = ("2570-IMM-D1", "แก้ไขเพิ่มเติมครั้งที่ 1: เสนอสิ่งที่ขอแก้ไข แล้วส่งคำขอไปยัง สตม.")

    # Beside the report that the staff write.
    assert writing in tasks(people.staff)[0]
    assert tasks(people.office)[0] == [writing]
    assert writing in tasks(people.head)[1]
    for who in ("negotiator", "superior", "evaluator", "planner", "auditor"):
        assert not any("แก้ไข" in task for part in tasks(people.get(who)) for _code, task in part), who

    amending.propose(lowered(amending.line))
    amending.go("ask", "office")
    (asked,) = tasks(people.negotiator)[0]
    assert "พิจารณา" in asked[1]
    assert asked in tasks(people.office)[1]
    assert not any("แก้ไข" in task for _code, task in tasks(people.evaluator)[1])

    amending.go("agree", "negotiator")
    page = visit(people.head, "desk:home")
    assert reverse("desk:sign_amendment", args=["2570-IMM-D1", 1]) in page.content.decode()
    assert page.context["nav"]["items"][0]["count"] == 1
    assert tasks(people.superior)[0] == []
    amending.go("refuse_to_make", "head", reason="ถ้อยคำไม่ชัด")
    assert "ไม่ลงนาม เพราะ “ถ้อยคำไม่ชัด”" in words(visit(people.negotiator, "desk:home"))
    assert tasks(people.head)[0] == []


def test_a_refusal_to_sign_is_told_with_its_reason_while_the_formal_round_lasts(world, visit, words):
    walk = world.walk()
    walk.to(Stage.SIGNING, "superior")
    walk.move("refuse_to_receive", world.people.superior, reason="เป้าหมาย 1.1 ต่ำเกินไป")
    told = "พลตำรวจโท สมชาย รักไทย ไม่ลงนาม เพราะ “เป้าหมาย 1.1 ต่ำเกินไป”"

    for person in ("negotiator", "office", "head"):
        assert told in words(visit(world.people.get(person), "desk:home")), person
    assert told in words(visit(world.people.negotiator, "desk:negotiation", "2570-IMM-D1"))

    walk.to(Stage.SIGNING)
    assert "ไม่ลงนาม เพราะ" not in words(visit(world.people.negotiator, "desk:home"))


def test_a_long_reason_is_cut_short_in_the_list(world, visit, words):
    walk = world.walk()
    walk.to(Stage.SIGNING)
    walk.move("refuse_to_make", world.people.head, reason="เพราะ" * 300)

    assert "เพราะ" * 40 not in words(visit(world.people.negotiator, "desk:home"))


@pytest.mark.parametrize(("days", "said"), [(8, "(อีก 8 วัน)"), (0, "(วันนี้)"), (-4, "(เกินกำหนด 4 วัน)")])
def test_the_due_date_stands_beside_the_work(world, visit, words, days, said):
    world.agreement(Stage.DRAFT)
    due(world, DeadlineKey.SUBMISSION, days)

    page = visit(world.people.staff, "desk:home")

    assert said in words(page)
    assert ('class="bad strong"' in page.content.decode()) is (days < 0)


def test_what_is_late_comes_first(world):
    world.agreement(Stage.DRAFT)
    world.agreement(Stage.INFORMAL, "negotiator", code="IMM-D2")
    due(world, DeadlineKey.SUBMISSION, 5)
    due(world, DeadlineKey.INFORMAL, -5)

    _mine, theirs = inbox(world.people.superior, timezone.now())

    assert [task.agreement.code for task in theirs] == ["2570-IMM-D2", "2570-IMM-D1"]


def test_a_draft_of_the_other_side_is_named_but_not_linked(world, visit):
    agreement = world.agreement(Stage.DRAFT)

    page = visit(world.people.negotiator, "desk:home").content.decode()

    assert "กองบังคับการตรวจคนเข้าเมือง" in page
    assert reverse("desk:agreement", args=[agreement.code]) not in page


def test_the_planning_office_finds_what_it_can_announce(world, visit, words):
    world.agreement(Stage.FORMAL)
    page = visit(world.people.planner, "desk:home")

    assert "รอประกาศให้ประชาชนทราบ" in words(page)
    assert reverse("desk:announcements", args=["2570-IMM-D1"]) in page.content.decode()
    assert "ไม่มีงานค้างที่ท่าน" not in words(page)
    assert "รอประกาศให้ประชาชนทราบ" not in words(visit(world.people.staff, "desk:home"))


def test_nothing_to_do_is_said(world, visit, words):
    assert "ไม่มีงานค้างที่ท่าน" in words(visit(world.people.nobody, "desk:home"))


def test_a_closed_agreement_waits_for_nobody(world):
    world.agreement(Stage.CLOSED)

    assert tasks(world.people.staff) == tasks(world.people.superior) == ([], [])


def test_staff_begin_the_agreement_that_is_missing(world, visit, send, words):
    assert "สร้างคำรับรอง ปีงบประมาณ พ.ศ. 2570" in words(visit(world.people.staff, "desk:home"))

    answer = send(world.people.staff, "desk:create_agreement", "IMM-D1", 2570)

    assert answer.url == reverse("desk:agreement", args=["2570-IMM-D1"])
    assert "สร้างคำรับรอง" not in words(visit(world.people.staff, "desk:home"))


def test_beginning_twice_leads_to_the_same_agreement(world, send):
    first = send(world.people.staff, "desk:create_agreement", "IMM-D1", 2570)
    second = send(world.people.staff, "desk:create_agreement", "IMM-D1", 2570)

    assert (second.status_code, second.url) == (302, first.url)
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize("who", ["stranger", "neighbour", "negotiator", "head", "administrator", "command_staff"])
def test_others_cannot_begin_it(world, visit, send, words, who):
    assert "กองบังคับการตรวจคนเข้าเมือง 1" not in words(visit(world.people.get(who), "desk:home"))

    answer = send(world.people.get(who), "desk:create_agreement", "IMM-D1", 2570)

    assert answer.status_code == 403
    assert "เฉพาะเจ้าหน้าที่แผนของ บก.ตม.1" in words(answer)
    assert not Agreement.objects.exists()


def test_nothing_is_begun_by_looking(world, client):
    client.force_login(world.people.staff)
    assert client.get(reverse("desk:create_agreement", args=["IMM-D1", 2570])).status_code == 405


def test_every_turn_in_the_walk_has_its_phrase(world):
    # The hands that the table of moves can put the pen into, stage by stage.
    held = {(stage, pen) for move in TABLE for stage in move.sources for pen in move.may.pens}
    assert set(TASKS) == {(Stage(stage), pen) for stage, pen in held}


def test_a_head_is_told_of_lateness_below_and_nobody_else_is(world, visit, words):
    world.agreement(Stage.DRAFT)
    due(world, DeadlineKey.SUBMISSION, -9)
    type(world.year).objects.update(escalate_after=1)
    escalate(at=timezone.now() + timedelta(days=3))

    assert "งานล่าช้าในความดูแลของท่าน" in words(visit(world.people.head, "desk:home"))
    assert "ว่าคำรับรองล่าช้า" in words(visit(world.people.head, "desk:history", "2570-IMM-D1"))
    assert "งานล่าช้าในความดูแลของท่าน" not in words(visit(world.people.staff, "desk:home"))
    assert "งานล่าช้าในความดูแลของท่าน" not in words(visit(world.people.superior, "desk:home"))
