"""The self-assessment report: its card, the result of each indicator with its score, the evidence."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agreements.stages import Stage
from results.models import Evidence, Report
from results.rules import current_report
from results.write import save_result
from tests.results.files import PDF, docx, picture, xlsx
from tests.results.three_lines import RESULTS, report_lines, three_lines
from tests.world import ON

D1 = "2570-IMM-D1"
FINAL = (D1, 3)


def results_of(agreement):
    """The results of the current report by the lines' numbers."""
    return dict(zip(RESULTS, current_report(agreement, on=ON).results.all(), strict=True))


def place(result):
    return (D1, result.report.round.position, result.line_id)


@pytest.fixture
def assessed(world):
    """The three lines at self-assessment, nothing reported yet."""
    return three_lines(world)


@pytest.fixture
def first(assessed):
    return results_of(assessed)["1.1"]


# The report


def test_what_is_not_reported_says_so_and_has_neither_score_nor_total(world, visit, words, assessed):
    page = words(visit(world.people.staff, "desk:report", *FINAL))

    assert page.count("ยังไม่รายงาน") >= 3
    assert "ยังไม่มีตัวชี้วัดใดรายงานผล จึงยังไม่มีคะแนนรวม" in page
    assert "0.0000" not in page


def test_the_card_shows_scores_contributions_and_both_denominators(world, visit, words, assessed):
    report_lines(world, assessed, {"1.1": "86.02", "1.2": "20.1"}, evidence=False)

    page = words(visit(world.people.staff, "desk:report", *FINAL))

    for shown in ("86.02", "3.6733", "1.8367", "4.3000", "1.2900"):
        assert shown in page
    assert "3.1267 หารด้วยน้ำหนักที่ใช้ทั้งหมด 100 ซึ่งรายงานแล้วเพียง 80" in page
    assert "หารด้วยเฉพาะน้ำหนักของตัวชี้วัดที่รายงานแล้ว 80 จากทั้งหมด 100 3.9083" in page
    assert "ยังไม่รายงาน 1 ตัวชี้วัด" in page


def test_what_is_missing_leads_to_where_it_is_mended(world, visit, assessed):
    report_lines(world, assessed, {"1.1": "86.02"}, evidence=False)
    first, second, _third = results_of(assessed).values()

    page = visit(world.people.staff, "desk:report", *FINAL).content.decode()

    assert f'href="{reverse("desk:result", args=place(first))}#evidence"' in page
    assert f'href="{reverse("desk:result", args=place(second))}#value"' in page


def test_a_complete_report_is_sent_from_its_own_page(world, visit, words):
    three_lines(world, Stage.ASSESSMENT, "office")
    answer = visit(world.people.office, "desk:report", *FINAL)
    assert "ทุกตัวชี้วัดมีผลและหลักฐานครบ ส่งรายงานได้" in words(answer)
    assert reverse("desk:move", args=[D1, "send_report"]) in answer.content.decode()


def test_rounds_are_changed_over_and_a_later_one_waits(world, visit, words):
    agreement = three_lines(world, rounds=2)
    page = visit(world.people.staff, "desk:report", D1, 1).content.decode()
    assert all(f'href="{reverse("desk:report", args=[D1, position])}"' in page for position in (1, 3))
    later = agreement.reports.last().results.first()
    assert "รายงานรอบก่อนหน้านี้ยังไม่เสร็จสิ้น" in words(visit(world.people.staff, "desk:result", *place(later)))


def test_a_round_that_the_year_does_not_have_is_not_found(world, visit, assessed):
    assert visit(world.people.staff, "desk:report", D1, 2).status_code == 404


# A result


def typed(result, **more):
    """What the form of a result posts."""
    return {
        "value": "",
        "narrative": "",
        "factors": "",
        "obstacles": "",
        "remedies": "",
        "version": result.version,
        **more,
    }


@pytest.mark.parametrize(
    ("text", "value"), [("๘๖.๐๒", "86.02"), ("1,234.5", "1234.5"), ("๑,๒๓๔.๕", "1234.5"), ("−3", "-3"), ("0", "0")]
)
def test_a_number_is_understood_as_people_type_it(world, send, first, text, value):
    answer = send(world.people.staff, "desk:result", *place(first), **typed(first, value=text))
    assert answer.status_code == 302
    first.refresh_from_db()
    assert first.value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("NaN", "“NaN” ใช้เป็นค่าไม่ได้"),
        ("Infinity", "“Infinity” ใช้เป็นค่าไม่ได้"),
        ("10^400", "โปรดกรอกตัวเลขเต็ม"),
        ("1e400", "โปรดกรอกตัวเลขเต็ม"),
        ("9" * 400, "ตัวเลขนี้ยาวเกินไป"),
        ("1.00001", "ตัวเลขนี้ยาวเกินไป"),
        ("N/A", "หากยังไม่มีค่า"),
        ("86,02", "เครื่องหมายจุลภาค"),
        ("86 ร้อยละ", "ไม่ใช่ตัวเลข"),
    ],
)
def test_what_is_not_a_number_is_said_at_its_field_and_the_rest_is_kept(world, send, words, first, text, sentence):
    posted = typed(first, value=text, narrative="ตรวจแล้ว ๑๒ ครั้ง", remedies="เพิ่มช่องตรวจ")

    answer = send(world.people.staff, "desk:result", *place(first), **posted)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert answer.context["form"]["value"].value() == text
    assert answer.context["form"]["narrative"].value() == "ตรวจแล้ว ๑๒ ครั้ง"
    first.refresh_from_db()
    assert (first.value, first.narrative) == (None, "")


