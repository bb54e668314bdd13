"""Who may write in an appeal and when, what it must hold before it goes on, and how long it can be lodged.

`where` names a place as in results.rules: "appeal#objection-12".
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from acts.engine import Refusal
from acts.reading import once
from agreements.duties import SCORES_RULE, STAGE_RULE
from agreements.stages import RELEASED, Pen, Stage
from agreements.standing import As, standing_of
from agreements.who_can_help import refused_for_role, refused_for_turn
from results.models import Appeal, AppealLine
from results.rules import evaluation_of
from results.scores import agreed_of
from thai.dates import thai_date

Decision = AppealLine.Decision
OF_THE_UNIT = frozenset({As.STAFF, As.OFFICE, As.HEAD})


def appeal_of(agreement):
    """The agreement's appeal, be it that nothing was objected to; None before its scores were released."""
    return once(agreement, "appeal", lambda: _appeal(agreement))


def _appeal(agreement):
    found = evaluation_of(agreement)
    appeal = _rows(found).first() if found else None
    if appeal:
        appeal.evaluation = found
    return appeal


def _rows(evaluation):
    return Appeal.objects.filter(evaluation=evaluation).select_related("panel").prefetch_related("lines")


def lodged(appeal):
    """Has it been lodged, and not withdrawn?"""
    return appeal is not None and appeal.stage != Appeal.Stage.DRAFT


def until_of(agreement):
    """The last day on which the agreement's scores can be appealed against; None before their release."""
    found = evaluation_of(agreement)
    return found.appeal_until if found else None


def window_is_open(agreement, actor, at):
    """An appeal is lodged on a day from the release on, up to the last one."""
    until = until_of(agreement)
    if agreement.stage == Stage.CLOSED:
        # Also of one that was closed when there were no days to appeal yet.
        yield Refusal(_("The agreement is closed; its scores are final."), rule=STAGE_RULE)
    elif until is None:
        yield Refusal(_("The scores are not released yet; the unit can appeal from their release on."), rule=STAGE_RULE)
    elif timezone.localdate(at) > until:
        sentence = _("The days to appeal are over: the last one was %(day)s.")
        yield Refusal(sentence % {"day": thai_date(until, "long")}, rule=STAGE_RULE)


def window_is_over(agreement, actor, at):
    """Nobody can appeal any more, or nobody wants to."""
    until = until_of(agreement)
    if agreement.pen == Pen.HEAD and until and timezone.localdate(at) <= until:
        sentence = _(
            "%(unit)s can appeal until %(day)s. The agreement is closed after that, or once its head has accepted."
        )
        words = {"unit": agreement.unit.short_name, "day": thai_date(until, "long")}
        yield refused_for_turn(sentence % words, agreement, at)


def may_read_objections(agreement, actor, at):
    """Refusal while the appeal is not for `actor` to read: the unit's own until it is lodged."""
    standing = standing_of(actor, agreement, at)
    if not standing.follows or standing.is_owners or lodged(appeal_of(agreement)):
        return None
    sentence = _("%(unit)s has lodged no appeal.")
    return Refusal(sentence % {"unit": agreement.unit.short_name}, rule=SCORES_RULE)


def may_object(appeal, actor, at):
    """Refusal unless `actor` may write objections now: the unit's people, within the days, before it is lodged."""
    agreement = appeal.evaluation.report.agreement
    if not standing_of(actor, agreement, at).roles & OF_THE_UNIT:
        sentence = _("Only %(unit)s itself can write its appeal.")
        return refused_for_role(sentence % {"unit": agreement.unit.short_name}, agreement, As.HEAD, at)
    if agreement.stage != Stage.APPEAL or appeal.stage != Appeal.Stage.DRAFT:
        sentence = _("The appeal has been lodged, or the agreement is closed; it can't be changed any more.")
        return refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    return next(window_is_open(agreement, actor, at), None)


