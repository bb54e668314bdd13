"""What each page costs in queries, as literal numbers: the same however much there is.

The session and the person are two of them, what the person may do two, the rail one or two. A session is written once a
minute (accounts.idle), which costs three more; the pages are opened within that minute. Pages with more than 15 belong
to who holds the pen: beside each move they tell what is still missing for it.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from acts.models import Entry, PublishedHead
from agreements.mandates import push
from agreements.models import ActionPlan, Agreement, AppointmentAgreement, Document, Line, Snapshot
from agreements.stages import Pen, Stage
from indicators.models import Sheet, SheetVersion
from orgunits.models import Appointment, OrgUnit, Post
from orgunits.tree import plant
from results.incentive_terms import USUAL
from results.models import Scheme
from tests import shelf
from tests.desk.asking import address, headers, query
from tests.desk.scene import FURNISHED, with_documents
from tests.desk.verdict_table import TURNS
from tests.results.rewarded import begun, closed, decided, many_closed, moved, set_to
from workflow.models import Comment, Offer, Reading

D1 = "2570-IMM-D1"
# Lists cost no more than this; a page that judges the moves of who holds the pen may cost six more.
AT_MOST = 15
HOME, AGREEMENTS, HISTORY, DOCUMENTS, WEIGHTS, COMMENTS, NEGOTIATION = OF_AGREEMENTS = 12, 11, 12, 13, 12, 14, 15
LOG_HEADS, POSTS, AUTHORITY, LIBRARY, ANSWERED, SHEETS_TO_TAKE, SITTING = OTHERS = 4, 12, 13, 8, 9, 13, 11
SCHEMES = {"incentives": 7, "public_incentives": 4}
# Stage → {page of a year's incentives: queries}
INCENTIVES = {
    "draft": {"incentive": 11, "incentive_terms": 8, "decide_incentives": 15},
    "decided": {"incentive": 9},
    "published": {"incentive": 9, "public_incentive": 5},
}
LISTS = OF_AGREEMENTS + OTHERS + tuple(cost for costs in (SCHEMES, *INCENTIVES.values()) for cost in costs.values())

# (turn, who) → {route: queries}; a page whose cost doesn't hang on the turn stands once.
PAGES = {
    ("draft", "staff"): {
        "agreement": 16,
        "plan": 15,
        "line": 20,
        "weights": 14,
        "add_line": 15,
        "history": 16,
        "why": 16,
        "remove_line": 15,
        "profile": 13,
        "change_password": 6,
    },
    ("draft", "auditor"): {
        "agreement": 14,
        "plan": 12,
        "line": 13,
        "weights": 12,
        "history": 12,
        "negotiation": 14,
        "documents": 11,
        "comments": 12,
        "why": 12,
        "agreements": 11,
        "overview": 8,
        "unit_overview": 8,
        "years": 7,
        "search": 8,
    },
    ("draft", "administrator"): {
        "people": 11,
        "person": 15,
        "add_person": 8,
        "edit_person": 11,
    },
    ("informal", "negotiator"): {
        "home": 12,
        "agreement": 18,
        "negotiation": 19,
        "comments": 19,
        "comment": 20,
        "agenda": 18,
        "questions": 19,
        "meetings": 19,
        "offer": 19,
        "documents": 20,
        "history": 19,
        "plan": 19,
    },
    ("formal", "negotiator"): {
        "minutes": 18,
        "agenda": 17,
    },
    ("formal.office", "office"): {
        "agreement": 18,
        "negotiation": 19,
        "minutes": 19,
    },
    ("signing", "head"): {
        "signing": 20,
        "read_to_sign": 19,
        "agreement": 18,
        "refuse_to_sign": 14,
        "documents": 17,
    },
    ("assessment", "staff"): {
        "report": 17,
        "report_working": 16,
        "forecast": 17,
        "result": 17,
        "results_excel": 16,
        "agreement": 19,
        "line": 19,
        "history": 18,
        "amendments": 13,
        "amendment": 20,
        "amend_line": 18,
    },
    ("evaluation", "evaluator"): {
        "evaluation": 20,
        "evaluation_working": 19,
        "add_visit": 11,
        "visit": 13,
        "forecast": 18,
        "result": 20,
        "finding_score": 13,
        "agreement": 20,
        "report": 18,
    },
    ("appeal", "head"): {
        "appeal": 17,
        "agreement": 19,
        "evaluation": 21,
        "exclusions": 15,
    },
    ("appeal.evaluator", "evaluator"): {
        "appeal": 20,
        "agreement": 19,
    },
    ("closed", "staff"): {
        "redline": 16,
        "concessions": 14,
        "evaluation": 19,
        "evaluation_working": 16,
        "agreement": 17,
        "signing": 20,
        "history": 14,
        "documents": 16,
        "verify_code": 6,
    },
}


def test_no_list_costs_more_than_15_queries_and_no_page_more_than_21():
    assert max(LISTS) <= AT_MOST
    assert max(cost for costs in PAGES.values() for cost in costs.values()) <= AT_MOST + 6


@pytest.mark.parametrize("lines", [6, 25])
@pytest.mark.parametrize(("turn", "who"), PAGES)
def test_a_page_costs_what_the_table_says_however_many_lines_there_are(world, client, turn, who, lines):
    scene = _scene(world, TURNS[turn], lines)
    client.force_login(world.people.get(who))
    client.get(reverse("desk:verify"))

    costs = {route: cost(client, scene, route) for route in PAGES[turn, who]}

    assert costs == PAGES[turn, who]


def _scene(world, turn, lines):
    walk = world.walk()
    _split_first_line(walk, lines - walk.agreement.lines.count() + 1)
    walk.to(*turn)
    FURNISHED.get(turn, lambda walk: None)(walk)
    if lines > 6 and turn[0] == Stage.INFORMAL:
        _negotiate(walk.agreement, world.at())
    return with_documents(walk.agreement)


def _split_first_line(walk, count):
    """The first line as so many, of the same weight together."""
    first = walk.line("1.1")
    Line.objects.filter(pk=first.pk).update(weight=first.weight - count + 1)
    for place in range(count - 1):
        first.pk, first.position, first.weight = None, 20 + place, 1
        first.save(force_insert=True)


def _negotiate(agreement, at):
    """Two offers and thirty comments on each line."""
    current = agreement.rounds.get(closed_at=None)
    said = {"round": current, "side": "counterpart", "made_at": at}
    for line in agreement.lines.all():
        Offer.objects.bulk_create(
            Offer(line=line, field=field, from_value="1", to_value="2", reason="เหตุผล", **said)
            for field in ("target", "level_5")
        )
        Comment.objects.bulk_create(Comment(line=line, text="ขอทราบแหล่งข้อมูล", **said) for _n in range(30))


def cost(client, scene, route):
    """The queries of one page."""
    path, data = address(scene, route), query(scene, route)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path, data, headers=headers(scene, route))
    assert answer.status_code == 200, route
    return len(asked)


# Lists: with one row and with a thousand; those within an agreement as its head reads them, whose turn it isn't.

THOUSAND = 1000


@pytest.fixture(params=[1, THOUSAND])
def rows(request):
    return request.param


def list_cost(client, user, route, *args, **data):
    """(queries, the page) of a list."""
    client.force_login(user)
    client.get(reverse("desk:verify"))
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(reverse(f"desk:{route}", args=args), data)
    assert answer.status_code == 200
    return len(asked), answer


@pytest.fixture
def agreements(world, rows):
    """So many agreements of divisions of สตม., submitted; the pen is with its negotiator."""
    model = world.draft
    new = [OrgUnit(code=f"IMM-X{n}", parent=world.units.imm, tier=3, kind="division", signs_agreement=True,
                   name_th=f"กองกำกับการทดสอบ {n}") for n in range(rows)]  # fmt: skip
    units = plant(new)
    plans = ActionPlan.objects.bulk_create(ActionPlan(unit=unit, fiscal_year=world.year) for unit in units)
    shared = ("fiscal_year", "framework", "rule", "signs_with", "counterpart", "starts_on", "ends_on")
    return Agreement.objects.bulk_create(
        Agreement(
            code=f"2570-{unit.code}",
            unit=unit,
            plan=plan,
            stage=Stage.INFORMAL,
            pen=Pen.NEGOTIATOR,
            stage_since=world.at(),
            **{name: getattr(model, name) for name in shared},
        )
        for unit, plan in zip(units, plans, strict=True)
    )


def test_home(world, client, agreements, rows):
    queries, page = list_cost(client, world.people.negotiator, "home")
    assert (queries, len(page.context["mine"])) == (HOME, min(rows, 50))


def test_the_sitting(world, client, agreements, rows):
    """Every second one is read."""
    Agreement.objects.filter(stage=Stage.INFORMAL).update(stage=Stage.SIGNING, pen=Pen.SUPERIOR)
    texts = Snapshot.objects.bulk_create(
        Snapshot(agreement=each, sequence=1, purpose="to_sign", content="{}", sha256=each.code, taken_at=world.at())
        for each in agreements
    )
    who = world.people.superior
    Reading.objects.bulk_create(Reading(snapshot=each, user_id=who.pk, read_at=world.at()) for each in texts[::2])
    queries, page = list_cost(client, who, "sitting")
    found = page.context["sitting"]
    assert (queries, len(found.all), len(found.ready)) == (SITTING, min(rows, 50), min(rows, 25))


def test_the_list_of_agreements(world, client, agreements, rows):
    queries, page = list_cost(client, world.people.negotiator, "agreements", stage="informal")
    assert (queries, len(page.context["tasks"])) == (AGREEMENTS, min(rows, 25))


def test_the_history(world, client, rows):
    draft = world.draft
    at, last = datetime(2026, 10, 1, tzinfo=UTC), Entry.objects.last().sequence
    Entry.objects.bulk_create(
        Entry(
            sequence=last + n,
            at=at + timedelta(minutes=n),
            actor_text="",
            act="write",
            object_kind="agreements.agreement",
            object_id=draft.pk,
            object_text="",
            change='{"weight":["1","2"]}',
            text="ตัวชี้วัด",
            previous_hash=f"a{n}",
            own_hash=f"b{n}",
        )
        for n in range(1, rows + 1)
    )
    queries, page = list_cost(client, world.people.auditor, "history", D1)
    assert (queries, len(page.context["page"])) == (HISTORY, min(rows + 1, 25))


def test_the_documents(world, client, rows):
    draft = world.draft
    snapshots = Snapshot.objects.bulk_create(
        Snapshot(agreement=draft, sequence=n, purpose="offered", content="{}", sha256=f"{n:064}", taken_at=world.at())
        for n in range(1, rows + 1)
    )
    Document.objects.bulk_create(
        Document(
            snapshot=snapshot,
            kind="proof",
            code=snapshot.sha256[-32:],
            certificate={"draft": True},
            asked_at=world.at(),
        )
        for snapshot in snapshots
    )
    queries, page = list_cost(client, world.people.auditor, "documents", D1)
    assert (queries, len(page.context["papers"])) == (DOCUMENTS, min(rows, 25))


def test_the_weights(world, client, rows):
    draft = world.empty_draft()
    dimension = draft.framework.dimensions.first()
    Line.objects.bulk_create(Line(agreement=draft, dimension=dimension, position=n) for n in range(rows))
    queries, page = list_cost(client, world.people.auditor, "weights", D1)
    assert (queries, len(page.context["form"].numbered)) == (WEIGHTS, rows)


@pytest.fixture
def spoken_of(world, rows):
    """An agreement in negotiation with so many comments on one line and on the whole."""
    walk = world.walk()
    walk.to("informal", "negotiator")
    current, line = walk.agreement.rounds.get(), walk.line("1.1")
    said = {"round": current, "side": "counterpart", "made_at": world.at(), "text": "ขอทราบแหล่งข้อมูล"}
    Comment.objects.bulk_create(Comment(line=about, **said) for about in (line, None) for _n in range(rows))
    return line


def test_comments(world, client, spoken_of, rows):
    queries, page = list_cost(client, world.people.auditor, "comments", D1)
    assert (queries, len(page.context["said"])) == (COMMENTS, min(2 * rows, 25))
    of_the_line = client.get(reverse("desk:comments", args=[D1]), {"line": spoken_of.pk, "page": "2"})
    assert of_the_line.context["page"].paginator.count == rows


def test_the_negotiation(world, client, spoken_of, rows):
    queries, page = list_cost(client, world.people.auditor, "negotiation", D1)
    table = page.context["bargain"]
    assert (queries, len(table.general), len(table.spoken[0].comments)) == (NEGOTIATION, min(rows, 5), min(rows, 5))
    assert (table.all_general or {}).get("count", 0) == (rows if rows > 5 else 0)


def test_the_published_heads_of_the_log(world, client, rows):
    first = datetime(2020, 1, 1, tzinfo=UTC)
    PublishedHead.objects.bulk_create(
        PublishedHead(day=(first + timedelta(days=n)).date(), sequence=n, own_hash="a" * 64, published_at=first)
        for n in range(rows)
    )
    queries, page = list_cost(client, world.people.staff, "log_heads")
    assert (queries, len(page.context["page"])) == (LOG_HEADS, min(rows, 25))


@pytest.fixture
def appointed(world, rows):
    """So many appointments to the head's post of a division of every kind: whole, of a year, by name, delegated."""
    agreement, post = world.draft, Post.objects.get(unit=world.units.imm_d1, kind=Post.Kind.HEAD)
    head, since, kinds = world.people.head, world.at().date(), Appointment.Capacity
    users = User.objects.bulk_create(
        User(username=f"u{n}", first_name=f"ก{n}", last_name="ข", prefix="นาย") for n in range(3 * rows)
    )
    scopes = {0: {}, 1: {"scope": "year", "fiscal_year": world.year}, 2: {"scope": "named"}}
    held = Appointment.objects.bulk_create(
        Appointment(post=post, user=user, since=since, order_number=f"{n}/2569", order_date=since,
                    **scopes[n % 3], **({"capacity": kinds.DELEGATED, "delegated_by": head} if n % 2 else {"capacity": kinds.ACTING}))
        for n, user in enumerate(users)
    )  # fmt: skip
    AppointmentAgreement.objects.bulk_create(
        AppointmentAgreement(appointment=each, agreement=agreement) for each in held if each.scope == "named"
    )
    return held


