"""What the file itself says of how it is filled in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _

from agreements.xlsx.columns import COLLECTORS, DETAILS, ITEMS, SHEETS, TABLE, has_choices, is_number

if TYPE_CHECKING:
    from agreements.xlsx.texts import Texts


def short(key: str) -> str:
    """The line below a sheet's title."""
    return {
        TABLE: _("White and cream cells may be changed. New indicators: in the rows “ใหม่”."),
        DETAILS: _("One row for each indicator of the criteria table, in the same order, under the same number."),
        ITEMS: _("One row for each item: choose the indicator's number, then fill in the row. The order counts."),
        COLLECTORS: _("One row for each person: choose the indicator's number and the person."),
    }[key]


def about(field: forms.Field) -> str:
    """What a cell of the column takes."""
    kind = _("a number, at most 4 decimals, without a unit") if is_number(field) else ""
    kind = kind or (_("choose from the list") if has_choices(field) else "")
    return " · ".join(filter(None, (str(field.help_text), kind)))


def rows(texts: Texts) -> Iterator[tuple[str, str, str]]:
    """(style, left, right) of the guidance's rows."""
    yield "title", _("How to fill in this file"), ""
    for left, right in _steps():
        yield "term", left, right
    for key in (TABLE, DETAILS):
        yield "section", SHEETS[key], ""
        for column in texts.columns:
            if column.sheet == key:
                field = texts.form.fields[column.name]
                needed = _("needed before submission") if column.name in texts.form.needed_later else ""
                yield "term", texts.labels[column.name], " · ".join(filter(None, (needed, about(field))))


def _steps() -> list[tuple[str, str]]:
    return [
        (_("Change"), _("Change what stands in white and cream cells. The numbers on the left stay as they are.")),
        (
            _("Add"),
            _("Fill in a row whose number is “ใหม่”, in the criteria table and under the same number in the sheets."),
        ),
        (
            _("Remove"),
            _(
                "Clear all cells of the indicator's row in the criteria table. Nothing is removed before it has been "
                "shown, and ticked, in the system."
            ),
        ),
        (
            _("Numbers"),
            _("With a full stop for decimals, and no unit. A cell without a value stays blank: blank is not zero."),
        ),
        (_("Formulas"), _("Of a formula only the value it shows is taken over. Text that begins with = stays text.")),
        (
            _("Send in"),
            _(
                "Save as .xlsx and send the file in at the page it was downloaded from. First all differences are "
                "shown; only then, if you agree, is anything saved: all of it or nothing."
            ),
        ),
        (
            _("Together"),
            _(
                "If somebody changes an indicator in the system meanwhile, your row of it isn't taken over: download "
                "the file anew for it."
            ),
        ),
    ]
