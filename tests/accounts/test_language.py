"""The language of the pages: Thai until somebody chooses; kept with the person, and with the browser for the signed out."""

import re

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import get_language

from accounts.language import in_language_of
from accounts.models import User
from tests.accounts.conftest import PASSWORD, Browser

THAI, ENGLISH = "เข้าสู่ระบบ", "Sign in"


def door(browser, **headers):
    return browser.get("/sign-in/", headers=headers).content.decode()


def spoken(page):
    return re.search(r'<html lang="(\w+)"', page)[1]


def switch(browser, page, language, **typed):
    return browser.send(page, action="/language/", language=language, **typed)


def not_found(browser):
    """A page of who is signed in, which needs nothing but the shell."""
    return browser.get("/test/there-is-no-such-page/").content.decode()


@pytest.mark.django_db
def test_a_browser_that_asks_for_english_gets_thai_first(browser):
    page = door(browser, accept_language="en-GB,en;q=0.9")
    assert spoken(page) == "th"
    assert THAI in page


@pytest.mark.django_db
def test_whoever_is_signed_out_chooses_for_their_browser(browser):
    answer = switch(browser, door(browser), "en")
    assert (answer.status_code, answer.url) == (302, "/sign-in/")
    page = door(browser)
    assert spoken(page) == "en"
    assert ENGLISH in page
    assert THAI not in page
    switch(browser, page, "th")
    assert spoken(door(browser)) == "th"


def test_the_choice_of_a_person_is_kept_with_them_on_every_computer(browser, kamolchanok):
    browser.force_login(kamolchanok)
    switch(browser, not_found(browser), "en")
    assert spoken(not_found(browser)) == "en"
    elsewhere = Browser()
    elsewhere.force_login(User.objects.get())
    assert spoken(not_found(elsewhere)) == "en"


def test_the_browser_remembers_the_last_choice_for_when_nobody_is_signed_in(browser, kamolchanok):
    browser.force_login(kamolchanok)
    switch(browser, not_found(browser), "en")
    browser.get("/sign-in/")
    browser.send(not_found(browser), action="/sign-out/")
    assert spoken(door(browser)) == "en"


@pytest.mark.parametrize(("saved", "then"), [("th", "th"), ("en", "en"), ("", "en")])
def test_at_sign_in_a_saved_choice_outweighs_that_of_the_browser(browser, kamolchanok, saved, then):
    User.objects.update(language=saved)
    switch(browser, door(browser), "en")
    browser.send(door(browser), username="kamolchanok", password=PASSWORD)
    assert spoken(not_found(browser)) == then
    assert User.objects.get().language == saved


@pytest.mark.django_db
@pytest.mark.parametrize("kept", ["de", "xx-made-up", "../../etc", "é"])
def test_a_language_that_is_not_offered_is_thai(browser, kept):
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = kept
    assert spoken(door(browser)) == "th"
    answer = switch(browser, door(browser), kept)
    assert (answer.status_code, answer.url) == (302, "/sign-in/")
    assert spoken(door(browser)) == "th"


def test_the_database_takes_no_other_language(kamolchanok):
    with pytest.raises(IntegrityError):
        User.objects.update(language="de")


@pytest.mark.django_db
def test_the_page_that_was_open_opens_again(browser):
    page = browser.get("/sign-in/?next=/test/page/%3Fyear%3D2570").content.decode()
    assert switch(browser, page, "en").url == "/sign-in/?next=/test/page/%3Fyear%3D2570"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", ""]
)
def test_next_stays_on_this_site(browser, elsewhere):
    assert switch(browser, door(browser), "en", next=elsewhere).url == settings.LOGIN_REDIRECT_URL


def test_the_answer_to_a_form_leads_back_to_the_page_with_the_form(browser, kamolchanok):
    """/test/press/ can't be opened: what it answers offers the languages of the page that it was pressed on."""
    browser.force_login(kamolchanok)
    page = browser.post("/test/press/", headers={"Referer": "http://testserver/test/page/?year=2570"})
    assert page.status_code == 403
    assert switch(browser, page.content.decode(), "en").url == "/test/page/?year=2570"


@pytest.mark.django_db
def test_without_the_token_of_the_form_nothing_is_chosen(browser):
    assert browser.post("/language/", {"language": "en", "next": "/sign-in/"}).status_code == 403
    assert spoken(door(browser)) == "th"


@pytest.mark.django_db
def test_the_switch_calls_each_language_by_its_own_name(browser):
    buttons = re.findall(r"<button[^>]*name=\"language\"[^>]*>[^<]*</button>", door(browser))
    assert buttons == [
        '<button name="language" value="th" lang="th" aria-current="true">ไทย</button>',
        '<button name="language" value="en" lang="en">English</button>',
    ]


@pytest.mark.parametrize(("saved", "spoken_to"), [("", "th"), ("th", "th"), ("en", "en")])
def test_whoever_is_written_to_is_spoken_to_in_their_language(saved, spoken_to):
    with in_language_of(User(language=saved)):
        assert get_language() == spoken_to
