"""Signing rules as dated data: a table of who signs with whom by year, worded anew, refused where they wouldn't fit."""

from dataclasses import replace

import pytest

from acts.engine import Conflict, Refused
from acts.models import Entry
from acts.versions import Stale
from agreements import write
from agreements.models import Agreement, SigningRule
from agreements.signing_rule import sides_of
from agreements.write import create_agreement
from desk.demo.years import fiscal_year
from orgunits.models import Appointment
from tests.world import build
from workflow.rule_check import check_rules
from workflow.wording import SIGNERS, end_rule, word_rule, wording_of

ELSEWHERE = "division_elsewhere"


def rule(case=ELSEWHERE, **more):
    return SigningRule.objects.get(case=case, **more)


def worded(world, year, case=ELSEWHERE, **changes):
    """The planning office words the rule in force in that year anew, from it on."""
    held = SigningRule.objects.in_year(year).get(case=case)
    wording = replace(wording_of(held), **changes)
    return word_rule(held, wording, year=year, version=held.version, by=world.people.planner, at=world.at())


def sentences(refused):
    return " ".join(str(each) for each in refused.value.refusals)


# (unit, year) → who signs with whom by the rules below: fiscal years 2571 and 2573 bring another wording
TABLE = {
    ("IMM-D1", 2570): ("IMM", "head", "head"),
    ("IMM-D1", 2571): ("IMM", "head_and_deputy", "head"),
    ("IMM-D1", 2572): ("IMM", "head_and_deputy", "head"),
    ("IMM-D1", 2573): ("RTP", "head_and_deputy", "head_or_deputy"),
    ("OCG-SEC", 2570): ("RTP", "head", "head"),
    ("OCG-SEC", 2573): ("RTP", "head", "head"),
    ("IMM", 2573): ("RTP", "head", "head"),
    ("RTP", 2570): ("PMO", "head", "head_or_deputy"),
}


def test_who_signs_with_whom_by_year(world):
    worded(world, 2571, makers="head_and_deputy")
    worded(world, 2573, superior="headquarters", receivers="head_or_deputy")

    found = {}
    for code, year in TABLE:
        sides = sides_of(world.unit(code), year=year, on=world.year.starts_on)
        wording = wording_of(sides.rule)
        found[code, year] = (sides.signs_with.code, wording.makers, wording.receivers)
    assert found == TABLE
    years = SigningRule.objects.filter(case=ELSEWHERE).values_list("first_year", "last_year")
    assert list(years) == [(2559, 2570), (2571, 2572), (2573, None)]


def test_what_is_worded_is_in_the_log(world):
    new = worded(world, 2571, makers="head_and_two")

    entry = Entry.objects.about(new).get(act="word_rule")
    assert (entry.changes["from_year"], entry.changes["before"]["makers"], entry.changes["after"]["makers"]) == (
        2571,
        "head",
        "head_and_two",
    )
    assert [slot.kinds for slot in new.slots.filter(side="maker")] == SIGNERS["head_and_two"][1]


def test_an_agreement_keeps_the_rule_it_was_made_by(world):
    agreement = world.draft
    before = rule()
    worded(world, 2571, makers="head_and_deputy")

    agreement.refresh_from_db()
    assert agreement.rule == before
    later = create_agreement(
        world.unit("IMM-D1"),
        fiscal_year(2571, by=world.people.planner, at=world.at()),
        actor=world.people.staff,
        at=world.at(),
    )
    assert (later.rule.case, later.rule.first_year) == (ELSEWHERE, 2571)


def test_a_year_in_which_agreements_were_begun_by_it_is_refused(world):
    assert world.draft
    with pytest.raises(Refused) as refused:
        worded(world, 2570, makers="head_and_deputy")

    assert sentences(refused) == (
        "มีคำรับรอง 1 ฉบับที่เริ่มจัดทำตามหลักเกณฑ์ข้อนี้แล้ว จึงเปลี่ยนสำหรับปีดังกล่าวไม่ได้ กำหนดใหม่ได้ตั้งแต่ปีงบประมาณ พ.ศ. 2571"
    )
    assert SigningRule.objects.count() == 4


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"affiliated": None},
            "ในปีงบประมาณ พ.ศ. 2571 จะมีหลักเกณฑ์ 2 ข้อสำหรับหน่วยระดับที่ 3 ในสังกัด สง.ผบ.ตร. ซึ่งต้องมีเพียงข้อเดียว",
        ),
        ({"tier": 2}, "ในปีงบประมาณ พ.ศ. 2571 จะมีหลักเกณฑ์ 2 ข้อสำหรับหน่วยระดับที่ 2"),
        ({"affiliated": True}, "ในปีงบประมาณ พ.ศ. 2571 จะไม่มีหลักเกณฑ์สำหรับหน่วยระดับที่ 3 ที่ไม่อยู่ในสังกัด สง.ผบ.ตร."),
    ],
)
def test_overlaps_and_gaps_are_refused_with_year_and_units(world, changes, sentence):
    with pytest.raises(Refused) as refused:
        worded(world, 2571, **changes)

    assert sentence in sentences(refused)
    assert SigningRule.objects.count() == 4
    assert rule().last_year is None


def test_a_later_wording_is_not_run_over_by_an_earlier_one(world):
    worded(world, 2573, makers="head_and_two")
    worded(world, 2571, makers="head_and_deputy")

    years = SigningRule.objects.filter(case=ELSEWHERE).values_list("first_year", "last_year")
    assert list(years) == [(2559, 2570), (2571, 2572), (2573, None)]


