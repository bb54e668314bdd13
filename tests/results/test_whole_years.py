"""Whole years worked by hand, from the signed table to the frozen total; and rows that Thai agencies have printed.

The tables are explained in tests.results.whole_years. Line by line a score is rounded to 4 places, half up; a total is
the sum of weight × rounded score over the weights, rounded once.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from results.parts import wholes
from results.recompute import check
from results.rules import evaluation_of
from results.scores import counted_in, unit_card
from tests.results.whole_years import PaperYear, expected, table, totals

CASES = json.loads((Path(__file__).parents[1] / "indicators" / "data" / "scoring_cases.json").read_text())


def comes_out_again(year):
    return [check(each) for each in year.walk.agreement.snapshots.filter(purpose="scores")]


PLAIN = table("""
    1.1 | 30 | quantitative 60 65 70 75 80 | 66   | 70    | 74.5    |      | 3.9000 | 3.9000 | 1.1700
    1.2 | 20 | quantitative 30 27 24 21 18 | 25   | 23.5  | 20      | 20.6 | 4.3333 | 4.1333 | 0.8267
    1.3 | 15 | bands 70 75 80 85 90        | 78   | 80    | 84      |      | 3.0000 | 3.0000 | 0.4500
    2.1 | 10 | milestone                   | 1    | 3     | 4       |      | 4.0000 | 4.0000 | 0.4000
    3.1 | 15 | cumulative 2 3 4 5 6 of 6   | 1+2  | 1+2+3 | 1+2+3+5 |      | 2.0000 | 2.0000 | 0.3000
    4.1 | 10 | pass_fail                   | fail | fail  | pass    |      | 5.0000 | 5.0000 | 0.5000
""")


def test_a_plain_year(world):
    year = PaperYear(world, PLAIN)

    # After 6 months:  30 × 2.2 + 20 × 2.6667 + 15 × 2 + 10 × 1 + 15 × 1 + 10 × 1
    #                  = 66 + 53.334 + 30 + 10 + 15 + 10 = 184.334; ÷ 100 = 1.84334
    # After 9 months:  30 × 3 + 20 × 3.1667 + 15 × 3 + 10 × 3 + 15 × 2 + 10 × 1
    #                  = 90 + 63.334 + 45 + 30 + 30 + 10 = 268.334; ÷ 100 = 2.68334
    # After 12 months: 1.1  3 + (74.5 − 70) ÷ 5 = 3.9      1.2  4 + (21 − 20) ÷ 3 = 4.3333
    #                  1.3  84 lies in the band 80–84: 3   3.1  three steps in a row, the fifth doesn't count: 2
    #                  117 + 86.666 + 45 + 40 + 30 + 50 = 368.666; ÷ 100 = 3.68666
    assert year.reported(1, 2, 3) == ["1.8433", "2.6833", "3.6867"]
    year.evaluate()
    year.walk.release()

    assert year.printed() == expected(PLAIN)
    # The evaluator: 1.2  4 + (21 − 20.6) ÷ 3 = 4.1333
    #                117 + 82.666 + 45 + 40 + 30 + 50 = 364.666; ÷ 100 = 3.64666
    (frozen,) = year.frozen()
    assert totals(frozen) == ("3.6867", "3.6467", "100.00")
    assert frozen["penalties"] == []
    assert comes_out_again(year) == [[]]


MISSED = table("""
    1.1 | 40 | projects 1 2 3 4 5 of 60+40               | 2+2       | – | 4.5+3       |  | 3.9000 | 3.7000 | 1.4800
    1.2 | 25 | quantitative 70 75 80 85 90 by A ÷ B × 100 | A=80+B=100 | – | A=437+B=500 |  | 4.4800 | 4.2800 | 1.0700
    2.1 | 20 | count 1 3 5 6 7 of 7                      | 1+2+3     | – | 1+2+4+6+7   |  | 3.0000 | 2.8000 | 0.5600
    4.1 | 15 | milestone                                 | 1         | – | 1           |  | 1.0000 | 1.0000 | 0.1500
