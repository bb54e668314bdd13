"""Last year's sheet of an indicator, beside this year's: what it said, and which of its texts can be taken over."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.freeze import agreed_snapshot, thaw
from agreements.locks import label_of
from agreements.models import Line
from desk.levels import level_cells
from results.scores import as_agreed
from thai.numbers import grouped_number

TEXTS = ("name", "unit_of_measure", "explanation", "definition", "formula", "conditions", "data_source")


@dataclass(frozen=True)
class LastText:
    """One text of last year's sheet. `differs`: this year's says something else, so that it can be taken over."""

    name: str
    label: str
    text: str
    differs: bool


@dataclass(frozen=True)
class LastSheet:
    """Last year's line of the same name, or that this one was carried from."""

    year: int
    url: str
    name: str
    weight: object
    target: object
    levels: tuple
    texts: tuple

    def text_of(self, name):
        return next(each.text for each in self.texts if each.name == name)


def last_sheet(line):
    """The LastSheet of a line of a draft (of `with_last_years`); None where there was none."""
    before = _line_before(line)
    if before is None:
        return None
    agreement = before.agreement
    content = _as_signed(before) if agreement.is_in_force else None
    said = content.content if content else {name: getattr(before, name) for name in TEXTS}
    stood = content or before
    return LastSheet(
        year=agreement.fiscal_year.year,
        url=reverse("desk:line", args=[agreement.code, before.pk]),
        name=stood.name,
        weight=stood.weight,
        target=stood.target,
        levels=level_cells(stood, None),
        texts=tuple(_text(line, name, said[name]) for name in TEXTS if said[name]),
    )


def with_last_years(lines, agreement):
    """The agreement's lines, each with `namesake`: the id of the unit's line of that name of the year before."""
    before = {"agreement__unit": agreement.unit_id, "agreement__fiscal_year__year": agreement.fiscal_year.year - 1}
    same = Line.objects.filter(**before, name=OuterRef("name")).exclude(name="").order_by("pk")
    return lines.annotate(namesake=Subquery(same.values("pk")[:1]))


def _line_before(line):
    pk = line.came_from_id or line.namesake
    lines = Line.objects.select_related("agreement__fiscal_year", "agreement__framework")
    return lines.filter(pk=pk).first() if pk else None


def _as_signed(line):
    agreed = as_agreed(thaw(agreed_snapshot(line.agreement)))
    return next((each for each in agreed.tree if each.key == line.pk), None)


def _text(line, name, text):
    return LastText(name, str(label_of(name)), text, differs=bool(text) and getattr(line, name) != text)


def said_of(last):
    """Weight and target in one line: น้ำหนัก 10.00 · เป้าหมาย 85."""
    target = "–" if last.target is None else grouped_number(last.target)
    return _("weight %(weight)s · target %(target)s") % {"weight": f"{last.weight:.2f}", "target": target}
