"""The action plan as one form: whatever is pressed, all that was typed is saved, or all of it comes back."""

import pytest
from django.urls import reverse

from acts.models import Entry
from agreements.forms import PlanForm
from agreements.models import PlanItem
from agreements.write import remove_plan_item, save_plan_item, shift_plan_item
from tests.desk.asking import filled

D1 = "2570-IMM-D1"
Kind = PlanItem.Kind


@pytest.fixture
def draft(world):
    return world.draft


@pytest.fixture
def plan(draft):
    return draft.plan


def item(plan, kind, place=0):
    return list(plan.items.filter(kind=kind))[place]


def sent(plan, **changed):
    """What the browser sends of the plan as it is now, with what was typed."""
    form = PlanForm(plan=plan)
    versions = {form.version_name(row): row.version for row, _column in form.places.values()}
    return filled(form) | versions | changed


def text(thing):
    return type(thing).objects.get(pk=thing.pk).text


# Saving


def test_everything_that_was_typed_is_saved_at_once(world, plan, send):
    goal, measure = item(plan, Kind.GOAL), item(plan, Kind.INDICATOR)
    typed = {"vision": "ใหม่", f"text-{goal.pk}": "เป้าใหม่", f"target-{measure.pk}": "ร้อยละ 95"}
    answer = send(world.people.staff, "desk:plan", D1, **sent(plan, **typed))

    plan.refresh_from_db()
    measure.refresh_from_db()
    assert answer.url == reverse("desk:plan", args=[D1])
    assert (plan.vision, text(goal), measure.target) == ("ใหม่", "เป้าใหม่", "ร้อยละ 95")
    assert Entry.objects.filter(act="write").count() == 3


def test_what_was_not_touched_makes_no_version(world, plan, send):
    send(world.people.staff, "desk:plan", D1, **sent(plan))

    assert set(plan.items.values_list("version", flat=True)) == {1}
    assert not Entry.objects.filter(act="write").exists()


def test_with_one_error_nothing_is_saved_and_every_text_comes_back(world, plan, send, words):
    first, second = item(plan, Kind.GOAL, 0), item(plan, Kind.GOAL, 1)
    typed = {
        f"text-{first.pk}": "",
        f"text-{second.pk}": "เป้าที่แก้แล้ว",
        "mission": "พันธกิจที่แก้แล้ว",
        f"new-goal-{first.parent_id}": "เป้าที่เพิ่ม",
    }
    answer = send(world.people.staff, "desk:plan", D1, **sent(plan, **typed))

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, [f"text-{first.pk}"])
    assert "โปรดกรอกข้อมูลในช่องนี้" in words(answer)
    assert {name: form[name].value() for name in typed} == typed
    assert text(second) != "เป้าที่แก้แล้ว"


def test_a_text_too_long_says_so_at_its_place(world, plan, send, words):
    goal = item(plan, Kind.GOAL)
    answer = send(world.people.staff, "desk:plan", D1, **sent(plan, **{f"text-{goal.pk}": "ก" * 100_000}))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [f"text-{goal.pk}"])
    assert "100,000" in words(answer)


# Adding, moving, removing


def test_a_new_item_is_added_where_its_blank_stands_and_the_rest_saved_too(world, plan, send):
    goal, strategy = item(plan, Kind.GOAL), item(plan, Kind.STRATEGY)
    typed = {
        f"new-indicator-{goal.pk}": "ร้อยละใหม่",
        f"new-indicator-{goal.pk}-target": "90",
        f"text-{strategy.pk}": "แก้แล้ว",
    }
    answer = send(world.people.staff, "desk:add_plan_item", D1, "indicator", goal.pk, **sent(plan, **typed))

    added = plan.items.get(text="ร้อยละใหม่")
    assert (added.parent, added.kind, added.target) == (goal, Kind.INDICATOR, "90")
    assert answer.url.endswith(f"#item-{added.pk}")
    assert text(strategy) == "แก้แล้ว"


