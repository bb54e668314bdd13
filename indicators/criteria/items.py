"""What a result is put together from: steps, issues, projects, units, each with a name and perhaps a weight."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.criteria.kinds import Inputs, Kind, number_in
from indicators.flaws import Flaw, Rule
from indicators.scoring import CannotScore

# Kinds whose result is put together from a list. What a list says under another kind, left from before, says nothing.
LISTING_KINDS = (Kind.CUMULATIVE, Kind.COUNT, Kind.PROJECTS, Kind.UNITS)


@dataclass(frozen=True)
class Item:
    """`weight` is a text, as it was typed; "" where none is given."""

    name: str
    weight: str = ""


def items_of(rows: Iterable[Mapping[str, str]]) -> tuple[Item, ...]:
    """The items from the rows that a line keeps; rows without any text are none."""
    named = ((row.get("text") or row.get("symbol") or "", row.get("weight") or "") for row in rows)
    return tuple(
        Item(name.strip(), str(weight).strip()) for name, weight in named if name.strip() or str(weight).strip()
    )


def item_flaws(items: Sequence[Item]) -> list[Flaw]:
    """Items without a name; weights that can't be weighed by, or that only some have."""
    nameless = [number for number, item in enumerate(items) if not item.name]
    if nameless:
        sentence = _("Item %(number)d has no name.") % {"number": nameless[0] + 1}
        return [Flaw(Rule.ITEMS_GIVEN, sentence, f"items-{nameless[0]}-text")]
    wrong = [number for number, item in enumerate(items) if item.weight and not _weighs(item)]
    if wrong:
        sentence = _("The weight of item %(number)d must be a number above 0.") % {"number": wrong[0] + 1}
        return [Flaw(Rule.ITEM_WEIGHTS, sentence, f"items-{wrong[0]}-weight")]
    without = [number for number, item in enumerate(items) if not item.weight]
    if without and len(without) < len(items):
        sentence = _("Item %(number)d has no weight, though others do. Give all of them one, or none.")
        return [Flaw(Rule.ITEM_WEIGHTS, sentence % {"number": without[0] + 1}, f"items-{without[0]}-weight")]
    return []


def weights_of(items: Sequence[Item]) -> list[Decimal]:
    """The weight of each item; 1 each where none is given."""
    return [number_in(item.weight) or Decimal(1) for item in items]


def figures_in(inputs: Inputs, items: Sequence[Item]) -> list[Decimal] | None:
    """The figure of each item; None if nothing is reported. `CannotScore` while some are missing: blank is not zero."""
    typed = [number_in(text) for text in inputs.get("items") or ()][: len(items)]
    figures = [*typed, *[None] * (len(items) - len(typed))]
    if all(figure is None for figure in figures):
        return None
    missing = [number for number, figure in enumerate(figures) if figure is None]
    if missing:
        sentence = _("There is no result yet of item %(number)d (%(name)s).")
        raise CannotScore(sentence % {"number": missing[0] + 1, "name": items[missing[0]].name})
    return [figure for figure in figures if figure is not None]


def _weighs(item: Item) -> bool:
    try:
        weight = number_in(item.weight)
    except CannotScore:
        return False
    return weight is not None and weight > 0
