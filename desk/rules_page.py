"""The signing rules of a year as the planning office sees them: the table, what doesn't fit, what a change would do."""

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.models import Source
from agreements.models.rule import SignerSide
from agreements.signing_rule import NoRule, sides_of_all
from desk.years_page import level_names
from orgunits.models import Post
from thai.dates import shown_year
from workflow.drafting import signing_units
from workflow.rule_check import check_rules, rules_of
from workflow.wording import SIGNERS, signers_of, wording_of


@dataclass(frozen=True)
class RuleRow:
    """A rule in the table, in words; `url` is where it is worded anew, "" for who can't."""

    level: str
    affiliation: str
    makers: str
    superior: str
    receivers: str
    annexes: list
    required: str
    since: str
    count: int
    url: str


def rules_context(fiscal_year, units, *, on, may_change):
    """Context of desk/year_rules.html, in eight queries."""
    check = check_rules(fiscal_year, units, on=on)
    rows = [_row(rule, fiscal_year, check, may_change) for rule in check.rules]
    return {
        "rows": rows,
        "check": check,
        "unfit": [_unfit(unit, why, fiscal_year, may_change) for unit, why in check.unfit],
        "vacancies": [_vacancy(vacancy) for vacancy in check.vacancies],
        "fits": not check.unfit,
    }


def _row(rule, fiscal_year, check, may_change):
    return RuleRow(
        level=level_names().get(rule.tier) or _("Level %(tier)s") % {"tier": rule.tier},
        affiliation=affiliation_words(rule.affiliated),
        makers=signer_words(rule, SignerSide.MAKER),
        superior=rule.get_superior_display(),
        receivers=_unless_the_head_alone(rule),
        annexes=[str(dict(rule.Annex.choices)[annex]) for annex in rule.annexes],
        required=str(Source(rule.required_source).label) if rule.required_source else "",
        since=_since(rule),
        count=check.units_of.get(rule.pk, 0),
        url=reverse("desk:signing_rule", args=[fiscal_year.year, rule.pk]) if may_change else "",
    )


def _since(rule):
    first = shown_year(rule.first_year)
    if rule.last_year is None:
        return _("from %(first)s on") % {"first": first}
    return _("%(first)s to %(last)s") % {"first": first, "last": shown_year(rule.last_year)}


def affiliation_words(affiliated):
    """Under the Office of the Commissioner-General, not under it; "" where it plays no part."""
    if affiliated is None:
        return ""
    if affiliated:
        return _("under the Office of the Commissioner-General")
    return _("not under the Office of the Commissioner-General")


def signer_words(rule, side):
    """Who signs for a side by the rule, in words."""
    key = signers_of(rule, side)
    if key:
        return str(SIGNERS[key][0])
    slots = [slot for slot in rule.slots.all() if slot.side == side]
    return _(" and ").join(kind_words(slot.kinds) for slot in slots) or _("nobody")


def _unless_the_head_alone(rule):
    """Who signs for the superior's side, where it isn't just the one that the rule's case names."""
    is_head = signers_of(rule, SignerSide.RECEIVER) == "head"
    return "" if is_head else signer_words(rule, SignerSide.RECEIVER)


def kind_words(kinds):
    """One of these kinds of post, in words."""
    return _(" or ").join(str(Post.Kind(kind).label) for kind in kinds)


def _unfit(unit, why, fiscal_year, may_change):
    """A unit without exactly one rule, and where the planning office mends it: a new rule for units of its kind."""
    new = reverse("desk:new_signing_rule", args=[fiscal_year.year])
    return {
        "unit": unit,
        "why": why,
        "url": f"{new}?tier={unit.tier}" if may_change and unit.tier in level_names() else "",
    }


def _vacancy(vacancy):
    """Posts that nobody holds, in words; the page of the unit's posts mends it."""
    titles = _(" or ").join(post.title for post in vacancy.posts)
    missing = _("%(kinds)s: there is no such post") % {"kinds": kind_words(vacancy.kinds)}
    return {
        "unit": vacancy.unit,
        "post": titles or missing,
        "count": len(vacancy.agreements),
        "url": reverse("desk:unit_posts", args=[vacancy.unit.code]),
    }


def effect_of(change, fiscal_year, *, on):
    """What a change would do to the units that sign in the year: `change()` is made, looked at, and undone.

    Gives [(in words, how many units)]: those whose signing would be another, by what would change. Raises as `change`.
    """
    with transaction.atomic():
        before = _signing(fiscal_year, on)
        change()
        after = _signing(fiscal_year, on)
        transaction.set_rollback(True)
    both = [(before[unit], after[unit]) for unit in after]
    return [(label, sum(was.get(part) != now.get(part) for was, now in both)) for part, label in _parts()]


def _parts():
    return (
        ("superior", _("sign with another superior's unit")),
        ("signers", _("have other signatories")),
        ("annexes", _("have other annexes")),
        ("required", _("must hold another kind of indicator")),
        ("rule", _("have a rule that they had not, or lose theirs")),
    )


def _signing(fiscal_year, on):
    """{unit id: how it signs in the year, part by part} of every unit that signs."""
    units = list(signing_units(fiscal_year.starts_on, fiscal_year.ends_on, on=on))
    found = sides_of_all(units, year=fiscal_year.year, on=fiscal_year.starts_on)
    worded = {rule.pk: wording_of(rule) for rule in rules_of(fiscal_year.year)}
    return {key: {} if isinstance(sides, NoRule) else _as_parts(sides, worded) for key, sides in found.items()}


def _as_parts(sides, worded):
    wording = worded[sides.rule.pk]
    return {
        "superior": sides.signs_with.pk,
        "signers": (wording.makers, wording.receivers),
        "annexes": wording.annexes,
        "required": wording.required_source,
        "rule": True,
    }
