"""The table of fields: what fields.csv says may change by a POST to which route, by whom, at which turn."""

import csv
import re
from collections import Counter
from fnmatch import fnmatchcase
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

from tests.desk.verdict_table import ACTING, OTHER_TURNS, ROLES, STAGES, TURNS, cells, verdicts

FILE = Path(__file__).parent / "fields.csv"
# Addresses that take several forms, told apart; the first of them goes by the route's own name.
ANSWERS = ("answer_offer:decline", "answer_offer:counter", "answer_offer:defer")
NOBODY = "nobody"
PART = re.compile(r"(?P<what>[+-]?)(?P<table>\w+)(?:\((?P<which>[^)]*)\))?(?:\*(?P<count>\w+))?(?:: (?P<columns>.*))?")


class Row(NamedTuple):
    """A row of the file."""

    line: int
    routes: tuple
    roles: tuple
    turns: tuple
    forms: tuple
    parts: tuple


class Part(NamedTuple):
    """One part of what changes: "+" rows come, "-" go, "" change in `columns`; `count` as written, "" for one."""

    what: str
    table: str
    which: str
    count: str
    columns: frozenset


@cache
def rows():
    """The rows of the file."""
    found, groups = [], {}
    lines = FILE.read_text(encoding="utf-8").splitlines()
    said = [(number, line) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]
    for number, line in said[1:]:
        columns = next(csv.reader([line]))
        if len(columns) == 2:
            groups[columns[0]] = columns[1]
        else:
            route, forms, role, turn, changes = columns
            where = (tuple(_alternatives(text, groups)) for text in (route, role, turn))
            found.append(Row(number, *where, tuple(forms.split("|")), tuple(_parts(changes, groups))))
    return found


def _alternatives(text, groups):
    for part in text.split("|"):
        yield from _alternatives(groups[part], groups) if part.startswith("@") else [part]


def _parts(changes, groups):
    text = re.sub(r"@\w+", lambda name: groups[name[0]], changes)
    for part in text.split(";"):
        if part.strip() != "-":
            what, table, which, count, columns = PART.fullmatch(part.strip()).groups(default="")
            yield Part(what, table, which, count, frozenset(columns.split()))


@cache
def posts():
    """Every (route, role, turn) that is posted: those of the table of verdicts, and the other answers to an offer."""
    known = [(cell.route, cell.role, cell.stage) for cell in cells() if cell.method == "POST"]
    turns = [*product(ROLES, STAGES), *product(ACTING, OTHER_TURNS)]
    return frozenset([*known, *((route, *rest) for route in ANSWERS for rest in turns)])


@cache
def takes_posts():
    """The routes that take a POST of somebody signed in."""
    answers = {
        (cell.route, status)
        for cell, said in verdicts().items()
        for status, _sentence in said
        if cell.method == "POST" and cell.role != "anonymous"
    }
    refused = {405, 404}
    return {route for route, status in answers if status not in refused} | set(ANSWERS)


@cache
def told():
    """{(route, role, turn): [the rows that tell of it]}"""
    found = {}
    for row in rows():
        for post in covered(row):
            found.setdefault(post, []).append(row)
    return found


def covered(row):
    """The posts that a row speaks of."""
    return [post for post in posts() if all(map(_matches, post, (row.routes, row.roles, row.turns)))]


def _matches(word, patterns):
    return any(fnmatchcase(word, pattern) for pattern in patterns)


def unknown_words(row):
    """The alternatives of a row that stand for nothing: mistyped, or gone from the product."""
    known = ({post[0] for post in posts()}, {*ROLES, NOBODY}, set(TURNS))
    return [
        pattern
        for words, patterns in zip(known, (row.routes, row.roles, row.turns), strict=True)
        for pattern in patterns
        if not any(fnmatchcase(word, pattern) for word in words)
    ]


def routes_told():
    """The routes that have a row, be it that nobody may change anything there."""
    return {post[0] for post in posts() for row in rows() if _matches(post[0], row.routes)}


def wrong_counts(parts, came):
    """What is wrong with the numbers of rows that came: {table: how many}, against what the parts say."""
    wanted = {part.table: part.count or "1" for part in parts if part.what == "+"}
    for table in sorted(wanted.keys() | came.keys()):
        count, said = came.get(table, 0), wanted.get(table, "0")
        if (count == 0) if said == "n" else (str(count) != said):
            yield f"{count} new rows of {table}, not {said}"


def count_tables(changes):
    """{table: how many rows of it} came, of some changes."""
    return Counter(change.table for change in changes if change.what == "+")
