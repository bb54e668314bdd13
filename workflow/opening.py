"""Opening a fiscal year and changing it: the acts of the planning office (handbook 2.1, step 1).

A year is opened whole: the call, the period, due dates, reporting rounds and, where a year was opened before it, that
one's frameworks. Whoever changes it says which version they saw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acts.engine import Refusal, Refused
from acts.log import acting
from agreements.duties import role_rule
from agreements.models import Agreement
from agreements.stages import WRITTEN_IN
from fiscal.holidays import add_holidays, remove_holiday
from fiscal.models import USUAL_APPEAL_DAYS, FiscalYear
from fiscal.years import (
    Call,
    change_period,
    hold,
    move_deadlines,
    period,
    set_call,
    set_deadlines,
    set_reminding,
    suggested_deadlines,
    suggested_level_dues,
    year_before,
)
from fiscal.years import open_year as open_with_dates
from indicators.frameworks import copy_frameworks, write_framework
from indicators.models import Framework
from orgunits.holders import help_for
from orgunits.models import HEADQUARTERS, OrgUnit
from orgunits.reach import reach_of
from orgunits.roles import Role
from orgunits.tree import descendants
from results.appeal_window import move_windows
from results.rounds import Dates, move_rounds, set_rounds, suggested_rounds
from workflow.due import DEADLINE_OF

# The steps whose due dates are the year's own; those of reports stand in its rounds.
DUE_STEPS = tuple(DEADLINE_OF.values())
# Days late until the superior is told, where no year before says otherwise.
USUAL_PATIENCE = 7
READERS = (Role.PLANNER, Role.AUDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Setting:
    """What the planning office sets for a year. A date of the period that is None is the rule's."""

    starts_on: date | None = None
    ends_on: date | None = None
    reason: str = ""
    call: Call | None = None
    dues: Mapping[str, date] = field(default_factory=dict)
    # {(step, level): day} of the levels that have due dates of their own.
    level_dues: Mapping[tuple[str, int], date] = field(default_factory=dict)
    moves_off_holidays: bool = True
    escalate_after: int | None = None
    appeal_days: int = USUAL_APPEAL_DAYS
    rounds: Sequence[Dates] = ()


def suggested(year):
    """The Setting to begin with: last year's dates moved by a year, or the usual ones."""
    dues, earlier = suggested_deadlines(year), year_before(year)
    return Setting(
        dues={key: dues[key] for key in DUE_STEPS},
        level_dues=suggested_level_dues(year),
        rounds=suggested_rounds(year),
        moves_off_holidays=earlier.moves_off_holidays if earlier else True,
        escalate_after=earlier.escalate_after if earlier else USUAL_PATIENCE,
        appeal_days=earlier.appeal_days if earlier else USUAL_APPEAL_DAYS,
    )


def may_open_years(actor, at):
    """Refusal unless `actor` is of the planning office of the whole organisation."""
    planning = reach_of(actor, at).units(Role.PLANNER)
    if planning and OrgUnit.objects.filter(pk__in=planning, code=HEADQUARTERS).exists():
        return None
    sentence = _("Only the planning office of the Royal Thai Police can open and change fiscal years.")
    top = OrgUnit.objects.filter(code=HEADQUARTERS).values("pk")
    return Refusal(sentence, rule=role_rule(Role.PLANNER), help=help_for(Role.PLANNER, top, at))


def units_overseen(user, at):
    """The ids of the units whose years `user` may look at, as a queryset; None for who may look at none."""
    units = reach_of(user, at).units(*READERS)
    return descendants(units) if units else None


def open_year(year, setting, *, by, at, idempotency=""):
    """Open a year with everything in it: `setting`, and the frameworks of the year before. Raises Refused."""
    with _allowed(by, at, idempotency):
        opened = open_with_dates(
            year,
            by=by,
            at=at,
            starts_on=setting.starts_on,
            ends_on=setting.ends_on,
            reason=setting.reason,
            call=setting.call,
            dues=setting.dues,
        )
        _set_dates(opened, setting, by, at)
        earlier = year_before(year)
        if earlier:
            copy_frameworks(earlier, opened, by=by, at=at)
    return opened


