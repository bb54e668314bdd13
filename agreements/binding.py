"""Binding: parts that were set one by one → one PDF/A-3 with page numbers, contents, outline and what is attached.

Nothing is laid out here. The faces, which each part carries for its own letters, are carried once by the whole, and so
is the colour profile; the tags of the parts become the chapters of one tree. The same parts give the same bytes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, OutlineItem, Page, Pdf, Stream, String

from agreements.bound_faces import Faces

# How a page of contents names the part that a line of it leads to; the address of nothing outside.
PART = "part:"
POINTS_IN_MM = 72 / 25.4
STAMPED = Name("/Stamped")


@dataclass(frozen=True)
class Entry:
    """A heading of the document: in its contents and its outline. `part` is the place of the part that it begins."""

    title: str
    part: int
    level: int = 0


@dataclass(frozen=True)
class Stamp:
    """What is laid on every page of an orientation: a PDF of one page; where its page number goes, in mm from the left
    and from the foot.
    """

    pdf: bytes
    left: float
    foot: float


@dataclass(frozen=True)
class Facts:
    """What the file says of itself. `identifier`: hexadecimal."""

    title: str
    author: str
    subject: str
    identifier: str


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF, from which its pages were made. `made_at` as a PDF writes it, or ""."""

    name: str
    content: bytes
    described: str
    mime_type: str = "application/json"
    made_at: str = ""


def pages_in(part: bytes) -> int:
    """How many pages a part has."""
    with Pdf.open(BytesIO(part)) as pdf:
        return len(pdf.pages)


