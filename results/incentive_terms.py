"""The terms of a year's incentives while they are set: who takes part, what would come of them, what is still missing.

Set by the planning office of the deciding unit, or of one above. The deciding unit itself takes no part: nobody decides
on their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from acts.refusals import Conflict
from acts.versions import Stale
from agreements.duties import role_rule
from agreements.models import Agreement, Snapshot
from agreements.stages import Stage
from indicators.scale import Scale
from orgunits.holders import help_for
from orgunits.models import OrgUnit
from orgunits.reach import reach_of
from orgunits.roles import Role
from orgunits.tree import ancestor_ids, descendants
from results.incentives import Entrant, Flaw, Shared, Terms, allot, flaws
from results.models import Scheme
from results.scoreboard import scoreboard
from thai.dates import shown_year

FIELDS = (
    "level", "gate", "gate_rule", "bands", "pool", "rule", "coin", "shows_amounts", "heads", "left_out",
)  # fmt: skip
# Usual ones, to begin with where no year before says otherwise; all of it is to be set.
USUAL = {
    "gate": Decimal("3.0000"),
    "bands": [
        {"from": "1", "name": "ควรปรับปรุง", "share": "0"},
        {"from": "3", "name": "ดี", "share": "1"},
        {"from": "4", "name": "ดีมาก", "share": "1.5"},
        {"from": "4.5", "name": "ดีเด่น", "share": "2"},
    ],
}
CARRIED_ON = tuple(name for name in FIELDS if name not in ("heads", "left_out"))


@dataclass(frozen=True)
class Outlook:
    """What comes of terms now. `closed`, `missing`, `left_out`: agreements; the last as (agreement, reason).

    `shared` follows `closed`. `hashes`: {code: SHA-256 of its released scores}. `scales`: those that are scored by.
    """

    terms: Terms
    closed: tuple[Agreement, ...]
    shared: Shared
    missing: tuple[Agreement, ...]
    left_out: tuple[tuple[Agreement, str], ...]
    hashes: Mapping[str, str]
    scales: frozenset[Scale]

    @property
    def pairs(self):
        """[(agreement, what comes to it)], the best total first."""
        pairs = zip(self.closed, self.shared.allotments, strict=True)
        return sorted(pairs, key=lambda pair: (-pair[1].entrant.score, pair[0].code))


def may_decide(actor, unit, at):
    """Refusal unless `actor` is of the planning office of the unit, or of a unit above it."""
    if reach_of(actor, at).units(Role.PLANNER) & ancestor_ids(unit.pk):
        return None
    sentence = _("Only the planning office of %(unit)s, or of a unit above it, can decide its incentives.")
    return Refusal(sentence % {"unit": unit.short_name}, rule=role_rule(Role.PLANNER), help=planners(unit, at))


def planners(unit, at):
    """Those who can decide, found once they are read."""
    return help_for(Role.PLANNER, OrgUnit.objects.filter(pk=unit.pk).values("pk"), at)


def deciding_units(actor, at):
    """The units that the actor could decide for: the whole organisation and its commands, within reach."""
    found = OrgUnit.objects.filter(pk__in=descendants(reach_of(actor, at).units(Role.PLANNER)), external=False)
    return found.filter(tier__lte=2).order_by("tree_id", "lft")


def taking_part(fiscal_year, unit, level):
    """The agreements of the year whose units are below the deciding one, in the order of the tree."""
    found = Agreement.objects.filter(fiscal_year=fiscal_year, unit__in=descendants([unit.pk])).exclude(unit=unit)
    if level:
        found = found.filter(unit__tier=level)
    return found.select_related("unit").order_by("unit__tree_id", "unit__lft")


def outlook(scheme):
    """The Outlook of a scheme's terms, saved or not. Four queries, however many agreements."""
    agreements = list(taking_part(scheme.fiscal_year, scheme.unit, scheme.level))
    closed = tuple(each for each in agreements if each.stage == Stage.CLOSED)
    rest = [each for each in agreements if each.stage != Stage.CLOSED]
    boards, _before = scoreboard(closed)
    entrants = [Entrant(each.code, boards[each.pk].total, scheme.heads.get(each.code)) for each in closed]
    return Outlook(
        terms=scheme.terms,
        closed=closed,
        shared=allot(scheme.terms, entrants),
        missing=tuple(each for each in rest if not scheme.left_out.get(each.code)),
        left_out=tuple((each, scheme.left_out[each.code]) for each in rest if scheme.left_out.get(each.code)),
        hashes=_hashes(closed),
        scales=frozenset(boards[each.pk].scale for each in closed),
    )


def _hashes(closed):
    scores = Snapshot.objects.filter(agreement__in=[each.pk for each in closed], purpose=Snapshot.Purpose.SCORES)
    return dict(scores.order_by("agreement", "sequence").values_list("agreement__code", "sha256"))


# What is wrong, and what is missing


def terms_problems(terms):
    """A Refusal for each flaw of the terms; the place of a band is that among those typed, from 1."""
    for flaw, band in flaws(terms):
        place = terms.bands.index(band) + 1 if band else 1
        words = {"name": band.name if band else ""}
        field = "share" if flaw in (Flaw.SHARE_FALLS, Flaw.NO_SHARE) else "from"
        yield Refusal(_flaw_words()[flaw] % words, f"#id_band_{place}_{field}")


