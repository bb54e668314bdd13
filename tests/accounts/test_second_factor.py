"""The second factor: signing in by two steps, a code works once, wrong ones lock, and setting it up and removing it."""

import json
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.db.models import F
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from accounts import second_factor
from accounts.allauth_adapters import ClosedAccounts
from accounts.half_in import HOLDS_FOR
from accounts.models import User
from acts.idempotency import new_key
from acts.models import Entry
from tests.accounts.conftest import PASSWORD, Browser, code_of, hidden_fields

CODE_PAGE = "/sign-in/code/"
ASKS_CODE = "โปรดพิมพ์รหัสยืนยันจากโทรศัพท์ด้วย"
WRONG = "รหัสยืนยันไม่ถูกต้องหรือใช้ไปแล้ว"
LOCKED = "ใส่รหัสผ่านหรือรหัสยืนยันผิดหลายครั้งเกินไป"
NOTE = {"title": "บันทึก", "text": "ขอเพิ่มค่าเป้าหมายเป็นร้อยละ ๙๐", "units": ["A", "C"]}


def give_password(browser, password=PASSWORD, **more):
    page = browser.get("/sign-in/").content.decode()
    return browser.send(page, username="kamolchanok", password=password, **more)


def give_code(browser, page, code):
    return browser.send(page.content.decode(), action=CODE_PAGE, one_time_code=code)


def is_signed_in(browser):
    return browser.get("/test/page/").status_code == 200


# Signing in


def test_the_password_alone_opens_nothing(browser, telephone):
    page = give_password(browser)
    assert ASKS_CODE in page.content.decode()
    assert not is_signed_in(browser)
    answer = give_code(browser, page, telephone.code())
    assert (answer.status_code, is_signed_in(browser)) == (302, True)


def test_both_steps_lead_to_the_page_that_was_asked_for(browser, telephone):
    door = browser.get("/sign-in/?next=/test/page/%3Fyear%3D2570").content.decode()
    page = browser.send(door, username="kamolchanok", password=PASSWORD)
    assert give_code(browser, page, telephone.code()).url == "/test/page/?year=2570"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_after_both_steps_next_stays_on_this_site(browser, telephone, elsewhere, settings):
    page = give_password(browser, next=elsewhere)
    assert give_code(browser, page, telephone.code()).url == settings.LOGIN_REDIRECT_URL


def test_a_form_that_was_held_survives_both_steps_and_a_wrong_code(browser, telephone):
    browser.get("/sign-in/")
    held = browser.post("/test/note/", {**NOTE, "csrfmiddlewaretoken": browser.cookies["csrftoken"].value})
    page = browser.send(held.content.decode(), username="kamolchanok", password=PASSWORD)
    page = give_code(browser, page, "000000")
    assert WRONG in page.content.decode()
    answer = give_code(browser, page, telephone.code())
    form = browser.get(answer.url).content.decode()
    assert (answer.url, NOTE["text"] in form) == ("/test/note/", True)


def test_each_step_gives_the_session_a_new_key(browser, telephone):
    browser.get("/sign-in/")
    browser.session.save()
    keys = [browser.session.session_key]
    page = give_password(browser)
    keys.append(browser.session.session_key)
    give_code(browser, page, telephone.code())
    keys.append(browser.session.session_key)
    assert len(set(keys)) == 3


def test_the_code_page_is_a_step_and_no_door(browser, telephone, rf, kamolchanok):
    assert browser.get(CODE_PAGE).url == "/sign-in/"
    door = browser.get("/sign-in/").content.decode()
    token = hidden_fields(door)["csrfmiddlewaretoken"]
    answer = browser.post(CODE_PAGE, {"one_time_code": telephone.code(), "csrfmiddlewaretoken": token})
    assert (answer.status_code, is_signed_in(browser)) == (403, False)
    assert authenticate(rf.post("/"), username="kamolchanok", one_time_code=telephone.code()) is None


