"""All that is read out of a signed set of more than sixty pages, from its first letter to its last."""

import html
import re

import pytest

from agreements.documents import render, to_html
from tests.agreements.pdf_reading import packed, pages_of
from tests.agreements.sample_sections import sample_sections, signed
from thai.numbers import to_arabic

LINES = sample_sections()["lines"]
TIMES = 4  # as many lines as the sample has, each with words of its own
MINUTES = {
    "number": 1,
    "held_on": "2026-11-05",
    "place": "ห้องประชุมน้ำตกเอราวัณ",
    "committee": "พลตำรวจตรี ก หนึ่ง ประธาน\nพันตำรวจเอก ข สอง กรรมการ",
    "decisions": "เห็นชอบตามที่เจรจา\n" * 40,
    "lines": [{"number": "1.1", "name": "ร้อยละของคำขอ", "decision": "เห็นชอบตามเสนอ"}],
}
# At the foot of each page: reference and short hash, where to verify, the page's number.
STAMP = re.compile(r"คร\. สตม\. 2/2570 · \w{4} \w{4} \w{4}\s+สแกนคิวอาร์โค้ด[^\n]+\nhttps://\S+\nหน้า (\d+) / (\d+)\s*$")
# What a snapshot holds besides what is printed as it stands: keys, dates, kinds, and what of it is told in other words.
NOT_AS_IT_STANDS = {"code", "starts_on", "ends_on", "case", "kind", "source", "dimension", "abbr"}


def long_sections():
    """The sample's lines `TIMES` over; no two texts of two lines are the same."""
    sections = sample_sections()
    sections["lines"] = [_own(line, at) for at in range(TIMES) for line in sections["lines"]]
    return sections


def _own(line, at):
    texts = {
        name: f"{text} ถ้อยคำเฉพาะ {line['number']} ข้อ {at}" for name, text in line.items() if _is_words(name, text)
    }
    return {**line, **texts, "number": f"{line['number']}.{at + 1}"}


def _is_words(name, text):
    return isinstance(text, str) and text and name in ("name", "explanation", "definition", "conditions", "data_source")


@pytest.fixture(scope="module")
def sections():
    return long_sections()


@pytest.fixture(scope="module")
def certificate(sections):
    return signed(sections) | {"minutes": [MINUTES]}


@pytest.fixture(scope="module")
def pages(sections, certificate):
    """The text of each page with digits 0–9: what stands on it, without the stamp at its foot."""
    read = [to_arabic(page) for page in pages_of(render(sections, certificate))]
    assert len(read) >= 60
    stamps = [STAMP.search(page) for page in read]
    assert [stamp and stamp.groups() for stamp in stamps] == [
        (str(at), str(len(read))) for at in range(1, len(read) + 1)
    ]
    return [packed(page[: stamp.start()]) for page, stamp in zip(read, stamps, strict=True)]


def words_of(markup):
    return packed(to_arabic(html.unescape(re.sub("<[^>]*>", " ", markup))))


def heads_of(sections, certificate):
    """The heads of tables that may go on over a page, which stand there once more."""
    found = re.findall("<thead>.*?</thead>", to_html(sections, certificate), re.DOTALL)
    return {words_of(head) for head in found}


@pytest.mark.long
def test_every_letter_of_a_set_of_sixty_pages_is_read_in_its_order_and_none_besides(sections, certificate, pages):
    cover, contents, rest = in_three(to_html(sections, certificate))
    first = next(at for at, page in enumerate(pages) if at and page.startswith("คำรับรองการปฏิบัติราชการ"))
    read, repeated = without_heads_again(pages[first:], heads_of(sections, certificate))

    assert pages[0] == words_of(cover)
    assert "".join(pages[1:first]) == with_pages(contents, pages, first)
    assert "".join(read) == words_of(rest)
    assert repeated >= TIMES, "the table of criteria goes on over several pages, each with its head"


def in_three(page):
    """The HTML of the cover, of the contents, and of what follows."""
    cover, front = page.index('class="cover"'), page.index('class="contents"')
    end = page.index("</section>", front)
    return page[cover:front].partition(">")[2].rpartition("<")[0], page[front:end].partition(">")[2], page[end:]


def with_pages(contents, pages, first):
    """The words of the contents, each line with the number of the page that these words begin."""
    heading, *rows = re.split("<tr", contents)
    titles = [words_of("<tr" + re.sub(r'<td class="at">[^<]*', "", row)) for row in rows]
    found = [next(at for at in range(first, len(pages)) if title in pages[at]) + 1 for title in titles]
    assert len(found) > len(LINES) * TIMES
    return words_of(heading) + "".join(f"{title}{page}" for title, page in zip(titles, found, strict=True))


def without_heads_again(pages, heads):
    """(the pages, of a table that goes on only what is new; how many there were of those)."""
    again = [next((head for head in heads if page.startswith(head)), "") for page in pages]
    return [page.removeprefix(head) for page, head in zip(pages, again, strict=True)], sum(map(bool, again))


def test_whatever_the_snapshot_says_stands_on_the_paper(sections, pages):
    read = without_commas("".join(pages))

    missing = [path for path, text in texts_of(sections) if figure(packed(to_arabic(text))) not in read]

    assert missing == []


def without_commas(text):
    """Figures are printed in groups of three digits."""
    return text.replace(",", "")


def figure(text):
    """A figure as far as its last digit that counts; any other text as it is."""
    text = without_commas(text)
    return text.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.\d+", text) else text


def texts_of(value, path=""):
    """(where, text) of each text of a snapshot that is printed as it stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in NOT_AS_IT_STANDS:
                yield from texts_of(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from texts_of(inner, f"{path}/{at}")
    elif isinstance(value, str) and value:
        yield path, value
