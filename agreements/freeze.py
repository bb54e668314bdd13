"""Freezing: the whole agreement as canonical JSON, its SHA-256, kept for good (handbook 2.2.2: what it consists of)."""

import hashlib
import json
import unicodedata

from django.db.models import Max
from django.utils import timezone, translation

from acts.reading import once
from agreements.carrying import carried_in_words
from agreements.frozen_framework import framework_section
from agreements.line_people import people_of
from agreements.models import PlanItem, Snapshot, Wording
from agreements.models.rule import SignerSide
from agreements.questions import in_words
from agreements.rules import numbered_lines, superior_plan
from agreements.signing_rule import (
    alternatives_in_words,
    annex_titles,
    explanation,
    receiver_choice,
    slots_of_side,
)

# What a snapshot is made of is what `sections` gives. An amended text (workflow.amended_text) holds "amendment" besides:
# {number, reason, on (the day it was agreed), begun_by, amends: {sha256, sequence} (of the text it takes the place of),
#  changes: [{number, name (of the indicator), field, label, was, now (as printed), reason}]}
# A reader who knows nothing of it reads a whole agreement.
SCHEMA = 1


def canonical(content):
    """Canonical JSON text: NFC, sorted keys, no spaces. Numbers and dates in `content` are strings already."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", text)


def digest(text):
    """SHA-256 (hex) of the UTF-8 bytes of `text`."""
    return hashlib.sha256(text.encode()).hexdigest()


def freeze(agreement, *, purpose, actor, at, content=None):
    """Keep the agreement (or the given content) as its next snapshot. Call inside the act that hands it over."""
    text = canonical(content or sections(agreement, on=timezone.localdate(at)))
    last = agreement.snapshots.aggregate(last=Max("sequence"))["last"] or 0
    return Snapshot.objects.create(
        agreement=agreement,
        sequence=last + 1,
        purpose=purpose,
        content=text,
        sha256=digest(text),
        taken_at=at,
        taken_by=str(actor),
    )


def thaw(snapshot):
    """The content of a snapshot as plain dicts."""
    return json.loads(snapshot.content)


def agreed_snapshot(agreement):
    """What both sides agreed: what is signed; once signed, the text in force, as amended last. None before."""
    return agreement.amended_to or once(agreement, "agreed snapshot", _agreed(agreement).last)


def _agreed(agreement):
    return agreement.snapshots.filter(purpose=Snapshot.Purpose.TO_SIGN)


def sections(agreement, *, on=None):
    """The agreement as plain dicts: what is frozen, compared, printed and signed; people in their posts of the day `on`."""
    other_plan = superior_plan(agreement) if "superior_plan" in agreement.rule.annexes else None
    return {
        "schema": SCHEMA,
        "agreement": {
            "code": agreement.code,
            "reference": f"คร. {agreement.unit.short_name}/{agreement.fiscal_year.year}",
            "unit": _unit(agreement.unit),
            "superior_unit": _unit(agreement.signs_with),
            "fiscal_year": agreement.fiscal_year.year,
            "starts_on": agreement.starts_on.isoformat(),
            "ends_on": agreement.ends_on.isoformat(),
        },
        "rule": {
            "case": agreement.rule.case,
            "explanation": _thai_explanation(agreement),
            "annexes": [{"kind": kind, "title": title} for kind, title in annex_titles(agreement)],
        },
        "parties": {
            "receivers": _parties(agreement, SignerSide.RECEIVER),
            "makers": _parties(agreement, SignerSide.MAKER),
        },
        "plan": plan_sections(agreement.plan),
        "superior_plan": plan_sections(other_plan) if other_plan else None,
        "framework": framework_section(agreement.framework, _number),
        "lines": _lines(agreement, on or timezone.localdate()),
        **_wording(agreement),
    }


def _wording(agreement):
    """The clauses as the planning office worded them for the year; nothing where they are the usual ones."""
    wording = Wording.objects.in_force(agreement.fiscal_year.year)
    return {"wording": {"clauses": wording.clauses, "with_minutes": wording.with_minutes}} if wording else {}


def _thai_explanation(agreement):
    with translation.override("th"):  # what is frozen reads the same whoever froze it
        return " ".join(explanation(agreement))


def _unit(unit):
    return {"code": unit.code, "name": unit.name_th, "abbr": unit.short_name, "tier": unit.tier}


def _parties(agreement, side):
    """Who signs for a side, one entry for each place of a signature; those after the first say which."""
    slots = slots_of_side(agreement, side)
    return [_party(agreement, slot) | ({"slot": slot.key} if slot.position > 1 else {}) for slot in slots]


def _party(agreement, slot):
    """The post that signs there, and the order by which it does; where that isn't certain, the posts in one phrase."""
    if slot.leaves_choice:
        return _chosen(agreement)
    if len(slot.posts) == 1:
        return _post(slot.posts[0])
    units = {post.unit.name_th for post in slot.posts}
    return {"post": " หรือ ".join(post.title_th for post in slot.posts), "unit": " ".join(sorted(units))}


