"""Writing a draft from the data, with the verbs that the screens use."""

from decimal import Decimal

from agreements.models import PlanItem
from agreements.write import add_line, add_plan_item, create_agreement, save_line, save_plan
from desk.demo.carrying import Carrier
from desk.demo.indicators import DIMENSIONS

Kind = PlanItem.Kind
OF_THE_SCALE = {"kind", "definition", "formula", *(f"level_{n}" for n in range(1, 6))}


def draft(unit, fiscal_year, *, plan, lines, staff, diary):
    """The unit's agreement of the year as a complete draft. `lines`: (Indicator, dimension, weight, source, goal)."""
    agreement = create_agreement(unit, fiscal_year, actor=staff, at=diary.now)
    write_plan(agreement, plan, staff=staff, diary=diary)
    write_lines(agreement, lines, staff=staff, diary=diary)
    return agreement


def adjust(agreement, indicators, known, *, staff, diary):
    """Bring a draft that was carried forward up to this year: targets, their reasons, and results that are `known`.

    `known`: {name: last year's result} where the unit knows it before it is released.
    """
    scale = agreement.framework.scoring_scale
    by_name = {indicator.name: indicator.on(scale) for indicator in indicators}
    for line in agreement.lines.all():
        indicator = by_name[line.name]
        changes = {"target": Decimal(indicator.target), "low_target_reason": indicator.low_target_reason}
        if not any(line.levels) and indicator.levels:
            # Last year's scale had another number of levels: they are written anew.
            changes |= {name: value for name, value in indicator.as_fields().items() if name in OF_THE_SCALE}
        if line.past_1 is None and line.name in known:
            changes["past_1"] = known[line.name]
        if any(getattr(line, name) != value for name, value in changes.items()):
            save_line(line, changes, version=line.version, actor=staff, at=diary.soon())


def write_plan(agreement, plan, *, staff, diary):
    """Vision, mission, and the outline of issues, goals, indicators and strategies."""
    texts = {"vision": plan.vision, "mission": "\n".join(plan.mission)}
    save_plan(agreement, texts, version=agreement.plan.version, actor=staff, at=diary.soon())
    for issue in plan.issues:
        above = _item(agreement, Kind.ISSUE, None, issue.text, staff, diary)
        for goal in issue.goals:
            _write_goal(agreement, above, goal, staff, diary)


def _write_goal(agreement, issue, goal, staff, diary):
    above = _item(agreement, Kind.GOAL, issue, goal.text, staff, diary)
    for text, target in goal.indicators:
        _item(agreement, Kind.INDICATOR, above, text, staff, diary, target=target)
    for text in goal.strategies:
        _item(agreement, Kind.STRATEGY, above, text, staff, diary)


def _item(agreement, kind, parent, text, staff, diary, **more):
    return add_plan_item(agreement, kind, parent=parent, text=text, actor=staff, at=diary.soon(), **more)


def write_lines(agreement, lines, *, staff, diary):
    """Each indicator with its sheet, tied to an indicator of the goal that it serves ("2.1": issue 2, goal 1)."""
    named = {dimension.name: dimension for dimension in agreement.framework.dimensions.leaves()}
    dimensions = {number: named[name] for number, name, _weight in DIMENSIONS}
    measures, carries = _measures_by_goal(agreement.plan), Carrier(agreement)
    for indicator, dimension, weight, source, goal in lines:
        fields = indicator.as_fields() | {
            "weight": Decimal(weight),
            "source": source,
            "plan_item": _next(measures, goal),
            **carries.columns(indicator.name),
        }
        add_line(agreement, dimensions[dimension], actor=staff, at=diary.soon(), **fields)


def _measures_by_goal(plan):
    """{"1.1": [the plan's indicators under goal 1.1], …}"""
    items = list(plan.items.all())

    def below(parent_id, kind):
        return [item for item in items if item.parent_id == parent_id and item.kind == kind]

    return {
        f"{issue_place}.{goal_place}": below(goal.pk, Kind.INDICATOR)
        for issue_place, issue in enumerate(below(None, Kind.ISSUE), 1)
        for goal_place, goal in enumerate(below(issue.pk, Kind.GOAL), 1)
    }


def _next(measures, goal):
    """The goal's indicators in turn, the last one again when there are more lines than those."""
    if goal is None:
        return None
    found = measures[goal]
    return found.pop(0) if len(found) > 1 else found[0]
