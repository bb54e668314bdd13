"""Fiscal years as the planning office sees them: what is set for each, how far its agreements are, what isn't ready."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acts.models import Entry
from acts.refusals import Refusal
from agreements.models import Agreement, SigningRule
from agreements.rules import range_words
from agreements.signing_rule import under_the_office
from agreements.stages import Stage
from fiscal.models import FiscalYear
from fiscal.years import Call, level_dues
from indicators.dimensions import parts_of_rows, weights
from indicators.models import Dimension, Framework
from results.rounds import rounds_of
from thai.dates import shown_year, thai_date
from workflow.drafting import drafting_job, has_head, signing_units
from workflow.due import overdue
from workflow.opening import DUE_STEPS, Setting

SHOWN_AT_A_GLANCE = 8
# act → what the person did to the year, or to one of its frameworks
SENTENCES = {
    "meeting": gettext_lazy("recorded a meeting"),
    "change_meeting": gettext_lazy("changed the record of a meeting"),
    "open_year": gettext_lazy("opened the year"),
    "change_period": gettext_lazy("changed the period"),
    "set_call": gettext_lazy("changed the call"),
    "set_deadlines": gettext_lazy("changed due dates"),
    "set_reminding": gettext_lazy("changed how due dates move and when the superior is told"),
    "set_rounds": gettext_lazy("set the reporting rounds"),
    "copy_framework": gettext_lazy("copied the framework “%(name)s” from the year before"),
    "write_framework": gettext_lazy("changed the framework “%(name)s”"),
    "draft_all": gettext_lazy("asked for the drafts of all units"),
    "word_clauses": gettext_lazy("worded the clauses of the agreement"),
    "word_rule": gettext_lazy("worded a signing rule anew from this year on"),
    "end_rule": gettext_lazy("ended a signing rule with the year before"),
}


def level_names():
    """{level: what it is called} of the levels that sign."""
    return {
        1: _("Level 1: Royal Thai Police"),
        2: _("Level 2: command or equivalent"),
        3: _("Level 3: division or equivalent"),
    }


@dataclass(frozen=True)
class YearRow:
    """A year in the list; `stages` is [(Stage, number of agreements)] of those there are."""

    year: FiscalYear
    state: str
    state_kind: str
    stages: list
    total: int
    late: int


def year_rows(units, *, on):
    """Every year with its agreements of `units` counted, the latest first; in two queries."""
    counts = _counts(Agreement.objects.filter(unit__in=units), on)
    return [_row(year, counts, on) for year in FiscalYear.objects.all()]


def year_row(fiscal_year, units, *, on):
    """One year's YearRow."""
    return _row(fiscal_year, _counts(Agreement.objects.filter(unit__in=units, fiscal_year=fiscal_year), on), on)


def _counts(agreements, on):
    """{(year's id, stage): (how many, how many of them late)}"""
    rows = agreements.order_by().values_list("fiscal_year", "stage")
    counted = rows.annotate(count=Count("pk"), late=Count("pk", filter=overdue(on)))
    return {(year, stage): (count, late) for year, stage, count, late in counted}


def _row(year, counts, on):
    found = [(stage, *counts.get((year.pk, stage), (0, 0))) for stage in Stage]
    state, kind = _state(year, on)
    return YearRow(
        year=year,
        state=state,
        state_kind=kind,
        stages=[(stage, count) for stage, count, _late in found if count],
        total=sum(count for _stage, count, _late in found),
        late=sum(late for _stage, _count, late in found),
    )


def _state(year, on):
    if on < year.starts_on:
        return _("opened, not begun yet"), "info"
    return (_("current year"), "ok") if on <= year.ends_on else (_("finished"), "")


@dataclass(frozen=True)
class Level:
    """The framework of a level, as its dimensions; none while it is missing."""

    tier: int
    label: str
    dimensions: tuple[Dimension, ...]
    url: str

    @property
    def framework(self):
        return self.dimensions[0].framework if self.dimensions else None

    @property
    def weighed(self):
        """[(dimension, its fixed weight: its own or what its parts come to, or None; the range advised, "" for none)]"""
        found = weights(parts_of_rows(self.dimensions))
        return [
            (row, bounds.low if bounds and bounds.is_fixed else None, range_words(row.weight_min, row.weight_max))
            for row, bounds in zip(self.dimensions, found, strict=True)
        ]


