"""Lines out of the total by decision: the weights are conserved, the denominator is named, and it is on record."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acts.engine import Refused, refusals
from acts.models import Entry
from agreements.freeze import thaw
from agreements.stages import Pen, Stage
from results.exclude import exclude, may_exclude, restore
from results.exclusions import Excluded, problem, weights_after
from results.models import Exclusion
from results.recompute import check
from results.rules import evaluation_of
from results.scores import evaluation_card, unit_card
from workflow.lifecycle import TABLE
from workflow.rules import hash_of_scores

NUMBERS = {1: "1.1", 2: "1.2", 3: "2.1"}
WEIGHTS = {1: Decimal(50), 2: Decimal(30), 3: Decimal(20)}


def test_a_weight_that_leaves_the_total_is_gone_and_one_that_moves_is_where_it_went():
    assert weights_after(WEIGHTS, [Excluded(3)]) == {1: Decimal(50), 2: Decimal(30)}
    assert weights_after(WEIGHTS, [Excluded(3, to=1)]) == {1: Decimal(70), 2: Decimal(30)}


@pytest.mark.parametrize(
    ("before", "new", "sentence"),
    [
        ([], Excluded(3), ""),
        ([], Excluded(3, to=3), "โอนน้ำหนักของตัวชี้วัดให้ตัวเองไม่ได้"),
        ([Excluded(3)], Excluded(3), "ตัวชี้วัดที่ 2.1 ถูกตัดออกจากคะแนนรวมอยู่แล้ว"),
        ([Excluded(3)], Excluded(1, to=3), "โอนน้ำหนักไปยังตัวชี้วัดที่ 2.1 ไม่ได้ เพราะถูกตัดออกจากคะแนนรวมเช่นกัน"),
        ([Excluded(3, to=1)], Excluded(1), "ตัวชี้วัดที่ 1.1 รับน้ำหนักของตัวชี้วัดอื่นไว้ โปรดยกเลิกรายการนั้นก่อน"),
        ([Excluded(3), Excluded(2)], Excluded(1), "ต้องมีตัวชี้วัดที่มีน้ำหนักเหลืออยู่ในคะแนนรวมอย่างน้อยหนึ่งตัว"),
    ],
)
def test_what_can_be_taken_out(before, new, sentence):
    assert problem(WEIGHTS, before, new, NUMBERS) == sentence


@st.composite
def decisions(draw):
    """Weights, and lines out of the total as they could be decided one after the other."""
    weights = dict(enumerate(draw(st.lists(st.integers(1, 60).map(Decimal), min_size=2, max_size=7)), 1))
    numbers, made = {key: str(key) for key in weights}, []
    for key, to in draw(
        st.lists(st.tuples(st.sampled_from(list(weights)), st.sampled_from([None, *weights])), max_size=6)
    ):
        if not problem(weights, made, Excluded(key, to), numbers):
            made.append(Excluded(key, to))
    return weights, made


@given(decisions())
def test_excluded_weight_is_conserved(drawn):
    weights, made = drawn
    left = sum(weights[each.key] for each in made if each.to is None)

    assert sum(weights_after(weights, made).values()) + left == sum(weights.values())


@given(decisions(), st.randoms(use_true_random=False))
def test_the_order_of_the_decisions_is_irrelevant(drawn, dice):
    weights, made = drawn
    shuffled = dice.sample(made, len(made))

    assert weights_after(weights, shuffled) == weights_after(weights, made)


@given(decisions())
def test_something_always_counts_and_what_is_out_does_not(drawn):
    weights, made = drawn
    after = weights_after(weights, made)

    assert sum(after.values()) > 0
    assert not {each.key for each in made} & after.keys()


# In an evaluation: 1.1 35 × 4.3333, 1.2 15 × 4.3333, 1.3 10 × 4, 2.1 15 × 5, 3.1 10 × 4.5, 4.1 15 × 4

DECISION = {"reason": "ยกเลิกโครงการตามมติ", "order_number": "ตร. 12/2570"}


@pytest.fixture
def walk(world):
    walk = world.walk()
    walk.to(Stage.EVALUATION, Pen.SUPERIOR)
    return walk


def out(world, walk, number, to=None, who="planner"):
    keys = {"key": walk.line(number).pk, "to": walk.line(to).pk if to else None}
    by = {"actor": world.people.get(who), "at": walk.diary.soon()}
    return exclude(evaluation_of(walk.agreement), **keys, **DECISION, **by)


def card(walk):
    return evaluation_card(evaluation_of(walk.agreement))


def test_the_others_are_divided_by_what_is_left(world, walk):
    before = card(walk).total
    out(world, walk, "2.1")
    after = card(walk)

    # 436.665 ÷ 100, and (436.665 − 15 × 5) ÷ 85
    assert (before.score, after.total.score, after.total.denominator) == (
        Decimal("4.3667"),
        Decimal("4.2549"),
        Decimal("85.00"),
    )
    assert unit_card(after).total.denominator == Decimal("85.00")
    assert after.total.denominator_words.endswith("ไม่รวมตัวชี้วัดที่ 2.1")
    assert "ตร. 12/2570" in after.total.working[0].text
    assert after.contribution(after.row_of(walk.line("2.1").pk)) is None


def test_a_moved_weight_counts_where_it_went(world, walk):
    out(world, walk, "2.1", to="1.2")
    after = card(walk)

    # 436.665 and 15 × 4.3333 instead of 15 × 5
    assert (after.total.score, after.total.denominator) == (Decimal("4.2666"), Decimal("100.00"))
    assert after.row_of(walk.line("1.2").pk).line.weight == Decimal("30.00")


def test_it_is_frozen_with_the_scores_and_comes_out_again(world, walk):
    out(world, walk, "2.1")
    walk.release()
    frozen = walk.agreement.snapshots.get(purpose="scores")

    assert (thaw(frozen)["total"]["score"], thaw(frozen)["total"]["denominator"]) == ("4.2549", "85.00")
    assert check(frozen) == []


def test_scores_shown_before_the_decision_are_not_released_after_it(world, walk):
    shown = hash_of_scores(walk.agreement)
    out(world, walk, "2.1")

    assert hash_of_scores(walk.agreement) != shown


def test_taken_back_it_counts_again_and_stays_on_record(world, walk):
    made = out(world, walk, "2.1")
    by = {"actor": world.people.planner, "at": walk.diary.soon()}
    restore(made, reason="มติเปลี่ยนแปลง", **by)

    assert card(walk).total.denominator == Decimal("100.00")
    assert Exclusion.objects.get().withdrawn_why == "มติเปลี่ยนแปลง"
    assert {"exclude_line", "restore_line"} <= set(Entry.objects.values_list("act", flat=True))
    with pytest.raises(Refused):
        restore(made, reason="อีกครั้ง", **by)
    assert out(world, walk, "2.1").pk != made.pk


@pytest.mark.parametrize("name", ["staff", "head", "evaluator", "superior", "auditor", "administrator", "neighbour"])
def test_nobody_but_the_planning_office_decides(world, walk, name):
    with pytest.raises(Refused) as refused:
        out(world, walk, "2.1", who=name)

    assert "เฉพาะกองยุทธศาสตร์" in str(refused.value)
    assert not Exclusion.objects.exists()


def test_what_is_released_is_decided(world, walk):
    walk.release()
    evaluation = evaluation_of(walk.agreement)

    assert "ประกาศคะแนนแล้ว" in str(may_exclude(evaluation, world.people.planner, walk.diary.now))
    assert refusals(TABLE, walk.agreement, "accept_scores", actor=walk.people.head, at=walk.diary.now) == []
