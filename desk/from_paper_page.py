"""What a report's pages say of its having been entered from paper, and the way into and out of that."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from acts.engine import refusals
from agreements.stages import Pen, Stage
from agreements.standing import As
from results.from_paper import ending_of, entries_of, in_hand, said_of
from results.rules import current_report
from workflow.lifecycle import TABLE


@dataclass(frozen=True)
class Said:
    """One time that the report was taken in from paper, in words."""

    sentence: str
    ending: str
    reason: str


@dataclass(frozen=True)
class FromPaper:
    """Every time, the first first; where the reader could take it in, or take it back: the address, or ""."""

    times: tuple[Said, ...]
    take_in: str = ""
    take_back: str = ""

    def __bool__(self):
        return bool(self.times or self.take_in or self.take_back)


def times_of(report):
    """The Saids of a report; () for one that the unit wrote itself."""
    return tuple(Said(said_of(each), ending_of(each), each.reason) for each in entries_of(report))


def from_paper(report, standing, *, user, at):
    """The FromPaper of a report to this reader."""
    ways = {}
    if As.EVALUATOR in standing and _can_be_taken_in(report, user, at):
        ways["take_in"] = reverse("desk:move", args=[report.agreement.code, "take_from_paper"])
    if As.STAFF in standing and _is_in_hand(report):
        ways["take_back"] = reverse("desk:move", args=[report.agreement.code, "take_back_report"])
    return FromPaper(times_of(report), **ways)


def _can_be_taken_in(report, user, at):
    agreement = report.agreement
    if agreement.stage != Stage.ASSESSMENT or agreement.pen != Pen.STAFF:
        return False
    is_current = report == current_report(agreement, on=timezone.localdate(at))
    return is_current and not refusals(TABLE, agreement, "take_from_paper", actor=user, at=at)


def _is_in_hand(report):
    entry = in_hand(report.agreement)
    return entry is not None and entry.report_id == report.pk
