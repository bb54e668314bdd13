"""The vault: files by their content, outside any web root. Written temp → fsync → rename, so no half file is ever seen."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


def store(chunks):
    """Keep the bytes of an iterable of chunks; gives (sha256 hex, size). The same content is kept once."""
    root = Path(settings.PRIVATE_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    sha, size = hashlib.sha256(), 0
    descriptor, name = tempfile.mkstemp(dir=root, prefix="part-")
    try:
        with os.fdopen(descriptor, "wb") as out:
            for chunk in chunks:
                sha.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        _settle(Path(name), _place(sha.hexdigest()))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return sha.hexdigest(), size


def _settle(part, place):
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the rename itself must survive a crash
    finally:
        os.close(folder)


def _place(sha256):
    return Path(settings.PRIVATE_ROOT) / sha256[:2] / sha256


def path_of(sha256):
    """Where the content lies. Raises FileNotFoundError if it is not there."""
    place = _place(sha256)
    if not place.is_file():
        raise FileNotFoundError(sha256)
    return place


def read(sha256):
    """The bytes, checked against their hash; raises ValueError if the file was changed on disk."""
    content = path_of(sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"vault: {sha256} no longer has the content it was stored with")
    return content