def levels(fiscal_year, *, linked=True):
    """The Levels of a year, also those whose framework is missing. One query. `linked`: can their pages be opened?"""
    rows = Dimension.objects.filter(framework__fiscal_year=fiscal_year).select_related("framework").order_by("number")
    found = list(rows)
    return [
        Level(
            tier,
            label,
            tuple(each for each in found if each.framework.tier == tier),
            reverse("desk:year_framework", args=[fiscal_year.year, tier]) if linked else "",
        )
        for tier, label in level_names().items()
    ]


@dataclass(frozen=True)
class Progress:
    """How many of the units that sign have their agreement of a year; how many have nobody as head today.

    `unfit`: how many have no signing rule, or two.
    """

    done: int
    total: int
    headless: int
    unfit: int

    @property
    def left(self):
        return self.total - self.done


def progress(fiscal_year, units, *, on):
    """The Progress of a year among `units`. Two queries."""
    there = Exists(Agreement.objects.filter(fiscal_year=fiscal_year, unit=OuterRef("pk")))
    under = Exists(under_the_office(fiscal_year.starts_on).filter(unit=OuterRef("pk")))
    signing = signing_units(fiscal_year.starts_on, fiscal_year.ends_on, on=on).filter(pk__in=units).order_by()
    kinds = signing.annotate(under=under, there=there, headed=has_head(on)).values_list("tier", "under")
    counted = kinds.annotate(
        total=Count("pk"), done=Count("pk", filter=Q(there=True)), headless=Count("pk", filter=Q(headed=False))
    )
    return _summed(list(counted), list(SigningRule.objects.in_year(fiscal_year.year)))


def _summed(counted, rules):
    """The Progress of [(level, under the office or not, units, of which done, of which headless)]."""
    total, done, headless = (sum(row[place] for row in counted) for place in (2, 3, 4))
    unfit = (row[2] for row in counted if sum(rule.speaks_of(*row[:2]) for rule in rules) != 1)
    return Progress(done=done, total=total, headless=headless, unfit=sum(unfit))


@dataclass(frozen=True)
class Due:
    """A due date of a year: of which step, of which level ("": of all), on which day, moved from which."""

    step: str
    level: str
    day: date | None
    moved_from: date | None = None


def due_dates(fiscal_year):
    """The Dues of a year, step by step, each followed by those of the levels that have their own."""
    return [due for step in DUE_STEPS for due in _dues_of(fiscal_year, step)]


def _dues_of(fiscal_year, step):
    general = fiscal_year.deadline(step)
    yield Due(step.label, "", *((general.due, general.moved_from) if general else (None,)))
    for tier, name in level_names().items():
        own = fiscal_year.deadline(step, tier)
        if own and own.tier == tier:
            yield Due(step.label, name, own.due, own.moved_from)


def unready(fiscal_year, found_levels, rounds, made):
    """What the year still lacks, as refusals with the place that mends each."""
    change = reverse("desk:change_year", args=[fiscal_year.year])
    drafts = reverse("desk:draft_all", args=[fiscal_year.year])
    if not fiscal_year.is_called:
        yield Refusal(_("The call of the OPDC is not entered yet."), f"{change}#id_call_number")
    for step in DUE_STEPS:
        if fiscal_year.due(step) is None:
            yield Refusal(_("There is no due date for: %(step)s.") % {"step": step.label}, f"{change}#id_{step}")
    if not rounds:
        yield Refusal(_("There is no reporting round yet."), f"{change}#id_round_1_name")
    for level in found_levels:
        if not level.dimensions:
            yield Refusal(_("%(level)s has no evaluation framework yet.") % {"level": level.label}, level.url)
    yield from _unfit(fiscal_year, made)
    if made.left:
        sentence = _("%(count)s of %(total)s units that sign have no agreement yet.")
        yield Refusal(sentence % {"count": made.left, "total": made.total}, drafts)
    if made.headless:
        phrase = ngettext(
            "%(count)s unit has nobody in its head's post today, so it can't sign.",
            "%(count)s units have nobody in their head's post today, so they can't sign.",
            made.headless,
        )
        yield Refusal(phrase % {"count": made.headless}, f"{drafts}#headless")


def _unfit(fiscal_year, made):
    if made.unfit:
        phrase = ngettext(
            "%(count)s unit that signs doesn't have exactly one signing rule.",
            "%(count)s units that sign don't have exactly one signing rule.",
            made.unfit,
        )
        rules = reverse("desk:signing_rules", args=[fiscal_year.year])
        yield Refusal(phrase % {"count": made.unfit}, f"{rules}#unfit")


