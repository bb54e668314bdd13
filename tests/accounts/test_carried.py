"""The session ran out while someone typed: they post, sign in, and the same form stands there with every character."""

import html
import json
import re

import pytest
from axes.models import AccessAttempt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import carried
from tests.accounts import urls
from tests.accounts.conftest import PASSWORD, hidden_fields

LONG_THAI = ("น้ำใจของผู้รับคำรับรอง \"๑,๒๓๔.๕\" <b>&amp; 'ฐานุ' \\n\r\n\tฟั่น " * 2000)[:100_000]
KEPT = "สิ่งที่ท่านพิมพ์ไว้ยังอยู่ครบ"
NOT_SAVED = "ยังไม่ได้บันทึก"


@pytest.fixture(autouse=True)
def nothing_saved():
    urls.SAVED.clear()
    yield
    assert urls.SAVED == []


@pytest.fixture
def token(browser):
    """The token of a page that was open when the session ran out."""
    browser.get("/sign-in/")
    return {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}


@pytest.fixture
def note(token):
    return {**token, "title": "ก", "text": LONG_THAI, "units": ["A", "C"]}


def come_back(browser, page, password=PASSWORD):
    return browser.send(page, username="kamolchanok", password=password)


def text_in(page):
    """What stands in the text area of a page; its first line feed is no part of it."""
    return html.unescape(re.search(r"<textarea[^>]*>(.*)</textarea>", page, re.DOTALL).group(1).removeprefix("\n"))


def test_a_hundred_thousand_characters_arrive_unchanged(browser, kamolchanok, note):
    assert len(LONG_THAI) == 100_000
    refused = browser.post("/test/note/", note)
    assert refused.status_code == 403
    assert "no-store" in refused["Cache-Control"]
    assert KEPT in refused.content.decode()
    response = come_back(browser, refused.content.decode())
    assert (response.status_code, response.url) == (302, "/test/note/")
    page = browser.get(response.url).content.decode()
    assert NOT_SAVED in page
    assert text_in(page) == LONG_THAI
    assert 'name="title" value="ก"' in page
    assert re.findall(r'<option value="(.)" selected', page) == ["A", "C"]


def test_a_wrong_password_at_first_keeps_the_text(browser, kamolchanok, note):
    page = browser.post("/test/note/", note).content.decode()
    page = come_back(browser, page, "wrong").content.decode()
    assert KEPT in page
    assert text_in(browser.get(come_back(browser, page).url).content.decode()) == LONG_THAI


def test_a_lock_out_keeps_the_text_too(browser, kamolchanok, note):
    page = browser.post("/test/note/", note).content.decode()
    for _turn in range(5):
        answer = come_back(browser, page, "wrong")
        page = answer.content.decode()
    assert answer.status_code == 429
    assert KEPT in page
    AccessAttempt.objects.all().delete()
    assert text_in(browser.get(come_back(browser, page).url).content.decode()) == LONG_THAI


def test_what_is_carried_is_not_kept_with_the_failed_sign_in(browser, kamolchanok, note):
    page = browser.post("/test/note/", note).content.decode()
    come_back(browser, page, "wrong")
    assert "น้ำใจ" not in AccessAttempt.objects.get().post_data


def test_the_form_is_bound_once_and_only_on_its_own_page(browser, kamolchanok, note):
    page = browser.post("/test/note/?line=3", note).content.decode()
    response = come_back(browser, page)
    assert response.url == "/test/note/?line=3"
    assert "<textarea" in browser.get("/test/note/?line=4").content.decode()
    assert text_in(browser.get(response.url).content.decode()) == LONG_THAI
    assert text_in(browser.get(response.url).content.decode()) == ""


def test_what_its_page_does_not_take_is_forgotten(browser, kamolchanok, token):
    page = browser.post("/test/weigh/", {**token, "text": "ก"}).content.decode()
    browser.get(come_back(browser, page).url)
    assert "accounts_carried" not in browser.session


def test_what_waits_too_long_is_forgotten(browser, kamolchanok, note):
    page = browser.post("/test/note/", note).content.decode()
    response = come_back(browser, page)
    session = browser.session
    session["accounts_carried"] |= {"at": timezone.now().timestamp() - 6 * 60}
    session.save()
    assert text_in(browser.get(response.url).content.decode()) == ""
    assert "accounts_carried" not in browser.session


def test_a_form_sent_to_a_path_without_a_page_comes_back_to_the_page_it_stood_on(browser, kamolchanok, token):
    stood_on = {"Referer": "http://testserver/test/page/?year=2570"}
    page = browser.post("/test/press/", {**token, "reason": "ข้อมูลไม่ครบ"}, headers=stood_on).content.decode()
    response = browser.get(come_back(browser, page).url)
    assert (response.status_code, response.url) == (302, "/test/page/?year=2570")
    page = browser.get(response.url).content.decode()
    assert "ข้อมูลไม่ครบ" in page
    assert "อีกครั้ง" in page


