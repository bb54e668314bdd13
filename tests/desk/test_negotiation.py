"""The negotiation as its two sides and its readers see it, and what is typed there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from acts.idempotency import new_key
from acts.refusals import Refused
from agreements.models import Line, ThreeAnswers
from desk.demo.evidence import evidence_file
from desk.demo.walk import MINUTES
from tests.agreements.pdf_reading import text_of
from tests.desk.asking import filled
from workflow.forms import OfferForm
from workflow.minutes import as_printed, minutes_of, save_minutes
from workflow.minutes_form import MinutesForm
from workflow.models import Comment, Mention, Offer
from workflow.offers import accept, decline, make_offer
from workflow.rules import decisions_needed
from workflow.talk import say

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


def test_who_answers_an_offer_reads_that_accepting_takes_effect_at_once(world, walk, visit, words, send):
    at_once = "การรับข้อเสนอมีผลทันที และอีกฝ่ายเห็นค่าใหม่ทันที"
    assert words(visit(world.people.staff, "desk:negotiation", D1)).count(at_once) == 2
    assert at_once not in words(visit(world.people.negotiator, "desk:negotiation", D1))

    send(world.people.staff, "desk:answer_offer", D1, offer("level_5").pk, "accept", idempotency=new_key())
    seen = visit(world.people.negotiator, "desk:line", D1, walk.line("1.2").pk)
    assert "15" in words(seen), "so it is: the pen is still with the staff"


def test_the_unit_reads_before_the_end_which_indicators_want_their_answers(world, walk, visit, words):
    ThreeAnswers.objects.filter(line=walk.line("1.2")).update(develops="")
    wanting = "ยังตอบคำถามสามข้อไม่ครบ 1 ตัวชี้วัด"
    page = visit(world.people.staff, "desk:negotiation", D1)
    assert wanting in words(page)
    assert reverse("desk:questions", args=[D1]) + f"#questions-{walk.line('1.2').pk}" in page.content.decode()
    assert f'id="questions-{walk.line("1.2").pk}"' in visit(world.people.staff, "desk:questions", D1).content.decode()
    assert wanting in words(visit(world.people.office, "desk:negotiation", D1))
    assert wanting not in words(visit(world.people.negotiator, "desk:negotiation", D1))

    ThreeAnswers.objects.filter(line=walk.line("1.2")).update(develops="ลดเวลารอ")
    assert wanting not in words(visit(world.people.staff, "desk:negotiation", D1))


# Saying


@pytest.fixture
def tell(send):
    """tell(who, text, **more): the form of the page where something is said, sent."""

    def say_it(user, text, **more):
        return send(
            user, "desk:comment", D1, **{"text": text, "line": "", "reply_to": "", "idempotency": new_key()} | more
        )

    return say_it


def test_something_said_stands_at_its_line_and_at_the_whole(world, walk, tell, visit):
    tell(world.people.staff, "ระบบ PIBICS", line=walk.line("2.1").pk)
    tell(world.people.staff, "โดยรวมเห็นด้วย")
    table = visit(world.people.staff, "desk:negotiation", D1).context["bargain"]

    assert [comment.text for comment in table.spoken[1].comments] == ["ขอทราบแหล่งข้อมูล", "ระบบ PIBICS"]
    assert [comment.text for comment in table.general] == ["โดยรวมเห็นด้วย"]


@pytest.mark.parametrize("text", ["", " \n", "ก" * 100_000])
def test_nothing_or_too_much_said_is_refused_and_all_is_kept(world, walk, tell, text):
    answer = tell(world.people.staff, text, line=walk.line("1.1").pk, people=[world.people.office.pk])

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form["text"].value()) == (422, ["text"], text)
    assert form["people"].value() == [str(world.people.office.pk)]
    assert Comment.objects.count() == 1


def test_nobody_speaks_of_another_agreements_line_or_replies_to_what_they_cannot_read(world, walk, tell):
    foreign = world.walk("IMM-D2")
    foreign.to("informal", "negotiator")
    elsewhere = say(foreign.agreement, "ที่อื่น", actor=world.people.negotiator, at=foreign.diary.later())

    assert tell(world.people.staff, "x", line=foreign.agreement.lines.first().pk).status_code == 422
    assert tell(world.people.staff, "x", reply_to=elsewhere.pk).status_code == 422
    assert tell(world.people.staff, "x", line="๑x").status_code == 422
    assert not Comment.objects.filter(text="x").exists()


def test_a_comment_sent_twice_is_said_once(world, walk, tell):
    key = new_key()
    for _time in range(2):
        tell(world.people.staff, "ซ้ำ", idempotency=key)

    assert Comment.objects.filter(text="ซ้ำ").count() == 1


def test_a_reply_to_a_reply_stands_in_the_talk_that_it_belongs_to(world, walk, tell, visit, words):
    asked = Comment.objects.get()
    tell(world.people.staff, "ระบบ PIBICS", reply_to=asked.pk)
    tell(world.people.staff, "และระบบ Biometrics", reply_to=Comment.objects.get(text="ระบบ PIBICS").pk)

    assert set(Comment.objects.exclude(pk=asked.pk).values_list("reply_to", "line")) == {(asked.pk, asked.line_id)}
    assert "ตอบ พ.ต.อ. ธนา ศรีสุข: “ขอทราบแหล่งข้อมูล”" in words(visit(world.people.staff, "desk:negotiation", D1))


def test_who_is_called_on_finds_it_on_their_work_list_until_they_have_noted_it(world, walk, tell, visit, words, send):
    """One's own side at once; the other side when the pen is handed over."""
    called = [world.people.office.pk, world.people.negotiator.pk]
    tell(world.people.staff, "โปรดดูข้อนี้", line=walk.line("2.1").pk, people=called)

    def is_told(who):
        return "โปรดดูข้อนี้" in words(visit(world.people.get(who), "desk:home"))

    assert (is_told("office"), is_told("negotiator"), is_told("head")) == (True, False, False)
    walk.move("hand_to_office", walk.people.staff)
    send(world.people.office, "desk:note_mention", Mention.objects.get(user=world.people.office).pk)
    assert not is_told("office")
    walk.move("return_to_staff", walk.people.office, reason="ให้ตอบข้อเสนอ")
    decline(offer("weight"), answer="ขอคงไว้", actor=world.people.staff, at=walk.diary.later())
    walk.accept_and_hand_in()
    walk.answer()
    assert is_told("negotiator")

    tell(world.people.negotiator, "ดูแล้ว", reply_to=Comment.objects.get(text="โปรดดูข้อนี้").pk)
    assert not is_told("negotiator")


