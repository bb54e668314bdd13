"""What is read out of a PDF is the Thai that was set in it, and mending that changes nothing on the page."""

import pytest
from weasyprint import HTML

from agreements import layout
from agreements.layout import FAMILY, WEIGHTS, OwnFilesOnly, face
from agreements.pdf_text import glyph_texts, mend
from tests.agreements.pdf_reading import packed, pictures_of, text_of

SENTENCES = (
    "การดำเนินการของกองกำกับการ",
    "คำรับรองการปฏิบัติราชการของสำนักงานตรวจคนเข้าเมือง",
    "น้ำมันในปั๊มน้ำมันและน้ำประปา",
    "ฟั่นเชือกที่ญี่ปุ่นบนฐานุกรม",
    "ผู้กำกับการสั่งให้จำนำทองคำที่ทำด้วยน้ำมือ",
    "ฝู่ ฟ้ำ ป้ำ ก๊ำ ก๋ำ กี๊ กื้อ เกี๊ยะ อื้อฉาว สิ้นปี ที่นี่ ฎุ ฏู ญู ฐู ฤๅ ฦๅ ฬ่อ",
    "ร้อยละ ๘๗.๕๐ ของคำขอที่แล้วเสร็จภายใน 24 ชั่วโมง (Traffic flow) ฯลฯ",
    "เพื่อให้ผู้บังคับบัญชาได้รู้ว่าใครทำอะไรที่ไหนเมื่อใดและสำเร็จหรือไม่",
)
MIXED = " ".join(SENTENCES)


def pdf_of(body, *, mended=True, css=""):
    html = f"<html lang=th><head><style>{css}</style></head><body>{body}</body></html>"
    finisher = mend(family=FAMILY, font_file=face) if mended else None
    return HTML(string=html, url_fetcher=OwnFilesOnly()).write_pdf(
        stylesheets=layout._styles()[:1], font_config=layout._faces(), finisher=finisher
    )


@pytest.mark.parametrize("raw", [True, False], ids=["as written", "by position"])
@pytest.mark.parametrize("weight", WEIGHTS)
def test_whole_sentences_come_back_as_they_were_set(weight, raw):
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)

    read = text_of(pdf_of(body, css=f"html {{ font-weight: {weight}; font-size: 12pt }}"), raw=raw)

    assert [line.strip() for line in read.splitlines() if line.strip()] == list(SENTENCES)


def test_without_mending_they_do_not():
    read = text_of(pdf_of(f"<p>คำ {MIXED}</p>", mended=False))

    assert "กำร" in read
    assert packed(MIXED) not in packed(read)


@pytest.mark.parametrize("raw", [True, False], ids=["as written", "by position"])
@pytest.mark.parametrize(
    "css",
    [
        "p { width: 31mm }",
        "p { width: 70mm; font-size: 9pt }",
        "p { letter-spacing: .3mm }",
        "p { text-align: justify; width: 90mm }",
        "p { opacity: .5 }",
        "p { transform: rotate(0deg) }",
    ],
)
def test_nor_do_narrow_lines_spacing_or_layers_change_what_is_read(css, raw):
    read = text_of(pdf_of(f"<p>{MIXED}</p>", css=css), raw=raw)

    assert packed(read) == packed(MIXED)


def test_cells_of_a_table_are_read_whole():
    cells = "".join(f"<tr><td>{sentence}</td><td>{sentence}</td></tr>" for sentence in SENTENCES)

    read = packed(text_of(pdf_of(f"<table>{cells}</table>", css="table { font-size: 8pt }")))

    assert read == "".join(packed(sentence) * 2 for sentence in SENTENCES)


def test_words_in_several_weights_within_one_line_are_read_on():
    read = text_of(pdf_of("<p>ผู้<b>กำกับ</b>การ <span class=strong>สำนักงาน</span>น้ำ<b>การ</b>ทำ</p>"))

    assert packed(read) == "ผู้กำกับการสำนักงานน้ำการทำ"


def test_pages_look_the_same_to_the_pixel(tmp_path):
    body = f"<h1>{MIXED}</h1><p>{MIXED}</p><p class=strong>{MIXED}</p><div class=watermark>ร่าง</div>"
    (tmp_path / "mended").mkdir()
    (tmp_path / "plain").mkdir()

    mended = pictures_of(pdf_of(body), tmp_path / "mended", dpi=110)
    plain = pictures_of(pdf_of(body, mended=False), tmp_path / "plain", dpi=110)

    assert mended == plain
    assert len(set(mended[0])) > 2, "a page without ink proves nothing"


def test_text_in_other_fonts_stays_as_it_was():
    body, css = "<p>Office 1234</p>", "html { font-family: monospace }"

    assert pdf_of(body, css=css) == pdf_of(body, css=css, mended=False)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_face_tells_the_text_of_its_alternates_and_ligatures(weight):
    texts = set(glyph_texts(face(weight, italic=False)).values())

    assert {"ก", "ำ", "ฤๅ", "fi", "7"} <= texts
    assert texts & {"\u0e4d\u0e49", "\u0e49\u0e4d"}, "nikhahit with a tone mark, as in น้ำ"