def test_a_step_that_does_not_exist_is_said_at_its_field(world, send, words, assessed):
    steps = results_of(assessed)["4.1"]
    answer = send(world.people.staff, "desk:result", *place(steps), **typed(steps, value="2.5"))
    assert answer.status_code == 422
    assert "โปรดกรอกขั้นตอนที่ทำได้เป็นจำนวนเต็มตั้งแต่ 0 ถึง 5" in words(answer)


def test_a_hundred_thousand_characters_are_refused_and_not_lost(world, send, words, first):
    text = "ก" * 100_000
    answer = send(world.people.staff, "desk:result", *place(first), **typed(first, narrative=text, value="86"))
    assert answer.status_code == 422
    assert "ข้อความยาวเกินไป" in words(answer)
    assert text in answer.content.decode()


def test_saved_results_lead_on_to_the_next_line_and_at_last_back_to_the_report(world, send, assessed):
    first, second, third = results_of(assessed).values()
    staff = world.people.staff
    on = send(staff, "desk:result", *place(first), **typed(first, value="86"), on="1")
    back = send(staff, "desk:result", *place(third), **typed(third, value="3"), on="1")
    stay = send(staff, "desk:result", *place(second), **typed(second, value="21"))
    assert [on.url, back.url, stay.url] == [
        reverse("desk:result", args=place(second)),
        reverse("desk:report", args=FINAL),
        reverse("desk:result", args=place(second)),
    ]


def test_the_score_with_its_working_is_there_without_javascript(world, send, visit, words, first):
    send(world.people.staff, "desk:result", *place(first), **typed(first, value="๘๖.๐๒"))
    page = words(visit(world.people.staff, "desk:result", *place(first)))
    assert "คะแนน 3.6733" in page
    assert "ระหว่างระดับ 3 (84) กับระดับ 4 (87)" in page
    assert "3.6733 × 50.00 ÷ 100 = 1.8367" in page


def test_a_stale_save_shows_both_texts_and_mine_can_go_over_theirs(world, send, words, first):
    staff = world.people.staff
    save_result(first, {"value": Decimal(85), "narrative": "ของผู้อื่น"}, version=1, actor=staff, at=world.at())

    answer = send(staff, "desk:result", *place(first), **typed(first, value="86", narrative="ของข้าพเจ้า"))

    assert answer.status_code == 409
    assert all(text in words(answer) for text in ("85", "86", "ของผู้อื่น", "ของข้าพเจ้า"))
    first.refresh_from_db()
    assert first.narrative == "ของผู้อื่น"

    again = send(staff, "desk:result", *place(first), **typed(first, value="86", narrative="ของข้าพเจ้า"))

    assert again.status_code == 302
    first.refresh_from_db()
    assert (first.value, first.narrative) == (86, "ของข้าพเจ้า")


# As it is typed (htmx)


@pytest.fixture
def leave(client):
    """leave(user, result, "value", …) → the answer to a field that saves itself when it is left."""

    def post(user, result, name, **data):
        client.force_login(user)
        address = reverse("desk:result_field", args=place(result))
        return client.post(address, typed(result, **data), headers={"HX-Request": "true", "HX-Trigger-Name": name})

    return post


def test_a_field_saves_itself_alone(world, leave, first):
    answer = leave(world.people.staff, first, "narrative", narrative="ตามแผน", value="ไม่ใช่ตัวเลข")
    assert answer.status_code == 200
    assert 'id="version" value="2" hx-swap-oob="true"' in answer.content.decode()
    first.refresh_from_db()
    assert (first.narrative, first.value) == ("ตามแผน", None)


def test_every_field_knows_where_it_saves_itself(world, visit, first):
    form = visit(world.people.staff, "desk:result", *place(first)).context["form"]
    address = reverse("desk:result_field", args=place(first))
    assert {field.widget.attrs["hx-post"] for field in form.fields.values()} == {address}


