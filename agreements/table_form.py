"""All indicators of an agreement in one form: the columns that are written fastest side by side, and blanks for new ones."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from zlib import crc32

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.forms import DraftForm, WeightField
from agreements.locks import label_of, lock_rule, locked_fields
from thai.fields import NumberField, TidyCharField, TidyTextField
from thai.numbers import show_digits

COLUMNS = ("name", "unit_of_measure", "target", "weight")
WEIGHED = frozenset({"target", "weight", "unit_of_measure"})  # what only leaves have
MOST_NEW = 200  # lines pasted at once under one dimension


@dataclass(frozen=True)
class Cell:
    """One field of one line, ready to be written as an <input>; `locked`: why it can't be."""

    name: str
    column: str
    label: str
    value: str
    errors: list = field(default_factory=list)
    locked: str = ""
    was: str = ""


@dataclass(frozen=True)
class TableRow:
    """A line with its cells in the order of COLUMNS (None where it has no such field), and what the page was made from."""

    numbered: object
    cells: tuple
    version_name: str
    version: object
    seen: str
    chosen: bool

    @property
    def has_errors(self):
        return any(cell and cell.errors for cell in self.cells)


class TableForm(DraftForm):
    """The table of indicators. Fields are made from the agreement's lines alone: a foreign id posted is refused.

    A row brings the version it was read at, and a sum of each value shown: what still has its sum was left alone, so
    that what somebody else wrote there meanwhile stays.
    """

    def __init__(self, data=None, *, numbered, dimensions, **more):
        super().__init__(data, auto_id="%s", **more)
        self.numbered, self.previous = numbered, {}
        self.dimensions = [each for each in dimensions if each.is_leaf]
        self.labels = labels = {column: label_of(column) for column in COLUMNS}
        for each in numbered:
            for column in self._open_columns(each):
                label = f"{each.number} {labels[column]}"
                self.fields[f"{column}-{each.line.pk}"] = _field(column, label)
        for each in self.dimensions:
            self.fields[f"new-{each.pk}"] = _blank(each)
        self.not_kept = frozenset(f"new-{each.pk}" for each in self.dimensions)

    @cached_property
    def locks(self):
        """{line's id: the names of its locked fields}, of those that have any."""
        found = {each.line.pk: locked_fields(each.line) for each in self.numbered}
        return {pk: names for pk, names in found.items() if names}

    def _columns(self, each):
        return [column for column in COLUMNS if each.is_leaf or column not in WEIGHED]

    def _open_columns(self, each):
        locked = self.locks.get(each.line.pk, ())
        return [column for column in self._columns(each) if column not in locked]

    @staticmethod
    def version_name(line):
        """The name of the field that carries the version of a line."""
        return f"version-{line.pk}"

    @property
    def rows(self):
        return [self._row(each) for each in self.numbered]

    @property
    def groups(self):
        """[(dimension, its rows, the name of its blank, what is typed there, its errors)]."""
        rows = defaultdict(list)
        for row in self.rows:
            rows[row.numbered.line.dimension_id].append(row)
        return [
            (
                each,
                rows[each.pk],
                f"new-{each.pk}",
                self.data.get(f"new-{each.pk}", ""),
                self.errors.get(f"new-{each.pk}", ()),
            )
            for each in self.dimensions
        ]

    def _row(self, each):
        line, columns = each.line, self._columns(each)
        shown = {column: self._stored(line, column) for column in columns}
        version = self.version_name(line)
        return TableRow(
            numbered=each,
            cells=tuple(self._cell(each, column, shown[column]) if column in shown else None for column in COLUMNS),
            version_name=version,
            version=self.data.get(version, line.version),
            seen=self.data.get(f"seen-{line.pk}", ".".join(_sum(shown.get(column, "")) for column in COLUMNS)),
            chosen=f"chosen-{line.pk}" in self.data,
        )

    def _cell(self, each, column, stored):
        line, name = each.line, f"{column}-{each.line.pk}"
        locked = column in self.locks.get(line.pk, ())
        return Cell(
            name=name,
            column=column,
            label=f"{each.number} {self.labels[column]}",
            value=stored if locked else self.data.get(name, stored),
            errors=list(self.errors.get(name, ())),
            locked=lock_rule(line) if locked else "",
            was=self.previous.get(line.pk, "") if column == "weight" else "",
        )

    def _stored(self, line, column):
        value = getattr(line, column)
        return "" if value is None else str(_FIELDS[column].prepare_value(value))

    def clean(self):
        foreign = {name for name in self.data if name.startswith(_OURS)} - set(self.fields)
        if any(self.data[name].strip() for name in foreign - self._of_ours()):
            raise ValidationError(
                gettext(
                    "The page refers to an indicator that is not, or no longer, in this agreement. Nothing was "
                    "saved; please check again."
                )
            )
        for each in self.numbered:
            self._tell_what_closed_cells_hold(each)
        return super().clean()

    def _tell_what_closed_cells_hold(self, each):
        """A cell that closed since the page was made: what was typed there can't be kept, nor lost."""
        for column in set(COLUMNS) - set(self._open_columns(each)):
            text = self.data.get(f"{column}-{each.line.pk}", "").strip()
            if text and self._typed(each, column):
                cell = f"{each.number} {self.labels[column]}"
                self.add_error(None, _CLOSED % {"cell": show_digits(cell), "text": text})

    def _of_ours(self):
        """Cells of our own lines that are not open (now)."""
        return {f"{column}-{each.line.pk}" for each in self.numbered for column in COLUMNS}

    def changed_lines(self):
        """[(line, {column: value})] of what the typist changed; what stood there all along is left alone."""
        found = []
        for each in self.numbered:
            changes = {
                column: self._cleaned(each, column) for column in self._open_columns(each) if self._typed(each, column)
            }
            if changes:
                found.append((each.line, changes))
        return found

    def _cleaned(self, each, column):
        value = self.cleaned_data[f"{column}-{each.line.pk}"]
        return Decimal(0) if column == "weight" and value is None else value

    def _typed(self, each, column):
        name = f"{column}-{each.line.pk}"
        if name not in self.data:
            return False
        seen = dict(zip(COLUMNS, self.data.get(f"seen-{each.line.pk}", "").split("."), strict=False))
        return _sum(self.data[name]) != seen.get(column)

    def weights(self):
        """{line's id: its weight as typed} of the leaves."""
        found = {each.line.pk: each.line.weight for each in self.numbered if each.is_leaf}
        typed = {pk: self.cleaned_data.get(f"weight-{pk}") for pk in found if f"weight-{pk}" in self.data}
        return found | {pk: weight or Decimal(0) for pk, weight in typed.items() if f"weight-{pk}" in self.fields}

    def chosen(self):
        """The ids of the leaves ticked to be balanced; where none is, of all whose weight is open."""
        leaves = [each.line.pk for each in self.numbered if each.is_leaf and f"weight-{each.line.pk}" in self.fields]
        return {pk for pk in leaves if f"chosen-{pk}" in self.data} or set(leaves)

    def with_weights(self, weights):
        """This form with other weights in it, not saved; each cell that differs says what stood there."""
        data, before = self.data.copy(), self.weights()
        show = WeightField().prepare_value
        for pk, weight in weights.items():
            data[f"weight-{pk}"] = show(weight)
        form = TableForm(data, numbered=self.numbered, dimensions=self.dimensions)
        form.previous = {pk: show(before[pk]) for pk, weight in weights.items() if weight != before[pk]}
        return form

    def new_lines(self):
        """[(dimension, {column: value})] of what was typed or pasted into the blanks."""
        return [(each, values) for each in self.dimensions for values in self.cleaned_data.get(f"new-{each.pk}", ())]


