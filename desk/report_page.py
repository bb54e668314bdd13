"""A report as its page shows it: the rounds of the year, a row for each indicator, the totals, what is still missing."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from desk.amended_lines import scored_by
from desk.anchors import addressed
from desk.parts_page import whole_rows
from results.models import Report
from results.rules import report_is_complete, reports_of
from results.scores import agreed_of

STAGE_BADGES = {
    Report.Stage.DRAFT: "draft",
    Report.Stage.SENT: "info",
    Report.Stage.CERTIFIED: "ok",
    Report.Stage.ACCEPTED: "ok",
}


@dataclass(frozen=True)
class ReportLine:
    """One indicator's result as the table shows it."""

    number: str
    name: str
    url: str
    unit_of_measure: str
    weight: Decimal
    target: Decimal | None
    past: Decimal | None
    value: Decimal | None
    score: Decimal | None
    contribution: Decimal | None
    evidence: int
    state: str
    state_kind: str
    wholes: tuple = ()


def report_page(report, card, standing):
    """Context of desk/report.html."""
    wholes = whole_rows(agreed_of(report), {row.line.key: row.score for row in card.rows})
    return {
        "report": report,
        "scored_by": scored_by(report),
        "stage_badge": STAGE_BADGES[report.stage],
        "rounds": rounds(report),
        "lines": [_line(report, card, row, wholes[row.line.key]) for row in card.rows],
        "card": card,
        "unreported": len(card.rows) - card.reported,
        "missing": _missing(report, card, standing),
    }


def rounds(report):
    """The reports of the year, to change over to: [{label, url, active, stage, badge}]."""
    return [
        {
            "label": each.round.name,
            "url": report_url(each),
            "active": each == report,
            "stage": each.get_stage_display(),
            "badge": STAGE_BADGES[each.stage],
        }
        for each in reports_of(report.agreement)
    ]


def _line(report, card, row, wholes):
    state, kind = _state(report, row)
    return ReportLine(
        number=row.line.number,
        name=row.line.name,
        url=result_url(report, row.line),
        unit_of_measure=row.line.unit_of_measure,
        weight=row.line.weight,
        target=row.line.target,
        past=row.line.past_1,
        value=row.value,
        score=row.score,
        contribution=card.contribution(row),
        evidence=len(row.evidence),
        state=state,
        state_kind=kind,
        wholes=tuple(wholes),
    )


def report_url(report):
    return reverse("desk:report", args=[report.agreement.code, report.round.position])


def result_url(report, line):
    return reverse("desk:result", args=[report.agreement.code, report.round.position, line.key])


def _state(report, row):
    if row.value is None:
        return _("not reported yet"), ""
    if row.problem:
        return _("can't be scored"), "bad"
    if report.round.is_final and not row.evidence:
        return _("without evidence yet"), "warn"
    return _("reported"), "ok"


def _missing(report, card, standing):
    """What is missing before the report can be sent, for the side that writes it; None when nothing is to be sent."""
    if not standing.is_owners or report.stage != Report.Stage.DRAFT:
        return None
    return addressed(report.agreement, report_is_complete(report, card))