@pytest.mark.parametrize("meanwhile", ["too long", "another password", "closed"])
def test_the_first_step_does_not_hold_for_ever(browser, telephone, kamolchanok, meanwhile):
    page = give_password(browser)
    if meanwhile == "too long":
        session = browser.session
        session["accounts_half_in"] |= {"at": session["accounts_half_in"]["at"] - HOLDS_FOR.total_seconds() - 1}
        session.save()
    elif meanwhile == "another password":
        kamolchanok.set_password("อีกรหัสหนึ่ง-2570")
        kamolchanok.save()
    else:
        User.objects.update(is_active=False)
    assert give_code(browser, page, telephone.code()).status_code == 403
    assert not is_signed_in(browser)


def test_a_wrong_password_is_told_as_to_everybody_else(browser, telephone):
    answer = give_password(browser, "wrong").content.decode()
    assert "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง" in answer
    assert ASKS_CODE not in answer


# A code works once


def test_a_code_that_was_used_is_not_taken_again(browser, telephone):
    code, thief = telephone.code(), Browser()
    give_code(browser, give_password(browser), code)
    answer = give_code(thief, give_password(thief), code)
    assert WRONG in answer.content.decode()
    assert not is_signed_in(thief)
    assert give_code(thief, give_password(thief), telephone.code(steps=1)).status_code == 302


def test_a_code_older_than_the_last_one_used_is_not_taken(telephone, kamolchanok):
    now = timezone.now()
    assert second_factor.check(kamolchanok, code_of(telephone.secret, now), at=now) == "totp"
    assert second_factor.check(kamolchanok, code_of(telephone.secret, now, steps=-1), at=now) == ""


@pytest.mark.parametrize(("steps", "taken"), [(-2, ""), (-1, "totp"), (0, "totp"), (1, "totp"), (2, "")])
def test_a_telephones_clock_may_be_a_step_off(telephone, kamolchanok, steps, taken):
    now = timezone.now()
    assert second_factor.check(kamolchanok, code_of(telephone.secret, now, steps=steps), at=now) == taken


@pytest.mark.parametrize("write", [lambda code: f" {code[:3]} {code[3:]} ", lambda code: code.translate(THAI)])
def test_spaces_and_thai_digits_are_understood(telephone, kamolchanok, write):
    assert second_factor.check(kamolchanok, write(telephone.code()), at=timezone.now()) == "totp"


THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def test_a_recovery_code_works_once_and_is_on_record(browser, telephone, kamolchanok):
    code = telephone.paper[3]
    written = f"{code[:4]} {code[4:]}"
    give_code(browser, give_password(browser), written)
    assert "ยังเหลือ 9 รหัส" in browser.get("/test/page/").content.decode()
    assert Entry.objects.about(kamolchanok).first().act == "accounts.use_recovery_code"
    thief = Browser()
    assert WRONG in give_code(thief, give_password(thief), written).content.decode()
    assert second_factor.recovery_codes_left(kamolchanok) == 9


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_the_same_code_at_once_one_is_taken(telephone, kamolchanok, at_once):
    now = timezone.now()
    code = code_of(telephone.secret, now)
    answers = at_once(*[lambda: second_factor.check(kamolchanok, code, at=now)] * 4)
    assert sorted(map(str, answers)) == ["", "", "", "totp"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_the_same_recovery_code_at_once_one_is_taken(telephone, kamolchanok, at_once):
    now = timezone.now()
    answers = at_once(*[lambda: second_factor.check(kamolchanok, telephone.paper[0], at=now)] * 4)
    assert sorted(map(str, answers)) == ["", "", "", "recovery_code"]


# Wrong codes


def test_wrong_codes_lock_as_wrong_passwords_do_and_say_until_when(browser, telephone):
    page = give_password(browser)
    answers = [give_code(browser, page, "000000") for _turn in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert re.search(LOCKED + r".*เวลา", answers[-1].content.decode())
    assert give_code(browser, page, telephone.code()).status_code == 429
    assert give_password(browser).status_code == 429
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=16))
    assert give_code(browser, give_password(browser), telephone.code()).status_code == 302


def test_a_right_password_between_them_does_not_wipe_out_wrong_codes(browser, telephone):
    statuses = [give_code(browser, give_password(browser), "000000").status_code for _turn in range(5)]
    assert statuses[-1] == 429


