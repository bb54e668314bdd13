"""The log: every act with its transaction, in a chain that shows the first row that isn't as it was written."""

from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from acts.append_only import triggers_down
from acts.log import GENESIS, acting, first_fault
from acts.models import Entry

from .shop.models import Parcel


@pytest.fixture
def four_acts(parcel, clerk, at):
    for number in range(4):
        with acting(clerk, at=at + timedelta(days=number)) as record:
            record("shop.weigh", parcel, change={"weight": [number, number + 1]}, text="ชั่งใหม่")


def test_an_act_is_chained_to_the_one_before(four_acts, parcel, clerk):
    first, second, *_rest = Entry.objects.all()

    assert (first.sequence, first.previous_hash, first.object_kind) == (1, GENESIS, "shop.parcel")
    assert (second.sequence, second.previous_hash) == (2, first.own_hash)
    assert (second.actor_text, second.object_text, second.text) == (str(clerk), str(parcel), "ชั่งใหม่")
    assert second.change == '{"weight":[1,2]}'
    assert first_fault(Entry.objects.all()) is None


def test_the_acts_about_a_thing_come_newest_first(four_acts, parcel):
    assert [entry.sequence for entry in Entry.objects.about(parcel)] == [4, 3, 2, 1]
    assert not Entry.objects.about(Parcel(pk=parcel.pk + 1)).exists()


def test_the_outermost_act_writes_all_entries_last(parcel, clerk, passer_by, at):
    with acting(clerk, at=at) as record:
        record("shop.open", parcel)
        with acting(passer_by, at=at) as inner:
            inner("shop.look", parcel)
        assert not Entry.objects.exists()
        record("shop.close", parcel)
    written = Entry.objects.values_list("act", "actor_id")
    assert list(written) == [("shop.open", clerk.pk), ("shop.look", passer_by.pk), ("shop.close", clerk.pk)]


def weigh_and_fail(parcel, actor, at):
    with acting(actor, at=at) as record:
        Parcel.objects.update(weight=9)
        record("shop.weigh", parcel)
        raise ZeroDivisionError


def open_and_fail_after(parcel, actor, at):
    with transaction.atomic():
        with acting(actor, at=at) as record:
            record("shop.open", parcel)
        assert Entry.objects.exists()
        raise ZeroDivisionError


def test_an_act_that_fails_leaves_nothing(parcel, clerk, at):
    with pytest.raises(ZeroDivisionError):
        weigh_and_fail(parcel, clerk, at)

    assert Parcel.objects.get().weight == 1
    assert not Entry.objects.exists()


def test_a_nested_act_that_fails_takes_only_its_own_entries_along(parcel, clerk, at):
    with acting(clerk, at=at) as record:
        record("shop.open", parcel)
        with pytest.raises(ZeroDivisionError):
            weigh_and_fail(parcel, clerk, at)
        record("shop.close", parcel)
    assert [entry.act for entry in Entry.objects.all()] == ["shop.open", "shop.close"]


def test_an_act_goes_with_the_transaction_of_its_caller(parcel, clerk, at):
    with pytest.raises(ZeroDivisionError):
        open_and_fail_after(parcel, clerk, at)
    assert not Entry.objects.exists()


def test_nothing_is_recorded_outside_its_act(parcel, clerk, at):
    with acting(clerk, at=at) as record:
        pass
    with pytest.raises(RuntimeError, match="outside its act"):
        record("shop.open", parcel)


def test_what_has_no_key_or_no_zone_is_not_recorded(clerk, at):
    with pytest.raises(ValueError, match="isn't saved"), acting(clerk, at=at) as record:
        record("shop.open", Parcel())
    with pytest.raises(ValueError, match="zone"), acting(clerk, at=datetime(2026, 10, 1)):
        pass


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (lambda: Entry.objects.filter(sequence=2).update(actor_text="another"), "รายการที่ 2 ถูกแก้ไข"),
        (lambda: Entry.objects.filter(sequence=2).update(at=datetime.fromisoformat("2026-10-02T03:12:00.000001Z")),
         "รายการที่ 2 ถูกแก้ไข"),
        (lambda: Entry.objects.filter(sequence=3).delete(), "รายการที่ 3 หายไป"),
        (lambda: Entry.objects.filter(sequence=1).delete(), "รายการที่ 1 หายไป"),
        (lambda: forge(3), "รายการที่ 4 ไม่ต่อเนื่อง"),
    ],
)  # fmt: skip
def test_verify_audit_names_the_first_bad_row(four_acts, tamper, sentence):
    with triggers_down():
        tamper()
    with pytest.raises(CommandError, match=sentence) as fault:
        call_command("verify_audit")
    assert fault.value.returncode == 1


def forge(sequence):
    """Rewrite an entry with a hash of its own that is right."""
    from acts.log import hash_of

    entry = Entry.objects.get(sequence=sequence)
    entry.text = "นุ่มนวลกว่า"
    entry.own_hash = hash_of(entry)
    entry.save()


def test_a_log_as_it_was_written_passes_and_shows_its_head(four_acts, capsys):
    call_command("verify_audit")
    assert capsys.readouterr().out.splitlines()[-1] == Entry.objects.last().own_hash


def test_a_hash_kept_elsewhere_tells_when_the_end_was_cut_off_or_the_whole_rewritten(four_acts):
    kept = Entry.objects.get(sequence=3).own_hash
    call_command("verify_audit", head=kept)

    with triggers_down():
        Entry.objects.filter(sequence__gte=3).delete()
    call_command("verify_audit")
    with pytest.raises(CommandError, match="ถูกตัดตอนท้ายหรือเขียนขึ้นใหม่"):
        call_command("verify_audit", head=kept)
