"""Recording the evaluators' visits to the unit, while they evaluate it."""

from django.db.models import F

from acts.engine import Refused
from acts.log import acting
from acts.versions import save_seen
from agreements.models import Agreement, Line
from results.models import Evaluation, Visit
from results.rules import may_evaluate

FIELDS = ("visited_on", "place", "people", "seen")


def save_visit(evaluation, values, lines, *, visit=None, version=0, actor, at, idempotency=""):
    """Record a visit, or change what is recorded of one that was read at `version`. Raises Stale.

    `values`: {column: value} of FIELDS; `lines`: the ids of the lines that it is about, of this agreement.
    """
    agreement = evaluation.report.agreement
    with acting(actor, at=at, idempotency=idempotency) as record:
        Agreement.objects.select_for_update().get(pk=agreement.pk)
        refusal = may_evaluate(Evaluation.objects.get(pk=evaluation.pk), actor, at)
        if refusal:
            raise Refused([refusal])
        signed = {"recorded_by": str(actor), "recorded_at": at}
        if visit is None:
            kept = Visit.objects.create(evaluation=evaluation, **values, **signed)
        elif _says_so(visit, values, lines):
            return visit  # sent twice
        else:
            _before, kept, _changed = save_seen(visit, {**values, **signed}, version=version)
        kept.lines.set(Line.objects.filter(agreement=agreement, pk__in=lines))
        record("visit" if visit is None else "change_visit", agreement, text=kept.place)
    return kept


def _says_so(visit, values, lines):
    same = all(getattr(visit, name) == value for name, value in values.items())
    return same and {line.pk for line in visit.lines.all()} == set(lines)


def visits_of(evaluation):
    """The visits of an evaluation in the order of their days, each with `keys`, the ids of its lines; one query."""
    found = {}
    for visit in evaluation.visits.annotate(line_key=F("lines")).order_by("visited_on", "pk", "lines__position"):
        kept = found.setdefault(visit.pk, visit)
        kept.keys = getattr(kept, "keys", [])
        if visit.line_key is not None:
            kept.keys.append(visit.line_key)
    return list(found.values())
