"""The pages about people: found, added, invited, closed; within an administrator's reach, and never their own."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor
from accounts.models import Invitation, User
from accounts.people import change_person
from acts.engine import Conflict
from acts.idempotency import new_key
from acts.log import THE_SYSTEM
from acts.models import Entry
from agreements.models import Agreement
from orgunits.administration import belong
from orgunits.grants import grant
from orgunits.models import UnitUserGrant
from orgunits.roles import Role
from tests.accounts.conftest import code_of
from tests.desk.asking import filled
from tests.world import PASSWORD

QUERIES = 15
NEW = "ศาลาริมน้ำสี่มุม"
MANEE = {"username": "Manee", "rank": "ร.ต.ท.", "title_female": "on", "first_name": "มานี", "last_name": "มีใจ"}


@pytest.fixture
def administrator(world):
    return world.people.administrator


@pytest.fixture
def keeper(world):
    """The administrator of สตม."""
    user = User.objects.create_user("keeper", password=PASSWORD)
    grant(user, Role.ADMINISTRATOR, world.units.imm, by=THE_SYSTEM, at=world.at())
    return user


@pytest.fixture
def act(send):
    """act(user, "close_account", person, …): a form of a person's page, sent."""

    def sent(user, route, person, *args, **data):
        return send(user, f"desk:{route}", person.pk, *args, **{"idempotency": new_key(), **data})

    return sent


# The list


def test_the_list_tells_who_where_what_and_in_which_state(world, visit, words, administrator):
    User.objects.filter(username="napat").update(is_active=False)
    User.objects.filter(username="thana").update(password="!")
    read = words(visit(administrator, "desk:people"))
    assert "พ.ต.ท.หญิง กมลชนก ใจดี kamolchanok บก.ตม.1 เจ้าหน้าที่แผน – ใช้งานอยู่" in read
    assert re.search(r"ณภัทร แสงทอง napat บก.ตม.2 เจ้าหน้าที่แผน – ปิดบัญชีแล้ว", read)
    assert re.search(r"ธนา ศรีสุข thana สตม. ผู้เจรจา – ยังไม่มีลิงก์ตั้งรหัสผ่าน", read)


def test_people_are_found_by_name_user_name_and_unit(world, visit, administrator):
    belong(world.people.nobody, world.units.imm_d2, by=THE_SYSTEM, at=world.at())
    wanted = {
        "กมลชนก ใจดี": {"kamolchanok"},
        "KAMOL": {"kamolchanok"},
        "บก.ตม.2": {"napat", "siriporn", "chalerm", "nobody"},
        "ศิริพร บก.ตม.2": {"siriporn"},
        "ไม่มีผู้นี้": set(),
    }
    pages = {searched: visit(administrator, "desk:people", q=searched) for searched in wanted}
    found = {searched: {row["person"].username for row in page.context["rows"]} for searched, page in pages.items()}
    assert found == wanted


def test_people_are_filtered_by_the_state_of_the_account(world, visit, administrator, client):
    User.objects.filter(username="napat").update(is_active=False)
    User.objects.filter(username="thana").update(password="!")
    for _turn in range(5):
        client.post("/sign-in/", {"username": "prasit", "password": "wrong"})
    for state, username in (("closed", "napat"), ("waiting", "thana"), ("locked", "prasit")):
        page = visit(administrator, "desk:people", state=state)
        assert [row["person"].username for row in page.context["rows"]] == [username]


@pytest.mark.parametrize("count", [1, 1000])
def test_one_row_or_a_thousand_cost_the_same(world, keeper, client, django_assert_max_num_queries, count):
    people = User.objects.bulk_create(User(username=f"p{number:04}", password="!") for number in range(count))
    seen = UnitUserGrant.objects.get(user__username="kamolchanok")
    UnitUserGrant.objects.bulk_create(
        UnitUserGrant(user=person, permission=seen.permission, content_object=world.units.imm_d1) for person in people
    )
    client.force_login(keeper)
    with django_assert_max_num_queries(QUERIES):
        page = client.get(reverse("desk:people"), {"q": "p0"})
    assert len(page.context["rows"]) == min(count, 25)


# Reach


def test_beyond_reach_a_person_is_not_there_whatever_is_asked(world, keeper, client, visit):
    stranger = world.people.stranger
    held = stranger.unitusergrant_set.get()
    client.force_login(keeper)
    assert "กานดา" not in visit(keeper, "desk:people").content.decode()
    before = list(User.objects.filter(pk=stranger.pk).values()), Entry.objects.count()
    for route in ("person", "edit_person", "close_account", "remove_persons_factor"):
        assert client.get(reverse(f"desk:{route}", args=[stranger.pk])).status_code == 404
    for route in ("edit_person", "invite_person", "close_account", "reopen_account", "unlock_person", "give_role"):
        assert client.post(reverse(f"desk:{route}", args=[stranger.pk]), {"rank": "ด.ต."}).status_code == 404
    assert client.post(reverse("desk:take_role", args=[stranger.pk, held.pk])).status_code == 404
    assert (list(User.objects.filter(pk=stranger.pk).values()), Entry.objects.count()) == before