def _allowed(by, at, idempotency=""):
    """The act, of who may do it."""
    refusal = may_open_years(by, at)
    if refusal:
        raise Refused([refusal])
    return acting(by, at=at, idempotency=idempotency)


def change_year(fiscal_year, setting, *, version, by, at, idempotency=""):
    """Make an open year as `setting` says, seen at `version`. Raises Refused, or Stale when it has changed since.

    Agreements whose text can still change follow a new period; the others keep the one they were handed over with.
    """
    with _allowed(by, at, idempotency):
        held = hold(fiscal_year, version=version)
        _change_period(held, setting, by, at)
        set_call(held, setting.call, by=by, at=at)
        _set_dates(held, setting, by, at)
    return held


def _set_dates(held, setting, by, at):
    """Due dates and rounds, off holidays as the year says: those that stay as they were set may move as well."""
    told = {"moves_off_holidays": setting.moves_off_holidays, "escalate_after": setting.escalate_after}
    set_reminding(held, **told, appeal_days=setting.appeal_days, by=by, at=at)
    held.refresh_from_db()
    set_deadlines(held, setting.dues, levels=setting.level_dues, by=by, at=at)
    set_rounds(held, setting.rounds, by=by, at=at)
    move_rounds(held)


def enter_holidays(days, *, by, at, idempotency=""):
    """Enter public holidays, [(day, name)]; due dates and rounds move off them. Returns (new ones, how many dates moved)."""
    with _allowed(by, at, idempotency):
        years = _years_held()
        return add_holidays(days, by=by, at=at), _move_all(years)


def drop_holiday(holiday, *, by, at, idempotency=""):
    """Take a public holiday out; returns how many due dates and rounds went back."""
    with _allowed(by, at, idempotency):
        years = _years_held()
        remove_holiday(holiday, by=by, at=at)
        return _move_all(years)


def _years_held():
    """All years, so that nobody sets a due date by the holidays of before."""
    return list(FiscalYear.objects.select_for_update().order_by("pk"))


def _move_all(years):
    return sum(len(move_deadlines(year)) + len(move_rounds(year)) + len(move_windows(year)) for year in years)


def _change_period(held, setting, by, at):
    by_rule = period(held.year)
    dates = (setting.starts_on or by_rule[0], setting.ends_on or by_rule[1])
    reason = "" if dates == by_rule else setting.reason
    if (*dates, reason) == (held.starts_on, held.ends_on, held.override_reason):
        return
    changed = change_period(held, by=by, at=at, starts_on=dates[0], ends_on=dates[1], reason=reason)
    following = Agreement.objects.filter(fiscal_year=held, stage__in=WRITTEN_IN)
    following.update(starts_on=changed.starts_on, ends_on=changed.ends_on)


def periods_kept(fiscal_year):
    """How many agreements of the year bear another period than it has now: they were handed over before it changed."""
    other = ~Q(starts_on=fiscal_year.starts_on, ends_on=fiscal_year.ends_on)
    return Agreement.objects.filter(other, fiscal_year=fiscal_year).count()


def used_by(fiscal_year, tier):
    """The agreements that use the framework of a year and level."""
    return Agreement.objects.filter(framework__fiscal_year=fiscal_year, framework__tier=tier)


def may_change_framework(fiscal_year, tier):
    """Refusal once agreements use the framework of this year and level: their lines stand in its dimensions."""
    count = used_by(fiscal_year, tier).count()
    if not count:
        return None
    sentence = ngettext(
        "%(count)s agreement of this year uses this framework, so it can't change any more. The next year's can.",
        "%(count)s agreements of this year use this framework, so it can't change any more. The next year's can.",
        count,
    )
    return Refusal(sentence % {"count": count})


def save_framework(fiscal_year, tier, content, *, version, by, at, idempotency=""):
    """Set the framework of a year and level, seen at `version` (0: there was none). Raises Refused or Stale."""
    with _allowed(by, at, idempotency):
        # Its row is held first: an agreement that begins to use it meanwhile is waited for, and then seen.
        list(Framework.objects.select_for_update().filter(fiscal_year=fiscal_year, tier=tier))
        refusal = may_change_framework(fiscal_year, tier)
        if refusal:
            raise Refused([refusal])
        return write_framework(fiscal_year, tier, content, version=version, by=by, at=at)