""")


def test_a_year_with_a_missed_round(world):
    year = PaperYear(world, MISSED, penalties={2: Decimal("0.2")})

    # After 6 months:  40 × 2 + 25 × 3 + 20 × 2 + 15 × 1 = 210; ÷ 100 = 2.1
    # After 12 months: 1.1  (60 × 4.5 + 40 × 3) ÷ 100 = 3.9       1.2  437 ÷ 500 × 100 = 87.4; 4 + 2.4 ÷ 5 = 4.48
    #                  2.1  five issues: 3
    #                  156 + 112 + 60 + 15 = 343; ÷ 100 = 3.43, and so the unit claims
    assert year.reported(1, 3) == ["2.1000", "3.4300"]
    year.evaluate()
    year.walk.release()

    # Each line 0.2 less, 4.1 not below 1: 40 × 3.7 + 25 × 4.28 + 20 × 2.8 + 15 × 1
    #                = 148 + 107 + 56 + 15 = 326; ÷ 100 = 3.26
    assert year.printed() == expected(MISSED)
    (frozen,) = year.frozen()
    assert totals(frozen) == ("3.4300", "3.2600", "100.00")
    assert frozen["penalties"] == [{"points": "0.2000", "why": "ไม่ส่งรายงานรอบ 9 เดือน"}]
    assert comes_out_again(year) == [[]]


# All of them count: 40 × 3.25 + 25 × 4.1333 + 15 × 1 + 20 × 3 = 130 + 103.3325 + 15 + 60 = 308.3325: 3.0833
OUT = """
    1.1 | 40 | quantitative 60 65 70 75 80 | 62 | 66 | 71.25 |      | 3.2500 | 3.2500 | {0}
    1.2 | 25 | quantitative 30 27 24 21 18 | 28 | 24 | 20.1  | 20.6 | 4.3000 | 4.1333 | {1}
    2.1 | 15 | quantitative 60 65 70 75 80 | 40 | 45 | 50    |      | 1.0000 | 1.0000 | {2}
    4.1 | 20 | milestone                   | 1  | 2  | 3     |      | 3.0000 | 3.0000 | {3}
"""


@pytest.mark.parametrize(
    ("decided", "shares", "total"),
    [
        # Nothing out. The unit: 130 + 107.5 + 15 + 60 = 312.5
        ([], ("1.3000", "1.0333", "0.1500", "0.6000"), ("3.1250", "3.0833", "100.00")),
        # 2.1 leaves, the others spread over 85: 293.3325 ÷ 85 = 3.45097…; the unit: 297.5 ÷ 85 = 3.5
        ([("2.1", None)], ("1.5294", "1.2157", "out", "0.7059"), ("3.5000", "3.4510", "85.00")),
        # 2.1's 15 move to 4.1: 130 + 103.3325 + 35 × 3 = 338.3325; the unit: 130 + 107.5 + 105 = 342.5
        ([("2.1", "4.1")], ("1.3000", "1.0333", "out", "1.0500"), ("3.4250", "3.3833", "100.00")),
        # 2.1 leaves and 1.2's 25 move to 1.1: (65 × 3.25 + 60) ÷ 85 = 271.25 ÷ 85 = 3.19117…, the unit the same
        ([("2.1", None), ("1.2", "1.1")], ("2.4853", "out", "out", "0.7059"), ("3.1912", "3.1912", "85.00")),
    ],
    ids=["nothing", "spread", "moved", "one of each"],
)
def test_a_year_with_lines_out_of_the_total(world, decided, shares, total):
    rows = table(OUT.format(*shares))
    year = PaperYear(world, rows)
    year.reported(1, 2, 3)
    year.evaluate()
    for number, to in decided:
        year.exclude(number, to)
    year.walk.release()

    assert year.printed() == expected(rows)
    (frozen,) = year.frozen()
    assert totals(frozen) == total
    assert [line["number"] for line in frozen["lines"] if "excluded" in line] == sorted(out for out, _to in decided)
    assert comes_out_again(year) == [[]]


APPEALED = table("""
    1.1 | 50 | quantitative 78 81 84 87 90 | 80 | 82 | 86.02 | 84 | 3.6733 | 3.0000 | 1.5000
    1.2 | 30 | quantitative 30 27 24 21 18 | 26 | 23 | 20.1  | 21 | 4.3000 | 4.0000 | 1.2000
    2.1 | 20 | milestone                   | 2  | 3  | 4     |    | 4.0000 | 4.0000 | 0.8000
