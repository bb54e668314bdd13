"""The sheet of an indicator: typed in a form, saved field by field, refused at the field, never lost."""

import pytest
from django.urls import reverse

from agreements.forms import LineForm
from agreements.models import Line
from agreements.write import add_line, save_line
from tests.desk.asking import filled

D1 = "2570-IMM-D1"
# The frame with the rules of the moves, and the sheet: however many lines there are.


@pytest.fixture
def draft(world):
    return world.draft


@pytest.fixture
def line(draft):
    return draft.lines.first()


def sent(line, **changed):
    """What the browser sends of the sheet as it is now, with what was typed."""
    return filled(LineForm(line=line)) | {"version": line.version} | changed


@pytest.fixture
def autosave(client, world):
    """autosave(line, "weight", "35,0") → the response to leaving that field."""

    def leave(line, field, value, **more):
        client.force_login(world.people.staff)
        address = reverse("desk:line_field", args=[D1, line.pk])
        headers = {"HX-Request": "true", "HX-Trigger-Name": field}
        return client.post(address, sent(line, **{field: value}) | more, headers=headers)

    return leave


def fresh(line):
    return Line.objects.get(pk=line.pk)


# The form


def test_all_that_was_typed_is_saved(world, line, send):
    answer = send(
        world.people.staff,
        "desk:line",
        D1,
        line.pk,
        **sent(line, name="ชื่อใหม่", weight="๓๐.๕", level_5="92", conditions=""),
    )

    assert answer.url == reverse("desk:agreement", args=[D1])
    saved = fresh(line)
    assert (saved.name, str(saved.weight), saved.level_5, saved.conditions, saved.version) == (
        "ชื่อใหม่",
        "30.50",
        92,
        "",
        2,
    )


def test_saving_can_stay_on_the_sheet(world, line, send):
    answer = send(world.people.staff, "desk:line", D1, line.pk, **sent(line, name="ใหม่", stay="1"))

    assert answer.url == reverse("desk:line", args=[D1, line.pk])


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("weight", "101", "ไม่เกิน 100"),
        ("weight", "-1", "ไม่น้อยกว่า 0"),
        ("target", "10^400", "10^3"),
        ("level_3", "NaN", "ใช้เป็นค่าไม่ได้"),
        ("past_1", "ไม่มี", "ไม่ใช่ตัวเลข"),
        ("definition", "ก" * 100_000, "100,000"),
        ("dimension", "999999", "เลือก"),
        ("plan_item", "999999", "เลือก"),
    ],
)
def test_a_bad_value_is_refused_at_its_field_and_all_the_rest_is_kept(world, line, send, words, name, typed, sentence):
    answer = send(
        world.people.staff, "desk:line", D1, line.pk, **sent(line, **{"conditions": "เงื่อนไขที่พิมพ์ไว้", name: typed})
    )

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, [name])
    assert sentence in words(answer)
    assert (form["conditions"].value(), form[name].value()) == ("เงื่อนไขที่พิมพ์ไว้", typed)
    assert fresh(line).version == 1


def test_another_plans_item_cannot_be_referred_to(world, line, send):
    foreign = world.unit("IMM").action_plans.get().items.filter(kind="indicator").first()

    answer = send(world.people.staff, "desk:line", D1, line.pk, **sent(line, plan_item=foreign.pk))
    assert "plan_item" in answer.context["form"].errors


def test_another_agreements_line_is_not_found_here(world, line, visit, send):
    other = world.walk("IMM-D2").agreement.lines.first()

    for answer in (
        visit(world.people.staff, "desk:line", D1, other.pk),
        send(world.people.staff, "desk:line", D1, other.pk, **sent(other)),
        send(world.people.staff, "desk:line_field", D1, other.pk, **sent(other)),
        send(world.people.staff, "desk:remove_line", D1, other.pk),
    ):
        assert answer.status_code == 404