def _sum(text):
    return f"{crc32(text.strip().encode()):x}"


class NewLinesField(TidyTextField):
    """New indicators, one on each line: the name, then as in a row of a spreadsheet the other columns, tabs between."""

    def clean(self, value):
        lines = [line for line in super().clean(value).split("\n") if line.strip()]
        if len(lines) > MOST_NEW:
            raise ValidationError(gettext("At most %(most)s indicators can be added at once.") % {"most": MOST_NEW})
        found, wrong = [], []
        for place, line in enumerate(lines, 1):
            try:
                found.append(_new_line(line))
            except ValidationError as error:
                wrong += [
                    gettext("Line %(place)s: %(error)s") % {"place": place, "error": each} for each in error.messages
                ]
        if wrong:
            raise ValidationError(wrong)
        return found


def _new_line(text):
    cells = [cell.strip() for cell in text.split("\t")]
    if len(cells) > len(COLUMNS):
        sentence = gettext("There are %(count)s columns, but at most %(most)s: name, unit of measure, target, weight.")
        raise ValidationError(sentence % {"count": len(cells), "most": len(COLUMNS)})
    return {column: _FIELDS[column].clean(cell) for column, cell in zip(COLUMNS, cells, strict=False) if cell}


def _blank(dimension):
    label = gettext("New indicator in dimension %(number)s") % {"number": dimension.label}
    return NewLinesField(label=label, required=False, widget=forms.Textarea({"rows": 1}))


def _field(column, label):
    if column == "weight":
        return WeightField(label=label, required=False)
    if column == "target":
        return NumberField(label=label, required=False)
    return TidyCharField(label=label, required=False, max_length={"name": 500, "unit_of_measure": 100}[column])


_FIELDS = {column: _field(column, label="") for column in COLUMNS}
_CLOSED = _(
    "“%(cell)s” can't be written any more: the indicator has been divided into parts, or the library sets it. Nothing was "
    "saved. You had typed: %(text)s"
)
_OURS = tuple(f"{column}-" for column in COLUMNS)
BALANCE_FAILED = _("The weights can't be balanced: what was not chosen already weighs more than there is to share out.")
