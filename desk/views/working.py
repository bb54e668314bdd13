"""The working of all scores of a report, and of the evaluation: on the screen, as a PDF to be printed, and as Excel."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements.freeze import thaw
from agreements.named import named_in
from agreements.standing import standing_of
from desk.access import reported_agreement
from desk.amended_lines import scored_by
from desk.frame import frame
from desk.views.evaluation import evaluation_in, scored_agreement
from results import sar
from results.evidence import CONTENT_TYPES
from results.from_paper import sentences_of
from results.rules import reports_of
from results.scores import agreed_of, evaluation_card, released_scores, report_card
from results.visits import visits_of
from results.working import block_of_visits, working_as_released, working_of, working_of_evaluation
from results.working_files import MOST_PRINTED, pdf, xlsx
from thai.dates import thai_datetime

FILES = {"pdf": pdf, "xlsx": xlsx}


@require_safe
def report_working(request, code, position):
    """How every score of the report came about, from the formula to the total."""
    report = _report(request, code, position)
    context = {"report": report, "scored_by": scored_by(report), **_blocks(_reported(report))}
    return render(request, "desk/report_working.html", frame(request, report.agreement, "report") | context)


@require_safe
def report_working_file(request, code, position, kind):
    """The same as a file; a PDF of no more indicators than can be set while somebody waits."""
    report = _report(request, code, position)
    title = _("Working of the scores, %(unit)s, fiscal year %(year)s")
    return _file(report.agreement, kind, title, _subtitle(report), _reported(report), f"{position}-working")


@require_safe
def evaluation_working(request, code):
    """How every score of the evaluator came about, with the unit's beside it; once released, as it was frozen."""
    found, released = _evaluation(request, code)
    blocks = _evaluated(found, released)
    context = {"evaluation": found, "released": released, "scored_by": scored_by(found.report), **_blocks(blocks)}
    return render(
        request, "desk/evaluation_working.html", frame(request, found.report.agreement, "evaluation") | context
    )


@require_safe
def evaluation_working_file(request, code, kind):
    """The same as a file."""
    found, released = _evaluation(request, code)
    title = _("Working of the evaluator's scores, %(unit)s, fiscal year %(year)s")
    subtitle = _subtitle(found.report, _standing_of(released))
    blocks = _evaluated(found, released)
    return _file(found.report.agreement, kind, title, subtitle, blocks, "evaluation-working")


@require_safe
def report_paper(request, code, position):
    """The self-assessment card as a PDF; of who is named for some of its indicators alone, those."""
    report = _report(request, code, position)
    card = report_card(report)
    if len(card.rows) > MOST_PRINTED:
        raise Http404
    response = HttpResponse(sar.pdf(report, card, only=_only(request, report)), content_type=CONTENT_TYPES["pdf"])
    response["Content-Disposition"] = f'attachment; filename="{report.agreement.code}-{position}-report.pdf"'
    return response


def _only(request, report):
    """The keys of the lines that the person may read; None for all."""
    if standing_of(request.user, report.agreement, timezone.now()).follows:
        return None
    return named_in(request.user, report.agreement).lines


def _report(request, code, position):
    agreement = reported_agreement(request, code)
    found = next((each for each in reports_of(agreement) if each.round.position == position), None)
    if found is None:
        raise Http404
    return found


def _evaluation(request, code):
    """(the evaluation, its released scores or None), to who may see the scores."""
    agreement = scored_agreement(request, code)
    return evaluation_in(agreement), released_scores(agreement)


def _reported(report):
    return working_of(report_card(report), agreed_of(report))


def _evaluated(found, released):
    agreed, visits = agreed_of(found.report), block_of_visits(visits_of(found))
    if released:
        return working_as_released(thaw(released), agreed) + visits
    return working_of_evaluation(evaluation_card(found), agreed) + visits


def _standing_of(released):
    """Whether a paper shows scores that hold."""
    if not released:
        return _("not released yet; the scores may still change")
    return _("released on %(time)s") % {"time": thai_datetime(released.taken_at, "medium")}


def _subtitle(report, *more):
    """Of which round, by which text where the agreement was amended, and from which paper it was entered."""
    said = scored_by(report)
    return " · ".join([report.round.name, *more, *([said.sentence] if said else []), *sentences_of(report)])


def _blocks(blocks):
    return {"blocks": blocks, "can_print": len(blocks) <= MOST_PRINTED, "most": MOST_PRINTED}


def _file(agreement, kind, title, subtitle, blocks, name):
    if kind not in FILES or (kind == "pdf" and len(blocks) > MOST_PRINTED):
        raise Http404
    title %= {"unit": agreement.unit.name_th, "year": agreement.fiscal_year.year}
    response = HttpResponse(FILES[kind](title, subtitle, blocks), content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{agreement.code}-{name}.{kind}"'
    return response
