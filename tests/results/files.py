"""Tiny real files of every kind that is taken, and of kinds that are not."""

import io
import zipfile

from PIL import Image

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n190\n%%EOF\n"
)
PARTS = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PLAIN_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PLAIN_TABLE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
WORD_WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def picture(kind="PNG", size=(9, 9), **more):
    out = io.BytesIO()
    Image.new("RGB", size, "#6d1a2d").save(out, kind, **more)
    return out.getvalue()


def zipped(parts):
    """A zip of {name: bytes or text}."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(kind=PLAIN_WORD, **more):
    """The least that Word opens; `more` parts by their names."""
    text = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'
    return _office_file("word/document.xml", text, kind, more)


def xlsx():
    """The least that a spreadsheet program opens."""
    sheets = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    book = f'<workbook xmlns="{sheets}" xmlns:r="{OFFICE}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>'
    sheet = f'<worksheet xmlns="{sheets}"><sheetData/></worksheet>'
    points = f'<Relationships xmlns="{PARTS}/relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="1.xml"/></Relationships>'
    return _office_file("xl/workbook.xml", book, PLAIN_TABLE, {"xl/1.xml": sheet, "xl/_rels/workbook.xml.rels": points})


def _office_file(main, text, kind, more):
    kinds = f'<Types xmlns="{PARTS}/content-types"><Override PartName="/{main}" ContentType="{kind}"/></Types>'
    begins = (
        f'<Relationships xmlns="{PARTS}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="{main}"/></Relationships>'
    )
    return zipped({"[Content_Types].xml": kinds, "_rels/.rels": begins, main: text, **more})
