"""How many of some agreements have sent their report of the round that is on: one query, however many there are."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from results.models import Report


@dataclass(frozen=True)
class SentReports:
    """A round, how many agreements report in it, and how many of them have sent their report."""

    position: int
    round: str
    due_on: date
    total: int
    sent: int


def sent_reports(agreements, on):
    """The SentReports of the last round that has opened by the day `on`; None before the first, or without reports."""
    columns = ("round__position", "round__name", "round__due_on")
    opened = Report.objects.filter(agreement__in=[each.pk for each in agreements], round__opens_on__lte=on)
    counted = opened.values(*columns).annotate(total=Count("pk"), sent=Count("pk", filter=~Q(stage=Report.Stage.DRAFT)))
    last = counted.order_by("-round__position").first()
    return SentReports(*(last[name] for name in (*columns, "total", "sent"))) if last else None