def test_a_role_of_somebody_else_is_not_taken_through_a_person_within_reach(world, keeper, act):
    foreign = world.people.stranger.unitusergrant_set.get()
    assert act(keeper, "take_role", world.people.staff, foreign.pk).status_code == 404
    assert UnitUserGrant.objects.filter(pk=foreign.pk).exists()


def test_a_role_is_given_on_units_within_reach_alone(world, keeper, act, client):
    person = world.people.negotiator
    act(keeper, "give_role", person, role=Role.AUDITOR, unit=world.units.rtp.pk)
    act(keeper, "give_role", person, role="superior", unit=world.units.imm.pk)
    assert person.unitusergrant_set.count() == 1
    act(keeper, "give_role", person, role=Role.EVALUATOR, unit=world.units.imm_d1.pk)
    assert person.unitusergrant_set.filter(permission__codename="evaluator", content_object=world.units.imm_d1).exists()


def test_a_role_that_is_taken_is_gone_at_the_next_request(world, administrator, act, visit):
    staff, held = world.people.staff, world.people.staff.unitusergrant_set.get()
    agreement = world.draft
    assert visit(staff, "desk:agreement", agreement.code).status_code == 200
    assert act(administrator, "take_role", staff, held.pk).status_code == 302
    assert visit(world.people.staff, "desk:agreement", agreement.code).status_code == 404


def test_an_administrator_does_nothing_to_their_own_account(world, administrator, act, words):
    before = Entry.objects.count()
    routes = ("edit_person", "invite_person", "close_account", "unlock_person", "give_role", "remove_persons_factor")
    for route in routes:
        answer = act(administrator, route, administrator, role=Role.PLANNER, unit=world.units.rtp.pk)
        assert (answer.status_code, "นี่คือบัญชีของท่านเอง" in words(answer)) == (403, True), route
    assert Entry.objects.count() == before


def test_an_administrator_reads_no_draft_and_signs_nothing(world, administrator, visit, send):
    agreement = world.agreement("signing", "head")
    for route in ("agreement", "signing", "history", "documents"):
        assert visit(administrator, f"desk:{route}", agreement.code).status_code == 404
    assert send(administrator, "desk:signing", agreement.code, password=PASSWORD).status_code == 404
    assert not Agreement.objects.visible_to(administrator, world.at()).exists()


# Adding and inviting


def test_somebody_new_is_added_invited_and_comes_in(world, administrator, send, act):
    unit = world.units.imm_d1
    answer = send(
        administrator, "desk:add_person", **MANEE, unit=unit.pk, role="staff", email="", phone="", idempotency=new_key()
    )
    manee = User.objects.get(username="manee")
    assert answer.url == f"/people/{manee.pk}/"
    assert (manee.full_name_with_rank, manee.has_usable_password()) == ("ร้อยตำรวจโทหญิง มานี มีใจ", False)
    page = act(administrator, "invite_person", manee).content.decode()
    link = re.search(r'value="http://localhost:8000(/invitation/[^"]+)"', page)[1]
    browser = Client()
    browser.post(link, {"password1": NEW, "password2": NEW})
    assert browser.get("/").status_code == 200
    world.empty_draft()
    assert browser.get("/agreements/2570-IMM-D1/").status_code == 200
    assert list(Entry.objects.about(manee).values_list("act", "actor_id"))[::-1] == [
        ("accounts.add_person", administrator.pk),
        ("orgunits.belong", administrator.pk),
        ("accounts.invite", administrator.pk),
        ("accounts.set_password_by_link", manee.pk),
    ]


WRONG = (
    ({"username": "KAMOLCHANOK"}, "ชื่อผู้ใช้นี้มีผู้ใช้แล้ว"),
    ({"username": "มานี"}, "อักษรอังกฤษ"),
    ({"username": "a\u0000b"}, "อักษรอังกฤษ"),
    ({"first_name": "Manee"}, "อักษรไทยล้วน"),
    ({"last_name": ""}, "โปรดกรอก"),
    ({"rank": "", "title_female": ""}, "โปรดเลือกยศ หรือคำนำหน้าชื่อ"),
    ({"prefix": "นางสาว"}, "อย่างใดอย่างหนึ่ง"),
    ({"rank": "นาวาเอก"}, "นาวาเอก"),
    ({"role": "staff"}, "โปรดเลือกหน่วย"),
    ({"email": "nobody"}, "อีเมลไม่ถูกต้อง"),
)


