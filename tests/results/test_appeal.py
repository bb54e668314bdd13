"""The appeal: within the days, written by the unit, decided by a panel, frozen anew beside what was released."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from acts.engine import Refused, refusals
from acts.log import THE_SYSTEM
from acts.models import Entry
from agreements.freeze import thaw
from agreements.stages import Pen, Stage
from desk.demo.walk import Outcome
from fiscal.models import FiscalYear, Holiday
from results.appeal import save_objections
from results.appeal_rules import appeal_of, may_decide, may_object, may_read_objections, sees_decisions
from results.appeal_window import last_day, move_windows
from results.models import Appeal, Evaluation
from results.rules import may_see_scores
from tests.world import ON
from workflow.appeal_days import end_appeal_days
from workflow.due import day_due, due_on
from workflow.lifecycle import TABLE

EXTENSION = "จำนวนวันเฉลี่ยในการพิจารณาคำขออยู่ต่อในราชอาณาจักร"


@pytest.fixture
def walk(world):
    """Released: of 1.2 the evaluator found 20.1 days, the unit had reported 19.2."""
    walk = world.walk()
    walk.outcomes[EXTENSION] = Outcome(Decimal("19.2"), Decimal("20.1"), "ไม่นับคำขอที่ยื่นหลังวันที่ 15 กันยายน")
    walk.to(Stage.APPEAL, Pen.HEAD)
    return walk


def until(walk, day):
    Evaluation.objects.update(appeal_until=day)


def passed(walk):
    """The days to appeal have gone by, the last one yesterday."""
    until(walk, walk.diary.now.date() - timedelta(days=1))


def object_to(walk, number, text="ขอให้นับคำขอทั้งหมด", asked=None):
    line = next(each for each in appeal_of(walk.agreement).lines.all() if each.line_id == walk.line(number).pk)
    given = [(line, {"objection": text, "asked_value": asked}, line.version)]
    save_objections(appeal_of(walk.agreement), given, actor=walk.people.staff, at=walk.diary.soon())


def why_not(walk, name, person):
    return [str(each) for each in refusals(TABLE, walk.agreement, name, actor=person, at=walk.diary.now)]


def scores(walk):
    return [thaw(each) for each in walk.agreement.snapshots.filter(purpose="scores")]


# The days


def test_the_days_are_counted_from_the_release_and_moved_off_days_without_work(world):
    year = FiscalYear(appeal_days=15, moves_off_holidays=True)
    # 12 November 2027 and 15 days is Saturday the 27th; Monday the 29th is made a holiday.
    Holiday.objects.create(day=date(2027, 11, 29), name="วันหยุดพิเศษ")

    assert last_day(year, date(2027, 11, 12)) == date(2027, 11, 30)
    assert last_day(FiscalYear(appeal_days=15, moves_off_holidays=False), date(2027, 11, 12)) == date(2027, 11, 27)


def test_a_day_that_becomes_a_holiday_moves_on_and_never_back(world, walk):
    until(walk, date(2027, 11, 26))
    holiday = Holiday.objects.create(day=date(2027, 11, 26), name="วันหยุดพิเศษ")

    assert [each.appeal_until for each in move_windows(world.year)] == [date(2027, 11, 29)]
    holiday.delete()
    assert move_windows(world.year) == []


def test_until_when_is_what_lists_and_calendars_read(walk):
    day = walk.diary.now.date() + timedelta(days=3)
    until(walk, day)

    assert due_on(walk.agreement, on=ON) == day
    assert type(walk.agreement).objects.annotate(day=day_due(ON)).get().day == day


def test_too_late_is_refused_with_the_date(walk):
    object_to(walk, "1.2")
    passed(walk)

    (sentence,) = why_not(walk, "lodge_appeal", walk.people.head)
    assert sentence.startswith("พ้นกำหนดอุทธรณ์แล้ว วันสุดท้ายคือวันที่")
    with pytest.raises(Refused):
        object_to(walk, "1.1")


def test_before_the_release_there_is_nothing_to_appeal_against(world):
    agreement = world.agreement(Stage.EVALUATION, Pen.SUPERIOR)

    assert appeal_of(agreement) is None
    assert "เรื่องนี้อยู่ในขั้น" in str(refusals(TABLE, agreement, "lodge_appeal", actor=world.people.head, at=world.at())[0])


def test_on_the_last_day_the_unit_still_appeals_and_the_superior_cannot_close_yet(walk):
    object_to(walk, "1.2")
    until(walk, walk.diary.now.date())

    assert why_not(walk, "lodge_appeal", walk.people.head) == []
    assert "อุทธรณ์ได้ถึงวันที่" in why_not(walk, "close", walk.people.superior)[0]


def test_once_the_days_are_over_it_is_the_superiors_turn_to_close(walk):
    assert end_appeal_days(at=walk.diary.now) == []
    passed(walk)

    (ended,) = end_appeal_days(at=walk.diary.now)
    assert (ended.stage, ended.pen) == (Stage.APPEAL, Pen.SUPERIOR)
    assert end_appeal_days(at=walk.diary.now) == []
    walk.agreement = ended
    walk.close()
    assert (walk.agreement.stage, len(scores(walk))) == (Stage.CLOSED, 1)


def test_the_superior_closes_also_where_nobody_looked_after_the_days(walk):
    passed(walk)

    walk.close()

    assert walk.agreement.stage == Stage.CLOSED


def test_nobody_but_the_system_lets_the_days_end(walk):
    passed(walk)

    assert "เกิดขึ้นเอง" in why_not(walk, "end_appeal_days", walk.people.superior)[0]
    assert why_not(walk, "end_appeal_days", THE_SYSTEM) == []


def test_the_head_accepts_and_the_scores_stand_as_released(walk):
    walk.accept_scores()

    assert walk.agreement.stage == Stage.CLOSED
    assert [each["total"]["score"] for each in scores(walk)] == ["4.3617"]


# Who writes, who reads


def test_the_unit_sees_its_scores_from_the_release_on(walk):
    assert may_see_scores(walk.agreement, walk.people.staff, walk.diary.now) is None


@pytest.mark.parametrize(
    ("name", "may"), [("staff", True), ("office", True), ("head", True), ("evaluator", False), ("neighbour", False)]
)
def test_who_writes_objections(world, walk, name, may):
    refusal = may_object(appeal_of(walk.agreement), world.people.get(name), walk.diary.now)

    assert (refusal is None) == may


def test_an_objection_is_the_units_own_until_it_is_lodged(walk):
    object_to(walk, "1.2")
    evaluator, at = walk.people.evaluator, walk.diary.now
    assert "ยังไม่ได้ยื่นอุทธรณ์" in str(may_read_objections(walk.agreement, evaluator, at))
    assert may_read_objections(walk.agreement, walk.people.staff, at) is None

    walk.move("lodge_appeal", walk.people.head)

    assert may_read_objections(walk.agreement, evaluator, walk.diary.now) is None


def test_what_was_lodged_is_not_changed_any_more(walk):
    object_to(walk, "1.2")
    walk.move("lodge_appeal", walk.people.head)

    with pytest.raises(Refused):
        object_to(walk, "1.1")


def test_the_panels_decisions_are_written_by_the_evaluator_and_seen_by_the_unit_once_closed(walk):
    walk.lodge_appeal()
    found = appeal_of(walk.agreement)
    assert may_decide(found, walk.people.staff, walk.diary.now) is not None
    assert may_decide(found, walk.people.evaluator, walk.diary.now) is None
    walk.decide_appeal()
    assert not sees_decisions(walk.agreement, walk.people.staff, walk.diary.now)
    assert sees_decisions(walk.agreement, walk.people.superior, walk.diary.now)

    walk.close()

    assert sees_decisions(walk.agreement, walk.people.staff, walk.diary.now)


def test_an_appeal_needs_an_objection_and_a_result_asked_for_its_reason(walk):
    assert "ยังไม่มีตัวชี้วัดใดที่คัดค้าน" in why_not(walk, "lodge_appeal", walk.people.head)[0]
    object_to(walk, "1.2", text="", asked=Decimal(19))

    assert any("1.2" in sentence for sentence in why_not(walk, "lodge_appeal", walk.people.head))


# The decision


def decided(walk, decision, value, reason="คณะกรรมการเห็นว่าหลักฐานครบถ้วน"):
    object_to(walk, "1.2", asked=Decimal("19.2"))
    walk.move("lodge_appeal", walk.people.head)
    walk.decide_objections(decision, value)
    walk.move("decide_appeal", walk.people.evaluator)
    walk.close()


def test_a_changed_score_is_frozen_anew_and_the_first_one_remains(walk):
    decided(walk, "changed", Decimal("19.2"))

    first, last = scores(walk)
    # 4 + (21 − 20.1) ÷ 3, and 4 + (21 − 19.2) ÷ 3: 15 × 0.3 ÷ 100 more
    assert (first["total"]["score"], last["total"]["score"]) == ("4.3617", "4.4067")
    line = next(each for each in last["lines"] if each["number"] == "1.2")
    assert line["evaluator"]["score"] == "4.6000"
    (objection,) = last["appeal"]["lines"]
    assert (objection["first"]["score"], objection["decision"], objection["decided_value"]) == (
        "4.3000",
        "changed",
        "19.2000",
    )
    assert last["appeal"]["first_total"]["score"] == "4.3617"
    assert last["appeal"]["order_number"] == "สตม. 310/2570"
    assert Appeal.objects.get().stage == Appeal.Stage.SETTLED


def test_a_score_that_is_kept_is_frozen_with_the_reason(walk):
    decided(walk, "kept", None)

    first, last = scores(walk)
    assert first["total"]["score"] == last["total"]["score"] == "4.3617"
    assert last["appeal"]["lines"][0]["reason"]


def test_an_undecided_objection_keeps_the_decision_from_going_on(walk):
    walk.lodge_appeal()

    sentences = why_not(walk, "decide_appeal", walk.people.evaluator)
    assert sentences[0].startswith("ระบุรายชื่อคณะกรรมการ")
    assert "ยังไม่มีคำวินิจฉัย" in sentences[1]


def test_a_changed_score_needs_a_result_that_can_be_scored(walk):
    walk.lodge_appeal()
    walk.decide_objections("changed", None)

    assert "ระบุผลตามคำวินิจฉัย" in why_not(walk, "decide_appeal", walk.people.evaluator)[0]


def test_the_head_withdraws_until_it_is_closed_and_may_lodge_again_within_the_days(walk):
    walk.lodge_appeal()
    walk.move("withdraw_appeal", walk.people.head, reason="ตกลงกันได้แล้ว")
    assert (walk.agreement.pen, Appeal.objects.get().stage) == (Pen.HEAD, Appeal.Stage.DRAFT)

    walk.move("lodge_appeal", walk.people.head)

    assert walk.agreement.pen == Pen.EVALUATOR


def test_nothing_is_withdrawn_where_nothing_was_lodged(walk):
    passed(walk)
    (walk.agreement,) = end_appeal_days(at=walk.diary.now)

    assert "ยังไม่ได้ยื่นอุทธรณ์" in why_not(walk, "withdraw_appeal", walk.people.head)[0]
    assert "ยังไม่ได้ยื่นอุทธรณ์" in why_not(walk, "return_decision", walk.people.superior)[0]


def test_the_hash_of_closing_is_that_of_what_is_frozen(walk):
    decided(walk, "changed", Decimal("19.2"))

    last = walk.agreement.snapshots.filter(purpose="scores").last()
    assert Entry.objects.filter(act="agreement.close").exists()
    assert last.sha256 != walk.agreement.snapshots.filter(purpose="scores").first().sha256
