"""What an agreement must hold, and who may write in it. Each rule once; each answer a sentence and where to mend it.

`where` names the place, not an address, since pages are composed above: "plan#vision", "line/12#weight", "weights".
The same sentences fill the readiness list, explain a disabled button and refuse the move.
"""

from collections import defaultdict
from decimal import Decimal

from django.utils.translation import gettext as _

from acts.engine import Refusal
from acts.reading import once
from agreements.duties import STAGE_RULE, role_rule
from agreements.line_tree import NumberedLine, numbered
from agreements.models import PlanItem, Source
from agreements.stages import WRITTEN_IN, Pen
from agreements.standing import As, standing_of
from agreements.who_can_help import refused_for_role, refused_for_turn
from indicators.formula import FORMULA_KINDS, problems
from indicators.lint import Sheet, lint, target_reached
from orgunits.holders import help_for
from orgunits.reach import reach_of
from orgunits.roles import Role
from orgunits.tree import ancestor_ids

HUNDRED, NOTHING = Decimal("100.00"), Decimal("0.00")
REQUIRED_TEXTS = ("name", "unit_of_measure", "definition", "formula")


def may_begin(unit, counterpart, actor, at):
    """Refusal unless `actor` may begin the unit's agreement: its planning staff, or the planning office above it."""
    reach = reach_of(actor, at)
    above = ancestor_ids(unit.pk)
    own_staff = reach.units(Role.STAFF) & (above - ancestor_ids(counterpart.pk))
    if own_staff or reach.units(Role.PLANNER) & above:
        return None
    sentence = _("Only planning staff of %(unit)s can begin its agreement.") % {"unit": unit.short_name}
    return Refusal(sentence, rule=role_rule(As.STAFF), help=help_for(Role.STAFF, [unit.pk], at))


def may_write(agreement, actor, at):
    """Refusal unless `actor` may write plan and lines now: the owner's staff, while they hold the pen."""
    if As.STAFF not in standing_of(actor, agreement, at):
        sentence = _("Only planning staff of %(unit)s can write in this agreement.")
        return refused_for_role(sentence % {"unit": agreement.unit.short_name}, agreement, As.STAFF, at)
    return may_be_written(agreement, at)


def may_be_written(agreement, at):
    """Refusal unless the text can change now, whoever asks."""
    if agreement.stage not in WRITTEN_IN:
        sentence = _("The text can't change in the stage “%(stage)s”.") % {"stage": agreement.get_stage_display()}
        return refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    if agreement.pen != Pen.STAFF:
        sentence = _("The pen is with %(unit)s (%(who)s) now.")
        return refused_for_turn(sentence % _pen_words(agreement), agreement, at)
    return None


def _pen_words(agreement):
    return {"unit": agreement.pen_unit.short_name, "who": agreement.get_pen_display()}


def plan_is_complete(agreement, actor, at):
    """The unit's plan (handbook 2.2.2, 2): vision, mission, and issues each with a goal, each with a strategy."""
    return plan_problems(agreement.plan, plan_items(agreement)[agreement.unit_id])


def plan_problems(plan, items):
    """What a plan with these items lacks, each with its place in the plan's page."""
    if not plan.vision.strip():
        yield Refusal(_("The action plan has no vision."), "plan#vision")
    if not plan.missions:
        yield Refusal(_("The action plan has no mission."), "plan#mission")
    parents = {item.parent_id for item in items}
    if not any(item.kind == PlanItem.Kind.ISSUE for item in items):
        yield Refusal(_("The action plan has no strategic issue."), "plan#issues")
    for item in items:
        if item.kind == PlanItem.Kind.ISSUE and item.pk not in parents:
            yield Refusal(_("Strategic issue “%(text)s” has no goal.") % {"text": item.text}, f"plan#item-{item.pk}")
        strategies = [i for i in items if i.parent_id == item.pk and i.kind == PlanItem.Kind.STRATEGY]
        if item.kind == PlanItem.Kind.GOAL and not strategies:
            yield Refusal(_("Goal “%(text)s” has no strategy.") % {"text": item.text}, f"plan#item-{item.pk}")


