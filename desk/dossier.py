"""What lies beside a line's result on the evaluator's desk: earlier years, the rounds before, what the unit says, flags."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from results.earlier import earlier_results, results_of_a_trend
from results.flags import flags_of, reads_flags
from results.forms import STORY
from results.models import Result
from results.scores import agreed_of
from thai.dates import shown_year


@dataclass(frozen=True)
class Before:
    """A result of a year or of a round before, as the row shows it."""

    label: str
    value: Decimal


@dataclass(frozen=True)
class Shown:
    """A flag with the address of the other piece of evidence, "" where there is none; `badge`: a kind of parts/badge."""

    badge: str
    label: str
    sentence: str
    holds: bool
    url: str


@dataclass(frozen=True)
class Dossier:
    """`past`: of the years before; `rounds`: of the rounds before; `story`: [(heading, text)] of the unit; `flags`."""

    past: tuple[Before, ...] = ()
    rounds: tuple[Before, ...] = ()
    story: tuple = ()
    flags: tuple[Shown, ...] = ()

    @property
    def is_held(self):
        """Must the line be accepted by itself?"""
        return any(flag.holds for flag in self.flags)


def dossiers(evaluation, card, agreed, *, reader, at):
    """{line's id: its Dossier} while the line is evaluated, with the flags; never for the unit's eyes."""
    report = evaluation.report
    earlier = earlier_results(report)
    rows = [row.unit for row in card.rows]
    flags = flags_of(rows, report, agreed, reader=reader, at=at, earlier=earlier)
    return {row.line.key: _dossier(row.line, row.result, earlier, _shown(flags[row.line.key])) for row in rows}


def flags_beside(report, row, *, reader, at):
    """What a row's evaluator is told beside its evidence: all its flags; nobody else is told any there."""
    if not reads_flags(reader, report.agreement, at):
        return ()
    earlier = results_of_a_trend(report)
    return _shown(flags_of([row], report, agreed_of(report), reader=reader, at=at, earlier=earlier)[row.line.key])


def dossiers_as_released(evaluation, agreed, results):
    """The same once the scores are released, without flags; `results`: {line's id: the unit's Result}."""
    earlier = earlier_results(evaluation.report)
    return {line.key: _dossier(line, results.get(line.key), earlier) for line in agreed.lines}


def _dossier(line, result, earlier, flags=()):
    rounds = tuple(Before(each.round, each.value) for each in earlier.get(line.key, ()))
    return Dossier(_past(line), rounds, _story(result), flags)


def _past(line):
    values = ((each["year"], each["value"]) for each in line.content["past"])
    return tuple(Before(shown_year(year), Decimal(value)) for year, value in values if value is not None)


def _story(result):
    if result is None:
        return ()
    told = ((Result._meta.get_field(name).verbose_name, getattr(result, name)) for name in STORY)
    return tuple((heading, text) for heading, text in told if text.strip())


def _shown(flags):
    return tuple(_as_shown(flag) for flag in flags)


def _as_shown(flag):
    url = reverse("desk:result", args=flag.place) if flag.place else ""
    badge = "bad" if flag.kind in ("file", "unproved") else "warn"
    return Shown(badge, flag.label, flag.sentence, flag.holds, url)


@dataclass(frozen=True)
class Kind:
    """One of the ways to look at the rows: which, what it is called, how many rows it shows."""

    key: str
    label: str
    count: int
    active: bool


def kinds(items, wanted):
    """The ways to look at the items with what is left to do counted; the one `wanted`, else all."""
    labels = {
        "all": _("All"),
        "not_yet": _("Not evaluated yet"),
        "differs": _("Scores differ"),
        "flagged": _("With a flag"),
    }
    active = wanted if wanted in labels else "all"
    return [Kind(key, label, sum(is_of(item, key) for item in items), key == active) for key, label in labels.items()]


def is_of(item, kind):
    """Is the item (desk.evaluation_page.Item) one of that kind?"""
    return {
        "not_yet": item.evaluator.value is None,
        "differs": item.differs,
        "flagged": item.dossier.is_held,
    }.get(kind, True)
