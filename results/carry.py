"""Carrying last year's agreement forward into a new draft, and its results once they are released.

What was signed is read from its snapshot; what never was, from the working copy. Results are last year's only when they
are released: until then they stay blank, and are taken over later by who writes the draft, never silently.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from acts.engine import Conflict, Refusal, Refused
from acts.log import acting
from acts.versions import Stale, save_seen
from agreements.carrying import carriable, carry_by_words
from agreements.freeze import agreed_snapshot, sections, thaw
from agreements.frozen_framework import is_in
from agreements.mandates import Mandated, has_own_lines
from agreements.models import ActionPlan, Agreement, Line, LineCollector, PlanItem
from agreements.rules import may_begin
from agreements.stages import Pen, Stage
from agreements.write import create_agreement, writing
from results.scores import released_scores

Kind = PlanItem.Kind
# The sheet's fields that say this year what they said last year. The reason for a low target is given anew.
SAME = (
    "name",
    "source",
    "unit_of_measure",
    "kind",
    "explanation",
    "definition",
    "formula",
    "conditions",
    "data_source",
)


def agreement_before(unit, fiscal_year):
    """The unit's agreement of the fiscal year just before, or None: what its draft can be carried forward from."""
    return Agreement.objects.for_detail().filter(unit=unit, fiscal_year__year=fiscal_year.year - 1).first()


def begin(unit, fiscal_year, *, carry, actor, at):
    """The unit's draft of a year, by `create_agreement`: with last year's carried forward, or empty."""
    with acting(actor, at=at):
        agreement = create_agreement(unit, fiscal_year, actor=actor, at=at)
        source = agreement_before(unit, fiscal_year) if carry else None
        if source:
            carry_forward(source, agreement, actor=actor, at=at)
    return Agreement.objects.for_detail().get(pk=agreement.pk)


def may_carry(agreement, actor, at):
    """Refusal unless `actor` may fill this draft from last year's: nothing of the unit's own stands in it yet."""
    refusal = may_begin(agreement.unit, agreement.counterpart, actor, at)
    if refusal:
        return refusal
    if agreement.stage != Stage.DRAFT or agreement.pen != Pen.STAFF or has_own_lines(agreement):
        return Refusal(_("Only a draft without indicators can be filled from last year's agreement."))
    return None


def carry_forward(source, agreement, *, actor, at):
    """Fill the empty draft `agreement` from `source`, the same unit's of the year before: its plan and its lines.

    A plan that holds something already is left as it stands. Raises Refused.
    """
    with acting(actor, at=at) as record:
        held = Agreement.objects.select_for_update().get(pk=agreement.pk)
        refusal = may_carry(held, actor, at) or _not_its_source(source, held)
        if refusal:
            raise Refused([refusal])
        content = signed_or_written(source)
        _carry_plan(content["plan"], held.plan)
        elsewhere = _carry_lines(source, content, held)
        change = {"source": source.code, "lines": len(content["lines"]), "elsewhere": {"lines": elsewhere}}
        record("carry_forward", held, change=change, text=str(source.fiscal_year.year))


def _not_its_source(source, agreement):
    if source.unit_id == agreement.unit_id and source.fiscal_year.year == agreement.fiscal_year.year - 1:
        return None
    return Refusal(_("Only the same unit's agreement of the year before can be carried forward."))


def signed_or_written(agreement):
    """The agreement as its last signatures put it in force; else as it stands in the working copy."""
    return thaw(agreed_snapshot(agreement)) if agreement.is_in_force else sections(agreement)


# The plan


def _carry_plan(content, plan):
    if plan.vision or plan.mission or plan.items.exists():
        return
    texts = {"vision": content["vision"], "mission": "\n".join(content["mission"])}
    ActionPlan.objects.filter(pk=plan.pk).update(**texts)
    for place, issue in enumerate(content["issues"], 1):
        above = _item(plan, Kind.ISSUE, None, place, issue)
        for goal_place, goal in enumerate(issue["goals"], 1):
            _carry_goal(plan, above, goal_place, goal)


