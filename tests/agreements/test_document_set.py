"""The document set as one file: bound of parts, archived as PDF/A-3, leading to its parts, carrying what was signed."""

import hashlib
import json
from io import BytesIO
from xml.etree import ElementTree

import pytest
from pikepdf import Name, Pdf

from agreements.documents import render
from agreements.printed import contents_rows
from tests.agreements.pdf_reading import packed, pages_of
from tests.agreements.sample_sections import draft, sample_sections, signed

PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
DC = "{http://purl.org/dc/elements/1.1/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
MINUTES = {
    "number": 1,
    "held_on": "2026-11-05",
    "place": "ห้องประชุมคนเข้าเมือง",
    "committee": "พลตำรวจตรี ก หนึ่ง ประธาน\nพันตำรวจเอก ข สอง กรรมการ",
    "decisions": "เห็นชอบตามที่เจรจา",
    "lines": [{"number": "1.1", "name": "ร้อยละของคำขอ", "decision": "เห็นชอบตามเสนอ"}],
}


def content_of(sections):
    return json.dumps(sections, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@pytest.fixture(scope="module")
def sections():
    return sample_sections()


@pytest.fixture(scope="module")
def made(sections):
    return render(sections, signed(sections), content=content_of(sections))


@pytest.fixture
def pdf(made):
    with Pdf.open(BytesIO(made)) as opened:
        yield opened


def test_each_line_of_the_contents_names_the_page_on_which_its_part_begins(sections, made):
    pages = [packed(page) for page in pages_of(made)]
    titles = [f"เอกสารแนบ{number}" for number in "๑๒๓๔"] + [f"ตัวชี้วัดที่{number}" for number in ("๑.๔", "๓.๒", "๔.๓")]

    for title in [*titles, "หน้ารับรองเอกสารอิเล็กทรอนิกส์"]:
        begins = next(at for at, page in enumerate(pages, 1) if at > 2 and page.startswith(title))
        told = pages[1].partition(title)[2]
        own = told.partition("เอกสารแนบ")[0].partition("ตัวชี้วัดที่")[0].partition("หน้ารับรอง")[0].partition("คร.")[0]
        assert own.translate(TO_ARABIC).endswith(str(begins)), title


def test_contents_longer_than_a_page_push_what_they_name_further_back():
    sections = sample_sections()
    sections["lines"] = [{**line, "number": f"{line['number']}.{at}"} for at in range(4) for line in sections["lines"]]

    pages = [packed(page) for page in pages_of(render(sections, signed(sections)))]

    last = next(at for at, page in enumerate(pages, 1) if page.startswith("หน้ารับรองเอกสารอิเล็กทรอนิกส์"))
    contents = next(page for page in pages if packed("หน้ารับรองเอกสารอิเล็กทรอนิกส์") in page)
    assert pages.index(contents) > 1, "the contents take several pages"
    assert f"หน้ารับรองเอกสารอิเล็กทรอนิกส์{last}" in contents.translate(TO_ARABIC)


def test_lines_of_the_contents_and_the_outline_lead_to_those_pages(pdf):
    places = {page.obj.objgen: at for at, page in enumerate(pdf.pages, 1)}
    links = [places[link.Dest[0].objgen] for link in pdf.pages[1].obj.Annots]
    with pdf.open_outline() as outline:
        upper = [places[item.destination[0].objgen] for item in outline.root]
        sheets = [places[item.destination[0].objgen] for item in outline.root[4].children]

    assert links == sorted(links)
    assert (links[0], len(set(links))) == (3, 1 + 4 + 12), "an annex and its first sheet begin on the same page"
    assert upper[0] == 3
    assert len(sheets) == 12
    assert set(upper) | set(sheets) == set(links)


def test_it_says_that_it_is_pdf_a_3_in_the_same_words_in_both_places(pdf, sections):
    rdf = ElementTree.fromstring(pdf.Root.Metadata.read_bytes())

    assert [rdf.find(f".//{PDFA}{name}").text for name in ("part", "conformance")] == ["3", "A"]
    assert rdf.find(f".//{DC}title//{RDF}li").text == str(pdf.docinfo["/Title"])
    assert rdf.find(f".//{DC}creator//{RDF}li").text == str(pdf.docinfo["/Author"])
    assert rdf.find(f".//{DC}description//{RDF}li").text == str(pdf.docinfo["/Subject"])
    (intent,) = pdf.Root.OutputIntents
    assert (str(intent.S), intent.DestOutputProfile.N) == ("/GTS_PDFA1", 3)
    assert (bool(pdf.Root.MarkInfo.Marked), str(pdf.Root.Lang), pdf.is_encrypted) == (True, "th", False)


def test_every_face_is_in_the_file_once_with_every_letter_that_is_shown(pdf):
    files = {each.objgen for each in pdf.objects if hasattr(each, "keys") and "/FontFile2" in each}
    fonts = [each for each in pdf.objects if hasattr(each, "keys") and each.get("/Type") == Name.Font]
    faces = {font.objgen for page in pdf.pages for font in page.obj.Resources.Font.values()}

    assert len(files) == len(faces) == 3
    assert {font.objgen for font in fonts if font.Subtype == Name.Type0} == faces


def test_each_page_and_link_finds_its_tags_in_one_tree(pdf):
    root = pdf.Root.StructTreeRoot
    numbers = [int(each) for each in list(root.ParentTree.Nums)[::2]]
    asked = [int(page.obj.StructParents) for page in pdf.pages]
    asked += [int(link.StructParent) for page in pdf.pages for link in page.obj.get("/Annots", ())]
    tops = [element for document in root.K for element in document.K]

    assert numbers == sorted(numbers) == sorted(asked), "each once, and none is left over"
    assert root.ParentTreeNextKey == len(numbers)
    assert {element.S for element in tops} == {Name.Part}
    found = dict(zip(numbers, list(root.ParentTree.Nums)[1::2], strict=True))
    for page in pdf.pages:
        for element in found[int(page.obj.StructParents)]:
            assert element.Pg.objgen == page.obj.objgen


def test_what_was_signed_is_attached_to_the_last_byte(pdf, sections):
    (attached,) = pdf.Root.AF
    content = attached.EF.F.read_bytes()

    assert hashlib.sha256(content).hexdigest() == signed(sections)["hash"]
    assert json.loads(content) == sections
    assert (attached.AFRelationship, str(attached.UF)) == (Name.Source, "agreement.json")
    assert attached.EF.F.Subtype == Name("/application/json")
    assert pdf.Root.Names.EmbeddedFiles.Names[1].objgen == attached.objgen


def test_a_second_rendering_sets_nothing_and_an_edit_sets_what_it_touches(sections, settings, tmp_path):
    settings.SET_PARTS_ROOT = tmp_path / "shelf"
    first = render(sections, draft(sections))
    whole = parts_on(settings)
    assert render(sections, draft(sections)) == first
    assert parts_on(settings) == whole

    edited = sample_sections()
    edited["lines"][4]["explanation"] = "ถ้อยคำใหม่"
    assert render(edited, draft(sections)) != first
    # The hash of the draft is left as it was: only the sheet itself, and the face that has other letters now.
    assert len(parts_on(settings) - whole) <= 2

    assert render(edited, draft(edited)) != first
    assert len(parts_on(settings) - whole) <= 4, "and the two stamps, on which the hash is"


def test_a_part_that_was_changed_on_the_shelf_is_set_anew(sections, settings, tmp_path):
    settings.SET_PARTS_ROOT = tmp_path / "shelf"
    first = render(sections, draft(sections))
    for file in settings.SET_PARTS_ROOT.rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:-1] + b"!")

    assert render(sections, draft(sections)) == first


