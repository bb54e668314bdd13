"""Reading a formula that was typed, sign by sign, into a tree. Nothing typed is ever run.

A text is bounded in its length, its nesting and the digits of its numbers: none can cost more than its length.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.formula_tree import (
    BY,
    COMPARISONS,
    FUNCTIONS,
    MINUS,
    PLUS,
    TIMES,
    Call,
    Choice,
    Name,
    Negative,
    Node,
    Number,
    Products,
    Sums,
)
from thai.numbers import to_arabic

LONGEST, DEEPEST, MOST_DIGITS = 1000, 12, 15
LONGEST_NAME = 40
IF = "if"
KNOWN = (*FUNCTIONS, IF)
_LETTERS = r"A-Za-z_\u0e01-\u0e3a\u0e40-\u0e4e"
_NAME = re.compile(rf"[A-Za-z_\u0e01-\u0e30\u0e32-\u0e33\u0e40-\u0e46][{_LETTERS}0-9]*")
_TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(?P<name>{_NAME.pattern})"
    r"|(?P<sign><=|>=|<>|!=|==|\*\*|[-+*/(),;<>=\u2212\u2013\u00d7\u00f7\u2264\u2265\u2260])"
)
# The signs that people type, and the one that each is read as.
_SAME = {
    ";": ",", "-": MINUS, "–": MINUS, "*": TIMES, "/": BY, "<=": "≤", ">=": "≥", "<>": "≠", "!=": "≠", "==": "=",
}  # fmt: skip


class FormulaError(ValueError):
    """What was typed is no formula; `str()` says why, `where` is the place in the text (from 0)."""

    def __init__(self, sentence: str, where: int) -> None:
        super().__init__(sentence)
        self.where = where


@dataclass(frozen=True)
class Token:
    kind: str  # "number" · "name" · "sign" · "end"
    text: str
    at: int


def tidied(text: str) -> str:
    """The text as it is read: NFC, digits 0–9."""
    return to_arabic(unicodedata.normalize("NFC", text)).strip()


def name_problem(name: str) -> str:
    """Why this can't be the name of a value; "" if it can."""
    if len(name) > LONGEST_NAME:
        return _("The name “%(name)s” is too long: at most %(limit)d letters and digits.") % {
            "name": f"{name[:LONGEST_NAME]}…",
            "limit": LONGEST_NAME,
        }
    if name.lower() in KNOWN:
        return _("“%(name)s” is the name of a function. Please choose another one.") % {"name": name}
    if not _NAME.fullmatch(name):
        return _(
            "“%(name)s” can't be the name of a value: please use Thai or Latin letters, digits after the first one, "
            "and no spaces."
        ) % {"name": name}
    return ""


def read(text: str) -> Node:
    """The tree of a formula; FormulaError with a sentence and the place."""
    typed = tidied(text)
    if not typed:
        raise FormulaError(_("Please type a formula."), 0)
    if len(typed) > LONGEST:
        sentence = _("This formula is too long: at most %(limit)d characters.") % {"limit": LONGEST}
        raise FormulaError(sentence, LONGEST)
    reader = _Reader(_tokens(typed))
    node = reader.sums()
    reader.expect_end()
    return node


def _tokens(text: str) -> list[Token]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaError(_unknown(text[at]), at)
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(_token(kind, match[0], at))
        at = match.end()
    return [*found, Token("end", "", len(text))]


def _token(kind: str, text: str, at: int) -> Token:
    if text == "**":
        raise FormulaError(_unknown("^"), at)
    if kind == "number":
        whole = text.partition(".")[0]
        if len(text.replace(".", "")) > MOST_DIGITS:
            sentence = _("The number %(number)s… is too long: at most %(limit)d digits.")
            raise FormulaError(sentence % {"number": text[:MOST_DIGITS], "limit": MOST_DIGITS}, at)
        if len(whole) > 1 and whole.startswith("0"):
            raise FormulaError(_no_separators(), at)
    return Token(kind, _SAME.get(text, text), at)


def _unknown(sign: str) -> str:
    if sign == "^":
        return _("Powers are not computed here. Please write the product out, for example A × A.")
    if sign == "%":
        return _("“%” can't stand in a formula. Please write × 100 or ÷ 100 instead.")
    return _(
        "“%(sign)s” can't stand in a formula. Please use the names of values, numbers, + − × ÷, brackets, "
        "and min, max, sum, mean and if."
    ) % {"sign": sign}


def _no_separators() -> str:
    return _("Please write numbers in a formula without commas between thousands.")


