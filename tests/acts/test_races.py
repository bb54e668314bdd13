"""Many at once: exactly one wins, and only because of the one predicate that we say it is."""

from functools import partial

import pytest
from django.db import IntegrityError, connection
from django.db.models import F, Q

from acts import engine, log
from acts.engine import AlreadyDone, Conflict, move
from acts.idempotency import new_key
from acts.jobs import queue
from acts.log import acting, first_fault
from acts.models import Entry, Job

from .shop.models import Parcel, Receipt
from .shop.moves import MOVES

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 6
# With IMMEDIATE a transaction on SQLite is alone from its first statement, so what is removed in a control could not
# be missed there.
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")


def pack(parcel, clerk, at):
    return partial(move, MOVES, parcel, "pack", actor=clerk, at=at, version=1, stamp=1)


def test_of_many_who_make_the_same_move_exactly_one_wins(parcel, clerk, at, at_once):
    answers = at_once(*[pack(parcel, clerk, at)] * HANDS)

    assert sum(isinstance(answer, Parcel) for answer in answers) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == HANDS - 1
    assert (Parcel.objects.get().version, Parcel.objects.get().weight) == (2, 2)
    assert Entry.objects.count() == Receipt.objects.count() == 1


@on_postgresql
def test_control_with_only_the_predicate_removed_several_win(parcel, clerk, at, at_once, monkeypatch):
    monkeypatch.setattr(engine, "unmoved", lambda step, version: Q())
    answers = at_once(*[pack(parcel, clerk, at)] * HANDS)

    assert sum(isinstance(answer, Parcel) for answer in answers) >= 2
    assert Receipt.objects.count() >= 2


def test_of_two_different_moves_from_the_same_page_one_wins(parcel, clerk, at, at_once):
    relabel = partial(move, MOVES, parcel, "relabel", actor=clerk, at=at, version=1, label="To Aunt")
    answers = at_once(pack(parcel, clerk, at), relabel)

    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Parcel"]
    assert Entry.objects.count() == 1


def test_what_a_check_has_judged_cannot_change_before_the_move_is_made(parcel, clerk, at, at_once):
    """Who edits what the checks judge locks the row first. Either they come too late, or the check sees their edit."""

    def make_heavy():
        with acting(clerk, at=at):
            locked = Parcel.objects.select_for_update().get()
            if locked.stage == "open":
                Parcel.objects.filter(pk=locked.pk).update(weight=21)

    at_once(partial(move, MOVES, parcel, "pack", actor=clerk, at=at, version=1), make_heavy)

    assert (Parcel.objects.get().stage, Parcel.objects.get().weight) in {("packed", 1), ("open", 21)}


def test_the_same_form_sent_twice_at_once_has_its_effect_once(parcel, clerk, at, at_once):
    key = new_key()

    def weigh():
        with acting(clerk, at=at, idempotency=key) as record:
            Parcel.objects.update(weight=F("weight") + 1)
            record("shop.weigh", parcel)

    answers = at_once(*[weigh] * HANDS)

    assert answers.count(None) == 1
    assert [answer.url for answer in answers if isinstance(answer, AlreadyDone)] == [f"/parcels/{parcel.pk}/"] * (
        HANDS - 1
    )
    assert Parcel.objects.get().weight == 2


def write_several(actor, at):
    def write():
        for number in range(5):
            with acting(actor, at=at) as record:
                record("shop.count", None, change={"number": number})
                with acting(actor, at=at) as inner:
                    inner("shop.count_again", None)

    return write


def test_the_chain_has_no_gap_and_no_fork_under_many_writers(clerk, at, at_once):
    answers = at_once(*[write_several(clerk, at)] * HANDS)

    assert answers == [None] * HANDS
    assert list(Entry.objects.values_list("sequence", flat=True)) == list(range(1, HANDS * 10 + 1))
    assert first_fault(Entry.objects.all()) is None


@on_postgresql
def test_control_without_the_lock_two_writers_reach_for_the_same_place(clerk, at, at_once, monkeypatch):
    """The database then refuses the fork, and the act of one of them is lost with an error."""
    import threading

    both_have_read, real_hash = threading.Barrier(2), log.hash_of

    def hash_once_both_have_read(entry):
        both_have_read.wait(timeout=10)
        return real_hash(entry)

    monkeypatch.setattr(log, "lock_chain", lambda: None)
    monkeypatch.setattr(log, "hash_of", hash_once_both_have_read)

    def write():
        with acting(clerk, at=at) as record:
            record("shop.count", None)

    answers = at_once(write, write)
    assert sorted(type(answer) for answer in answers if answer) == [IntegrityError]


def test_nested_acts_do_not_deadlock_with_each_other(parcel, clerk, at, at_once):
    """One records in a nested act before it takes a row, the other after: a lock taken early would cross."""

    def touch():
        Parcel.objects.filter(pk=parcel.pk).update(weight=F("weight") + 1)

    def note():
        with acting(clerk, at=at) as record:
            record("shop.note", parcel)

    def many(first, second):
        for _round in range(10):
            with acting(clerk, at=at):
                first()
                second()

    answers = at_once(*[partial(many, note, touch), partial(many, touch, note)] * 2)

    assert answers == [None] * 4
    assert Parcel.objects.get().weight == 41
    assert first_fault(Entry.objects.all()) is None


def test_the_same_job_asked_for_by_many_at_once_is_queued_once(shop, at_once):
    answers = at_once(*[partial(queue, "shop.label", key="1", parcel=1, text="x")] * HANDS)

    assert {answer.pk for answer in answers} == {Job.objects.get().pk}
