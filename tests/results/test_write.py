"""Writing results, findings and evidence: by the right person, on what they saw, on record."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from acts.log import first_fault
from acts.models import Entry
from acts.refusals import Refused
from acts.vault import path_of, read
from acts.versions import Stale
from agreements.stages import Stage
from results.evidence import LARGEST, NotEvidence
from results.models import Evidence, Finding
from results.rules import current_report
from results.scores import evaluation_card, report_card
from results.write import (
    accept_reported,
    add_evidence,
    remove_evidence,
    save_finding,
    save_findings,
    save_result,
)
from tests.results.files import PDF, picture
from tests.world import ON


@pytest.fixture
def result(world):
    """The result of the first line, with staff holding the pen."""
    return report_card(current_report(world.agreement(Stage.ASSESSMENT), on=ON)).rows[0].result


@pytest.fixture
def evaluation(world):
    return current_report(world.agreement(Stage.EVALUATION), on=ON).evaluation


def last_entry():
    return Entry.objects.order_by("sequence").last()


def test_a_result_is_saved_and_put_on_record(world, result):
    saved = save_result(
        result, {"value": Decimal("86.02"), "narrative": "ตามแผน"}, version=1, actor=world.people.staff, at=world.at()
    )

    assert (saved.value, saved.narrative, saved.version) == (Decimal("86.02"), "ตามแผน", 2)
    entry = last_entry()
    assert (entry.act, entry.actor_text) == ("report_result", str(world.people.staff))
    assert entry.changes == {"narrative": ["", "ตามแผน"], "value": [None, "86.02"]}
    assert first_fault(Entry.objects.order_by("sequence")) is None


def test_what_changes_nothing_is_no_act(world, result):
    before = Entry.objects.count()
    save_result(result, {"value": None}, version=1, actor=world.people.staff, at=world.at())
    assert Entry.objects.count() == before


def test_a_stale_save_changes_nothing_and_brings_what_stands_there(world, result):
    staff = world.people.staff
    save_result(result, {"value": Decimal(86)}, version=1, actor=staff, at=world.at())

    with pytest.raises(Stale) as stale:
        save_result(result, {"value": Decimal(87)}, version=1, actor=staff, at=world.at())

    assert stale.value.theirs.value == 86
    result.refresh_from_db()
    assert (result.value, result.version) == (86, 2)


@pytest.mark.parametrize("who", ["office", "head", "evaluator", "neighbour", "stranger", "administrator"])
def test_nobody_but_the_staff_reports_or_attaches(world, result, who):
    actor, at = world.people.get(who), world.at()
    upload = SimpleUploadedFile("ก.pdf", PDF)

    with pytest.raises(Refused):
        save_result(result, {"value": Decimal(86)}, version=1, actor=actor, at=at)
    with pytest.raises(Refused):
        add_evidence(result, upload, proves="", actor=actor, at=at)

    result.refresh_from_db()
    assert result.value is None
    assert not Evidence.objects.exists()


def attach(world, result, name="รายงาน.pdf", content=PDF, proves=""):
    upload = SimpleUploadedFile(name, content)
    return add_evidence(result, upload, proves=proves, actor=world.people.staff, at=world.at())


def test_evidence_is_kept_by_its_content_with_who_and_when(world, result):
    kept = attach(world, result, proves="สรุปผล\nทั้งปี")

    assert (kept.name, kept.kind, kept.size) == ("รายงาน.pdf", "pdf", len(PDF))
    assert (kept.proves, kept.added_by, kept.added_at) == ("สรุปผล ทั้งปี", str(world.people.staff), world.at())
    assert read(kept.sha256) == PDF
    assert last_entry().changes == {"sha256": ["", kept.sha256]}


def test_the_same_file_is_kept_once_for_a_result(world, result):
    attach(world, result)
    with translation.override("th"), pytest.raises(NotEvidence, match="ไฟล์นี้เป็นหลักฐานของตัวชี้วัดเดียวกันนี้อยู่แล้ว"):
        attach(world, result, name="ชื่ออื่น.pdf")
    assert Evidence.objects.count() == 1


def test_the_same_file_may_prove_two_lines(world, result):
    other = result.report.results.exclude(pk=result.pk).first()
    first, second = attach(world, result), attach(world, other)
    assert first.sha256 == second.sha256


class Unread(SimpleUploadedFile):
    """A file of which nobody may read a byte."""

    def read(self, *_args):
        raise AssertionError("it was read")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(world, result):
    upload = Unread("ใหญ่.pdf", b"")
    upload.size = LARGEST + 1
    with pytest.raises(NotEvidence):
        add_evidence(result, upload, proves="", actor=world.people.staff, at=world.at())


def test_what_is_not_evidence_leaves_nothing_behind(world, result, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path / "vault"
    with pytest.raises(NotEvidence):
        attach(world, result, name="ภาพ.pdf", content=picture("PNG"))
    assert not Evidence.objects.exists()
    assert not (tmp_path / "vault").exists()


def test_evidence_is_removed_and_the_log_keeps_its_hash(world, result):
    kept = attach(world, result)
    sha256 = kept.sha256

    remove_evidence(kept, actor=world.people.staff, at=world.at())

    assert not Evidence.objects.exists()
    assert last_entry().changes == {"sha256": [sha256, ""]}
    assert path_of(sha256).is_file()


def test_nothing_is_removed_from_a_report_that_has_been_sent(world):
    agreement = world.agreement(Stage.ASSESSMENT, "head")
    evidence = Evidence.objects.filter(result__report__agreement=agreement).first()
    with pytest.raises(Refused):
        remove_evidence(evidence, actor=world.people.staff, at=world.at())
    assert Evidence.objects.filter(pk=evidence.pk).exists()


# The evaluator's findings


def test_an_evaluation_begins_with_an_empty_finding_for_every_line(evaluation):
    findings = list(evaluation.findings.all())
    assert [(finding.value, finding.reason, finding.version) for finding in findings] == [(None, "", 1)] * 6


def test_a_stale_finding_is_refused_as_a_result_is(world, evaluation):
    finding, evaluator = evaluation.findings.first(), world.people.evaluator
    save_finding(finding, {"value": Decimal(86)}, version=1, actor=evaluator, at=world.at())
    with pytest.raises(Stale):
        save_finding(finding, {"value": Decimal(87)}, version=1, actor=evaluator, at=world.at())
    finding.refresh_from_db()
    assert finding.value == 86


def test_several_findings_are_saved_together_or_not_at_all(world, evaluation):
    first, second, *_others = evaluation.findings.all()
    changes = [(first, {"value": Decimal(86)}, 1), (second, {"value": Decimal(21)}, 7)]

    with pytest.raises(Stale):
        save_findings(evaluation, changes, actor=world.people.evaluator, at=world.at())

    first.refresh_from_db()
    assert first.value is None


def test_accepting_all_takes_the_units_results_where_nothing_was_found_yet_in_one_act(world, evaluation):
    evaluator = world.people.evaluator
    first = evaluation.findings.first()
    save_finding(first, {"value": Decimal(80)}, version=1, actor=evaluator, at=world.at())
    before = Entry.objects.count()

    every = [row.line.key for row in evaluation_card(evaluation).rows]
    assert accept_reported(evaluation, every, actor=evaluator, at=world.at()) == 5

    card = evaluation_card(evaluation)
    assert card.rows[0].value == 80
    assert all(row.value == row.unit.value for row in card.rows[1:])
    assert Entry.objects.count() == before + 1
    entry = last_entry()
    assert (entry.act, entry.text) == ("evaluate_as_reported", "1.2, 1.3, 2.1, 3.1, 4.1")
    assert accept_reported(evaluation, actor=evaluator, at=world.at()) == 0
    assert Entry.objects.count() == before + 1


def test_what_was_accepted_is_stale_for_a_page_opened_before(world, evaluation):
    evaluator, finding = world.people.evaluator, evaluation.findings.first()
    accept_reported(evaluation, [finding.line_id], actor=evaluator, at=world.at())
    with pytest.raises(Stale):
        save_finding(finding, {"value": Decimal(80)}, version=1, actor=evaluator, at=world.at())


@pytest.mark.parametrize("who", ["superior", "negotiator", "staff", "head", "headquarters_evaluator", "stranger"])
def test_nobody_but_the_counterparts_evaluators_evaluates(world, evaluation, who):
    actor = world.people.get(who)
    with pytest.raises(Refused):
        save_finding(evaluation.findings.first(), {"value": Decimal(86)}, version=1, actor=actor, at=world.at())
    with pytest.raises(Refused):
        accept_reported(evaluation, actor=actor, at=world.at())
    assert not Finding.objects.exclude(value=None).exists()
