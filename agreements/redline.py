"""What differs between two snapshots: field by field, each with its words before and after."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import groupby

from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.clauses import LABELS as CLAUSES
from agreements.clauses import USUAL
from agreements.freeze import LINE_TEXTS
from agreements.models import Line, Source, ThreeAnswers
from agreements.models.agreement import LEVELS
from agreements.questions import QUESTIONS
from indicators.models import Framework
from orgunits.orders import order_words
from thai.dates import thai_date

CHOICES = {
    "source": dict(Source.choices),
    "kind": dict(Line.Kind.choices),
    "averages": dict(Line.Averages.choices),
}
# Of a frozen framework: its key → the column it was read from.
FRAMEWORK_COLUMNS = {
    "name": "name",
    "scale": "scale",
    "floor": "floor",
    "cap": "cap",
    "fail": "fail_score",
    "places": "places",
    "denominator": "denominator",
}


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
    return [
        *_parties(before["parties"], after["parties"]),
        *_document(before, after),
        *_plan(before["plan"], after["plan"], gettext("Action plan: %(part)s")),
        *_plan(
            before.get("superior_plan"), after.get("superior_plan"), gettext("The superior's action plan: %(part)s")
        ),
        *_framework(before.get("framework", {}), after.get("framework", {})),
        *_lines(before["lines"], after["lines"]),
    ]


def _document(before, after):
    """What the agreement's first page says: its period, its clauses, what is annexed."""
    for name, label in (("period", _("period of the agreement")), ("annexes", _("annexed documents"))):
        was, now = (_ON_PAPER[name](content) for content in (before, after))
        if was != now:
            yield Difference("", "", name, str(label), was, now)
    clauses = [USUAL | content.get("wording", {}).get("clauses", {}) for content in (before, after)]
    for key, label in CLAUSES.items():
        was, now = (texts[key] for texts in clauses)
        if was != now:
            yield Difference("", "", f"clause_{key}", str(label), was, now)


def _period(content):
    agreement = content.get("agreement", {})
    with translation.override("th"):
        days = (thai_date(date.fromisoformat(agreement[end])) for end in ("starts_on", "ends_on") if end in agreement)
        return " – ".join(days)


def _annexes(content):
    return "\n".join(annex["title"] for annex in content.get("rule", {}).get("annexes", ()))


_ON_PAPER = {"period": _period, "annexes": _annexes}


def _framework(before, after):
    """By what it is scored. What an older snapshot doesn't say is not compared: it was not there to be chosen."""
    for key, column in FRAMEWORK_COLUMNS.items():
        field = Framework._meta.get_field(column)
        was, now = (_choice(field, section.get(key)) for section in (before, after))
        if key in before and key in after and was != now:
            yield Difference("", "", key, gettext("Framework: %(part)s") % {"part": field.verbose_name}, was, now)
    was, now = (_dimensions(section.get("dimensions", ())) for section in (before, after))
    if was != now:
        yield Difference("", "", "dimensions", gettext("Framework: %(part)s") % {"part": _("dimensions")}, was, now)


def _choice(field, value):
    return "" if value is None else str(dict(field.flatchoices).get(value, value))


def _dimensions(rows):
    """A dimension on each line, with its weight or the range that is advised."""
    return "\n".join(" ".join(filter(None, (row["number"], row["name"], _dimension_weight(row)))) for row in rows)


def _dimension_weight(row):
    return row["weight"] or "–".join(filter(None, (row.get("low"), row.get("high"))))


def _parties(before, after):
    """Who signs: the posts, and the order by which one of them does."""
    for side, label in (("receivers", _("receiver of the agreement")), ("makers", _("maker of the agreement"))):
        was, now = (" · ".join(_party(party) for party in parties[side]) for parties in (before, after))
        if was != now:
            yield Difference("", "", side, gettext("Signatories: %(side)s") % {"side": label}, was, now)


def _party(party):
    order = party.get("assignment")
    if not order:
        return party["post"]
    with translation.override("th"):  # the words of the document, whatever language the page is in
        day = thai_date(date.fromisoformat(order["date"]))
        return f"{party['post']} (ตาม{order_words(order['number'])} ลงวันที่ {day})"


def _plan(before, after, called):
    """A plan by its parts, each `called` so; None where none is annexed."""
    for name, label in (("vision", _("vision")), ("mission", _("mission")), ("issues", _("strategic issues"))):
        was, now = (_outline(plan[name]) if plan else "" for plan in (before, after))
        if was != now:
            yield Difference("", "", name, called % {"part": label}, was, now)


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
            yield from _moved(was_by_key, now_by_key, line)
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


def _moved(was_by_key, now_by_key, line):
    """Where a line is now a part of another one than before."""
    was = _whole_of(was_by_key, was_by_key[line["key"]])
    now = _whole_of(now_by_key, line)
    if was != now:
        yield Difference(line["number"], line["name"], "parent", str(labels()["parent"]), was, now)


def _whole_of(by_key, line):
    whole = by_key.get(line.get("parent"))
    return whole["name"] if whole else ""


