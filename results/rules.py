"""What a report and an evaluation must hold before they go on, who may write in them, and who may see the scores.

`where` names a place, not an address, since pages are composed above: "report/3/12#value", "evaluation#line-12".
"""

from django.utils.translation import gettext as _

from acts.engine import Refusal
from acts.reading import once
from agreements.duties import NOT_ONES_OWN_RULE, SCORES_RULE, STAGE_RULE
from agreements.stages import Pen, Stage
from agreements.standing import As, standing_of
from agreements.who_can_help import refused_for_role, refused_for_turn
from indicators.criteria import Asks
from orgunits.reach import reach_of
from orgunits.roles import Role
from results.inputs import asks
from results.models import Evaluation, Report
from results.scores import evaluation_card, report_card

UNFINISHED = (Report.Stage.DRAFT, Report.Stage.SENT)


def reports_of(agreement):
    """The agreement's reports in the order of their rounds; as they were prefetched for a list, if they were."""
    if "reports" in getattr(agreement, "_prefetched_objects_cache", {}):
        return list(agreement.reports.all())
    return once(agreement, "reports", lambda: list(agreement.reports.select_related("round")))


def evaluation_of(agreement):
    """The evaluation of the final report, or None before it has begun."""
    return once(agreement, "evaluation", lambda: _evaluation(agreement))


def _evaluation(agreement):
    found = Evaluation.objects.filter(report__agreement=agreement).select_related("report__round").first()
    if found:
        found.report.agreement = agreement
    return found


def current_report(agreement):
    """The report the unit is at: the first that is not finished, else the last; None before the agreement is in force."""
    reports = reports_of(agreement)
    unfinished = [report for report in reports if report.stage in UNFINISHED]
    return (unfinished or reports[-1:] or [None])[0]


def may_report(report, actor, at):
    """Refusal unless `actor` may write this report now: the unit's staff, while they hold the pen."""
    agreement = report.agreement
    if As.STAFF not in standing_of(actor, agreement, at):
        sentence = _("Only planning staff of %(unit)s can report results.")
        return refused_for_role(sentence % {"unit": agreement.unit.short_name}, agreement, As.STAFF, at)
    if agreement.stage != Stage.ASSESSMENT or report.stage != Report.Stage.DRAFT:
        sentence = _("This report has been sent; its figures can't change.")
        return refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    if report != current_report(agreement):
        sentence = _("The report before this one is not finished yet.")
        return refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    if agreement.pen != Pen.STAFF:
        sentence = _("The report is with the %(who)s now.")
        return refused_for_turn(sentence % {"who": agreement.get_pen_display()}, agreement, at)
    return None


def may_evaluate(evaluation, actor, at):
    """Refusal unless `actor` may write findings now: an evaluator of the counterpart who doesn't serve in the unit."""
    agreement = evaluation.report.agreement
    if serves_in_the_unit(agreement, actor, at):
        return _evaluates_no_own_unit(agreement, at)
    if As.EVALUATOR not in standing_of(actor, agreement, at):
        sentence = _("Only evaluators of %(unit)s can evaluate this agreement.")
        return refused_for_role(sentence % {"unit": agreement.counterpart.short_name}, agreement, As.EVALUATOR, at)
    if evaluation.stage == Evaluation.Stage.RELEASED:
        sentence = _("The scores have been released; they can't change any more.")
        return refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    if agreement.stage != Stage.EVALUATION or evaluation.stage != Evaluation.Stage.DRAFT:
        sentence = _("The scores have been proposed to the superior; they can't change unless they are returned.")
        return refused_for_turn(sentence, agreement, at)
    return None


def may_see_scores(agreement, actor, at):
    """Refusal while the evaluator's scores are not for `actor` to see.

    Until they are released they are the superior's side's own, and that of who follows the agreement from outside.
    """
    standing = standing_of(actor, agreement, at)
    if agreement.stage == Stage.CLOSED and standing.follows:
        return None
    if serves_in_the_unit(agreement, actor, at):
        return _evaluates_no_own_unit(agreement, at)
    if standing.follows and not standing.is_owners:
        return None
    sentence = _("The evaluator's scores are not released yet. You can read them here once %(unit)s has released them.")
    unit = {"unit": agreement.signs_with.short_name}
    return refused_for_role(sentence % unit, agreement, As.SUPERIOR, at, rule=SCORES_RULE)


def not_begun(agreement, at):
    """Why there is nothing to evaluate yet."""
    sentence = _("The evaluation begins when the head of %(unit)s has certified the report of the final round.")
    return refused_for_turn(sentence % {"unit": agreement.unit.short_name}, agreement, at, rule=STAGE_RULE)


def serves_in_the_unit(agreement, actor, at):
    """Is `actor` an evaluator of the counterpart who serves in the unit itself, and so can't evaluate it?"""
    evaluates = agreement.counterpart_id in reach_of(actor, at).units(Role.EVALUATOR)
    return evaluates and standing_of(actor, agreement, at).is_owners


def _evaluates_no_own_unit(agreement, at):
    sentence = _("You serve in %(unit)s yourself, so another evaluator must evaluate it.")
    unit = {"unit": agreement.unit.short_name}
    return refused_for_role(sentence % unit, agreement, As.EVALUATOR, at, rule=NOT_ONES_OWN_RULE)


def report_is_complete(report, card=None):
    """Every line has a result and, in the final round, at least one piece of evidence; a sentence for each line."""
    for row in (card or report_card(report)).rows:
        here = f"report/{report.round.position}/{row.line.key}"
        figure = f"{here}#{'value' if asks(row.line) == Asks.NUMBER else 'inputs'}"
        without_evidence = report.round.is_final and not row.evidence
        if row.problem:
            yield _problem(row, figure)
        if row.value is None and without_evidence:
            yield _about(row, _("Indicator %(number)s has no result and no evidence."), figure)
        elif row.value is None:
            yield _about(row, _("Indicator %(number)s has no result."), figure)
        elif without_evidence:
            yield _about(row, _("Indicator %(number)s has no evidence."), f"{here}#evidence")


def _about(row, sentence, where):
    return Refusal(sentence % {"number": row.line.number}, where)


def evaluation_is_complete(evaluation, card=None):
    """Every line has the evaluator's result, and a reason where its score differs from the unit's."""
    for row in (card or evaluation_card(evaluation)).rows:
        here = f"evaluation#line-{row.line.key}"
        if row.value is None:
            yield _about(row, _("Indicator %(number)s has no evaluator's result."), here)
        elif row.problem:
            yield _problem(row, here)
        elif row.differs and not row.reason.strip():
            yield _about(row, _("Indicator %(number)s: the scores differ; give the reason."), here)


def _problem(row, where):
    return Refusal(_("Indicator %(number)s: %(problem)s") % {"number": row.line.number, "problem": row.problem}, where)


def accepted_at_once(card):
    """The rows of an evaluation that “accept all as reported” takes over: no finding yet, and a result of the unit."""
    return [row for row in card.rows if row.value is None and row.unit.score is not None]
