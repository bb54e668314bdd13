"""The documents of an amended agreement: what they print, what is said of the older one, what is announced."""

import json
from io import BytesIO

import pytest
from django.urls import reverse
from pikepdf import Pdf

from acts.engine import Conflict, Refused, StepUp
from acts.vault import read
from agreements.freeze import agreed_snapshot
from agreements.issue import make
from agreements.models import Agreement, Document
from agreements.print_runs import printable
from agreements.verification import Finding, examine
from desk.publication_page import public_url
from tests.agreements.pdf_reading import packed, pages_of
from tests.workflow.test_amendment import WHY, Amending, lowered
from workflow.models import Amendment, Publication
from workflow.publication import (
    announce,
    announced,
    kind_to_announce,
    paper_to_announce,
    public_paper,
    published,
    waiting_to_be_announced,
    withdraw,
)
from workflow.verdict import verdict_on

YEAR = 2570
Kind = Publication.Kind
BECAUSE = "ผลกระทบจากงบประมาณ"


@pytest.fixture
def amending(world):
    return Amending(world)


def paper(snapshot, kind=Document.Kind.SIGNED):
    return Document.objects.get(snapshot=snapshot, kind=kind)


def pages(document):
    return [packed(page) for page in pages_of(read(make(document).sha256))]


@pytest.fixture
def announcing(world):
    """announcing(agreement, kind) → the Publication."""

    def act(agreement, kind):
        user, at, agreement = world.people.planner, world.at(), Agreement.objects.get(pk=agreement.pk)
        proof = StepUp(user.pk, at, paper_to_announce(agreement, kind).snapshot.sha256)
        version = announced(agreement, kind).version
        return announce(agreement, kind, version=version, step_up=proof, actor=user, at=at)

    return act


def test_the_document_says_which_amendment_it_is_what_changes_and_what_it_takes_the_place_of(amending):
    old, line = agreed_snapshot(amending.agreement), amending.line
    was, to = f"{line.level_5.normalize():f}", lowered(line)["level_5"]
    ended = amending.in_force(lowered(line) | {"definition": "คำนิยามใหม่"})
    printed = pages(paper(ended.snapshot))

    assert "แก้ไขเพิ่มเติมครั้งที่๑" in printed[0]
    (listed,) = [page for page in printed if page.startswith("เอกสารแนบ") and "บัญชีการแก้ไข" in page]
    for said in (WHY, BECAUSE, line.name, "คำนิยามใหม่"):
        assert "".join(said.split()) in listed, said
    digits = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    assert was.translate(digits) in listed
    assert to.translate(digits) in listed
    certified = "".join(printed[-2:])
    assert old.sha256 in certified
    assert ended.snapshot.sha256 in certified
    assert certified.count("พลตำรวจตรีวีระ") == 2  # as maker of the old text, and of the new


def test_the_proof_names_the_old_text_too_and_says_that_it_waits(amending):
    old, values = agreed_snapshot(amending.agreement), lowered(amending.line)
    amending.to_signing(values)
    printed = pages(paper(amending.amendment.snapshot, Document.Kind.PROOF))

    assert "แก้ไขเพิ่มเติมครั้งที่๑" in printed[0]
    assert "รอการลงนาม" in printed[0]
    certified = "".join(printed[-2:])
    assert old.sha256 in certified
    assert "ยังลงนามไม่ครบ" in certified


def test_the_attached_json_is_the_amended_text_that_was_signed(amending):
    ended = amending.in_force(lowered(amending.line))
    with Pdf.open(BytesIO(read(make(paper(ended.snapshot)).sha256))) as pdf:
        (attached,) = (each.get_file().read_bytes() for each in pdf.attachments.values())

    assert attached.decode() == ended.snapshot.content
    assert json.loads(attached)["amendment"]["amends"]["sha256"] == ended.amends.sha256


def test_a_document_without_an_amendment_says_nothing_of_any(world):
    agreement = world.agreement("assessment")
    printed = "".join(pages(paper(agreed_snapshot(agreement))))

    assert "แก้ไขเพิ่มเติม" not in printed
    assert "ข้อความเดิม" not in printed


