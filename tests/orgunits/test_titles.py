"""Titles of heads, against a table written by hand."""

import pytest

from orgunits.authority import head_post


@pytest.mark.django_db
def test_heads_are_called_what_they_are_called(loaded, unit):
    expected = {
        "RTP": ("ผู้บัญชาการตำรวจแห่งชาติ", "ผบ.ตร."),
        "IMM": ("ผู้บัญชาการสำนักงานตรวจคนเข้าเมือง", "ผบช.สตม."),
        "IMM-D1": ("ผู้บังคับการตรวจคนเข้าเมือง 1", "ผบก.ตม.1"),
        "IMM-GS": ("ผู้บังคับการอำนวยการ สำนักงานตรวจคนเข้าเมือง", "ผบก.อก.สตม."),
        "IMM-TEC": ("ผู้บังคับการศูนย์เทคโนโลยีตรวจคนเข้าเมือง", "ผบก.ศท.ตม."),
        "IMM-D3-CHONBURI": ("ผู้กำกับการตรวจคนเข้าเมืองจังหวัดชลบุรี", "ผกก.ตม.จว.ชลบุรี"),
        "IMM-D6-SAMUI": ("หัวหน้าสำนักงานตรวจคนเข้าเมืองอำเภอเกาะสมุย", ""),
        "MPB": ("ผู้บัญชาการตำรวจนครบาล", "ผบช.น."),
        "MPB-D9": ("ผู้บังคับการตำรวจนครบาล 9", "ผบก.น.9"),
        "MPB-CWP": ("ผู้กำกับการสวัสดิภาพเด็กและสตรี", "ผกก.ดส."),
        "PP1": ("ผู้บัญชาการตำรวจภูธรภาค 1", "ผบช.ภ.1"),
        "PP1-NONTHABURI": ("ผู้บังคับการตำรวจภูธรจังหวัดนนทบุรี", "ผบก.ภ.จว.นนทบุรี"),
        "PP1-INV": ("ผู้บังคับการสืบสวนสอบสวน ตำรวจภูธรภาค 1", "ผบก.สส.ภ.1"),
        "PP1-TRN": ("ผู้บังคับการศูนย์ฝึกอบรม ตำรวจภูธรภาค 1", "ผบก.ศฝร.ภ.1"),
        "CIB-CSD": ("ผู้บังคับการปราบปราม", "ผบก.ป."),
        "OCG-DIS": ("ผู้บังคับการกองวินัย", "ผบก.วน."),
        "OCG-SEC": ("เลขานุการสำนักงานตำรวจแห่งชาติ", "ลก.ตร."),
        "OPS": ("ผู้บัญชาการสำนักงานยุทธศาสตร์ตำรวจ", "ผบช.สยศ.ตร."),
        "OPS-STAFF": ("ผู้กำกับการฝ่ายอำนวยการ สำนักงานยุทธศาสตร์ตำรวจ", "ผกก.ฝอ.สยศ.ตร."),
        "OIG": ("จเรตำรวจแห่งชาติ", "จตช."),
        "RPCA": ("ผู้บัญชาการโรงเรียนนายร้อยตำรวจ", "ผบช.รร.นรต."),
        "PGH": ("นายแพทย์ใหญ่โรงพยาบาลตำรวจ", "นายแพทย์ใหญ่ รพ.ตร."),
    }
    found = {code: head_post(unit(code)) for code in expected}
    assert {code: (post.title_th, post.abbr_th) for code, post in found.items()} == expected


@pytest.mark.django_db
def test_english_titles_name_the_unit_and_where_needed_its_command(loaded, unit):
    assert head_post(unit("IMM-D1")).title_en == "Commander, Immigration Division 1"
    assert head_post(unit("PP1-TRN")).title_en == "Commander, Training Center, Provincial Police Region 1"


@pytest.mark.django_db
def test_the_grouping_node_has_no_head_of_its_own(loaded, unit):
    assert head_post(unit("OCG")) is None
