"""What people type is text: it fetches nothing, styles nothing, breaks no page, and is printed to the last letter."""

import http.server
import threading

import pytest

from agreements.documents import render, to_html
from agreements.layout import OwnFilesOnly, Unprintable
from tests.agreements.pdf_reading import packed, text_of
from tests.agreements.sample_sections import sample_sections, signed

HOSTILE = (
    "<img src=file:///etc/passwd>",
    "<style>body { display: none }</style>",
    "<link rel=attachment href=file:///etc/hostname>",
    "<script>alert(1)</script>",
    "</td></tr></table><h1>ปลอม</h1>",
    "url(http://127.0.0.1:9/x) @import 'file:///etc/passwd'",
    "{{ agreement }} {% include 'base.html' %}",
    "&lt;b&gt; &#x0E01; &amp;amp;",
    '" onload="x" class="watermark',
)


@pytest.fixture
def one_line():
    """The sample with a single line, which is quicker to set."""
    sections = sample_sections()
    sections["lines"] = sections["lines"][:1]
    return sections


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_that_was_typed_is_printed_as_text(one_line, text):
    one_line["lines"][0]["explanation"] = text
    one_line["plan"]["vision"] = text
    one_line["agreement"]["unit"]["name"] = text

    read = packed(text_of(render(one_line, signed(one_line), thai_digits=False)))

    assert read.count(packed(text)) >= 3
    assert packed("๑. คำรับรองระหว่าง".replace("๑", "1")) in read, "the rest of the page is there"
    assert "root:" not in read


def test_every_place_that_takes_text_escapes_it(one_line):
    mark = "<i>x</i>"

    def marked(value):
        if isinstance(value, dict):
            return {key: inner if key in KEPT else marked(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [marked(inner) for inner in value]
        return f"{mark}{value}" if isinstance(value, str) else value

    KEPT = {
        "hash", "starts_on", "ends_on", "signed_at", "kind", "side", "capacity", "dimension", "weight", "target",
        "past", "levels", "floor", "verify_url",
    }  # fmt: skip
    certificate = signed(one_line)

    page = to_html(marked(one_line), marked(certificate))

    assert mark not in page
    assert page.count("&lt;i&gt;x&lt;/i&gt;") > 60


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "static/agreements/document.css",
        "http://127.0.0.1:9/",
        "https://example.org/x.png",
        "ftp://127.0.0.1/x",
        "sarabun:900",
        "sarabun:400/../../../etc/passwd",
    ],
)
def test_the_fetcher_refuses_what_is_not_ours(address):
    with pytest.raises(ValueError, match="."):
        OwnFilesOnly().fetch(address)


def test_an_emblem_that_lies_elsewhere_stops_the_printing_and_is_not_asked_for(one_line):
    asked = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)

    server = http.server.HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for emblem in (f"http://127.0.0.1:{server.server_port}/emblem.png", "file:///etc/passwd"):
            with pytest.raises(Unprintable):
                render(one_line, signed(one_line) | {"emblem": emblem})
    finally:
        server.shutdown()
        server.server_close()

    assert asked == []


def test_an_emblem_carried_in_the_document_is_printed(one_line):
    svg = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'%3E%3Cpath d='M0 0h9v9z'/%3E%3C/svg%3E"

    assert len(render(one_line, signed(one_line) | {"emblem": svg})) > len(render(one_line, signed(one_line)))


@pytest.mark.parametrize(
    ("piece", "count"),
    [("x", 100_000), ("การทำงาน", 12_500), ("ก", 20_000), ("A1", 10_000), ("<&", 10_000), ("a@", 10_000)],
    ids=["latin", "thai words", "thai letter", "name", "markup", "address"],
)
def test_long_text_without_a_space_is_printed_to_the_last_letter(one_line, piece, count):
    one_line["lines"][0]["explanation"] = piece * count
    pdf = render(one_line, signed(one_line))

    # What runs off the side of a page isn't read back. Joined over lines and pages, without what stands at their feet.
    read = "".join(line for line in text_of(pdf).splitlines() if "คร. สตม." not in line and "หน้า " not in line)

    assert read.count(piece) >= count


def test_long_names_wrap_inside_their_cells(one_line):
    one_line["lines"][0]["name"] = "x" * 3_000
    one_line["lines"][0]["target"] = "123456789012345"
    certificate = signed(one_line)
    certificate["signatures"][0]["name"] = certificate["people"][1]["name"] = "y" * 600

    read = text_of(render(one_line, certificate))

    # In the table of criteria and over the sheet; in clause 1, in the block and on the certificate page.
    assert read.count("x") >= 6_000
    assert read.count("y") >= 1_800
    assert "๑๒๓,๔๕๖,๗๘๙,๐๑๒,๓๔๕" in packed(read)