def test_several_blanks_can_be_filled_and_saved_together(world, plan, send):
    issue, goal = item(plan, Kind.ISSUE), item(plan, Kind.GOAL)
    typed = {"new-issue-0": "ประเด็นสอง", f"new-goal-{issue.pk}": "เป้าสาม", f"new-strategy-{goal.pk}": "กลยุทธ์สอง"}
    send(world.people.staff, "desk:plan", D1, **sent(plan, **typed))

    assert plan.items.get(text="ประเด็นสอง").parent is None
    assert plan.items.get(text="เป้าสาม").parent == issue
    assert plan.items.get(text="กลยุทธ์สอง").parent == goal


def test_an_empty_blank_is_not_added(world, plan, send, words):
    answer = send(world.people.staff, "desk:add_plan_item", D1, "issue", 0, **sent(plan))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["new-issue-0"]


def test_sent_twice_it_is_added_once(world, plan, visit, send):
    key = visit(world.people.staff, "desk:plan", D1).content.decode().split('name="idempotency" value="')[1][:32]
    form = sent(plan, **{"new-issue-0": "ประเด็นสอง", "idempotency": key})

    for _time in range(2):
        answer = send(world.people.staff, "desk:add_plan_item", D1, "issue", 0, **form)
    assert answer.url == reverse("desk:plan", args=[D1])
    assert plan.items.filter(text="ประเด็นสอง").count() == 1


@pytest.mark.parametrize(
    ("kind", "under"), [("strategy", Kind.ISSUE), ("goal", Kind.GOAL), ("issue", Kind.ISSUE), ("x", Kind.ISSUE)]
)
def test_nothing_hangs_where_it_does_not_belong(world, plan, send, kind, under):
    answer = send(world.people.staff, "desk:add_plan_item", D1, kind, item(plan, under).pk, **sent(plan))

    assert answer.status_code == 404


def test_moving_saves_what_was_typed_elsewhere(world, plan, send):
    first, second = item(plan, Kind.GOAL, 0), item(plan, Kind.GOAL, 1)
    send(world.people.staff, "desk:shift_plan_item", D1, second.pk, "up", **sent(plan, vision="แก้แล้ว"))

    plan.refresh_from_db()
    assert plan.vision == "แก้แล้ว"
    assert list(plan.items.filter(kind=Kind.GOAL)) == [second, first]


@pytest.mark.parametrize("way", ["sideways", "1"])
def test_there_is_no_third_way_to_move(world, plan, send, way):
    answer = send(world.people.staff, "desk:shift_plan_item", D1, item(plan, Kind.GOAL).pk, way, **sent(plan))

    assert answer.status_code == 404


def test_removing_says_what_goes_with_it_first(world, draft, plan, visit, send, words):
    goal = item(plan, Kind.GOAL)
    line = draft.lines.filter(plan_item__parent=goal).first()
    asked = words(visit(world.people.staff, "desk:remove_plan_item", D1, goal.pk))

    for below in goal.children.all():
        assert below.text in asked
    assert line.name in asked
    send(world.people.staff, "desk:remove_plan_item", D1, goal.pk)
    assert not PlanItem.objects.filter(pk=goal.pk).exists()


# Other people, other plans


def test_a_foreign_id_is_refused_with_its_text(world, plan, send, words):
    foreign = world.unit("IMM").action_plans.get().items.first()
    answer = send(world.people.staff, "desk:plan", D1, **sent(plan, vision="แก้แล้ว", **{f"text-{foreign.pk}": "แทรก"}))

    assert answer.status_code == 422
    assert "ข้อความ “แทรก”" in words(answer)
    plan.refresh_from_db()
    assert (plan.vision != "แก้แล้ว", text(foreign) != "แทรก") == (True, True)


