"""The working of all scores of a report: on the screen, as a PDF to be printed, and as an Excel file."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.access import followed_agreement
from desk.frame import frame
from results.evidence import CONTENT_TYPES
from results.rules import reports_of
from results.scores import report_card
from results.working import working_of
from results.working_files import MOST_PRINTED, pdf, xlsx

FILES = {"pdf": pdf, "xlsx": xlsx}


@require_safe
def report_working(request, code, position):
    """How every score of the report came about, from the formula to the total."""
    report = _report(request, code, position)
    blocks = working_of(report_card(report))
    context = {"report": report, "blocks": blocks, "can_print": len(blocks) <= MOST_PRINTED, "most": MOST_PRINTED}
    return render(request, "desk/report_working.html", frame(request, report.agreement, "report") | context)


@require_safe
def report_working_file(request, code, position, kind):
    """The same as a file; a PDF of no more indicators than can be set while somebody waits."""
    report = _report(request, code, position)
    blocks = working_of(report_card(report))
    if kind not in FILES or (kind == "pdf" and len(blocks) > MOST_PRINTED):
        raise Http404
    agreement = report.agreement
    title = _("Working of the scores, %(unit)s, fiscal year %(year)s") % {
        "unit": agreement.unit.name_th,
        "year": agreement.fiscal_year.year,
    }
    response = HttpResponse(FILES[kind](title, report.round.name, blocks), content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{agreement.code}-{position}-working.{kind}"'
    return response


def _report(request, code, position):
    agreement = followed_agreement(request, code)
    found = next((each for each in reports_of(agreement) if each.round.position == position), None)
    if found is None:
        raise Http404
    return found
