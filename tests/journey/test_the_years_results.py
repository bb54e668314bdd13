"""A signed agreement's year of results in a browser: 6, 9 and 12 months, evaluation, appeal, closed; every total by hand.

line  criteria                    weight   6 months    9 months        12 months    evaluator   panel
1.1   78 · 81 · 84 · 87 · 90      50       84: 3.0     86.02: 3.6733   88.5: 4.5    as reported
1.2   30 · 27 · 24 · 21 · 18      30       24: 3.0     21: 4.0         20.1: 4.3    21: 4.0     20.4: 4.2
4.1   five steps                  20       2: 2.0      3: 3.0          4: 4.0       as reported
total                                      2.8000      3.6367          4.3400       4.2500      4.3100
"""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

from agreements.models import Agreement
from agreements.stages import Stage
from desk.demo.evidence import evidence_file
from results.models import Report, ReportingRound
from results.workbook import FIRST, RESULTS
from tests.journey.test_one_agreement import make, today_as_typed
from tests.results.three_lines import walk_of_three

pytestmark = pytest.mark.journey

CODE = "2570-IMM-D1"
HOME = f"/agreements/{CODE}/"
PASSWORD = "kham-rap-rong"
SIX, NINE, TWELVE = 1, 2, 3
VALUE, NARRATIVE = 5, 6  # columns of the sheet of results


@pytest.fixture
def agreement(walked):
    """Signed; its rounds of 6 and 9 months are open today, that of 12 months is the world's own."""
    today = timezone.localdate()
    for position, name in ((SIX, "รอบ 6 เดือน"), (NINE, "รอบ 9 เดือน")):
        opened, due = today - timedelta(days=10 - position), today + timedelta(days=10 + position)
        ReportingRound.objects.create(
            fiscal_year=walked.year, position=position, name=name, opens_on=opened, due_on=due
        )
    return walk_of_three(walked).to(Stage.ASSESSMENT)


def test_a_year_of_results_is_walked_from_the_first_report_to_the_closed_agreement(people, agreement, tmp_path):
    report_six_months(people)
    report_nine_months_by_excel(people, tmp_path)
    read_the_forecast(people)
    report_twelve_months(people, tmp_path)
    evaluate_on_the_spot(people)
    release(people)
    appeal_against_one_score(people)
    decide_and_close(people)


def lines():
    return list(Report.objects.filter(agreement__code=CODE).earliest("pk").results.order_by("line__position"))


def page_of(position, result):
    return f"{HOME}reports/{position}/{result.line_id}/"


def stands(stage, pen):
    found = Agreement.objects.get(code=CODE)
    assert (found.stage, found.pen) == (stage, pen)


def report_six_months(people):
    staff = people("kamolchanok")
    for result, value in zip(lines(), ("84", "24", "๒"), strict=True):
        staff.open(page_of(SIX, result)).fits().fill(value=value, narrative=f"ทำได้ {value}")
        staff.tab.get_by_role("button", name="บันทึก", exact=True).first.click()
    staff.open(f"{HOME}reports/{SIX}/").sees("๒.๘๐๐๐").fits()
    make(staff, "hand_to_office")
    make(people("prasit"), "send_report")
    make(people("wichai"), "accept_report")
    staff.open(f"{HOME}reports/{SIX}/").sees("ยอมรับแล้ว")


def report_nine_months_by_excel(people, tmp_path):
    """The file goes out with the texts of six months, and comes back with new figures."""
    staff = people("kamolchanok").open(f"{HOME}reports/{NINE}/excel/").fits()
    with staff.tab.expect_download() as coming:
        staff.tab.locator("a[href$='/excel/file/']").first.click()
    book = load_workbook(io.BytesIO(coming.value.path().read_bytes()))
    sheet = book[RESULTS]
    assert sheet.cell(FIRST, NARRATIVE).value == "ทำได้ 84"
    for row, value in enumerate((86.02, "๒๑", 3)):
        sheet.cell(FIRST + row, VALUE).value = value
    filled = tmp_path / "รอบ 9 เดือน.xlsx"
    book.save(filled)
    staff.tab.locator("[name=file]").set_input_files(filled)
    staff.tab.locator("main form[enctype] button").first.click()
    staff.sees("๘๖.๐๒").fits()
    staff.tab.locator("form[action$='/excel/take/'] button").first.click()
    staff.open(f"{HOME}reports/{NINE}/").sees("๓.๖๓๖๗").sees("รอบก่อน ๘๔")
    make(staff, "hand_to_office")
    make(people("prasit"), "send_report")
    send_back_and_forth(people, staff)


def send_back_and_forth(people, staff):
    """The evaluator returns it with a reason; the unit writes more and sends it again."""
    make(people("wichai"), "return_report", reason="โปรดอธิบายตัวชี้วัดที่ ๑.๒")
    staff.open(f"{HOME}reports/{NINE}/").sees("โปรดอธิบายตัวชี้วัดที่ ๑.๒").fits()
    staff.open(page_of(NINE, lines()[1])).fill(narrative="เปิดช่องบริการเพิ่ม")
    staff.tab.get_by_role("button", name="บันทึก", exact=True).first.click()
    make(staff, "hand_to_office")
    make(people("prasit"), "send_report")
    make(people("wichai"), "accept_report")
    stands(Stage.ASSESSMENT, "staff")


