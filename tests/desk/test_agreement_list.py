"""The list of agreements: what each person finds there, by which filters."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acts.log import THE_SYSTEM
from agreements.models import Line
from agreements.stages import Stage
from agreements.write import create_agreement
from desk.demo.years import fiscal_year
from fiscal.models import Deadline, DeadlineKey
from results.models import ReportingRound

BOTH = ["2570-IMM-D1", "2570-IMM-D2"]


@pytest.fixture
def listed(visit):
    """listed(user, q=…) → the codes on the page, in order."""

    def codes(user, **query):
        return [task.agreement.code for task in visit(user, "desk:agreements", **query).context["tasks"]]

    return codes


@pytest.fixture
def two(world):
    """A draft, and one in informal negotiation."""
    return world.agreement(Stage.DRAFT), world.agreement(Stage.INFORMAL, "negotiator", code="IMM-D2")


def test_everybody_finds_what_they_may_know_of(world, two, listed):
    assert listed(world.people.staff) == ["2570-IMM-D1"]
    assert listed(world.people.neighbour) == ["2570-IMM-D2"]
    assert listed(world.people.negotiator) == listed(world.people.superior) == listed(world.people.auditor) == BOTH
    assert listed(world.people.planner) == ["2570-IMM-D2"]
    assert listed(world.people.stranger) == listed(world.people.administrator) == listed(world.people.nobody) == []


def test_the_other_sides_draft_is_shown_as_existing_only(world, two, visit, words):
    page = visit(world.people.negotiator, "desk:agreements")

    assert "กำลังจัดทำร่าง อ่านได้เมื่อหน่วยส่งแล้ว" in words(page)
    assert f'href="{reverse("desk:agreement", args=["2570-IMM-D1"])}"' not in page.content.decode()
    assert f'href="{reverse("desk:agreement", args=["2570-IMM-D2"])}"' in page.content.decode()


@pytest.mark.parametrize("q", ["ตรวจคนเข้าเมือง 2", "ตรวจคนเข้าเมือง ๒", "บก.ตม.๒", "imm-d2", " บก.ตม.2 "])
def test_a_unit_is_found_by_name_abbreviation_or_code_in_either_digits(world, two, listed, q):
    assert listed(world.people.negotiator, q=q) == ["2570-IMM-D2"]


def test_an_indicator_is_found_only_where_its_text_may_be_read(world, two, listed):
    Line.objects.filter(agreement=two[0]).update(name="ตัวชี้วัดที่ยังเป็นร่าง 24 ชั่วโมง")

    assert listed(world.people.staff, q="๒๔ ชั่วโมง") == ["2570-IMM-D1"]
    assert listed(world.people.negotiator, q="๒๔ ชั่วโมง") == []


def test_by_year_stage_and_turn(world, two, listed):
    negotiator = world.people.negotiator

    assert listed(negotiator, year="2570") == BOTH
    assert listed(negotiator, stage="draft") == ["2570-IMM-D1"]
    assert listed(negotiator, stage="closed") == []
    assert listed(negotiator, turn="mine") == ["2570-IMM-D2"]
    assert listed(negotiator, turn="theirs") == ["2570-IMM-D1"]


def test_by_unit_with_all_below_it(world, two, listed):
    assert listed(world.people.superior, unit="IMM") == BOTH
    assert listed(world.people.superior, unit="IMM-D1") == ["2570-IMM-D1"]


def test_by_lateness_of_the_step_each_is_at(world, listed):
    world.agreement(Stage.DRAFT)
    world.agreement(Stage.ASSESSMENT, "staff", code="IMM-D2")
    today = timezone.localdate()
    Deadline.objects.filter(key=DeadlineKey.SUBMISSION).update(moved_from=None, due=today)
    ReportingRound.objects.update(opens_on=today - timedelta(days=9), due_on=today - timedelta(days=1), moved_from=None)

    assert listed(world.people.auditor, late="late") == ["2570-IMM-D2"]

    Deadline.objects.filter(key=DeadlineKey.SUBMISSION).update(moved_from=None, due=today - timedelta(days=1))
    assert listed(world.people.auditor, late="late") == BOTH


@pytest.mark.parametrize("query", [{"year": "2570 OR 1=1"}, {"stage": "draft'"}, {"page": "999"}, {"q": "x" * 100_000}])
def test_a_filter_that_cannot_be_understood_is_left_out(world, two, visit, query):
    page = visit(world.people.negotiator, "desk:agreements", **query)

    assert page.status_code == 200
    assert len(page.context["tasks"]) == 2


def test_no_match_says_so_and_offers_the_way_back(world, two, visit, words):
    assert "ไม่มีคำรับรองที่ตรงกับเงื่อนไข" in words(visit(world.people.negotiator, "desk:agreements", q="ไม่มีทาง"))


def test_a_page_holds_25_and_keeps_the_filters(world, visit):
    _drafts(world, 26)

    first = visit(world.people.staff, "desk:agreements", stage="draft")
    second = visit(world.people.staff, "desk:agreements", stage="draft", page="2")

    assert (len(first.context["tasks"]), len(second.context["tasks"])) == (25, 1)
    assert "?stage=draft&amp;page=2" in first.content.decode()


def test_of_very_many_the_first_are_leafed_through_and_the_page_says_that_there_are_more(
    world, visit, words, monkeypatch
):
    monkeypatch.setattr("desk.listing.SHOWN_AT_MOST", 26)
    _drafts(world, 26)
    assert "26 ฉบับ" in words(visit(world.people.auditor, "desk:agreements"))

    world.agreement(Stage.INFORMAL, code="IMM-D2")
    for person in (world.people.auditor, world.people.negotiator):
        page = visit(person, "desk:agreements", page="2")
        assert "มีมากกว่า 26 ฉบับ เปิดดูได้ 26 ฉบับแรก" in words(page)
        assert [task.agreement.code for task in page.context["tasks"]] == ["2571-IMM-D1"]
        assert "2570-IMM-D2" in visit(person, "desk:agreements", year="2570").content.decode()


def _drafts(world, count):
    for year in range(2571, 2571 + count):
        opened = fiscal_year(year, by=THE_SYSTEM, at=world.at())
        create_agreement(world.unit("IMM-D1"), opened, actor=world.people.staff, at=world.at())


def test_years_to_choose_from_are_written_with_the_digits_of_the_page(world, two, visit):
    assert ">๒๕๗๐</option>" in visit(world.people.staff, "desk:agreements").content.decode()