def test_the_edition_for_the_public_has_the_reason_and_the_changes_and_not_who_asked_nor_what_was_said(
    amending, announcing
):
    ended = amending.in_force(lowered(amending.line))
    printed = pages(public_paper(announcing(amending.agreement, Kind.AMENDED)))

    whole = "".join(printed)
    assert "".join(WHY.split()) in whole
    assert "บัญชีการแก้ไข" in whole
    assert "".join(BECAUSE.split()) not in whole
    begun_by = "".join(ended.begun_by.split())
    assert begun_by not in whole


# Verification


def test_the_older_document_is_superseded_and_still_authentic_by_code_and_by_file(amending, client, words):
    old = paper(agreed_snapshot(amending.agreement))
    ended = amending.in_force(lowered(amending.line))
    new = paper(ended.snapshot)
    by_code = client.get(reverse("desk:verify_code", args=[old.code]))
    file = read(make(old).sha256)

    assert examine(file).finding == Finding.ORIGINAL
    sent = client.post(reverse("desk:verify_file"), {"file": BytesIO(file)})
    for page in (by_code, sent):
        assert "แก้ไขแล้วโดยการแก้ไขเพิ่มเติมครั้งที่ ๑" in words(page) or "แก้ไขเพิ่มเติมครั้งที่ 1" in words(page)
        assert "ยังเป็นของจริง" in words(page)
        assert reverse("desk:verify_code", args=[new.code]) in page.content.decode()
    now = client.get(reverse("desk:verify_code", args=[new.code]))
    assert "ยังเป็นของจริง" not in words(now)
    assert reverse("desk:verify_code", args=[old.code]) in now.content.decode()


def test_of_two_amendments_each_older_text_leads_to_the_one_in_force(world, amending):
    first = agreed_snapshot(amending.agreement)
    one = amending.in_force(lowered(amending.line))
    two = Amending(world, amending.walk).in_force({"definition": "คำนิยามที่แก้ครั้งที่สอง"})

    told = [verdict_on(paper(text).code).place for text in (first, one.snapshot, two.snapshot)]
    assert [each.ended_by and each.ended_by.number for each in told] == [1, 2, None]
    assert [each.led_to and each.led_to.number for each in told] == [None, 1, 2]
    assert [each.in_force and each.in_force.snapshot for each in told] == [two.snapshot, two.snapshot, None]
    earlier = paper(two.snapshot).certificate["earlier"]
    assert [(each["number"], each["hash"]) for each in earlier] == [(1, one.snapshot.sha256), (0, first.sha256)]


def test_an_amendment_that_came_to_nothing_supersedes_nothing(amending):
    old = paper(agreed_snapshot(amending.agreement))
    amending.to_signing(lowered(amending.line))
    assert not verdict_on(old.code).place.is_superseded

    amending.go("refuse_to_make", "head", reason="ยังไม่เห็นชอบ")
    amending.go("decline", "negotiator", reason="ไม่เห็นชอบ")
    assert not verdict_on(old.code).place.is_superseded


# The documents tab, the redline, printing


def test_the_documents_are_named_by_their_amendment(amending, visit, words):
    ended = amending.in_force(lowered(amending.line))
    page = visit(amending.people.staff, "desk:documents", amending.agreement.code)

    titles = {each.document.pk: (each.title, each.is_superseded) for each in page.context["papers"]}
    assert titles[paper(ended.snapshot).pk] == ("คำรับรองฉบับแก้ไขเพิ่มเติมครั้งที่ 1 ลงนามแล้ว", False)
    assert titles[paper(ended.snapshot, Document.Kind.PROOF).pk][0].endswith("เสนอลงนาม")
    assert titles[paper(ended.amends).pk] == ("คำรับรองฉบับลงนาม", True)
    assert "ยังตรวจสอบได้ว่าเป็นของจริง" in words(page)


