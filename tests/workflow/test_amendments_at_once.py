"""Amendments and races, each with its control: what is removed in a control is what the case above it stands on."""

import threading
from functools import partial

import pytest
from django.db import connection
from django.db.models import Q

from acts import engine
from acts.engine import AlreadyDone, Conflict, Refused, StepUp
from acts.idempotency import new_key
from acts.log import first_fault
from acts.models import Entry
from agreements.models import Agreement, Document, Line
from agreements.stages import Stage
from results.models import Report
from results.scores import text_of
from tests.workflow.test_amendment import WHY, Amending, lowered
from tests.workflow.test_many_at_once import making
from workflow import amendment as request
from workflow import amendment_walk, rules
from workflow.amendment import begin, propose
from workflow.models import Amendment, Proposal, Signature
from workflow.rules import hash_to_sign

HANDS = 5
at_the_same_time = pytest.mark.django_db(transaction=True)
# With IMMEDIATE a transaction on SQLite is alone from its first statement: a lock that is removed isn't missed there.
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")


def going(amending, name, who, walk=amendment_walk.go, **facts):
    """The move of that name, ready to be made by the page that is open now."""
    page = {"version": amending.amendment.version, "actor": amending.person(who), "at": amending.at()}
    return partial(walk, amending.amendment, name, **page | facts)


def countersigning(amending):
    who, at = amending.person("superior"), amending.at()
    proof = StepUp(who.pk, at, hash_to_sign(amending.amendment))
    return going(amending, "countersign", "superior", at=at, step_up=proof)


@pytest.fixture
def to_countersign(world):
    amending = Amending(world)
    amending.to_signing(lowered(amending.line))
    amending.confirmed("sign", "head")
    return amending


# Two people, or two tabs, countersign


def one_won(answers, act):
    """One made the act; the others were told, as who answers 409, that they came second; it is on record once."""
    kinds = sorted(type(answer).__name__ for answer in answers)
    told = Entry.objects.filter(act=act, object_kind="workflow.amendment").count()
    return kinds == ["Amendment"] + ["Conflict"] * (len(answers) - 1) and told == 1


@at_the_same_time
def test_of_many_who_countersign_one_does_and_the_lines_change_once(to_countersign, at_once):
    line, before = to_countersign.line, Agreement.objects.get(pk=to_countersign.agreement.pk)
    answers = at_once(*[countersigning(to_countersign)] * HANDS)

    assert one_won(answers, "amendment.countersign"), answers
    amended = Agreement.objects.get(pk=before.pk)
    assert (amended.amended_to_id, amended.version) == (to_countersign.amendment.snapshot_id, before.version + 1)
    assert Line.objects.get(pk=line.pk).version == line.version + 1
    text = {"snapshot": amended.amended_to}
    assert (Signature.objects.filter(**text).count(), Document.objects.filter(**text, kind="signed").count()) == (2, 1)
    assert first_fault(Entry.objects.all()) is None


@at_the_same_time
def test_control_without_the_predicate_the_others_are_not_told_that_they_came_second(
    to_countersign, at_once, monkeypatch
):
    act = countersigning(to_countersign)
    monkeypatch.setattr(engine, "unmoved", lambda step, version: Q())
    answers = at_once(*[act] * HANDS)

    assert not one_won(answers, "amendment.countersign"), answers
    assert Signature.objects.filter(snapshot=to_countersign.amendment.snapshot).count() == 2


# Begun twice


@pytest.fixture
def in_force(world):
    return world.agreement(Stage.ASSESSMENT)


def beginning(world, agreement, **more):
    return partial(begin, agreement, WHY, actor=world.people.staff, at=world.at(), **more)


@at_the_same_time
def test_of_many_who_begin_an_amendment_one_does(world, in_force, at_once):
    answers = at_once(*[beginning(world, in_force)] * HANDS)

    kinds = sorted(type(answer).__name__ for answer in answers)
    assert kinds == ["Amendment"] + ["Conflict"] * (HANDS - 1), answers
    assert [each.number for each in Amendment.objects.all()] == [1]
    assert Entry.objects.filter(act="begin_amendment").count() == 1


@at_the_same_time
def test_control_without_the_constraint_of_the_database_several_are_under_way(world, in_force, at_once):
    constraint = next(each for each in Amendment._meta.constraints if each.name == "one_open_amendment_per_agreement")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Amendment, constraint)
    try:
        at_once(*[beginning(world, in_force)] * HANDS)
        assert Amendment.objects.open().count() >= 2
    finally:
        Amendment.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Amendment, constraint)


