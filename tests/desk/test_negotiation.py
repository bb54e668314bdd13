"""The negotiation as its two sides and its readers see it, and what is typed there."""

import pytest
from django.urls import reverse

from agreements.models import Line
from desk.demo.walk import MINUTES
from tests.desk.asking import filled
from workflow.forms import OfferForm
from workflow.minutes import minutes_of, save_minutes
from workflow.models import Comment, Offer
from workflow.offers import accept, make_offer, say

D1 = "2570-IMM-D1"
WHY = "เพื่อให้ท้าทายขึ้น"


@pytest.fixture
def walk(world):
    """The negotiator has offered a level and a weight of 1.2 and said something; the unit's staff are to answer."""
    walk = world.walk()
    walk.to("informal", "negotiator")
    by = {"actor": world.people.negotiator, "at": walk.diary.later()}
    make_offer(walk.line("1.2"), "level_5", "15", reason=WHY, **by)
    make_offer(walk.line("1.2"), "weight", "12.5", reason="น้ำหนักของงานหลัก", **by)
    say(walk.agreement, "ขอทราบแหล่งข้อมูล", line=walk.line("2.1"), **by)
    walk.move("hand_back", walk.people.negotiator)
    return walk


@pytest.fixture
def formal(world):
    walk = world.walk()
    walk.to("formal", "negotiator")
    return walk


def offer(field):
    return Offer.objects.get(field=field)


def negotiation(code=D1):
    return reverse("desk:negotiation", args=[code])


# What is seen


def test_both_offers_of_a_line_stand_in_one_table_with_their_reasons(world, walk, visit, words):
    page = visit(world.people.staff, "desk:negotiation", D1)
    [first, *_others] = page.context["bargain"].spoken

    assert (first.number, len(first.open), first.offered_by) == ("1.2", 2, "สตม.")
    assert page.content.decode().count('<table class="cards compare offer-table') == 1
    read = words(page)
    assert "สตม. เสนอ" in read
    assert WHY in read
    assert "น้ำหนักของงานหลัก" in read


def test_a_weight_has_its_two_decimals_and_a_level_its_effect_on_last_year(world, walk, visit):
    by_field = {
        shown.offer.field: shown
        for shown in visit(world.people.staff, "desk:negotiation", D1).context["bargain"].spoken[0].open
    }

    assert (by_field["weight"].was, by_field["weight"].now) == ("15.00", "12.50")
    assert [str(score) for score in by_field["level_5"].effect] == ["3.7667", "3.7667"]
    assert by_field["level_5"].levels_now[4] == {"value": "15", "new": True, "hit": False}
    assert by_field["level_5"].levels_was[4] == {"value": "18", "gone": True, "hit": False}


@pytest.mark.parametrize(
    ("who", "state"),
    [
        ("staff", "รอท่านตอบ"),
        ("negotiator", "รอ บก.ตม.1 ตอบ"),
        ("office", "รอ บก.ตม.1 ตอบ"),
        ("auditor", "รอ บก.ตม.1 ตอบ"),
    ],
)
def test_each_line_says_whom_it_waits_for(world, walk, visit, who, state):
    page = visit(world.people.get(who), "desk:negotiation", D1)

    assert page.context["bargain"].spoken[0].state[0] == state


def test_only_who_speaks_sees_the_ways_to_speak(world, walk, visit):
    def offers_a_way(who):
        page = visit(world.people.get(who), "desk:negotiation", D1).content.decode()
        ways = [reverse("desk:comment", args=[D1]), "/offer/", "/accept/", "/counter/", "/decline/"]
        return {way in page for way in ways}

    assert offers_a_way("staff") == {True}
    for who in ("negotiator", "office", "head", "superior", "auditor", "planner"):
        assert offers_a_way(who) == {False}, who


def test_the_negotiator_may_offer_and_take_back_their_own(world, visit):
    walk = world.walk()
    walk.to("informal", "negotiator")
    own = make_offer(walk.line("1.1"), "target", "89", reason=WHY, actor=world.people.negotiator, at=walk.diary.later())
    page = visit(world.people.negotiator, "desk:negotiation", D1).content.decode()

    assert reverse("desk:answer_offer", args=[D1, own.pk, "withdraw"]) in page
    assert reverse("desk:answer_offer", args=[D1, own.pk, "accept"]) not in page


