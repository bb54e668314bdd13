"""A delegation within one year, as the commander gives it: who signs besides them, and for what."""

from datetime import timedelta

from accounts.models import User
from agreements.appointing import appoint_over
from fiscal.models import FiscalYear
from orgunits.authority import head_post
from orgunits.models import Appointment, OrgUnit
from thai.dates import be_year

GIVER, TAKER, CODE = "somchai", "anan", "IMM"
GIVEN_DAYS_AGO, HOLDS_FOR = timedelta(days=12), timedelta(days=180)


def delegate(*, now, today):
    """The head of สตม. has delegated this year's agreements to the deputy; once only."""
    post = head_post(OrgUnit.objects.get(code=CODE))
    delegated = Appointment.objects.filter(post=post, capacity=Appointment.Capacity.DELEGATED)
    if delegated.exists():
        return
    since = today - GIVEN_DAYS_AGO
    giver = User.objects.get(username=GIVER)
    appoint_over(
        post,
        User.objects.get(username=TAKER),
        capacity=Appointment.Capacity.DELEGATED,
        delegated_by=giver,
        since=since,
        until=today + HOLDS_FOR,
        order_number=f"สตม. 198/{be_year(since)}",
        order_date=since,
        order_by=giver.full_name_with_rank,
        scope=Appointment.Scope.YEAR,
        fiscal_year=FiscalYear.objects.current(on=today),
        by=giver,
        at=now,
    )
