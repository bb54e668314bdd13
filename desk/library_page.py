"""The indicator library as people see it: the list with its search, a sheet with its versions, what units answered."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace

from django.core.paginator import Paginator
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.library import (
    Said,
    awaited_version,
    changes_of,
    is_late,
    lines_of_sheet,
    may_accept,
    may_answer,
    said_of,
    waiting_answers,
)
from agreements.locks import lock_rule, who_keeps
from agreements.mandates import agreements_below
from agreements.models import Line, Mandate, SheetAnswer
from agreements.redline import pieces
from agreements.stages import WRITTEN_IN, Stage
from desk.forms.library import AcceptForm, ObjectForm
from desk.levels import is_described, level_cells
from desk.search import all_in, close, closed_up, paged
from desk.years_page import level_names
from indicators.library import WRITTEN, may_keep, units_kept
from indicators.library_models import UnitSets
from indicators.models import Dimension, Sheet
from thai.dates import shown_year
from thai.found import pieces as found_pieces
from thai.numbers import plain_number

SEARCHED = {"name": "current__name", "definition": "current__definition", "draft": "draft__name", "code": "code",
            "owner": "owner__name_th", "abbr": "owner__abbr_th", "owner_en": "owner__name_en"}  # fmt: skip
ON_A_PAGE = 50


def find_sheets(words, *, kept, year="", state="", page=1):
    """Found with the sheets that bear all the words, spaces left out; those that are not published only where `kept`."""
    sheets = Sheet.objects.for_list().annotate(**{f"close_{name}": closed_up(path) for name, path in SEARCHED.items()})
    sheets = sheets.filter(Q(current__isnull=False) | Q(owner__in=kept))
    sheets = sheets.filter(all_in([close(word) for word in words], [f"close_{name}" for name in SEARCHED]))
    sheets = sheets.filter(STATES.get(state, STATES[""]))
    if year:
        used = Line.objects.filter(sheet=OuterRef("pk"), agreement__fiscal_year__year=year)
        mandated = Mandate.objects.filter(sheet=OuterRef("pk"), fiscal_year__year=year)
        sheets = sheets.filter(Exists(used) | Exists(mandated))
    lines = Line.objects.filter(sheet=OuterRef("pk")).order_by().values("sheet").annotate(count=Count("pk"))
    by_name = all_in([close(word) for word in words], ["close_name", "close_draft"])
    first = Case(When(by_name, then=Value(0)), default=Value(1), output_field=IntegerField()) if words else Value(0)
    return paged(sheets.annotate(uses=Coalesce(Subquery(lines.values("count")), 0)).order_by(first, "code", "pk"), page)


STATES = {
    "": Q(retired_at=None),
    "draft": Q(draft__isnull=False),
    "retired": Q(retired_at__isnull=False),
    "all": Q(pk__isnull=False),
}


def sheet_rows(found, words):
    """What the list shows of each sheet."""
    return [_sheet_row(sheet, words) for sheet in found.rows]


def _sheet_row(sheet, words):
    draft = getattr(sheet, "draft", None)
    name = sheet.current.name if sheet.current else draft.name if draft else ""
    return {
        "sheet": sheet,
        "name": found_pieces(name, words),
        "has_draft": draft is not None,
    }


# A sheet


def sheet_context(sheet, user, at, *, wanted=(None, None)):
    """Context of desk/sheet.html; `wanted`: the numbers of two versions to compare."""
    refusal = may_keep(sheet.owner, user, at)
    versions = list(sheet.versions.all())
    for version in versions:
        version.sheet = sheet
    draft = getattr(sheet, "draft", None) if refusal is None else None
    shown = sheet.current or draft
    return {
        "sheet": sheet,
        "shown": shown,
        "criteria": criteria_shown(shown) if shown else None,
        "free": words_of(shown.unit_sets) if shown else "",
        "versions": versions,
        "compared": compared(versions, *wanted),
        "draft": draft,
        "draft_differs": differences(sheet.current, draft) if draft and sheet.current else [],
        "mandates": _mandates(sheet),
        "uses": Line.objects.filter(sheet=sheet).count(),
        "refusal": refusal,
    }


def criteria_shown(version):
    """The criteria of a version for reading: the five cells, and the steps described; what is wrong with them."""
    labels = dict(Line._meta.get_field("kind").choices)
    return {
        "kind": labels.get(version.kind, version.kind),
        "cells": level_cells(version, None),
        "texts": [text for text in version.texts if text] if is_described(version) else [],
        "problems": version.criteria.problems(),
    }


def words_of(unit_sets):
    """What units may set, in words; "" for nothing."""
    return get_text_list([str(UnitSets(each).label) for each in unit_sets], _("and"))


def _mandates(sheet):
    """[(year, [{mandate, for whom}])] of a sheet, the latest year first."""
    rows = sheet.mandates.select_related("fiscal_year", "unit").order_by("-fiscal_year__year", "tier", "unit", "pk")
    by_year = {}
    for row in rows:
        by_year.setdefault(row.fiscal_year.year, []).append({"mandate": row, "whom": whom_of(row)})
    return list(by_year.items())


def whom_of(mandate):
    """For whom a sheet is mandatory: a level, or a unit."""
    if mandate.unit:
        return mandate.unit.short_name
    return str(level_names().get(mandate.tier, mandate.tier))


def compared(versions, before, after):
    """Two versions by their numbers, and the fields that differ; None where they aren't there."""
    by_number = {version.number: version for version in versions}
    if before not in by_number or after not in by_number or before == after:
        return None
    first, second = sorted((by_number[before], by_number[after]), key=lambda version: version.number)
    return {"before": first, "after": second, "rows": differences(first, second)}