def test_any_two_texts_of_it_are_compared_and_the_amendment_first(amending, visit, words):
    ended = amending.in_force(lowered(amending.line))
    staff, code = amending.people.staff, amending.agreement.code
    page = visit(staff, "desk:redline", code)

    assert page.context["pair"] == (ended.amends, ended.snapshot)
    assert page.context["redline"].count == 1
    labels = dict(page.context["form"].fields["after"].choices)
    assert "แก้ไขเพิ่มเติมครั้งที่" in labels[ended.snapshot.sequence]
    assert "แก้ไขเพิ่มเติมครั้งที่" not in labels[ended.amends.sequence]
    texts = list(labels)
    paper_of_two = visit(staff, "desk:redline_paper", code, texts[0], texts[-1])
    assert "แก้ไขเพิ่มเติมครั้งที่๑" in packed(pages_of(paper_of_two.content)[0])


def test_what_is_printed_of_many_is_the_text_in_force(world, amending):
    old = paper(agreed_snapshot(amending.agreement))
    planner, unit, at = world.people.planner, amending.agreement.unit, world.at()
    amending.to_signing(lowered(amending.line))
    assert printable(planner, unit, amending.agreement.fiscal_year, at) == [old]

    amending.confirmed("sign", "head")
    ended = amending.confirmed("countersign", "superior")
    assert printable(planner, unit, amending.agreement.fiscal_year, at) == [paper(ended.snapshot)]


# Announcing


def waiting(world):
    return [(each, kind_to_announce(each)) for each in waiting_to_be_announced(world.people.planner, world.at())]


def test_the_amended_text_is_announced_by_an_act_of_its_own_and_waits_for_it(
    world, amending, announcing, client, words
):
    agreement = amending.agreement
    announcing(agreement, Kind.SIGNED)
    assert waiting(world) == []
    amending.in_force(lowered(amending.line))
    assert waiting(world) == [(agreement, Kind.AMENDED)]

    # Until then the public reads the old text, which says what it is.
    stale = client.get(public_url(agreement))
    assert "แก้ไขแล้วโดย" in words(stale)
    assert "ยังไม่มีประกาศข้อความที่ใช้บังคับอยู่" in words(stale)

    amended = announcing(agreement, Kind.AMENDED)
    assert waiting(world) == []
    found = published(agreement.unit, YEAR)
    assert found.foremost == amended
    assert list(Publication.objects.foremost()) == [amended]
    now, before = client.get(public_url(agreement)), client.get(public_url(agreement, Kind.SIGNED))
    assert WHY in words(now)
    assert BECAUSE not in now.content.decode()
    assert "ยังเป็นของจริง" not in words(now)
    assert "ยังเป็นของจริง" in words(before)
    assert f'href="{public_url(agreement)}"' in before.content.decode()
    told = [client.get(f"{public_url(agreement)}files/json/", {"show": kind}).json() for kind in ("amended", "signed")]
    assert [each["announcement"]["superseded_by"] is None for each in told] == [True, False]
    assert told[0]["amendment"].keys() == {"number", "reason", "on", "amends", "changes"}
    assert "reason" not in told[0]["amendment"]["changes"][0]


def test_withdrawing_the_amended_text_gives_its_reason_beside_what_is_left(world, amending, announcing, client, words):
    agreement = amending.agreement
    announcing(agreement, Kind.SIGNED)
    amending.in_force(lowered(amending.line))
    amended, at, user = announcing(agreement, Kind.AMENDED), world.at(days=1), world.people.planner
    proof = StepUp(user.pk, at, amended.snapshot.sha256)
    withdraw(amended, "พิมพ์ผิดในตาราง", version=amended.version, step_up=proof, actor=user, at=at)

    page = client.get(public_url(agreement))
    assert page.status_code == 200
    assert "พิมพ์ผิดในตาราง" in words(page)
    assert "แก้ไขแล้วโดย" in words(page)


def test_no_amended_text_is_announced_before_everybody_has_signed_it(amending, announcing, world):
    amending.to_signing(lowered(amending.line))
    assert paper_to_announce(amending.agreement, Kind.AMENDED) is None
    user, at = world.people.planner, world.at()
    proof = StepUp(user.pk, at, amending.amendment.snapshot.sha256)

    with pytest.raises((Refused, Conflict)):
        announce(amending.agreement, Kind.AMENDED, version=1, step_up=proof, actor=user, at=at)
    assert not Publication.objects.exists()
    assert Amendment.objects.get().stage == Amendment.Stage.SIGNING
