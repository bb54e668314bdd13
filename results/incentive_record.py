"""The decision on a year's incentives as it is frozen: canonical JSON, its SHA-256, and how it is read again.

Schema 1: fiscal_year; unit {code, name, short_name}; terms {level, gate, gate_rule, bands, pool, rule, coin,
shows_amounts}; top, the highest score there is; units [{agreement, code, name, short_name, score, scores_sha256, heads, tier, share, passes, entitled,
counted, amount}] with the best total first; left_out [{agreement, code, name, short_name, reason}]; counted, paid, rest;
decision {order_number, decided_on, decided_by, text}. Numbers are texts, dates ISO.
"""

import json
from decimal import Decimal

from django.db.models import Max

from agreements.freeze import canonical, digest
from indicators.scale import FIVE
from results.incentives import Coin, Entrant, GateRule, Rule, Terms, allot
from results.models import Decision, Scheme
from results.models.incentive import as_band

SCHEMA = 1


def content_of(scheme, found):
    """What is decided by a scheme whose Outlook is `found`, without by whom and when."""
    shared = found.shared
    return {
        "schema": SCHEMA,
        "fiscal_year": scheme.fiscal_year.year,
        "unit": _unit(scheme.unit),
        "terms": _terms(scheme),
        "top": _text(max((scale.capped(scale.top) for scale in found.scales), default=FIVE.top)),
        "units": [_row(agreement, part, found) for agreement, part in found.pairs],
        "left_out": [{**_of(agreement), "reason": reason} for agreement, reason in found.left_out],
        "counted": _text(shared.counted),
        "paid": _text(shared.paid),
        "rest": _text(shared.rest),
    }


def _terms(scheme):
    return {
        "level": scheme.level,
        "gate": _text(scheme.gate),
        "gate_rule": str(scheme.gate_rule),
        "bands": scheme.bands,
        "pool": _text(scheme.pool),
        "rule": str(scheme.rule),
        "coin": str(scheme.coin),
        "shows_amounts": scheme.shows_amounts,
    }


def _unit(unit):
    return {"code": unit.code, "name": unit.name_th, "short_name": unit.short_name}


def _of(agreement):
    return {"agreement": agreement.code, **_unit(agreement.unit)}


def _row(agreement, part, found):
    return {
        **_of(agreement),
        "score": _text(part.entrant.score),
        "scores_sha256": found.hashes[agreement.code],
        "heads": part.entrant.heads if found.terms.counts_heads else None,
        "tier": part.band.name if part.band else "",
        "share": _text(part.band.share) if part.band else "0",
        "passes": part.passes,
        "entitled": part.is_entitled,
        "counted": _text(part.counted),
        "amount": _text(part.amount),
    }


def _text(number):
    return f"{number:f}"


def freeze_decision(scheme, content, *, actor, at):
    """Keep a decision for good, as the scheme's next. Call inside the act that takes it."""
    text = canonical(content)
    last = scheme.decisions.aggregate(last=Max("number"))["last"] or 0
    return Decision.objects.create(
        scheme=scheme, number=last + 1, content=text, sha256=digest(text), taken_at=at, taken_by=str(actor)
    )


def decision_of(scheme):
    """The Decision that stands, or None while the terms are being set."""
    return None if scheme.is_draft else scheme.decisions.last()


def read(decision):
    """The content of a Decision as plain dicts."""
    return json.loads(decision.content)


def row_of(content, code):
    """What a decision says of the agreement with that code; None where it takes no part."""
    return next((row for row in content["units"] if row["agreement"] == code), None)


def terms_in(content):
    """The Terms that were decided by."""
    kept = content["terms"]
    return Terms(
        gate=Decimal(kept["gate"]),
        gate_rule=GateRule(kept["gate_rule"]),
        bands=tuple(as_band(each) for each in kept["bands"]),
        pool=Decimal(kept["pool"]),
        rule=Rule(kept["rule"]),
        coin=Coin(kept["coin"]),
    )


def computed_anew(content):
    """{agreement's code: amount} as they come out when the frozen totals are shared by the frozen terms once more."""
    entrants = [Entrant(row["agreement"], Decimal(row["score"]), row["heads"]) for row in content["units"]]
    return {each.entrant.key: each.amount for each in allot(terms_in(content), entrants).allotments}


def is_as_computed(decision):
    """Does a kept decision still have its hash, and do its amounts come out again?"""
    content = read(decision)
    amounts = {row["agreement"]: Decimal(row["amount"]) for row in content["units"]}
    return digest(decision.content) == decision.sha256 and computed_anew(content) == amounts


def level_label(content):
    """Who took part, in words."""
    return Scheme.Level(content["terms"]["level"]).label