@pytest.mark.parametrize("referer", ["http://evil.example/test/page/", "", "javascript:alert(1)"])
def test_a_page_elsewhere_is_not_gone_back_to(browser, kamolchanok, token, referer):
    page = browser.post("/test/press/", token, headers={"Referer": referer}).content.decode()
    response = browser.get(come_back(browser, page).url)
    assert (response.status_code, response.url) == (302, "/test/page/")  # the start page of these tests


def test_passwords_and_files_are_not_carried_and_files_are_named(browser, kamolchanok, token):
    evidence = SimpleUploadedFile("ภาพถ่าย.png", b"\x89PNG")
    sent = {**token, "title": "ก", "text": "ข", "password": "secret-1", "new_password2": "secret-2", "file": evidence}
    page = browser.post("/test/note/", sent).content.decode()
    held = hidden_fields(page)["carried"]
    assert set(json.loads(held)["fields"]) == {"title", "text"}
    assert "secret" not in page
    assert "<li>ภาพถ่าย.png</li>" in page
    page = browser.get(come_back(browser, page).url).content.decode()
    assert "ภาพถ่าย.png" in page


def test_a_text_too_large_to_carry_is_said_to_be(browser, kamolchanok, token, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 200_000
    page = browser.post("/test/note/", {**token, "text": "ก" * 50_000}).content.decode()
    assert hidden_fields(page)["carried"] == ""
    assert KEPT not in page
    assert "ใหญ่เกินกว่าจะเก็บไว้" in page


@pytest.mark.parametrize(
    "forged",
    [
        "not json",
        "[]",
        '{"path": "/x"}',
        '{"path": "//evil.example/", "page": "/", "fields": {}, "files": []}',
        '{"path": "https://evil.example/", "page": "/", "fields": {}, "files": []}',
        '{"path": "/x", "page": "//evil.example", "fields": {}, "files": []}',
        '{"path": "/x", "page": "/", "fields": [], "files": []}',
        '{"path": 7, "page": "/", "fields": {}, "files": []}',
        '{"path": "/x", "page": "/", "fields": {"a": 7}, "files": []}',
        '{"path": "/x", "page": "/", "fields": {}, "files": 7}',
        "null",
    ],
)
def test_what_we_did_not_pack_leads_nowhere(browser, kamolchanok, forged):
    assert carried.unpacked(forged) is None
    door = browser.get("/sign-in/").content.decode()
    response = browser.send(door, username="kamolchanok", password=PASSWORD, carried=forged)
    assert response.url == "/test/page/"


def test_a_page_open_in_two_windows_loses_nothing_by_its_old_token(browser, kamolchanok, note):
    browser.force_login(kamolchanok)
    note["csrfmiddlewaretoken"] = "a" * 64
    refused = browser.post("/test/note/", note)
    assert refused.status_code == 403
    response = browser.send(refused.content.decode())
    assert response.url == "/test/note/"
    assert text_in(browser.get(response.url).content.decode()) == LONG_THAI


def test_the_sign_in_page_itself_keeps_what_it_holds_when_its_token_is_old(browser, kamolchanok, note):
    page = browser.post("/test/note/", note).content.decode()
    door = {"carried": hidden_fields(page)["carried"], "csrfmiddlewaretoken": "a" * 64}
    refused = browser.post("/sign-in/", {**door, "username": "kamolchanok", "password": PASSWORD})
    assert refused.status_code == 403
    assert PASSWORD not in refused.content.decode()
    response = come_back(browser, refused.content.decode())
    assert text_in(browser.get(response.url).content.decode()) == LONG_THAI


def test_signed_in_meanwhile_in_another_window(browser, kamolchanok, note):
    page = browser.post("/test/note/", note).content.decode()
    browser.force_login(kamolchanok)
    response = come_back(browser, page)
    assert text_in(browser.get(response.url).content.decode()) == LONG_THAI


def test_a_form_from_another_site_is_not_taken_and_not_held(browser, kamolchanok, note):
    refused = browser.post("/test/note/", note, headers={"Origin": "https://evil.example"})
    assert refused.status_code == 403
    assert "น้ำใจ" not in refused.content.decode()
    assert "ไม่ได้ส่งมาจากหน้าของระบบ" in refused.content.decode()


def test_without_a_token_nothing_is_done_for_the_signed_in(browser, kamolchanok):
    browser.force_login(kamolchanok)
    answer = browser.post("/test/note/", {"title": "ก", "text": "ข"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Trigger"]) == (403, "signed-out")
