"""The pages of a year's signing rules: the table with its check, wording a rule anew with a preview, ending one."""

import pytest
from django.urls import reverse

from acts.idempotency import new_key
from agreements.models import SigningRule
from orgunits.models import Appointment

LIST_QUERIES = 14
TEN_MORE = 10


@pytest.fixture
def planner(world, client):
    client.force_login(world.people.planner)
    return client


def rule():
    return SigningRule.objects.get(case="division_elsewhere", last_year=None)


def typed(**changes):
    """What the form holds for the rule of divisions elsewhere, with changes."""
    return {
        "version": rule().version,
        "idempotency": new_key(),
        "tier": "3",
        "affiliated": "elsewhere",
        "superior": "command",
        "makers": "head",
        "receivers": "head",
        "annexes": ["unit_plan", "superior_plan", "framework", "sheets"],
        "required_source": "mission",
    } | changes


def address(year=2570):
    return reverse("desk:signing_rule", args=[year, rule().pk])


def test_the_table_says_who_signs_with_whom_and_the_check_what_is_missing(world, planner, words):
    page = planner.get(reverse("desk:signing_rules", args=[2570]))

    first = page.context["rows"][0]
    assert (first.level, first.superior, first.since) == (
        "ระดับ 1 สำนักงานตำรวจแห่งชาติ",
        "นายกรัฐมนตรี หรือรองนายกรัฐมนตรีที่ได้รับมอบหมาย",
        "ตั้งแต่ปี 2559",
    )
    assert len(page.context["rows"]) == 4
    assert page.context["fits"]

    SigningRule.objects.filter(case="command").delete()
    Appointment.objects.filter(post__unit__code="IMM-D1").delete()
    page = planner.get(reverse("desk:signing_rules", args=[2570]))
    links = {each["unit"].code: each["url"] for each in page.context["unfit"]}
    assert links["IMM"] == "/years/2570/rules/new/?tier=2"
    assert {each["url"] for each in page.context["vacancies"]} >= {"/units/IMM-D1/posts/"}
    assert "หน่วยที่ไม่มีหลักเกณฑ์การลงนาม หรือมีมากกว่าหนึ่งข้อ" in words(planner.get(reverse("desk:year", args=[2570])))


def test_a_rule_is_worded_anew_after_seeing_what_it_changes(world, planner, words):
    sent = typed(makers="head_and_deputy", annexes=["sheets", "unit_plan"])
    seen = planner.post(address(), sent | {"preview": "1"})

    effect = dict(seen.context["effect"])
    divisions = effect["มีผู้ลงนามต่างไป"]
    assert divisions > 1
    assert effect == {
        "ลงนามกับหน่วยเหนืออื่น": 0,
        "มีผู้ลงนามต่างไป": divisions,
        "มีเอกสารแนบท้ายต่างไป": divisions,
        "ต้องมีตัวชี้วัดประเภทต่างไป": 0,
        "มีหลักเกณฑ์ใช้บังคับจากเดิมที่ไม่มี หรือไม่มีหลักเกณฑ์จากเดิมที่มี": 0,
    }
    assert SigningRule.objects.count() == 4  # nothing is saved yet

    answer = planner.post(address(), sent | {"confirm": "1"})
    assert (answer.status_code, answer.url) == (302, "/years/2570/rules/")
    assert (rule().first_year, rule().annexes) == (2570, ["unit_plan", "sheets"])
    told = "ท่าน กำหนดหลักเกณฑ์การลงนามใหม่ให้ใช้ตั้งแต่ปีนี้"
    assert told in words(planner.get(reverse("desk:year", args=[2570])))


def test_what_was_typed_stays_when_it_is_refused(world, planner, words):
    answer = planner.post(address(), typed(affiliated="", makers="head_and_two", preview="1"))

    assert answer.status_code == 422
    assert "ต้องมีเพียงข้อเดียว" in words(answer)
    assert answer.context["form"]["makers"].value() == "head_and_two"


def test_a_rule_by_which_agreements_were_begun_says_so_before_anything_is_typed(world, planner, words):
    assert world.draft
    assert "กำหนดใหม่ได้ตั้งแต่ปีงบประมาณ พ.ศ. 2571" in words(planner.get(address()))
    assert planner.post(address(), typed(confirm="1")).status_code == 422


def test_who_saw_an_older_rule_keeps_what_they_typed(world, planner):
    sent = typed(makers="head_and_deputy", confirm="1")
    SigningRule.objects.filter(pk=rule().pk).update(version=2)
    answer = planner.post(address(), sent)

    assert answer.status_code == 409
    assert answer.context["form"]["makers"].value() == "head_and_deputy"
    assert SigningRule.objects.count() == 4


def test_one_rule_or_many_cost_the_same(world, planner, django_assert_num_queries):
    planner.get(reverse("desk:years"))
    for extra in (0, TEN_MORE):
        SigningRule.objects.bulk_create(
            SigningRule(case=f"more-{n}", tier=2, first_year=2560, superior="headquarters", annexes=[])
            for n in range(extra)
        )
        with django_assert_num_queries(LIST_QUERIES):
            planner.get(reverse("desk:signing_rules", args=[2570]))
