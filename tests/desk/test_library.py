"""The pages of the indicator library, and what agreements show of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from acts.idempotency import new_key
from agreements.library import object_to_version, said_of, version_advice
from agreements.mandates import push
from agreements.models import Line, SheetAnswer
from desk.library_page import answers_context
from indicators.library import add_sheet, save_draft
from indicators.models import Sheet, SheetDraft
from tests import shelf
from tests.desk.asking import filled

D1 = "2570-IMM-D1"
DIMENSIONS = {f"dimension_{tier}": "1" for tier in (1, 2, 3)}


@pytest.fixture
def sheet(world):
    return shelf.put(world)


@pytest.fixture
def mandatory(world, sheet):
    """The sheet in the draft of บก.ตม.1."""
    draft = world.draft
    push(sheet, world.year, tiers=(3,), dimension=2, by=world.people.planner, at=world.at())
    return Line.objects.get(sheet=sheet, agreement=draft)


# Looking for sheets


@pytest.mark.parametrize(
    "typed",
    ["เรื่องร้องเรียน", "ร้อยละ ร้องเรียน", "ร้อยละของเรื่อง ร้องเรียน", "RTP-01", "rtp-๐๑", "สำนักงานตำรวจ", "ภายในปีงบ"],
)
def test_a_sheet_is_found_by_name_code_definition_and_owner(world, sheet, visit, typed):
    shelf.put(world, "IMM-01", owner="IMM", name="จำนวนวันเฉลี่ย", definition="วันทำการ")
    page = visit(world.people.stranger, "desk:library", q=typed)
    assert [row["sheet"].code for row in page.context["rows"]] == ["RTP-01"]


def test_spaces_and_thai_digits_make_no_difference(world, visit):
    shelf.put(world, name="ร้อยละ ของเรื่องที่แล้วเสร็จภายใน ๑๕ วัน")
    for typed in ("ร้อยละของเรื่องที่แล้วเสร็จภายใน15วัน", "ภายใน ๑๕วัน"):
        assert visit(world.people.staff, "desk:library", q=typed).context["found"].count == 1, typed


def test_sheets_are_found_by_the_year_they_are_used_in(world, mandatory, visit):
    shelf.put(world, "RTP-02", name="อื่น")

    def codes(**asked):
        rows = visit(world.people.staff, "desk:library", **asked).context["rows"]
        return [row["sheet"].code for row in rows]

    assert codes() == ["RTP-01", "RTP-02"]
    assert codes(year="2570") == ["RTP-01"]


def test_a_draft_is_seen_by_its_keepers_alone(world, visit):
    add_sheet("RTP-09", world.unit("RTP"), "mandatory", shelf.CONTENT, by=world.people.planner, at=world.at())
    assert visit(world.people.staff, "desk:sheet", "RTP-09").status_code == 404
    assert visit(world.people.staff, "desk:library").context["found"].count == 0
    assert visit(world.people.planner, "desk:sheet", "RTP-09").status_code == 200


# Writing


def test_a_sheet_is_written_published_and_changed(world, visit, send, words):
    planner = world.people.planner
    page = visit(planner, "desk:new_sheet")
    typed = filled(page.context["form"]) | {name: str(value) for name, value in shelf.CONTENT.items()}
    typed |= {"code": "rtp-๐๗", "unit_sets": ["weight", "target"], **{f"level_{n}": str(n) for n in range(1, 6)}}
    assert send(planner, "desk:new_sheet", **typed).url == "/library/RTP-07/"
    form = visit(planner, "desk:publish_sheet", "RTP-07").context["form"]
    send(planner, "desk:publish_sheet", "RTP-07", **filled(form))
    assert Sheet.objects.get(code="RTP-07").current.number == 1

    changed = filled(visit(planner, "desk:edit_sheet", "RTP-07").context["form"])
    changed |= {"definition": "คำนิยามใหม่", "version": "0", "unit_sets": ["weight", "target"]}
    send(planner, "desk:edit_sheet", "RTP-07", **changed)
    form = visit(planner, "desk:publish_sheet", "RTP-07").context["form"]
    refused = send(planner, "desk:publish_sheet", "RTP-07", **filled(form))
    assert (refused.status_code, "โปรดระบุสิ่งที่ปรับปรุง" in words(refused)) == (422, True)
    day = f"{world.at(days=400):%d/%m/%Y}"
    send(planner, "desk:publish_sheet", "RTP-07", **filled(form) | {"note": "เหตุผล", "answer_by": day})
    page = visit(planner, "desk:sheet", "RTP-07", **{"from": "1", "to": "2"})
    (row,) = page.context["compared"]["rows"]
    assert (row["label"], "คำนิยามใหม่" in words(page)) == ("นิยาม", True)


def test_a_code_that_is_taken_is_told_and_nothing_is_lost(world, sheet, visit, send):
    typed = filled(visit(world.people.planner, "desk:new_sheet").context["form"]) | {"unit_sets": ["weight"]}
    answer = send(world.people.planner, "desk:new_sheet", **typed | {"code": "RTP-01", "name": "อีกตัวชี้วัดหนึ่ง"})
    assert (answer.status_code, answer.context["form"]["name"].value()) == (409, "อีกตัวชี้วัดหนึ่ง")


def test_a_stale_draft_shows_both_texts(world, sheet, visit, send, words):
    planner = world.people.planner
    typed = filled(visit(planner, "desk:edit_sheet", "RTP-01").context["form"]) | {"unit_sets": sheet.current.unit_sets}
    send(planner, "desk:edit_sheet", "RTP-01", **typed | {"definition": "ของคนแรก", "version": "0"})
    answer = send(planner, "desk:edit_sheet", "RTP-01", **typed | {"definition": "ของคนที่สอง", "version": "0"})
    assert answer.status_code == 409
    assert all(text in words(answer) for text in ("ของคนแรก", "ของคนที่สอง"))
    assert SheetDraft.objects.get().definition == "ของคนแรก"


def test_the_levels_are_filled_without_saving(world, sheet, send):
    planner = world.people.planner
    answer = send(planner, "desk:edit_sheet", "RTP-01", kind="quantitative", start="10", step="5", fill="1")
    assert [answer.context["form"][f"level_{n}"].value() for n in (1, 5)] == ["๑๐", "๓๐"]
    assert not SheetDraft.objects.exists()


def test_a_draft_is_discarded_and_with_it_a_sheet_that_was_never_published(world, sheet, visit, send):
    planner, at = world.people.planner, world.at()
    save_draft(sheet, {"definition": "ผิด"}, version=0, by=planner, at=at)
    add_sheet("RTP-09", world.unit("RTP"), "mandatory", shelf.CONTENT, by=planner, at=at)
    for code, leads in (("RTP-01", "/library/RTP-01/"), ("RTP-09", "/library/")):
        version = visit(planner, "desk:discard_draft", code).context["draft"].version
        stale = send(planner, "desk:discard_draft", code, version=version + 1, idempotency=new_key())
        assert (stale.status_code, SheetDraft.objects.filter(sheet__code=code).exists()) == (409, True)
        assert send(planner, "desk:discard_draft", code, version=version, idempotency=new_key()).url == leads
    assert not SheetDraft.objects.exists()
    assert list(Sheet.objects.values_list("code", flat=True)) == ["RTP-01"]
    assert Sheet.objects.get().current == sheet.current


@pytest.mark.parametrize(
    "route", ["edit_sheet", "discard_draft", "publish_sheet", "retire_sheet", "push_sheet", "sheet_answers"]
)
@pytest.mark.parametrize("who", ["staff", "administrator", "stranger", "superior"])
def test_nobody_outside_the_owners_planning_office_writes(world, sheet, visit, send, words, route, who):
    answer = visit(world.people.get(who), f"desk:{route}", "RTP-01")
    assert (answer.status_code, "เฉพาะหน่วยงานด้านแผน" in words(answer)) == (403, True)
    if route != "sheet_answers":
        sent = send(world.people.get(who), f"desk:{route}", "RTP-01", why="x", definition="x", tiers="3", **DIMENSIONS)
        assert sent.status_code == 403
    assert not SheetDraft.objects.exists()


def test_units_are_named_by_code_or_by_an_abbreviation_of_their_own(world, sheet, visit, send, words):
    form = visit(world.people.planner, "desk:push_sheet", "RTP-01", year="2570").context["form"]
    url = reverse("desk:push_sheet", args=["RTP-01"]) + "?year=2570"

    def pushed(units):
        client = Client()
        client.force_login(world.people.planner)
        return client.post(url, filled(form) | {"units": units, "tiers": [], **DIMENSIONS, "idempotency": new_key()})

    for wrong in ("ไม่มีหน่วยนี้", "IMM-D1, xyz"):
        assert pushed(wrong).status_code == 422
    assert pushed("imm-d1,\nบก.ตม.2").status_code == 302
    assert {mandate.unit.code for mandate in sheet.mandates.all()} == {"IMM-D1", "IMM-D2"}


def test_a_mandate_is_taken_back_by_its_page_which_says_what_becomes_of_the_lines(world, mandatory, visit, send, words):
    planner, mandate = world.people.planner, mandatory.sheet.mandates.get()
    assert "take-back" in visit(planner, "desk:sheet", "RTP-01").content.decode()
    assert "take-back" not in visit(world.people.staff, "desk:sheet", "RTP-01").content.decode()
    page = visit(planner, "desk:take_back_mandate", "RTP-01", mandate.pk)
    assert (page.context["reach"].freed, "ที่ยังไม่ลงนาม 1 ฉบับ" in words(page)) == (1, True)
    empty = send(planner, "desk:take_back_mandate", "RTP-01", mandate.pk, why=" ", idempotency=new_key())
    assert (empty.status_code, Line.objects.get(pk=mandatory.pk).mandated) == (422, True)

    given = {"why": "ใช้ตัวชี้วัดอื่นแทน", "idempotency": new_key()}
    send(planner, "desk:take_back_mandate", "RTP-01", mandate.pk, **given)
    assert not Line.objects.get(pk=mandatory.pk).mandated
    assert send(planner, "desk:take_back_mandate", "RTP-01", mandate.pk, **given).status_code == 404
    history = words(visit(world.people.staff, "desk:history", D1))
    assert all(text in history for text in ("ยกเลิกการกำหนด", "ใช้ตัวชี้วัดอื่นแทน"))
    assert send(world.people.staff, "desk:remove_line", D1, mandatory.pk).status_code == 302


# In agreements


def test_locked_fields_are_read_with_the_reason_and_who_can_help(world, mandatory, visit, words):
    page = visit(world.people.staff, "desk:line", D1, mandatory.pk)
    fields = page.context["form"].fields
    assert {"definition", "name", "level_1", "kind", "source"} <= {name for name in fields if fields[name].disabled}
    assert not any(fields[name].disabled for name in ("weight", "target", "past_1"))
    assert all(text in words(page) for text in ("RTP-01", "หน่วยกำหนดเองได้เฉพาะ", "สุดา"))


def test_what_is_posted_to_a_locked_field_changes_nothing_and_says_so(world, mandatory, visit, send, words):
    typed = filled(visit(world.people.staff, "desk:line", D1, mandatory.pk).context["form"])
    typed |= {"version": mandatory.version, "weight": "5"}
    answer = send(world.people.staff, "desk:line", D1, mandatory.pk, **typed | {"definition": "ของหน่วยเอง"})
    assert (answer.status_code, "จึงไม่มีการแก้ไขใด ๆ" in words(answer)) == (422, True)
    assert Line.objects.get(pk=mandatory.pk).weight == 0
    assert send(world.people.staff, "desk:line", D1, mandatory.pk, **typed).status_code == 302
    line = Line.objects.get(pk=mandatory.pk)
    assert (line.weight, line.definition) == (5, shelf.CONTENT["definition"])


def test_a_locked_field_is_not_saved_by_itself_either(world, mandatory, client):
    client.force_login(world.people.staff)
    url, header = reverse("desk:line_field", args=[D1, mandatory.pk]), {"HX-Trigger-Name": "definition"}
    answer = client.post(url, {"definition": "ของหน่วยเอง", "version": mandatory.version}, headers=header)
    assert answer.status_code == 422
    assert Line.objects.get(pk=mandatory.pk).definition == shelf.CONTENT["definition"]


def test_it_can_not_be_removed_by_its_page(world, mandatory, send):
    assert send(world.people.staff, "desk:remove_line", D1, mandatory.pk).status_code == 403
    assert Line.objects.filter(pk=mandatory.pk).exists()


def test_a_sheet_is_taken_from_the_library_once(world, sheet, visit, send):
    agreement, staff = world.draft, world.people.staff
    form = visit(staff, "desk:take_sheet", D1, q="ร้องเรียน").context["form"]
    given = {"idempotency": form["idempotency"].value(), "sheet": "RTP-01"}
    given |= {"dimension": agreement.framework.dimensions.first().pk}
    answer = send(staff, "desk:take_sheet", D1, **given)
    line = agreement.lines.get(sheet=sheet)
    assert (answer.url, line.mandated, line.definition) == (
        f"/agreements/{D1}/lines/{line.pk}/",
        False,
        shelf.CONTENT["definition"],
    )
    send(staff, "desk:take_sheet", D1, **given)
    send(staff, "desk:take_sheet", D1, **given | {"idempotency": new_key()})
    assert agreement.lines.filter(sheet=sheet).count() == 1


def test_a_changed_sheet_is_answered_from_the_list_of_work(world, mandatory, visit, send, words):
    staff, planner = world.people.staff, world.people.planner
    shelf.change(world, shelf.fresh(mandatory.sheet), definition="นับเฉพาะที่มีหลักฐาน", answer_in=4000)
    home = visit(staff, "desk:home")
    assert [each["line"] for each in home.context["changed"]] == [mandatory]
    assert "นับเฉพาะที่มีหลักฐาน" in words(visit(staff, "desk:line", D1, mandatory.pk))

    empty = send(staff, "desk:answer_version", D1, mandatory.pk, object="1", reason=" ", idempotency=new_key())
    assert (empty.status_code, "โปรดระบุเหตุผลที่คัดค้าน" in words(empty)) == (422, True)
    send(staff, "desk:answer_version", D1, mandatory.pk, object="1", reason="ไม่มีข้อมูล", idempotency=new_key())
    table = visit(planner, "desk:sheet_answers", "RTP-01")
    (row,) = table.context["page"].object_list
    assert (row.said, "ไม่มีข้อมูล" in words(table)) == ("objected", True)

    form = visit(staff, "desk:answer_version", D1, mandatory.pk).context["library"]["change"]["accept"]
    send(staff, "desk:answer_version", D1, mandatory.pk, accept="1", **filled(form))
    assert Line.objects.get(pk=mandatory.pk).definition == "นับเฉพาะที่มีหลักฐาน"
    assert SheetAnswer.objects.get().accepted
    assert not visit(staff, "desk:home").context["changed"]
    assert visit(planner, "desk:sheet_answers", "RTP-01").context["page"].object_list[0].said == "accepted"


def test_who_is_late_stands_in_the_table_and_the_settled_are_only_told(world, mandatory, visit):
    version = shelf.change(world, shelf.fresh(mandatory.sheet), definition="ใหม่")
    context = answers_context(shelf.fresh(mandatory.sheet), version, world.at(days=99).date())
    assert [row.said for row in context["page"].object_list] == ["late"]
    mandatory.agreement.stage = "signing"
    assert said_of(mandatory, version, None, world.at(days=99).date()) == "told"


def test_a_difference_without_answer_is_told_before_submission_and_what_holds_after_its_day(
    world, mandatory, visit, words
):
    staff, sheet = world.people.staff, shelf.fresh(mandatory.sheet)
    assert not visit(staff, "desk:agreement", D1).context["version_advice"]
    version = shelf.change(world, sheet, definition="นับเฉพาะที่มีหลักฐาน", answer_in=4000)
    for page in (visit(staff, "desk:agreement", D1), visit(staff, "desk:move", D1, "hand_to_office")):
        (advice,) = page.context["version_advice"]
        assert advice.where.endswith(f"/lines/{mandatory.pk}/version/")
        assert all(text in words(page) for text in ("RTP-01", "ฉบับที่ 2", "ยังใช้ฉบับที่ 1"))
    agreement = mandatory.agreement
    late = [each.sentence for each in version_advice(agreement, version.answer_by + timedelta(days=1))]
    assert ["พ้นกำหนด" in sentence for sentence in late] == [True]
    send_objection = {"actor": staff, "at": world.at()}
    object_to_version(line_with_sheet(mandatory), version, "ไม่มีข้อมูล", **send_objection)
    (objected,) = visit(staff, "desk:agreement", D1).context["version_advice"]
    assert "คัดค้าน" in objected.sentence
    assert not any("RTP-01" in each.sentence for each in visit(staff, "desk:agreement", D1).context["missing"])


def line_with_sheet(line):
    return Line.objects.select_related("agreement", "sheet__current", "sheet_version").get(pk=line.pk)


def test_no_part_is_offered_of_a_mandatory_sheet(world, mandatory, visit):
    code, staff = mandatory.agreement.code, world.people.staff
    other = mandatory.agreement.lines.exclude(pk=mandatory.pk).first()
    assert f"part_of={mandatory.pk}" not in visit(staff, "desk:line", code, mandatory.pk).content.decode()
    assert f"part_of={other.pk}" in visit(staff, "desk:line", code, other.pk).content.decode()
    offered = dict(visit(staff, "desk:add_line", code).context["form"].fields["parent"].choices)
    assert str(other.pk) in offered
    assert str(mandatory.pk) not in offered
