"""Incentives as their pages show them: results with their pictures, terms in words, what can be done, what happened."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acts.models import Entry
from agreements.stages import Stage
from agreements.standing import line_up
from orgunits.reach import reach_of
from results.incentive_record import content_of, decision_of, read, row_of
from results.incentive_terms import may_decide, not_ready, outlook
from results.incentive_walk import TABLE
from results.models import Decision, Scheme
from results.models.incentive import READERS
from thai.numbers import grouped_number

SHOWN_AT_A_GLANCE = 8
# The track of a score is drawn so long.
TRACK = 100
SENTENCES = {
    "begin_incentives": gettext_lazy("began to set the terms"),
    "write_incentives": gettext_lazy("changed the terms"),
    "incentives.decide": gettext_lazy("put the decision on record"),
    "incentives.publish": gettext_lazy("announced the results"),
    "incentives.withdraw": gettext_lazy("withdrew the announcement"),
    "incentives.reopen": gettext_lazy("took the decision up again"),
}
BADGE = {"draft": "draft", "decided": "info", "published": "ok", "withdrawn": "warn"}
ROUTES = {
    "decide": "desk:decide_incentives",
    "publish": "desk:publish_incentives",
    "withdraw": "desk:withdraw_incentives",
    "reopen": "desk:reopen_incentives",
}


def sees_incentives(user, at):
    """Does the person look at schemes: of a planning office, or an auditor?"""
    return bool(reach_of(user, at).units(*READERS))


def address(scheme, route="desk:incentive"):
    """The path of a scheme's page."""
    return reverse(route, args=[scheme.fiscal_year.year, scheme.unit.code])


@dataclass(frozen=True)
class Drawn:
    """A row of a decision with its score on a track; lengths in hundredths of it."""

    row: dict
    bar: int


@dataclass(frozen=True)
class Tier:
    """A tier with who stands in it: how many units, how much comes to them; its bar in hundredths of all units."""

    name: str
    from_score: str
    share: str
    count: int
    amount: Decimal
    bar: int


def shown(content):
    """Context of desk/_incentive_results.html, _incentive_tiers.html and _incentive_terms.html."""
    top = Decimal(content["top"])
    return {
        "content": content,
        "rows": [Drawn(row, _hundredths(row["score"], top)) for row in content["units"]],
        "gate_at": _hundredths(content["terms"]["gate"], top),
        "tiers": tiers(content),
        "has_money": bool(Decimal(content["terms"]["pool"])),
        "terms": terms_in_words(content["terms"]),
        "facts": facts(content),
        "decided_on": date.fromisoformat(content["decision"]["decided_on"]) if "decision" in content else None,
    }


def _hundredths(score, top):
    return min(TRACK, int(Decimal(score) * TRACK / top))


def tiers(content):
    """The Tiers of a content, the highest first."""
    rows, bands = content["units"], content["terms"]["bands"]
    highest_first = sorted(bands, key=lambda band: Decimal(band["from"]), reverse=True)
    return [_tier(band, [row for row in rows if row["tier"] == band["name"]], len(rows)) for band in highest_first]


def _tier(band, rows, of_all):
    amount = sum((Decimal(row["amount"]) for row in rows), Decimal(0))
    bar = len(rows) * TRACK // of_all if of_all else 0
    return Tier(band["name"], band["from"], band["share"], len(rows), amount, bar)


def facts(content):
    """The figures at a glance, as templates/parts/facts.html wants them."""
    entitled = sum(row["entitled"] for row in content["units"])
    found = [
        {"label": _("units with a final score"), "text": str(len(content["units"]))},
        {"label": _("get an incentive"), "text": str(entitled)},
    ]
    if Decimal(content["terms"]["pool"]):
        found += [
            {"label": _("pool (baht)"), "text": grouped_number(content["terms"]["pool"], 2)},
            {"label": _("Shared out"), "text": grouped_number(content["paid"], 2)},
            {"label": _("left over"), "text": grouped_number(content["rest"], 2)},
        ]
    return found


