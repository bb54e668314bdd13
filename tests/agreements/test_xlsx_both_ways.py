"""An agreement's Excel file, out and back: the same again, or exactly what was changed in it, or sentences."""

import shutil
import subprocess
import time
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from acts.models import Entry
from acts.refusals import Refused
from agreements.mandates import push
from agreements.models import Line, LineCollector
from agreements.people_form import MOST
from agreements.write import add_line, save_line
from agreements.xlsx import columns
from agreements.xlsx.book import write
from agreements.xlsx.bring_in import NotAsShown, bring_in
from agreements.xlsx.compare import dry_run
from agreements.xlsx.reading import Unreadable
from agreements.xlsx.texts import all_texts, texts_of
from agreements.xlsx.upload import take
from tests import shelf
from tests.agreements.workbooks import Filled
from thai.text import one_line
from workflow.offers import make_offer

SOFFICE = shutil.which("soffice")


@pytest.fixture
def draft(world):
    with translation.override("th"):
        yield world.draft


def looked_through(agreement, content):
    return dry_run(agreement, take(content))


def sent_back(draft):
    return Filled(write(draft))


def told(outcome):
    return [f"{each.sheet} {each.address}: {each.sentence}" for each in outcome.problems]


def by_staff(world):
    return {"actor": world.people.staff, "at": world.at()}


def taken(world, draft, filled, ticked=()):
    upload = take(filled.bytes())
    outcome = dry_run(draft, upload)
    assert told(outcome) == []
    return bring_in(draft, upload, seal=outcome.seal(), ticked=ticked, told="x.xlsx", **by_staff(world))


def contents(draft):
    """Every line with all its columns."""
    return {line.pk: line.__dict__ | {"_state": None} for line in draft.lines.all()}


NUMBERS = st.none() | st.decimals(-99_999_999_999, 99_999_999_999, places=4).map(lambda number: number + 0)
# PostgreSQL keeps no NUL; no form lets one through.
CHARACTERS = st.characters(codec="utf-8", exclude_characters="\0")
TEXTS = st.text(CHARACTERS, max_size=40) | st.sampled_from(
    [
        "=1+1",
        "+66",
        "-",
        "@SUM(A1)",
        "'quoted",
        "น้ำ\nใส",
        "_x0041_x0042_",
        "_x005F_",
        "<a>&amp;",
        "#N/A",
        "TRUE",
        "1-2",
        "0012",
        "25%",
    ]
)
CELLS = st.fixed_dictionaries(
    {
        **dict.fromkeys(("past_1", "past_3", "target", "level_1", "level_5", "upper_2"), NUMBERS),
        **dict.fromkeys(("name", "unit_of_measure", "definition", "conditions", "text_3", "expression"), TEXTS),
        "weight": st.decimals(0, 100, places=2),
        "kind": st.sampled_from(Line.Kind.values),
        "items": st.lists(
            st.fixed_dictionaries(dict.fromkeys(columns.ITEM_COLUMNS, st.text(CHARACTERS, max_size=12))).filter(
                lambda item: any(one_line(value) for value in item.values())
            ),
            max_size=3,
        ),
    }
)


# Without shrinking, which would take minutes: each case is a file.
QUICK = {"phases": [Phase.explicit, Phase.reuse, Phase.generate], "deadline": None}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], **QUICK)
@given(values=CELLS, nested=st.booleans())
def test_whatever_an_agreement_says_its_file_says_the_same(draft, values, nested):
    first, *_others, last = draft.lines.all()
    Line.objects.filter(pk=first.pk).update(**values)
    Line.objects.filter(pk=last.pk).update(parent=first if nested else None)
    outcome = looked_through(draft, write(draft))
    assert (told(outcome), outcome.changed, outcome.added, outcome.removed, outcome.clashes) == ([], [], [], [], [])


def test_every_field_of_the_sheet_has_a_column(draft):
    kept = {name for name in texts_of(draft).form.fields if not name.startswith("collector_")}
    found = {column.name for column in texts_of(draft).columns}
    left_out = {"items", *texts_of(draft).form.not_kept}
    assert kept - found - left_out == set()