def test_colleagues_at_the_same_address_are_not_locked(browser, telephone):
    User.objects.create_user("wichai", password=PASSWORD)
    page = give_password(browser)
    for _turn in range(5):
        give_code(browser, page, "000000")
    door = browser.get("/sign-in/").content.decode()
    assert browser.send(door, username="wichai", password=PASSWORD).status_code == 302


def test_wrong_codes_from_many_addresses_lock_the_person_for_a_while(telephone, kamolchanok):
    def from_address(number, code):
        browser = Browser()
        browser.defaults["REMOTE_ADDR"] = f"10.0.0.{number}"
        return give_code(browser, give_password(browser), code)

    for number in range(10):
        answer = from_address(number, "000000")
    assert "งดรับรหัสยืนยันของท่านจนถึง" in answer.content.decode()
    assert from_address(11, telephone.code()).status_code == 200
    row = Authenticator.objects.get(user=kamolchanok, type="totp")
    row.data["wrong"] = [moment - 16 * 60 for moment in row.data["wrong"]]
    row.save()
    assert from_address(12, telephone.code()).status_code == 302


def test_neither_codes_nor_passwords_are_kept_by_the_lock_out(browser, telephone):
    give_code(browser, give_password(browser), "135791")
    kept = AccessAttempt.objects.get()
    assert "135791" not in kept.post_data + kept.get_data


# Setting it up


@pytest.fixture
def at_home(browser, kamolchanok):
    browser.force_login(kamolchanok)
    return browser


def enrol_page(browser):
    page = browser.get("/profile/second-factor/").content.decode()
    secret = re.search(r'<code class="code">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    return page, secret


def send_whole(browser, page, path, **typed):
    """Send the page's own form, which has no action."""
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" (?:id="[^"]*" )?value="([^"]*)"', page)
    inputs += re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    return browser.post(path, {**dict(inputs), "csrfmiddlewaretoken": token, **typed})


def test_setting_it_up_asks_for_password_and_a_code_and_shows_the_recovery_codes_once(at_home, kamolchanok):
    page, secret = enrol_page(at_home)
    assert "data:image/svg+xml" in page
    answer = send_whole(
        at_home, page, "/profile/second-factor/", password=PASSWORD, one_time_code=code_of(secret, timezone.now())
    )
    shown = re.findall(r"<li>(\d{4} \d{4})</li>", answer.content.decode())
    assert (answer.status_code, len(shown)) == (200, 10)
    assert "no-store" in answer["Cache-Control"]
    assert second_factor.is_enrolled(kamolchanok)
    assert at_home.get("/profile/second-factor/").status_code == 302
    assert second_factor.check(kamolchanok, shown[0], at=timezone.now()) == "recovery_code"


def test_the_code_that_set_it_up_does_not_sign_in_as_well(kamolchanok):
    now, secret = timezone.now(), second_factor.new_secret()
    second_factor.enrol(kamolchanok, secret, code_of(secret, now), at=now)
    assert second_factor.check(kamolchanok, code_of(secret, now), at=now) == ""


def test_setting_it_up_ends_the_other_sessions_and_not_this_one(at_home, kamolchanok):
    other = Browser()
    other.force_login(kamolchanok)
    page, secret = enrol_page(at_home)
    send_whole(
        at_home, page, "/profile/second-factor/", password=PASSWORD, one_time_code=code_of(secret, timezone.now())
    )
    assert (is_signed_in(at_home), is_signed_in(other)) == (True, False)


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"one_time_code": "000000"}, {"secret": "made-up"}])
def test_a_wrong_password_code_or_secret_sets_nothing_up(at_home, kamolchanok, wrong):
    page, secret = enrol_page(at_home)
    right = {"password": PASSWORD, "one_time_code": code_of(secret, timezone.now())}
    answer = send_whole(at_home, page, "/profile/second-factor/", **right | wrong)
    assert (answer.status_code, second_factor.is_enrolled(kamolchanok)) == (422, False)
    # The square stays, so that the telephone needs not scan again; unless it was no square of ours.
    assert (enrol_secret(answer) == secret) == ("secret" not in wrong)