class _Reader:
    """Reads tokens from left to right; each method one kind of node. `depth`: how deep it stands."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.place, self.depth = tokens, 0, 0

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    def take(self, *signs: str) -> Token | None:
        """The token that stands here, if it is one of these signs; then the next one is read."""
        token = self.now
        if token.kind != "sign" or token.text not in signs:
            return None
        self.place += 1
        return token

    def sums(self) -> Node:
        first, rest = self.products(), []
        while sign := self.take(PLUS, MINUS):
            rest.append((sign.text, self.products()))
        if not rest:
            return first
        return self.bounded(Sums(first, tuple(rest), _above(first, *(node for _sign, node in rest))))

    def products(self) -> Node:
        first, rest, height = self.signed(), [], 0
        height = first.height + 1
        while sign := self.take(TIMES, BY):
            node = self.signed()
            # Each division stands as a fraction over all before it.
            height = max(height + (sign.text == BY), node.height + 1)
            self.bound(height)
            rest.append((sign.text, node))
        return Products(first, tuple(rest), height) if rest else first

    def signed(self) -> Node:
        sign = self.take(PLUS, MINUS)
        if sign is None:
            return self.single()
        self.enter()
        node = self.signed()
        self.depth -= 1
        return self.bounded(Negative(node)) if sign.text == MINUS else node

    def single(self) -> Node:
        token = self.now
        if token.kind == "number":
            self.place += 1
            return Number(Decimal(token.text))
        if token.kind == "name":
            self.place += 1
            return self.named(token)
        if self.take("("):
            self.enter()
            node = self.sums()
            self.close(token)
            return node
        raise FormulaError(self.missing_value(), token.at)

    def named(self, token: Token) -> Node:
        function = token.text.lower()
        if self.now.text != "(":
            if function in KNOWN:
                example = "if(A > B, A, B)" if function == IF else f"{function}(A, B)"
                sentence = _("“%(name)s” needs brackets with values in them: %(example)s.")
                raise FormulaError(sentence % {"name": token.text, "example": example}, token.at)
            if problem := name_problem(token.text):
                raise FormulaError(problem, token.at)
            return Name(token.text)
        if function not in KNOWN:
            sentence = _("“%(name)s” is no function. There are min, max, sum, mean and if.")
            raise FormulaError(sentence % {"name": token.text}, token.at)
        self.place += 1
        self.enter()
        node = self.choice(token) if function == IF else self.call(function)
        self.close(token)
        return self.bounded(node)

    def call(self, function: str) -> Node:
        arguments = [self.sums()]
        while self.take(","):
            arguments.append(self.sums())
        return Call(function, tuple(arguments), _above(*arguments))

    def choice(self, token: Token) -> Node:
        left = self.sums()
        sign = self.take(*COMPARISONS)
        if sign is None:
            raise FormulaError(_wrong_choice(), token.at)
        right = self.sums()
        branches = []
        while self.take(","):
            branches.append(self.sums())
        if len(branches) != 2:
            raise FormulaError(_wrong_choice(), token.at)
        then, otherwise = branches
        return Choice(left, sign.text, right, then, otherwise, _above(left, right, then, otherwise))

    def enter(self) -> None:
        self.depth += 1
        self.bound(self.depth)

    def close(self, opened: Token) -> None:
        self.depth -= 1
        if not self.take(")"):
            if self.now.kind == "end":
                raise FormulaError(_("A bracket is opened here and not closed."), opened.at)
            self.refuse_what_follows()

    def expect_end(self) -> None:
        if self.now.kind != "end":
            self.refuse_what_follows()

    def refuse_what_follows(self) -> None:
        token, before = self.now, self.tokens[self.place - 1]
        if token.text == ")":
            raise FormulaError(_("A bracket is closed here that was not opened."), token.at)
        if token.text == ",":
            inside = self.depth > 0
            sentence = _("A comma stands between the values of a function only.")
            raise FormulaError(sentence if inside else f"{sentence} {_no_separators()}", token.at)
        if token.text in COMPARISONS:
            raise FormulaError(_("A comparison stands inside “if” only: if(A > B, A, B)."), token.at)
        sentence = _("Between “%(before)s” and “%(after)s” a sign is missing: + − × or ÷.")
        raise FormulaError(sentence % {"before": before.text, "after": token.text}, token.at)

    def missing_value(self) -> str:
        token, before = self.now, self.tokens[self.place - 1] if self.place else None
        if before is None:
            return _("A value is missing before “%(sign)s”.") % {"sign": token.text}
        return _("A value is missing after “%(sign)s”.") % {"sign": before.text}

    def bound(self, height: int) -> None:
        if height > DEEPEST:
            sentence = _("This formula is nested too deeply: at most %(limit)d levels of brackets and fractions.")
            raise FormulaError(sentence % {"limit": DEEPEST}, self.now.at)

    def bounded(self, node: Node) -> Node:
        self.bound(node.height)
        return node


def _above(*nodes: Node) -> int:
    return max(node.height for node in nodes) + 1


def _wrong_choice() -> str:
    return _("“if” needs a comparison and two values: if(A > B, A, B).")
