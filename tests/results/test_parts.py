"""What an indicator with parts scores: the weighted mean of its parts' scores, which enters no total. No database."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from indicators.scale import FIVE
from indicators.scoring import Denominator
from results.parts import wholes

D = Decimal


@dataclass(frozen=True)
class Line:
    key: str
    depth: int
    weight: Decimal
    is_leaf: bool = True


@dataclass(frozen=True)
class Agreed:
    tree: tuple
    scale: object = FIVE
    denominator: Denominator = Denominator.IN_FORCE


TREE = (
    Line("1", 0, D(40), is_leaf=False),
    Line("1.1", 1, D(10)),
    Line("1.2", 1, D(30), is_leaf=False),
    Line("1.2.1", 2, D(20)),
    Line("1.2.2", 2, D(10)),
    Line("2", 0, D(60)),
)


def test_each_is_the_mean_of_the_parts_right_below_it_rounded_as_they_are():
    found = wholes(Agreed(TREE), {"1.1": D(5), "1.2.1": D(3), "1.2.2": D(4), "2": D(1)})

    assert found["1.2"].score == D("3.3333")  # (20×3 + 10×4) ÷ 30
    assert found["1"].score == D("3.7500")  # (10×5 + 30×3.3333) ÷ 40 = 3.749975
    assert found["1.2"].total.working[0].text.startswith("3.0000 × 20.00 + 4.0000 × 10.00 = 100")
    assert found.keys() == {"1", "1.2"}


@pytest.mark.parametrize(("over", "score"), [(Denominator.IN_FORCE, "2.0000"), (Denominator.REPORTED, "3.0000")])
def test_a_part_that_is_not_reported_counts_as_in_the_total(over, score):
    found = wholes(Agreed(TREE, denominator=over), {"1.1": None, "1.2.1": D(3), "1.2.2": None, "2": None})

    assert found["1.2"].score == D(score)


def test_where_no_part_has_a_score_there_is_none():
    assert wholes(Agreed(TREE), {"2": D(5)})["1"].score is None


def test_in_an_agreement_without_parts_there_is_nothing_to_say():
    assert wholes(Agreed((Line("1", 0, D(100)),)), {"1": D(5)}) == {}
