"""The sheet: its people, its parts, last year's beside it; what of them is frozen, printed, compared and carried."""

import pytest
from django.urls import reverse

from agreements.arrange import indent_line
from agreements.forms import LineForm
from agreements.freeze import sections
from agreements.models import Line
from agreements.printed import printed
from agreements.redline import differences
from agreements.rules import numbered_lines
from agreements.write import add_line, save_line
from desk.demo.years import fiscal_year
from results.carry import begin
from tests.agreements.sample_sections import unsigned
from tests.desk.asking import filled
from tests.world import YEAR

D1 = "2570-IMM-D1"


@pytest.fixture
def draft(world):
    return world.draft


@pytest.fixture
def by(world):
    return {"actor": world.people.staff, "at": world.at()}


@pytest.fixture
def line(draft):
    return draft.lines.first()


def sent(line, **changed):
    return filled(LineForm(line=line)) | {"version": line.version} | changed


def collectors(line):
    return [(each.user, each.carries_score) for each in line.collectors.all()]


def test_people_are_chosen_from_those_the_unit_knows_and_the_first_carries_the_score(world, line, send, visit, words):
    people = world.people
    type(people.office).objects.filter(pk=people.office.pk).update(phone="0 2141 9889")
    chosen = {"overseer": people.head.pk, "collector_1": people.office.pk, "collector_2": people.staff.pk}
    answer = send(people.staff, "desk:line", D1, line.pk, **sent(line, **chosen))

    assert answer.status_code == 302
    assert collectors(line) == [(people.office, True), (people.staff, False)]
    read = words(visit(people.auditor, "desk:line", D1, line.pk))
    assert f"{people.office.short_name_with_rank}" in read
    assert "0 2141 9889" in read
    strange = send(people.staff, "desk:line", D1, line.pk, **sent(line, collector_1=people.nobody.pk))
    assert (strange.status_code, list(strange.context["form"].errors)) == (422, ["collector_1"])


def test_two_on_the_same_people_get_both_and_the_choice_is_saved(world, draft, line, by, send):
    people = world.people
    page = sent(line, collector_1=people.staff.pk, name="ของฉัน", conditions="เงื่อนไขของฉัน")
    save_line(line, {"collectors": [people.office.pk], "name": "ของเขา"}, version=1, **by)
    clash = send(people.staff, "desk:line", D1, line.pk, **page)
    both = {each.name: (each.theirs, each.mine) for each in clash.context["clashes"]}
    assert clash.status_code == 409
    assert both["name"] == ("ของเขา", "ของฉัน")
    assert people.office.short_name_with_rank in both["collector_1"][0]

    kept = dict(clash.context["kept"]) | {clash.context["version_field"]: clash.context["version"]}
    chosen = {
        each.name: each.theirs_sent if each.name == "collector_1" else each.mine_sent
        for each in clash.context["clashes"]
    }
    send(people.staff, "desk:line", D1, line.pk, **kept, **chosen)
    saved = Line.objects.get(pk=line.pk)
    assert (saved.name, saved.conditions, collectors(saved)) == ("ของฉัน", "เงื่อนไขของฉัน", [(people.office, True)])


def test_a_line_with_parts_is_asked_for_nothing_that_its_parts_have(world, draft, line, by, visit):
    part = add_line(draft, None, parent=line, name="ส่วนหนึ่ง", **by)

    whole = visit(world.people.staff, "desk:line", D1, line.pk).context["form"]
    assert {"name", "dimension", "definition"} <= whole.fields.keys()
    assert not {"weight", "target", "kind", "level_1", "items"} & whole.fields.keys()
    page = visit(world.people.staff, "desk:line", D1, part.pk)
    assert "dimension" not in page.context["form"].fields
    assert page.context["numbered"].number == "1.1.1"
    save_line(line, {"dimension": draft.framework.dimensions.get(number=2)}, version=1, **by)
    assert {each.dimension.label for each in draft.lines.filter(pk__in=[line.pk, part.pk])} == {"2"}


def test_a_part_is_added_from_the_sheet_of_the_whole(world, draft, line, send, visit):
    page = visit(world.people.staff, "desk:add_line", D1, part_of=line.pk)
    assert page.context["form"]["parent"].value() == str(line.pk)
    send(world.people.staff, "desk:add_line", D1, parent=line.pk, name="ส่วนหนึ่ง")
    assert [each.number for each in numbered_lines(draft)][:2] == ["1.1", "1.1.1"]


def test_parts_and_people_are_frozen_as_text_printed_and_compared(world, draft, line, by):
    before = sections(draft)
    part = add_line(draft, None, parent=line, name="ส่วนหนึ่ง", **by)
    save_line(part, {"overseer": world.people.head, "collectors": [world.people.staff.pk]}, version=1, **by)
    second = next(each.line for each in numbered_lines(draft) if each.number == "1.2")
    indent_line(second, **by)
    after = sections(draft)

    whole, frozen, moved = after["lines"][:3]
    assert (whole["is_leaf"], whole["weight"], whole["parent"]) == (False, "50.00", None)
    assert (frozen["depth"], frozen["is_leaf"], frozen["number"], frozen["parent"]) == (1, True, "1.1.1", whole["key"])
    assert frozen["overseer"]["name"] == world.people.head.short_name_with_rank
    assert "ผู้บังคับการ" in frozen["overseer"]["post"]
    assert frozen["collectors"][0]["post"].startswith("เจ้าหน้าที่แผน")
    paper = printed(after, unsigned(after))
    rows = paper["criteria"]["groups"][0]["lines"]
    assert [(row["number"], row["is_leaf"], row["indent"]) for row in rows][:3] == [
        ("1.1", False, 0), ("1.1.1", True, 1), ("1.1.2", True, 1),
    ]  # fmt: skip
    assert paper["criteria"]["total"] == "100.00"
    assert world.people.head.short_name_with_rank in paper["sheets"][1]["overseer"]
    found = {(each.number, each.field): (each.was, each.now) for each in differences(before, after)}
    assert found["1.1.2", "parent"] == ("", whole["name"])
    assert moved["key"] == second.pk


def test_last_years_sheet_stands_beside_and_its_text_is_taken_over(world, draft, line, by, visit, send):
    part = add_line(draft, None, parent=line, name="ส่วนหนึ่ง", definition="นิยามเดิม", **by)
    save_line(part, {"overseer": world.people.head, "collectors": [world.people.staff.pk]}, version=1, **by)
    year = fiscal_year(YEAR + 1, by=world.people.planner, at=world.at())
    begun = begin(draft.unit, year, carry=True, **by)

    assert [(each.number, each.is_leaf) for each in numbered_lines(begun)][:2] == [("1.1", False), ("1.1.1", True)]
    carried = numbered_lines(begun)[1].line
    assert (carried.overseer, collectors(carried)) == (world.people.head, [(world.people.staff, True)])
    save_line(carried, {"definition": "นิยามใหม่"}, version=1, **by)
    carried.refresh_from_db()
    page = visit(world.people.staff, "desk:line", begun.code, carried.pk)
    last = {each.name: (each.text, each.differs) for each in page.context["last"].texts}
    assert (last["definition"], last["name"]) == (("นิยามเดิม", True), ("ส่วนหนึ่ง", False))
    assert page.context["last"].url == reverse("desk:line", args=[D1, part.pk])
    taken = send(world.people.staff, "desk:line", begun.code, carried.pk, **sent(carried, take="definition"))
    assert (taken.status_code, taken.context["form"]["definition"].value()) == (200, "นิยามเดิม")
    carried.refresh_from_db()
    assert carried.definition == "นิยามใหม่"
