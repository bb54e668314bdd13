"""A side's words are its own until it hands the pen over: no page, file, search, letter or calendar tells them before.

Everything that can be opened is opened by everybody of the other side, and by all who may only read; and once the pen
has passed, the same words are found, so that they would have been.
"""

import re
import subprocess
import zipfile
from functools import cache
from html import unescape
from io import BytesIO

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from acts.jobs import run_queued_jobs
from agreements.stages import Pen, Stage
from desk.demo.evidence import evidence_file
from tests.desk.asking import address, headers, query
from tests.desk.scene import make_surroundings, stage_scene, with_documents
from tests.desk.verdict_table import ROLES, routes, verdicts
from workflow import calendar_link
from workflow.amendment import begin, last_proposal, propose
from workflow.amendment_walk import go
from workflow.handover import hand_over
from workflow.models import Mention, Side
from workflow.offers import counter, decline, defer, make_offer, withdraw
from workflow.reminders import send_digest
from workflow.talk import say, waiting_mentions

# Each is said once, and nothing else holds it.
MARK = "ถ้อยคำที่ยังไม่ส่งมอบ"
NEGOTIATING = ("agenda", "agreement", "comments", "concessions", "history", "negotiation")
AMENDING = ("agreement", "amendment", "amendments", "amend_line", "history", "redline")
# Who hears a side at once: its own people; "subordinate" is the unit's staff by another name.
OWN = {
    "owner": ("staff", "office", "head", "subordinate"),
    "counterpart": ("negotiator", "superior", "evaluator", "commandstaff"),
}


@pytest.fixture
def negotiators(world):
    """The superior's side has the pen, offers, takes an offer back, comments, and hasn't handed over."""
    scene = stage_scene(world, "IMM-D1", Stage.INFORMAL, Pen.NEGOTIATOR)
    by = {"actor": world.people.negotiator, "at": timezone.now()}
    make_offer(scene.first_line, "definition", f"{MARK} ค่าที่เสนอ", reason=f"{MARK} เหตุผล", **by)
    withdraw(make_offer(scene.last_line, "name", f"{MARK} ที่ถอน", reason=f"{MARK} เหตุที่ถอน", **by), **by)
    _say(scene, world, by)
    return scene


@pytest.fixture
def answering(world):
    """The unit has the pen: it counters, declines, defers, comments, and hasn't handed over."""
    make_surroundings(world)
    walk = world.walk()
    walk.to(Stage.INFORMAL, Pen.NEGOTIATOR)
    first, second, third, *_rest = walk.agreement.lines.all()
    by = {"actor": walk.people.negotiator, "at": walk.diary.later()}
    offers = [make_offer(line, "conditions", "เงื่อนไขที่เสนอ", reason="เหตุผล", **by) for line in (first, second, third)]
    walk.move("hand_back", walk.people.negotiator)
    by = {"actor": walk.people.staff, "at": timezone.now()}
    counter(offers[0], f"{MARK} ค่าโต้", reason=f"{MARK} เหตุที่โต้", **by)
    decline(offers[1], answer=f"{MARK} เหตุที่ไม่รับ", **by)
    defer(offers[2], answer=f"{MARK} เหตุที่เลื่อน", **by)
    scene = with_documents(walk.agreement)
    _say(scene, world, by)
    return scene


@pytest.fixture
def amendment_begun(world):
    """The unit writes an amendment of its agreement in force, and hasn't asked for it: that there is one is its own."""
    scene = stage_scene(world, "IMM-D1", Stage.ASSESSMENT, Pen.OFFICE)
    by = {"actor": world.people.staff, "at": timezone.now()}
    amendment = begin(scene.agreement, f"{MARK} เหตุที่ขอแก้", **by)
    _propose(amendment, scene.last_line, by)
    return scene


@pytest.fixture
def amendment_considered(world):
    """The superior's side has been asked for an amendment, proposes something else, and hasn't handed it back."""
    scene = stage_scene(world, "IMM-D1", Stage.ASSESSMENT, Pen.STAFF)
    ask(scene, world)
    _propose(
        scene.agreement.amendments.get(), scene.last_line, {"actor": world.people.negotiator, "at": timezone.now()}
    )
    return scene


def ask(scene, world):
    amendment = scene.agreement.amendments.get()
    go(amendment, "ask", version=amendment.version, actor=world.people.office, at=timezone.now())


def _propose(amendment, line, by):
    seen = last_proposal(amendment, line)
    propose(amendment, line, {"definition": f"{MARK} นิยาม"}, reason=f"{MARK} เหตุที่เสนอ", seen=seen, **by)


def _say(scene, world, by):
    upload = evidence_file(f"{MARK} ชื่อไฟล์", ["1"], kind="png")
    told = {"line": scene.first_line, "people": [world.people.superior, world.people.head], "files": [upload]}
    say(scene.agreement, f"{MARK} ความเห็น", **told, **by)


