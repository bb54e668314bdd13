"""What a report and an evaluation must hold before they go on, who may write in them, and who may see the scores.

`where` names a place, not an address, since pages are composed above: "report/3/12#value", "evaluation#line-12".
"""

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acts.engine import Refusal
from acts.reading import once
from agreements.duties import NOT_ONES_OWN_RULE, SCORES_RULE, STAGE_RULE
from agreements.named import named_in
from agreements.stages import RELEASED, Pen, Stage
from agreements.standing import As, standing_of
from agreements.who_can_help import refused_for_role, refused_for_turn
from indicators.criteria import Asks
from orgunits.holders import help_for
from orgunits.reach import reach_of
from orgunits.roles import Role
from results.from_paper import in_hand, said_of
from results.inputs import asks
from results.models import Evaluation, Exclusion, PaperEntry, Report
from results.reports import reports_of
from results.round_state import is_missed
from results.scores import evaluation_card, report_card
from thai.dates import thai_date

ROUNDS_CLOSE_RULE = gettext_lazy("A round is closed when its last day is over.")
UNFINISHED = (Report.Stage.DRAFT, Report.Stage.SENT)


def evaluation_of(agreement):
    """The evaluation of the final report, or None before it has begun."""
    return once(agreement, "evaluation", lambda: _evaluation(agreement))


def _evaluation(agreement):
    rows = Evaluation.objects.filter(report__agreement=agreement).select_related("report__round")
    entered = Exists(PaperEntry.objects.filter(report=OuterRef("report")))
    found = rows.annotate(has_exclusions=Exists(_excluded()), has_paper=entered).first()
    if found:
        found.report.agreement, found.report.has_paper = agreement, found.has_paper
    return found


def _excluded():
    return Exclusion.objects.filter(evaluation=OuterRef("pk"), withdrawn_at=None)


def current_report(agreement, *, on):
    """The report the unit is at on a day; None before the agreement is in force.

    The one that has been sent and waits; else the first that isn't finished and can still be sent; else the last.
    """
    reports = reports_of(agreement)
    if agreement.stage == Stage.ASSESSMENT:
        sent = [report for report in reports if report.stage == Report.Stage.SENT]
        written = [report for report in reports if report.stage == Report.Stage.DRAFT and not is_missed(report, on)]
        reports = sent[:1] or written[:1] or reports
    return reports[-1] if reports else None


def may_report(report, actor, at):
    """Refusal unless `actor` may write this report now: the unit's staff, while they hold the pen.

    And an evaluator, a report that was taken in from paper, while it is in the evaluators' hand. Never both.
    """
    standing = standing_of(actor, report.agreement, at)
    if As.STAFF in standing:
        return not_to_be_written(report, at)
    if As.EVALUATOR in standing and _is_in_from_paper(report):
        return not_to_be_written(report, at, pens=(Pen.EVALUATOR,))
    return _only_staff(report.agreement, at)


def _is_in_from_paper(report):
    entry = in_hand(report.agreement)
    return entry is not None and entry.report_id == report.pk


def may_report_line(result, actor, at):
    """Refusal unless `actor` may write the result of this line now: as `may_report`, or as one of its collectors.

    Staff always may, so that no line waits for collectors who are away.
    """
    refusal = may_report(result.report, actor, at)
    if refusal is None or result.line_id not in named_in(actor, result.report.agreement).collects:
        return refusal
    return not_to_be_written(result.report, at)


def may_give_figure(result, actor, at):
    """Is the figure itself `actor`'s to write, if anything is: not that of a collector who doesn't carry the score."""
    agreement = result.report.agreement
    if As.STAFF in standing_of(actor, agreement, at):
        return True
    named = named_in(actor, agreement)
    return result.line_id in named.carries or result.line_id not in named.collects


def may_collect(result, actor, at):
    """Refusal unless `actor` may report a figure of their own of this line now: its collectors."""
    agreement = result.report.agreement
    if result.line_id not in named_in(actor, agreement).collects:
        sentence = _("Only the collectors of data named for this indicator report a figure of their own.")
        return refused_for_role(sentence, agreement, As.STAFF, at)
    return not_to_be_written(result.report, at)


