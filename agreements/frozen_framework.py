"""The framework inside a snapshot: what is written there, and what is read from it for ever after.

An agreement that was signed scores by its frozen framework, whatever frameworks say later. What older snapshots don't
say was not there to be chosen: a scale from 1 to 5 without a cap, 4 decimals, over the weights of all indicators.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from indicators.dimensions import Bounds, parts_of_rows, weights
from indicators.scale import Scale, scale_of
from indicators.scoring import Denominator

if TYPE_CHECKING:
    from indicators.models import Dimension, Framework


def framework_section(framework: Framework, number: Callable[[Decimal | None], str | None]) -> dict:
    """The framework as plain dicts; `number` writes a Decimal as text. `top`: how many levels its scale has."""
    rows = list(framework.dimensions.order_by("number"))
    parts = parts_of_rows(rows)
    return {
        "name": framework.name,
        "top": framework.scoring_scale.levels,
        "scale": framework.scale,
        "floor": number(framework.floor),
        "cap": number(framework.cap),
        "fail": number(framework.fail_score),
        "places": framework.places,
        "denominator": framework.denominator,
        "dimensions": [_dimension(row, found) for row, found in zip(rows, weights(parts), strict=True)],
    }


def _dimension(row: Dimension, found: Bounds | None) -> dict:
    """`weight`: the fixed one, its own or what its parts come to; `low` and `high`: the range advised."""
    advised = row.weight_min is not None or row.weight_max is not None
    return {
        "number": row.label,
        "name": row.name,
        "depth": row.depth,
        "weight": str(found.low) if found and found.is_fixed and not advised else "",
        "low": _text(row.weight_min),
        "high": _text(row.weight_max),
    }


def _text(weight: Decimal | None) -> str:
    return "" if weight is None else str(weight)


def scale_in(section: dict) -> Scale:
    """The Scale that results are scored by."""
    return scale_of(
        section.get("scale", "five"),
        floor=Decimal(section["floor"]),
        cap=_decimal(section.get("cap")),
        fail=_decimal(section.get("fail")),
        places=section.get("places", 4),
    )


def denominator_in(section: dict) -> Denominator:
    """What a total is divided by."""
    return Denominator(section.get("denominator", "in_force"))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def leaves_in(section: dict) -> list[dict]:
    """The dimensions that lines stand in: those without parts."""
    rows = section["dimensions"]
    depths = [row.get("depth", 0) for row in rows]
    return [row for row, depth, below in zip(rows, depths, [*depths[1:], 0], strict=True) if below <= depth]


def is_in(line_dimension: str, number: str) -> bool:
    """Is a line's dimension the one of that number, or a part of it? 1.2 is in 1, 12 is not."""
    return line_dimension == number or line_dimension.startswith(f"{number}.")
