"""Results by the text in force: what a report sent before an amendment keeps, what counts for later ones, by hand.

The three lines of tests.results.three_lines; 1.1 is amended from 78 · 81 · 84 · 87 · 90 to 76 · 79 · 82 · 85 · 88, and
five of its weight of 50 go to 4.1. A result of 86.02 was 3 + (86.02 − 84) ÷ 3 = 3.6733; it becomes 4 + (86.02 − 85) ÷ 3.
"""

from decimal import Decimal

import pytest

from acts.engine import Conflict
from acts.log import THE_SYSTEM
from agreements.freeze import agreed_snapshot, thaw
from agreements.models import Agreement
from agreements.stages import Stage
from desk.demo.years import fiscal_year
from results.carry import begin as begin_draft
from results.effect import effects, target_values
from results.rules import current_report
from results.scoreboard import scoreboard
from results.scores import agreed_lines, agreed_of, as_agreed, released_scores, report_card
from tests.results.three_lines import RESULTS, report_lines, walk_of_three
from tests.workflow.test_amendment import Amending
from tests.world import ON
from workflow.amended_text import content_as_amended

D = Decimal
EASIER = dict(zip((f"level_{n}" for n in range(1, 6)), ("76", "79", "82", "85", "88"), strict=True))
WAS = {"1.1": ("50", "3.6733"), "1.2": ("30", "4.3000"), "4.1": ("20", "3.0000")}
NOW = {"1.1": ("45", "4.3400"), "1.2": ("30", "4.3000"), "4.1": ("25", "3.0000")}
# 0.50 × 3.6733 + 0.30 × 4.3 + 0.20 × 3 = 3.72665 → 3.7267; 0.45 × 4.34 + 0.30 × 4.3 + 0.25 × 3 = 3.993
TOTAL_WAS, TOTAL_NOW = D("3.7267"), D("3.9930")


class AmendingThree(Amending):
    def line_of(self, number):
        key = next(line.key for line in agreed_lines(self.agreement).lines if line.number == number)
        return self.agreement.lines.get(pk=key)

    def ask_for_it(self):
        self.propose({"weight": "45", **EASIER}, line=self.line_of("1.1"))
        self.propose({"weight": "25"}, line=self.line_of("4.1"))
        self.go("ask", "office")

    def put_in_force(self):
        self.ask_for_it()
        self.go("agree", "negotiator")
        self.confirmed("sign", "head")
        self.confirmed("countersign", "superior")
        self.walk.agreement = Agreement.objects.for_detail().get(pk=self.agreement.pk)
        return self.walk.agreement


def at_assessment(world, *, rounds=1):
    walk = walk_of_three(world, rounds=rounds)
    walk.to(Stage.ASSESSMENT)
    return walk


def reported(world, walk):
    """The current report, with the three results, sent by the office; the agreement is then the head's or evaluator's."""
    report = report_lines(world, walk.agreement, RESULTS, at=walk.diary.later())
    walk.move("send_report", walk.people.office)
    return type(report).objects.get(pk=report.pk)


def figures(card):
    return {row.line.number: (f"{row.line.weight.normalize():f}", f"{row.score:f}") for row in card.rows}


# What an amendment would do to the score


def told(amending, values):
    before = agreed_lines(amending.agreement)
    after = as_agreed(content_as_amended(amending.amendment, amending.at()))
    return before, effects(before, after, values(before) if callable(values) else values)


@pytest.fixture
def asked(world):
    amending = AmendingThree(world, at_assessment(world))
    amending.ask_for_it()
    return amending


def results_by_key(agreed):
    return {line.key: D(RESULTS[line.number]) for line in agreed.lines}


def test_the_effect_is_told_of_each_line_that_changes_and_of_the_total(asked):
    _before, found = told(asked, results_by_key)

    lines = {each.line.number: each for each in found.lines}
    assert list(lines) == ["1.1", "4.1"]  # 1.2 is neither weighed nor scored otherwise
    first, last = lines["1.1"], lines["4.1"]
    assert (first.was.score, first.now.score) == (D("3.6733"), D("4.3400"))
    assert (first.was.brings, first.now.brings) == (D("1.8367"), D("1.9530"))
    assert first.difference == D("0.1163")
    assert (last.was.score, last.now.score, last.difference) == (D("3.0000"), D("3.0000"), D("0.1500"))
    assert (found.was, found.now, found.difference) == (TOTAL_WAS, TOTAL_NOW, D("0.2663"))


def test_of_the_targets_reached_exactly_it_is_told_too(asked):
    """Whoever reached the target of 1.1, 88, had 4 + (88 − 87) ÷ 3, and will have the highest level."""
    _before, found = told(asked, target_values)

    first = found.lines[0]
    assert (first.line.number, first.value) == ("1.1", D("88"))
    assert (first.was.score, first.now.score) == (D("4.3333"), D("5.0000"))


def test_what_was_not_reported_brings_nothing_and_says_so(asked):
    _before, found = told(asked, lambda before: {before.lines[1].key: D("20.1")})

    first = found.lines[0]
    assert (first.value, first.was.score, first.now.score, first.difference) == (None, None, None, None)
    # Of all weights only 30 have a score: 0.30 × 4.3, before as after.
    assert (found.was, found.now, found.difference) == (D("1.2900"), D("1.2900"), D("0"))


