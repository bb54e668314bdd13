"""What differs between two texts, and between two snapshots, as people read it."""

import copy
import time

import pytest

from agreements.freeze import LINE_TEXTS, sections
from agreements.redline import Piece, differences, pieces

MARKS = {"same": "{}", "del": "[-{}-]", "ins": "[+{}+]"}


def marked(before, after):
    return "".join(MARKS[piece.op].format(piece.text) for piece in pieces(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("ภายใน 18 วัน", "ภายใน 15 วัน", "ภายใน [-18-][+15+] วัน"),
        ("นับ ณ ช่องตรวจ", "นับ ณ ทุกช่องตรวจ", "นับ ณ [+ทุก+]ช่องตรวจ"),
        ("ผู้ตอบแบบสอบถามทุกจุด", "ผู้ตอบแบบสอบถามช่องขาเข้า", "ผู้ตอบแบบสอบถาม[-ทุกจุด-][+ช่องขาเข้า+]"),
        ("", "ใหม่", "[+ใหม่+]"),
        ("เดิม", "", "[-เดิม-]"),
        ("เดิม", "เดิม", "เดิม"),
        ("a\nb", "a\nc", "a\n[-b-][+c+]"),
    ],
)
def test_only_what_changed_is_marked(before, after, shown):
    assert marked(before, after) == shown


@pytest.mark.parametrize(
    ("before", "after"),
    [("น้ำหนัก", "น้ำมัน"), ("ผู้กำกับ", "ผู้บังคับ"), ("สถานีตำรวจ (ศูนย์)", "สำนักงานตรวจคนเข้าเมือง")],
)
def test_letters_that_two_words_share_by_chance_are_no_agreement(before, after):
    assert pieces(before, after) == [Piece("del", before), Piece("ins", after)]


def test_a_mark_is_never_torn_from_its_consonant():
    for piece in pieces("ปีที่แล้ว ผู้ตรวจกำกับที่ด่าน", "ปีที่แล้ว ผู้ตรวจกำกั้นที่ด่าน"):
        assert piece.text[0] not in "ะัาำิีึืุู็่้๊๋์"


def test_both_texts_can_be_read_out_of_the_pieces():
    before, after = "ระบบสารสนเทศสถานีตำรวจ (CRIMES) และสมุดคุมคดี", "ระบบสารสนเทศของหน่วย ประมวลผลเป็นรายเดือน"
    found = pieces(before, after)

    assert "".join(piece.text for piece in found if piece.op != "ins") == before
    assert "".join(piece.text for piece in found if piece.op != "del") == after


def test_the_ends_of_bands_and_what_is_averaged_are_compared_and_older_snapshots_have_none():
    old = dict.fromkeys((*LINE_TEXTS, "issue", "goal", "strategy", "dimension", "number", "weight"), "")
    old |= {"key": 1, "kind": "quantitative", "source": "plan", "target": None}
    old |= {"past": [{"value": None}] * 3, "levels": ["60"] * 5, "level_texts": [""] * 5}
    bands = old | {"kind": "bands", "levels": [None, "65"], "level_texts": ["", ""], "uppers": ["64", None]}
    averaged = old | {"kind": "units", "averages": "of_scores"}

    def changed(before, after):
        whole = {"parties": {"receivers": [], "makers": []}, "plan": {"vision": "", "mission": [], "issues": []}}
        return {each.field for each in differences(whole | {"lines": [before]}, whole | {"lines": [after]})}

    assert changed(old, bands) == {"kind", "upper_1", "level_1", "level_2", "level_3", "level_4", "level_5"}
    assert changed(old, averaged) == {"kind", "averages"}
    assert changed(old, old) == set()


def test_a_long_text_is_compared_by_its_phrases():
    before = " ".join(f"ข้อ {n} ผู้รับบริการ ณ ช่องตรวจที่{n}" for n in range(60))
    after = before.replace("ช่องตรวจที่30", "จุดบริการที่30")

    assert [piece for piece in pieces(before, after) if piece.op != "same"] == [
        Piece("del", "ช่องตรวจที่30"),
        Piece("ins", "จุดบริการที่30"),
    ]


def test_the_longest_texts_cost_no_time():
    before, after = ("ก ข " * 5000, "ข ค " * 5000)

    began = time.monotonic()
    assert pieces(before, after) == [Piece("del", before), Piece("ins", after)]
    assert time.monotonic() - began < 2


# Two snapshots


@pytest.fixture
def before(world):
    return sections(world.draft)


@pytest.fixture
def after(before):
    return copy.deepcopy(before)


def said(before, after):
    return [(each.number, each.label, each.was, each.now) for each in differences(before, after)]


def test_equal_snapshots_do_not_differ(before, after):
    assert said(before, after) == []


def test_a_changed_figure_and_text_are_named_with_both_values(before, after):
    line = after["lines"][0]
    was = line["weight"], line["definition"]
    line |= {"weight": "12.50", "definition": "นิยามใหม่"}

    assert said(before, after) == [
        (line["number"], "นิยาม", was[1], "นิยามใหม่"),
        (line["number"], "น้ำหนัก (ร้อยละ)", was[0], "12.50"),
    ]


def test_a_changed_level_is_named_by_its_number(before, after):
    line = next(line for line in after["lines"] if line["kind"] == "quantitative")
    was = line["levels"][4]
    line["levels"][4] = "99"

    assert said(before, after) == [(line["number"], "ระดับ 5", was, "99")]


def test_a_choice_is_named_by_its_label(before, after):
    line = after["lines"][0]
    line["source"] = "mission" if line["source"] != "mission" else "plan"

    [(_number, label, _was, now)] = said(before, after)
    assert (label, now) in {("ที่มาของตัวชี้วัด", "ตามพันธกิจ"), ("ที่มาของตัวชี้วัด", "ตามแผน")}


def test_a_line_added_and_one_removed_are_told_as_such(before, after):
    gone = after["lines"].pop(0)
    new = copy.deepcopy(after["lines"][-1]) | {"key": 999, "number": "9.9", "name": "ตัวชี้วัดใหม่"}
    after["lines"].append(new)

    found = said(before, after)
    assert ("9.9", "เพิ่ม", "", "ตัวชี้วัดใหม่") in found
    assert (gone["number"], "ตัดออก", gone["name"], "") in found


def test_a_line_that_only_moved_is_still_the_same_line(before, after):
    after["lines"].reverse()

    assert said(before, after) == []


def test_the_plans_parts_are_compared_as_outlines(before, after):
    after["plan"]["vision"] = "วิสัยทัศน์ใหม่"
    after["plan"]["issues"][0]["goals"][0]["text"] = "เป้าประสงค์ใหม่"

    labels = {label: now for _number, label, _was, now in said(before, after)}
    assert labels["แผนปฏิบัติราชการ: วิสัยทัศน์"] == "วิสัยทัศน์ใหม่"
    assert "1.1 เป้าประสงค์ใหม่" in labels["แผนปฏิบัติราชการ: ประเด็นยุทธศาสตร์"]