def differences(before, after):
    """[{label, pieces}] of the fields in which two contents differ."""
    return [
        difference(label_in(name, after), name, getattr(before, name), getattr(after, name))
        for name in WRITTEN
        if getattr(before, name) != getattr(after, name)
    ]


def label_in(name, content):
    """What a field is called."""
    return str(content._meta.get_field(name).verbose_name)


def difference(label, name, was, now):
    """One field of two contents for reading."""
    return {"label": label, "pieces": pieces(as_words(name, was), as_words(name, now))}


def as_words(name, value):
    """A value of a sheet as people read it."""
    if value in (None, "", []):
        return "–"
    if name == "unit_sets":
        return words_of(value)
    if name == "items":
        return "\n".join(" ".join(filter(None, map(str, item.values()))) for item in value)
    if isinstance(value, Decimal):
        return plain_number(value)
    choices = dict(Line._meta.get_field(name).choices or ())
    return str(choices.get(value, value))


# What a line of an agreement shows of the library


# Relations of a line that its page reads of the library.
OF_LIBRARY = ("sheet__owner", "sheet__current", "sheet_version")


def library_context(request, line):
    """Context of desk/_line_library.html."""
    at = timezone.now()
    return {"library": library_of(line, request.user, at, timezone.localdate(at))}


def library_of(line, user, at, on, *, objecting=None):
    """What the page of a line says of the sheet that it was taken from; None of a line that was not."""
    if line.sheet_id is None:
        return None
    sheet = line.sheet
    version = awaited_version(line)
    shown = {
        "line": line,
        "sheet": sheet,
        "owner": sheet.owner,
        "holds": line.sheet_version,
        "rule": lock_rule(line) if line.mandated else "",
        "help": who_keeps(sheet, at) if line.mandated else (),
        "change": None,
    }
    if version:
        version.sheet = sheet
        shown["change"] = _change(line, version, user, at, on, objecting)
    return shown


def _change(line, version, user, at, on, objecting):
    answer = SheetAnswer.objects.filter(line=line, version=version).first()
    cant_answer = may_answer(line.agreement, user, at)
    return {
        "version": version,
        "rows": [difference(each.label, each.name, each.was, each.now) for each in changes_of(line, version)],
        "answer": answer,
        "said": said_of(line, version, answer, on),
        "late": is_late(version, on),
        "cant_answer": cant_answer,
        "cant_accept": cant_answer or may_accept(line.agreement, user, at),
        "accept": AcceptForm(initial={"seen": line.version}, auto_id="accept_%s"),
        "object": objecting or ObjectForm(auto_id="id_%s"),
    }