def test_with_no_result_at_all_there_is_no_total_to_differ(asked):
    _before, found = told(asked, {})
    assert (found.was, found.now, found.difference) == (None, None, None)


# The text by which results are scored


def test_a_round_sent_before_keeps_its_criteria_and_the_next_one_has_the_new(world):
    walk = at_assessment(world, rounds=2)
    sent = reported(world, walk)
    walk.move("accept_report", walk.people.evaluator)
    assert figures(report_card(sent)) == WAS

    agreement = AmendingThree(world, walk).put_in_force()

    kept = type(sent).objects.get(pk=sent.pk)
    assert (figures(report_card(kept)), report_card(kept).total.score) == (WAS, TOTAL_WAS)
    boards, _before = scoreboard([agreement])
    assert boards[agreement.pk].total == TOTAL_WAS  # the last report sent is the first round's

    final = reported(world, walk)
    assert (figures(report_card(final)), report_card(final).total.score) == (NOW, TOTAL_NOW)
    boards, _before = scoreboard([walk.agreement])
    assert boards[agreement.pk].total == TOTAL_NOW
    assert figures(report_card(type(sent).objects.get(pk=sent.pk))) == WAS


def test_of_two_amendments_each_report_keeps_the_text_that_was_in_force_when_it_was_sent(world):
    walk = at_assessment(world, rounds=2)
    AmendingThree(world, walk).put_in_force()
    sent = reported(world, walk)
    walk.move("accept_report", walk.people.evaluator)
    between = agreed_snapshot(walk.agreement)

    again = AmendingThree(world, walk)
    again.propose({"weight": "35"}, line=again.line_of("1.2"))
    again.propose({"weight": "20"}, line=again.line_of("4.1"))
    again.go("ask", "office")
    again.go("agree", "negotiator")
    again.confirmed("sign", "head")
    again.confirmed("countersign", "superior")

    kept = type(sent).objects.get(pk=sent.pk)
    assert (kept.scored_by, figures(report_card(kept))) == (between, NOW)
    later = kept.agreement.reports.get(round__is_final=True)
    assert [f"{line.weight:f}" for line in agreed_of(later).lines] == ["45.00", "35.00", "20.00"]
    # What the first one changed is told by the first one alone.
    changes = thaw(later.agreement.amended_to)["amendment"]["changes"]
    assert [(each["number"], each["was"], each["now"]) for each in changes] == [
        ("1.2", "30.00", "35.00"),
        ("4.1", "25.00", "20.00"),
    ]


def test_a_report_returned_after_an_amendment_keeps_the_criteria_of_its_round(world):
    walk = at_assessment(world, rounds=2)
    sent = reported(world, walk)
    AmendingThree(world, walk).put_in_force()

    walk.move("return_report", walk.people.evaluator, reason="โปรดตรวจตัวเลขอีกครั้ง")

    assert figures(report_card(current_report(Agreement.objects.get(pk=walk.agreement.pk), on=ON))) == WAS
    assert current_report(walk.agreement, on=ON) == sent


def test_released_scores_are_those_of_the_amended_text_and_name_it(world, django_assert_num_queries):
    walk = at_assessment(world)
    agreement = AmendingThree(world, walk).put_in_force()
    reported(world, walk)
    walk.to(Stage.CLOSED)

    frozen = thaw(released_scores(walk.agreement))
    weights = {line["number"]: f"{D(line['weight']).normalize():f}" for line in frozen["lines"]}
    assert frozen["signed_sha256"] == agreed_snapshot(walk.agreement).sha256 == agreement.amended_to.sha256
    assert weights == {number: weight for number, (weight, _score) in NOW.items()}
    both = [Agreement.objects.get(pk=agreement.pk), world.agreement("closed", code="IMM-D2")]
    with django_assert_num_queries(1):
        boards, _before = scoreboard(both)
    assert {f"{each.line.weight.normalize():f}" for each in boards[agreement.pk].lines} == {"45", "30", "25"}


def test_whoever_opened_the_report_before_the_amendment_is_told_to_look_again(world):
    """They would send it by criteria that they have not seen."""
    walk = at_assessment(world, rounds=2)
    report_lines(world, walk.agreement, RESULTS, at=walk.diary.later())
    opened = walk.agreement.version
    AmendingThree(world, walk).put_in_force()
    walk.agreement.version = opened

    with pytest.raises(Conflict):
        walk.move("send_report", walk.people.office)


def test_next_year_s_draft_carries_the_text_in_force(world):
    walk = at_assessment(world)
    agreement = AmendingThree(world, walk).put_in_force()
    year = fiscal_year(2571, by=THE_SYSTEM, at=world.at())

    draft = begin_draft(agreement.unit, year, carry=True, actor=world.people.staff, at=walk.diary.later())

    lines = {line.came_from_id: line for line in draft.lines.all()}
    carried = [lines[each.key] for each in agreed_lines(agreement).lines]
    assert [f"{line.weight.normalize():f}" for line in carried] == ["45", "30", "25"]
    assert [f"{level.normalize():f}" for level in carried[0].levels] == list(EASIER.values())
