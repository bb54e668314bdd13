"""What a mandatory sheet locks in an agreement, and what units say to a changed one."""

from decimal import Decimal

import pytest

from acts.engine import Conflict, Refused
from acts.models import Entry
from acts.versions import Stale
from agreements.arrange import indent_line, save_lines
from agreements.freeze import freeze, sections
from agreements.library import (
    Said,
    accept_version,
    awaited_version,
    changes_of,
    object_to_version,
    said_of,
    take_sheet,
    waiting_answers,
)
from agreements.models import Agreement, Line, SheetAnswer
from agreements.stages import Stage
from agreements.write import add_line, remove_line, save_line
from tests import shelf
from tests.shelf import line_of, pushed
from workflow.models import Round
from workflow.offers import make_offer

D = Decimal


@pytest.fixture
def by(world):
    return lambda who, **more: {"actor": world.people.get(who), "at": world.at(), **more}


# Locks


@pytest.fixture
def mandatory(world):
    """A mandatory line in the draft of บก.ตม.1."""
    sheet, draft = shelf.put(world), world.draft
    pushed(world, sheet)
    return line_of(sheet, draft)


def test_the_unit_sets_what_the_version_leaves_to_it(mandatory, by):
    after = save_line(mandatory, {"weight": D("5.00"), "target": D(88)}, version=mandatory.version, **by("staff"))
    assert (after.weight, after.target) == (D("5.00"), D(88))


@pytest.mark.parametrize(
    "changes",
    [{"definition": "ของหน่วยเอง"}, {"level_3": D(1)}, {"source": "plan"}, {"name": "อื่น"}, {"kind": "milestone"}],
)
def test_what_is_locked_is_refused_with_the_reason_and_who_can_help(mandatory, by, changes):
    given = changes | {"weight": D("5.00")}
    with pytest.raises(Refused) as refused:
        save_line(mandatory, given, version=mandatory.version, **by("staff"))
    (refusal,) = refused.value.refusals
    assert "RTP-01" in refusal.sentence
    assert "น้ำหนัก" in refusal.rule
    assert any("สุดา" in line for line in refusal.help)
    assert Line.objects.get(pk=mandatory.pk).weight == 0, "nothing else of that save was kept either"
    with pytest.raises(Refused):
        save_lines(mandatory.agreement, [(mandatory, changes, mandatory.version)], **by("staff"))


def test_it_is_not_removed_not_divided_and_negotiated_only_where_free(world, mandatory, by):
    with pytest.raises(Refused):
        remove_line(mandatory, **by("staff"))
    with pytest.raises(Refused):
        add_line(mandatory.agreement, mandatory.dimension, parent=mandatory, name="ส่วนย่อย", **by("staff"))
    after = add_line(mandatory.agreement, mandatory.dimension, name="ถัดไป", **by("staff"))
    with pytest.raises(Refused):
        indent_line(after, **by("staff"))
    Agreement.objects.filter(pk=mandatory.agreement_id).update(stage=Stage.INFORMAL, pen="negotiator")
    opened = freeze(mandatory.agreement, purpose="offered", actor=world.people.office, at=world.at())
    Round.objects.create(
        agreement=mandatory.agreement, kind="informal", number=1, opened_with=opened, opened_at=world.at()
    )
    with pytest.raises(Refused):
        make_offer(mandatory, "definition", "ใหม่", reason="เหตุ", **by("negotiator"))
    assert make_offer(mandatory, "weight", "5", reason="เหตุ", **by("negotiator")).is_open


def test_the_frozen_line_says_its_sheet_and_version(world, mandatory):
    frozen = {line["key"]: line.get("library") for line in sections(mandatory.agreement)["lines"]}
    assert frozen.pop(mandatory.pk) == "RTP-01 ฉบับที่ 1"
    assert set(frozen.values()) == {None}


# Changed sheets


@pytest.fixture
def changed(world, mandatory):
    """The line, once its sheet has been published with another definition; to be answered within 14 days."""
    shelf.change(world, shelf.fresh(mandatory.sheet), definition="นับเฉพาะเรื่องที่มีหลักฐาน")
    return line_of(mandatory.sheet, mandatory.agreement)


def test_the_difference_reaches_the_line_and_the_list_of_work(world, changed):
    version = awaited_version(changed)
    (change,) = changes_of(changed, version)
    assert (change.name, change.was, change.now) == ("definition", shelf.CONTENT["definition"], version.definition)
    assert said_of(changed, version, None, world.at().date()) == Said.WAITING
    assert said_of(changed, version, None, world.at(days=15).date()) == Said.LATE
    waits = {name: list(waiting_answers(world.people.get(name), world.at())) for name in world.people.names}
    assert {name: found for name, found in waits.items() if found} == {"staff": [changed]}


