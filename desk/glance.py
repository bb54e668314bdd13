"""What every page of an agreement shows of it in figures, asked in the very query that fetches it."""

from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from agreements.models import Line, Snapshot
from desk.turn import turn_facts
from results.models import ReportingRound
from workflow.models import Amendment, Offer


def at_a_glance(agreements):
    """The agreements, each with `line_count`, `offer_count`, `amendment_count`, `asked_amendment_count`, `is_frozen`,
    `is_frozen_to_sign`, `assessed_by`, and `turn_facts`.

    `is_frozen`: has it been submitted, ever? `is_frozen_to_sign`: has it been laid before the signatories, ever?
    `assessed_by`: the last day of the final reporting round of its year, or None.
    """
    this, year = OuterRef("pk"), OuterRef("fiscal_year")
    frozen = Snapshot.objects.filter(agreement=this)
    final_round = ReportingRound.objects.filter(fiscal_year=year, is_final=True)
    return agreements.annotate(
        line_count=_count(Line.objects.filter(agreement=this, children=None), "agreement"),
        offer_count=_count(Offer.objects.filter(line__agreement=this).exclude(handed_over_at=None), "line__agreement"),
        amendment_count=_count(Amendment.objects.filter(agreement=this), "agreement"),
        asked_amendment_count=_count(Amendment.objects.filter(agreement=this).known_to(()), "agreement"),
        is_frozen=Exists(frozen),
        is_frozen_to_sign=Exists(frozen.filter(purpose=Snapshot.Purpose.TO_SIGN)),
        assessed_by=Subquery(final_round.values("due_on")[:1]),
        **turn_facts(),
    )


def _count(rows, of):
    """How many rows, as a subquery: a join would count them once for each other row."""
    counted = rows.order_by().values(of).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