def _flaw_words():
    return {
        Flaw.NO_BAND: _("There is no tier yet; please give at least one."),
        Flaw.SAME_BEGIN: _("Two tiers begin at the same score: “%(name)s” and another one."),
        Flaw.SHARE_FALLS: _(
            "The tier “%(name)s” has a smaller share than the one below it. Better results never get less."
        ),
        Flaw.GATE_IN_NO_BAND: _(
            "The lowest tier “%(name)s” begins above the gate: a unit that passes the gate would stand in no tier."
        ),
        Flaw.NO_SHARE: _("No tier has a share: nobody would get anything."),
    }


def not_ready(found):
    """What keeps an Outlook from being decided, as Refusals: flaws, whose scores are missing, whose heads."""
    yield from terms_problems(found.terms)
    if not found.closed:
        yield Refusal(_("No agreement that takes part is closed yet, so there is nothing to decide."))
    for each in found.missing:
        sentence = _(
            "%(unit)s has no final score yet: its agreement is not closed. Wait for it, or leave it out with a reason."
        )
        yield Refusal(sentence % {"unit": each.unit.short_name}, f"#id_left_out_{each.pk}")
    yield from _scale_problems(found)
    if found.terms.counts_heads:
        for agreement, part in found.pairs:
            if part.entrant.heads is None and part.is_entitled:
                sentence = _("Please say how many people %(unit)s has: the pool is shared by heads.")
                yield Refusal(sentence % {"unit": agreement.unit.short_name}, f"#id_heads_{agreement.pk}")


def _scale_problems(found):
    if len({scale.points for scale in found.scales}) > 1:
        yield Refusal(
            _(
                "The agreements that take part are scored on different scales, which no single gate fits. Please choose who "
                "takes part."
            ),
            "#id_level",
        )
    elif any(found.terms.gate > scale.capped(scale.top) for scale in found.scales):
        yield Refusal(_("The gate lies above the highest score there is."), "#id_gate")


# Writing


def begin_scheme(fiscal_year, unit, *, actor, at, idempotency=""):
    """Begin to decide a year's incentives, by the terms of the year before or the usual ones. Raises Refused."""
    refusal = may_decide(actor, unit, at)
    if refusal:
        raise Refused([refusal])
    with acting(actor, at=at, idempotency=idempotency) as record:
        terms = {**suggested_terms(fiscal_year, unit), "stage_since": at}
        scheme, is_new = Scheme.objects.get_or_create(fiscal_year=fiscal_year, unit=unit, defaults=terms)
        if not is_new:
            sentence = _("The incentives of %(unit)s for fiscal year %(year)s have been begun already.")
            words = {"unit": unit.short_name, "year": shown_year(fiscal_year.year)}
            raise Refused([Refusal(sentence % words, "#id_unit")], incomplete=True)
        record("begin_incentives", scheme)
        return Scheme.objects.get(pk=scheme.pk)  # with its figures as they are kept: they go into a hash


def suggested_terms(fiscal_year, unit):
    """What a new scheme begins with."""
    before = Scheme.objects.filter(unit=unit, fiscal_year__year__lt=fiscal_year.year)
    last = before.order_by("-fiscal_year__year").first()
    return {name: getattr(last, name) for name in CARRIED_ON} if last else dict(USUAL)


def with_terms(scheme, values):
    """The scheme as it would be with other terms; not saved."""
    return Scheme(
        pk=scheme.pk,
        fiscal_year=scheme.fiscal_year,
        unit=scheme.unit,
        stage=scheme.stage,
        version=scheme.version,
        **{name: values[name] for name in FIELDS},
    )


def save_terms(scheme, values: Mapping[str, Any], *, version, actor, at, idempotency=""):
    """Keep the terms typed on the page of `version`. Raises Refused, Stale where they were changed since, AlreadyDone."""
    refusal = may_decide(actor, scheme.unit, at)
    problems = [refusal] if refusal else list(terms_problems(with_terms(scheme, values).terms))
    if problems:
        raise Refused(problems, incomplete=not refusal)
    with acting(actor, at=at, idempotency=idempotency) as record:
        rows = Scheme.objects.filter(pk=scheme.pk)
        before = rows.get()
        changed = {name: values[name] for name in FIELDS if getattr(before, name) != values[name]}
        # A stage moves the version on, too: whoever decided in the meantime has won.
        seen = rows.filter(version=version, stage=Scheme.Stage.DRAFT)
        if not seen.update(**changed, version=F("version") + 1):
            raise _lost(rows.get())
        if changed:
            differs = {name: [_logged(getattr(before, name)), _logged(value)] for name, value in changed.items()}
            record("write_incentives", before, change=differs)
        return rows.get()


def _lost(now):
    if now.is_draft:
        return Stale(now)
    return Conflict(_("This has been decided in the meantime; its terms can't change any more. Nothing was saved."))


def _logged(value):
    """As text: what the log keeps of terms."""
    return value if isinstance(value, list | dict | bool) else str(value)
