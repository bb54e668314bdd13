"""Text as it is kept: one form of every character, nothing invisible that could mislead a reader."""

import re
import unicodedata

_NEWLINES = re.compile("\r\n|[\r\u0085\u2028\u2029]")
# Control characters but tab and newline; marks that turn the reading direction (a signed text must read as it is
# written); byte order mark; lone surrogates, which no database takes. The zero-width space stays: Thai may break there.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def tidy(text: str) -> str:
    """`text` in NFC, without control characters (newline and tab stay), newlines as \\n, no space at the ends.

    Never NFKC: it takes สระอำ apart.
    """
    text = _UNWANTED.sub("", _NEWLINES.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip()


def one_line(text: str) -> str:
    """`tidy`, with every run of white space as one space."""
    return " ".join(tidy(text).split())


# Vowels and tone marks above and below a consonant take no room of their own; those before it end no text.
ABOVE_AND_BELOW = frozenset("ัิีึืฺุู็่้๊๋์ํ๎")
BEFORE = "เแโใไ "


def shortened(text: str, longest: int) -> str:
    """The text, cut with … where it takes more room than that many letters."""
    room = 0
    for place, letter in enumerate(text):
        room += letter not in ABOVE_AND_BELOW
        if room > longest:
            return text[:place].rstrip(BEFORE) + "…"
    return text
