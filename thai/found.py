"""Finding words in text as people spell them: Thai and Arabic digits alike, large and small letters alike.

Pure. What is found is given back in pieces, so that a page can mark it.
"""

import re
import unicodedata
from typing import NamedTuple

from thai.numbers import to_arabic, to_thai

ELLIPSIS = "…"


class Piece(NamedTuple):
    """A run of text; `found`: it is what was looked for."""

    text: str
    found: bool


def spellings(word: str) -> set[str]:
    """The word as it may stand in what people wrote: in their digits or ours."""
    return {word, to_arabic(word), to_thai(word)}


def pieces(text: str, words: list[str]) -> list[Piece]:
    """The text in runs, each word in it (however it is spelt) a run of its own, with the marks that ride on its letters."""
    found: list[Piece] = []
    end = 0
    for start, stop in _places(text, words):
        if start > end:
            found.append(Piece(text[end:start], False))
        found.append(Piece(text[start:stop], True))
        end = stop
    return [*found, Piece(text[end:], False)] if end < len(text) else found


def excerpt(text: str, words: list[str], *, around: int = 90) -> str:
    """What stands round the first word found, cut between letters and on one line; the beginning where none is found."""
    text = " ".join(text.split())
    places = _places(text, words)
    start, stop = places[0] if places else (0, 0)
    begin, end = _past_marks(text, max(start - around, 0)), _past_marks(text, min(stop + around, len(text)))
    return f"{ELLIPSIS if begin else ''}{text[begin:end]}{ELLIPSIS if end < len(text) else ''}"


def _places(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where the words stand, without overlaps, in order."""
    wanted = sorted({_plain(word) for word in words if word}, key=len, reverse=True)
    if not wanted:
        return []
    found = re.finditer("|".join(re.escape(word) for word in wanted), _plain(text))
    return [(match.start(), _past_marks(text, match.end())) for match in found]


def _plain(text: str) -> str:
    """The text as it is compared; letter for letter as long as it was."""
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in to_arabic(text))


def _past_marks(text: str, place: int) -> int:
    """The place behind the vowels and tones that ride on the letter before it: a mark never parts them."""
    while place < len(text) and unicodedata.category(text[place]) == "Mn":
        place += 1
    return place