def test_a_text_that_looks_like_a_formula_is_none_in_the_file(draft):
    line = draft.lines.first()
    Line.objects.filter(pk=line.pk).update(name="=1+1", definition='=HYPERLINK("http://x")', unit_of_measure="@ x")
    filled = sent_back(draft)
    for name, text in (("name", "=1+1"), ("definition", '=HYPERLINK("http://x")'), ("unit_of_measure", "@ x")):
        cell = filled.cell("1.1", name)
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)


def test_the_file_protects_what_is_not_to_be_changed_and_offers_what_can_be_chosen(draft):
    filled = sent_back(draft)
    table = filled.book[columns.SHEETS["table"]]
    assert (table.protection.sheet, filled.cell("1.1", "weight").protection.locked) == (True, False)
    assert table.cell(filled.row(table, "1.1"), 1).protection.locked
    assert (table.freeze_panes, table.print_title_rows) == ("C6", "$3:$4")
    lists = {str(rule.sqref)[0]: rule.formula1 for rule in table.data_validations.dataValidation if rule.type == "list"}
    assert len(lists) == 4
    assert all(place.startswith("'_system'!") for place in lists.values())
    assert filled.book["_system"].sheet_state == "veryHidden"


def test_what_is_changed_is_shown_field_by_field_and_then_written_by_the_verbs(world, draft):
    filled = sent_back(draft)
    filled["1.1", "weight"] = "๓๐.๕"
    filled["1.1", "definition"] = "=ไม่ใช่สูตร"
    filled.cell("1.1", "definition").data_type = "s"
    filled["1.2", "target"] = 0.25
    filled.cell("1.2", "target").number_format = "0%"
    filled["1.2", "level_1"] = 0.1 + 0.2
    outcome = looked_through(draft, filled.bytes())
    assert [(each.number, [(field.label, field.now) for field in each.fields]) for each in outcome.changed] == [
        ("1.1", [("น้ำหนัก (ร้อยละ)", "๓๐.๕"), ("นิยาม", "=ไม่ใช่สูตร")]),
        ("1.2", [("ระดับ 1", "0.3"), ("เป้าหมาย", "25")]),
    ]
    assert "ร้อยละ 25" in outcome.changed[1].fields[1].note
    before = contents(draft)
    taken(world, draft, filled)
    first, second, *others = draft.lines.all()
    assert (first.weight, first.definition, first.version) == (Decimal("30.5"), "=ไม่ใช่สูตร", 2)
    assert (second.target, second.level_1) == (Decimal(25), Decimal("0.3"))
    assert {line.pk: before[line.pk] for line in others} == {
        pk: contents(draft)[pk] for pk in (line.pk for line in others)
    }
    assert [entry.act for entry in Entry.objects.about(draft)[:3]] == ["write", "write", "bring_in_excel"]
    assert looked_through(draft, write(draft)).is_nothing


# field of 1.1 → what is typed there, what is said of it
MISTAKES = [
    ("weight", -5, "ไม่น้อยกว่า"),
    ("weight", 33.333, "ทศนิยมเกิน 2 ตำแหน่ง"),
    ("target", "N/A", "ไม่ใช่ตัวเลข"),
    ("target", "12,5", "จุลภาค"),
    ("past_1", "=B1*2", "สูตรที่ยังไม่มีค่าคำนวณ"),
    ("level_2", 33.3330000001, "33.3330000001"),
    ("kind", "อะไรก็ได้", "ไม่มีในรายการ"),
    ("name", "ก" * 501, "500"),
]


def test_everything_wrong_is_said_with_its_cell_and_nothing_is_written(world, draft):
    before = contents(draft)
    for name, value, sentence in MISTAKES:
        filled = sent_back(draft)
        filled["1.1", name] = value
        filled["1.2", "weight"] = 99
        upload = take(filled.bytes())
        outcome = dry_run(draft, upload)
        place = filled.cell("1.1", name).coordinate
        assert [(each.address, sentence in each.sentence) for each in outcome.problems] == [(place, True)], (
            name,
            told(outcome),
        )
        assert not outcome.may_be_taken
        with pytest.raises(NotAsShown):
            bring_in(draft, upload, seal=outcome.seal(), ticked=(), told="", **by_staff(world))
    assert contents(draft) == before


