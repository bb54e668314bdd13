"""Finding words in Thai text: however the digits are written, and without parting a letter from its marks."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thai.found import excerpt, pieces, spellings

THAI = st.text(st.sampled_from("กขคงจ่้๊๋ิีึืุูัาำเแไโฟปญ 12๑๒ABab"), max_size=60)


def marked(text, *words):
    return "".join(f"[{piece.text}]" if piece.found else piece.text for piece in pieces(text, list(words)))


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("บก.ตม.1 และ บก.ตม.๑", ["ตม.๑"], "บก.[ตม.1] และ บก.[ตม.๑]"),
        ("Immigration Division 2", ["immigration", "๒"], "[Immigration] Division [2]"),
        ("ร้อยละความพึงพอใจ", ["พึงพอใจ", "ร้อยละ"], "[ร้อยละ]ความ[พึงพอใจ]"),
        ("ที่ทำการ", ["ที"], "[ที่]ทำการ"),  # the tone rides along
        ("การบริการ", ["บริการ", "การ"], "[การ][บริการ]"),  # the longer word wins
        ("ไม่มีอะไร", ["พบ"], "ไม่มีอะไร"),
        ("a.c abc", ["a.c"], "[a.c] abc"),  # a word, not a pattern
        ("ข้อความ", [], "ข้อความ"),
        ("", ["ก"], ""),
    ],
)
def test_what_is_found_is_a_piece_of_its_own(text, words, shown):
    assert marked(text, *words) == shown


@given(THAI, st.lists(st.text(st.sampled_from("กขคิ่1๑aB"), min_size=1, max_size=4), max_size=3))
def test_pieces_are_the_text_and_part_no_letter_from_its_marks(text, words):
    found = pieces(text, words)

    assert "".join(piece.text for piece in found) == text
    assert all(piece.text for piece in found)
    after_a_find = [after.text[0] for before, after in pairwise(found) if before.found]
    assert not any(unicodedata.category(letter) == "Mn" for letter in after_a_find)


def test_a_word_is_looked_for_in_both_digits():
    assert spellings("ตม.๑2") == {"ตม.๑2", "ตม.12", "ตม.๑๒"}


def test_an_excerpt_shows_what_stands_round_the_word():
    text = "ก" * 200 + " นับเฉพาะผู้รับบริการ " + "ข" * 200

    shown = excerpt(text, ["ผู้รับบริการ"], around=20)

    assert shown.startswith("…กก")
    assert shown.endswith("ขข…")
    assert "นับเฉพาะผู้รับบริการ" in shown
    assert len(shown) < 60


@given(THAI, st.integers(1, 9))
def test_an_excerpt_begins_with_a_letter(text, around):
    shown = excerpt(text, ["ก1"], around=around).lstrip("…")
    tidy = " ".join(text.split())
    assert shown.rstrip("…") in tidy or not shown
    if shown and not tidy.startswith(shown[0]):
        assert unicodedata.category(shown[0]) != "Mn"
