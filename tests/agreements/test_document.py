"""What stands in the document: clauses, parties, annexes, figures, digits, certificate."""

import html
import re

import pytest
from django.utils import translation

from agreements.documents import to_html
from tests.agreements.sample_sections import (
    DEPUTY_POST,
    HEAD_POST,
    SUPERIOR_POST,
    VERIFICATION_CODE,
    draft,
    sample_sections,
    signed,
    unsigned,
)


def shown(sections, certificate, **options):
    """The visible text of the document from the agreement on, white space as single spaces."""
    body = to_html(sections, certificate, **options).partition("<main")[2].partition(">")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def signed_text(**options):
    sections = sample_sections()
    return shown(sections, signed(sections), **options)


def in_order(text, *parts):
    at = [text.index(part) for part in parts]
    return at == sorted(at)


def test_title_names_the_unit_and_the_year():
    assert "คำรับรองการปฏิบัติราชการ กองบังคับการตรวจคนเข้าเมือง ๑ ประจำปีงบประมาณ พ.ศ. ๒๕๗๐ ๑. คำรับรองระหว่าง" in signed_text()


def test_the_six_clauses_stand_in_order():
    assert in_order(
        signed_text(),
        "๑. คำรับรองระหว่าง",
        "๒. คำรับรองนี้เป็นคำรับรองฝ่ายเดียว มิใช่สัญญา",
        "๓. รายละเอียดของคำรับรอง ได้แก่ แผนปฏิบัติราชการ กรอบการประเมินผล",
        "๔. ผู้รับคำรับรองได้พิจารณาและเห็นชอบกับรายละเอียดตามข้อ ๓ แล้ว และยินดีจะให้คำแนะนำ กำกับ และติดตามผล",
        "๕. ผู้ทำคำรับรองได้ทำความเข้าใจรายละเอียดตามข้อ ๓ แล้ว ขอให้คำรับรองว่าจะมุ่งมั่น",
        "๖. ผู้รับคำรับรองและผู้ทำคำรับรองได้เข้าใจคำรับรองการปฏิบัติราชการและเห็นพ้องกันแล้ว จึงได้ลงลายมือชื่อไว้เป็นสำคัญ",
    )


def test_the_period_is_the_stored_one():
    sections = sample_sections()
    sections["agreement"] |= {"starts_on": "2026-10-01", "ends_on": "2027-03-31"}

    assert "ระยะเวลา ๑ ปี ตั้งแต่ วันที่ ๑ ตุลาคม ๒๕๖๙ ถึง วันที่ ๓๐ กันยายน ๒๕๗๐" in signed_text()
    shorter = shown(sections, signed(sections))
    assert "ระยะเวลาตั้งแต่ วันที่ ๑ ตุลาคม ๒๕๖๙ ถึง วันที่ ๓๑ มีนาคม ๒๕๗๐" in shorter
    assert "๑ ปี" not in shorter


def test_the_superior_stands_first_and_the_maker_after_and():
    assert in_order(
        signed_text(),
        "พลตำรวจโท สมชาย รักไทย ผู้บัญชาการสำนักงานตรวจคนเข้าเมือง ผู้รับคำรับรอง",
        "และ พันตำรวจเอก ประสิทธิ์ ใจมั่น",
        "ผู้ทำคำรับรอง",
    )


@pytest.mark.parametrize(
    ("capacity", "line"),
    [
        ("own", "รองผู้บังคับการตรวจคนเข้าเมือง ๑ ผู้ทำคำรับรอง"),
        ("acting", "รองผู้บังคับการตรวจคนเข้าเมือง ๑ รักษาราชการแทน ผู้บังคับการตรวจคนเข้าเมือง ๑ ผู้ทำคำรับรอง"),
        ("delegated", "รองผู้บังคับการตรวจคนเข้าเมือง ๑ ปฏิบัติราชการแทน ผู้บังคับการตรวจคนเข้าเมือง ๑ ผู้ทำคำรับรอง"),
    ],
)
def test_the_title_line_says_in_what_capacity(capacity, line):
    sections = sample_sections()
    certificate = unsigned(sections)
    certificate["people"][1]["capacity"] = capacity

    assert line in shown(sections, certificate)


