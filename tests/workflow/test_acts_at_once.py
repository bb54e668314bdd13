"""Acts and races, each with its control: what is removed in a control is what the case above it stands on.

One file for what must hold of every act that weighs: of many at once one wins; a form has its effect once; what was
judged is still so when it is written; who lost the right, or never had it, is refused at the act itself.
"""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import NamedTuple

import pytest
from django.db import IntegrityError, connection
from django.db.models import Q

from acts import engine, log
from acts.engine import AlreadyDone, Refused, StepUp
from acts.idempotency import new_key
from acts.log import THE_SYSTEM, first_fault
from acts.models import Entry, Job
from acts.versions import Stale
from agreements import authority, write
from agreements.freeze import agreed_snapshot
from agreements.models import Agreement, Document, Snapshot
from agreements.write import save_line
from orgunits.appoint import appoint, end_appointment
from orgunits.authority import head_post
from orgunits.models import Appointment
from results.models import Appeal, Decision, PaperEntry, Scheme
from tests.results.rewarded import begun, closed, decided, deciding, moving
from tests.workflow.test_many_at_once import making, one_wins, signing
from workflow import rules
from workflow.models import Publication, Signature, SigningRefusal
from workflow.publication import announce, hash_to_announce
from workflow.rules import OnlyWithThePen, hash_of_final_scores, hash_of_scores, hash_to_sign
from workflow.sitting import Shown, sign_each

HANDS = 5
at_the_same_time = pytest.mark.django_db(transaction=True)
# With IMMEDIATE a transaction on SQLite is alone from its first statement: a lock that is removed isn't missed there.
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")


# Two people, or two tabs, sign, move a stage, publish or lock scores at once


class Race(NamedTuple):
    """An act that many are about to make: how, what the log calls it, and what there is once it is made."""

    act: partial
    entry: str
    made: object


def _submit(world):
    draft = world.draft
    act = making(draft, "submit", world.people.office, world.at())
    return Race(act, "agreement.submit", lambda: (draft.snapshots.count(), Document.objects.count()) == (1, 1))


def _sign(world):
    agreement = world.agreement("signing", "head")
    act = signing(agreement, "sign", world.people.head, world.at())
    return Race(act, "agreement.sign", lambda: Signature.objects.count() == 1)


def _countersign(world):
    agreement = world.agreement("signing", "superior")
    act = signing(agreement, "countersign", world.people.superior, world.at())
    signed = Document.objects.filter(kind="signed")
    return Race(act, "agreement.countersign", lambda: (Signature.objects.count(), signed.count()) == (2, 1))


def _take_from_paper(world):
    agreement, who = world.agreement("assessment", "staff"), world.people.evaluator
    paper = {"document_number": "ตม.1 0029.12/881", "document_date": date(2026, 9, 1)}
    act = making(agreement, "take_from_paper", who, world.at(), paper=paper, reason="ระบบของหน่วยขัดข้อง")
    return Race(act, "agreement.take_from_paper", lambda: PaperEntry.objects.count() == 1)


def _lock_scores(world):
    agreement, who = world.agreement("evaluation", "superior"), world.people.superior
    step_up = StepUp(who.pk, world.at(), hash_of_scores(agreement))
    act = making(agreement, "release", who, world.at(), step_up=step_up)
    scores = Snapshot.objects.filter(purpose=Snapshot.Purpose.SCORES)
    return Race(act, "agreement.release", lambda: (scores.count(), Appeal.objects.count()) == (1, 1))


def _lodge(world):
    walk = world.walk()
    agreement, head = walk.to("appeal", "head"), world.people.head
    walk.object_to_scores()
    act = making(agreement, "lodge_appeal", head, walk.diary.now)
    return Race(act, "agreement.lodge_appeal", lambda: Appeal.objects.get().stage == Appeal.Stage.LODGED)


