"""The table of the walk, by equality: which moves there are, and who may make which, at each stage and pen."""

from datetime import timedelta

import pytest

from acts.engine import Refused, move, refusals
from agreements.stages import Pen, Stage
from results.models import ReportingRound
from workflow.lifecycle import TABLE

REASON, PASSWORD = "asks for a reason", "asks for the password"

# name: from, to (None: the stage stays), what it asks for
MOVES = {
    "hand_to_office": (("draft", "informal", "assessment"), None, set()),
    "return_to_staff": (("draft", "informal", "assessment"), None, {REASON}),
    "submit": (("draft",), "informal", set()),
    "send_back": (("informal",), "draft", {REASON}),
    "hand_back": (("informal",), None, set()),
    "answer": (("informal",), None, set()),
    "close_informal": (("informal",), "formal", set()),
    "record_formal": (("formal",), None, set()),
    "dispute_formal": (("formal",), None, {REASON}),
    "confirm_formal": (("formal",), "signing", set()),
    "reopen_informal": (("formal",), "informal", {REASON}),
    "sign": (("signing",), None, {PASSWORD}),
    "sign_along": (("signing",), None, {PASSWORD}),
    "countersign": (("signing",), "assessment", {PASSWORD}),
    "refuse_to_make": (("signing",), "formal", {REASON}),
    "refuse_to_receive": (("signing",), "formal", {REASON}),
    "send_report": (("assessment",), None, set()),
    "take_from_paper": (("assessment",), None, {REASON}),
    "send_from_paper": (("assessment",), None, set()),
    "give_back_paper": (("assessment",), None, set()),
    "take_back_report": (("assessment",), None, set()),
    "accept_report": (("assessment",), None, set()),
    "return_report": (("assessment",), None, {REASON}),
    "return_certification": (("assessment",), None, {REASON}),
    "certify": (("assessment",), "evaluation", set()),
    "propose": (("evaluation",), None, set()),
    "return_scores": (("evaluation",), None, {REASON}),
    "release": (("evaluation",), "appeal", {PASSWORD}),
    "accept_scores": (("appeal",), "closed", set()),
    "lodge_appeal": (("appeal",), None, set()),
    "withdraw_appeal": (("appeal",), None, {REASON}),
    "decide_appeal": (("appeal",), None, set()),
    "return_decision": (("appeal",), None, {REASON}),
    "close": (("appeal",), "closed", {PASSWORD}),
    "end_appeal_days": (("appeal",), None, set()),
}

# stage, pen: person → the moves that are theirs. Everybody who isn't named may make none.
ALLOWED = {
    ("draft", "staff"): {"staff": {"hand_to_office"}, "office": {"submit"}},
    ("draft", "office"): {"office": {"return_to_staff", "submit"}},
    ("informal", "negotiator"): {"negotiator": {"send_back", "hand_back", "close_informal"}},
    ("informal", "staff"): {"staff": {"hand_to_office"}, "office": {"answer"}},
    ("informal", "office"): {"office": {"return_to_staff", "answer"}},
    ("formal", "negotiator"): {"negotiator": {"record_formal", "reopen_informal"}},
    ("formal", "office"): {"office": {"dispute_formal", "confirm_formal"}},
    ("signing", "head"): {"head": {"sign", "refuse_to_make"}},
    ("signing", "superior"): {"superior": {"sign_along", "countersign", "refuse_to_receive"}},
    ("assessment", "staff"): {
        "staff": {"hand_to_office"},
        "office": {"send_report"},
        "evaluator": {"take_from_paper"},
    },
    ("assessment", "office"): {"office": {"return_to_staff", "send_report"}},
    # Of a report that was sent, and of one that is entered from paper: the checks say which it is.
    ("assessment", "evaluator"): {
        "evaluator": {"accept_report", "return_report", "send_from_paper", "give_back_paper"},
        "staff": {"take_back_report"},
    },
    ("assessment", "head"): {"head": {"certify", "return_certification"}},
    ("evaluation", "evaluator"): {"evaluator": {"propose"}},
    ("evaluation", "superior"): {"superior": {"return_scores", "release"}},
    # Once the days are over the superior closes, be it that the pen has not passed yet: the check says when.
    ("appeal", "head"): {"head": {"accept_scores", "lodge_appeal"}, "superior": {"close"}},
    ("appeal", "evaluator"): {"head": {"withdraw_appeal"}, "evaluator": {"decide_appeal"}},
    ("appeal", "superior"): {"head": {"withdraw_appeal"}, "superior": {"return_decision", "close"}},
    ("closed", "nobody"): {},
}


