"""Writing a year's evaluation framework, and copying that of an earlier year (กรอบการประเมินผล, handbook 2.2.2, 3)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from acts.versions import Stale
from indicators.models import Dimension, Framework
from thai.numbers import to_thai

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Content:
    """What a framework says: its name, its floor, and its dimensions as (name, weight or None), numbered from 1."""

    name: str
    floor: Decimal
    dimensions: tuple[tuple[str, Decimal | None], ...]


def content_problems(content):
    """What forbids this framework: at least one dimension, and weights that sum to 100 or are all blank."""
    weights = [weight for _name, weight in content.dimensions]
    given = [weight for weight in weights if weight is not None]
    if not weights:
        return [Refusal(_("Please give at least one dimension."), "#id_dimension_1")]
    if not given:
        return []
    if len(given) < len(weights):
        place = weights.index(None) + 1
        sentence = _("Please give every dimension its weight, or leave the weights of all dimensions blank.")
        return [Refusal(sentence, f"#id_weight_{place}")]
    if sum(given) != HUNDRED:
        sentence = _("The weights of the dimensions must sum to 100.00 (now %(total)s), or all be left blank.")
        return [Refusal(sentence % {"total": f"{sum(given):.2f}"}, "#id_weight_1")]
    return []


def write_framework(fiscal_year, tier, content, *, version, by, at):
    """Set the framework of a year and level as seen at `version` (0: there was none); gives it as it stands after.

    Raises Refused, or Stale when somebody else has changed it since. Whether it may still change is asked above.
    """
    problems = content_problems(content)
    if problems:
        raise Refused(problems, incomplete=True)
    columns = {"name": content.name, "floor": content.floor}
    with acting(by, at=at) as record:
        framework, new = Framework.objects.get_or_create(fiscal_year=fiscal_year, tier=tier, defaults=columns)
        before = None if new else _as_text(content_of(framework))
        rows = Framework.objects.filter(pk=framework.pk)
        if not new and not rows.filter(version=version).update(**columns, version=F("version") + 1):
            raise Stale(rows.get())
        _set_dimensions(framework, content.dimensions)
        written = rows.get()
        record("write_framework", written, change={"before": before, "after": _as_text(content)})
    return written


def _set_dimensions(framework, dimensions):
    """Rows by number: those that are there change, those too many go. Only of a framework that nothing uses yet."""
    framework.dimensions.filter(number__gt=len(dimensions)).delete()
    for number, (name, weight) in enumerate(dimensions, 1):
        Dimension.objects.update_or_create(
            framework=framework, number=number, defaults={"name": name, "weight": weight}
        )


def content_of(framework):
    """The Content of a framework as it stands."""
    rows = framework.dimensions.order_by("number").values_list("name", "weight")
    return Content(framework.name, framework.floor, tuple(rows))


def _as_text(content):
    return {"name": content.name, "floor": content.floor, "dimensions": [list(pair) for pair in content.dimensions]}


def copy_frameworks(earlier, fiscal_year, *, by, at):
    """Copy the frameworks of an earlier year, level by level; a level that has one already is left. Gives the copies."""
    there = set(fiscal_year.frameworks.values_list("tier", flat=True))
    with acting(by, at=at) as record:
        copies = []
        for framework in earlier.frameworks.exclude(tier__in=there).prefetch_related("dimensions"):
            copies.append(_copied(framework, fiscal_year))
            record("copy_framework", copies[-1], change={"from": framework.name})
    return copies


def _copied(framework, fiscal_year):
    copy = Framework.objects.create(
        fiscal_year=fiscal_year,
        tier=framework.tier,
        name=renamed(framework.name, framework.fiscal_year.year, fiscal_year.year),
        floor=framework.floor,
    )
    Dimension.objects.bulk_create(
        Dimension(framework=copy, number=each.number, name=each.name, weight=each.weight)
        for each in framework.dimensions.all()
    )
    return copy


def renamed(name, old, new):
    """A name that bears the number of its year, in either digits, with that of another year."""
    return name.replace(str(old), str(new)).replace(to_thai(str(old)), to_thai(str(new)))
