"""A small picture of a piece of evidence, to be seen without opening the file. Of pictures alone: see docs/decisions.

The file is drawn by a process that may die of it without harm (results.preview_child); it gets the bytes and nothing else.
"""

import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

from acts.vault import read

DRAWN = ("png", "jpg")
SECONDS, AT_ONCE, PATIENCE = 10, 2, 3
_places = threading.BoundedSemaphore(AT_ONCE)
_CHILD = str(Path(__file__).with_name("preview_child.py"))
BEGINS = b"\x89PNG\r\n\x1a\n"


class Unpreviewable(Exception):
    """There is no picture of this file: of its kind none is drawn, it used up its limits, or too many are drawn now."""


def preview(evidence):
    """The PNG of a piece of evidence. Raises Unpreviewable."""
    if evidence.kind not in DRAWN:
        raise Unpreviewable
    with _a_place():
        return draw(read(evidence.sha256))


def draw(content):
    """The child's PNG of the bytes of a picture. Raises Unpreviewable."""
    try:
        # -B: it may write so little that a compiled module it left behind would be cut short, for everybody.
        done = subprocess.run(
            [sys.executable, "-I", "-B", _CHILD],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise Unpreviewable from error
    if not done.stdout.startswith(BEGINS):
        raise Unpreviewable
    return done.stdout


@contextmanager
def _a_place():
    if not _places.acquire(timeout=PATIENCE):
        raise Unpreviewable
    try:
        yield
    finally:
        _places.release()
