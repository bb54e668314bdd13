"""Who signs with whom, and which documents are annexed (handbook 2.2.1): four rows, and how a unit finds its own."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from acts.reading import once
from agreements.models.agreement import Source
from agreements.models.receiver import ReceiverChoice
from agreements.models.rule import (
    HEAD_ONLY,
    HEAD_OR_DEPUTY,
    SLOT_LABELS,
    SignerSide,
    SigningRule,
    SigningSlot,
    slot_key,
)
from agreements.stages import Stage
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
        rule, is_new = SigningRule.objects.get_or_create(
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
        if is_new:
            SigningSlot.objects.bulk_create(handbook_slots(rule))


def handbook_slots(rule):
    """The slots of a rule as the handbook has them: the head of the unit, and one receiver of the superior's unit.

    The Prime Minister's side alone leaves a choice: the Prime Minister or the Deputy so assigned.
    """
    receivers = HEAD_OR_DEPUTY if rule.superior == S.PRIME_MINISTER else HEAD_ONLY
    return [
        SigningSlot(rule=rule, side=SignerSide.MAKER, kinds=HEAD_ONLY),
        SigningSlot(rule=rule, side=SignerSide.RECEIVER, kinds=receivers),
    ]


def sides_of(unit, *, year, on):
    """The sides of `unit`'s agreement for fiscal year `year` (B.E.), by its affiliation on the date `on`."""
    found = sides_of_all([unit], year=year, on=on)[unit.pk]
    if isinstance(found, NoRule):
        raise found
    return found


def sides_of_all(units, *, year, on, rules=None):
    """{unit id: its Sides, or the NoRule that says why it has none} of many units, in four queries.

    `rules`: the rules of the year, where they have been fetched already.
    """
    known = _Known(units, on=on, rules=SigningRule.objects.in_year(year) if rules is None else rules)
    return {unit.pk: _sides_or_why_not(known, unit) for unit in units}


def _sides_or_why_not(known, unit):
    try:
        return known.sides(unit)
    except NoRule as why:
        return why


def under_the_office(on):
    """The affiliations with the Commissioner-General's office (สง.ผบ.ตร.) that hold on the day `on`."""
    return Affiliation.objects.in_force(on).filter(body__code=COMMISSIONER_OFFICE)


class _Known:
    """What the rules ask of some units, read at once: the rules of the year, affiliations on the day, commands above."""

    def __init__(self, units, *, on, rules):
        affiliated = under_the_office(on).filter(unit__in=units)
        bodies = OrgUnit.objects.filter(code__in=(HEADQUARTERS, PRIME_MINISTER, PUBLIC_SECTOR_OFFICE))
        commands = UnitClosure.objects.filter(descendant__in=units, ancestor__signs_agreement=True, ancestor__tier=2)
        self.rules = list(rules)
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
        affiliated = unit.pk in self.affiliated
        fitting = [rule for rule in self.rules if unit.signs_agreement and rule.speaks_of(unit.tier, affiliated)]
        if len(fitting) != 1:
            raise NoRule(
                _("%(unit)s: %(count)s signing rules fit; there must be exactly one.")
                % {"unit": unit.abbr_th, "count": len(fitting)}
            )
        return fitting[0]

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
    facts += [_along_fact(slot) for slot in slots_of(agreement) if slot.position > 1]
    if rule.required_source:
        source = Source(rule.required_source).label
        facts.append(_("The agreement must hold at least one indicator “%(source)s”.") % {"source": source})
    return facts


def _affiliation_fact(rule, unit):
    if rule.affiliated:
        return _("%(unit)s is under สง.ผบ.ตร.") % {"unit": unit.abbr_th}
    return _("%(unit)s is not under สง.ผบ.ตร.") % {"unit": unit.abbr_th}


def _along_fact(slot):
    posts = _(" or ").join(post.title for post in slot.posts)
    if slot.side == SignerSide.MAKER:
        return _("%(post)s signs as maker, too.") % {"post": posts}
    return _("%(post)s signs as receiver, too.") % {"post": posts}


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


# The places of the signatures, and the posts that sign there.


@dataclass(frozen=True)
class SlotOf:
    """A place of one signature in one agreement, with the posts of which one signs there, the head's first.

    `leaves_choice`: the rule names several kinds of post, so the unit says which one signs (`ReceiverChoice`).
    """

    key: str
    side: str
    position: int
    leaves_choice: bool
    posts: tuple[Post, ...]

    @property
    def label(self):
        return str(SLOT_LABELS[self.key])


def slots_of(agreement):
    """The places of the agreement's signatures by its rule, as SlotOf, in the order in which they are signed."""
    return once(agreement, "slots", lambda: _slots_of(agreement))


_UNIT_COLUMNS = [field.attname for field in OrgUnit._meta.concrete_fields]
_POST_COLUMNS = [field.attname for field in Post._meta.concrete_fields]