def test_who_has_no_post_of_their_own_signs_with_the_capacity_alone():
    sections = sample_sections()
    certificate = unsigned(sections)
    certificate["people"][1]["own_post"] = ""

    assert "( พันตำรวจเอก ประสิทธิ์ ใจมั่น ) รักษาราชการแทน ผู้บังคับการตรวจคนเข้าเมือง ๑" in shown(sections, certificate)


def test_a_signature_shows_its_time_in_thailand_and_an_awaited_one_a_line_for_the_date():
    sections = sample_sections()
    certificate = signed(sections)
    certificate["signatures"].pop()

    text = shown(sections, certificate)

    assert f"รักษาราชการแทน {HEAD_POST.replace('1', '๑')} ๒๐ พฤศจิกายน ๒๕๖๙ เวลา ๑๖.๐๕ น." in text
    assert f"( พลตำรวจโท สมชาย รักไทย ) {SUPERIOR_POST} วันที่" in text
    assert "พลตำรวจโท สมชาย รักไทย ผู้รับคำรับรอง ผู้บัญชาการสำนักงานตรวจคนเข้าเมือง ยังไม่ได้ลงนาม" in text
    assert "เอกสารนี้ยังลงนามไม่ครบทุกฝ่าย จึงยังไม่มีผลเป็นคำรับรอง" in text
    assert "ยังลงนามไม่ครบ" not in signed_text()


def test_who_signed_stands_in_place_of_whom_one_expected():
    sections = sample_sections()
    certificate = signed(sections)
    other = {"name": "พันตำรวจเอก อื่น คนใหม่", "own_post": DEPUTY_POST}
    certificate["people"] = certificate["people"][:1]
    certificate["signatures"][0] |= other

    text = shown(sections, certificate)

    assert other["name"] in text
    assert "ประสิทธิ์" not in text


def test_before_anyone_is_named_the_posts_stand_alone():
    sections = sample_sections()
    certificate = unsigned(sections) | {"people": []}

    text = shown(sections, certificate)

    assert "ชื่อ ตำแหน่ง ฐานะ ผู้บัญชาการสำนักงานตรวจคนเข้าเมือง ผู้รับคำรับรอง และ ผู้บังคับการตรวจคนเข้าเมือง ๑" in text
    assert "(ยังไม่ระบุชื่อ) ผู้ทำคำรับรอง" in text


def test_several_sign_on_either_side():
    sections = sample_sections()
    certificate = unsigned(sections)
    names = ["พันตำรวจเอก ก หนึ่ง", "พันตำรวจเอก ข สอง", "พันตำรวจเอก ค สาม"]
    certificate["people"] += [certificate["people"][1] | {"name": name} for name in names]

    text = shown(sections, certificate)

    assert all(text.count(name) == 3 for name in names), "in clause 1, in a block, on the certificate page"


def test_annexes_follow_the_rule():
    assert in_order(
        signed_text(),
        "เอกสารแนบ ๑ แผนปฏิบัติราชการของกองบังคับการตรวจคนเข้าเมือง ๑",
        "เป็นหน่วยบริการคนเข้าเมืองที่รวดเร็ว",
        "เอกสารแนบ ๒ แผนปฏิบัติราชการของสำนักงานตรวจคนเข้าเมือง",
        "องค์กรนำด้านการบริหารจัดการคนเข้าเมือง",
        "เอกสารแนบ ๓ กรอบการประเมินผล",
        "รวมน้ำหนัก",
        "เอกสารแนบ ๔ รายละเอียดตัวชี้วัด",
        "หน้ารับรองเอกสารอิเล็กทรอนิกส์",
    )


def test_the_superiors_plan_is_printed_only_where_the_rule_annexes_it():
    sections = sample_sections()
    sections["rule"]["annexes"].pop(1)

    text = shown(sections, signed(sections))

    assert "องค์กรนำด้านการบริหารจัดการคนเข้าเมือง" not in text
    assert "เอกสารแนบ ๒ กรอบการประเมินผล" in text


def test_a_plan_prints_its_issues_goals_indicators_and_strategies():
    assert in_order(
        signed_text(),
        "๔. พัฒนากำลังพลให้มีความรู้ด้านภาษา",
        "ประเด็นยุทธศาสตร์ที่ ๑ ยกระดับการให้บริการ",
        "เป้าประสงค์ ๑.๑ ผู้รับบริการได้รับบริการที่รวดเร็วและมีคุณภาพ",
        "ระดับความพึงพอใจของผู้รับบริการ ณ จุดบริการ ๔.๒๐ คะแนน",
        "กลยุทธ์ ๑.๑.๑ ปรับปรุงขั้นตอน",
        "๑.๑.๒ ขยายบริการนัดหมาย",
        "เป้าประสงค์ ๑.๒ ข้อมูลคนต่างด้าว",
    )