def everywhere(world, client, scene, roles):
    """{(role, route): what of the words is read there} of every address that is ever opened to them."""
    found = {}
    for role in roles:
        user = world.people.get(ROLES[role][0])
        client.force_login(user)
        for route in [route for route in routes() if (route, role) in open_to()]:
            answer = client.get(address(scene, route), query(scene, route), headers=headers(scene, route))
            if MARK in text_of(answer) or MARK in unescape(str(answer.headers)):
                found[role, route] = sorted(set(re.findall(f"{MARK} [ก-๛]+", text_of(answer))))
        searched = client.get("/search/", {"q": MARK})
        if re.search(f"<mark>[^<]*{MARK}", searched.content.decode()):
            found[role, "search"] = True
    return found


@cache
def open_to():
    """(route, role) of every page that the table of verdicts opens at any turn."""
    return {
        (cell.route, cell.role)
        for cell, said in verdicts().items()
        if cell.method == "GET" and any(status < 400 for status, _sentence in said)
    }


def text_of(answer):
    """All that is read in an answer: a page, or what is in a PDF or a workbook."""
    content = answer.getvalue()
    if content.startswith(b"%PDF"):
        read = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=False)
        return re.sub(r"\s*\n\s*", "", read.stdout.decode())
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    return unescape(content.decode(errors="replace"))


def letters_and_calendars(world, client, names):
    """What reaches people without their asking for it: the digest, urgent letters, the calendar's feed."""
    told = []
    for name in names:
        user = world.people.get(name)
        User.objects.filter(pk=user.pk).update(email=f"{name}@example.go.th")
        user.refresh_from_db()
        send_digest(user, day=timezone.localdate(), at=timezone.now())
        secret = calendar_link.renew(user, at=timezone.now())
        told.append(unescape(client.get(f"/calendar/{secret}.ics").getvalue().decode().replace("\r\n ", "")))
    run_queued_jobs()
    return "".join([*told, *(each.subject + each.body for each in mail.outbox)])


def others(side):
    """Who asks that is not of the side; an auditor hears both."""
    return [role for role in ROLES if role not in (*OWN[side], "anonymous", "auditor")]


@pytest.fixture(params=["counterpart", "owner"])
def said(request):
    """(the side that has spoken, its scene)"""
    return request.param, request.getfixturevalue("negotiators" if request.param == "counterpart" else "answering")


@pytest.fixture(params=["counterpart", "owner"])
def amending(request):
    """(the side that has proposed to amend the agreement, its scene)"""
    ours = "amendment_considered" if request.param == "counterpart" else "amendment_begun"
    return request.param, request.getfixturevalue(ours)


@pytest.mark.long
@pytest.mark.one_database
def test_nobody_of_the_other_side_reads_what_is_proposed_for_an_amendment_anywhere(amending, world, client, settings):
    side, scene = amending
    settings.MAILS_GO_OUT = True

    assert everywhere(world, client, scene, others(side)) == {}
    assert MARK not in letters_and_calendars(world, client, [ROLES[role][0] for role in others(side)])


def test_an_amendment_is_read_by_ones_own_people_at_once_and_by_the_other_side_once_it_has_passed(
    amending, world, client
):
    side, scene = amending
    own, other = OWN[side][0], {"owner": "negotiator", "counterpart": "staff"}[side]
    assert where_read(client, world.people.get(own), scene, AMENDING) >= {"amendment"}
    assert where_read(client, world.people.get(other), scene, AMENDING) == set()

    if side == "owner":
        ask(scene, world)
    else:
        amendment = scene.agreement.amendments.get()
        by = {"actor": world.people.negotiator, "at": timezone.now()}
        go(amendment, "hand_back", version=amendment.version, **by)

    assert where_read(client, world.people.get(other), scene, AMENDING) >= {"amendment"}


@pytest.mark.long
@pytest.mark.one_database
def test_nobody_of_the_other_side_reads_a_word_of_it_anywhere(said, world, client, settings):
    side, scene = said
    settings.MAILS_GO_OUT = True

    assert everywhere(world, client, scene, others(side)) == {}
    assert MARK not in letters_and_calendars(world, client, [ROLES[role][0] for role in others(side)])


def test_its_own_people_read_it_at_once_and_the_other_side_once_the_pen_has_passed(said, world, client):
    side, scene = said
    own, other = OWN[side][0], {"owner": "negotiator", "counterpart": "staff"}[side]
    assert where_read(client, world.people.get(own), scene)

    hand_over(scene.agreement, Side(side), timezone.now())

    assert where_read(client, world.people.get(other), scene) >= {"agenda", "comments", "concessions"}


def where_read(client, user, scene, pages=NEGOTIATING):
    """The pages on which somebody reads some of the words."""
    client.force_login(user)
    return {page for page in pages if MARK in text_of(client.get(address(scene, page)))}


def test_who_is_called_on_can_neither_learn_of_it_nor_lose_it_before(negotiators, world, client):
    mention = Mention.objects.get(user=world.people.head)
    client.force_login(world.people.head)

    assert client.post(f"/mentions/{mention.pk}/").status_code == 404

    hand_over(negotiators.agreement, Side.COUNTERPART, timezone.now())
    assert [each.pk for each in waiting_mentions(world.people.head, timezone.now())] == [mention.pk]
    assert client.post(f"/mentions/{mention.pk}/").status_code == 302
