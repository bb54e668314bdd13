"""Many hands at once on one agreement, on both databases: one wins, the others are told, nothing is done twice."""

import threading
from decimal import Decimal
from functools import partial

import pytest

from acts.engine import Refused, StepUp, move
from acts.log import first_fault
from acts.models import Entry
from agreements import write
from agreements.freeze import thaw
from agreements.models import Agreement, Document
from agreements.write import save_line
from workflow.lifecycle import TABLE
from workflow.models import Offer, Round, Signature
from workflow.offers import accept, decline, make_offer
from workflow.rules import hash_to_sign

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 5


def making(agreement, name, person, at, **facts):
    return partial(move, TABLE, agreement, name, actor=person, at=at, version=agreement.version, **facts)


def signing(agreement, name, person, at):
    return making(agreement, name, person, at, step_up=StepUp(person.pk, at, hash_to_sign(agreement)))


def one_wins(answers):
    """Exactly one made the move; the others were told that they came second."""
    kinds = sorted(type(answer).__name__ for answer in answers)
    return kinds == ["Agreement"] + ["Conflict"] * (len(answers) - 1)


def test_of_many_who_submit_one_does(world, at_once):
    draft = world.draft

    answers = at_once(*[making(draft, "submit", world.people.office, world.at())] * HANDS)

    assert one_wins(answers), answers
    assert (draft.snapshots.count(), Round.objects.count(), Document.objects.count()) == (1, 1, 1)


def test_of_two_tabs_that_sign_one_does(world, at_once):
    agreement = world.agreement("signing", "head")

    answers = at_once(*[signing(agreement, "sign", world.people.head, world.at())] * HANDS)

    assert one_wins(answers), answers
    assert Signature.objects.count() == 1


def test_of_many_who_countersign_one_does_and_there_is_one_document(world, at_once):
    agreement = world.agreement("signing", "superior")

    answers = at_once(*[signing(agreement, "countersign", world.people.superior, world.at())] * HANDS)

    assert one_wins(answers), answers
    assert (Signature.objects.count(), agreement.reports.count()) == (2, 1)
    assert Document.objects.filter(kind="signed").count() == 1
    assert first_fault(Entry.objects.all()) is None


def test_who_signs_and_refuses_in_two_tabs_does_one_of_them(world, at_once):
    agreement = world.agreement("signing", "superior")
    sign = signing(agreement, "countersign", world.people.superior, world.at())
    refuse = making(agreement, "refuse_to_receive", world.people.superior, world.at(), reason="ขอทบทวน")

    answers = at_once(sign, refuse)

    assert one_wins(answers), answers
    agreement.refresh_from_db()
    assert (agreement.stage, Signature.objects.count()) in {("assessment", 2), ("formal", 1)}


def test_of_two_answers_to_one_offer_one_counts(world, at_once):
    walk = world.walk()
    walk.to("informal", "staff")
    offer, by = Offer.objects.get(), {"actor": world.people.staff, "at": world.at()}

    answers = at_once(partial(accept, offer, **by), partial(decline, offer, answer="ไม่รับ", **by))

    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "NoneType"], answers
    accepted = Offer.objects.get().state == Offer.State.ACCEPTED
    assert (walk.line("1.1").data_source == offer.to_value) is accepted


def test_of_two_offers_on_one_field_one_stands(world, at_once):
    walk = world.walk()
    walk.to("informal", "negotiator")
    line, by = walk.line("1.1"), {"actor": world.people.negotiator, "at": world.at(), "reason": "ท้าทายขึ้น"}

    answers = at_once(partial(make_offer, line, "target", "89", **by), partial(make_offer, line, "target", "90", **by))

    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Offer"], answers
    assert Offer.objects.count() == 1


def test_two_who_save_the_same_line_lose_nothing_in_silence(world, at_once):
    draft = world.draft
    line, by = draft.lines.first(), {"actor": world.people.staff, "at": world.at()}

    answers = at_once(
        *[partial(save_line, line, {"conditions": f"คนที่ {n}"}, version=line.version, **by) for n in range(HANDS)]
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["Line"] + ["Stale"] * (HANDS - 1), answers


# An edit against a submission: whatever comes first, what is submitted sums to 100


def weight_of_first_line(draft, value):
    line = draft.lines.first()
    return {"line": line, "changes": {"weight": Decimal(value)}, "version": line.version}


@pytest.mark.parametrize("round_number", range(3))
def test_an_edit_racing_a_submission_never_gets_other_weights_submitted(world, at_once, round_number):
    draft = world.draft
    edit = partial(save_line, **weight_of_first_line(draft, "30"), actor=world.people.staff, at=world.at())

    answers = at_once(edit, making(draft, "submit", world.people.office, world.at()))

    agreement = Agreement.objects.get(pk=draft.pk)
    weights = sum(line.weight for line in agreement.lines.all())
    assert (agreement.stage, weights) in {("draft", Decimal(95)), ("informal", Decimal(100))}, answers
    assert isinstance(answers[agreement.stage == "draft"], Refused)
    for snapshot in agreement.snapshots.all():
        assert sum(Decimal(line["weight"]) for line in thaw(snapshot)["lines"]) == 100


def test_a_submission_waits_for_an_edit_that_is_being_written_and_then_judges_it(world, at_once, monkeypatch):
    """The edit has passed its guard and holds the agreement when the submission comes; it comes to nothing."""
    draft = world.draft
    guarded, submitted = threading.Event(), threading.Event()
    judge = write.may_write

    def judged_then_waiting(*given):
        answer = judge(*given)
        guarded.set()
        submitted.wait(timeout=1)  # without the lock the submission would be over by then
        return answer

    def submit():
        guarded.wait(timeout=5)
        try:
            return making(draft, "submit", office, world.at())()
        finally:
            submitted.set()

    office = world.people.office
    monkeypatch.setattr(write, "may_write", judged_then_waiting)
    edit = partial(save_line, **weight_of_first_line(draft, "30"), actor=world.people.staff, at=world.at())
    saved, refused = at_once(edit, submit)

    assert saved.weight == Decimal(30)
    assert isinstance(refused, Refused)
    assert "น้ำหนักรวมต้องเป็น 100.00 (ขณะนี้ 95.00 ขาด 5.00)" in str(refused)
    assert Agreement.objects.get().stage == "draft"
