"""The self-assessment card on paper: a summary, a card for each indicator, of who is named those alone."""

import io
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils import translation

from results import sar
from results.from_paper import sentences_of
from results.rules import current_report
from results.scores import report_card
from results.write import add_evidence, save_result
from tests.results.files import PDF
from tests.results.naming import name_people
from tests.results.three_lines import RESULTS, report_lines, three_lines
from tests.world import ON
from thai.numbers import to_arabic

D1 = "2570-IMM-D1"


@pytest.fixture
def reported(world):
    agreement = three_lines(world)
    report_lines(world, agreement, {"1.1": RESULTS["1.1"]}, evidence=False)
    return type(agreement).objects.for_detail().get(pk=agreement.pk)


def html_of(agreement, **more):
    report = current_report(agreement, on=ON)
    card = report_card(report)
    with translation.override("th"):
        context = {"report": report, "agreement": agreement, "card": card, "weight_total": 100, "thai_digits": False}
        context["from_paper"] = sentences_of(report)
        return to_arabic(render_to_string("results/sar.html", context | {"cards": sar.cards_of(report, card, **more)}))


def test_each_indicator_has_its_card_with_what_was_reported(world, reported):
    first = report_card(current_report(reported, on=ON)).rows[0].result
    by = {"actor": world.people.staff, "at": world.at()}
    save_result(first, {"narrative": "<b>ตั้งช่องตรวจ</b>"}, version=first.version, **by)
    facts = {"proves": "หน้า 3", "level": 3, "dated_on": date(2027, 9, 1)}
    add_evidence(first, SimpleUploadedFile("สรุป.pdf", PDF), **facts, **by)
    agreement = type(reported).objects.for_detail().get(pk=reported.pk)

    page = html_of(agreement)

    assert page.count('class="sar-card"') == 3
    for shown in ("86.02", "3.6733", "&lt;b&gt;ตั้งช่องตรวจ&lt;/b&gt;", "สรุป.pdf", "หน้า 3", "1 ก.ย. 2570"):
        assert shown in page


def test_what_is_not_reported_is_blank_and_not_zero(reported):
    assert "0.0000" not in html_of(reported)


def test_the_paper_is_a_pdf_in_thai_of_those_who_follow_it(world, visit, reported):
    answer = visit(world.people.evaluator, "desk:report_paper", D1, 3)
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as paper:
        assert len(paper.pages) >= 4
    assert visit(world.people.stranger, "desk:report_paper", D1, 3).status_code == 404


def test_who_is_named_for_one_line_alone_prints_its_card_alone(world, visit, reported, monkeypatch):
    key = report_card(current_report(reported, on=ON)).rows[1].line.key
    name_people(key, collectors=[world.people.nobody])
    asked = []
    monkeypatch.setattr(sar, "pdf", lambda report, card, *, only: asked.append(only) or b"%PDF-")
    assert visit(world.people.nobody, "desk:report_paper", D1, 3).status_code == 200
    assert asked == [{key}]


def test_a_figure_that_changed_says_what_it_was(world):
    agreement = three_lines(world, rounds=2)
    report_lines(world, agreement, {"1.1": "80"}, evidence=False)
    report, later = agreement.reports.all()
    later.agreement = report.agreement = agreement
    row = report_card(later).rows[0]
    row.result.value = Decimal(85)
    assert sar.cards_of(later, report_card(later))[0].before.value == 80
