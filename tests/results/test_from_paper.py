"""A report entered by an evaluator from the unit's paper: who may write when, how it begins and ends, what is said of it."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from openpyxl import load_workbook

from acts import engine
from acts.engine import Conflict, Refused, move, refusals
from acts.models import Entry
from agreements.models import Agreement
from agreements.stages import Pen, Stage
from desk.demo.evidence import evidence_file
from orgunits.grants import grant
from orgunits.roles import Role
from results import sar, workbook
from results.from_paper import in_hand, sentences_of
from results.models import PaperEntry, Report, ReportingRound
from results.oversee import give_verdict
from results.rules import current_report, may_report, may_report_line
from results.scores import report_card
from results.write import add_evidence, save_result
from tests.agreements.pdf_reading import text_of
from tests.results.naming import name_people
from tests.results.three_lines import RESULTS, three_lines, walk_of_three
from tests.workflow.test_many_at_once import making
from tests.world import ON
from workflow.lifecycle import TABLE

PAPER = {"document_number": "ตม.1 0029.12/881", "document_date": date(2026, 9, 1)}
WHY = "ระบบของหน่วยขัดข้อง"
SAID = "บันทึกโดยผู้ประเมิน พ.ต.ต. วิชัย ตั้งตรง จากเอกสาร ตม.1 0029.12/881 ลงวันที่ 1 ก.ย. 2569 ของหน่วย"


@pytest.fixture(autouse=True)
def in_thai():
    with translation.override("th"):
        yield


def again(agreement):
    return Agreement.objects.for_detail().get(pk=agreement.pk)


def go(agreement, name, actor, at, **facts):
    move(TABLE, agreement, name, actor=actor, at=at, version=again(agreement).version, **facts)
    return again(agreement)


def take(world, agreement, who=None, at=None, **more):
    return go(
        agreement,
        "take_from_paper",
        who or world.people.evaluator,
        at or world.at(),
        **{"paper": PAPER, "reason": WHY} | more,
    )


def current(agreement):
    return current_report(agreement, on=ON)


def write(report, actor, at, value="86.02"):
    row = report_card(report).rows[0]
    save_result(row.result, {"value": Decimal(value)}, version=row.result.version, actor=actor, at=at)


# Who, in which stage, with which pen

EVERYBODY = ("staff", "office", "head", "negotiator", "superior", "evaluator", "planner", "auditor", "neighbour")


@pytest.mark.parametrize(
    ("pen", "taken", "writers"),
    [("staff", False, {"staff"}), ("office", False, set()), ("staff", True, {"evaluator"})],
)
def test_the_report_is_written_by_one_side_at_a_time(world, pen, taken, writers):
    agreement = three_lines(world, pen=pen)
    if taken:
        agreement = take(world, agreement)
    report = current(agreement)
    result = report.results.first()

    assert {who for who in EVERYBODY if may_report(report, world.people.get(who), world.at()) is None} == writers
    assert {who for who in EVERYBODY if may_report_line(result, world.people.get(who), world.at()) is None} == writers


@pytest.mark.parametrize(("stage", "pen"), [("assessment", "office"), ("assessment", "head"), ("evaluation", None)])
def test_it_is_taken_in_only_while_the_units_staff_have_it(world, stage, pen):
    agreement = world.agreement(stage, pen)
    with pytest.raises(Refused):
        take(world, agreement)
    assert not PaperEntry.objects.exists()


@pytest.mark.parametrize("who", [each for each in EVERYBODY if each != "evaluator"])
def test_nobody_but_an_evaluator_of_the_counterpart_takes_it_in(world, who):
    with pytest.raises(Refused, match="เฉพาะผู้ประเมิน"):
        take(world, three_lines(world), world.people.get(who))
    assert not PaperEntry.objects.exists()


def test_an_evaluator_who_serves_in_the_unit_is_told_so_and_writes_nothing(world):
    agreement, evaluator = three_lines(world), world.people.evaluator
    grant(evaluator, Role.AUDITOR, world.unit("IMM-D1"), by=world.people.administrator, at=world.at())
    with pytest.raises(Refused, match="ท่านสังกัด บก.ตม.1 เอง"):
        take(world, agreement, type(evaluator).objects.get(pk=evaluator.pk))
    assert not PaperEntry.objects.exists()


def test_an_evaluator_who_comes_to_serve_in_the_unit_meanwhile_writes_no_more(world):
    agreement = take(world, three_lines(world))
    evaluator = world.people.evaluator
    grant(evaluator, Role.AUDITOR, world.unit("IMM-D1"), by=world.people.administrator, at=world.at())
    fresh = type(evaluator).objects.get(pk=evaluator.pk)
    assert may_report(current(agreement), fresh, world.at())
    with pytest.raises(Refused, match="ท่านสังกัด บก.ตม.1 เอง"):
        go(agreement, "send_from_paper", fresh, world.at())


@pytest.mark.parametrize(
    ("paper", "where"),
    [
        ({}, ["#id_document_number", "#id_document_date"]),
        (PAPER | {"document_number": "  "}, ["#id_document_number"]),
        (PAPER | {"document_date": date(2570, 1, 1)}, ["#id_document_date"]),
    ],
)
def test_without_its_paper_nothing_is_taken_in(world, paper, where):
    agreement = three_lines(world)
    with pytest.raises(Refused) as refused:
        take(world, agreement, paper=paper)
    assert [each.where for each in refused.value.refusals] == where
    assert refused.value.incomplete
    assert (again(agreement).pen, PaperEntry.objects.count()) == (Pen.STAFF, 0)


def test_without_a_reason_nothing_is_taken_in(world):
    with pytest.raises(Refused, match="โปรดระบุเหตุผล"):
        take(world, three_lines(world), reason="  ")


# Both ways


def test_who_of_the_unit_would_write_reads_who_has_it_and_how_to_take_it_back(world):
    agreement = take(world, three_lines(world))
    with pytest.raises(Refused) as refused:
        write(current(agreement), world.people.staff, world.at())
    assert str(refused.value) == (
        f"{SAID} ระหว่างที่รายงานอยู่กับผู้ประเมิน ไม่มีผู้ใดในหน่วยแก้ไขได้ "
        "เจ้าหน้าที่แผนนำกลับได้ทุกเมื่อ โดยกด “นำรายงานกลับมาเขียนเอง” ในหน้ารายงาน"
    )
    for name, who in (("send_report", "office"), ("hand_to_office", "staff")):
        with pytest.raises(Refused, match="อยู่ที่ผู้ประเมิน"):
            go(agreement, name, world.people.get(who), world.at())


def test_taken_back_it_is_the_staffs_again_with_what_was_entered(world):
    agreement, evaluator = take(world, three_lines(world)), world.people.evaluator
    write(current(agreement), evaluator, world.at(minutes=1))
    agreement = go(agreement, "take_back_report", world.people.staff, world.at(minutes=2))

    with pytest.raises(Refused, match="เฉพาะเจ้าหน้าที่แผน"):
        write(current(agreement), evaluator, world.at(minutes=3), "81")
    with pytest.raises(Refused):
        go(agreement, "send_from_paper", evaluator, world.at(minutes=3))
    write(current(agreement), world.people.staff, world.at(minutes=4), "84")
    entry = PaperEntry.objects.get()
    assert (entry.ending, entry.ended_by) == ("taken_back", str(world.people.staff))
    assert in_hand(agreement) is None


@pytest.mark.parametrize("who", ["office", "head", "evaluator", "superior", "neighbour", "planner"])
def test_only_the_units_staff_take_it_back(world, who):
    agreement = take(world, three_lines(world))
    with pytest.raises(Refused):
        go(agreement, "take_back_report", world.people.get(who), world.at())
    assert in_hand(again(agreement))


def test_the_evaluator_gives_it_back_and_can_take_it_in_again(world):
    agreement = take(world, three_lines(world))
    agreement = go(agreement, "give_back_paper", world.people.evaluator, world.at(minutes=1))
    assert agreement.pen == Pen.STAFF
    agreement = take(world, agreement, at=world.at(minutes=2))
    assert list(PaperEntry.objects.values_list("ending", flat=True)) == ["given_back", ""]


def test_what_is_in_hand_is_neither_accepted_nor_returned_nor_sent_unfinished(world):
    agreement, evaluator = take(world, three_lines(world, rounds=2)), world.people.evaluator
    for name in ("accept_report", "return_report"):
        with pytest.raises(Refused, match="กำลังบันทึกจากเอกสาร ยังไม่ได้ส่ง"):
            go(agreement, name, evaluator, world.at(), reason=WHY)
    with pytest.raises(Refused, match="ยังไม่มีผลการดำเนินงาน"):
        go(agreement, "send_from_paper", evaluator, world.at())


# To the end


def with_results(world, agreement):
    """Every line with its result and the letter as evidence, as the evaluator enters them."""
    evaluator = world.people.evaluator
    for row in report_card(current(agreement)).rows:
        changes = {"value": Decimal(RESULTS[row.line.number]), "narrative": "ตามหนังสือของหน่วย"}
        save_result(row.result, changes, version=row.result.version, actor=evaluator, at=world.at())
        scan = evidence_file("หนังสือนำส่งรายงาน", ["ตม.1 0029.12/881"], kind="png")
        add_evidence(row.result, scan, proves="หนังสือของหน่วย", actor=evaluator, at=world.at())
    return again(agreement)


def entered(world, agreement):
    """The same, and sent."""
    return go(with_results(world, agreement), "send_from_paper", world.people.evaluator, world.at(minutes=5))


def test_a_final_report_sent_from_paper_is_certified_by_the_head_and_by_nobody_else(world):
    agreement = entered(world, take(world, three_lines(world)))
    assert (agreement.stage, agreement.pen, current(agreement).stage) == (Stage.ASSESSMENT, Pen.HEAD, "sent")
    for name in ("certify", "return_certification"):
        assert refusals(TABLE, agreement, name, actor=world.people.evaluator, at=world.at())
    agreement = go(agreement, "certify", world.people.head, world.at(minutes=9))
    report = agreement.reports.get()
    assert (agreement.stage, report.stage) == (Stage.EVALUATION, "certified")
    (said,) = sentences_of(report)
    assert said.startswith(f"{SAID} (ผู้ประเมินส่งรายงานแล้ว: พ.ต.ต. วิชัย ตั้งตรง เมื่อ ")
    with pytest.raises(Refused):
        take(world, agreement)


def test_returned_by_the_head_it_is_the_staffs_to_write(world):
    agreement = entered(world, take(world, three_lines(world)))
    agreement = go(agreement, "return_certification", world.people.head, world.at(minutes=9), reason="ตัวเลขไม่ตรง")
    assert agreement.pen == Pen.STAFF
    assert may_report(current(agreement), world.people.staff, world.at()) is None
    assert may_report(current(agreement), world.people.evaluator, world.at())


def test_an_interim_report_sent_from_paper_waits_to_be_received(world):
    agreement = take(world, three_lines(world, rounds=2))
    agreement = entered(world, agreement)
    assert (agreement.pen, current(agreement).stage) == (Pen.EVALUATOR, "sent")
    with pytest.raises(Refused, match="ไม่มีรายงานของคำรับรองนี้ที่กำลังบันทึกจากเอกสาร"):
        go(agreement, "take_back_report", world.people.staff, world.at())
    agreement = go(agreement, "accept_report", world.people.evaluator, world.at(minutes=9))
    assert agreement.pen == Pen.STAFF


def test_the_overseer_decides_while_it_is_entered_and_nothing_is_sent_without(world):
    agreement = take(world, three_lines(world))
    far = world.people.stranger
    first = report_card(current(agreement)).rows[0]
    name_people(first.line.key, overseer=far)
    with pytest.raises(Refused, match="ยังไม่ได้"):
        entered(world, agreement)
    result = again(agreement).reports.get().results.get(line_id=first.line.key)
    told = {"approves": True, "reason": "", "version": result.version, "seen": 0}
    give_verdict(result, **told, actor=far, at=world.at(minutes=6))
    assert go(agreement, "send_from_paper", world.people.evaluator, world.at(minutes=7)).pen == Pen.HEAD


def test_once_its_round_has_closed_the_report_is_missed_and_the_staff_take_the_next_one_back(world):
    walk = walk_of_three(world, rounds=2)
    walk.to(Stage.ASSESSMENT)
    agreement = take(world, again(walk.agreement))
    ReportingRound.objects.filter(position=1).update(opens_on=ON - timedelta(days=9), due_on=ON, grace_until=None)
    after = world.at(days=2)
    first, final = Report.objects.filter(agreement=agreement).order_by("round__position")

    for report in (first, final):
        report.agreement = again(agreement)
        assert may_report(report, world.people.evaluator, after)
        assert may_report(report, world.people.staff, after)
    with pytest.raises(Refused, match="ปิดรับเมื่อ"):
        go(agreement, "send_from_paper", world.people.evaluator, after)
    agreement = go(agreement, "take_back_report", world.people.staff, after)
    final.agreement = agreement
    assert may_report(final, world.people.staff, after) is None


# On record


def test_it_is_on_record_who_took_it_in_from_which_paper_and_how_it_ended(world):
    entered(world, take(world, three_lines(world)))
    acts = Entry.objects.filter(act__in=["agreement.take_from_paper", "enter_from_paper", "agreement.send_from_paper"])
    told = [(each.act, each.actor_text, each.text) for each in acts.order_by("sequence")]
    who = str(world.people.evaluator)
    assert told == [
        ("agreement.take_from_paper", who, WHY),
        ("enter_from_paper", who, PAPER["document_number"]),
        ("agreement.send_from_paper", who, ""),
    ]
    assert set(Entry.objects.filter(act="report_result").values_list("actor_text", flat=True)) == {who}


def test_the_card_on_paper_and_the_excel_file_say_it_and_those_of_the_units_own_dont(world):
    agreement = three_lines(world)
    report = current(agreement)
    assert "บันทึกโดยผู้ประเมิน" not in text_of(sar.pdf(report, report_card(report)))
    report = current(entered(world, take(world, agreement)))
    card = report_card(report)
    assert "บันทึกโดยผู้ประเมิน" in text_of(sar.pdf(report, card))
    book = load_workbook(BytesIO(workbook.write(report, card)))
    assert book.worksheets[0]["A3"].value.startswith(SAID)


def test_the_table_holds_one_standing_entry_and_ends_that_say_how(world):
    agreement = take(world, three_lines(world))
    entry = PaperEntry.objects.get()
    said = {"report": entry.report, "reason": "x", "begun_by": "x", "begun_at": world.at(), **PAPER}
    for wrong in ({}, {"ended_at": world.at()}, {"ended_at": world.at() - timedelta(days=1), "ending": "sent"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaperEntry.objects.create(**said | wrong)
    assert in_hand(agreement) == entry


# At once


def race(world, agreement, first, second):
    """Two acts of the page as it stands, at the same moment: ((move, who, facts), (move, who, facts))."""
    given = ((name, world.people.get(who), facts) for name, who, facts in (first, second))
    return [making(agreement, name, who, world.at(minutes=9), **facts) for name, who, facts in given]


TAKING = ("take_from_paper", "evaluator", {"paper": PAPER, "reason": WHY})
HANDING = ("hand_to_office", "staff", {})
SENDING, TAKING_BACK = ("send_from_paper", "evaluator", {}), ("take_back_report", "staff", {})


def told_late(answers):
    return [type(each) for each in answers].count(Conflict)


@pytest.mark.django_db(transaction=True)
def test_of_an_evaluator_and_the_staff_at_once_one_has_it(world, at_once):
    agreement = three_lines(world)
    answers = at_once(*race(world, agreement, TAKING, HANDING))
    assert told_late(answers) == 1, answers
    assert (again(agreement).pen == Pen.EVALUATOR) == PaperEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_control_without_the_predicate_the_second_is_not_told_that_they_came_second(world, at_once, monkeypatch):
    agreement = three_lines(world)
    monkeypatch.setattr(engine, "unmoved", lambda step, version: Q())
    answers = at_once(*race(world, agreement, TAKING, HANDING))
    assert told_late(answers) == 0, answers


@pytest.mark.django_db(transaction=True)
def test_of_sending_and_taking_back_at_once_one_is_done(world, at_once):
    agreement = with_results(world, take(world, three_lines(world)))
    answers = at_once(*race(world, agreement, SENDING, TAKING_BACK))
    assert told_late(answers) == 1, answers
    assert (PaperEntry.objects.get().ending, again(agreement).pen) in (("sent", "head"), ("taken_back", "staff"))
