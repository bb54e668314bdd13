"""Making a move: told first, confirmed then; refused with sentences; once, and only on the page's own version."""

import pytest
from django.urls import reverse

from acts.idempotency import new_key
from acts.models import Entry
from agreements.models import Line, Snapshot
from agreements.stages import Stage
from desk.moves import ELSEWHERE
from desk.moving import WHAT_HAPPENS
from workflow.lifecycle import TABLE
from workflow.rules import hash_of_scores

D1 = "2570-IMM-D1"


def confirmed(agreement, **more):
    """What the form of a move posts."""
    return {"version": agreement.version, "idempotency": new_key(), **more}


def test_it_says_what_will_happen_and_then_does_it(world, visit, send, words):
    agreement = world.agreement(Stage.DRAFT, "office")
    told = words(visit(world.people.office, "desk:move", D1, "submit"))
    assert "เริ่มการเจรจาอย่างไม่เป็นทางการ" in told
    assert "สตม." in told

    answer = send(world.people.office, "desk:move", D1, "submit", **confirmed(agreement))

    agreement.refresh_from_db()
    assert (agreement.stage, agreement.pen) == ("informal", "negotiator")
    assert answer.url == reverse("desk:agreement", args=[D1])


def test_who_certifies_sees_the_total_first_and_the_way_to_every_result(world, visit, words):
    world.agreement(Stage.ASSESSMENT, "head")
    page = visit(world.people.head, "desk:move", D1, "certify")
    total = page.context["report"]["card"].total.score

    assert f"คะแนนรวมตามรายงานของหน่วย {total:.4f}" in words(page)
    assert f'href="{reverse("desk:report", args=[D1, 3])}"' in page.content.decode()


def test_looking_changes_nothing(world, visit):
    agreement = world.agreement(Stage.DRAFT, "office")
    before = Entry.objects.count()

    visit(world.people.office, "desk:move", D1, "submit")

    agreement.refresh_from_db()
    assert (agreement.stage, Entry.objects.count()) == ("draft", before)


def test_what_is_missing_is_told_with_the_way_to_mend_it(world, visit, send, words):
    agreement = world.agreement(Stage.DRAFT, "office")
    Line.objects.filter(agreement=agreement, weight=35).update(weight=34)

    page = visit(world.people.office, "desk:move", D1, "submit")
    answer = send(world.people.office, "desk:move", D1, "submit", **confirmed(agreement))

    assert reverse("desk:weights", args=[D1]) in page.content.decode()
    assert '<button class="btn go"' not in page.content.decode()
    assert answer.status_code == 422
    assert "น้ำหนักรวมต้องเป็น 100" in words(answer)
    agreement.refresh_from_db()
    assert agreement.stage == "draft"


def test_staff_who_hand_over_are_told_what_the_office_will_miss_and_may_do_it_all_the_same(world, visit, send, words):
    agreement = world.agreement(Stage.DRAFT, "staff")
    whole = words(visit(world.people.staff, "desk:move", D1, "hand_to_office"))
    Line.objects.filter(agreement=agreement, weight=35).update(weight=34)

    page = visit(world.people.staff, "desk:move", D1, "hand_to_office")
    send(world.people.staff, "desk:move", D1, "hand_to_office", **confirmed(agreement))

    assert "ยังส่งต่อไม่ได้" not in whole
    assert "ยังส่งต่อไม่ได้" in words(page)
    assert "น้ำหนักรวมต้องเป็น 100" in words(page)
    assert reverse("desk:weights", args=[D1]) in page.content.decode()
    agreement.refresh_from_db()
    assert agreement.pen == "office"


def test_a_reason_is_asked_for_and_kept(world, send, words):
    agreement = world.agreement(Stage.DRAFT, "office")

    blank = send(world.people.office, "desk:move", D1, "return_to_staff", **confirmed(agreement, reason="  "))
    assert blank.status_code == 422
    assert "โปรดระบุเหตุผล" in words(blank)

    send(world.people.office, "desk:move", D1, "return_to_staff", **confirmed(agreement, reason="โปรดเพิ่มตัวชี้วัด"))
    entry = Entry.objects.about(agreement).first()
    assert (entry.act, entry.text) == ("agreement.return_to_staff", "โปรดเพิ่มตัวชี้วัด")


def test_a_reason_that_is_too_long_stays_in_its_field(world, send, words):
    agreement = world.agreement(Stage.DRAFT, "office")

    answer = send(world.people.office, "desk:move", D1, "return_to_staff", **confirmed(agreement, reason="ก" * 100_000))

    assert answer.status_code == 422
    assert "ข้อความยาวเกินไป" in words(answer)
    assert "ก" * 100_000 in answer.content.decode()


@pytest.mark.parametrize("who", ["staff", "head", "superior", "negotiator", "auditor", "neighbour", "stranger"])
def test_the_wrong_person_is_refused(world, visit, send, who):
    agreement = world.agreement(Stage.INFORMAL, "office")
    user = world.people.get(who)
    strange = who in ("neighbour", "stranger")

    looked = visit(user, "desk:move", D1, "answer")
    sent = send(user, "desk:move", D1, "answer", **confirmed(agreement))

    assert {looked.status_code, sent.status_code} == ({404} if strange else {403})
    agreement.refresh_from_db()
    assert agreement.pen == "office"


