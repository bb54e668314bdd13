"""Who carries what: from a superior's goals to the lines below, the gaps, and what each reader sees of it."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from acts.engine import Refused
from agreements.carrying import Carriable, carriable, carry_by_words, carrying_advice, changed_since
from agreements.carrying_form import WAS
from agreements.forms import LineForm
from agreements.freeze import sections
from agreements.line_tree import numbered
from agreements.models import ActionPlan, Agreement, Line, PlanItem
from agreements.redline import differences
from agreements.stages import Pen, Stage
from agreements.write import remove_plan_item, save_line, save_plan_item
from desk.cascade import Below, Carried, Placed, cascade_of, cascade_place
from desk.cascade_page import picture_of
from orgunits.models import OrgUnit
from orgunits.tree import plant
from tests.world import YEAR

D1, D2 = "2570-IMM-D1", "2570-IMM-D2"


# Without a database: weights, gaps, the picture


def _lines(*parents, weights=(), tied=()):
    """Placed lines of one agreement: parents[n] is the number of the line that line n is a part of, or None."""
    rows = [
        SimpleNamespace(pk=n, parent_id=parent, weight=Decimal(weights[n]), name=f"l{n}", plan_item_id=None,
                        carries_item_id=None, carries_line_id=None)
        for n, parent in enumerate(parents)
    ]  # fmt: skip
    agreement = SimpleNamespace(code="2570-X", unit_id=7)
    return [Placed(agreement, each, each.line.pk in tied) for each in numbered(rows, lambda line: "1")]


def _below(lines):
    return Below(SimpleNamespace(pk=7, short_name="บก.ทดสอบ"), SimpleNamespace(unit_id=7), tuple(lines))


def test_an_indicator_with_parts_that_carries_a_goal_counts_the_weight_of_its_parts_once():
    lines = _lines(None, 0, 0, None, weights=(0, 30, 20, 50))
    lines[0].line.carries_item_id = lines[1].line.carries_item_id = 1
    below = _below(lines)
    assert (below.weight, below.carried_weight) == (100, 50)


def test_weight_is_loose_where_neither_the_line_nor_what_it_is_a_part_of_serves_a_strategy():
    below = _below(_lines(None, 0, None, weights=(0, 60, 40), tied={0, 1}))
    assert ([each.number for each in below.loose], below.loose_weight) == (["1.2"], 40)


@given(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=12), st.data())
def test_what_is_carried_never_weighs_more_than_all(weights, data):
    parents = [None, *(data.draw(st.none() | st.integers(0, n - 1)) for n in range(1, len(weights)))]
    lines = _lines(*parents, weights=weights)
    for each in lines:
        each.line.carries_item_id = data.draw(st.sampled_from([None, 1]))
    below = _below(lines)
    assert 0 <= below.carried_weight <= below.weight == sum(each.weight for each in lines if each.numbered.is_leaf)


def test_a_goal_is_a_gap_only_where_neither_it_nor_an_indicator_of_it_is_carried():
    placed = _lines(None, weights=(10,))[0]
    empty, carried = Carried("indicator", "1.1", "ก", ()), Carried("indicator", "1.2", "ข", (placed,))
    assert Carried("goal", "1.1", "ค", (), indicators=(empty,)).is_gap
    assert not Carried("goal", "1.1", "ค", (), indicators=(empty, carried)).is_gap
    assert not Carried("goal", "1.1", "ค", (placed,), indicators=(empty,)).is_gap


def test_what_was_carried_last_year_is_found_by_its_words_or_told_as_missing():
    goal, line = PlanItem(text="ประชาชนปลอดภัย"), Line()
    offered = Carriable(goals=(("1.1", goal),))
    carry_by_words(line, {"carries_goal": "ประชาชนปลอดภัย", "carries_indicator": "ร้อยละของคดี"}, offered)
    assert (line.carries_item, changed_since(line, "carries_item")) == (goal, False)
    assert (line.carries_line, changed_since(line, "carries_line")) == (None, True)
    carry_by_words(line, {}, offered)
    assert not changed_since(line, "carries_line")


# What may be carried, and by whom


@pytest.fixture
def draft(world):
    return world.draft


def goal_of(unit, place=0):
    return PlanItem.objects.filter(plan__unit__code=unit, kind="goal").order_by("position")[place]


def save(world, line, user="staff", **changes):
    return save_line(line, changes, version=line.version, actor=getattr(world.people, user), at=world.at())


def test_a_plan_that_the_rule_annexes_can_be_carried_before_the_superior_has_signed_its_indicators_cannot(world, draft):
    superior = world.agreement(code="IMM")
    offered = carriable(draft)
    assert [number for number, _goal in offered.goals] == ["1.1", "1.2"]
    assert offered.lines == ()
    with pytest.raises(Refused, match="ยังเลือกมารองรับไม่ได้"):
        save(world, draft.lines.first(), carries_line=superior.lines.first())


def test_once_the_superior_has_signed_its_indicators_can_be_carried_too(world, draft):
    superior = world.agreement(Stage.ASSESSMENT, code="IMM")
    offered = carriable(draft)
    assert [line for _number, line in offered.lines] == list(superior.lines.all())
    line = save(world, draft.lines.first(), carries_line=superior.lines.first())
    assert line.carried_indicator == superior.lines.first().name


def test_a_unit_whose_rule_annexes_no_plan_carries_nothing_before_its_superior_has_signed(world):
    ActionPlan.objects.create(unit=world.units.rtp, fiscal_year=world.year)
    command = world.agreement(code="IMM")
    assert carriable(command) == Carriable()


def test_neither_a_strangers_goal_nor_a_strategy_can_be_carried(world, draft):
    own, strategy = goal_of("IMM-D1"), PlanItem.objects.filter(plan__unit__code="IMM", kind="strategy").first()
    for wrong in (own, strategy):
        with pytest.raises(Refused):
            save(world, draft.lines.first(), carries_item=wrong)


def test_what_the_superior_rewords_or_removes_is_told_at_the_line_and_settled_by_choosing(world, draft):
    command, line = world.agreement(code="IMM"), draft.lines.first()
    goal, staff = goal_of("IMM"), world.people.command_staff
    line = save(world, line, carries_item=goal)
    assert carrying_advice(line, "carries_item") == ""

    words = {"text": "เป้าประสงค์ใหม่"}
    save_plan_item(command, goal, words, version=goal.version, actor=staff, at=world.at())
    line = Line.objects.get(pk=line.pk)
    assert "แก้ไขถ้อยคำ" in str(carrying_advice(line, "carries_item"))
    assert LineForm(line=line).initial["carries_item"] == WAS

    line = save(world, line, carries_item=PlanItem.objects.get(pk=goal.pk))
    assert carrying_advice(line, "carries_item") == ""
    remove_plan_item(command, PlanItem.objects.get(pk=goal.pk), actor=staff, at=world.at())
    line = Line.objects.get(pk=line.pk)
    assert "ไม่มีในแผน" in str(carrying_advice(line, "carries_item"))
    assert carrying_advice(save(world, line, carries_item=None), "carries_item") == ""


def test_what_is_carried_is_frozen_printed_and_told_in_the_redline(world, draft):
    before = sections(draft)
    line = save(world, draft.lines.first(), carries_item=goal_of("IMM"))
    after = sections(Agreement.objects.for_detail().get(pk=draft.pk))
    frozen = next(each for each in after["lines"] if each["key"] == line.pk)
    assert (frozen["carries_goal"], frozen["carries_indicator"]) == (goal_of("IMM").text, "")
    assert [(each.field, each.was, each.now) for each in differences(before, after)] == [
        ("carries_goal", "", goal_of("IMM").text)
    ]
    for old in after["lines"]:
        del old["carries_goal"], old["carries_indicator"]
    assert [each.now for each in differences(after, before)] == []


# What the map shows to whom


@pytest.fixture
def both(world, draft):
    """Two divisions carry goals of สตม.: บก.ตม.1 the first by two lines, บก.ตม.2 the same by one."""
    other = world.agreement(code="IMM-D2")
    one, two = draft.lines.all()[:2]
    save(world, one, carries_item=goal_of("IMM"))
    save(world, two, carries_item=goal_of("IMM"))
    save(world, other.lines.first(), user="neighbour", carries_item=goal_of("IMM"))
    return draft, other


def seen(world, who, unit="IMM"):
    user, at = getattr(world.people, who), world.at()
    return cascade_of(user, cascade_place(user, unit, at), YEAR, at)


def test_the_map_tells_who_carries_what_and_what_nobody_carries(world, both):
    cascade = seen(world, "auditor")
    first, second = cascade.goals
    assert {each.agreement.code for each in first.carriers} == {D1, D2}
    assert len(first.carriers) == 3
    assert second.is_gap
    assert cascade.goal_gaps == [second]
    assert {each.agreement for each in cascade.read} == set(both)
    loose = {each.unit.code: each.loose_weight for each in cascade.loose}
    assert loose["IMM-D1"] == sum(line.weight for line in both[0].lines.filter(plan_item=None, carries_item=None))


def test_from_the_headquarters_down_the_map_tells_how_far_a_goal_is_carried(world, both):
    headquarters = world.walk(code="RTP")
    headquarters.to(Stage.ASSESSMENT)
    command = world.agreement(code="IMM")
    line = command.lines.exclude(plan_item=None).first()
    assert line.plan_item.parent == goal_of("IMM")
    save(world, line, user="command_staff", carries_item=goal_of("RTP"))
    goal = seen(world, "auditor", "RTP").goals[0]
    assert [each.line for each in goal.carriers] == [line]
    assert goal.further == 2


def test_who_may_not_read_an_agreement_learns_nothing_of_what_it_carries(world, both):
    cascade = seen(world, "staff")
    assert {each.agreement.code for goal in cascade.goals for each in goal.carriers} == {D1}
    assert "IMM-D2" in {each.unit.code for each in cascade.unread}
    assert all(not each.lines for each in cascade.unread)


def test_the_page_of_somebody_who_may_not_read_names_no_line_of_the_other(world, both, visit, words):
    page = visit(world.people.staff, "desk:unit_cascade", "IMM")
    assert D2 not in page.content.decode()
    assert D1 in page.content.decode()
    assert "อ่านไม่ได้" in words(page)


def test_a_superiors_indicators_are_shown_to_its_units_once_it_has_signed(world, both):
    assert seen(world, "staff").indicators == []
    superior = world.agreement(Stage.ASSESSMENT, code="IMM")
    found = seen(world, "staff").indicators
    assert {each.text for each in found} == {line.name for line in superior.lines.all()}
    line = both[0].lines.all()[2]
    save(world, line, carries_line=superior.lines.first())
    carried = next(each for each in seen(world, "staff").indicators if each.carriers)
    assert carried.text == superior.lines.first().name
    assert [each.line for each in carried.carriers] == [line]
    assert len(seen(world, "staff").indicator_gaps) == len(found) - 1


def test_what_cannot_be_carried_yet_is_no_gap(world, both, visit, words):
    """Of สตม., which hasn't signed, its divisions may carry the goals, as their rule annexes its plan; no indicator yet."""
    command = world.agreement(code="IMM")
    before = seen(world, "auditor")
    assert (len(before.goal_gaps), before.indicator_gaps) == (1, None)
    assert any(each.is_gap for each in before.indicators)
    assert not any(knot.is_gap for knot in picture_of(before).knots if knot.kind == "indicator")
    page = visit(world.people.auditor, "desk:unit_cascade", "IMM")
    assert "เลือกรองรับได้เมื่อคำรับรองลงนามแล้ว" in words(page)
    Agreement.objects.filter(pk=command.pk).update(stage=Stage.ASSESSMENT)
    after = seen(world, "auditor")
    assert len(after.indicator_gaps) == len(after.indicators)
    assert any(knot.is_gap for knot in picture_of(after).knots if knot.kind == "indicator")


