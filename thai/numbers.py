"""Numbers as people type and read them: Thai digits, thousands separators, sentences for what isn't a number."""

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

from django.conf import settings
from django.utils.translation import gettext as _

from thai.language import is_thai

ARABIC = "0123456789"
THAI = "๐๑๒๓๔๕๖๗๘๙"
_TO_THAI = str.maketrans(ARABIC, THAI)
_TO_ARABIC = str.maketrans(THAI, ARABIC)

# Room for 15 digits with separators, sign and a long tail of zeros; anything longer is not looked at closely.
LONGEST_TYPED = 60
_SIGNS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "－": "-"})
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_PLAIN = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?|[+-]?\.[0-9]+")
_COMMAS = re.compile(r"[+-]?[0-9.]*,[0-9.,]*")
_EXPONENT = re.compile(r"[+-]?[0-9.,]+ *(?:e|\^|\*\*|[x×*] *10).*", re.IGNORECASE)
_NO_VALUE = re.compile(r"n/?\.?a\.?|none|null|nil|-+|ไม่มี|ไม่มีข้อมูล", re.IGNORECASE)
_NOT_FINITE = re.compile(r"[+-]?(?:s?nan[0-9]*|inf(?:inity)?|∞)", re.IGNORECASE)


# A number as it is computed with, or in digits as it stands in a snapshot.
Number = Decimal | int | str


class NotANumber(ValueError):
    """What was typed can't be taken as a number; `str()` is a sentence in the reader's language."""


def to_thai(text: str) -> str:
    """Every 0–9 as a Thai digit; nothing else changes."""
    return text.translate(_TO_THAI)


def to_arabic(text: str) -> str:
    """Every Thai digit as 0–9; nothing else changes."""
    return text.translate(_TO_ARABIC)


def shows_thai_digits() -> bool:
    """Whether people read Thai digits now: the setting is on, and the language is Thai."""
    return settings.THAI_DIGITS and is_thai()


def show_digits(text: str) -> str:
    """`text` with the digits that people are shown now."""
    return to_thai(text) if shows_thai_digits() else text


def plain_number(value: Number) -> str:
    """The digits a number needs, and no more: 30.0000 → "30", 88.40 → "88.4"; never an exponent."""
    text = format(Decimal(value), "f")
    return _unsigned_zero(text.rstrip("0").rstrip(".") if "." in text else text)


# Units of measure that Thai says before the number: "ร้อยละ 85", but "20 วัน".
BEFORE_THE_NUMBER = frozenset({"ร้อยละ", "ระดับ", "ขั้นตอนที่", "ขั้นที่", "ลำดับที่"})


def measured(value: Number, unit: str) -> str:
    """A number with its unit of measure, in the order in which Thai says them; alone where there is no unit."""
    text, unit = plain_number(value), unit.strip()
    return f"{unit} {text}" if unit in BEFORE_THE_NUMBER else f"{text} {unit}".strip()


def grouped_number(value: Number, places: int | None = None) -> str:
    """Separators between thousands: "1,234.5"; `places` fixes the decimals, rounding half up."""
    text = plain_number(value) if places is None else fixed_number(value, places)
    sign = "-" if text.startswith("-") else ""
    whole, point, fraction = text.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}{point}{fraction}"


def fixed_number(value: Number, places: int) -> str:
    """`value` with exactly so many decimals, rounded half up: 4.3, 4 → "4.3000"."""
    number = Decimal(value)
    with localcontext() as context:
        context.prec = max(number.adjusted() + 1, 1) + places + 1
        rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return _unsigned_zero(format(rounded, "f"))


def parse_decimal(text: str, *, max_digits: int = 15, decimal_places: int = 4) -> Decimal:
    """The number that was typed, with the decimals it was typed with.

    Thai digits, separators between thousands, space around and the sign − are understood. Raises `NotANumber`, whose
    text tells the typist what to do. Zeros beyond `decimal_places` are dropped, other digits there are refused.
    """
    typed = to_arabic(text).strip().strip(_INVISIBLE).strip().translate(_SIGNS)
    if len(typed) > LONGEST_TYPED:
        raise NotANumber(_too_many_digits(max_digits, decimal_places))
    if not _PLAIN.fullmatch(typed):
        raise NotANumber(_what_is_wrong(typed, shown=text.strip()))
    whole, _point, fraction = typed.replace(",", "").lstrip("+-").partition(".")
    fraction = fraction[:decimal_places] + fraction[decimal_places:].rstrip("0")
    if len(fraction) > decimal_places or len(whole.lstrip("0")) > max_digits - decimal_places:
        raise NotANumber(_too_many_digits(max_digits, decimal_places))
    number = Decimal(f"{whole or '0'}.{fraction}" if fraction else whole or "0")
    return -number if typed.startswith("-") and number else number


def _unsigned_zero(text: str) -> str:
    return text.lstrip("-") if not text.strip("-0.") else text


def _what_is_wrong(typed: str, *, shown: str) -> str:
    """The sentence for a text that isn't a number."""
    if not typed:
        return _("Please type a number.")
    if _NO_VALUE.fullmatch(typed):
        return _("“%(typed)s” is not a number. If there is no value yet, please leave this field blank.") % {
            "typed": shown
        }
    if _NOT_FINITE.fullmatch(typed):
        return _("“%(typed)s” cannot be used as a value. Please type a number that can be counted.") % {"typed": shown}
    if _EXPONENT.fullmatch(typed):
        return _("Please write the number out in digits, without powers such as 10^3 or 1e3.")
    if _COMMAS.fullmatch(typed):
        return _(
            "The commas in “%(typed)s” are not between thousands. Please use a full stop for decimals "
            "and commas only between thousands, for example 1,234.5."
        ) % {"typed": shown}
    return _("“%(typed)s” is not a number. Please type digits only, without a unit, for example 1,234.5.") % {
        "typed": shown
    }


def _too_many_digits(max_digits: int, decimal_places: int) -> str:
    return _(
        "This number is too long. Please use at most %(whole)d digits before the decimal point and %(places)d after it."
    ) % {"whole": max_digits - decimal_places, "places": decimal_places}