""")


def test_a_year_with_one_objection_upheld_and_one_not(world):
    year = PaperYear(world, APPEALED)
    year.reported(1, 2, 3)
    year.evaluate()
    year.walk.release()

    # The unit: 50 × 3.6733 + 30 × 4.3 + 20 × 4 = 183.665 + 129 + 80 = 392.665; 3.92665
    # The evaluator: 150 + 120 + 80 = 350; 3.5
    assert year.printed() == expected(APPEALED)
    assert totals(year.frozen()[0]) == ("3.9267", "3.5000", "100.00")

    year.appeal({"1.1": ("86.02", "85"), "1.2": ("20.1", None)})

    # The panel finds 85 of 1.1: 3 + (85 − 84) ÷ 3 = 3.3333; 1.2 stays.
    # 50 × 3.3333 + 120 + 80 = 166.665 + 120 + 80 = 366.665; 3.66665
    first, last = year.frozen()
    assert totals(first) == ("3.9267", "3.5000", "100.00")
    assert totals(last) == ("3.9267", "3.6667", "100.00")
    assert [line["evaluator"]["score"] for line in last["lines"]] == ["3.3333", "4.0000", "4.0000"]
    assert last["appeal"]["first_total"]["score"] == "3.5000"
    assert comes_out_again(year) == [[], []]


def test_an_appeal_upheld_after_a_missed_round_and_with_a_line_out(world):
    """Everything at once: the panel's figure bears the penalty, and the line that is out stays out."""
    year = PaperYear(world, APPEALED, penalties={1: Decimal("0.1"), 2: Decimal("0.25")})
    year.reported(3)
    year.evaluate()
    year.exclude("1.2")
    year.walk.release()
    year.appeal({"1.1": ("86.02", "85")})

    # 0.35 off: 1.1  3 − 0.35 = 2.65; 2.1  4 − 0.35 = 3.65; (50 × 2.65 + 20 × 3.65) ÷ 70 = 205.5 ÷ 70 = 2.93571…
    # The unit: (183.665 + 80) ÷ 70 = 3.76664…
    # After the appeal: 1.1  3.3333 − 0.35 = 2.9833; (149.165 + 73) ÷ 70 = 222.165 ÷ 70 = 3.17378…
    first, last = year.frozen()
    assert totals(first) == ("3.7666", "2.9357", "70.00")
    assert totals(last) == ("3.7666", "3.1738", "70.00")
    assert comes_out_again(year) == [[], []]


DIVIDED = table("""
    1.1 | 35 | quantitative 60 65 70 75 80        | 61       | 66       | 73.2     |  | 3.6400 | 3.6400 | 1.2740
    1.2 | 25 | quantitative 30 27 24 21 18        | 29       | 26       | 22       |  | 3.6667 | 3.6667 | 0.9167
    2.1 | 25 | units 60 70 80 90 100 of 3         | 70+70+70 | 75+80+85 | 85+92+78 |  | 3.5000 | 3.5000 | 0.8750
    4.1 | 15 | milestone                          | 1        | 1        | 2        |  | 2.0000 | 2.0000 | 0.3000
""")


@pytest.mark.parametrize(
    ("denominator", "halfway"),
    [
        # 4.1 isn't reported yet: 127.4 + 91.6675 + 87.5 = 306.5675
        ("in_force", ("3.0657", "100.00")),  # ÷ 100 = 3.065675
        ("reported", ("3.6067", "85.00")),  # ÷ 85 = 3.60667…
    ],
)
def test_a_year_by_either_denominator(world, denominator, halfway):
    """No report is sent with a line missing, so the years end alike; while it is written they differ."""
    year = PaperYear(world, DIVIDED, denominator=denominator)
    # 35 × 1.2 + 25 × 1.3333 + 25 × 2 + 15 × 1 = 42 + 33.3325 + 50 + 15 = 140.3325
    # 35 × 2.2 + 25 × 2.3333 + 25 × 3 + 15 × 1 = 77 + 58.3325 + 75 + 15 = 225.3325
    assert year.reported(1, 2) == ["1.4033", "2.2533"]

    card = year.report(3, only=("1.1", "1.2", "2.1"))
    assert (str(card.total.score), str(card.total.denominator)) == halfway

    year.report(3, only=("4.1",))
    year.hand_in()
    year.evaluate()
    year.walk.release()
    # 306.5675 + 15 × 2 = 336.5675; ÷ 100 = 3.365675
    assert year.printed() == expected(DIVIDED)
    assert totals(year.frozen()[0]) == ("3.3657", "3.3657", "100.00")
    assert comes_out_again(year) == [[]]


