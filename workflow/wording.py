"""Wording a signing rule anew from a year on: the act of the planning office (handbook 2.2.1).

A rule that agreements were made by stays as it is: it ends with the year before, and another row takes its place. Two
planners at once: every row is held while one of them is at it, and the second finds what they saw changed.
"""

from dataclasses import dataclass

from django.db.models import Count, F, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acts.engine import Refusal, Refused
from acts.log import acting
from acts.versions import Stale
from agreements.models import Agreement, SigningRule, SigningSlot
from agreements.models.rule import HEAD_ONLY, HEAD_OR_DEPUTY, SignerSide
from orgunits.models import Post
from thai.dates import shown_year
from workflow.opening import may_open_years

TIERS = (1, 2, 3)  # the levels that sign
DEPUTY_ONLY = [Post.Kind.DEPUTY.value]

# key → (what it is called, the kinds of post of each place in the order of signing)
SIGNERS = {
    "head": (gettext_lazy("the head"), [HEAD_ONLY]),
    "head_or_deputy": (gettext_lazy("the head, or the deputy so assigned (one of them)"), [HEAD_OR_DEPUTY]),
    "head_and_deputy": (gettext_lazy("the head and a deputy (both)"), [HEAD_ONLY, DEPUTY_ONLY]),
    "head_and_two": (gettext_lazy("the head and two deputies (all three)"), [HEAD_ONLY, DEPUTY_ONLY, DEPUTY_ONLY]),
}
# The head of the unit answers for it: no choice is left there. Who acts for the head does so by appointment.
MAKERS = ("head", "head_and_deputy", "head_and_two")


@dataclass(frozen=True)
class Wording:
    """What a rule says: for which units, who signs with whom, what is annexed, what the agreement must hold."""

    tier: int
    affiliated: bool | None
    superior: str
    makers: str
    receivers: str
    annexes: tuple[str, ...]
    required_source: str = ""

    def columns(self):
        return {
            "tier": self.tier,
            "affiliated": self.affiliated,
            "superior": self.superior,
            "annexes": list(self.annexes),
            "required_source": self.required_source,
        }

    def as_text(self):
        """For the log."""
        return {**self.columns(), "makers": self.makers, "receivers": self.receivers}


def signers_of(rule, side):
    """The key in SIGNERS of who signs for a side by a rule; "" where its places are others, or none."""
    kinds = [slot.kinds for slot in rule.slots.all() if slot.side == side]
    return next((key for key, (_label, places) in SIGNERS.items() if places == kinds), "")


def wording_of(rule):
    """The Wording of a rule as it stands."""
    return Wording(
        tier=rule.tier,
        affiliated=rule.affiliated,
        superior=rule.superior,
        makers=signers_of(rule, SignerSide.MAKER),
        receivers=signers_of(rule, SignerSide.RECEIVER),
        annexes=tuple(rule.annexes),
        required_source=rule.required_source,
    )


def word_rule(rule, wording, *, year, version, by, at, idempotency=""):
    """Let a rule, seen at `version`, say `wording` from fiscal year `year` on; None: a new rule. Gives the rule.

    Raises Refused, or Stale where somebody else has changed the rule meanwhile.
    """
    with _allowed(by, at, idempotency) as record:
        held, before = _held(rule), None
        if held is not None:
            before = wording_of(held).as_text()
            _refuse(begun(held, year))
        worded = _written(held, wording, year, version)
        _refuse_holes([each for each in (rule, worded) if each is not None], year)
        change = {"from_year": year, "before": before, "after": wording.as_text()}
        record("word_rule", worded, change=change)
    return worded


def end_rule(rule, *, year, version, by, at, idempotency=""):
    """Let a rule, seen at `version`, hold no more from fiscal year `year` on: where another one covers its units."""
    with _allowed(by, at, idempotency) as record:
        held = _held(rule)
        _refuse(begun(held, year))
        record("end_rule", held, change={"from_year": year, "before": wording_of(held).as_text()})
        if held.first_year == year:
            _claim(held, version)
            held.delete()
        else:
            _claim(held, version, last_year=year - 1)
        _refuse_holes([rule], year)


def _allowed(by, at, idempotency):
    refusal = may_open_years(by, at)
    if refusal:
        raise Refused([refusal])
    return acting(by, at=at, idempotency=idempotency)


