"""What is done to a finished page of HTML before it is set: one style of digits, and no ugly line breaks.

Only text is touched. Markup, entities, hashes and codes (in <code>), addresses, and names such as H1N1 or PM2.5 that
begin with a Latin letter stay as they are.
"""

import re
from collections.abc import Callable

from thai.numbers import to_arabic, to_thai

# Every quantifier is possessive or begins at the start of a word, so that a text of 100,000 letters costs no more than
# its length.
_KEPT = re.compile(
    r"(<code\b.*?</code>|<[^>]*>|&#?\w+;"
    r"|\b(?:https?://|www\.)[^\s<]+|(?<![\w.+-])[\w.+-]++@[\w.-]+|\b[A-Za-z]++[0-9][A-Za-z0-9]*+(?:\.[0-9]+)?)",
    re.DOTALL | re.ASCII,
)
_TAG = re.compile(r"(<[^>]*>)")
_BODY = re.compile(r"<body\b[^>]*>")
# Thai is left out: the breaker finds words in it.
_LONG_RUN = re.compile(r"(?:&#?\w+;|[^\s<&\u0e00-\u0e7f]){60}")
_NUMBER = " [0-9๐-๙][0-9๐-๙.,/]*"
# Terms of the paper that the dictionary of the line breaker would cut in two, and words that a number belongs to (a
# no-break space doesn't hold them: the breaker of Thai passes over it), with the punctuation that clings to them.
_UNBROKEN = re.compile(
    rf"[(“]?(?:(?:ตัวชี้วัด|ปฏิบัติราชการ|ปีงบประมาณ|คนเข้าเมือง|ลงนาม|กรุงเทพมหานคร)(?:{_NUMBER})?"
    rf"|(?:พ\.ศ\.|ข้อ|ที่|ปี|ร้อยละ|ระดับ|ภาค|นครบาล){_NUMBER})[)”ฯๆ,.]*"
)


def in_one_style(html: str, *, thai_digits: bool) -> str:
    """`html` with Thai digits, or with 0–9: those typed by people, computed, and standing in the template alike."""
    return _on_text(html, to_thai if thai_digits else to_arabic)


def well_broken(html: str) -> str:
    """`html` whose body breaks its lines well: not within a term, not between a word and its number, and somewhere
    within a run of letters that has no space (the layout takes the square of its length otherwise).
    """
    begins = next(_BODY.finditer(html)).end()
    return html[:begins] + _on_text(_on_text(html[begins:], _with_chances, kept=_TAG), _bound)


def _bound(text: str) -> str:
    return _UNBROKEN.sub(lambda found: f'<span class="together">{found[0]}</span>', text)


def _with_chances(text: str) -> str:
    return _LONG_RUN.sub(lambda found: f"{found[0]}<wbr>", text)


def _on_text(html: str, turn: Callable[[str], str], kept: re.Pattern[str] = _KEPT) -> str:
    pieces = kept.split(html)
    return "".join(piece if index % 2 else turn(piece) for index, piece in enumerate(pieces))
