"""Wording the clauses of a year's agreements: an act of the planning office.

What was frozen keeps its words: a wording holds for what is handed over after it, of its year and of later years until
one of them has its own.
"""

from acts.engine import Refusal, Refused
from acts.log import acting
from acts.versions import Stale, save_seen
from agreements.clauses import LABELS, USUAL, problems
from agreements.models import Wording
from workflow.opening import may_open_years


def worded_for(fiscal_year):
    """(the texts and `with_minutes` that hold for a year, the version of its own row: 0 where it has none)."""
    found = Wording.objects.in_force(fiscal_year.year)
    own = found is not None and found.fiscal_year_id == fiscal_year.pk
    values = {**found.clauses, "with_minutes": found.with_minutes} if found else {**USUAL, "with_minutes": False}
    return values, found.version if own else 0


def word_clauses(fiscal_year, values, *, version, by, at, idempotency=""):
    """Let a year's agreements say `values` ({key: text}, with_minutes), seen at `version`. Raises Refused, or Stale."""
    refusal = may_open_years(by, at)
    if refusal:
        raise Refused([refusal])
    unfit = [Refusal(sentence, f"#id_{key}") for key in LABELS for sentence in problems(key, values[key])]
    if unfit:
        raise Refused(unfit, incomplete=True)
    with acting(by, at=at, idempotency=idempotency) as record:
        kept = Wording.objects.select_for_update().filter(fiscal_year=fiscal_year).first()
        before, worded = _write(fiscal_year, kept, values, version)
        changed = [name for name in values if values[name] != before.get(name)]
        change = {
            "before": {name: before.get(name) for name in changed},
            "after": {name: values[name] for name in changed},
        }
        record("word_clauses", fiscal_year, change=change)
    return worded


def _write(fiscal_year, kept, values, version):
    if kept is None:
        before, _version = worded_for(fiscal_year)
        made, is_new = Wording.objects.get_or_create(fiscal_year=fiscal_year, defaults=values)
        if not is_new:
            raise Stale(made)
        return before, made
    before, after, _changed = save_seen(kept, values, version=version)
    return {**before.clauses, "with_minutes": before.with_minutes}, after
