"""Makes the text of a PDF written by WeasyPrint extract as the Thai that was set: found, copied and read aloud.

Three things go wrong in Thai text, and none can be seen on the page:

- A font's ToUnicode table gives each glyph *one* text, and WeasyPrint takes that of the cluster in which the glyph
  came first. The shaper sets ำ (SARA AM) as two glyphs, nikhahit ◌ํ and า, so after one "คำ" every า of that font
  reads ำ, and การ becomes กำร. Mended by writing what the font file itself says of each glyph.
- No table can then say ำ: its two glyphs have other uses too, and in "น้ำ" they stand in another order than the
  letters.
- The font moves marks aside and upwards ("ที่", "ปั๊ม"), and readers that gather text by its position tear them off
  their letters, or see a space where a mark was drawn to the left.
  The last two are mended by wrapping letters and their marks, in the content stream, in a Span whose ActualText is
  what was typed.

Glyphs, widths and positions stay as they were, so pages look the same to the pixel.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pydyf
from fontTools.ttLib import TTFont
from weasyprint import Document

# ﬁ and its like have codes too, but it was f and i that were typed; GSUB says so.
LATIN_LIGATURES = range(0xFB00, 0xFB07)
SARA_AM = "\u0e33"
# How it is set: nikhahit, then sara aa, with a tone mark on either side of the nikhahit or none.
_SARA_AM_SET = re.compile("([\u0e48-\u0e4b]*)\u0e4d([\u0e48-\u0e4b]*)\u0e32")

SINGLE, LIGATURE, EXTENSION = 1, 4, 7  # lookup types of an OpenType GSUB table

GlyphTexts = dict[int, str]
FontFile = Callable[[int, bool], Path]

# Content stream operators, as WeasyPrint writes them: one an item, a TJ array of hex strings and kerning numbers.
_SET_FONT = re.compile(rb"/(\S+) \S+ Tf")
_SHOW_TEXT = re.compile(rb"\[(.*)\] TJ")
_SHOWN = re.compile(rb"<[0-9a-f]*>|[^<>\s]+")
_SET_RISE = re.compile(rb"\S+ Ts")
# One line of a ToUnicode table: glyph, text in UTF-16BE.
_BFCHAR = re.compile(rb"<([0-9a-f]{4})> <[0-9a-f]*>")


class Atom(NamedTuple):
    """The smallest piece of a content stream: one glyph, one kerning number, or one whole operator."""

    raw: bytes | str
    shown: bool = False  # stands in a TJ array
    text: str | None = None  # of a glyph, where the font says one


END_SPAN = Atom(b"EMC")


def mend(*, family: str, font_file: FontFile) -> Callable[[Document, pydyf.PDF], None]:
    """The `finisher` for `write_pdf` where the Thai is set in the CSS family `family`.

    `font_file(weight, italic)` is the TrueType file of one of its faces. Other families are left as they were.
    """

    def finisher(document: Document, pdf: pydyf.PDF) -> None:
        faces = [font for font in document.fonts.values() if font.family == family]
        texts = {face.hash: glyph_texts(font_file(face.weight, bool(face.style))) for face in faces}
        for table, name in _to_unicode_tables(pdf):
            if name in texts:
                table.stream[:] = [_bfchar(line, texts[name]) for line in table.stream]
        for stream in _content_streams(pdf):
            stream.stream[:] = _written(_with_actual_text(list(_atoms(stream.stream, texts))))

    return finisher


@cache
def glyph_texts(path: Path) -> GlyphTexts:
    """The text of each glyph of a font file: from its `cmap`, and through `GSUB` that of alternates and ligatures."""
    with TTFont(path) as font:
        texts: dict[str, str] = {}
        for codepoint, glyph in sorted(font.getBestCmap().items()):
            if codepoint not in LATIN_LIGATURES:
                texts.setdefault(glyph, chr(codepoint))
        substitutions = list(_substitutions(font))
        while reached := _reached(texts, substitutions):
            texts |= reached
        return {font.getGlyphID(glyph): text for glyph, text in texts.items()}


def _substitutions(font: TTFont) -> Iterator[tuple[tuple[str, ...], str]]:
    """(glyphs, the one glyph that stands for them), of every single and ligature substitution in `GSUB`."""
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = table.ExtSubTable if table.LookupType == EXTENSION else table
            if table.LookupType == SINGLE:
                yield from (((glyph,), alternate) for glyph, alternate in table.mapping.items())
            elif table.LookupType == LIGATURE:
                for first, ligatures in table.ligatures.items():
                    yield from (((first, *ligature.Component), ligature.LigGlyph) for ligature in ligatures)


def _reached(texts: dict[str, str], substitutions: Iterable[tuple[tuple[str, ...], str]]) -> dict[str, str]:
    """Texts of the glyphs that have none yet and stand for glyphs that have; the font's first mention counts."""
    reached: dict[str, str] = {}
    for glyphs, result in substitutions:
        if result not in texts and texts.keys() >= set(glyphs):
            reached.setdefault(result, "".join(texts[glyph] for glyph in glyphs))
    return reached


