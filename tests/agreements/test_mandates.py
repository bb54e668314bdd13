"""Mandatory sheets of the library: put into agreements, taken back, carried into the next year; two at once."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from acts.engine import Conflict, Refused
from acts.models import Entry
from agreements.library import (
    take_sheet,
)
from agreements.locks import locked_fields
from agreements.mandates import push
from agreements.models import ActionPlan, Agreement, Line, Mandate, Source
from agreements.stages import Stage
from agreements.take_back import take_back
from agreements.write import create_agreement, remove_line, save_line
from desk.demo.years import fiscal_year
from indicators.library import retire
from orgunits.models import OrgUnit
from orgunits.tree import plant
from results.carry import begin
from tests import shelf
from tests import world as worlds
from tests.shelf import line_of, pushed

D = Decimal


@pytest.fixture
def by(world):
    return lambda who, **more: {"actor": world.people.get(who), "at": world.at(), **more}


# Into agreements


def test_it_goes_into_drafts_of_the_level_and_not_into_others(world):
    sheet, own, commands = shelf.put(world), world.draft, world.empty_draft("IMM")
    came = pushed(world, sheet)

    line = line_of(sheet, own)
    assert (came.added, came.taken_over, came.settled) == (1, 0, 0)
    assert (line.name, line.source, line.mandated, line.weight) == (sheet.current.name, Source.MANDATORY, True, 0)
    assert (line.dimension.number, line.level_3, line.sheet_version) == (2, D(80), sheet.current)
    assert not commands.lines.exists()
    assert Entry.objects.about(own).first().act == "mandate_line"


def test_a_draft_made_later_holds_it_from_the_beginning(world):
    sheet = shelf.put(world)
    pushed(world, sheet, tiers=(), units=[world.units.imm_d1])
    assert [line.sheet for line in world.empty_draft().lines.all()] == [sheet]
    assert not world.empty_draft("IMM-D2").lines.exists()


def test_pushed_twice_it_is_added_once(world):
    sheet, draft = shelf.put(world), world.draft
    pushed(world, sheet)
    again = pushed(world, sheet, tiers=(3,), units=[world.units.imm_d1])
    assert (again.added, again.taken_over, Mandate.objects.count()) == (0, 0, 2)
    assert draft.lines.filter(sheet=sheet).count() == 1


def test_two_mandates_of_one_sheet_put_it_into_a_new_draft_once(world):
    sheet = shelf.put(world)
    pushed(world, sheet, tiers=(3,), units=[world.units.imm_d1])
    assert world.empty_draft().lines.count() == 1


def test_a_line_of_the_same_name_becomes_the_mandatory_one_and_keeps_what_the_unit_sets(world):
    draft = world.draft
    own = draft.lines.get(name__contains="เบิกจ่าย")
    sheet = shelf.put(world, name=own.name)
    came = pushed(world, sheet)

    line = line_of(sheet, draft)
    assert (came.added, came.taken_over, line.pk) == (0, 1, own.pk)
    assert (line.definition, line.level_1) == (sheet.current.definition, D(60))
    assert (line.weight, line.target, line.past_1) == (own.weight, own.target, own.past_1)


def test_a_sheet_that_the_unit_took_itself_becomes_mandatory(world, by):
    draft, sheet = world.draft, shelf.put(world)
    dimension = draft.framework.dimensions.first()
    taken = take_sheet(draft, sheet, dimension, **by("staff"))
    assert (taken.mandated, taken.source, locked_fields(taken)) == (False, Source.MISSION, frozenset())
    with pytest.raises(Conflict):
        take_sheet(draft, sheet, dimension, **by("staff"))

    pushed(world, sheet)
    line = line_of(sheet, draft)
    assert (line.pk, line.mandated, line.source) == (taken.pk, True, Source.MANDATORY)


def test_each_level_has_its_own_dimension_and_what_is_said_of_a_unit_comes_first(world):
    sheet, division, command = shelf.put(world), world.draft, world.empty_draft("IMM")
    pushed(world, sheet, tiers=(2, 3), dimension={2: 4, 3: 2})
    assert [line_of(sheet, each).dimension.number for each in (division, command)] == [2, 4]
    pushed(world, sheet, tiers=(), units=[world.units.imm_d2], dimension={3: 3})
    assert world.empty_draft("IMM-D2").lines.get().dimension.number == 3
    with pytest.raises(Refused, match="1"):
        pushed(world, sheet, tiers=(1,), dimension={2: 4, 3: 2})


def test_pushed_again_with_another_dimension_its_lines_go_there(world):
    sheet, draft = shelf.put(world), world.draft
    pushed(world, sheet, dimension=2)
    again = pushed(world, sheet, dimension=4)
    line = line_of(sheet, draft)
    assert (again.added, again.taken_over, line.dimension.number) == (0, 1, 4)
    assert line.position == max(each.position for each in draft.lines.filter(dimension=line.dimension))
    assert Entry.objects.about(draft).first().act == "move_mandated_line"
    assert Mandate.objects.get().dimension == 4


def test_a_part_of_another_indicator_becomes_mandatory_where_it_stands(world, by):
    draft, sheet = world.draft, shelf.put(world)
    whole = draft.lines.first()
    taken = take_sheet(draft, sheet, whole.dimension, **by("staff"))
    Line.objects.filter(pk=taken.pk).update(parent=whole)
    pushed(world, sheet, dimension=4)
    line = line_of(sheet, draft)
    assert (line.mandated, line.parent, line.dimension) == (True, whole, whole.dimension)


def test_settled_agreements_stay_as_they_are(world):
    agreement, sheet = world.agreement(Stage.FORMAL), shelf.put(world)
    came = pushed(world, sheet)
    assert (came.added, came.settled, agreement.lines.filter(sheet=sheet).count()) == (0, 1, 0)


def test_only_units_below_the_owner_can_be_named(world):
    sheet = shelf.put(world, owner="IMM")
    with pytest.raises(Refused):
        pushed(world, sheet, tiers=(), units=[world.units.cib_csd])
    assert not Mandate.objects.exists()


@pytest.mark.parametrize(
    ("kind", "scale", "said"), [("quantitative", "three", "five levels"), ("targets", "five", "three targets")]
)
def test_a_sheet_stands_only_where_as_many_levels_are_scored(world, by, kind, scale, said):
    draft, sheet = world.draft, shelf.put(world, kind=kind)
    world.year.frameworks.filter(tier=3).update(scale=scale)
    with translation.override("en"):
        with pytest.raises(Refused, match=said):
            pushed(world, sheet)
        with pytest.raises(Refused, match=said):
            take_sheet(
                Agreement.objects.for_detail().get(pk=draft.pk),
                sheet,
                draft.framework.dimensions.first(),
                **by("staff"),
            )
    assert not Mandate.objects.exists()


def test_of_a_commands_sheet_only_its_own_divisions_are_concerned(world):
    sheet = shelf.put(world, owner="IMM")
    pushed(world, sheet, tiers=(3,))
    other = create_agreement(world.units.cib_csd, world.year, actor=world.people.planner, at=world.at())
    assert not other.lines.exists()
    assert world.empty_draft().lines.count() == 1


def test_a_retired_sheet_goes_into_no_more_drafts(world):
    sheet = shelf.put(world)
    pushed(world, sheet)
    retire(sheet, "เลิกใช้", by=world.people.planner, at=world.at())
    assert not world.empty_draft().lines.exists()
    with pytest.raises(Refused):
        pushed(world, shelf.fresh(sheet))


@pytest.mark.parametrize("who", ["staff", "negotiator", "administrator"])
def test_nobody_but_its_keepers_pushes(world, who):
    sheet, draft = shelf.put(world), world.draft
    with pytest.raises(Refused):
        push(sheet, world.year, tiers=(3,), dimension=1, by=world.people.get(who), at=world.at())
    assert not draft.lines.filter(sheet=sheet).exists()


@pytest.mark.parametrize("count", [1, 60])
def test_many_units_cost_few_queries(world, count):
    model, sheet = world.draft, shelf.put(world)
    new = [OrgUnit(code=f"IMM-X{n}", parent=world.units.imm, tier=3, kind="division", signs_agreement=True,
                   name_th=f"กองกำกับการทดสอบ {n}") for n in range(count)]  # fmt: skip
    units = plant(new)
    plans = ActionPlan.objects.bulk_create(ActionPlan(unit=unit, fiscal_year=world.year) for unit in units)
    shared = ("fiscal_year", "framework", "rule", "signs_with", "counterpart", "starts_on", "ends_on")
    Agreement.objects.bulk_create(
        Agreement(
            code=f"2570-{unit.code}",
            unit=unit,
            plan=plan,
            stage_since=world.at(),
            **{name: getattr(model, name) for name in shared},
        )
        for unit, plan in zip(units, plans, strict=True)
    )
    with CaptureQueriesContext(connection) as asked:
        came = pushed(world, sheet)
    assert (came.added, len(asked) <= 25) == (count + 1, True), [each["sql"][:90] for each in asked]


# Taken back


def back(world, sheet, *, who="planner", why="ใช้ตัวชี้วัดอื่นแทน", **place):
    mandate = Mandate.objects.select_related("sheet__owner").get(sheet=sheet, **place)
    return take_back(mandate, why, by=world.people.get(who), at=world.at())


def test_what_is_taken_back_stays_as_the_units_own_and_goes_into_no_more_drafts(world, by):
    sheet, draft = shelf.put(world), world.draft
    pushed(world, sheet)
    line = line_of(sheet, draft)
    freed = back(world, sheet)

    assert (freed.freed, freed.signed, Mandate.objects.count()) == (1, 0, 0)
    after = line_of(sheet, draft)
    assert (after.mandated, after.source, after.definition) == (False, Source.MISSION, line.definition)
    told = Entry.objects.about(draft).first()
    assert (told.act, told.text) == ("free_line", "ใช้ตัวชี้วัดอื่นแทน")
    assert not world.empty_draft("IMM-D2").lines.exists()
    save_line(after, {"definition": "ของหน่วยเอง"}, version=after.version, **by("staff"))
    remove_line(line_of(sheet, draft), **by("staff"))


def test_what_another_mandate_keeps_stays_mandatory(world):
    sheet, draft, other = shelf.put(world), world.draft, world.empty_draft("IMM-D2")
    pushed(world, sheet, tiers=(3,), units=[world.units.imm_d1])
    assert back(world, sheet, tier=3).freed == 1
    assert [line_of(sheet, each).mandated for each in (draft, other)] == [True, False]


def test_a_signed_agreement_stays_as_it_was_signed_and_one_at_the_table_is_freed(world):
    signed, sheet = world.walk(), shelf.put(world)
    pushed(world, sheet)
    Line.objects.filter(agreement=signed.agreement, sheet=sheet).update(weight=0)
    Agreement.objects.filter(pk=signed.agreement.pk).update(stage=Stage.ASSESSMENT)
    other = world.empty_draft("IMM-D2")
    Agreement.objects.filter(pk=other.pk).update(stage=Stage.FORMAL)
    freed = back(world, sheet)
    assert (freed.freed, freed.signed) == (1, 1)
    assert line_of(sheet, signed.agreement).mandated
    table = line_of(sheet, other)
    assert (table.mandated, table.source) == (False, Source.MANDATORY), "its words stay until it is written again"


@pytest.mark.parametrize(("who", "why"), [("staff", "x"), ("administrator", "x"), ("planner", "  ")])
def test_it_is_taken_back_by_its_keepers_for_a_reason(world, who, why):
    sheet, draft = shelf.put(world), world.draft
    pushed(world, sheet)
    with pytest.raises(Refused):
        back(world, sheet, who=who, why=why)
    assert line_of(sheet, draft).mandated


def test_what_is_taken_back_already_is_not_taken_back_twice(world):
    sheet, planner = shelf.put(world), {"by": world.people.planner, "at": world.at()}
    pushed(world, sheet)
    mandate = Mandate.objects.select_related("sheet__owner").get()
    gone = mandate.pk
    take_back(mandate, "เหตุ", **planner)
    with pytest.raises(Conflict):
        take_back(Mandate(pk=gone, sheet=sheet), "เหตุ", **planner)


def test_what_became_mandatory_while_the_text_was_settled_comes_once_it_is_open_again(world):
    walk, sheet = world.walk(), shelf.put(world)
    walk.to(Stage.FORMAL)
    assert pushed(world, sheet).settled == 1
    walk.move("reopen_informal", walk.people.negotiator, reason="ตกลงกันไม่ได้", at=walk.diary.soon())
    line = line_of(sheet, walk.agreement)
    assert (line.mandated, line.dimension.number) == (True, 2)


# Carried forward


def test_last_years_line_gives_the_mandatory_one_what_the_unit_sets(world, by):
    walk = world.walk()
    own = walk.agreement.lines.get(name__contains="เบิกจ่าย")
    walk.to(Stage.ASSESSMENT)
    following = fiscal_year(world.year.year + 1, by=world.people.planner, at=world.at())
    sheet = shelf.put(world, name=own.name)
    pushed(world, sheet, year=following, dimension=3)

    made = begin(world.units.imm_d1, following, carry=True, actor=world.people.staff, at=world.at())

    assert made.lines.count() == walk.agreement.lines.count()
    line = line_of(sheet, made)
    assert (line.weight, line.past_2, line.came_from_id, line.mandated) == (own.weight, own.past_1, own.pk, True)
    assert line.definition == sheet.current.definition


@pytest.mark.django_db(transaction=True)
def test_a_draft_begun_while_a_sheet_is_pushed_holds_it_once(at_once):
    world = worlds.build()
    sheet = shelf.put(world)
    planner, staff = world.people.planner, {code: world.actors(code).staff for code in ("IMM-D1", "IMM-D2")}

    answers = at_once(
        lambda: push(sheet, world.year, tiers=(3,), dimension=2, by=planner, at=world.at()),
        lambda: push(sheet, world.year, tiers=(3,), dimension=2, by=world.people.planner, at=world.at()),
        *[
            lambda code=code: create_agreement(world.unit(code), world.year, actor=staff[code], at=world.at())
            for code in staff
        ],
    )

    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    held = {each.unit.code: each.lines.filter(sheet=sheet).count() for each in Agreement.objects.select_related("unit")}
    assert held == {"IMM-D1": 1, "IMM-D2": 1}


@pytest.mark.django_db(transaction=True)
def test_a_draft_begun_while_a_mandate_is_taken_back_holds_nothing_mandatory(at_once):
    world = worlds.build()
    sheet, planner = shelf.put(world), world.people.planner
    pushed(world, sheet)
    mandate = Mandate.objects.select_related("sheet__owner").get()
    staff = {code: world.actors(code).staff for code in ("IMM-D1", "IMM-D2")}

    answers = at_once(
        lambda: take_back(mandate, "เหตุ", by=planner, at=world.at()),
        *[
            lambda code=code: create_agreement(world.unit(code), world.year, actor=staff[code], at=world.at())
            for code in staff
        ],
    )

    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert not Line.objects.filter(sheet=sheet, mandated=True).exists()
    assert not Mandate.objects.exists()
