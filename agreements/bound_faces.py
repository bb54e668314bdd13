"""The faces of a bound document: each once, with the letters of all its parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from io import BytesIO

from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Pdf, Stream

from agreements import set_parts
from agreements.layout import FAMILY, face

# How WeasyPrint calls a face: /ABCDEF+Document-Sarabun-Semi-Bold.
_NAMED = re.compile(rf"/[A-Z]{{6}}\+{FAMILY.replace(' ', '-')}(-Semi-Bold|-Bold)?")
WEIGHT_OF = {None: 400, "-Semi-Bold": 600, "-Bold": 700}
_BFCHAR = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")
AT_ONCE = 100  # entries in one block of a ToUnicode table
OWN = "/Numbers"  # what page numbers are set in


@dataclass
class Gathered:
    """One face: the first of its font objects, and the width and text of every glyph that is used."""

    font: Dictionary
    widths: dict[int, object] = field(default_factory=dict)
    texts: dict[int, bytes] = field(default_factory=dict)


class Faces:
    """Takes the fonts of parts as they come, and in the end puts one in the place of all of the same face.

    Fonts of other families (signs that Sarabun hasn't got) stay as they are.
    """

    def __init__(self, pdf: Pdf) -> None:
        self.pdf = pdf
        self.gathered: dict[int, Gathered] = {}
        self.places: dict[tuple[int, int], tuple[Dictionary, dict[str, int]]] = {}

    def take(self, resources: Dictionary) -> None:
        """The fonts that a page, or what is laid on it, may use; pages of a part share theirs."""
        fonts = resources.Font
        if fonts.objgen in self.places:
            return
        known = {name: weight for name, font in fonts.items() if (weight := _weight(font))}
        self.places[fonts.objgen] = fonts, known
        for name, weight in known.items():
            gathered = self.gathered.setdefault(weight, Gathered(fonts[name]))
            gathered.widths |= dict(_widths(fonts[name].DescendantFonts[0].W))
            gathered.texts |= dict(_texts(fonts[name].ToUnicode.read_bytes()))

    def shown(self, text: str, resources: Dictionary, *, size: int) -> bytes:
        """The operators that show a short text without marks in the upright face, from where the pen is."""
        self.take(resources)
        glyphs, widths = _upright()
        _fonts, known = self.places[resources.Font.objgen]
        known[OWN] = 400
        gathered = self.gathered[400]  # known since the stamps were taken
        for letter in text:
            gathered.widths[glyphs[letter]] = widths[glyphs[letter]]
            gathered.texts[glyphs[letter]] = letter.encode("utf-16-be").hex().encode()
        codes = "".join(f"{glyphs[letter]:04x}" for letter in text)
        return f"{OWN} {size} Tf <{codes}> Tj".encode()

    def settle(self) -> None:
        """One font for each face, in the place of those that came with the parts."""
        shared = {weight: self._font(weight, gathered) for weight, gathered in sorted(self.gathered.items())}
        for fonts, known in self.places.values():
            for name, weight in known.items():
                fonts[name] = shared[weight]

    def _font(self, weight: int, gathered: Gathered) -> Dictionary:
        font, inner = gathered.font, gathered.font.DescendantFonts[0]
        glyphs = sorted(gathered.widths)
        content = _subset(weight, glyphs)
        file = Stream(self.pdf, content)
        file.Length1 = len(content)
        inner.FontDescriptor.FontFile2 = self.pdf.make_indirect(file)
        inner.W = Array([each for glyph in glyphs for each in (glyph, Array([gathered.widths[glyph]]))])
        font.ToUnicode = self.pdf.make_indirect(Stream(self.pdf, _to_unicode(gathered.texts)))
        return font


def _weight(font: Dictionary) -> int | None:
    named = _NAMED.fullmatch(str(font.BaseFont))
    return WEIGHT_OF[named[1]] if named else None


def _widths(array: Array) -> Iterator[tuple[int, object]]:
    """(glyph, width) of a W array: glyph, [widths of it and those after it], as WeasyPrint writes it."""
    values = list(array)
    for first, widths in zip(values[::2], values[1::2], strict=True):
        yield from ((int(first) + at, width) for at, width in enumerate(widths))


def _texts(table: bytes) -> Iterator[tuple[int, bytes]]:
    return ((int(glyph, 16), text) for glyph, text in _BFCHAR.findall(table))


def _to_unicode(texts: dict[int, bytes]) -> bytes:
    rows = [b"<%04x> <%s>" % (glyph, text) for glyph, text in sorted(texts.items())]
    blocks = [rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE)]
    body = b"\n".join(b"%d beginbfchar\n%s\nendbfchar" % (len(block), b"\n".join(block)) for block in blocks)
    return _CMAP % body


_CMAP = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
%s
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def _subset(weight: int, glyphs: list[int]) -> bytes:
    """The file of a face with those glyphs alone, under their numbers; made once for the same glyphs."""
    file = face(weight, italic=False)
    key = sha256(f"face {_digest(weight)} {glyphs}".encode()).hexdigest()
    options = subset.Options(
        retain_gids=True, notdef_outline=True, hinting=False, layout_features=[], glyph_names=False, legacy_kern=False
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "DSIG"]

    def cut() -> bytes:
        with TTFont(file, recalcTimestamp=False) as font:
            subsetter = subset.Subsetter(options)
            subsetter.populate(gids=glyphs)
            subsetter.subset(font)
            out = BytesIO()
            font.save(out)
        return out.getvalue()

    return set_parts.kept(key, cut)


@cache
def _digest(weight: int) -> str:
    return sha256(face(weight, italic=False).read_bytes()).hexdigest()


@cache
def _upright() -> tuple[dict[str, int], dict[int, int]]:
    """{letter: glyph} and {glyph: width in thousandths} of the upright face."""
    with TTFont(face(400, italic=False)) as font:
        glyphs = {chr(code): font.getGlyphID(name) for code, name in font.getBestCmap().items()}
        per_em = font["head"].unitsPerEm
        widths = {
            font.getGlyphID(name): round(width * 1000 / per_em) for name, (width, _) in font["hmtx"].metrics.items()
        }
    return glyphs, widths
