"""Flags of a line: each by a worked example, and what raises none; the same file elsewhere only where one may look."""

from datetime import UTC, date, datetime
from decimal import Decimal as D
from types import SimpleNamespace as Row

import pytest

from agreements.models import Agreement
from agreements.stages import Stage
from indicators.scale import FIVE
from indicators.scoring import level_reached, score_levels
from results.earlier import Earlier, earlier_results, expected, results_of_a_trend
from results.flags import NAMED_AT_MOST, flags_of, held_up
from results.models import Evidence, Report, ReportingRound
from results.rules import current_report
from results.same_bytes import Uses
from results.scores import agreed_of, evaluation_card
from results.write import accept_reported
from tests.results.three_lines import RESULTS, report_lines, walk_of_three
from tests.world import ON

LEVELS = tuple(map(D, (78, 81, 84, 87, 90)))
AGREED_FROM, DUE = date(2026, 10, 1), date(2027, 10, 31)
GRACE = date(2027, 11, 15)
NOBODY = None


class Measured:
    """The agreed side of one line: 78 · 81 · 84 · 87 · 90."""

    scale, tree = FIVE, ()

    def score(self, line, value):
        return (None, "") if value is None else (score_levels(line.levels, value), "")


def file(**facts):
    kept = {"sha256": "a", "name": "a.pdf", "level": None, "dated_on": None}
    return Row(**kept | {"added_at": datetime(2027, 10, 1, tzinfo=UTC)} | facts)


A_FILE = (file(),)


def report_of(given_until=None):
    agreement = Agreement(pk=1, starts_on=AGREED_FROM)
    return Report(
        agreement=agreement, round=ReportingRound(position=3, due_on=DUE, grace_until=GRACE), given_until=given_until
    )


def one_row(value, *, evidence=A_FILE, **of_line):
    line = {"key": 7, "number": "1.1", "kind": "quantitative", "levels": LEVELS, "target": None, "scale": FIVE}
    line["unit_of_measure"] = "ร้อยละ"
    score = None if value is None else score_levels(LEVELS, value).score
    reached = None if value is None else level_reached(LEVELS, value)
    return Row(line=Row(**line | of_line), value=value, score=score, reached=reached, evidence=evidence)


@pytest.fixture
def flagged(monkeypatch):
    """flagged(row, earlier) → the kinds of flags of one line, where no file is used elsewhere."""
    monkeypatch.setattr("results.flags.uses_of", lambda files, *who: {each.sha256: Uses() for each in files})

    def ask(row, earlier=(), **of_report):
        report = report_of(**of_report)
        found = flags_of([row], report, Measured(), reader=NOBODY, at=NOBODY, earlier={7: list(earlier)})
        return [flag.kind for flag in found[7]]

    return ask


def rounds(*values):
    return [Earlier(position, f"รอบ {position}", D(value)) for position, value in enumerate(values, 1)]


def test_the_trend_is_the_straight_line_through_the_last_two_results():
    assert expected(rounds("80.1", "82.3"), 3) == D("84.5")
    assert expected(rounds("50", "60", "65"), 6) == D(80)  # three rounds on, by 5 each
    assert expected(rounds("80"), 3) is None


@pytest.mark.parametrize(
    ("final", "kinds"),
    [
        ("85.5", []),  # expected 84.6, which scores 3.2; 85.5 scores 3.5
        ("87.7", ["trend"]),  # 4.2333: more than a level off
        ("87.6", ["trend"]),  # 4.2: a level exactly
        ("87.5", []),  # 4.1667
        ("81.5", ["trend"]),  # 2.1667: the other way
    ],
)
def test_a_level_or_more_off_the_trend_is_flagged(flagged, final, kinds):
    assert flagged(one_row(D(final)), rounds("81.4", "83.0")) == kinds


@pytest.mark.parametrize(
    ("value", "more", "kinds"),
    [
        ("87", {}, ["exact"]),
        ("86.99", {}, []),
        ("87.0000", {}, ["exact"]),
        ("85.25", {"target": D("85.25")}, ["exact"]),
        ("87", {"kind": "milestone"}, []),
    ],
)
def test_a_measured_result_that_meets_a_level_or_the_target_exactly_is_flagged(flagged, value, more, kinds):
    assert flagged(one_row(D(value), **more)) == kinds


