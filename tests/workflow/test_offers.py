"""Offers and what is said: made by whom the pen is with, answered by the other side, each field one at a time."""

from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ValidationError

from acts.engine import Conflict, Refused
from acts.models import Entry
from workflow.models import Comment, Offer
from workflow.offers import accept, counter, decline, make_offer, read_value, side_to_speak, withdraw
from workflow.talk import say

WHY = "เพื่อให้ท้าทายขึ้น"
State = Offer.State


@pytest.fixture
def walk(world):
    """At the negotiator, in the first round."""
    walk = world.walk()
    walk.to("informal", "negotiator")
    return walk


@pytest.fixture
def by(world):
    return lambda who: {"actor": world.people.get(who), "at": world.at()}


@pytest.fixture
def offered(walk, by):
    """The negotiator's offer on the fifth level of 1.2; the pen has gone to the unit's staff."""
    offer = make_offer(walk.line("1.2"), "level_5", "15", reason=WHY, **by("negotiator"))
    walk.move("hand_back", walk.people.negotiator)
    return offer


def state_of(offer):
    return Offer.objects.get(pk=offer.pk).state


# Who speaks


@pytest.mark.parametrize(
    ("stage", "pen", "who", "side"),
    [
        ("informal", "negotiator", "negotiator", "counterpart"),
        ("informal", "staff", "staff", "owner"),
        ("formal", "negotiator", "negotiator", "counterpart"),
    ],
)
def test_the_side_that_holds_the_pen_speaks_and_nobody_else(world, stage, pen, who, side):
    agreement = world.agreement(stage, pen)
    speaking = {name: side_to_speak(agreement, world.people.get(name), world.at())[0] for name in world.people.names}

    assert {name: said for name, said in speaking.items() if said} == {who: side}


@pytest.mark.parametrize(
    ("stage", "pen", "who", "sentence"),
    [
        ("draft", "staff", "staff", "ขณะนี้ไม่มีเรื่องที่ต้องเจรจา"),
        ("informal", "office", "office", "ขณะนี้ไม่มีเรื่องที่ต้องเจรจา"),
        ("formal", "office", "negotiator", "ขณะนี้ไม่มีเรื่องที่ต้องเจรจา"),
        ("signing", "head", "negotiator", "ขณะนี้ไม่มีเรื่องที่ต้องเจรจา"),
        ("informal", "negotiator", "staff", "ขณะนี้เป็นตาของอีกฝ่าย หรือท่านไม่ได้เป็นผู้เจรจาของฝ่ายนี้"),
        ("informal", "staff", "negotiator", "ขณะนี้เป็นตาของอีกฝ่าย หรือท่านไม่ได้เป็นผู้เจรจาของฝ่ายนี้"),
    ],
)
def test_out_of_turn_nothing_is_offered_and_nothing_said(world, by, stage, pen, who, sentence):
    agreement = world.agreement(stage, pen)
    before = Offer.objects.count(), Comment.objects.count()

    for speak in (
        partial(make_offer, agreement.lines.first(), "target", "89", reason=WHY),
        partial(say, agreement, "ขอทราบรายละเอียด"),
    ):
        with pytest.raises(Refused) as refused:
            speak(**by(who))
        assert str(refused.value) == sentence
    assert (Offer.objects.count(), Comment.objects.count()) == before


# What can be offered


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("weight", "๑๒.๕๐", "12.5"),
        ("target", "1,234.5", "1234.5"),
        ("level_1", "−3", "-3"),
        ("definition", "  นิยาม\r\nใหม่ ", "นิยาม\nใหม่"),
    ],
)
def test_a_value_is_read_as_people_type_it(field, typed, kept):
    assert read_value(field, typed) == kept


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("weight", "0", "น้ำหนักต้องมากกว่า 0 และไม่เกิน 100"),
        ("weight", "100.01", "น้ำหนักต้องมากกว่า 0 และไม่เกิน 100"),
        ("definition", " \n", "โปรดพิมพ์ข้อความที่เสนอ"),
        ("version", "9", "รายการนี้เจรจาไม่ได้"),
        ("agreement_id", "9", "รายการนี้เจรจาไม่ได้"),
        ("past_1", "9", "รายการนี้เจรจาไม่ได้"),
    ],
)
def test_what_cannot_be_offered_is_said(field, typed, sentence):
    with pytest.raises(ValidationError) as wrong:
        read_value(field, typed)
    assert wrong.value.messages == [sentence]