THREE = table("""
    1.1 | 40 | targets 98.72 98.84 98.9 | 98.8 | 98.85 | 98.94 |    | 100.0000 | 100.0000 | 40.0000
    1.2 | 30 | quantitative 60 80 90    | 60   | 70    | 85    | 84 | 87.5000  | 85.0000  | 25.5000
    2.1 | 20 | targets 40 50 60         | 20   | 30    | 38    |    | 50.0000  | 50.0000  | 10.0000
    3.1 | 10 | quantitative 30 24 18    | 30   | 27    | 26    |    | 66.6667  | 66.6667  | 6.6667
""")


def test_a_year_on_the_scale_of_50_75_and_100(world):
    year = PaperYear(world, THREE, scale="three", floor=Decimal(50))

    # After 6 months: 40 × 50 + 30 × 50 + 20 × 50 + 10 × 50 = 5000; ÷ 100 = 50
    # After 9 months: 40 × 75 + 30 × 62.5 + 20 × 50 + 10 × 62.5 = 3000 + 1875 + 1000 + 625 = 6500; 65
    # At the end: 1.2  75 + 25 × (85 − 80) ÷ 10 = 87.5         3.1  50 + 25 × (30 − 26) ÷ 6 = 66.6667
    #             4000 + 2625 + 1000 + 666.667 = 8291.667; 82.91667
    assert year.reported(1, 2, 3) == ["50.0000", "65.0000", "82.9167"]
    year.evaluate()
    year.walk.release()

    assert year.printed() == expected(THREE)
    # The evaluator: 1.2  75 + 25 × 4 ÷ 10 = 85; 4000 + 2550 + 1000 + 666.667 = 8216.667; 82.16667
    assert totals(year.frozen()[0]) == ("82.9167", "82.1667", "100.00")
    assert comes_out_again(year) == [[]]


PARTS = table("""
    1.1     |    |                             |    |    |      |      |        |        |
    1.1.1   | 10 | milestone                   | 3  | 4  | 5    |      | 5.0000 | 5.0000 | 0.5000
    1.1.2   |    |                             |    |    |      |      |        |        |
    1.1.2.1 | 20 | quantitative 60 65 70 75 80 | 60 | 70 | 72.5 |      | 3.5000 | 3.5000 | 0.7000
    1.1.2.2 | 10 | quantitative 30 27 24 21 18 | 30 | 24 | 20   | 20.6 | 4.3333 | 4.1333 | 0.4133
    2.1     | 60 | quantitative 60 65 70 75 80 | 60 | 65 | 68   |      | 2.6000 | 2.6000 | 1.5600
""")


def test_a_year_with_an_indicator_of_parts(world):
    year = PaperYear(world, PARTS)
    # 10 × 3 + 20 × 1 + 10 × 1 + 60 × 1 = 120; 10 × 4 + 20 × 3 + 10 × 3 + 60 × 2 = 250
    # 10 × 5 + 20 × 3.5 + 10 × 4.3333 + 60 × 2.6 = 50 + 70 + 43.333 + 156 = 319.333
    assert year.reported(1, 2, 3) == ["1.2000", "2.5000", "3.1933"]
    year.evaluate()
    year.walk.release()

    assert year.printed() == expected(PARTS)
    # 50 + 70 + 41.333 + 156 = 317.333
    assert totals(year.frozen()[0]) == ("3.1933", "3.1733", "100.00")
    # 1.1.2  (20 × 3.5 + 10 × 4.1333) ÷ 30 = 111.333 ÷ 30 = 3.7111
    # 1.1    (10 × 5 + 30 × 3.7111) ÷ 40 = 161.333 ÷ 40 = 4.033325
    scores = {row.line.key: row.score for row in year.card().rows}
    found = wholes(counted_in(evaluation_of(year.walk.agreement)), scores)
    assert {key: str(whole.score) for key, whole in found.items()} == {
        year.key("1.1"): "4.0333",
        year.key("1.1.2"): "3.7111",
    }
    assert comes_out_again(year) == [[]]


# Rows that agencies printed (tests/indicators/data/scoring_cases.json says which, of which year), each within an
# agreement. What else stood in theirs wasn't printed: here the rest of the weight fails, and so scores 1.

