"""The agreement on paper: a snapshot's sections and its certificate → HTML, part by part → the bytes of one PDF/A-3.

Pure of the database. The same input gives the same bytes: what was signed is rendered once, stored and served. A part is
what begins on a page of its own, and is set again only where its own HTML is another: an edit of one sheet sets that
sheet, the contents and the stamps, and binds them with the rest.
"""

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from agreements.binding import PART, Attachment, Entry, Facts, Stamp, bind, pages_in
from agreements.layout import part_of
from agreements.printed import contents_rows, printed
from agreements.typeset import in_one_style

SHELL = "agreements/document/part.html"
# The templates of annexes that are no plan (and not the sheets, each of which is a part of its own).
ANNEXES = {"framework": "_criteria", "amendment": "_amended", "minutes": "_minutes"}
ATTACHED_AS = "agreement.json"
ATTACHED_SAYS = "เนื้อหาของคำรับรองที่ตรึงไว้ ค่าแฮช SHA-256 ของไฟล์นี้คือค่าแฮชที่พิมพ์ในหน้ารับรอง"
# Where the page number goes on what templates/agreements/document/_stamp.html draws, in mm from the left and the foot.
NUMBER_UPRIGHT, NUMBER_LYING = (158.2, 18.25), (250.2, 16.25)
# Most contents have so many lines on a page; the first guess of how many pages they take.
LINES_OF_CONTENTS = 30


@dataclass(frozen=True)
class Part:
    """What begins on a page of its own, as the body of its HTML; the headings that the contents list of it."""

    body: str
    headings: tuple[tuple[str, int], ...] = ()


def render(
    sections: dict, certificate: dict, *, thai_digits: bool = True, content: str = "", made_at: datetime | None = None
) -> bytes:
    """The document set of an agreement: cover, contents, the agreement, its annexes in the rule's order, minutes where
    the certificate brings any, the certificate page. `content`, the snapshot's own JSON, is attached.

    `sections` is the content of a snapshot (schema 1): numbers as strings, dates in ISO. `certificate` says who signed
    or is to sign, the content's SHA-256 and where to verify it; with `draft` every page is marked ร่าง and nothing is
    certified. Raises `Unprintable` where an image is not carried in the document itself.
    """
    sheet = Sheet(sections, certificate, thai_digits=thai_digits)
    cover, *rest = sheet.parts()
    set_rest = [part_of(sheet.page(part.body)) for part in rest]
    front = [part_of(sheet.page(cover.body)), *_set_contents(sheet, rest, [pages_in(each) for each in set_rest])]
    return bind(
        [*front, *set_rest],
        entries=[Entry(sheet.text(title), at, level) for at, title, level in _headings(rest, after=len(front))],
        stamps=sheet.stamps(),
        number=lambda page, of: sheet.text(f"{page} / {of}"),
        facts=sheet.facts(),
        attachments=_attachments(content, made_at),
    )


def first_page(sections: dict, certificate: dict, *, thai_digits: bool = True) -> bytes:
    """The agreement itself, without what is before and after it."""
    sheet = Sheet(sections, certificate, thai_digits=thai_digits)
    return bind(
        [part_of(sheet.page(sheet.body("_agreement")))],
        entries=[],
        stamps=sheet.stamps(),
        number=lambda page, of: sheet.text(f"{page} / {of}"),
        facts=sheet.facts(),
    )


def to_html(sections: dict, certificate: dict, *, thai_digits: bool = True) -> str:
    """The whole document in one page of HTML, stamps and contents (without page numbers) included."""
    sheet = Sheet(sections, certificate, thai_digits=thai_digits)
    cover, *rest = sheet.parts()
    contents = sheet.contents(rest, [1] * len(rest), own_pages=1)
    stamps = [sheet.body("_stamp", lying=lying) for lying in (False, True)]
    return sheet.page("".join([*stamps, cover.body, contents, *(part.body for part in rest)]))


