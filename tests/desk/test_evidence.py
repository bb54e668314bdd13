"""Evidence: many files at once, each with what it proves and of which level; flags for the evaluator; small pictures."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from acts.refusals import Conflict
from agreements.stages import Pen, Stage
from desk.dossier import flags_beside
from desk.evidence_page import levels
from results.models import Evidence, OverseerVerdict
from results.preview import Unpreviewable, draw
from results.rules import current_report
from results.scores import report_card
from results.write import add_evidence, change_evidence, save_result
from tests.results.files import PDF, docx, picture
from tests.results.test_evidence_files import bomb, huge_png
from tests.results.three_lines import RESULTS, report_lines, three_lines
from tests.world import ON

D1 = "2570-IMM-D1"
FACTS = {"proves": "สรุปผล", "level": "", "dated_on": ""}


@pytest.fixture
def assessed(world):
    return three_lines(world)


def rows(agreement):
    fresh = type(agreement).objects.for_detail().get(pk=agreement.pk)
    return report_card(current_report(fresh, on=ON)).rows


def place(result):
    return (D1, 3, result.line_id)


def attach(world, result, content=PDF, name="ก.pdf", by="staff", **facts):
    upload = SimpleUploadedFile(name, content)
    return add_evidence(result, upload, proves="", **facts, actor=world.people.get(by), at=world.at())


# Many at once


def test_several_files_are_attached_with_what_they_prove(world, send, assessed):
    first = rows(assessed)[0].result
    files = [SimpleUploadedFile("ก.pdf", PDF), SimpleUploadedFile("ข.png", picture())]
    sent = {"file": files, "proves": "สรุปผล", "level": "3", "dated_on": "๓๑/๓/๒๕๗๐"}
    assert send(world.people.staff, "desk:add_evidence", *place(first), **sent).status_code == 302
    kept = list(first.evidence.values_list("name", "proves", "level", "dated_on"))
    assert kept == [("ก.pdf", "สรุปผล", 3, date(2027, 3, 31)), ("ข.png", "สรุปผล", 3, date(2027, 3, 31))]


def test_a_bomb_among_them_is_said_by_its_name_and_the_others_are_kept(world, send, words, assessed):
    first = rows(assessed)[0].result
    files = [SimpleUploadedFile("ดี.pdf", PDF), SimpleUploadedFile("bomb.docx", bomb())]
    answer = send(world.people.staff, "desk:add_evidence", *place(first), **FACTS | {"file": files})
    assert answer.status_code == 422
    assert "bomb.docx: ไฟล์นี้มีขนาดใหญ่เกินไปเมื่อคลายออก" in words(answer)
    assert list(first.evidence.values_list("name", flat=True)) == ["ดี.pdf"]
    assert "ดี.pdf" in words(answer)


def test_eleven_files_are_too_many_and_none_is_kept(world, send, assessed):
    first = rows(assessed)[0].result
    files = [SimpleUploadedFile(f"{n}.png", picture(size=(9, n + 1))) for n in range(11)]
    answer = send(world.people.staff, "desk:add_evidence", *place(first), **FACTS | {"file": files})
    assert answer.status_code == 422
    assert not first.evidence.exists()


@pytest.mark.parametrize("wrong", [{"level": "6"}, {"level": "0"}, {"level": "x"}, {"dated_on": "32/13/2570"}])
def test_a_level_or_a_date_that_there_is_not_keeps_no_file(world, send, assessed, wrong):
    first = rows(assessed)[0].result
    sent = FACTS | {"file": SimpleUploadedFile("ก.pdf", PDF)} | wrong
    assert send(world.people.staff, "desk:add_evidence", *place(first), **sent).status_code == 422
    assert not first.evidence.exists()


# What is known of a file


def changed(first, **facts):
    """What the form of a file posts: what stood in the page, and what is typed."""
    kept = first.evidence.get()
    stood = {f"initial-{name}": "" for name in FACTS}
    return kept, FACTS | {"proves": ""} | stood | facts


def test_what_is_known_of_a_file_is_changed_afterwards(world, send, assessed):
    first = rows(assessed)[0].result
    attach(world, first)
    kept, sent = changed(first, level="2", dated_on="1/2/2570")
    answer = send(world.people.staff, "desk:change_evidence", *place(first), kept.pk, **sent)
    assert answer.status_code == 302
    kept.refresh_from_db()
    assert (kept.level, kept.dated_on, kept.proves) == (2, date(2027, 2, 1), "")


def test_a_stale_change_of_a_file_writes_nothing_over(world, assessed):
    first = rows(assessed)[0].result
    kept, by = attach(world, first), {"actor": world.people.staff, "at": world.at()}
    change_evidence(kept, {"level": 1}, seen={"level": None}, **by)
    with pytest.raises(Conflict):
        change_evidence(kept, {"level": 4}, seen={"level": None}, **by)
    kept.refresh_from_db()
    assert kept.level == 1


def test_two_fields_of_a_file_are_changed_by_two_people(world, assessed):
    first = rows(assessed)[0].result
    kept, by = attach(world, first), {"actor": world.people.staff, "at": world.at()}
    change_evidence(kept, {"level": 1}, seen={"level": None}, **by)
    change_evidence(kept, {"proves": "หน้า 3"}, seen={"proves": ""}, **by)
    kept.refresh_from_db()
    assert (kept.level, kept.proves) == (1, "หน้า 3")
    assert not OverseerVerdict.objects.exists()


def test_a_file_of_another_line_is_not_changed(world, send, assessed):
    first, second, _third = (row.result for row in rows(assessed))
    attach(world, first)
    kept, sent = changed(first, level="2")
    assert send(world.people.staff, "desk:change_evidence", *place(second), kept.pk, **sent).status_code == 404
    assert send(world.people.office, "desk:change_evidence", *place(first), kept.pk, **sent).status_code == 403
    kept.refresh_from_db()
    assert kept.level is None


# The checklist


def test_steps_say_which_of_them_are_proved_and_which_reached_ones_are_not(world, assessed):
    steps = rows(assessed)[2].result
    save_result(steps, {"value": 3}, version=1, actor=world.people.staff, at=world.at())
    attach(world, steps, level=1)
    attach(world, steps, picture(), "ข.png", level=3)
    attach(world, steps, docx(), "ค.docx", level=3)
    found = [(each.number, each.files, each.wants) for each in levels(rows(assessed)[2])]
    assert found == [(1, 1, False), (2, 0, True), (3, 2, False), (4, 0, False), (5, 0, False)]


def test_values_have_no_checklist_until_a_file_names_a_level(world, visit, words, assessed):
    first = rows(assessed)[0].result
    attach(world, first)
    assert levels(rows(assessed)[0]) == []
    attach(world, first, picture(), "ข.png", level=5)
    assert len(levels(rows(assessed)[0])) == 5
    assert "หลักฐานของแต่ละระดับ" in words(visit(world.people.staff, "desk:result", *place(first)))


# What the evaluator is told


@pytest.fixture
def two(world):
    """Two agreements at evaluation whose first lines are proved by the same bytes; บก.ตม.1's also its second line."""
    ours, theirs = three_lines(world), world.agreement(Stage.ASSESSMENT, code="IMM-D2")
    report_lines(world, ours, RESULTS, evidence=False)
    first, second, _third = (row.result for row in rows(ours))
    attach(world, first, dated_on=date(2026, 9, 30))
    attach(world, second, dated_on=date(2026, 10, 1))
    attach(world, rows(theirs)[0].result, by="neighbour")
    return ours


