"""What keeps an agreement from being submitted: each with its sentence and the place that mends it."""

from decimal import Decimal

import pytest

from acts.engine import Refused, move
from acts.versions import Stale
from agreements.models import ActionPlan, Line, PlanItem, Source
from agreements.rules import missing, numbered_lines
from agreements.write import add_line, add_plan_item, remove_line, save_line, save_plan, shift_line
from workflow.lifecycle import TABLE

LOW = "ตัวชี้วัดที่ 2.1: เป้าหมายไม่ดีกว่าผลงานปีก่อน โปรดระบุเหตุผล"


@pytest.fixture
def draft(world):
    return world.draft


@pytest.fixture
def problems(world, draft):
    """The sentences that keep the draft from being submitted, as they are now."""
    return lambda: [str(refusal) for refusal in missing(fresh(draft), world.people.staff, world.at())]


def fresh(agreement):
    return type(agreement).objects.for_detail().get(pk=agreement.pk)


def line(draft, number):
    return next(numbered.line for numbered in numbered_lines(draft) if numbered.number == number)


def change(draft, number, **fields):
    Line.objects.filter(pk=line(draft, number).pk).update(**fields)


def test_a_complete_draft_lacks_nothing(problems):
    assert problems() == []


@pytest.mark.parametrize(
    ("number", "fields", "sentences"),
    [
        (
            "1.1",
            {"weight": Decimal(30)},
            [
                "น้ำหนักรวมต้องเป็น 100.00 (ขณะนี้ 95.00 ขาด 5.00)",
                "มิติที่ 1 น้ำหนักรวมของตัวชี้วัดต้องเป็น 60.00 (ขณะนี้ 55.00)",
            ],
        ),
        (
            "2.1",
            {"weight": Decimal("15.01")},
            [
                "น้ำหนักรวมต้องเป็น 100.00 (ขณะนี้ 100.01 เกิน 0.01)",
                "มิติที่ 2 น้ำหนักรวมของตัวชี้วัดต้องเป็น 15.00 (ขณะนี้ 15.01)",
            ],
        ),
        (
            "3.1",
            {"weight": Decimal(0)},
            [
                "ตัวชี้วัดที่ 3.1: ยังไม่มีน้ำหนัก",
                "น้ำหนักรวมต้องเป็น 100.00 (ขณะนี้ 90.00 ขาด 10.00)",
                "มิติที่ 3 น้ำหนักรวมของตัวชี้วัดต้องเป็น 10.00 (ขณะนี้ 0.00)",
            ],
        ),
        ("1.2", {"name": " "}, ["ตัวชี้วัดที่ 1.2 ยังไม่มีชื่อตัวชี้วัด"]),
        ("1.2", {"unit_of_measure": ""}, ["ตัวชี้วัดที่ 1.2 ยังไม่มีหน่วยวัด"]),
        ("1.2", {"definition": ""}, ["ตัวชี้วัดที่ 1.2 ยังไม่มีนิยาม"]),
        ("1.2", {"formula": ""}, ["ตัวชี้วัดที่ 1.2 ยังไม่มีสูตรการคำนวณ"]),
        ("1.2", {"data_source": ""}, ["ตัวชี้วัดที่ 1.2: ยังไม่มีแหล่งข้อมูลและวิธีการจัดเก็บข้อมูล"]),
        ("1.2", {"target": None}, ["ตัวชี้วัดที่ 1.2 ยังไม่มีเป้าหมาย"]),
        (
            "1.2",
            {"plan_item": None},
            ["ตัวชี้วัดที่ 1.2 เป็นตัวชี้วัดตามแผน แต่ยังไม่ได้อ้างถึงรายการใดในแผนปฏิบัติราชการ"],
        ),
        ("1.1", {"level_3": None}, ["ตัวชี้วัดที่ 1.1: ยังไม่มีค่าของระดับที่ 3"]),
        (
            "1.1",
            {"level_2": Decimal(78)},
            ["ตัวชี้วัดที่ 1.1: ระดับที่ 1 และ 2 มีค่าเท่ากัน (78) โปรดกำหนดค่าแต่ละระดับให้ต่างกัน"],
        ),
        (
            "1.1",
            {"level_4": Decimal(80)},
            ["ตัวชี้วัดที่ 1.1: ค่าต้องเพิ่มขึ้นจากระดับที่ 1 ถึง 5 แต่ระดับที่ 4 (80) น้อยกว่าระดับก่อนหน้า โปรดตรวจสอบ"],
        ),
        (
            "1.2",
            {"level_4": Decimal(25)},
            ["ตัวชี้วัดที่ 1.2: ค่าต้องลดลงจากระดับที่ 1 ถึง 5 แต่ระดับที่ 4 (25) มากกว่าระดับก่อนหน้า โปรดตรวจสอบ"],
        ),
        ("4.1", {"text_4": "", "text_5": ""}, ["ตัวชี้วัดที่ 4.1: ยังไม่มีคำอธิบายระดับที่ 4 และ 5"]),
        ("2.1", {"low_target_reason": " "}, [LOW]),
        (
            "1.2",  # lower is better: a target above what was reached is the easy one
            {"target": Decimal(22)},
            ["ตัวชี้วัดที่ 1.2: เป้าหมายไม่ดีกว่าผลงานปีก่อน โปรดระบุเหตุผล"],
        ),
    ],
)
def test_what_a_line_lacks_is_said(draft, problems, number, fields, sentences):
    change(draft, number, **fields)

    assert problems() == sentences


