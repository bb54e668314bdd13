"""Signing by order: who acts for a head signs for the unit, and the Deputy Prime Minister so assigned receives it.

Handbook 2.2.1: level 1 signs with the Prime Minister or the Deputy so assigned; level 3 with its commander, for whom a
deputy may be acting. Orders are typed as people type them, and read on the signed paper.
"""

import re

import pytest
from django.utils import timezone

from accounts.models import User
from acts.jobs import run_queued_jobs
from acts.log import THE_SYSTEM
from agreements.models import Agreement, Document
from agreements.stages import Stage
from desk.demo.people import IN_POST_SINCE
from orgunits.appoint import appoint
from orgunits.authority import head_post
from orgunits.models import Appointment, Post
from tests.agreements.pdf_reading import packed, pages_of
from tests.journey.conftest import PHONE
from tests.world import PASSWORD, settle
from tests.world import Person as Somebody
from thai.dates import thai_date
from thai.numbers import show_digits

pytestmark = pytest.mark.journey

DEPUTY_HEADS = (
    # username, rank, first and last name, unit, post of their own
    ("chairat", "พล.ต.อ.", "ชัยรัตน์", "รักษาการณ์", "RTP", "รองผู้บัญชาการตำรวจแห่งชาติ"),
    ("prapai", "พ.ต.อ.", "ประไพ", "น้ำทอง", "IMM-D1", "รองผู้บังคับการตรวจคนเข้าเมือง 1"),
)


@pytest.fixture
def deputies(walked):
    """A deputy of two heads each, in a post of their own; they can sign for nobody yet."""
    settle([Somebody(name, rank, first, last, title) for name, rank, first, last, _code, title in DEPUTY_HEADS])
    for name, *_names, code, title in DEPUTY_HEADS:
        own = Post.objects.create(unit=walked.unit(code), kind=Post.Kind.DEPUTY, title_th=title)
        person = User.objects.get(username=name)
        appoint(own, person, since=IN_POST_SINCE, by=THE_SYSTEM, at=walked.at())


def test_an_acting_head_and_the_assigned_deputy_sign_and_the_paper_says_by_which_orders(people, walked, deputies):
    walked.walk("RTP").to(Stage.FORMAL, "office")
    walked.walk("IMM-D1").to(Stage.SIGNING)
    for username, *_names, code, _title in DEPUTY_HEADS:
        act_for_the_head(people("arthit"), walked, username, code, order=f"{code} 214/2569")
    assign_the_deputy(people("rtp_office"))

    sign(people, "RTP", "chairat", "deputy_pm")
    sign(people, "IMM-D1", "prapai", "somchai")

    assert_paper_says(
        paper_of(people("niti"), "RTP"),
        "พลตำรวจเอก ชัยรัตน์ รักษาการณ์ รองผู้บัญชาการตำรวจแห่งชาติ รักษาราชการแทน ผู้บัญชาการตำรวจแห่งชาติ ผู้ทำคำรับรอง",
        "นางสาวพรทิพย์ ธรรมรักษ์ รองนายกรัฐมนตรี ได้รับมอบหมายจากนายกรัฐมนตรี ผู้รับคำรับรอง",
        f"ตามคำสั่งที่ RTP ๒๑๔/๒๕๖๙ ลงวันที่ {today('long')}",
        f"ตามคำสั่งที่ ๓๒๗/๒๕๖๙ ลงวันที่ {today('long')}",
    )
    assert_paper_says(
        paper_of(people("niti"), "IMM-D1"),
        "พันตำรวจเอก ประไพ น้ำทอง รองผู้บังคับการตรวจคนเข้าเมือง ๑ รักษาราชการแทน ผู้บังคับการตรวจคนเข้าเมือง ๑ ผู้ทำคำรับรอง",
        f"ตามคำสั่งที่ IMM-D1 ๒๑๔/๒๕๖๙ ลงวันที่ {today('long')}",
        "พลตำรวจโท สมชาย รักไทย ผู้บัญชาการสำนักงานตรวจคนเข้าเมือง ผู้รับคำรับรอง",
    )


def today(style="medium"):
    return show_digits(thai_date(timezone.localdate(), style))


def act_for_the_head(administrator, world, username, code, *, order):
    """The head has left; an order of today lets the deputy act."""
    post = head_post(world.unit(code))
    held = Appointment.objects.own().get(post=post)
    administrator.open(f"/appointments/{held.pk}/end/").fits().fill(until=today())
    administrator.tab.locator("main form[method=post] .form-foot button").click()
    administrator.open(f"/units/{code}/posts/{post.pk}/appoint/").fits()
    administrator.fill(user=username, since=today(), order_number=order, order_date=today())
    administrator.tab.locator("[name=capacity][value=acting]").check()
    administrator.tab.locator("main form[method=post] button.go").click()
    administrator.sees("รักษาราชการแทน")
    assert Appointment.objects.get(post=post, user__username=username).order_number == order


def assign_the_deputy(office):
    """The Prime Minister's order of today assigns the Deputy; then the minutes are confirmed."""
    office.open("/agreements/2570-RTP/receiver/").fits()
    deputy = Post.objects.get(unit__code="PMO", kind=Post.Kind.DEPUTY)
    office.tab.locator(f"[name=post][value='{deputy.pk}']").check()
    office.fill(order_number="๓๒๗/๒๕๖๙", order_date=today()).click("บันทึก")
    office.open("/agreements/2570-RTP/move/confirm_formal/").tab.locator("main form[method=post] button.go").click()
    assert Agreement.objects.get(code="2570-RTP").stage == Stage.SIGNING


def sign(people, code, *usernames):
    for username in usernames:
        signer = people(username, phone=True).open(f"/agreements/2570-{code}/signing/").fits()
        assert signer.tab.viewport_size == PHONE
        signer.fill(password=PASSWORD).click("อ่านแล้ว ลงนามฉบับนี้").sees("ท่านลงนามคำรับรองของ")
    assert Agreement.objects.get(code=f"2570-{code}").stage == Stage.ASSESSMENT


def paper_of(reader, code):
    """(the page of the agreement itself, the certificate page) of what was signed, as the browser gets it."""
    run_queued_jobs()
    document = Document.objects.get(snapshot__agreement__code=f"2570-{code}", kind=Document.Kind.SIGNED)
    pages = pages_of(reader.context.request.get(f"{reader.address}/documents/{document.pk}/").body())
    return [packed(next(page for page in pages if "๑. คำรับรองระหว่าง" in page)), packed(pages[-1])]


def assert_paper_says(paper, *sentences):
    agreement, certificate = (re.sub(r"ลงนามทางอิเล็กทรอนิกส์|\(|\)", "", page) for page in paper)
    missing = [each for each in sentences if packed(each) not in agreement + certificate]
    assert not missing, (missing, agreement, certificate)