def _decide(world):
    walk = world.walk()
    walk.to("appeal", "head")
    walk.lodge_appeal()
    walk.decide_objections()
    act = making(walk.agreement, "decide_appeal", world.people.evaluator, walk.diary.now)
    return Race(act, "agreement.decide_appeal", lambda: Appeal.objects.get().stage == Appeal.Stage.DECIDED)


def _close(world):
    walk, who = world.walk(), world.people.superior
    walk.to("appeal", "head")
    walk.lodge_appeal()
    walk.decide_appeal()
    step_up = StepUp(who.pk, walk.diary.now, hash_of_final_scores(walk.agreement))
    act = making(walk.agreement, "close", who, walk.diary.now, step_up=step_up)
    scores = Snapshot.objects.filter(purpose=Snapshot.Purpose.SCORES)
    return Race(act, "agreement.close", lambda: scores.count() == 2)


def _publish(world):
    agreement, who = world.agreement("formal", "negotiator"), world.people.planner
    bound_to = hash_to_announce(Publication(agreement=agreement, kind="draft"))
    given = {"version": 1, "step_up": StepUp(who.pk, world.at(), bound_to), "actor": who, "at": world.at()}
    act = partial(announce, agreement, "draft", **given)
    return Race(act, "publication.announce", lambda: Publication.objects.count() == 1)


def _decide_incentives(world):
    closed(world)
    act = deciding(begun(world), world)
    return Race(act, "incentives.decide", lambda: Decision.objects.count() == 1)


def _announce_incentives(world):
    closed(world)
    act = moving(decided(begun(world), world), "publish", world)
    return Race(act, "incentives.publish", lambda: Scheme.objects.get().is_published)


RACES = {
    "submit": _submit,
    "sign": _sign,
    "countersign": _countersign,
    "take in from paper": _take_from_paper,
    "lock scores": _lock_scores,
    "lodge an appeal": _lodge,
    "decide an appeal": _decide,
    "close": _close,
    "publish": _publish,
    "decide incentives": _decide_incentives,
    "announce incentives": _announce_incentives,
}


def one_won(race, answers):
    """One made the act; the others were told, as who answers 409, that they came second; it is on record once."""
    kinds = sorted(type(answer).__name__ for answer in answers)
    return kinds.count("Conflict") == len(answers) - 1 and Entry.objects.filter(act=race.entry).count() == 1


@at_the_same_time
@pytest.mark.parametrize("name", RACES)
def test_of_many_at_once_exactly_one_wins_and_the_others_are_told(world, at_once, name):
    race = RACES[name](world)
    jobs = Job.objects.count()
    answers = at_once(*[race.act] * HANDS)

    assert one_won(race, answers), answers
    assert race.made()
    assert Job.objects.count() <= jobs + 1
    assert first_fault(Entry.objects.all()) is None


@at_the_same_time
@pytest.mark.parametrize("name", RACES)
def test_control_without_the_predicate_the_others_are_not_told_that_they_came_second(world, at_once, monkeypatch, name):
    """They get past the claim; only the judgement under its lock, which is the second line, still keeps them out."""
    race = RACES[name](world)
    monkeypatch.setattr(engine, "unmoved", lambda step, version: Q())
    answers = at_once(*[race.act] * HANDS)

    assert not one_won(race, answers), answers


@at_the_same_time
def test_control_judged_before_the_claim_instead_of_under_it_several_win(world, at_once, monkeypatch):
    """As it is where a page's judgement is trusted: the same work is handed over several times."""
    draft, staff = world.draft, world.people.staff
    monkeypatch.setattr(engine, "unmoved", lambda step, version: Q())
    monkeypatch.setattr(engine, "_judge", lambda *given: None)
    answers = at_once(*[making(draft, "hand_to_office", staff, world.at())] * HANDS)

    assert sum(isinstance(answer, Agreement) for answer in answers) >= 2, answers


