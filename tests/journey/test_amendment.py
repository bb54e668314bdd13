"""An agreement in force is changed: asked for, negotiated, signed again on two phones, and read beside what it was."""

import re

import pytest
from playwright.sync_api import expect

from acts.jobs import run_queued_jobs
from agreements.models import Agreement, Document
from agreements.stages import Pen, Stage
from results.models import Report
from tests.agreements.pdf_reading import packed
from tests.journey.conftest import PHONE, text_of
from tests.world import PASSWORD
from workflow.models import Amendment, Signature

pytestmark = pytest.mark.journey

CODE = "2570-IMM-D1"
HOME = f"/agreements/{CODE}/"
PLACE = f"{HOME}amendments/"
ONE = f"{PLACE}1/"
WHY = "สนามบินปิดปรับปรุงอาคารผู้โดยสารครึ่งปี"
FEWER_LANES = "เหลือช่องตรวจครึ่งหนึ่งจากเดือนเมษายน"
COUNTED = "นับเฉพาะผู้โดยสารที่ผ่านช่องตรวจของอาคารที่ยังเปิดอยู่"
ADDED = "อาคาร"  # of its words the one that the definition in force hasn't: the others may stand as they are
NOT_BOTH = "ให้วัดเฉพาะอาคารที่เปิด จึงเทียบกับปีก่อนได้"


def test_an_amendment_is_asked_for_negotiated_and_signed_again(people, walked):
    walked.walk("IMM-D1").to(Stage.ASSESSMENT, Pen.STAFF)
    old = Document.objects.get(snapshot__agreement__code=CODE, kind=Document.Kind.SIGNED)
    staff, thana = people("kamolchanok"), people("thana")

    begin(staff)
    propose(staff, level_5=str(a_little_less()), reason=FEWER_LANES)
    make(people("prasit"), "ask")
    counter(thana, staff)
    make(people("prasit"), "answer")
    reads_what_changes(thana.open(ONE))
    make(thana, "agree")
    for username in ("wira", "somchai"):
        sign(people(username, phone=True))

    assert Amendment.objects.get().is_in_force
    the_new_text_is_read_beside_the_old(staff, old)
    the_report_is_by_the_new_text(staff)


def the_line():
    return Agreement.objects.get(code=CODE).lines.filter(children=None).order_by("pk").first()


def a_little_less():
    line = the_line()
    return ((line.level_5 + line.level_4) / 2).normalize()


def begin(staff):
    """From the home of the agreement, not from an address that one has to know."""
    staff.open(HOME).tab.locator(f"a[href='{PLACE}']").filter(visible=True).first.click()
    staff.sees("แก้ไขเพิ่มเติม").fits().fill(reason=WHY)
    staff.tab.locator("main form[method=post] button.go").click()
    expect(staff.tab).to_have_url(re.compile(re.escape(ONE)))
    staff.sees(WHY).fits()


def propose(person, *, reason, **fields):
    """Other values for the first line, from the page of the amendment."""
    person.open(ONE).tab.locator(f"a[href='{ONE}lines/{the_line().pk}/']").filter(visible=True).first.click()
    person.fits().tab.get_by_text("ถ้อยคำ", exact=True).click()
    person.fill(**fields, reason=reason)
    person.tab.locator("main form[method=post] button.go").click()
    person.sees(reason).fits()


def make(person, move):
    """The page of a move, and its one button."""
    person.open(f"{ONE}move/{move}/").fits().tab.locator("main form[method=post] button.go").click()
    person.fits()
    return person


def counter(thana, staff):
    """The superior's side has another wording, which the unit reads once it is handed back, and not before."""
    thana.open("/").sees("บก.ตม.๑").open(ONE).sees(WHY).sees(FEWER_LANES)
    propose(thana, definition=COUNTED, reason=NOT_BOTH)
    expect(staff.open(ONE).tab.locator("body")).not_to_contain_text(NOT_BOTH)
    make(thana, "hand_back")
    reads_what_changes(staff.open(ONE).sees(NOT_BOTH))


def reads_what_changes(person):
    """Between the words that stay, what is added is marked."""
    expect(person.tab.locator("ins", has_text=ADDED).first).to_be_visible()
    return person.fits()


def sign(signer):
    """With one hand: the text is read with what changes, then signed under the password."""
    assert signer.tab.viewport_size == PHONE
    signer.open("/").tab.locator(f"a[href^='{ONE}signing/']").filter(visible=True).first.click()
    reads_what_changes(signer).fill(password="ไม่ใช่รหัสผ่าน").click("อ่านแล้ว ลงนามฉบับนี้").sees("รหัสผ่านไม่ถูกต้อง")
    before = Signature.objects.count()
    signer.fill(password=PASSWORD).click("อ่านแล้ว ลงนามฉบับนี้")
    expect(signer.tab.locator("[name=password]")).to_have_count(0)
    signer.fits()
    assert Signature.objects.count() == before + 1


def the_new_text_is_read_beside_the_old(reader, old):
    run_queued_jobs()
    agreement, line = Agreement.objects.get(code=CODE), the_line()
    assert (line.definition, agreement.stage, agreement.pen) == (COUNTED, Stage.ASSESSMENT, Pen.STAFF)
    new = Document.objects.get(snapshot=agreement.amended_to, kind=Document.Kind.SIGNED)
    text = packed(text_of(reader.context.request.get(f"{reader.address}/documents/{new.pk}/").body()))
    for sentence in ("แก้ไขเพิ่มเติมครั้งที่ ๑", WHY, COUNTED, FEWER_LANES, NOT_BOTH, old.snapshot.sha256):
        assert packed(sentence) in text, sentence
    anybody = reader.context.browser.new_context().new_page()
    anybody.goto(f"{reader.address}/verify/{old.code}/")
    expect(anybody.locator("body")).to_contain_text("แก้ไขเพิ่มเติมครั้งที่ ๑")
    anybody.context.close()


def the_report_is_by_the_new_text(staff):
    report = Report.objects.get(agreement__code=CODE)
    assert report.scored_by is None
    staff.open(f"{HOME}reports/{report.round.position}/{the_line().pk}/").sees(COUNTED).fits()
