"""A link sets a password once: for who is new, and for who has forgotten theirs."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import invitations
from accounts.invitations import LinkGone, accept, invite
from accounts.models import Invitation, User
from acts.engine import Refused
from acts.log import THE_SYSTEM
from acts.models import Entry
from tests.accounts.conftest import PASSWORD, Browser

NEW = "ศาลาริมน้ำสี่มุม"
GONE = "ลิงก์นี้ใช้ไม่ได้"


@pytest.fixture
def newcomer(db):
    user = User(username="manee", rank="ร.ต.ท.", first_name="มานี", last_name="มีใจ")
    user.set_unusable_password()
    user.save()
    return user


@pytest.fixture
def link(newcomer):
    """The path of a link made just now."""
    return f"/invitation/{invite(newcomer, by=THE_SYSTEM, at=timezone.now())}/"


def send_passwords(browser, link, first=NEW, second=NEW):
    page = browser.get(link).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    token = found[1] if found else browser.cookies["csrftoken"].value
    return browser.post(link, {"csrfmiddlewaretoken": token, "password1": first, "password2": second})


def is_signed_in(browser):
    return browser.get("/test/page/").status_code == 200


def test_the_link_shows_who_it_is_for_and_signs_them_in(browser, link, newcomer):
    page = browser.get(link).content.decode()
    assert "ร้อยตำรวจโท มานี มีใจ" in page
    assert 'value="manee"' in page
    assert (send_passwords(browser, link).status_code, is_signed_in(browser)) == (302, True)
    newcomer.refresh_from_db()
    assert newcomer.check_password(NEW)
    acts = Entry.objects.about(newcomer).values_list("act", flat=True)
    assert list(acts) == ["accounts.set_password_by_link", "accounts.invite"]


def test_looking_at_the_link_does_not_use_it_up(browser, link):
    for _turn in range(3):
        browser.get(link)
    assert send_passwords(browser, link).status_code == 302


def test_the_session_has_a_new_key_afterwards(browser, link):
    browser.get("/sign-in/")
    browser.session.save()
    before = browser.session.session_key
    send_passwords(browser, link)
    assert browser.session.session_key != before


@pytest.mark.parametrize("ended", ["used", "newer", "old", "closed", "unknown"])
def test_a_link_that_cannot_be_used_says_the_same_whatever_the_reason(browser, link, newcomer, ended):
    if ended == "used":
        send_passwords(Browser(), link)
    elif ended == "newer":
        invite(newcomer, by=THE_SYSTEM, at=timezone.now())
    elif ended == "old":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif ended == "closed":
        User.objects.update(is_active=False)
    else:
        link = "/invitation/" + "x" * 43 + "/"
    before = User.objects.get(pk=newcomer.pk).password
    browser.get("/sign-in/")
    answers = [browser.get(link), send_passwords(browser, link, "อีกรหัสหนึ่งที่ยาว", "อีกรหัสหนึ่งที่ยาว")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({re.sub(r'value="[^"]+"', "", answer.content.decode()).replace(link, "") for answer in answers}) == 1
    assert GONE in answers[0].content.decode()
    assert "มานี" not in answers[0].content.decode()
    assert User.objects.get(pk=newcomer.pk).password == before


def test_a_link_is_good_for_as_long_as_the_settings_say(newcomer, settings):
    settings.INVITATION_DAYS = 2
    at = timezone.now()
    secret = invite(newcomer, by=THE_SYSTEM, at=at)
    assert invitations.found(secret, at=at + timedelta(days=2, seconds=-1)) == newcomer
    assert invitations.found(secret, at=at + timedelta(days=2)) is None


def test_the_secret_has_256_bits_and_only_its_hash_is_kept(newcomer):
    secret = invite(newcomer, by=THE_SYSTEM, at=timezone.now())
    assert len(secret) == 43
    assert secret not in str(Invitation.objects.values())
    assert not any(secret in entry.change + entry.text for entry in Entry.objects.all())


def test_the_address_comes_from_the_settings(newcomer, settings):
    settings.PUBLIC_URL = "https://agreements.example"
    assert invitations.address_of("abc") == "https://agreements.example/invitation/abc/"


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_that_use_one_link_one_wins(newcomer, at_once):
    at = timezone.now()
    secret = invite(newcomer, by=THE_SYSTEM, at=at)
    tabs = [lambda password=password: accept(secret, password, at=at) for password in (NEW, PASSWORD)]
    answers = at_once(*tabs)
    assert sorted(type(answer).__name__ for answer in answers) == ["LinkGone", "User"]
    winner = (NEW, PASSWORD)[[isinstance(answer, User) for answer in answers].index(True)]
    assert User.objects.get(pk=newcomer.pk).check_password(winner)
    with pytest.raises(LinkGone):
        accept(secret, NEW, at=at)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("สั้นไป", "สั้นไป", "อย่างน้อย ๑๐ ตัวอักษร"),
        ("password123", "password123", "เดาได้ง่าย"),
        ("31415926535", "31415926535", "ตัวเลขล้วน"),
        ("manee-manee", "manee-manee", "คล้ายกับชื่อ"),
        (NEW, NEW + "x", "ไม่ตรงกัน"),
        ("", "", "โปรดพิมพ์รหัสผ่านใหม่"),
    ],
)
def test_a_password_that_is_none_is_told_in_a_sentence(browser, link, first, second, sentence):
    User.objects.update(username="manee-manee")
    answer = send_passwords(browser, link, first, second)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert browser.get(link).status_code == 200


def test_who_is_signed_in_is_asked_to_sign_out_first(browser, link, kamolchanok):
    browser.force_login(kamolchanok)
    answer = browser.get(link)
    assert (answer.status_code, "โปรดออกจากระบบก่อน" in answer.content.decode()) == (409, True)
    assert send_passwords(browser, link).status_code == 409
    assert f'<input type="hidden" name="next" value="{link}">' in answer.content.decode()
    signed_out = browser.send(answer.content.decode(), action="/sign-out/", next=link)
    assert signed_out.url == link
    assert browser.get(link).status_code == 200


def test_a_link_replaces_the_password_and_ends_sessions_but_not_the_second_factor(browser, kamolchanok, telephone):
    elsewhere = Browser()
    elsewhere.force_login(kamolchanok)
    link = f"/invitation/{invite(kamolchanok, by=THE_SYSTEM, at=timezone.now())}/"
    page = send_passwords(browser, link)
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(browser)
    browser.send(page.content.decode(), action="/sign-in/code/", one_time_code=telephone.code())
    assert is_signed_in(browser)


def test_who_is_locked_out_comes_in_by_a_new_link(browser, kamolchanok):
    for _turn in range(5):
        door = browser.get("/sign-in/").content.decode()
        answer = browser.send(door, username="kamolchanok", password="wrong")
    assert answer.status_code == 429
    link = f"/invitation/{invite(kamolchanok, by=THE_SYSTEM, at=timezone.now())}/"
    assert (send_passwords(browser, link).status_code, is_signed_in(browser)) == (302, True)


def test_a_form_with_an_old_token_says_to_open_the_link_again_and_nothing_of_signing_in(browser, link):
    browser.get(link)
    answer = browser.post(link, {"password1": NEW, "password2": NEW, "csrfmiddlewaretoken": "a" * 64})
    assert (answer.status_code, NEW in answer.content.decode()) == (403, False)
    assert "เปิดค้างไว้นาน" in answer.content.decode()
    assert "carried" not in answer.content.decode()
    assert 'name="username"' not in answer.content.decode()


def test_no_link_for_a_closed_account(newcomer):
    User.objects.update(is_active=False)
    with pytest.raises(Refused, match="ปิดอยู่"):
        invite(newcomer, by=THE_SYSTEM, at=timezone.now())