def _carry_goal(plan, issue, place, content):
    goal = _item(plan, Kind.GOAL, issue, place, content)
    for kind, rows in ((Kind.STRATEGY, content["strategies"]), (Kind.INDICATOR, content["indicators"])):
        for position, row in enumerate(rows, 1):
            _item(plan, kind, goal, position, row)


def _item(plan, kind, parent, position, row):
    return PlanItem.objects.create(
        plan=plan, kind=kind, parent=parent, position=position, text=row["text"], target=row.get("target", "")
    )


# The lines


def _carry_lines(source, said, agreement):
    """Make the lines; gives the names of those whose dimension the new framework hasn't: they stand in a near one."""
    places, contents = _Places(source, agreement, said["framework"]), said["lines"]
    scale = agreement.framework.scoring_scale
    results, mandated = final_results(source), Mandated(agreement)
    counts, elsewhere, made = Counter({(None, pk): count for pk, count in mandated.counts.items()}), [], {}
    # All of one depth at once, so that parts find what they are part of.
    for depth in sorted({content.get("depth", 0) for content in contents}):
        lines = {}
        for content in (each for each in contents if each.get("depth", 0) == depth):
            line = _line(content, results.get(content["key"]), scale)
            places.put(line, content, made.get(content.get("parent")))
            alone = content.get("is_leaf", True) and line.parent_id is None
            if taken := mandated.taking_over(line, alone=alone):
                made[content["key"]] = taken
                continue
            if places.is_elsewhere(line, content):
                elsewhere.append(content["name"])
            counts[line.parent_id, line.dimension_id] += 1
            line.position = counts[line.parent_id, line.dimension_id]
            lines[content["key"]] = line
        Line.objects.bulk_create(lines.values())
        made |= lines
    _carry_people(source, made)
    return elsewhere


def _carry_people(source, made):
    """Who oversees and collects goes on doing so, if they still sign in; `made`: {key of the line carried: its line}."""
    overseers = source.lines.filter(pk__in=made, overseer__is_active=True).values_list("pk", "overseer")
    for key, user in overseers:
        made[key].overseer_id = user
    Line.objects.bulk_update([made[key] for key, _user in overseers], ["overseer"])
    collectors = LineCollector.objects.filter(line__in=made, user__is_active=True)
    LineCollector.objects.bulk_create(
        LineCollector(
            line=made[each.line_id], user_id=each.user_id, position=each.position, carries_score=each.carries_score
        )
        for each in collectors
    )


def _line(content, last_result, scale):
    """A line that is not saved yet: the sheet as it was, the past moved on by a year."""
    _three_back, two_back, one_back = (_number(each["value"]) for each in content["past"])
    return Line(
        weight=Decimal(content["weight"]),
        target=_number(content["target"]),
        past_3=two_back,
        past_2=one_back,
        past_1=last_result,
        **{name: content[name] for name in SAME},
        expression=content.get("expression", ""),
        items=content.get("items", []),
        averages=content.get("averages", Line.Averages.RESULTS),
        **_of_levels(content, scale.levels),
    )


def _of_levels(content, count):
    """What stood at the levels. On a scale with more or fewer of them it is to be written anew: the third of five is
    not the third of three; what passes, passes."""
    if len(content["levels"]) != count:
        passes = content["kind"] == Line.Kind.PASS_FAIL and content["level_texts"][-1]
        return {f"text_{count}": passes} if passes else {}
    columns = {"level": map(_number, content["levels"]), "text": content["level_texts"]}
    columns["upper"] = map(_number, content.get("uppers", ()))
    return {f"{name}_{place}": value for name, values in columns.items() for place, value in enumerate(values, 1)}


def _number(text):
    return None if text is None else Decimal(text)


