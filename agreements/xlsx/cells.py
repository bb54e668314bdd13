"""From a cell as it was sent to the text that its field takes on screen, in the form that two texts are compared in.

Pure. A number is read as Excel keeps it, with the 15 digits that Excel itself ever shows: 0.1 + 0.2 is 0.3.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal, InvalidOperation

from django.utils.translation import gettext as _

from agreements.xlsx.reading import Cell
from thai.numbers import fixed_number, plain_number
from thai.text import tidy

EXCEL_SHOWS = Context(prec=15)
PLACES = 4
_NO_XML = re.compile("[\ufffe\uffff]")


class Wrong(ValueError):
    """What is in the cell can't be taken; `str()` is a sentence that says what to do."""


def canonical(text: str) -> str:
    """A text as it goes into a cell and as it is compared: tidied, without what no XML may hold."""
    return tidy(_NO_XML.sub("", text))


def text_of(cell: Cell | None, *, is_number: bool, places: int = PLACES) -> str:
    """What would be typed on screen for this cell. Raises `Wrong`."""
    if cell is None:
        return ""
    if cell.is_formula and not cell.text:
        raise Wrong(
            _(
                "This is a formula that was never computed. Please open the file in Excel and save it, or type the "
                "value itself."
            )
        )
    if cell.kind == "error":
        raise Wrong(
            _("A formula here ends in the error %(error)s. Please type the value itself.") % {"error": cell.text}
        )
    if cell.format == "date":
        raise Wrong(
            _("Excel has turned this into a date. Please format the cell as a number and type it again.")
            if is_number
            else _("Excel has turned this into a date. Please format the cell as text and type it again.")
        )
    if cell.kind == "boolean":
        return _truth(cell, is_number=is_number)
    if cell.kind == "number":
        return _number(cell, is_number=is_number, places=places)
    return canonical(cell.text)


def _truth(cell: Cell, *, is_number: bool) -> str:
    text = "TRUE" if cell.text == "1" else "FALSE"
    if is_number:
        raise Wrong(_("%(text)s is not a number. Please type digits.") % {"text": text})
    return text


def _number(cell: Cell, *, is_number: bool, places: int) -> str:
    value = _value(cell)
    if value is None:
        return canonical(cell.text)  # the field's own sentence says what is wrong with it
    if not is_number:
        return plain_number(value) + ("%" if cell.format == "percent" else "")
    if _places_of(value) > places:
        raise Wrong(
            _(
                "The cell holds %(value)s, which has more than %(places)s decimals (Excel may show fewer). Please type "
                "the value to agree on, for example %(rounded)s."
            )
            % {"value": plain_number(value), "places": places, "rounded": plain_number(fixed_number(value, places))}
        )
    return plain_number(value)


def _value(cell: Cell) -> Decimal | None:
    """The number as it is shown: 0.25 in a cell of per cent is 25. None for what can't be a figure of an agreement."""
    try:
        value = EXCEL_SHOWS.create_decimal(cell.text)
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value.adjusted()) > 30:
        return None
    return value * 100 if cell.format == "percent" else value


def _places_of(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