def test_start_and_step_fill_the_levels_without_javascript(world, line, send):
    answer = send(
        world.people.staff, "desk:line", D1, line.pk, **sent(line, start="๓๐", step="−๓", fill="1", name="ยังไม่บันทึก")
    )

    form = answer.context["form"]
    assert [form[f"level_{n}"].value() for n in range(1, 6)] == ["๓๐", "๒๗", "๒๔", "๒๑", "๑๘"]
    assert (form["name"].value(), fresh(line).version) == ("ยังไม่บันทึก", 1)


def test_levels_are_not_filled_from_nothing(world, line, send, words):
    answer = send(world.people.staff, "desk:line", D1, line.pk, **sent(line, start="30", step="0", fill="1"))

    assert "ช่วงปรับเกณฑ์ที่ไม่เป็น 0" in words(answer)


def test_enter_does_not_fill_levels_but_saves(line, world, visit):
    """The first button of the form is what Enter presses."""
    page = visit(world.people.staff, "desk:line", D1, line.pk).content.decode()
    form = page[page.index('id="sheet-form"') :]

    assert form.index('name="stay"') < form.index('name="fill"')


def test_each_sheet_leads_to_its_neighbours(world, draft, visit, words):
    first, second, third = draft.lines.all()[:3]
    page = visit(world.people.staff, "desk:line", D1, second.pk).content.decode()

    for neighbour in (first, third):
        assert reverse("desk:line", args=[D1, neighbour.pk]) in page
    assert "ตัวที่ 1 จาก 6" in words(visit(world.people.staff, "desk:line", D1, first.pk))


def test_a_line_whose_criteria_cannot_measure_last_year_says_so(world, line, visit, words):
    Line.objects.filter(pk=line.pk).update(kind="milestone", past_1="2.5", **{f"text_{n}": "ขั้น" for n in range(1, 6)})

    assert "ขั้นตอนที่ทำได้เป็นจำนวนเต็มตั้งแต่ 0 ถึง 5" in words(visit(world.people.staff, "desk:line", D1, line.pk))


# Each field by itself


def test_a_field_saves_itself_and_answers_with_what_that_changes(autosave, line):
    answer = autosave(line, "past_1", "๘๔")
    page = answer.content.decode()

    assert (answer.status_code, fresh(line).past_1, fresh(line).version) == (200, 84, 2)
    assert 'id="version" value="2"' in page
    assert "๓.๐๐๐๐" in page
    assert 'id="weight-bar"' in page


def test_only_the_field_that_was_left_is_saved(autosave, line):
    autosave(line, "definition", "นิยามใหม่", name="ชื่อที่ยังพิมพ์ไม่เสร็จ")

    assert (fresh(line).definition, fresh(line).name) == ("นิยามใหม่", line.name)


def test_a_field_in_error_says_so_and_is_not_saved_while_others_are(autosave, line):
    wrong = autosave(line, "weight", "สิบ")
    assert wrong.status_code == 422
    assert 'id="weight_autosave"' in wrong.content.decode()

    right = autosave(line, "definition", "นิยามใหม่", weight="สิบ")
    assert (right.status_code, fresh(line).definition, fresh(line).weight) == (200, "นิยามใหม่", line.weight)


@pytest.mark.parametrize("name", ["start", "agreement", "version", "", "position"])
def test_what_is_no_field_of_the_sheet_is_not_saved(autosave, line, name):
    answer = autosave(line, name or "nothing", "1")

    assert answer.status_code == 422
    assert fresh(line).version == 1


def test_a_field_somebody_else_saved_meanwhile_shows_theirs_and_keeps_mine(world, autosave, line):
    save_line(line, {"definition": "ของเขา"}, version=1, actor=world.people.staff, at=world.at())
    answer = autosave(line, "definition", "ของเรา")

    assert answer.status_code == 409
    assert "ของเขา" in answer.content.decode()
    assert fresh(line).definition == "ของเขา"


# Two texts


