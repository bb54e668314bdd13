from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from thai.numbers import (
    NotANumber,
    fixed_number,
    grouped_number,
    measured,
    parse_decimal,
    plain_number,
    show_digits,
    to_arabic,
    to_thai,
)

storable = st.decimals(min_value=-(10**11) + 1, max_value=10**11 - 1, places=4)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("๑,๒๓๔.๕", "1234.5"),
        ("1,234,567", "1234567"),
        ("  88.40 ", "88.40"),
        ("\u00a0๑๒\u200b", "12"),
        ("−3.25", "-3.25"),
        ("-0", "0"),
        ("+4", "4"),
        (".5", "0.5"),
        ("5.", "5"),
        ("007", "7"),
        ("1.50000", "1.5000"),
        ("99999999999.9999", "99999999999.9999"),
    ],
)
def test_numbers_are_taken_as_people_type_them(typed, number):
    assert parse_decimal(typed) == Decimal(number)
    assert str(parse_decimal(typed)) == number


EMPTY = "Please type a number."
NO_VALUE = "leave this field blank"
POWER = "without powers"
COMMAS = "commas only between thousands"
NOT_COUNTED = "cannot be used as a value"
TOO_LONG = "at most 11 digits before the decimal point and 4 after it"
NOT_A_NUMBER = "digits only, without a unit"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", EMPTY),
        (" \u200b ", EMPTY),
        ("N/A", NO_VALUE),
        ("-", NO_VALUE),
        ("–", NO_VALUE),
        ("ไม่มี", NO_VALUE),
        ("10^400", POWER),
        ("๑๐^๔๐๐", POWER),
        ("1e400", POWER),
        ("1E5", POWER),
        ("2x10^3", POWER),
        ("NaN", NOT_COUNTED),
        ("sNaN", NOT_COUNTED),
        ("-Infinity", NOT_COUNTED),
        ("∞", NOT_COUNTED),
        ("1,5", COMMAS),
        ("1.234,5", COMMAS),
        ("1,,234", COMMAS),
        (",123", COMMAS),
        ("1,2345", COMMAS),
        ("1.00001", TOO_LONG),
        ("100000000000", TOO_LONG),
        ("1" * 100_000, TOO_LONG),
        ("0." + "0" * 100_000 + "1", TOO_LONG),
        ("85%", NOT_A_NUMBER),
        ("1 234", NOT_A_NUMBER),
        ("1\n2", NOT_A_NUMBER),
        ("٣", NOT_A_NUMBER),
        ("１２", NOT_A_NUMBER),
        ("1_000", NOT_A_NUMBER),
        ("=1+1", NOT_A_NUMBER),
        (".", NOT_A_NUMBER),
    ],
)
def test_what_is_not_a_number_is_refused_with_a_sentence(typed, sentence):
    with translation.override("en"), pytest.raises(NotANumber) as refused:
        parse_decimal(typed)
    assert sentence in str(refused.value)


def test_the_sentence_is_in_the_readers_language():
    with pytest.raises(NotANumber) as refused:
        parse_decimal("N/A")
    assert str(refused.value) == "“N/A” ไม่ใช่ตัวเลข หากยังไม่มีค่า โปรดเว้นช่องนี้ว่างไว้"


def test_the_limits_are_the_callers():
    assert parse_decimal("999.99", max_digits=5, decimal_places=2) == Decimal("999.99")
    with pytest.raises(NotANumber):
        parse_decimal("1000", max_digits=5, decimal_places=2)
    with pytest.raises(NotANumber):
        parse_decimal("1.001", max_digits=5, decimal_places=2)
    assert parse_decimal("15", max_digits=2, decimal_places=0) == 15


@given(st.text())
def test_thai_digits_and_back_is_the_same_text(text):
    assert to_arabic(to_thai(text)) == to_arabic(text)
    assert len(to_thai(text)) == len(text)


@given(st.text())
def test_any_text_is_a_number_or_a_sentence(text):
    try:
        number = parse_decimal(text)
    except NotANumber as wrong:
        sentence = str(wrong)
        number = None
    assert sentence if number is None else number.is_finite()


@given(storable, st.booleans())
def test_a_shown_number_is_read_back_as_the_same_number(number, thai):
    shown = grouped_number(number)
    assert parse_decimal(to_thai(shown) if thai else shown) == number
    assert parse_decimal(fixed_number(number, 4)) == number
    assert parse_decimal(plain_number(number)) == number


@pytest.mark.parametrize(
    ("number", "plain", "grouped"),
    [
        ("30.0000", "30", "30"),
        ("88.40", "88.4", "88.4"),
        ("-1234567.50", "-1234567.5", "-1,234,567.5"),
        ("-0.50", "-0.5", "-0.5"),
        ("-0.0000", "0", "0"),
        ("0E-4", "0", "0"),
        ("1E+3", "1000", "1,000"),
        ("100", "100", "100"),
    ],
)
def test_a_number_shows_the_digits_it_needs(number, plain, grouped):
    assert plain_number(Decimal(number)) == plain
    assert grouped_number(Decimal(number)) == grouped


@pytest.mark.parametrize(
    ("number", "fixed"),
    [
        ("0.42605", "0.4261"),
        ("9.99995", "10.0000"),
        ("-0.00001", "0.0000"),
        ("4", "4.0000"),
        ("123456789012345678901234567890.00005", "123456789012345678901234567890.0001"),
    ],
)
def test_fixed_decimals_are_rounded_half_up(number, fixed):
    assert fixed_number(Decimal(number), 4) == fixed


def test_digits_follow_the_setting_and_the_language(settings):
    settings.THAI_DIGITS = True
    assert show_digits("ข้อ 12 (a)") == "ข้อ ๑๒ (a)"
    with translation.override("en"):
        assert show_digits("no. 12") == "no. 12"
    settings.THAI_DIGITS = False
    assert show_digits("ข้อ 12") == "ข้อ 12"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("85.0000", "ร้อยละ", "ร้อยละ 85"),
        ("4", " ระดับ ", "ระดับ 4"),
        ("20", "วัน", "20 วัน"),
        ("1.5", "ร้อยละของผู้รับบริการ", "1.5 ร้อยละของผู้รับบริการ"),
        ("7", "", "7"),
    ],
)
def test_a_unit_of_measure_stands_where_thai_says_it(value, unit, said):
    assert measured(Decimal(value), unit) == said
