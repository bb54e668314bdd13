"""What differs between two snapshots: field by field, each with its words before and after."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.freeze import LINE_TEXTS
from agreements.models import Line, Source

CHOICES = {"source": dict(Source.choices), "kind": dict(Line.Kind.choices)}


@dataclass(frozen=True)
class Difference:
    """One field that changed. `number` and `name` say which indicator ("" for the plan); texts are as printed."""

    number: str
    name: str
    field: str
    label: str
    was: str
    now: str


def differences(before, after):
    """The differences between the contents of two snapshots, in the order of the document."""
    return [*_plan(before["plan"], after["plan"]), *_lines(before["lines"], after["lines"])]


def _plan(before, after):
    for name, label in (("vision", _("vision")), ("mission", _("mission")), ("issues", _("strategic issues"))):
        was, now = _outline(before[name]), _outline(after[name])
        if was != now:
            yield Difference("", "", name, gettext("Action plan: %(part)s") % {"part": label}, was, now)


def _outline(part):
    """A part of the plan as text: the vision as it is, missions and issues line by line."""
    if isinstance(part, str):
        return part
    return "\n".join(line for entry in part for line in _entry(entry))


def _entry(entry):
    if isinstance(entry, str):
        yield entry
        return
    yield " ".join(filter(None, (entry.get("number"), entry["text"], entry.get("target"))))
    for below in ("goals", "strategies", "indicators"):
        for each in entry.get(below, ()):
            yield from _entry(each)


def _lines(before, after):
    was_by_key = {line["key"]: line for line in before}
    now_by_key = {line["key"]: line for line in after}
    for line in after:
        if line["key"] in was_by_key:
            yield from _line(was_by_key[line["key"]], line)
        else:
            yield _whole(line, was="", now=line["name"], label=gettext("added"))
    for line in before:
        if line["key"] not in now_by_key:
            yield _whole(line, was=line["name"], now="", label=gettext("removed"))


def _whole(line, *, was, now, label):
    return Difference(line["number"], line["name"], "line", label, was, now)


def _line(before, after):
    was, now = _flat(before), _flat(after)
    for field in now:
        if was[field] != now[field]:
            label = str(labels()[field])
            yield Difference(after["number"], after["name"], field, label, was[field], now[field])


def _flat(line):
    """A frozen line as field → text, levels apart."""
    flat = {name: str(CHOICES.get(name, {}).get(line[name], line[name])) for name in LINE_TEXTS}
    flat |= {"weight": line["weight"], "target": line["target"] or ""}
    flat |= {f"past_{back}": past["value"] or "" for back, past in zip((3, 2, 1), line["past"], strict=True)}
    for n, (value, text) in enumerate(zip(line["levels"], line["level_texts"], strict=True), start=1):
        flat |= {f"level_{n}": value or "", f"text_{n}": text}
    return flat | {place: line[place] for place in ("issue", "goal", "strategy", "dimension")}


def labels():
    """Field of a frozen line → its label."""
    own = {field.name: field.verbose_name for field in Line._meta.get_fields() if hasattr(field, "verbose_name")}
    own |= {f"level_{n}": format_lazy(_("level {number}"), number=n) for n in range(1, 6)}
    return own | {"issue": _("strategic issue"), "goal": _("goal"), "strategy": _("strategy")}


@dataclass(frozen=True)
class Piece:
    """A run of text that is the same in both, only in the later ("ins"), or only in the earlier ("del")."""

    op: str
    text: str


# A consonant with its marks, a word in other letters, a number, or a single sign: what a reader sees as one.
CLUSTER = re.compile(r"[เ-ไ]?[ก-ฮ][ะ-ฺๅ-๎]*|[0-9๐-๙.,]+|[A-Za-z]+|\s+|.", re.DOTALL)
# Shorter agreements inside a change are noise: half a word kept, half struck out.
SHORTEST_KEPT = 3


def pieces(before, after):
    """The difference of two texts for reading, marked inside Thai words' own clusters."""
    old, new = CLUSTER.findall(before), CLUSTER.findall(after)
    found = []
    for op, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        at_edge = i == 0 or j == len(old)
        if op == "equal" and (j - i >= SHORTEST_KEPT or at_edge):
            found.append(("same", "".join(old[i:j]), ""))
        else:
            found.append(("change", "".join(old[i:j]), "".join(new[k:m])))
    return list(_merged(found))


def _merged(found):
    """Neighbouring changes as one: struck out first, then put in."""
    for op, group in groupby(found, key=lambda piece: piece[0]):
        group = list(group)
        was, now = "".join(piece[1] for piece in group), "".join(piece[2] for piece in group)
        if op == "same":
            yield Piece("same", was)
            continue
        if was:
            yield Piece("del", was)
        if now:
            yield Piece("ins", now)
