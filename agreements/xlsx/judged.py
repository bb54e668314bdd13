"""What a file says of an indicator, judged by the form of the screen: one rule for what is typed here and there."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from agreements.forms import LineForm
from agreements.locks import lock_refusal, locked_fields
from agreements.models import Line
from agreements.people_form import MOST
from agreements.xlsx.columns import COLLECTORS
from agreements.xlsx.filled import Filled
from agreements.xlsx.meta import Meta
from agreements.xlsx.texts import Texts

REPEATED = 120  # characters of a text that a sentence repeats


class NotTaken(ValueError):
    """What the file says of a field can't be; `str()` is a sentence."""


@dataclass(frozen=True)
class Judgement:
    """What the line takes of what differs ({name: value}, as `save_line` takes it), and what is wrong with it."""

    changes: dict[str, Any]
    wrong: dict[str, list[str]]


def judged(unbound: LineForm, found: Filled, differing: list[str], *, texts: Texts, file: Meta) -> Judgement:
    """Judge what differs by the form of the line, `unbound`, as if somebody had typed it there."""
    wrong: dict[str, list[str]] = {}
    data: MultiValueDict[str, str] = MultiValueDict()
    for name, field in unbound.fields.items():
        if name not in unbound.locked:
            data.setlist(name, _as_sent(field, unbound.get_initial_for_field(field, name)))
    for name in differing:
        try:
            if name == COLLECTORS:
                people = _collectors(unbound.line, found, texts, file)
            elif name not in unbound.fields:
                raise NotTaken(_has_no_such())
            else:
                data.setlist(name, _typed(name, found, texts, file))
        except NotTaken as why:
            wrong[name] = [str(why)]
    form = _bound(unbound, data)
    # What else may be amiss in the line isn't the file's fault, and doesn't keep it from being taken.
    own = {*differing, NON_FIELD_ERRORS}
    wrong = {name: [str(each) for each in found] for name, found in form.errors.items() if name in own} | wrong
    if wrong:
        return Judgement({}, wrong)
    changes = form.kept([name for name in form.changed_fields if name in differing])
    return Judgement(changes | ({COLLECTORS: people} if COLLECTORS in differing else {}), {})


def _bound(unbound: LineForm, data: MultiValueDict[str, str]) -> LineForm:
    """The form with data, judged. A form of fifty fields costs more to make than to fill: its fields serve again."""
    form = copy(unbound)
    form.data, form.is_bound, form._errors, form._bound_fields_cache = data, True, None, {}
    form.__dict__.pop("changed_data", None)
    for field in form.fields.values():
        field.show_hidden_initial = False
    form.full_clean()
    return form


def _has_no_such() -> str:
    return _(
        "An indicator with parts has no such value of its own, and a part has the dimension of its whole. Please put the cell back."
    )


def _collectors(line: Line, found: Filled, texts: Texts, file: Meta) -> list[int]:
    """The ids of the people chosen, each once, in order."""
    if COLLECTORS in locked_fields(line):
        raise NotTaken(lock_refusal(line, [COLLECTORS]).sentence)
    if line.pk and line.children.exists():
        raise NotTaken(_has_no_such())
    labels = [label for (label,) in found.texts.collectors if label]
    chosen = list(dict.fromkeys(_value_of(label, texts.people, file.choices.get("user", {})) for label in labels))
    if len(chosen) > MOST:
        raise NotTaken(_("An indicator has at most %(limit)s collectors of data.") % {"limit": MOST})
    return [int(user) for user in chosen]


def _as_sent(field: forms.Field, value: Any) -> list[str]:
    """A value as the field's widget sends it."""
    value = field.prepare_value(value)
    values = value if isinstance(value, list | tuple) else [value]
    return ["" if each is None else str(each) for each in values]


def _typed(name: str, found: Filled, texts: Texts, file: Meta) -> list[str]:
    if name == "items":
        return ["\n".join("\t".join(cells) for cells in found.texts.items)]
    label = found.texts.cells[name]
    if name not in texts.choices:
        return [label]
    return [_value_of(label, texts.choices[name], file.choices.get(name, {})) if label else ""]


def _value_of(label: str, offered: dict[str, str], as_sent: dict[str, str]) -> str:
    """The value of a choice, by what it was called in the file, or is called now. Raises NotTaken."""
    value = as_sent.get(label, "")
    if value in offered:
        return value
    by_label = {now: each for each, now in offered.items()}
    if label not in by_label:
        sentence = _("“%(text)s” is not in the list. Please choose from the list in the cell.")
        raise NotTaken(sentence % {"text": label[:REPEATED]})
    return by_label[label]
