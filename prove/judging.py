"""The verdict on a file, beside what an independent reader of PDF says of it: pdfsig of poppler."""

import re
import subprocess
from tempfile import NamedTemporaryFile

from agreements.verification import Finding, digests, judge


def verdict(content: bytes, original: bytes, known: set[str], seals: list[dict]) -> Finding:
    """As `agreements.verification.examine`, where `original` is all that is kept, and `known` what we sealed."""
    if content == original:
        return Finding.ORIGINAL
    return judge(seals, known=bool(digests(seals) & known))


def pdfsig_is_content(content: bytes) -> bool:
    """Does pdfsig find one signature, valid, over the whole file?"""
    with NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        said = subprocess.run(["pdfsig", file.name], capture_output=True, timeout=60, check=False)
    text = said.stdout.decode(errors="replace")
    states = re.findall(r"Signature Validation: (.*)", text)
    return states == ["Signature is Valid."] and "Total document signed" in text
