"""The columns of the two sheets: one table. Whatever the form of an indicator asks comes along.

The form (`agreements.forms.LineForm`) says what a field is called, what it takes and what is wrong with a value. This
table says where it stands, how wide. A field of the form that isn't named here gets a column at the end of the details.
"""

from __future__ import annotations

from dataclasses import dataclass

from django import forms

from agreements.models import Line
from agreements.models.agreement import LEVELS
from thai.fields import NumberField

# Columns that are no field of the form: the number, by which the sheets' rows belong together; what a new line is part of.
NUMBER, PARENT = "number", "parent"
TABLE, DETAILS, ITEMS, COLLECTORS = "table", "details", "items", "collectors"
# The file is in Thai, whatever language its reader's pages are in.
SHEETS = {
    TABLE: "ตารางเกณฑ์",
    DETAILS: "รายละเอียดตัวชี้วัด",
    ITEMS: "ตัวแปรและรายการประกอบ",
    COLLECTORS: "ผู้จัดเก็บข้อมูล",
}
GUIDANCE = "คำแนะนำ"


@dataclass(frozen=True)
class Column:
    """A column: the name of its field, the sheet, the width in characters."""

    name: str
    sheet: str
    width: int


def _columns(sheet: str, **widths: int) -> tuple[Column, ...]:
    return tuple(Column(name, sheet, width) for name, width in widths.items())


COLUMNS = (
    # As on paper: the indicator, its unit and weight, past years, levels 1–5; then what the table is arranged by.
    *_columns(TABLE, name=46, unit_of_measure=13, weight=11, past_3=11, past_2=11, past_1=11),
    *_columns(TABLE, **{f"level_{n}": 11 for n in LEVELS}),
    *_columns(TABLE, target=11, dimension=26, source=14, kind=24),
    *_columns(DETAILS, plan_item=34, explanation=40, definition=44, formula=40, expression=30, conditions=34),
    *_columns(DETAILS, data_source=34, low_target_reason=34, overseer=30, carries_item=34, carries_line=34),
    *_columns(DETAILS, **{f"text_{n}": 30 for n in LEVELS}),
    *_columns(DETAILS, **{f"upper_{n}": 11 for n in LEVELS}),
    *_columns(DETAILS, averages=24),
)
# What the annex of the agreement prints of the table.
ON_PAPER = frozenset(
    {"name", "unit_of_measure", "weight", "past_3", "past_2", "past_1", *(f"level_{n}" for n in LEVELS)}
)
OTHER_WIDTH, PARENT_WIDTH = 24, 14
# What stands in rows of sheets of their own.
ITEM_COLUMNS = {"symbol": 14, "text": 60, "unit": 16, "weight": 12}
COLLECTOR_COLUMNS = {"user": 60}


def columns_of(form: forms.Form) -> list[Column]:
    """The columns for the fields of `form` (that of an indicator), in the table's order; unnamed ones at the end."""
    fields = [name for name in form.fields if name not in form.not_kept and _stands_in_a_cell(name)]
    named = [column for column in COLUMNS if column.name in fields]
    names = {column.name for column in named}
    return [*named, *(Column(name, DETAILS, OTHER_WIDTH) for name in fields if name not in names)]


def _stands_in_a_cell(name: str) -> bool:
    """What a line keeps in a column of its own; of items and people it has several rows."""
    return name != ITEMS and any(field.name == name for field in Line._meta.concrete_fields)


def is_number(field: forms.Field) -> bool:
    return isinstance(field, NumberField)


def has_choices(field: forms.Field) -> bool:
    return hasattr(field, "choices")
