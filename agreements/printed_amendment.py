"""What the document prints of an amendment: the list of what it changes.

Plain dicts in, a template context out; no database, no clock. Digits stay 0–9 here (see `agreements.printed`).
"""

from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby

from agreements.side_by_side import OF_LEVELS, Row
from thai.numbers import fixed_number, grouped_number

FIGURES = (*OF_LEVELS, "target", "past_1", "past_2", "past_3")


def amended_title(number: int) -> str:
    """แก้ไขเพิ่มเติมครั้งที่ 1: what an amendment of that number is called on paper."""
    return f"แก้ไขเพิ่มเติมครั้งที่ {number}"


def amendment_in(sections: dict) -> dict | None:
    """What a frozen text says of the amendment that led to it; None of a text that no amendment led to."""
    amendment = sections.get("amendment")
    if amendment is None:
        return None
    leaves = {line["number"] for line in sections["lines"] if line.get("is_leaf", True)}
    return {
        "title": amended_title(amendment["number"]),
        "number": amendment["number"],
        "reason": amendment["reason"],
        "on": date.fromisoformat(amendment["on"]),
        "count": len(amendment["changes"]),
        "parts": [_part(*place, group, leaves) for place, group in _by_line(amendment["changes"])],
        # The edition for the public is without the reasons of each.
        "gives_reasons": any(change.get("reason") for change in amendment["changes"]),
    }


def _by_line(changes: list[dict]) -> groupby:
    return groupby(changes, key=lambda change: (change["number"], change["name"]))


def _part(number: str, name: str, changes: object, leaves: set[str]) -> dict:
    """An indicator with what changes of it; fields changed for the same reason share its cell."""
    found = [_change(each, number in leaves) for each in changes]
    for _reason, group in groupby(found, key=lambda change: (change["reason"], change["follows"])):
        first, *rest = group
        first["shared_by"] = 1 + len(rest)
    figures = [change for change in found if change["is_figure"]]
    wordings = [change for change in found if not change["is_figure"]]
    return {"number": number, "name": name, "changes": found, "figures": figures, "wordings": wordings}


def _change(change: dict, is_leaf: bool) -> dict:
    """A field that changes, with its texts as pieces. What one with parts weighs follows from them, without a reason."""
    row = Row(change["label"], *(_value(change["field"], change[text]) for text in ("was", "now")))
    is_weight = change["field"] == "weight"
    said = {"reason": change.get("reason", ""), "follows": is_weight and not is_leaf, "shared_by": 0}
    return {"row": row, "is_figure": is_weight or change["field"] in FIGURES, **said}


def _value(field: str, text: str) -> str:
    """A value as the other pages print it; a wording as it is."""
    try:
        if field == "weight":
            return fixed_number(Decimal(text), 2)
        return grouped_number(Decimal(text)) if field in FIGURES else text
    except InvalidOperation:
        return text
