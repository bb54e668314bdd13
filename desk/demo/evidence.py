"""Evidence files of the demonstration: real pictures and PDFs, drawn here, that say what they are."""

import io
from functools import cache

import fontpkg
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN = 620, 877, 60  # an A4 page at 75 dots per inch
INK, GOLD, PAPER = "#1f1b16", "#b08d3c", "#fffdf8"


def evidence_file(title, lines, *, kind="pdf"):
    """An upload: one page with a title and some lines, as pdf or png."""
    return evidence_copies(title, lines, kind=kind)()


def evidence_copies(title, lines, *, kind="pdf"):
    """What makes uploads of one and the same drawn page, for a file that proves several things."""
    name, content = f"{title[:60]}.{kind}", _drawn(title, lines, kind)
    return lambda: SimpleUploadedFile(name, content)


def _drawn(title, lines, kind):
    page = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(page)
    draw.text((MARGIN, MARGIN), "เอกสารสมมติเพื่อการสาธิต", font=_font(14), fill=GOLD)
    draw.multiline_text((MARGIN, MARGIN + 40), _wrapped(title), font=_font(20), fill=INK, spacing=10)
    draw.line((MARGIN, 210, WIDTH - MARGIN, 210), fill=GOLD, width=2)
    draw.multiline_text((MARGIN, 240), "\n".join(lines), font=_font(16), fill=INK, spacing=14)
    out = io.BytesIO()
    page.save(out, kind.upper())
    return out.getvalue()


@cache
def _font(size):
    return ImageFont.truetype(str(fontpkg.path("sarabun", 400, "normal")), size)


def _wrapped(text, width=52):
    """Cut by length: good enough for a drawing, where no library breaks Thai words."""
    return "\n".join(text[start : start + width] for start in range(0, len(text), width))
