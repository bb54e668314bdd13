"""Bad input: each a Thai sentence at its field, with the rest kept; and nothing that was typed is ever lost."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from acts.models import Entry
from agreements.models import Line, PlanItem
from tests.desk.browser import Page
from tests.desk.typing_cases import NUMBERS, TEXTS, Typist, is_stored, is_stored_number
from tests.desk.written import written_by
from tests.world import PASSWORD
from thai.numbers import to_arabic

THAI = re.compile("[ก-๛]")
A_LOT = "ก" * 100_000
NO_NUMBERS = (
    "10^400",
    "1e400",
    "NaN",
    "Infinity",
    "-inf",
    "1,5",
    "N/A",
    "สิบ",
    "๑.๒.๓",
    "9" * 30,
    "0.00001",
    "1" * 5000,
)


@pytest.fixture(params=TEXTS, ids=str)
def typist(request, world, client):
    """Somebody at each field for text."""
    return Typist(world, client, request.param)


# Too much


def test_a_hundred_thousand_characters_are_told_their_limit_and_stay(typist):
    with written_by() as written:
        answer = typist.type(A_LOT)

    page = Page(answer, typist.page.url)
    said = to_arabic(typist.said(page))
    assert answer.status_code == 422
    assert f"{typist.field.limit:,}" in said
    assert "100,000" in said
    assert THAI.search(said)
    assert typist.shown(page) == A_LOT
    assert written == []


def test_what_just_fits_is_kept_whole(typist):
    text = "ข" * typist.field.limit

    answer = typist.type(text)

    assert answer.status_code == 302
    assert is_stored(text)


# No numbers


@pytest.fixture(params=NUMBERS, ids=str)
def counter(request, world, client):
    """Somebody at each field for a number."""
    return Typist(world, client, request.param)


def test_what_is_no_number_is_said_at_its_field_and_stays(counter):
    for text in NO_NUMBERS:
        with written_by() as written:
            answer = counter.type(text)
        page = Page(answer, counter.page.url)
        assert (text, answer.status_code) == (text, 422)
        assert THAI.search(counter.said(page)), text
        assert counter.shown(page) == text
        assert written == []


def test_a_number_is_taken_as_thai_people_write_it(counter):
    text, number = ("๑๔.๕", "14.5") if "weight" in counter.name else (" ๑,๒๓๔.๕ ", "1234.5")

    answer = counter.type(text)

    assert answer.status_code == 302
    assert is_stored_number(Decimal(number))


# The session ran out


def test_after_signing_in_again_the_same_form_stands_there_with_every_character(typist):
    typed = 'ก่อน "หมดเวลา" <b>&amp;</b> {{ ๗ }} แต้ม'
    if typist.field.limit > 500:
        typed += "\n\nย่อหน้าสอง\tจบ"
    typist.form.fields[typist.name] = typed
    typist.browser.client.logout()

    held = typist.browser.send(typist.form)
    landed = typist.browser.sign_in_again(held, PASSWORD, typist.user)

    assert held.status_code == 403
    assert _as_typed(typist.find(landed)) == _as_typed(typist.form)
    assert not is_stored(typed)
    assert typist.browser.send(typist.find(landed)).status_code == 302
    assert is_stored(typed)


def _as_typed(form):
    ours = ("csrfmiddlewaretoken", "idempotency", "page")
    return {name: value for name, value in form.fields.items() if name not in ours}


def test_a_hundred_thousand_characters_outlast_the_session_too(world, client):
    typist = Typist(world, client, next(field for field in TEXTS if field.name == "definition"))
    typist.form.fields["definition"] = A_LOT
    client.logout()

    landed = typist.browser.sign_in_again(typist.browser.send(typist.form), PASSWORD, typist.user)

    assert typist.shown(landed) == A_LOT


# Somebody else was first


STALE = [
    field
    for field in TEXTS
    if field.page in ("line", "plan", "result", "evaluation") and not str(field).endswith("issue_blank")
] + [field for field in TEXTS if field.page == "minutes" or str(field) == "amend_line.definition"]


@pytest.fixture(params=STALE, ids=str)
def late(request, world, client):
    """Somebody who opened the page before another person saved the same field."""
    typist = Typist(world, client, request.param)
    other = Typist.beside(typist, Client())
    assert other.type("ของอีกคน").status_code == 302
    return typist


def test_a_stale_save_shows_both_texts_and_overwrites_nothing(late):
    before = Entry.objects.count()

    answer = late.type("ของฉัน")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "ของอีกคน" in page
    assert "ของฉัน" in page
    assert is_stored("ของอีกคน")
    assert not is_stored("ของฉัน")
    assert Entry.objects.count() == before


def test_mine_is_saved_over_theirs_when_i_say_so(late):
    late.form.fields |= _typed_besides(late)
    asked = Page(late.type("ของฉัน"), late.page.url)

    answer = late.browser.send(late.find(asked))

    assert answer.status_code == 302
    assert is_stored("ของฉัน")
    assert all(is_stored(text) for text in _typed_besides(late).values())


def test_theirs_is_kept_when_i_say_so_and_the_rest_of_mine_is_saved(late):
    late.form.fields |= _typed_besides(late)
    asked = Page(late.type("ของฉัน"), late.page.url)
    form = late.find(asked)
    form.fields[late.name] = "ของอีกคน"

    answer = late.browser.send(form)

    assert answer.status_code == 302
    assert is_stored("ของอีกคน")
    assert not is_stored("ของฉัน")
    assert all(is_stored(text) for text in _typed_besides(late).values())


def _typed_besides(typist):
    """Something in another field of the same form, of a row that nobody else has changed or of the same one."""
    others = {"line": "explanation", "plan": "mission", "result": "factors", "amend_line": "conditions"}
    name = "committee" if typist.field.page == "minutes" else others.get(typist.field.page)
    return {name: "พิมพ์ไว้ด้วยกัน"} if name and name != typist.name else {}


# Twice


def test_a_form_sent_twice_has_its_effect_once(typist):
    first = typist.type("ครั้งเดียวเท่านั้น")
    before = Entry.objects.count(), Line.objects.count(), PlanItem.objects.count()

    second = typist.browser.send(typist.form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert (Entry.objects.count(), Line.objects.count(), PlanItem.objects.count()) == before


# Autosave


AUTOSAVED = [field for field in TEXTS if field in STALE and field.page not in ("minutes", "amend_line")]


@pytest.fixture(params=AUTOSAVED, ids=str)
def leaving(request, world, client):
    """Somebody at each field that saves itself when it is left."""
    return Typist(world, client, request.param)


def test_a_field_that_is_left_saves_itself_and_says_its_new_version(leaving):
    answer = leaving.leave("พิมพ์แล้วไปต่อ")

    assert answer.status_code == 200
    assert re.search(r'name="version[-\d]*"[^>]*value="\d+"[^>]*hx-swap-oob', answer.content.decode())
    assert is_stored("พิมพ์แล้วไปต่อ")


def test_a_field_that_cannot_be_saved_is_told_so_in_its_place(leaving):
    with written_by() as written:
        answer = leaving.leave(A_LOT)

    assert answer.status_code == 422
    assert f'id="{leaving.name}_autosave"' in answer.content.decode()
    assert "ยาวเกินไป" in answer.content.decode()
    assert written == []


def test_a_field_that_somebody_else_has_saved_is_told_so_in_its_place(leaving):
    Typist.beside(leaving, Client()).type("ของอีกคน")

    answer = leaving.leave("ของฉัน")

    assert answer.status_code == 409
    assert "ของอีกคน" in answer.content.decode()
    assert f'id="{leaving.name}_autosave"' in answer.content.decode()
    assert is_stored("ของอีกคน")


def test_a_page_never_clashes_with_its_own_autosaves(leaving):
    assert leaving.leave("ครั้งแรก").status_code == 200
    assert leaving.leave("ครั้งที่สอง").status_code == 200
    assert leaving.type("ครั้งที่สาม").status_code == 302
    assert is_stored("ครั้งที่สาม")


def test_signed_out_the_page_stays_and_is_told_why(leaving):
    leaving.browser.client.logout()

    answer = leaving.leave("ยังไม่บันทึก")

    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["HX-Trigger"] == "signed-out"
    assert not is_stored("ยังไม่บันทึก")


def test_who_may_not_write_is_told_above_the_page(leaving, world):
    leaving.browser.client.force_login(world.people.head)

    answer = leaving.leave("ไม่ใช่หน้าที่")

    assert answer.status_code == 403
    assert answer.headers["HX-Retarget"] == "#main"
    assert THAI.search(answer.content.decode())
    assert not is_stored("ไม่ใช่หน้าที่")