def test_units_further_down_stand_as_squares_in_the_box_of_the_unit_above_them(world, both):
    world.walk(code="RTP").to(Stage.ASSESSMENT)
    world.agreement(code="IMM")
    (command,) = (each for each in seen(world, "auditor", "RTP").read if each.unit.code == "IMM")
    states = {each.unit.code: (each.is_read, each.carries) for each in command.further}
    assert states["IMM-D1"] == states["IMM-D2"] == (True, True)
    assert (command.readable, command.carrying) == (2, 2)
    (box,) = (each for each in picture_of(seen(world, "auditor", "RTP")).boxes if each.name == "สตม.")
    assert [each.state for each in box.squares].count("carries") == 2
    assert len(box.squares) == len(command.further)


def test_where_there_is_no_room_those_that_carry_something_are_drawn(world, both, monkeypatch):
    monkeypatch.setattr("desk.cascade_page.MOST_DRAWN", 1)
    picture = picture_of(seen(world, "auditor"))
    assert (len(picture.boxes), picture.left_out) == (1, 1)
    assert not picture.boxes[0].is_gap


def test_the_picture_and_the_table_say_the_same(world, both):
    cascade = seen(world, "auditor")
    picture = picture_of(cascade)
    assert [knot.is_gap for knot in picture.knots] == [False, True]
    assert len(picture.threads) == sum(len(goal.carriers) for goal in cascade.goals) == 3
    assert len(picture.boxes) == len(cascade.read)


