"""The appeal's fields save themselves as they are left, for the unit and for the panel; nothing typed is lost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.stages import Stage
from results.appeal import save_decisions, save_objections
from results.appeal_rules import appeal_of
from results.models import AppealLine, AppealPanel, Evaluation
from tests.desk.asking import filled
from tests.desk.scene import Scene, appeal_form

D1 = "2570-IMM-D1"
TYPED = "ข้อความที่กำลังพิมพ์อยู่"


@pytest.fixture
def walk(world):
    walk = world.walk()
    walk.to(Stage.APPEAL, "head")
    until_in(9)
    walk.object_to_scores()
    return walk


def until_in(days):
    Evaluation.objects.update(appeal_until=timezone.localdate() + timedelta(days=days))


def typed(walk, **changes):
    form = appeal_form(Scene(walk.agreement))
    versions = {f"version-{each.pk}": each.version for _line, each in form.lines}
    return filled(form) | versions | {"version": 1} | changes


@pytest.fixture
def leave(client):
    """leave(user, "objection-12", data) → the answer to a field that saves itself when it is left."""

    def post(user, name, data):
        client.force_login(user)
        headers = {"HX-Request": "true", "HX-Trigger-Name": name}
        return client.post(reverse("desk:appeal_field", args=[D1]), data, headers=headers)

    return post


def test_every_field_of_both_forms_knows_where_it_saves_itself(world, walk, visit):
    address = reverse("desk:appeal_field", args=[D1])
    for who in ("staff", "evaluator"):
        form = visit(world.people.get(who), "desk:appeal", D1).context["form"]
        if form is None:
            walk.move("lodge_appeal", walk.people.head)
            form = visit(world.people.get(who), "desk:appeal", D1).context["form"]
        assert {field.widget.attrs["hx-post"] for field in form.fields.values()} == {address}


def test_an_objection_saves_itself_and_what_is_wrong_elsewhere_does_not_hinder_it(world, walk, leave):
    second, third = AppealLine.objects.all()[1:3]
    data = typed(walk, **{f"objection-{second.pk}": TYPED, f"asked-{third.pk}": "ไม่ใช่ตัวเลข"})
    answer = leave(world.people.staff, f"objection-{second.pk}", data)

    assert answer.status_code == 200
    page = answer.content.decode()
    assert f'id="version-{second.pk}" value="2" hx-swap-oob="true"' in page
    assert 'id="moves"' in page
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.objection, third.asked_value) == (TYPED, None)


def test_a_figure_that_cannot_be_read_or_scored_is_said_beside_its_field(world, walk, leave, words):
    last = AppealLine.objects.last()
    answer = leave(world.people.staff, f"asked-{last.pk}", typed(walk, **{f"asked-{last.pk}": "3.5"}))
    assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("name", ["objection-999999", "version-1", "", "objection-", "people", "decision-1"])
def test_a_field_of_no_line_here_is_refused(world, walk, leave, name):
    assert leave(world.people.staff, name, typed(walk)).status_code == 422


def test_a_stale_field_is_told_what_stands_there_and_saves_nothing(world, walk, leave, words):
    first = AppealLine.objects.first()
    given = typed(walk, **{f"objection-{first.pk}": TYPED})
    by = {"actor": world.people.office, "at": walk.diary.soon()}
    save_objections(appeal_of(walk.agreement), [(first, {"objection": "ของผู้อื่น"}, first.version)], **by)

    answer = leave(world.people.staff, f"objection-{first.pk}", given)

    assert (answer.status_code, "ของผู้อื่น" in words(answer)) == (409, True)
    first.refresh_from_db()
    assert first.objection == "ของผู้อื่น"


def test_a_stale_page_shows_theirs_and_mine(world, walk, send, words):
    first = AppealLine.objects.first()
    given = typed(walk, **{f"objection-{first.pk}": TYPED})
    by = {"actor": world.people.office, "at": walk.diary.soon()}
    save_objections(appeal_of(walk.agreement), [(first, {"objection": "ของผู้อื่น"}, first.version)], **by)

    answer = send(world.people.staff, "desk:appeal", D1, **given)

    assert answer.status_code == 409
    assert "ของผู้อื่น" in words(answer)
    assert TYPED in words(answer)


def test_the_page_that_saved_a_field_never_clashes_with_itself(world, walk, leave, send):
    first = AppealLine.objects.first()
    key = "a" * 22
    for text in ("แรก", "ที่สอง"):
        data = typed(walk, **{f"objection-{first.pk}": text, f"version-{first.pk}": first.version, "page": key})
        assert leave(world.people.staff, f"objection-{first.pk}", data).status_code == 200
    first.refresh_from_db()
    assert first.objection == "ที่สอง"


@pytest.mark.parametrize("days", [-1])
def test_what_is_typed_when_the_days_end_is_shown_to_be_copied(world, walk, send, leave, days):
    second = AppealLine.objects.all()[1]
    given = typed(walk, **{f"objection-{second.pk}": TYPED})
    until_in(days)

    answer = send(world.people.staff, "desk:appeal", D1, **given)

    told = answer.content.decode()
    assert answer.status_code == 403
    assert TYPED in told
    assert "พ้นกำหนดอุทธรณ์แล้ว" in told
    field = leave(world.people.staff, f"objection-{second.pk}", given)
    # The page stays as it is, with the text in its field; the reason comes on top of it.
    assert (field.status_code, field["HX-Retarget"]) == (403, "#main")
    second.refresh_from_db()
    assert second.objection == ""


def test_what_is_typed_while_a_colleague_lodges_is_shown_to_be_copied(world, walk, send):
    second = AppealLine.objects.all()[1]
    given = typed(walk, **{f"objection-{second.pk}": TYPED})
    walk.move("lodge_appeal", walk.people.head)

    answer = send(world.people.staff, "desk:appeal", D1, **given)

    assert (answer.status_code, TYPED in answer.content.decode()) == (403, True)


# The panel


@pytest.fixture
def lodged(walk):
    walk.move("lodge_appeal", walk.people.head)
    return walk


def test_the_panel_and_its_decisions_save_themselves_with_the_score_by_what_is_decided(world, lodged, leave, words):
    evaluator, line = world.people.evaluator, AppealLine.objects.first()
    answer = leave(evaluator, "people", typed(lodged, people=TYPED))
    assert 'name="version" id="version" value="2" hx-swap-oob="true"' in answer.content.decode()
    assert leave(evaluator, "met_on", typed(lodged, version=2, met_on="๑/๑๒/๒๕๗๐")).status_code == 200
    assert (
        leave(evaluator, f"decision-{line.pk}", typed(lodged, **{f"decision-{line.pk}": "changed"})).status_code == 200
    )
    decided = leave(evaluator, f"decided-{line.pk}", typed(lodged, **{f"decided-{line.pk}": "90"}))

    page = decided.content.decode()
    for part in (f"sides-{line.pk}", f"how-{line.pk}", "appeal-total", "moves"):
        assert f'id="{part}"' in page
    assert "แก้คะแนน" in words(decided)
    line.refresh_from_db()
    panel = AppealPanel.objects.get()
    assert (panel.people, str(panel.met_on)) == (TYPED, "2027-12-01")
    assert (line.decision, line.decided_value) == ("changed", Decimal(90))


def test_a_stale_field_of_the_panel_is_told_what_stands_there(world, lodged, leave, send, words):
    given = typed(lodged, people=TYPED)
    by = {"actor": world.people.evaluator, "at": lodged.diary.soon()}
    save_decisions(appeal_of(lodged.agreement), ({"people": "ของผู้อื่น"}, 1), [], **by)

    field = leave(world.people.evaluator, "people", given)
    assert (field.status_code, "ของผู้อื่น" in words(field)) == (409, True)
    page = send(world.people.evaluator, "desk:appeal", D1, **given)
    assert page.status_code == 409
    assert "ของผู้อื่น" in words(page)
    assert TYPED in words(page)


def test_what_the_panel_types_while_the_head_withdraws_is_shown_to_be_copied(world, lodged, send):
    given = typed(lodged, people=TYPED)
    lodged.move("withdraw_appeal", lodged.people.head, reason="ตกลงกันได้แล้ว")

    answer = send(world.people.evaluator, "desk:appeal", D1, **given)

    assert (answer.status_code, TYPED in answer.content.decode()) == (403, True)
    assert AppealPanel.objects.get().people == ""


@pytest.mark.parametrize("who", ["staff", "superior", "negotiator", "auditor"])
def test_nobody_else_saves_a_decision(world, lodged, leave, who):
    line = AppealLine.objects.first()
    data = typed(lodged, **{f"reason-{line.pk}": "แทรก"})

    assert leave(world.people.get(who), f"reason-{line.pk}", data).status_code == 403
    line.refresh_from_db()
    assert line.reason == ""
