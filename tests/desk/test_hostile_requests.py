"""Requests that no form of ours sends: other people's ids, ids that no row has, values made to break something."""

import logging
import re

import pytest
from django.db import transaction
from django.urls import reverse

from agreements.models import Agreement, Line
from agreements.stages import Pen, Stage
from tests.desk.asking import address, headers, payload, query
from tests.desk.scene import stage_scene
from tests.desk.verdict_table import METHODS, routes
from tests.desk.written import written_by

# Whose turn it is to fill in the forms.
TURNS = {
    "staff writes": ("staff", Stage.DRAFT, Pen.STAFF),
    "negotiator speaks": ("negotiator", Stage.INFORMAL, Pen.NEGOTIATOR),
    "staff answers": ("staff", Stage.INFORMAL, Pen.STAFF),
    "minutes are taken": ("negotiator", Stage.FORMAL, Pen.NEGOTIATOR),
    "head signs": ("head", Stage.SIGNING, Pen.HEAD),
    "staff reports": ("staff", Stage.ASSESSMENT, Pen.STAFF),
    "evaluator finds": ("evaluator", Stage.EVALUATION, Pen.EVALUATOR),
}
HOSTILE = ("\0", "9" * 40, "-1", "' OR 1=1 --", "{{ 7|add:7 }}<script>alert(1)</script>", "\u202e\ufeff\u200b", "๙" * 9)
NOT_LET_IN, NOT_ASKED_SO = (403, 404, 405), 405
STRANGE_CODES = ("%00", "2570-IMM-D1%00", "..", "2570-imm-d1", "%E0%B8%81", "x" * 500)
# One move stands for all: they have one form, and a second one with the password.
FORMS = tuple(route for route in routes() if not route.startswith("move:")) + ("move:submit", "move:close")


@pytest.fixture
def sit_down(world, client, caplog):
    """sit_down(who, stage, pen) → (scene, user), signed in at `client`."""
    caplog.set_level(logging.ERROR, "django.request")

    def begin(who, stage, pen):
        user = world.people.get(who)
        client.force_login(user)
        client.raise_request_exception = False
        return stage_scene(world, "IMM-D1", stage, pen), user

    return begin


@pytest.fixture
def reader(sit_down):
    """(scene, user): an agreement with everything in it, and somebody who opens most pages."""
    return sit_down(*TURNS["evaluator finds"])


def asked(client, method, path, data, named):
    """The answer, as if nothing else had been asked."""
    cookies = dict(client.cookies)
    with transaction.atomic():
        answer = (client.get if method == "GET" else client.post)(path, data, headers=named)
        transaction.set_rollback(True)
    answer.getvalue()
    client.cookies.clear()
    client.cookies.update(cookies)
    return answer


def some_of(values, place):
    """Three of the seven for each route, in turn: among the routes, and the turns, each stands at every place."""
    return [values[(place + step) % len(values)] for step in (0, 2, 4)]


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
def test_no_value_in_a_form_breaks_anything(sit_down, client, turn):
    scene, user = sit_down(*turn)
    broken, first = [], turn is next(iter(TURNS.values()))
    # What belongs to no agreement is the same at any turn.
    forms = [route for route in FORMS if first or address(scene, route).startswith("/agreements/")]
    for place, route in enumerate(forms, list(TURNS.values()).index(turn)):
        fields = payload(scene, route, user)
        for value in some_of(HOSTILE, place):
            answer = asked(client, "POST", address(scene, route), dict.fromkeys(fields, value), headers(scene, route))
            if answer.status_code >= 500 or b"<script>alert" in answer.content:
                broken.append((route, value, answer.status_code))
            if answer.status_code in NOT_LET_IN:
                break  # whatever is sent, nobody reads it
    assert broken == []


def test_no_value_in_an_address_breaks_anything(reader, client):
    scene, _user = reader
    names = ("q", "year", "stage", "page", "line", "document", "next", "value")
    broken = []
    for place, route in enumerate(FORMS):
        for value in some_of(HOSTILE, place):
            given = query(scene, route) | dict.fromkeys(names, value)
            answer = asked(client, "GET", address(scene, route), given, {})
            if answer.status_code >= 500 or b"<script>alert" in answer.getvalue():
                broken.append((route, value, answer.status_code))
            if answer.status_code == NOT_ASKED_SO:
                break
    assert broken == []


def test_an_id_that_no_row_can_have_is_not_found(reader, client):
    scene, _user = reader
    found = []
    for route in routes():
        path = address(scene, route)
        strange = re.sub(r"/\d+(?=/)", "/" + "9" * 30, path)
        if strange != path:
            answers = {asked(client, m, strange, {}, headers(scene, route)).status_code for m in METHODS}
            found += [(route, status) for status in answers - {403, 404, 405}]
    assert found == []


def test_a_code_that_no_agreement_has_is_not_found(reader, client):
    """Two of the codes for each route, in turn: what reads a code is one for all."""
    (scene, user), ours, found = reader, "/agreements/2570-IMM-D1/", []
    for place, route in enumerate(each for each in FORMS if ours in address(scene, each)):
        path, fields = address(scene, route), payload(scene, route, user)
        for code in (STRANGE_CODES[place % 6], STRANGE_CODES[(place + 3) % 6]):
            strange = path.replace(ours, f"/agreements/{code}/")
            answers = {asked(client, method, strange, fields, {}).status_code for method in METHODS}
            found += [(route, code, status) for status in answers - {404, 405}]
    assert found == []