@pytest.mark.parametrize("who", ["stranger", "nobody", "administrator"])
def test_the_map_of_a_unit_is_not_there_for_who_has_nothing_to_do_with_it(world, both, visit, who):
    assert visit(getattr(world.people, who), "desk:unit_cascade", "IMM").status_code == 404


def test_a_year_that_was_never_opened_leads_to_the_one_that_was(world, both, visit):
    page = visit(world.people.staff, "desk:unit_cascade", "IMM", year="9999")
    assert page.context["cascade"].year == YEAR


@pytest.fixture(params=[3, 300])
def units(request, world):
    """So many divisions below สตม. with agreements that each carry its first goal."""
    draft = world.draft
    model, goal = draft.lines.first(), goal_of("IMM")
    made = plant([
        OrgUnit(code=f"IMM-X{n}", parent=world.units.imm, tier=3, kind="division", signs_agreement=True,
                name_th=f"กองกำกับการทดสอบ {n}") for n in range(request.param)
    ])  # fmt: skip
    plans = ActionPlan.objects.bulk_create(ActionPlan(unit=unit, fiscal_year=world.year) for unit in made)
    shared = ("fiscal_year", "framework", "rule", "signs_with", "counterpart", "starts_on", "ends_on")
    agreements = Agreement.objects.bulk_create(
        Agreement(code=f"2570-{unit.code}", unit=unit, plan=plan, stage=Stage.INFORMAL, pen=Pen.NEGOTIATOR,
                  stage_since=world.at(), **{name: getattr(draft, name) for name in shared})
        for unit, plan in zip(made, plans, strict=True)
    )  # fmt: skip
    Line.objects.bulk_create(
        Line(agreement=each, dimension=model.dimension, position=1, name="ก", weight=100, carries_item=goal)
        for each in agreements
    )
    return request.param


QUERIES = 12


def test_the_map_costs_the_same_for_3_units_and_for_300(world, client, units):
    client.force_login(world.people.negotiator)
    client.get(reverse("desk:verify"))
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("desk:unit_cascade", args=["IMM"]))
    carriers = page.context["cascade"].goals[0].carriers
    assert (page.status_code, len(carriers), len(asked)) == (200, units, QUERIES)
    assert QUERIES <= 15
