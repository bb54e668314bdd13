"""The table of what a result is made of, and the formula over its names, as people type them."""

import pytest
from django.http import QueryDict

from agreements.items_form import MOST_ROWS, ItemsForm, typed_formula

A = {"symbol": "A", "text": "แจ้งออนไลน์", "unit": "ครั้ง", "weight": ""}
B = {"symbol": "B", "text": "แจ้งทั้งหมด", "unit": "ครั้ง", "weight": ""}


def form(initial=None, **cells):
    data = QueryDict(mutable=True)
    data.update({name.replace("_", "-"): text for name, text in cells.items()})
    return ItemsForm(data, initial=initial or {})


def wrong(**cells):
    sent = form(**cells)
    assert not sent.is_valid()
    return " ".join(sent.errors.get("items", sent.errors.get("expression", [])))


def test_rows_are_kept_in_order_without_the_blank_ones():
    sent = form(
        expression=" A ÷ B ",
        **{"items-0-symbol": "A", "items-0-text": " แจ้งออนไลน์ ", "items-0-unit": "ครั้ง"},
        **{"items-2-symbol": "B", "items-2-text": "แจ้งทั้งหมด", "items-2-unit": "ครั้ง", "items-1-text": "  "},
    )
    assert sent.is_valid(), sent.errors
    assert sent.cleaned_data == {"expression": "A ÷ B", "items": [A, B]}


def test_what_was_kept_is_shown_with_blank_rows_after_it():
    shown = ItemsForm(initial={"items": [A, B]})
    rows = [[cell.value for cell in cells] for _number, cells in shown.item_rows]
    assert rows == [list(A.values()), list(B.values()), [""] * 4, [""] * 4]
    assert [number for number, _cells in shown.item_rows] == [1, 2, 3, 4]
    assert shown.item_names[:2] == ["A", "B"]
    assert len(ItemsForm().item_rows) == 3


def test_thai_digits_and_what_excel_copies_are_understood():
    sent = form(items="ก๑\tโครงการ\t\t๒๕.๕๐\nก2\tโครงการ 2\t\t1,000")
    assert sent.is_valid(), sent.errors
    assert [(item["symbol"], item["weight"]) for item in sent.cleaned_data["items"]] == [("ก1", "25.5"), ("ก2", "1000")]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"items-0-symbol": "A B"}, "แถวที่ 1"),
        ({"items-1-symbol": "2A", "items-0-symbol": "A"}, "แถวที่ 2"),
        ({"items-0-symbol": "max"}, "ชื่อฟังก์ชัน"),
        ({"items-0-symbol": "A", "items-1-symbol": "A"}, "ซ้ำกัน"),
        ({"items-0-text": "ก", "items-0-weight": "33,3"}, "33,3"),
        ({"items-0-text": "ก", "items-0-weight": "-5"}, "ไม่น้อยกว่า 0"),
        ({"items-0-text": "ก", "items-0-weight": "N/A"}, "N/A"),
        ({"items-0-text": "ก" * 501}, "ยาวเกินไป"),
        ({"items": "\n".join(f"ก{n}\tรายการ" for n in range(MOST_ROWS + 1))}, "ไม่เกิน 60 แถว"),
        ({"expression": "A ÷"}, "ขาดค่าหลัง"),
        ({"expression": "A ^ 2"}, "ยกกำลัง"),
        ({"expression": "A + " * 400 + "A"}, "ยาวเกินไป"),
    ],
)
def test_what_cannot_be_kept_is_said(cells, says):
    assert says in wrong(**cells)


def test_nothing_that_was_typed_is_lost_by_an_error():
    sent = form(**{"items-0-symbol": "A B", "items-0-text": "=1+1", "items-3-weight": "x"})
    assert not sent.is_valid()
    rows = [[cell.value for cell in cells] for _number, cells in sent.item_rows]
    assert rows[:4] == [["A B", "=1+1", "", ""], [""] * 4, [""] * 4, ["", "", "", "x"]]
    assert len(rows) == 6


def test_rows_that_are_far_away_or_strange_cost_nothing():
    sent = form(**{"items-99-text": "ไกล", "items-100-text": "ไม่มีแถวนี้", "items--1-text": "x", "items-0-pk": "7"})
    assert sent.is_valid(), sent.errors
    assert [item["text"] for item in sent.cleaned_data["items"]] == ["ไกล"]
    assert typed_formula(sent.data)[0] == ""


def test_only_what_changed_counts_as_changed():
    cells = {f"items-{place}-{name}": text for place, item in enumerate((A, B)) for name, text in item.items()}
    cells["initial-items"] = "\n".join("\t".join(item.values()) for item in (A, B))
    assert _changed(cells) == []
    assert _changed({**cells, "items-1-text": "ทุกช่องทาง"}) == ["items"]


def _changed(cells):
    sent = form({"items": [A, B]}, **cells)
    for field in sent.fields.values():
        field.show_hidden_initial = True
    return sent.changed_data
