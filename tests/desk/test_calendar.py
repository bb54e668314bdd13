"""One's due dates for a calendar program: an address shown once, and what it opens to whoever has it."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from acts.models import Entry
from agreements.models import Agreement
from agreements.stages import Stage
from fiscal.models import Deadline
from workflow.models import CalendarLink

FEED_QUERIES = 5


@pytest.fixture(autouse=True)
def public_url(settings):
    settings.PUBLIC_URL = "https://agreements.example"


@pytest.fixture
def subscribe(send):
    """subscribe(person) → the path of a new address."""

    def post(person):
        shown = re.search(r'value="(https://[^"]*)"', send(person, "desk:renew_calendar").content.decode())
        return shown[1].removeprefix("https://agreements.example")

    return post


def read(client, path):
    client.logout()
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return answer.content.replace(b"\r\n ", b"").decode()


def test_the_feed_follows_the_due_dates_of_what_one_takes_part_in(world, client, subscribe):
    agreement = world.agreement(Stage.DRAFT)
    Deadline.objects.filter(key="submission").update(due=date(2026, 12, 11))
    staff, stranger = subscribe(world.people.staff), subscribe(world.people.stranger)
    text = read(client, staff)
    assert "DTSTART;VALUE=DATE:20261211" in text
    assert "SUMMARY:ถึงคิวท่าน: ร่าง บก.ตม.๑ ๒๕๗๐" in text
    assert f"URL:https://agreements.example/agreements/{agreement.code}/" in text
    assert "BEGIN:VALARM" in text
    assert "VEVENT" not in read(client, stranger)

    Deadline.objects.filter(key="submission").update(due=date(2026, 12, 14))
    assert "DTSTART;VALUE=DATE:20261214" in read(client, staff)


def test_who_only_knows_of_a_draft_gets_its_day_without_a_link(world, client, subscribe):
    world.agreement(Stage.DRAFT)
    text = read(client, subscribe(world.people.negotiator))
    assert "SUMMARY:ร่าง บก.ตม.๑ ๒๕๗๐" in text
    assert "URL:" not in text
    assert "VALARM" not in text


def test_the_address_is_shown_once_kept_as_its_hash_and_void_when_renewed_or_taken_back(world, client, send, subscribe):
    staff = world.people.staff
    first = subscribe(staff)
    secret = first.removeprefix("/calendar/").removesuffix(".ics")
    assert len(secret) >= 43
    assert secret not in CalendarLink.objects.get().secret_sha256
    assert secret not in "".join(Entry.objects.values_list("change", flat=True))
    second = subscribe(staff)
    assert client.get(first).status_code == 404
    read(client, second)

    assert send(staff, "desk:end_calendar").status_code == 302
    assert client.get(second).status_code == 404
    acts = list(Entry.objects.about(staff).order_by("sequence").values_list("act", flat=True))
    assert acts[-3:] == ["workflow.renew_calendar", "workflow.renew_calendar", "workflow.end_calendar"]


def test_a_closed_account_has_no_feed(world, client, subscribe):
    staff = world.people.staff
    path = subscribe(staff)
    staff.is_active = False
    staff.save()
    client.logout()
    assert client.get(path).status_code == 404


def test_the_feed_costs_the_same_for_one_and_for_many(world, client, subscribe):
    path = subscribe(world.people.negotiator)
    world.agreement(Stage.DRAFT)
    costs = [cost(client, path)]
    world.agreement(Stage.INFORMAL, code="IMM-D2")
    costs.append(cost(client, path))
    assert costs == [(FEED_QUERIES, 1), (FEED_QUERIES, 2)]
    assert Agreement.objects.count() >= 2


def cost(client, path):
    client.logout()
    with CaptureQueriesContext(connection) as queries:
        text = client.get(path).content
    return len(queries), text.count(b"BEGIN:VEVENT")
