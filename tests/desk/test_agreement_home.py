"""The home of an agreement: who signs, the walk, whose turn, the indicators, what is missing, what happened."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from acts.models import Entry
from agreements.models import Line
from agreements.stages import Stage
from desk.anchors import PAGES
from desk.demo.walk import FIRST_COMMENT, FIRST_OFFERS
from desk.movements import SENTENCES
from desk.years_page import SENTENCES as SENTENCES_OF_YEARS
from workflow.amendment_walk import TABLE as AMENDMENT
from workflow.lifecycle import TABLE
from workflow.publishing import Publication

D1 = "2570-IMM-D1"
# The frame, the moves with the rules that each is judged by, the table, the log: however many lines there are.
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def offered(world):
    """An agreement whose staff have offers to answer."""
    walk = world.walk()
    walk.to(Stage.INFORMAL, "negotiator")
    walk.offer(FIRST_OFFERS, FIRST_COMMENT)
    return walk.move("hand_back", world.people.negotiator)


def test_it_says_whose_it_is_for_when_and_who_signs(world, visit, words):
    world.agreement(Stage.DRAFT)
    page = words(visit(world.people.staff, "desk:agreement", D1))

    assert "กองบังคับการตรวจคนเข้าเมือง 1" in page
    assert "ประจำปีงบประมาณ พ.ศ. 2570 · 1 ต.ค. 2569 – 30 ก.ย. 2570" in page
    assert "ผบก.ตม.1 ลงนามกับ ผบช.สตม." in page
    assert re.search(r"ตร\. *สตม\. *บก\.ตม\.1 *ปีงบประมาณ พ\.ศ\. 2570", page)


def test_the_owner_of_the_pen_is_told_what_to_do_and_others_whom_they_wait_for(world, offered, visit, words):
    mine = words(visit(world.people.staff, "desk:agreement", D1))
    theirs = words(visit(world.people.negotiator, "desk:agreement", D1))

    assert "ตาของท่าน — ตอบข้อเสนอของ สตม. 1 เรื่อง" in mine
    assert "ตาของ บก.ตม.1 (เจ้าหน้าที่แผน) — ตอบข้อเสนอ" in theirs
    assert "เสนอแก้" in mine


def test_the_levels_show_last_years_result(world, visit):
    agreement = world.agreement(Stage.DRAFT)
    Line.objects.filter(agreement=agreement, name__startswith="ร้อยละของผู้โดยสาร").update(past_1=84)

    page = visit(world.people.staff, "desk:agreement", D1)
    first = page.context["groups"][0][1][0]

    assert [level["hit"] for level in first.levels] == [False, False, True, False, False]


@pytest.mark.parametrize(("reason", "said"), [("", "bare"), ("กำลังพลลดลง", "reasoned")])
def test_a_target_that_last_year_reached_is_marked(world, visit, reason, said):
    line = world.agreement(Stage.DRAFT).lines.first()
    Line.objects.filter(pk=line.pk).update(past_1=99, low_target_reason=reason)

    page = visit(world.people.staff, "desk:agreement", D1)

    assert page.context["groups"][0][1][0].low_target == said


def test_what_is_missing_is_linked_to_where_it_is_mended(world, visit, words):
    line = world.agreement(Stage.DRAFT).lines.first()
    Line.objects.filter(pk=line.pk).update(weight=1, definition="")

    page = visit(world.people.office, "desk:agreement", D1)

    where = {refusal.where for refusal in page.context["missing"]}
    assert reverse("desk:weights", args=[D1]) in where
    assert f"{reverse('desk:line', args=[D1, line.pk])}#definition" in where
    assert "ก่อนส่ง ยังขาด" in words(page)


def test_every_place_that_a_rule_can_name_has_an_address():
    named = set()
    for file in (
        ROOT / name
        for name in ("agreements/rules.py", "results/rules.py", "workflow/rules.py", "results/appeal_rules.py")
    ):
        named |= set(
            re.findall(r'^ +(?:.*, |here = )?f?"([a-z]+)(?:[#/][^" ]*)?"[,)]*$', file.read_text(), re.MULTILINE)
        )

    assert named <= set(PAGES)
    assert named >= {"plan", "lines", "weights", "line", "negotiation", "minutes", "signing", "report", "evaluation"}


def test_readers_without_the_pen_see_the_same_page_without_its_tools(world, visit):
    world.agreement(Stage.DRAFT)
    staff = visit(world.people.staff, "desk:agreement", D1)
    head = visit(world.people.head, "desk:agreement", D1)
    auditor = visit(world.people.auditor, "desk:agreement", D1)

    assert staff.context["may_write"]
    assert staff.context["primary"].name == "hand_to_office"
    for page in (head, auditor):
        assert not page.context["may_write"]
        assert page.context["primary"] is None
        assert page.context["others"] == []
        assert reverse("desk:add_line", args=[D1]) not in page.content.decode()
    assert auditor.context["missing"] is None


@pytest.mark.parametrize(
    ("stage", "pen", "who", "primary", "others"),
    [
        ("draft", "staff", "staff", "hand_to_office", set()),
        ("draft", "staff", "office", None, set()),
        ("draft", "office", "office", "submit", {"return_to_staff"}),
        ("informal", "negotiator", "negotiator", None, {"close_informal", "hand_back", "send_back"}),
        ("signing", "head", "head", "sign", {"refuse_to_make"}),
        ("signing", "superior", "superior", "countersign", {"refuse_to_receive"}),
        ("assessment", "head", "head", "certify", {"return_certification"}),
        ("evaluation", "superior", "superior", "release", {"return_scores"}),
        ("appeal", "head", "head", "accept_scores", {"lodge_appeal"}),
        ("appeal", "evaluator", "evaluator", "decide_appeal", set()),
        ("appeal", "superior", "superior", "close", {"return_decision"}),
    ],
)
def test_the_next_move_is_the_one_in_colour(world, visit, stage, pen, who, primary, others):
    world.agreement(Stage(stage), pen)

    context = visit(world.people.get(who), "desk:agreement", D1).context

    assert (context["primary"] and context["primary"].name) == primary
    assert {button.name for button in context["others"]} == others


def test_no_move_is_in_colour_before_there_is_reason_to_make_it(world, visit):
    walk = world.walk()
    Line.objects.filter(agreement=walk.agreement, weight=35).update(weight=34)
    staff = visit(world.people.staff, "desk:agreement", D1).context
    assert (staff["primary"], [button.name for button in staff["others"]]) == (None, ["hand_to_office"])

    Line.objects.filter(agreement=walk.agreement, weight=34).update(weight=35)
    walk.to(Stage.INFORMAL, "negotiator")
    assert visit(world.people.negotiator, "desk:agreement", D1).context["primary"] is None
    walk.offer(FIRST_OFFERS, FIRST_COMMENT)
    assert visit(world.people.negotiator, "desk:agreement", D1).context["primary"].name == "hand_back"


def test_the_way_to_the_work_is_shown_where_the_work_is_not(world, visit):
    world.agreement(Stage.DRAFT)
    elsewhere = {
        route: bool(visit(world.people.staff, f"desk:{route}", D1).context["pen"]["action_url"])
        for route in ("agreement", "plan", "weights", "history")
    }
    assert elsewhere == {"agreement": False, "plan": False, "weights": False, "history": True}


def test_a_move_that_cannot_be_made_yet_is_shown_and_says_why(world, visit, words):
    agreement = world.agreement(Stage.DRAFT, "office")
    Line.objects.filter(agreement=agreement, weight=35).update(weight=34)

    page = visit(world.people.office, "desk:agreement", D1)

    assert not page.context["primary"].is_open
    assert re.search(r'move/submit/" aria-disabled="true"', page.content.decode())
    assert "น้ำหนักรวมต้องเป็น 100" in words(visit(world.people.office, "desk:move", D1, "submit"))


def test_the_walk_tells_what_is_done_now_and_to_come(world, visit):
    world.agreement(Stage.INFORMAL, "negotiator")

    steps = visit(world.people.staff, "desk:agreement", D1).context["steps"]

    assert [step["state"] for step in steps] == ["done", "now", *["todo"] * 5]
    assert steps[0]["note"].endswith("69")
    assert steps[1]["note"].startswith("รอบที่ 1 · ภายใน 30 พ.ย. 69")


def test_once_signed_the_page_shows_what_was_signed(world, visit, words):
    agreement = world.agreement(Stage.ASSESSMENT, "staff")
    # No screen can do this any more; the page must not read it all the same.
    Line.objects.filter(agreement=agreement).update(name="แก้หลังลงนาม", weight=1)

    page = visit(world.people.staff, "desk:agreement", D1)

    assert "ตัวเลขและข้อความตามที่ลงนามแล้ว" in words(page)
    assert "แก้หลังลงนาม" not in page.content.decode()
    assert sum(row.weight for _dimension, rows in page.context["groups"] for row in rows) == 100


def test_tabs_show_what_is_there_for_the_person_who_looks(world, visit):
    def tabs(who):
        return [tab["key"] for tab in visit(world.people.get(who), "desk:agreement", D1).context["tabs"]]

    walk = world.walk()
    assert tabs("staff") == ["plan", "lines", "history"]
    walk.to(Stage.EVALUATION, "evaluator")
    everything = ["plan", "lines", "negotiation", "signing", "report", "evaluation", "documents", "history"]
    assert tabs("evaluator") == everything
    assert tabs("staff") == [tab for tab in everything if tab != "evaluation"]
    walk.to(Stage.CLOSED)
    everything.insert(6, "appeal")
    assert tabs("staff") == everything


def test_people_below_read_their_superiors_signed_agreement_and_no_more(world, visit, client):
    world.agreement(Stage.DRAFT)
    world.agreement(Stage.ASSESSMENT, "staff", code="IMM")

    page = visit(world.people.staff, "desk:agreement", "2570-IMM")

    assert [tab["key"] for tab in page.context["tabs"]] == ["plan", "lines", "documents"]
    assert page.context["movements"] is None


def test_a_stranger_does_not_learn_that_it_exists(world, visit):
    world.agreement(Stage.ASSESSMENT, "staff")

    assert visit(world.people.stranger, "desk:agreement", D1).status_code == 404
    assert visit(world.people.nobody, "desk:agreement", D1).status_code == 404


def test_the_other_side_is_told_that_the_draft_is_being_written(world, visit, words):
    world.agreement(Stage.DRAFT)

    page = visit(world.people.negotiator, "desk:agreement", D1)

    assert page.status_code == 403
    assert "บก.ตม.1 กำลังจัดทำร่างนี้อยู่ ท่านจะอ่านได้เมื่อหน่วยส่งร่างแล้ว" in words(page)


def test_why_these_two(world, visit, words):
    world.agreement(Stage.DRAFT)
    page = words(visit(world.people.staff, "desk:why", D1))

    assert "บก.ตม.1 ไม่อยู่ในสังกัด สง.ผบ.ตร." in page
    assert "ผู้บังคับการตรวจคนเข้าเมือง 1 พลตำรวจตรี วีระ กล้าหาญ" in page
    assert "ผู้บัญชาการสำนักงานตรวจคนเข้าเมือง พลตำรวจโท สมชาย รักไทย" in page
    assert "แผนปฏิบัติราชการของสำนักงานตรวจคนเข้าเมือง" in page
    assert "ข้อ 2.2.1" in page


# On record about a holiday, about the unit whose agreements were printed, or about an amendment, a side's own for now.
OF_NEITHER = {"add_holiday", "remove_holiday", "print_run", "begin_amendment", "propose_amendment"}
OF_NEITHER |= {"begin_incentives", "write_incentives"}
# One of two by what was done: their names don't stand where they are recorded.
ONE_OF_TWO = {"approve_result", "refuse_result", "score_differs", "score_comes_out", "visit", "change_visit"}
ONE_OF_TWO |= {"object", "decide_objection"}


def test_every_act_on_record_has_its_sentence():
    written = {f"{table.name}.{move.name}" for table in (TABLE, AMENDMENT) for move in table}
    written |= ONE_OF_TWO
    written |= {f"{act}_{kind}" for act in ("announce", "withdraw_announcement") for kind in Publication.Kind}
    for floor in ("fiscal", "indicators", "agreements", "results", "workflow"):
        for file in (ROOT / floor).rglob("*.py"):
            written |= set(
                re.findall(r'record\(\s*"((?:(?:agreement|amendment)\.)?\w+)"', file.read_text(encoding="utf-8"))
            )
            written |= set(re.findall(r'record, "(\w+)"\)', file.read_text(encoding="utf-8")))

    assert written == set(SENTENCES) | set(SENTENCES_OF_YEARS) | OF_NEITHER


def test_all_that_a_walk_leaves_on_record_can_be_read(world, visit):
    agreement = world.agreement(Stage.CLOSED)
    acts = set(Entry.objects.about(agreement).values_list("act", flat=True))

    pages = [visit(world.people.staff, "desk:history", D1, page=number) for number in (1, 2)]

    assert acts <= set(SENTENCES)
    assert all(page.status_code == 200 for page in pages)
