"""A move happens wholly, or not at all with a sentence that says why."""

from datetime import timedelta

import pytest
from django.utils.functional import SimpleLazyObject

from acts.engine import Conflict, Refused, StepUp, checks_missing, move, refusals
from acts.log import THE_SYSTEM, acting
from acts.models import Entry

from .shop.models import Parcel, Receipt
from .shop.moves import MOVES

WRONG_STAGE = "เรื่องนี้อยู่ในขั้น “Open” จึงทำ “Unpack” ไม่ได้"
CHANGED = "มีผู้แก้ไขเรื่องนี้หลังจากที่ท่านเปิดหน้านี้"
REASON = "โปรดระบุเหตุผล เพื่อให้ผู้รับเรื่องทราบ"
PASSWORD = "โปรดยืนยันด้วยรหัสผ่าน การดำเนินการนี้ต้องยืนยันใหม่ทุกครั้ง"
CLOSED = "บัญชีของท่านถูกปิดการใช้งานแล้ว"


def sentences(found):
    return [str(refusal) for refusal in found]


def untouched(parcel):
    now = Parcel.objects.get(pk=parcel.pk)
    same = all(getattr(now, name) == getattr(parcel, name) for name in ("stage", "version", "stage_since", "label"))
    return same and not Entry.objects.exists() and not Receipt.objects.exists()


def test_a_move_sets_the_stage_once_runs_what_follows_and_is_on_record(parcel, clerk, at):
    moved = move(MOVES, parcel, "pack", actor=clerk, at=at, version=1, reason=" ready ", stamp=2)

    assert (moved.stage, moved.version, moved.stage_since, moved.weight) == ("packed", 2, at, 3)
    assert Receipt.objects.get().text == "open → packed: ready"
    entry = Entry.objects.about(parcel).get()
    assert (entry.act, entry.actor_id, entry.text, entry.at) == ("shop.pack", clerk.pk, "ready", at)
    assert entry.changes == {"stage": ["open", "packed"]}


def test_a_move_without_a_target_keeps_the_stage_and_sets_its_columns(parcel, passer_by, at):
    moved = move(MOVES, parcel, "relabel", actor=passer_by, at=at, version=1, label="To Aunt")

    assert (moved.stage, moved.version, moved.label) == ("open", 2, "To Aunt")
    assert moved.stage_since == parcel.stage_since
    assert Entry.objects.get().changes == {}


def test_the_same_sentences_say_why_not_before_and_at_the_act(parcel, clerk, at):
    Parcel.objects.update(label="", weight=21)
    parcel.refresh_from_db()
    before = refusals(MOVES, parcel, "pack", actor=clerk, at=at)

    with pytest.raises(Refused) as refused:
        move(MOVES, parcel, "pack", actor=clerk, at=at, version=1)

    assert before == refused.value.refusals == checks_missing(MOVES, parcel, "pack", actor=clerk, at=at)
    assert sentences(before) == ["Write a label.", "Take something out."]
    assert [refusal.where for refusal in before] == ["#id_label", "#id_weight"]
    assert refused.value.status == 422
    assert untouched(parcel)


def test_whoever_may_not_is_told_so_and_not_what_is_missing(parcel, passer_by, at):
    Parcel.objects.update(label="")
    parcel.refresh_from_db()
    with pytest.raises(Refused) as refused:
        move(MOVES, parcel, "pack", actor=passer_by, at=at, version=1)

    assert sentences(refused.value.refusals) == ["Only the clerk may do this."]
    assert refused.value.status == 403
    assert sentences(refusals(MOVES, parcel, "pack", actor=passer_by, at=at)) == [
        "Only the clerk may do this.", "Write a label.",
    ]  # fmt: skip
    assert untouched(parcel)


def test_a_move_of_another_stage_is_refused_with_the_stage_and_the_move(parcel, clerk, at):
    with pytest.raises(Refused) as refused:
        move(MOVES, parcel, "unpack", actor=clerk, at=at, version=1, reason="wrong address")

    assert sentences(refused.value.refusals) == [WRONG_STAGE]
    assert sentences(refusals(MOVES, parcel, "unpack", actor=clerk, at=at)) == [WRONG_STAGE]
    assert refused.value.status == 403
    assert untouched(parcel)


def test_a_stale_page_is_a_conflict_and_changes_nothing(parcel, clerk, at):
    move(MOVES, parcel, "relabel", actor=clerk, at=at, version=1, label="To Aunt")
    with pytest.raises(Conflict, match=CHANGED):
        move(MOVES, parcel, "pack", actor=clerk, at=at, version=1)

    assert Parcel.objects.get().stage == "open"
    assert Entry.objects.count() == 1


