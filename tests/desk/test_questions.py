"""The three questions: answered by the unit's staff, asked for before the informal negotiation closes, frozen."""

import pytest

from acts.engine import Refused
from agreements.freeze import thaw
from agreements.models import ThreeAnswers
from agreements.questions_form import QuestionsForm
from tests.desk.asking import filled

D1 = "2570-IMM-D1"


@pytest.fixture
def sent(world, send):
    """sent(who, **changed): the page of the questions as it is shown, sent with what is changed."""

    def send_it(user, **changed):
        return send(user, "desk:questions", D1, **filled(QuestionsForm(agreement=world.draft_now())) | changed)

    return send_it


@pytest.fixture
def draft(world):
    agreement = world.draft
    world.draft_now = lambda: type(agreement).objects.for_detail().get(pk=agreement.pk)
    return agreement


def test_name_and_target_are_suggested_and_nothing_is_kept_by_looking(world, draft, visit):
    first = visit(world.people.staff, "desk:questions", D1).context["form"].rows[0]

    assert [field.initial for field in first[2]] == ["", first[0].line.name, "ร้อยละ 88"]
    assert not ThreeAnswers.objects.exists()


def test_answers_are_kept_changed_and_on_record(world, draft, sent, visit, words):
    pk = draft.lines.first().pk
    sent(world.people.staff, **{f"develops-{pk}": "ลดเวลารอ\r\nที่ด่าน"})
    assert sent(world.people.staff, **{f"target_is-{pk}": "ร้อยละ ๙๐"}).status_code == 302

    given = ThreeAnswers.objects.get(line=pk)
    assert (given.develops, given.target_is, given.version) == ("ลดเวลารอ\nที่ด่าน", "ร้อยละ ๙๐", 2)
    assert "ตอบคำถามสามข้อของ" in words(visit(world.people.staff, "desk:history", D1))


def test_a_stale_answer_shows_both_and_loses_neither(world, draft, sent):
    pk = draft.lines.first().pk
    sent(world.people.staff)
    page = sent(world.people.staff, **{f"version-{pk}": 0, f"develops-{pk}": "ของฉัน"})

    assert (page.status_code, [clash.mine for clash in page.context["clashes"]]) == (409, ["ของฉัน"])
    assert ThreeAnswers.objects.get(line=pk).develops == ""


def test_too_long_an_answer_is_refused_at_its_field(world, draft, sent):
    name = f"develops-{draft.lines.first().pk}"
    page = sent(world.people.staff, **{name: "ก" * 100_000})

    assert (page.status_code, list(page.context["form"].errors)) == (422, [name])
    assert not ThreeAnswers.objects.exists()


def test_the_negotiation_closes_only_when_all_are_answered_and_they_are_frozen(world):
    walk = world.walk()
    walk.to("informal", "negotiator")
    ThreeAnswers.objects.filter(line=walk.line("1.2")).update(develops="")
    with pytest.raises(Refused, match=r"ยังตอบคำถามสามข้อไม่ครบในตัวชี้วัดที่ 1\.2"):
        walk.move("close_informal", walk.people.negotiator)

    ThreeAnswers.objects.filter(line=walk.line("1.2")).update(develops="ลดเวลารอ")
    walk.move("close_informal", walk.people.negotiator)
    frozen = {line["number"]: line["questions"] for line in thaw(walk.agreement.snapshots.last())["lines"]}
    assert len(frozen) == 6
    assert frozen["1.2"] == {
        "develops": "ลดเวลารอ", "measures": walk.line("1.2").name, "target_is": frozen["1.2"]["target_is"],
    }  # fmt: skip