class _Places:
    """Where a carried line belongs in the new agreement: its dimension, its item of the plan, the line it came from."""

    def __init__(self, source, agreement, framework):
        self.agreement = agreement
        self.names = {row["number"]: row["name"] for row in framework["dimensions"]}
        self.dimensions = {each.label: each for each in agreement.framework.dimensions.leaves()}
        self.named = {each.name: each for each in self.dimensions.values()}
        self.last = list(self.dimensions.values())[-1]
        self.lines = {line.pk: line for line in source.lines.select_related("plan_item__parent__parent")}
        self.items = {_path(item): item for item in agreement.plan.items.select_related("parent__parent")}
        self.carriable = carriable(agreement)

    def put(self, line, content, whole):
        """Say where a line that is not saved yet belongs; `whole`: what it is a part of, or None."""
        line.agreement, line.dimension, line.parent = self.agreement, self.dimension(content), whole
        line.plan_item, line.came_from = self.plan_item(content), self.came_from(content)
        carry_by_words(line, content, self.carriable)

    def dimension(self, content):
        """The one of the same name, or number; else the first of its parts, or what it was a part of; else the last."""
        number = content["dimension"]
        near = (each for label, each in self.dimensions.items() if is_in(label, number) or is_in(number, label))
        same = self.named.get(self.names.get(number)) or self.dimensions.get(number)
        return same or next(near, self.last)

    def is_elsewhere(self, line, content):
        """Does the line stand in a dimension that has neither the name nor the number of last year's?"""
        number = content["dimension"]
        return line.dimension.label != number and line.dimension.name != self.names.get(number)

    def came_from(self, content):
        return self.lines.get(content["key"])

    def plan_item(self, content):
        """By its words and theirs above it; a snapshot names no indicator of the plan, so the line itself is asked."""
        line = self.lines.get(content["key"])
        return self.items.get(_path(line.plan_item)) if line else None


def _path(item):
    """An item of a plan in words, with those it hangs from; () of none."""
    return (*_path(item.parent), (item.kind, item.text)) if item else ()


# The results


def final_results(agreement):
    """{line's key: the evaluator's result} as released and frozen; nothing before that."""
    snapshot = released_scores(agreement)
    lines = thaw(snapshot)["lines"] if snapshot else []
    return {line["key"]: _number(line["evaluator"]["value"]) for line in lines}


@dataclass(frozen=True)
class Released:
    """Last year's released result of a line, which the line doesn't hold: its place is blank, or says otherwise."""

    line: Line
    number: str
    value: Decimal

    @property
    def is_blank(self):
        return self.line.past_1 is None


def released_for(agreement, numbered):
    """The Released of the `numbered` lines of a draft (as of `agreements.rules.numbered_lines`)."""
    carried = [each for each in numbered if each.line.came_from_id]
    source = agreement_before(agreement.unit, agreement.fiscal_year) if carried else None
    results = final_results(source) if source else {}
    found = [(each, results.get(each.line.came_from_id)) for each in carried]
    return [
        Released(each.line, each.number, value)
        for each, value in found
        if value is not None and value != each.line.past_1
    ]


def take_over_results(agreement, numbered, *, chosen, actor, at):
    """Write last year's released results where the draft has none yet, and over the lines that are `chosen`.

    `chosen`: {line's id: the version of it that the person saw}; Conflict when one has changed since, and then nothing
    is written. Gives the lines written.
    """
    with writing(agreement, actor=actor, at=at) as record:
        taken = [each for each in released_for(agreement, numbered) if each.is_blank or each.line.pk in chosen]
        for each in taken:
            _take(each, chosen.get(each.line.pk, each.line.version))
        if taken:
            change = {"lines": {str(each.line.pk): [each.line.past_1, each.value] for each in taken}}
            record("take_over_results", agreement, change=change, text=", ".join(each.number for each in taken))
    return taken


def _take(each, version):
    try:
        save_seen(each.line, {"past_1": each.value}, version=version)
    except Stale as stale:
        sentence = _("Somebody has changed indicator %(number)s since you opened the page. Nothing was taken over.")
        raise Conflict(sentence % {"number": each.number}) from stale
