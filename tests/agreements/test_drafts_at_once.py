"""Two people write in one draft at the same moment: one of them is first, the other one reads a sentence."""

from decimal import Decimal

import pytest

from acts.engine import Conflict, Refused, move
from agreements.arrange import duplicate_line, indent_line
from agreements.freeze import thaw
from agreements.library import accept_version, object_to_version, take_sheet
from agreements.mandates import push
from agreements.models import Agreement, Line, PlanItem, SheetAnswer
from agreements.stages import Stage
from agreements.write import add_line, remove_line, remove_plan_item, save_line, shift_line
from tests import shelf
from tests import world as worlds
from workflow.lifecycle import TABLE

D1 = "2570-IMM-D1"


def by(world):
    return {"actor": world.people.staff, "at": world.at()}


GONE = {
    "saving": lambda line, world: save_line(line, {"name": "ใหม่"}, version=line.version, **by(world)),
    "adding a part": lambda line, world: add_line(line.agreement, line.dimension, parent=line, name="ย่อย", **by(world)),
    "moving": lambda line, world: shift_line(line, 1, **by(world)),
    "copying": lambda line, world: duplicate_line(line, **by(world)),
    "removing": lambda line, world: remove_line(line, **by(world)),
    "collectors": lambda line, world: save_line(
        line, {"collectors": [world.people.staff.pk]}, version=line.version, **by(world)
    ),
}


@pytest.mark.parametrize("verb", GONE)
def test_what_is_done_to_a_line_that_was_just_removed_says_so(world, verb):
    line = world.draft.lines.first()
    read_before = Line.objects.select_related("agreement", "dimension").get(pk=line.pk)
    remove_line(line, **by(world))
    with pytest.raises(Conflict, match="ลบ|ไม่มีอยู่แล้ว"):
        GONE[verb](read_before, world)


@pytest.mark.django_db(transaction=True)
def test_a_line_is_not_tied_to_a_goal_that_was_just_removed():
    world = worlds.build()
    draft = world.draft
    goal, line = draft.plan.items.filter(kind="goal").first(), draft.lines.first()
    remove_plan_item(draft, PlanItem.objects.get(pk=goal.pk), **by(world))
    with pytest.raises(Conflict, match="เพิ่งถูกลบ"):
        save_line(line, {"plan_item": goal}, version=line.version, **by(world))
    assert Line.objects.get(pk=line.pk).plan_item_id != goal.pk


@pytest.mark.django_db(transaction=True)
def test_one_sheet_taken_twice_at_once_stands_in_the_draft_once(at_once):
    world = worlds.build()
    sheet, draft = shelf.put(world), world.draft
    dimension = draft.framework.dimensions.first()
    answers = at_once(
        *[lambda: take_sheet(Agreement.objects.get(code=D1), sheet, dimension, **by(world)) for _ in range(3)]
    )
    assert sorted(type(each).__name__ for each in answers) == ["Conflict", "Conflict", "Line"], answers
    assert draft.lines.filter(sheet=sheet).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_sheet_taken_while_it_is_pushed(at_once):
    world = worlds.build()
    sheet, draft = shelf.put(world), world.draft
    dimension = draft.framework.dimensions.first()
    answers = at_once(
        lambda: take_sheet(Agreement.objects.get(code=D1), sheet, dimension, **by(world)),
        lambda: push(sheet, world.year, tiers=(3,), dimension=2, by=world.people.planner, at=world.at()),
    )
    assert not [a for a in answers if isinstance(a, Exception) and not isinstance(a, Conflict)], answers
    assert [each.mandated for each in draft.lines.filter(sheet=sheet)] == [True]


# The library meanwhile


def mandatory(world):
    """(the sheet, its mandatory line in the draft)"""
    sheet, draft = shelf.put(world), world.draft
    push(sheet, world.year, tiers=(3,), dimension=1, by=world.people.planner, at=world.at())
    return sheet, draft.lines.select_related("sheet", "sheet_version", "agreement").get(sheet=sheet)


@pytest.mark.django_db(transaction=True)
def test_a_draft_submitted_while_a_sheet_is_pushed_is_complete_or_stays(at_once):
    """What is submitted weighs 100.00 and lacks nothing, whichever came first."""
    world = worlds.build()
    sheet, draft = shelf.put(world, unit_sets=["target"], weight=5, target=None), world.draft
    submit, pushing = at_once(
        lambda: move(TABLE, draft, "submit", actor=world.people.office, at=world.at(), version=draft.version),
        lambda: push(sheet, world.year, tiers=(3,), dimension=1, by=world.people.planner, at=world.at()),
    )
    assert not isinstance(pushing, Exception), pushing
    draft.refresh_from_db()
    assert isinstance(submit, Refused) is (draft.stage == Stage.DRAFT), submit
    for snapshot in draft.snapshots.all():
        assert sum(Decimal(line["weight"]) for line in thaw(snapshot)["lines"]) == 100


@pytest.mark.django_db(transaction=True)
def test_a_version_accepted_and_objected_to_at_once_has_one_answer(at_once):
    world = worlds.build()
    sheet, line = mandatory(world)
    version = shelf.change(world, sheet, definition="ใหม่")
    answers = at_once(
        lambda: accept_version(line, version, seen=line.version, **by(world)),
        lambda: accept_version(line, version, seen=line.version, **by(world)),
        lambda: object_to_version(line, version, "เหตุผล", **by(world)),
    )
    line.refresh_from_db()
    kept = SheetAnswer.objects.get()
    assert (line.sheet_version_id == version.pk) is kept.accepted
    assert not [each for each in answers if isinstance(each, Exception) and not isinstance(each, Conflict)], answers
    assert kept.accepted, "an acceptance comes after an objection, never before"


def test_a_mandatory_line_does_not_change_its_dimension_with_what_it_is_a_part_of(world):
    _sheet, line = mandatory(world)
    whole = line.agreement.lines.filter(dimension=line.dimension_id).first()
    for _each in range(line.agreement.lines.count()):
        indent_line(line, **by(world))
    line.refresh_from_db()
    whole, other = line.parent, line.agreement.framework.dimensions.get(number=2)
    with pytest.raises(Refused, match="RTP-01"):
        save_line(whole, {"dimension": other}, version=whole.version, **by(world))
    assert Line.objects.get(pk=line.pk).dimension_id == Line.objects.get(pk=whole.pk).dimension_id == whole.dimension_id
