"""What the engine answers becomes a page that says what happened, and what to do."""

import logging

import pytest
from django.test import Client

from acts.middleware import RequestIdFilter

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


def test_log_lines_bear_the_number_of_the_request(browser):
    seen = []

    class Keeper(logging.Handler):
        def emit(self, record):
            seen.append(record.request_id)

    keeper = Keeper()
    keeper.addFilter(RequestIdFilter())
    logger = logging.getLogger("django.request")
    logger.addHandler(keeper)
    try:
        logger.warning("before any request")
        answer = browser.post("/raises/conflict/")
    finally:
        logger.removeHandler(keeper)
    assert seen == ["-", answer["X-Request-Id"]]