CHANGED_AT_MOST = 50


def changed_sheets(user, at):
    """Lines whose changed sheet waits for the person's answer, for their list of work."""
    found = waiting_answers(user, at)[:CHANGED_AT_MOST]
    on = timezone.localdate(at)
    return [{"line": line, "version": line.sheet.current, "late": is_late(line.sheet.current, on)} for line in found]


# What units answered


BADGES = {
    Said.WAITING: ("info", gettext_lazy("waiting for the answer")),
    Said.LATE: ("warn", gettext_lazy("late")),
    Said.ACCEPTED: ("ok", gettext_lazy("accepted")),
    Said.OBJECTED: ("bad", gettext_lazy("objected")),
    Said.TOLD: ("draft", gettext_lazy("told only: the text is settled")),
}


@dataclass(frozen=True)
class AnswerRow:
    """What one agreement said to a version."""

    line: Line
    said: Said
    answer: SheetAnswer | None

    @property
    def agreement(self):
        return self.line.agreement

    @property
    def kind(self):
        return BADGES[self.said][0]

    @property
    def label(self):
        return BADGES[self.said][1]


def answers_context(sheet, version, on, *, said="", page=1):
    """Context of desk/sheet_answers.html: every line of the sheet that is not over, and what became of `version` there."""
    answers = {answer.line_id: answer for answer in SheetAnswer.objects.filter(version=version)}
    lines = lines_of_sheet(sheet).exclude(agreement__stage=Stage.CLOSED)
    rows = [_answer_row(line, version, answers.get(line.pk), on) for line in lines]
    counts = Counter(row.said for row in rows)
    shown = [row for row in rows if not said or row.said == said]
    shown.sort(key=lambda row: ORDER.index(row.said))
    return {
        "sheet": sheet,
        "version": version,
        "total": len(rows),
        "said": said,
        "counts": [SimpleNamespace(said=each, label=BADGES[each][1], count=counts[each]) for each in ORDER],
        "page": Paginator(shown, ON_A_PAGE).get_page(page),
    }


# Those that the owner has to see to come first.
ORDER = [Said.OBJECTED, Said.LATE, Said.WAITING, Said.ACCEPTED, Said.TOLD]


def _answer_row(line, version, answer, on):
    return AnswerRow(line, said_of(line, version, answer, on), answer)


def dimension_choices(fiscal_year, tiers):
    """{level: [(number, what the dimension is called)]} of those that lines stand in, in the year's frameworks."""
    parts = Dimension.objects.filter(parent=OuterRef("pk"))
    leaves = Dimension.objects.filter(~Exists(parts), framework__fiscal_year=fiscal_year, framework__tier__in=tiers)
    found = {}
    for dimension in leaves.select_related("framework").order_by("framework__tier", "number"):
        label = f"{dimension.label} {dimension.name}"
        found.setdefault(dimension.framework.tier, []).append((dimension.number, label))
    return found


def push_levels(sheet, fiscal_year, tiers):
    """{level: what it is called, and how many agreements a push would reach} of those levels at and below the owner."""
    counted = agreements_below(sheet, fiscal_year).order_by().values_list("unit__tier", "stage")
    written, settled = Counter(), Counter()
    for tier, stage in counted:
        (written if stage in WRITTEN_IN else settled)[tier] += 1
    sentence = _("%(level)s (%(written)s being written, %(settled)s settled)")
    return {
        tier: sentence % {"level": label, "written": written[tier], "settled": settled[tier]}
        for tier, label in level_names().items()
        if tier in tiers
    }


def kept_by(user, at):
    """The units whose sheets the person writes, as a queryset of ids."""
    return units_kept(user, at).values("pk")


def year_words(fiscal_year):
    """ปีงบประมาณ พ.ศ. 2570"""
    return _("Fiscal year %(year)s") % {"year": shown_year(fiscal_year.year)}
