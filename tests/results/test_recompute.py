"""The nightly recomputation: what was frozen comes out again, and what doesn't is an alarm, once."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from acts.append_only import triggers_down
from acts.models import Entry
from agreements.freeze import canonical, digest, thaw
from agreements.models import Snapshot
from agreements.stages import Stage
from results.models import ScoreAlarm
from results.recompute import check, check_scores, differences


@pytest.fixture
def frozen(world):
    """The scores of an agreement, released."""
    return world.agreement(Stage.APPEAL, "head").snapshots.get(purpose="scores")


def contents(frozen):
    signed = frozen.agreement.snapshots.get(purpose="to_sign")
    return thaw(frozen), thaw(signed)


def forge(frozen, change, *, rehash=True):
    """Write over what nobody can: as somebody would who has the database in their hands."""
    content = thaw(frozen)
    change(content)
    text = canonical(content)
    with triggers_down():
        Snapshot.objects.filter(pk=frozen.pk).update(content=text, sha256=digest(text) if rehash else frozen.sha256)
    return Snapshot.objects.get(pk=frozen.pk)


def raise_total(content):
    content["total"]["score"] = "4.9999"


def test_what_was_frozen_comes_out_again(frozen):
    assert check(frozen) == []
    assert check_scores(at=frozen.taken_at) == (1, [])
    assert not ScoreAlarm.objects.exists()


def test_after_an_appeal_both_totals_come_out(world):
    walk = world.walk()
    walk.to(Stage.APPEAL, "head")
    walk.lodge_appeal()
    walk.decide_objections("changed", Decimal(90))
    walk.move("decide_appeal", walk.people.evaluator)
    walk.close()

    assert check_scores(at=walk.diary.now) == (2, [])


def test_each_figure_that_differs_is_named(frozen):
    scores, signed = contents(frozen)
    assert differences(scores, signed) == []
    scores["lines"][0]["evaluator"]["score"] = "5.0000"
    scores["lines"][1]["weight"] = "20.00"
    found = differences(scores, signed)

    assert found[0].startswith("ตัวชี้วัดที่ 1.1 (ผู้ประเมิน): ตรึงไว้ 5.0000 คำนวณซ้ำได้ 4.3333")
    assert any("น้ำหนักที่ตรึงไว้ 20.00 ที่ลงนาม 15.00" in sentence for sentence in found)
    # The total is of the scores as they stand there: 35 × (5 − 4.3333) more
    assert found[-1] == "คะแนนรวม (ผู้ประเมิน): ตรึงไว้ 4.3667 คำนวณซ้ำได้ 4.6000"


def test_a_forged_text_and_a_forged_hash_are_found(frozen):
    assert check(forge(frozen, raise_total, rehash=False)) == ["ข้อความที่ตรึงไว้ไม่ตรงกับค่าแฮชของข้อความนั้น"]
    assert check(forge(frozen, raise_total)) == ["คะแนนรวม (ผู้ประเมิน): ตรึงไว้ 4.9999 คำนวณซ้ำได้ 4.3667"]


def test_without_the_signed_text_nothing_is_proved(frozen):
    def point_elsewhere(content):
        content["signed_sha256"] = "0" * 64

    assert check(forge(frozen, point_elsewhere)) == ["ไม่พบข้อความที่ลงนามซึ่งใช้ให้คะแนน"]


def test_what_cannot_be_read_is_an_alarm_and_stops_nobody(frozen):
    forge(frozen, lambda content: content.pop("lines"))

    count, (alarm,) = check_scores(at=frozen.taken_at)
    assert count == 1
    assert alarm.differences[0].startswith("อ่านไม่ได้")


def test_an_alarm_is_logged_once_and_says_when_it_came_right(frozen):
    right = json.loads(frozen.content)
    forge(frozen, raise_total)
    for _night in range(3):
        check_scores(at=frozen.taken_at)
    assert Entry.objects.filter(act="score_differs").count() == ScoreAlarm.objects.count() == 1

    forge(frozen, lambda content: content.update(right))

    assert check_scores(at=frozen.taken_at) == (1, [])
    assert ScoreAlarm.objects.get().settled_at is not None
    assert Entry.objects.filter(act="score_comes_out").count() == 1


def test_the_command_names_what_differs_and_ends_with_1(frozen):
    out, wrong = StringIO(), StringIO()
    call_command("check_scores", stdout=out)
    forge(frozen, raise_total)

    with pytest.raises(CommandError):
        call_command("check_scores", stderr=wrong)
    assert "4.9999" in wrong.getvalue()


@pytest.mark.parametrize(
    ("name", "told"),
    [("planner", True), ("administrator", True), ("staff", False), ("superior", False), ("auditor", False)],
)
def test_who_is_told_on_their_page(world, client, frozen, name, told):
    forge(frozen, raise_total)
    check_scores(at=frozen.taken_at)
    client.force_login(world.people.get(name))

    page = client.get(reverse("desk:home")).content.decode()

    assert ("คะแนนที่คำนวณซ้ำแล้วไม่ตรง" in page) == told
