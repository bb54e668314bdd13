"""Lines as they were signed, made without a database: what criteria, weights and scores need to know of them."""

from decimal import Decimal

from indicators.scale import FIVE
from indicators.scoring import Denominator
from results.scores import Agreed, AgreedLine

# Rising and falling values of five levels.
RISING, FALLING = (60, 70, 80, 90, 100), (30, 27, 24, 21, 18)


def line(key, weight, unit, levels=RISING, *, kind="quantitative", name="จำนวนที่ทำได้", target=None, scale=FIVE, **more):
    """A line of that unit of measure and those values; `more`: its texts, items, uppers or averages."""
    texts = more.pop("texts", ("ก", "ข", "ค", "ง", "จ")[: scale.levels])
    values = [None if value is None else Decimal(value) for value in levels]
    content = {
        "kind": kind,
        "levels": [None if value is None else str(value) for value in values],
        "level_texts": texts,
    }
    return AgreedLine(
        key=key,
        number=str(key),
        dimension="1",
        name=name,
        unit_of_measure=unit,
        weight=Decimal(weight),
        target=None if target is None else Decimal(target),
        levels=tuple(values),
        texts=texts,
        kind=kind,
        past_1=None,
        content=content | more,
        scale=scale,
    )


def agreed(*lines, scale=FIVE, over=Denominator.IN_FORCE):
    return Agreed(list(lines), scale, tuple(lines), over)