def parts_on(settings):
    return {file.name for file in settings.SET_PARTS_ROOT.rglob("*") if file.is_file()}


def test_minutes_are_bound_in_where_they_are_handed_in(sections):
    certificate = signed(sections) | {"minutes": [MINUTES]}

    pages = pages_of(render(sections, certificate))
    page = packed(next(page for page in pages[2:] if page.startswith("เอกสารแนบ ๕")))

    assert packed("รายงานการประชุมเจรจาอย่างเป็นทางการ ครั้งที่ ๑ วันที่ ๕ พฤศจิกายน ๒๕๖๙") in page
    assert packed("พันตำรวจเอก ข สอง กรรมการ") in page
    assert packed("๑.๑ ร้อยละของคำขอ เห็นชอบตามเสนอ") in page
    assert pages[-1].startswith("หน้ารับรองเอกสารอิเล็กทรอนิกส์")


def test_a_sheet_prints_the_three_answers_of_the_negotiation_where_there_are_any(sections):
    sections = sample_sections()
    sections["lines"][1]["questions"] = {"develops": "ลดเวลารอ", "measures": "", "target_is": "ไม่เกิน 21 วัน"}

    read = packed("".join(pages_of(render(sections, signed(sections)))))

    assert read.count("สิ่งที่จะพัฒนาลดเวลารอ") == read.count("เป้าหมายของการพัฒนาไม่เกิน๒๑วัน") == 1
    assert "ตัวชี้วัดที่ใช้วัดงาน" not in read


def test_a_row_of_the_contents_has_what_its_template_asks_for():
    assert contents_rows([("ก", 1, "part:3", 9)]) == [{"title": "ก", "level": 1, "address": "part:3", "page": 9}]
