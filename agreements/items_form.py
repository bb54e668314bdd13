"""What an indicator's result is put together from, as it is typed: a table of rows (variables, projects, units, steps),
and the formula over the names in it.

The table is one field, whose text is a line for each row and a tab between cells: as Excel copies it.
"""

import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.models import Line
from indicators.formula import FormulaError, name_problem, parse
from indicators.formula_text import LONGEST
from thai.fields import NumberField, TidyCharField
from thai.numbers import parse_decimal, plain_number, show_digits, to_arabic
from thai.text import one_line

COLUMNS = ("symbol", "text", "unit", "weight")
LONGEST_CELL = {"symbol": 60, "text": 500, "unit": 100, "weight": 20}
MOST_ROWS = 60
LEAST_SHOWN, SPARE = 3, 2
_CELL = re.compile(rf"-([0-9]{{1,2}})-({'|'.join(COLUMNS)})")


# What the table lists for the kinds of criteria: (kind, "values" for all with a formula; what stands above, what to do).
LISTED = (
    ("values", _("What it is"), _("One value of the formula in each row, with its name in it.")),
    ("cumulative", _("name of the step"), _("One step in each row, in the order in which they build on each other.")),
    ("count", _("name of the issue"), _("One issue in each row. Without a list the report asks for the number alone.")),
    ("projects", _("name of the project"), _("One project in each row; give all of them a weight, or none.")),
    ("units", _("name of the unit"), _("One unit in each row; give all of them a weight, or none.")),
)


def column_labels():
    """What stands above each column, and beside each cell for who doesn't see it."""
    return {
        "symbol": gettext("Name in the formula"),
        "text": gettext("What it is"),
        "unit": gettext("unit of measure"),
        "weight": gettext("weight"),
    }


class ExpressionField(TidyCharField):
    """A formula that can be read; whether its names are known is asked when the agreement is submitted."""

    def validate(self, value):
        super().validate(value)
        if value:
            try:
                parse(value)
            except FormulaError as wrong:
                raise ValidationError(str(wrong), code="no_formula") from wrong


class ItemsTable(forms.Textarea):
    """The cells, posted one by one as items-0-symbol …, or all in one text."""

    def value_from_datadict(self, data, files, name):
        if name in data:
            return data[name]
        found = {}
        for key in data:
            cell = _CELL.fullmatch(key.removeprefix(name)) if key.startswith(name) else None
            if cell:
                found.setdefault(int(cell[1]), {})[cell[2]] = one_line(data[key])
        rows = [
            [found.get(place, {}).get(column, "") for column in COLUMNS] for place in range(max(found, default=-1) + 1)
        ]
        return "\n".join("\t".join(cells) for cells in rows)

    def value_omitted_from_data(self, data, files, name):
        return name not in data and not any(key.startswith(f"{name}-") for key in data)


class ItemsField(forms.Field):
    """A list of {"symbol", "text", "unit", "weight"}, all texts; rows without any text are left out."""

    widget = ItemsTable

    def prepare_value(self, value):
        if isinstance(value, list):
            return "\n".join("\t".join(shown_cells(item)) for item in value)
        return value

    def to_python(self, value):
        rows = value if isinstance(value, list) else [_item(cells) for cells in cells_of(value)]
        return [item for item in rows if any(item.values())]

    def clean(self, value):
        wrong = [
            gettext("Row %(row)s: %(problem)s") % {"row": place, "problem": problem}
            for place, cells in enumerate(cells_of(value), 1)
            for problem in _row_problems(cells)
        ]
        items = self.to_python(value)
        wrong += _doubled([item["symbol"] for item in items])
        if len(items) > MOST_ROWS:
            wrong.append(gettext("The table holds at most %(limit)s rows.") % {"limit": MOST_ROWS})
        if wrong:
            raise ValidationError(wrong)
        return items


def cells_of(text):
    """The cells of each row of a pasted or posted text, four to a row."""
    rows = [line.split("\t") for line in (text or "").splitlines()]
    return [tuple(one_line(cell) for cell in (*cells, "", "", "", "")[: len(COLUMNS)]) for cells in rows]


