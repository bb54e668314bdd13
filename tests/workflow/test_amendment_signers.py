"""Who signs an amendment: those who sign the agreement on that day – several along a side, by order, or no longer."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from acts.engine import Refused, StepUp
from acts.log import THE_SYSTEM
from agreements.freeze import thaw
from agreements.models import Agreement, SigningRule, SigningSlot
from agreements.stages import Stage
from orgunits.appoint import appoint, end_appointment
from orgunits.authority import head_post
from orgunits.models import Appointment, Post
from tests.workflow.test_amendment import Amending, lowered
from tests.workflow.test_several_signers import ORDER, SECOND_MAKER, SECOND_RECEIVER, deputy
from workflow import amendment_walk, rules
from workflow.amending_turns import amendments_awaiting
from workflow.models import Amendment, Signature, SigningRefusal
from workflow.rules import hash_to_sign

WHY_NOT = {"reason": "ขอทบทวน"}


class Signing(Amending):
    """An amendment that is signed by given users, whatever they are called in the world."""

    def press(self, name, user):
        current = Amendment.objects.get(pk=self.amendment.pk)
        at = self.at()
        facts = WHY_NOT if name.startswith("refuse") else {"step_up": StepUp(user.pk, at, hash_to_sign(current))}
        return self.go(name, "staff", actor=user, at=at, **facts)

    def refused(self, name, user):
        with pytest.raises(Refused) as why:
            self.press(name, user)
        return str(why.value)

    def asked(self):
        self.to_signing(lowered(self.line))
        return self


# Several along a side


@pytest.fixture
def several(world):
    """(the amendment to be signed, {who: user}) where deputies of both units sign after their heads."""
    rule = SigningRule.objects.get(case="division_elsewhere")
    for side in ("maker", "receiver"):
        SigningSlot.objects.create(rule=rule, side=side, position=2, kinds=["deputy"])
    people = {
        "head": world.people.head,
        "second_maker": deputy(world, "IMM-D1", "ปรีชา", SECOND_MAKER),
        "superior": world.people.superior,
        "second_receiver": deputy(world, "IMM", "มานพ", SECOND_RECEIVER),
    }
    walk = world.walk()
    walk.to(Stage.SIGNING)
    for who, name, *_then in ORDER:
        user = User.objects.get(pk=people[who].pk)
        walk.people.head = walk.people.superior = user
        walk.confirmed(name, user, hash_to_sign(walk.agreement))
    walk.people = world.actors("IMM-D1")
    return Signing(world, walk).asked(), people


def whose_turn(amending, people):
    at = amending.walk.diary.now
    return {
        name
        for name, user in people.items()
        if amendments_awaiting(User.objects.get(pk=user.pk), at).filter(pk=amending.amendment.pk).exists()
    }


def test_they_sign_the_amendment_in_the_order_of_the_agreement(several):
    amending, people = several
    assert whose_turn(amending, people) == {"head"}

    for who, name, then, _stage, _pen in ORDER:
        amending.press(name, people[who])
        assert whose_turn(amending, people) == then

    assert amending.amendment.stage == Amendment.Stage.IN_FORCE
    signatures = Signature.objects.filter(snapshot=amending.amendment.snapshot).order_by("pk")
    assert [each.slot for each in signatures] == ["maker", "maker-2", "receiver", "receiver-2"]
    parties = thaw(amending.amendment.snapshot)["parties"]
    assert [each["post"] for each in parties["makers"]][1] == SECOND_MAKER
    assert len(parties["receivers"]) == 2


def test_nobody_signs_an_amendment_before_their_turn_or_twice(several):
    amending, people = several
    assert "ขณะนี้เป็นลำดับของผู้บังคับการตรวจคนเข้าเมือง 1" in amending.refused("sign", people["second_maker"])
    amending.press("sign", people["head"])
    assert "ขณะนี้เป็นลำดับของรองผู้บังคับการตรวจคนเข้าเมือง 1" in amending.refused("sign", people["head"])
    amending.press("sign", people["second_maker"])
    # One who is not the last doesn't put it in force, and the last doesn't leave it open.
    assert "ยังมีการลงนามต่อจากนี้" in amending.refused("countersign", people["superior"])
    amending.press("sign_along", people["superior"])
    assert "เป็นการลงนามครั้งสุดท้าย" in amending.refused("sign_along", people["second_receiver"])


def test_a_refusal_by_the_last_of_them_voids_all_and_leaves_the_text_in_force(several):
    amending, people = several
    before = Agreement.objects.get(pk=amending.agreement.pk)
    for who, name, *_then in ORDER[:3]:
        amending.press(name, people[who])
    voided = amending.amendment.snapshot

    back = amending.press("refuse_to_receive", people["second_receiver"])

    refusal = SigningRefusal.objects.get()
    assert (refusal.snapshot, refusal.slot, refusal.post) == (voided, "receiver-2", SECOND_RECEIVER)
    assert (back.stage, back.pen, back.signer) == ("negotiation", "negotiator", 1)
    now = Agreement.objects.get(pk=before.pk)
    assert (now.amended_to_id, now.version, now.stage) == (None, before.version, Stage.ASSESSMENT)
    again = amending.go("agree", "negotiator")
    assert (again.snapshot.signatures.count(), again.signer) == (0, 1)


# By order


def acting(world, code, name, title, **more):
    """A deputy of the unit, in a post of their own, who acts for its head by an order."""
    user = deputy(world, code, name, title)
    order = {"order_number": f"{code} 214/2569", "order_date": date(2026, 8, 1), "since": date(2026, 8, 1)}
    capacity = Appointment.Capacity.ACTING
    appoint(head_post(world.unit(code)), user, capacity=capacity, **order | more, by=THE_SYSTEM, at=world.at())
    return user


def test_an_acting_commander_signs_the_amendment_by_the_order_of_that_day(world):
    amending = Signing(world).asked()
    user = acting(world, "IMM-D1", "ประไพ", SECOND_MAKER)
    amending.press("sign", user)

    signature = Signature.objects.get(snapshot=amending.amendment.snapshot)
    assert (signature.user_id, signature.capacity, signature.order_number) == (user.pk, "acting", "IMM-D1 214/2569")
    assert signature.acted_post == "ผู้บังคับการตรวจคนเข้าเมือง 1"
    amending.confirmed("countersign", "superior")
    assert amending.amendment.stage == Amendment.Stage.IN_FORCE


def test_who_is_no_longer_acting_does_not_sign_the_amendment(world):
    amending = Signing(world).asked()
    user = acting(world, "IMM-D1", "ประไพ", SECOND_MAKER, until=date(2026, 8, 31))

    amending.refused("sign", user)
    assert not Signature.objects.filter(snapshot=amending.amendment.snapshot).exists()


def test_the_assigned_deputy_receives_the_amendment_as_the_agreement_and_the_prime_minister_does_not(world):
    walk = world.walk("RTP")
    walk.to(Stage.FORMAL, "office")
    post = Post.objects.get(unit__code="PMO", kind=Post.Kind.DEPUTY)
    walk.choose(post, order_number="327/2569", order_date=date(2026, 8, 20))
    walk.people.superior = world.people.deputy_prime_minister
    walk.to(Stage.ASSESSMENT)
    amending = Signing(world, walk).asked()
    amending.press("sign", acting(world, "RTP", "ชัยรัตน์", "รองผู้บัญชาการตำรวจแห่งชาติ"))

    amending.refused("countersign", world.people.prime_minister)
    amending.press("countersign", world.people.deputy_prime_minister)

    signatures = Signature.objects.filter(snapshot=amending.amendment.snapshot).order_by("pk")
    assert [(each.slot, each.capacity, each.acted_post) for each in signatures] == [
        ("maker", "acting", "ผู้บัญชาการตำรวจแห่งชาติ"),
        ("receiver", "own", post.title_th),
    ]
    (receiver,) = thaw(amending.amendment.snapshot)["parties"]["receivers"]
    assert receiver["assignment"]["number"] == "327/2569"


# Who lost the post since the page was opened


def test_who_loses_the_post_between_opening_and_pressing_signs_no_amendment(world):
    amending = Signing(world).asked()
    head, gone = world.people.head, amending.walk.diary.now - timedelta(days=1)
    end_appointment(head.appointments.get(), until=gone.date(), by=THE_SYSTEM, at=gone)

    amending.refused("sign", head)
    assert not Signature.objects.filter(snapshot=amending.amendment.snapshot).exists()


def test_control_with_the_judgement_of_the_opened_page_it_is_signed(world, monkeypatch):
    amending = Signing(world).asked()
    head, gone = world.people.head, amending.walk.diary.now - timedelta(days=1)
    as_opened = rules.authority_to_sign(amending.amendment, "maker", amending.walk.diary.now)
    end_appointment(head.appointments.get(), until=gone.date(), by=THE_SYSTEM, at=gone)
    monkeypatch.setattr(amendment_walk.OnlyWhoSigns, "__call__", lambda *given: None)
    for module in ("workflow.rules", "workflow.signing"):
        monkeypatch.setattr(f"{module}.authority_to_sign", lambda *given: as_opened)
    amending.press("sign", head)

    assert Signature.objects.filter(snapshot=amending.amendment.snapshot).count() == 1
