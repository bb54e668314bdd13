"""The agreement on paper: a snapshot's sections and its certificate → HTML → the bytes of one PDF.

Pure of the database. The same input gives the same bytes: what was signed is rendered once, stored and served.
"""

from functools import cache
from pathlib import Path

import fontpkg
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from agreements.pdf_text import mend
from agreements.printed import printed
from agreements.typeset import in_one_style, well_broken

TEMPLATE = "agreements/document/document.html"
STYLESHEET = settings.BASE_DIR / "static" / "agreements" / "document.css"
# A name of our own, so that no other version of Sarabun on the machine is taken for it.
FAMILY = "Document Sarabun"
WEIGHTS = (400, 600, 700)


class Unprintable(Exception):
    """The document asks for something outside itself; nothing is fetched, and nothing is printed."""


def render(sections: dict, certificate: dict, *, thai_digits: bool = True) -> bytes:
    """The PDF of an agreement: the agreement, its annexes in the rule's order, and the certificate page.

    `sections` is the content of a snapshot (schema 1): numbers as strings, dates in ISO. `certificate` says who signed
    or is to sign, the content's SHA-256 and where to verify it; with `draft` every page is marked ร่าง and nothing is
    certified. Raises `Unprintable` where an image is not carried in the document itself.
    """
    return pdf_of(to_html(sections, certificate, thai_digits=thai_digits), identifier=certificate["hash"])


def pdf_of(html: str, *, identifier: str) -> bytes:
    """A finished page of HTML as a PDF, set by the document's stylesheet with its faces. Raises `Unprintable`."""
    faces, style = _style()
    try:
        return HTML(string=well_broken(html), url_fetcher=OwnFilesOnly()).write_pdf(
            stylesheets=[style],
            font_config=faces,
            finisher=mend(family=FAMILY, font_file=face),
            pdf_identifier=identifier.encode(),
            pdf_tags=True,
        )
    except FatalURLFetchingError as error:
        raise Unprintable(str(error)) from error


def to_html(sections: dict, certificate: dict, *, thai_digits: bool = True) -> str:
    """The document as HTML, always in Thai: it is an official paper, whatever language the screen speaks."""
    with translation.override("th"):
        html = render_to_string(TEMPLATE, {**printed(sections, certificate), "thai_digits": thai_digits})
    return in_one_style(html, thai_digits=thai_digits)


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
def _style() -> tuple[FontConfiguration, CSS]:
    """The faces and the stylesheet, read once in a process."""
    faces = FontConfiguration()
    return faces, CSS(string=STYLESHEET.read_text(), font_config=faces, url_fetcher=OwnFilesOnly())
