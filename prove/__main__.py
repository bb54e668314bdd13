"""Sends forged and mutated files through the verification, each in its own process, and asks pdfsig too. See bin/prove."""

import argparse
import logging
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import django

django.setup()

from agreements import verification
from agreements.documents import render
from agreements.verification import Finding, look
from prove.forging import FORGERIES, mutations, within_the_seal
from prove.judging import pdfsig_is_content, verdict
from prove.kit import Case, case
from tests.agreements.sample_sections import sample_sections, signed

KINDS = ("ec", "rsa")
GENUINE = (Finding.ORIGINAL, Finding.NOT_KEPT)


@dataclass(frozen=True)
class File:
    """One file that is sent, and what may be said of it."""

    of: str
    name: str
    content: bytes
    allowed: tuple[Finding, ...]
    # pdfsig knows no certificate of ours: neither another's in the seal, nor our own with a word changed, is a fault to it.
    beyond_pdfsig: bool = False


def main() -> int:
    """Exit status 0: every verdict is one that the file deserves, and pdfsig calls the same ones genuine."""
    asked = _arguments()
    logging.getLogger("pyhanko").setLevel(logging.ERROR)  # it complains of the forged files, rightly
    verification.SECONDS = 600  # a busy machine is no reason to fail; the limit of the processor stays
    began, counted, wrong = perf_counter(), Counter(), []
    with TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        for kind in KINDS:
            made = _case(Path(folder), kind)
            files = [*_forged(made, kind), *_mutated(made, kind, asked)]
            say(f"{len(files):,} files of a document sealed with a key of the kind {kind}")
            for file, found, genuine in pool.map(lambda file, made=made: _tried(made, file), files):
                counted[file.of, str(found)] += 1
                if found not in file.allowed or not _agrees(file, found, genuine):
                    wrong.append(f"{kind}: {file.name}: {found}, pdfsig {'agrees' if genuine else 'finds a fault'}")
    for (of, found), count in sorted(counted.items()):
        say(f"{of:<10} {found:<10} {count:>6,}")
    say(f"{sum(counted.values()):,} files in {perf_counter() - began:.0f} s; wrong: {len(wrong)}")
    for line in wrong:
        say(line)
    return 1 if wrong else 0


def _agrees(file: File, found: Finding, genuine: bool) -> bool:
    """Does pdfsig say the same? We may find a fault that it can't see, but never the other way round."""
    return genuine == (found in GENUINE) or (genuine and file.beyond_pdfsig)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="prove")
    parser.add_argument("--mutated", type=int, default=1000, help="how many files with one small change (1,000)")
    parser.add_argument("--seed", type=int, default=2569, help="which changes")
    return parser.parse_args()


def _case(folder: Path, kind: str) -> Case:
    """Two real documents, each with its certificate page."""
    sections = sample_sections()
    bare = render(sections, signed(sections))
    other = sample_sections()
    other["agreement"]["reference"] = "คร. สตม. 3/2570"
    return case(bare, render(other, signed(other)), folder, kind=kind)


def _forged(made: Case, kind: str) -> Iterator[File]:
    yield File("original", "the original", made.kit.original, (Finding.ORIGINAL,))
    for forgery in FORGERIES:
        name = forgery.name.replace("_", " ")
        yield File("forged", name, forgery.make(made.kit), (forgery.expected,), forgery.by_another_key)


def _mutated(made: Case, kind: str, asked: argparse.Namespace) -> Iterator[File]:
    original = made.kit.original
    for mutation in mutations(original, count=asked.mutated // len(KINDS), seed=asked.seed):
        # Within the seal stands some that it doesn't cover; whoever changes that changes nothing that was sealed.
        within = within_the_seal(original, mutation.content)
        allowed = (Finding.ALTERED, Finding.NOT_KEPT) if within else (Finding.ALTERED,)
        yield File("mutated", mutation.name, mutation.content, allowed, beyond_pdfsig=within)


def _tried(made: Case, file: File) -> tuple[File, Finding, bool]:
    kit = made.kit
    seals = [] if file.content == kit.original else look(file.content, made.certificates)
    return file, verdict(file.content, kit.original, made.known, seals), pdfsig_is_content(file.content)


def say(line: str) -> None:
    """Tell it at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