def test_the_wrong_stage_is_refused_in_a_sentence(world, visit, send, words):
    agreement = world.agreement(Stage.SIGNING)

    looked = visit(world.people.office, "desk:move", D1, "submit")
    sent = send(world.people.office, "desk:move", D1, "submit", **confirmed(agreement))

    assert looked.status_code == 200
    assert sent.status_code == 403
    for page in (looked, sent):
        assert "ลงนาม" in words(page)
    assert "<form" not in looked.content.decode().split("<main")[1]


def test_a_page_that_has_grown_old_changes_nothing(world, send, words):
    agreement = world.agreement(Stage.DRAFT, "office")

    answer = send(world.people.office, "desk:move", D1, "submit", **confirmed(agreement) | {"version": 1})

    assert answer.status_code == 409
    assert "มีผู้แก้ไข" in words(answer) or "เปลี่ยน" in words(answer)
    agreement.refresh_from_db()
    assert agreement.stage == "draft"


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 40])
def test_a_version_that_is_none_is_no_way_round(world, send, version):
    agreement = world.agreement(Stage.DRAFT, "office")

    answer = send(world.people.office, "desk:move", D1, "submit", **confirmed(agreement) | {"version": version})

    assert answer.status_code in (409, 422)
    agreement.refresh_from_db()
    assert agreement.stage == "draft"


def test_the_same_form_twice_has_its_effect_once(world, send, client):
    agreement = world.agreement(Stage.DRAFT, "office")
    form = confirmed(agreement)

    first = send(world.people.office, "desk:move", D1, "submit", **form)
    second = send(world.people.office, "desk:move", D1, "submit", **form)

    assert first.url == second.url == reverse("desk:agreement", args=[D1])
    assert Snapshot.objects.filter(agreement=agreement).count() == 1


def test_who_cannot_read_it_any_more_goes_to_their_own_work(world, send):
    agreement = world.agreement(Stage.INFORMAL, "negotiator")

    answer = send(world.people.negotiator, "desk:move", D1, "send_back", **confirmed(agreement, reason="โปรดทบทวน"))

    assert answer.url == reverse("desk:home")


def test_signing_is_done_where_the_document_is_read(world, visit):
    world.agreement(Stage.SIGNING)

    assert visit(world.people.head, "desk:move", D1, "sign").url == reverse("desk:signing", args=[D1])
    assert visit(world.people.head, "desk:move", D1, "refuse_to_make").url == reverse("desk:refuse_to_sign", args=[D1])


def test_no_such_move_is_no_page(world, visit):
    world.agreement(Stage.DRAFT)
    assert visit(world.people.staff, "desk:move", D1, "abolish").status_code == 404


class TestClosing:
    """Releasing the scores: the password, given before these scores."""

    @pytest.fixture
    def proposed(self, world):
        return world.agreement(Stage.EVALUATION, "superior")

    def form(self, agreement, **more):
        return confirmed(agreement, sha256=hash_of_scores(agreement), **more)

    def test_the_scores_stand_before_the_eyes(self, world, proposed, visit, words):
        page = words(visit(world.people.superior, "desk:move", D1, "release"))

        assert "คะแนนรวม" in page
        assert "ร้อยละของผู้โดยสาร" in page
        assert hash_of_scores(proposed) in visit(world.people.superior, "desk:move", D1, "release").content.decode()

    def test_the_password_closes_it(self, world, proposed, send):
        send(world.people.superior, "desk:move", D1, "release", **self.form(proposed, password=world.password))

        proposed.refresh_from_db()
        assert proposed.stage == "appeal"
        assert Snapshot.objects.filter(agreement=proposed, purpose="scores").exists()

    def test_a_wrong_password_does_not(self, world, proposed, send, words):
        answer = send(world.people.superior, "desk:move", D1, "release", **self.form(proposed, password="wrong"))

        assert answer.status_code == 422
        assert "รหัสผ่านไม่ถูกต้อง" in words(answer)
        proposed.refresh_from_db()
        assert proposed.stage == "evaluation"

    def test_nor_does_the_password_for_other_scores(self, world, proposed, send):
        form = self.form(proposed, password=world.password) | {"sha256": "0" * 64}

        answer = send(world.people.superior, "desk:move", D1, "release", **form)

        assert answer.status_code == 409
        proposed.refresh_from_db()
        assert proposed.stage == "evaluation"


def test_what_was_typed_while_the_session_ran_out_comes_back(world, client, words):
    agreement = world.agreement(Stage.DRAFT, "office")
    address = reverse("desk:move", args=[D1, "return_to_staff"])

    asked = client.post(address, confirmed(agreement, reason="เหตุผลที่พิมพ์ไว้"))
    signed_in = client.post(
        reverse("accounts:sign_in"),
        {"username": "prasit", "password": world.password, "carried": asked.context["form"]["carried"].value()},
        follow=True,
    )

    assert "เหตุผลที่พิมพ์ไว้" in signed_in.content.decode()
    agreement.refresh_from_db()
    assert agreement.pen == "office"


def test_every_move_made_here_says_what_it_does():
    assert set(WHAT_HAPPENS) == {move.name for move in TABLE} - set(ELSEWHERE)