def may_decide(appeal, actor, at):
    """Refusal unless `actor` may write the panel's decisions now: an evaluator, once the appeal has been lodged."""
    agreement = appeal.evaluation.report.agreement
    if As.EVALUATOR not in standing_of(actor, agreement, at):
        sentence = _("Only evaluators of %(unit)s can write the panel's decisions.")
        return refused_for_role(sentence % {"unit": agreement.counterpart.short_name}, agreement, As.EVALUATOR, at)
    if agreement.stage == Stage.CLOSED:
        return refused_for_turn(_("The agreement is closed; its scores are final."), agreement, at, rule=STAGE_RULE)
    if appeal.stage == Appeal.Stage.DRAFT:
        sentence = _("%(unit)s has lodged no appeal.") % {"unit": agreement.unit.short_name}
        return refused_for_turn(sentence, agreement, at)
    if appeal.stage != Appeal.Stage.LODGED:
        sentence = _("The panel's decision has been sent to the superior; it can't change unless it is returned.")
        return refused_for_turn(sentence, agreement, at)
    return None


def sees_decisions(agreement, actor, at):
    """The panel's decisions are the superior's side's own, and that of who follows from outside, until it is closed."""
    standing = standing_of(actor, agreement, at)
    return standing.follows and (agreement.stage == Stage.CLOSED or not standing.is_owners)


def objections(appeal):
    """The lines of an appeal that are objected to, in the order of the agreement."""
    found = {each.line_id: each for each in appeal.lines.all()}
    lines = agreed_of(appeal.evaluation.report).lines
    return [(line, found[line.key]) for line in lines if line.key in found and found[line.key].objection.strip()]


def appeal_is_complete(appeal):
    """At least one line is objected to; a result asked for has its objection, and so has a file."""
    if not objections(appeal):
        yield Refusal(_("No indicator is objected to yet. Say of at least one what is wrong with its score."), "appeal")
    written = {each.line_id: each for each in appeal.lines.all()}
    for line in agreed_of(appeal.evaluation.report).lines:
        found = written.get(line.key)
        if found and not found.objection.strip() and (found.files or found.asked_value is not None):
            asked = _("Indicator %(number)s: a result is asked for; say why.")
            attached = _("Indicator %(number)s: files are attached; say what is wrong with its score.")
            sentence = attached if found.asked_value is None else asked
            yield Refusal(sentence % {"number": line.number}, f"appeal#objection-{found.pk}")


def decision_is_complete(appeal):
    """The panel is named, with its order and meeting; each objection is decided with a reason, and a changed score has its result."""
    panel = appeal.panel
    if not (panel.people.strip() and panel.order_number.strip() and panel.met_on):
        yield Refusal(
            _("Name the panel's people, the number of its order, and the day on which it met."), "appeal#id_people"
        )
    for line, each in objections(appeal):
        yield from _undecided(appeal, line, each)


def _undecided(appeal, line, each):
    words = {"number": line.number}
    if not each.decision:
        yield Refusal(_("Indicator %(number)s: the panel's decision is missing.") % words, f"appeal#decision-{each.pk}")
        return
    if not each.reason.strip():
        yield Refusal(_("Indicator %(number)s: give the reason of the decision.") % words, f"appeal#reason-{each.pk}")
    if each.decision == Decision.CHANGED:
        yield from _unscored(appeal, line, each)


def _unscored(appeal, line, each):
    where = f"appeal#decided-{each.pk}"
    if each.decided_value is None:
        yield Refusal(_("Indicator %(number)s: give the result as decided.") % {"number": line.number}, where)
        return
    _scored, problem = agreed_of(appeal.evaluation.report).score(line, each.decided_value)
    if problem:
        yield Refusal(_("Indicator %(number)s: %(problem)s") % {"number": line.number, "problem": problem}, where)


def is_released(agreement):
    """Can the unit see its scores, so that there is something to appeal against?"""
    return agreement.stage in RELEASED
