"""What makes a line worth a second look before it is accepted: one sentence for each flag, for the evaluator's side alone.

A flag is a question, not a verdict: it changes no score. A line with one that holds isn't accepted along with all the
others; one report that proves several lines of the same agreement is common, and so holds nothing up.
"""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.stages import RELEASED
from agreements.standing import As, standing_of
from indicators.criteria.kinds import Kind
from results.earlier import earlier_results, expected
from results.proved_levels import claimed_beside_the_files
from results.same_bytes import uses_of
from results.unlike import unlike
from thai.dates import thai_date
from thai.numbers import plain_number

# Off the trend by so many levels of the scale is strongly off.
STRONGLY = 1
# So many other agreements of one file are named; a form that every unit attaches must not fill the page.
NAMED_AT_MOST = 5
# The kinds whose result is measured: where it meets a value exactly, that may be no accident. Steps always do.
MEASURED = (Kind.QUANTITATIVE, Kind.BANDS, Kind.PROJECTS, Kind.UNITS, Kind.TARGETS)


@dataclass(frozen=True)
class Flag:
    """`kind` for programs, `label` in a few words, `sentence` in full.

    `place`: (code, round's position, line's id) of the other piece of evidence, where there is one to look at.
    `holds`: must the line be accepted by itself?
    """

    kind: str
    label: str
    sentence: str
    place: tuple | None = None
    holds: bool = True


def reads_flags(user, agreement, at):
    """Is `user` told beside the evidence, too: an evaluator of the counterpart, until the scores are released?"""
    return agreement.stage not in RELEASED and As.EVALUATOR in standing_of(user, agreement, at)


def flags_of(rows, report, agreed, *, reader, at, earlier=None):
    """{line's id: its Flags} of rows of a report. Of other agreements, as far as `reader` may follow them; two queries.

    `earlier`: as `earlier_results`, where the caller has them already.
    """
    earlier = earlier_results(report) if earlier is None else earlier
    uses = uses_of([each for row in rows for each in row.evidence], reader, at)
    return {row.line.key: tuple(_flags(row, report, agreed, earlier, uses)) for row in rows}


def _flags(row, report, agreed, earlier, uses):
    if row.value is None:
        return  # nothing is claimed
    yield from _off_the_trend(row, report, agreed, earlier.get(row.line.key, []))
    yield from _unlike(row)
    yield from _exactly_at(row)
    yield from _without_evidence(row)
    yield from _of_other_levels(row)
    for each in row.evidence:
        yield from _used_elsewhere(row, report, agreed, each, uses[each.sha256])
        yield from _dated_outside(each, report)
        yield from _added_late(each, report)


def _off_the_trend(row, report, agreed, earlier):
    """The result is at least a level off where the straight line through the last two interim results leads."""
    value = expected(earlier, report.round.position)
    scored, _problem = agreed.score(row.line, value)
    if scored is None or row.score is None:
        return
    points = agreed.scale.points
    level = (points[-1] - points[0]) / (len(points) - 1)
    if abs(row.score - scored.score) >= STRONGLY * level:
        sentence = _(
            "The rounds before led to %(expected)s (score %(score)s); this round's result is %(value)s, a level off or more."
        )
        words = {"expected": plain_number(value), "score": scored.score, "value": plain_number(row.value)}
        yield Flag("trend", _("off the trend"), sentence % words)


def _unlike(row):
    odd = unlike(row.line, row.value)
    if odd:
        yield Flag("unit", _("another unit of measure?"), odd)


def _exactly_at(row):
    """A measured result that meets the target, or the value of a level, to the last digit."""
    line, value = row.line, row.value
    if line.kind not in MEASURED:
        return
    if line.target is not None and value == line.target:
        sentence = _("The result meets the target, %(value)s, to the last digit.")
        yield Flag("exact", _("exactly the target"), sentence % {"value": plain_number(value)})
    elif value in line.levels:
        level = line.levels.index(value) + 1
        sentence = _("The result meets the value of level %(level)s, %(value)s, to the last digit.")
        words = {"level": level, "value": plain_number(value)}
        yield Flag("exact", _("exactly level %(level)s") % words, sentence % words)