@pytest.fixture
def clash(world, line, send):
    """Two texts for one field; somebody else changed another one too, which this page left alone."""
    page = sent(line, definition="ของเรา", conditions="เพิ่มเติมของเรา")
    save_line(
        line, {"definition": "ของเขา", "formula": "สูตรของเขา"}, version=1, actor=world.people.staff, at=world.at()
    )
    return send(world.people.staff, "desk:line", D1, line.pk, **page)


def again(clash, **chosen):
    """What the page of the two texts sends."""
    context = clash.context
    return dict(context["kept"]) | {context["version_field"]: context["version"]} | chosen


def test_a_stale_sheet_shows_both_texts_of_what_was_typed_and_saves_nothing(clash, line, words):
    assert clash.status_code == 409
    assert [each.name for each in clash.context["clashes"]] == ["definition", "conditions"]
    assert "ของเขา" in words(clash)
    assert "ของเรา" in words(clash)
    assert (fresh(line).definition, fresh(line).conditions) == ("ของเขา", line.conditions)


def test_mine_can_be_taken_and_what_i_left_alone_stays_theirs(world, clash, line, send):
    send(world.people.staff, "desk:line", D1, line.pk, **again(clash, definition="ของเรา", conditions="เพิ่มเติมของเรา"))

    saved = fresh(line)
    assert (saved.definition, saved.conditions, saved.formula) == ("ของเรา", "เพิ่มเติมของเรา", "สูตรของเขา")


def test_theirs_can_be_kept_field_by_field(world, clash, line, send):
    send(world.people.staff, "desk:line", D1, line.pk, **again(clash, definition="ของเขา", conditions="เพิ่มเติมของเรา"))

    saved = fresh(line)
    assert (saved.definition, saved.conditions, saved.formula) == ("ของเขา", "เพิ่มเติมของเรา", "สูตรของเขา")


def test_a_third_text_meanwhile_asks_once_more(world, clash, line, send):
    save_line(line, {"definition": "ของคนที่สาม"}, version=2, actor=world.people.staff, at=world.at())

    answer = send(world.people.staff, "desk:line", D1, line.pk, **again(clash, definition="ของเรา", conditions="x"))
    assert answer.status_code == 409
    assert fresh(line).definition == "ของคนที่สาม"


def test_a_choice_and_a_number_are_shown_as_people_read_them(world, line, send):
    page = sent(line, source="mission", weight="30")
    save_line(line, {"source": "mandatory", "weight": 20}, version=1, actor=world.people.staff, at=world.at())

    clashes = {
        each.name: each for each in send(world.people.staff, "desk:line", D1, line.pk, **page).context["clashes"]
    }
    assert (clashes["source"].theirs, clashes["source"].mine) == ("ภาคบังคับ", "ตามพันธกิจ")
    assert (clashes["source"].theirs_sent, clashes["source"].mine_sent) == ("mandatory", "mission")
    assert (clashes["weight"].theirs, clashes["weight"].mine) == ("๒๐.๐๐", "๓๐.๐๐")


# Who may not


@pytest.mark.parametrize("who", ["office", "head", "negotiator", "auditor"])
def test_who_may_not_write_reads_the_sheet_and_why(world, visit, send, words, who):
    agreement = world.agreement("informal", "staff")
    line = agreement.lines.first()
    page = visit(world.people.get(who), "desk:line", D1, line.pk)

    assert "เฉพาะเจ้าหน้าที่แผนของ บก.ตม.1" in words(page)
    assert "<textarea" not in page.content.decode()
    faulty = send(world.people.get(who), "desk:line", D1, line.pk, **sent(line, weight="ไม่ใช่ตัวเลข"))
    assert faulty.status_code == 403


