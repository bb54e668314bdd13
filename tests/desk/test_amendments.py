"""The pages of an amendment: begun by the unit, proposed line by line, handed over; each side's words its own until then."""

import re
from html import unescape

import pytest

from agreements.models import Line
from tests.desk.asking import filled
from tests.desk.test_query_counts import list_cost
from tests.workflow.test_amendment import WHY, Amending, lowered
from workflow.amendment import begin, last_proposal
from workflow.amendment_form import AmendLineForm
from workflow.models import Amendment, Proposal

D1 = "2570-IMM-D1"
NEW = "นับเฉพาะเรื่องที่มีหลักฐานครบถ้วน"


@pytest.fixture
def amending(world):
    """The unit has begun an amendment of its agreement in force, and proposed nothing."""
    return Amending(world)


@pytest.fixture
def asked(amending):
    """The unit has asked for another level 5."""
    amending.propose(lowered(amending.line))
    amending.go("ask", "office")
    return amending


def form_of(amending, line=None, **typed):
    """What a browser sends of the form of a line, with what is `typed`."""
    line = line or amending.line
    form = AmendLineForm(line=line, proposed={}, initial={"seen": last_proposal(amending.amendment, line)})
    return filled(form) | {"reason": "ตามงบประมาณที่เหลือ"} | typed


def posted(send, who, route, *place, **data):
    return send(who, f"desk:{route}", D1, *place, **data)


def test_the_unit_begins_proposes_and_asks_and_only_then_the_other_side_knows(world, visit, send, words):
    walk = world.walk()
    walk.to("assessment")
    staff, office, thana = walk.people.staff, walk.people.office, walk.people.negotiator
    assert "ขอแก้ไขเพิ่มเติมคำรับรอง" in words(visit(staff, "desk:agreement", D1))
    key = re.search(r'name="idempotency" value="(\w+)"', visit(staff, "desk:amendments", D1).content.decode())[1]

    begun = posted(send, staff, "amendments", reason=WHY, idempotency=key)
    again = posted(send, staff, "amendments", reason=WHY, idempotency=key)
    assert begun["Location"].endswith("/amendments/1/")
    assert again["Location"].endswith("/amendments/")
    amendment = Amendment.objects.get()
    line = walk.agreement.lines.filter(children=None).first()
    form = filled(AmendLineForm(line=line, proposed={}, initial={"seen": 0}))
    saved = posted(send, staff, "amend_line", 1, line.pk, **form | {"definition": NEW, "reason": "งบลดลง"})
    assert saved["Location"].endswith(f"/amendments/1/#line-{line.pk}")
    assert Proposal.objects.get().to_value == NEW
    assert visit(thana, "desk:amendment", D1, 1).status_code == 404
    assert WHY not in words(visit(thana, "desk:amendments", D1))
    assert "desk:amendments" not in [tab["key"] for tab in visit(thana, "desk:agreement", D1).context["tabs"]]
    mine = words(visit(office, "desk:amendment", D1, 1))
    assert "ตาของท่าน" in mine
    assert "คะแนนคงเดิม" in mine
    assert "ยังไม่ได้ส่งมอบ" in mine

    posted(send, office, "amendment_move", 1, "ask", version=amendment.version, idempotency="a" * 32)

    page = words(visit(thana, "desk:amendment", D1, 1))
    assert WHY in page
    assert NEW in page
    assert "ตาของท่าน" in page
    assert "ขอแก้ไขเพิ่มเติมคำรับรอง" in words(visit(thana, "desk:history", D1))
    assert Line.objects.get(pk=line.pk).definition != NEW


def test_the_page_tells_the_effect_on_the_score_of_what_the_reader_knows(asked, visit, words):
    thana, staff = asked.people.negotiator, asked.people.staff
    told = visit(staff, "desk:amendment", D1, 1).context["effect"]["effects"]
    level = asked.line.level_5
    asked.propose({"level_5": f"{level.normalize():f}"}, "negotiator")

    theirs, ours = (visit(who, "desk:amendment", D1, 1).context["effect"] for who in (thana, staff))
    assert (theirs["effects"].lines, theirs["effects"].difference) == ((), 0)
    assert ours["effects"] == told
    assert told.now is not None


def test_whoever_proposed_meanwhile_nothing_is_lost_and_both_texts_are_shown(amending, send, words):
    staff, office = amending.people.staff, amending.people.office
    opened = form_of(amending)
    posted(send, office, "amend_line", 1, amending.line.pk, **opened | {"definition": "ที่อีกคนเสนอ", "conditions": "ก"})

    clash = posted(send, staff, "amend_line", 1, amending.line.pk, **opened | {"definition": NEW})

    assert clash.status_code == 409
    page = words(clash)
    assert NEW in page
    assert "ที่อีกคนเสนอ" in page
    sent = dict(re.findall(r'name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', unescape(clash.content.decode())))
    seen = re.search(r'name="seen" value="(\d+)"', clash.content.decode())[1]
    chosen = posted(send, staff, "amend_line", 1, amending.line.pk, **sent | {"definition": NEW, "seen": seen})
    assert chosen.status_code == 302
    stands = {each.change.field: each.to_value for each in Proposal.objects.order_by("pk")}
    assert stands == {"definition": NEW, "conditions": "ก"}


