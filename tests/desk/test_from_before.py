"""A round begins with the words of the one before it; a figure that changed against it is marked."""

from decimal import Decimal

import pytest
from django.urls import reverse

from agreements.stages import Pen, Stage
from results.from_before import NOTHING_BEFORE, Before, before, begin_next_from
from results.models import Result
from results.rules import current_report
from results.scores import report_card
from results.write import save_result
from tests.results.three_lines import RESULTS, walk_of_three
from tests.world import ON

D1 = "2570-IMM-D1"
STORY = {"narrative": "ตั้งช่องตรวจ ๔ ช่อง", "factors": "กำลังพลครบ", "obstacles": "", "remedies": "จัดเวร"}


@pytest.fixture
def walk(world):
    """The three lines in the first of two rounds, its first line told."""
    walk = walk_of_three(world, rounds=2)
    walk.to(Stage.ASSESSMENT, Pen.STAFF)
    return walk


def rows(walk):
    return report_card(current_report(walk.agreement, on=ON)).rows


def write(walk, values):
    for row in rows(walk):
        changes = {"value": Decimal(values[row.line.number])}
        changes |= STORY if row.line.number == "1.1" else {}
        save_result(row.result, changes, version=row.result.version, actor=walk.people.staff, at=walk.diary.soon())


def accepted(walk):
    write(walk, RESULTS)
    walk.hand_to_office()
    walk.send_report()
    walk.accept_report()
    return rows(walk)[0].result


def test_the_next_round_begins_with_the_words_and_without_the_figures(walk):
    first = accepted(walk)
    assert {name: getattr(first, name) for name in STORY} == STORY
    assert (first.value, first.inputs, first.expected) == (None, {}, None)


def test_before_the_round_is_accepted_nothing_is_copied(walk):
    write(walk, RESULTS)
    walk.hand_to_office()
    walk.send_report()
    later = walk.agreement.reports.get(round__position=3)
    assert not later.results.exclude(narrative="").exists()


def test_what_was_typed_in_the_next_round_already_is_not_written_over(walk):
    write(walk, RESULTS)
    later = Result.objects.filter(report__round__position=3, line=rows(walk)[0].line.key)
    later.update(narrative="พิมพ์ไว้แล้ว")
    walk.hand_to_office()
    walk.send_report()
    walk.accept_report()
    assert later.values_list("narrative", "factors").get() == ("พิมพ์ไว้แล้ว", "กำลังพลครบ")


def test_words_emptied_on_purpose_are_not_brought_back_by_asking_again(walk):
    first = accepted(walk)
    first_round = walk.agreement.reports.get(round__position=1)
    save_result(
        first, dict.fromkeys(STORY, "ใหม่"), version=first.version, actor=walk.people.staff, at=walk.diary.soon()
    )
    begin_next_from(first_round)
    first.refresh_from_db()
    assert first.narrative == "ใหม่"


def test_the_last_round_begins_nothing(walk):
    begin_next_from(walk.agreement.reports.get(round__position=3))


def test_a_first_round_has_nothing_before_it(walk):
    assert before(current_report(walk.agreement, on=ON)) == {}
    assert not NOTHING_BEFORE.differs(Decimal(1))


@pytest.mark.parametrize(
    ("was", "now", "differs"),
    [
        ("82.5", "85.1", True),
        ("82.5", "82.5000", False),
        (None, "85.1", False),
        ("82.5", None, False),
        ("0", "1", True),
    ],
)
def test_a_figure_is_marked_only_where_both_rounds_have_one_and_they_differ(was, now, differs):
    earlier = Before("รอบ 6 เดือน", None if was is None else Decimal(was))
    assert earlier.differs(None if now is None else Decimal(now)) is differs


def test_changed_figures_are_marked_on_the_card_and_on_the_result(walk, visit, words, world):
    accepted(walk)
    write(walk, RESULTS | {"1.1": "87.5"})
    key = rows(walk)[0].line.key

    card, result = visit(world.people.staff, "desk:report", D1, 3), visit(world.people.staff, "desk:result", D1, 3, key)

    assert words(card).count("รอบก่อน") == 1
    assert "รอบก่อน 86.02 → ขณะนี้ 87.5" in words(card)
    assert "รอบก่อน 86.02 → ขณะนี้ 87.5" in words(result)


def test_the_form_says_which_words_are_still_those_of_the_round_before(walk, visit, words, world):
    first = accepted(walk)
    page = words(visit(world.people.staff, "desk:result", D1, 3, first.line_id))
    assert "ข้อความเหล่านี้ตั้งต้นจากที่เขียนไว้ในรอบ 6 เดือน" in page
    save_result(
        first, dict.fromkeys(STORY, "ใหม่"), version=first.version, actor=walk.people.staff, at=walk.diary.soon()
    )
    assert "ตั้งต้นจากที่เขียนไว้ใน" not in words(visit(world.people.staff, "desk:result", D1, 3, first.line_id))


def test_what_is_expected_is_asked_before_the_last_round_and_not_in_it(walk, visit, send, world):
    first = rows(walk)[0].result
    sent = {"value": "86", "expected": "๙๐.๕", "outlook": "คาดว่าจะถึงเป้าหมาย", "version": first.version}
    assert send(world.people.staff, "desk:result", D1, 1, first.line_id, **sent).status_code == 302
    first.refresh_from_db()
    assert (first.expected, first.outlook) == (Decimal("90.5"), "คาดว่าจะถึงเป้าหมาย")

    last = accepted(walk)
    assert 'name="expected"' not in visit(world.people.staff, "desk:result", D1, 3, last.line_id).content.decode()
    sent |= {"version": last.version}
    send(world.people.staff, "desk:result", D1, 3, last.line_id, **sent)
    last.refresh_from_db()
    assert last.expected is None


def test_an_expectation_that_no_step_is_stays_on_the_page(walk, send, world):
    steps = rows(walk)[2].result
    sent = {"expected": "2.5", "outlook": "ทัน", "version": steps.version}
    answer = send(world.people.staff, "desk:result", D1, 1, steps.line_id, **sent)
    assert answer.status_code == 422
    assert reverse("desk:result", args=[D1, 1, steps.line_id]) in answer.content.decode()