REST = "    4.1 | {weight} | pass_fail | fail | fail | fail | | 1.0000 | 1.0000 | {share}"
PENALTY = Decimal("0.2")  # per report missed, as the two rows of the OPEC have it


def published(**wanted):
    return [row for row in CASES["published"] if all(row[key] == value for key, value in wanted.items())]


def with_the_rest(line, weight):
    rest = 100 - Decimal(weight)
    return table(line + "\n" + REST.format(weight=rest, share=f"{rest / 100:.4f}"))


@pytest.mark.parametrize(
    ("missed", "unit_total", "total"),
    [
        # 4 × 5 + 96 × 1 = 116, as the unit has it; 4 × 4.8 + 96 = 115.2, as the committee has it
        (1, "1.1600", "1.1520"),
        # 3 × 2 + 97 × 1 = 103; 3 × 1.6 + 97 = 101.8
        (2, "1.0300", "1.0180"),
    ],
)
def test_the_printed_rows_of_steps_with_missed_reports(world, missed, unit_total, total):
    [row] = published(kind="level", missed_reports=missed)
    [own] = [each for each in published(kind="level", missed_reports=0) if each["weight"] == row["weight"]]
    figures = f"{row['actual']} | {row['actual']} | {row['actual']} |"
    scores = f"{own['published_score']} | {row['published_score']} | {row['published_weighted']}"
    rows = with_the_rest(f"2.1 | {row['weight']} | milestone | {figures} | {scores}", row["weight"])
    year = PaperYear(world, rows, penalties={1: PENALTY, 2: PENALTY})
    year.reported(*{1: (1, 3), 2: (3,)}[missed])
    year.evaluate()
    year.walk.release()

    assert year.printed() == expected(rows)
    assert totals(year.frozen()[0]) == (unit_total, total, "100.00")
    unit = unit_card(year.card())
    assert str(unit.contribution(unit.rows[0])) == own["published_weighted"]


@pytest.mark.parametrize(
    ("row", "total"),
    # 25 × 1.6126 + 75 × 1 = 115.315 · 25 × 2.5212 + 75 = 138.03 · 25 × 1.7042 + 75 = 117.605, half to even 1.1760
    list(zip(published(kind="subtotal"), ("1.1532", "1.3803", "1.1761"), strict=True)),
    ids=lambda given: given if isinstance(given, str) else given["published_score"],
)
def test_the_printed_subtotals(world, row, total):
    """What a strategy came to, printed as score and share, is carried through as a line of that weight."""
    figure = row["published_score"]
    line = f"1.1 | {row['weight']} | quantitative 1 2 3 4 5 | {figure} | {figure} | {figure} |"
    rows = with_the_rest(f"{line} | {figure} | {figure} | {row['published_weighted']}", row["weight"])

    assert printed_after_a_year(world, rows) == (total, total, "100.00")


def test_the_misprinted_row(world):
    """20 % of 3 is 0.6, and not the 0.9 that was printed: 20 × 3 + 80 × 1 = 140."""
    [row] = [each for each in CASES["published"] if each["published_weighted"] == "0.9"]
    line = f"1.1 | {row['weight']} | milestone | 1 | 2 | {row['actual']} | | 3.0000 | 3.0000 | 0.6000"

    assert printed_after_a_year(world, with_the_rest(line, row["weight"])) == ("1.4000", "1.4000", "100.00")


@pytest.mark.parametrize("row", CASES["three_targets"], ids=lambda row: row["actual"])
def test_the_printed_row_of_three_targets_alone_is_the_total(world, row):
    """Its weight wasn't printed: as the only line it has all of it."""
    score = f"{Decimal(row['published_score']):.4f}"
    figures = f"{row['criteria'][0]} | {row['criteria'][1]} | {row['actual']} |"
    rows = table(f"1.1 | 100 | targets {' '.join(row['criteria'])} | {figures} | {score} | {score} | {score}")

    found = printed_after_a_year(world, rows, scale="three", floor=Decimal(50))
    assert found == (score, score, "100.00")


def printed_after_a_year(world, rows, **framework):
    """The totals of a year in which the evaluator takes over everything; the lines came to what the table says."""
    year = PaperYear(world, rows, **framework)
    year.reported(1, 2, 3)
    year.evaluate()
    year.walk.release()
    assert year.printed() == expected(rows)
    assert comes_out_again(year) == [[]]
    return totals(year.frozen()[0])
