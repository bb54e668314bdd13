"""The running product and a browser in front of it: people sign in, click, type, and read."""

import os
import re
import subprocess
import tempfile

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.world import PASSWORD, build

# The browser's driver runs an event loop in this thread; the database is used between its calls, never inside them.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# A refusal (403, 422 …) is an answer. A page that is left gives up the score it was asking for; what else goes wrong
# with a request is said by htmx in words of its own besides.
NO_FAULTS = ("status of 4", "htmx:sendAbort", "htmx:afterRequest")
DESK, PHONE = {"width": 1440, "height": 1000}, {"width": 360, "height": 760}


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def walked(transactional_db):
    """The world of the tests, committed, so that the server's threads see it."""
    return build()


class Person:
    """Somebody at a browser of their own, signed in."""

    def __init__(self, browser, address, username, viewport):
        self.context = browser.new_context(viewport=viewport, locale="th-TH")
        self.context.set_default_timeout(15_000)
        self.tab = self.context.new_page()
        self.address = address
        self.complaints = []
        self.tab.on("console", self.note)
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.open("/")
        self.tab.get_by_label("ชื่อผู้ใช้").fill(username)
        self.tab.get_by_label("รหัสผ่าน").fill(PASSWORD)
        self.tab.keyboard.press("Enter")
        expect(self.tab.get_by_role("heading", name="งานของฉัน")).to_be_visible()

    def note(self, message):
        """Keep what the browser complains of, unless it is no fault (see NO_FAULTS)."""
        if message.type == "error" and not any(each in message.text for each in NO_FAULTS):
            self.complaints.append(message.text)

    def open(self, path):
        self.tab.goto(self.address + path)
        return self

    def click(self, name, role=None):
        """Press the one button or link that is called so."""
        found = self.tab.get_by_role("button", name=name, exact=True).or_(
            self.tab.get_by_role("link", name=name, exact=True)
        )
        found.filter(visible=True).first.click()
        return self

    def fill(self, **fields):
        """Type into fields by their names."""
        for name, value in fields.items():
            self.tab.locator(f"[name={name}]:visible").first.fill(value)
        return self

    def sees(self, text):
        expect(self.tab.locator("body")).to_contain_text(text)
        return self

    def fits(self):
        """Nothing scrolls sideways."""
        width = self.tab.viewport_size["width"]
        assert self.tab.evaluate("document.documentElement.scrollWidth") <= width, self.tab.url
        return self


@pytest.fixture
def people(chromium, live_server, walked):
    """people("kamolchanok") signs somebody in; people("somchai", phone=True) does so on a phone."""
    opened = []

    def sign_in(username, *, phone=False):
        person = Person(chromium, live_server.url, username, PHONE if phone else DESK)
        opened.append(person)
        return person

    yield sign_in
    complaints = [complaint for person in opened for complaint in person.complaints]
    for person in opened:
        person.context.close()
    assert not complaints


def text_of(pdf):
    """The text of a PDF as a reader extracts it, white space folded."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        found = subprocess.run(["pdftotext", "-enc", "UTF-8", file.name, "-"], check=True, capture_output=True)
    return re.sub(r"\s+", " ", found.stdout.decode())