def test_the_posts_of_a_unit(world, client, appointed, rows):
    queries, page = list_cost(client, world.people.administrator, "unit_posts", "IMM-D1")
    assert (queries, len(page.context["posts"][0].now)) == (POSTS, 3 * rows + 1)


def test_who_could_sign(world, client, appointed, rows):
    queries, page = list_cost(client, world.people.auditor, "authority", D1, on=f"{world.at():%Y-%m-%d}")
    places = page.context["places"]
    assert (queries, len(places[0]["able"])) == (AUTHORITY, 3 * rows + 1)


@pytest.fixture
def shelved(world, rows):
    """So many sheets in the library."""
    sheets = Sheet.objects.bulk_create(
        Sheet(code=f"RTP-{n}", owner=world.units.rtp, source="mission") for n in range(rows)
    )
    versions = SheetVersion.objects.bulk_create(
        SheetVersion(sheet=sheet, number=1, name=f"ตัวชี้วัดที่ {sheet.code}", published_at=world.at()) for sheet in sheets
    )
    for sheet, version in zip(sheets, versions, strict=True):
        sheet.current = version
    Sheet.objects.bulk_update(sheets, ["current"])
    return sheets


def test_the_library(world, client, shelved, rows):
    queries, page = list_cost(client, world.people.stranger, "library", q="ตัวชี้วัดที่")
    assert (queries, len(page.context["rows"])) == (LIBRARY, min(rows, 25))


