"""Years compared unit by unit: final totals alone, the greatest fall first, different scales side by side, uncompared."""

import json
from decimal import Decimal

from django.urls import reverse

from agreements.models import Agreement, Snapshot
from agreements.stages import Stage
from desk.overview import Overview, Place, Tally
from desk.overview_years import HEIGHT, years_rows
from orgunits.models import OrgUnit
from tests.desk.test_overview import row
from tests.world import YEAR


def rows_of(*rows):
    return years_rows(Overview(Place((OrgUnit(),), ()), YEAR, Tally(len(rows), ()), rows, ()))


def of(*totals):
    """{year: total} of the years before last, before, and this one; None: no final score."""
    years = range(YEAR + 1 - len(totals), YEAR + 1)
    return {year: Decimal(total) for year, total in zip(years, totals, strict=True) if total}


def test_the_greatest_fall_comes_first_and_who_has_one_year_alone_last():
    found = rows_of(
        row("one", totals=of("4")),
        row("rose", totals=of("3", "3.5")),
        row("fell", totals=of("5", "4", "3.9")),
        row("fell most", totals=of("4", "3")),
        row("none", totals={}),
    )
    assert [(each.row.unit.code, each.by) for each in found] == [
        ("fell most", Decimal(-1)), ("fell", Decimal("-0.1")), ("rose", Decimal("0.5")), ("one", None),
    ]  # fmt: skip


def test_years_are_side_by_side_the_earliest_first_as_high_as_their_share_of_full_marks():
    found, _other = rows_of(row("A", totals=of("5", None, "2.5")), row("B", totals=of("3", None)))
    assert [(each.year, each.total, each.height) for each in found.years] == [
        (YEAR - 2, 5, HEIGHT), (YEAR - 1, None, 0), (YEAR, Decimal("2.5"), HEIGHT // 2),
    ]  # fmt: skip
    assert found.by is None  # the year between has none


def test_a_year_without_final_scores_isnt_told_and_one_year_alone_isnt_compared():
    (found,) = rows_of(row("A", totals=of("4", "3")))
    assert [each.year for each in found.years] == [YEAR - 1, YEAR]
    assert rows_of(row("A", totals=of("4"))) == []


def test_different_scales_are_not_compared_and_said():
    scales = {YEAR - 2: "five", YEAR - 1: "five", YEAR: "three"}
    (found,) = rows_of(row("A", totals=of("4", "3", "80"), scales=scales))
    assert (found.by, found.incomparable) == (None, True)
    assert [each.alien for each in found.years] == [True, True, False]

    three = dict.fromkeys(scales, "three")
    fallen = rows_of(row("B", totals=of("4", "3")), row("C", totals=of("90", "80"), scales=three))
    # 10 of 50–100 is a fifth of the scale, 1 of 1–5 a quarter.
    assert [each.row.unit.code for each in fallen] == ["B", "C"]


def _last_years(world, total="3.2500"):
    """Last year's agreement of บก.ตม.1, closed with this total."""
    closed = world.agreement(Stage.CLOSED)
    year = type(closed.fiscal_year).objects.get(pk=closed.fiscal_year_id)
    starts, ends = (
        year.starts_on.replace(year=year.starts_on.year - 1),
        year.ends_on.replace(year=year.ends_on.year - 1),
    )
    year.pk, year.year, year.starts_on, year.ends_on = None, YEAR - 1, starts, ends
    year.save()
    like = Agreement.objects.get(pk=closed.pk)
    plan = like.plan
    plan.pk, plan.fiscal_year = None, year
    plan.save()
    like.pk, like.code, like.fiscal_year, like.plan = None, f"{YEAR - 1}-IMM-D1", year, plan
    like.save()
    scores = closed.snapshots.get(purpose=Snapshot.Purpose.SCORES)
    content = json.loads(scores.content)
    content["total"]["score"] = total
    Snapshot.objects.create(
        agreement=like,
        sequence=1,
        purpose=scores.purpose,
        content=json.dumps(content),
        sha256="0" * 64,
        taken_at=scores.taken_at,
    )
    return closed


def _total(closed):
    return json.loads(closed.snapshots.get(purpose=Snapshot.Purpose.SCORES).content)["total"]["score"]


def test_the_page_has_both_years_each_with_the_way_to_its_working(world, visit, words):
    closed = _last_years(world)
    page = visit(world.people.superior, "desk:unit_overview", "IMM")

    (found,) = page.context["years_rows"]
    assert found["found"].by == Decimal(_total(closed)) - Decimal("3.25")
    assert "เทียบรายปีแต่ละหน่วย" in words(page)
    for year in (YEAR, YEAR - 1):
        assert f'href="{reverse("desk:evaluation", args=[f"{year}-IMM-D1"])}"' in page.content.decode()


def test_what_isnt_released_is_in_no_year(world, visit, words):
    world.agreement(Stage.EVALUATION)
    page = visit(world.people.superior, "desk:unit_overview", "IMM")
    assert page.context["overview"].scored
    assert page.context["years_rows"] == []
    assert "เทียบรายปีแต่ละหน่วย" not in words(page)
