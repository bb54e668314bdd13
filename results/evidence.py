"""Evidence files: known by their content, not their name; kept in the vault by hash; nothing in them is ever run."""

import io
import zipfile
from pathlib import PurePath

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

LARGEST = 20 * 1024 * 1024
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SPELLED = {"jpeg": "jpg"}
# An office file is a zip; these bounds are looked up in its directory, before anything is unpacked.
MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO = 3000, 200 * 1024 * 1024, 200
MAIN_PART = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
MOST_PIXELS = 60_000_000


class NotEvidence(ValueError):
    """The file can't be taken; `str()` is a sentence."""


def recognise(content, name):
    """The kind of file (a key of CONTENT_TYPES) by its content. Raises NotEvidence, also where the name says otherwise."""
    if len(content) > LARGEST:
        raise NotEvidence(_("The file is larger than %(limit)s MB.") % {"limit": LARGEST // 1024 // 1024})
    if not content:
        raise NotEvidence(_("The file is empty."))
    kind = _kind(content)
    if kind is None:
        raise NotEvidence(_("Only pdf, png, jpg, docx and xlsx files are taken, without macros; this is none of them."))
    suffix = PurePath(name).suffix.lower().lstrip(".")
    if SPELLED.get(suffix, suffix) != kind:
        raise NotEvidence(
            _("The file is called “%(name)s” but its content is %(kind)s. Please check that it is the right file.")
            % {"name": name, "kind": kind}
        )
    return kind


def _kind(content):
    if content.startswith(b"%PDF-"):
        return "pdf" if b"%%EOF" in content[-2048:] else None
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _picture(content)
    return _office_file(content) if content.startswith(b"PK\x03\x04") else None


def _picture(content):
    try:
        with Image.open(io.BytesIO(content)) as picture:
            small = picture.width * picture.height <= MOST_PIXELS
            kind = {"PNG": "png", "JPEG": "jpg"}.get(picture.format)
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        return None
    return kind if small else None


def _office_file(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        return None
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    too_much = len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * len(content)
    if too_much or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for part, kind in MAIN_PART.items() if part in names), None)