def test_the_text_of_what_a_colleague_removed_meanwhile_is_told(world, draft, plan, send, words):
    strategy = item(plan, Kind.STRATEGY)
    page = sent(plan, **{f"text-{strategy.pk}": "กลยุทธ์ที่แก้แล้ว"})
    remove_plan_item(draft, strategy, actor=world.people.staff, at=world.at())

    assert "ข้อความ “กลยุทธ์ที่แก้แล้ว”" in words(send(world.people.staff, "desk:plan", D1, **page))


def test_two_people_write_different_items_in_peace(world, draft, plan, send):
    mine, theirs = item(plan, Kind.GOAL, 0), item(plan, Kind.GOAL, 1)
    page = sent(plan, **{f"text-{mine.pk}": "ของเรา"})
    save_plan_item(draft, theirs, {"text": "ของเขา"}, version=1, actor=world.people.staff, at=world.at())

    assert send(world.people.staff, "desk:plan", D1, **page).status_code == 302
    assert (text(mine), text(theirs)) == ("ของเรา", "ของเขา")


def test_one_item_written_by_two_gives_both_texts_and_a_way_back_to_the_plan(world, draft, plan, send, words):
    goal = item(plan, Kind.GOAL)
    page = sent(plan, vision="แก้แล้ว", **{f"text-{goal.pk}": "ของเรา"})
    save_plan_item(draft, goal, {"text": "ของเขา"}, version=1, actor=world.people.staff, at=world.at())

    clash = send(world.people.staff, "desk:shift_plan_item", D1, goal.pk, "down", **page)
    back = reverse("desk:plan", args=[D1]) + f"#text-{goal.pk}"
    assert (clash.status_code, clash.context["back"]) == (409, back)
    plan.refresh_from_db()
    assert plan.vision != "แก้แล้ว"

    chosen = dict(clash.context["kept"]) | {
        clash.context["version_field"]: clash.context["version"],
        f"text-{goal.pk}": "ของเรา",
    }
    send(world.people.staff, "desk:shift_plan_item", D1, goal.pk, "down", **chosen)
    plan.refresh_from_db()
    assert (text(goal), plan.vision) == ("ของเรา", "แก้แล้ว")


def test_what_i_left_alone_of_an_item_is_not_asked_about(world, draft, plan, send):
    measure = item(plan, Kind.INDICATOR)
    page = sent(plan, **{f"text-{measure.pk}": "ของเรา"})
    save_plan_item(draft, measure, {"target": "ร้อยละ 99"}, version=1, actor=world.people.staff, at=world.at())
    clash = send(world.people.staff, "desk:plan", D1, **page)

    assert [each.mine for each in clash.context["clashes"]] == ["ของเรา"]
    chosen = dict(clash.context["kept"]) | {clash.context["version_field"]: clash.context["version"]}
    send(world.people.staff, "desk:plan", D1, **chosen, **{f"text-{measure.pk}": "ของเรา"})
    measure.refresh_from_db()
    assert (measure.text, measure.target) == ("ของเรา", "ร้อยละ 99")


@pytest.mark.parametrize("route", ["plan", "save_plan_item", "shift_plan_item", "add_plan_item"])
def test_who_may_not_write_is_refused_before_anything_is_judged(world, draft, plan, send, words, route):
    goal = item(plan, Kind.GOAL)
    args = {"plan": [], "save_plan_item": [goal.pk], "shift_plan_item": [goal.pk, "up"], "add_plan_item": ["issue", 0]}[
        route
    ]

    answer = send(world.people.office, f"desk:{route}", D1, *args, **sent(plan, **{f"text-{goal.pk}": ""}))
    assert answer.status_code == 403
    assert "เฉพาะเจ้าหน้าที่แผนของ บก.ตม.1" in words(answer)


# Each text by itself


@pytest.fixture
def autosave(client, world, plan):
    def leave(route, args, field, value, **more):
        client.force_login(world.people.staff)
        headers = {"HX-Request": "true", "HX-Trigger-Name": field}
        return client.post(reverse(f"desk:{route}", args=[D1, *args]), {field: value} | more, headers=headers)

    return leave


