"""The demonstration: the scene that `manage.py demo` makes, and that it can be made again without harm."""

from io import StringIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from acts.log import first_fault
from acts.models import Entry
from agreements.models import Agreement
from agreements.rules import missing
from desk.demo.people import EVERYBODY, PASSWORD, PRINCIPALS
from desk.demo.scene import LAST_YEAR, THIS_YEAR
from fiscal.years import year_of
from workflow.rules import open_offers

SCENE = {
    # this fiscal year: unit → stage, pen
    0: {
        "IMM": ("draft", "staff"),
        "IMM-D1": ("informal", "staff"),
        "IMM-D2": ("draft", "staff"),
        "IMM-D3": ("draft", "staff"),
        "IMM-D4": ("draft", "office"),
        "IMM-D5": ("informal", "negotiator"),
        "IMM-D6": ("formal", "negotiator"),
        "IMM-GS": ("signing", "head"),
        "IMM-INV": ("signing", "superior"),
        "IMM-TEC": ("signing", "superior"),
        "IMM-TRN": ("assessment", "staff"),
    },
    # the year before
    -1: {
        "IMM": ("assessment", "staff"),
        "IMM-D1": ("evaluation", "evaluator"),
        "IMM-D2": ("closed", "nobody"),
        "IMM-D3": ("evaluation", "superior"),
        "IMM-D5": ("assessment", "head"),
        "IMM-INV": ("closed", "nobody"),
    },
}


@pytest.fixture
def scene(db):
    call_command("demo")


def standing_in(year):
    found = Agreement.objects.in_year(year)
    return {agreement.unit.code: (agreement.stage, agreement.pen) for agreement in found}


def test_the_scene_stands_and_a_second_time_changes_nothing(scene):
    this_year = year_of(timezone.localdate())
    assert {offset: standing_in(this_year + offset) for offset in SCENE} == SCENE
    assert first_fault(Entry.objects.all()) is None
    assert Entry.objects.latest("at").at <= timezone.now()
    ready = Agreement.objects.get(unit__code="IMM-D2", stage="draft")
    assert missing(ready, User.objects.get(username="siriporn"), timezone.now()) == []
    begun = Agreement.objects.get(unit__code="IMM-D3", stage="draft")
    assert len(missing(begun, User.objects.get(username="kittisak"), timezone.now())) > 5
    negotiated = Agreement.objects.get(unit__code="IMM-D1", stage="informal")
    assert set(open_offers(negotiated).values_list("field", "to_value")) == {
        ("level_5", "15"),
        ("weight", "12.5"),
        ("weight", "10"),
    }

    written = Entry.objects.count()
    call_command("demo")
    assert Entry.objects.count() == written


@pytest.mark.django_db
def test_the_password_of_the_demonstration_would_be_taken_for_everybody():
    for person in EVERYBODY:
        validate_password(PASSWORD, person.as_user(""))


def test_user_names_are_short_and_nobody_stands_twice():
    names = [person.username for person in EVERYBODY]
    assert len(set(names)) == len(names)
    assert all(name.isascii() and len(name) <= 12 for name in names)
    people = [(person.first_name, person.last_name) for person in EVERYBODY]
    assert len(set(people)) == len(people)


def test_the_accounts_are_told_with_their_password():
    said = StringIO()
    call_command("demo", accounts=True, stdout=said)

    lines = said.getvalue().splitlines()
    assert len(lines) == len(PRINCIPALS) + 1
    assert "พ.ต.ท.หญิง กมลชนก ใจดี" in lines[1]
    assert all(PASSWORD in line for line in lines[1:])


def test_each_unit_has_one_agreement_a_year():
    for actors in (THIS_YEAR, LAST_YEAR):
        codes = [actor.code for actor in actors]
        assert len(set(codes)) == len(codes)