def superior_plan_is_there(agreement, actor, at):
    """Where the rule annexes the command's plan, the command must have written it (handbook 2.2.1, last row)."""
    if "superior_plan" not in agreement.rule.annexes:
        return
    items = plan_items(agreement)[agreement.counterpart_id]
    # A plan without items is none.
    if not items or any(plan_problems(items[0].plan, items)):
        yield Refusal(
            _("%(unit)s has not written its action plan for this year, and the rule annexes it.")
            % {"unit": agreement.counterpart.short_name}
        )


def superior_plan(agreement):
    """The counterpart's action plan of the same year, or None."""
    return agreement.counterpart.action_plans.filter(fiscal_year=agreement.fiscal_year).first()


def plan_items(agreement):
    """{unit id: the items of its action plan of the year}, of the unit and of its counterpart."""
    return once(agreement, "plan items", lambda: _read_plan_items(agreement))


def _read_plan_items(agreement):
    both = PlanItem.objects.filter(
        plan__unit__in=[agreement.unit_id, agreement.counterpart_id], plan__fiscal_year=agreement.fiscal_year_id
    )
    found = defaultdict(list)
    for item in both.select_related("plan"):
        found[item.plan.unit_id].append(item)
    return found


def lines_are_complete(agreement, actor, at):
    """Every line's required texts and values, its criteria, and a reason where the target asks for one."""
    for each in numbered_lines(agreement):
        problems = _line_problems if each.is_leaf else _parent_problems
        yield from problems(each.line, each.number)


def _parent_problems(line, number):
    """What an indicator with parts lacks: its parts are what is weighed, measured and reported."""
    if not line.name.strip():
        sentence = _("Indicator %(number)s has no %(field)s.")
        label = line._meta.get_field("name").verbose_name
        yield Refusal(sentence % {"number": number, "field": label}, f"line/{line.pk}#name")


def _line_problems(line, number):
    here = f"line/{line.pk}"
    for name in REQUIRED_TEXTS:
        if not getattr(line, name).strip() and not (name == "formula" and line.expression):
            label = line._meta.get_field(name).verbose_name
            yield Refusal(
                _("Indicator %(number)s has no %(field)s.") % {"number": number, "field": label}, f"{here}#{name}"
            )
    if line.target is None:
        yield Refusal(_("Indicator %(number)s has no target.") % {"number": number}, f"{here}#target")
    if line.source == Source.PLAN and line.plan_item_id is None:
        yield Refusal(
            _("Indicator %(number)s is by plan but refers to nothing in the action plan.") % {"number": number},
            f"{here}#plan_item",
        )
    for problem in formula_problems(line):
        if problem.refuses:
            sentence = _("Indicator %(number)s: %(problem)s") % {"number": number, "problem": problem.sentence}
            yield Refusal(sentence, f"{here}#{problem.field}")
    for finding in lint_of(line):
        if finding.is_refusal:
            sentence = _("Indicator %(number)s: %(problem)s") % {"number": number, "problem": finding.sentence}
            yield Refusal(sentence, f"{here}#{finding.field}")


def formula_problems(line):
    """What is wrong between the formula that computes the line's result and the values that it is made of."""
    if line.kind not in FORMULA_KINDS:
        return []
    return problems(line.expression, [item.get("symbol", "") for item in line.items])


def lint_of(line):
    """What a careful reader would say of the line's sheet: refusals and advice (indicators.lint)."""
    return lint(
        Sheet(
            criteria=line.criteria,
            scale=line.scale,
            weight=line.weight,
            target=line.target,
            last_year=line.past_1,
            reason=line.low_target_reason,
            data_source=line.data_source,
            weight_range=(None, line.dimension.weight or line.dimension.weight_max),
            names_superior=line.carries_line_id is not None,
        )
    )


