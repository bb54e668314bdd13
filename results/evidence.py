"""Evidence files: known by their content, not their name; kept in the vault by hash; nothing in them is ever run."""

import io
import struct
import zipfile
import zlib
from pathlib import PurePath, PureWindowsPath

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from thai.text import one_line

LARGEST = 20 * 1024 * 1024
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SPELLED = {"jpeg": "jpg"}
LONGEST_NAME = 200
# A telephone's JPEG may hold a second, smaller picture: Pillow then calls it MPO.
PICTURES = {"PNG": "png", "JPEG": "jpg", "MPO": "jpg"}
MOST_PIXELS = 60_000_000
# An office file is a zip; these bounds are looked up in its directory, before anything is unpacked.
MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO = 3000, 200 * 1024 * 1024, 200
MAIN_PART = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
LIST_OF_PARTS = "[Content_Types].xml"
LONGEST_LIST = 1024 * 1024
# Old office files, and new ones with a password, come in this box.
OLD_OFFICE_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN_PICTURE = (
    UnidentifiedImageError,
    OSError,
    EOFError,
    SyntaxError,
    LookupError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
BROKEN_ZIP = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, struct.error, zlib.error)


class NotEvidence(ValueError):
    """The file can't be taken; `str()` is a sentence."""


def too_large():
    return NotEvidence(
        _("The file is larger than %(limit)s MB. Please make it smaller, or split it.")
        % {"limit": LARGEST // 1024 // 1024}
    )


def file_name(name):
    """The file's own name, without the folders that some browsers send, on one line, its ending kept."""
    name = one_line(PureWindowsPath(name.replace("\0", "")).name)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 12]}…{name[-11:]}"


def recognise(content, name):
    """The kind of file (a key of CONTENT_TYPES) by its content. Raises NotEvidence, also where the name says otherwise."""
    if len(content) > LARGEST:
        raise too_large()
    if not content:
        raise NotEvidence(_("The file is empty. Please choose another one."))
    kind = _kind(content)
    if kind is None:
        raise NotEvidence(
            _("Only pdf, png, jpg, docx and xlsx files are accepted. “%(name)s” is not one of these, or it is damaged.")
            % {"name": name}
        )
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
    if content.startswith(OLD_OFFICE_FILE):
        raise NotEvidence(
            _(
                "This is an office file of the old kind, or one with a password. Please save it as docx, xlsx or pdf, without a password."
            )
        )
    return _office_file(content) if content.startswith(b"PK\x03\x04") else None


def _picture(content):
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            small = picture.width * picture.height <= MOST_PIXELS
            kind = PICTURES.get(picture.format)
            picture.verify()
    except BROKEN_PICTURE:
        return None
    return kind if small else None


def _office_file(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _parts(archive, len(content))
    except BROKEN_ZIP as broken:
        if isinstance(broken, NotEvidence):
            raise
        return None
    return parts and next((kind for part, kind in MAIN_PART.items() if part in parts), None)


def _parts(archive, size):
    """The names of the parts of an office file; None if it is no such file. Raises NotEvidence for bombs and macros."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * size:
        raise NotEvidence(
            _("This file would be far too large when unpacked, so it was not opened. Please save it as pdf.")
        )
    names = {entry.filename for entry in entries}
    if LIST_OF_PARTS not in names:
        return None
    with archive.open(LIST_OF_PARTS) as listed:
        kinds = listed.read(LONGEST_LIST).replace(b"\0", b"").lower()  # without what UTF-16 puts in between
    if b"vbaproject" in kinds or b"macro" in kinds or any("vbaproject" in name.lower() for name in names):
        raise NotEvidence(
            _("This file contains macros (small programs), which are not accepted. Please save it without them.")
        )
    return names
