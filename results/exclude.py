"""Taking lines out of an evaluation's total, and putting them back: decisions of the planning office, on record."""

from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from agreements.duties import STAGE_RULE, role_rule
from agreements.stages import Stage
from agreements.standing import line_up
from agreements.who_can_help import refused_for_turn
from orgunits.holders import help_for
from orgunits.reach import reach_of
from orgunits.roles import Role
from results.exclusions import Excluded, problem
from results.models import Evaluation, Exclusion
from results.scores import agreed_of, exclusions_of
from results.write import writing


def may_exclude(evaluation, actor, at):
    """Refusal unless `actor` is of a planning office at or above the unit, and the scores aren't released yet."""
    agreement = evaluation.report.agreement
    above = {unit.pk for unit in line_up(agreement)[0]}
    if not reach_of(actor, at).units(Role.PLANNER) & above:
        sentence = _("Only the planning office can take an indicator out of the total.")
        return Refusal(sentence, rule=role_rule(Role.PLANNER), help=help_for(Role.PLANNER, above, at))
    if agreement.stage != Stage.EVALUATION or evaluation.stage == Evaluation.Stage.RELEASED:
        sentence = _("The scores have been released; what counts in them can't change any more.")
        return refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    return None


def exclude(evaluation, key, *, to=None, reason, order_number, actor, at, idempotency=""):
    """Take the line with this key out of the total, its weight to the line `to` or nowhere. Raises Refused."""
    agreement = evaluation.report.agreement
    with writing(agreement, evaluation, may_exclude, actor=actor, at=at, idempotency=idempotency) as record:
        agreed = agreed_of(evaluation.report)
        numbers = {line.key: line.number for line in agreed.lines}
        weights = {line.key: line.weight for line in agreed.lines}
        # Asked anew: the page's own instance may not know of a decision taken since.
        now = exclusions_of(Evaluation.objects.get(pk=evaluation.pk))
        wrong = problem(weights, now, Excluded(key, to), numbers)
        if wrong:
            raise Refused([Refusal(wrong, "#id_line")], incomplete=True)
        made = Exclusion.objects.create(
            evaluation=evaluation, line_id=key, moved_to_id=to, reason=reason, order_number=order_number,
            recorded_at=at, recorded_by=str(actor),
        )  # fmt: skip
        change = {"line": agreed.line(key).name, "order": order_number, "to": numbers.get(to, "")}
        record("exclude_line", agreement, change=change, text=reason)
    return made


def restore(exclusion, *, reason, actor, at, idempotency=""):
    """Take the decision back: the line counts again, and the decision stays on record. Raises Refused."""
    evaluation = exclusion.evaluation
    agreement = evaluation.report.agreement
    with writing(agreement, evaluation, may_exclude, actor=actor, at=at, idempotency=idempotency) as record:
        said = {"withdrawn_at": at, "withdrawn_by": str(actor), "withdrawn_why": reason}
        if not Exclusion.objects.filter(pk=exclusion.pk, withdrawn_at=None).update(**said):
            raise Refused([Refusal(_("This has been taken back already."))])
        record("restore_line", agreement, change={"line": exclusion.line.name}, text=reason)
