"""Signing in and out: what is said, what isn't, and when no further password is taken."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import F

from accounts.models import User
from tests.accounts.conftest import PASSWORD, Browser

WRONG = "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง"
LOCKED = "ใส่รหัสผ่านหรือรหัสยืนยันผิดหลายครั้งเกินไป"


def sign_in(browser, username, password, **more):
    page = browser.get("/sign-in/").content.decode()
    return browser.send(page, username=username, password=password, **more)


def test_a_page_leads_to_the_door_and_from_there_to_the_page(browser, kamolchanok):
    response = browser.get("/test/page/?year=2570")
    assert response.url == "/sign-in/?next=/test/page/%3Fyear%3D2570"
    door = browser.get(response.url).content.decode()
    response = browser.send(door, username="kamolchanok", password=PASSWORD)
    assert (response.status_code, response.url) == (302, "/test/page/?year=2570")
    assert browser.get(response.url).status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"])
def test_next_stays_on_this_site(browser, kamolchanok, elsewhere):
    response = sign_in(browser, "kamolchanok", PASSWORD, next=elsewhere)
    assert response.url == settings.LOGIN_REDIRECT_URL


def test_capitals_in_the_user_name_do_not_matter(browser, kamolchanok):
    assert sign_in(browser, " Kamolchanok", PASSWORD).status_code == 302


@pytest.mark.parametrize("username", ["kamolchanok", "nobody", "inactive"])
def test_the_answer_does_not_tell_who_exists(browser, kamolchanok, username):
    User.objects.create_user("inactive", password=PASSWORD, is_active=False)
    password = PASSWORD if username == "inactive" else "wrong"
    page = sign_in(browser, username, password).content.decode()
    assert WRONG in page
    assert "wrong" not in page


@pytest.mark.parametrize("username", ["kamolchanok", "nobody"])
def test_after_five_wrong_passwords_the_door_says_when_to_come_back(browser, kamolchanok, username):
    answers = [sign_in(browser, username, "wrong") for _turn in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert LOCKED in answers[-1].content.decode()
    # The right password isn't taken either, and the time told doesn't run away.
    again = sign_in(browser, username, PASSWORD)
    assert again.status_code == 429
    assert told_time(again) == told_time(answers[-1])
    assert "เวลา" in told_time(again)


def told_time(response):
    return response.content.decode().partition(LOCKED)[2].partition("</p>")[0]


def test_capitals_do_not_give_more_tries(browser, kamolchanok):
    names = ["kamolchanok", "Kamolchanok", "KAMOLCHANOK", "kamolChanok", "kamolchanoK"]
    assert [sign_in(browser, name, "wrong").status_code for name in names][-1] == 429


def test_a_lock_holds_one_person_from_one_address_only(browser, kamolchanok):
    User.objects.create_user("wichai", password=PASSWORD)
    for _turn in range(5):
        sign_in(browser, "kamolchanok", "wrong")
    assert sign_in(browser, "wichai", PASSWORD).status_code == 302
    elsewhere = Browser()
    elsewhere.defaults["REMOTE_ADDR"] = "10.1.2.3"
    assert sign_in(elsewhere, "kamolchanok", PASSWORD).status_code == 302


def test_a_lock_ends_by_itself(browser, kamolchanok):
    for _turn in range(5):
        sign_in(browser, "kamolchanok", "wrong")
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=14))
    assert sign_in(browser, "kamolchanok", PASSWORD).status_code == 429
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=2))
    assert sign_in(browser, "kamolchanok", PASSWORD).status_code == 302


def test_signing_out_is_a_post_and_ends_the_session(browser, kamolchanok):
    browser.get("/sign-in/")
    token = browser.cookies["csrftoken"].value
    browser.force_login(kamolchanok)
    assert browser.get("/sign-out/").status_code == 405
    assert browser.get("/test/page/").status_code == 200
    assert browser.post("/sign-out/", {"csrfmiddlewaretoken": token}).url == "/sign-in/"
    assert browser.get("/test/page/").status_code == 302
    # Once more, by the button on a page still open in another window: no riddle, just the door.
    assert browser.post("/sign-out/", {"csrfmiddlewaretoken": token}).url == "/sign-in/"


def test_a_session_ends_when_idle(browser, kamolchanok):
    browser.force_login(kamolchanok)
    browser.get("/test/page/")
    assert browser.session.get_expiry_age() == settings.SESSION_COOKIE_AGE == 30 * 60


def test_what_signed_in_people_see_stays_in_no_cache(browser, kamolchanok):
    assert "no-store" in browser.get("/sign-in/")["Cache-Control"]
    browser.force_login(kamolchanok)
    assert browser.get("/test/page/")["Cache-Control"] == "no-store, private"
    assert browser.get("/nowhere/")["Cache-Control"] == "no-store, private"


def test_htmx_is_told_that_the_person_is_signed_out(browser):
    for answer in (
        browser.get("/test/note/", headers={"HX-Request": "true"}),
        Browser(enforce_csrf_checks=False).post("/test/note/", {"text": "ก"}, headers={"HX-Request": "true"}),
    ):
        assert (answer.status_code, answer["HX-Trigger"], answer.content) == (401, "signed-out", b"")
