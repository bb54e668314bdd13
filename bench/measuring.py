"""What a page of the list of agreements costs its reader, beside the same page by known ids, in one run.

Each pair is measured in turns, so that whatever else the machine does falls on both alike; the ratio is that of the
medians. What a person was given (their reach) is known to both, as it is to every page.
"""

from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter

from django.core.paginator import Paginator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from agreements.models import Agreement
from desk.inbox import with_turns
from desk.listing import BY_YEAR_AND_TREE, Listing
from desk.views.listing import ON_A_PAGE
from orgunits.models import HEADQUARTERS, UnitUserGrant
from orgunits.roles import Role

WARMED_BY = 3
SEQUENTIAL = "Seq Scan on agreements_agreement"


@dataclass(frozen=True)
class Measured:
    """One reader's page: how many rows, milliseconds of both ways, the plans of the queries that choose its rows."""

    reader: str
    rows: int
    visible: float
    known: float
    plans: tuple[str, ...] = ()

    @property
    def ratio(self):
        return self.visible / self.known

    def as_row(self):
        return asdict(self) | {"ratio": self.ratio, "sequential": any(SEQUENTIAL in plan for plan in self.plans)}


def readers():
    """(who, the person): of the lowest units, of a command, and the two who see the whole tree."""
    command = UnitUserGrant.objects.filter(content_object__tier=2).order_by("content_object__lft")
    middle = command[command.count() // 2].content_object
    leaf = UnitUserGrant.objects.filter(content_object__parent__tier=3).order_by("pk").first()
    yield "leaf: planning staff of a station", leaf.user
    yield "command: its negotiator", _holder(Role.NEGOTIATOR, middle.code)
    yield "whole tree, from submission on: planning office", _holder(Role.PLANNER, HEADQUARTERS)
    yield "whole tree: auditor", _holder(Role.AUDITOR, HEADQUARTERS)


def _holder(role, code):
    held = UnitUserGrant.objects.filter(permission__codename=role, content_object__code=code)
    return User.objects.get(pk=held.first().user_id)


def measure(name, reader, *, at, repetitions):
    """Measured: the first page of the reader's list."""
    rows, plans = _with_plans(lambda: _page(reader, at))
    ids = [row.pk for row in rows]
    if [row.pk for row in _by_ids(ids, reader, at)] != ids:
        raise AssertionError("The two ways don't give the same page.")
    visible, known = _in_turns(lambda: _page(reader, at), lambda: _by_ids(ids, reader, at), repetitions)
    return Measured(name, len(ids), visible, known, plans)


def _page(reader, at):
    """As desk.views.listing asks for it: counted, the rows chosen, and read."""
    return list(Paginator(Listing(reader, {}, at=at), ON_A_PAGE).get_page(1).object_list)


def _by_ids(ids, reader, at):
    return list(with_turns(Agreement.objects.filter(pk__in=ids), reader, at).order_by(*BY_YEAR_AND_TREE))


def _in_turns(one, other, repetitions):
    """The median milliseconds of two calls, each run so often, one after the other."""
    times = [], []
    for turn in range(WARMED_BY + repetitions):
        for call, spent in zip((one, other), times, strict=True):
            began = perf_counter()
            call()
            if turn >= WARMED_BY:
                spent.append((perf_counter() - began) * 1000)
    return median(times[0]), median(times[1])


def _with_plans(call):
    """(what the call gives, PostgreSQL's plan of each of its queries about agreements); no plans on SQLite."""
    with CaptureQueriesContext(connection) as captured:
        given = call()
    asked = [query["sql"] for query in captured if 'FROM "agreements_agreement"' in query["sql"]]
    return given, tuple(_plan(sql) for sql in asked) if connection.vendor == "postgresql" else ()


def _plan(sql):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) " + sql)
        return "\n".join(row[0] for row in cursor.fetchall())
