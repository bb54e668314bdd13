"""Acts about results at the same moment, on both databases: one wins or one waits for the other; each with its control."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.db.models import Q

from acts import engine, log
from acts.engine import AlreadyDone, Conflict, Refused
from acts.idempotency import new_key
from acts.log import first_fault
from acts.models import Entry
from acts.versions import Stale
from agreements.models import Agreement
from agreements.stages import Pen, Stage
from results import exclude as excluding
from results import giving_time, visits
from results.appeal import save_objections
from results.appeal_files import add_file
from results.appeal_rules import appeal_of
from results.evidence import NotEvidence
from results.exclude import exclude, restore
from results.giving_time import end_time, give_time
from results.models import Appeal, AppealLine, Exclusion, Report, TimeGiven, Visit
from results.rules import evaluation_of
from results.visits import save_visit
from tests.results.files import picture
from tests.results.test_giving_time import CLOSED, UNTIL, report  # noqa: F401  a fixture
from tests.workflow.test_many_at_once import making

HANDS = 4
pytestmark = pytest.mark.django_db(transaction=True)
# With IMMEDIATE a transaction on SQLite is alone from its first statement: a lock that is removed isn't missed there.
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")


def kinds(answers):
    return sorted(type(each).__name__ for each in answers)


def nothing_is_wrong_with_the_log():
    return first_fault(Entry.objects.all()) is None


def without_the_hold(monkeypatch):
    """Who writes no longer holds the agreement's row."""
    monkeypatch.setattr(Agreement.objects, "select_for_update", Agreement.objects.all)


def together(hands, real):
    """`real`, after which each of so many waits for the others: whoever is let in judges on the same state."""
    gate = threading.Barrier(hands)

    def judged_then_waiting(*given, **more):
        answer = real(*given, **more)
        gate.wait(timeout=10)
        return answer

    return judged_then_waiting


# A line out of the total, and back


@pytest.fixture
def evaluation(world):
    return evaluation_of(world.agreement(Stage.EVALUATION, Pen.EVALUATOR))


def taking_out(world, evaluation, key, to=None):
    said = {"reason": "ยกเลิกโครงการ", "order_number": "ตร. 12/2570"}
    return partial(exclude, evaluation, key, to=to, **said, actor=world.people.planner, at=world.at())


def keys_of(evaluation):
    return [each.line_id for each in evaluation.findings.all()]


def test_of_many_who_take_a_line_out_one_does_and_the_others_read_why(world, at_once, evaluation):
    answers = at_once(*[taking_out(world, evaluation, keys_of(evaluation)[-1])] * HANDS)

    assert kinds(answers) == ["Exclusion"] + ["Refused"] * (HANDS - 1), answers
    assert Entry.objects.filter(act="exclude_line").count() == 1
    assert nothing_is_wrong_with_the_log()


def test_control_unjudged_the_database_still_takes_one_and_nobody_reads_why(world, at_once, evaluation, monkeypatch):
    monkeypatch.setattr(excluding, "problem", lambda *given: "")
    answers = at_once(*[taking_out(world, evaluation, keys_of(evaluation)[-1])] * HANDS)

    assert sum(isinstance(each, IntegrityError) for each in answers) == HANDS - 1, answers
    assert Exclusion.objects.count() == 1


def crossing(world, evaluation):
    """The last line's weight goes to the first one, while the first one is taken out itself."""
    first, *_others, last = keys_of(evaluation)
    return taking_out(world, evaluation, last, first), taking_out(world, evaluation, first)


def test_no_weight_goes_to_a_line_that_is_taken_out_at_the_same_moment(world, at_once, evaluation):
    answers = at_once(*crossing(world, evaluation))

    assert kinds(answers) == ["Exclusion", "Refused"], answers
    assert Exclusion.objects.count() == 1


@on_postgresql
def test_control_without_the_hold_a_weight_goes_to_a_line_that_is_out(world, at_once, evaluation, monkeypatch):
    without_the_hold(monkeypatch)
    monkeypatch.setattr(excluding, "problem", together(2, excluding.problem))
    answers = at_once(*crossing(world, evaluation))

    assert kinds(answers) == ["Exclusion", "Exclusion"], answers


def putting_back(world, made):
    return partial(restore, made, reason="มติเปลี่ยนแปลง", actor=world.people.planner, at=world.at())


def test_of_many_who_put_it_back_one_does(world, at_once, evaluation):
    made = taking_out(world, evaluation, keys_of(evaluation)[-1])()
    answers = at_once(*[putting_back(world, made)] * HANDS)

    assert kinds(answers) == ["NoneType"] + ["Refused"] * (HANDS - 1), answers
    assert Entry.objects.filter(act="restore_line").count() == 1


