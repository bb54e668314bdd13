"""Freezing: the same content has the same bytes and hash, and what is frozen stays."""

import hashlib
import json
import unicodedata
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import translation

from agreements.freeze import agreed_snapshot, canonical, digest, freeze, sections, thaw
from agreements.models import Line, Snapshot

NFD = unicodedata.normalize("NFD", "é")


def test_canonical_json_has_one_spelling():
    assert canonical({"b": ["x", None], "a": {"z": "1.50", "y": True}}) == '{"a":{"y":true,"z":"1.50"},"b":["x",null]}'


def test_thai_stays_readable_and_sara_am_in_one_piece():
    assert canonical({"คำ": "น้ำ"}) == '{"คำ":"น้ำ"}'


def test_text_is_composed_so_that_what_looks_equal_is_equal():
    assert canonical({"a": NFD}) == '{"a":"é"}'


def test_the_digest_is_the_sha256_of_the_utf8_bytes():
    assert digest("คำรับรอง") == hashlib.sha256("คำรับรอง".encode()).hexdigest()


def test_an_agreement_that_did_not_change_freezes_to_the_same_hash(world):
    draft = world.draft
    first = freeze(draft, purpose=Snapshot.Purpose.SUBMITTED, actor=world.people.staff, at=world.at())
    again = freeze(draft, purpose=Snapshot.Purpose.ANSWERED, actor=world.people.office, at=world.at(days=3))

    assert (first.sha256, first.content) == (again.sha256, again.content)
    assert (first.sequence, again.sequence) == (1, 2)


def test_it_reads_the_same_whatever_language_the_hand_over_spoke(world):
    draft = world.draft
    thai = canonical(sections(draft))
    with translation.override("en"):
        assert canonical(sections(draft)) == thai
    assert "หัวหน้าหน่วยจึงลงนามกับ" in thai


def test_any_change_of_the_text_changes_the_hash(world):
    draft = world.draft
    before = digest(canonical(sections(draft)))
    Line.objects.filter(agreement=draft, source="mandatory").update(conditions="เพิ่มเงื่อนไข")

    assert digest(canonical(sections(draft))) != before


def test_the_hash_kept_is_that_of_the_content_kept(world):
    snapshot = agreed_snapshot(world.agreement("signing"))

    assert snapshot.sha256 == hashlib.sha256(snapshot.content.encode()).hexdigest()
    assert thaw(snapshot) == json.loads(snapshot.content)


def test_every_figure_is_text_without_the_zeros_of_its_column(world):
    frozen = sections(world.draft)
    line = frozen["lines"][0]

    assert (line["weight"], line["target"], line["levels"]) == ("35.00", "88", ["78", "81", "84", "87", "90"])
    assert line["past"] == [
        {"year": 2567, "value": "82.1"},
        {"year": 2568, "value": "84.55"},
        {"year": 2569, "value": "86.02"},
    ]
    assert frozen["framework"]["floor"] == "1"
    assert [each["weight"] for each in frozen["framework"]["dimensions"]] == ["60.00", "15.00", "10.00", "15.00"]
    assert not floats_in(frozen)


def floats_in(content):
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        return [found for each in content for found in floats_in(each)]
    return [content] if isinstance(content, float | Decimal) else []


def test_large_and_negative_values_freeze_without_exponents(world):
    draft = world.draft
    draft.lines.filter(source="mandatory").update(past_1=Decimal("12345678901.2"), past_2=Decimal(-300), past_3=0)
    frozen = next(line for line in sections(draft)["lines"] if line["number"] == "3.1")

    assert [each["value"] for each in frozen["past"]] == ["0", "-300", "12345678901.2"]


def test_the_whole_agreement_is_in_it(world):
    frozen = sections(world.draft)

    assert frozen["agreement"]["starts_on"] == "2026-10-01"
    assert [each["post"] for each in frozen["parties"]["makers"]] == ["ผู้บังคับการตรวจคนเข้าเมือง 1"]
    assert frozen["plan"]["issues"][0]["goals"][0]["number"] == "1.1"
    assert frozen["plan"]["mission"] == ["ตรวจบุคคลและพาหนะตามกฎหมาย", "ให้บริการคนต่างด้าวอย่างโปร่งใส"]
    assert frozen["superior_plan"]["unit"] == "สำนักงานตรวจคนเข้าเมือง"
    assert [line["number"] for line in frozen["lines"]] == ["1.1", "1.2", "1.3", "2.1", "3.1", "4.1"]
    assert frozen["lines"][0]["goal"] == "ผู้เดินทางได้รับบริการที่รวดเร็ว"


def test_the_commands_plan_is_frozen_as_it_stood(world):
    agreement = world.agreement("signing")
    command_plan = agreement.counterpart.action_plans.get()
    type(command_plan).objects.update(vision="เปลี่ยนภายหลัง")

    assert thaw(agreed_snapshot(agreement))["superior_plan"]["vision"] == "เป็นหน่วยตรวจคนเข้าเมืองชั้นนำ"


@pytest.mark.parametrize(
    "harm",
    [
        lambda: Snapshot.objects.update(content="{}"),
        lambda: Snapshot.objects.all()._raw_delete("default"),
    ],
    ids=["update", "delete"],
)
def test_a_snapshot_can_be_neither_changed_nor_removed(world, harm):
    kept = agreed_snapshot(world.agreement("signing"))

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        harm()
    assert Snapshot.objects.get(pk=kept.pk).sha256 == kept.sha256


def test_two_snapshots_cannot_take_one_place(world):
    snapshot = agreed_snapshot(world.agreement("signing"))
    snapshot.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        snapshot.save(force_insert=True)