def told(world, agreement, who):
    """{number of a line: what is told beside its evidence} as somebody is told it."""
    fresh = type(agreement).objects.for_detail().get(pk=agreement.pk)
    report = current_report(fresh, on=ON)
    found = report_card(report).rows
    by = {"reader": world.people.get(who), "at": world.at()}
    return {row.line.number: " ".join(each.sentence for each in flags_beside(report, row, **by)) for row in found}


def test_the_evaluator_is_told_of_the_same_bytes_and_of_dates_outside_the_period(world, two):
    first = told(world, two, "evaluator")["1.1"]
    assert "ตัวชี้วัดที่ 1.2" in first
    assert "ในคำรับรองของ บก.ตม.2 ปีงบประมาณ 2570 ด้วย" in first
    assert "อยู่นอกช่วงเวลาของรอบนี้ (1 ต.ค. 2569 ถึง" in first
    assert "อยู่นอกช่วงเวลา" not in told(world, two, "evaluator")["1.2"]


@pytest.mark.parametrize("who", ["staff", "office", "head", "superior", "auditor", "negotiator", "neighbour"])
def test_nobody_else_is_told(world, two, who):
    assert not any(told(world, two, who).values())


def test_an_agreement_that_the_evaluator_cannot_read_is_counted_and_not_named(world, two):
    theirs = world.agreement(Stage.ASSESSMENT, code="RTP")
    attach(world, rows(theirs)[0].result, by="headquarters_staff")
    first = told(world, two, "evaluator")["1.1"]
    assert "อีก 1 ฉบับ ซึ่งท่านไม่มีสิทธิอ่าน" in first
    assert "คำรับรองของ ตร." not in first


