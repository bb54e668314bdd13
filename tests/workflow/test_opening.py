"""Opening a year and changing it: what the planning office sets, what is copied, who may, what is refused."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from acts.engine import Refused
from acts.log import THE_SYSTEM
from acts.models import Entry
from acts.versions import Stale
from agreements.stages import Stage
from agreements.write import create_agreement
from desk.demo.years import fiscal_year
from fiscal.models import FiscalYear
from fiscal.years import Call
from indicators.dimensions import Part
from indicators.frameworks import Content, ScoringRules, content_of
from indicators.models import Framework
from results.rounds import Dates, Preset, rounds_of, set_rounds, usual_rounds
from workflow.opening import (
    Setting,
    change_year,
    enter_holidays,
    may_open_years,
    open_year,
    periods_kept,
    save_framework,
    suggested,
)

CALL = Call("นร 1200/ว 15", date(2027, 8, 2), "ขอให้เสนอร่างตัวชี้วัดและค่าเป้าหมาย")
ROUNDS = [
    Dates(1, "รอบ 6 เดือน", date(2028, 4, 1), date(2028, 4, 30)),
    Dates(3, "รอบ 12 เดือน", date(2028, 10, 1), date(2028, 10, 31)),
]


def first_round(**changes):
    """The round of 6 months alone, otherwise."""
    return [replace(ROUNDS[0], **changes)]


DUES = {
    "submission": date(2027, 9, 15),
    "informal": date(2027, 11, 15),
    "formal": date(2027, 12, 15),
    "signing": date(2028, 1, 15),
    "evaluation": date(2028, 12, 15),
}
SETTING = Setting(call=CALL, dues=DUES, rounds=ROUNDS)


def opened(world, setting=SETTING, **more):
    return open_year(2571, setting, **{"by": world.people.planner, "at": world.at(), **more})


def changed(world, year, setting, version=None, **more):
    by = {"by": world.people.planner, "at": world.at(days=1), **more}
    return change_year(year, setting, version=version or FiscalYear.objects.get(pk=year.pk).version, **by)


def sentences(refused):
    return [(str(each), each.where) for each in refused.value.refusals]


def rounds(year):
    return list(year.reporting_rounds.values_list("position", "name", "opens_on", "due_on", "is_final"))


# Opening


def test_a_year_opens_with_its_call_dates_rounds_and_last_years_frameworks(world):
    year = opened(world)
    kept = FiscalYear.objects.get(year=2571)

    assert (kept.call_number, kept.call_date, kept.call_text) == (CALL.number, CALL.date, CALL.text)
    assert (kept.starts_on, kept.ends_on) == (date(2027, 10, 1), date(2028, 9, 30))
    assert {key: kept.deadline(key).set_for for key in DUES} == DUES
    assert kept.due("signing") == date(2028, 1, 17)  # a Monday
    assert rounds(year) == [
        (1, "รอบ 6 เดือน", date(2028, 4, 1), date(2028, 5, 1), False),  # the 30th was a Sunday
        (3, "รอบ 12 เดือน", date(2028, 10, 1), date(2028, 10, 31), True),
    ]
    copies = list(Framework.objects.filter(fiscal_year=year).order_by("tier"))
    assert [copy.name for copy in copies] == [
        "กรอบการประเมินผลการปฏิบัติราชการ ระดับสำนักงานตำรวจแห่งชาติ ประจำปีงบประมาณ พ.ศ. 2571",
        "กรอบการประเมินผลการปฏิบัติราชการ ระดับกองบัญชาการหรือเทียบเท่า ประจำปีงบประมาณ พ.ศ. 2571",
        "กรอบการประเมินผลการปฏิบัติราชการ ระดับกองบังคับการหรือเทียบเท่า ประจำปีงบประมาณ พ.ศ. 2571",
    ]
    assert content_of(copies[2]).dimensions == (
        Part("ด้านประสิทธิผลตามแผนปฏิบัติราชการ", Decimal("60.00")),
        Part("ด้านคุณภาพการให้บริการ", Decimal("15.00")),
        Part("ด้านประสิทธิภาพของการปฏิบัติราชการ", Decimal("10.00")),
        Part("ด้านการพัฒนาองค์การ", Decimal("15.00")),
    )


def test_what_is_suggested_is_last_year_moved_on_and_at_first_the_usual(world):
    FiscalYear.objects.get(year=2570).deadlines.filter(key="signing").update(moved_from=None, due=date(2028, 2, 29))
    later = suggested(2572)
    assert later.dues["signing"] == date(2030, 2, 28)
    assert later.rounds == [Dates(3, "รอบ 12 เดือน", date(2029, 10, 1), date(2029, 10, 31))]

    first = suggested(2560)
    assert first.dues["signing"] == date(2017, 1, 31)
    assert first.rounds == [
        Dates(1, "รอบ 6 เดือน", date(2017, 4, 1), date(2017, 4, 30), date(2017, 3, 31)),
        Dates(2, "รอบ 9 เดือน", date(2017, 7, 1), date(2017, 7, 31), date(2017, 6, 30)),
        Dates(3, "รอบ 12 เดือน", date(2017, 10, 1), date(2017, 10, 31), date(2017, 9, 30)),
    ]


def test_everything_about_opening_is_on_record(world):
    opened(world)
    acts = list(Entry.objects.order_by("sequence").values_list("act", flat=True))[-5:]
    assert acts == ["open_year", "set_rounds", "copy_framework", "copy_framework", "copy_framework"]


@pytest.mark.parametrize(
    ("who", "may"),
    [("planner", True), *((who, False) for who in ("auditor", "administrator", "staff", "superior", "nobody"))],
)
def test_the_planning_office_of_the_whole_organisation_opens_years(world, who, may):
    person = world.people.get(who)
    assert (may_open_years(person, world.at()) is None) == may
    if not may:
        with pytest.raises(Refused):
            opened(world, by=person)
        assert not FiscalYear.objects.filter(year=2571).exists()


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"starts_on": date(2027, 11, 1)}, "#id_override_reason"),
        ({"dues": DUES | {"signing": date(2030, 1, 15)}}, "#id_signing"),
        ({"rounds": []}, "#id_round_1_name"),
        ({"rounds": ROUNDS[::-1] + [Dates(4, "รอบ", date(2028, 10, 2), date(2028, 10, 31))]}, "#id_round_4_due_on"),
        ({"rounds": [Dates(1, "รอบ", date(2028, 5, 1), date(2028, 4, 30))]}, "#id_round_1_due_on"),
        ({"rounds": [Dates(1, "รอบ", date(2020, 4, 1), date(2028, 4, 30))]}, "#id_round_1_opens_on"),
        # The cut-off: outside the year, of the wrong era, after the report is due.
        ({"rounds": first_round(data_until=date(2027, 9, 30))}, "#id_round_1_data_until"),
        ({"rounds": first_round(data_until=date(2571, 3, 31))}, "#id_round_1_data_until"),
        ({"rounds": first_round(data_until=date(2028, 5, 1))}, "#id_round_1_data_until"),
        # Grace: before the report is due, of the wrong era, of the year after, after the next round's.
        ({"rounds": first_round(grace_until=date(2028, 4, 29))}, "#id_round_1_grace_until"),
        ({"rounds": first_round(grace_until=date(2571, 5, 15))}, "#id_round_1_grace_until"),
        ({"rounds": [first_round(grace_until=date(2028, 11, 15))[0], ROUNDS[1]]}, "#id_round_3_due_on"),
        ({"rounds": first_round(penalty=Decimal("5.0001"))}, "#id_round_1_penalty"),
        ({"rounds": first_round(penalty=Decimal("-0.2"))}, "#id_round_1_penalty"),
        ({"call": Call("1", date(1900, 1, 1))}, "#id_call_date"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_opened(world, changes, where):
    setting = Setting(**({"call": CALL, "dues": DUES, "rounds": ROUNDS} | changes))
    with pytest.raises(Refused) as refused:
        opened(world, setting)
    assert [at for _sentence, at in sentences(refused)] == [where]
    assert not FiscalYear.objects.filter(year=2571).exists()


@pytest.mark.parametrize(
    ("preset", "count", "first", "last"),
    [
        (
            Preset.USUAL,
            3,
            Dates(1, "รอบ 6 เดือน", date(2027, 4, 1), date(2027, 4, 30), date(2027, 3, 31)),
            Dates(3, "รอบ 12 เดือน", date(2027, 10, 1), date(2027, 10, 31), date(2027, 9, 30)),
        ),
        (
            Preset.QUARTERLY,
            4,
            Dates(1, "รอบไตรมาสที่ 1", date(2027, 1, 1), date(2027, 1, 31), date(2026, 12, 31)),
            Dates(4, "รอบไตรมาสที่ 4", date(2027, 10, 1), date(2027, 10, 31), date(2027, 9, 30)),
        ),
        (
            Preset.MONTHLY,
            12,
            Dates(1, "รอบเดือนตุลาคม", date(2026, 11, 1), date(2026, 11, 30), date(2026, 10, 31)),
            Dates(12, "รอบเดือนกันยายน", date(2027, 10, 1), date(2027, 10, 31), date(2027, 9, 30)),
        ),
    ],
)
def test_presets_make_rounds_of_the_year_that_can_be_set_as_they_are(world, preset, count, first, last):
    found = usual_rounds(2570, preset)
    assert (len(found), found[0], found[-1]) == (count, first, last)
    set_rounds(world.year, found, by=world.people.planner, at=world.at())
    assert rounds_of(world.year) == found


def test_grace_moves_off_holidays_as_the_due_date_does(world):
    """15 May 2028 is a Monday; 30 April a Sunday, and 1 May is Labour Day where it is entered."""
    year = opened(world, replace(SETTING, rounds=[replace(ROUNDS[0], grace_until=date(2028, 5, 13)), ROUNDS[1]]))
    row = year.reporting_rounds.get(position=1)
    assert (row.due_on, row.moved_from) == (date(2028, 5, 1), date(2028, 4, 30))
    assert (row.closes_on, row.grace_moved_from) == (date(2028, 5, 15), date(2028, 5, 13))
    assert rounds_of(year)[0].grace_until == date(2028, 5, 13)

    enter_holidays([(date(2028, 5, 15), "วันหยุดพิเศษ")], by=world.people.planner, at=world.at(days=1))
    row.refresh_from_db()
    assert (row.due_on, row.closes_on) == (date(2028, 5, 1), date(2028, 5, 16))


def test_without_grace_a_round_closes_when_it_is_due(world):
    row = opened(world).reporting_rounds.get(position=1)
    assert (row.grace_until, row.closes_on) == (None, row.due_on)


def test_the_next_year_begins_with_cut_off_grace_and_penalty_moved_on(world):
    first = replace(ROUNDS[0], data_until=date(2028, 2, 29), grace_until=date(2028, 5, 15), penalty=Decimal("0.2"))
    opened(world, replace(SETTING, rounds=[first, ROUNDS[1]]))
    found = suggested(2572).rounds[0]
    assert (found.data_until, found.grace_until) == (date(2029, 2, 28), date(2029, 5, 15))
    assert (found.due_on, found.penalty) == (date(2029, 4, 30), Decimal("0.2"))


# Changing


def test_an_open_year_can_be_changed_and_each_change_is_on_record(world):
    year = opened(world)
    setting = Setting(call=None, dues=DUES | {"signing": date(2028, 2, 1)}, rounds=ROUNDS)
    changed(world, year, setting)

    kept = FiscalYear.objects.get(pk=year.pk)
    assert (kept.is_called, kept.due("signing"), kept.version) == (False, date(2028, 2, 1), 2)
    entries = Entry.objects.about(year)[:2]
    assert [entry.act for entry in entries] == ["set_deadlines", "set_call"]
    assert json.loads(entries[0].change) == {"signing": ["2028-01-15", "2028-02-01"]}


def test_a_save_from_an_old_page_changes_nothing(world):
    year = opened(world)
    changed(world, year, Setting(dues=DUES, rounds=ROUNDS))

    with pytest.raises(Stale) as stale:
        changed(world, year, SETTING, version=1)
    assert (stale.value.theirs.is_called, stale.value.theirs.version) == (False, 2)


def test_drafts_follow_a_new_period_and_what_was_handed_over_keeps_its_own(world):
    draft = world.agreement(Stage.DRAFT)
    signed = world.agreement(Stage.ASSESSMENT, code="IMM-D2")
    own = Setting(
        ends_on=date(2027, 10, 31),
        reason="ตามมติ ก.พ.ร.",
        dues={"signing": date(2027, 1, 31)},
        rounds=[Dates(3, "รอบ 12 เดือน", date(2027, 10, 1), date(2027, 10, 31))],
    )
    year = changed(world, world.year, own)

    draft.refresh_from_db()
    signed.refresh_from_db()
    assert (draft.ends_on, signed.ends_on) == (date(2027, 10, 31), date(2027, 9, 30))
    assert periods_kept(year) == 1


def test_rounds_by_which_agreements_report_keep_their_number_and_may_change_their_dates(world):
    world.agreement(Stage.ASSESSMENT)
    later = [Dates(3, "รอบสิ้นปี", date(2027, 10, 1), date(2027, 11, 15))]
    set_rounds(world.year, later, by=THE_SYSTEM, at=world.at())
    assert rounds(world.year) == [(3, "รอบสิ้นปี", date(2027, 10, 1), date(2027, 11, 15), True)]

    with pytest.raises(Refused, match="เพิ่มหรือตัดรอบไม่ได้"):
        set_rounds(
            world.year, [Dates(1, "ใหม่", date(2027, 4, 1), date(2027, 4, 30)), *later], by=THE_SYSTEM, at=world.at()
        )


def test_the_last_round_is_the_final_one_also_after_another_is_added(world):
    more = [*ROUNDS, Dates(4, "รอบพิเศษ", date(2028, 11, 1), date(2028, 11, 30))]
    year = opened(world)
    changed(world, year, Setting(dues=DUES, rounds=more))
    assert [(row[0], row[4]) for row in rounds(year)] == [(1, False), (3, False), (4, True)]


# Frameworks

TWO = Content("กรอบใหม่", (Part("มิติแรก", Decimal(70)), Part("มิติที่สอง", Decimal(30))), ScoringRules(floor=Decimal(0)))


def saved(world, year, content, version, tier=3, **more):
    return save_framework(
        year, tier, content, version=version, **{"by": world.people.planner, "at": world.at(), **more}
    )


def test_a_framework_that_nothing_uses_can_be_rewritten(world):
    year = opened(world)
    framework = saved(world, year, TWO, 1)
    assert (content_of(framework), framework.version) == (TWO, 2)

    with pytest.raises(Stale):
        saved(world, year, TWO, 1)


@pytest.mark.parametrize(
    ("dimensions", "where"),
    [
        ((), "#id_dimension_1"),
        ((Part("ก", Decimal(60)), Part("ข", Decimal(30))), "#id_weight_1"),
        ((Part("ก", Decimal(100)), Part("ข")), "#id_weight_2"),
    ],
)
def test_weights_of_dimensions_sum_to_100_or_are_all_blank(world, dimensions, where):
    year = opened(world)
    with pytest.raises(Refused) as refused:
        saved(world, year, Content("กรอบ", dimensions), 1)
    assert [at for _sentence, at in sentences(refused)] == [where]

    blank = Content("กรอบ", (Part("ก"), Part("ข")))
    assert content_of(saved(world, year, blank, 1)) == blank


def test_a_year_opens_with_all_that_last_years_frameworks_said(world):
    tree = (Part("ก"), Part("ข", Decimal(70), 1), Part("ค", None, 1, Decimal(10), Decimal(30)))
    rules = ScoringRules("three", Decimal(0), Decimal(95), Decimal(25), 2, "reported")
    last = FiscalYear.objects.get(year=2570)
    saved(world, last, Content("กรอบ ๒๕๗๐", tree, rules), 1, tier=1)

    copy = Framework.objects.get(fiscal_year=opened(world), tier=1)
    assert content_of(copy) == Content("กรอบ ๒๕๗๑", tree, rules)
    assert [(row.label, row.parent and row.parent.label) for row in copy.dimensions.all()] == [
        ("1", None),
        ("1.1", "1"),
        ("1.2", "1"),
    ]
    assert [row.label for row in copy.dimensions.leaves()] == ["1.1", "1.2"]


@pytest.mark.parametrize(
    ("rules", "where"),
    [
        (ScoringRules(floor=Decimal("1.5")), "#id_floor"),
        (ScoringRules("three", floor=Decimal(51)), "#id_floor"),
        (ScoringRules(cap=Decimal(1)), "#id_cap"),
        (ScoringRules("three", Decimal(50), cap=Decimal("100.5")), "#id_cap"),
        (ScoringRules(fail_score=Decimal(5)), "#id_fail_score"),
    ],
)
def test_the_edges_of_scores_lie_on_the_scale(world, rules, where):
    year = opened(world)
    with pytest.raises(Refused) as refused:
        saved(world, year, Content("กรอบ", (Part("ก"),), rules), 1)
    assert [at for _sentence, at in sentences(refused)] == [where]


def test_once_agreements_use_it_a_framework_is_closed(world):
    year = fiscal_year(2571, by=THE_SYSTEM, at=world.at())
    create_agreement(world.unit("IMM-D1"), year, actor=world.people.staff, at=world.at())

    with pytest.raises(Refused, match="จึงแก้ไขไม่ได้"):
        saved(world, year, TWO, 1)
    saved(world, year, TWO, 1, tier=2)


def test_a_level_without_framework_gets_one(world):
    year = opened(world)
    Framework.objects.filter(fiscal_year=year, tier=1).delete()
    assert content_of(saved(world, year, TWO, 0, tier=1)) == TWO


def test_only_the_planning_office_writes_a_framework(world):
    year = opened(world)
    with pytest.raises(Refused):
        saved(world, year, TWO, 1, by=world.people.auditor)