@at_the_same_time
def test_the_same_form_begins_one_and_says_so(world, in_force, at_once):
    answers = at_once(*[beginning(world, in_force, idempotency=new_key())] * HANDS)

    assert sum(isinstance(answer, AlreadyDone) for answer in answers) == HANDS - 1, answers
    assert Amendment.objects.count() == 1


# Two proposals for one line


def proposals(amending):
    line, seen = amending.line, {"seen": 0, "actor": amending.person("staff"), "at": amending.at()}
    return [
        partial(propose, amending.amendment, line, {"conditions": text}, reason=f"เหตุผลของ{text}", **seen)
        for text in ("คนแรก", "คนที่สอง")
    ]


@at_the_same_time
def test_of_two_who_propose_for_one_line_the_second_is_told_and_the_first_stands(world, at_once):
    answers = at_once(*proposals(Amending(world)))

    made = [answer for answer in answers if answer == 1]
    assert (len(made), sum(isinstance(answer, Conflict) for answer in answers)) == (1, 1), answers
    assert Proposal.objects.get().to_value == ("คนแรก" if answers[0] == 1 else "คนที่สอง")


@at_the_same_time
def test_control_without_what_the_page_saw_the_first_proposal_is_gone(world, at_once, monkeypatch):
    both = proposals(Amending(world))
    monkeypatch.setattr(request, "last_proposal", lambda *given: 0)
    answers = at_once(*both)

    assert answers == [1, 1]
    assert Proposal.objects.count() == 1  # two were told that theirs is kept


# An amendment against the report of the last round


@pytest.fixture
def last_report(world):
    """The last report is written; it waits to be sent."""
    walk = world.walk()
    walk.to_round(3)
    walk.write_report()
    return walk


def sending(walk):
    return making(walk.agreement, "send_report", walk.people.office, walk.diary.later())


def state(amending):
    report = Report.objects.get(agreement=amending.agreement, round__is_final=True)
    return report.stage, Amendment.objects.get(pk=amending.amendment.pk).stage


@at_the_same_time
def test_while_an_amendment_comes_into_force_the_last_report_is_not_sent_by_the_old_text(world, last_report, at_once):
    amending = Amending(world, last_report)
    amending.to_signing(lowered(amending.line))
    amending.confirmed("sign", "head")
    signed, sent = at_once(countersigning(amending), sending(last_report))

    assert isinstance(signed, Amendment), signed
    assert isinstance(sent, (Refused, Conflict)), sent
    assert state(amending) == (Report.Stage.DRAFT, Amendment.Stage.IN_FORCE)
    report = Report.objects.get(agreement=amending.agreement, round__is_final=True)
    assert text_of(report) == amending.amendment.snapshot


@at_the_same_time
def test_control_without_the_check_the_last_report_is_sent_and_the_amendment_is_signed_no_more(
    world, last_report, monkeypatch
):
    amending = Amending(world, last_report)
    amending.to_signing(lowered(amending.line))
    amending.confirmed("sign", "head")
    monkeypatch.setattr(rules, "_amendment_under_way", lambda agreement: ())
    sending(last_report)()

    with pytest.raises(Refused):
        countersigning(amending)()
    assert state(amending) == (Report.Stage.SENT, Amendment.Stage.SIGNING)


def _asked_for(world, walk):
    amending = Amending(world, walk)
    amending.propose(lowered(amending.line))
    return amending


@at_the_same_time
def test_an_amendment_is_asked_for_or_the_last_report_is_sent_never_both(world, last_report, at_once):
    amending = _asked_for(world, last_report)
    at_once(going(amending, "ask", "office"), sending(last_report))

    assert state(amending) in {
        (Report.Stage.DRAFT, Amendment.Stage.NEGOTIATION),
        (Report.Stage.SENT, Amendment.Stage.DRAFT),
    }


@on_postgresql
@at_the_same_time
def test_control_without_the_hold_on_the_agreement_both_happen(world, last_report, at_once, monkeypatch):
    """The asking is judged, then the report is sent whole, then it is asked for."""
    amending = _asked_for(world, last_report)
    judged, sent = threading.Event(), threading.Event()
    judge = request.can_be_amended

    def judged_then_waiting(*given):
        answer = judge(*given)
        judged.set()
        sent.wait(timeout=5)
        return answer

    def send():
        judged.wait(timeout=5)
        try:
            return sending(last_report)()
        finally:
            sent.set()

    monkeypatch.setattr(request, "can_be_amended", judged_then_waiting)
    without_hold = partial(engine.move, amendment_walk.TABLE)
    answers = at_once(going(amending, "ask", "office", walk=without_hold), send)

    assert state(amending) == (Report.Stage.SENT, Amendment.Stage.NEGOTIATION), answers
