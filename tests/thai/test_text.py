import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thai.text import one_line, shortened, tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  ร้อยละ \n", "ร้อยละ"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\x00b\x07\x1bc\x85d", "abc\nd"),
        ("a\tb", "a\tb"),
        ("\ufeffก", "ก"),
        ("จ่าย\u202eก\u202c", "จ่ายก"),
        ("ก\ud800ข", "กข"),
        ("cafe\u0301", "café"),
        ("คำ\u200bว่า", "คำ\u200bว่า"),
    ],
)
def test_text_is_tidied(typed, kept):
    assert tidy(typed) == kept


def test_sara_am_is_not_taken_apart():
    assert tidy("คำ น้ำ ทำ") == "คำ น้ำ ทำ"
    assert unicodedata.normalize("NFKC", "คำ") != "คำ"


def test_one_line_is_one_line():
    assert one_line(" ร้อยละ\n\n ของ \t ผู้ ") == "ร้อยละ ของ ผู้"


@given(st.text(st.characters()))
def test_tidying_twice_changes_nothing_more(text):
    once = tidy(text)
    assert tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()


def test_a_long_text_is_cut_between_letters_where_marks_take_no_room():
    assert shortened("ที่นี่", 4) == "ที่นี่"
    assert shortened("ที่นี่เอง", 3) == "ที่นี่…"
    assert shortened("กขคง", 3) == "กขค…"