def test_lines_nobody_spoke_of_are_apart_and_the_open_ones_come_first(world, walk, visit):
    accept(offer("weight"), actor=world.people.staff, at=walk.diary.soon())
    table = visit(world.people.staff, "desk:negotiation", D1).context["bargain"]

    assert [each.number for each in table.spoken] == ["1.2", "2.1"]
    assert [each.number for each in table.quiet] == ["1.1", "1.3", "3.1", "4.1"]
    assert [shown.offer.field for shown in table.spoken[0].answered] == ["weight"]


def test_an_offer_on_a_level_of_what_became_steps_has_no_effect_to_show(world, walk, visit):
    Line.objects.filter(pk=walk.line("1.2").pk).update(kind="milestone")

    assert visit(world.people.staff, "desk:negotiation", D1).status_code == 200


# Answering


def test_an_accepted_offer_becomes_the_text_and_the_page_returns_to_the_line(world, walk, send):
    answer = send(world.people.staff, "desk:answer_offer", D1, offer("level_5").pk, "accept")

    line = walk.line("1.2")
    assert (answer.url, line.level_5) == (f"{negotiation()}#line-{line.pk}", 15)


def test_a_counter_offer_is_typed_in_either_digits(world, walk, send):
    send(
        world.people.staff,
        "desk:answer_offer",
        D1,
        offer("level_5").pk,
        "counter",
        to_value="๑๗",
        reason="ขอค่อยเป็นค่อยไป",
    )

    assert list(Offer.objects.filter(field="level_5").values_list("to_value", "state")) == [
        ("15", "countered"),
        ("17", "open"),
    ]


@pytest.mark.parametrize(
    ("answer", "typed", "faulty"),
    [
        ("counter", {"to_value": "สิบเจ็ด", "reason": "เหตุผลที่พิมพ์ไว้"}, "to_value"),
        ("counter", {"to_value": "15", "reason": "เหตุผลที่พิมพ์ไว้"}, "to_value"),
        ("counter", {"to_value": "18", "reason": "เหตุผลที่พิมพ์ไว้"}, "to_value"),
        ("counter", {"to_value": "", "reason": "เหตุผลที่พิมพ์ไว้"}, "to_value"),
        ("counter", {"to_value": "๑๗", "reason": ""}, "reason"),
        ("decline", {"reason": " "}, "reason"),
        ("decline", {"reason": "ก" * 100_000}, "reason"),
    ],
)
def test_a_faulty_answer_is_refused_at_its_field_and_the_rest_is_kept(world, walk, send, answer, typed, faulty):
    page = send(world.people.staff, "desk:answer_offer", D1, offer("level_5").pk, answer, **typed)

    [shown] = [each for each in page.context["bargain"].spoken[0].open if each.offer.field == "level_5"]
    form = getattr(shown, answer)
    assert (page.status_code, list(form.errors)) == (422, [faulty])
    assert all(form[name].value() == value for name, value in typed.items())
    assert '<details class="confirm" open>' in page.content.decode()
    assert offer("level_5").is_open


def test_a_double_click_answers_once_and_says_so(world, walk, visit, client, send):
    key = visit(world.people.staff, "desk:negotiation", D1).content.decode().split('name="idempotency" value="')[1][:32]
    for _time in range(2):
        answer = send(world.people.staff, "desk:answer_offer", D1, offer("weight").pk, "accept", idempotency=key)

    assert (answer.status_code, answer.url) == (302, negotiation())
    assert "ดำเนินการเรื่องนี้ไปแล้ว" in client.get(answer.url).content.decode()


def test_an_offer_answered_meanwhile_is_a_conflict(world, walk, send, words):
    accept(offer("weight"), actor=world.people.staff, at=walk.diary.soon())
    answer = send(world.people.staff, "desk:answer_offer", D1, offer("weight").pk, "decline", reason="ไม่รับ")

    assert answer.status_code == 409
    assert "ข้อเสนอนี้มีคำตอบแล้ว" in words(answer)


@pytest.mark.parametrize("who", ["negotiator", "office", "head", "auditor"])
def test_who_does_not_speak_is_refused_before_anything_is_judged(world, walk, send, who):
    answer = send(world.people.get(who), "desk:answer_offer", D1, offer("weight").pk, "counter", to_value="x")

    assert answer.status_code == 403
    assert offer("weight").is_open


def test_another_agreements_offer_and_an_unknown_answer_are_not_found(world, walk, send):
    other = world.walk("IMM-D2")
    other.to("informal", "staff")
    foreign = Offer.objects.get(line__agreement=other.agreement)

    assert send(world.people.staff, "desk:answer_offer", D1, foreign.pk, "accept").status_code == 404
    assert send(world.people.staff, "desk:answer_offer", D1, offer("weight").pk, "burn").status_code == 404


# Offering