@at_the_same_time
def test_the_last_line_is_the_database_which_takes_one_signature_in_a_place(world, at_once, monkeypatch):
    race = _sign(world)
    monkeypatch.setattr(engine, "unmoved", lambda step, version: Q())
    monkeypatch.setattr(engine, "_judge", lambda *given: None)
    monkeypatch.setattr("workflow.follows.next_slot", lambda agreement: rules.slots_of(agreement)[0])
    answers = at_once(*[race.act] * HANDS)

    assert Signature.objects.count() == 1
    assert any(isinstance(answer, IntegrityError) for answer in answers), answers


@at_the_same_time
def test_of_two_sittings_at_once_each_agreement_is_signed_in_one(world, at_once):
    agreements = [world.agreement("signing", "superior", code=code) for code in ("IMM-D1", "IMM-D2")]
    shown = [Shown(each.code, each.version, hash_to_sign(each)) for each in agreements]
    who, at = world.people.superior, world.at()
    sitting = {"actor": who, "at": at, "step_up": StepUp(who.pk, at)}
    # The second one goes through its list from the other end.
    sittings = [partial(sign_each, each, **sitting, idempotency=new_key()) for each in (shown, shown[::-1])]
    answers = at_once(*sittings)

    outcomes = [outcome for answer in answers for outcome in answer]
    assert sorted(each.thing.code for each in outcomes if each.is_signed) == ["2570-IMM-D1", "2570-IMM-D2"], answers
    assert Signature.objects.filter(slot="receiver").count() == 2
    assert first_fault(Entry.objects.all()) is None


# Double click, back button, retry after a time-out


@at_the_same_time
def test_the_same_form_many_times_at_once_has_its_effect_once_and_says_so(world, at_once):
    agreement = world.agreement("signing", "head")
    act = partial(signing(agreement, "sign", world.people.head, world.at()), idempotency=new_key())
    answers = at_once(*[act] * HANDS)

    assert sorted(type(answer).__name__ for answer in answers) == ["Agreement"] + ["AlreadyDone"] * (HANDS - 1)
    assert Signature.objects.count() == 1


@at_the_same_time
def test_control_without_the_key_a_double_click_reads_as_a_lost_race(world, at_once, monkeypatch):
    agreement = world.agreement("signing", "head")
    act = partial(signing(agreement, "sign", world.people.head, world.at()), idempotency=new_key())
    monkeypatch.setattr(log.forms_sent, "spend", lambda *given, **more: None)
    answers = at_once(*[act] * HANDS)

    assert one_wins(answers), answers
    assert not any(isinstance(answer, AlreadyDone) for answer in answers)


# A stale page; weights edited by two


@pytest.mark.django_db
def test_a_stale_page_overwrites_nothing_and_is_handed_what_stands_there(world):
    line, by = world.draft.lines.first(), {"actor": world.people.staff, "at": world.at()}
    save_line(line, {"conditions": "ของคนแรก"}, version=line.version, **by)
    with pytest.raises(Stale) as stale:
        save_line(line, {"conditions": "ของคนที่สอง"}, version=line.version, **by)
    assert stale.value.theirs.conditions == "ของคนแรก"


@pytest.mark.django_db
def test_control_with_the_version_of_now_instead_of_the_page_s_the_first_is_overwritten(world):
    line, by = world.draft.lines.first(), {"actor": world.people.staff, "at": world.at()}
    save_line(line, {"conditions": "ของคนแรก"}, version=line.version, **by)
    now = type(line).objects.get(pk=line.pk)
    assert save_line(line, {"conditions": "ของคนที่สอง"}, version=now.version, **by).conditions == "ของคนที่สอง"


def _weights(world, at_once):
    """(what both answered, the agreement's weights as they are) of an edit to 95 against a submission."""
    draft = world.draft
    line = draft.lines.first()
    edit = partial(
        save_line, line, {"weight": Decimal(30)}, version=line.version, actor=world.people.staff, at=world.at()
    )
    answers = at_once(edit, making(draft, "submit", world.people.office, world.at()))
    agreement = Agreement.objects.get(pk=draft.pk)
    return answers, (agreement.stage, sum(each.weight for each in agreement.lines.all()))