def test_what_is_typed_wrongly_stays_on_the_form(amending, send, words):
    wrong = posted(send, amending.people.staff, "amend_line", 1, amending.line.pk, **form_of(amending, weight="มาก"))
    without = posted(
        send, amending.people.staff, "amend_line", 1, amending.line.pk, **form_of(amending, definition=NEW, reason=" ")
    )
    blank = posted(send, amending.people.staff, "amend_line", 1, amending.line.pk, **form_of(amending, definition=""))

    assert [each.status_code for each in (wrong, without, blank)] == [422] * 3
    assert 'value="มาก"' in wrong.content.decode()
    assert "โปรดระบุเหตุผล" in words(without)
    assert NEW in words(without)
    assert not Proposal.objects.exists()


def test_why_a_target_is_low_may_be_written_and_taken_out_again(amending, send):
    staff, line = amending.people.staff, amending.line
    Line.objects.filter(pk=line.pk).update(low_target_reason="ฐานข้อมูลเปลี่ยน")

    answer = posted(send, staff, "amend_line", 1, line.pk, **form_of(amending, low_target_reason=""))

    assert answer.status_code == 302
    assert Proposal.objects.get().to_value == ""


def test_a_second_one_is_not_begun_and_its_reason_stays_on_the_page(amending, send, words):
    refused = posted(send, amending.people.office, "amendments", reason="อีกเหตุผลหนึ่ง", idempotency="b" * 32)

    assert refused.status_code == 409
    assert "อีกเหตุผลหนึ่ง" in words(refused)
    assert Amendment.objects.count() == 1


def test_a_move_says_why_it_is_not_possible_to_those_alone_whose_turn_it_is(amending, visit, send, words):
    weight = f"{(amending.line.weight - 1).normalize():f}"
    amending.propose(lowered(amending.line))
    amending.go("ask", "office")
    amending.propose({"weight": weight}, "negotiator")
    thana, office = amending.people.negotiator, amending.people.office

    theirs, ours = (
        words(visit(thana, "desk:amendment_move", D1, 1, "agree")),
        words(visit(office, "desk:amendment_move", D1, 1, "answer")),
    )
    assert "น้ำหนัก" in theirs
    assert "หน่วยยังไม่เห็นข้อเสนอของท่าน" in theirs
    assert "น้ำหนัก" not in ours
    kept = {"version": amending.amendment.version, "idempotency": "c" * 32}
    refused = posted(send, thana, "amendment_move", 1, "agree", **kept)
    assert refused.status_code == 403
    assert posted(send, thana, "amendment_move", 1, "decline", **kept).status_code == 422
    assert Amendment.objects.get().stage == "negotiation"
    posted(send, thana, "amendment_move", 1, "decline", **kept, reason="ไม่เห็นชอบ")
    assert Amendment.objects.get().stage == "declined"
    assert "ไม่เห็นชอบ" in words(visit(office, "desk:amendment", D1, 1))


def test_one_that_was_withdrawn_before_it_was_asked_for_stays_the_units_own(amending, visit, words):
    amending.propose({"definition": NEW})
    amending.go("withdraw", "office", reason="เหตุที่ถอน")

    for who in ("negotiator", "superior"):
        assert visit(amending.person(who), "desk:amendment", D1, 1).status_code == 404
        assert "เหตุที่ถอน" not in words(visit(amending.person(who), "desk:history", D1))
    assert "เหตุที่ถอน" in words(visit(amending.people.staff, "desk:amendment", D1, 1))


def test_one_in_force_tells_what_it_changed_and_who_signed(asked, visit, words):
    asked.go("agree", "negotiator")
    asked.confirmed("sign", "head")
    asked.confirmed("countersign", "superior")

    page = visit(asked.people.staff, "desk:amendment", D1, 1)
    assert [each.levels[-1].differs for each in (line.part for line in page.context["changes"].lines)] == [True]
    assert "ลงนามแล้ว" in words(page)
    assert not page.context["may_propose"]
    assert "ขอแก้ไขเพิ่มเติมคำรับรอง" in words(visit(asked.people.staff, "desk:amendments", D1))


def test_the_list_costs_the_same_however_many_there_are(amending, client):
    staff = amending.people.staff
    amending.propose({"definition": NEW})
    amending.go("withdraw", "office", reason="x")
    one, _page = list_cost(client, staff, "amendments", D1)
    for _more in range(3):
        amending.amendment = begin(amending.agreement, WHY, actor=staff, at=amending.at())
        amending.go("withdraw", "office", reason="x")

    many, page = list_cost(client, staff, "amendments", D1)
    assert len(page.context["rows"]) == 4
    assert many == one == 13
