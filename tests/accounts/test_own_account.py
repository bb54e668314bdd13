"""One's own account: another password, and being signed out elsewhere."""

import re

import pytest
from django.utils import timezone

from accounts import invitations
from accounts.models import User
from accounts.names import is_thai_name
from accounts.people import deactivate, reactivate
from acts.log import THE_SYSTEM
from acts.models import Entry
from tests.accounts.conftest import PASSWORD, Browser

NEW = "ศาลาริมน้ำสี่มุม"
PATH = "/profile/password/"


@pytest.fixture
def here(browser, kamolchanok, settings):
    settings.PROFILE_URL = "/test/page/"
    browser.force_login(kamolchanok)
    return browser


@pytest.fixture
def elsewhere(kamolchanok):
    other = Browser()
    other.force_login(kamolchanok)
    return other


def send(browser, path=PATH, **typed):
    page = browser.get(PATH).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    return browser.post(path, {"csrfmiddlewaretoken": token, **typed})


def change(browser, old=PASSWORD, new=NEW, again=None):
    return send(browser, old_password=old, password1=new, password2=again or new)


def is_signed_in(browser):
    return browser.get("/test/page/").status_code == 200


def test_another_password_signs_out_everywhere_but_here(here, elsewhere, kamolchanok):
    key = here.session.session_key
    assert change(here).status_code == 302
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)
    assert here.session.session_key != key
    kamolchanok.refresh_from_db()
    assert kamolchanok.check_password(NEW)


def test_it_is_on_record_without_the_password(here, kamolchanok):
    change(here)
    entry = Entry.objects.about(kamolchanok).first()
    assert (entry.act, entry.changes, entry.text) == ("accounts.change_password", {}, "")


def test_a_link_made_before_opens_the_account_no_more(here, kamolchanok):
    secret = invitations.invite(kamolchanok, by=THE_SYSTEM, at=timezone.now())
    change(here)
    assert invitations.found(secret, at=timezone.now()) is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"old": "wrong"}, "รหัสผ่านไม่ถูกต้อง ยังไม่มีการเปลี่ยนแปลงใด"),
        ({"new": "สั้นไป"}, "ต้องมีอย่างน้อย ๑๐ ตัวอักษร"),
        ({"again": NEW + "x"}, "ไม่ตรงกัน"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(here, elsewhere, kamolchanok, given, sentence):
    answer = change(here, **given)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert NEW not in answer.content.decode()
    kamolchanok.refresh_from_db()
    assert kamolchanok.check_password(PASSWORD)
    assert is_signed_in(elsewhere)


def test_wrong_old_passwords_lock_as_in_signing_in(here):
    answers = [change(here, old="wrong") for _turn in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    assert "เวลา" in answers[-1].content.decode()
    assert change(here).status_code == 429


def test_signing_out_everywhere_else(here, elsewhere, kamolchanok):
    assert here.get("/profile/sessions/end/").status_code == 405
    assert send(here, "/profile/sessions/end/").status_code == 302
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)
    assert Entry.objects.about(kamolchanok).first().act == "accounts.end_sessions"


def test_an_account_opened_again_has_no_session_of_before(elsewhere, kamolchanok):
    deactivate(kamolchanok, by=THE_SYSTEM, at=timezone.now())
    assert not is_signed_in(elsewhere)
    reactivate(User.objects.get(pk=kamolchanok.pk), by=THE_SYSTEM, at=timezone.now())
    assert not is_signed_in(elsewhere)


@pytest.mark.parametrize("name", ["กมลชนก", "ณ อยุธยา", "เอก", "น้ำทิพย์", "ศรี-สุข", "ฤทธิ์", "ปรัชญ์"])
def test_thai_names(name):
    assert is_thai_name(name)


@pytest.mark.parametrize(
    "name", ["", "Somchai", "สมชาย2", "สมชาย๒", "พ.ต.ท. สมชาย", "ะมะ", "กข\u200b", "สม  ชาย", "ชื่อ ", "<b>ก"]
)
def test_what_is_no_thai_name(name):
    assert not is_thai_name(name)