def test_merged_doubled_and_strange_rows_are_said(draft):
    filled = sent_back(draft)
    table = filled.book[columns.SHEETS["table"]]
    row = filled.row(table, "1.2")
    table.merge_cells(start_row=row, end_row=row + 1, start_column=3, end_column=3)
    table.cell(filled.row(table, "2.1"), 1).value = "1.1"
    table.cell(filled.row(table, "3.1"), 1).value = "9.9"
    filled.add_row("items", None, "a", "ไม่มีเจ้าของ")
    assert [sentence.partition(": ")[2][:24] for sentence in told(looked_through(draft, filled.bytes()))] == [
        "ช่องเหล่านี้ถูกผสานเข้าด",
        "ลำดับที่ 1.1 ซ้ำกับแถวที",
        "“9.9” ไม่ใช่ตัวชี้วัดของ",
        "แถวนี้ไม่ได้บอกว่าเป็นขอ",
    ]


def test_a_new_row_becomes_a_line_with_its_parts_items_and_people(world, draft):
    filled = sent_back(draft)
    filled["ใหม่ 2", "name"] = "ตัวชี้วัดใหม่"
    filled["ใหม่ 2", "dimension"] = filled.cell("2.1", "dimension").value
    filled["ใหม่ 2", "explanation"] = "อธิบาย"
    filled["ใหม่ 1", "name"] = "ส่วนย่อย"
    filled["ใหม่ 1", "parent"] = "ใหม่ 2"
    filled["ใหม่ 1", "weight"] = 4
    person, label = next(iter(texts_of(draft).people.items()))
    filled.add_row("items", "ใหม่ 1", "A", "คดีทั้งหมด", "คดี", 0.5)
    filled.add_row("collectors", "ใหม่ 1", label)
    done = taken(world, draft, filled)
    whole, part = draft.lines.get(name="ตัวชี้วัดใหม่"), draft.lines.get(name="ส่วนย่อย")
    assert (len(done.added), whole.explanation, whole.dimension.number, whole.parent) == (2, "อธิบาย", 2, None)
    assert (part.parent, part.weight, part.dimension) == (whole, Decimal(4), whole.dimension)
    assert part.items == [{"symbol": "A", "text": "คดีทั้งหมด", "unit": "คดี", "weight": "0.5"}]
    assert [str(each.user_id) for each in part.collectors.all()] == [person]
    assert looked_through(draft, write(draft)).is_nothing


def test_a_cleared_row_is_said_and_removed_only_when_ticked(world, draft):
    first, second, *_others = draft.lines.all()
    filled = sent_back(draft)
    filled.clear("1.1")
    filled.clear("1.2")
    outcome = looked_through(draft, filled.bytes())
    assert [each.number for each in outcome.removed] == ["1.1", "1.2"]
    taken(world, draft, filled, ticked=[second.pk])
    assert list(draft.lines.filter(pk__in=[first.pk, second.pk])) == [first]


def test_what_the_file_can_not_do_is_said_at_the_cell_and_not_passed_over(world, draft):
    whole = draft.lines.first()
    add_line(draft, whole.dimension, parent=whole, name="ส่วนแรก", **by_staff(world))
    filled = sent_back(draft)
    sheet = filled.book[columns.SHEETS["table"]]
    filled.cell("1.1.1", columns.PARENT).value = "1.2"
    filled.cell("1.2", columns.PARENT).value = "1.1"
    said = told(looked_through(draft, filled.bytes()))
    assert ["ใส่ค่า “1.1” คืน" in said[0], "ล้างช่องนี้" in said[1]] == [True, True]
    letter = filled.cell("1.2", columns.PARENT).column_letter
    assert [each.split(":")[0].split()[1] for each in said] == [
        f"{letter}{filled.row(sheet, number)}" for number in ("1.1.1", "1.2")
    ]

    filled = sent_back(draft)
    sheet = filled.book[columns.SHEETS["table"]]
    upper, lower = (filled.row(sheet, number) for number in ("1.1", "1.2"))
    for column in range(1, sheet.max_column + 1):
        above, below = sheet.cell(upper, column), sheet.cell(lower, column)
        above.value, below.value = below.value, above.value
    outcome = looked_through(draft, filled.bytes())
    assert (outcome.reordered, outcome.is_nothing, told(outcome)) == (True, True, [])
    assert not looked_through(draft, write(draft)).reordered