def test_a_stale_object_in_memory_does_not_matter_only_what_the_database_has(parcel, clerk, at):
    Parcel.objects.update(weight=21)
    with pytest.raises(Refused, match="Take something out"):
        move(MOVES, parcel, "pack", actor=clerk, at=at, version=1)


def test_a_thing_that_has_gone_is_a_conflict(parcel, clerk, at):
    Parcel.objects.all().delete()
    with pytest.raises(Conflict, match="ไม่มีอยู่แล้ว"):
        move(MOVES, parcel, "pack", actor=clerk, at=at, version=1)


def test_a_reason_is_demanded_where_the_move_asks_for_one(parcel, clerk, at):
    packed = move(MOVES, parcel, "pack", actor=clerk, at=at, version=1)
    with pytest.raises(Refused) as refused:
        move(MOVES, packed, "unpack", actor=clerk, at=at, version=2, reason="  \n ")

    assert [(str(each), each.where) for each in refused.value.refusals] == [(REASON, "#id_reason")]
    assert refused.value.status == 422
    assert move(MOVES, packed, "unpack", actor=clerk, at=at, version=2, reason="wrong address").stage == "open"


@pytest.mark.parametrize("age", [None, timedelta(minutes=5, seconds=1), timedelta(seconds=-1)])
def test_a_step_up_that_is_missing_old_or_from_the_future_is_refused(parcel, clerk, at, age):
    packed = move(MOVES, parcel, "pack", actor=clerk, at=at, version=1)
    given = {} if age is None else {"step_up": StepUp(clerk.pk, at - age, packed.label)}
    with pytest.raises(Refused) as refused:
        move(MOVES, packed, "send", actor=clerk, at=at, version=2, **given)

    assert [(str(each), each.where) for each in refused.value.refusals] == [(PASSWORD, "#id_password")]
    assert refused.value.status == 403


def test_a_step_up_of_somebody_else_is_refused(parcel, clerk, passer_by, at):
    packed = move(MOVES, parcel, "pack", actor=clerk, at=at, version=1)
    with pytest.raises(Refused, match=PASSWORD):
        move(MOVES, packed, "send", actor=clerk, at=at, version=2, step_up=StepUp(passer_by.pk, at, packed.label))


def test_a_step_up_given_for_another_text_is_a_conflict(parcel, clerk, at):
    packed = move(MOVES, parcel, "pack", actor=clerk, at=at, version=1)
    with pytest.raises(Conflict, match="ข้อความเปลี่ยนไป"):
        move(MOVES, packed, "send", actor=clerk, at=at, version=2, step_up=StepUp(clerk.pk, at, "To Aunt"))

    shown = StepUp(clerk.pk, at - timedelta(minutes=5), packed.label)
    assert move(MOVES, packed, "send", actor=clerk, at=at, version=2, step_up=shown).stage == "sent"


def test_an_account_closed_since_the_page_was_opened_cannot_act(parcel, clerk, at):
    type(clerk).objects.filter(pk=clerk.pk).update(is_active=False)
    with pytest.raises(Refused, match=CLOSED):
        move(MOVES, parcel, "pack", actor=clerk, at=at, version=1)
    assert untouched(parcel)


def test_a_lazy_actor_as_requests_have_them_is_looked_up_afresh(parcel, clerk, at):
    lazy = SimpleLazyObject(lambda: clerk)
    assert move(MOVES, parcel, "pack", actor=lazy, at=at, version=1).stage == "packed"
    assert Entry.objects.get().actor_id == clerk.pk


def test_the_system_acts_as_itself(parcel, at):
    move(MOVES, parcel, "relabel", actor=THE_SYSTEM, at=at, version=1, label="late")
    assert (Entry.objects.get().actor_id, Entry.objects.get().actor_text) == (None, "ระบบ")


def test_when_what_follows_fails_nothing_has_happened(parcel, clerk, at):
    with pytest.raises(ValueError, match="heavy"):
        move(MOVES, parcel, "pack", actor=clerk, at=at, version=1, stamp="heavy")
    assert untouched(parcel)


def test_a_refused_move_inside_a_larger_act_leaves_the_rest_of_it(parcel, clerk, at):
    with acting(clerk, at=at) as record:
        record("shop.open", parcel)
        with pytest.raises(Refused):
            move(MOVES, parcel, "unpack", actor=clerk, at=at, version=1, reason="x")
    assert [entry.act for entry in Entry.objects.all()] == ["shop.open"]
