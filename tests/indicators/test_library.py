"""Sheets of the library: who writes them, versions that never change, two planners at once."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from acts.engine import Conflict, Refused
from acts.models import Entry
from acts.versions import Stale
from indicators.library import add_sheet, may_keep, publish, publishing_problems, retire, save_draft
from indicators.models import SheetDraft, SheetVersion
from tests import shelf
from tests import world as worlds


def test_only_the_planning_office_of_the_owner_or_above_writes(world):
    of_the_command, of_headquarters = world.unit("IMM"), world.unit("RTP")
    may = {name for name in world.people.names if may_keep(of_the_command, world.people.get(name), world.at()) is None}
    assert may == {"planner"}

    refusal = may_keep(of_headquarters, world.people.staff, world.at())
    assert "ตร." in refusal.sentence
    assert any("สุดา" in line for line in refusal.help)


@pytest.mark.parametrize("who", ["staff", "administrator", "auditor", "negotiator", "head"])
def test_nobody_else_changes_anything(world, who):
    sheet = shelf.put(world)
    by, before = {"by": world.people.get(who), "at": world.at()}, Entry.objects.count()
    for act in (
        lambda: add_sheet("RTP-02", world.unit("RTP"), "mandatory", shelf.CONTENT, **by),
        lambda: save_draft(sheet, {"name": "อื่น"}, version=0, **by),
        lambda: publish(sheet, version=1, note="เหตุ", answer_by=world.at(days=9).date(), **by),
        lambda: retire(sheet, "เลิกใช้", **by),
    ):
        with pytest.raises(Refused):
            act()
    assert (Entry.objects.count(), SheetDraft.objects.count(), SheetVersion.objects.count()) == (before, 0, 1)


def test_a_code_is_taken_once(world):
    shelf.put(world)
    with pytest.raises(Conflict, match="RTP-01"):
        shelf.put(world)


@pytest.mark.parametrize("change", ["UPDATE {} SET name = 'x'", "DELETE FROM {}"])
def test_a_published_version_never_changes(world, change):
    shelf.put(world)
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(change.format(SheetVersion._meta.db_table))
    assert SheetVersion.objects.get().name == shelf.CONTENT["name"]


def test_a_draft_is_begun_from_the_version_in_force_and_becomes_the_next(world):
    sheet = shelf.put(world)
    second = shelf.change(world, sheet, definition="นับเฉพาะเรื่องที่มีหลักฐาน", note="ให้ตรงกับระเบียบใหม่")

    sheet = shelf.fresh(sheet)
    assert (sheet.current, second.number, second.note) == (second, 2, "ให้ตรงกับระเบียบใหม่")
    assert second.name == shelf.CONTENT["name"]
    assert sheet.versions.get(number=1).definition == shelf.CONTENT["definition"]
    assert not SheetDraft.objects.exists()
    acts = list(Entry.objects.about(sheet).values_list("act", flat=True))
    assert acts == ["library.publish", "library.write", "library.publish", "library.add"]


def test_a_later_version_needs_a_change_a_note_and_a_date_to_come(world):
    sheet, by = shelf.put(world), {"by": world.people.planner, "at": world.at()}
    draft = save_draft(sheet, {"definition": "ใหม่"}, version=0, **by)

    def problems(**given):
        return [each.where for each in publishing_problems(sheet, draft, at=world.at(), **given)]

    assert problems(note="", answer_by=None) == ["#id_note", "#id_answer_by"]
    assert problems(note="เหตุ", answer_by=date(2020, 1, 1)) == ["#id_answer_by"]
    assert problems(note="เหตุ", answer_by=world.at().date()) == []
    same = save_draft(sheet, {"definition": shelf.CONTENT["definition"]}, version=draft.version, **by)
    assert len(publishing_problems(sheet, same, note="เหตุ", answer_by=world.at().date(), at=world.at())) == 1


def test_what_units_do_not_set_must_stand_in_the_sheet(world):
    sheet = add_sheet(
        "RTP-09", world.unit("RTP"), "mandatory", {"name": "ตัวชี้วัด", "unit_sets": ["past"]},
        by=world.people.planner, at=world.at(),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        publish(sheet, version=1, by=world.people.planner, at=world.at())
    places = {each.where for each in refused.value.refusals}
    expected = {
        f"#id_{name}" for name in ("unit_of_measure", "definition", "formula", "data_source", "weight", "target")
    }
    assert places == expected | {"#id_kind"}


def test_two_who_write_the_same_draft_see_each_other(world):
    sheet, by = shelf.put(world), {"by": world.people.planner, "at": world.at()}
    first = save_draft(sheet, {"definition": "ก"}, version=0, **by)
    with pytest.raises(Stale):
        save_draft(sheet, {"definition": "ข"}, version=0, **by)
    save_draft(sheet, {"definition": "ค"}, version=first.version, **by)
    with pytest.raises(Stale):
        save_draft(sheet, {"definition": "ง"}, version=first.version, **by)
    with pytest.raises(Conflict):
        publish(sheet, version=first.version, note="เหตุ", answer_by=world.at(days=1).date(), **by)
    assert SheetDraft.objects.get().definition == "ค"


def test_a_retired_sheet_has_no_more_versions(world):
    sheet, by = shelf.put(world), {"by": world.people.planner, "at": world.at()}
    retire(sheet, "ใช้ตัวชี้วัดอื่นแทน", **by)
    with pytest.raises(Conflict):
        retire(sheet, "อีกครั้ง", **by)
    with pytest.raises(Refused):
        shelf.change(world, shelf.fresh(sheet), definition="ใหม่")


def test_a_weight_that_the_centre_sets_is_kept_as_typed(world):
    sheet = shelf.put(world, weight=Decimal("7.50"), unit_sets=["target", "past"])
    assert (sheet.current.weight, "weight" in sheet.current.set_by_units) == (Decimal("7.50"), False)


@pytest.mark.django_db(transaction=True)
def test_of_two_planners_who_publish_at_once_one_does(at_once):
    world = worlds.build()
    sheet, by = shelf.put(world), {"by": world.people.planner, "at": world.at()}
    draft = save_draft(sheet, {"definition": "ใหม่"}, version=0, **by)
    told = {"version": draft.version, "note": "เหตุ", "answer_by": world.at(days=9).date()}
    planners = [world.people.planner for _n in range(4)]

    answers = at_once(*[lambda who=who: publish(sheet, by=who, at=world.at(), **told) for who in planners])

    published = [answer for answer in answers if isinstance(answer, SheetVersion)]
    assert len(published) == 1, answers
    assert all(isinstance(answer, Conflict) for answer in answers if answer not in published), answers
    assert list(sheet.versions.values_list("number", flat=True)) == [2, 1]
    assert shelf.fresh(sheet).current == published[0]