def test_a_text_saves_itself_and_answers_with_its_version(autosave, plan):
    goal = item(plan, Kind.GOAL)
    answer = autosave("save_plan_item", [goal.pk], f"text-{goal.pk}", "แก้แล้ว", **{f"version-{goal.pk}": 1})

    assert (answer.status_code, text(goal)) == (200, "แก้แล้ว")
    assert f'id="version-{goal.pk}" value="2"' in answer.content.decode()


def test_the_vision_saves_itself(autosave, plan):
    answer = autosave("plan", [], "vision", "แก้แล้ว", version=1)

    plan.refresh_from_db()
    assert (answer.status_code, plan.vision) == (200, "แก้แล้ว")


def test_an_emptied_text_is_refused_at_its_place(autosave, plan):
    goal = item(plan, Kind.GOAL)
    answer = autosave("save_plan_item", [goal.pk], f"text-{goal.pk}", " ", **{f"version-{goal.pk}": 1})

    assert answer.status_code == 422
    assert f'id="text-{goal.pk}_autosave"' in answer.content.decode()


def test_a_text_somebody_else_saved_meanwhile_is_not_overwritten(world, draft, autosave, plan):
    goal = item(plan, Kind.GOAL)
    save_plan_item(draft, goal, {"text": "ของเขา"}, version=1, actor=world.people.staff, at=world.at())
    answer = autosave("save_plan_item", [goal.pk], f"text-{goal.pk}", "ของเรา", **{f"version-{goal.pk}": 1})

    assert answer.status_code == 409
    assert "ของเขา" in answer.content.decode()
    assert text(goal) == "ของเขา"


def test_what_is_being_added_is_not_saved_by_leaving_it(autosave, plan):
    assert autosave("plan", [], "new-issue-0", "ครึ่งประโยค", version=1).status_code == 422
    assert not plan.items.filter(text="ครึ่งประโยค").exists()


# Session, reading


def test_what_was_typed_in_a_blank_while_the_session_ran_out_comes_back(world, plan, client):
    goal = item(plan, Kind.GOAL)
    address = reverse("desk:add_plan_item", args=[D1, "strategy", goal.pk])
    page = reverse("desk:plan", args=[D1])
    typed = {f"new-strategy-{goal.pk}": "กลยุทธ์ที่พิมพ์ค้าง", "vision": "วิสัยทัศน์ที่พิมพ์ค้าง"}

    refused = client.post(address, sent(plan, **typed), headers={"Referer": f"http://testserver{page}"})
    carried = refused.context["form"]["carried"].value()
    data = {"username": "kamolchanok", "password": world.password, "carried": carried}
    back = client.post(reverse("accounts:sign_in"), data, follow=True)

    form = back.context["form"]
    assert back.request["PATH_INFO"] == page
    assert {name: form[name].value() for name in typed} == typed
    assert not plan.items.filter(text="กลยุทธ์ที่พิมพ์ค้าง").exists()


def test_others_read_the_plan_as_an_outline_with_the_reason(world, draft, plan, visit, words):
    read = words(visit(world.people.head, "desk:plan", D1))

    assert "เฉพาะเจ้าหน้าที่แผนของ บก.ตม.1" in read
    assert all(each.text in read for each in plan.items.all())


def test_once_signed_the_plan_is_read_as_it_was_signed(world, visit, words):
    agreement = world.agreement("assessment")
    signed = agreement.plan.vision
    type(agreement.plan).objects.update(vision="แก้ทีหลัง")

    assert signed in words(visit(world.people.staff, "desk:plan", D1))


def test_items_stand_in_the_order_they_were_moved_to(world, draft, plan, visit):
    first, second = item(plan, Kind.GOAL, 0), item(plan, Kind.GOAL, 1)
    shift_plan_item(draft, second, -1, actor=world.people.staff, at=world.at())
    shown = [row.item for row in visit(world.people.staff, "desk:plan", D1).context["rows"] if row.depth == 1]

    assert shown == [second, first]
