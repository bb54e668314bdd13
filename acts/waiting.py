"""Files that wait for a second word: sent, looked at, not yet taken. Private, by their content, gone after a day."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

WAITS_FOR = timedelta(days=1)
_SHA256 = re.compile("[0-9a-f]{64}")


def keep(content: bytes) -> str:
    """Let the bytes wait; gives their SHA-256, by which they are asked for. The same content waits once, from now on."""
    sha256 = hashlib.sha256(content).hexdigest()
    root = _root()
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=root, prefix="part-")
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
    Path(name).replace(root / sha256)
    return sha256


def waiting(sha256: str) -> bytes | None:
    """The bytes, if they still wait."""
    place = _root() / sha256
    if not _SHA256.fullmatch(sha256) or not place.is_file():
        return None
    content = place.read_bytes()
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def sweep(*, at: datetime) -> None:
    """Forget what has waited for its time."""
    if _root().is_dir():
        for place in _root().iterdir():
            if place.stat().st_mtime < (at - WAITS_FOR).timestamp():
                place.unlink(missing_ok=True)


def _root() -> Path:
    return Path(settings.PRIVATE_ROOT) / "waiting"