@at_the_same_time
def test_nothing_is_submitted_but_what_sums_to_100(world, at_once):
    answers, outcome = _weights(world, at_once)
    assert outcome in {("draft", Decimal(95)), ("informal", Decimal(100))}, answers


@on_postgresql
@at_the_same_time
def test_control_without_the_lock_of_who_writes_95_is_submitted(world, at_once, monkeypatch):
    """The edit is judged, then the submission is made whole, then the edit is written."""
    import threading

    judged, submitted = threading.Event(), threading.Event()
    may_write = write.may_write

    def judged_then_waiting(*given):
        answer = may_write(*given)
        judged.set()
        submitted.wait(timeout=5)
        return answer

    real_judge = engine._judge

    def after_the_edit_is_judged(*given):
        judged.wait(timeout=5)
        return real_judge(*given)

    @write.contextmanager
    def writing_without_a_lock(agreement, *, actor, at):
        with log.acting(actor, at=at) as record:
            held = Agreement.objects.get(pk=agreement.pk)
            assert judged_then_waiting(held, actor, at) is None
            yield record

    real_move = engine.move

    def then_tell(*given, **more):
        try:
            return real_move(*given, **more)
        finally:
            submitted.set()

    monkeypatch.setattr(write, "writing", writing_without_a_lock)
    monkeypatch.setattr(engine, "_judge", after_the_edit_is_judged)
    monkeypatch.setattr("tests.workflow.test_many_at_once.move", then_tell)
    answers, outcome = _weights(world, at_once)
    assert outcome == ("informal", Decimal(95)), answers


# Authority: lost between opening and pressing; never there


def _act(world, post_of, person, **more):
    """Put a person into a head's post by order."""
    given = {"since": world.at().date() - timedelta(days=40), "capacity": Appointment.Capacity.ACTING} | more
    given |= {"order_number": "สตม. 214/2569", "order_date": given["since"]}
    return appoint(head_post(world.unit(post_of)), person, **given, by=THE_SYSTEM, at=world.at())


@pytest.fixture
def to_sign(world):
    return world.agreement("signing", "head")


def _loses_the_post(world):
    appointment = world.people.head.appointments.get()
    end_appointment(appointment, until=world.at(days=-1).date(), by=THE_SYSTEM, at=world.at())


@pytest.mark.django_db
def test_who_loses_the_post_between_opening_and_pressing_signs_nothing(world, to_sign):
    press = signing(to_sign, "sign", world.people.head, world.at())
    _loses_the_post(world)

    with pytest.raises(Refused, match="วันสุดท้ายคือ|สิ้นสุด"):
        press()
    assert not Signature.objects.exists()


@pytest.mark.django_db
def test_control_with_the_judgement_of_the_opened_page_it_is_signed(world, to_sign, monkeypatch):
    at = world.at()
    as_opened = rules.authority_to_sign(to_sign, "maker", at)
    press = signing(to_sign, "sign", world.people.head, at)
    _loses_the_post(world)
    monkeypatch.setattr(OnlyWithThePen, "__call__", lambda *given: None)
    for module in (rules, "workflow.signing"):
        where = (module, "authority_to_sign") if module is rules else (f"{module}.authority_to_sign",)
        monkeypatch.setattr(*where, lambda *given: as_opened)
    press()

    assert Signature.objects.count() == 1


def _expired(world):
    return _act(world, "IMM-D1", world.people.neighbour, until=world.at(days=-2).date())


def _future(world):
    return _act(world, "IMM-D1", world.people.neighbour, since=world.at(days=3).date())


def _revoked(world):
    made = _act(world, "IMM-D1", world.people.neighbour)
    return end_appointment(made, until=made.since, by=THE_SYSTEM, at=world.at())