@pytest.mark.parametrize(
    ("value", "more", "kinds"),
    [
        ("0.86", {}, ["unit"]),
        ("7.8", {}, ["unit"]),
        ("7.81", {}, []),
        ("899.9", {}, []),
        ("900", {}, ["unit"]),
        ("-8602", {}, ["unit"]),
        ("0", {}, []),
        ("900", {"target": D(95)}, []),
        ("0.86", {"kind": "milestone"}, []),
        ("0.86", {"levels": (), "target": None}, []),
    ],
)
def test_a_result_ten_times_off_the_figures_is_flagged_as_of_another_unit_and_zero_never(flagged, value, more, kinds):
    assert flagged(one_row(D(value), **more)) == kinds


def test_a_result_without_evidence_is_flagged_and_no_result_claims_nothing(flagged):
    assert flagged(one_row(D("85.5"), evidence=())) == ["unproved"]
    assert flagged(one_row(None, evidence=())) == []


@pytest.mark.parametrize(
    ("added", "kinds"),
    [
        (datetime(2027, 10, 31, 16, 59, tzinfo=UTC), []),  # 23.59 in Bangkok, on the last day
        (datetime(2027, 10, 31, 17, 1, tzinfo=UTC), ["late"]),
    ],
)
def test_a_file_added_after_the_last_day_is_flagged(flagged, added, kinds):
    assert flagged(one_row(D("85.5"), evidence=(file(added_at=added),))) == kinds


def test_the_time_that_the_unit_was_given_is_in_time_and_grace_is_not(flagged):
    row = one_row(D("85.5"), evidence=(file(added_at=datetime(2027, 11, 10, tzinfo=UTC)),))
    assert flagged(row) == ["late"]
    assert flagged(row, given_until=date(2027, 11, 10)) == []
    assert flagged(row, given_until=date(2027, 11, 9)) == ["late"]


@pytest.mark.parametrize(
    ("dated_on", "kinds"),
    [
        (date(2026, 9, 30), ["dated"]),
        (AGREED_FROM, []),
        (DUE, []),
        (date(2027, 11, 1), ["dated"]),
        (None, []),
    ],
)
def test_a_document_dated_outside_the_rounds_period_is_flagged(flagged, dated_on, kinds):
    row = one_row(D("85.5"), evidence=(file(dated_on=dated_on),))
    assert flagged(row) == kinds
    assert flagged(row, given_until=date(2027, 11, 20)) == (kinds if dated_on != date(2027, 11, 1) else [])


@pytest.mark.parametrize(
    ("levels", "kinds"),
    [
        ((None,), []),  # no file says which level it proves
        ((3,), []),  # 85.5 reaches level 3
        ((2, None), ["level"]),
        ((4, 5), ["level"]),
        ((2, 3), []),
    ],
)
def test_files_that_name_other_levels_than_the_one_claimed_are_flagged(flagged, levels, kinds):
    files = tuple(file(sha256=str(place), level=level) for place, level in enumerate(levels))
    assert flagged(one_row(D("85.5"), evidence=files)) == kinds
    assert flagged(one_row(D("85.5"), evidence=files, kind="milestone")) == kinds


def test_a_result_below_level_1_claims_no_level(flagged):
    assert flagged(one_row(D(70), evidence=(file(level=2),))) == []


# With agreements that one may follow, and others


@pytest.fixture
def walk(world):
    walk = walk_of_three(world)
    report_lines(world, walk.to(Stage.ASSESSMENT), RESULTS, at=walk.diary.soon())
    walk.hand_to_office()
    walk.send_report()
    walk.certify()
    return walk


def used_too(report, sha256, place=0):
    """The file is evidence in another report, too."""
    result = report.results.all()[place]
    kept = {"name": "ภาพเดียวกัน.png", "kind": "png", "size": 1, "added_at": datetime(2027, 10, 1, tzinfo=UTC)}
    return Evidence.objects.create(result=result, sha256=sha256, **kept)


def flags_for(world, evaluation, who):
    card = evaluation_card(evaluation)
    given = {"reader": world.people.get(who), "at": world.at()}
    return flags_of([row.unit for row in card.rows], evaluation.report, agreed_of(evaluation.report), **given)


def files_flagged(world, evaluation, who):
    """The flags of the first line's file."""
    found = flags_for(world, evaluation, who)
    return [flag for flag in found[evaluation_card(evaluation).rows[0].line.key] if flag.kind == "file"]


