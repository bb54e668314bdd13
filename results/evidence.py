"""Evidence files: known by their content, not their name; kept in the vault by hash; nothing in them is ever run."""

import io
import struct
import zlib
from pathlib import PurePath, PureWindowsPath

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from acts import office_files
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
MAIN_PART = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
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


def read_upload(upload):
    """(content, name, kind) of an uploaded file. Raises NotEvidence."""
    if upload.size > LARGEST:
        raise too_large()  # before a byte of it is read
    content, name = upload.read(), file_name(upload.name)
    return content, name, recognise(content, name)


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
    if content.startswith(office_files.OLD_BEGINS):
        raise NotEvidence(
            _(
                "This is an office file of the old kind, or one with a password. Please save it as docx, xlsx or pdf, without a password."
            )
        )
    return _office_file(content) if content.startswith(office_files.BEGINS) else None


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
        parts = office_files.parts_of(content)
    except office_files.TooLargeUnpacked as bomb:
        raise NotEvidence(
            _("This file would be far too large when unpacked, so it was not opened. Please save it as pdf.")
        ) from bomb
    except office_files.NotOpened as refused:
        raise NotEvidence(str(refused)) from refused
    return next((kind for part, kind in MAIN_PART.items() if part in parts), None)