class Sheet:
    """The HTML of one document, always in Thai: it is an official paper, whatever language the screen speaks."""

    def __init__(self, sections: dict, certificate: dict, *, thai_digits: bool):
        with translation.override("th"):
            self.context = printed(sections, certificate)
        self.certificate = certificate
        self.thai_digits = thai_digits

    def parts(self) -> list[Part]:
        """The cover first; the contents, which want to know how long the others are, not among them."""
        return [Part(self.body("_cover")), *self._numbered()]

    def _numbered(self) -> Iterator[Part]:
        yield Part(self.body("_agreement"), (("คำรับรองการปฏิบัติราชการ", 0),))
        for annex in self.context["annexes"]:
            yield from self._annex(annex)
        if not self.certificate["draft"]:
            yield Part(self.body("_certificate"), (("หน้ารับรองเอกสารอิเล็กทรอนิกส์", 0),))

    def _annex(self, annex: dict) -> Iterator[Part]:
        heading = (f"เอกสารแนบ {annex['number']} {annex['title']}", 0)
        if annex["kind"] != "sheets":
            template = ANNEXES.get(annex["kind"], "_plan")
            yield Part(self.body(template, annex=annex, plan=annex["plan"]), (heading,))
            return
        for place, line in enumerate(self.context["sheets"] or [None]):
            own = ((f"ตัวชี้วัดที่ {line['number']} {line['name']}", 1),) if line else ()
            body = self.body("_sheet_part", annex=annex, line=line, begins=place == 0)
            yield Part(body, (*([heading] if place == 0 else []), *own))

    def contents(self, parts: list[Part], lengths: list[int], *, own_pages: int) -> str:
        """The body of the contents page: a cover before it, the `parts` of that many pages after its own."""
        starts = list(accumulate(lengths, initial=1 + 1 + own_pages))
        rows = [(title, level, f"{PART}{at}", starts[at - 2]) for at, title, level in _headings(parts, after=2)]
        return self.body("_contents", contents=contents_rows(rows))

    def stamps(self) -> tuple[Stamp, Stamp]:
        """What is laid on upright pages, and on lying ones."""
        upright, lying = (part_of(self.page(self.body("_stamp", lying=lying)), tagged=False) for lying in (False, True))
        return Stamp(upright, *NUMBER_UPRIGHT), Stamp(lying, *NUMBER_LYING)

    def facts(self) -> Facts:
        agreement, amendment = self.context["agreement"], self.context["amendment"]
        unit, year = agreement["unit"]["name"], agreement["fiscal_year"]
        amended = f" {amendment['title']}" if amendment else ""
        title = self.text(f"คำรับรองการปฏิบัติราชการ {unit} ประจำปีงบประมาณ พ.ศ. {year}{amended}")
        return Facts(title, unit, agreement["reference"], self.certificate["hash"])

    def body(self, template: str, **more: object) -> str:
        with translation.override("th"):
            return render_to_string(f"agreements/document/{template}.html", self.context | more)

    def page(self, body: str) -> str:
        """A whole page of HTML around a body, its digits in one style."""
        with translation.override("th"):
            # Already rendered by our own templates, which escape what people typed.
            whole = render_to_string(SHELL, {"body": mark_safe(body)})
        return in_one_style(whole, thai_digits=self.thai_digits)

    def text(self, text: str) -> str:
        """A text outside the pages in the same style of digits."""
        return html.unescape(in_one_style(html.escape(text), thai_digits=self.thai_digits))


def _set_contents(sheet: Sheet, parts: list[Part], lengths: list[int]) -> list[bytes]:
    """The contents page, set. How long it is moves what it says: it is set anew until both agree."""
    lines = sum(len(part.headings) for part in parts)
    pages, told = None, max(1, -(-lines // LINES_OF_CONTENTS))
    while pages != told:
        told = pages or told
        found = part_of(sheet.page(sheet.contents(parts, lengths, own_pages=told)))
        pages = pages_in(found)
    return [found]


def _headings(parts: Iterable[Part], *, after: int) -> Iterator[tuple[int, str, int]]:
    """(place of its part, title, level) of every heading; `after` parts stand before the first."""
    for at, part in enumerate(parts, after):
        for title, level in part.headings:
            yield at, title, level


def _attachments(content: str, made_at: datetime | None) -> list[Attachment]:
    if not content:
        return []
    stamped = made_at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ") if made_at else ""
    return [Attachment(ATTACHED_AS, content.encode(), ATTACHED_SAYS, made_at=stamped)]