def terms_in_words(terms):
    """The terms as facts: gate, who takes part, how the pool is shared."""
    gate = f"{Scheme.GateRule(terms['gate_rule']).label}: {terms['gate']}"
    found = [
        {"label": _("gate"), "text": gate},
        {"label": _("who takes part"), "text": str(Scheme.Level(terms["level"]).label)},
    ]
    if Decimal(terms["pool"]):
        found += [
            {"label": _("how it is shared out"), "text": str(Scheme.Rule(terms["rule"]).label)},
            {"label": _("rounded down to"), "text": str(Scheme.Coin(terms["coin"]).label)},
        ]
    return found


def page_of(scheme, *, user, at):
    """Context of desk/incentive.html: as it would come now while it is a draft, else as it was decided."""
    acts = may_decide(user, scheme.unit, at) is None
    if scheme.is_draft:
        found = outlook(scheme)
        content, decision = content_of(scheme, found), None
        unready = [addressed(scheme, refusal) for refusal in not_ready(found)]
    else:
        decision, unready = decision_of(scheme), []
        content = read(decision)
    return shown(content) | {
        "scheme": scheme,
        "badge": BADGE[scheme.stage],
        "decision": decision,
        "unready": unready,
        "may_set": acts and scheme.is_draft,
        "moves": moves(scheme, unready) if acts else [],
        "movements": movements(scheme, reader=user),
        "public_url": address(scheme, "desk:public_incentive") if scheme.is_published or scheme.was_withdrawn else "",
    }


def addressed(scheme, refusal):
    """A refusal of the terms with the address of the field that mends it."""
    where = f"{address(scheme, 'desk:incentive_terms')}{refusal.where}" if refusal.where else ""
    return {"sentence": refusal.sentence, "where": where}


def moves(scheme, unready):
    """[(address, label, is it dangerous)] of the moves that can be made now."""
    return [
        {"url": address(scheme, ROUTES[step.name]), "label": step.label, "name": step.name}
        for step in TABLE.from_stage(scheme.stage)
        if not (step.name == "decide" and unready)
    ]


def movements(scheme, *, reader):
    """What happened, newest first, for templates/parts/timeline.html."""
    entries = Entry.objects.about(scheme)[:SHOWN_AT_A_GLANCE]
    return [
        {
            "who": _("You") if entry.actor_id == reader.pk else entry.actor_text,
            "text": SENTENCES[entry.act] % {},
            "at": entry.at,
            "reason": entry.text,
        }
        for entry in entries
    ]


@dataclass(frozen=True)
class Letter:
    """What was decided for one agreement, and where its letter is."""

    row: dict
    unit: str
    url: str
    public_url: str
    has_money: bool


def letters_of(agreement, standing):
    """The Letters of an agreement that is closed, for who follows it; the decision of the nearest unit first."""
    if agreement.stage != Stage.CLOSED or not standing.follows:
        return []
    above = [unit.pk for unit in line_up(agreement)[0] if unit.pk != agreement.unit_id]
    schemes = Scheme.objects.decided().filter(fiscal_year=agreement.fiscal_year_id, unit__in=above)
    last = Decision.objects.filter(scheme=OuterRef("pk")).order_by("-number").values("content")[:1]
    schemes = schemes.select_related("unit", "fiscal_year").annotate(decided=Subquery(last)).order_by("-unit__level")
    found = [(scheme, json.loads(scheme.decided)) for scheme in schemes]
    return [_letter(agreement, scheme, content) for scheme, content in found if row_of(content, agreement.code)]


def _letter(agreement, scheme, content):
    return Letter(
        row=row_of(content, agreement.code),
        unit=scheme.unit.short_name,
        url=reverse("desk:incentive_letter", args=[agreement.code, scheme.pk]),
        public_url=address(scheme, "desk:public_incentive") if scheme.is_published else "",
        has_money=bool(Decimal(content["terms"]["pool"])),
    )
