"""Search by unit and indicator: what each person finds, how it is spelt, marked and leafed; what a count may not tell."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acts.log import THE_SYSTEM
from agreements.models import Line
from agreements.stages import Stage
from agreements.write import create_agreement
from desk.demo.years import fiscal_year
from desk.forms.search import SearchForm
from desk.search import ON_A_PAGE
from fiscal.models import Deadline

QUERIES = 13


@pytest.fixture
def found(visit):
    """found(user, q=…) → (codes of the units, names of the indicators) on the page."""

    def hits(user, **query):
        context = visit(user, "desk:search", **query).context
        return [hit.unit.code for hit in context["units"].rows], [hit.line.name for hit in context["lines"].rows]

    return hits


@pytest.fixture
def two(world):
    """A draft of บก.ตม.1, and the agreement of บก.ตม.2 in informal negotiation."""
    draft, submitted = world.agreement(Stage.DRAFT), world.agreement(Stage.INFORMAL, "negotiator", code="IMM-D2")
    Line.objects.filter(agreement=draft, source="mandatory").update(name="ร้อยละที่ยังเป็นร่าง 24 ชั่วโมง", definition="")
    Line.objects.filter(agreement=submitted, source="mandatory").update(
        name="ร้อยละของคำร้อง", definition="นับคำร้องที่แล้วเสร็จใน ๒๔ ชั่วโมง\nณ ที่ทำการ ตามแบบ ตม.7"
    )
    return draft, submitted


@pytest.mark.parametrize(
    "q", ["ตรวจคนเข้าเมือง 2", "เข้าเมือง ๒", "2 กองบังคับการ", "บก.ตม.๒", "imm-d2", "division IMMIGRATION 2", " บก.ตม.2 "]
)
def test_a_unit_is_found_by_its_names_in_either_digits_and_any_order(world, two, found, q):
    assert found(world.people.negotiator, q=q)[0] == ["IMM-D2"]


def test_all_words_must_be_found(world, two, found):
    assert found(world.people.negotiator, q="ตรวจคนเข้าเมือง")[0] == ["IMM-D1", "IMM-D2"]
    assert found(world.people.negotiator, q="ตรวจคนเข้าเมือง ปราบปราม") == ([], [])
    assert found(world.people.negotiator, q="คำร้อง แล้วเสร็จ")[1] == ["ร้อยละของคำร้อง"]


def test_an_indicator_is_found_by_name_or_definition(world, two, visit, words):
    page = visit(world.people.neighbour, "desk:search", q="24 ชั่วโมง แบบ")

    (hit,) = page.context["lines"].rows
    assert (hit.line.name, hit.agreement.unit.code) == ("ร้อยละของคำร้อง", "IMM-D2")
    assert [unit.short_name for unit in hit.path] == ["ตร.", "สตม.", "บก.ตม.2"]
    assert re.search(r"<mark>๒๔</mark> <mark>ชั่วโมง</mark> ณ ที่ทำการ ตาม<mark>แบบ</mark>", page.content.decode())
    assert "ตร. › สตม. › บก.ตม.2" in words(page)


def test_only_what_may_be_read_is_found_or_counted(world, two, found, visit, words):
    people = world.people
    drafted = ["ร้อยละที่ยังเป็นร่าง 24 ชั่วโมง"]

    assert found(people.staff, q="เป็นร่าง") == ([], drafted)
    for who in ("negotiator", "planner", "neighbour", "stranger", "administrator", "nobody"):
        page = visit(people.get(who), "desk:search", q="เป็นร่าง")
        assert "ไม่พบ “เป็นร่าง”" in words(page)
        assert (page.context["units"].count, page.context["lines"].count) == (0, 0)
    assert found(people.planner, q="ตรวจคนเข้าเมือง")[0] == ["IMM-D2"]
    assert found(people.stranger, q="ตรวจคนเข้าเมือง") == ([], [])


def test_a_draft_that_is_known_to_be_there_is_named_and_not_linked(world, two, visit):
    page = visit(world.people.negotiator, "desk:search", q="บก.ตม.1").content.decode()

    assert "บก.<mark>" not in page  # the whole abbreviation is marked
    assert reverse("desk:agreement", args=["2570-IMM-D1"]) not in page
    assert "ร่าง" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, "ท่านต้องการค้นหาอะไร"),
        ({"q": ""}, "ท่านต้องการค้นหาอะไร"),
        ({"q": " ก "}, "โปรดพิมพ์อย่างน้อยสองตัวอักษร"),
        ({"q": "ไม่มีทางพบ"}, "ไม่พบ “ไม่มีทางพบ”"),
        ({"q": "%"}, "โปรดพิมพ์อย่างน้อยสองตัวอักษร"),
        ({"q": "__"}, "ไม่พบ “__”"),
        ({"q": "<script>alert(1)</script>"}, "ไม่พบ “<script>alert(1)</script>”"),
        ({"q": "x" * 500}, "ข้อความยาวเกินไป"),
    ],
)
def test_what_cannot_be_found_is_said(world, two, visit, words, query, sentence):
    page = visit(world.people.auditor, "desk:search", **query)

    assert page.status_code == 200
    assert sentence in words(page)
    assert "<script>alert" not in page.content.decode()


def test_letters_are_taken_as_composed(world, two, found):
    # A decomposed é; Thai marks keep their order, and สระอำ is never taken apart.
    assert SearchForm({"q": "cafe\u0301"})["q"].value() == "cafe\u0301"
    form = SearchForm({"q": "cafe\u0301 น้ำ"})
    assert form.is_valid()
    assert form.cleaned_data["q"] == "caf\u00e9 น้ำ"


def test_the_box_on_top_leads_here_and_keeps_what_was_typed(world, two, visit):
    top = visit(world.people.staff, "desk:search", q="ความพึงพอใจ").content.decode().partition("<main")[0]

    assert f'action="{reverse("desk:search")}"' in top
    assert 'value="ความพึงพอใจ"' in top
    assert 'value="ความพึงพอใจ"' not in visit(world.people.staff, "desk:agreements", q="ความพึงพอใจ").content.decode().partition("<main")[0]  # fmt: skip


def test_many_are_leafed_through_one_kind_at_a_time(world, visit):
    agreement = world.agreement(Stage.DRAFT)
    first = agreement.lines.first()
    Line.objects.bulk_create(_alike(agreement, first.dimension, 30))

    both = visit(world.people.staff, "desk:search", q="เหมือนกัน").context["lines"]
    second = visit(world.people.staff, "desk:search", **{"q": "เหมือนกัน", "in": "indicators", "page": "2"})
    beyond = visit(world.people.staff, "desk:search", **{"q": "เหมือนกัน", "in": "indicators", "page": "99"})

    assert (both.count, len(both.rows)) == (30, 10)
    assert (second.context["lines"].count, len(second.context["lines"].rows)) == (30, 30 - ON_A_PAGE)
    assert "in=indicators&amp;page=1" in second.content.decode()
    assert (beyond.context["lines"].page_number, len(beyond.context["lines"].rows)) == (1, ON_A_PAGE)


@pytest.mark.parametrize("count", [1, 60])
def test_one_row_or_sixty_cost_the_same(world, client, django_assert_num_queries, count):
    for year in range(2571, 2572 if count == 1 else 2581):
        opened = fiscal_year(year, by=THE_SYSTEM, at=world.at())
        create_agreement(world.unit("IMM-D1"), opened, actor=world.people.staff, at=world.at())
    agreement = world.agreement(Stage.DRAFT)
    Line.objects.bulk_create(_alike(agreement, agreement.lines.first().dimension, count))
    client.force_login(world.people.staff)

    with django_assert_num_queries(QUERIES):
        page = client.get(reverse("desk:search"), {"q": "กอง"})

    assert page.context["lines"].count == count
    assert len(page.context["units"].rows[0].agreements) == (2 if count == 1 else 11)


def _alike(agreement, dimension, count):
    return [
        Line(agreement=agreement, dimension=dimension, position=100 + n, name=f"ตัวชี้วัดของกองที่เหมือนกัน {n}")
        for n in range(count)
    ]


def test_lateness_is_told_beside_the_stage(world, two, visit, words):
    Deadline.objects.update(due=timezone.localdate() + timedelta(days=9), moved_from=None)
    Deadline.objects.filter(key="informal").update(due=timezone.localdate() - timedelta(days=1))
    found = words(visit(world.people.negotiator, "desk:search", q="ตรวจคนเข้าเมือง"))
    assert found.count("เกินกำหนด") == 1
    assert "เจรจาอย่างไม่เป็นทางการ เกินกำหนด" in found