def test_control_without_asking_whether_it_stands_each_puts_it_back(world, at_once, evaluation, monkeypatch):
    made = taking_out(world, evaluation, keys_of(evaluation)[-1])()
    real = Exclusion.objects.filter
    monkeypatch.setattr(Exclusion.objects, "filter", lambda **which: real(pk=which["pk"]))
    at_once(*[putting_back(world, made)] * HANDS)

    assert Entry.objects.filter(act="restore_line").count() == HANDS


# The head accepts in one tab and appeals in the other


@pytest.fixture
def released(world):
    walk = world.walk()
    walk.to(Stage.APPEAL, Pen.HEAD)
    walk.object_to_scores()
    return walk


def both_ways(released, world):
    given = released.agreement, world.people.head, released.diary.now
    return [making(given[0], name, *given[1:]) for name in ("accept_scores", "lodge_appeal")]


def where_it_stands(agreement):
    return Agreement.objects.get(pk=agreement.pk).stage, Appeal.objects.get().stage


def test_who_accepts_and_appeals_at_once_does_one_of_them(world, at_once, released):
    answers = at_once(*both_ways(released, world))

    assert kinds(answers) == ["Agreement", "Conflict"], answers
    assert where_it_stands(released.agreement) in {("closed", "draft"), ("appeal", "lodged")}
    assert nothing_is_wrong_with_the_log()


def test_control_without_the_predicate_nobody_is_told_that_they_came_second(world, at_once, released, monkeypatch):
    monkeypatch.setattr(engine, "unmoved", lambda step, version: Q())
    answers = at_once(*both_ways(released, world))

    assert "Conflict" not in kinds(answers), answers


def test_control_unjudged_as_well_only_the_database_is_left(world, at_once, released, monkeypatch):
    """Both happen, or a constraint answers where the accepted one came first: a closed agreement is in nobody's hand."""
    monkeypatch.setattr(engine, "unmoved", lambda step, version: Q())
    monkeypatch.setattr(engine, "_judge", lambda *given: None)
    answers = at_once(*both_ways(released, world))

    assert kinds(answers) in (["Agreement", "Agreement"], ["Agreement", "IntegrityError"]), answers


def writing_on(released, world, version=None):
    line = AppealLine.objects.last()
    given = [(line, {"objection": "เพิ่มเติม"}, line.version)]
    by = {"actor": world.people.staff, "at": released.diary.now}
    return partial(save_objections, appeal_of(released.agreement), given, **by)


def test_an_objection_is_in_what_is_lodged_or_its_writer_is_told(world, at_once, released):
    lodge = both_ways(released, world)[1]
    written, lodged = at_once(writing_on(released, world), lodge)

    assert isinstance(lodged, Agreement), lodged
    said = list(Entry.objects.filter(act__in=("object", "agreement.lodge_appeal")).values_list("act", flat=True))
    if isinstance(written, Refused):
        assert not AppealLine.objects.last().objection
    else:
        assert written is None
        assert said.index("agreement.lodge_appeal") > max(place for place, act in enumerate(said) if act == "object")


# Files of one objection


def attaching(released, world, contents):
    line, by = AppealLine.objects.first(), {"actor": world.people.staff, "at": released.diary.now}
    files = [SimpleUploadedFile(f"{place}.png", content) for place, content in enumerate(contents)]
    return [partial(add_file, line, each, proves="", **by) for each in files]


def test_files_that_are_attached_at_once_are_all_kept(world, at_once, released):
    contents = [picture(size=(9, 9 + place)) for place in range(HANDS)]
    answers = at_once(*attaching(released, world, contents))

    assert answers == [None] * HANDS
    assert sorted(each["name"] for each in AppealLine.objects.first().files) == [f"{n}.png" for n in range(HANDS)]


@on_postgresql
def test_control_without_the_hold_files_are_lost(world, at_once, released, monkeypatch):
    from results import appeal_files

    without_the_hold(monkeypatch)
    monkeypatch.setattr(
        appeal_files, "_refuse_twice_or_too_many", together(HANDS, appeal_files._refuse_twice_or_too_many)
    )
    at_once(*attaching(released, world, [picture(size=(9, 9 + place)) for place in range(HANDS)]))

    assert len(AppealLine.objects.first().files) == 1


def test_the_same_file_attached_at_once_is_kept_once(world, at_once, released):
    answers = at_once(*attaching(released, world, [picture()] * HANDS))

    assert kinds(answers) == ["NoneType"] + [NotEvidence.__name__] * (HANDS - 1), answers
    assert len(AppealLine.objects.first().files) == 1


# Time for a report


def giving(world, report, days=0, **more):  # noqa: F811
    said = {"until": UNTIL + timedelta(days=days), "reason": "ระบบข้อมูลกลางปิดปรับปรุง"}
    return partial(give_time, report, **said, **more, actor=world.people.planner, at=CLOSED)


def stands(report):  # noqa: F811
    """(the day that stands for the report, the day by which it is judged)"""
    standing = TimeGiven.objects.filter(report=report, ended_at=None).first()
    return standing and standing.until, Report.objects.get(pk=report.pk).given_until