def test_accepted_it_replaces_what_is_locked_in_one_act(world, changed, by):
    save_line(changed, {"weight": D("5.00"), "target": D(80)}, version=changed.version, **by("staff"))
    seen, entries = Line.objects.get(pk=changed.pk).version, Entry.objects.count()
    after = accept_version(changed, awaited_version(changed), seen=seen, **by("staff"))

    assert (after.definition, after.weight, after.sheet_version.number) == ("นับเฉพาะเรื่องที่มีหลักฐาน", D("5.00"), 2)
    (entry,) = Entry.objects.order_by("sequence")[entries:]
    assert (entry.act, entry.changes["definition"][1]) == ("accept_version", "นับเฉพาะเรื่องที่มีหลักฐาน")
    assert not waiting_answers(world.people.staff, world.at()).exists()
    assert SheetAnswer.objects.get().accepted


def test_an_objection_has_a_reason_and_leaves_the_line(world, changed, by):
    version = awaited_version(changed)
    with pytest.raises(Refused):
        object_to_version(changed, version, " ", **by("staff"))
    object_to_version(changed, version, "ไม่มีข้อมูลย้อนหลัง", **by("staff"))

    line = line_of(changed.sheet, changed.agreement)
    assert (line.definition, line.sheet_version.number) == (shelf.CONTENT["definition"], 1)
    answer = SheetAnswer.objects.get()
    assert (said_of(line, version, answer, world.at(days=99).date()), answer.reason) == (Said.OBJECTED, "ไม่มีข้อมูลย้อนหลัง")
    assert not waiting_answers(world.people.staff, world.at()).exists()
    accept_version(line, version, seen=line.version, **by("staff"))  # who has objected may think better of it
    assert SheetAnswer.objects.get().accepted


def test_whoever_read_another_text_does_not_accept(changed, by):
    save_line(changed, {"weight": D("5.00")}, version=changed.version, **by("staff"))
    with pytest.raises(Stale):
        accept_version(changed, awaited_version(changed), seen=changed.version, **by("staff"))
    assert not SheetAnswer.objects.exists()


def test_what_is_answered_must_still_be_in_force(world, changed, by):
    version = awaited_version(changed)
    shelf.change(world, shelf.fresh(changed.sheet), definition="อีกครั้ง")
    with pytest.raises(Conflict):
        accept_version(changed, version, seen=changed.version, **by("staff"))


def test_in_a_sheet_taken_by_choice_the_units_own_words_stay_where_the_version_changes_nothing(world, by):
    sheet, draft = shelf.put(world), world.draft
    line = take_sheet(draft, sheet, draft.framework.dimensions.first(), **by("staff"))
    line = save_line(line, {"definition": "ถ้อยคำของหน่วย"}, version=line.version, **by("staff"))
    shelf.change(world, sheet, data_source="ระบบใหม่")
    line = line_of(sheet, draft)
    assert [change.name for change in changes_of(line, awaited_version(line))] == ["data_source"]
    after = accept_version(line, awaited_version(line), seen=line.version, **by("staff"))
    assert (after.definition, after.data_source) == ("ถ้อยคำของหน่วย", "ระบบใหม่")


@pytest.mark.parametrize("who", ["neighbour", "planner", "negotiator", "head", "administrator"])
def test_only_the_units_staff_answer(world, changed, by, who):
    version = awaited_version(changed)
    with pytest.raises(Refused):
        accept_version(changed, version, seen=changed.version, **by(who))
    with pytest.raises(Refused):
        object_to_version(changed, version, "เหตุผล", **by(who))
    assert not SheetAnswer.objects.exists()


def test_settled_agreements_are_only_told(world, changed, by):
    Agreement.objects.filter(pk=changed.agreement_id).update(stage=Stage.SIGNING, pen="head")
    line, version = line_of(changed.sheet, changed.agreement), awaited_version(changed)
    assert said_of(line, version, None, world.at(days=99).date()) == Said.TOLD
    for act in (
        lambda: accept_version(line, version, seen=line.version, **by("staff")),
        lambda: object_to_version(line, version, "เหตุผล", **by("staff")),
    ):
        with pytest.raises(Refused):
            act()
    assert not waiting_answers(world.people.staff, world.at()).exists()