@pytest.mark.parametrize("code", ["%00", "x" * 5000, "%E0%B8%81", "-", "0" * 31 + "%0A"])
def test_a_verification_code_that_was_never_issued_is_not_found(db, client, code):
    assert client.get(f"/verify/{code}/").status_code == 404


# The ids of somebody else


@pytest.fixture
def both(world, client):
    """The drafts of two units, each written by its own staff; that of the first is signed in."""
    ours, theirs = (stage_scene(world, code, Stage.DRAFT, Pen.STAFF) for code in ("IMM-D1", "IMM-D2"))
    client.force_login(world.people.staff)
    return ours, theirs


LINE_ROUTES = ("line", "line_field", "shift_line", "remove_line", "offer")
PLAN_ROUTES = ("save_plan_item", "shift_plan_item", "remove_plan_item")


@pytest.mark.parametrize("route", [*LINE_ROUTES, *PLAN_ROUTES])
def test_a_row_of_another_unit_is_not_found_under_ones_own_agreement(both, client, world, route):
    ours, theirs = both
    path = address(theirs, route).replace(theirs.agreement.code, ours.agreement.code)
    with written_by() as written:
        answer = client.post(path, payload(theirs, route, world.people.staff), headers=headers(theirs, route))
    assert (answer.status_code, written) == (404, [])


def test_a_weight_of_another_units_line_is_refused_with_all_the_rest(both, client):
    ours, theirs = both
    typed = payload(ours, "weights", None) | {f"weight-{theirs.first_line.pk}": "99"}
    with written_by() as written:
        answer = client.post(address(ours, "weights"), typed)
    page = answer.content.decode()
    assert (answer.status_code, written) == (422, [])
    assert "ตัวชี้วัดที่ไม่อยู่ (หรือไม่อยู่แล้ว) ในคำรับรองฉบับนี้" in page
    assert 'value="14.50"' in page or 'value="๑๔.๕๐"' in page


def test_a_text_for_another_units_plan_is_refused_and_shown_again(both, client):
    ours, theirs = both
    typed = payload(ours, "plan", None) | {f"text-{theirs.strategy.pk}": "เขียนให้หน่วยอื่น"}
    with written_by() as written:
        answer = client.post(address(ours, "plan"), typed)
    assert (answer.status_code, written) == (422, [])
    assert "เขียนให้หน่วยอื่น" in answer.content.decode()


@pytest.mark.parametrize("field", ["plan_item", "dimension"])
def test_a_choice_that_belongs_to_another_unit_is_refused_at_its_field(both, client, world, field):
    ours, theirs = both
    foreign = {"plan_item": theirs.goals[0].pk, "dimension": _dimension_of_a_command(world)}
    with written_by() as written:
        answer = client.post(address(ours, "line"), payload(ours, "line", None) | {field: foreign[field]})
    assert (answer.status_code, written) == (422, [])
    assert f'id="{field}_error"' in answer.content.decode()


def _dimension_of_a_command(world):
    return world.year.frameworks.get(tier=2).dimensions.first().pk


def test_nothing_can_be_added_under_another_units_plan(both, client, world):
    ours, theirs = both
    path = reverse("desk:add_plan_item", args=[ours.agreement.code, "goal", theirs.goals[0].parent_id])
    with written_by() as written:
        answer = client.post(path, payload(ours, "add_plan_item", None))
    assert (answer.status_code, written) == (404, [])


def test_a_comment_speaks_of_no_line_of_another_unit(world, client):
    ours = stage_scene(world, "IMM-D1", Stage.INFORMAL, Pen.NEGOTIATOR)
    theirs = stage_scene(world, "IMM-D2", Stage.INFORMAL, Pen.NEGOTIATOR)
    client.force_login(world.people.negotiator)
    with written_by() as written:
        answer = client.post(address(ours, "comment"), {"text": "ความเห็น", "line": theirs.first_line.pk})
    assert (answer.status_code, [sql for sql in written if "idempotency" not in sql]) == (422, [])
    assert "ความเห็น</textarea>" in answer.content.decode()


# Columns that no form offers


def test_no_column_can_be_set_that_the_form_does_not_hold(both, client):
    ours, theirs = both
    line = ours.last_line
    smuggled = {
        "agreement": theirs.agreement.pk,
        "agreement_id": theirs.agreement.pk,
        "id": theirs.last_line.pk,
        "position": 99,
        "stage": "closed",
        "pen": "nobody",
        "unit": theirs.agreement.unit_id,
        "written_from": "0" * 32,
    }
    answer = client.post(address(ours, "line"), payload(ours, "line", None) | smuggled)

    assert answer.status_code == 302
    saved = Line.objects.get(pk=line.pk)
    assert (saved.agreement_id, saved.position) == (ours.agreement.pk, line.position)
    assert saved.definition == "คำนิยามที่แก้ไขแล้ว"
    assert Agreement.objects.get(pk=ours.agreement.pk).stage == "draft"