def test_what_is_wrong_about_somebody_new_is_told(world, administrator, send, words):
    for typed, sentence in WRONG:
        answer = send(administrator, "desk:add_person", **MANEE | {"idempotency": new_key()} | typed)
        assert (answer.status_code, sentence in words(answer)) == (422, True), typed
    assert not User.objects.filter(last_name="มีใจ").exists()


def test_an_administrator_of_a_command_adds_people_to_units_of_theirs(world, keeper, send):
    sent = MANEE | {"idempotency": new_key()}
    for unit in ("", world.units.rtp.pk, world.units.cib_csd.pk):
        assert send(keeper, "desk:add_person", **sent, unit=unit).status_code == 422
    assert send(keeper, "desk:add_person", **sent, unit=world.units.imm_d2.pk).status_code == 302
    assert User.objects.get(username="manee").belonging.unit == world.units.imm_d2


def test_a_form_sent_twice_adds_one_person(world, administrator, send):
    sent = MANEE | {"idempotency": new_key()}
    assert send(administrator, "desk:add_person", **sent).status_code == 302
    again = send(administrator, "desk:add_person", **sent)
    assert again.status_code == 422
    assert User.objects.filter(username="manee").count() == 1


def test_the_link_is_shown_once_and_a_newer_one_voids_it(world, administrator, act, words):
    staff, key = world.people.staff, new_key()
    assert "แสดงเพียงครั้งเดียว" in words(act(administrator, "invite_person", staff, idempotency=key))
    again = act(administrator, "invite_person", staff, idempotency=key)
    assert (again.status_code, Invitation.objects.count()) == (302, 1)
    act(administrator, "invite_person", staff)
    assert Invitation.objects.filter(voided_at=None).count() == 1


def test_the_password_in_use_goes_on_until_the_link_is_used(world, administrator, act):
    act(administrator, "invite_person", world.people.staff)
    assert world.people.staff.check_password(PASSWORD)


def test_the_link_is_mailed_where_there_is_a_server_and_an_address(world, administrator, act, settings, words):
    settings.PUBLIC_URL = "https://agreements.example"
    User.objects.filter(username="kamolchanok").update(email="kamolchanok@police.example")
    act(administrator, "invite_person", world.people.staff)
    assert mail.outbox == []
    settings.MAILS_GO_OUT = True
    assert "ส่งอีเมลไปที่ kamolchanok@police.example แล้ว" in words(act(administrator, "invite_person", world.people.staff))
    assert "https://agreements.example/invitation/" in mail.outbox[0].body
    assert "พันตำรวจโทหญิง กมลชนก ใจดี" in mail.outbox[0].body


def test_a_mail_server_that_is_down_loses_nothing(world, administrator, act, settings, words):
    settings.MAILS_GO_OUT, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "127.0.0.1", 9
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    User.objects.filter(username="kamolchanok").update(email="kamolchanok@police.example")
    read = words(act(administrator, "invite_person", world.people.staff))
    assert "ไม่สำเร็จ โปรดส่งมอบลิงก์ด้วยตนเอง" in read
    assert Invitation.objects.filter(used_at=None, voided_at=None).exists()


# Changing


def edited(visit, administrator, person, **typed):
    form = visit(administrator, "desk:edit_person", person.pk).context["form"]
    return {name: value for name, value in filled(form).items() if value != "False"} | typed


def test_another_rank_is_on_record_and_signed_papers_keep_the_old_one(world, administrator, visit, send):
    world.agreement("signing", "superior")
    head = world.people.head
    answer = send(
        administrator,
        "desk:edit_person",
        head.pk,
        **edited(visit, administrator, head, rank="พล.ต.ท.", last_name="กล้าหาญยิ่ง"),
    )
    assert answer.status_code == 302
    assert world.people.head.short_name_with_rank == "พล.ต.ท. วีระ กล้าหาญยิ่ง"
    entry = Entry.objects.about(head).filter(act="accounts.change_person").get()
    assert entry.changes == {"rank": ["พล.ต.ต.", "พล.ต.ท."], "last_name": ["กล้าหาญ", "กล้าหาญยิ่ง"]}
    page = visit(world.people.head, "desk:signing", "2570-IMM-D1").content.decode()
    assert "พลตำรวจตรี วีระ กล้าหาญ<" in page or "พลตำรวจตรี วีระ กล้าหาญ " in page


def test_a_stale_page_changes_nothing(world, administrator, visit, send):
    staff = world.people.staff
    sent = edited(visit, administrator, staff, rank="พ.ต.อ.")
    change_person(staff, seen={"rank": "พ.ต.ท."}, new={"rank": "พ.ต.ต."}, by=THE_SYSTEM, at=world.at())
    answer = send(administrator, "desk:edit_person", staff.pk, **sent)
    assert (answer.status_code, world.people.staff.rank) == (409, "พ.ต.ต.")


