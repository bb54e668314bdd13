"""What is read on a page: every word of it, and the language that the page says it is in."""

import re
from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNREAD = {"script", "style", "template"}
READ_ATTRIBUTES = {
    "title",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "placeholder",
    "alt",
    "label",
    "data-label",
    "data-announce",
}
THAI = re.compile("[\u0e01-\u0e7f]+")
LATIN = re.compile("[A-Za-z]{2,}")


class Words(NamedTuple):
    """Words in one place; `lang` is that of the nearest element that says one, `can_mark` whether a part could."""

    text: str
    lang: str
    place: str
    can_mark: bool


def words_of(page: str) -> list[Words]:
    """All that is read in `page` (HTML), in its order."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.words


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.words = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        lang = given.get("lang") or self._lang()
        for name, value in attrs:
            if value and self._is_read(tag, name, given):
                self.words.append(Words(value, lang, f"<{tag} {name}>", name == "value"))
        if tag not in VOID:
            self.open.append((tag, lang))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        tags = [each for each, _lang in self.open]
        if tag in tags:
            del self.open[len(tags) - 1 - tags[::-1].index(tag) :]

    def handle_data(self, text):
        tags = [tag for tag, _lang in self.open]
        if text.strip() and not UNREAD & set(tags):
            place = tags[-1] if tags else ""
            self.words.append(Words(" ".join(text.split()), self._lang(), f"<{place}>", place != "title"))

    def _lang(self):
        return self.open[-1][1] if self.open else ""

    @staticmethod
    def _is_read(tag, name, given):
        if name == "value":
            return tag == "input" and given.get("type") not in ("hidden", "radio", "checkbox")
        # What look.js says comes from there.
        return name in READ_ATTRIBUTES or (given.get("id") == "sentences" and name.startswith("data-"))