def test_nobody_notes_for_another_and_nobody_outside_is_called_on(world, walk, tell, send):
    answer = tell(world.people.staff, "x", people=[world.people.stranger.pk])
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["people"])

    tell(world.people.staff, "โปรดดูข้อนี้", people=[world.people.office.pk])
    assert send(world.people.head, "desk:note_mention", Mention.objects.get().pk).status_code == 404


def test_a_file_goes_with_a_comment_and_only_who_reads_it_gets_it(world, walk, tell, visit):
    tell(world.people.staff, "ตามไฟล์", files=[evidence_file("ตารางข้อมูล", ["1"], kind="png")])
    said = Comment.objects.get(text="ตามไฟล์")

    given = visit(world.people.office, "desk:comment_file", D1, said.pk, 1)
    assert (given.status_code, given["Content-Type"]) == (200, "image/png")
    assert given["Content-Disposition"].startswith("attachment")
    assert b"".join(given.streaming_content).startswith(b"\x89PNG")
    assert visit(world.people.negotiator, "desk:comment_file", D1, said.pk, 1).status_code == 404
    assert visit(world.people.office, "desk:comment_file", D1, said.pk, 2).status_code == 404
    assert visit(world.people.stranger, "desk:comment_file", D1, said.pk, 1).status_code == 404


def test_a_file_that_is_not_one_is_refused_at_its_field_and_nothing_is_said(world, walk, tell):
    answer = tell(world.people.staff, "ตามไฟล์", files=[SimpleUploadedFile("ก.pdf", b"<script>")])

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["files"])
    assert answer.context["form"]["text"].value() == "ตามไฟล์"
    assert Comment.objects.count() == 1


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

    assert back.request["PATH_INFO"] == (reverse("desk:comment", args=[D1]) if route == "comment" else negotiation())
    assert "ข้อความที่พิมพ์ค้าง</textarea>" in back.content.decode()
    assert (Comment.objects.count(), Offer.objects.count()) == (1, 2)


# The formal round


def minutes(agreement, **changed):
    form = MinutesForm(today=timezone.localdate(), lines=decisions_needed(agreement), decided={})
    sent = filled(form) | MINUTES
    del sent["people"]  # its cells are sent one by one
    return sent | {"held_on": "๑๕ ธ.ค. ๒๕๖๗", "version": 0} | changed


