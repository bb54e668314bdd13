"""Who signs with whom, and which documents are annexed (handbook 2.2.1): four rows, and how a unit finds its own."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from agreements.models.agreement import Source
from agreements.models.rule import SigningRule
from orgunits.models import (
    COMMISSIONER_OFFICE,
    HEADQUARTERS,
    PRIME_MINISTER,
    PUBLIC_SECTOR_OFFICE,
    OrgUnit,
    Post,
)
from orgunits.tree import ancestor_ids

A, S = SigningRule.Annex, SigningRule.Superior
OWN_PLAN_ONLY = [A.UNIT_PLAN, A.FRAMEWORK, A.SHEETS]
# Item 2.2.2 (2) makes the unit's own plan part of every agreement; the last case adds the command's.
WITH_COMMANDS_PLAN = [A.UNIT_PLAN, A.SUPERIOR_PLAN, A.FRAMEWORK, A.SHEETS]

HANDBOOK_RULES = (
    # case, level, under สง.ผบ.ตร., signs with, annexes, must hold an indicator of this source
    ("headquarters", 1, None, S.PRIME_MINISTER, OWN_PLAN_ONLY, Source.MANDATORY),
    ("command", 2, None, S.HEADQUARTERS, OWN_PLAN_ONLY, ""),
    ("division_of_commissioner_office", 3, True, S.HEADQUARTERS, OWN_PLAN_ONLY, Source.MISSION),
    ("division_elsewhere", 3, False, S.COMMAND, WITH_COMMANDS_PLAN, Source.MISSION),
)
FIRST_YEAR = 2559  # the year of the handbook


class NoRule(Exception):
    """No signing rule, or more than one, fits the unit; the sentence says which."""


@dataclass(frozen=True)
class Sides:
    """What the rule says for one unit: the rule, the unit that signs, the unit that negotiates and evaluates."""

    rule: SigningRule
    signs_with: OrgUnit
    counterpart: OrgUnit


def install_handbook_rules():
    """Write the handbook's four rows, once; rows already there are left as they are."""
    for case, tier, affiliated, superior, annexes, required_source in HANDBOOK_RULES:
        SigningRule.objects.get_or_create(
            case=case,
            first_year=FIRST_YEAR,
            defaults={
                "tier": tier,
                "affiliated": affiliated,
                "superior": superior,
                "annexes": [str(annex) for annex in annexes],
                "required_source": str(required_source),
            },
        )


def sides_of(unit, *, year, on):
    """The sides of `unit`'s agreement for fiscal year `year` (B.E.), by its affiliation on the date `on`."""
    rule = _rule_for(unit, year=year, on=on)
    if rule.superior == S.PRIME_MINISTER:
        return Sides(rule, _unit(PRIME_MINISTER), _unit(PUBLIC_SECTOR_OFFICE))
    superior = _unit(HEADQUARTERS) if rule.superior == S.HEADQUARTERS else _command_above(unit)
    return Sides(rule, superior, superior)


def _rule_for(unit, *, year, on):
    affiliated = unit.is_affiliated(COMMISSIONER_OFFICE, on=on)
    in_year = Q(first_year__lte=year) & (Q(last_year=None) | Q(last_year__gte=year))
    fitting = SigningRule.objects.filter(in_year, Q(affiliated=None) | Q(affiliated=affiliated), tier=unit.tier)
    if not unit.signs_agreement or len(fitting) != 1:
        raise NoRule(
            _("%(unit)s: %(count)s signing rules fit; there must be exactly one.")
            % {"unit": unit.abbr_th, "count": len(fitting) if unit.signs_agreement else 0}
        )
    return fitting[0]


def _unit(code):
    return OrgUnit.objects.get(code=code)


def _command_above(unit):
    above = OrgUnit.objects.filter(pk__in=ancestor_ids(unit.pk), signs_agreement=True, tier=2).first()
    if above is None:
        raise NoRule(_("%(unit)s has no command above it.") % {"unit": unit.abbr_th})
    return above


def explanation(agreement):
    """Why these two sign: sentences, each a fact that the rule read (idea 3: “why these two?”)."""
    rule, unit = agreement.rule, agreement.unit
    facts = [
        _("%(unit)s is a unit of level %(tier)s.") % {"unit": unit.name_th, "tier": unit.tier},
    ]
    if rule.affiliated is not None:
        facts.append(_affiliation_fact(rule, unit))
    facts.append(
        _("So its head signs with %(superior)s (%(unit)s).")
        % {"superior": rule.get_superior_display(), "unit": agreement.signs_with.abbr_th}
    )
    if rule.required_source:
        source = Source(rule.required_source).label
        facts.append(_("The agreement must hold at least one indicator “%(source)s”.") % {"source": source})
    return facts


def _affiliation_fact(rule, unit):
    if rule.affiliated:
        return _("%(unit)s is under สง.ผบ.ตร.") % {"unit": unit.abbr_th}
    return _("%(unit)s is not under สง.ผบ.ตร.") % {"unit": unit.abbr_th}


def annex_titles(agreement):
    """The annexes in the order printed: (kind, official Thai title); the document is always Thai."""
    titles = {
        A.UNIT_PLAN: f"แผนปฏิบัติราชการของ{agreement.unit.name_th}",
        A.SUPERIOR_PLAN: f"แผนปฏิบัติราชการของ{agreement.counterpart.name_th}",
        A.FRAMEWORK: "กรอบการประเมินผล ตัวชี้วัด น้ำหนัก ผลงานในอดีต เป้าหมาย และเกณฑ์การให้คะแนน",
        A.SHEETS: "รายละเอียดตัวชี้วัด",
    }
    return [(kind, titles[kind]) for kind in agreement.rule.annexes]


def maker_posts(agreement):
    """The posts that may sign as maker (ผู้ทำคำรับรอง): the head of the unit."""
    return Post.objects.filter(unit=agreement.unit, kind=Post.Kind.HEAD)


def receiver_posts(agreement):
    """The posts that may sign as receiver (ผู้รับคำรับรอง): alternatives, one signs."""
    if agreement.rule.superior == S.PRIME_MINISTER:
        return Post.objects.filter(unit=agreement.signs_with)
    return Post.objects.filter(unit=agreement.signs_with, kind=Post.Kind.HEAD)
