"""The public pages: what is announced, to everybody, and nothing else of it or of anything else."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from acts.engine import StepUp
from acts.jobs import run_queued_jobs
from acts.vault import read
from agreements.models import Line
from desk.public_files import as_csv, indicators_as_csv, plain_cell
from desk.publication_page import public_url
from tests.agreements.pdf_reading import text_of
from tests.agreements.sample_sections import sample_sections
from workflow.models import Comment, Publication
from workflow.publication import announce, announced, paper_to_announce, public_paper, withdraw

DRAFT, SIGNED = Publication.Kind.DRAFT, Publication.Kind.SIGNED
PHONE = "0 2141 9944"
LIST_QUERIES = 3


@pytest.fixture
def announcing(world):
    """announcing(agreement, kind) → the Publication."""

    def act(agreement, kind=DRAFT):
        user, at = world.people.planner, world.at()
        proof = StepUp(user.pk, at, paper_to_announce(agreement, kind).snapshot.sha256)
        version = announced(agreement, kind).version
        return announce(agreement, kind, version=version, step_up=proof, actor=user, at=at)

    return act


@pytest.fixture
def walk(world):
    """A walk whose first indicator has an overseer with a telephone."""
    User.objects.filter(username="kamolchanok").update(phone=PHONE)
    found = world.walk()
    Line.objects.filter(pk=found.agreement.lines.first().pk).update(overseer=world.people.staff)
    return found


def test_anybody_reads_the_draft_with_its_answers_and_no_telephone_and_no_comment(walk, announcing, client, words):
    agreement = walk.to("formal")
    address = public_url(agreement)
    assert client.get(address).status_code == 404
    announcing(agreement)
    page = client.get(address)
    read_there = words(page)

    for said in (
        "กองบังคับการตรวจคนเข้าเมือง 1",
        "ร่าง ณ วันที่ปิดการเจรจา",
        "พลตำรวจตรี วีระ กล้าหาญ",
        "ผู้บังคับการตรวจคนเข้าเมือง 1",
        "กมลชนก ใจดี",
        "เป็นหน่วยตรวจคนเข้าเมืองชั้นนำ",
        agreement.lines.first().name,
        agreement.lines.first().three_answers.develops,
    ):
        assert said in read_there, said
    for comment in Comment.objects.all():
        assert comment.text not in read_there
    for path in (address, f"{address}files/json/", f"{address}files/csv/"):
        assert PHONE not in client.get(path).content.decode()
    assert "kamolchanok" not in page.content.decode()


def test_the_pdf_for_the_public_bears_no_telephone_and_is_known_as_what_it_is(walk, announcing, client, words):
    agreement = walk.to("assessment")
    paper = public_paper(announcing(agreement, SIGNED))
    address = f"{public_url(agreement)}document/"
    assert client.get(address).status_code == 404  # it is still being made
    run_queued_jobs()
    paper.refresh_from_db()
    body = client.get(address).getvalue()

    assert body == read(paper.sha256)
    printed = text_of(body)
    assert "วีระ" in printed
    assert PHONE not in printed
    verified = words(client.get(reverse("desk:verify_code", args=[paper.code])))
    assert "ฉบับเผยแพร่ต่อประชาชน" in verified
    assert "พลตำรวจโท สมชาย รักไทย" in verified
    assert public_url(agreement) in client.get(reverse("desk:verify_code", args=[paper.code])).content.decode()


def test_what_is_withdrawn_is_gone_and_its_reason_stands_in_its_place(world, walk, announcing, client, words):
    agreement = walk.to("formal")
    publication, at = announcing(agreement), world.at(days=1)
    user, proof = world.people.planner, StepUp(world.people.planner.pk, at, publication.snapshot.sha256)
    withdraw(publication, "เป้าหมายพิมพ์ผิด", version=publication.version, step_up=proof, actor=user, at=at)
    page = client.get(public_url(agreement))

    assert (page.status_code, "เป้าหมายพิมพ์ผิด" in words(page)) == (410, True)
    assert agreement.lines.first().name not in page.content.decode()
    for rest in ("document/", "files/csv/", "files/json/"):
        assert client.get(public_url(agreement) + rest).status_code == 404
    assert "ยังไม่มีการประกาศ" in words(client.get(reverse("desk:public")))


def test_the_list_is_searched_by_unit_and_indicator_in_either_digits_and_costs_the_same(
    world, walk, announcing, client, words
):
    announcing(walk.to("formal"))
    address = reverse("desk:public")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(address)
    announcing(world.agreement("formal", code="IMM-D2"))
    with CaptureQueriesContext(connection) as many:
        both = words(client.get(address))

    assert len(one) == len(many) == LIST_QUERIES
    assert "2 หน่วยงาน" in both
    for asked, found in (("ตรวจคนเข้าเมือง ๑", 1), ("ตรวจคนเข้าเมือง 2", 1), ("ร้อยละของ", 2), ("ไม่มีคำนี้", 0)):
        listed = json.loads(client.get(reverse("desk:public_list_file", args=["json"]), {"q": asked}).content)
        assert len(listed) == found, asked
    # What can't be understood is left out; nothing breaks.
    for junk in ({"year": "๙๙"}, {"year": "9" * 40}, {"q": "ก"}, {"page": "-1"}, {"q": "%00\0"}):
        assert client.get(address, junk).status_code == 200
    table = client.get(reverse("desk:public_list_file", args=["csv"])).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["รหัสหน่วยงาน"] for row in rows} == {"IMM-D1", "IMM-D2"}
    assert client.get(reverse("desk:public_list_file", args=["exe"])).status_code == 404


def test_the_planner_announces_and_withdraws_by_the_pages(world, walk, visit, send, words):
    agreement, planner = walk.to("formal"), world.people.planner
    page = visit(planner, "desk:announce", agreement.code, DRAFT)
    form = page.context["form"]
    sent = {name: form[name].value() for name in ("sha256", "version", "idempotency")}

    wrong = send(planner, "desk:announce", agreement.code, DRAFT, **sent, password="ไม่ใช่")
    assert (wrong.status_code, Publication.objects.count()) == (422, 0)
    done = send(planner, "desk:announce", agreement.code, DRAFT, **sent, password=world.password)
    assert (done.status_code, Publication.objects.get().is_published) == (302, True)
    told = words(visit(planner, "desk:announcements", agreement.code))
    assert "ประกาศร่างที่เจรจาแล้วให้ประชาชนทราบ" in told
    assert "/withdraw/" in visit(planner, "desk:announcements", agreement.code).content.decode()
    assert "/withdraw/" not in visit(world.people.staff, "desk:announcements", agreement.code).content.decode()

    form = visit(planner, "desk:withdraw_announcement", agreement.code, DRAFT).context["form"]
    sent = {name: form[name].value() for name in ("sha256", "version", "idempotency")} | {"reason": "พิมพ์ผิด"}
    wrong = send(planner, "desk:withdraw_announcement", agreement.code, DRAFT, **sent, password="ไม่ใช่")
    assert (wrong.status_code, "พิมพ์ผิด" in wrong.content.decode()) == (422, True)
    send(planner, "desk:withdraw_announcement", agreement.code, DRAFT, **sent, password=world.password)
    assert Publication.objects.get().reason == "พิมพ์ผิด"
    assert "พิมพ์ผิด" in words(visit(world.people.staff, "desk:history", agreement.code))


def test_no_cell_is_a_formula_and_numbers_stay_numbers():
    for text in (
        "=1+1",
        "@SUM(A1)",
        "-cmd",
        "+cmd",
        "\tx",
        "\nx",
        "＝1+1",
        "＋1",
        "－cmd",
        "＠SUM(A1)",
        " =1+1",
        "\u3000＝1",
    ):
        assert plain_cell(text) == f"'{text}"
    assert [plain_cell(text) for text in ("-5", "-0.25", "87", "เพิ่มขึ้น")] == ["-5", "-0.25", "87", "เพิ่มขึ้น"]
    assert '"\'=HYPERLINK(""x"")"' in as_csv(["ก"], [['=HYPERLINK("x")']])


def test_each_indicator_is_a_row_with_its_answers():
    sections = sample_sections()
    line, *rest = sections["lines"]
    answered = line | {"questions": {"develops": "บริการ", "measures": "เวลารอ", "target_is": "ร้อยละ 85"}}
    rows = list(csv.reader(io.StringIO(indicators_as_csv({**sections, "lines": [answered, *rest]}))))

    assert len(rows) == 1 + len(sections["lines"])
    assert rows[1][-3:] == ["บริการ", "เวลารอ", "ร้อยละ 85"]
    assert {len(row) for row in rows} == {len(rows[0])}
