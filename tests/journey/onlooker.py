"""A browser that opens pages as anybody, in either language, at any width, and asks axe and looking.js about them."""

from pathlib import Path

from axe_playwright_python import sync_playwright as axe
from django.conf import settings
from django.test import Client

from accounts.models import User

AXE = Path(axe.__file__).with_name("axe.min.js")
LOOKING = Path(__file__).with_name("looking.js")
PAGES_IN_A_TAB = 25
DESK, ZOOMED, SMALL = 1280, 640, 320  # ZOOMED: a window of 1280 px at 200 %
BY_COLOUR = ["color-contrast", "link-in-text-block"]
# WCAG 1.4.12: nothing may be lost when somebody sets their text so.
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    "p { margin-bottom: 2em !important }"
)
SEND = """([path, fields]) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: path });
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  for (const [name, value] of Object.entries({ ...fields, csrfmiddlewaretoken: token })) {
    const area = document.createElement("textarea");
    Object.assign(area, { name, value });
    form.append(area);
  }
  document.body.append(form);
  form.submit();
}"""


class Onlooker:
    """`faults` gathers what is wrong, as lines; `looked` counts the pages."""

    def __init__(self, chromium, address):
        self.address, self.faults, self.looked = address, [], 0
        self.context = chromium.new_context(
            viewport={"width": DESK, "height": 900}, reduced_motion="reduce", bypass_csp=True
        )
        self.context.set_default_timeout(60_000)
        for script in (AXE, LOOKING):
            self.context.add_init_script(path=script)
        self.tab = self.context.new_page()

    def be(self, user, language):
        """Sit down as `user` (None: signed out) and read in a language."""
        self.context.clear_cookies()
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user:
            User.objects.filter(pk=user.pk).update(language=language)
            client = Client()
            client.force_login(user)
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        kept = [{"name": name, "value": value, "url": self.address} for name, value in cookies.items()]
        self.context.add_cookies(kept)

    def open(self, path, typed=None):
        """Open a page at the width of a desk, in the light; or the answer to a form that is sent to it."""
        self._begin_anew()
        self._at(DESK)
        self.tab.emulate_media(color_scheme="light")
        if not typed:
            return self.tab.goto(self.address + path, wait_until="load")
        self.tab.goto(self.address + "/verify/")
        with self.tab.expect_navigation(wait_until="load") as answer:
            self.tab.evaluate(SEND, [path, typed])
        return answer.value

    def _begin_anew(self):
        """In a new tab now and then: one that has shown hundreds of pages holds gigabytes."""
        if self.looked % PAGES_IN_A_TAB == 0:
            self.tab.close()
            self.tab = self.context.new_page()

    def show(self, answer):
        """An answer of a view that can't be asked for, as the server would give it."""
        self._at(DESK)
        self.tab.emulate_media(color_scheme="light")
        self.tab.route("**/alone/", lambda route: route.fulfill(body=answer.content, headers=dict(answer.items())))
        self.tab.goto(self.address + "/alone/")

    def look(self, where, language):
        """Every question, of the page that is open. What is read in Thai is asked of in the light, English in the dark."""
        self.looked += 1
        self._note(where, "errors", "errorFaults")
        self._note(where, "heard", "heardFaults")
        if language == "th":
            self._note(where, "axe", "axeFaults")
        self.tab.emulate_media(color_scheme="dark")
        self._note(where, "axe, dark", "axeFaults", *([BY_COLOUR] if language == "th" else []))
        for width in (ZOOMED, SMALL):
            self._at(width)
            self._note(where, f"{width} px", "narrowFaults")
        self.tab.add_style_tag(content=SPACED)
        self._note(where, "spaced", "sidewaysFaults")

    def _at(self, width):
        self.tab.set_viewport_size({"width": width, "height": 900})

    def _note(self, where, what, question, *given):
        script = f"async (given) => {{ await looking.drawn(); return looking.{question}(...given) }}"
        self.faults += [f"{where}: {what}: {fault}" for fault in self.tab.evaluate(script, list(given))]