def test_of_several_days_given_at_once_one_stands_and_the_report_goes_by_it(world, at_once, report):  # noqa: F811
    answers = at_once(*[giving(world, report, days) for days in range(HANDS)])

    assert kinds(answers) == ["TimeGiven"] * HANDS, answers
    assert TimeGiven.objects.filter(ended_at=None).count() == 1
    day, judged_by = stands(report)
    assert day == judged_by
    assert nothing_is_wrong_with_the_log()


def test_control_without_ending_what_was_given_the_database_takes_one(world, at_once, report, monkeypatch):  # noqa: F811
    monkeypatch.setattr(giving_time, "_end", lambda *given, **more: 0)
    answers = at_once(*[giving(world, report, days) for days in range(HANDS)])

    assert sum(isinstance(each, IntegrityError) for each in answers) == HANDS - 1, answers
    assert TimeGiven.objects.count() == 1


def test_of_many_who_end_it_one_does_and_the_others_are_told(world, at_once, report):  # noqa: F811
    given = giving(world, report)()
    answers = at_once(*[partial(end_time, given, actor=world.people.planner, at=CLOSED)] * HANDS)

    assert kinds(answers) == ["Conflict"] * (HANDS - 1) + ["NoneType"], answers
    assert Entry.objects.filter(act="end_time").count() == 1
    assert stands(report) == (None, None)


def test_control_without_asking_whether_it_stands_each_ends_it(world, at_once, report, monkeypatch):  # noqa: F811
    given = giving(world, report)()
    monkeypatch.setattr(giving_time, "_end", lambda *args, **more: 1)
    at_once(*[partial(end_time, given, actor=world.people.planner, at=CLOSED)] * HANDS)

    assert Entry.objects.filter(act="end_time").count() == HANDS


def test_time_that_is_ended_and_given_anew_at_once_leaves_row_and_report_alike(world, at_once, report):  # noqa: F811
    given = giving(world, report)()
    end = partial(end_time, given, actor=world.people.planner, at=CLOSED)
    ended, again = at_once(end, giving(world, report, 3))

    assert isinstance(again, TimeGiven), again
    assert ended is None or isinstance(ended, Conflict), ended
    assert stands(report) == (UNTIL + timedelta(days=3), UNTIL + timedelta(days=3))


def test_control_without_the_day_of_the_report_the_two_differ(world, at_once, report, monkeypatch):  # noqa: F811
    given = giving(world, report)()
    monkeypatch.setattr(giving_time, "_until", lambda *args: None)
    at_once(partial(end_time, given, actor=world.people.planner, at=CLOSED), giving(world, report, 3))

    day, judged_by = stands(report)
    assert day != judged_by


# Visits


TOLD = {"place": "ด่านสะเดา", "people": "พ.ต.ต. วิชัย", "seen": "ระบบคิวใช้งานจริง"}


def recording(world, evaluation, **more):
    values = TOLD | {"visited_on": world.at().date()} | more.pop("values", {})
    return partial(save_visit, evaluation, values, [], **more, actor=world.people.evaluator, at=world.at())


def test_a_form_of_a_visit_sent_many_times_at_once_records_one(world, at_once, evaluation):
    answers = at_once(*[recording(world, evaluation, idempotency=new_key())] * HANDS)

    assert kinds(answers) == [AlreadyDone.__name__] * (HANDS - 1) + ["Visit"], answers
    assert Visit.objects.filter(place="ด่านสะเดา").count() == 1


def test_control_without_the_key_each_records_one(world, at_once, evaluation, monkeypatch):
    monkeypatch.setattr(log.forms_sent, "spend", lambda *given, **more: None)
    at_once(*[recording(world, evaluation, idempotency=new_key())] * HANDS)

    assert Visit.objects.filter(place="ด่านสะเดา").count() == HANDS


def changing(world, evaluation):
    """So many other places for the same visit, from the same page."""
    made = recording(world, evaluation)()
    places = [{"place": f"ด่านที่ {n}"} for n in range(HANDS)]
    return [recording(world, evaluation, values=each, visit=made, version=made.version) for each in places]


def test_of_many_who_change_a_visit_one_does_and_the_others_get_theirs_and_mine(world, at_once, evaluation):
    answers = at_once(*changing(world, evaluation))

    assert kinds(answers) == [Stale.__name__] * (HANDS - 1) + ["Visit"], answers
    assert Entry.objects.filter(act="change_visit").count() == 1


def test_control_with_the_version_of_now_each_writes_over_the_other(world, at_once, evaluation, monkeypatch):
    real = visits.save_seen
    anew = lambda row, changes, *, version: real(row, changes, version=Visit.objects.get(pk=row.pk).version)
    acts = changing(world, evaluation)
    monkeypatch.setattr(visits, "save_seen", anew)
    answers = at_once(*acts)

    assert kinds(answers) == ["Visit"] * HANDS, answers