def _to_unicode_tables(pdf: pydyf.PDF) -> Iterator[tuple[pydyf.Stream, str]]:
    """Every ToUnicode table, with the name by which content streams call its font."""
    for thing in pdf.objects:
        if isinstance(thing, pydyf.Dictionary) and thing.get("Type") == "/Font" and "ToUnicode" in thing:
            # BaseFont is /NAME+Family-Face; ToUnicode a reference, "12 0 R".
            name = thing["BaseFont"].decode().removeprefix("/").partition("+")[0]
            yield pdf.objects[int(thing["ToUnicode"].split()[0])], name


def _bfchar(line: bytes, texts: GlyphTexts) -> bytes:
    """A line of a ToUnicode table, with the font's own text where it is a glyph's and the font has one."""
    entry = _BFCHAR.fullmatch(line)
    text = texts.get(int(entry[1], 16)) if entry else None
    return b"<%s> <%s>" % (entry[1], _utf16(text)) if entry and text else line


def _content_streams(pdf: pydyf.PDF) -> Iterator[pydyf.Stream]:
    """Pages, and the groups drawn on them, that show text."""
    for thing in pdf.objects:
        if isinstance(thing, pydyf.Stream) and any(_is_text(item) for item in thing.stream):
            yield thing


def _is_text(item: bytes | str) -> bool:
    return isinstance(item, bytes) and item.startswith(b"[") and item.endswith(b"] TJ")


def _atoms(items: Iterable[bytes | str], texts: dict[str, GlyphTexts]) -> Iterator[Atom]:
    """A content stream taken apart; text in fonts that `texts` doesn't know stays whole."""
    font: GlyphTexts | None = None
    for item in items:
        if isinstance(item, bytes) and (face := _SET_FONT.fullmatch(item)):
            font = texts.get(face[1].decode())
        if font is not None and _is_text(item):
            yield from _atoms_shown(_SHOW_TEXT.fullmatch(item)[1], font)
        else:
            yield Atom(item)


def _atoms_shown(array: bytes, font: GlyphTexts) -> Iterator[Atom]:
    for piece in _SHOWN.findall(array):
        if not piece.startswith(b"<"):
            yield Atom(piece + b" ", shown=True)
            continue
        for at in range(1, len(piece) - 1, 4):
            glyph = piece[at : at + 4]
            yield Atom(b"<%s>" % glyph, shown=True, text=font.get(int(glyph, 16), ""))


def _with_actual_text(atoms: list[Atom]) -> Iterator[Atom]:
    """The same atoms, letters with their marks inside a Span that says what was typed."""
    at = 0
    while at < len(atoms):
        end = _end_of_run(atoms, at)
        run = atoms[at:end]
        if len(run) > 1:
            typed = _SARA_AM_SET.sub(rf"\1\2{SARA_AM}", "".join(atom.text or "" for atom in run))
            yield Atom(b"/Span <</ActualText <feff%s>>> BDC" % _utf16(typed))
            yield from run
            yield END_SPAN
        else:
            yield from run
        at = end


def _end_of_run(atoms: list[Atom], start: int) -> int:
    """The end of what must be read as one from `start`: a letter, its marks, and the letter after them.

    That letter too, because a mark may be drawn far to the left: a reader measures from the last glyph of a Span, and
    would take the gap for a space. It also is the า of a ำ. Another letter without marks begins a run of its own.
    """
    end = start + 1
    last = atoms[start].text
    for at in range(end, len(atoms) if last else end):
        glyph = atoms[at].text
        if glyph and (_is_marks(glyph) or (_is_marks(last) and not glyph.isspace())):
            end, last = at + 1, glyph
        elif not _only_moves(atoms[at]):
            break
    return end


def _is_marks(text: str) -> bool:
    return all(unicodedata.category(character) == "Mn" for character in text)


def _only_moves(atom: Atom) -> bool:
    """A kerning number, or the rise of a mark that the font sets higher."""
    if atom.shown:
        return atom.text is None
    return isinstance(atom.raw, bytes) and bool(_SET_RISE.fullmatch(atom.raw))


def _written(atoms: Iterable[Atom]) -> Iterator[bytes | str]:
    """Atoms as content stream operators again."""
    for shown, run in groupby(atoms, key=lambda atom: atom.shown):
        raws = [atom.raw for atom in run]
        if shown:
            yield b"[%s] TJ" % b"".join(raws).replace(b"><", b"")
        else:
            yield from raws


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be").hex().encode()