def test_the_minutes_are_typed_by_the_negotiator_and_read_by_all(world, formal, visit, send, words):
    sent = minutes(formal.agreement, place="ห้องประชุม 9") | {"people-0-name": "พล.ต.ต. ธนา", "people-0-came": "sent"}
    answer = send(world.people.negotiator, "desk:minutes", D1, **sent)

    assert answer.url == reverse("desk:minutes", args=[D1])
    page = visit(world.people.office, "desk:minutes", D1)
    assert "15 ธันวาคม 2567" in words(page)
    assert "1. พล.ต.ต. ธนา (ส่งผู้แทน)" in words(page)
    assert 'name="held_on"' not in page.content.decode()
    assert "15 ธันวาคม 2567" in words(visit(world.people.office, "desk:negotiation", D1))


@pytest.mark.parametrize(
    ("typed", "faulty"),
    [
        ({"held_on": "เมื่อวาน"}, "held_on"),
        ({"held_on": "31/2/2570"}, "held_on"),
        ({"decisions": ""}, "decisions"),
        ({"committee": ""}, "people"),
        ({"people-0-name": "พล.ต.ต. ธนา"}, "people"),
        ({"people-0-name": "", "people-0-post": "ประธาน", "people-0-came": "yes"}, "people"),
        ({"people-0-name": "ก" * 400, "people-0-came": "yes"}, "people"),
        ({"new_files": [SimpleUploadedFile("ก.pdf", b"<script>")]}, "new_files"),
    ],
)
def test_faulty_minutes_are_refused_at_the_field_and_the_rest_is_kept(world, formal, send, typed, faulty):
    sent = minutes(formal.agreement, place="ห้องที่พิมพ์ไว้", **typed)
    answer = send(world.people.negotiator, "desk:minutes", D1, **sent)

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form["place"].value()) == (422, [faulty], "ห้องที่พิมพ์ไว้")
    assert minutes_of(formal.agreement) is None


def test_minutes_a_colleague_wrote_meanwhile_are_laid_beside_mine(world, formal, send, words):
    line = formal.line("1.1")
    came = [{"name": "ผู้แทนของเขา", "post": "", "duty": "", "came": "yes"}]
    theirs = {**MINUTES, "held_on": formal.diary.now.date(), "place": "ห้องของเขา", "people": came}
    theirs["decided"] = {str(line.pk): {"kind": "stands", "reason": ""}}
    save_minutes(formal.agreement, theirs, version=0, actor=world.people.negotiator, at=formal.diary.now)
    mine = {"place": "ห้องของเรา", f"decision-{line.pk}": "deferred", f"reason-{line.pk}": "รอข้อมูล"}
    answer = send(world.people.negotiator, "desk:minutes", D1, **minutes(formal.agreement, **mine))

    assert answer.status_code == 409
    assert answer.context["back"].startswith(reverse("desk:minutes", args=[D1]) + "#minutes-")
    assert {clash.name for clash in answer.context["clashes"]} == {
        "held_on", "place", "people", f"decision-{line.pk}", f"reason-{line.pk}",
    }  # fmt: skip
    for said in ("ห้องของเขา", "ห้องของเรา", "ผู้แทนของเขา", "รอข้อมูล"):
        assert said in words(answer)
    chosen = {clash.name: clash.theirs_sent for clash in answer.context["clashes"]}
    again = dict(answer.context["kept"]) | chosen | {"version": answer.context["version"], "place": "ห้องของเรา"}
    send(world.people.negotiator, "desk:minutes", D1, **again)
    kept = minutes_of(formal.agreement)
    assert (kept.place, kept.version, kept.people, kept.decided[str(line.pk)]["kind"]) == (
        "ห้องของเรา",
        2,
        came,
        "stands",
    )


