"""Wording the clauses of a year: who may, what holds from when, and that what was frozen keeps its words."""

import json

import pytest

from acts.engine import Refused
from acts.log import Entry
from acts.versions import Stale
from agreements.clauses import USUAL
from agreements.freeze import freeze, sections
from agreements.models import Snapshot, Wording
from workflow.clause_wording import word_clauses, worded_for

MAKER = "ผู้ทำคำรับรองขอรับรองว่า{หน่วยงาน}จะทำให้สำเร็จ"


def worded(world, *, by="planner", version=0, **texts):
    values = {**USUAL, "with_minutes": False, **texts}
    person = getattr(world.people, by)
    return word_clauses(world.year, values, version=version, by=person, at=world.at())


def test_a_wording_is_frozen_with_what_is_handed_over_after_it_and_leaves_what_was_before(world):
    draft = world.draft
    before = freeze(draft, purpose=Snapshot.Purpose.SUBMITTED, actor=world.people.office, at=world.at())
    assert "wording" not in json.loads(before.content)

    worded(world, maker=MAKER, with_minutes=True)

    assert sections(draft)["wording"] == {"clauses": USUAL | {"maker": MAKER}, "with_minutes": True}
    before.refresh_from_db()
    assert "wording" not in json.loads(before.content)
    entry = Entry.objects.about(world.year).get(act="word_clauses")
    change = json.loads(entry.change)
    assert (change["before"]["maker"], change["after"]["maker"]) == (USUAL["maker"], MAKER)
    assert "closing" not in change["after"]


def test_it_holds_for_later_years_until_one_has_its_own(world):
    year = world.year
    worded(world, maker=MAKER)

    assert Wording.objects.in_force(year.year + 3).maker == MAKER
    assert Wording.objects.in_force(year.year - 1) is None
    values, version = worded_for(year)
    assert (values["maker"], version) == (MAKER, 1)


@pytest.mark.parametrize("who", ["staff", "negotiator", "auditor", "administrator"])
def test_only_the_planning_office_of_the_whole_organisation_words_them(world, who):
    with pytest.raises(Refused, match="หน่วยงานด้านแผนของสำนักงานตำรวจแห่งชาติ"):
        worded(world, by=who)
    assert not Wording.objects.exists()


def test_what_a_clause_must_say_is_asked_by_the_act_itself(world):
    with pytest.raises(Refused, match="มิใช่สัญญา"):
        worded(world, period="เป็นคำรับรองฝ่ายเดียว ใช้สำหรับ{ระยะเวลา}")
    assert not Wording.objects.exists()


def test_of_two_who_saw_the_same_the_second_is_told(world):
    worded(world, maker=MAKER)
    with pytest.raises(Stale):
        worded(world, maker="อีกคนหนึ่ง", version=0)
    worded(world, maker="แก้ต่อ", version=1)
    with pytest.raises(Stale):
        worded(world, maker="ช้าไป", version=1)
    assert Wording.objects.get().maker == "แก้ต่อ"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_word_a_year_first_at_the_same_moment_one_does(world, at_once):
    answers = at_once(*[lambda text=text: worded(world, maker=text) for text in ("ของคนแรก", "ของคนที่สอง")])

    lost = [answer for answer in answers if isinstance(answer, Exception)]
    assert [type(answer) for answer in lost] == [Stale], answers
    assert Wording.objects.get().maker == next(answer for answer in answers if answer not in lost).maker