@pytest.mark.parametrize("typed", ["", "NaN", "10^400", "สิบห้า", "1e400", "12345678901234.5"])
def test_a_number_that_is_none_is_not_offered(typed):
    with pytest.raises(ValidationError):
        read_value("target", typed)


def test_a_text_too_long_says_how_long(walk, by):
    with pytest.raises(ValidationError, match="100,000"):
        make_offer(walk.line("1.1"), "definition", "ก" * 100_000, reason=WHY, **by("negotiator"))


def test_what_stands_there_already_is_no_offer(walk, by):
    line = walk.line("1.1")

    with pytest.raises(ValidationError, match="ข้อเสนอเหมือนกับที่มีอยู่แล้ว"):
        make_offer(line, "weight", "35.00", reason=WHY, **by("negotiator"))


def test_an_offer_has_its_reason(walk, by):
    with pytest.raises(Refused, match="โปรดระบุเหตุผลของข้อเสนอ"):
        make_offer(walk.line("1.1"), "target", "89", reason="  ", **by("negotiator"))


def test_a_field_has_one_open_offer_at_a_time(walk, by):
    line = walk.line("1.1")
    make_offer(line, "target", "89", reason=WHY, **by("negotiator"))

    with pytest.raises(Conflict) as taken:
        make_offer(line, "target", "90", reason=WHY, **by("negotiator"))
    assert str(taken.value) == "รายการนี้มีข้อเสนอที่รอคำตอบอยู่แล้ว โปรดตอบหรือถอนข้อเสนอนั้นก่อน"
    make_offer(line, "weight", "30", reason=WHY, **by("negotiator"))
    assert Offer.objects.count() == 2


def test_an_offer_says_from_what_to_what_and_is_on_record(walk, by):
    offer = make_offer(walk.line("1.1"), "target", "๘๙", reason=WHY, **by("negotiator"))

    assert (offer.from_value, offer.to_value, offer.side, offer.made_by) == (
        "88",
        "89",
        "counterpart",
        "พ.ต.อ. ธนา ศรีสุข",
    )
    entry = Entry.objects.about(walk.agreement).first()
    assert (entry.act, entry.text, entry.changes["target"]) == ("offer", WHY, ["88", "89"])
    assert walk.line("1.1").target == 88


# Answers


def test_an_accepted_offer_becomes_the_text(walk, offered, by):
    version = walk.line("1.2").version
    accept(offered, **by("staff"))

    assert (walk.line("1.2").level_5, walk.line("1.2").version) == (Decimal(15), version + 1)
    assert state_of(offered) == State.ACCEPTED


def test_a_declined_offer_leaves_the_text_and_has_its_reason(walk, offered, by):
    decline(offered, answer="ระบบใหม่ยังไม่ครบทุกด่าน", **by("staff"))

    offered.refresh_from_db()
    assert (offered.state, offered.answer) == (State.DECLINED, "ระบบใหม่ยังไม่ครบทุกด่าน")
    assert offered.answered_by == "พ.ต.ท.หญิง กมลชนก ใจดี"
    assert walk.line("1.2").level_5 == 18


def test_nobody_declines_without_a_reason(offered, by):
    with pytest.raises(Refused, match="โปรดระบุเหตุผลที่ไม่รับข้อเสนอ"):
        decline(offered, answer=" ", **by("staff"))
    assert state_of(offered) == State.OPEN


def test_offers_and_counter_offers_make_a_chain_that_ends_in_the_text(walk, offered, by):
    second = counter(offered, "17", reason="ขอค่อยเป็นค่อยไป", **by("staff"))
    walk.move("answer", walk.people.office)
    third = counter(second, "16", reason="พบกันครึ่งทาง", **by("negotiator"))
    walk.move("hand_back", walk.people.negotiator)
    accept(third, **by("staff"))

    chain = [(each.side, each.to_value, each.state) for each in Offer.objects.order_by("pk")]
    assert chain == [
        ("counterpart", "15", State.COUNTERED),
        ("owner", "17", State.COUNTERED),
        ("counterpart", "16", State.ACCEPTED),
    ]
    third.refresh_from_db()
    assert third.answers.answers == offered
    assert walk.line("1.2").level_5 == 16


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("15.0", "ค่านี้ตรงกับที่อีกฝ่ายเสนอแล้ว หากเห็นชอบโปรดกดรับข้อเสนอ"),
        ("18", "ข้อเสนอเหมือนกับที่มีอยู่แล้ว"),
    ],
)
def test_a_counter_offer_that_is_none_changes_nothing(offered, by, value, sentence):
    with pytest.raises(ValidationError) as wrong:
        counter(offered, value, reason="ขอปรับ", **by("staff"))
    assert wrong.value.messages == [sentence]
    assert (state_of(offered), Offer.objects.count()) == (State.OPEN, 1)