def test_the_same_line_of_an_earlier_round_is_no_other_use(world):
    agreement = three_lines(world, rounds=2)
    report_lines(world, agreement, {"1.1": "86.02"}, evidence=False)
    attach(world, rows(agreement)[0].result)
    later = agreement.reports.get(round__position=3).results.get(line=rows(agreement)[0].line.key)
    Evidence.objects.create(
        result=later, name="ก.pdf", sha256=Evidence.objects.get().sha256, kind="pdf", size=9, added_at=world.at()
    )
    assert told(world, agreement, "evaluator")["1.1"] == ""


def test_once_the_scores_are_released_nothing_is_told(world):
    agreement = three_lines(world, Stage.EVALUATION)
    current_report(agreement, on=ON).results.first().evidence.all().delete()
    assert "ไม่มีหลักฐานสำหรับระดับที่หน่วยรายงาน" in told(world, agreement, "evaluator")["1.1"]
    type(agreement).objects.filter(pk=agreement.pk).update(stage=Stage.APPEAL)
    assert told(world, agreement, "evaluator")["1.1"] == ""


def test_the_flags_are_read_on_the_evaluators_pages_and_not_on_the_units(world, visit, words):
    agreement = three_lines(world, Stage.ASSESSMENT, Pen.STAFF)
    report_lines(world, agreement, RESULTS)
    first, second, _third = (row.result for row in rows(agreement))
    for each in (first, second):
        attach(world, each)
    warned = "เป็นหลักฐานของตัวชี้วัดที่ 1.2 ในคำรับรองนี้ด้วย"
    assert warned in words(visit(world.people.evaluator, "desk:result", *place(first)))
    for who in ("staff", "head", "superior", "auditor"):
        page = visit(world.people.get(who), "desk:result", *place(first))
        assert (page.status_code, warned in words(page)) == (200, False)


# Small pictures


def test_a_picture_is_shown_small_and_a_pdf_is_not(world, client, assessed):
    first = rows(assessed)[0].result
    png, pdf = attach(world, first, picture(size=(900, 500)), "ข.png"), attach(world, first)
    client.force_login(world.people.evaluator)
    answer = client.get(reverse("desk:evidence_preview", args=[*place(first), png.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.content)).size == (360, 200)
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.get(reverse("desk:evidence_preview", args=[*place(first), pdf.pk])).status_code == 404
    client.force_login(world.people.stranger)
    assert client.get(reverse("desk:evidence_preview", args=[*place(first), png.pk])).status_code == 404


def test_a_picture_is_drawn_anew_without_what_else_was_in_it():
    exif = Image.Exif()
    exif[0x010E] = "หมายเหตุลับ"
    drawn = Image.open(io.BytesIO(draw(picture("JPEG", size=(800, 400), exif=exif))))
    assert (drawn.format, drawn.size, dict(drawn.getexif()), drawn.info) == ("PNG", (360, 180), {}, {})


@pytest.mark.parametrize("content", [huge_png(), PDF, b"", b"\x89PNG\r\n\x1a\n" + b"\0" * 5000, picture()[:40]])
def test_what_is_no_picture_or_too_large_a_one_costs_the_process_and_nothing_else(content):
    with pytest.raises(Unpreviewable):
        draw(content)
