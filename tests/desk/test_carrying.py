"""Last year's agreement in this year's draft, on the screens: how it is begun, the call, results released later."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from acts.log import THE_SYSTEM
from agreements.models import Agreement
from agreements.stages import Stage
from desk.demo.years import fiscal_year
from fiscal.models import FiscalYear
from results.carry import begin


@pytest.fixture
def next_year(world):
    return fiscal_year(2571, by=THE_SYSTEM, at=world.at())


@pytest.fixture
def waiting(world, next_year):
    """A draft of 2571, made before the results of 2570 were released; they are, now."""
    walk = world.walk()
    walk.to(Stage.EVALUATION, "superior")
    draft = begin(world.unit("IMM-D1"), next_year, carry=True, actor=world.people.staff, at=world.at())
    walk.to(Stage.CLOSED)
    return draft


def test_staff_choose_to_begin_with_last_years_or_empty(world, visit, send, next_year):
    world.agreement(Stage.DRAFT)
    page = visit(world.people.staff, "desk:home").content.decode()
    assert 'name="carry" value="1"' in page

    send(world.people.staff, "desk:create_agreement", "IMM-D1", 2571, carry="1")
    assert Agreement.objects.get(code="2571-IMM-D1").lines.count() == 6


def test_an_empty_draft_offers_to_carry_forward(world, visit, send, next_year):
    world.agreement(Stage.DRAFT)
    send(world.people.staff, "desk:create_agreement", "IMM-D1", 2571)
    address = reverse("desk:carry_forward", args=["2571-IMM-D1"])
    assert address in visit(world.people.staff, "desk:agreement", "2571-IMM-D1").content.decode()

    assert send(world.people.staff, "desk:carry_forward", "2571-IMM-D1").status_code == 302
    assert address not in visit(world.people.staff, "desk:agreement", "2571-IMM-D1").content.decode()
    assert send(world.people.staff, "desk:carry_forward", "2571-IMM-D1").status_code == 403


def test_where_nothing_can_be_carried_only_the_plain_button_stands(world, visit):
    page = visit(world.people.staff, "desk:home").content.decode()
    assert 'name="carry"' not in page
    assert reverse("desk:create_agreement", args=["IMM-D1", 2570]) in page


def test_released_results_are_taken_over_by_one_click(world, visit, send, words, waiting):
    page = visit(world.people.staff, "desk:agreement", waiting.code)
    assert "ผลงานปีก่อนออกแล้ว" in words(page)

    assert send(world.people.staff, "desk:take_over_results", waiting.code).status_code == 302
    assert [line.past_1 for line in waiting.lines.all()] == [Decimal(n) for n in ("88", "20", "95", "87", "95", "4")]
    page = words(visit(world.people.staff, "desk:agreement", waiting.code))
    assert "ผลงานปีก่อนออกแล้ว" not in page
    assert "ท่าน นำผลงานปีก่อนที่ประกาศแล้วมาใช้กับตัวชี้วัดที่ 1.1, 1.2" in page


def test_a_typed_value_changes_only_where_it_is_ticked(world, send, waiting):
    first, second = waiting.lines.all()[:2]
    waiting.lines.filter(pk__in=[first.pk, second.pk]).update(past_1=Decimal(1))
    ticked = {f"over-{first.pk}": "1", f"version-{first.pk}": first.version, f"version-{second.pk}": second.version}

    send(world.people.staff, "desk:take_over_results", waiting.code, **ticked)
    assert [line.past_1 for line in waiting.lines.all()[:3]] == [Decimal(88), Decimal(1), Decimal(95)]


def test_a_tick_on_an_old_page_is_answered_with_409(world, send, words, waiting):
    first = waiting.lines.first()
    waiting.lines.filter(pk=first.pk).update(past_1=Decimal(1), version=2)
    answer = send(
        world.people.staff,
        "desk:take_over_results",
        waiting.code,
        **{f"over-{first.pk}": "1", f"version-{first.pk}": "1"},
    )
    assert answer.status_code == 409
    assert "จึงยังไม่ได้นำผลมาใช้" in words(answer)


def test_those_who_cannot_write_see_no_offer_to_take_over(world, visit, words, waiting):
    assert "ผลงานปีก่อนออกแล้ว" not in words(visit(world.people.office, "desk:agreement", waiting.code))


def test_a_draft_shows_who_calls_for_it_until_it_is_submitted(world, visit, words):
    FiscalYear.objects.update(call_number="นร 1200/ว 15", call_date=date(2026, 8, 3), call_text="ขอให้เสนอร่างตัวชี้วัด")
    draft = world.draft
    shown = words(visit(world.people.staff, "desk:agreement", draft.code))
    assert "สำนักงาน ก.พ.ร. แจ้งให้เสนอร่างตัวชี้วัด หนังสือที่ นร 1200/ว 15 ลงวันที่ 3 ส.ค. 2569" in shown
    assert "ส่งร่างภายในวันที่ 30 ก.ย. 2569" in shown

    submitted = world.agreement(Stage.INFORMAL, code="IMM-D2")
    assert "นร 1200" not in words(visit(world.people.neighbour, "desk:agreement", submitted.code))
