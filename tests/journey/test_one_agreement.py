"""The agreement of กองบังคับการตรวจคนเข้าเมือง 1, from an empty page to released scores, as its people walk it."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from acts.jobs import run_queued_jobs
from agreements.models import Agreement, Document
from agreements.stages import Stage
from desk.demo.evidence import evidence_file
from results.models import AppealLine, Finding
from tests.journey.conftest import text_of
from thai.dates import thai_date
from thai.numbers import show_digits

pytestmark = pytest.mark.journey

CODE = "2570-IMM-D1"
HOME = f"/agreements/{CODE}/"
PLAN = {
    "vision": "เป็นหน่วยตรวจคนเข้าเมืองชั้นนำที่ประชาชนเชื่อมั่น",
    "mission": "ตรวจบุคคลและพาหนะตามกฎหมาย\nให้บริการคนต่างด้าวอย่างโปร่งใส",
}
SHEET = {
    "definition": "นับเฉพาะผู้โดยสารขาเข้าที่ผ่านช่องตรวจปกติ",
    "formula": "จำนวนที่ผ่านภายในเวลา ÷ จำนวนทั้งหมด × ๑๐๐",
    "data_source": "ระบบสารสนเทศตรวจคนเข้าเมือง รายงานเป็นรายเดือน",
}
LINES = (
    # dimension, name, source, unit, weight, past, target, start, step
    ("ประสิทธิผล", "ร้อยละของผู้โดยสารขาเข้าที่ผ่านการตรวจภายในเวลามาตรฐาน", "plan", "ร้อยละ", "๖๐", "๘๖.๐๒", "87", "78", "3"),
    ("คุณภาพ", "ร้อยละความพึงพอใจของผู้รับบริการ ณ จุดบริการ", "plan", "ร้อยละ", "15", "80", "84", "75", "3"),
    ("ประสิทธิภาพ", "จำนวนวันเฉลี่ยในการพิจารณาคำขออยู่ต่อ", "plan", "วัน", "10", "24", "21", "30", "-3"),
    ("พัฒนาองค์การ", "ร้อยละของข้าราชการที่ผ่านการอบรมด้านหนังสือเดินทาง", "mission", "ร้อยละ", "15", "70", "80", "60", "10"),
)


def test_an_agreement_is_walked_from_an_empty_page_to_released_scores(people, walked, tmp_path):
    write_the_draft(people("kamolchanok"))
    submit(people("prasit"))
    negotiate(people)
    agree_formally(people)
    sign(people)
    read_the_document(people, tmp_path)
    report(people, tmp_path)
    evaluate(people)
    appeal(people)


def write_the_draft(staff):
    staff.tab.get_by_role("button", name=re.compile("๒๕๗๐")).click()
    expect(staff.tab).to_have_url(re.compile(re.escape(HOME)))
    write_the_plan(staff)
    for line in LINES:
        add_line(staff, *line)
    staff.open(HOME).sees("๑๐๐.๐๐").fits()
    staff.tab.get_by_role("link", name="เสนอหัวหน้าฝ่าย/ผู้ช่วยหัวหน้าหน่วย").click()
    confirm(staff)


def write_the_plan(staff):
    staff.open(f"{HOME}plan/").fill(**PLAN).click("บันทึกแผน")
    add_to_plan(staff, "ประเด็นยุทธศาสตร์", "การยกระดับการให้บริการสู่มาตรฐานสากล")
    add_to_plan(staff, "เป้าประสงค์", "ผู้เดินทางได้รับบริการที่รวดเร็ว")
    add_to_plan(staff, "กลยุทธ์", "จัดช่องตรวจตามปริมาณผู้โดยสาร")
    add_to_plan(staff, "ตัวชี้วัดของแผน", "ร้อยละของผู้โดยสารที่ผ่านการตรวจภายในเวลา")


def add_to_plan(staff, kind, text):
    adding = staff.tab.locator("details.plan-add").filter(has=staff.tab.locator(f"summary:has-text('{kind}')")).last
    adding.locator("summary").click()
    adding.locator("textarea").first.fill(text)
    adding.get_by_role("button", name="เพิ่ม").click()
    expect(staff.tab.locator(f".plan-row textarea:text-is('{text}')")).to_be_visible()


def add_line(staff, dimension, name, source, unit, weight, last_year, target, start, step):
    staff.open(f"{HOME}lines/add/")
    staff.tab.get_by_label(re.compile(dimension)).check()
    staff.fill(name=name).click("ไปกรอกรายละเอียดตัวชี้วัด")
    staff.tab.locator("[name=source]").select_option(source)
    if source == "plan":
        staff.tab.locator("[name=plan_item]").select_option(index=2)
    staff.fill(unit_of_measure=unit, weight=weight, past_1=last_year, target=target, **SHEET)
    staff.fill(start=start, step=step).tab.locator("[name=fill]").click()
    expect(staff.tab.locator("[name=level_5]")).not_to_have_value("")
    staff.fits().click("บันทึกและกลับ")
    expect(staff.tab).to_have_url(re.compile(re.escape(HOME) + "$"))


def confirm(person, **fields):
    """The page of a move: type what it asks for, press its one button."""
    if fields:
        person.fill(**fields)
    person.tab.locator("main form[method=post] button.go").click()


def make(person, move, **fields):
    confirm(person.open(f"{HOME}move/{move}/").fits(), **fields)
    return person


def submit(office):
    make(office, "submit")
    assert Agreement.objects.get(code=CODE).stage == Stage.INFORMAL


def negotiate(people):
    thana, staff = people("thana"), people("kamolchanok")
    thana.open(f"{HOME}negotiation/").fits()
    thana.tab.locator("a", has_text="เสนอแก้").first.click()
    thana.fill(level_5="๙๒", reason="ปีก่อนทำได้ร้อยละ ๘๖ จึงควรท้าทายกว่านี้").click("บันทึกข้อเสนอ")
    make(thana, "hand_back")
    staff.open(f"{HOME}negotiation/").sees("รอท่านตอบ").fits()
    staff.tab.get_by_role("button", name=re.compile("^รับข้อเสนอ")).first.click()
    answer_the_three_questions(staff)
    make(staff, "hand_to_office")
    make(people("prasit"), "answer")
    make(thana, "close_informal")
    line = Agreement.objects.get(code=CODE).lines.order_by("dimension__number").first()
    assert line.level_5 == 92


def answer_the_three_questions(staff):
    """The indicator and its target are suggested; what it develops is written."""
    staff.open(f"{HOME}questions/").fits()
    for what in staff.tab.locator("textarea[name^=develops-]").all():
        what.fill("ลดเวลารอของผู้เดินทาง")
    staff.click("บันทึกคำตอบ").sees("ตอบครบทุกตัวชี้วัดแล้ว")


def agree_formally(people):
    thana = people("thana")
    thana.open(f"{HOME}minutes/").fits().fill(
        held_on=today_as_typed(),
        place="ห้องประชุม ๑ สตม.",
        committee="รอง ผบช.สตม. ประธาน",
        decisions="เห็นชอบตามที่เจรจา",
    ).click("บันทึก โดยเห็นชอบตัวชี้วัดที่เหลือตามเสนอ")
    thana.sees("เห็นชอบตามที่เจรจา")
    make(thana, "record_formal")
    make(people("prasit"), "confirm_formal")
    assert Agreement.objects.get(code=CODE).stage == Stage.SIGNING


def today_as_typed():
    return show_digits(thai_date(timezone.localdate(), "medium"))


def sign(people):
    for username in ("wira", "somchai"):
        signer = people(username, phone=True).open(f"{HOME}signing/").fits()
        signer.sees("๙๒")
        signer.fill(password="ไม่ใช่รหัสผ่าน").click("อ่านแล้ว ลงนามฉบับนี้")
        signer.sees("รหัสผ่านไม่ถูกต้อง").fill(password="kham-rap-rong").click("อ่านแล้ว ลงนามฉบับนี้")
        signer.sees("ท่านลงนามคำรับรองของ")
    assert Agreement.objects.get(code=CODE).stage == Stage.ASSESSMENT


def read_the_document(people, tmp_path):
    run_queued_jobs()
    document = Document.objects.get(snapshot__agreement__code=CODE, kind=Document.Kind.SIGNED)
    staff = people("kamolchanok")
    pdf = staff.context.request.get(f"{staff.address}/documents/{document.pk}/").body()
    text = text_of(pdf)
    for sentence in (
        "คำรับรองการปฏิบัติราชการ กองบังคับการตรวจคนเข้าเมือง ๑ ประจำปีงบประมาณ พ.ศ. ๒๕๗๐",
        "๑ ตุลาคม ๒๕๖๙ ถึงวันที่ ๓๐ กันยายน ๒๕๗๐",
        "พลตำรวจโท สมชาย รักไทย",
        "พลตำรวจตรี วีระ กล้าหาญ",
        "แผนปฏิบัติราชการของสำนักงานตรวจคนเข้าเมือง",
        "ร้อยละความพึงพอใจของผู้รับบริการ ณ จุดบริการ",
        "นับเฉพาะผู้โดยสารขาเข้าที่ผ่านช่องตรวจปกติ",
    ):
        assert sentence.replace(" ", "") in text.replace(" ", ""), sentence
    public = staff.context.browser.new_context().new_page()
    public.goto(f"{staff.address}/verify/{document.code}/")
    expect(public.locator("body")).to_contain_text("พลตำรวจตรี วีระ กล้าหาญ")
    expect(public.locator("body")).to_contain_text(document.snapshot.sha256)
    public.context.close()


def report(people, tmp_path):
    staff = people("kamolchanok")
    report = Agreement.objects.get(code=CODE).reports.get()
    proof = tmp_path / "ผลการตรวจ.png"
    proof.write_bytes(evidence_file("ผลการตรวจ", ["รวมทั้งปี"], kind="png").read())
    for result, value in zip(report.results.all(), ("๘๘.๕", "82", "19.5", "75"), strict=True):
        staff.open(f"{HOME}reports/{report.round.position}/{result.line_id}/").fits()
        staff.fill(value=value, narrative="ดำเนินการตามแผนครบถ้วน")
        staff.tab.locator("#result-form button:not([name])", has_text="บันทึก").click()
        staff.tab.locator("[name=file]").set_input_files(proof)
        staff.fill(proves="ผลการดำเนินงานทั้งปี").click("แนบไฟล์")
        staff.sees("ผลการตรวจ.png")
    make(staff, "hand_to_office")
    make(people("prasit"), "send_report")
    make(people("wira"), "certify")
    assert Agreement.objects.get(code=CODE).stage == Stage.EVALUATION


def evaluate(people):
    wichai = people("wichai").open(f"{HOME}evaluation/").fits()
    line = Agreement.objects.get(code=CODE).lines.order_by("dimension__number").first()
    first = Finding.objects.get(line=line)
    wichai.tab.locator("#accept").click()
    wichai.tab.locator(f"[name=value-{first.pk}]").fill("๘๘")
    wichai.tab.locator(f"[name=value-{first.pk}]").press("Tab")
    wichai.tab.locator(f"[name=reason-{first.pk}]").fill("ไม่นับเที่ยวบินที่ล่าช้าตามเงื่อนไข")
    wichai.click("บันทึก และเห็นชอบแถวที่ทำเครื่องหมาย")
    make(wichai, "propose")
    people("kamolchanok").open(f"{HOME}evaluation/").sees("ยังไม่")
    somchai = people("somchai", phone=True).open(f"{HOME}move/release/").fits()
    confirm(somchai, password="kham-rap-rong")
    assert Agreement.objects.get(code=CODE).stage == Stage.APPEAL
    people("kamolchanok").open(f"{HOME}evaluation/").sees("ไม่นับเที่ยวบินที่ล่าช้าตามเงื่อนไข").fits()


def appeal(people):
    """The unit objects to the evaluator's score; the panel gives it its own result, and the superior closes."""
    first = AppealLine.objects.first()
    staff = people("kamolchanok").open(f"{HOME}appeal/").fits()
    staff.tab.locator(f"#line-{first.line_id} summary").first.click()
    staff.tab.locator(f"[name=objection-{first.pk}]").fill("ขอให้นับเที่ยวบินที่ล่าช้าด้วย")
    staff.click("บันทึก").sees("บันทึกคำอุทธรณ์แล้ว")
    make(people("wira"), "lodge_appeal")
    wichai = people("wichai").open(f"{HOME}appeal/").fits().sees("ขอให้นับเที่ยวบินที่ล่าช้าด้วย")
    wichai.fill(people="พล.ต.ต. ธีระ มั่นคง ประธานกรรมการ", order_number="สตม. ๓๑๐/๒๕๗๐", met_on=today_as_typed())
    wichai.tab.locator(f"[name=decision-{first.pk}]").select_option("changed")
    wichai.tab.locator(f"[name=decided-{first.pk}]").fill("๘๘.๕")
    wichai.tab.locator(f"[name=reason-{first.pk}]").fill("หลักฐานครบถ้วน")
    wichai.click("บันทึก").sees("บันทึกคำวินิจฉัยแล้ว")
    make(wichai, "decide_appeal")
    somchai = people("somchai", phone=True).open(f"{HOME}move/close/").fits()
    confirm(somchai, password="kham-rap-rong")
    assert Agreement.objects.get(code=CODE).stage == Stage.CLOSED
    people("kamolchanok").open(f"{HOME}appeal/").sees("แก้คะแนน").fits()
