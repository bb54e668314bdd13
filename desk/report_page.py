"""A report as its page shows it: the rounds of the year, a row for each indicator, the totals, what is still missing."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.amended_lines import scored_by
from desk.anchors import addressed
from desk.from_paper_page import from_paper
from desk.parts_page import whole_rows
from results.from_before import NOTHING_BEFORE, Before, before
from results.giving_time import may_give_time, not_to_be_given
from results.models import Report
from results.round_state import is_missed, state_of
from results.rules import closed_without, report_is_complete, reports_of
from results.scores import agreed_of
from results.working_files import MOST_PRINTED


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
    before: Before = NOTHING_BEFORE
    changed: bool = False


def report_page(report, card, standing, *, user, at, may_write):
    """Context of desk/report.html."""
    on = timezone.localdate(at)
    wholes = whole_rows(agreed_of(report), {row.line.key: row.score for row in card.rows})
    earlier = before(report)
    return {
        "report": report,
        "scored_by": scored_by(report),
        "state": state_of(report, on),
        "closed": closed_without(report, at) if is_missed(report, on) else None,
        "time_given": list(report.time_given.all()),
        "gives_time": not (may_give_time(report.agreement, user, at) or not_to_be_given(report, at)),
        "rounds": rounds(report, on),
        "lines": [
            _line(report, card, row, wholes[row.line.key], earlier.get(row.line.key, NOTHING_BEFORE))
            for row in card.rows
        ],
        "card": card,
        "may_write": may_write,
        "can_print": len(card.rows) <= MOST_PRINTED,
        "unreported": len(card.rows) - card.reported,
        "missing": None if is_missed(report, on) else _missing(report, card, standing, may_write),
        "from_paper": from_paper(report, standing, user=user, at=at),
    }


def rounds(report, on):
    """The reports of the year, to change over to: [{label, url, active, state}]."""
    return [
        {
            "label": each.round.name,
            "url": report_url(each),
            "active": each == report,
            "state": state_of(each, on),
        }
        for each in reports_of(report.agreement)
    ]


def _line(report, card, row, wholes, earlier):
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
        before=earlier,
        changed=earlier.differs(row.value),
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


def _missing(report, card, standing, may_write):
    """What is missing before the report can be sent, for the side that writes it; None when nothing is to be sent."""
    if not (standing.is_owners or may_write) or report.stage != Report.Stage.DRAFT:
        return None
    return addressed(report.agreement, report_is_complete(report, card))
