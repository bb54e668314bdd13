"""Announcing to the public: by whom, when, what, taken back with a reason; of many at once one wins."""

from functools import partial

import pytest
from django.db import connection
from django.db.models import Q

from acts import engine
from acts.engine import Conflict, Refused, StepUp
from acts.models import Entry
from agreements.models import Agreement, Document
from workflow.models import Publication
from workflow.publication import (
    announce,
    announced,
    paper_to_announce,
    published,
    waiting_to_be_announced,
    withdraw,
)

DRAFT, SIGNED = Publication.Kind.DRAFT, Publication.Kind.SIGNED
YEAR, HANDS = 2570, 5


@pytest.fixture
def announcing(world):
    """announcing(agreement, kind, by) announces what there is, as its page would."""

    def act(agreement, kind, by="planner", **other):
        user, paper = world.people.get(by), paper_to_announce(agreement, kind)
        shown = other.pop("shown", paper.snapshot.sha256 if paper else "")
        version = other.pop("version", announced(agreement, kind).version)
        proof = StepUp(user.pk, world.at(), shown)
        return announce(agreement, kind, version=version, step_up=proof, actor=user, at=world.at(), **other)

    return act


@pytest.fixture
def withdrawing(world):
    def act(publication, reason, by="planner"):
        user = world.people.get(by)
        at = world.at(days=1)
        proof = StepUp(user.pk, at, publication.snapshot.sha256)
        return withdraw(publication, reason, version=publication.version, step_up=proof, actor=user, at=at)

    return act


def test_the_draft_is_announced_as_it_stood_when_the_informal_negotiation_closed(world, announcing):
    agreement = world.agreement("formal")
    done = announcing(agreement, DRAFT)

    found = published(agreement.unit, YEAR)
    assert (found.draft, found.signed, found.foremost) == (done, None, done)
    assert found.draft.snapshot.purpose == "informally_agreed"
    assert '"questions":' in found.draft.snapshot.content
    # The agreement itself hasn't moved, and its history tells.
    now = Agreement.objects.get(pk=agreement.pk)
    assert (now.stage, now.pen, now.version) == (agreement.stage, agreement.pen, agreement.version)
    entry = Entry.objects.about(agreement).first()
    assert (entry.act, entry.changes["sha256"]) == ("announce_draft", done.snapshot.sha256)


def test_the_signed_agreement_stands_before_its_draft_and_both_can_be_read(world, announcing):
    walk = world.walk()
    announcing(walk.to("formal"), DRAFT)
    agreement = walk.to("assessment")
    signed = announcing(agreement, SIGNED)

    found = published(agreement.unit, YEAR)
    assert found.foremost == signed
    assert found.draft is not None
    assert list(Publication.objects.foremost()) == [signed]


@pytest.mark.parametrize(("stage", "kind"), [("informal", DRAFT), ("informal", SIGNED), ("signing", SIGNED)])
def test_what_is_not_there_yet_cannot_be_announced(world, announcing, stage, kind):
    agreement = world.agreement(stage)

    with pytest.raises((Refused, Conflict)):
        announcing(agreement, kind)
    assert not Publication.objects.exists()


def test_only_the_planning_office_at_or_above_the_unit_announces(world, announcing):
    agreement = world.agreement("formal")

    for person in ("staff", "office", "head", "negotiator", "superior", "auditor", "administrator", "stranger"):
        with pytest.raises(Refused, match="เฉพาะหน่วยงานด้านแผน"):
            announcing(agreement, DRAFT, by=person)
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("stage", "kind"),
    [("draft", None), ("informal", None), ("formal", DRAFT), ("signing", DRAFT), ("assessment", SIGNED)],
)
def test_what_is_announced_or_not_there_yet_waits_for_no_planning_office(world, announcing, stage, kind):
    agreement = world.agreement(stage)

    def waiting(who):
        return list(waiting_to_be_announced(world.people.get(who), world.at()))

    assert waiting("planner") == ([agreement] if kind else [])
    assert waiting("staff") == waiting("negotiator") == waiting("stranger") == []
    if kind:
        announcing(agreement, kind)
        assert waiting("planner") == []


