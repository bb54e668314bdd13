"""What is unresolved in a negotiation, as each side knows it."""

from agreements.models import ThreeAnswers
from workflow.agenda import agenda
from workflow.handover import heard_by
from workflow.models import Comment, Offer
from workflow.offers import defer, make_offer
from workflow.talk import say

WHY = "เพื่อให้ท้าทายขึ้น"


def test_the_agenda_holds_what_is_open_and_empties_as_it_is_resolved(world):
    walk = world.walk()
    walk.to("informal", "negotiator")
    thana = {"actor": walk.people.negotiator, "at": world.at()}
    staff = {"actor": walk.people.staff, "at": world.at()}
    make_offer(walk.line("1.2"), "target", "16", reason=WHY, **thana)
    say(walk.agreement, "ขอทราบแหล่งข้อมูล", line=walk.line("2.1"), **thana)
    ThreeAnswers.objects.filter(line=walk.line("3.1")).update(develops="")

    def open_to(who):
        found = agenda(walk.agreement, heard_by(world.people.get(who), walk.agreement, world.at()))
        return {each.number: _what(each) for each in found}

    assert open_to("staff") == {"3.1": "questions"}
    assert open_to("negotiator") == {"1.2": "offers", "2.1": "comments", "3.1": "questions"}
    walk.move("hand_back", walk.people.negotiator)
    assert open_to("staff") == {"1.2": "offers", "2.1": "comments", "3.1": "questions"}

    say(walk.agreement, "ระบบ PIBICS", reply_to=Comment.objects.get(), **staff)
    ThreeAnswers.objects.filter(line=walk.line("3.1")).update(develops="บุคลากร")
    defer(Offer.objects.get(), answer="ขอให้คณะกรรมการพิจารณา", **staff)
    assert open_to("staff") == {"1.2": "deferred"}

    walk.hand_to_office()
    walk.answer()
    walk.move("close_informal", walk.people.negotiator)
    numbers = {"1.1", "1.2", "1.3", "2.1", "3.1", "4.1"}
    assert open_to("planner") == dict.fromkeys(numbers, "undecided") | {"1.2": "deferred undecided"}
    make_offer(walk.line("1.2"), "target", "16", reason="มติคณะกรรมการ", **thana)
    walk.take_minutes()
    assert open_to("negotiator") == {"1.2": "offers deferred"}


def _what(item):
    found = [name for name in ("offers", "deferred", "comments") if getattr(item, name)]
    return " ".join(
        [*found, *(["questions"] if item.is_unanswered else []), *(["undecided"] if item.is_undecided else [])]
    )


def test_nothing_is_left_once_what_the_committee_decided_is_confirmed(world):
    walk = world.walk()
    walk.to("formal", "negotiator")
    make_offer(walk.line("1.1"), "target", "89", reason="มติ", actor=walk.people.negotiator, at=world.at())
    walk.hold_formal_round()
    walk.confirm()

    assert agenda(walk.agreement, frozenset()) == []
