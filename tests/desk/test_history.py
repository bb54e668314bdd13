"""The history: every act on record, with reasons and differences, as each side may know of it."""

from agreements.stages import Stage
from agreements.write import save_line

D1 = "2570-IMM-D1"


def test_what_was_changed_is_told_by_its_label(world, visit, words):
    draft = world.draft
    line = draft.lines.first()
    save_line(line, {"weight": 34}, version=line.version, actor=world.people.staff, at=world.at())

    page = words(visit(world.people.staff, "desk:history", D1))

    assert f"ท่าน แก้ไขน้ำหนัก (ร้อยละ) ของ “{line.name}”" in page
    assert "เดิม 35 → เป็น 34" in page


def test_a_choice_is_told_by_its_label(world, visit, words):
    line = world.draft.lines.first()
    save_line(line, {"source": "mission"}, version=line.version, actor=world.people.staff, at=world.at())

    assert "เดิม ตามแผน → เป็น ตามพันธกิจ" in words(visit(world.people.office, "desk:history", D1)).replace("  ", " ")


def test_reasons_are_told(world, visit, words):
    walk = world.walk()
    walk.to(Stage.INFORMAL, "negotiator")
    walk.move("send_back", world.people.negotiator, reason="โปรดทบทวนตัวชี้วัดที่ 1.2")

    assert "โปรดทบทวนตัวชี้วัดที่ 1.2" in words(visit(world.people.staff, "desk:history", D1))


def test_the_evaluators_figures_are_not_told_to_the_unit_before_their_release(world, visit, words):
    walk = world.walk()
    walk.to(Stage.EVALUATION, "superior")
    told = "พ.ต.ต. วิชัย ตั้งตรง รับผลตามที่หน่วยรายงาน"

    assert told in words(visit(world.people.superior, "desk:history", D1))
    assert told not in words(visit(world.people.staff, "desk:history", D1))
    assert told not in words(visit(world.people.staff, "desk:agreement", D1))

    walk.to(Stage.CLOSED)
    assert told in words(visit(world.people.staff, "desk:history", D1))


def test_only_those_who_follow_the_making_see_it(world, visit):
    world.agreement(Stage.ASSESSMENT, "staff", code="IMM")

    assert visit(world.people.command_staff, "desk:history", "2570-IMM").status_code == 200
    assert visit(world.people.auditor, "desk:history", "2570-IMM").status_code == 200
    assert visit(world.people.staff, "desk:history", "2570-IMM").status_code == 404


def test_a_page_holds_25_acts(world, visit):
    line = world.draft.lines.first()
    for number in range(30):
        line = save_line(line, {"weight": number + 1}, version=line.version, actor=world.people.staff, at=world.at())

    first = visit(world.people.staff, "desk:history", D1)
    second = visit(world.people.staff, "desk:history", D1, page=2)

    assert sum(len(acts) for _day, acts in first.context["days"]) == 25
    assert sum(len(acts) for _day, acts in second.context["days"]) == 6
