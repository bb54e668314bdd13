"""A results file that comes back: what it would change, what is wrong in it, and taking it over as it was shown.

Cells are compared with what they held when the file went out. What the file changed and somebody else changed meanwhile
is a clash, and isn't taken over. A row in which something is wrong is left out whole; the others are taken.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from acts.log import acting
from agreements.xlsx.cells import Wrong, canonical, text_of
from agreements.xlsx.reading import Unreadable, address, read
from indicators.criteria import Asks
from results.workbook import (
    COLUMN_OF_PARTS,
    FIRST,
    LEADING,
    MARK,
    NUMBERS,
    PARTS,
    RESULTS,
    SCHEMA,
    SYSTEM,
    choices,
    columns,
    form_of,
    typed,
)
from results.write import save_result

MOST_ROWS = 2000


class NotAsShown(Exception):
    """What the file would do is no longer what was shown."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in a cell; shaped as agreements.xlsx.upload.Problem is."""

    sheet: str
    address: str
    label: str
    sentence: str


@dataclass(frozen=True)
class Change:
    """One field of a row: its label, where it stands, the texts."""

    label: str
    address: str
    was: str
    now: str
    note: str = ""


@dataclass
class Taking:
    """What the file says of one row: what would be saved, with the version that it was compared with."""

    row: object
    fields: list[Change] = field(default_factory=list)
    changes: dict = field(default_factory=dict)