def test_the_sheets_that_can_be_taken(world, client, shelved, rows):
    world.empty_draft()
    queries, page = list_cost(client, world.people.auditor, "take_sheet", D1)
    assert (queries, len(page.context["rows"])) == (SHEETS_TO_TAKE, min(rows, 25))


def test_what_units_answered(world, client, agreements, rows):
    sheet = shelf.put(world)
    pushed = push(sheet, world.year, tiers=(3,), dimension=1, by=world.people.planner, at=world.at())
    shelf.change(world, sheet, definition="ใหม่")
    queries, page = list_cost(client, world.people.planner, "sheet_answers", "RTP-01")
    assert (queries, page.context["total"], len(page.context["page"])) == (ANSWERED, pushed.added, min(rows + 1, 50))


# Incentives: of as many years and units; of a year with as many units


@pytest.fixture
def schemes(world, rows):
    """As many commands, each with incentives that are announced."""
    new = [OrgUnit(code=f"X{n}", parent=world.units.rtp, tier=2, kind="bureau", name_th=f"กองบัญชาการ {n}")
           for n in range(rows)]  # fmt: skip
    told = {"stage": "published", "stage_since": world.at(), "published_at": world.at()}
    Scheme.objects.bulk_create(Scheme(fiscal_year=world.year, unit=unit, **USUAL, **told) for unit in plant(new))