def _chained(world):
    """Delegated by somebody who had it by delegation; as no page lets one do, and an old record may hold."""
    head, middle, last = world.people.head, world.people.office, world.people.neighbour
    delegated = {"capacity": Appointment.Capacity.DELEGATED, "since": world.at(days=-40).date()}
    delegated |= {"order_number": "สตม. 214/2569", "order_date": delegated["since"]}
    post = head_post(world.unit("IMM-D1"))
    Appointment.objects.create(post=post, user=middle, delegated_by=head, **delegated)
    return Appointment.objects.create(post=post, user=last, delegated_by=middle, **delegated)


def _both_sides(world):
    return _act(world, "IMM", world.people.head)


# situation → (who presses, which guard refuses)
SITUATIONS = {
    _expired: ("neighbour", "_not_in_force"),
    _future: ("neighbour", "_not_in_force"),
    _revoked: ("neighbour", "_not_in_force"),
    _chained: ("neighbour", "_not_delegated"),
    _both_sides: ("head", "_on_both_sides"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("situation", "who"), [(each, who) for each, (who, _guard) in SITUATIONS.items()])
def test_who_has_no_authority_on_the_day_is_refused_with_the_reason(world, to_sign, situation, who):
    situation(world)
    person = world.people.get(who)
    why = rules.authority_to_sign(to_sign, "maker", world.at()).of(person).why

    with pytest.raises(Refused) as refused:
        signing(to_sign, "sign", person, world.at())()
    assert why
    assert all(sentence in str(refused.value) for sentence in why)
    assert not Signature.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("situation", "who", "guard"), [(each, *given) for each, given in SITUATIONS.items()])
def test_control_without_the_one_guard_they_sign(world, to_sign, monkeypatch, situation, who, guard):
    situation(world)
    monkeypatch.setattr(authority, guard, lambda *given: ())
    # Who stands as head is judged by posts in force, too: the guard of the move.
    monkeypatch.setattr(OnlyWithThePen, "__call__", lambda *given: None)
    signing(to_sign, "sign", world.people.get(who), world.at())()

    assert Signature.objects.get().user_id == world.people.get(who).pk


# Who has signed tries to refuse, or to write


@pytest.fixture
def signed(world):
    return world.agreement("signing", "superior")


def _refuse(world, agreement):
    return making(agreement, "refuse_to_make", world.people.head, world.at(), reason="ขอเปลี่ยนใจ")


def _rewrite(world, agreement):
    line = agreement.lines.first()
    by = {"actor": world.people.staff, "at": world.at()}
    return partial(save_line, line, {"target": Decimal(1)}, version=line.version, **by)


@pytest.mark.django_db
@pytest.mark.parametrize("attempt", [_refuse, _rewrite])
def test_after_the_signature_nothing_is_refused_or_rewritten(world, signed, attempt):
    before = agreed_snapshot(signed).sha256
    with pytest.raises(Refused):
        attempt(world, signed)()

    assert (Signature.objects.count(), SigningRefusal.objects.count(), agreed_snapshot(signed).sha256) == (1, 0, before)


@pytest.mark.django_db
def test_control_without_the_guard_of_who_writes_it_is_rewritten(world, signed, monkeypatch):
    monkeypatch.setattr(write, "may_write", lambda *given: None)
    assert _rewrite(world, signed)().target == Decimal(1)


@pytest.mark.django_db
def test_control_without_the_pen_only_the_place_that_is_due_keeps_the_signer_from_refusing(world, signed, monkeypatch):
    """The next place is the receiver's; were it still the maker's, the refusal would be taken."""
    monkeypatch.setattr(OnlyWithThePen, "__call__", lambda *given: None)
    with pytest.raises(Refused, match="วันนี้ท่านไม่ได้ดำรงตำแหน่งที่มีอำนาจลงนาม"):
        _refuse(world, signed)()
    monkeypatch.setattr("workflow.follows.next_slot", lambda agreement: rules.slots_of(agreement)[0])
    _refuse(world, signed)()
    assert SigningRefusal.objects.count() == 1