def bind(
    parts: Sequence[bytes],
    *,
    entries: Sequence[Entry],
    stamps: tuple[Stamp, Stamp],
    number: Callable[[int, int], str],
    facts: Facts,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """The parts one after the other. `stamps`: for upright pages, for lying ones; `number(page, of)` is what they say."""
    pdf = Pdf.new()
    faces, chapters = Faces(pdf), []
    starts = []
    for part in parts:
        with Pdf.open(BytesIO(part)) as source:
            starts.append(len(pdf.pages))
            pdf.pages.extend(source.pages)
            chapters.append(pdf.copy_foreign(source.Root.StructTreeRoot))
    _stamp(pdf, stamps, number, faces)
    for page in pdf.pages:
        faces.take(page.obj.Resources)
    faces.settle()
    _one_tree(pdf, chapters, [*starts, len(pdf.pages)])
    _lead_to_parts(pdf, starts)
    _outline(pdf, entries, starts)
    _say(pdf, facts)
    _attach(pdf, attachments)
    return _written(pdf, facts)


def _written(pdf: Pdf, facts: Facts) -> bytes:
    pdf.trailer.ID = Array([String(bytes.fromhex(facts.identifier))] * 2)
    out = BytesIO()
    pdf.save(
        out,
        force_version="1.7",
        deterministic_id=True,
        fix_metadata_version=False,
        object_stream_mode=ObjectStreamMode.generate,
    )
    return out.getvalue()


# Stamps


def _stamp(pdf: Pdf, stamps: tuple[Stamp, Stamp], number: Callable[[int, int], str], faces: Faces) -> None:
    upright, lying = (_form(pdf, stamp, faces) for stamp in stamps)
    of = len(pdf.pages)
    for at, page in enumerate(pdf.pages, 1):
        is_lying = page.mediabox[2] > page.mediabox[3]
        form, stamp = (lying, stamps[1]) if is_lying else (upright, stamps[0])
        page.add_resource(form, Name.XObject, STAMPED)
        shown = faces.shown(number(at, of), page.obj.Resources, size=9)
        x, y = stamp.left * POINTS_IN_MM, stamp.foot * POINTS_IN_MM
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(
            b"Q\n/Artifact <</Type /Pagination>> BDC\nq %s Do Q\nq .4 g BT 1 0 0 1 %.2f %.2f Tm %s ET Q\nEMC\n"
            % (str(STAMPED).encode(), x, y, shown)
        )


def _form(pdf: Pdf, stamp: Stamp, faces: Faces) -> Stream:
    with Pdf.open(BytesIO(stamp.pdf)) as source:
        form = pdf.copy_foreign(Page(source.pages[0]).as_form_xobject())
    faces.take(form.Resources)
    return form


# Tags


def _one_tree(pdf: Pdf, chapters: Sequence[Dictionary], starts: Sequence[int]) -> None:
    """One tree of tags, a chapter for each part; pages and links find their tags by numbers that are new."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array()))
    numbers, next_number = Array(), 0
    for chapter, start, end in zip(chapters, starts, starts[1:], strict=False):
        part = chapter.K[0]
        part.S, part.P = Name.Part, document
        document.K.append(part)
        found = dict(_pairs(chapter.ParentTree.Nums))
        shifted = {old: next_number + at for at, old in enumerate(sorted(found))}
        for old, new in shifted.items():
            numbers.extend([new, found[old]])
        next_number += len(shifted)
        for page in list(pdf.pages)[start:end]:
            _renumber(page.obj, shifted)
    root.K = Array([document])
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    root.ParentTreeNextKey = next_number
    pdf.Root.StructTreeRoot = root


def _pairs(numbers: Array) -> Iterator[tuple[int, object]]:
    return zip((int(each) for each in list(numbers)[::2]), list(numbers)[1::2], strict=True)


def _renumber(page: Dictionary, shifted: dict[int, int]) -> None:
    page.StructParents = shifted[int(page.StructParents)]
    for annotation in page.get("/Annots", ()):
        annotation.F = TO_BE_PRINTED
        if "/StructParent" in annotation:
            annotation.StructParent = shifted[int(annotation.StructParent)]


# Contents and outline


def _lead_to_parts(pdf: Pdf, starts: Sequence[int]) -> None:
    """The links of the contents page lead to pages of this file."""
    pages = list(pdf.pages)
    for page in pages:
        for link in page.obj.get("/Annots", ()):
            address = str(link.A.URI) if "/A" in link and "/URI" in link.A else ""
            if address.startswith(PART):
                del link["/A"]
                link.Dest = _top_of(pages[starts[int(address.removeprefix(PART))]])


def _top_of(page: Page) -> Array:
    return Array([page.obj, Name.XYZ, 0, page.mediabox[3], 0])


def _outline(pdf: Pdf, entries: Sequence[Entry], starts: Sequence[int]) -> None:
    with pdf.open_outline() as outline:
        for entry in entries:
            item = OutlineItem(entry.title, destination=_top_of(pdf.pages[starts[entry.part]]))
            if entry.level and outline.root:
                outline.root[-1].children.append(item)
                outline.root[-1].is_closed = True
            else:
                outline.root.append(item)


# What the file says of itself


def _say(pdf: Pdf, facts: Facts) -> None:
    """PDF/A wants the same in the old place and in the new."""
    pdf.docinfo["/Title"], pdf.docinfo["/Author"] = facts.title, facts.author
    pdf.docinfo["/Subject"], pdf.docinfo["/Producer"] = facts.subject, PRODUCER
    pdf.Root.Lang = String("th")
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.OutputIntents = Array([_intent(pdf)])
    metadata = Stream(pdf, _xmp(facts).encode())
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = pdf.make_indirect(metadata)


def _intent(pdf: Pdf) -> Dictionary:
    """What the colours of the pages mean: those of a screen, sRGB."""
    profile = Stream(pdf, (files("weasyprint.pdf") / PROFILE).read_bytes())
    profile.N = 3
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name("/GTS_PDFA1"),
        OutputConditionIdentifier=String(PROFILE),
        Info=String(PROFILE),
        DestOutputProfile=pdf.make_indirect(profile),
    )


PROFILE = "sRGB2014.icc"
TO_BE_PRINTED = 4
PRODUCER = "WeasyPrint, pikepdf"
XMP = """<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdf:Producer>{producer}</pdf:Producer>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def _xmp(facts: Facts) -> str:
    texts = {name: escape(getattr(facts, name)) for name in ("title", "author", "subject")}
    return XMP.format(producer=PRODUCER, **texts)


def _attach(pdf: Pdf, attachments: Sequence[Attachment]) -> None:
    """Each file as the source that the pages were made from (PDF/A-3: an associated file)."""
    if not attachments:
        return
    attached = Array([pdf.make_indirect(_file(pdf, each)) for each in attachments])
    pdf.Root.AF = attached
    names = Array([each for file in attached for each in (file.UF, file)])
    pdf.Root.Names = Dictionary(EmbeddedFiles=pdf.make_indirect(Dictionary(Names=names)))


def _file(pdf: Pdf, attachment: Attachment) -> Dictionary:
    embedded = Stream(pdf, attachment.content)
    embedded.Type, embedded.Subtype = Name.EmbeddedFile, Name("/" + attachment.mime_type)
    embedded.Params = Dictionary(Size=len(attachment.content))
    if attachment.made_at:
        embedded.Params.ModDate = String(attachment.made_at)
    kept = pdf.make_indirect(embedded)
    return Dictionary(
        Type=Name.Filespec,
        F=String(attachment.name),
        UF=String(attachment.name),
        Desc=String(attachment.described),
        AFRelationship=Name.Source,
        EF=Dictionary(F=kept, UF=kept),
    )