def test_the_same_file_in_another_agreement_is_told_to_who_may_follow_that_one(world, walk):
    evaluation = current_report(walk.agreement, on=ON).evaluation
    row = evaluation_card(evaluation).rows[0]
    used_too(current_report(world.agreement(Stage.ASSESSMENT, code="IMM-D2"), on=ON), row.unit.evidence[0].sha256)

    (flag,) = files_flagged(world, evaluation, "evaluator")

    assert (flag.label, flag.place[0], flag.holds) == ("ไฟล์ซ้ำกับ บก.ตม.2", "2570-IMM-D2", True)
    # The unit's own staff can't follow their neighbours' agreement: it is counted, and nothing else of it is told.
    (flag,) = files_flagged(world, evaluation, "staff")
    assert (flag.label, flag.place, flag.holds) == ("ไฟล์ซ้ำกับคำรับรองอื่น", None, True)
    assert flag.sentence.endswith("เป็นหลักฐานในคำรับรองอื่นอีก 1 ฉบับ ซึ่งท่านไม่มีสิทธิอ่าน")
    assert "ตม.2" not in flag.sentence


def test_of_very_many_agreements_some_are_named_and_the_others_counted(world, walk, monkeypatch):
    evaluation = current_report(walk.agreement, on=ON).evaluation
    row = evaluation_card(evaluation).rows[0]
    for code in ("IMM-D2", "RTP"):
        used_too(current_report(world.agreement(Stage.ASSESSMENT, code=code), on=ON), row.unit.evidence[0].sha256)
    monkeypatch.setattr("results.flags.NAMED_AT_MOST", 0)
    more, unread = files_flagged(world, evaluation, "evaluator")
    assert more.sentence.endswith("อีก 1 ฉบับ ซึ่งท่านเปิดอ่านได้")
    assert unread.sentence.endswith("อีก 1 ฉบับ ซึ่งท่านไม่มีสิทธิอ่าน")
    assert NAMED_AT_MOST == 5


def test_one_file_in_many_lines_of_another_agreement_is_one_flag(world, walk):
    evaluation = current_report(walk.agreement, on=ON).evaluation
    row = evaluation_card(evaluation).rows[0]
    other = current_report(world.agreement(Stage.ASSESSMENT, code="IMM-D2"), on=ON)
    for place in range(3):
        used_too(other, row.unit.evidence[0].sha256, place)
    (flag,) = files_flagged(world, evaluation, "evaluator")
    assert flag.sentence.endswith("และของตัวชี้วัดอื่นที่นั่นอีก 2 ตัว")


def test_the_same_file_for_another_line_is_told_and_holds_nothing_up(world, walk):
    report = current_report(walk.agreement, on=ON)
    first = evaluation_card(report.evaluation).rows[0]
    used_too(report, first.unit.evidence[0].sha256, place=1)
    found = flags_for(world, report.evaluation, "evaluator")
    labels = [flag.label for key in found for flag in found[key] if flag.kind == "file"]
    assert labels == ["ไฟล์ซ้ำกับตัวชี้วัดที่ 1.2", "ไฟล์ซ้ำกับตัวชี้วัดที่ 1.1"]
    assert first.line.key not in held_up({key: [f for f in flags if f.kind == "file"] for key, flags in found.items()})


def test_all_at_once_leaves_out_what_a_flag_holds_up_and_a_choice_takes_it(world, walk):
    evaluation = current_report(walk.agreement, on=ON).evaluation
    held, *others = [row.line.key for row in evaluation_card(evaluation).rows]
    evaluation.report.results.get(line=held).evidence.all().delete()
    evaluator = world.people.evaluator

    assert accept_reported(evaluation, actor=evaluator, at=world.at()) == len(others)
    assert evaluation_card(evaluation).row_of(held).value is None
    assert accept_reported(evaluation, [held], every=False, actor=evaluator, at=world.at()) == 1
    assert evaluation_card(evaluation).row_of(held).value == D("86.02")


def test_what_is_still_being_written_is_no_earlier_result(world):
    walk = walk_of_three(world, rounds=2)
    report_lines(world, walk.to(Stage.ASSESSMENT), RESULTS, at=walk.diary.soon())
    final = walk.agreement.reports.get(round__is_final=True)
    assert earlier_results(final) == results_of_a_trend(final) == {}
    walk.agreement.reports.filter(round__is_final=False).update(stage=Report.Stage.ACCEPTED)
    found = earlier_results(final)
    assert results_of_a_trend(walk.agreement.reports.get(round__is_final=True)) == {}  # one round makes no line
    assert [[str(each.value.normalize()) for each in of_line] for of_line in found.values()] == [
        ["86.02"],
        ["20.1"],
        ["3"],
    ]
