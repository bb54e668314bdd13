"""Writing a draft in a real browser: what is typed saves itself, in the right order, and nobody's text is lost."""

import pytest
from playwright.sync_api import expect

from agreements.models import Line, PlanItem
from tests.world import complete_draft

pytestmark = pytest.mark.journey

HOME = "/agreements/2570-IMM-D1/"


@pytest.fixture
def draft(walked):
    return complete_draft(walked.unit("IMM-D1"), walked.year, staff=walked.people.staff)


def type_into(person, name, text):
    """Type, leave the field, and wait until the page says that it is saved."""
    field = person.tab.locator(f"[name={name}]:visible").first
    field.fill(text)
    with person.tab.expect_response(lambda response: response.request.method == "POST") as answer:
        field.blur()
    expect(person.tab.locator("[data-save-status]")).to_contain_text("บันทึกแล้ว")
    return answer.value


def test_a_field_saves_itself_when_it_is_left(people, draft):
    line = draft.lines.first()
    staff = people("kamolchanok").open(f"{HOME}lines/{line.pk}/")
    shown = staff.tab.locator("#criteria-now .score-number").inner_text()
    assert type_into(staff, "definition", "นับเฉพาะช่องตรวจปกติ").status == 200
    assert type_into(staff, "past_1", "๘๙").status == 200
    expect(staff.tab.locator("#criteria-now .score-number")).not_to_have_text(shown)
    expect(staff.tab.locator("#version")).to_have_value("3")
    staff.open(f"{HOME}lines/{line.pk}/")
    expect(staff.tab.locator("[name=definition]")).to_have_value("นับเฉพาะช่องตรวจปกติ")
    line.refresh_from_db()
    assert (line.version, line.past_1) == (3, 89)


def test_the_score_of_last_year_follows_what_is_saved(people, draft):
    line = draft.lines.first()
    staff = people("kamolchanok").open(f"{HOME}lines/{line.pk}/")
    type_into(staff, "past_1", "84")
    expect(staff.tab.locator("#criteria-now")).to_contain_text("๓.๐๐๐๐")
    type_into(staff, "past_1", "")
    expect(staff.tab.locator("#criteria-now")).to_contain_text("ยังไม่ได้กรอกผลปีก่อน")


def test_a_wrong_value_is_refused_at_its_field_and_stays_there(people, draft):
    line = draft.lines.first()
    staff = people("kamolchanok").open(f"{HOME}lines/{line.pk}/")
    field = staff.tab.locator("[name=weight]")
    field.fill("สิบห้า")
    field.blur()
    expect(staff.tab.locator("#weight_autosave")).to_contain_text("สิบห้า")
    expect(field).to_have_value("สิบห้า")
    staff.complaints.clear()  # the browser reports the 422
    assert Line.objects.get(pk=line.pk).version == 1


def test_two_tabs_on_one_field_give_both_texts_to_choose_from(people, draft):
    line = draft.lines.first()
    first = people("kamolchanok").open(f"{HOME}lines/{line.pk}/")
    second = people("kamolchanok").open(f"{HOME}lines/{line.pk}/")
    type_into(first, "definition", "ของหน้าต่างแรก")
    second.tab.locator("[name=definition]").fill("ของหน้าต่างที่สอง")
    second.tab.locator("[name=definition]").blur()
    expect(second.tab.locator("#definition_autosave")).to_contain_text("ของหน้าต่างแรก")
    second.click("บันทึก").sees("ของหน้าต่างแรก").sees("ของหน้าต่างที่สอง")
    second.tab.get_by_label("คงข้อความที่มีอยู่ขณะนี้").check()
    second.click("บันทึกตามที่เลือก").sees("บันทึกตัวชี้วัดแล้ว")
    second.complaints.clear()  # the browser reports the 409s
    assert Line.objects.get(pk=line.pk).definition == "ของหน้าต่างแรก"


def test_enter_in_a_field_saves_and_stays(people, draft):
    line = draft.lines.first()
    staff = people("kamolchanok").open(f"{HOME}lines/{line.pk}/").fill(start="10", step="5", unit_of_measure="คน")
    staff.tab.locator("[name=unit_of_measure]").press("Enter")
    staff.sees("บันทึกตัวชี้วัดแล้ว")
    line.refresh_from_db()
    assert (line.unit_of_measure, line.level_1) == ("คน", 78)


def test_only_the_criteria_of_the_chosen_kind_are_asked_for(people, draft):
    staff = people("kamolchanok").open(f"{HOME}lines/{draft.lines.first().pk}/")
    expect(staff.tab.locator("[name=level_1]")).to_be_visible()
    expect(staff.tab.locator("[name=text_1]")).to_be_hidden()
    staff.tab.locator("[name=kind][value=milestone]").check()
    expect(staff.tab.locator("[name=level_1]")).to_be_hidden()
    expect(staff.tab.locator("[name=text_1]")).to_be_visible()


def test_the_plans_texts_save_themselves_each(people, draft):
    goal = draft.plan.items.filter(kind=PlanItem.Kind.GOAL).first()
    staff = people("kamolchanok").open(f"{HOME}plan/")
    type_into(staff, f"text-{goal.pk}", "เป้าประสงค์ที่แก้ไขแล้ว")
    type_into(staff, "vision", "วิสัยทัศน์ที่แก้ไขแล้ว")
    staff.open(f"{HOME}plan/")
    expect(staff.tab.locator(f"[name=text-{goal.pk}]")).to_have_value("เป้าประสงค์ที่แก้ไขแล้ว")
    expect(staff.tab.locator("[name=vision]")).to_have_value("วิสัยทัศน์ที่แก้ไขแล้ว")
