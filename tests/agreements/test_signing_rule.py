"""Who signs with whom, and what is annexed: the table of the handbook's item 2.2.1, written by hand."""

from datetime import date

import pytest

from acts.log import THE_SYSTEM
from agreements.models import SigningRule
from agreements.signing_rule import (
    NoRule,
    annex_titles,
    chosen_receiver,
    explanation,
    install_handbook_rules,
    maker_posts,
    receiver_alternatives,
    receiver_posts,
    sides_of,
)
from orgunits.affiliate import affiliate, end_affiliation
from orgunits.models import Affiliation, Post
from orgunits.tree import move_unit

OWN = ["unit_plan", "framework", "sheets"]
WITH_THE_COMMANDS = ["unit_plan", "superior_plan", "framework", "sheets"]

# unit → case, the unit that signs, the unit that negotiates and evaluates, annexes, what must be among the indicators
HANDBOOK = {
    "RTP": ("headquarters", "PMO", "OPDC", OWN, "mandatory"),
    "IMM": ("command", "RTP", "RTP", OWN, ""),
    "CIB": ("command", "RTP", "RTP", OWN, ""),
    "OCG-SEC": ("division_of_commissioner_office", "RTP", "RTP", OWN, "mission"),
    "IMM-D1": ("division_elsewhere", "IMM", "IMM", WITH_THE_COMMANDS, "mission"),
    "CIB-CSD": ("division_elsewhere", "CIB", "CIB", WITH_THE_COMMANDS, "mission"),
}
FRAMEWORK_OF_D1 = (
    "กรอบการประเมินผล ตัวชี้วัด น้ำหนัก ผลงานในอดีต เป้าหมาย และเกณฑ์การให้คะแนน "
    "ตามแผนปฏิบัติราชการของกองบังคับการตรวจคนเข้าเมือง 1 และตัวชี้วัดตามพันธกิจของหน่วยงาน"
)
DAY = date(2026, 10, 1)


@pytest.mark.parametrize("code", HANDBOOK)
def test_the_handbooks_table(world, code):
    sides = sides_of(world.unit(code), year=2570, on=DAY)

    found = (
        sides.rule.case,
        sides.signs_with.code,
        sides.counterpart.code,
        sides.rule.annexes,
        sides.rule.required_source,
    )
    assert found == HANDBOOK[code]


@pytest.mark.parametrize("code", ["OCG", "IMM-D3-NONTHABURI", "OPDC", "PMO"])
def test_who_makes_no_agreement_has_no_sides(world, code):
    with pytest.raises(NoRule):
        sides_of(world.unit(code), year=2570, on=DAY)


def test_affiliation_is_a_dated_fact_and_not_guessed_from_the_tree(world):
    """A unit that is moved below the Commissioner-General's office signs as before until its affiliation begins."""
    unit = world.unit("IMM-D2")
    move_unit(unit, world.unit("OCG"), by=THE_SYSTEM, at=world.at())
    affiliate(unit, world.unit("OCG"), since=date(2027, 10, 1), by=THE_SYSTEM, at=world.at())
    unit = world.unit("IMM-D2")

    assert sides_of(unit, year=2571, on=date(2027, 10, 1)).signs_with.code == "RTP"
    with pytest.raises(NoRule):  # no command above it, and not yet affiliated
        sides_of(unit, year=2570, on=DAY)


def test_when_an_affiliation_ends_the_division_signs_with_its_command(world):
    unit = world.unit("OCG-SEC")
    end_affiliation(Affiliation.objects.get(unit=unit), until=DAY, by=THE_SYSTEM, at=world.at())
    move_unit(unit, world.unit("IMM"), by=THE_SYSTEM, at=world.at())
    unit = world.unit("OCG-SEC")

    assert sides_of(unit, year=2570, on=DAY).signs_with.code == "IMM"
    assert sides_of(unit, year=2569, on=date(2025, 10, 1)).signs_with.code == "RTP"


