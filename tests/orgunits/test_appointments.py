"""Who holds a post on a day: one person as their own, others acting or by delegation, each with an order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from acts.engine import Refused
from acts.log import THE_SYSTEM
from acts.models import Entry
from orgunits.appoint import appoint, end_appointment, rename_post
from orgunits.authority import appointment_for, head_post, holder_of
from orgunits.models import Appointment, Post

OCTOBER_2026 = date(2026, 10, 1)
OCTOBER_2027 = date(2027, 10, 1)
ORDER = {"order_number": "ตร. 512/2569", "order_date": date(2026, 9, 15)}


@pytest.fixture
def post(small_tree):
    return Post.objects.create(unit=small_tree["A1"], kind="head", title_th="ผู้บังคับการ ก", abbr_th="ผบก.ก")


@pytest.fixture
def veera(make_person):
    return make_person("veera", rank="พล.ต.ต.", first_name="วีระ", last_name="กล้าหาญ")


@pytest.fixture
def prasit(make_person):
    return make_person("prasit", rank="พ.ต.อ.", first_name="ประสิทธิ์", last_name="ใจมั่น")


def test_a_holder_is_found_by_the_day(post, veera, prasit, at):
    appoint(post, veera, since=OCTOBER_2026, until=OCTOBER_2027, by=THE_SYSTEM, at=at)
    appoint(post, prasit, since=OCTOBER_2027, by=THE_SYSTEM, at=at)
    days = (date(2026, 9, 30), OCTOBER_2026, date(2027, 9, 30), OCTOBER_2027)
    held = [holder_of(post, day) for day in days]
    assert [appointment and appointment.user for appointment in held] == [None, veera, veera, prasit]


@pytest.mark.parametrize(
    ("since", "until"),
    [(OCTOBER_2026, None), (date(2027, 9, 30), None), (date(2020, 1, 1), date(2026, 10, 2)), (date(2020, 1, 1), None)],
)
def test_two_people_never_hold_a_post_as_their_own_on_one_day(post, veera, prasit, at, since, until):
    appoint(post, veera, since=OCTOBER_2026, until=OCTOBER_2027, by=THE_SYSTEM, at=at)
    with pytest.raises(Refused, match="พล.ต.ต. วีระ กล้าหาญ") as refused:
        appoint(post, prasit, since=since, until=until, by=THE_SYSTEM, at=at)
    assert len(refused.value.refusals) == 1
    assert Appointment.objects.count() == 1


def test_ending_an_appointment_makes_room_for_the_next(post, veera, prasit, at):
    first = appoint(post, veera, since=OCTOBER_2026, by=THE_SYSTEM, at=at)
    with pytest.raises(Refused):
        appoint(post, prasit, since=OCTOBER_2027, by=THE_SYSTEM, at=at)
    end_appointment(first, until=OCTOBER_2027, by=THE_SYSTEM, at=at)
    appoint(post, prasit, since=OCTOBER_2027, by=THE_SYSTEM, at=at)
    assert holder_of(post, date(2027, 9, 30)).user == veera
    assert [entry.act for entry in Entry.objects.about(first)] == ["orgunits.end_appointment", "orgunits.appoint"]


def test_prolonging_an_appointment_into_the_next_one_is_refused(post, veera, prasit, at):
    first = appoint(post, veera, since=OCTOBER_2026, until=OCTOBER_2027, by=THE_SYSTEM, at=at)
    appoint(post, prasit, since=OCTOBER_2027, by=THE_SYSTEM, at=at)
    with pytest.raises(Refused, match="ประสิทธิ์"):
        end_appointment(first, until=date(2027, 10, 2), by=THE_SYSTEM, at=at)


def test_acting_beside_a_holder_needs_an_order(post, veera, prasit, at):
    appoint(post, veera, since=OCTOBER_2026, by=THE_SYSTEM, at=at)
    acting = {"capacity": "acting", "since": date(2026, 11, 1), "until": date(2026, 11, 15), "by": THE_SYSTEM, "at": at}
    with pytest.raises(Refused, match="ระบุเลขที่คำสั่ง"):
        appoint(post, prasit, **acting)
    appoint(post, prasit, **acting, **ORDER)
    assert holder_of(post, date(2026, 11, 5)).user == veera
    assert appointment_for(prasit, post, date(2026, 11, 5)).capacity == "acting"


def test_a_persons_capacity_is_told_by_the_day_their_own_first(post, veera, prasit, at):
    appoint(post, veera, since=date(2026, 9, 1), until=date(2026, 12, 1), by=THE_SYSTEM, at=at)
    appoint(post, prasit, capacity="delegated", since=OCTOBER_2026, delegated_by=veera, **ORDER, by=THE_SYSTEM, at=at)
    appoint(post, prasit, capacity="acting", since=date(2026, 11, 1), **ORDER, by=THE_SYSTEM, at=at)
    appoint(post, prasit, since=date(2026, 12, 1), by=THE_SYSTEM, at=at)
    days = (date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 1), date(2026, 12, 1))
    held = [appointment_for(prasit, post, day) for day in days]
    assert [appointment and appointment.capacity for appointment in held] == [None, "delegated", "acting", "own"]
    assert appointment_for(veera, post, date(2026, 12, 1)) is None


def test_who_can_no_longer_sign_in_has_no_authority_and_gets_none(post, veera, at):
    appoint(post, veera, since=OCTOBER_2026, by=THE_SYSTEM, at=at)
    veera.is_active = False
    veera.save()
    assert appointment_for(veera, post, OCTOBER_2026) is None
    with pytest.raises(Refused, match="ไม่สามารถเข้าใช้ระบบ"):
        appoint(post, veera, since=date(2020, 1, 1), until=date(2021, 1, 1), by=THE_SYSTEM, at=at)


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": date(2026, 1, 2), "until": date(2026, 1, 1)},
        {"since": date(2026, 1, 1), "capacity": "acting", "order_number": "", "order_date": date(2026, 1, 1)},
        {"since": date(2026, 1, 1), "capacity": "delegated", "order_number": "1/2569"},
    ],
)
def test_the_database_refuses_what_makes_no_sense(post, veera, wrong):
    with pytest.raises(IntegrityError):
        Appointment.objects.create(post=post, user=veera, **wrong)


def test_the_database_refuses_a_second_head_and_a_second_open_holder(post, veera, prasit):
    Appointment.objects.create(post=post, user=veera, since=OCTOBER_2026)
    with pytest.raises(IntegrityError):
        Appointment.objects.create(post=post, user=prasit, since=OCTOBER_2027)


def test_the_database_refuses_a_second_heads_post(post):
    with pytest.raises(IntegrityError):
        Post.objects.create(unit=post.unit, kind="head", title_th="ผู้บังคับการ ข")


def test_a_title_can_be_edited_on_record(post, at):
    rename_post(post, title_th="ผู้บังคับการ ก (ใหม่)", abbr_th="ผบก.ก", by=THE_SYSTEM, at=at)
    assert head_post(post.unit).title_th == "ผู้บังคับการ ก (ใหม่)"
    assert Entry.objects.about(post).get().changes == {"title_th": ["ผู้บังคับการ ก", "ผู้บังคับการ ก (ใหม่)"]}
    with pytest.raises(Refused):
        rename_post(post, title_th="", by=THE_SYSTEM, at=at)


@pytest.mark.django_db(transaction=True)
def test_of_eight_people_appointed_at_once_one_gets_the_post(post, make_person, at):
    people = [make_person(f"person{number}") for number in range(8)]
    barrier = Barrier(len(people))

    def race(person):
        try:
            barrier.wait(timeout=30)
            # With an end, so that only the check under the lock stands between them, not the unique constraint.
            appoint(post, person, since=OCTOBER_2026, until=OCTOBER_2027, by=THE_SYSTEM, at=at)
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(race, people))
    assert answers.count(None) == 1
    assert Appointment.objects.count() == 1
