"""What stood in the database before the year's end was added is there afterwards, and means what it meant.

Made by today's code, taken back to the schema before (which is the way back, too), and brought forward again.
"""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from acts.models import Entry
from agreements.models import Agreement
from agreements.stages import Pen, Stage
from fiscal.models import FiscalYear
from results.models import Appeal, Evaluation, Evidence, Report, ReportingRound, Result
from results.penalties import penalties
from tests.world import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
BEFORE = [
    ("results", "0004_criteria_of_the_round"),
    ("agreements", "0017_amended_to"),
    ("fiscal", "0003_due_by_level_and_workday"),
]
D1 = "2570-IMM-D1"


@pytest.fixture
def back():
    """back() → the models of before; the schema of today comes back after the test, whatever happened."""

    def go(to=BEFORE):
        executor = MigrationExecutor(connection)
        return executor.migrate(to).apps

    yield go
    forward()


def forward():
    """Bring it to today's schema, as an upgrade does: with what is armed after every migration."""
    call_command("migrate", verbosity=0, interactive=False)


def unreleased(agreement):
    """As it stood before: the scores released by closing, no days to appeal."""
    Agreement.objects.filter(pk=agreement.pk).update(stage=Stage.CLOSED, pen=Pen.NOBODY)
    Appeal.objects.filter(evaluation__report__agreement=agreement).delete()


def test_rounds_close_when_they_were_due_and_cost_nothing_and_years_have_their_days_to_appeal(back):
    world = build()
    FiscalYear.objects.update(appeal_days=30)
    world.agreement(Stage.ASSESSMENT)
    kept = {each.position: each.due_on for each in ReportingRound.objects.all()}

    before = back()
    older = before.get_model("results", "ReportingRound").objects.get(position=max(kept))
    year = older.fiscal_year
    made = {"name": "รอบพิเศษ", "position": 9, "opens_on": date(2027, 1, 1), "due_on": date(2027, 1, 31)}
    before.get_model("results", "ReportingRound").objects.create(fiscal_year=year, **made)
    assert not hasattr(older, "closes_on")
    forward()

    rounds = {each.position: each for each in ReportingRound.objects.all()}
    assert {place: each.due_on for place, each in rounds.items()} == kept | {9: date(2027, 1, 31)}
    for each in rounds.values():
        assert (each.closes_on, each.grace_until, each.data_until, each.penalty) == (each.due_on, None, None, 0)
    assert set(FiscalYear.objects.values_list("appeal_days", flat=True)) == {15}
    # From here on the database works it out again.
    ReportingRound.objects.filter(position=9).update(grace_until=date(2030, 1, 31))
    assert ReportingRound.objects.get(position=9).closes_on == date(2030, 1, 31)
    with pytest.raises(IntegrityError):
        ReportingRound.objects.filter(position=9).update(penalty=6)


def test_a_report_was_sent_when_the_log_says_so_first_else_since_when_it_stands(back):
    world = build()
    sent = world.agreement(Stage.ASSESSMENT, Pen.HEAD).reports.get()
    drafted = world.agreement(Stage.ASSESSMENT, code="IMM-D2").reports.get()
    imported = world.agreement(Stage.ASSESSMENT, code="IMM")
    at = Entry.objects.get(act="report.send", object_id=str(sent.pk)).at
    assert sent.sent_at == at

    before = back()
    # It stands as certified by a time of its own, later than the log's; and of another the log says nothing.
    kept = before.get_model("results", "Report").objects
    kept.filter(pk=sent.pk).update(stage="certified", stage_since=world.at())
    kept.filter(agreement_id=imported.pk).update(stage="accepted", stage_since=world.at())
    forward()

    assert Report.objects.get(pk=sent.pk).sent_at == at
    assert Report.objects.get(pk=drafted.pk).sent_at is None
    assert Report.objects.get(agreement=imported).sent_at == world.at()
    assert {each.given_until for each in Report.objects.all()} == {None}
    assert penalties(Agreement.objects.for_detail().get(pk=sent.agreement_id)) == ()


def test_what_was_being_evaluated_keeps_what_it_said_and_goes_on_to_be_released_and_appealed(back):
    world = build()
    walk = world.walk()
    agreement = walk.to(Stage.EVALUATION, Pen.SUPERIOR)
    said = list(Result.objects.order_by("pk").values_list("pk", "value", "narrative"))
    files = list(Evidence.objects.order_by("pk").values_list("pk", "name", "sha256", "proves"))
    assert files
    back()
    forward()

    assert list(Result.objects.order_by("pk").values_list("pk", "value", "narrative")) == said
    assert list(Evidence.objects.order_by("pk").values_list("pk", "name", "sha256", "proves")) == files
    assert set(Evidence.objects.values_list("level", "dated_on")) == {(None, None)}
    assert set(Result.objects.values_list("expected", "outlook")) == {(None, "")}
    walk.agreement = Agreement.objects.for_detail().get(pk=agreement.pk)
    assert (walk.agreement.stage, walk.agreement.pen) == (Stage.EVALUATION, Pen.SUPERIOR)
    walk.release()
    assert walk.agreement.stage == Stage.APPEAL
    assert Appeal.objects.get().lines.count() == agreement.lines.count()
    assert Evaluation.objects.get().appeal_until is not None


def test_what_was_closed_before_stays_closed_with_its_scores_and_says_that_it_is(back, client):
    world = build()
    agreement = world.agreement(Stage.CLOSED, Pen.NOBODY)
    frozen = list(agreement.snapshots.filter(purpose="scores").values_list("sha256", flat=True))
    unreleased(agreement)
    back()
    forward()

    found = Agreement.objects.get(pk=agreement.pk)
    assert found.stage == Stage.CLOSED
    assert list(found.snapshots.filter(purpose="scores").values_list("sha256", flat=True)) == frozen
    assert (Appeal.objects.count(), Evaluation.objects.get().appeal_until) == (0, None)
    client.force_login(world.people.staff)
    for page in ("", "evaluation/", "reports/3/", "history/"):
        assert client.get(f"/agreements/{D1}/{page}").status_code == 200
    answer = client.get(f"/agreements/{D1}/appeal/")
    assert answer.status_code == 403
    assert "ปิดคำรับรองแล้ว" in answer.content.decode()
    # What is append-only is so again.
    for rows, change in ((found.snapshots, {"sha256": "0" * 64}), (Entry.objects, {"text": "อื่น"})):
        with pytest.raises(DatabaseError, match="append-only"):
            rows.update(**change)


def test_objections_from_before_there_were_files_have_none(back):
    world = build()
    walk = world.walk()
    walk.to(Stage.APPEAL, Pen.HEAD)
    walk.object_to_scores()
    back([("results", "0010_people_and_levels")])
    forward()

    found = Appeal.objects.get().lines.first()
    assert (found.files, bool(found.objection)) == ([], True)


def test_there_is_no_way_back_while_an_agreement_is_in_its_days_to_appeal(back):
    """The stage has no name there: it is refused, and not written over."""
    world = build()
    agreement = world.agreement(Stage.APPEAL, Pen.HEAD)

    with pytest.raises(IntegrityError):
        back()
    forward()
    assert Agreement.objects.get(pk=agreement.pk).stage == Stage.APPEAL