def test_a_field_that_cannot_be_saved_is_told_so(world, leave, words, first):
    wrong = leave(world.people.staff, first, "value", value="NaN")
    assert (wrong.status_code, "“NaN” ใช้เป็นค่าไม่ได้" in words(wrong)) == (422, True)
    unknown = leave(world.people.staff, first, "version")
    assert unknown.status_code == 422
    first.refresh_from_db()
    assert first.version == 1


def test_a_stale_field_is_told_what_stands_there(world, leave, words, first):
    save_result(first, {"narrative": "ของผู้อื่น"}, version=1, actor=world.people.staff, at=world.at())
    answer = leave(world.people.staff, first, "narrative", narrative="ของข้าพเจ้า")
    assert answer.status_code == 409
    assert "ของผู้อื่น" in words(answer)


def test_the_score_is_shown_as_it_is_typed_and_nothing_is_saved(world, visit, words, first):
    answer = visit(world.people.staff, "desk:result_score", *place(first), value="๘๖.๐๒")
    assert "3.6733" in words(answer)
    assert 'class="hit"' in answer.content.decode()
    first.refresh_from_db()
    assert (first.value, first.version) == (None, 1)


def test_what_cannot_be_scored_is_said_as_it_is_typed(world, visit, words, first):
    answer = visit(world.people.staff, "desk:result_score", *place(first), value="86,02")
    assert answer.status_code == 422
    assert "เครื่องหมายจุลภาค" in words(answer)


def test_a_result_in_another_unit_of_measure_is_said_as_it_is_typed_and_can_be_saved(world, visit, send, words, first):
    said = "0.86 ต่างจากตัวเลขของเกณฑ์ (78 ถึง 90) เกินสิบเท่า โปรดตรวจสอบว่ากรอกตามหน่วยวัด “ร้อยละ” แล้ว"
    staff = world.people.staff
    assert said in words(visit(staff, "desk:result_score", *place(first), value="0.86"))
    assert "เกินสิบเท่า" not in words(visit(staff, "desk:result_score", *place(first), value="86"))
    assert send(staff, "desk:result", *place(first), **typed(first, value="0.86")).status_code == 302
    assert said in words(visit(staff, "desk:result", *place(first)))


# Who reads and who writes


@pytest.mark.parametrize("who", ["head", "office", "evaluator", "superior", "auditor"])
def test_who_may_only_read_gets_a_page_to_read(world, visit, words, assessed, who):
    report_lines(world, assessed, RESULTS)
    answer = visit(world.people.get(who), "desk:result", *place(results_of(assessed)["1.1"]))
    assert answer.status_code == 200
    assert answer.context["form"] is None
    assert "<form" not in answer.content.decode().split("<main")[1].replace('method="get"', "")
    assert "เฉพาะเจ้าหน้าที่แผนของ บก.ตม.1 เท่านั้นที่รายงานผลได้" in words(answer)


@pytest.mark.parametrize("who", ["stranger", "neighbour", "administrator"])
def test_a_stranger_learns_nothing(world, visit, send, first, who):
    user = world.people.get(who)
    assert visit(user, "desk:report", *FINAL).status_code == 404
    assert visit(user, "desk:result", *place(first)).status_code == 404
    assert send(user, "desk:result", *place(first), **typed(first, value="1")).status_code == 404


def test_who_may_not_write_is_refused_even_with_a_form_that_is_wrong(world, send, words, first):
    answer = send(world.people.head, "desk:result", *place(first), **typed(first, value="NaN"))
    assert answer.status_code == 403
    assert "เฉพาะเจ้าหน้าที่แผนของ บก.ตม.1 เท่านั้นที่รายงานผลได้" in words(answer)


def test_the_line_of_another_agreement_is_not_found(world, visit, send, first):
    other = world.agreement(Stage.ASSESSMENT, code="IMM-D2").lines.first()
    assert visit(world.people.staff, "desk:result", D1, 3, other.pk).status_code == 404
    assert send(world.people.staff, "desk:result", D1, 3, other.pk, **typed(first, value="1")).status_code == 404


def test_after_the_session_ran_out_the_same_form_stands_there_with_every_character(world, client, first):
    text = "ดำเนินการ “ตามแผน” <b>&amp;</b> ๑๒๓\n" + "ก" * 5000
    address = reverse("desk:result", args=place(first))
    refused = client.post(
        address, typed(first, value="๘๖.๐๒", narrative=text), headers={"Referer": f"http://testserver{address}"}
    )
    carried = refused.context["form"]["carried"].value()

    login = {"username": "kamolchanok", "password": world.password, "carried": carried}
    page = client.post(reverse("accounts:sign_in"), login, follow=True)

    assert page.context["form"]["narrative"].value() == text
    assert page.context["form"]["value"].value() == "๘๖.๐๒"
    assert page.context["version"] == "1"
    first.refresh_from_db()
    assert first.value is None


