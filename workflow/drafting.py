"""Drafts for all signing units of a year at once: what would be made, and the job that makes them.

The job makes one unit's draft per transaction, so that nobody waits long for it, and leaves out units that have theirs:
killed and begun again, it goes on where it stopped.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from acts.engine import Conflict, Refusal, Refused
from acts.jobs import queue
from acts.log import acting
from acts.models import Job
from agreements.models import Agreement
from agreements.models.rule import SigningRule
from agreements.signing_rule import NoRule, sides_of_all
from indicators.models import Framework
from orgunits.models import Appointment, OrgUnit, Post
from results.carry import begin
from workflow.opening import may_open_years

DRAFT_ALL = "workflow.draft_all"  # the job, registered in workflow.jobs


def signing_units(starts_on, ends_on, *, on):
    """The units that sign for a period, seen from the day `on`: those that exist on it, or on the period's nearest day."""
    day = min(max(on, starts_on), ends_on)
    return OrgUnit.objects.signing().in_force(day).order_by("tree_id", "lft")


@dataclass(frozen=True)
class Case:
    """One case of the signing rule, and the units whose agreements it makes."""

    rule: SigningRule
    units: tuple[OrgUnit, ...]


@dataclass(frozen=True)
class Outlook:
    """What drafting for all units of a year would come to.

    `without_rule`: (unit, why no rule fits, or which do); `headless`: units whose head's post nobody holds on the day;
    `there`: how many have their agreement; `frameless`: levels without a framework.
    """

    cases: tuple[Case, ...]
    without_rule: tuple[tuple[OrgUnit, str], ...]
    headless: tuple[OrgUnit, ...]
    there: int
    total: int
    frameless: tuple[int, ...]

    @property
    def to_draft(self):
        """How many drafts can be made now."""
        return sum(len(case.units) for case in self.cases if case.rule.tier not in self.frameless)


def outlook(year, starts_on, ends_on, *, tiers, on):
    """The Outlook of the year with this number and period, whether it is open or not.

    `tiers`: the levels that have their framework. `on`: today.
    """
    there = Exists(Agreement.objects.in_year(year).filter(unit=OuterRef("pk")))
    signing = signing_units(starts_on, ends_on, on=on)
    units = list(signing.annotate(is_there=there, is_headed=has_head(on)))
    missing = [unit for unit in units if not unit.is_there]
    sides = sides_of_all(missing, year=year, on=starts_on)
    return Outlook(
        cases=_cases(missing, sides),
        without_rule=tuple((unit, str(sides[unit.pk])) for unit in missing if isinstance(sides[unit.pk], NoRule)),
        headless=tuple(unit for unit in units if not unit.is_headed),
        there=len(units) - len(missing),
        total=len(units),
        frameless=tuple(sorted({unit.tier for unit in missing} - set(tiers))),
    )


def outlook_of(fiscal_year, *, on):
    """The Outlook of an open year."""
    tiers = Framework.objects.filter(fiscal_year=fiscal_year).values_list("tier", flat=True)
    return outlook(fiscal_year.year, fiscal_year.starts_on, fiscal_year.ends_on, tiers=tiers, on=on)


def _cases(units, sides):
    by_rule, rules = defaultdict(list), {}
    for unit in units:
        found = sides[unit.pk]
        if not isinstance(found, NoRule):
            rules[found.rule.pk] = found.rule
            by_rule[found.rule.pk].append(unit)
    cases = [Case(rules[key], tuple(found)) for key, found in by_rule.items()]
    return tuple(sorted(cases, key=lambda case: (case.rule.tier, not case.rule.affiliated, case.rule.pk)))


def has_head(on):
    """A condition on units: somebody who may sign in is in their head's post on the day (own, acting or delegated)."""
    posts = {"post__unit": OuterRef("pk"), "post__kind": Post.Kind.HEAD}
    return Exists(Appointment.objects.in_force(on).filter(**posts, user__is_active=True))


def open_for_all(fiscal_year, *, by, at, idempotency=""):
    """Ask for the drafts of all units that have none: the job that makes them. Raises Refused."""
    refusal = may_open_years(by, at) or _cannot_begin(fiscal_year, at)
    if refusal:
        raise Refused([refusal])
    with acting(by, at=at, idempotency=idempotency) as record:
        record("draft_all", fiscal_year)
        return queue(DRAFT_ALL, key=job_key(fiscal_year), year=fiscal_year.pk, by=by.pk)


def _cannot_begin(fiscal_year, at):
    if not Framework.objects.filter(fiscal_year=fiscal_year).exists():
        return Refusal(_("This year has no evaluation framework yet. Please set one before the drafts are made."))
    if timezone.localdate(at) > fiscal_year.ends_on:
        return Refusal(_("This fiscal year is over; no more drafts are made for it."))
    return None


def job_key(fiscal_year):
    """The key of the job that makes a year's drafts."""
    return f"year-{fiscal_year.pk}"


def drafting_job(fiscal_year):
    """The latest job that makes, or made, a year's drafts; None before the first."""
    return Job.objects.filter(name=DRAFT_ALL, key=job_key(fiscal_year)).order_by("queued_at", "pk").last()


def draft_for_all(fiscal_year, *, by, at, progress=None):
    """Make the drafts of all units that have none, each with last year's agreement carried forward; gives those made.

    One transaction for each unit. A unit for which none can be made (no rule fits it, its level has no framework) is
    left out: the year's page says which and why. `progress(done, total)` is told after each unit.
    """
    refusal = may_open_years(by, at)
    if refusal:
        raise Refused([refusal])
    units = list(signing_units(fiscal_year.starts_on, fiscal_year.ends_on, on=timezone.localdate(at)))
    there = set(Agreement.objects.filter(fiscal_year=fiscal_year).values_list("unit_id", flat=True))
    made = []
    for done, unit in enumerate(units, 1):
        if unit.pk not in there:
            made += _draft(unit, fiscal_year, by, at)
        if progress:
            progress(done, len(units))
    return made


def _draft(unit, fiscal_year, by, at):
    """The unit's draft in a list; [] where none can be made, or somebody else has just made it."""
    try:
        return [begin(unit, fiscal_year, carry=True, actor=by, at=at)]
    except (Refused, Conflict):
        return []
