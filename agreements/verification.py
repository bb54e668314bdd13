"""What an uploaded file is to us: the original, sealed by us but not kept, altered after sealing, or none of ours.

The file is told by its bytes alone. Whether it is the original is a question of its hash; everything else is found out
by a process that may die of the file without harm (agreements.verification_child). Nothing of the file is kept.
"""

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile

from agreements.models import Document, SealCertificate

LARGEST = 15 * 1024 * 1024
SECONDS = 15
# Files under examination at once in one server process; who comes later waits so many seconds, then is told.
AT_ONCE, PATIENCE = 2, 3
_places = threading.BoundedSemaphore(AT_ONCE)
_CHILD = str(Path(__file__).with_name("verification_child.py"))


class Finding(StrEnum):
    """The four verdicts on a file."""

    ORIGINAL = "original"
    NOT_KEPT = "not_kept"  # our seal, nothing changed since, but not the bytes that are kept
    ALTERED = "altered"  # our seal was put to something else than this
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Outcome:
    """The verdict on a file, and the document that it is, or was made from, where that is known."""

    finding: Finding
    document: Document | None = None


class Unexamined(Exception):
    """The file used up what its examination may cost: it could not be found out what it is."""


class Busy(Exception):
    """Too many files are being examined; it is worth trying again in a moment."""


def examine(content: bytes) -> Outcome:
    """The verdict on the bytes of a file. Raises `Unexamined` or `Busy`."""
    original = Document.objects.filter(sha256=hashlib.sha256(content).hexdigest()).first()
    if original is not None:
        return Outcome(Finding.ORIGINAL, original)
    certificates = list(SealCertificate.objects.values_list("pem", flat=True))
    if not certificates:
        return Outcome(Finding.FOREIGN)  # nothing was ever sealed here
    with _a_place():
        seals = look(content, certificates)
    made_from = Document.objects.filter(seal_digest__in=digests(seals)).first()
    return Outcome(judge(seals, known=made_from is not None), made_from)


def judge(seals: Sequence[dict], *, known: bool) -> Finding:
    """The verdict on what was found in a file that is not an original. `known`: we sealed one of its `digests`."""
    ours = [seal for seal in seals if seal["sealed_by"]]
    if any(seal["intact"] for seal in ours):
        return Finding.NOT_KEPT
    return Finding.ALTERED if ours or known else Finding.FOREIGN


def digests(seals: Sequence[dict]) -> set[str]:
    """What a file may have been made from: a digest that we sealed proves it, even where the seal itself is broken."""
    return {seal["signed"] for seal in seals if seal["sealed_by"]} | {
        each for seal in seals for each in seal["outside"]
    }


def look(content: bytes, certificates: Sequence[str]) -> list[dict]:
    """What the child found. It gets the file and the public certificates (PEM), and nothing else of ours.

    Raises `Unexamined` where it could not come to an end within its limits.
    """
    asked = json.dumps({"certificates": list(certificates)}).encode() + b"\n"
    with TemporaryFile() as answer:
        try:
            # -B: it may write so little that a compiled module it left behind would be cut short, for everybody.
            subprocess.run(
                [sys.executable, "-I", "-B", _CHILD],
                input=asked + content,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                timeout=SECONDS,
                check=True,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise Unexamined from error
        answer.seek(0)
        return json.load(answer)


@contextmanager
def _a_place():
    if not _places.acquire(timeout=PATIENCE):
        raise Busy
    try:
        yield
    finally:
        _places.release()