def movements(fiscal_year, found_levels, *, reader):
    """What was done to the year, its frameworks and its signing rules, newest first, for templates/parts/timeline.html."""
    frameworks = [str(level.framework.pk) for level in found_levels if level.framework]
    about = Q(object_kind=FiscalYear._meta.label_lower, object_id=str(fiscal_year.pk))
    about |= Q(object_kind=Framework._meta.label_lower, object_id__in=frameworks)
    # A rule is no row of the year; the record says from which year on it was worded so.
    about |= Q(object_kind=SigningRule._meta.label_lower, change__contains=f'"from_year":{fiscal_year.year}')
    entries = Entry.objects.filter(about).order_by("-sequence")[:SHOWN_AT_A_GLANCE]
    return [_movement(entry, reader) for entry in entries]


def _movement(entry, reader):
    return {
        "who": _("You") if entry.actor_id == reader.pk else entry.actor_text,
        "text": SENTENCES[entry.act] % {"name": entry.object_text},
        "at": entry.at,
        "reason": entry.text,
    }


def year_context(fiscal_year, units, *, reader, on):
    """All that the page of a year shows, in seven queries besides the year's own."""
    found_levels, rounds = levels(fiscal_year), list(fiscal_year.reporting_rounds.all())
    made = progress(fiscal_year, units, on=on)
    return {
        "row": year_row(fiscal_year, units, on=on),
        "levels": found_levels,
        "rounds": rounds,
        "dues": due_dates(fiscal_year),
        "progress": made,
        "unready": list(unready(fiscal_year, found_levels, rounds, made)),
        "movements": movements(fiscal_year, found_levels, reader=reader),
        "job": drafting_job(fiscal_year),
    }


def title_of(year):
    """ปีงบประมาณ พ.ศ. 2570, of the number of a year."""
    return _("Fiscal year %(year)s") % {"year": shown_year(year)}


def outlook_facts(found):
    """The figures of an Outlook, as templates/parts/facts.html wants them."""
    return [
        {"label": _("units that sign"), "text": str(found.total)},
        {"label": _("have their agreement"), "text": str(found.there)},
        {"label": _("drafts to be made"), "text": str(found.to_draft)},
        {"label": _("without a rule"), "text": str(len(found.without_rule))},
        {"label": _("without a head today"), "text": str(len(found.headless))},
    ]


def outlook_cases(found):
    """[(the case in words, its number of drafts, whether its level lacks the framework)] of an Outlook."""
    return [(_case_words(case.rule), len(case.units), case.rule.tier in found.frameless) for case in found.cases]


def _case_words(rule):
    words = level_names().get(rule.tier) or _("Level %(tier)s") % {"tier": rule.tier}
    if rule.affiliated is not None:
        under = (
            _("under the Office of the Commissioner-General")
            if rule.affiliated
            else _("not under the Office of the Commissioner-General")
        )
        words = f"{words}, {under}"
    return _("%(case)s: signs with %(superior)s") % {"case": words, "superior": rule.get_superior_display()}


def period_words(starts_on, ends_on):
    """1 ต.ค. 2569 – 30 ก.ย. 2570"""
    return f"{thai_date(starts_on, 'medium')} – {thai_date(ends_on, 'medium')}"


def setting_of(fiscal_year):
    """The Setting that a year has; a period by the rule is left to the rule."""
    own = fiscal_year.is_overridden
    call = Call(fiscal_year.call_number, fiscal_year.call_date, fiscal_year.call_text)
    return Setting(
        starts_on=fiscal_year.starts_on if own else None,
        ends_on=fiscal_year.ends_on if own else None,
        reason=fiscal_year.override_reason,
        call=call if fiscal_year.is_called else None,
        dues={str(step): found.set_for if (found := fiscal_year.deadline(step)) else None for step in DUE_STEPS},
        level_dues=level_dues(fiscal_year),
        moves_off_holidays=fiscal_year.moves_off_holidays,
        escalate_after=fiscal_year.escalate_after,
        appeal_days=fiscal_year.appeal_days,
        rounds=rounds_of(fiscal_year),
    )


@dataclass(frozen=True)
class Stored:
    """A row that somebody has changed meanwhile, with its values by the names of the form's fields."""

    form: object
    row: object
    values: dict

    def __str__(self):
        return str(self.row)

    def __getattr__(self, name):
        if name == "version":
            return self.row.version
        field = self.form.fields[name]
        return self.values[name] if self.values.get(name) is not None else field.to_python("")

    def fields(self):
        """{field: the row's name for it} of what people see of the form."""
        return {bound.name: bound.name for bound in self.form.visible_fields()}