def target_is_low(line):
    """Is the target one that last year's result already reached?"""
    return target_reached(line.criteria, line.target, line.past_1)


def weights_total_100(agreement, actor, at):
    """The weights sum to 100.00, and within each dimension to the weight that is fixed for it. Ranges are advice."""
    total = sum((each.weight for each in leaf_lines(agreement)), NOTHING)
    if total != HUNDRED:
        short = _("short by %(amount)s") if total < HUNDRED else _("over by %(amount)s")
        amount = short % {"amount": abs(HUNDRED - total)}
        yield Refusal(
            _("The weights must sum to 100.00 (now %(total)s, %(amount)s).") % {"total": total, "amount": amount},
            "weights",
        )
    for dimension, got in weights_of_dimensions(agreement):
        if dimension.weight is not None and got != dimension.weight:
            yield Refusal(
                _("Dimension %(number)s: its lines must sum to %(weight)s (now %(total)s).")
                % {"number": dimension.label, "weight": dimension.weight, "total": got},
                "weights",
            )


def weights_of_dimensions(agreement):
    """[(dimension, what the lines in it and in its parts weigh)] of the whole tree, in order."""
    by_label = defaultdict(lambda: NOTHING)
    for each in leaf_lines(agreement):
        label = each.line.dimension.label.split(".")
        for depth in range(len(label)):
            by_label[".".join(label[: depth + 1])] += each.weight
    return [(dimension, by_label[dimension.label]) for dimension in dimensions_of(agreement)]


def weight_advice(agreement):
    """What the framework advises and the lines don't follow, a sentence each. Nothing of it keeps anybody from going on."""
    for dimension, got in weights_of_dimensions(agreement):
        if not dimension.advises(got):
            sentence = _("Dimension %(number)s: %(range)s is advised for its lines (now %(total)s).")
            words = {
                "number": dimension.label,
                "range": range_words(dimension.weight_min, dimension.weight_max),
                "total": got,
            }
            yield Refusal(sentence % words, "weights")


def range_words(least, most):
    """A range of weights: 10.00–20.00, at least 10.00, at most 20.00; "" for none."""
    if least is None and most is None:
        return ""
    if most is None:
        return _("at least %(weight)s") % {"weight": least}
    return _("at most %(weight)s") % {"weight": most} if least is None else f"{least}–{most}"


def holds_required_source(agreement, actor, at):
    """Level 1 with a mandatory indicator, level 3 with one by mission (handbook 2.2.1)."""
    wanted = agreement.rule.required_source
    if wanted and not any(each.line.source == wanted for each in leaf_lines(agreement)):
        yield Refusal(
            _("There must be at least one indicator “%(source)s”.") % {"source": Source(wanted).label}, "lines"
        )


READY = (
    plan_is_complete,
    superior_plan_is_there,
    lines_are_complete,
    weights_total_100,
    holds_required_source,
)


def missing(agreement, actor, at):
    """Everything that keeps the agreement from being submitted, as a list of refusals."""
    return [refusal for check in READY for refusal in check(agreement, actor, at)]


def lines_of(agreement):
    """The lines in order, each with its dimension and what it refers to in the plan."""
    lines = agreement.lines.select_related(
        "dimension", "plan_item__parent__parent", "overseer", "sheet", "sheet_version", "carries_item", "carries_line"
    )
    return once(agreement, "lines", lambda: list(lines))


def dimensions_of(agreement):
    """The dimensions of the agreement's framework in their order, each with `is_leaf`: lines stand in leaves alone."""
    return once(agreement, "dimensions", lambda: list(agreement.framework.dimensions.in_tree()))


def numbered_lines(agreement) -> list[NumberedLine]:
    """All lines in order, those with parts before their parts, each with its number (1.2, 1.2.1) and place."""
    return numbered(lines_of(agreement), lambda line: line.dimension.label)


def leaf_lines(agreement) -> list[NumberedLine]:
    """The lines that weigh, are reported and evaluated: those without parts."""
    return [each for each in numbered_lines(agreement) if each.is_leaf]