def _held(rule):
    """The rule as it stands now, with every rule held until the act is over."""
    rows = {each.pk: each for each in SigningRule.objects.select_for_update().order_by("pk")}
    return rows[rule.pk] if rule is not None else None


def begun(rule, year):
    """Refusal where agreements of the year, or of a later one, were begun by the rule: it stays for them."""
    made = Agreement.objects.filter(rule=rule, fiscal_year__year__gte=year)
    found = made.aggregate(count=Count("pk"), latest=Max("fiscal_year__year"))
    if not found["count"]:
        return None
    phrase = ngettext(
        "%(count)s agreement has been begun by this rule already, so it holds for its year; "
        "another wording can begin with fiscal year %(year)s.",
        "%(count)s agreements have been begun by this rule already, so it holds for their year; "
        "another wording can begin with fiscal year %(year)s.",
        found["count"],
    )
    return Refusal(phrase % {"count": found["count"], "year": shown_year(found["latest"] + 1)})


def _refuse(refusal):
    if refusal:
        raise Refused([refusal], incomplete=True)


def _written(held, wording, year, version):
    """The row that says the wording: the rule itself where it begins with that year, else a new one after it."""
    if held is not None and held.first_year == year:
        worded = _claim(held, version, **wording.columns())
        worded.slots.all().delete()
    else:
        worded = SigningRule(case=_case(held, wording), first_year=year, **wording.columns())
        if held is not None:
            worded.last_year = held.last_year
            _claim(held, version, last_year=year - 1)
        worded.save(force_insert=True)
    SigningSlot.objects.bulk_create(_slots(worded, wording))
    return worded


def _claim(held, version, **columns):
    """Write the columns, and count it, if nobody has changed the rule since it was read at `version`; else Stale."""
    seen = SigningRule.objects.filter(pk=held.pk, version=version)
    if not seen.update(**columns, version=F("version") + 1):
        raise Stale(held)
    return SigningRule.objects.get(pk=held.pk)


def _case(held, wording):
    """The name of the case, unless there is one already: level_3_affiliated."""
    if held is not None:
        return held.case
    name = {None: "", True: "_affiliated", False: "_elsewhere"}[wording.affiliated]
    return f"level_{wording.tier}{name}"


def _slots(rule, wording):
    sides = {SignerSide.MAKER: wording.makers, SignerSide.RECEIVER: wording.receivers}
    return [
        SigningSlot(rule=rule, side=side, position=position, kinds=kinds)
        for side, key in sides.items()
        for position, kinds in enumerate(SIGNERS[key][1], 1)
    ]


def _refuse_holes(rules, year):
    """After a change: from the year on, each kind of unit that these rules spoke of has exactly one rule."""
    unfit = list(holes(rules, year))
    if unfit:
        raise Refused(unfit, incomplete=True)


def holes(rules, year):
    """Which kinds of unit, of those that `rules` speak of, have no rule or two in `year` or later: as refusals."""
    stored = list(SigningRule.objects.all())
    # Nothing changes after the last year in which a rule begins or ends.
    turning = {year} | {each.first_year for each in stored} | {each.last_year + 1 for each in stored if each.last_year}
    for tier in TIERS:
        for affiliated in (True, False):
            if any(rule.speaks_of(tier, affiliated) for rule in rules):
                yield from _hole(stored, tier, affiliated, sorted(each for each in turning if each >= year))


def _hole(stored, tier, affiliated, years):
    """The first year with no rule or two for one kind of unit, as a refusal; nothing where all is well."""
    for year in years:
        fitting = sum(rule.speaks_of(tier, affiliated) and rule.holds_in(year) for rule in stored)
        if fitting != 1:
            words = {"units": kind_of_units(tier, affiliated), "year": shown_year(year), "count": fitting}
            sentence = (
                _("In fiscal year %(year)s %(count)s rules would hold for %(units)s; there must be exactly one.")
                if fitting
                else _("In fiscal year %(year)s no rule would hold for %(units)s; there must be exactly one.")
            )
            yield Refusal(sentence % words, "#id_affiliated")
            return


def kind_of_units(tier, affiliated):
    """Units of a level, and whether they are under the Commissioner-General's office, in words."""
    if affiliated is None:
        return _("units of level %(tier)s") % {"tier": tier}
    if affiliated:
        return _("units of level %(tier)s under สง.ผบ.ตร.") % {"tier": tier}
    return _("units of level %(tier)s not under สง.ผบ.ตร.") % {"tier": tier}
