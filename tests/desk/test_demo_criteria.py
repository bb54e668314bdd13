"""The sheets of the demonstration, without its scene: their criteria measure their own figures, whatever kind they are."""

from decimal import Decimal

import pytest

from desk.demo.indicators import LIBRARY
from indicators.criteria import Asks, Kind, criteria_for

OF_A_KIND = {key: indicator for key, indicator in LIBRARY.items() if indicator.kind}


def criteria_of(indicator):
    fields = indicator.as_fields()
    columns = {name: [fields.get(f"{name}_{n}") for n in range(1, 6)] for name in ("level", "upper", "text")}
    texts = [text or "" for text in columns["text"]]
    more = {"uppers": columns["upper"], "items": fields["items"], "averages": fields["averages"]}
    return criteria_for(fields["kind"], columns["level"], texts, **more)


@pytest.mark.parametrize("key", list(LIBRARY))
def test_every_sheet_measures_its_own_past_and_target(key):
    indicator, criteria = LIBRARY[key], criteria_of(LIBRARY[key])
    assert criteria.problems() == []
    assert criteria.level_reached(Decimal(indicator.target)) is not None
    for value in filter(None, indicator.past):
        assert criteria.score(Decimal(value)).score > 0


@pytest.mark.parametrize("key", list(OF_A_KIND))
def test_what_a_report_is_told_comes_to_the_result(key):
    indicator, criteria = OF_A_KIND[key], criteria_of(OF_A_KIND[key])
    if criteria.asks is not Asks.NUMBER:
        for value in indicator.past:
            assert criteria.result_of(indicator.inputs(Decimal(value))) == Decimal(value)


def test_many_kinds_are_shown():
    shown = {indicator.as_fields()["kind"] for indicator in LIBRARY.values()}
    assert set(Kind) - shown <= {Kind.SUPERIOR, Kind.TARGETS}
