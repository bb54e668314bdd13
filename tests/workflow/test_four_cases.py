"""The four signing cases of the handbook's item 2.2.1, from draft to the signed paper: read back, and compared by hand."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from accounts.models import User
from acts.log import THE_SYSTEM
from acts.models import Entry
from acts.vault import read
from agreements.documents import render
from agreements.freeze import thaw
from agreements.issue import make
from agreements.models import Document
from agreements.signing_rule import receiver_alternatives
from agreements.stages import Stage
from agreements.write import save_plan
from desk.demo.people import IN_POST_SINCE
from desk.demo.walk import STEPS
from orgunits.appoint import appoint
from orgunits.authority import head_post
from orgunits.models import Appointment, Post
from tests.agreements.pdf_reading import packed, pages_of
from thai.numbers import to_arabic
from workflow.lifecycle import TABLE

TABLE_BY_HAND = Path(__file__).parent / "four_cases.csv"
# A vision of its own for each unit's plan: whose plan is annexed can be read.
VISIONS = {
    "RTP": "องค์กรบังคับใช้กฎหมายที่ประชาชนเชื่อมั่นศรัทธา",
    "IMM": "ด่านแรกของประเทศที่มั่นคงและเป็นสากล",
    "OCG-SEC": "งานเลขานุการที่ถูกต้อง รวดเร็ว และตรวจสอบได้",
    "IMM-D1": "บริการคนต่างด้าวในกรุงเทพมหานครด้วยมาตรฐานเดียวกันทุกจุด",
}
ACTING, DELEGATED = Appointment.Capacity.ACTING, Appointment.Capacity.DELEGATED
ORDERED_ON = date(2026, 7, 30)


# Four agreements, signed


def signed(world, code):
    """The walk of a unit's agreement, signed by both, with a vision of its own in its plan."""
    walk = world.walk(code)
    plan = walk.agreement.plan
    save_plan(
        walk.agreement, {"vision": VISIONS[code]}, version=plan.version, actor=walk.people.staff, at=walk.diary.now
    )
    PUT_IN.get(code, lambda world, walk: None)(world, walk)
    walk.to(Stage.ASSESSMENT)
    return walk


def assign_the_deputy(world, walk):
    """Case 1: the Deputy Prime Minister so assigned receives it."""
    walk.to(Stage.FORMAL, "office")
    deputy = receiver_alternatives(walk.agreement)[1]
    walk.choose(deputy, order_number="327/2569", order_date=date(2026, 8, 28))
    walk.people.superior = world.people.deputy_prime_minister


def delegate_the_receiving(world, walk):
    """Case 2: a deputy signs by delegation for the Commissioner-General."""
    person = User.objects.create(username="thanakorn", rank="พล.ต.อ.", first_name="ธนากร", last_name="ศักดิ์สิทธิ์")
    title = "รองผู้บัญชาการตำรวจแห่งชาติ"
    walk.people.superior = put_in(
        world, "RTP", person, title, DELEGATED, "ตร. 512/2569", delegated_by=world.people.commissioner_general
    )


def act_for_the_head(world, walk):
    """Case 3: the post of the head is vacant, and its deputy acts for it."""
    person = User.objects.create(username="sureeporn", rank="พ.ต.อ.", first_name="สุรีย์พร", last_name="ณ อยุธยา")
    title = "รองเลขานุการสำนักงานตำรวจแห่งชาติ"
    walk.people.head = put_in(world, "OCG-SEC", person, title, ACTING, "ตร. 88/2569")


PUT_IN = {"RTP": assign_the_deputy, "IMM": delegate_the_receiving, "OCG-SEC": act_for_the_head}


def put_in(world, code, person, title, capacity, order_number, delegated_by=None):
    """Let a person in a deputy's post of the unit sign for its head, by order."""
    unit, by = world.unit(code), {"by": THE_SYSTEM, "at": world.at()}
    own = Post.objects.create(unit=unit, kind=Post.Kind.DEPUTY, title_th=title)
    appoint(own, person, since=IN_POST_SINCE, **by)
    order = {"order_number": order_number, "order_date": ORDERED_ON}
    appoint(
        head_post(unit), person, capacity=capacity, since=date(2026, 8, 1), delegated_by=delegated_by, **order, **by
    )
    return person


# What is read on the paper


def paper_of(pdf):
    """{part: its text, without white space and in digits 0–9}, of the parts that four_cases.csv speaks of."""
    pages = [to_arabic(page) for page in pages_of(pdf)]
    agreement, certificate = next(page for page in pages if "1. คำรับรองระหว่าง" in page), pages[-1]
    return {
        "parties": packed(between(agreement, "1. คำรับรองระหว่าง", "2. คำรับรองนี้")),
        "signed": without_times(between(agreement, "จึงได้ลงลายมือชื่อไว้เป็นสำคัญ", "คร. ")),
        "certified": without_times(between(certificate, "เวลาและวิธีลงนาม", "เหตุที่ลงนามเป็นคู่กัน:")),
        "why": packed(between(certificate, "เหตุที่ลงนามเป็นคู่กัน:", "การตรวจสอบเอกสาร")),
        **dict(annex(page) for page in pages if page.startswith("เอกสารแนบ")),
    }


