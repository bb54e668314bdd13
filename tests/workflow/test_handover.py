"""Until a side hands the pen over, what it offers, answers and says is its own."""

import pytest

from desk.movements import entries
from workflow.handover import as_known, comments_known, heard_by
from workflow.models import Comment, Offer, Side
from workflow.offers import accept, counter, decline, make_offer, withdraw
from workflow.talk import say

WHY = "เพื่อให้ท้าทายขึ้น"
BOTH, NOBODY = frozenset(Side), frozenset()
OWNER, COUNTERPART = frozenset({Side.OWNER}), frozenset({Side.COUNTERPART})


def offer(**more):
    given = {"pk": 1, "side": Side.COUNTERPART, "state": Offer.State.OPEN, "handed_over_at": None}
    return Offer(**given | more)


@pytest.mark.parametrize(("hears", "knows"), [(BOTH, 1), (COUNTERPART, 1), (OWNER, 0), (NOBODY, 0)])
def test_an_offer_that_is_not_handed_over_is_known_to_its_side_alone(hears, knows):
    assert len(as_known([offer()], hears)) == knows
    assert len(as_known([offer(handed_over_at="since")], hears)) == 1


@pytest.mark.parametrize(
    ("state", "hears", "known_as"),
    [
        ("declined", OWNER, "declined"),
        ("declined", COUNTERPART, "open"),
        ("countered", NOBODY, "open"),
        ("withdrawn", COUNTERPART, "withdrawn"),
        ("withdrawn", OWNER, "open"),
    ],
)
def test_an_answer_that_is_not_handed_over_is_known_to_who_gave_it(state, hears, known_as):
    answered = offer(handed_over_at="since", state=state, answer="เพราะ", answered_by="ใคร", answered_at="เมื่อ")
    [known] = as_known([answered], hears)

    assert (known.state, bool(known.answer), bool(known.answered_by)) == (
        known_as,
        known_as != "open",
        known_as != "open",
    )
    assert answered.state == state


def test_each_hand_over_makes_known_what_was_made_since_and_nothing_taken_back(world):
    walk = world.walk()
    walk.to("informal", "negotiator")
    people, thana = walk.people, {"actor": walk.people.negotiator, "at": world.at()}
    staff = {"actor": people.staff, "at": world.at()}
    first, second = (
        make_offer(walk.line(n), "target", v, reason=WHY, **thana) for n, v in (("1.1", "89"), ("1.2", "16"))
    )
    taken_back = make_offer(walk.line("1.3"), "weight", "9", reason=WHY, **thana)
    withdraw(taken_back, **thana)
    say(walk.agreement, "ขอทราบแหล่งข้อมูล", **thana)

    def known(who):
        hears = heard_by(people_of(who), walk.agreement, world.at())
        offers = {each.pk: each.state for each in as_known(Offer.objects.all(), hears)}
        return offers, Comment.objects.filter(comments_known(hears)).count()

    def people_of(who):
        return world.people.get(who)

    def acts(who):
        return {each.act for each in entries(walk.agreement, reader=people_of(who), at=world.at())} & {
            "offer", "comment", "decline_offer", "withdraw_offer",
        }  # fmt: skip

    assert known("staff") == known("planner") == ({}, 0)
    assert known("negotiator")[1] == known("auditor")[1] == 1
    assert (acts("staff"), acts("superior")) == (set(), {"offer", "comment", "withdraw_offer"})

    walk.move("hand_back", people.negotiator)
    assert known("staff") == ({first.pk: "open", second.pk: "open"}, 1)
    assert acts("staff") >= {"offer", "comment"}

    decline(first, answer="ยังไม่พร้อม", **staff)
    reply = counter(second, "17", reason="พบกันครึ่งทาง", **staff)
    say(walk.agreement, "ตอบแล้ว", **staff)
    assert known("negotiator")[0] == {first.pk: "open", second.pk: "open", taken_back.pk: "withdrawn"}
    assert known("negotiator")[1] == 1
    assert known("head")[0] == {first.pk: "declined", second.pk: "countered", reply.pk: "open"}
    assert "decline_offer" not in acts("negotiator")

    walk.move("answer", people.office)
    assert known("negotiator")[0].items() >= {first.pk: "declined", second.pk: "countered", reply.pk: "open"}.items()
    assert (known("planner")[1], "decline_offer" in acts("negotiator")) == (2, True)

    accept(Offer.objects.get(pk=reply.pk), **thana)
    assert (known("staff")[0][reply.pk], known("superior")[0][reply.pk]) == ("open", "accepted")
