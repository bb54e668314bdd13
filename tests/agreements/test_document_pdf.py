"""The document as a PDF: its pages, what is read out of them, and the same bytes for the same content."""

import html
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
import segno
from django.conf import settings

from agreements.documents import render, to_html
from tests.agreements.pdf_reading import facts_of, packed, pages_of, pictures_of, text_of
from tests.agreements.sample_sections import draft, sample_sections, signed, unsigned

A4 = "595.276 x 841.89 pts (A4)"
A4_LANDSCAPE = "841.89 x 595.276 pts (A4)"
FRONT = 2  # pages before the agreement
CLOSING = "จึงได้ลงลายมือชื่อไว้เป็นสำคัญ"
# What the reader of a page gets to read as one: the innermost of these that holds text.
BLOCKS = {"p", "li", "td", "th", "h1", "h2", "h3", "h4", "dt", "dd"}


@pytest.fixture(scope="module")
def sections():
    return sample_sections()


@pytest.fixture(scope="module")
def pdf(sections):
    return render(sections, signed(sections))


@pytest.fixture(scope="module")
def draft_pdf(sections):
    return render(sections, draft(sections))


@pytest.fixture(scope="module")
def pages(pdf):
    return pages_of(pdf)


class Blocks(HTMLParser):
    """The text of each block of a document, without white space."""

    def __init__(self):
        super().__init__()
        self.open, self.texts = [], []

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS:
            self.open.append("")

    def handle_data(self, data):
        if self.open:
            self.open[-1] += packed(data)

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.texts.append(self.open.pop())


def blocks_of(page):
    parser = Blocks()
    parser.feed(page.partition("<main")[2])
    return [text for text in parser.texts if text]


def page_with(pages, text):
    """The number of the first page with that text, behind the cover and the contents."""
    return next(number for number, page in enumerate(pages, 1) if number > FRONT and packed(text) in packed(page))


def test_every_block_of_text_reads_as_it_was_written(sections, pdf):
    blocks = blocks_of(to_html(sections, signed(sections)))
    read = packed(text_of(pdf))

    assert len(blocks) > 500
    assert [block for block in blocks if block not in read] == []


def test_no_sara_am_is_lost_and_none_is_made(sections, pdf, pages):
    written = html.unescape(re.sub("<[^>]*>", "", to_html(sections, signed(sections)).partition('class="cover"')[2]))
    tables = sum("น้ำหนัก\n(ร้อยละ)" in page for page in pages)
    repeated_heads = tables - 1

    assert repeated_heads == 1
    for raw in (True, False):
        assert text_of(pdf, raw=raw).count("ำ") == written.count("ำ") + repeated_heads


def test_paragraphs_read_whole_where_text_is_gathered_by_position_too(pdf):
    read = packed(text_of(pdf, page=FRONT + 1, raw=False))

    assert packed("ผู้ทำคำรับรองได้ทำความเข้าใจรายละเอียดตามข้อ ๓ แล้ว ขอให้คำรับรองว่าจะมุ่งมั่นปฏิบัติราชการ") in read
    assert packed("เพื่อให้เกิดประโยชน์สุขแก่ประชาชน") in read