def read_the_forecast(people):
    """Nothing here adds up through the year, so that the likely total is that of nine months."""
    people("wira", phone=True).open(f"{HOME}forecast/").sees("๓.๖๓๖๗").fits()


def report_twelve_months(people, tmp_path):
    staff = people("kamolchanok")
    proof = tmp_path / "หลักฐาน.png"
    proof.write_bytes(evidence_file("หลักฐาน", ["ทั้งปี"], kind="png").read())
    for result, value in zip(lines(), ("88.5", "20.1", "4"), strict=True):
        staff.open(page_of(TWELVE, result)).fits()
        staff.fill(value=value).tab.get_by_role("button", name="บันทึก", exact=True).first.click()
        staff.tab.locator("[name=file]").set_input_files(proof)
        staff.fill(proves="ผลทั้งปี").click("แนบไฟล์").sees("หลักฐาน.png")
    expect(staff.open(page_of(TWELVE, lines()[1])).tab.locator("[name=narrative]")).to_have_value("เปิดช่องบริการเพิ่ม")
    staff.open(f"{HOME}reports/{TWELVE}/").sees("๔.๓๔๐๐")
    make(staff, "hand_to_office")
    make(people("prasit"), "send_report")
    make(people("wira", phone=True), "certify")
    stands(Stage.EVALUATION, "evaluator")


def evaluate_on_the_spot(people):
    """A visit, one result found otherwise, the others accepted: nothing of it for the unit before the release."""
    wichai = people("wichai").open(f"{HOME}evaluation/visits/new/").fits()
    wichai.fill(visited_on=today_as_typed(), place="ด่านฯ", people="คณะผู้ประเมิน", seen="ทะเบียนนับเกิน ๒ ราย")
    wichai.click("บันทึกการตรวจเยี่ยม").sees("ทะเบียนนับเกิน ๒ ราย")
    second = lines()[1].line_id
    wichai.tab.locator(f"#line-{second} [name^=value-]").fill("21")
    wichai.tab.locator(f"#line-{second} [name^=value-]").press("Tab")
    wichai.tab.locator(f"#line-{second} [name^=reason-]").fill("นับเกิน ๒ ราย")
    wichai.tab.locator(f"#line-{second} [name^=reason-]").press("Tab")
    expect(wichai.tab.locator(f"#line-{second}")).to_contain_text("๔.๐๐๐๐")
    wichai.tab.wait_for_load_state("networkidle")
    for first_or_last in (lines()[0], lines()[2]):
        wichai.tab.locator(f"#line-{first_or_last.line_id} [name=take]").check()
    wichai.tab.get_by_role("button", name=re.compile("^บันทึก และเห็นชอบ")).click()
    wichai.sees("๔.๒๕๐๐").fits()
    make(wichai, "propose")
    unit = people("kamolchanok").open(f"{HOME}evaluation/")
    expect(unit.tab.locator("body")).not_to_contain_text("นับเกิน ๒ ราย")


def release(people):
    make(people("somchai", phone=True), "release", password=PASSWORD)
    stands(Stage.APPEAL, "head")
    people("kamolchanok").open(f"{HOME}evaluation/").sees("นับเกิน ๒ ราย").sees("๔.๒๕๐๐").fits()


def appeal_against_one_score(people):
    second = lines()[1].line_id
    staff = people("kamolchanok").open(f"{HOME}appeal/").fits()
    staff.tab.locator(f"#line-{second} summary").first.click()
    staff.tab.locator(f"#line-{second} [name^=objection-]").fill("สองรายนั้นยื่นก่อนสิ้นปี")
    staff.tab.locator(f"#line-{second} [name^=asked-]").fill("๒๐.๑")
    staff.click("บันทึก")
    make(people("wira", phone=True), "lodge_appeal")
    stands(Stage.APPEAL, "evaluator")


def decide_and_close(people):
    second = lines()[1].line_id
    wichai = people("wichai").open(f"{HOME}appeal/").sees("สองรายนั้นยื่นก่อนสิ้นปี").fits()
    wichai.fill(people="พล.ต.ต. ธีระ มั่นคง ประธานกรรมการ", order_number="สตม. ๓๑๐/๒๕๗๐", met_on=today_as_typed())
    wichai.tab.locator(f"#line-{second} [name^=decision-]").select_option("changed")
    wichai.tab.locator(f"#line-{second} [name^=decided-]").fill("20.4")
    wichai.tab.locator(f"#line-{second} [name^=reason-]").fill("รายหนึ่งยื่นก่อนสิ้นปี")
    wichai.click("บันทึก")
    make(wichai, "decide_appeal")
    make(people("somchai", phone=True), "close", password=PASSWORD)
    stands(Stage.CLOSED, "nobody")
    people("kamolchanok").open(f"{HOME}appeal/").sees("๔.๓๑๐๐").sees("ตามที่ประกาศ: ๔.๒๕๐๐").fits()
