"""Who came to a meeting, as it is typed: a table with a row for each person, in one field."""

import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thai.numbers import grouped_number
from thai.text import one_line

COLUMNS = ("name", "post", "duty", "came")
CAME = {"yes": _("came"), "no": _("did not come"), "sent": _("sent somebody")}
LONGEST_CELL, MOST_ROWS, LEAST_SHOWN, SPARE = 300, 60, 4, 2
# Of the table as one text, all that a full one can hold: what is longer isn't taken apart.
LONGEST = MOST_ROWS * len(COLUMNS) * (LONGEST_CELL + 1)
_CELL = re.compile(rf"-([0-9]{{1,2}})-({'|'.join(COLUMNS)})")


@dataclass(frozen=True)
class Cell:
    """One control of the table. `choices`: [(value, label)] where one of them is chosen; else empty."""

    name: str
    column: str
    label: str
    heading: str
    value: str
    choices: tuple = ()


def headings():
    """What stands above each column."""
    return {
        "name": gettext("Name with rank"),
        "post": gettext("Post"),
        "duty": gettext("Duty in the meeting"),
        "came": gettext("Attendance"),
    }


class PeopleTable(forms.Textarea):
    """The cells, posted one by one as people-0-name …, or all in one text: a line for each row, a tab between cells."""

    def value_from_datadict(self, data, files, name):
        if name in data:
            return data[name]
        found = {}
        for key in data:
            cell = _CELL.fullmatch(key.removeprefix(name)) if key.startswith(name) else None
            if cell:
                found.setdefault(int(cell[1]), {})[cell[2]] = one_line(data[key])
        rows = ([found[place].get(column, "") for column in COLUMNS] for place in sorted(found))
        return "\n".join("\t".join(cells) for cells in rows)


class PeopleField(forms.Field):
    """A list of {"name", "post", "duty", "came"}, all texts; rows without a name, post or duty are left out."""

    widget = PeopleTable

    def __init__(self, **more):
        super().__init__(**({"label": _("People"), "required": False} | more))

    def prepare_value(self, value):
        if isinstance(value, list):
            return "\n".join("\t".join(each.get(column, "") for column in COLUMNS) for each in value)
        return value

    def clean(self, value):
        found = [row for row in _rows(value) if row["name"] or row["post"] or row["duty"]]
        if len(found) > MOST_ROWS or len(value or "") > LONGEST:
            # Said once, and not each row's faults: there may be a million of them.
            raise ValidationError(
                gettext("The table holds at most %(limit)s rows.") % {"limit": grouped_number(MOST_ROWS)}
            )
        wrong = [problem for place, row in enumerate(found, 1) if (problem := _problem(place, row))]
        if wrong:
            raise ValidationError(wrong)
        if self.required and not found:
            raise ValidationError(gettext("Please name the people of the meeting."))
        return found


def _rows(text):
    lines = [line.split("\t") for line in (text or "")[:LONGEST].splitlines()]
    padded = ([one_line(cell) for cell in (*cells, "", "", "", "")[: len(COLUMNS)]] for cells in lines)
    return [dict(zip(COLUMNS, cells, strict=True)) for cells in padded]


def _problem(place, row):
    words = {"row": place, "limit": grouped_number(LONGEST_CELL)}
    if not row["name"]:
        return gettext("Row %(row)s of the people: please write the name.") % words
    if any(len(cell) > LONGEST_CELL for cell in row.values()):
        return gettext("Row %(row)s of the people: at most %(limit)s characters in a cell.") % words
    if row["came"] not in CAME:
        return gettext("Row %(row)s of the people: please say whether they came.") % words
    return ""


def table_rows(bound):
    """[(number, its cells)] of the bound field: what is typed, and some rows to go on with."""
    typed = _rows(bound.value() if isinstance(bound.value(), str) else bound.field.prepare_value(bound.value()))
    typed = [row for row in typed if any(row.values())]
    blank = dict.fromkeys(COLUMNS, "")
    shown = [*typed, *[blank] * max(SPARE, LEAST_SHOWN - len(typed))][:MOST_ROWS]
    return [(place + 1, [_cell(bound, place, column, row) for column in COLUMNS]) for place, row in enumerate(shown)]


def _cell(bound, place, column, row):
    heading = headings()[column]
    label = gettext("%(column)s, row %(row)s") % {"column": heading, "row": place + 1}
    choices = (("", "–"), *CAME.items()) if column == "came" else ()
    return Cell(f"{bound.html_name}-{place}-{column}", column, label, heading, row[column], choices)


def in_words(people):
    """The people as text, a line for each, as minutes name them."""
    lines = []
    for place, each in enumerate(people, 1):
        said = " ".join(filter(None, (each["name"], each["post"], each["duty"])))
        came = "" if each["came"] == "yes" else f" ({CAME[each['came']]})"
        lines.append(f"{place}. {said}{came}")
    return "\n".join(lines)
