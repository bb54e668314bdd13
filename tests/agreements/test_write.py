"""Writing a draft: what is recorded, what a version is, what goes with what is removed."""

from decimal import Decimal

import pytest

from acts.engine import Conflict, Refused
from acts.models import Entry
from acts.versions import Stale
from agreements.models import Agreement, Line, PlanItem
from agreements.write import (
    add_line,
    add_plan_item,
    create_agreement,
    remove_line,
    remove_plan_item,
    save_line,
    save_plan,
    save_plan_item,
    shift_plan_item,
)

Kind = PlanItem.Kind


@pytest.fixture
def draft(world):
    return world.draft


@pytest.fixture
def by(world):
    return {"actor": world.people.staff, "at": world.at()}


def last_entry(draft):
    return Entry.objects.about(draft).first()


def test_a_unit_has_one_agreement_a_year(world, by):
    world.empty_draft()

    with pytest.raises(Conflict, match="บก.ตม.1"):
        world.empty_draft()
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize("who", ["negotiator", "neighbour", "head", "administrator", "nobody"])
def test_only_planning_staff_begin_it(world, who):
    with pytest.raises(Refused, match="เฉพาะเจ้าหน้าที่แผนของ บก.ตม.1"):
        create_agreement(world.unit("IMM-D1"), world.year, actor=world.people.get(who), at=world.at())


def test_a_change_makes_a_version_and_is_on_record_with_both_values(draft, by):
    line = draft.lines.first()
    saved = save_line(line, {"weight": Decimal("30.50"), "unit_of_measure": line.unit_of_measure}, version=1, **by)

    assert (saved.version, saved.weight) == (2, Decimal("30.50"))
    assert last_entry(draft).changes == {"weight": ["35.00", "30.50"]}


def test_what_changes_nothing_makes_no_version_and_no_record(draft, by):
    line, before = draft.lines.first(), Entry.objects.count()
    saved = save_line(line, {"name": line.name}, version=1, **by)

    assert (saved.version, Entry.objects.count()) == (1, before)


def test_a_stale_page_that_would_change_nothing_is_no_clash(draft, by):
    line = draft.lines.first()
    save_line(line, {"conditions": "ใหม่"}, version=1, **by)

    assert save_line(line, {"conditions": "ใหม่"}, version=1, **by).version == 2


def test_long_texts_are_in_the_log_in_short(draft, by):
    save_line(draft.lines.first(), {"definition": "ก" * 20_000}, version=1, **by)

    assert last_entry(draft).changes["definition"][1] == "ก" * 200


@pytest.mark.parametrize("save", [save_plan, save_plan_item])
def test_the_plans_texts_have_versions_too(draft, by, save):
    row, text = (draft.plan, "vision") if save is save_plan else (draft.plan.items.first(), "text")
    args = (draft,) if save is save_plan else (draft, row)
    save(*args, {text: "ของเขา"}, version=row.version, **by)

    with pytest.raises(Stale) as stale:
        save(*args, {text: "ของเรา"}, version=row.version, **by)
    assert getattr(stale.value.theirs, text) == "ของเขา"


def test_a_new_line_stands_last_in_its_dimension(draft, by):
    dimension = draft.framework.dimensions.get(number=1)
    line = add_line(draft, dimension, name="ใหม่", **by)

    assert list(draft.lines.filter(dimension=dimension))[-1] == line
    assert (line.weight, line.version, last_entry(draft).act) == (0, 1, "add_line")


def test_a_line_is_removed_and_that_is_on_record(draft, by):
    line = draft.lines.last()
    remove_line(line, **by)

    assert not Line.objects.filter(pk=line.pk).exists()
    assert (last_entry(draft).act, last_entry(draft).text) == ("remove_line", line.name)


def test_an_indicator_goes_with_its_parts_however_deep_they_are(draft, by):
    whole = draft.lines.last()
    left = draft.lines.count() - 1
    deep = {"agreement": draft, "dimension": whole.dimension, "position": 1}
    chain = [Line(pk=whole.pk + n, parent_id=whole.pk + n - 1, name=f"ย่อย {n}", **deep) for n in range(1, 1100)]
    Line.objects.bulk_create(chain)

    remove_line(whole, **by)
    assert draft.lines.count() == left


def test_with_a_goal_go_its_strategies_and_lines_refer_to_nothing_then(draft, by):
    goal = draft.plan.items.filter(kind=Kind.GOAL).first()
    line, below = draft.lines.filter(plan_item__parent=goal).first(), list(goal.children.values_list("pk", flat=True))
    remove_plan_item(draft, goal, **by)

    assert below
    assert not PlanItem.objects.filter(pk__in=below).exists()
    line.refresh_from_db()
    assert line.plan_item is None


def test_items_change_places_among_their_like_and_stop_at_the_edge(draft, by):
    goals = draft.plan.items.filter(kind=Kind.GOAL)
    first, second = goals
    for _time in range(2):
        shift_plan_item(draft, second, -1, **by)
    assert list(goals.all()) == [second, first]
    shift_plan_item(draft, first, 1, **by)
    assert list(goals.all()) == [second, first]


def test_a_new_item_stands_last_among_its_like(draft, by):
    goal = draft.plan.items.filter(kind=Kind.GOAL).first()
    item = add_plan_item(draft, Kind.INDICATOR, parent=goal, text="ใหม่", target="ร้อยละ 90", **by)

    assert list(goal.children.filter(kind=Kind.INDICATOR))[-1] == item
    assert (item.target, last_entry(draft).text) == ("ร้อยละ 90", "ใหม่")