def _without_evidence(row):
    if not row.evidence:
        sentence = _("There is no evidence for the level that the unit claims.")
        yield Flag("unproved", _("no evidence"), sentence)


def _of_other_levels(row):
    level = claimed_beside_the_files(row)
    if level:
        sentence = _("Files name the level that they prove, but none names level %(level)s, which the unit claims.")
        yield Flag("level", _("no file of level %(level)s") % {"level": level}, sentence % {"level": level})


def _used_elsewhere(row, report, agreed, evidence, uses):
    """The same file proves other lines, or something in other agreements: one flag for each that is named."""
    by_agreement = {}
    for use in uses.known:
        if (use.agreement, use.line) != (report.agreement_id, row.line.key):
            by_agreement.setdefault(use.agreement, {}).setdefault(use.line, use)
    own = by_agreement.pop(report.agreement_id, None)
    if own:
        yield _used_here(agreed, evidence, list(own.values()))
    others = [list(by_line.values()) for by_line in by_agreement.values()]
    yield from (_used_there(evidence, found) for found in others[:NAMED_AT_MOST])
    yield from _counted(evidence, len(others[NAMED_AT_MOST:]), uses.unread)


def _used_here(agreed, evidence, uses):
    keys = {use.line for use in uses}
    numbers = ", ".join(line.number for line in agreed.tree if line.key in keys)
    sentence = _("The file “%(file)s” is evidence of indicator %(number)s of this agreement, too.")
    label = _("same file as in %(number)s") % {"number": numbers}
    return Flag("file", label, sentence % {"file": evidence.name, "number": numbers}, uses[0].place, holds=False)


def _used_there(evidence, uses):
    first, *others = uses
    sentence = _("The file “%(file)s” is evidence in the agreement of %(unit)s, fiscal year %(year)s, too: “%(name)s”.")
    words = {"file": evidence.name, "unit": first.unit, "year": first.year, "name": first.name}
    said = sentence % words
    if others:
        said += " " + _("And of %(count)s other indicators there.") % {"count": len(others)}
    return Flag("file", _("same file as %(unit)s") % words, said, first.place)


def _counted(evidence, more, unread):
    """Of agreements that aren't named: one flag for those that the reader may look at, one for those that they may not."""
    if more:
        sentence = ngettext(
            "The file “%(file)s” is evidence in %(count)s more agreement that you can read.",
            "The file “%(file)s” is evidence in %(count)s more agreements that you can read.",
            more,
        )
        yield Flag("file", _("same file elsewhere"), sentence % {"file": evidence.name, "count": more})
    if unread:
        sentence = ngettext(
            "The file “%(file)s” is evidence in %(count)s agreement that you can't read.",
            "The file “%(file)s” is evidence in %(count)s agreements that you can't read.",
            unread,
        )
        yield Flag("file", _("same file elsewhere"), sentence % {"file": evidence.name, "count": unread})


def _dated_outside(evidence, report):
    """The round's period: from the first day of the agreement to the last on which the report is sent in time."""
    first, last = report.agreement.starts_on, report.due_on
    if evidence.dated_on and not first <= evidence.dated_on <= last:
        sentence = _("The file “%(file)s” is dated %(day)s, outside the round's period (%(first)s to %(last)s).")
        days = {"day": evidence.dated_on, "first": first, "last": last}
        yield Flag("dated", _("dated outside the round"), sentence % ({"file": evidence.name} | _told(days)))


def _added_late(evidence, report):
    """After the last day on which the report is sent in time: what was given counts, grace doesn't."""
    added_on = timezone.localdate(evidence.added_at)
    if added_on > report.due_on:
        sentence = _("The file “%(file)s” was added on %(day)s; the report was due on %(due)s.")
        days = {"day": added_on, "due": report.due_on}
        yield Flag("late", _("added after the due date"), sentence % ({"file": evidence.name} | _told(days)))


def _told(days):
    return {name: thai_date(day, "medium") for name, day in days.items()}


def held_up(flags):
    """The ids of the lines that must be accepted one by one; `flags` as `flags_of` gives them."""
    return {key for key, found in flags.items() if any(flag.holds for flag in found)}
