"""The commander's overview: who has one, what it counts, whose scores it shows; the same cost for one unit or sixty."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from acts.log import THE_SYSTEM
from agreements.models import ActionPlan, Agreement, Snapshot
from agreements.stages import Stage
from desk.demo.years import fiscal_year
from desk.holdups import holdups
from desk.overview import Overview, Place, Row, Standing, Tally, shown_year
from desk.overview_page import _bands, _columns, score_level
from fiscal.models import Deadline, DeadlineKey
from indicators.scale import FIVE, THREE
from orgunits.models import OrgUnit
from orgunits.tree import plant, tree_lock
from results.models import Finding
from results.rules import current_report
from results.scoreboard import Board, ScoredLine
from results.sent import sent_reports
from tests.world import ON, YEAR

QUERIES = 15
OVERVIEW = "desk:unit_overview"


@pytest.fixture
def shown(visit):
    """shown(user, "IMM") → the Overview on the page."""

    def overview(user, code, **query):
        return visit(user, OVERVIEW, code, **query).context["overview"]

    return overview


def row_of(overview, code):
    return next(row for row in overview.rows if row.unit.code == code)


# Who has one


def test_it_begins_at_the_highest_unit_that_the_person_looks_after(world, visit, words):
    for who, code in (
        ("superior", "IMM"),
        ("command_staff", "IMM"),
        ("planner", "RTP"),
        ("commissioner_general", "RTP"),
    ):
        page = visit(world.people.get(who), "desk:overview")
        assert page.context["overview"].unit.code == code
        assert f'href="{reverse("desk:overview")}" aria-current="page"' in page.content.decode()


@pytest.mark.parametrize("who", ["staff", "head", "stranger", "administrator", "nobody", "opdc_negotiator"])
def test_who_looks_after_one_unit_alone_has_none(world, visit, words, who):
    page = visit(world.people.get(who), "desk:overview")

    assert page.status_code == 403
    assert "ภาพรวมมีไว้สำหรับผู้ที่ดูแลมากกว่าหนึ่งหน่วยงาน" in words(page)
    assert reverse("desk:overview") not in visit(world.people.get(who), "desk:home").content.decode()


def test_it_goes_down_from_the_top_to_the_agreement_and_nowhere_else(world, visit):
    world.agreement(Stage.INFORMAL)
    chief, commander = world.people.commissioner_general, world.people.superior

    top = visit(chief, OVERVIEW, "RTP").content.decode()
    command = visit(commander, OVERVIEW, "IMM").content.decode()

    assert reverse(OVERVIEW, args=["IMM"]) in top
    assert reverse("desk:agreement", args=["2570-IMM-D1"]) in command
    assert reverse(OVERVIEW, args=["RTP"]) not in command
    assert visit(commander, OVERVIEW, "RTP").status_code == 404
    assert visit(commander, OVERVIEW, "CIB").status_code == 404
    assert visit(commander, OVERVIEW, "IMM-D1").context["overview"].tally.total == 1
    assert visit(world.people.negotiator, OVERVIEW, "NO-SUCH").status_code == 404


# What it counts


def test_units_below_with_stage_turn_and_lateness(world, shown, visit, words):
    world.agreement(Stage.INFORMAL, "negotiator")
    world.agreement(Stage.SIGNING, "superior", code="IMM-D2")
    _due(world, DeadlineKey.INFORMAL, -3)
    _due(world, DeadlineKey.SIGNING, 20)

    overview = shown(world.people.superior, "IMM")
    page = words(visit(world.people.superior, OVERVIEW, "IMM"))

    assert (overview.tally.total, overview.tally.late, overview.tally.mine) == (2, 1, 1)
    assert overview.tally.signing == OrgUnit.objects.signing().filter(closure_above__ancestor__code="IMM").count()
    assert dict(overview.tally.stages)[Stage.SIGNING] == 1
    assert row_of(overview, "IMM-D1").own.late
    assert row_of(overview, "IMM-D3").own is None
    assert [row.unit.code for row in overview.rows][:3] == ["IMM", "IMM-D1", "IMM-D2"]
    for sentence in ("เกินกำหนด 3 วัน", "ตาของท่าน", "ยังไม่ส่งคำรับรอง", "ยังไม่มีคะแนนในปีนี้"):
        assert sentence in page


def test_a_draft_is_counted_only_for_who_may_know_of_it(world, shown):
    world.agreement(Stage.DRAFT)

    assert shown(world.people.negotiator, "IMM").tally.total == 1
    assert row_of(shown(world.people.negotiator, "IMM"), "IMM-D1").own.agreement.reads is False
    assert shown(world.people.planner, "IMM").tally.total == 0
    assert shown(world.people.auditor, "IMM").tally.total == 1


def test_from_the_top_a_command_stands_for_what_lies_below_it(world, shown):
    world.agreement(Stage.INFORMAL)
    world.agreement(Stage.FORMAL, code="IMM-D2")
    _due(world, DeadlineKey.INFORMAL, -3)

    overview = shown(world.people.planner, "RTP")

    assert {row.unit.code for row in overview.rows} == {"RTP", "OCG", "CIB", "IMM"}
    assert (row_of(overview, "IMM").below.total, row_of(overview, "IMM").below.late) == (2, 1)
    assert row_of(overview, "OCG").own is None
    assert row_of(overview, "CIB").below.total == 0
    assert overview.tally.total == 2


def test_who_holds_things_up_is_told_the_worst_first(world, shown):
    world.agreement(Stage.INFORMAL, "negotiator")
    world.agreement(Stage.DRAFT, code="IMM-D2")
    Agreement.objects.filter(unit__code="IMM-D2").update(pen_since=timezone.now() - timedelta(days=90))
    Agreement.objects.filter(unit__code="IMM-D1").update(pen_since=timezone.now() - timedelta(days=5))
    _due(world, DeadlineKey.INFORMAL, -4)
    _due(world, DeadlineKey.SUBMISSION, 4)

    worst, other = shown(world.people.negotiator, "IMM").holdups

    assert (worst.holder, worst.days_late, worst.days_held, worst.mine) == ("สตม. (ผู้เจรจา)", 4, 5, True)
    assert (other.holder, other.days_late, other.days_held) == ("บก.ตม.2 (เจ้าหน้าที่แผน)", 0, 90)


def test_the_hands_of_one_office_are_counted_together():
    on = date(2026, 11, 22)
    held = [_standing("negotiator", days, on) for days in (3, 40)]

    (found,) = holdups(held, on)

    assert (found.count, found.late, found.days_late, found.days_held) == (2, 2, 40, 1)


def _standing(pen, days_late, on):
    unit = SimpleNamespace(pk=7, short_name="สตม.")
    agreement = SimpleNamespace(
        stage="informal", pen=pen, pen_unit=unit, counterpart=unit, mine=None, get_pen_display=lambda: pen,
        pen_since=timezone.make_aware(timezone.datetime(on.year, on.month, on.day - 1, 12)),
        day_due=on - timedelta(days=days_late),
    )  # fmt: skip
    return Standing(agreement, on)


def test_the_late_units_stand_first_below_the_unit_itself(world, visit):
    world.agreement(Stage.SIGNING, "superior")
    world.agreement(Stage.INFORMAL, "negotiator", code="IMM-D2")
    _due(world, DeadlineKey.INFORMAL, -3)
    _due(world, DeadlineKey.SIGNING, 20)
    page = visit(world.people.superior, OVERVIEW, "IMM")
    assert [each["row"].unit.code for each in page.context["rows"]][:4] == ["IMM", "IMM-D2", "IMM-D1", "IMM-D3"]


# Scores


def test_scores_are_shown_as_final_or_as_the_units_own_and_never_the_evaluators_before_release(world, visit, words):
    world.agreement(Stage.CLOSED)
    running = world.agreement(Stage.EVALUATION, code="IMM-D2")
    Finding.objects.filter(evaluation__report=current_report(running, on=ON)).update(value=1)

    page = visit(world.people.superior, OVERVIEW, "IMM")
    overview = page.context["overview"]

    assert [(row.unit.code, row.board.is_released) for row in overview.scored] == [("IMM-D1", True), ("IMM-D2", False)]
    assert overview.mean(released=True) == (1, row_of(overview, "IMM-D1").board.total)
    assert row_of(overview, "IMM-D2").board.total > 4
    assert "ประเมินตนเอง" in words(page)
    assert overview.improvement.gain > 0
    assert page.content.decode().count('class="heat heat-') == 8


def test_who_sees_that_an_agreement_is_there_does_not_see_its_scores(world, visit, shown):
    """A command's own people look at their superior's agreement, and have no overview of it."""
    world.agreement(Stage.CLOSED, code="IMM")

    assert visit(world.people.staff, OVERVIEW, "IMM").status_code == 404
    own = row_of(shown(world.people.superior, "IMM"), "IMM")
    assert own.board.is_released


def row(code, *, totals, released=True, is_self=False, scales=None):
    total = totals.get(YEAR)
    scores = Board((), total, (), 0, "" if released else "รอบ 6 เดือน") if total else None
    return Row(OrgUnit(code=code, abbr_th=code), is_self, None, Tally(0, ()), scores, totals, scales or {})


def test_years_are_compared_by_units_that_have_both():
    rows = (
        row("A", totals={YEAR: Decimal(4), YEAR - 1: Decimal(3)}),
        row("B", totals={YEAR: Decimal(5)}),
        row("C", totals={YEAR - 1: Decimal(1), YEAR - 2: Decimal(2)}),
        row("self", totals={YEAR: Decimal(1)}, is_self=True),
    )
    overview = Overview(Place((OrgUnit(),), ()), YEAR, Tally(4, ()), rows, ())

    assert overview.change == (Decimal(1), 1)
    assert [(each.year, each.count, each.mean, each.own) for each in overview.years] == [
        (YEAR, 2, Decimal("4.5"), Decimal(1)),
        (YEAR - 1, 2, Decimal(2), None),
        (YEAR - 2, 1, Decimal(2), None),
    ]
    assert overview.mean(released=True) == (2, Decimal("4.5"))


def weak(number, weight, score, scale=FIVE):
    line = SimpleNamespace(number=number, weight=Decimal(weight), key=int(number), dimension="1", counts=True)
    return ScoredLine(line, None if score is None else Decimal(score), scale)


def scored(code, total, *lines, is_self=False, dimensions=()):
    board = Board(lines, Decimal(total), dimensions)
    return Row(OrgUnit(code=code, abbr_th=code), is_self, None, Tally(0, ()), board, {YEAR: Decimal(total)}, {})


def test_units_below_are_compared_the_worst_first_without_the_unit_itself():
    three = (weak("1", 10, "60", THREE),)
    rows = (
        scored("self", "1", is_self=True),
        scored("A", "4.2"),
        scored("B", "2.1"),
        Row(OrgUnit(code="C"), False, None, Tally(0, ()), Board(three, Decimal(60), ()), {}, {YEAR: "three"}),
    )
    overview = Overview(Place((OrgUnit(),), ()), YEAR, Tally(4, ()), rows, ())

    # 60 of 50–100 stands at a fifth, 2.1 of 1–5 a little above a quarter, 4.2 at four fifths.
    assert [each.unit.code for each in overview.compared] == ["C", "B", "A"]
    assert overview.own.unit.code == "self"
    alone = Overview(Place((OrgUnit(),), ()), YEAR, Tally(1, ()), rows[:1], ())
    assert ([each.unit.code for each in alone.compared], alone.own) == (["self"], None)


def test_lines_below_the_middle_level_are_told_the_worst_first():
    rows = (
        scored("A", "3", weak("1", 10, "2.9999"), weak("2", 10, "3"), weak("3", 10, None)),
        scored("B", "2", weak("4", 10, "1.5"), weak("5", 20, "1.5"), weak("6", 10, "74", THREE)),
    )
    overview = Overview(Place((OrgUnit(),), ()), YEAR, Tally(2, ()), rows, ())
    assert [(row.unit.code, each.line.number) for row, each in overview.weak_lines] == [
        ("B", "5"), ("B", "4"), ("B", "6"), ("A", "1"),
    ]  # fmt: skip


def test_the_mean_of_a_dimension_is_of_the_units_that_are_in_the_mean_of_the_totals():
    here = ("1", "ประสิทธิผล")
    rows = [scored(code, score, weak("1", 10, score), dimensions=(here,)) for code, score in (("A", "4"), ("B", "3"))]
    rows.append(scored("self", "1", weak("1", 10, "1"), is_self=True, dimensions=(here,)))
    overview = Overview(Place((OrgUnit(),), ()), YEAR, Tally(3, ()), tuple(rows), ())
    assert overview.dimension_means(released=True) == {here: Decimal("3.5")}
    assert overview.mean(released=True) == (2, Decimal("3.5"))


def test_reports_sent_are_counted_of_the_round_that_is_on(world, shown):
    sent, waiting = world.agreement(Stage.EVALUATION), world.agreement(Stage.ASSESSMENT, code="IMM-D2")
    final = world.year.reporting_rounds.get(is_final=True)
    both = [sent, waiting]

    assert sent_reports(both, final.opens_on - timedelta(days=1)) is None
    on = sent_reports(both, final.opens_on)
    assert (on.round, on.total, on.sent) == (final.name, 2, 1)
    assert sent_reports([], final.opens_on) is None


def test_how_scores_go_up_the_tree_is_said(world, visit, words):
    world.agreement(Stage.CLOSED)
    page = words(visit(world.people.superior, OVERVIEW, "IMM"))
    assert "คะแนนของหน่วยในสังกัดไม่นับรวม" in page
    assert "หน่วยในสังกัดโดยตรงนับหน่วยละหนึ่งเท่ากัน" in page


def test_scores_of_different_scales_make_no_mean_together_and_the_scale_is_said():
    three = {YEAR: "three", YEAR - 1: "five"}
    rows = (
        row("A", totals={YEAR: Decimal(90), YEAR - 1: Decimal(3)}, scales=three),
        row("B", totals={YEAR: Decimal(80), YEAR - 1: Decimal(4)}, scales=three),
        row("C", totals={YEAR: Decimal(5), YEAR - 1: Decimal(5)}),
    )
    overview = Overview(Place((OrgUnit(),), ()), YEAR, Tally(3, ()), rows, ())

    assert overview.scales == ["five", "three"]
    assert overview.mean(released=True) == (2, Decimal(85))
    assert (overview.scale(released=True), overview.strangers(released=True)) == ("three", 1)
    assert overview.change is None  # nobody stood on today's scale last year
    assert [(each.year, each.count, each.mean, each.scale, each.strangers) for each in overview.years] == [
        (YEAR, 2, Decimal(85), "three", 1),
        (YEAR - 1, 3, Decimal(4), "five", 0),
        (YEAR - 2, 0, None, "five", 0),
    ]
    page = _columns(overview)
    assert [(each.scale, each.height) for each in page] == [("", 0), ("1–5", 48), ("50–100", 51)]
    assert _bands(THREE)[0] == (1, 50, 60)
    assert _bands(FIVE)[-1] == (5, Decimal("4.2"), 5)


@pytest.mark.parametrize(
    ("score", "level"), [("0", 1), ("1", 1), ("1.7999", 1), ("1.8", 2), ("3.39", 3), ("3.4", 4), ("4.2", 5), ("5", 5)]
)
def test_a_scores_ground_is_one_of_five_even_steps(score, level):
    assert score_level(Decimal(score)) == level


def test_the_bar_of_stages_is_as_wide_as_their_shares(world, visit):
    world.agreement(Stage.INFORMAL)
    world.agreement(Stage.FORMAL, code="IMM-D2")

    page = visit(world.people.superior, OVERVIEW, "IMM").content.decode()

    assert 'class="fill-informal" x="0" y="0" width="500"' in page
    assert 'class="fill-formal" x="500" y="0" width="500"' in page


# Years


@pytest.mark.parametrize(
    ("opened", "wanted", "year"),
    [([2570, 2569], 2569, 2569), ([2570, 2569], 2999, 2570), ([2568], None, 2568), ([2571, 2570], None, 2570), ([], None, None)],
)  # fmt: skip
def test_todays_year_is_shown_unless_another_is_asked_for(opened, wanted, year):
    assert shown_year(opened, wanted, date(2026, 11, 22)) == year


def test_a_year_can_be_asked_for_in_either_digits(world, shown):
    fiscal_year(YEAR - 1, by=THE_SYSTEM, at=world.at())

    assert shown(world.people.superior, "IMM", year="๒๕๖๙").year == YEAR - 1
    assert shown(world.people.superior, "IMM", year="2570 OR 1=1").year == YEAR


# Cost


@pytest.mark.parametrize("count", [1, 3, 60])
def test_one_unit_or_sixty_cost_the_same(world, client, django_assert_num_queries, count):
    _closed_divisions(world, count)
    world.agreement(Stage.EVALUATION, code="IMM-D2")
    client.force_login(world.people.negotiator)

    with django_assert_num_queries(QUERIES):
        page = client.get(reverse(OVERVIEW, args=["IMM"]))

    overview = page.context["overview"]
    assert overview.tally.total == count + 2
    assert len(overview.scored) == count + 2


def _closed_divisions(world, count):
    """The agreement of บก.ตม.1, closed, and as many like it, of further divisions."""
    closed = world.agreement(Stage.CLOSED)
    snapshots = list(closed.snapshots.all())
    parent = OrgUnit.objects.get(code="IMM")
    with tree_lock():
        units = [
            OrgUnit(
                code=f"IMM-X{number}", parent=parent, tier=3, kind="division", signs_agreement=True,
                name_th=f"กองบังคับการ {number}", abbr_th=f"บก.{number}",
            )
            for number in range(count)
        ]  # fmt: skip
        plant(units)
    for unit in OrgUnit.objects.filter(code__startswith="IMM-X"):
        plan = ActionPlan.objects.create(unit=unit, fiscal_year=closed.fiscal_year)
        like = Agreement.objects.get(pk=closed.pk)
        like.pk, like.code, like.unit, like.plan = None, f"2570-{unit.code}", unit, plan
        like.save()
        Snapshot.objects.bulk_create(
            Snapshot(
                agreement=like, sequence=each.sequence, purpose=each.purpose, content=each.content,
                sha256=each.sha256, taken_at=each.taken_at, taken_by=each.taken_by,
            )
            for each in snapshots
        )  # fmt: skip


def _due(world, key, days):
    Deadline.objects.filter(fiscal_year=world.year, key=key).update(
        moved_from=None, due=timezone.localdate() + timedelta(days=days)
    )