def test_criteria_stand_under_their_dimensions_with_subtotals_and_a_total():
    assert in_order(
        signed_text(),
        "มิติที่ ๑ ด้านประสิทธิผล ๖๐.๐๐",
        "๑.๑ ร้อยละของคำขออยู่ต่อในราชอาณาจักรที่พิจารณาแล้วเสร็จภายในเวลามาตรฐาน ร้อยละ ๑๕.๐๐ ๘๒.๑๐ ๘๔.๕๕ ๘๖.๐๒ ๘๗ ๗๘ ๘๑ ๘๔ ๘๗ ๙๐",
        "๑.๒ จำนวนวันเฉลี่ยในการพิจารณาคำขออยู่ต่อในราชอาณาจักร วัน ๑๒.๕๐ ๒๖.๔ ๒๔.๐ ๒๑.๗ ๒๑ ๓๐ ๒๗ ๒๔ ๒๑ ๑๕",
        "– ๗๒.๔๐ ๗๗.๑๕ ๘๐",
        "มิติที่ ๒ ด้านคุณภาพการให้บริการ ๑๕.๐๐",
        "มิติที่ ๓ ด้านประสิทธิภาพของการปฏิบัติราชการ ๑๐.๐๐",
        "บาท ๕.๐๐ ๒๐๕,๓๐๐.๐๐ ๑๙๘,๗๕๐.๒๕ ๑๙๐,๔๐๐.๐๐ ๑๘๒,๕๐๐.๕ ๒๑๕,๐๐๐",
        "มิติที่ ๔ ด้านการพัฒนาองค์การ ๑๕.๐๐",
        "รวมน้ำหนัก ๑๐๐.๐๐",
    )


def test_the_rules_of_scoring_name_the_framework_s_top_and_floor():
    sections = sample_sections()
    sections["framework"]["floor"] = "0"

    assert "ที่ดีกว่าระดับ ๕ ได้ ๕ คะแนน ผลงานที่ต่ำกว่าระดับ ๑ ได้ ๐ คะแนน" in shown(sections, signed(sections))
    assert "ผลงานที่ต่ำกว่าระดับ ๑ ได้ ๑ คะแนน" in signed_text()


def test_a_milestone_names_its_levels_in_the_table_and_describes_them_in_its_sheet():
    assert in_order(
        signed_text(),
        "ระดับ ๗.๐๐ – – ๓ ๕ ๑ ๒ ๓ ๔ ๕",
        "เอกสารแนบ ๔",
        "๑ สำรวจขั้นตอนการให้บริการครบทุกงาน ๒ จัดทำร่างคู่มือสำหรับประชาชนครบทุกงาน",
        "๕ เผยแพร่คู่มือครบ ๔ ภาษา และสำรวจความเข้าใจของผู้รับบริการไม่น้อยกว่า ๔๐๐ ราย",
    )


def with_kind(kind, levels, uppers=(), texts=(), items=(), **more):
    """The sample with its first line under criteria of that kind."""
    sections = sample_sections()
    sections["lines"][0] |= {
        "kind": kind,
        "levels": levels,
        "uppers": list(uppers) or [None] * 5,
        "level_texts": list(texts) or [""] * 5,
        "items": [{"symbol": "", "text": text, "unit": "", "weight": ""} for text in items],
        **more,
    }
    return sections


