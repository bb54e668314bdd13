"""The table of indicators as the place to work: cells, new lines pasted, copies, parts, balancing, two people at once."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.models import Line
from agreements.rules import missing, numbered_lines
from agreements.write import add_line, save_line
from tests.desk.asking import table_sent

D1 = "2570-IMM-D1"
QUERIES = 14  # as with six lines: tests/desk/test_query_counts.py


@pytest.fixture
def draft(world):
    return world.draft


@pytest.fixture
def by(world):
    return {"actor": world.people.staff, "at": world.at()}


def tree(draft):
    return [(each.number, each.is_leaf, str(each.weight)) for each in numbered_lines(draft)]


def line(draft, number):
    return next(each.line for each in numbered_lines(draft) if each.number == number)


def test_all_columns_are_saved_and_what_was_left_alone_stays_as_another_wrote_it(world, draft, by, send):
    one = line(draft, "1.1")
    page = table_sent(draft, **{f"name-{one.pk}": "ชื่อใหม่", f"target-{one.pk}": "๙๑.๕"})
    save_line(line(draft, "1.2"), {"name": "คนอื่นเขียน", "weight": Decimal(14)}, version=1, **by)
    answer = send(world.people.staff, "desk:weights", D1, **page)

    one.refresh_from_db()
    assert (answer.status_code, one.name, one.target) == (302, "ชื่อใหม่", Decimal("91.5"))
    assert line(draft, "1.2").name == "คนอื่นเขียน"


def test_two_on_one_cell_get_both_texts_and_the_choice_is_saved_at_once(world, draft, by, send):
    one = line(draft, "1.1")
    page = table_sent(draft, **{f"name-{one.pk}": "ของฉัน", f"name-{line(draft, '1.2').pk}": "อีกบรรทัด"})
    save_line(one, {"name": "ของเขา"}, version=1, **by)
    clash = send(world.people.staff, "desk:weights", D1, **page)
    [found] = clash.context["clashes"]
    assert (clash.status_code, found.theirs, found.mine) == (409, "ของเขา", "ของฉัน")

    kept = dict(clash.context["kept"]) | {clash.context["version_field"]: clash.context["version"]}
    send(world.people.staff, "desk:weights", D1, **kept, **{found.name: found.theirs_sent})
    assert [line(draft, number).name for number in ("1.1", "1.2")] == ["ของเขา", "อีกบรรทัด"]


def test_rows_pasted_from_excel_become_lines_and_a_bad_one_keeps_them_all_typed(world, draft, send, words):
    dimension = line(draft, "2.1").dimension
    good = "ร้อยละของคดี\tร้อยละ\t85.5\t5\nจำนวนสายตรวจ"
    send(world.people.staff, "desk:weights", D1, **table_sent(draft, **{f"new-{dimension.pk}": good}))
    made = line(draft, "2.2")
    assert (made.name, made.unit_of_measure, made.target, made.weight) == ("ร้อยละของคดี", "ร้อยละ", Decimal("85.5"), 5)
    assert line(draft, "2.3").name == "จำนวนสายตรวจ"

    bad = "ดี\tร้อยละ\nแย่\tร้อยละ\t85,5\t-1"
    answer = send(world.people.staff, "desk:weights", D1, **table_sent(draft, **{f"new-{dimension.pk}": bad}))
    assert (answer.status_code, bad in answer.content.decode()) == (422, True)
    assert "แถวที่ 2" in words(answer)
    assert len(numbered_lines(draft)) == 8


def test_a_line_is_copied_without_its_weight_made_a_part_and_stands_by_itself_again(world, draft, send):
    staff, one = world.people.staff, line(draft, "1.1")
    answer = send(staff, "desk:shift_line", D1, one.pk, "copy", **table_sent(draft, **{f"weight-{one.pk}": "34"}))
    copy = line(draft, "1.2")
    assert answer.url == reverse("desk:weights", args=[D1]) + f"#name-{copy.pk}"
    assert (copy.name, copy.definition, copy.weight, copy.came_from) == (one.name, one.definition, 0, None)

    send(staff, "desk:shift_line", D1, copy.pk, "in", **table_sent(draft))
    assert tree(draft)[:3] == [("1.1", False, "0.00"), ("1.1.1", True, "0.00"), ("1.2", True, "15.00")]
    send(staff, "desk:shift_line", D1, copy.pk, "out", **table_sent(draft))
    assert tree(draft)[:3] == [("1.1", True, "34.00"), ("1.2", True, "0.00"), ("1.3", True, "15.00")]


def test_weights_are_proposed_exact_within_each_dimension_and_saved_only_when_asked(world, draft, send):
    staff = world.people.staff
    ticked = {f"chosen-{line(draft, number).pk}": "1" for number in ("1.1", "1.2")}
    typed = {f"weight-{line(draft, '1.1').pk}": "10", f"weight-{line(draft, '1.2').pk}": "10"}
    shown = send(staff, "desk:weights", D1, **table_sent(draft, **ticked, **typed, balance="in_proportion"))
    proposed = {row.numbered.number: (row.cells[-1].value, row.cells[-1].was) for row in shown.context["form"].rows}
    assert (shown.status_code, proposed["1.1"], proposed["1.2"]) == (200, ("๒๕.๐๐", "๑๐.๐๐"), ("๒๕.๐๐", "๑๐.๐๐"))
    assert tree(draft)[0] == ("1.1", True, "35.00")

    sent = shown.context["form"].data.dict()
    sent.pop("balance")
    send(staff, "desk:weights", D1, **sent)
    assert [weight for _number, _leaf, weight in tree(draft)] == ["25.00", "25.00", "10.00", "15.00", "10.00", "15.00"]


def test_what_cannot_be_balanced_says_so_and_keeps_what_was_typed(world, draft, send, words):
    one, two = line(draft, "1.1"), line(draft, "1.2")
    typed = {f"weight-{two.pk}": "90", f"chosen-{one.pk}": "1", "balance": "evenly"}
    answer = send(world.people.staff, "desk:weights", D1, **table_sent(draft, **typed))

    assert (answer.status_code, answer.context["form"].rows[1].cells[-1].value) == (422, "90")
    assert "เฉลี่ยน้ำหนักไม่ได้" in words(answer)


def test_only_leaves_are_weighed_and_asked_for_what_is_measured(world, draft, by):
    whole = line(draft, "1.1")
    Line.objects.filter(pk=whole.pk).update(definition="", target=None, unit_of_measure="")
    part = add_line(draft, None, parent=whole, name="ส่วนที่หนึ่ง", **by)

    assert (part.weight, part.dimension) == (whole.weight, whole.dimension)
    wanting = [refusal for refusal in missing(draft, *by.values()) if "1.1" in str(refusal)]
    assert wanting
    assert all("1.1.1" in str(refusal) for refusal in wanting)
    assert not [refusal for refusal in missing(draft, *by.values()) if refusal.where == "weights"]
    add_line(draft, None, parent=whole, name="ส่วนที่สอง", weight=Decimal(1), **by)
    assert [refusal for refusal in missing(draft, *by.values()) if refusal.where == "weights"]


def test_a_thousand_indicators_can_still_be_worked_with(world, draft, client, send):
    first = line(draft, "1.1")
    made = [Line(agreement=draft, dimension=first.dimension, position=n, name=f"ตัวชี้วัด {n}") for n in range(10, 1010)]
    Line.objects.bulk_create(made)
    Line.objects.filter(pk__in=[each.pk for each in made[1::2]]).update(parent=made[0].pk)
    client.force_login(world.people.staff)
    address = reverse("desk:weights", args=[D1])
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address)

    assert len(asked) == QUERIES
    assert len(page.context["form"].rows) == 1006
    send(world.people.staff, "desk:weights", D1, **table_sent(draft, **{f"name-{made[500].pk}": "ที่ห้าร้อย"}))
    assert Line.objects.get(pk=made[500].pk).name == "ที่ห้าร้อย"


def test_a_cell_that_closed_meanwhile_tells_what_was_typed_there(world, draft, by, send, words):
    one = line(draft, "1.1")
    page = table_sent(draft, **{f"target-{one.pk}": "91.75", f"name-{one.pk}": "ชื่อใหม่"})
    add_line(draft, one.dimension, parent=one, name="ย่อย", **by)
    answer = send(world.people.staff, "desk:weights", D1, **page)

    assert (answer.status_code, line(draft, "1.1").name) == (422, one.name)
    assert "91.75" in words(answer)
