"""A file is what its content is, whatever its name says."""

import struct
import zlib
from contextlib import suppress

import pytest
from django.utils import translation

from results.evidence import LARGEST, NotEvidence, file_name, recognise
from tests.results.files import PDF, PLAIN_WORD, WORD_WITH_MACROS, docx, picture, xlsx, zipped

TAKEN = {
    "รายงาน.pdf": PDF,
    "PHOTO.PNG": picture("PNG"),
    "photo.jpg": picture("JPEG"),
    "photo.jpeg": picture("JPEG"),
    "from a telephone.jpg": picture("MPO", save_all=True, append_images=[]),
    "letter.docx": docx(),
    "table.xlsx": xlsx(),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_real_file_of_each_kind_is_taken(name):
    kind = name.rsplit(".")[-1].lower().replace("jpeg", "jpg")
    assert recognise(TAKEN[name], name) == kind


def test_a_jpeg_with_a_second_picture_in_it_is_a_jpeg():
    from PIL import Image

    small = Image.new("RGB", (3, 3))
    assert recognise(picture("MPO", save_all=True, append_images=[small]), "photo.jpg") == "jpg"


def bomb():
    return docx(**{"word/media/zeros.bin": b"\0" * 30_000_000})


def huge_png(side=20_000):
    """A few bytes that say they are 400 million pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


NONE_OF_THEM = "ระบบรับเฉพาะไฟล์ pdf png jpg docx และ xlsx"
MACROS = "ไฟล์นี้มีมาโคร"
REFUSED = {
    "empty": ("empty.pdf", b"", "ไฟล์ไม่มีเนื้อหา โปรดเลือกไฟล์อื่น"),
    "too large": ("large.pdf", PDF + b"\0" * LARGEST, "ไฟล์มีขนาดเกิน 20 เมกะไบต์"),
    "a picture called pdf": ("scan.pdf", picture("PNG"), "ไฟล์ชื่อ “scan.pdf” แต่เนื้อหาเป็นชนิด png"),
    "a table called docx": ("letter.docx", xlsx(), "ไฟล์ชื่อ “letter.docx” แต่เนื้อหาเป็นชนิด xlsx"),
    "without an ending": ("report", PDF, "ไฟล์ชื่อ “report” แต่เนื้อหาเป็นชนิด pdf"),
    "two endings": ("report.pdf.exe", PDF, "ไฟล์ชื่อ “report.pdf.exe”"),
    "text": ("notes.pdf", "บันทึก".encode(), NONE_OF_THEM),
    "html": ("page.html", b"<!doctype html><script>alert(1)</script>", NONE_OF_THEM),
    "svg": ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', NONE_OF_THEM),
    "svg called png": ("drawing.png", b"<svg/>", NONE_OF_THEM),
    "a program": ("setup.pdf", b"MZ\x90\0" + b"\0" * 90, NONE_OF_THEM),
    "half a pdf": ("half.pdf", PDF[:60], NONE_OF_THEM),
    "half a picture": ("half.png", picture("PNG")[:40], NONE_OF_THEM),
    "a picture too large to be shown": ("huge.png", huge_png(), NONE_OF_THEM),
    "a plain zip": ("files.docx", zipped({"a.txt": "a"}), NONE_OF_THEM),
    "a zip that calls itself Word": ("files.docx", zipped({"word/document.xml": "<x/>"}), NONE_OF_THEM),
    "half a docx": ("half.docx", docx()[:80], NONE_OF_THEM),
    "a zip bomb": ("bomb.docx", bomb(), "ไฟล์นี้มีขนาดใหญ่เกินไปเมื่อคลายออก"),
    "too many parts": (
        "parts.docx",
        docx(**{f"word/{number}.xml": "" for number in range(3001)}),
        "ไฟล์นี้มีขนาดใหญ่เกินไปเมื่อคลายออก",
    ),
    "macros": ("macros.docx", docx(**{"word/vbaProject.bin": b"\0"}), MACROS),
    "macros under another name": ("macros.docx", docx(WORD_WITH_MACROS), MACROS),
    "macros in UTF-16": (
        "macros.docx",
        zipped({"[Content_Types].xml": WORD_WITH_MACROS.encode("utf-16"), "word/document.xml": "<x/>"}),
        MACROS,
    ),
    "an old office file": ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 90, "ไฟล์นี้เป็นเอกสารรูปแบบเก่า"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_evidence_is_refused_with_a_sentence(case):
    name, content, sentence = REFUSED[case]
    with translation.override("th"), pytest.raises(NotEvidence) as refused:
        recognise(content, name)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize("kind", ["png", "jpg", "docx", "xlsx"])
@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_refused_or_taken_but_never_breaks_the_page(kind, seed):
    """Bytes changed at many places, by a rule that the seed gives."""
    whole = {"png": picture("PNG"), "jpg": picture("JPEG"), "docx": docx(PLAIN_WORD), "xlsx": xlsx()}[kind]
    damaged = bytearray(whole)
    for step in range(4):
        damaged[(seed * 7919 + step * 104_729) % len(damaged)] ^= 1 + (seed * 31 + step) % 255
    with suppress(NotEvidence):
        assert recognise(bytes(damaged), f"file.{kind}") == kind


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\กมลชนก\\รายงาน.pdf", "รายงาน.pdf"),
        ("/tmp/a b.pdf", "a b.pdf"),
        ("สอง\nบรรทัด\r.pdf", "สอง บรรทัด .pdf"),
        ("nul\0l.pdf", "null.pdf"),
        ("gpj\u202efdp.exe", "gpjfdp.exe"),
    ],
)
def test_a_name_is_one_line_without_folders(sent, kept):
    assert file_name(sent) == kept


def test_a_long_name_is_cut_in_the_middle_and_keeps_its_ending():
    name = file_name("ก" * 300 + ".pdf")
    assert len(name) == 200
    assert name.endswith(".pdf")
