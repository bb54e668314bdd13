"""Office files of today (docx, xlsx) are zips: what must hold before anything in one is unpacked. One rule for all floors."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from django.utils.translation import gettext as _

# These bounds are looked up in the zip's directory.
MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO = 3000, 200 * 1024 * 1024, 200
LIST_OF_PARTS = "[Content_Types].xml"
LONGEST_LIST = 1024 * 1024
BEGINS = b"PK\x03\x04"
# Old office files, and new ones with a password, come in this box.
OLD_BEGINS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What spreadsheet programs take for the beginning of a formula; where East Asian input is set, in full width too.
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BROKEN_ZIP = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, struct.error, zlib.error)


class NotOpened(ValueError):
    """The file is not opened; `str()` is a sentence."""


class TooLargeUnpacked(NotOpened):
    """It would fill the memory or the disk."""


class HasMacros(NotOpened):
    """It brings small programs along."""


def begins_formula(text: str) -> bool:
    """Would a spreadsheet program take the text, typed or read into a cell, for a formula? Also behind blanks."""
    return text.startswith(FORMULA_BEGINS) or text.lstrip().startswith(FORMULA_BEGINS)


def parts_of(content: bytes) -> frozenset[str]:
    """The names of the parts of an office file; none if it is no such file. Raises `NotOpened` for bombs and macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _parts(archive, len(content))
    except NotOpened:
        raise
    except BROKEN_ZIP:
        return frozenset()


def _parts(archive: zipfile.ZipFile, size: int) -> frozenset[str]:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * size:
        raise TooLargeUnpacked(_("This file would be far too large when unpacked, so it was not opened."))
    names = frozenset(entry.filename for entry in entries)
    if LIST_OF_PARTS not in names:
        return frozenset()
    with archive.open(LIST_OF_PARTS) as listed:
        kinds = listed.read(LONGEST_LIST).replace(b"\0", b"").lower()  # without what UTF-16 puts in between
    if b"vbaproject" in kinds or b"macro" in kinds or any("vbaproject" in name.lower() for name in names):
        raise HasMacros(
            _("This file contains macros (small programs), which are not accepted. Please save it without them.")
        )
    return names