def test_it_is_bound_to_the_text_that_was_shown_and_done_once(world, announcing):
    agreement = world.agreement("formal")

    with pytest.raises(Conflict):
        announcing(agreement, DRAFT, shown="0" * 64)
    announcing(agreement, DRAFT)
    with pytest.raises(Refused, match="ประกาศข้อความนี้ไปแล้ว"):
        announcing(agreement, DRAFT)
    with pytest.raises(Conflict):
        announcing(agreement, DRAFT, version=1)


def test_it_is_withdrawn_with_a_reason_that_stays_and_announced_again(world, announcing, withdrawing):
    agreement = world.agreement("formal")
    first = announcing(agreement, DRAFT)

    with pytest.raises(Refused):
        withdrawing(first, " ")
    gone = withdrawing(first, "เป้าหมายพิมพ์ผิด")
    found = published(agreement.unit, YEAR)
    assert (bool(found), found.withdrawn.reason) == (False, "เป้าหมายพิมพ์ผิด")
    assert [entry.text for entry in Entry.objects.about(agreement)[:1]] == ["เป้าหมายพิมพ์ผิด"]

    again = announcing(agreement, DRAFT, version=gone.version)
    assert (bool(published(agreement.unit, YEAR)), again.reason) == (True, "")
    assert Document.objects.filter(kind=Document.Kind.PUBLIC).count() == 1


# Many at once


@pytest.mark.django_db(transaction=True)
def test_of_many_who_announce_one_does(world, announcing, at_once):
    agreement = world.agreement("formal")
    acts = [partial(announcing, agreement, DRAFT, version=1) for _hand in range(HANDS)]
    answers = at_once(*acts)

    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict"] * (HANDS - 1) + ["Publication"]
    assert Document.objects.filter(kind=Document.Kind.PUBLIC).count() == 1
    assert Entry.objects.filter(act="announce_draft").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_withdraw_one_does(world, announcing, withdrawing, at_once):
    publication = announcing(world.agreement("formal"), DRAFT)
    answers = at_once(*[partial(withdrawing, publication, "พิมพ์ผิด")] * HANDS)

    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict"] * (HANDS - 1) + ["Publication"]
    assert Entry.objects.filter(act="withdraw_announcement_draft").count() == 1


@pytest.fixture
def agreed_anew(world, announcing):
    """(Publication, acts): announced, then negotiated anew; to announce the new text and to withdraw the old one, both
    from pages that show what stands announced.
    """
    walk = world.walk()
    walk.to("formal", "negotiator")
    publication = announcing(walk.agreement, DRAFT)
    walk.move("reopen_informal", walk.people.negotiator, reason="ขอทบทวนเป้าหมาย")
    walk.to("formal", "negotiator")

    def acts(withdrawing):
        return [
            partial(announcing, walk.agreement, DRAFT, version=publication.version),
            partial(withdrawing, publication, "พิมพ์ผิด"),
        ]

    return publication, acts


def told():
    """What the log tells that happened after the first announcement."""
    entries = Entry.objects.filter(act__in=("announce_draft", "withdraw_announcement_draft")).order_by("sequence")
    return [entry.act for entry in entries][1:]


@pytest.mark.django_db(transaction=True)
def test_who_announces_anew_and_who_withdraws_at_once_do_one_of_them(agreed_anew, withdrawing, at_once):
    publication, acts = agreed_anew
    answers = at_once(*acts(withdrawing))

    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Publication"], answers
    assert len(told()) == 1
    now = Publication.objects.get()
    assert (now.is_published, now.version) == (told() == ["announce_draft"], publication.version + 1)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_predicate_a_text_nobody_has_seen_announced_is_withdrawn_or_the_withdrawn_stands_again(
    agreed_anew, withdrawing, monkeypatch
):
    """One after the other, as they come out of the queue for the row: the second knows nothing of the first."""
    _publication, (announce_anew, withdraw_old) = agreed_anew[0], agreed_anew[1](withdrawing)
    monkeypatch.setattr(engine, "unmoved", lambda step, version: Q())
    withdraw_old()
    announce_anew()

    assert told() == ["withdraw_announcement_draft", "announce_draft"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_control_with_only_the_predicate_removed_several_withdraw(world, announcing, withdrawing, at_once, monkeypatch):
    publication = announcing(world.agreement("formal"), DRAFT)
    monkeypatch.setattr(engine, "unmoved", lambda step, version: Q())
    at_once(*[partial(withdrawing, publication, "พิมพ์ผิด")] * HANDS)

    assert Entry.objects.filter(act="withdraw_announcement_draft").count() >= 2