def _slots_of(agreement):
    """In one query: the rule's slots, each beside every post of the unit that it speaks of."""
    found = {}
    for side, position, kinds, *columns in _slots_with_posts(agreement):
        kinds, posts = found.setdefault((SignerSide(side), position), (kinds, []))
        post = _post(columns)
        if post is not None and post.kind in kinds:
            posts.append((kinds.index(post.kind), post.pk, post))
    in_order = sorted(found.items(), key=lambda item: (SignerSide.values.index(item[0][0]), item[0][1]))
    return [
        SlotOf(slot_key(side, position), side, position, len(kinds) > 1, tuple(post for *_order, post in sorted(posts)))
        for (side, position), (kinds, posts) in in_order
    ]


def _slots_with_posts(agreement):
    paths = {SignerSide.MAKER: "rule__agreements__unit", SignerSide.RECEIVER: "rule__agreements__signs_with"}
    makers, receivers = (
        SigningSlot.objects.filter(rule__agreements=agreement.pk, side=side)
        .order_by()
        .values_list(
            "side",
            "position",
            "kinds",
            *(f"{path}__posts__{name}" for name in _POST_COLUMNS),
            *(f"{path}__{name}" for name in _UNIT_COLUMNS),
        )
        for side, path in paths.items()
    )
    return makers.union(receivers, all=True)


def _post(columns):
    """A Post with its unit from the columns of both; None where the unit has no post."""
    if columns[0] is None:
        return None
    post = Post.from_db(None, _POST_COLUMNS, columns[: len(_POST_COLUMNS)])
    post.unit = OrgUnit.from_db(None, _UNIT_COLUMNS, columns[len(_POST_COLUMNS) :])
    return post


def slot_of(agreement, key):
    """The place of that key in the agreement, or None."""
    return next((slot for slot in slots_of(agreement) if slot.key == key), None)


def slots_of_side(agreement, side):
    """The places of one side, in the order in which they are signed."""
    return [slot for slot in slots_of(agreement) if slot.side == side]


def signing_posts(agreement, slot):
    """The posts that may sign in a place: where the rule leaves a choice, the one chosen, and nobody before."""
    if not slot.leaves_choice:
        return list(slot.posts)
    choice = receiver_choice(agreement)
    return [choice.post] if choice else []


def _posts_of_side(agreement, side):
    posts = [post for slot in slots_of_side(agreement, side) for post in signing_posts(agreement, slot)]
    return list(dict.fromkeys(posts))


def maker_posts(agreement):
    """The posts that may sign as maker (ผู้ทำคำรับรอง): the head of the unit, and who signs with them."""
    return _posts_of_side(agreement, SignerSide.MAKER)


def receiver_posts(agreement):
    """The posts that may sign as receiver (ผู้รับคำรับรอง): where there is a choice the one chosen, nobody before."""
    return _posts_of_side(agreement, SignerSide.RECEIVER)


def _first(agreement, side):
    return next(iter(slots_of_side(agreement, side)), None)


def has_alternatives(agreement):
    """Does the rule leave a choice who receives the agreement? The Prime Minister *or* the Deputy so assigned."""
    first = _first(agreement, SignerSide.RECEIVER)
    return first is not None and first.leaves_choice


def receiver_alternatives(agreement):
    """The posts of which one receives the agreement, the head's first; only one where the rule leaves no choice."""
    first = _first(agreement, SignerSide.RECEIVER)
    return list(first.posts) if first else []


def alternatives_in_words(agreement):
    """The alternatives in one phrase: the Prime Minister or the Deputy Prime Minister so assigned."""
    if agreement.rule.superior == S.PRIME_MINISTER:
        return agreement.rule.get_superior_display()
    return _(" or ").join(post.title for post in receiver_alternatives(agreement))


def receiver_choice(agreement):
    """What the unit has said of who receives the agreement: a ReceiverChoice, or None."""
    if not has_alternatives(agreement):
        return None
    choices = ReceiverChoice.objects.filter(agreement=agreement).select_related("post__unit")
    return once(agreement, "receiver choice", choices.first)


def chosen_receiver(agreement):
    """The post that receives the agreement; None while the rule leaves a choice and nothing has been said."""
    first = _first(agreement, SignerSide.RECEIVER)
    return next(iter(signing_posts(agreement, first)), None) if first else None


def expected_receivers(agreement):
    """Who will receive it, as far as is known: of a choice not made yet every alternative."""
    slots = slots_of_side(agreement, SignerSide.RECEIVER)
    posts = [post for slot in slots for post in signing_posts(agreement, slot) or slot.posts]
    return list(dict.fromkeys(posts))


def head_posts(agreement):
    """The posts that act as the head: the head of the unit; while it is signed, who signs with them, too."""
    return _acting_posts(agreement, SignerSide.MAKER)


def superior_posts(agreement):
    """The posts that act as the superior: who receives it; while it is signed, all receivers; once in force the head.

    An assignment can end with the deputy's office; the scores of the year are released nevertheless.
    """
    posts = _acting_posts(agreement, SignerSide.RECEIVER)
    if agreement.is_in_force:
        heads = [post for post in receiver_alternatives(agreement) if post.kind == Post.Kind.HEAD]
        posts += [head for head in heads if head not in posts]
    return posts


def _acting_posts(agreement, side):
    if agreement.stage == Stage.SIGNING:
        return _posts_of_side(agreement, side)
    first = _first(agreement, side)
    return signing_posts(agreement, first) if first else []
