"""Whether the signing rules of a year fit the organisation: every unit that signs has one rule, every place a holder."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from agreements.models import SigningRule
from agreements.models.rule import SignerSide
from agreements.signing_rule import NoRule, sides_of_all
from orgunits.models import Appointment, OrgUnit, Post
from workflow.drafting import signing_units


@dataclass(frozen=True)
class Vacancy:
    """Posts of a unit of which one signs, and nobody holds any on the day; `posts` is empty where there is none at all.

    `agreements`: the units whose agreements wait for it.
    """

    unit: OrgUnit
    kinds: tuple[str, ...]
    posts: tuple[Post, ...]
    agreements: tuple[OrgUnit, ...]


@dataclass(frozen=True)
class Check:
    """The `rules` of the year; `units_of`: {rule id: how many units it holds for}; `unfit`: (unit, why no rule fits it, or which do)."""

    units_of: dict[int, int]
    unfit: tuple[tuple[OrgUnit, str], ...]
    vacancies: tuple[Vacancy, ...]
    total: int
    rules: tuple[SigningRule, ...]


def rules_of(year):
    """The rules that hold in the fiscal year of that number, with their places of signatures."""
    return SigningRule.objects.in_year(year).order_by("tier", "-affiliated", "pk").prefetch_related("slots")


def check_rules(fiscal_year, units, *, on):
    """The Check of a year's rules among `units`, holders as of the day `on`; in eight queries."""
    rules = list(rules_of(fiscal_year.year))
    signing = list(signing_units(fiscal_year.starts_on, fiscal_year.ends_on, on=on).filter(pk__in=units))
    found = sides_of_all(signing, year=fiscal_year.year, on=fiscal_year.starts_on, rules=rules)
    sides = [(unit, found[unit.pk]) for unit in signing if not isinstance(found[unit.pk], NoRule)]
    return Check(
        units_of=_counted(sides),
        unfit=tuple((unit, str(found[unit.pk])) for unit in signing if isinstance(found[unit.pk], NoRule)),
        vacancies=tuple(_vacancies(sides, on)),
        total=len(signing),
        rules=tuple(rules),
    )


def _counted(sides):
    counts = defaultdict(int)
    for _unit, each in sides:
        counts[each.rule.pk] += 1
    return dict(counts)


def _vacancies(sides, on):
    """Each set of posts that nobody holds once, with all the agreements that it concerns."""
    concerned, units = defaultdict(list), {}
    for unit, each in sides:
        for slot in each.rule.slots.all():
            signer = unit if slot.side == SignerSide.MAKER else each.signs_with
            units[signer.pk] = signer
            concerned[signer.pk, tuple(slot.kinds)].append(unit)
    posts = _posts(units, on)
    for (unit_id, kinds), agreements in concerned.items():
        fitting = tuple(post for post in posts[unit_id] if post.kind in kinds)
        if not any(post.is_held for post in fitting):
            yield Vacancy(units[unit_id], kinds, fitting, tuple(dict.fromkeys(agreements)))


def _posts(units, on):
    """{unit id: its posts, each with `is_held`: somebody who may sign in is in it on the day}."""
    held = Appointment.objects.in_force(on).filter(post=OuterRef("pk"), user__is_active=True)
    posts = defaultdict(list)
    for post in Post.objects.filter(unit__in=units).annotate(is_held=Exists(held)).order_by("kind", "pk"):
        posts[post.unit_id].append(post)
    return posts