def test_a_side_does_not_answer_itself(walk, by):
    own = make_offer(walk.line("1.1"), "target", "89", reason=WHY, **by("negotiator"))

    for answer in (accept, partial(decline, answer="ไม่"), partial(counter, to_value="90", reason="ไม่")):
        with pytest.raises(Refused, match="แต่ละฝ่ายตอบข้อเสนอของอีกฝ่าย และถอนได้เฉพาะข้อเสนอของตน"):
            answer(own, **by("negotiator"))
    assert state_of(own) == State.OPEN


def test_a_side_withdraws_only_its_own(walk, offered, by):
    with pytest.raises(Refused, match="ถอนได้เฉพาะข้อเสนอของตน"):
        withdraw(offered, **by("staff"))

    own = make_offer(walk.line("1.1"), "target", "87.5", reason=WHY, **by("staff"))
    withdraw(own, **by("staff"))
    assert (state_of(own), state_of(offered)) == (State.WITHDRAWN, State.OPEN)


def test_an_answer_is_given_once(offered, by):
    accept(offered, **by("staff"))

    for again in (accept, partial(decline, answer="ไม่รับ"), partial(counter, to_value="17", reason="ขอปรับ")):
        with pytest.raises(Conflict) as late:
            again(offered, **by("staff"))
        assert str(late.value) == "ข้อเสนอนี้มีคำตอบแล้ว"
    assert Offer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_one_who_withdraws_and_a_colleague_who_does_too_one_does(world, at_once):
    walk = world.walk()
    walk.to("informal", "negotiator")
    by = {"actor": world.people.negotiator, "at": world.at()}
    own = make_offer(walk.line("1.1"), "target", "89", reason=WHY, **by)

    answers = at_once(*[partial(withdraw, own, **by)] * 4)

    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict"] * 3 + ["NoneType"], answers
    assert Entry.objects.filter(act="withdraw_offer").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_acceptance_racing_the_handing_over_is_in_the_snapshot_or_refused(world, at_once):
    """What the other side gets is the text as it was frozen: nothing slips in behind it."""
    walk = world.walk()
    walk.to("informal", "office")
    walk.move("return_to_staff", world.people.office, reason="ขอให้ตอบให้ครบ")
    line = walk.line("1.2")
    offer = Offer.objects.create(
        round=walk.agreement.rounds.get(closed_at=None), line=line, field="level_5", from_value="18", to_value="15",
        reason=WHY, side="counterpart", made_by="ธนา", made_at=world.at(),
    )  # fmt: skip
    accepting = partial(accept, offer, actor=world.people.staff, at=world.at())
    handing = partial(walk.move, "hand_to_office", world.people.staff, at=world.at())

    accepted, handed = at_once(accepting, handing)

    assert not isinstance(handed, Exception)
    assert accepted is None or isinstance(accepted, Refused)
    assert (walk.line("1.2").level_5 == 15) is (accepted is None)


# What is said


def test_a_comment_stands_at_its_line_in_the_open_round(walk, by):
    comment = say(walk.agreement, " ขอทราบ\r\nแหล่งข้อมูล ", line=walk.line("1.1"), **by("negotiator"))

    assert (comment.text, comment.side, comment.line) == ("ขอทราบ\nแหล่งข้อมูล", "counterpart", walk.line("1.1"))
    assert comment.round == walk.agreement.rounds.get()
    assert Entry.objects.about(walk.agreement).first().text == "ขอทราบ\nแหล่งข้อมูล"


def test_nothing_is_not_said(walk, by):
    with pytest.raises(Refused, match="โปรดพิมพ์ความเห็น"):
        say(walk.agreement, " \n ", **by("negotiator"))
    assert not Comment.objects.exists()
