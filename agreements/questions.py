"""Answering the three questions of each indicator: by the unit's staff, by the close of the informal negotiation."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from acts.engine import Refusal
from acts.reading import once
from acts.versions import Stale, save_seen
from agreements.models import ThreeAnswers
from agreements.rules import leaf_lines
from agreements.write import LOGGED, writing

QUESTIONS = ("develops", "measures", "target_is")


def answers_of(agreement):
    """{line id: its ThreeAnswers} of the lines that have any, in one query."""
    found = ThreeAnswers.objects.filter(line__agreement=agreement).select_related("line")
    return once(agreement, "three answers", lambda: {each.line_id: each for each in found})


def in_words(agreement):
    """{line id: {"questions": {question: answer}}} for freezing; nothing of a line that has none."""
    found = answers_of(agreement).items()
    return {pk: {"questions": {name: getattr(given, name) for name in QUESTIONS}} for pk, given in found}


def unanswered(agreement):
    """The numbered leaf lines of which a question is still open."""
    given = answers_of(agreement)
    return [each for each in leaf_lines(agreement) if not (each.line.pk in given and given[each.line.pk].is_complete)]


def three_questions_are_answered(agreement, actor, at):
    """Every indicator says what it develops, which measures it, and what the target is (handbook 2.1, 5)."""
    numbers = [each.number for each in unanswered(agreement)]
    if numbers:
        sentence = _("The three questions are not answered yet for indicator %(numbers)s.")
        yield Refusal(sentence % {"numbers": _(", ").join(numbers)}, "questions")


def save_answers(agreement, given, *, actor, at):
    """Keep [(line, {question: answer}, version)], version 0 where there are none yet: all of them or nothing.

    Raises Stale with the first row that somebody else has changed.
    """
    with writing(agreement, actor=actor, at=at) as record:
        for line, answers, version in given:
            before, after = _save(line, answers, version)
            changed = [name for name in QUESTIONS if getattr(before, name, "") != getattr(after, name)]
            if changed:
                change = {name: [getattr(before, name, "")[:LOGGED], getattr(after, name)[:LOGGED]] for name in changed}
                record("answer_questions", agreement, change=change, text=line.name[:LOGGED])


def _save(line, answers, version):
    kept = ThreeAnswers.objects.filter(line=line).first()
    if kept is not None:
        return save_seen(kept, answers, version=version)[:2]
    if not any(answers.values()):
        return ThreeAnswers(), ThreeAnswers()
    try:
        with transaction.atomic():
            return ThreeAnswers(), ThreeAnswers.objects.create(line=line, **answers)
    except IntegrityError:  # somebody was first
        raise Stale(ThreeAnswers.objects.get(line=line)) from None
