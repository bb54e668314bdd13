"""The tree of units: what is open at first, what is fetched, what is found; and what a unit's page tells to whom."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from agreements.models import Agreement
from agreements.stages import Pen, Stage
from desk.units import AT_ONCE
from orgunits.grants import grant
from orgunits.models import Appointment, Belonging, OrgUnit, Post, UnitUserGrant
from orgunits.roles import Role
from orgunits.tree import plant
from tests.world import YEAR

TREE, BELOW, SEARCH, UNIT = 8, 8, 7, 15
D1 = f"{YEAR}-IMM-D1"


def shown(page):
    """The codes of the units in the tree, in order."""
    return re.findall(r'id="unit-([^"]+)"', page.content.decode())


@pytest.fixture
def fetch(client):
    """fetch(user, code, **query) → what htmx gets of the units below one."""

    def get(user, code, **query):
        client.force_login(user)
        return client.get(reverse("desk:units_below", args=[code]), query, headers={"HX-Request": "true"})

    return get


@pytest.fixture
def many(world):
    """A thousand more divisions of สตม."""
    new = [OrgUnit(code=f"X{n:04}", parent=world.units.imm, tier=3, kind="division", name_th=f"กองทดสอบ {n}",
                   abbr_th="กท.") for n in range(1, 1001)]  # fmt: skip
    return plant(new)


# The tree


def test_the_tree_is_open_on_the_way_to_ones_own_units_and_nowhere_else(world, visit, words):
    page = visit(world.people.staff, "desk:units")
    assert {"RTP", "CIB", "IMM", "IMM-D1", "IMM-D3"} <= set(shown(page))
    assert not {"CIB-CSD", "OCG-SEC", "IMM-D3-NONTHABURI"} & set(shown(page))
    assert words(page).count("หน่วยของท่าน") == 2  # once in the sentence on top
    assert "ไปที่ บก.ตม.1" in words(page)


def test_who_belongs_to_a_unit_without_any_right_finds_it_open(world, visit):
    Belonging.objects.create(user=world.people.nobody, unit=world.unit("IMM-D3-NONTHABURI"))
    assert "IMM-D3-NONTHABURI" in shown(visit(world.people.nobody, "desk:units"))


def test_what_is_below_a_closed_unit_is_fetched_closed(world, fetch):
    page = fetch(world.people.staff, "RTP")
    assert shown(page) == ["OCG", "CIB", "IMM"]
    assert "<html" not in page.content.decode()
    assert "IMM-D1" not in page.content.decode()


def test_without_script_a_link_opens_a_unit_in_the_page(world, visit, client):
    closed = visit(world.people.staff, "desk:units").content.decode()
    (link,) = re.findall(r'href="([^"]*\?at=CIB)#unit-CIB"', closed)
    assert "CIB-CSD" in shown(client.get(link))
    asked_as_a_page = client.get(reverse("desk:units_below", args=["CIB"]))
    assert asked_as_a_page["Location"].startswith(link)


def test_a_thousand_units_come_a_hundred_at_a_time(world, many, fetch, visit):
    first = visit(world.people.planner, "desk:units", at="IMM")
    assert len([code for code in shown(first) if code.startswith("X")]) == AT_ONCE - 3
    assert "page=2" in first.content.decode()
    second, last = (fetch(world.people.planner, "IMM", page=n) for n in (2, 11))
    assert (len(shown(second)), shown(second)[0], shown(last)) == (AT_ONCE, "X0098", ["X0998", "X0999", "X1000"])
    assert "page=3" in second.content.decode()
    assert "page=" not in last.content.decode()
    assert second.content.decode().count("autofocus") == 1
    so_far = visit(world.people.planner, "desk:units", at="IMM", page=2)
    assert len([code for code in shown(so_far) if code.startswith("X")]) == 2 * AT_ONCE - 3


def test_ones_own_unit_is_there_however_late_it_comes_and_only_once(world, many, fetch, visit):
    own = many[499]
    Belonging.objects.create(user=world.people.nobody, unit=own)
    page = visit(world.people.nobody, "desk:units")
    assert shown(page).count(own.code) == 1
    (more,) = re.findall(r'hx-get="([^"]*page=2[^"]*)"', page.content.decode())
    assert f"but={own.code}" in more
    fetched = shown(fetch(world.people.nobody, "IMM", page=6, but=own.code))
    assert len(fetched) == AT_ONCE - 1
    assert own.code not in fetched


def test_external_bodies_stand_apart_and_closed_units_are_gone(world, visit):
    OrgUnit.objects.filter(code="CIB").update(closed_on=date(2026, 1, 1))
    OrgUnit.objects.filter(code="IMM-D2").update(opened_on=date(2090, 1, 1))
    page = visit(world.people.staff, "desk:units")
    assert not {"CIB", "IMM-D2"} & set(shown(page))
    inside, outside = page.content.decode().split('id="outside"')
    assert 'id="unit-PMO"' not in inside
    assert 'id="unit-PMO"' in outside


@pytest.mark.parametrize(
    "query",
    [{"at": "ไม่มี"}, {"at": "a\0b"}, {"at": "x" * 400}, {"at": "IMM", "page": "๒๒"}, {"page": "-1"}, {"page": "9" * 40}],
)
def test_what_cannot_be_understood_shows_the_tree_all_the_same(world, visit, query):
    page = visit(world.people.staff, "desk:units", **query)
    assert page.status_code == 200
    assert "IMM-D1" in shown(page)


# Search


@pytest.fixture
def found(visit):
    """found(user, q) → the codes of the units found."""

    def hits(user, q):
        return [hit.unit.code for hit in visit(user, "desk:units", q=q).context["found"].rows]

    return hits


@pytest.mark.parametrize(
    "q",
    [
        "บก.ตม.2",
        "บกตม2",
        "บก. ตม. ๒",
        "ตรวจคนเข้าเมือง ๒",
        "ตรวจคนเข้าเมือง2",
        "imm-d2",
        "IMMIGRATION division 2",
        " บก.ตม.2 ",
    ],
)
def test_a_unit_is_found_by_name_abbreviation_code_and_english_name(world, found, q):
    assert found(world.people.stranger, q) == ["IMM-D2"]


def test_a_unit_called_just_so_comes_first(world, found):
    OrgUnit.objects.filter(code="IMM-D3-NONTHABURI").update(abbr_th="ตม.")
    assert found(world.people.stranger, "ตม.")[0] == "IMM-D3-NONTHABURI"


@pytest.mark.parametrize("abbreviation", ["บก.อก.", "ศฝร."])
def test_units_of_one_abbreviation_are_told_apart_by_their_paths(world, visit, words, abbreviation):
    OrgUnit.objects.filter(code__in=["CIB-CSD", "IMM-D1"]).update(abbr_th=abbreviation)
    told = words(visit(world.people.stranger, "desk:units", q=abbreviation))
    assert re.search(rf"ตร\. › บช\.ก\. › {re.escape(abbreviation)}", told)
    assert re.search(rf"ตร\. › สตม\. › {re.escape(abbreviation)}", told)


def test_what_is_not_found_is_said_and_stays_in_its_field(world, visit, words):
    page = visit(world.people.staff, "desk:units", q="กองที่ไม่มี <b>")
    assert "ไม่พบหน่วยงานจาก “กองที่ไม่มี <b>”" in words(page)
    assert 'value="กองที่ไม่มี &lt;b&gt;"' in page.content.decode()


def test_many_units_found_are_leafed_through(world, many, visit):
    page = visit(world.people.staff, "desk:units", q="กท.", page=40)
    assert (page.context["found"].count, len(page.context["found"].rows)) == (1000, 25)
    assert "q=%E0%B8%81%E0%B8%97.&amp;page=39" in page.content.decode()


# What it costs


def cost(client, user, path, **headers):
    client.force_login(user)
    client.get(reverse("desk:verify"))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path, headers=headers).status_code == 200
    return len(asked)


@pytest.mark.parametrize("lots", [False, True])
def test_what_the_pages_cost_however_many_units_people_and_years_there_are(world, client, request, lots):
    world.agreement(Stage.CLOSED)
    if lots:
        units = request.getfixturevalue("many")
        users = User.objects.bulk_create(User(username=f"u{n}", password="!") for n in range(100))
        Belonging.objects.bulk_create(Belonging(user=user, unit=world.units.imm_d1) for user in users)
        for user in users[:5]:
            grant(user, Role.STAFF, world.units.imm_d1, by=world.people.administrator, at=world.at())
        OrgUnit.objects.filter(pk__in=[unit.pk for unit in units]).update(parent=world.units.imm_d1)
    costs = [
        cost(client, world.people.planner, reverse("desk:units")),
        cost(client, world.people.planner, reverse("desk:units") + "?at=IMM-D1"),
        cost(client, world.people.planner, reverse("desk:units_below", args=["IMM"]), HX_Request="true"),
        cost(client, world.people.planner, reverse("desk:units") + "?q=กอง"),
        cost(client, world.people.auditor, reverse("desk:unit", args=["IMM-D1"])),
    ]
    assert costs == [TREE, TREE, BELOW, SEARCH, UNIT]
    assert max(costs) <= 15


# The page of a unit


def _unit(visit, words, user, code="IMM-D1"):
    return words(visit(user, "desk:unit", code))


def test_everybody_sees_who_leads_a_unit_since_when_and_by_which_order(world, visit, words):
    Appointment.objects.filter(post__unit=world.units.imm_d1).update(
        order_number="123/2565", order_date=date(2022, 9, 30)
    )
    told = _unit(visit, words, world.people.nobody)
    assert "ผู้บังคับการตรวจคนเข้าเมือง 1 พล.ต.ต. วีระ กล้าหาญ ตั้งแต่ 1 ต.ค. 2565 · คำสั่งที่ 123/2565 ลงวันที่ 30 ก.ย. 2565" in told
    assert "ตำแหน่งว่าง" not in told


def test_a_vacant_post_and_who_acts_for_it_are_said_plainly(world, visit, words):
    post = Post.objects.get(unit=world.units.imm_d1, kind=Post.Kind.HEAD)
    Appointment.objects.filter(post=post).update(until=date(2026, 10, 1))
    told = _unit(visit, words, world.people.stranger)
    assert "ตำแหน่งว่าง ไม่มีผู้ดำรงตำแหน่ง และไม่มีผู้รักษาราชการแทนหรือปฏิบัติราชการแทน" in told
    acting = {"capacity": "acting", "order_number": "7/2569", "order_date": date(2026, 9, 30)}
    Appointment.objects.create(post=post, user=world.people.office, since=date(2026, 10, 1), **acting)
    Appointment.objects.create(post=post, user=world.people.neighbour, since=date(2090, 10, 1), **acting)
    told = _unit(visit, words, world.people.stranger)
    assert "ตำแหน่งว่าง ไม่มีผู้ดำรงตำแหน่งนี้เอง พ.ต.อ. ประสิทธิ์ ใจมั่น" in told
    assert "คำสั่งที่ 7/2569" in told
    assert "นภัทร" not in told


def test_a_closed_account_leads_no_unit(world, visit, words):
    User.objects.filter(pk=world.people.head.pk).update(is_active=False)
    assert "วีระ กล้าหาญ" not in _unit(visit, words, world.people.stranger)


@pytest.mark.parametrize(
    ("who", "stage", "knows", "opens"),
    [
        ("staff", Stage.DRAFT, True, True),
        ("negotiator", Stage.DRAFT, True, False),
        ("headquarters_negotiator", Stage.DRAFT, False, False),
        ("headquarters_negotiator", Stage.INFORMAL, True, True),
        ("neighbour", Stage.CLOSED, False, False),
        ("stranger", Stage.CLOSED, False, False),
        ("administrator", Stage.CLOSED, False, False),
        ("auditor", Stage.DRAFT, True, True),
    ],
)
def test_agreements_are_listed_as_far_as_the_reader_may_know_of_them(world, visit, who, stage, knows, opens):
    world.agreement(stage)
    page = visit(world.people.get(who), "desk:unit", "IMM-D1")
    assert [row.agreement.code for row in page.context["years"]] == ([D1] if knows else [])
    assert (f'href="/agreements/{D1}/"' in page.content.decode()) is opens
    assert ("ร่าง" in page.content.decode()) is (knows and stage == Stage.DRAFT)


def test_the_score_is_shown_once_released_to_who_follows_the_agreement(world, visit):
    walk, _their_own = world.walk("IMM"), world.draft
    walk.to(Stage.EVALUATION, Pen.SUPERIOR)
    score_of = lambda who: visit(world.people.get(who), "desk:unit", "IMM").context["years"][0].score
    assert score_of("command_staff") is None
    walk.to(Stage.CLOSED, Pen.NOBODY)
    assert score_of("command_staff") == score_of("auditor") is not None
    # Their superior's own: they read it, signed as it is, and no more.
    assert Agreement.objects.readable_by(world.people.staff, world.at()).filter(unit=world.units.imm).exists()
    assert score_of("staff") is None


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("staff", True),
        ("office", True),
        ("head", True),
        ("planner", True),
        ("auditor", True),
        ("administrator", True),
        ("negotiator", False),
        ("superior", False),
        ("command_staff", False),
        ("neighbour", False),
        ("stranger", False),
        ("nobody", False),
    ],
)
def test_its_people_are_shown_to_themselves_and_to_who_looks_after_them(world, visit, words, who, may):
    page = visit(world.people.get(who), "desk:unit", "IMM-D1")
    assert ("กมลชนก" in words(page)) is may
    opened = f'href="{reverse("desk:person", args=[world.people.staff.pk])}"' in page.content.decode()
    assert opened is (who == "administrator")


def test_who_belongs_to_the_unit_sees_its_people_and_is_one_of_them(world, visit, words):
    Belonging.objects.create(user=world.people.nobody, unit=world.units.imm_d1)
    told = _unit(visit, words, world.people.nobody)
    assert "กมลชนก" in told
    assert "ว่าง ไร้สิทธิ์" in told


def test_roles_that_are_over_or_to_come_make_nobody_one_of_the_people(world, visit, words):
    today = date.today()
    grant(world.people.stranger, Role.STAFF, world.units.imm_d1, by=world.people.administrator, at=world.at())
    given = UnitUserGrant.objects.filter(user=world.people.stranger, content_object=world.units.imm_d1)
    assert "กานดา" in _unit(visit, words, world.people.auditor)
    given.update(since=today - timedelta(days=20), until=today - timedelta(days=10))
    assert "กานดา" not in _unit(visit, words, world.people.auditor)
    given.update(since=today + timedelta(days=10), until=None)
    assert "กานดา" not in _unit(visit, words, world.people.auditor)


def test_a_unit_says_where_it_stands_and_what_is_below(world, visit, words):
    told = _unit(visit, words, world.people.stranger, "IMM-D3")
    assert "หน่วยงาน ตร. สตม. บก.ตม.3" in told
    assert "ตม.จว.นนทบุรี" in told
    assert "สังกัด สง.ผบ.ตร. ตั้งแต่" in _unit(visit, words, world.people.stranger, "OCG-SEC")
    assert "หน่วยนี้ไม่มีตำแหน่ง" in _unit(visit, words, world.people.stranger, "OCG")


def test_a_closed_unit_says_so_and_a_code_of_none_leads_nowhere(world, visit, words):
    OrgUnit.objects.filter(code="IMM-D2").update(closed_on=date(2026, 1, 1))
    assert "หน่วยนี้ยุบเลิกเมื่อวันที่ 1 มกราคม 2569" in _unit(visit, words, world.people.stranger, "IMM-D2")
    assert visit(world.people.stranger, "desk:unit", "IMM-D99").status_code == 404
    assert visit(world.people.stranger, "desk:units_below", "IMM-D99").status_code == 404
