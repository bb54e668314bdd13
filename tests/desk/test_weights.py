"""All weights in one form, with their order."""

from decimal import Decimal

import pytest
from django.urls import reverse

from agreements.rules import numbered_lines
from agreements.write import save_line
from tests.desk.asking import table_sent

D1 = "2570-IMM-D1"


@pytest.fixture
def draft(world):
    return world.draft


@pytest.fixture
def lines(draft):
    return [each.line for each in numbered_lines(draft)]


def sent(draft, **changed):
    return table_sent(draft, **changed)


def weights(draft):
    return [str(each.line.weight) for each in numbered_lines(draft)]


def test_they_are_shown_with_two_decimals_and_what_each_dimension_has(world, draft, visit):
    page = visit(world.people.staff, "desk:weights", D1)

    assert [row.cells[-1].value for row in page.context["form"].rows][:2] == ["๓๕.๐๐", "๑๕.๐๐"]
    assert [(each.got, each.is_right) for each in page.context["dimensions"]] == [
        (60, True),
        (15, True),
        (10, True),
        (15, True),
    ]


def test_all_are_saved_at_once_in_either_digits(world, draft, lines, send):
    typed = {f"weight-{lines[0].pk}": "๓๐.๕", f"weight-{lines[1].pk}": "19.50"}
    answer = send(world.people.staff, "desk:weights", D1, **sent(draft, **typed))

    assert answer.url == reverse("desk:weights", args=[D1])
    assert weights(draft) == ["30.50", "19.50", "10.00", "15.00", "10.00", "15.00"]


def test_any_sum_may_be_saved_in_a_draft_and_the_bar_says_what_is_missing(world, draft, lines, visit, send, words):
    send(world.people.staff, "desk:weights", D1, **sent(draft, **{f"weight-{lines[0].pk}": "30"}))

    read = words(visit(world.people.staff, "desk:weights", D1))
    assert "95.00" in read
    assert "ขาด" in read


@pytest.mark.parametrize("typed", ["-1", "100.01", "สิบ", "NaN", "1e2", "12.345"])
def test_a_bad_weight_is_refused_at_its_field_and_the_rest_kept(world, draft, lines, send, typed):
    bad, good = f"weight-{lines[0].pk}", f"weight-{lines[1].pk}"
    answer = send(world.people.staff, "desk:weights", D1, **sent(draft, **{bad: typed, good: "20"}))

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, [bad])
    assert [row.cells[-1].value for row in form.rows][:2] == [typed, "20"]
    assert weights(draft)[1] == "15.00"


def test_a_foreign_line_is_refused_and_nothing_saved(world, draft, lines, send, words):
    other = world.walk("IMM-D2").agreement.lines.first()
    typed = {f"weight-{other.pk}": "99", f"weight-{lines[0].pk}": "30"}
    answer = send(world.people.staff, "desk:weights", D1, **sent(draft, **typed))

    assert answer.status_code == 422
    assert "ตัวชี้วัดที่ไม่อยู่" in words(answer)
    other.refresh_from_db()
    assert (str(other.weight), weights(draft)[0]) == ("35.00", "35.00")


def test_what_is_not_sent_stays(world, draft, send):
    send(world.people.staff, "desk:weights", D1)

    assert weights(draft) == ["35.00", "15.00", "10.00", "15.00", "10.00", "15.00"]


def test_moving_a_line_saves_the_weights_that_were_typed(world, draft, lines, send):
    typed = sent(draft, **{f"weight-{lines[0].pk}": "30"})
    send(world.people.staff, "desk:shift_line", D1, lines[1].pk, "up", **typed)

    assert [each.line for each in numbered_lines(draft)][:2] == [lines[1], lines[0]]
    assert weights(draft)[:2] == ["15.00", "30.00"]


def test_a_weight_that_somebody_else_changed_gives_both(world, draft, lines, send):
    page = sent(draft, **{f"weight-{lines[0].pk}": "30", f"weight-{lines[1].pk}": "20"})
    save_line(lines[0], {"weight": Decimal(25)}, version=1, actor=world.people.staff, at=world.at())
    clash = send(world.people.staff, "desk:weights", D1, **page)

    [one] = clash.context["clashes"]
    assert (clash.status_code, one.theirs, one.mine) == (409, "๒๕.๐๐", "๓๐.๐๐")
    assert weights(draft)[:2] == ["25.00", "15.00"]


def test_what_somebody_else_changed_and_this_page_left_alone_stays(world, draft, lines, send):
    page = sent(draft, **{f"weight-{lines[1].pk}": "20"})
    save_line(lines[0], {"weight": Decimal(25)}, version=1, actor=world.people.staff, at=world.at())
    send(world.people.staff, "desk:weights", D1, **page)

    assert weights(draft)[:2] == ["25.00", "20.00"]


@pytest.mark.parametrize("who", ["office", "head"])
def test_others_read_them_and_save_nothing(world, draft, visit, send, words, who):
    person = world.people.get(who)

    assert "เฉพาะเจ้าหน้าที่แผนของ บก.ตม.1" in words(visit(person, "desk:weights", D1))
    assert send(person, "desk:weights", D1, **sent(draft)).status_code == 403