@pytest.fixture
def at_negotiator(world):
    walk = world.walk()
    walk.to("informal", "negotiator")
    return walk


def test_what_was_changed_is_offered_under_one_reason_and_nothing_else(world, at_negotiator, send):
    line = at_negotiator.line("1.1")
    form = filled(OfferForm(line=line)) | {"level_5": "๙๒", "target": "89", "reason": WHY}
    answer = send(world.people.negotiator, "desk:offer", D1, line.pk, **form)

    assert answer.url == f"{negotiation()}#line-{line.pk}"
    assert set(Offer.objects.values_list("field", "to_value", "reason")) == {
        ("level_5", "92", WHY),
        ("target", "89", WHY),
    }


@pytest.mark.parametrize(
    ("typed", "faulty"),
    [
        ({}, "__all__"),
        ({"reason": "", "target": "89"}, "reason"),
        ({"target": "แปดสิบ"}, "target"),
        ({"weight": "0"}, "weight"),
        ({"weight": "101"}, "weight"),
        ({"definition": ""}, "definition"),
        ({"target": ""}, "target"),
        ({"conditions": "ก" * 100_000}, "conditions"),
    ],
)
def test_a_faulty_offer_is_refused_at_its_field_and_all_is_kept(world, at_negotiator, send, typed, faulty):
    line = at_negotiator.line("1.1")
    form = filled(OfferForm(line=line)) | {"reason": WHY} | typed
    answer = send(world.people.negotiator, "desk:offer", D1, line.pk, **form)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [faulty])
    assert all(answer.context["form"][name].value() == value for name, value in typed.items())
    assert not Offer.objects.exists()


def test_with_one_field_taken_already_nothing_is_offered(world, at_negotiator, send):
    line = at_negotiator.line("1.1")
    make_offer(line, "target", "89", reason=WHY, actor=world.people.negotiator, at=at_negotiator.diary.later())
    form = filled(OfferForm(line=line)) | {"level_5": "92", "target": "90", "reason": WHY}
    answer = send(world.people.negotiator, "desk:offer", D1, line.pk, **form)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["target"])
    assert "มีข้อเสนอที่รอคำตอบอยู่แล้ว" in str(answer.context["form"].errors)
    assert Offer.objects.count() == 1


def test_what_a_colleague_changed_meanwhile_is_not_offered_back(world, at_negotiator, send):
    line = at_negotiator.line("1.1")
    form = filled(OfferForm(line=line)) | {"level_5": "92", "reason": WHY}
    Line.objects.filter(pk=line.pk).update(definition="นิยามที่ตกลงแล้ว")
    send(world.people.negotiator, "desk:offer", D1, line.pk, **form)

    assert list(Offer.objects.values_list("field", flat=True)) == ["level_5"]


# Saying


def test_something_said_stands_at_its_line_and_at_the_whole(world, walk, send, visit):
    send(world.people.staff, "desk:comment", D1, text="ระบบ PIBICS", line=walk.line("2.1").pk)
    send(world.people.staff, "desk:comment", D1, text="โดยรวมเห็นด้วย", line="")
    table = visit(world.people.negotiator, "desk:negotiation", D1).context["bargain"]

    assert [comment.text for comment in table.spoken[1].comments] == ["ขอทราบแหล่งข้อมูล", "ระบบ PIBICS"]
    assert [comment.text for comment in table.general] == ["โดยรวมเห็นด้วย"]


@pytest.mark.parametrize("text", ["", " \n", "ก" * 100_000])
def test_nothing_or_too_much_said_is_refused_where_it_was_typed(world, walk, send, text):
    line = walk.line("1.1")
    answer = send(world.people.staff, "desk:comment", D1, text=text, line=line.pk)

    [said] = [each for each in answer.context["bargain"].spoken if each.line == line]
    assert (answer.status_code, list(said.say.errors)) == (422, ["text"])
    assert Comment.objects.count() == 1


def test_nobody_speaks_of_another_agreements_line(world, walk, send):
    foreign = world.walk("IMM-D2").agreement.lines.first()

    assert send(world.people.staff, "desk:comment", D1, text="x", line=foreign.pk).status_code == 404


def test_a_comment_sent_twice_is_said_once(world, walk, visit, send):
    key = visit(world.people.staff, "desk:negotiation", D1).content.decode().split('name="idempotency" value="')[1][:32]
    for _time in range(2):
        send(world.people.staff, "desk:comment", D1, text="ซ้ำ", line="", idempotency=key)

    assert Comment.objects.filter(text="ซ้ำ").count() == 1


