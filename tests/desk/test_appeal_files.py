"""Files of an objection: the unit's own until the appeal is lodged, read by who follows from then on, kept for good."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from acts.refusals import Conflict, Refused
from agreements.freeze import thaw
from agreements.stages import Stage
from results.appeal_files import MOST_KEPT, add_file, files_of, remove_file
from results.evidence import NotEvidence
from results.models import AppealLine, Evaluation
from tests.results.files import PDF, picture
from tests.results.test_evidence_files import bomb

D1 = "2570-IMM-D1"
NAME, PROVES = "หลักฐานลับของหน่วย.pdf", "ยอดเดือนกันยายน หน้า 3"
OTHERS = ("evaluator", "superior", "negotiator", "planner", "auditor")


@pytest.fixture
def walk(world):
    """Released; the days run, whatever the day is; the unit has objected to the first line, with a file."""
    walk = world.walk()
    walk.to(Stage.APPEAL, "head")
    Evaluation.objects.update(appeal_until=timezone.localdate() + timedelta(days=9))
    walk.object_to_scores()
    walk.everybody = world.people
    attach(walk, AppealLine.objects.first())
    return walk


def attach(walk, line, content=PDF, name=NAME, by="staff", at=None):
    upload = SimpleUploadedFile(name, content)
    add_file(line, upload, proves=PROVES, actor=walk.everybody.get(by), at=at or walk.diary.soon())


def place(line=None):
    line = line or AppealLine.objects.first()
    return D1, line.line_id, files_of(AppealLine.objects.first())[0].sha256


def opened(visit, user, *place):
    """The answer to asking for a file, and what it brought as `bytes`."""
    answer = visit(user, "desk:appeal_file", *place)
    answer.bytes = b"".join(answer) if answer.status_code == 200 else answer.content
    return answer


def names(line):
    return [each.name for each in files_of(AppealLine.objects.get(pk=line.pk))]


def test_until_it_is_lodged_only_the_units_side_reads_a_file_or_hears_of_it(world, walk, visit, words):
    for name in ("staff", "office", "head"):
        assert NAME in words(visit(world.people.get(name), "desk:appeal", D1))
        assert opened(visit, world.people.get(name), *place()).status_code == 200
    for name in OTHERS:
        answer = opened(visit, world.people.get(name), *place())
        assert (answer.status_code, NAME.encode() in answer.bytes) == (403, False)
        for route in ("appeal", "history", "agreement"):
            page = visit(world.people.get(name), f"desk:{route}", D1)
            assert (page.status_code, NAME in page.content.decode()) == (200, False)
    for name in ("neighbour", "stranger"):
        assert opened(visit, world.people.get(name), *place()).status_code == 404


def test_who_may_not_read_the_objections_is_not_told_whether_there_is_a_file(world, walk, visit):
    for sha256 in (place()[2], "0" * 64):
        assert opened(visit, world.people.evaluator, *place()[:2], sha256).status_code == 403


def test_once_lodged_the_other_side_and_who_follows_read_it_beside_the_objection(world, walk, visit, words):
    walk.move("lodge_appeal", walk.people.head)

    for name in OTHERS:
        page = words(visit(world.people.get(name), "desk:appeal", D1))
        assert (NAME in page, PROVES in page) == (True, True)
        assert opened(visit, world.people.get(name), *place()).status_code == 200
    assert NAME in words(visit(world.people.evaluator, "desk:history", D1))
    for name in ("neighbour", "stranger"):
        assert opened(visit, world.people.get(name), *place()).status_code == 404


def test_a_withdrawn_appeal_takes_its_files_back(world, walk, visit):
    walk.move("lodge_appeal", walk.people.head)
    walk.move("withdraw_appeal", walk.people.head, reason="ตกลงกันได้แล้ว")

    assert opened(visit, world.people.evaluator, *place()).status_code == 403


def test_a_file_is_served_to_be_kept_and_never_to_be_run(world, walk, visit):
    answer = opened(visit, world.people.staff, *place())

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer.bytes == PDF


def test_a_file_of_another_line_or_agreement_is_not_found_at_this_one(world, walk, visit):
    second = AppealLine.objects.all()[1]

    assert opened(visit, world.people.staff, *place(second)).status_code == 404
    assert opened(visit, world.people.staff, D1, 999999, place()[2]).status_code == 404


def test_a_picture_is_shown_small_and_a_pdf_is_not(world, walk, visit):
    line = AppealLine.objects.first()
    attach(walk, line, picture(), "ข.png")
    drawn = files_of(AppealLine.objects.first())[1].sha256

    assert visit(world.people.staff, "desk:appeal_file_preview", *place()).status_code == 404
    answer = visit(world.people.staff, "desk:appeal_file_preview", D1, line.line_id, drawn)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert visit(world.people.evaluator, "desk:appeal_file_preview", D1, line.line_id, drawn).status_code == 403


def test_the_unit_attaches_several_and_what_is_wrong_with_one_is_said(world, walk, send, words):
    line = AppealLine.objects.all()[1]
    files = [SimpleUploadedFile("ดี.png", picture()), SimpleUploadedFile("bomb.docx", bomb())]
    answer = send(world.people.staff, "desk:add_appeal_file", D1, line.line_id, file=files, proves=PROVES)

    assert answer.status_code == 422
    assert "bomb.docx: ไฟล์นี้มีขนาดใหญ่เกินไปเมื่อคลายออก" in words(answer)
    assert names(line) == ["ดี.png"]
    nothing = send(world.people.staff, "desk:add_appeal_file", D1, line.line_id, proves=PROVES)
    assert (nothing.status_code, PROVES in nothing.content.decode()) == (422, True)


def test_a_file_is_removed_until_it_is_lodged_and_not_afterwards(world, walk, send):
    line = AppealLine.objects.first()
    attach(walk, line, picture(), "ข.png")
    assert send(world.people.office, "desk:remove_appeal_file", *place()).status_code == 302
    assert names(line) == ["ข.png"]

    walk.move("lodge_appeal", walk.people.head)

    assert send(world.people.staff, "desk:remove_appeal_file", *place()).status_code == 403
    assert send(world.people.evaluator, "desk:remove_appeal_file", *place()).status_code == 403
    with pytest.raises(Refused):
        attach(walk, line, picture(size=(8, 8)), "ค.png")
    assert names(line) == ["ข.png"]


@pytest.mark.parametrize("who", ["evaluator", "superior", "planner", "neighbour"])
def test_nobody_else_attaches_or_removes(walk, who):
    line, person = AppealLine.objects.first(), walk.everybody.get(who)
    with pytest.raises(Refused):
        attach(walk, line, picture(), "ข.png", by=who)
    with pytest.raises(Refused):
        remove_file(line, place()[2], actor=person, at=walk.diary.soon())
    assert names(line) == [NAME]


def test_after_the_last_day_nothing_is_attached_or_removed(walk):
    Evaluation.objects.update(appeal_until=walk.diary.now.date() - timedelta(days=1))
    line = AppealLine.objects.first()

    with pytest.raises(Refused):
        attach(walk, line, picture(), "ข.png")
    with pytest.raises(Refused):
        remove_file(line, place()[2], actor=walk.people.staff, at=walk.diary.now)


def test_the_same_content_twice_and_more_than_the_limit_are_refused(walk):
    line = AppealLine.objects.first()
    with pytest.raises(NotEvidence):
        attach(walk, line, name="ชื่ออื่น.pdf")
    AppealLine.objects.update(files=[line.files[0] | {"sha256": f"{n:064d}"} for n in range(MOST_KEPT)])
    with pytest.raises(NotEvidence):
        attach(walk, line, picture(), "ข.png")


def test_a_file_that_somebody_else_removed_meanwhile_is_a_conflict(walk):
    line, sha256 = AppealLine.objects.first(), place()[2]
    remove_file(line, sha256, actor=walk.people.staff, at=walk.diary.soon())
    with pytest.raises(Conflict):
        remove_file(line, sha256, actor=walk.people.office, at=walk.diary.soon())


def test_attaching_leaves_the_version_alone_so_that_what_is_being_typed_is_not_stale(walk):
    line = AppealLine.objects.first()
    attach(walk, line, picture(), "ข.png")

    assert AppealLine.objects.get(pk=line.pk).version == line.version


def test_files_without_a_word_keep_the_appeal_from_being_lodged(walk):
    second = AppealLine.objects.all()[1]
    attach(walk, second)

    with pytest.raises(Refused, match="แนบไฟล์ไว้แล้ว"):
        walk.move("lodge_appeal", walk.people.head)


def test_files_stay_after_closing_and_their_hashes_are_frozen_with_the_scores(world, walk, visit, words):
    walk.move("lodge_appeal", walk.people.head)
    walk.decide_appeal()
    walk.close()

    first, last = (thaw(each) for each in walk.agreement.snapshots.filter(purpose="scores"))
    (objection,) = last["appeal"]["lines"]
    assert objection["files"] == [{"name": NAME, "proves": PROVES, "sha256": place()[2]}]
    assert "appeal" not in first
    for name in ("staff", "evaluator", "auditor"):
        assert NAME in words(visit(world.people.get(name), "desk:appeal", D1))
        assert opened(visit, world.people.get(name), *place()).status_code == 200