def test_two_who_change_different_things_lose_neither(world, administrator, visit, send):
    staff = world.people.staff
    sent = edited(visit, administrator, staff, rank="พ.ต.อ.")
    change_person(staff, seen={"last_name": "ใจดี"}, new={"last_name": "ใจงาม"}, by=THE_SYSTEM, at=world.at())
    assert send(administrator, "desk:edit_person", staff.pk, **sent).status_code == 302
    assert world.people.staff.short_name_with_rank == "พ.ต.อ.หญิง กมลชนก ใจงาม"


def test_fields_that_are_not_on_the_page_cannot_be_posted(world, administrator, visit, send):
    staff = world.people.staff
    more = {"username": "taken", "is_superuser": "on", "is_staff": "on", "password": "x", "session_epoch": "9"}
    before = User.objects.filter(pk=staff.pk).values("username", "is_superuser", "is_staff", "password").get()
    send(administrator, "desk:edit_person", staff.pk, **edited(visit, administrator, staff, phone="191", **more))
    assert world.people.staff.phone == "191"
    assert User.objects.filter(pk=staff.pk).values(*before).get() == before


def test_the_verb_refuses_what_makes_no_sense(world):
    staff = world.people.staff
    with pytest.raises(ValidationError, match="อย่างใดอย่างหนึ่ง"):
        change_person(staff, seen={"prefix": ""}, new={"prefix": "นาง"}, by=THE_SYSTEM, at=world.at())
    with pytest.raises(Conflict):
        change_person(staff, seen={"rank": "ด.ต."}, new={"rank": "พ.ต.อ."}, by=THE_SYSTEM, at=world.at())


# Closing


def test_closing_an_account_warns_of_posts_left_without_a_signer(world, administrator, visit, words):
    assert "ผู้บังคับการตรวจคนเข้าเมือง 1" in words(visit(administrator, "desk:close_account", world.people.head.pk))
    assert "จะไม่มีผู้ลงนาม" not in words(visit(administrator, "desk:close_account", world.people.staff.pk))


def test_a_closed_account_is_signed_out_at_once_and_can_be_opened_again(world, administrator, act):
    staff, browser = world.people.staff, Client()
    browser.force_login(staff)
    act(administrator, "invite_person", staff)
    assert act(administrator, "close_account", staff).status_code == 302
    assert browser.get("/").status_code == 302
    assert "ไม่ถูกต้อง" in browser.post("/sign-in/", {"username": staff.username, "password": PASSWORD}).content.decode()
    assert not Invitation.objects.open(timezone.now()).exists()
    act(administrator, "reopen_account", staff)
    assert browser.get("/").status_code == 302
    assert browser.post("/sign-in/", {"username": staff.username, "password": PASSWORD}).status_code == 302
    acts = [entry.act for entry in Entry.objects.about(staff)][::-1]
    assert acts == ["accounts.invite", "accounts.deactivate", "accounts.reactivate"]


# Locks and lost telephones


def test_a_lock_is_seen_and_lifted(world, administrator, act, visit, words, client):
    for _turn in range(5):
        client.post("/sign-in/", {"username": "kamolchanok", "password": "wrong"})
    staff = world.people.staff
    assert "ถูกระงับชั่วคราว" in words(visit(administrator, "desk:person", staff.pk))
    act(administrator, "unlock_person", staff)
    assert not AccessAttempt.objects.exists()
    assert Client().post("/sign-in/", {"username": "kamolchanok", "password": PASSWORD}).status_code == 302
    assert Entry.objects.about(staff).first().act == "accounts.unlock"


def test_a_lost_second_factor_is_removed_with_the_administrators_own_password(world, administrator, act, visit, words):
    staff, then = world.people.staff, timezone.now() - timedelta(hours=1)
    secret = second_factor.new_secret()
    second_factor.enrol(staff, secret, code_of(secret, then), at=then)
    assert "ยืนยันได้ว่าผู้ขอเป็นเจ้าตัวจริง" in words(visit(administrator, "desk:person", staff.pk))
    assert act(administrator, "remove_persons_factor", staff, password="wrong").status_code == 422
    assert Authenticator.objects.exists()
    assert act(administrator, "remove_persons_factor", staff, password=PASSWORD).status_code == 302
    assert not Authenticator.objects.exists()
    entry = Entry.objects.about(staff).first()
    assert (entry.act, entry.actor_id) == ("accounts.remove_second_factor", administrator.pk)
    # The person is told, where they see it.
    assert "ยกเลิกการยืนยันตัวตนสองขั้น" in words(visit(world.people.staff, "desk:profile"))
