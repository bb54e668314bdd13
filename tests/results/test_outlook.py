"""From which reports a forecast is made, and how much of the year each covers."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from agreements.stages import Pen, Stage
from results.models import ReportingRound
from results.outlook import cover, months_between, outlook
from results.rules import current_report, reports_of
from tests.results.three_lines import RESULTS, report_lines, three_lines
from tests.world import ON

D = Decimal
YEAR = SimpleNamespace(starts_on=date(2026, 10, 1), ends_on=date(2027, 9, 30))
SECOND = {"name": "รอบ 9 เดือน", "position": 2, "opens_on": "2027-07-01", "due_on": "2027-07-31"}


def half_way(world):
    """At self-assessment, with a round of six months and one of nine before the final one."""
    ReportingRound.objects.create(fiscal_year=world.year, **SECOND)
    return three_lines(world, rounds=2)


def send(agreement):
    """The report that the unit is at, as if it had been sent and accepted."""
    report = current_report(agreement, on=ON)
    type(report).objects.filter(pk=report.pk).update(stage=report.Stage.ACCEPTED)


def again(agreement):
    """As another request finds it: nothing is remembered."""
    return type(agreement).objects.for_detail().get(pk=agreement.pk)


def by_number(found):
    return {each.line.number: each for each in found.forecast.lines}


# How much of the year is covered


@pytest.mark.parametrize(
    ("opens", "months"), [((2027, 4, 1), "6"), ((2027, 7, 1), "9"), ((2027, 4, 16), "6.50"), ((2027, 2, 15), "4.50")]
)
def test_a_round_covers_the_year_up_to_the_day_before_it_opens(opens, months):
    covered = cover(YEAR, SimpleNamespace(is_final=False, opens_on=date(*opens)))

    assert (covered.months, covered.of, covered.left) == (D(months), D(12), 12 - D(months))


@pytest.mark.parametrize("opens", [date(2027, 9, 1), date(2027, 10, 1), date(2027, 11, 1)])
def test_the_final_round_covers_the_whole_year_whenever_it_opens(opens):
    assert cover(YEAR, SimpleNamespace(is_final=True, opens_on=opens)).left == 0


@pytest.mark.parametrize(("opens", "months"), [(date(2026, 9, 1), 0), (date(2027, 12, 1), 12)])
def test_a_round_that_opens_outside_of_the_year_covers_nothing_or_all_of_it(opens, months):
    assert cover(YEAR, SimpleNamespace(is_final=False, opens_on=opens)).months == months


def test_months_are_whole_ones_and_a_share_of_the_last():
    # Ten of February's 28 days; ten of 29 in a leap year.
    assert months_between(date(2027, 1, 1), date(2027, 2, 11)) == D("1.36")
    assert months_between(date(2028, 1, 1), date(2028, 2, 11)) == D("1.34")


# From which reports


def test_before_anything_is_reported_there_is_no_forecast(world):
    assert outlook(three_lines(world)) is None
    assert outlook(again(world.agreement(Stage.DRAFT, code="IMM-D2"))) is None


def test_as_long_as_none_is_sent_it_is_made_from_the_report_being_written(world):
    agreement = half_way(world)
    report_lines(world, agreement, {"1.1": "86.02"}, evidence=False)

    found = outlook(again(agreement))

    assert (found.report.round.position, found.report.stage, found.cover.months) == (1, "draft", 6)
    # 3.6733 of half of the weight; of the others the lowest and the highest score: 1.83665 + 0.5 and + 2.5
    assert (found.forecast.low, found.forecast.high) == (D("2.3367"), D("4.3367"))


def test_the_last_report_that_was_sent_counts_before_the_one_being_written(world):
    agreement = half_way(world)
    report_lines(world, agreement, RESULTS, evidence=False)
    send(agreement)
    agreement = again(agreement)
    report_lines(world, agreement, {"1.1": "90"}, evidence=False)

    found = outlook(again(agreement))

    assert found.report.round.position == 1
    assert by_number(found)["1.1"].value == D("86.02")
    # The one being written can be asked for.
    assert [each.round.position for each in found.reports] == [1, 2]
    assert by_number(outlook(again(agreement), 2))["1.1"].value == 90


def test_a_line_without_result_in_that_report_stands_by_the_one_before_it_and_names_it(world):
    agreement = half_way(world)
    report_lines(world, agreement, {"1.1": "86.02", "1.2": "20.1"}, evidence=False)
    send(agreement)
    agreement = again(agreement)
    report_lines(world, agreement, {"1.1": "90"}, evidence=False)
    send(agreement)

    found = outlook(again(agreement))

    lines = by_number(found)
    assert (found.report.round.position, found.cover.months) == (2, 9)
    assert (lines["1.1"].so_far.round, lines["1.1"].so_far.cover.months) == ("รอบ 9 เดือน", 9)
    assert (lines["1.2"].so_far.round, lines["1.2"].so_far.cover.months) == ("รอบ 6 เดือน", 6)
    assert lines["4.1"].is_open


def test_what_was_reported_later_is_unknown_after_an_earlier_round(world):
    agreement = half_way(world)
    report_lines(world, agreement, {"1.1": "86.02"}, evidence=False)
    send(agreement)
    agreement = again(agreement)
    report_lines(world, agreement, {"1.2": "20.1"}, evidence=False)
    send(agreement)

    lines = by_number(outlook(again(agreement), 1))

    assert lines["1.1"].value == D("86.02")
    assert lines["1.2"].is_open


@pytest.mark.parametrize("position", [None, 0, 2, 99])
def test_a_round_that_is_not_there_or_holds_no_result_is_as_if_none_was_asked_for(world, position):
    agreement = half_way(world)
    report_lines(world, agreement, {"1.1": "86.02"}, evidence=False)

    assert outlook(again(agreement), position).report.round.position == 1


def test_zero_is_a_result_and_an_empty_one_is_none(world):
    agreement = three_lines(world, Stage.ASSESSMENT, Pen.STAFF)
    report_lines(world, agreement, {"1.1": "0"}, evidence=False)

    lines = by_number(outlook(again(agreement)))

    assert (lines["1.1"].so_far.value, lines["1.1"].score) == (D(0), D(1))
    assert lines["1.2"].so_far is None
    assert len(reports_of(agreement)) == 1