def test_what_was_typed_while_the_session_ran_out_comes_back_with_its_version(world, line, client):
    """Somebody saves meanwhile: after signing in again the typed text is still that of the old page."""
    typed = client.post(reverse("desk:line", args=[D1, line.pk]), sent(line, definition="ของเรา"))
    save_line(line, {"definition": "ของเขา"}, version=1, actor=world.people.staff, at=world.at())
    carried = typed.context["form"]["carried"].value()
    page = client.post(
        reverse("accounts:sign_in"),
        {"username": "kamolchanok", "password": world.password, "carried": carried},
        follow=True,
    )

    form = page.context["form"]
    assert form["definition"].value() == "ของเรา"
    assert 'name="version" id="version" value="1"' in page.content.decode()


# Adding and removing


def test_a_new_line_is_asked_for_its_dimension_and_made_once(world, draft, visit, send):
    page = visit(world.people.staff, "desk:add_line", D1)
    key = page.content.decode().split('name="idempotency" value="')[1][:32]
    form = {"dimension": draft.framework.dimensions.get(number=3).pk, "name": "ใหม่", "idempotency": key}

    first, second = (send(world.people.staff, "desk:add_line", D1, **form) for _time in range(2))
    line = draft.lines.get(name="ใหม่")
    assert first.url == reverse("desk:line", args=[D1, line.pk])
    assert second.url == reverse("desk:agreement", args=[D1])


def test_without_a_dimension_the_name_is_kept(world, draft, send, words):
    answer = send(world.people.staff, "desk:add_line", D1, name="ชื่อที่พิมพ์ไว้")

    assert answer.status_code == 422
    assert "โปรดเลือกมิติ" in words(answer)
    assert answer.context["form"]["name"].value() == "ชื่อที่พิมพ์ไว้"


def test_removing_asks_first(world, line, visit, send, words):
    assert f"ลบ “{line.name}”" in words(visit(world.people.staff, "desk:remove_line", D1, line.pk))
    assert fresh(line)

    send(world.people.staff, "desk:remove_line", D1, line.pk)
    assert not Line.objects.filter(pk=line.pk).exists()


# An indicator with parts


@pytest.fixture
def whole(world, line):
    add_line(line.agreement, line.dimension, parent=line, name="ย่อย", actor=world.people.staff, at=world.at())
    return line


def test_an_indicator_with_parts_is_saved_by_its_form_and_field_by_field(world, whole, send, autosave):
    address = ("desk:line", D1, whole.pk)
    answer = send(world.people.staff, *address, **sent(whole, definition="นับทุกด่าน"))
    assert (answer.status_code, fresh(whole).definition) == (302, "นับทุกด่าน")
    assert send(world.people.staff, *address, **sent(whole, look="1")).status_code == 200

    answer = autosave(fresh(whole), "name", "ชื่อที่ใช้รวม")
    assert (answer.status_code, fresh(whole).name) == (200, "ชื่อที่ใช้รวม")


def test_what_was_typed_before_somebody_made_parts_is_told_and_not_dropped(world, line, send, words):
    page = sent(line, unit_of_measure="ร้อยละของคำขอ", conditions="ใหม่", collector_2=str(world.people.staff.pk))
    add_line(line.agreement, line.dimension, parent=line, name="ย่อย", actor=world.people.staff, at=world.at())
    answer = send(world.people.staff, "desk:line", D1, line.pk, **page)

    assert (answer.status_code, fresh(line).conditions) == (422, line.conditions)
    assert "ร้อยละของคำขอ" in words(answer)
    assert "แบ่งตัวชี้วัดนี้เป็นตัวชี้วัดย่อย" in words(answer)


def test_the_key_of_a_page_that_no_page_of_ours_has_is_none(world, line, autosave):
    """PostgreSQL keeps no NUL, and refuses the whole save."""
    answer = autosave(line, "name", "ใหม่", page="\x00abc")
    assert (answer.status_code, fresh(line).written_from) == (200, "")


def test_a_field_that_its_kind_does_not_ask_for_is_refused_with_a_sentence(line, autosave):
    answer = autosave(line, "upper_2", "x")
    assert answer.status_code == 422
