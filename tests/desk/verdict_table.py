"""The table of verdicts: what verdicts.csv says of which cell. What the file may hold is told on top of it."""

import csv
from fnmatch import fnmatchcase
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from django.urls import get_resolver

from agreements.stages import Pen, Stage
from workflow.lifecycle import TABLE

FILE = Path(__file__).parent / "verdicts.csv"
# Who asks: the person of the world, and the unit whose agreement it is.
ROLES = {
    "anonymous": (None, "IMM-D1"),
    "staff": ("staff", "IMM-D1"),
    "office": ("office", "IMM-D1"),
    "head": ("head", "IMM-D1"),
    "negotiator": ("negotiator", "IMM-D1"),
    "superior": ("superior", "IMM-D1"),
    "evaluator": ("evaluator", "IMM-D1"),
    "commandstaff": ("command_staff", "IMM-D1"),
    "above": ("headquarters_negotiator", "IMM-D1"),
    "planner": ("planner", "IMM-D1"),
    "auditor": ("auditor", "IMM-D1"),
    "administrator": ("administrator", "IMM-D1"),
    "neighbour": ("neighbour", "IMM-D1"),
    "stranger": ("stranger", "IMM-D1"),
    "subordinate": ("staff", "IMM"),
}
# The stages, each with the hand that holds the pen first; and the turns of the other hands.
STAGES = {
    "draft": (Stage.DRAFT, Pen.STAFF),
    "informal": (Stage.INFORMAL, Pen.NEGOTIATOR),
    "formal": (Stage.FORMAL, Pen.NEGOTIATOR),
    "signing": (Stage.SIGNING, Pen.HEAD),
    "assessment": (Stage.ASSESSMENT, Pen.STAFF),
    "evaluation": (Stage.EVALUATION, Pen.EVALUATOR),
    "appeal": (Stage.APPEAL, Pen.HEAD),
    "closed": (Stage.CLOSED, Pen.NOBODY),
}
OTHER_TURNS = {
    "draft.office": (Stage.DRAFT, Pen.OFFICE),
    "informal.staff": (Stage.INFORMAL, Pen.STAFF),
    "informal.office": (Stage.INFORMAL, Pen.OFFICE),
    "formal.office": (Stage.FORMAL, Pen.OFFICE),
    "signing.superior": (Stage.SIGNING, Pen.SUPERIOR),
    "assessment.office": (Stage.ASSESSMENT, Pen.OFFICE),
    "assessment.head": (Stage.ASSESSMENT, Pen.HEAD),
    "evaluation.superior": (Stage.EVALUATION, Pen.SUPERIOR),
    "appeal.evaluator": (Stage.APPEAL, Pen.EVALUATOR),
    "appeal.superior": (Stage.APPEAL, Pen.SUPERIOR),
}
TURNS = STAGES | OTHER_TURNS
ACTING = ("staff", "office", "head", "negotiator", "superior", "evaluator")
METHODS = ("GET", "POST")


# Addresses that lead to no agreement answer the same in every stage, and are asked in one; all but these few.
ONE_STAGE = "assessment"
SHOW_AGREEMENTS = {
    "home",
    "sitting",
    "agreements",
    "document",
    "document:proof",
    "verify_code",
    "overview",
    "unit_overview",
    "overview_file",
    "unit",
    "search",
}


class Cell(NamedTuple):
    """One question: who asks for which route, how, in which stage."""

    route: str
    method: str
    role: str
    stage: str


class Row(NamedTuple):
    """A row of the file: its line, the patterns of the four columns, and (status, sentence)."""

    line: int
    patterns: tuple
    verdict: tuple


@cache
def routes():
    """The names of all addresses of the product; that of moves once for each move, that of documents for two of them."""
    named = {pattern.name for pattern in _patterns(get_resolver().url_patterns)}
    return tuple(sorted(named - {"move"} | {f"move:{move.name}" for move in TABLE} | {"document:proof"}))


def _patterns(patterns):
    for pattern in patterns:
        yield from _patterns(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern]


@cache
def _in_every_stage():
    """The routes whose answer may differ from stage to stage."""
    of_an_agreement = {
        pattern.name
        for pattern in _patterns(get_resolver().url_patterns)
        if str(pattern.pattern).startswith("agreements/<code:code>/")
    }
    return {route for route in routes() if route.partition(":")[0] in of_an_agreement | SHOW_AGREEMENTS}


@cache
def cells():
    """Every cell: what concerns an agreement in all stages, and in the other turns what is posted by those who act."""
    staged = [route for route in routes() if route in _in_every_stage()]
    others = [route for route in routes() if route not in _in_every_stage()]
    asked = [
        *product(staged, METHODS, ROLES, STAGES),
        *product(staged, ["POST"], ACTING, OTHER_TURNS),
        *product(others, METHODS, ROLES, [ONE_STAGE]),
    ]
    return tuple(Cell(*each) for each in asked)


def in_sample(cell):
    """One of the stages for each route, method and role, staggered: among the roles a route is asked in every stage.

    Two of the other turns, as fewer roles act there.
    """
    turns, places = (STAGES, 1) if cell.stage in STAGES else (OTHER_TURNS, 2)
    if cell.route not in _in_every_stage():
        return True
    begin = crc32(f"{cell.route} {cell.method}".encode()) + list(ROLES).index(cell.role)
    return (list(turns).index(cell.stage) - begin) % len(turns) in (0, len(turns) // 2)[:places]


@cache
def rows():
    """The rows of the file."""
    found, groups = [], {}
    lines = FILE.read_text(encoding="utf-8").splitlines()
    said = [(number, line) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]
    for number, line in said[1:]:
        fields = next(csv.reader([line]))
        if len(fields) == 2:
            groups[fields[0]] = fields[1]
        else:
            *where, status, sentence = fields
            patterns = tuple(tuple(_alternatives(text, groups)) for text in where)
            found.append(Row(number, patterns, (int(status), sentence)))
    return found


def _alternatives(text, groups):
    for part in text.split("|"):
        yield from _alternatives(groups[part], groups) if part.startswith("@") else [part]


@cache
def verdicts():
    """{cell: {verdict: [lines that say so]}}"""
    found = {cell: {} for cell in cells()}
    for row in rows():
        for cell in covered(row):
            found[cell].setdefault(row.verdict, []).append(row.line)
    return found


def covered(row):
    """The cells that a row speaks of."""
    known = (routes(), METHODS, tuple(ROLES), tuple(TURNS))
    matching = [
        [value for value in values if any(fnmatchcase(value, pattern) for pattern in patterns)]
        for values, patterns in zip(known, row.patterns, strict=True)
    ]
    return [cell for cell in (Cell(*each) for each in product(*matching)) if cell in _asked()]


@cache
def _asked():
    return frozenset(cells())


def unknown_words(row):
    """The alternatives of a row that stand for nothing: mistyped, or gone from the product."""
    known = (routes(), METHODS, tuple(ROLES), tuple(TURNS))
    return [
        pattern
        for values, patterns in zip(known, row.patterns, strict=True)
        for pattern in patterns
        if not any(fnmatchcase(value, pattern) for value in values)
    ]