def between(text, begin, end):
    assert begin in text, begin
    return text.split(begin, 1)[1].split(end, 1)[0]


def without_times(text):
    """Without the lines that say when, and how the signatory was known."""
    said = (line for line in text.splitlines() if "เวลา" not in line and "รหัสผ่าน" not in line)
    return packed("".join(said))


# What an annex begins with, below its title: the vision, the name of the framework, the first sheet.
BEGINNINGS = (
    r"วิสัยทัศน์.*?พันธกิจ",
    r"กรอบการประเมินผลการปฏิบัติราชการระดับ.*?พ\.ศ\.\d{4}",
    r"ตัวชี้วัดที่\d\.\d",
)


def annex(page):
    """("annex 2", its title // what it begins with) of the first page of an annex."""
    number, rest = re.match(r"เอกสารแนบ(\d+)(.*)", packed(page), re.DOTALL).groups()
    title, beginning = re.match(f"(.*?)({'|'.join(BEGINNINGS)})", rest, re.DOTALL).groups()
    return f"annex {number}", f"{title}//{beginning}"


def by_hand():
    """{unit: {part: text}} of the table."""
    lines = TABLE_BY_HAND.read_text(encoding="utf-8").splitlines()
    found = {}
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        found.setdefault(row["unit"], {})[row["part"]] = packed(row["text"])
    return found


def test_the_four_signed_papers_say_what_the_handbooks_table_says(world):
    papers = {}
    # The command writes another vision after its division has signed: what is annexed there stays as it stood.
    for code in ("IMM-D1", "IMM", "OCG-SEC", "RTP"):
        walk = signed(world, code)
        document = Document.objects.get(snapshot__agreement=walk.agreement, kind=Document.Kind.SIGNED)
        papers[code] = paper_of(read(make(document).sha256))

    assert papers == by_hand()


def test_another_order_of_annexes_another_title_and_another_party_would_be_seen(world):
    """The reading above sees what it is there to see."""
    walk = signed(world, "IMM-D1")
    document = Document.objects.get(snapshot__agreement=walk.agreement, kind=Document.Kind.SIGNED)
    sections, certificate = thaw(document.snapshot), document.certificate
    annexes = sections["rule"]["annexes"]
    annexes[0], annexes[1] = annexes[1], annexes[0]
    annexes[3]["title"] = "รายละเอียด"
    for signer in (*certificate["signatures"], *certificate["people"]):
        signer["own_post"] = signer["own_post"].replace("ตรวจคนเข้าเมือง 1", "ตรวจคนเข้าเมือง 2")
    paper, expected = paper_of(render(sections, certificate)), by_hand()["IMM-D1"]

    assert {part for part in expected if paper[part] != expected[part]} == {
        *("annex 1", "annex 2", "annex 4"),
        *("parties", "signed", "certified"),
    }


# Who walks it

# Case: whose pen it is → who may then make a move. Everybody else may make none.
WHO = {
    "RTP": {
        "staff": {"headquarters_staff", "headquarters_office"},
        "office": {"headquarters_office"},
        "head": {"commissioner_general"},
        "negotiator": {"opdc_negotiator"},
        "evaluator": {"opdc_evaluator"},
        "superior": {"prime_minister"},
    },
    "IMM": {
        "staff": {"command_staff", "command_office"},
        "office": {"command_office"},
        "head": {"superior"},
        "negotiator": {"headquarters_negotiator"},
        "evaluator": {"headquarters_evaluator"},
        "superior": {"commissioner_general"},
    },
    "OCG-SEC": {
        "staff": {"secretariat_staff", "secretariat_office"},
        "office": {"secretariat_office"},
        "head": {"secretary"},
        "negotiator": {"headquarters_negotiator"},
        "evaluator": {"headquarters_evaluator"},
        "superior": {"commissioner_general"},
    },
}


@pytest.mark.parametrize("code", WHO)
def test_at_every_turn_from_draft_to_closed_only_the_sides_own_people_can_act(world, code):
    """ตร. is negotiated with and evaluated by สำนักงาน ก.พ.ร.; the Prime Minister's side signs and releases."""
    walk, found = world.walk(code), {}
    while walk.agreement.stage != Stage.CLOSED:
        pen = walk.agreement.pen
        if pen not in found:
            found[pen] = {name for name in world.people.names if can_move(world.people.get(name), walk)}
        STEPS[walk.agreement.stage, pen](walk)

    assert found == WHO[code]
    assert Entry.objects.about(walk.agreement).first().act == "agreement.accept_scores"


def can_move(person, walk):
    steps = TABLE.from_stage(walk.agreement.stage)
    return any(step.may(walk.agreement, person, walk.diary.now) is None for step in steps)
