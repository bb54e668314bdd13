"""What the engine answers becomes a page that says what happened, and what to do."""

import logging
from datetime import datetime, timedelta

import pytest
from django.conf import settings as configured
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from acts.logs import ContextFilter
from acts.maintenance import Maintenance, begin, end

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.acts.urls")]


@pytest.fixture
def browser():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("name", "status", "headline", "sentence"),
    [
        ("refused", 403, "ขณะนี้ท่านยังดำเนินการนี้ไม่ได้", "Only the clerk may do this."),
        ("incomplete", 422, "ยังขาดข้อมูลบางส่วน", "Take something out."),
        ("conflict", 409, "ระบบไม่ได้เปลี่ยนแปลงข้อมูล โปรดตรวจดูอีกครั้ง", "Somebody was first."),
        ("done-nowhere", 409, "ดำเนินการเรื่องนี้แล้ว", "แบบฟอร์มนี้ส่งแล้วและมีผลแล้ว"),
        ("denied", 403, "ขณะนี้ท่านยังดำเนินการนี้ไม่ได้", "Not on Sundays."),
        ("denied-silently", 403, "ขณะนี้ท่านยังดำเนินการนี้ไม่ได้", "หน้าที่ของท่านในระบบไม่รวมถึงการดำเนินการนี้"),
    ],
    ids=["refused", "incomplete", "conflict", "done-nowhere", "denied", "denied-silently"],
)
def test_a_refusal_is_a_page_with_its_sentences_and_the_number_of_the_request(
    browser, name, status, headline, sentence
):
    answer = browser.post(f"/raises/{name}/")
    page = answer.content.decode()

    assert answer.status_code == status
    assert "<html" in page
    assert headline in page
    assert sentence in page
    assert answer["X-Request-Id"] in page
    assert 'href="/"' in page


def test_texts_that_were_refused_stand_there_to_be_copied_but_nothing_secret_and_nothing_that_was_only_shown(browser):
    sent = {"reason": "เหตุผล\nสอง", "name": "two words", "version": "3", "key": "0f" * 16, "password": "รหัส ลับ"}
    sent |= {"definition": "ตามเดิม", "initial-definition": "ตามเดิม"}
    for name in ("refused", "incomplete", "conflict", "denied"):
        assert browser.post(f"/raises/{name}/", sent).context["typed"] == ["เหตุผล\nสอง", "two words"], name
    assert "typed" in browser.post("/raises/done-nowhere/", sent).context
    assert browser.post("/raises/done-nowhere/", sent).context["typed"] == [], "that one had its effect"


def test_what_is_missing_links_to_the_field_of_the_page_left(browser):
    from_a_page = browser.post("/raises/incomplete/", headers={"Referer": "http://testserver/parcels/7/"})
    assert 'href="/parcels/7/#id_label"' in from_a_page.content.decode()
    assert "#id_label" not in browser.post("/raises/incomplete/").content.decode()

    in_the_page = browser.post("/raises/incomplete/", headers={"HX-Request": "true"})
    assert 'href="#id_label"' in in_the_page.content.decode()


def test_a_form_sent_twice_leads_to_what_it_has_done(browser):
    answer = browser.post("/raises/done/")
    assert (answer.status_code, answer["Location"]) == (302, "/parcels/7/")


@pytest.mark.parametrize(
    ("referer", "link"),
    [
        ("http://testserver/parcels/7/?tab=2", 'href="/parcels/7/?tab=2"'),
        ("https://evil.example/parcels/7/", 'href="/"'),
        ("javascript:alert(1)", 'href="/"'),
    ],
)
def test_the_way_back_leads_to_the_page_left_and_never_to_another_site(browser, referer, link):
    answer = browser.post("/raises/conflict/", headers={"Referer": referer})
    assert answer.status_code == 409
    assert link in answer.content.decode()