def _flat(line):
    """A frozen line as field → text, levels apart."""
    flat = {name: str(CHOICES.get(name, {}).get(line[name], line[name])) for name in LINE_TEXTS}
    flat |= {"weight": line["weight"], "target": line["target"] or ""}
    flat |= {f"past_{back}": past["value"] or "" for back, past in zip((3, 2, 1), line["past"], strict=True)}
    flat |= _criteria(line)
    flat |= {"library": line.get("library", "")}
    flat |= {"expression": line.get("expression", ""), "items": _items(line.get("items", []))}
    flat |= {f"asked_{name}": line.get("questions", {}).get(name, "") for name in QUESTIONS}
    flat |= _people(line) | {place: line.get(place, "") for place in ("carries_goal", "carries_indicator")}
    return flat | {place: line[place] for place in ("issue", "goal", "strategy", "dimension")}


def _criteria(line):
    """The levels, each apart; what a scale or an older snapshot doesn't have is blank."""
    columns = {"level": line["levels"], "text": line["level_texts"], "upper": line.get("uppers", [])}
    found = {f"{name}_{n}": (values[n - 1 : n] or [""])[0] or "" for n in LEVELS for name, values in columns.items()}
    averages = line.get("averages", Line.Averages.RESULTS) if line["kind"] == Line.Kind.UNITS else ""
    return found | {"averages": str(CHOICES["averages"].get(averages, ""))}


def _items(items):
    """What the result is made of, a row each; what was frozen before sheets said it has none."""
    return "\n".join(" · ".join(filter(None, each.values())) for each in items)


def _people(line):
    """Who oversees and who collects, as text; what was frozen before sheets named people has nobody."""
    collectors = line.get("collectors", [])
    return {
        "overseer": _person(line.get("overseer")),
        "collectors": "\n".join(_person(each) + (" *" if each["carries_score"] else "") for each in collectors),
    }


def _person(person):
    return " · ".join(filter(None, (person["name"], person["post"], person["phone"]))) if person else ""


def labels():
    """Field of a frozen line → its label."""
    own = {field.name: field.verbose_name for field in Line._meta.get_fields() if hasattr(field, "verbose_name")}
    own |= {f"level_{n}": format_lazy(_("level {number}"), number=n) for n in range(1, 6)}
    own |= {"library": _("sheet of the library")}
    own |= {"collectors": _("collectors of data")}
    own |= {"carries_goal": _("carries the goal"), "carries_indicator": _("carries the indicator")}
    own |= {f"asked_{name}": ThreeAnswers._meta.get_field(name).verbose_name for name in QUESTIONS}
    return own | {"issue": _("strategic issue"), "goal": _("goal"), "strategy": _("strategy")}


@dataclass(frozen=True)
class Piece:
    """A run of text that is the same in both, only in the later ("ins"), or only in the earlier ("del")."""

    op: str
    text: str


# A consonant with its marks, a word in other letters, a number, or a single sign: what a reader sees as one.
CLUSTER = re.compile(r"[เ-ไ]?[ก-ฮ][ะ-ฺๅ-๎]*|[0-9๐-๙.,]+|[A-Za-z]+|\s+|.", re.DOTALL)
THAI = re.compile(r"[ก-ฮเ-ไ]")
# Thai has no spaces between words: shorter agreements inside a change are chance, half a word kept and half struck out.
SHORTEST_KEPT, SHORTEST_AT_AN_END = 6, 3
# Comparing takes the time of one text times the other: long ones are compared by phrases, very long ones not at all.
PHRASE = re.compile(r"\s+|\S+")
MOST_COMPARISONS = 400_000


# Up to so many characters a change reads best as the whole before and the whole after.
SHORT = 24


def marked(before: str, after: str) -> list[Piece]:
    """The difference of two texts for reading: in whole for a short value, word by word for a long one."""
    if max(len(before), len(after)) > SHORT:
        return pieces(before, after)
    return [Piece(op, text) for op, text in (("del", before), ("ins", after)) if text]


def pieces(before, after):
    """The difference of two texts for reading, marked inside Thai words' own clusters."""
    for unit in (CLUSTER, PHRASE):
        old, new = unit.findall(before), unit.findall(after)
        if len(old) * len(new) <= MOST_COMPARISONS:
            return list(_merged(_runs(old, new)))
    return [Piece("del", before), Piece("ins", after)]


def _runs(old, new):
    """("same", text, "") or ("change", before, after), in order."""
    found = []
    for op, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal" and _is_kept(old, i, j) and _is_kept(new, k, m):
            found.append(("same", "".join(old[i:j]), ""))
        else:
            found.append(("change", "".join(old[i:j]), "".join(new[k:m])))
    return found


def _is_kept(tokens, begin, end):
    """Does this run, which both texts share, read as shared? A long one; or a short one that words begin and end with."""
    if _is_between_words(tokens, begin) and _is_between_words(tokens, end):
        return True
    at_an_end = begin == 0 or end == len(tokens)
    return end - begin >= (SHORTEST_AT_AN_END if at_an_end else SHORTEST_KEPT)


def _is_between_words(tokens, place):
    """Is `place` an end of the text, or beside a space, a number, a sign, a word in other letters?"""
    beside = tokens[max(place - 1, 0) : place + 1]
    return place in (0, len(tokens)) or any(not THAI.match(token) for token in beside)


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