def test_two_rules_that_fit_are_refused_rather_than_guessed(world):
    SigningRule.objects.create(case="another", tier=2, first_year=2570, superior="headquarters", annexes=[])

    with pytest.raises(NoRule) as refused:
        sides_of(world.unit("IMM"), year=2570, on=DAY)
    assert str(refused.value) == "สตม. มีหลักเกณฑ์การลงนามที่ใช้ได้ 2 ข้อ ต้องมีเพียงข้อเดียว"


def test_a_rule_holds_for_its_years_only(world):
    rule = SigningRule.objects.get(case="command")
    SigningRule.objects.filter(pk=rule.pk).update(last_year=2570)
    SigningRule.objects.create(case="command", tier=2, first_year=2571, superior="headquarters", annexes=OWN)

    assert sides_of(world.unit("IMM"), year=2570, on=DAY).rule == rule
    assert sides_of(world.unit("IMM"), year=2571, on=DAY).rule != rule


def test_installing_the_rules_again_leaves_what_was_edited(world):
    SigningRule.objects.filter(case="command").update(required_source="mandatory")
    install_handbook_rules()

    assert SigningRule.objects.count() == 4
    assert SigningRule.objects.get(case="command").required_source == "mandatory"


def test_an_agreement_keeps_the_sides_it_was_made_with(world):
    """Reorganised afterwards, the agreement still has the pair that the rule gave."""
    agreement = world.draft
    move_unit(world.unit("IMM-D1"), world.unit("CIB"), by=THE_SYSTEM, at=world.at())
    agreement.refresh_from_db()

    assert (agreement.signs_with.code, agreement.counterpart.code) == ("IMM", "IMM")


def test_why_these_two_is_answered(world):
    assert explanation(world.draft) == [
        "กองบังคับการตรวจคนเข้าเมือง 1 เป็นหน่วยระดับที่ 3",
        "บก.ตม.1 ไม่อยู่ในสังกัด สง.ผบ.ตร.",
        "หัวหน้าหน่วยจึงลงนามกับผู้บัญชาการของหน่วยเหนือ (สตม.)",
        "คำรับรองต้องมีตัวชี้วัด “ตามพันธกิจ” อย่างน้อย 1 ตัว",
    ]


def test_annexes_have_their_official_titles_in_order(world):
    assert annex_titles(world.draft) == [
        ("unit_plan", "แผนปฏิบัติราชการของกองบังคับการตรวจคนเข้าเมือง 1"),
        ("superior_plan", "แผนปฏิบัติราชการของสำนักงานตรวจคนเข้าเมือง"),
        ("framework", FRAMEWORK_OF_D1),
        ("sheets", "รายละเอียดตัวชี้วัด"),
    ]


def test_the_head_makes_and_the_commands_head_receives(world):
    assert [post.title_th for post in maker_posts(world.draft)] == ["ผู้บังคับการตรวจคนเข้าเมือง 1"]
    agreement = world.agreement(code="IMM-D2")
    assert [post.title_th for post in receiver_posts(agreement)] == ["ผู้บัญชาการสำนักงานตรวจคนเข้าเมือง"]


def test_for_headquarters_the_prime_minister_or_a_deputy_receives_and_nobody_before_it_is_said(world):
    agreement = world.agreement(code="RTP")

    assert [(post.unit.code, post.title_th) for post in receiver_alternatives(agreement)] == [
        ("PMO", "นายกรัฐมนตรี"),
        ("PMO", "รองนายกรัฐมนตรี"),
    ]
    assert (chosen_receiver(agreement), receiver_posts(agreement)) == (None, [])


def test_a_post_that_is_neither_head_nor_deputy_is_no_alternative(world):
    Post.objects.create(unit=world.unit("PMO"), kind=Post.Kind.OTHER, title_th="ปลัดสำนักนายกรัฐมนตรี")

    posts = receiver_alternatives(world.agreement(code="RTP"))
    assert [post.title_th for post in posts] == ["นายกรัฐมนตรี", "รองนายกรัฐมนตรี"]
