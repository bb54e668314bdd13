"""Writing a year's evaluation framework, copying and comparing (กรอบการประเมินผล, handbook 2.2.2, 3)."""

from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from acts.versions import Stale
from indicators.dimensions import Part, labels, parents, parts_of_rows, problems
from indicators.models import Dimension, Framework
from indicators.scale import NAMED, scale_of
from thai.numbers import grouped_number, to_thai


@dataclass(frozen=True)
class ScoringRules:
    """How results are scored under a framework: its columns of the same names. None: what the scale says itself."""

    scale: str = Framework.ScaleName.FIVE.value
    floor: Decimal = Decimal(1)
    cap: Decimal | None = None
    fail_score: Decimal | None = None
    places: int = 4
    denominator: str = Framework.OverWeights.IN_FORCE.value

    @staticmethod
    def usual_floor(scale):
        """What a result below level 1 scores where nothing is said: as level 1 does."""
        return NAMED[scale].floor


@dataclass(frozen=True)
class Content:
    """What a framework says: its name, its dimensions as `indicators.dimensions.Part` in order, and how it scores."""

    name: str
    dimensions: tuple[Part, ...]
    rules: ScoringRules = field(default_factory=ScoringRules)


def content_problems(content):
    """What forbids this framework, each with the place in its form that mends it."""
    yield from _problems_of_rules(content.rules)
    for problem in problems(content.dimensions):
        yield Refusal(problem.sentence, f"#id_{problem.field}_{problem.place + 1}")


def _problems_of_rules(rules):
    scale = scale_of(rules.scale, floor=rules.floor)
    first, top = scale.points[0], scale.top
    edges = {"first": grouped_number(first), "top": grouped_number(top)}
    if not 0 <= rules.floor <= first:
        yield Refusal(_("The score below level 1 runs from 0 to that of level 1, %(first)s.") % edges, "#id_floor")
    if rules.cap is not None and not first < rules.cap <= top:
        yield Refusal(_("The highest score lies above %(first)s, up to %(top)s.") % edges, "#id_cap")
    if rules.fail_score is not None and not 0 <= rules.fail_score < top:
        yield Refusal(_("The score of a fail runs from 0 to less than %(top)s.") % edges, "#id_fail_score")


def write_framework(fiscal_year, tier, content, *, version, by, at):
    """Set the framework of a year and level as seen at `version` (0: there was none); gives it as it stands after.

    Raises Refused, or Stale when somebody else has changed it since. Whether it may still change is asked above.
    """
    refusals = list(content_problems(content))
    if refusals:
        raise Refused(refusals, incomplete=True)
    columns = {"name": content.name, **asdict(content.rules)}
    with acting(by, at=at) as record:
        framework, new = Framework.objects.get_or_create(fiscal_year=fiscal_year, tier=tier, defaults=columns)
        before = None if new else content_of(framework)
        rows = Framework.objects.filter(pk=framework.pk)
        if not new and not rows.filter(version=version).update(**columns, version=F("version") + 1):
            raise Stale(rows.get())
        if before is None or before.dimensions != content.dimensions:
            _set_dimensions(framework, content.dimensions)
        written = rows.get()
        change = {"before": before and _as_text(before), "after": _as_text(content)}
        record("write_framework", written, change=change)
    return written


def _set_dimensions(framework, parts):
    """All anew, those that are parts after those they are parts of. Only of a framework that nothing uses yet."""
    framework.dimensions.all().delete()
    depths = [part.depth for part in parts]
    above, names = parents(depths), labels(depths)
    rows = [
        _row(framework, number, label, part) for number, (label, part) in enumerate(zip(names, parts, strict=True), 1)
    ]
    for depth in sorted(set(depths)):
        level = [place for place, part in enumerate(parts) if part.depth == depth]
        for place in level:
            rows[place].parent = rows[above[place]] if depth else None
        Dimension.objects.bulk_create(rows[place] for place in level)


def _row(framework, number, label, part):
    weights = {"weight": part.weight, "weight_min": part.low, "weight_max": part.high}
    return Dimension(framework=framework, number=number, label=label, name=part.name, **weights)


def content_of(framework):
    """The Content of a framework as it stands."""
    return Content(framework.name, parts_of_rows(framework.dimensions.order_by("number")), rules_of(framework))


def rules_of(framework):
    """How results are scored under a framework."""
    return ScoringRules(**{each.name: getattr(framework, each.name) for each in fields(ScoringRules)})


def _as_text(content):
    parts = [[part.depth, part.name, part.weight, part.low, part.high] for part in content.dimensions]
    return {"name": content.name, **asdict(content.rules), "dimensions": parts}


def copy_frameworks(earlier, fiscal_year, *, by, at):
    """Copy the frameworks of an earlier year, level by level; a level that has one already is left. Gives the copies."""
    there = set(fiscal_year.frameworks.values_list("tier", flat=True))
    with acting(by, at=at) as record:
        copies = []
        for framework in earlier.frameworks.exclude(tier__in=there).select_related("fiscal_year"):
            copies.append(_copied(framework, fiscal_year))
            record("copy_framework", copies[-1], change={"from": framework.name})
    return copies


def _copied(framework, fiscal_year):
    content = copied(framework, fiscal_year)
    columns = {"tier": framework.tier, "name": content.name, **asdict(content.rules)}
    copy = Framework.objects.create(fiscal_year=fiscal_year, **columns)
    _set_dimensions(copy, content.dimensions)
    return copy


def copied(framework, fiscal_year):
    """The Content of a framework for another year, whose number its name then bears."""
    content = content_of(framework)
    name = renamed(content.name, framework.fiscal_year.year, fiscal_year.year)
    return Content(name, content.dimensions, content.rules)


def renamed(name, old, new):
    """A name that bears the number of its year, in either digits, with that of another year."""
    return name.replace(str(old), str(new)).replace(to_thai(str(old)), to_thai(str(new)))