def may_oversee(result, actor, at):
    """Refusal unless `actor` may approve or refuse this result now: its overseer, or the head's office in their place."""
    agreement, overseer = result.report.agreement, result.line.overseer
    if overseer is None:
        return Refusal(_("No overseer is named for this indicator, so nobody needs to approve its result."))
    if result.line_id not in named_in(actor, agreement).oversees and As.OFFICE not in standing_of(actor, agreement, at):
        sentence = _("Only %(who)s, the overseer of this indicator, can approve its result.")
        sentence %= {"who": overseer.short_name_with_rank}
        return refused_for_role(sentence, agreement, As.OFFICE, at)
    return not_to_be_written(result.report, at, pens=(Pen.STAFF, Pen.OFFICE, Pen.EVALUATOR))


def _only_staff(agreement, at):
    sentence = _("Only planning staff of %(unit)s can report results.")
    return refused_for_role(sentence % {"unit": agreement.unit.short_name}, agreement, As.STAFF, at)


def not_to_be_written(report, at, pens=(Pen.STAFF,)):
    """Refusal while nobody can write this report: sent already, not begun yet, or not in a hand of `pens`."""
    agreement = report.agreement
    if agreement.stage != Stage.ASSESSMENT or report.stage != Report.Stage.DRAFT:
        sentence = _("This report has been sent; its figures can't change.")
        return refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    on = timezone.localdate(at)
    if is_missed(report, on):
        return closed_without(report, at)
    if report != current_report(agreement, on=on):
        sentence = _("The report before this one is not finished yet.")
        return refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    if agreement.pen not in pens:
        entry = in_hand(agreement)
        if entry:
            return in_from_paper(entry, agreement, at)
        sentence = _("The report is with the %(who)s now.")
        return refused_for_turn(sentence % {"who": agreement.get_pen_display()}, agreement, at)
    return None


def in_from_paper(entry, agreement, at):
    """Why the unit can't write now: who has the report, and how its staff take it back."""
    sentence = _(
        "%(said)s. While the evaluator has the report, nobody in the unit can change it; "
        "the planning staff can take it back at any time: “Take the report back”, on the page of the report."
    )
    return refused_for_turn(sentence % {"said": said_of(entry)}, agreement, at)


def closed_without(report, at):
    """Why a report that was missed can't be written or sent any more, and who could give time for it."""
    sentence = _(
        "“%(round)s” closed on %(day)s without a report, so it can't be written or sent any more. "
        "The planning office can give the unit time."
    )
    said = {"round": report.round.name, "day": thai_date(report.closes_on, "medium")}
    return Refusal(sentence % said, rule=ROUNDS_CLOSE_RULE, help=planners_of(report.agreement, at))


def planners_of(agreement, at):
    """The planning office of the unit, or of a unit above it: lines of text, found once they are read."""
    return help_for(Role.PLANNER, [agreement.unit_id], at)


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
    if agreement.stage in RELEASED and standing.follows:
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


def enters_no_own_unit(agreement, at):
    """The refusal of an evaluator who serves in the unit, and would enter its report from paper."""
    sentence = _("You serve in %(unit)s yourself, so another evaluator must take its report in from paper.")
    unit = {"unit": agreement.unit.short_name}
    return refused_for_role(sentence % unit, agreement, As.EVALUATOR, at, rule=NOT_ONES_OWN_RULE)


def _evaluates_no_own_unit(agreement, at):
    sentence = _("You serve in %(unit)s yourself, so another evaluator must evaluate it.")
    unit = {"unit": agreement.unit.short_name}
    return refused_for_role(sentence % unit, agreement, As.EVALUATOR, at, rule=NOT_ONES_OWN_RULE)


def report_is_complete(report, card=None):
    """Every line has a result, approved where an overseer is named, and evidence in the final round; a sentence for each."""
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
        if row.value is not None and row.overseer:
            yield from _not_approved(row, f"{here}#people")


def _not_approved(row, where):
    about = {"number": row.line.number, "who": row.overseer.short_name_with_rank}
    if row.result.verdict_approves is None:
        yield Refusal(_("Indicator %(number)s: %(who)s, its overseer, has not approved the result yet.") % about, where)
    elif not row.result.verdict_approves:
        about |= {"who": row.result.verdict_given_by, "reason": row.result.verdict_reason}
        yield Refusal(_("Indicator %(number)s: %(who)s refused the result: “%(reason)s”") % about, where)


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


def acceptable(card):
    """The rows of an evaluation that can be accepted as reported: no finding yet, and a result of the unit."""
    return [row for row in card.rows if row.value is None and row.unit.score is not None]