def test_a_target_that_is_only_as_good_as_last_year_asks_for_a_reason_too(draft, problems):
    change(draft, "1.1", target=Decimal("86.02"))

    assert problems() == ["ตัวชี้วัดที่ 1.1: เป้าหมายไม่ดีกว่าผลงานปีก่อน โปรดระบุเหตุผล"]


def test_a_division_needs_an_indicator_by_mission(draft, problems):
    draft.lines.filter(source=Source.MISSION).update(source=Source.MANDATORY)

    assert problems() == ["ต้องมีตัวชี้วัด “ตามพันธกิจ” อย่างน้อย 1 ตัว"]


def test_a_command_needs_none(world):
    agreement = world.agreement(code="IMM")
    agreement.lines.update(source=Source.MANDATORY)

    assert missing(fresh(agreement), world.people.command_staff, world.at()) == []


def test_an_agreement_without_any_line_says_what_is_short(world):
    agreement = world.empty_draft()

    assert [str(refusal) for refusal in missing(agreement, world.people.staff, world.at())] == [
        "แผนปฏิบัติราชการยังไม่มีวิสัยทัศน์",
        "แผนปฏิบัติราชการยังไม่มีพันธกิจ",
        "แผนปฏิบัติราชการยังไม่มีประเด็นยุทธศาสตร์",
        "น้ำหนักรวมต้องเป็น 100.00 (ขณะนี้ 0.00 ขาด 100.00)",
        "มิติที่ 1 น้ำหนักรวมของตัวชี้วัดต้องเป็น 60.00 (ขณะนี้ 0.00)",
        "มิติที่ 2 น้ำหนักรวมของตัวชี้วัดต้องเป็น 15.00 (ขณะนี้ 0.00)",
        "มิติที่ 3 น้ำหนักรวมของตัวชี้วัดต้องเป็น 10.00 (ขณะนี้ 0.00)",
        "มิติที่ 4 น้ำหนักรวมของตัวชี้วัดต้องเป็น 15.00 (ขณะนี้ 0.00)",
        "ต้องมีตัวชี้วัด “ตามพันธกิจ” อย่างน้อย 1 ตัว",
    ]


def test_an_issue_without_goal_and_a_goal_without_strategy_are_named(draft, problems):
    kind = PlanItem.Kind
    PlanItem.objects.create(plan=draft.plan, kind=kind.ISSUE, position=9, text="ประเด็นที่ยังไม่เสร็จ")
    goal = draft.plan.items.filter(kind=kind.GOAL).last()
    goal.children.filter(kind=kind.STRATEGY).delete()

    assert set(problems()) == {
        "ประเด็นยุทธศาสตร์ “ประเด็นที่ยังไม่เสร็จ” ยังไม่มีเป้าประสงค์",
        f"เป้าประสงค์ “{goal.text}” ยังไม่มีกลยุทธ์",
    }


@pytest.mark.parametrize("lack", ["no plan at all", "a plan that is only begun"])
def test_the_commands_plan_must_be_written_because_it_is_annexed(problems, lack):
    commands = ActionPlan.objects.filter(unit__code="IMM")
    commands.get().items.all().delete()
    if lack == "no plan at all":
        commands.delete()

    assert problems() == ["สตม. ยังจัดทำแผนปฏิบัติราชการของปีนี้ไม่ครบถ้วน ซึ่งต้องแนบท้ายคำรับรองตามหลักเกณฑ์"]


