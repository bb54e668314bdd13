"""Who signs with whom, and which documents are annexed (handbook 2.2.1): four rows, and how a unit finds its own."""

from dataclasses import dataclass

from django.db.models import Case, Q, When
from django.utils.translation import gettext as _

from acts.reading import once
from agreements.models.agreement import Source
from agreements.models.receiver import ReceiverChoice
from agreements.models.rule import SigningRule
from orgunits.models import (
    COMMISSIONER_OFFICE,
    HEADQUARTERS,
    PRIME_MINISTER,
    PUBLIC_SECTOR_OFFICE,
    Affiliation,
    OrgUnit,
    Post,
    UnitClosure,
)
from thai.dates import thai_date

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
    found = sides_of_all([unit], year=year, on=on)[unit.pk]
    if isinstance(found, NoRule):
        raise found
    return found


def sides_of_all(units, *, year, on):
    """{unit id: its Sides, or the NoRule that says why it has none} of many units, in four queries."""
    known = _Known(units, year=year, on=on)
    return {unit.pk: _sides_or_why_not(known, unit) for unit in units}


def _sides_or_why_not(known, unit):
    try:
        return known.sides(unit)
    except NoRule as why:
        return why


class _Known:
    """What the rules ask of some units, read at once: the rules of the year, affiliations on the day, commands above."""

    def __init__(self, units, *, year, on):
        in_year = Q(first_year__lte=year) & (Q(last_year=None) | Q(last_year__gte=year))
        affiliated = Affiliation.objects.in_force(on).filter(body__code=COMMISSIONER_OFFICE, unit__in=units)
        bodies = OrgUnit.objects.filter(code__in=(HEADQUARTERS, PRIME_MINISTER, PUBLIC_SECTOR_OFFICE))
        commands = UnitClosure.objects.filter(descendant__in=units, ancestor__signs_agreement=True, ancestor__tier=2)
        self.rules = list(SigningRule.objects.filter(in_year))
        self.affiliated = set(affiliated.values_list("unit_id", flat=True))
        self.bodies = {body.code: body for body in bodies}
        # The nearest one comes last and stays.
        self.commands = {
            row.descendant_id: row.ancestor for row in commands.select_related("ancestor").order_by("-depth")
        }

    def sides(self, unit):
        """The Sides of one of the units; raises NoRule."""
        rule = self._rule_for(unit)
        if rule.superior == S.PRIME_MINISTER:
            return Sides(rule, self.bodies[PRIME_MINISTER], self.bodies[PUBLIC_SECTOR_OFFICE])
        superior = self.bodies[HEADQUARTERS] if rule.superior == S.HEADQUARTERS else self._command_above(unit)
        return Sides(rule, superior, superior)

    def _rule_for(self, unit):
        fitting = [rule for rule in self.rules if unit.signs_agreement and self._fits(rule, unit)]
        if len(fitting) != 1:
            raise NoRule(
                _("%(unit)s: %(count)s signing rules fit; there must be exactly one.")
                % {"unit": unit.abbr_th, "count": len(fitting)}
            )
        return fitting[0]

    def _fits(self, rule, unit):
        return rule.tier == unit.tier and rule.affiliated in (None, unit.pk in self.affiliated)

    def _command_above(self, unit):
        if unit.pk not in self.commands:
            raise NoRule(_("%(unit)s has no command above it.") % {"unit": unit.abbr_th})
        return self.commands[unit.pk]


def explanation(agreement):
    """Why these two sign: sentences, each a fact that the rule read (idea 3: “why these two?”)."""
    rule, unit = agreement.rule, agreement.unit
    facts = [
        _("%(unit)s is a unit of level %(tier)s.") % {"unit": unit.name, "tier": unit.tier},
    ]
    if rule.affiliated is not None:
        facts.append(_affiliation_fact(rule, unit))
    facts.append(
        _("So its head signs with %(superior)s (%(unit)s).")
        % {"superior": rule.get_superior_display(), "unit": agreement.signs_with.short_name}
    )
    if has_alternatives(agreement):
        facts.append(_receiver_fact(agreement))
    if rule.required_source:
        source = Source(rule.required_source).label
        facts.append(_("The agreement must hold at least one indicator “%(source)s”.") % {"source": source})
    return facts


def _affiliation_fact(rule, unit):
    if rule.affiliated:
        return _("%(unit)s is under สง.ผบ.ตร.") % {"unit": unit.abbr_th}
    return _("%(unit)s is not under สง.ผบ.ตร.") % {"unit": unit.abbr_th}