@pytest.mark.parametrize(
    ("sections", "row", "rule"),
    [
        (
            with_kind("bands", [None, "75", "80", "85.5", "90"], ["74", "79", "85.4", "89", None]),
            "≤ ๗๔.๐ ๗๕.๐–๗๙.๐ ๘๐.๐–๘๕.๔ ๘๕.๕–๘๙.๐ ≥ ๙๐.๐",
            "เกณฑ์เป็นช่วง ได้คะแนนเต็มของช่วงที่ผลงานถึง",
        ),
        (with_kind("cumulative", [None] * 5, items="กขคงจฉ"), "๑–๒ ๑–๓ ๑–๔ ๑–๕ ๑–๖", "นับขั้นตอนที่ทำสำเร็จต่อเนื่อง"),
        (with_kind("count", ["1", "3", "5", "6", "7"]), "๑ ๓ ๕ ๖ ๗", "ได้คะแนนตามจำนวนประเด็น"),
        (with_kind("projects", ["1", "2", "3", "4", "5"], items="กข"), "๑ ๒ ๓ ๔ ๕", "Σ(W×SM) ÷ ΣW"),
        (
            with_kind("units", ["60", "65", "70", "75", "80"], items="กข", averages="of_scores"),
            "๖๐ ๖๕ ๗๐ ๗๕ ๘๐",
            "เทียบผลงานของแต่ละหน่วยกับเกณฑ์ก่อน",
        ),
        (with_kind("superior", [None] * 5), "๑ ๒ ๓ ๔ ๕", "ได้คะแนนเท่าคะแนนของตัวชี้วัดที่ระบุ"),
        (
            with_kind("pass_fail", [None] * 5, texts=["", "", "", "", "ได้ใบรับรอง"]),
            "ไม่ผ่าน – – – ผ่าน",
            "ผ่าน หมายถึง ได้ใบรับรอง",
        ),
    ],
    ids=lambda value: value["lines"][0]["kind"] if isinstance(value, dict) else "",
)
def test_the_table_and_the_sheet_print_every_kind_of_criteria(sections, row, rule):
    text = shown(sections, signed(sections))
    table, _annex, sheets = text.rpartition("เอกสารแนบ ๔")
    assert row in table
    assert rule in sheets
    # The notes under the table say the same, but for what only a sheet has room for.
    assert f"ตัวชี้วัดที่ ๑.๑: {rule}" in table or rule in ("Σ(W×SM) ÷ ΣW", "ผ่าน หมายถึง ได้ใบรับรอง")


def test_a_list_left_from_another_kind_of_criteria_is_not_printed():
    sections = with_kind("superior", [None] * 5, items=["โครงการที่เลิกแล้ว"])
    assert "โครงการที่เลิกแล้ว" not in shown(sections, signed(sections))


def test_a_sheet_holds_everything_about_its_line():
    sections = sample_sections()
    sheet = shown(sections, signed(sections)).partition("ตัวชี้วัดที่ ๑.๓")[2].partition("ตัวชี้วัดที่ ๑.๔")[0]

    assert in_order(
        sheet,
        "ที่มา ตัวชี้วัดตามแผนปฏิบัติราชการ หน่วยวัด ร้อยละ",
        "มิติ มิติที่ ๑ ด้านประสิทธิผล น้ำหนัก ร้อยละ ๑๐.๐๐",
        "ประเด็นยุทธศาสตร์ ๑ ยกระดับ",
        "เป้าประสงค์ ๑.๑ ผู้รับบริการ",
        "กลยุทธ์ ๑.๒.๑",
        "คำอธิบาย ร้อยละของการแจ้งที่พักอาศัย",
        "นิยาม เวลามาตรฐาน หมายถึง",
        "สูตรการคำนวณ (A1 / B1) × ๑๐๐ A1 = จำนวนคำขอ",
        "เกณฑ์การให้คะแนน ระดับ ๑ ระดับ ๒ ระดับ ๓ ระดับ ๔ ระดับ ๕ ๙๐ ๙๒ ๙๔ ๙๕ ๙๗",
        "ผลงานปี ๒๕๖๗ ผลงานปี ๒๕๖๘ ผลงานปี ๒๕๖๙ เป้าหมาย ๒๕๗๐ ๙๑.๓๕ ๙๔.๘๐ ๙๕.๖๐ ๙๕",
        "เหตุผลของเป้าหมายที่ไม่สูงกว่าเดิม ปีที่ผ่านมามีงบประมาณจ้างเหมา",
        "เงื่อนไข ไม่นับคำขอที่ยื่น",
        "แหล่งข้อมูลและวิธีการจัดเก็บ ระบบสารสนเทศตรวจคนเข้าเมือง",
    )
    assert signed_text().count("เหตุผลของเป้าหมาย") == 1