def test_a_rule_that_begins_in_the_year_and_binds_nobody_yet_is_rewritten(world):
    first = worded(world, 2571, makers="head_and_deputy")
    again = worded(world, 2571, makers="head")

    assert (first.pk, first.slots.count()) == (again.pk, 2)
    assert SigningRule.objects.filter(case=ELSEWHERE).count() == 2


def test_the_only_rule_of_some_units_cannot_end_and_one_of_two_can(world):
    by = {"by": world.people.planner, "at": world.at()}
    with pytest.raises(Refused):
        end_rule(rule(), year=2571, version=1, **by)

    SigningRule.objects.create(case="another", tier=2, first_year=2560, superior="headquarters", annexes=[])
    end_rule(rule("another"), year=2571, version=1, **by)
    assert rule("another").last_year == 2570


def test_a_rule_for_units_that_have_none(world):
    held = rule("command")
    wording = wording_of(held)
    SigningRule.objects.filter(pk=held.pk).update(last_year=2570)
    new = word_rule(None, wording, year=2571, version=0, by=world.people.planner, at=world.at())

    assert (new.case, new.first_year, new.last_year) == ("level_2", 2571, None)


@pytest.mark.parametrize("who", ["staff", "office", "superior", "negotiator", "auditor", "administrator", "stranger"])
def test_nobody_but_the_planning_office_of_headquarters_words_a_rule(world, who):
    held = rule()
    with pytest.raises(Refused) as refused:
        word_rule(held, wording_of(held), year=2571, version=1, by=world.people.get(who), at=world.at())
    assert "เฉพาะหน่วยงานด้านแผนของสำนักงานตำรวจแห่งชาติ" in sentences(refused)


def test_who_saw_an_older_rule_changes_nothing(world):
    worded(world, 2571, makers="head_and_deputy")
    earlier = rule(last_year=2570)
    with pytest.raises(Stale):
        word_rule(earlier, wording_of(earlier), year=2569, version=1, by=world.people.planner, at=world.at())
    assert earlier.version == 2


def test_of_two_planners_at_once_one_words_it(transactional_db, at_once):
    world = build()
    held = rule()
    planner, at = world.people.planner, world.at()

    def word(makers):
        return word_rule(held, replace(wording_of(held), makers=makers), year=2571, version=1, by=planner, at=at)

    outcomes = at_once(lambda: word("head_and_deputy"), lambda: word("head_and_two"))

    assert sorted(type(each).__name__ for each in outcomes) == ["SigningRule", "Stale"]
    assert SigningRule.objects.filter(case=ELSEWHERE).count() == 2


# The check


def checked(world):
    return check_rules(world.year, [unit.pk for unit in vars(world.units).values()], on=world.at().date())


def test_with_the_handbooks_rules_every_unit_has_exactly_one(world):
    check = checked(world)

    assert check.unfit == ()
    assert sum(check.units_of.values()) == check.total > 0


def test_units_without_a_rule_or_with_two_are_named(world):
    SigningRule.objects.filter(case="division_of_commissioner_office").delete()
    SigningRule.objects.create(case="another", tier=1, first_year=2570, superior="headquarters", annexes=[])

    assert {unit.code: why for unit, why in checked(world).unfit} == {
        "RTP": "ตร. มีหลักเกณฑ์การลงนามที่ใช้ได้ 2 ข้อ ต้องมีเพียงข้อเดียว",
        "OCG-SEC": "สลก.ตร. มีหลักเกณฑ์การลงนามที่ใช้ได้ 0 ข้อ ต้องมีเพียงข้อเดียว",
    }


def test_a_place_without_a_holder_is_named_once_with_all_agreements_that_wait_for_it(world):
    Appointment.objects.filter(post__unit__code="IMM", post__kind="head").delete()

    found = {(each.unit.code, each.kinds): len(each.agreements) for each in checked(world).vacancies}
    divisions = sum(unit.tier == 3 and unit.code.startswith("IMM-") for unit in vars(world.units).values())
    assert found["IMM", ("head",)] == divisions + 1  # its own agreement, and those of its divisions
    assert ("IMM-D1", ("head",)) not in found


def test_a_rule_that_asks_for_a_deputy_finds_the_units_that_have_none(world):
    worded(world, 2570, makers="head_and_deputy")

    vacancies = {each.unit.code: each for each in checked(world).vacancies if each.kinds == ("deputy",)}
    assert vacancies["IMM-D1"].posts == ()


def test_a_draft_begun_while_its_rule_is_worded_anew_is_refused(world, monkeypatch):
    """Between finding the rule and making the draft, the planning office ends it."""
    real = write.sides_of

    def found_and_then_changed(*asked, **more):
        sides = real(*asked, **more)
        SigningRule.objects.filter(pk=sides.rule.pk).update(version=sides.rule.version + 1)
        return sides

    monkeypatch.setattr(write, "sides_of", found_and_then_changed)
    with pytest.raises(Conflict) as refused:
        create_agreement(world.unit("IMM-D1"), world.year, actor=world.people.staff, at=world.at())
    assert "เพิ่งมีการเปลี่ยนหลักเกณฑ์การลงนาม" in str(refused.value)
    assert not Agreement.objects.exists()
