"""Setting HTML on paper: WeasyPrint with our own faces and stylesheet, and nothing fetched from elsewhere.

Pure of the database. A part that was set before is taken from the shelf of set parts (`agreements.set_parts`).
"""

import hashlib
from functools import cache
from pathlib import Path

import fontpkg
import weasyprint
from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from agreements import pdf_text, set_parts, typeset
from agreements.pdf_text import mend
from agreements.typeset import well_broken

STYLESHEET = settings.BASE_DIR / "static" / "agreements" / "document.css"
# What differs where a page's foot is stamped on it later.
PART_STYLESHEET = settings.BASE_DIR / "static" / "agreements" / "part.css"
# A name of our own, so that no other version of Sarabun on the machine is taken for it.
FAMILY = "Document Sarabun"
WEIGHTS = (400, 600, 700)


class Unprintable(Exception):
    """The document asks for something outside itself; nothing is fetched, and nothing is printed."""


def pdf_of(html: str, *, identifier: str) -> bytes:
    """A finished page of HTML as a PDF of its own, set by the document's stylesheet. Raises `Unprintable`."""
    return _set(html, _styles()[:1], pdf_identifier=identifier.encode(), pdf_tags=True)


def part_of(html: str, *, tagged: bool = True) -> bytes:
    """A part of a document as a PDF, its feet left free. Set once for the same HTML. Raises `Unprintable`.

    Not `tagged`: what is laid on other pages, whose marks would be taken for theirs.
    """
    key = hashlib.sha256("\0".join((_generation(), str(tagged), html)).encode()).hexdigest()
    return set_parts.kept(key, lambda: _set(html, _styles(), pdf_tags=tagged))


def _set(html: str, styles: list[CSS], **options) -> bytes:
    try:
        return HTML(string=well_broken(html), url_fetcher=OwnFilesOnly()).write_pdf(
            stylesheets=styles, font_config=_faces(), finisher=mend(family=FAMILY, font_file=face), **options
        )
    except FatalURLFetchingError as error:
        raise Unprintable(str(error)) from error


def face(weight: int, italic: bool) -> Path:
    """The file of a face of Sarabun."""
    return fontpkg.path("sarabun", weight, "italic" if italic else "normal")


class OwnFilesOnly(URLFetcher):
    """Gives the stylesheet our own faces, and images what is in their `data:`; anything else stops the rendering."""

    def __init__(self):
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)

    def fetch(self, url, headers=None):
        for weight in WEIGHTS:
            if url == f"sarabun:{weight}":
                return URLFetcherResponse(url, face(weight, italic=False).read_bytes())
        return super().fetch(url, headers)


@cache
def _faces() -> FontConfiguration:
    return FontConfiguration()


@cache
def _styles() -> list[CSS]:
    """The stylesheets with their faces, read once in a process."""
    return [
        CSS(string=sheet.read_text(), font_config=_faces(), url_fetcher=OwnFilesOnly())
        for sheet in (STYLESHEET, PART_STYLESHEET)
    ]


@cache
def _generation() -> str:
    """What else than its HTML a part's bytes depend on: styles, faces, this code and WeasyPrint's."""
    code = [Path(module.__file__) for module in (pdf_text, typeset)]
    files = [STYLESHEET, PART_STYLESHEET, Path(__file__), *code, *(face(weight, italic=False) for weight in WEIGHTS)]
    return "\0".join((weasyprint.__version__, *(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)))
