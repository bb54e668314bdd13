"""Search by unit and by indicator, in what the person may read; a count holds nothing else either."""

from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Replace
from django.utils import timezone
from django.utils.functional import cached_property

from agreements.models import Agreement, Line
from orgunits.models import OrgUnit, UnitClosure
from thai.found import Piece, excerpt, pieces, spellings
from workflow.due import overdue

ON_A_PAGE = 25
# Of each kind, while both are shown.
AT_FIRST = 10
UNIT_TEXTS = ("name_th", "name_en", "abbr_th", "code")


@dataclass(frozen=True)
class UnitHit:
    """A unit found: the units above it, its name in pieces, and its agreements that the person may know of."""

    unit: OrgUnit
    path: tuple[OrgUnit, ...]
    name: list[Piece]
    short_name: list[Piece]
    agreements: list[Agreement]


@dataclass(frozen=True)
class LineHit:
    """An indicator found, where it stands, its name in pieces, and what round the words stands in its definition."""

    line: Line
    path: tuple[OrgUnit, ...]
    name: list[Piece]
    definition: list[Piece]

    @property
    def agreement(self):
        return self.line.agreement


@dataclass(frozen=True)
class Found:
    """What was found of one kind: how many in all, and those of this page."""

    count: int
    page_number: int
    rows: list = field(default_factory=list)

    @cached_property
    def page(self):
        """For leafing."""
        return _Counted(self.count).page(self.page_number)


class _Counted(Paginator):
    """Pages of rows that are counted, and fetched, elsewhere."""

    def __init__(self, count):
        super().__init__(range(count), ON_A_PAGE)


def find_units(user, words, at, *, page=1, on_a_page=ON_A_PAGE):
    """Found with the units that bear all the words, of those with an agreement that the person may know of."""
    known = Agreement.objects.visible_to(user, at)
    return paged(units_bearing(words).filter(pk__in=known.values("unit")), page, on_a_page)


def units_bearing(words):
    """Units that bear all the words in a name, the abbreviation or the code; those that are called just so first.

    Spaces and full stops may be left out: บกอก finds บก.อก., ตม1 finds ตม. 1.
    """
    units = OrgUnit.objects.annotate(**{f"close_{column}": closed_up(column) for column in UNIT_TEXTS})
    called = Q()
    for spelled in spellings("".join(words)):
        called |= Q(close_abbr_th__iexact=close(spelled)) | Q(close_code__iexact=close(spelled))
    just_so = Case(When(called, then=Value(0)), default=Value(1), output_field=IntegerField())
    return units.filter(all_in([close(word) for word in words], [f"close_{column}" for column in UNIT_TEXTS])).order_by(
        just_so, "tree_id", "lft"
    )


# What is left out when names are compared.
GAPS = " ."


def close(text):
    """The text without gaps; gaps alone are kept as they are."""
    return text.translate(dict.fromkeys(map(ord, GAPS))) or text


def closed_up(column):
    """A column without gaps, as an expression."""
    expression = Cast(F(column), TextField())
    for gap in GAPS:
        expression = Replace(expression, Value(gap), Value(""), output_field=TextField())
    return expression


def find_lines(user, words, at, *, page=1, on_a_page=ON_A_PAGE):
    """Found with the indicators that hold all the words in name or definition, of agreements that may be read."""
    readable = Agreement.objects.readable_by(user, at)
    lines = Line.objects.filter(all_in(words, ("name", "definition")), agreement__in=readable)
    by_name = Case(When(all_in(words, ("name",)), then=Value(0)), default=Value(1), output_field=IntegerField())
    ordered = lines.order_by(
        by_name, "-agreement__fiscal_year__year", "agreement__unit__tree_id", "agreement__unit__lft",
        "dimension__number", "position",
    )  # fmt: skip
    return paged(ordered.select_related("agreement__unit", "agreement__fiscal_year"), page, on_a_page)


def all_in(words, columns):
    """A condition: each of the words stands in one of the columns, in either digits."""
    condition = Q()
    for word in words:
        anywhere = Q()
        for column in columns:
            for spelled in spellings(word):
                anywhere |= Q(**{f"{column}__icontains": spelled})
        condition &= anywhere
    return condition


def paged(rows, page, on_a_page=ON_A_PAGE):
    """One page of rows with their number in all, in one query; a page that isn't there is the first."""
    counted = rows.annotate(in_all=Coalesce(Window(Count("pk")), 0))
    found = list(counted[(page - 1) * on_a_page : page * on_a_page])
    if not found and page > 1:
        return paged(rows, 1, on_a_page)
    return Found(found[0].in_all if found else 0, page, found)


def as_hits(units, lines, words, user, at):
    """(Found with UnitHits, Found with LineHits) from Founds with units and lines: paths and agreements in two queries."""
    paths = paths_of([*units.rows, *(line.agreement.unit for line in lines.rows)])
    agreements = _agreements(units.rows, user, at)
    unit_hits = [_unit_hit(unit, paths, agreements, words) for unit in units.rows]
    line_hits = [_line_hit(line, paths, words) for line in lines.rows]
    return Found(units.count, units.page_number, unit_hits), Found(lines.count, lines.page_number, line_hits)


def paths_of(units):
    """{unit's id: the units above it, from the top down}"""
    if not units:
        return {}
    rows = UnitClosure.objects.filter(descendant__in={unit.pk for unit in units}, depth__gt=0)
    found = {}
    for row in rows.select_related("ancestor").order_by("-depth"):
        found.setdefault(row.descendant_id, []).append(row.ancestor)
    return {pk: tuple(above) for pk, above in found.items()}


def _agreements(units, user, at):
    """{unit's id: its agreements that the person may know of, the latest first, each with `late`: is its step overdue?}"""
    if not units:
        return {}
    late = ExpressionWrapper(overdue(timezone.localdate(at)), BooleanField())
    known = Agreement.objects.visible_to(user, at).filter(unit__in=units).with_reading(user, at).annotate(late=late)
    found = {}
    for agreement in known.select_related("fiscal_year").order_by("-fiscal_year__year"):
        found.setdefault(agreement.unit_id, []).append(agreement)
    return found


def _unit_hit(unit, paths, agreements, words):
    return UnitHit(
        unit=unit,
        path=paths.get(unit.pk, ()),
        name=pieces(unit.name, words),
        short_name=pieces(unit.short_name, words),
        agreements=agreements.get(unit.pk, []),
    )


def _line_hit(line, paths, words):
    unit = line.agreement.unit
    in_name = pieces(line.name, words)
    around = pieces(excerpt(line.definition, words), words)
    shown = around if any(piece.found for piece in around) else []
    return LineHit(line, (*paths.get(unit.pk, ()), unit), in_name, shown)
