"""What a line may carry of its superior's (การถ่ายทอด): a goal of the superior's plan, an indicator of its agreement.

Only what the unit's own people may read can be chosen: the superior's plan where the rule annexes it, and both plan and
indicators once the superior's agreement of the year is in force. The words of what was chosen are kept beside it, so
that a line can tell when its superior has taken that away, or worded it anew.
"""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acts.engine import Refusal, Refused
from acts.reading import once
from agreements.line_tree import numbered
from agreements.models import Agreement, Line, PlanItem
from agreements.rules import plan_items
from agreements.stages import IN_FORCE
from thai.numbers import show_digits

# What is carried → the column that keeps its words as they were when it was chosen.
WORDS = {"carries_item": "carried_goal", "carries_line": "carried_indicator"}


@dataclass(frozen=True)
class Carriable:
    """What the lines of one agreement may carry: numbered goals by strategic issue, numbered indicators."""

    goals: tuple[tuple[str, PlanItem], ...] = ()
    lines: tuple[tuple[str, Line], ...] = ()

    def of(self, name):
        """[(number, row)] of what the column `name` may hold."""
        return {"carries_item": self.goals, "carries_line": self.lines}[name]


def carriable(agreement):
    """The Carriable of an agreement, in three queries at most."""
    return once(agreement, "carriable", lambda: _carriable(agreement))


def _carriable(agreement):
    if agreement.counterpart.external:
        return Carriable()
    lines = Prefetch("lines", Line.objects.select_related("dimension"))
    above = Agreement.objects.filter(unit=agreement.counterpart_id, fiscal_year=agreement.fiscal_year_id)
    superior = above.filter(stage__in=IN_FORCE).prefetch_related(lines).first()
    goals = (
        goals_of(plan_items(agreement)[agreement.counterpart_id])
        if superior or "superior_plan" in agreement.rule.annexes
        else []
    )
    return Carriable(tuple(goals), tuple(_numbered(superior.lines.all()) if superior else ()))


def goals_of(items):
    """[(number, goal)] of a plan's items: 1.1, 1.2, 2.1 …, as the plan numbers them."""
    issues = [item for item in items if item.kind == PlanItem.Kind.ISSUE]
    for number, issue in enumerate(issues, 1):
        goals = [item for item in items if item.kind == PlanItem.Kind.GOAL and item.parent_id == issue.pk]
        yield from ((f"{number}.{place}", goal) for place, goal in enumerate(goals, 1))


def _numbered(lines):
    return [(each.number, each.line) for each in numbered(lines, lambda line: line.dimension.label)]


def with_words(changes):
    """The changes of a line with, beside whatever it carries from now on, its words as they stand."""
    words = {WORDS[name]: str(value or "") for name, value in changes.items() if name in WORDS}
    return {**changes, **words}


def carry_by_words(line, content, offered):
    """Let a line that is made from a frozen one carry what reads the same this year; else it tells that it is gone."""
    for name, frozen in (("carries_item", "carries_goal"), ("carries_line", "carries_indicator")):
        words = content.get(frozen, "")
        found = next((row for _number, row in offered.of(name) if words and str(row) == words), None)
        setattr(line, name, found)
        setattr(line, WORDS[name], words)


def refuse_strange(agreement, changes):
    """Raise Refused where a line would carry what its unit's people may not read, or what isn't its superior's."""
    wrong = [
        Refusal(_not_the_superiors(agreement, value), f"#{name}")
        for name, value in changes.items()
        if name in WORDS and value and value not in [row for _number, row in carriable(agreement).of(name)]
    ]
    if wrong:
        raise Refused(wrong)


def _not_the_superiors(agreement, value):
    sentence = gettext(
        "“%(text)s” is not, or not yet, open to be carried: it must be %(unit)s's, of the same fiscal year."
    )
    return sentence % {"text": value, "unit": agreement.counterpart.short_name}


def changed_since(line, name):
    """Has what the line carries been taken away, or worded anew, since it was chosen?"""
    words, now = getattr(line, WORDS[name]), getattr(line, name)
    return bool(words) and words != str(now or "")


def carrying_advice(line, name):
    """A sentence where what the line carries in the column `name` has been changed above since; else "". No refusal."""
    if not changed_since(line, name):
        return ""
    now = getattr(line, name)
    sentence = _REWORDED[name] if now else _GONE[name] if carriable(line.agreement).of(name) else _NOT_OPEN
    said = {"words": getattr(line, WORDS[name]), "unit": line.agreement.counterpart.short_name, "now": now}
    return sentence % said


_GONE = {
    "carries_item": _(
        "The goal “%(words)s” that this indicator carries is no longer in the plan of %(unit)s. "
        "Please choose another one, or none."
    ),
    "carries_line": _(
        "The indicator “%(words)s” that this one carries is no longer in the agreement of %(unit)s. "
        "Please choose another one, or none."
    ),
}
_NOT_OPEN = _(
    "“%(words)s” was carried last year. What %(unit)s has this year can be chosen once it is open to your unit."
)
_REWORDED = {
    "carries_item": _(
        "The goal “%(words)s” of %(unit)s now reads “%(now)s”. Please choose it once more, or another one."
    ),
    "carries_line": _(
        "The indicator “%(words)s” of %(unit)s now reads “%(now)s”. Please choose it once more, or another one."
    ),
}


def carried_in_words(line):
    """What the line carries, as it is frozen and printed: {"carries_goal", "carries_indicator"}; "" where nothing."""
    return {"carries_goal": str(line.carries_item or ""), "carries_indicator": str(line.carries_line or "")}


def choice_label(number, row):
    """A goal or indicator in a list to choose from."""
    return show_digits(f"{number} {row}")