@pytest.fixture
def interim_round(world):
    """A round before the final one, so that an evaluator gets to accept a report."""
    starts = world.year.starts_on
    return ReportingRound.objects.create(
        fiscal_year=world.year,
        position=1,
        name="รอบ 6 เดือน",
        opens_on=starts + timedelta(days=182),
        due_on=starts + timedelta(days=211),
    )


def test_the_table_holds_these_moves_and_no_other():
    def asks(step):
        return ({REASON} if step.asks_reason else set()) | ({PASSWORD} if step.step_up else set())

    assert {step.name: (step.sources, step.target, asks(step)) for step in TABLE} == MOVES


@pytest.mark.usefixtures("interim_round")
@pytest.mark.parametrize(("stage", "pen"), ALLOWED)
def test_who_may_make_which_move(world, stage, pen):
    agreement = world.agreement(stage, pen)

    def moves_of(person):
        steps = TABLE.from_stage(agreement.stage)
        return {step.name for step in steps if step.may(agreement, person, world.at()) is None}

    found = {name: moves_of(world.people.get(name)) for name in world.people.names}

    assert {name: moves for name, moves in found.items() if moves} == ALLOWED[stage, pen]


def test_every_stage_and_pen_that_a_walk_comes_by_has_its_row_above():
    assert {stage for stage, _pen in ALLOWED} == set(Stage.values)
    assert {pen for _stage, pen in ALLOWED} == set(Pen.values)


def sentences(agreement, name, person, at):
    return [str(refusal) for refusal in refusals(TABLE, agreement, name, actor=person, at=at)]


def test_a_move_by_the_wrong_person_is_refused_with_a_sentence(world):
    assert sentences(world.draft, "submit", world.people.staff, world.at()) == [
        "เฉพาะหัวหน้าฝ่าย/ผู้ช่วยหัวหน้าหน่วย (บก.ตม.1) เท่านั้นที่ดำเนินการนี้ได้"
    ]
    assert sentences(world.agreement("signing", code="IMM-D2"), "countersign", world.people.head, world.at()) == [
        "เฉพาะผู้รับคำรับรอง (สตม.) เท่านั้นที่ดำเนินการนี้ได้",
        "หัวหน้าหน่วยยังไม่ได้ลงนาม",
    ]


def test_out_of_turn_the_sentence_says_who_has_the_pen(world):
    agreement = world.agreement("informal", "negotiator")

    assert sentences(agreement, "hand_to_office", world.people.staff, world.at()) == [
        "ยังไม่ถึงตาของท่าน ขณะนี้คำรับรองอยู่ที่ผู้เจรจา"
    ]


def test_in_the_wrong_stage_the_sentence_says_which_it_is(world):
    assert sentences(world.draft, "sign", world.people.head, world.at()) == [
        "เรื่องนี้อยู่ในขั้น “ร่าง” จึงทำ “ลงนามในฐานะผู้ทำคำรับรอง” ไม่ได้"
    ]


def where_it_is_somebodys(name):
    """The first row above in which a move is somebody's: (stage, pen, who)."""
    return next(
        (*place, person) for place, people in ALLOWED.items() for person, moves in people.items() if name in moves
    )


@pytest.mark.usefixtures("interim_round")
@pytest.mark.parametrize("name", [name for name, (_from, _to, asks) in MOVES.items() if REASON in asks])
def test_what_sends_something_back_asks_why(world, name):
    stage, pen, person = where_it_is_somebodys(name)
    agreement = world.agreement(stage, pen)

    with pytest.raises(Refused) as refused:
        move(
            TABLE,
            agreement,
            name,
            actor=world.people.get(person),
            at=world.at(),
            version=agreement.version,
            reason=" \n",
        )
    assert str(refused.value) == "โปรดระบุเหตุผล เพื่อให้ผู้รับเรื่องทราบ"