@translation.override("th")
def test_a_line_that_the_negotiation_is_about_is_held_before_it_is_ticked(world):
    walk = world.walk()
    walk.to("informal", "negotiator")
    offer = make_offer(
        walk.line("1.2"), "level_5", "15", reason="ท้าทายขึ้น", actor=world.people.negotiator, at=world.at()
    )
    walk.move("hand_back", walk.people.negotiator)
    filled = sent_back(walk.agreement)
    filled.clear("1.2")
    outcome = looked_through(walk.agreement, filled.bytes())
    assert outcome.removed == []
    (problem,) = outcome.problems
    assert (problem.label, problem.address[0]) == (f"1.2 {offer.line.name}", "B")
    assert "อยู่ในการเจรจาแล้ว" in problem.sentence


def test_what_many_lines_change_is_read_in_as_many_queries_as_what_one_does(draft):
    def asked(changed):
        filled = sent_back(draft)
        for number in changed:
            filled[number, "past_2"] = 7
        upload = take(filled.bytes())
        with CaptureQueriesContext(connection) as asked:
            assert len(dry_run(draft, upload).changed) == len(changed)
        return len(asked)

    item = draft.plan.items.first()
    Line.objects.filter(agreement=draft).update(plan_item=item, overseer=User.objects.get(username="kamolchanok"))
    assert asked(["1.1"]) == asked(["1.1", "1.2", "4.1"])


def test_a_line_saved_meanwhile_is_named_and_refused_others_are_not_touched(world, draft):
    first, second, third, *_others = draft.lines.all()
    filled = sent_back(draft)
    filled["1.1", "weight"] = 1
    filled["1.2", "weight"] = 2
    save_line(first, {"name": "ของผู้อื่น"}, version=1, **by_staff(world))
    save_line(third, {"name": "ไม่ได้แก้ในไฟล์"}, version=1, **by_staff(world))
    outcome = looked_through(draft, filled.bytes())
    assert ([each.number for each in outcome.clashes], outcome.may_be_taken) == (["1.1"], False)
    assert ("ชื่อตัวชี้วัด", "ของผู้อื่น") in [(field.label, field.was) for field in outcome.clashes[0].fields]
    # Between the dry run and its word, too.
    filled = sent_back(draft)
    filled["1.2", "weight"] = 2
    upload = take(filled.bytes())
    seal = dry_run(draft, upload).seal()
    save_line(second, {"name": "อีกคน"}, version=1, **by_staff(world))
    with pytest.raises(NotAsShown):
        bring_in(draft, upload, seal=seal, ticked=(), told="", **by_staff(world))
    assert draft.lines.get(pk=second.pk).weight == second.weight


def test_nobody_brings_in_what_they_may_not_write(world, draft):
    filled = sent_back(draft)
    filled["1.1", "weight"] = 1
    upload = take(filled.bytes())
    for person in (world.people.office, world.people.negotiator, world.people.neighbour):
        with pytest.raises(Refused):
            bring_in(draft, upload, seal=dry_run(draft, upload).seal(), ticked=(), told="", actor=person, at=world.at())


def test_another_agreements_file_and_another_releases_are_refused(world, draft, monkeypatch):
    filled = sent_back(draft)
    with pytest.raises(Unreadable, match="2570-IMM-D1 ไม่ใช่ 2570-IMM-D2"):
        looked_through(world.agreement(code="IMM-D2"), filled.bytes())
    filled.book["_system"]["B1"] = "0"
    with pytest.raises(Unreadable, match="ระบบรุ่นอื่น"):
        take(filled.bytes())
    del filled.book["_system"]
    with pytest.raises(Unreadable, match="ไม่ใช่แบบฟอร์มของระบบ"):
        take(filled.bytes())


def test_a_hidden_sheet_that_was_tampered_with_is_refused(draft):
    """One line under two numbers, or without the columns that tell what a line is."""
    for row, column, value in (("line", 2, "{1.2}"), ("name", 2, "weight"), ("dimension", 2, "weight")):
        filled = sent_back(draft)
        hidden = list(filled.book["_system"].iter_rows())
        found = next(cells for cells in hidden if row in (cells[0].value, cells[2].value))
        others = next(cells[column].value for cells in hidden if cells[1].value == "1.2")
        found[column].value = value.replace("{1.2}", str(others))
        with pytest.raises(Unreadable, match="ไม่ใช่แบบฟอร์มของระบบ"):
            take(filled.bytes())