def test_a_sheet_says_what_of_the_superiors_its_line_carries():
    sections = sample_sections()
    assert "ถ่ายทอดจาก" not in shown(sections, signed(sections))
    sections["lines"][2] |= {"carries_goal": "ผู้เดินทางได้รับบริการ 24 ชั่วโมง", "carries_indicator": "ร้อยละของผู้โดยสาร"}
    sheet = shown(sections, signed(sections)).partition("ตัวชี้วัดที่ ๑.๓")[2].partition("ตัวชี้วัดที่ ๑.๔")[0]
    superior = sections["agreement"]["superior_unit"]["name"]
    assert in_order(
        sheet,
        f"ถ่ายทอดจาก เป้าประสงค์ของ{superior}: ผู้เดินทางได้รับบริการ ๒๔ ชั่วโมง",
        f"ตัวชี้วัดของ{superior}: ร้อยละของผู้โดยสาร",
    )


def test_thai_digits_are_the_only_digits_but_for_codes_addresses_and_latin_names():
    left = re.findall(r"\S*[0-9]\S*", signed_text())

    hash_groups = {word for word in left if re.fullmatch("[0-9a-f]{4}", word)}
    assert set(left) - hash_groups == {
        "SHA-256",
        "(A1",
        "A1",
        "B1",
        "B1)",
        VERIFICATION_CODE,
        f"https://agreements.police.go.th/verify/{VERIFICATION_CODE}/",
        "https://www.immigration.go.th/stat/2570",
    }


def test_with_the_other_style_no_thai_digit_is_left_not_even_a_typed_one():
    sections = sample_sections()
    sections["lines"][0]["conditions"] = "ไม่นับวันที่ ๑๓–๑๕ เมษายน"

    text = shown(sections, signed(sections), thai_digits=False)

    assert not re.search("[๐-๙]", text)
    assert "ไม่นับวันที่ 13–15 เมษายน" in text
    assert "ประจำปีงบประมาณ พ.ศ. 2570" in text


def test_the_paper_is_thai_whatever_language_the_screen_speaks():
    sections = sample_sections()
    in_thai = to_html(sections, signed(sections))

    with translation.override("en"):
        assert to_html(sections, signed(sections)) == in_thai


def test_the_certificate_tells_content_hash_code_address_and_what_they_mean():
    sections = sample_sections()
    certificate = signed(sections)
    text = shown(sections, certificate)
    groups = re.findall("....", certificate["hash"])

    assert f"{' '.join(groups[:8])} {' '.join(groups[8:])}" in text
    assert in_order(
        text,
        "หน้ารับรองเอกสารอิเล็กทรอนิกส์",
        "พันตำรวจเอก ประสิทธิ์ ใจมั่น ผู้ทำคำรับรอง",
        "ตามคำสั่งที่ สตม. ๒๑๔/๒๕๖๙",
        "ยืนยันตัวตนด้วยรหัสผ่านในขณะลงนาม",
        "เหตุที่ลงนามเป็นคู่กัน: กองบังคับการที่ไม่สังกัด",
        f"รหัสตรวจสอบ {VERIFICATION_CODE}",
        "ไฟล์นี้ยังไม่มีลายมือชื่อดิจิทัลด้วยใบรับรองอิเล็กทรอนิกส์ (PKI)",
    )


def test_a_draft_is_marked_and_certifies_nothing():
    sections = sample_sections()
    page = to_html(sections, draft(sections))

    assert '<div class="watermark">ร่าง</div>' in page
    assert "ฉบับร่าง ยังไม่มีผลเป็นคำรับรอง" in page
    assert "คิวอาร์โค้ด" not in page
    assert "หน้ารับรองเอกสารอิเล็กทรอนิกส์" not in page
    assert "watermark" not in to_html(sections, signed(sections))


def test_a_draft_with_gaps_prints_dashes():
    sections = sample_sections()
    sections["superior_plan"] = None
    sections["plan"] |= {"vision": "", "mission": [], "issues": []}
    sections["lines"] = sections["lines"][:1]
    sections["lines"][0] |= {
        "dimension": "",
        "weight": "",
        "target": None,
        "past": [],
        "levels": ["78"],
        "level_texts": [],
        "explanation": "",
        "issue": "",
    }
    certificate = draft(sections) | {"hash": ""}

    text = shown(sections, certificate)

    assert "ยังไม่ได้ระบุมิติ ๐.๐๐" in text
    assert "ร้อยละ – – – – – ๗๘ – – – –" in text
    assert "คำอธิบาย –" in text
    assert "ยังไม่มีแผนปฏิบัติราชการของหน่วยงานนี้ในระบบ" in text


def test_no_element_carries_a_style_of_its_own():
    sections = sample_sections()

    assert " style=" not in to_html(sections, signed(sections))