def test_each_sentence_leads_to_the_field_that_mends_it(world, draft):
    change(draft, "1.1", level_3=None)
    change(draft, "2.1", low_target_reason="")
    ActionPlan.objects.filter(pk=draft.plan_id).update(vision="")

    places = [refusal.where for refusal in missing(fresh(draft), world.people.staff, world.at())]
    assert places == [
        "plan#vision",
        f"line/{line(draft, '1.1').pk}#level_3",
        f"line/{line(draft, '2.1').pk}#low_target_reason",
    ]


def test_the_same_sentences_refuse_the_move_and_nothing_changes(world, draft):
    change(draft, "2.1", low_target_reason="")

    with pytest.raises(Refused) as refused:
        move(TABLE, draft, "submit", actor=world.people.office, at=world.at(), version=draft.version)
    assert (str(refused.value), refused.value.status) == (LOW, 422)
    assert (fresh(draft).stage, fresh(draft).version, draft.snapshots.count()) == ("draft", draft.version, 0)


# Who may write


@pytest.mark.parametrize(
    ("stage", "pen", "writers"),
    [
        ("draft", "staff", {"staff"}),
        ("draft", "office", set()),
        ("informal", "negotiator", set()),
        ("informal", "staff", {"staff"}),
        ("formal", "negotiator", set()),
        ("signing", "head", set()),
        ("assessment", "staff", set()),
    ],
)
def test_only_the_units_staff_write_and_only_while_they_hold_the_pen(world, stage, pen, writers):
    agreement = world.agreement(stage, pen)
    one = line(agreement, "1.1")

    def writes(name):
        try:
            save_line(
                one, {"conditions": f"โดย {name}"}, version=one.version, actor=world.people.get(name), at=world.at()
            )
        except Refused:
            return False
        return True

    assert {name for name in world.people.names if writes(name)} == writers


def test_every_other_way_to_write_is_closed_as_well(world):
    agreement = world.agreement("signing")
    by = {"actor": world.people.staff, "at": world.at()}
    one, dimension = line(agreement, "1.1"), agreement.framework.dimensions.first()

    for write in (
        lambda: save_plan(agreement, {"vision": "อื่น"}, version=agreement.plan.version, **by),
        lambda: add_plan_item(agreement, PlanItem.Kind.ISSUE, parent=None, text="อื่น", **by),
        lambda: add_line(agreement, dimension, **by),
        lambda: remove_line(one, **by),
        lambda: shift_line(one, 1, **by),
    ):
        with pytest.raises(Refused, match="แก้ไขข้อความไม่ได้ในขั้น “ลงนาม”"):
            write()


def test_a_stale_save_changes_nothing_and_hands_over_theirs(world, draft):
    one = line(draft, "1.1")
    by = {"actor": world.people.staff, "at": world.at()}
    save_line(one, {"conditions": "ของเขา"}, version=one.version, **by)

    with pytest.raises(Stale) as stale:
        save_line(one, {"conditions": "ของเรา"}, version=one.version, **by)
    assert stale.value.theirs.conditions == "ของเขา"
    assert line(draft, "1.1").conditions == "ของเขา"


def test_two_people_write_different_lines_in_peace(world, draft):
    first, second = line(draft, "1.1"), line(draft, "1.2")
    by = {"actor": world.people.staff, "at": world.at()}
    save_line(first, {"conditions": "หนึ่ง"}, version=first.version, **by)
    save_line(second, {"conditions": "สอง"}, version=second.version, **by)

    assert (line(draft, "1.1").conditions, line(draft, "1.2").conditions) == ("หนึ่ง", "สอง")


def test_a_line_moves_within_its_dimension_and_stops_at_the_edge(world, draft):
    by = {"actor": world.people.staff, "at": world.at()}
    last = line(draft, "1.3")
    shift_line(last, -1, **by)
    assert line(draft, "1.2") == last
    shift_line(last, -1, **by)
    shift_line(last, -1, **by)
    assert line(draft, "1.1") == last


def test_a_line_that_the_negotiation_speaks_of_stays(world):
    walk = world.walk()
    walk.to("informal", "staff")

    with pytest.raises(Refused) as refused:
        remove_line(walk.line("1.1"), actor=walk.people.staff, at=walk.diary.soon())
    assert str(refused.value) == "ตัวชี้วัดนี้อยู่ในการเจรจาแล้ว จึงลบออกไม่ได้"
    assert walk.line("1.1").pk
