"""The shelf of set parts: what has been laid out once is not laid out again, whoever asks and in whichever process.

A shelf, not a record: everything on it can be made anew. What lies there is signed with the secret key, because it goes
into documents that people sign: a file that was changed on disk is not taken. What nobody took for long is thrown away.
"""

import hmac
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import time

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "agreements.set_parts"
SEAL_SIZE = 32
UNUSED_FOR = 60 * 24 * 3600  # seconds until a part that nobody took is thrown away


def kept(key: str, make: Callable[[], bytes]) -> bytes:
    """The part of that key (hex) from the shelf; made and put there where it isn't, or isn't as it was put there."""
    place = settings.SET_PARTS_ROOT / key[:2] / key
    found = _taken(key, place)
    if found is not None:
        return found
    made = make()
    _put(key, place, made)
    return made


def _taken(key: str, place: Path) -> bytes | None:
    try:
        sealed = place.read_bytes()
        os.utime(place)
    except FileNotFoundError:
        return None
    content = sealed[SEAL_SIZE:]
    return content if hmac.compare_digest(sealed[:SEAL_SIZE], _seal(key, content)) else None


def _put(key: str, place: Path, content: bytes) -> None:
    """Written aside and renamed, so that nobody takes a half; then what is old in the same drawer goes."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix="part-")
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(_seal(key, content) + content)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _clear(place.parent, time() - UNUSED_FOR)


def _clear(drawer: Path, before: float) -> None:
    for entry in os.scandir(drawer):
        try:
            if entry.stat().st_mtime < before:
                os.unlink(entry.path)
        except FileNotFoundError:
            continue  # another worker was quicker


def _seal(key: str, content: bytes) -> bytes:
    return salted_hmac(SALT, key.encode() + content, algorithm="sha256").digest()
