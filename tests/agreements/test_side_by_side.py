"""The difference of two snapshots laid out for reading: texts with their words marked, levels and weights as tables."""

import copy

import pytest

from agreements.freeze import sections
from agreements.redline import Piece
from agreements.side_by_side import side_by_side


@pytest.fixture
def before(world):
    return sections(world.draft)


@pytest.fixture
def after(before):
    return copy.deepcopy(before)


def test_equal_snapshots_show_nothing(before, after):
    found = side_by_side(before, after)

    assert (found.parts, found.weights, found.count) == ([], [], 0)


def test_weights_are_told_of_every_indicator_with_their_sums_as_soon_as_one_differs(before, after):
    after["lines"][0]["weight"], after["lines"][-1]["weight"] = "30.00", "15.50"
    gone = after["lines"].pop(1)
    new = copy.deepcopy(gone) | {"key": 999, "number": "10.1", "name": "ใหม่", "weight": "2.00"}
    after["lines"].append(new)

    rows = [(row.number, row.was, row.now, row.change) for row in side_by_side(before, after).weights]
    assert rows == [
        ("1.1", "35.00", "30.00", "−5.00"),
        ("1.2", "15.00", "–", "−15.00"),
        ("1.3", "10.00", "10.00", ""),
        ("2.1", "15.00", "15.00", ""),
        ("3.1", "10.00", "10.00", ""),
        ("4.1", "15.00", "15.50", "+0.50"),
        ("10.1", "–", "2.00", "+2.00"),
        ("", "100.00", "82.50", "−17.50"),
    ]


def test_changed_levels_stand_in_one_table_and_not_again_as_fields(before, after):
    line = next(line for line in after["lines"] if line["kind"] == "quantitative")
    was = line["levels"][4]
    line["levels"][4] = "99.5"

    line["weight"] = "1.00"  # stands in the table of weights

    [part] = side_by_side(before, after).parts
    assert (part.number, part.rows) == (line["number"], [])
    assert [level.differs for level in part.levels] == [False, False, False, False, True]
    assert (part.levels[4].was, part.levels[4].now) == (was, "99.5")


def test_a_wording_is_marked_in_one_text_and_side_by_side(before, after):
    before["lines"][0]["definition"] = "นับ ณ ช่องตรวจผู้โดยสารขาเข้า ภายใน 18 วัน"
    after["lines"][0]["definition"] = "นับ ณ ช่องตรวจผู้โดยสารขาเข้า ภายใน 15 วัน"

    [part] = side_by_side(before, after).parts
    [row] = part.rows
    assert [piece for piece in row.pieces if piece.op != "same"] == [Piece("del", "18"), Piece("ins", "15")]
    assert "".join(piece.text for piece in row.was_pieces) == row.was
    assert "".join(piece.text for piece in row.now_pieces) == row.now


def test_an_indicator_put_in_or_taken_out_is_told_as_such(before, after):
    gone = after["lines"].pop()
    after["lines"].append(copy.deepcopy(gone) | {"key": 999, "number": "9.9", "name": "ใหม่"})

    marks = {(part.number, part.mark) for part in side_by_side(before, after).parts}
    assert marks == {("9.9", "added"), (gone["number"], "removed")}


@pytest.mark.parametrize(
    ("change", "label", "was", "now"),
    [
        (lambda all: all["agreement"].update(starts_on="2026-11-01"), "ระยะเวลาของคำรับรอง", "1 ตุลาคม 2569", "1 พฤศจิกายน 2569"),
        (lambda all: all["framework"].update(floor="0"), "กรอบการประเมินผล: คะแนนเมื่อต่ำกว่าระดับ 1", "1", "0"),
        (lambda all: all.update(wording={"clauses": {"closing": "ลงนามไว้"}}), "ข้อ 6", "จึงได้ลงลายมือชื่อ", "ลงนามไว้"),
        (lambda all: all["lines"][0].update(questions={"develops": "บริการ"}), "พัฒนาอะไร", "", "บริการ"),
        (lambda all: all["rule"]["annexes"].append({"kind": "x", "title": "แผนของกองบัญชาการ"}), "เอกสารแนบท้าย", "", "แผนของกองบัญชาการ"),
    ],
)  # fmt: skip
def test_what_stands_around_the_indicators_is_compared_too(before, after, change, label, was, now):
    for content in (before, after):
        for line in content["lines"]:
            line.pop("questions", None)
    change(after)

    [part] = side_by_side(before, after).parts
    [row] = part.rows
    assert label in row.label
    assert was in row.was
    assert now in row.now


def test_what_an_older_snapshot_does_not_say_of_its_framework_is_no_change(before, after):
    for name in ("scale", "cap", "places", "denominator", "fail"):
        del before["framework"][name]

    assert side_by_side(before, after).count == 0