def shown_cells(item):
    """An item's cells in the digits that people are shown; the name as it stands in the formula."""
    shown = {name: item.get(name, "") for name in COLUMNS}
    return [shown["symbol"], shown["text"], shown["unit"], show_digits(shown["weight"])]


def _item(cells):
    item = dict(zip(COLUMNS, cells, strict=True))
    item["symbol"] = to_arabic(item["symbol"])
    if item["weight"] and not _weight_problem(item["weight"]):
        item["weight"] = plain_number(parse_decimal(item["weight"]))
    return item


def _row_problems(cells):
    item = dict(zip(COLUMNS, cells, strict=True))
    labels = column_labels()
    for name, limit in LONGEST_CELL.items():
        if len(item[name]) > limit:
            sentence = gettext("“%(column)s” is too long: at most %(limit)s characters.")
            yield sentence % {"column": labels[name], "limit": limit}
            return
    if item["symbol"] and (problem := name_problem(to_arabic(item["symbol"]))):
        yield problem
    if item["weight"] and (problem := _weight_problem(item["weight"])):
        yield problem


def _weight_problem(text):
    try:
        NumberField(min_value=0).clean(text)
    except ValidationError as wrong:
        return wrong.messages[0]
    return ""


def _doubled(symbols):
    twice = dict.fromkeys(name for name in symbols if name and symbols.count(name) > 1)
    sentence = gettext("The name “%(name)s” stands in the table more than once.")
    return [sentence % {"name": name} for name in twice]


@dataclass(frozen=True)
class Cell:
    """One input of the table: `column` says which, `heading` what stands above it, `label` what it is called."""

    name: str
    column: str
    heading: str
    label: str
    value: str


class ItemsForm(forms.Form):
    """The part of a sheet's form that holds the table and the formula."""

    expression = ExpressionField(
        label=Line._meta.get_field("expression").verbose_name,
        required=False,
        max_length=LONGEST,
        help_text=_(
            "For example A ÷ B × 100. With it, a report asks for the numbers, and the result is computed. "
            "Besides + − × ÷ and brackets there are min, max, sum, mean and if(A > B, A, B)."
        ),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    items = ItemsField(label=Line._meta.get_field("items").verbose_name, required=False)
    items_url = ""

    def autosave_to(self, url):
        super().autosave_to(url)
        self.items_url = url

    @property
    def items_initial(self):
        """What stood in the table when the page was made, to tell what the typist changed."""
        return self["items"].as_hidden(only_initial=True)

    @property
    def listed(self):
        """[(kind, heading, hint)]: the page shows those of the kind that is chosen."""
        return LISTED

    @property
    def item_names(self):
        """The names of values as they stand in the table now."""
        return [to_arabic(cells[0]) for cells in cells_of(self["items"].value())]

    @property
    def wants_rows(self):
        """Has the page fewer rows than it should show, blank ones among them?"""
        return len(self.item_rows) > sum(name.startswith("items-") and name.endswith("-text") for name in self.data)

    @property
    def item_rows(self):
        """[(number, cells)] of the table as it is shown: what was typed, and a few blank rows after it."""
        rows = cells_of(self["items"].value())
        while rows and not any(rows[-1]):
            rows.pop()
        blank = ("",) * len(COLUMNS)
        rows += [blank] * max(LEAST_SHOWN - len(rows), SPARE)
        return [(place, _cells(place, cells)) for place, cells in enumerate(rows, 1)]


def typed_formula(data):
    """(expression, names in the table) as they stand in a page that is being typed in."""
    table = ItemsTable().value_from_datadict(data, {}, "items")
    return one_line(data.get("expression", ""))[:LONGEST], [to_arabic(cells[0]) for cells in cells_of(table)][
        :MOST_ROWS
    ]


def _cells(place, cells):
    labels = column_labels()
    return [
        Cell(
            name=f"items-{place - 1}-{column}",
            column=column,
            heading=labels[column],
            label=gettext("%(column)s, row %(row)s") % {"column": labels[column], "row": place},
            value=text,
        )
        for column, text in zip(COLUMNS, cells, strict=True)
    ]
