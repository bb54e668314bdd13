"""Reading a PDF back with poppler's tools, as a reader of the paper would."""

import re
import subprocess
from pathlib import Path


def text_of(pdf: bytes, *, page: int | None = None, raw: bool = True) -> str:
    """The text of a PDF, or of one page: in the order it was written (`raw`), or gathered by where it stands."""
    only = ["-f", str(page), "-l", str(page)] if page else []
    return _run(["pdftotext", *(["-raw"] if raw else []), *only, "-", "-"], pdf).decode()


def pages_of(pdf: bytes) -> list[str]:
    """The text of every page."""
    return text_of(pdf).removesuffix("\f").split("\f")


def facts_of(pdf: bytes) -> dict[str, str]:
    """What `pdfinfo` says: Title, Author, Pages, Tagged, and "Page 1 size" and so on."""
    lines = _run(["pdfinfo", "-l", "-1", "-"], pdf).decode().splitlines()
    pairs = (line.partition(":") for line in lines)
    return {re.sub(r"\s+", " ", name.strip()): value.strip() for name, _, value in pairs}


def pictures_of(pdf: bytes, folder: Path, *, dpi: int = 60, page: int | None = None) -> list[bytes]:
    """Every page, or one, as the bytes of a grey picture (PGM)."""
    only = ["-f", str(page), "-l", str(page)] if page else []
    _run(["pdftoppm", "-gray", "-r", str(dpi), *only, "-", str(folder / "page")], pdf)
    return [picture.read_bytes() for picture in sorted(folder.glob("page*.pgm"))]


def packed(text: str) -> str:
    """`text` without white space: Thai is written without, and where lines break is no matter here."""
    return re.sub(r"\s+", "", text)


def _run(command: list[str], pdf: bytes) -> bytes:
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