@pytest.mark.parametrize(("name", "status"), [("refused", 403), ("incomplete", 422), ("conflict", 409)])
def test_htmx_gets_only_the_notice_put_above_the_page_that_is_open(browser, name, status):
    answer = browser.post(f"/raises/{name}/", headers={"HX-Request": "true"})

    assert answer.status_code == status
    assert "<html" not in answer.content.decode()
    assert 'class="notice"' in answer.content.decode()
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#main", "afterbegin show:top")


def test_a_boosted_link_gets_the_whole_page(browser):
    answer = browser.post("/raises/refused/", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert answer.status_code == 403
    assert "<html" in answer.content.decode()


def test_a_page_that_does_not_exist_says_so_in_thai(browser):
    answer = browser.get("/raises/nothing/")
    assert answer.status_code == 404
    assert "ไม่พบหน้านี้" in answer.content.decode()


@pytest.mark.expects_errors
def test_a_fault_is_a_page_that_stands_alone_with_the_number_of_the_request(browser, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = browser.get("/raises/fault/")
    page = answer.content.decode()

    assert answer.status_code == 500
    assert "ระบบขัดข้อง" in page
    assert answer["X-Request-Id"] in page
    assert "nobody foresaw this" not in page


def test_every_request_has_a_number_of_its_own_that_the_client_cannot_choose(browser):
    numbers = {browser.post("/raises/done/", headers={"X-Request-Id": "chosen"})["X-Request-Id"] for _time in range(3)}
    assert len(numbers) == 3
    assert "chosen" not in numbers


# Logs


@pytest.fixture
def logged():
    """The lines of the log as they are written, from the first level on."""
    lines = []

    class Keeper(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    keeper, root = Keeper(), logging.getLogger()
    keeper.addFilter(ContextFilter())
    keeper.setFormatter(logging.Formatter(configured.LOGGING["formatters"]["line"]["format"]))
    level = root.level
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(level)
    root.removeHandler(keeper)


def test_log_lines_bear_the_request_the_person_and_the_route(browser, logged):
    person = get_user_model().objects.create_user("kamolchanok")
    logging.getLogger("test").warning("before any request")
    nobody = browser.post("/raises/conflict/")
    browser.force_login(person)
    somebody = browser.post("/sign-in/")
    missing = browser.get("/raises/nothing/")

    assert any("request=- person=- route=- job=- before any request" in line for line in logged)
    assert any(f"request={nobody['X-Request-Id']} person=- route=" in line for line in logged)
    assert somebody.status_code < 500
    assert any(f"request={missing['X-Request-Id']} person={person.pk} route=- job=-" in line for line in logged)


@pytest.mark.expects_errors
def test_nothing_that_a_person_typed_is_in_the_log(browser, logged):
    get_user_model().objects.create_user("kamolchanok", password="ความลับ-9183")
    browser.post("/sign-in/", {"username": "kamolchanok", "password": "รหัสผิด-7726"})
    browser.post("/sign-in/", {"username": "kamolchanok", "password": "ความลับ-9183"})
    browser.post("/raises/fault/?q=คำค้น-4410", {"text": "ข้อความ-5521"})

    spoken = [line for line in logged if "django.db.backends" not in line]
    assert any("Internal Server Error: /raises/fault/" in line for line in spoken)
    assert not [line for line in spoken if any(typed in line for typed in ("9183", "7726", "5521", "4410"))]


# Pages that stand alone


@pytest.mark.expects_errors
def test_what_cannot_be_read_is_a_page(browser):
    answer = browser.get("/raises/suspicious/")
    page = answer.content.decode()
    assert (answer.status_code, answer["X-Request-Id"] in page) == (400, True)
    assert "ระบบอ่านข้อมูลนี้ไม่ได้" in page


@pytest.mark.expects_errors
def test_a_host_that_is_not_ours_gets_the_page_too(browser):
    answer = browser.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()


@pytest.mark.expects_errors
def test_too_much_text_at_once_is_said_with_the_limit(browser, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    answer = browser.post("/sign-in/", {"username": "ก" * 400_000})
    page = answer.content.decode()
    assert (answer.status_code, answer["X-Request-Id"] in page) == (413, True)
    assert "๑ เมกะไบต์" in page


def test_an_address_that_only_takes_forms_says_so(browser):
    answer = browser.get("/language/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert answer["X-Request-Id"] in answer.content.decode()


@pytest.mark.expects_errors
def test_without_its_database_the_system_says_so_and_when_to_come_again(browser, monkeypatch):
    get_user_model().objects.create_user("kamolchanok")
    browser.force_login(get_user_model().objects.get())

    def gone(*args, **kwargs):
        raise OperationalError("could not connect to server at 10.0.0.7")

    # As deep as can be: everything that asks the database fails, sessions and people first.
    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", gone)
    for path in ("/", "/health/", "/sign-in/"):
        answer = browser.get(path)
        page = answer.content.decode()
        if path == "/sign-in/" and answer.status_code == 200:
            continue  # it needs nobody
        assert (path, answer.status_code, answer["Retry-After"]) == (path, 503, "30")
        assert answer["X-Request-Id"] in page
        assert "10.0.0.7" not in page
        assert "no-store" in answer["Cache-Control"]
    monkeypatch.undo()
    assert browser.get("/health/").content == b"ok"


# Maintenance


@pytest.fixture
def closed(settings, tmp_path):
    """A folder of its own for the file that closes the system."""
    settings.VAR_DIR = tmp_path
    yield lambda **said: begin(Maintenance(**said))
    end()


def test_closed_for_maintenance_everybody_gets_the_page_without_a_query(browser, closed, django_assert_num_queries):
    closed(until=datetime(2027, 3, 1, 18, 30, tzinfo=timezone.get_default_timezone()), sentence="กำลังสำรองข้อมูล")
    with django_assert_num_queries(0):
        answers = [browser.get("/"), browser.get("/verify/"), browser.post("/sign-in/", {"username": "ก"})]

    for answer in answers:
        page = answer.content.decode()
        assert answer.status_code == 503
        assert answer["X-Request-Id"] in page
        assert "กำลังสำรองข้อมูล" in page
        assert "๑๘.๓๐ น." in page
        assert "no-store" in answer["Cache-Control"]
    assert ["ย้อนกลับ" in answer.content.decode() for answer in answers] == [False, False, True]
    assert browser.get("/health/").status_code == 200
    sheet = browser.get("/static/look/tokens.css")
    assert (sheet.status_code, bool(sheet.getvalue())) == (200, True)


def test_maintenance_says_when_to_look_again(browser, closed):
    closed(until=timezone.now() + timedelta(minutes=10))
    assert 500 < int(browser.get("/")["Retry-After"]) <= 600
    closed(until=timezone.now() - timedelta(hours=1))
    assert browser.get("/")["Retry-After"] == "60"
    closed()
    assert browser.get("/")["Retry-After"] == "60"


def test_maintenance_speaks_the_language_that_the_browser_has_kept(browser, closed):
    closed()
    browser.cookies["language"] = "en"
    assert "Closed for maintenance" in browser.get("/").content.decode()
    browser.cookies["language"] = "xx"
    assert "ปิดปรับปรุงระบบ" in browser.get("/").content.decode()


def test_maintenance_begins_and_ends_by_a_command(browser, closed, capsys):
    call_command("maintenance", "on", "--minutes", "30", "--sentence", "ย้ายเครื่องแม่ข่าย")
    assert "ย้ายเครื่องแม่ข่าย" in browser.get("/").content.decode()
    call_command("maintenance", "off")
    call_command("maintenance", "off")
    assert browser.get("/sign-in/").status_code == 200
    assert capsys.readouterr().out.count("เปิดใช้งานตามปกติ") == 2