@pytest.mark.parametrize(
    ("route", "typed"),
    [
        ("comment", {"text": "ข้อความที่พิมพ์ค้าง", "line": ""}),
        ("answer_offer", {"to_value": "๑๗", "reason": "ข้อความที่พิมพ์ค้าง"}),
    ],
)
def test_what_was_typed_while_the_session_ran_out_comes_back_where_it_was_typed(world, walk, client, route, typed):
    args = [D1] if route == "comment" else [D1, offer("level_5").pk, "counter"]
    refused = client.post(
        reverse(f"desk:{route}", args=args), typed, headers={"Referer": f"http://testserver{negotiation()}"}
    )
    carried = refused.context["form"]["carried"].value()
    data = {"username": "kamolchanok", "password": world.password, "carried": carried}
    back = client.post(reverse("accounts:sign_in"), data, follow=True)

    assert back.request["PATH_INFO"] == negotiation()
    assert "ข้อความที่พิมพ์ค้าง</textarea>" in back.content.decode()
    assert (Comment.objects.count(), Offer.objects.count()) == (1, 2)


# The formal round


def minutes(**changed):
    return MINUTES | {"held_on": "๑๕ ธ.ค. ๒๕๖๗", "version": 0} | changed


def test_the_minutes_are_typed_by_the_negotiator_and_read_by_all(world, formal, visit, send, words):
    answer = send(world.people.negotiator, "desk:minutes", D1, **minutes(place="ห้องประชุม 9"))

    assert answer.url == negotiation()
    assert "15 ธันวาคม 2567" in words(visit(world.people.office, "desk:negotiation", D1))
    assert 'name="held_on"' not in visit(world.people.office, "desk:negotiation", D1).content.decode()


@pytest.mark.parametrize(
    ("typed", "faulty"),
    [({"held_on": "เมื่อวาน"}, "held_on"), ({"held_on": "31/2/2570"}, "held_on"), ({"decisions": ""}, "decisions")],
)
def test_faulty_minutes_are_refused_at_the_field_and_the_rest_is_kept(world, formal, send, typed, faulty):
    answer = send(world.people.negotiator, "desk:minutes", D1, **minutes(place="ห้องที่พิมพ์ไว้", **typed))

    form = answer.context["minutes_form"]
    assert (answer.status_code, list(form.errors), form["place"].value()) == (422, [faulty], "ห้องที่พิมพ์ไว้")
    assert minutes_of(formal.agreement) is None


def test_minutes_a_colleague_wrote_meanwhile_are_laid_beside_mine(world, formal, send, words):
    theirs = {**MINUTES, "held_on": formal.diary.now.date(), "place": "ห้องของเขา"}
    save_minutes(formal.agreement, theirs, version=0, actor=world.people.negotiator, at=formal.diary.now)
    answer = send(world.people.negotiator, "desk:minutes", D1, **minutes(place="ห้องของเรา"))

    assert answer.status_code == 409
    assert answer.context["back"].startswith(f"{negotiation()}#minutes-")
    assert "ห้องของเขา" in words(answer)
    assert "ห้องของเรา" in words(answer)
    chosen = dict(answer.context["kept"]) | {
        "version": answer.context["version"],
        "held_on": "๑๕ ธ.ค. ๒๕๖๗",
        "place": "ห้องของเขา",
    }
    send(world.people.negotiator, "desk:minutes", D1, **chosen)
    assert (minutes_of(formal.agreement).place, minutes_of(formal.agreement).version) == ("ห้องของเขา", 2)


def test_what_was_decided_is_shown_and_becomes_the_text_when_confirmed(world, formal, visit, send, words):
    line = formal.line("1.1")
    form = filled(OfferForm(line=line)) | {"level_5": "92", "reason": "มติคณะกรรมการ"}
    send(world.people.negotiator, "desk:offer", D1, line.pk, **form)

    page = visit(world.people.office, "desk:negotiation", D1)
    assert "มีมติแก้ไข 1 เรื่อง" in words(page)
    assert page.context["bargain"].spoken[0].state == ("มติแล้ว รอยืนยัน", "formal")
    assert formal.line("1.1").level_5 == 90
    formal.to("signing")
    assert formal.line("1.1").level_5 == 92


# Who follows, and what it costs


def test_people_below_do_not_see_how_their_superiors_agreement_came_about(world, visit, words):
    world.agreement("draft")
    world.agreement("assessment", code="IMM")
    answer = visit(world.people.staff, "desk:negotiation", "2570-IMM")

    assert answer.status_code == 403
    assert "เปิดให้เฉพาะ" in words(answer)
