"""Bad input: each a Thai sentence at its field, with the rest kept; and nothing that was typed is ever lost."""

import re

import pytest

from accounts.models import User
from tests.desk.browser import Page
from tests.desk.typing_cases import NUMBERS, TEXTS, Typist, is_stored
from tests.desk.written import written_by
from tests.world import PASSWORD
from thai.numbers import to_arabic

THAI = re.compile("[ก-๛]")
A_LOT = "ก" * 100_000
NO_NUMBERS = ("10^400", "1e400", "NaN", "Infinity", "-inf", "1,5", "N/A", "สิบ", "๑.๒.๓", "9" * 30, "0.00001", "1" * 5000)


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
    text, number = ("๑๔.๕๐", "14.5") if "weight" in counter.name else (" ๑,๒๓๔.๕ ", "1234.5")

    answer = counter.type(text)

    assert answer.status_code == 302
    assert number in {f"{value.normalize():f}" for value in _numbers(counter.scene)}
