"""The working of a whole report or evaluation: every indicator from its formula to what it brings, and the total.

The page shows it, the PDF prints it and the Excel file holds it: the same blocks, the same text. No database.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.scoring import contribution
from indicators.working import PLACES, Step, signed
from results.parts import wholes
from results.scores import unit_card
from thai.dates import thai_date
from thai.numbers import fixed_number


@dataclass(frozen=True)
class Beside:
    """The unit's own result and score, beside which the evaluator's stand, and why the two scores differ."""

    value: Decimal | None
    score: Decimal | None
    reason: str

    @property
    def steps(self):
        """The same in words; nothing of what the unit didn't report."""
        if self.value is None and self.score is None:
            return ()
        score = _("not scored") if self.score is None else fixed_number(self.score, PLACES)
        words = _("score %(score)s") % {"score": score}
        if self.value is not None:
            words = _("result %(value)s, score %(score)s") % {"value": signed(self.value), "score": score}
        reason = (Step(_("Reason for the difference"), self.reason),) if self.reason.strip() else ()
        return (Step(_("Reported by the unit"), words), *reason)


@dataclass(frozen=True)
class Block:
    """One indicator, or a total (`number` ""): its score and each step on the way. Without a score `problem` says why."""

    number: str
    name: str
    steps: tuple[Step, ...]
    score: Decimal | None
    problem: str = ""
    unit_of_measure: str = ""
    weight: Decimal | None = None
    value: Decimal | None = None
    contribution: Decimal | None = None
    unit: Beside | None = None


def working_of(card, agreed):
    """The Blocks of a card (results.scores.Card) of what was agreed: its indicators in order, then its totals."""
    return _in_tree(agreed, {row.line.key: _of_row(card, row) for row in card.rows}) + _of_totals(card)


def _in_tree(agreed, blocks):
    """{key: Block} of what weighs as a list in order, with the indicators with parts before their parts."""
    found = wholes(agreed, {key: block.score for key, block in blocks.items()})
    units = wholes(agreed, {key: block.unit.score for key, block in blocks.items() if block.unit})
    evaluated = any(block.unit for block in blocks.values())
    return [
        blocks[line.key] if line.is_leaf else _of_whole(found[line.key], units[line.key] if evaluated else None)
        for line in agreed.tree
    ]


def _of_whole(whole, units):
    """The weighted mean of its parts, for reading: it weighs nothing itself, and enters no total."""
    problem = "" if whole.total else _("None of its parts has a score yet.")
    steps = whole.total.working if whole.total else ()
    block = Block(whole.line.number, whole.line.name, steps, whole.score, problem)
    return _with_the_unit(block, Beside(None, units.score, "")) if units else block


def _of_row(card, row, not_yet=""):
    return Block(
        number=row.line.number,
        name=row.line.name,
        steps=card.working(row),
        score=row.score,
        problem=_problem(row, not_yet),
        unit_of_measure=row.line.unit_of_measure,
        weight=row.line.weight,
        value=row.value,
        contribution=card.contribution(row),
    )


def _problem(row, not_yet):
    if row.score is not None:
        return ""
    not_yet = not_yet or _("Not reported yet: there is no score, which is not the same as zero.")
    return row.problem or row.account.problem or not_yet


def _of_totals(card, of_some=""):
    of_some = of_some or _("Total score of what is reported")
    totals = [(_("Total score"), card.total), (of_some, card.total_reported)]
    return [_of_total(name, total) for name, total in totals if total]


def _of_total(name, total):
    return Block("", name, total.working, total.score)


def block_of_visits(visits):
    """The Block of the evaluators' visits (results.visits.visits_of): the day and the place, and what was seen; or none."""
    steps = tuple(Step(f"{thai_date(each.visited_on, 'medium')} · {each.place}", each.seen) for each in visits)
    return [Block("", _("Visits to the unit"), steps, None)] if steps else []


def working_of_evaluation(card, agreed):
    """The Blocks of an evaluator's card (results.scores.evaluation_card), with the unit's own beside, and both totals."""
    not_yet = _("Not evaluated yet: there is no score, which is not the same as zero.")
    rows = {row.line.key: _with_the_unit(_of_row(card, row, not_yet), _beside(row)) for row in card.rows}
    blocks = _in_tree(agreed, rows) + _of_totals(card, _("Total score of what is evaluated"))
    unit = unit_card(card).total
    return [*blocks, _of_total(_("The unit's self-assessment"), unit)] if unit else blocks


def _beside(row):
    return Beside(row.unit.value, row.unit.score, row.reason)


def _with_the_unit(block, unit):
    return replace(block, steps=(*block.steps, *unit.steps), unit=unit)


def working_as_released(scores, agreed):
    """The same of scores as they were released (results.scores.final_scores): read, never computed again."""
    denominator = Decimal(scores["total"]["denominator"])
    blocks = _in_tree(agreed, {line["key"]: _of_frozen(line, denominator) for line in scores["lines"]})
    totals = [(_("Total score"), scores["total"]), (_("The unit's self-assessment"), scores["unit_total"])]
    return blocks + [
        Block("", name, _thawed(total["working"]), Decimal(total["score"])) for name, total in totals if total
    ]


def _of_frozen(line, denominator):
    side, weight = line["evaluator"], Decimal(line["weight"])
    score = Decimal(side["score"])
    block = Block(
        number=line["number"],
        name=line["name"],
        # What was released before a formula's account was frozen has none.
        steps=(*_thawed(side.get("account", ())), *_thawed(side["working"])),
        score=score,
        unit_of_measure=line["unit_of_measure"],
        weight=weight,
        value=_number(side["value"]),
        contribution=None if "excluded" in line else contribution(weight, score, denominator),
    )
    return _with_the_unit(block, Beside(_number(line["unit"]["value"]), _number(line["unit"]["score"]), line["reason"]))


def _thawed(steps):
    return tuple(Step(step["label"], step["text"]) for step in steps)


def _number(text):
    return None if text is None else Decimal(text)
