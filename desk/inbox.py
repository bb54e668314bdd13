"""งานของฉัน: what waits for a person, and what they wait for; for the whole list at once."""

from dataclasses import dataclass

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from agreements.models import Agreement
from agreements.stages import Stage
from agreements.standing import awaiting, taking_part
from desk.turn import Turn, turn_of
from results.models import Report
from workflow.models import Offer, Side, SigningRefusal

# More than this is looked through in the list of agreements, which can be leafed and filtered.
SHOWN_AT_MOST = 50


@dataclass(frozen=True)
class Task:
    """An agreement on the desk, with the turn that it is at."""

    agreement: Agreement
    turn: Turn


def inbox(user, at):
    """(what waits for the person, what they wait for): Tasks, the most urgent first."""
    on = timezone.localdate(at)
    open_ones = Agreement.objects.filter(taking_part(user, at)).exclude(stage=Stage.CLOSED)
    found = list(with_turns(open_ones, user, at).order_by("-mine", "pen_since")[: 2 * SHOWN_AT_MOST])
    urgent = sorted(
        as_tasks(found, on=on), key=lambda task: (task.turn.due is None, task.turn.due or on, task.turn.since)
    )
    mine = [task for task in urgent if task.agreement.mine]
    theirs = [task for task in urgent if not task.agreement.mine]
    return mine[:SHOWN_AT_MOST], theirs[:SHOWN_AT_MOST]


def with_turns(agreements, user, at):
    """The queryset with all that `as_tasks` reads; `mine`: is it the person's turn; `reads`: may they read the text?"""
    reports = Prefetch("reports", Report.objects.select_related("round"))
    mine = ExpressionWrapper(awaiting(user, at), BooleanField())
    offers = {f"open_offers_{side}": _open_offers(side) for side in Side.values}
    shown = agreements.for_list().with_reading(user, at).annotate(mine=mine, **offers, **_refusal())
    return shown.prefetch_related("fiscal_year__deadlines", reports)


def _open_offers(side):
    """How many offers of `side` nobody has answered, as a subquery: a join would count them once for each other row."""
    rows = Offer.objects.filter(line__agreement=OuterRef("pk"), state=Offer.State.OPEN, side=side)
    return Coalesce(Subquery(rows.values("line__agreement").annotate(count=Count("pk")).values("count")), 0)


def _refusal():
    """Who refused last to sign, and why, as subqueries: told while the agreement is in the formal round."""
    rows = SigningRefusal.objects.filter(snapshot__agreement=OuterRef("pk")).order_by("-pk")
    said = {"refused_by": "name", "refused_why": "reason"}
    return {
        alias: Case(
            When(stage=Stage.FORMAL, then=Subquery(rows.values(column)[:1])),
            default=Value(""),
            output_field=TextField(),
        )
        for alias, column in said.items()
    }


def as_tasks(agreements, *, on):
    """Agreements of `with_turns` as Tasks; a closed one is at nobody's turn."""
    return [
        Task(each, turn_of(each, on=on, offers=_offers(each), refusal=(each.refused_by, each.refused_why)))
        for each in agreements
    ]


def _offers(agreement):
    return {side: getattr(agreement, f"open_offers_{side}") for side in Side.values}