def test_cells_far_out_in_the_hidden_sheet_cost_nothing(draft):
    """Each row is read to where ours end: a cell in the last column of every row took minutes."""
    filled = sent_back(draft)
    hidden = filled.book["_system"]
    for row in range(hidden.max_row + 1, hidden.max_row + 3000):
        hidden.cell(row, 16384).value = "x"
    content, began = filled.bytes(), time.perf_counter()
    assert looked_through(draft, content).is_nothing
    assert time.perf_counter() - began < 3


def test_collectors_are_changed_as_a_list_and_too_many_are_said(world, draft):
    line = draft.lines.first()
    people = list(texts_of(draft).people.items())
    LineCollector.objects.create(line=line, user_id=people[0][0], position=1, carries_score=True)
    filled = sent_back(draft)
    filled.add_row("collectors", "1.1", people[1][1])
    taken(world, draft, filled)
    assert [str(each.user_id) for each in line.collectors.all()] == [people[0][0], people[1][0]]
    known = [label for _pk, label in people][: MOST + 1]
    if len(known) > MOST:
        filled = sent_back(draft)
        for label in known:
            filled.add_row("collectors", "1.2", label)
        assert "ไม่เกิน" in told(looked_through(draft, filled.bytes()))[0]
    filled = sent_back(draft)
    filled.add_row("collectors", "1.2", str(User.objects.get(username="nobody")))
    assert "ไม่มีในรายการ" in told(looked_through(draft, filled.bytes()))[0]


def test_a_thousand_lines_go_out_and_come_back(world, draft):
    dimension = draft.lines.first().dimension
    Line.objects.bulk_create(
        Line(agreement=draft, dimension=dimension, position=place, name=f"ตัวชี้วัด {place}", definition="นิยาม" * 40)
        for place in range(10, 1_010)
    )
    begun = time.monotonic()
    content = write(draft)
    upload = take(content)
    assert dry_run(draft, upload).is_nothing
    assert time.monotonic() - begun < 60
    assert len(all_texts(draft)[1]) == 1_006


def test_a_new_line_of_somebody_else_is_not_missing(world, draft):
    filled = sent_back(draft)
    add_line(draft, draft.lines.first().dimension, name="ของผู้อื่น", **by_staff(world))
    assert looked_through(draft, filled.bytes()).is_nothing


@pytest.mark.skipif(
    not SOFFICE, reason="LibreOffice (Debian's libreoffice-calc-nogui) is not installed: bin/prepare --test"
)
def test_libreoffice_opens_the_file_computes_it_and_what_it_saves_is_the_same(draft, tmp_path):
    Line.objects.filter(pk=draft.lines.first().pk).update(name="=1+1 น้ำใส", definition="บรรทัดแรก\nบรรทัดสอง")
    (tmp_path / "sent.xlsx").write_bytes(write(draft))
    for kind in ("xlsx:Calc MS Excel 2007 XML", "pdf"):
        subprocess.run(
            [SOFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind]
            + ["--outdir", str(tmp_path / "saved"), str(tmp_path / "sent.xlsx")],
            check=True,
            capture_output=True,
            timeout=180,
        )
    saved = (tmp_path / "saved/sent.xlsx").read_bytes()
    assert looked_through(draft, saved).is_nothing
    total = next(cell for cell in Filled(saved).book[columns.SHEETS["table"]][2] if cell.data_type == "f")
    values = openpyxl.load_workbook(tmp_path / "saved/sent.xlsx", data_only=True)[columns.SHEETS["table"]]
    assert values[total.coordinate].value == 100
    text = subprocess.run(["pdftotext", str(tmp_path / "saved/sent.pdf"), "-"], check=True, capture_output=True).stdout
    assert "=1+1" in text.decode()


def test_what_the_library_locks_is_protected_refused_and_never_removed(world, draft):
    sheet = shelf.put(world)
    push(sheet, world.year, tiers=(3,), units=(), dimension=2, by=world.people.planner, at=world.at())
    number = next(each.number for each in all_texts(draft)[1] if each.line.sheet_id == sheet.pk)
    assert looked_through(draft, write(draft)).is_nothing
    filled = sent_back(draft)
    assert filled.cell(number, "definition").protection.locked
    filled[number, "definition"] = "นิยามของหน่วย"
    assert sheet.code in told(looked_through(draft, filled.bytes()))[0]
    filled = sent_back(draft)
    filled.clear(number)
    assert sheet.code in told(looked_through(draft, filled.bytes()))[0]
