"""Which levels of a line's criteria its evidence proves: the checklist of a result, and the question of its evaluator."""

from dataclasses import dataclass

from indicators.criteria import Kind

# Criteria that are reached step by step: each step wants its proof.
IN_STEPS = (Kind.MILESTONE, Kind.CUMULATIVE)


@dataclass(frozen=True)
class Proved:
    """A level of the criteria, and how many files prove it. `wants`: it is reached, and nothing proves it yet."""

    number: int
    files: int
    wants: bool


def proved_levels(row):
    """Each level of a report's row from the first, once a file says which level it proves, or the criteria are steps."""
    told = [each.level for each in row.evidence if each.level]
    if not told and row.line.kind not in IN_STEPS:
        return []
    reached = row.reached or 0
    return [
        Proved(number, told.count(number), number <= reached and number not in told)
        for number in range(1, row.line.scale.levels + 1)
    ]


def claimed_beside_the_files(row):
    """The level that the unit claims, where its files name levels and none of them that one; else None."""
    levels = proved_levels(row)
    if not any(level.files for level in levels):
        return None
    return next((level.number for level in levels if level.wants and level.number == row.reached), None)
