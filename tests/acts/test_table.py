"""A table of moves refuses to be built with a mistake in it."""

import pytest

from acts.engine import Move, Table

from .shop.models import Parcel
from .shop.moves import MOVES, anybody

S = Parcel.Stage


def a_move(name="pack", sources=(S.OPEN,), target=S.PACKED):
    return Move(name, "Pack", sources, target, may=anybody)


def test_a_table_gives_a_move_by_name_and_those_that_lead_on_from_a_stage():
    assert MOVES.get("pack").target == "packed"
    assert [step.name for step in MOVES.from_stage("packed")] == ["unpack", "relabel", "send"]
    assert [step.name for step in MOVES] == ["pack", "unpack", "relabel", "send"]
    with pytest.raises(KeyError):
        MOVES.get("burn")


@pytest.mark.parametrize(
    ("moves", "sentence"),
    [
        ((a_move(), a_move()), "two moves bear the same name"),
        ((a_move(sources=("lost",)),), "no such stage: ['lost']"),
        ((a_move(target="lost"),), "no such stage: ['lost']"),
        ((a_move(sources=()),), "sources are missing or repeated"),
        ((a_move(sources=(S.OPEN, "open")),), "sources are missing or repeated"),
    ],
)
def test_a_table_with_a_mistake_is_not_built(moves, sentence):
    with pytest.raises(ValueError, match="Table shop") as mistake:
        Table("shop", moves, stages=S)
    assert sentence in str(mistake.value)