def test_every_indicator_has_its_decision_before_the_minutes_are_sent(world, formal, send):
    """Agreed as it stands, changed, or deferred with a reason; one button agrees to the rest."""
    first, second = formal.line("1.1"), formal.line("1.2")
    by = {"actor": world.people.negotiator, "at": formal.diary.later()}
    make_offer(second, "level_5", "15", reason="มติคณะกรรมการ", **by)
    undecided = minutes(formal.agreement)
    assert f"decision-{second.pk}" not in undecided
    send(world.people.negotiator, "desk:minutes", D1, **undecided)
    with pytest.raises(Refused, match=r"ยังไม่มีมติของตัวชี้วัดที่ 1\.1, 1\.3, 2\.1, 3\.1, 4\.1"):
        formal.move("record_formal", world.people.negotiator)

    deferred = undecided | {"version": 1, "rest": "1", f"decision-{first.pk}": "deferred"}
    answer = send(world.people.negotiator, "desk:minutes", D1, **deferred)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [f"reason-{first.pk}"])
    send(world.people.negotiator, "desk:minutes", D1, **deferred | {f"reason-{first.pk}": "รอข้อมูลปีก่อน"})
    decided = minutes_of(formal.agreement).decided
    assert (decided.pop(str(first.pk)), len(decided)) == ({"kind": "deferred", "reason": "รอข้อมูลปีก่อน"}, 4)
    assert {each["kind"] for each in decided.values()} == {"stands"}
    formal.move("record_formal", world.people.negotiator)
    printed = {line["number"]: line["decision"] for line in as_printed(minutes_of(formal.agreement))["lines"]}
    assert (printed["1.1"], printed["2.1"]) == ("เลื่อนการพิจารณา\nรอข้อมูลปีก่อน", "เห็นชอบตามเสนอ")
    assert "18 → 15" in printed["1.2"]


def test_files_go_with_the_minutes_and_can_be_taken_away(world, formal, send, visit):
    sent = minutes(formal.agreement) | {"new_files": [evidence_file("บันทึกการประชุม", ["1"])]}
    send(world.people.negotiator, "desk:minutes", D1, **sent)
    [file] = minutes_of(formal.agreement).files

    assert visit(world.people.office, "desk:minutes_file", D1, 1, 1)["Content-Type"] == "application/pdf"
    send(world.people.negotiator, "desk:minutes", D1, **minutes(formal.agreement, version=1, remove=[file["sha256"]]))
    assert minutes_of(formal.agreement).files == []


def test_the_minutes_are_printed_in_thai(world, visit):
    world.agreement("formal", "office")
    world.people.office.language = "en"
    paper = visit(world.people.office, "desk:minutes_paper", D1, 1)
    read = text_of(paper.content)

    assert paper["Content-Type"] == "application/pdf"
    assert "รายงานการประชุมเจรจาคำรับรองการปฏิบัติราชการ" in read
    assert "เห็นชอบตามเสนอ" in read


def test_what_was_decided_is_shown_and_becomes_the_text_when_confirmed(world, formal, visit, send, words):
    line = formal.line("1.1")
    form = filled(OfferForm(line=line)) | {"level_5": "92", "reason": "มติคณะกรรมการ"}
    send(world.people.negotiator, "desk:offer", D1, line.pk, **form)
    assert visit(world.people.office, "desk:negotiation", D1).context["bargain"].open_count == 0

    formal.hold_formal_round()
    page = visit(world.people.office, "desk:negotiation", D1)
    assert "มีมติแก้ไข 1 เรื่อง" in words(page)
    assert page.context["bargain"].spoken[0].state == ("มติแล้ว รอยืนยัน", "formal")
    assert formal.line("1.1").level_5 == 90
    formal.to("signing")
    assert formal.line("1.1").level_5 == 92


def test_an_offer_left_to_the_committee_has_its_reason_and_keeps_nobody_from_closing(world, walk, send):
    accept(offer("level_5"), actor=world.people.staff, at=walk.diary.later())
    answer = send(world.people.staff, "desk:answer_offer", D1, offer("weight").pk, "defer", reason="")
    assert (answer.status_code, offer("weight").state) == (422, "open")

    send(world.people.staff, "desk:answer_offer", D1, offer("weight").pk, "defer", reason="ขอให้คณะกรรมการพิจารณา")
    walk.hand_to_office()
    walk.answer()
    walk.move("close_informal", walk.people.negotiator)
    assert (offer("weight").state, offer("weight").answer) == ("deferred", "ขอให้คณะกรรมการพิจารณา")
    assert walk.line("1.2").weight == 15


# Who follows, and what it costs


def test_people_below_do_not_see_how_their_superiors_agreement_came_about(world, visit, words):
    world.agreement("draft")
    world.agreement("assessment", code="IMM")
    answer = visit(world.people.staff, "desk:negotiation", "2570-IMM")

    assert answer.status_code == 403
    assert "เปิดให้เฉพาะ" in words(answer)