# Evidence


def upload(send, user, result, name="รายงาน.pdf", content=PDF, proves=""):
    file = SimpleUploadedFile(name, content)
    return send(user, "desk:add_evidence", *place(result), file=file, proves=proves)


@pytest.mark.parametrize(
    ("name", "content"),
    [("ก.pdf", PDF), ("ข.png", picture("PNG")), ("ค.jpg", picture("JPEG")), ("ง.docx", docx()), ("จ.xlsx", xlsx())],
)
def test_a_file_of_each_kind_is_attached_and_listed(world, send, visit, words, first, name, content):
    answer = upload(send, world.people.staff, first, name, content, proves="สรุปทั้งปี")
    assert answer.url == reverse("desk:result", args=place(first)) + "#evidence"
    page = words(visit(world.people.staff, "desk:result", *place(first)))
    assert all(text in page for text in (name, "สรุปทั้งปี", world.people.staff.short_name_with_rank))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("ภาพ.pdf", picture("PNG"), "ไฟล์ชื่อ “ภาพ.pdf” แต่เนื้อหาเป็นชนิด png"),
        ("ว่าง.pdf", b"", "ไฟล์ไม่มีเนื้อหา"),
        ("หน้า.html", b"<script>alert(1)</script>", "ระบบรับเฉพาะไฟล์ pdf png jpg docx และ xlsx"),
        ("แมโคร.docx", docx(**{"word/vbaProject.bin": b"0"}), "ไฟล์นี้มีมาโคร"),
    ],
)
def test_a_wrong_file_is_said_at_its_field_and_what_it_proves_is_kept(
    world, send, words, first, name, content, sentence
):
    answer = upload(send, world.people.staff, first, name, content, proves="สรุปทั้งปี")
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert answer.context["evidence_form"].errors["file"]
    assert answer.context["evidence_form"]["proves"].value() == "สรุปทั้งปี"
    assert not Evidence.objects.exists()


def test_no_file_at_all_is_said_at_the_field(world, send, words, first):
    answer = send(world.people.staff, "desk:add_evidence", *place(first), proves="")
    assert (answer.status_code, "โปรดเลือกไฟล์ก่อน" in words(answer)) == (422, True)


def test_a_name_like_a_path_is_only_a_name(world, send, first):
    upload(send, world.people.staff, first, "..\\..\\windows\\ลับ.pdf")
    assert Evidence.objects.get().name == "ลับ.pdf"


def test_a_file_is_given_out_to_be_kept_and_not_to_be_run(world, send, visit, first):
    upload(send, world.people.staff, first, "รายงาน ผล.pdf")
    answer = visit(world.people.evaluator, "desk:evidence", *place(first), Evidence.objects.get().pk)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Security-Policy"].endswith("sandbox")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("who", ["stranger", "neighbour", "administrator"])
def test_a_stranger_gets_no_file(world, send, visit, first, who):
    upload(send, world.people.staff, first)
    assert visit(world.people.get(who), "desk:evidence", *place(first), Evidence.objects.get().pk).status_code == 404


def test_a_file_is_not_found_under_another_line_or_agreement(world, send, visit, assessed):
    first, second, _third = results_of(assessed).values()
    upload(send, world.people.staff, first)
    kept = Evidence.objects.get().pk
    world.agreement(Stage.ASSESSMENT, code="IMM-D2")
    assert visit(world.people.staff, "desk:evidence", *place(second), kept).status_code == 404
    elsewhere = ("2570-IMM-D2", 3, first.line_id, kept)
    assert visit(world.people.neighbour, "desk:evidence", *elsewhere).status_code == 404
    assert send(world.people.neighbour, "desk:remove_evidence", *elsewhere).status_code == 404
    assert Evidence.objects.exists()


def test_a_file_is_removed_by_the_staff_alone(world, send, first):
    upload(send, world.people.staff, first)
    there = (*place(first), Evidence.objects.get().pk)
    assert send(world.people.office, "desk:remove_evidence", *there).status_code == 403
    assert Evidence.objects.exists()
    assert send(world.people.staff, "desk:remove_evidence", *there).status_code == 302
    assert not Evidence.objects.exists()


def test_a_report_that_was_sent_takes_no_file(world, send, words):
    agreement = three_lines(world, Stage.ASSESSMENT, "head")
    sent = results_of(agreement)["1.1"]
    before = Evidence.objects.count()
    answer = upload(send, world.people.staff, sent)
    assert (answer.status_code, "รายงานนี้ส่งแล้ว" in words(answer)) == (403, True)
    assert (Evidence.objects.count(), Report.objects.get().stage) == (before, "sent")