@pytest.mark.parametrize(("route", "who"), [("incentives", "planner"), ("public_incentives", "auditor")])
def test_the_incentives_of_years(world, client, schemes, rows, route, who):
    queries, page = list_cost(client, world.people.get(who), route)
    assert (queries, len(page.context["rows"])) == (SCHEMES[route], min(rows, 25))


@pytest.mark.parametrize("units", [1, 100])
def test_the_incentives_of_a_year(world, client, units):
    many_closed(world, units - 1)
    scheme, found = begun(world), {}
    found["draft"] = incentive_costs(world, client, "draft", units)
    scheme = decided(scheme, world)
    found["decided"] = incentive_costs(world, client, "decided", units)
    moved(scheme, "publish", world)
    found["published"] = incentive_costs(world, client, "published", units)
    assert found == INCENTIVES


def incentive_costs(world, client, stage, units):
    """{page: queries} at a stage; each lists all units."""
    costs = {}
    for route in INCENTIVES[stage]:
        costs[route], page = list_cost(client, world.people.planner, route, 2570, "IMM")
        assert len(page.context["form"].agreements if route == "incentive_terms" else page.context["rows"]) == units
    return costs


@pytest.mark.parametrize("schemes", [0, 1, 2])
def test_letters_cost_a_closed_agreement_s_home_one_query(world, client, schemes):
    """None are asked for before it is closed."""
    closed(world)
    for unit in ("IMM", "RTP")[:schemes]:
        decided(set_to(begun(world, unit), world, level=3), world)
    queries, page = list_cost(client, world.people.staff, "agreement", D1)
    assert (queries, len(page.context["letters"])) == (PAGES["closed", "staff"]["agreement"], schemes)
