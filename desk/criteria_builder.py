"""The builder beside the criteria: their curve, what is to be said of them, what last year's and a tried result score."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agreements.rules import lint_of
from desk.criteria_curve import Mark, curve
from indicators.scoring import CannotScore, Scored
from thai.fields import NumberField
from thai.numbers import grouped_number


@dataclass(frozen=True)
class Tried:
    """A result under the criteria: its score with the working, or the sentence why it has none."""

    label: str
    value: object
    scored: Scored | None
    problem: str


def builder(line, trial=None):
    """The criteria of `line` as they stand, and what results come to under them. `trial`: a figure, None for none."""
    findings = lint_of(line)
    last_year = None if line.past_1 is None else _tried(line, _("Last year's result"), line.past_1)
    tried = None if trial is None else _tried(line, _("The result tried"), trial)
    return {
        "refused": [each for each in findings if each.is_refusal],
        "advised": [each for each in findings if not each.is_refusal],
        "has_flaws": bool(line.criteria.flaws()),
        "last_year": last_year,
        "tried": tried,
        "curve": curve(line.criteria, line.scale, _marks(line, last_year, tried)),
        "described": _described(line),
    }


def trial_in(text):
    """The figure that was typed to be tried; None where there is none, or it is no number."""
    field = NumberField(required=False)
    try:
        return field.clean(text)
    except ValidationError:
        return None


def _tried(line, label, value):
    try:
        return Tried(label, value, line.criteria.score(value, line.scale), "")
    except CannotScore as why:
        return Tried(label, value, None, str(why))


def _marks(line, last_year, tried):
    target = None if line.target is None else _tried(line, "", line.target)
    found = (("target", target), ("last-year", last_year), ("tried", tried))
    return [Mark(kind, each.label, each.value, each.scored and each.scored.score) for kind, each in found if each]


def _described(line):
    """The curve in words: what each level asks for, and what it is worth."""
    names, shape = line.criteria.names, line.criteria.shape(line.scale)
    if names:
        cells = [(names[value], score) for value, score in shape]
    else:
        cells = zip(line.criteria.cells(), line.scale.points, strict=True)
    return " · ".join(f"{text} → {grouped_number(points)}" for text, points in cells if text)
