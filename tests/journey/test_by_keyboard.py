"""The staff's journey, the submission and the signature by keyboard alone: from the door to the signed agreement."""

import pytest
from playwright.sync_api import expect

from agreements.models import Agreement
from agreements.stages import Pen, Stage
from desk.demo.diary import Diary
from desk.demo.walk import Walk
from tests.journey.typist import Typist
from tests.world import PASSWORD

pytestmark = pytest.mark.journey

CODE = "2570-IMM-D1"
HOME = f"/agreements/{CODE}/"
LINES = (
    # dimension, name, source, unit, weight, past, target, start, step
    ("ประสิทธิผล", "ร้อยละของผู้โดยสารที่ผ่านการตรวจภายในเวลา", "ตามแผน", "ร้อยละ", "๖๐", "๘๖.๐๒", "87", "78", "3"),
    ("คุณภาพ", "ร้อยละความพึงพอใจของผู้รับบริการ", "ตามแผน", "ร้อยละ", "15", "80", "84", "75", "3"),
    ("ประสิทธิภาพ", "จำนวนวันเฉลี่ยในการพิจารณาคำขออยู่ต่อ", "ตามแผน", "วัน", "10", "24", "21", "30", "-3"),
    ("พัฒนาองค์การ", "ร้อยละของข้าราชการที่ผ่านการอบรม", "ตามพันธกิจ", "ร้อยละ", "5", "70", "80", "60", "10"),
)


@pytest.fixture
def typist(chromium, live_server, walked):
    typist = Typist(chromium, live_server.url)
    yield typist
    typist.context.close()


def test_an_agreement_is_written_submitted_and_signed_without_a_mouse(typist, walked):
    typist.sign_in("kamolchanok", PASSWORD)
    typist.skip().to(text="สร้างคำรับรอง").go()
    write_the_plan(typist)
    add_a_line_wrongly(typist)
    for line in LINES:
        write_a_line(typist, *line)
    weigh(typist)
    walk_of(walked).answer_questions()
    typist.skip().to(goes=HOME).go().skip().to(goes="move/hand_to_office/").go()
    typist.skip().to(text="เสนอหัวหน้าฝ่าย").go().sign_out()
    typist.sign_in("prasit", PASSWORD).skip().to(goes=HOME).go().to(back=True, goes="move/submit/").go()
    typist.skip().to(text="ส่งให้หน่วยเหนือ").go().sign_out()
    assert Agreement.objects.get(code=CODE).stage == Stage.INFORMAL
    negotiate(walked)
    sign(typist)
    said = f"{typist.pressed} keys, {typist.letters} letters, {typist.pages} pages, {typist.stops} stops of the focus"
    print(said)  # noqa: T201  # said by -s
    assert not typist.faults, "\n".join(typist.faults)


def write_the_plan(typist):
    typist.skip().to(goes="/plan/").go()
    typist.skip().fill(vision="เป็นหน่วยตรวจคนเข้าเมืองชั้นนำ", mission="ตรวจบุคคลและพาหนะตามกฎหมาย")
    for kind, text in (
        ("ประเด็นยุทธศาสตร์", "การบริการสู่มาตรฐานสากล"),
        ("เป้าประสงค์", "ผู้เดินทางได้รับบริการที่รวดเร็ว"),
        ("กลยุทธ์", "จัดช่องตรวจตามปริมาณผู้โดยสาร"),
        ("ตัวชี้วัดของแผน", "ร้อยละของผู้โดยสารที่ผ่านการตรวจ"),
    ):
        typist.to(text=f"+ เพิ่ม{kind}").press("Enter").press("Tab").type(text)
        typist.to(text="เพิ่ม").go()
        assert "plan-row" in typist.here()["css"], "the focus is not at what was added"
    typist.to(text="บันทึกแผน").go().sees("บันทึกแผนปฏิบัติราชการแล้ว")


def add_a_line_wrongly(typist):
    """A form that is refused leads to what is wrong with it, and from there to the field."""
    typist.skip().to(goes=HOME).go().skip().to(goes="/lines/add/").go()
    typist.skip().to(text="ไปกรอกรายละเอียดตัวชี้วัด").go()
    assert "summary" in typist.here()["css"], "the focus is not at what is wrong"
    typist.to(text="มิติ").press("Enter")
    assert typist.here()["name"] == "dimension"
    typist.to(goes=HOME).go()


def write_a_line(typist, dimension, name, source, unit, weight, last_year, target, start, step):
    typist.skip().to(goes="/lines/add/").go()
    typist.skip().to(name="dimension").press("Space")
    while dimension not in typist.tab.evaluate("document.activeElement.labels[0].textContent"):
        typist.press("ArrowDown")
    typist.to(name="name").type(name).go()
    typist.skip().to(name="source").choose(source)
    if source == "ตามแผน":
        typist.to(name="plan_item").press("ArrowDown", 2)
    typist.fill(unit_of_measure=unit, weight=weight, past_1=last_year, target=target)
    typist.fill(start=start, step=step).to(name="fill").press("Space")
    expect(typist.tab.locator("[name=level_5]")).not_to_have_value("")
    typist.fill(definition="นับเฉพาะช่องตรวจปกติ", formula="จำนวนที่ผ่าน ÷ ทั้งหมด × ๑๐๐", data_source="ระบบสารสนเทศ")
    stays_while_it_saves(typist)
    typist.to(text="บันทึกและกลับ").go()


def stays_while_it_saves(typist):
    """What the server answers to a field that was left takes the focus from nobody."""
    typist.press("Tab")
    expect(typist.tab.locator("[data-save-status]")).to_contain_text("บันทึกแล้ว")
    before = typist.here()
    typist.tab.wait_for_load_state("networkidle")
    assert typist.here() == before
    assert before["tag"] != "body"


def weigh(typist):
    typist.skip().to(goes="/weights/").go().skip()
    for weight in ("60", "๑๕", "10", "๑๕"):
        typist.to(name=r"weight-\d+").type(weight)
    expect(typist.tab.locator("[data-said]")).to_contain_text("ครบ")
    button = typist.press("Tab").here()
    typist.go("Space")
    assert typist.here()["id"] == button["id"], "the focus is not at the button that was pressed"
    typist.to(text="บันทึกตาราง").go().sees("บันทึกตารางตัวชี้วัดแล้ว")


def negotiate(world):
    """The other side's part, by the product's verbs."""
    walk_of(world).to(Stage.SIGNING, Pen.HEAD)


def walk_of(world):
    agreement = Agreement.objects.for_detail().get(code=CODE)
    return Walk(agreement, world.actors("IMM-D1"), Diary(world.at()))


def sign(typist):
    typist.sign_in("wira", PASSWORD).skip().to(goes="/signing/").go()
    typist.skip().fill(password="ไม่ใช่รหัสผ่าน").go()
    assert "summary" in typist.here()["css"], "the focus is not at what is wrong"
    typist.to(name="password").type(PASSWORD).to(text="อ่านแล้ว ลงนาม").go().sees("ท่านลงนามคำรับรองของ")
    agreement = Agreement.objects.get(code=CODE)
    assert (agreement.stage, agreement.pen) == (Stage.SIGNING, Pen.SUPERIOR)