def enrol_secret(answer):
    return re.search(r'<code class="code">([A-Z2-7 ]+)<', answer.content.decode())[1].replace(" ", "")


def test_a_square_shown_to_somebody_else_sets_nothing_up(at_home, kamolchanok):
    thief = Browser()
    thief.force_login(User.objects.create_user("wichai", password=PASSWORD))
    page, secret = enrol_page(thief)
    signed = re.search(r'name="secret" value="([^"]+)"', page)[1]
    own_page, _own = enrol_page(at_home)
    send_whole(
        at_home,
        own_page,
        "/profile/second-factor/",
        password=PASSWORD,
        one_time_code=code_of(secret, timezone.now()),
        secret=signed,
    )
    assert not second_factor.is_enrolled(kamolchanok)


def test_no_secret_is_readable_in_the_database_or_the_log(telephone, kamolchanok):
    kept = json.dumps([row.data for row in Authenticator.objects.all()])
    logged = " ".join(entry.change + entry.text for entry in Entry.objects.all())
    for secret in (telephone.secret, *telephone.paper):
        assert secret not in kept
        assert secret not in logged


def test_removing_it_asks_for_password_and_code(at_home, telephone, kamolchanok):
    at_home.force_login(kamolchanok)
    path = "/profile/second-factor/remove/"
    page = at_home.get(path).content.decode()
    for typed in ({"password": PASSWORD}, {"password": "wrong", "one_time_code": telephone.code()}):
        assert send_whole(at_home, page, path, **typed).status_code == 422
    assert send_whole(at_home, page, path, password=PASSWORD, one_time_code=telephone.code()).status_code == 302
    assert not Authenticator.objects.exists()
    assert is_signed_in(at_home)
    assert Entry.objects.about(kamolchanok).first().act == "accounts.remove_second_factor"


def test_new_recovery_codes_void_the_old_ones(at_home, telephone, kamolchanok):
    at_home.force_login(kamolchanok)
    path = "/profile/second-factor/codes/"
    page = at_home.get(path).content.decode()
    answer = send_whole(at_home, page, path, password=PASSWORD, one_time_code=telephone.code())
    shown = re.findall(r"<li>(\d{4} \d{4})</li>", answer.content.decode())
    assert second_factor.check(kamolchanok, telephone.paper[0], at=timezone.now()) == ""
    assert second_factor.check(kamolchanok, shown[0], at=timezone.now()) == "recovery_code"


# Step-up


def test_an_act_that_weighs_more_asks_for_the_code_in_the_same_request(client, telephone, kamolchanok):
    client.force_login(kamolchanok)
    weigh = "/test/weigh/"
    assert "one_time_code" in client.get(weigh).content.decode()
    assert "โปรดพิมพ์รหัสยืนยัน" in client.post(weigh, {"password": PASSWORD}).content.decode()
    code = telephone.code()
    # The code isn't spent on a form whose password is wrong.
    client.post(weigh, {"password": "wrong", "one_time_code": code})
    assert client.post(weigh, {"password": PASSWORD, "one_time_code": code}).content == b"done True"
    assert WRONG in client.post(weigh, {"password": PASSWORD, "one_time_code": code}).content.decode()


def test_wrong_codes_beside_the_right_password_lock_too(client, telephone, kamolchanok):
    client.force_login(kamolchanok)
    given = {"password": PASSWORD, "one_time_code": "000000", "idempotency": new_key()}
    assert [client.post("/test/weigh/", given).status_code for _turn in range(5)] == [200, 200, 200, 200, 429]


# allauth


def test_none_of_allauths_addresses_is_open_and_nobody_signs_up(rf):
    for name in ("account_signup", "account_login", "account_reset_password", "mfa_index", "mfa_activate_totp"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert not [each for each in get_resolver().url_patterns if "allauth" in str(getattr(each, "urlconf_module", ""))]
    assert ClosedAccounts().is_open_for_signup(rf.get("/")) is False
