"""Somebody with a keyboard and no mouse: Tab, Shift+Tab, Enter, Space, arrows and letters; every stop is judged."""

import re
from pathlib import Path

from playwright.sync_api import expect

KEYS = Path(__file__).with_name("keys.js")
FAR = 120  # stops; nobody tabs further for one thing
WANTED = {
    "text": str.startswith,
    "goes": lambda found, path: found.partition("#")[0].endswith(path),
    "name": lambda found, pattern: re.fullmatch(pattern, found),
}


class Typist:
    """`pressed` counts the keys; `faults` gathers where the focus was lost, unmarked, hidden or out of order."""

    def __init__(self, browser, address):
        self.context = browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="th-TH", reduced_motion="reduce"
        )
        self.context.set_default_timeout(30_000)
        self.context.add_init_script(path=KEYS)
        self.tab = self.context.new_page()
        self.faults, self.pressed, self.letters, self.stops, self.pages = [], 0, 0, 0, 1
        self.tab.goto(address)

    def press(self, key, times=1):
        for _time in range(times):
            self.tab.keyboard.press(key)
            self.pressed += 1
        return self

    def here(self, *, onward=False):
        """What has the focus: {tag, id, name, value, text, type}."""
        found = self.tab.evaluate("(onward) => keys.here(onward)", onward)
        if any(fault.startswith("out of sight") for fault in found["faults"]):
            # What was left has just been saved, and its answer may be moving the page.
            self.tab.wait_for_timeout(500)
            found = self.tab.evaluate("(onward) => keys.here(onward)", onward)
        self.stops += 1
        self.faults += [f"{self.tab.url}: {fault}" for fault in found.pop("faults")]
        return found

    def to(self, *, back=False, **wanted):
        """Tab on until the focus is at what is wanted: text="…" (what it begins with), goes="…" (where it leads), name="…"."""
        for _stop in range(FAR):
            self.press("Shift+Tab" if back else "Tab")
            found = self.here(onward=not back)
            if all(WANTED[what](found[what], text) for what, text in wanted.items()):
                return self
        shown = " ".join(self.tab.locator("main").inner_text().split())
        raise AssertionError(f"{wanted} is not reached by Tab at {self.tab.url}: {shown}")

    def type(self, text):
        """Type where the focus is, in place of what stands there."""
        self.press("Control+a")
        self.tab.keyboard.type(text)
        self.letters += len(text)
        return self

    def fill(self, **fields):
        """Tab to each field by its name and type into it."""
        for name, text in fields.items():
            self.to(name=name).type(text)
        return self

    def go(self, key="Enter"):
        """Press a key that leads to another page, and wait for it."""
        with self.tab.expect_navigation(wait_until="load"):
            self.press(key)
        self.pages += 1
        return self

    def skip(self):
        """Past the menu: the skip link is the first stop of a page, unless its address leads to a place on it already."""
        if "#" in self.tab.url:
            return self
        self.press("Tab")
        assert self.here()["css"] == "skip", f"the first stop at {self.tab.url} is {self.here()}"
        self.press("Enter")
        assert self.here()["id"] == "main"
        return self

    def choose(self, text):
        """In the list that has the focus, go from its first choice down to the one that begins so."""
        self.press("Home")
        for _choice in range(FAR):
            if self.tab.evaluate("document.activeElement.selectedOptions[0].textContent.trim()").startswith(text):
                return self
            self.press("ArrowDown")
        raise AssertionError(f"no choice {text}")

    def sees(self, text):
        expect(self.tab.locator("main")).to_contain_text(text)
        return self

    def sign_in(self, username, password):
        """At the door, which is open now."""
        return self.fill(username=username, password=password).go()

    def sign_out(self):
        return self.to(text="ออกจากระบบ").go()
