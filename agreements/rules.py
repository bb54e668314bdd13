"""What an agreement must hold, and who may write in it. Each rule once; each answer a sentence and where to mend it.

`where` names the place, not an address, since pages are composed above: "plan#vision", "line/12#weight", "weights".
The same sentences fill the readiness list, explain a disabled button and refuse the move.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from acts.engine import Refusal
from acts.reading import once
from agreements.duties import STAGE_RULE, role_rule
from agreements.models import Line, PlanItem, Source
from agreements.stages import WRITTEN_IN, Pen
from agreements.standing import As, standing_of
from agreements.who_can_help import refused_for_role, refused_for_turn
from orgunits.holders import help_for
from orgunits.reach import reach_of
from orgunits.roles import Role
from orgunits.tree import ancestor_ids

HUNDRED, NOTHING = Decimal("100.00"), Decimal("0.00")
REQUIRED_TEXTS = ("name", "unit_of_measure", "definition", "formula", "data_source")


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
    return plan_problems(agreement.plan, _plan_items(agreement)[agreement.unit_id])


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
    items = _plan_items(agreement)[agreement.counterpart_id]
    # A plan without items is none.
    if not items or any(plan_problems(items[0].plan, items)):
        yield Refusal(
            _("%(unit)s has not written its action plan for this year, and the rule annexes it.")
            % {"unit": agreement.counterpart.short_name}
        )


def superior_plan(agreement):
    """The counterpart's action plan of the same year, or None."""
    return agreement.counterpart.action_plans.filter(fiscal_year=agreement.fiscal_year).first()


def _plan_items(agreement):
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
    for numbered in numbered_lines(agreement):
        yield from _line_problems(numbered.line, numbered.number)


def _line_problems(line, number):
    here = f"line/{line.pk}"
    for name in REQUIRED_TEXTS:
        if not getattr(line, name).strip():
            label = line._meta.get_field(name).verbose_name
            yield Refusal(
                _("Indicator %(number)s has no %(field)s.") % {"number": number, "field": label}, f"{here}#{name}"
            )
    if line.weight <= 0:
        yield Refusal(_("Indicator %(number)s has no weight.") % {"number": number}, f"{here}#weight")
    if line.target is None:
        yield Refusal(_("Indicator %(number)s has no target.") % {"number": number}, f"{here}#target")
    if line.source == Source.PLAN and line.plan_item_id is None:
        yield Refusal(
            _("Indicator %(number)s is by plan but refers to nothing in the action plan.") % {"number": number},
            f"{here}#plan_item",
        )
    for problem in line.criteria.problems():
        sentence = _("Indicator %(number)s: %(problem)s") % {"number": number, "problem": problem}
        yield Refusal(sentence, f"{here}#{'text_1' if line.kind == Line.Kind.MILESTONE else 'level_1'}")
    if target_is_low(line) and not line.low_target_reason.strip():
        yield Refusal(
            _("Indicator %(number)s: the target is not above last year's result; give the reason.")
            % {"number": number},
            f"{here}#low_target_reason",
        )


def target_is_low(line):
    """Is the target one that last year's result already reached?"""
    if line.target is None or line.past_1 is None or line.criteria.problems():
        return False
    return line.past_1 <= line.target if line.criteria.direction == "lower" else line.past_1 >= line.target


def weights_total_100(agreement, actor, at):
    """The weights sum to 100.00, and within each dimension to its own weight."""
    total, by_dimension = NOTHING, defaultdict(lambda: NOTHING)
    for line in lines_of(agreement):
        total += line.weight
        by_dimension[line.dimension_id] += line.weight
    if total != HUNDRED:
        short = _("short by %(amount)s") if total < HUNDRED else _("over by %(amount)s")
        amount = short % {"amount": abs(HUNDRED - total)}
        yield Refusal(
            _("The weights must sum to 100.00 (now %(total)s, %(amount)s).") % {"total": total, "amount": amount},
            "weights",
        )
    for dimension in dimensions_of(agreement):
        got = by_dimension[dimension.pk]
        if dimension.weight is not None and got != dimension.weight:
            yield Refusal(
                _("Dimension %(number)s: its lines must sum to %(weight)s (now %(total)s).")
                % {"number": dimension.number, "weight": dimension.weight, "total": got},
                "weights",
            )


def holds_required_source(agreement, actor, at):
    """Level 1 with a mandatory indicator, level 3 with one by mission (handbook 2.2.1)."""
    wanted = agreement.rule.required_source
    if wanted and not any(line.source == wanted for line in lines_of(agreement)):
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


@dataclass(frozen=True)
class NumberedLine:
    """A line with its hierarchical number: dimension.place, such as 1.2."""

    line: Line
    number: str


def lines_of(agreement):
    """The lines in order, each with its dimension and what it refers to in the plan."""
    lines = agreement.lines.select_related("dimension", "plan_item__parent__parent")
    return once(agreement, "lines", lambda: list(lines))


def dimensions_of(agreement):
    """The dimensions of the agreement's framework in their order."""
    return once(agreement, "dimensions", lambda: list(agreement.framework.dimensions.all()))


def numbered_lines(agreement):
    """The lines in order, each with its number."""
    counts, numbered = defaultdict(int), []
    for line in lines_of(agreement):
        counts[line.dimension.number] += 1
        numbered.append(NumberedLine(line, f"{line.dimension.number}.{counts[line.dimension.number]}"))
    return numbered
