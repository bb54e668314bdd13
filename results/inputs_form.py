"""What a report asks for besides a plain figure, as it is typed: one field of several cells, kept in one piece."""

import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from indicators.criteria import Asks
from results.inputs import VALUES, formula_of
from thai.fields import NumberField
from thai.numbers import plain_number, show_digits
from thai.text import one_line

DONE = "on"
NONE = "0"  # of steps: said aloud, since nothing ticked may as well be not reported


@dataclass(frozen=True)
class Asked:
    """One cell: what it asks for. `key`: its place in the inputs (the name of a value, the number of an item)."""

    key: str
    title: str
    unit: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell as it stands in the page, with what was typed and what is wrong with it."""

    asked: Asked
    name: str
    value: str
    problem: str


def asked_of(line, how):
    """The cells that a report of the line asks for."""
    if how == VALUES:
        items = {item["symbol"]: item for item in line.items}
        found = [(name, items.get(name, {})) for name in formula_of(line).names]
        return [Asked(name, item.get("text", ""), item.get("unit", "")) for name, item in found]
    none = [Asked(NONE, _("none of these is done yet"))] if how == Asks.STEPS else []
    named = [item for item in line.items if item.get("text") or item.get("symbol") or item.get("weight")]
    return [
        Asked(str(number), item.get("text") or item.get("symbol", ""), item.get("unit", ""))
        for number, item in enumerate(named, 1)
    ] + none


class InputsWidget(forms.Textarea):
    """The cells, posted one by one as inputs-1, inputs-2 …, or all in one text: a line for each."""

    def __init__(self, count, attrs=None):
        self.count = count
        super().__init__(attrs)

    def value_from_datadict(self, data, files, name):
        if name in data:
            return data[name]
        typed = [one_line(data.get(f"{name}-{place}", "")) for place in range(1, self.count + 1)]
        return "\n".join(typed)

    def value_omitted_from_data(self, data, files, name):
        return name not in data and not any(key.startswith(f"{name}-") for key in data)


class InputsField(forms.Field):
    """Gives the inputs of a result as it keeps them; what no report has typed yet is {}."""

    widget = forms.Textarea

    def __init__(self, *, how, asked, choices=(), **more):
        self.how, self.asked, self.choices_known = how, asked, dict(choices)
        super().__init__(widget=InputsWidget(len(asked) or 1), required=False, **more)

    def typed(self, value):
        """What stands in each cell."""
        lines = [re.sub(r"^.*\t", "", line) for line in (value or "").splitlines()]
        wanted = len(self.asked) or 1
        return [*lines, *[""] * wanted][:wanted]

    def prepare_value(self, value):
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{asked.key}\t{text}" for asked, text in zip(self.asked, self._kept(value), strict=True))

    def _kept(self, inputs):
        if self.how == VALUES:
            return [_shown((inputs.get("values") or {}).get(asked.key, "")) for asked in self.asked]
        if self.how == Asks.STEPS:
            done = {str(number) for number in inputs["done"]} or {NONE} if "done" in inputs else ()
            return [DONE if asked.key in done else "" for asked in self.asked]
        if self.how == Asks.CHOICE:
            return [inputs.get("choice", "")]
        given = [_shown(text) for text in inputs.get("items") or ()]
        return [*given, *[""] * len(self.asked)][: len(self.asked)]

    def clean(self, value):
        typed = value if isinstance(value, list) else self.typed(value)
        problems = self.problems(typed)
        if any(problems):
            named = zip(self.asked, problems, strict=True)
            raise ValidationError([f"{asked.key} {asked.title}: {each}" for asked, each in named if each])
        return self._inputs(typed)

    def problems(self, typed):
        """What is wrong with each cell; "" where nothing is."""
        if self.how == Asks.CHOICE:
            known = not typed[0] or typed[0] in self.choices_known
            return ["" if known else _("Please choose one of the answers.")]
        return ["" if self.how == Asks.STEPS else _number_problem(text) for text in typed]

    def _inputs(self, typed):
        if not any(typed):
            return {}
        if self.how == Asks.STEPS:
            ticked = [asked.key for asked, text in zip(self.asked, typed, strict=True) if text]
            return {"done": [key for key in ticked if key != NONE]}
        if self.how == Asks.CHOICE:
            return {"choice": typed[0]}
        numbers = [_plain(text) for text in typed]
        if self.how == VALUES:
            return {"values": {asked.key: text for asked, text in zip(self.asked, numbers, strict=True)}}
        return {"items": numbers}


def inputs_field(line, how):
    """The field for what a report of `line` asks for; `how`: see results.inputs.asks."""
    if how == Asks.CHOICE:
        return InputsField(how=how, asked=[Asked("choice", "")], choices=line.criteria.choices, label=_("result"))
    return InputsField(how=how, asked=asked_of(line, how), label=_("what the result is made of"))


def cells(bound):
    """The cells of the field in the page, with what was typed and what is wrong with it."""
    field = bound.field
    typed = field.typed(bound.value())
    wrong = field.problems(typed) if bound.form.is_bound else [""] * len(typed)
    return [
        Cell(asked, f"{bound.html_name}-{place}", text, problem)
        for place, (asked, text, problem) in enumerate(zip(field.asked, typed, wrong, strict=True), 1)
    ]


def _number_problem(text):
    try:
        NumberField(required=False).clean(text)
    except ValidationError as wrong:
        return wrong.messages[0]
    return ""


def _plain(text):
    number = NumberField(required=False).clean(text)
    return "" if number is None else plain_number(number)


def _shown(text):
    return show_digits(str(text)) if text else ""
