"""What a report and an evaluation must hold before they go on, and who may write in them."""

from django.utils.translation import gettext as _

from acts.engine import Refusal
from agreements.stages import Pen, Stage
from agreements.standing import As, standing_of
from results.models import Evaluation, Report
from results.scores import evaluation_card, report_card

UNFINISHED = (Report.Stage.DRAFT, Report.Stage.SENT)


def current_report(agreement):
    """The report the unit is at: the first that is not finished, else the last; None before the agreement is in force."""
    reports = list(agreement.reports.all())
    unfinished = [report for report in reports if report.stage in UNFINISHED]
    return (unfinished or reports[-1:] or [None])[0]


def may_report(report, actor, at):
    """Refusal unless `actor` may write this report now: the unit's staff, while they hold the pen."""
    agreement = report.agreement
    if As.STAFF not in standing_of(actor, agreement, at):
        return Refusal(_("Only planning staff of %(unit)s report results.") % {"unit": agreement.unit.short_name})
    if agreement.stage != Stage.ASSESSMENT or report.stage != Report.Stage.DRAFT:
        return Refusal(_("This report has been sent; its figures can't change."))
    if report != current_report(agreement):
        return Refusal(_("The report before this one is not finished yet."))
    if agreement.pen != Pen.STAFF:
        return Refusal(_("The report is with %(who)s now.") % {"who": agreement.get_pen_display()})
    return None


def may_evaluate(evaluation, actor, at):
    """Refusal unless `actor` may write findings now: an evaluator of the counterpart who doesn't serve in the unit."""
    agreement = evaluation.report.agreement
    if As.EVALUATOR not in standing_of(actor, agreement, at):
        return Refusal(
            _("Only evaluators of %(unit)s, who don't serve in the unit, evaluate this agreement.")
            % {"unit": agreement.counterpart.short_name}
        )
    if agreement.stage != Stage.EVALUATION or evaluation.stage != Evaluation.Stage.DRAFT:
        return Refusal(_("The scores have been proposed; they can't change now."))
    return None


def report_is_complete(report):
    """Every line has a result and, in the final round, at least one piece of evidence."""
    for row in report_card(report).rows:
        here = f"report/{report.round.position}/{row.line.key}"
        if row.value is None:
            yield Refusal(_("Indicator %(number)s has no result.") % {"number": row.line.number}, here)
        elif row.problem:
            yield Refusal(_("Indicator %(number)s: %(problem)s") % {"number": row.line.number, "problem": row.problem}, here)
        if report.round.is_final and not row.evidence:
            yield Refusal(_("Indicator %(number)s has no evidence.") % {"number": row.line.number}, here)


def evaluation_is_complete(evaluation):
    """Every line has the evaluator's result, and a reason where its score differs from the unit's."""
    for row in evaluation_card(evaluation).rows:
        here = f"evaluation#{row.line.key}"
        if row.value is None:
            yield Refusal(_("Indicator %(number)s has no evaluator's result.") % {"number": row.line.number}, here)
        elif row.problem:
            yield Refusal(_("Indicator %(number)s: %(problem)s") % {"number": row.line.number, "problem": row.problem}, here)
        elif row.differs and not row.reason.strip():
            yield Refusal(
                _("Indicator %(number)s: the scores differ; give the reason.") % {"number": row.line.number}, here
            )