@dataclass
class Outcome:
    """What a file would do."""

    taken: list[Taking] = field(default_factory=list)
    clashes: list[Taking] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def seal(self):
        """Of what would be saved, and over which versions."""
        told = [
            [each.row.line.key, each.row.result.version, {name: str(value) for name, value in each.changes.items()}]
            for each in self.taken
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@dataclass
class _Sent:
    """What was sent: texts by number and field; what they were; what couldn't be read, by number."""

    was: dict[str, dict[str, str]] = field(default_factory=dict)
    now: dict[str, dict[str, str]] = field(default_factory=dict)
    places: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    problems: dict[str, list[Problem]] = field(default_factory=dict)


def dry_run(report, card, content):
    """The Outcome of a file on a report as it stands. Raises Unreadable for one that isn't of this report."""
    labels = columns(report, card)
    sent = _sent(report, content, list(labels), labels)
    outcome = Outcome()
    for row in card.rows:
        if row.line.number in sent.was:
            _judge(outcome, report, row, sent, labels)
    known = {row.line.number for row in card.rows}
    outcome.problems += [each for number, wrong in sent.problems.items() if number not in known for each in wrong]
    return outcome


def take_over(report, card, content, *, seal, actor, at):
    """Save what the dry run showed, in one act; gives how many rows. Raises NotAsShown, and Stale as `save_result`."""
    outcome = dry_run(report, card, content)
    if outcome.seal() != seal or not outcome.taken:
        raise NotAsShown
    with acting(actor, at=at):
        for each in outcome.taken:
            result = each.row.result
            save_result(result, each.changes, version=result.version, actor=actor, at=at)
    return len(outcome.taken)


def _judge(outcome, report, row, sent, labels):
    number = row.line.number
    stands = _flat(typed(report, row))
    was, now = sent.was[number], sent.now.get(number, {})
    typed_anew = {name: text for name, text in now.items() if name in was and text != was[name] and name in stands}
    typed_anew = {name: text for name, text in typed_anew.items() if text != stands[name]}
    if number in sent.problems:
        outcome.problems += sent.problems[number]
        return
    if not typed_anew:
        return
    shown = Taking(row, [_change(sent, number, name, labels, stands[name], text) for name, text in typed_anew.items()])
    if any(canonical(stands[name]) != canonical(was[name]) for name in typed_anew):
        outcome.clashes.append(shown)
        return
    wrong = _fill(shown, report, stands | typed_anew)
    if wrong:
        outcome.problems += [_problem(sent, number, name, labels, sentence) for name, sentence in wrong]
    elif shown.changes:
        outcome.taken.append(shown)


def _flat(told):
    """{field: text}, parts by "part-1" and so on."""
    return told.fields | {f"part-{place}": text for place, (_asked, text) in enumerate(told.parts, 1)}


def _fill(shown, report, texts):
    """Judge the row as its form does; gives [(field, sentence)] or fills in what would be saved."""
    row = shown.row
    data = {name: text for name, text in texts.items() if not name.startswith("part-")}
    parts = sorted((int(name.removeprefix("part-")), text) for name, text in texts.items() if name.startswith("part-"))
    if parts:
        keys = choices(row.line) if form_of(report, row).asks == Asks.CHOICE else {}
        data["inputs"] = "\n".join(keys.get(text, text) for _place, text in parts)
    form = form_of(report, row, data)
    if not form.is_valid():
        return [(name, " ".join(errors)) for name, errors in form.errors.items()]
    shown.changes = {name: value for name, value in form.changes().items() if value != getattr(row.result, name)}
    return []


def _change(sent, number, name, labels, was, now):
    _sheet, place = sent.places.get((number, name), ("", ""))
    return Change(_label(name, labels), place, was, now)


def _problem(sent, number, name, labels, sentence):
    where = "part-1" if name == "inputs" else name
    sheet, place = sent.places.get((number, where), (RESULTS, ""))
    return Problem(sheet, place, f"{number} {_label(name, labels)}", sentence)


def _label(name, labels):
    return labels.get(name) or f"{PARTS} {name.removeprefix('part-')}".removesuffix(" inputs")


# Reading


def _sent(report, content, names, labels):
    sheets = read(content)
    if SYSTEM not in sheets or RESULTS not in sheets:
        raise Unreadable(_not_ours())
    sent = _Sent()
    _read_system(report, sheets[SYSTEM], sent)
    for at, number, cells in _rows(sheets[RESULTS]):
        for column, name in enumerate(names, LEADING + 1):
            _keep(sent, RESULTS, at, column, (number, name), cells.get(column), labels)
    for at, number, cells in _rows(sheets[PARTS]) if PARTS in sheets else ():
        place = _plain(cells.get(2))
        _keep(sent, PARTS, at, COLUMN_OF_PARTS, (number, f"part-{place}"), cells.get(COLUMN_OF_PARTS), labels)
    return sent


def _rows(sheet):
    below = sorted(row for row in sheet.rows if row >= FIRST)
    if len(below) > MOST_ROWS:
        raise Unreadable(_not_ours())
    for at in below:
        yield at, _plain(sheet.rows[at].get(1)), sheet.rows[at]


def _read_system(report, sheet, sent):
    rows = [[_plain(cells.get(at)) for at in range(1, 5)] for _row, cells in sorted(sheet.rows.items())]
    if not rows or rows[0][:2] != [MARK, SCHEMA]:
        raise Unreadable(_not_ours())
    for kind, *told in rows[1:]:
        if kind == "report" and told[:2] != [report.agreement.code, str(report.round.position)]:
            sentence = _("This file is of another report (%(code)s, round %(round)s). Nothing of it was read.")
            raise Unreadable(sentence % {"code": told[0], "round": told[1]})
        if kind in ("was", "part"):
            name = told[1] if kind == "was" else f"part-{told[1]}"
            sent.was.setdefault(told[0], {})[name] = told[2]


def _not_ours():
    return _("This workbook is not the form of this report. Please download it here and fill that one in.")


def _plain(cell):
    return canonical(cell.text) if cell else ""


def _keep(sent, sheet, at, column, key, cell, labels):
    number, name = key
    place = address(at, column)
    if not number:
        return
    if (number, name) in sent.places:
        sentence = _("This indicator stands in the file twice. Please delete the copy.")
        sent.problems.setdefault(number, []).append(Problem(sheet, place, number, sentence))
        return
    sent.places[number, name] = sheet, place
    try:
        sent.now.setdefault(number, {})[name] = text_of(cell, is_number=name in NUMBERS or name.startswith("part-"))
    except Wrong as why:
        sent.problems.setdefault(number, []).append(Problem(sheet, place, f"{number} {_label(name, labels)}", str(why)))