def test_the_same_content_gives_the_same_bytes_here_and_in_another_process(sections, pdf):
    again = (
        "import sys, django; django.setup()\n"
        "from agreements.documents import render\n"
        "from tests.agreements.sample_sections import sample_sections, signed\n"
        "sys.stdout.buffer.write(render(sample_sections(), signed(sample_sections())))\n"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONHASHSEED": "7"}

    elsewhere = subprocess.run(
        [sys.executable, "-c", again], cwd=settings.BASE_DIR, env=environment, capture_output=True, check=True
    )

    assert render(sections, signed(sections)) == pdf
    assert elsewhere.stdout == pdf


def test_other_content_or_another_signature_gives_other_bytes(sections, pdf):
    certificate = signed(sections)
    certificate["signatures"][0]["signed_at"] = "2026-11-20T09:06:00+00:00"

    assert render(sections, certificate) != pdf


def test_the_file_says_what_it_is(sections, pdf):
    facts = facts_of(pdf)

    assert facts["Title"] == "คำรับรองการปฏิบัติราชการ กองบังคับการตรวจคนเข้าเมือง ๑ ประจำปีงบประมาณ พ.ศ. ๒๕๗๐"
    assert facts["Author"] == sections["agreement"]["unit"]["name"]
    assert facts["Tagged"] == "yes"
    assert signed(sections)["hash"].encode() in pdf, "the file's identifier is the content's hash"


def test_pages_stand_upright_but_for_the_criteria(pdf, pages):
    facts = facts_of(pdf)
    landscape = {number for number in range(1, len(pages) + 1) if facts[f"Page {number} size"] == A4_LANDSCAPE}
    first = page_with(pages, "เอกสารแนบ ๓")

    assert landscape == {first, first + 1}
    assert all(facts[f"Page {number} size"] == A4 for number in range(1, len(pages) + 1) if number not in landscape)


def test_every_page_carries_reference_short_hash_and_its_number(sections, pages):
    digits = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    short_hash = re.sub("(....)(....)(....)", r"\1 \2 \3", signed(sections)["hash"][:12])

    for number, page in enumerate(pages, 1):
        assert f"คร. สตม. ๒/๒๕๗๐ · {short_hash}" in page
        assert f"หน้า {number} / {len(pages)}".translate(digits) in page


def test_page_numbers_follow_the_style_of_digits(sections):
    pages = pages_of(render(sections, unsigned(sections), thai_digits=False))

    assert f"หน้า 2 / {len(pages)}" in pages[1]
    assert not re.search("[๐-๙]", "".join(pages))


def test_each_annex_each_sheet_and_the_certificate_begin_a_page(sections, pages):
    starts = ["เอกสารแนบ ๑", "เอกสารแนบ ๒", "เอกสารแนบ ๓", "เอกสารแนบ ๔", "ตัวชี้วัดที่ ๑.๒", "ตัวชี้วัดที่ ๔.๓"]

    for start in [*starts, "หน้ารับรองเอกสารอิเล็กทรอนิกส์"]:
        assert sum(page.startswith(start) for page in pages) == 1, start


def test_the_head_of_the_criteria_table_stands_on_both_its_pages(pages):
    first = page_with(pages, "เอกสารแนบ ๓")

    for page in pages[first - 1 : first + 1]:
        assert packed("ที่ ตัวชี้วัด") in packed(page)
        assert "๒๕๖๗ ๒๕๖๘ ๒๕๖๙" in page


def test_no_row_of_the_criteria_table_is_split(sections, pages):
    for line in sections["lines"]:
        name = line["name"].replace("24", "๒๔").replace("30", "๓๐")
        assert packed(name) in packed(pages[page_with(pages, name) - 1])


def test_a_draft_carries_its_mark_on_every_page(sections, draft_pdf):
    for page in pages_of(draft_pdf):
        assert "ร่าง" in page.splitlines()
        assert "ฉบับร่าง ยังไม่มีผลเป็นคำรับรอง" in page


def test_a_signed_document_carries_no_such_mark(pages):
    assert not any("ร่าง" in page.splitlines() for page in pages)


@pytest.mark.parametrize("extra", [0, 1, 3, 5])
def test_signatures_never_stand_on_a_page_alone(extra):
    sections = sample_sections()
    sections["lines"], sections["rule"]["annexes"] = sections["lines"][:1], sections["rule"]["annexes"][2:3]
    certificate = unsigned(sections)
    maker = certificate["people"][1]
    maker["own_post"] = "รองผู้บัญชาการสำนักงานพิสูจน์หลักฐานตำรวจและศูนย์ปฏิบัติการต่อต้านอาชญากรรมทางเทคโนโลยีสารสนเทศ"
    maker["acted_post"] = maker["own_post"].removeprefix("รอง")
    certificate["people"] += [maker | {"name": f"พันตำรวจเอก คนที่{'กขคงจ'[at]}"} for at in range(extra)]

    pages = [packed(page) for page in pages_of(render(sections, certificate))]

    closing = next(page for page in pages if packed(CLOSING) in page)
    assert packed("(พลตำรวจโท สมชาย รักไทย)") in closing
    assert packed(f"({maker['name']})") in closing


def test_the_code_on_page_one_is_the_address_of_the_verification_page(sections, pdf, tmp_path):
    matrix = [list(row) for row in segno.make(signed(sections)["verify_url"], error="m", micro=False).matrix]
    picture = Picture(pictures_of(pdf, tmp_path, dpi=300, page=1)[0])

    # The code stands at the foot of the page, on the right; nothing else there is that dark and that wide.
    left, top, size = picture.dark_square(left=0.8, top=0.92)

    assert size > 12 / 25.4 * 300, "at least 12 mm wide"
    assert picture.modules(left, top, size, len(matrix)) == matrix


def test_a_draft_has_no_code(draft_pdf, tmp_path):
    picture = Picture(pictures_of(draft_pdf, tmp_path, dpi=300, page=1)[0])

    assert picture.dark_square(left=0.8, top=0.92) is None


class Picture:
    """A grey picture (PGM), asked where it is black."""

    BLACK = 60

    def __init__(self, pgm):
        _kind, size, _depth, self.data = pgm.split(b"\n", 3)
        self.width, self.height = map(int, size.split())

    def is_dark(self, x, y):
        return self.data[int(y) * self.width + int(x)] < self.BLACK

    def dark_square(self, *, left, top):
        """The square that bounds all that is black right of and under a point, as (left, top, size)."""
        dark = [
            (x, y)
            for y in range(int(top * self.height), self.height)
            for x in range(int(left * self.width), self.width)
            if self.is_dark(x, y)
        ]
        if not dark:
            return None
        xs, ys = [x for x, _ in dark], [y for _, y in dark]
        return min(xs), min(ys), max(xs) - min(xs) + 1

    def modules(self, left, top, size, count):
        step = size / count
        middles = [step * (at + 0.5) for at in range(count)]
        return [[int(self.is_dark(left + x, top + y)) for x in middles] for y in middles]
