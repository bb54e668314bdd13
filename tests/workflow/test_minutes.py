"""The minutes of the formal negotiation: who writes them, when, and what two writers do to each other."""

from datetime import date
from functools import partial

import pytest

from acts.engine import Refused
from acts.models import Entry
from acts.versions import Stale
from workflow.minutes import may_record, minutes_of, save_minutes
from workflow.models import Minutes

VALUES = {"held_on": date(2026, 12, 15), "place": "ห้องประชุม 1", "committee": "รอง ผบช.", "decisions": "เห็นชอบตามเสนอ"}


def save(world, agreement, *, who="negotiator", version=0, **changed):
    return save_minutes(agreement, VALUES | changed, version=version, actor=world.people.get(who), at=world.at())


def test_the_negotiator_writes_them_and_that_is_on_record(world):
    agreement = world.agreement("formal")
    minutes = save(world, agreement)

    assert (minutes.round.kind, minutes.place, minutes.recorded_by) == ("formal", "ห้องประชุม 1", "พ.ต.อ. ธนา ศรีสุข")
    assert minutes_of(agreement) == minutes
    assert Entry.objects.about(agreement).first().act == "minutes"


def test_written_again_they_are_the_same_minutes(world):
    agreement = world.agreement("formal")
    first = save(world, agreement)
    second = save(world, agreement, version=first.version, place="ห้องประชุม 2")

    assert (second.pk, second.version, second.place) == (first.pk, 2, "ห้องประชุม 2")


@pytest.mark.parametrize("version", [0, 7])
def test_a_page_that_has_grown_old_changes_nothing(world, version):
    agreement = world.agreement("formal")
    save(world, agreement)

    with pytest.raises(Stale) as stale:
        save(world, agreement, version=version, place="ที่อื่น")
    assert stale.value.theirs.place == "ห้องประชุม 1"
    assert Minutes.objects.get().place == "ห้องประชุม 1"


@pytest.mark.parametrize("who", ["staff", "office", "superior", "evaluator", "planner", "auditor"])
def test_nobody_else_writes_them(world, who):
    agreement = world.agreement("formal")

    with pytest.raises(Refused) as refused:
        save(world, agreement, who=who)
    assert str(refused.value) == "เฉพาะผู้เจรจาของ สตม. เท่านั้นที่จัดทำรายงานการประชุมได้"
    assert minutes_of(agreement) is None


@pytest.mark.parametrize(("stage", "pen"), [("informal", "negotiator"), ("formal", "office"), ("signing", "head")])
def test_they_are_written_in_the_formal_negotiation_alone(world, stage, pen):
    agreement = world.agreement(stage, pen)

    refusal = may_record(agreement, world.people.negotiator, world.at())
    assert str(refusal) == "จัดทำรายงานการประชุมได้ในขั้นเจรจาอย่างเป็นทางการ ขณะที่คำรับรองอยู่ที่ผู้เจรจา"


def test_a_round_that_is_held_anew_has_minutes_of_its_own(world):
    walk = world.walk()
    walk.to("signing")
    first = minutes_of(walk.agreement)
    walk.move("refuse_to_make", walk.people.head, reason="ขอทบทวน")
    second = save(world, walk.agreement, place="ห้องประชุม 3")

    assert second.round.number == 2
    assert minutes_of(walk.agreement) == second
    first.refresh_from_db()
    assert first.place != "ห้องประชุม 3"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_the_first_minutes_one_does(world, at_once):
    agreement = world.agreement("formal")

    answers = at_once(*[partial(save, world, agreement, place=f"ห้อง {n}") for n in (1, 2)])

    assert sorted(type(answer).__name__ for answer in answers) == ["Minutes", "Stale"], answers
    assert Minutes.objects.count() == 1