def _chosen(agreement):
    choice = receiver_choice(agreement)
    if choice is None:
        with translation.override("th"):
            either = str(alternatives_in_words(agreement))
        return {"post": either, "unit": agreement.signs_with.name_th}
    return _post(choice.post) | ({"assignment": _assignment(choice)} if choice.is_by_order else {})


def _assignment(choice):
    return {"by": choice.order_by, "number": choice.order_number, "date": choice.order_date.isoformat()}


def _post(post):
    return {"post": post.title_th, "unit": post.unit.name_th}


def plan_sections(plan):
    """A plan as an outline with numbers: issues → goals → indicators and strategies."""
    outline = PlanOutline(plan)
    return {
        "unit": plan.unit.name_th,
        "vision": plan.vision,
        "mission": plan.missions,
        "issues": [_issue(outline, number, issue) for number, issue in outline.numbered(None, PlanItem.Kind.ISSUE)],
    }


class PlanOutline:
    """A plan's items by parent and kind, in one query unless they are known, with their numbers: 1, 1.1, 1.1.1."""

    def __init__(self, plan, items=None):
        self.items = list(plan.items.all()) if items is None else items

    def numbered(self, parent, kind, prefix=""):
        """[(number, item)] of the items of `kind` under `parent`."""
        parent_id = parent.pk if parent else None
        found = [item for item in self.items if item.parent_id == parent_id and item.kind == kind]
        return [(f"{prefix}{place}", item) for place, item in enumerate(found, start=1)]

    def walk(self):
        """(number, item, depth 0–2) of every item, as the plan is read; the plan's indicators bear no number."""
        kinds = PlanItem.Kind
        for number, issue in self.numbered(None, kinds.ISSUE):
            yield number, issue, 0
            for place, goal in self.numbered(issue, kinds.GOAL, f"{number}."):
                yield place, goal, 1
                yield from ((below, item, 2) for below, item in self.numbered(goal, kinds.STRATEGY, f"{place}."))
                yield from (("", item, 2) for _n, item in self.numbered(goal, kinds.INDICATOR))


def _issue(outline, number, issue):
    goals = outline.numbered(issue, PlanItem.Kind.GOAL, f"{number}.")
    return {"number": number, "text": issue.text, "goals": [_goal(outline, *goal) for goal in goals]}


def _goal(outline, number, goal):
    strategies = outline.numbered(goal, PlanItem.Kind.STRATEGY, f"{number}.")
    indicators = outline.numbered(goal, PlanItem.Kind.INDICATOR)
    return {
        "number": number,
        "text": goal.text,
        "indicators": [{"text": item.text, "target": item.target} for _n, item in indicators],
        "strategies": [{"number": place, "text": item.text} for place, item in strategies],
    }


LINE_TEXTS = (
    "name",
    "source",
    "unit_of_measure",
    "kind",
    "explanation",
    "definition",
    "formula",
    "conditions",
    "data_source",
    "low_target_reason",
)


def _lines(agreement, on):
    numbered, year, answered = numbered_lines(agreement), agreement.fiscal_year.year, in_words(agreement)
    with translation.override("th"):  # who is in no post is named by their duty, in words
        persons, collectors = people_of(agreement, [each.line for each in numbered], on)
    return [
        _line(each, year) | _people(each.line, persons, collectors) | answered.get(each.line.pk, {})
        for each in numbered
    ]


def _people(line, persons, collectors):
    return {
        "overseer": _person(persons[line.overseer_id]) if line.overseer_id else None,
        "collectors": [
            {**_person(persons[each.user_id]), "carries_score": each.carries_score} for each in collectors[line.pk]
        ],
    }


def _person(person):
    return {"name": person.name, "post": person.post, "phone": person.phone}


def _line(numbered, year):
    line = numbered.line
    past = [(year - back, getattr(line, f"past_{back}")) for back in (3, 2, 1)]
    return {
        "key": line.pk,
        "number": numbered.number,
        "dimension": line.dimension.label,
        "parent": line.parent_id,
        "depth": numbered.depth,
        "is_leaf": numbered.is_leaf,
        "weight": str(numbered.weight),
        "target": _number(line.target),
        "past": [{"year": y, "value": _number(value)} for y, value in past],
        "levels": [_number(value) for value in line.levels],
        "level_texts": list(line.texts),
        "uppers": [_number(value) for value in line.uppers],
        "averages": line.averages,
        "items": line.items,
        "expression": line.expression,
        **{name: getattr(line, name) for name in LINE_TEXTS},
        **_in_plan(line.plan_item),
        **carried_in_words(line),
        **({"library": f"{line.sheet.code} ฉบับที่ {line.sheet_version.number}"} if line.sheet_id else {}),
    }


def _in_plan(item):
    """The names of the issue, goal and strategy a line refers to, by walking up from the item."""
    names = {"issue": "", "goal": "", "strategy": "", "indicator": ""}
    while item is not None:
        names[item.kind] = item.text
        item = item.parent
    return {kind: names[kind] for kind in ("issue", "goal", "strategy")}


def _number(value):
    """A Decimal as text without the zeros the column adds: 87.0000 → 87; None stays None."""
    if value is None:
        return None
    text = f"{value.normalize():f}"
    return "0" if text == "-0" else text