def _receiver_fact(agreement):
    choice = receiver_choice(agreement)
    if choice is None:
        return _("The receiver of the agreement has not been named yet; one of them signs, not both.")
    if not choice.is_by_order:
        return _("%(post)s receives the agreement.") % {"post": choice.post}
    return _("%(post)s receives the agreement, so assigned by %(by)s by %(order)s of %(day)s.") % {
        "post": choice.post,
        "by": choice.order_by,
        "order": choice.order,
        "day": thai_date(choice.order_date),
    }


def annex_titles(agreement):
    """The annexes in the order printed: (kind, official Thai title); the document is always Thai."""
    titles = {
        A.UNIT_PLAN: f"แผนปฏิบัติราชการของ{agreement.unit.name_th}",
        A.SUPERIOR_PLAN: f"แผนปฏิบัติราชการของ{agreement.counterpart.name_th}",
        A.FRAMEWORK: _framework_title(agreement),
        A.SHEETS: "รายละเอียดตัวชี้วัด",
    }
    return [(kind, titles[kind]) for kind in agreement.rule.annexes]


# By the handbook's table: what level 1 and level 3 hold besides the indicators by the unit's own plan.
BESIDES_THE_PLAN = {
    Source.MANDATORY: "และตัวชี้วัดภาคบังคับตามกรอบการประเมินผลที่สำนักงาน ก.พ.ร. กำหนด",
    Source.MISSION: "และตัวชี้วัดตามพันธกิจของหน่วยงาน",
}


def _framework_title(agreement):
    details = "กรอบการประเมินผล ตัวชี้วัด น้ำหนัก ผลงานในอดีต เป้าหมาย และเกณฑ์การให้คะแนน"
    by_plan = f"ตามแผนปฏิบัติราชการของ{agreement.unit.name_th}"
    return " ".join(filter(None, (details, by_plan, BESIDES_THE_PLAN.get(agreement.rule.required_source))))


def maker_posts(agreement):
    """The posts that may sign as maker (ผู้ทำคำรับรอง): the head of the unit."""
    return [post for post in _posts(agreement) if post.unit_id == agreement.unit_id and post.kind == Post.Kind.HEAD]


def _posts(agreement):
    """The posts of the two units that sign, heads first; in one query."""
    heads_first = Case(When(kind=Post.Kind.HEAD, then=0), default=1)
    posts = Post.objects.filter(unit__in=[agreement.unit_id, agreement.signs_with_id]).select_related("unit")
    return once(agreement, "posts", lambda: list(posts.order_by(heads_first, "pk")))


def has_alternatives(agreement):
    """Does the rule leave a choice who receives the agreement? The Prime Minister *or* the Deputy so assigned."""
    return agreement.rule.superior == S.PRIME_MINISTER


def receiver_alternatives(agreement):
    """The posts of which one receives the agreement, the head's first; only one where the rule leaves no choice."""
    fitting = (Post.Kind.HEAD, Post.Kind.DEPUTY) if has_alternatives(agreement) else (Post.Kind.HEAD,)
    posts = _posts(agreement)
    return [post for post in posts if post.unit_id == agreement.signs_with_id and post.kind in fitting]


def receiver_choice(agreement):
    """What the unit has said of who receives the agreement: a ReceiverChoice, or None."""
    if not has_alternatives(agreement):
        return None
    choices = ReceiverChoice.objects.filter(agreement=agreement).select_related("post__unit")
    return once(agreement, "receiver choice", choices.first)


def chosen_receiver(agreement):
    """The post that receives the agreement; None while the rule leaves a choice and nothing has been said."""
    if not has_alternatives(agreement):
        return next(iter(receiver_alternatives(agreement)), None)
    choice = receiver_choice(agreement)
    return choice.post if choice else None


def receiver_posts(agreement):
    """The posts that may sign as receiver (ผู้รับคำรับรอง): the one chosen, and nobody before."""
    chosen = chosen_receiver(agreement)
    return [chosen] if chosen else []


def expected_receivers(agreement):
    """Who will receive it, as far as is known: the one chosen, else every alternative."""
    return receiver_posts(agreement) or receiver_alternatives(agreement)


def superior_posts(agreement):
    """The posts that act as the superior: who receives it, and once in force the head of that side, too.

    An assignment can end with the deputy's office; the scores of the year are released nevertheless.
    """
    posts = receiver_posts(agreement)
    if has_alternatives(agreement) and agreement.is_in_force:
        heads = [post for post in receiver_alternatives(agreement) if post.kind == Post.Kind.HEAD]
        posts += [head for head in heads if head not in posts]
    return posts
