"""Signing posts without anybody, told on งานของฉัน to who can see to it, in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agreements.models import AppointmentAgreement
from agreements.stages import Stage
from desk.vacancies import vacancies
from orgunits.authority import head_post
from orgunits.models import Appointment

QUERIES = 5
ORDER = {"capacity": "acting", "order_number": "สตม. 214/2569"}


def told(world, name):
    """[(post, last day held or None)] that a person is told of."""
    return [(each.post.abbr_th, each.last) for each in vacancies(world.people.get(name), world.at())]


def until(world, name, day):
    world.people.get(name).appointments.update(until=day)


def acts(world, code, name, **more):
    today = world.at().date()
    return Appointment.objects.create(
        post=head_post(world.unit(code)), user=world.people.get(name), since=today, order_date=today, **ORDER, **more
    )


@pytest.mark.parametrize("name", ["office", "planner", "administrator"])
def test_a_vacant_signing_post_is_told_from_the_formal_negotiation_on(world, name):
    today = world.at().date()
    walk = world.walk()
    assert told(world, name) == []
    walk.to(Stage.FORMAL)
    until(world, "head", today)
    assert told(world, name) == [("ผบก.ตม.1", None)]
    acts(world, "IMM-D1", "nobody")
    assert told(world, name) == []


def test_before_the_formal_negotiation_a_vacancy_is_no_trouble_yet(world):
    world.agreement(Stage.INFORMAL)
    until(world, "head", world.at().date())
    assert told(world, "planner") == []


def test_an_appointment_that_ends_soon_is_told_with_its_last_day(world):
    today = world.at().date()
    world.agreement(Stage.INFORMAL)
    until(world, "head", today + timedelta(days=30))
    assert told(world, "office") == [("ผบก.ตม.1", today + timedelta(days=29))]
    until(world, "head", today + timedelta(days=31))
    assert told(world, "office") == []


def test_a_successor_who_is_appointed_already_ends_the_warning(world):
    today = world.at().date()
    world.agreement(Stage.INFORMAL)
    until(world, "head", today + timedelta(days=5))
    acts(world, "IMM-D1", "nobody")
    Appointment.objects.filter(capacity="acting").update(since=today + timedelta(days=5))
    assert told(world, "planner") == []


def test_the_superiors_post_counts_and_other_people_are_told_nothing(world):
    world.agreement(Stage.FORMAL)
    until(world, "superior", world.at().date())
    assert told(world, "planner") == [("ผบช.สตม.", None)]
    assert [told(world, name) for name in ("staff", "negotiator", "head", "stranger", "neighbours_office")] == [[]] * 5


def test_a_limited_order_fills_a_post_only_for_what_it_covers(world):
    today = world.at().date()
    first, second = world.agreement(Stage.FORMAL), world.agreement(Stage.FORMAL, code="IMM-D2")
    until(world, "superior", today)
    limited = acts(world, "IMM", "nobody", scope="named")
    AppointmentAgreement.objects.create(appointment=limited, agreement=first)
    (vacancy,) = vacancies(world.people.planner, world.at())
    assert vacancy.agreements == (second,)


def test_the_page_shows_it_with_the_way_to_the_posts(world, visit, words):
    world.agreement(Stage.FORMAL)
    until(world, "head", timezone.localdate())
    page = visit(world.people.office, "desk:home")
    assert "ตำแหน่งผู้ลงนามที่ต้องแต่งตั้ง" in words(page)
    assert "/units/IMM-D1/posts/" in page.content.decode()


def test_it_costs_the_same_for_one_and_for_many(world, django_assert_num_queries):
    world.agreement(Stage.FORMAL)
    until(world, "superior", world.at().date())
    person = world.people.planner
    with django_assert_num_queries(QUERIES):
        assert len(vacancies(person, world.at())) == 1
    world.agreement(Stage.FORMAL, code="IMM-D2")
    for name in ("neighbours_head", "head"):
        until(world, name, world.at().date())
    person = world.people.planner
    with django_assert_num_queries(QUERIES):
        assert len(vacancies(person, world.at())) == 3
