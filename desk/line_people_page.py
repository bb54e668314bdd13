"""The people of an indicator beside its result: what each collector reports, and the overseer's verdict."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from agreements.models import LineCollector
from agreements.named import named_in
from indicators.criteria import Asks
from results.forms import FigureForm, VerdictForm
from results.inputs import asks
from results.models import Collected
from results.rules import may_collect, may_oversee, may_report


@dataclass(frozen=True)
class Figure:
    """One collector with what they report. `pk`: of their row, to be taken over; None where staff can't."""

    name: str
    phone: str
    carries: bool
    value: Decimal | None = None
    note: str = ""
    at: datetime | None = None
    is_result: bool = False
    pk: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What the overseer said of the result as it stands; `approves` None: nothing yet."""

    overseer: str
    phone: str
    approves: bool | None
    reason: str
    by: str
    in_place: bool
    at: datetime | None


@dataclass(frozen=True)
class LinePeople:
    """All of it, with the forms of the person who looks; a form is None where it isn't theirs to fill in."""

    figures: list = field(default_factory=list)
    verdict: Verdict | None = None
    figure_form: FigureForm | None = None
    verdict_form: VerdictForm | None = None
    in_place: bool = False

    def __bool__(self):
        return bool(self.figures or self.verdict)


def line_people(row, user, at):
    """The LinePeople of a row of a report."""
    result = row.result
    collectors = list(LineCollector.objects.filter(line=row.line.key).select_related("user"))
    given = {each.user_id: each for each in Collected.objects.filter(result=result)} if collectors else {}
    takes = bool(given) and asks(row.line) == Asks.NUMBER and may_report(result.report, user, at) is None
    return LinePeople(
        [_figure(each, given.get(each.user_id), row, takes) for each in collectors],
        _verdict(row) if row.overseer else None,
        _figure_form(row, user, given.get(user.pk), at) if collectors else None,
        _verdict_form(row, user, at),
        bool(row.overseer) and user.pk != row.overseer.pk,
    )


def _figure(collector, given, row, takes):
    shown = {"name": collector.user.short_name_with_rank, "phone": collector.user.phone}
    if given is None:
        return Figure(**shown, carries=collector.carries_score)
    is_result = given.value is not None and given.value == row.value
    can_take = takes and given.value is not None and not is_result
    told = {"value": given.value, "note": given.note, "at": given.reported_at, "is_result": is_result}
    return Figure(**shown, **told, carries=collector.carries_score, pk=given.pk if can_take else None)


def _verdict(row):
    result = row.result
    return Verdict(
        row.overseer.short_name_with_rank,
        row.overseer.phone,
        result.verdict_approves,
        result.verdict_reason or "",
        result.verdict_given_by or "",
        bool(result.verdict_in_place),
        result.verdict_given_at,
    )


def figure_form(row, user, mine, data=None):
    """The form of a collector's own figure; the note alone where theirs is the result itself."""
    carries = row.line.key in named_in(user, row.result.report.agreement).carries
    return FigureForm(data, line=row.line, mine=mine, carries=carries, scale=row.line.scale)


def _figure_form(row, user, mine, at):
    # Staff who aren't named need no query to know it.
    return None if may_collect(row.result, user, at) else figure_form(row, user, mine)


def _verdict_form(row, user, at):
    if row.overseer is None or row.value is None or may_oversee(row.result, user, at):
        return None
    return VerdictForm(initial={"version": row.result.version})
