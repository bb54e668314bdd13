"""The tree of units by keyboard alone: what is below a unit is fetched where it is opened, once, and closes again."""

import pytest
from playwright.sync_api import expect

from tests.journey.typist import Typist
from tests.world import PASSWORD

pytestmark = pytest.mark.journey


@pytest.fixture
def typist(chromium, live_server, walked):
    typist = Typist(chromium, live_server.url)
    yield typist
    typist.context.close()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_unit_opens_and_closes_where_the_focus_is(typist, key):
    asked = []
    typist.sign_in("kamolchanok", PASSWORD)
    typist.skip().to(goes="/units/", back=True).go().skip()
    # What the script asks for; pictures and styles come when they come.
    typist.tab.on("request", lambda request: request.resource_type in ("xhr", "fetch") and asked.append(request.url))
    below = typist.tab.locator("#unit-CIB-CSD")
    expect(typist.tab.locator("#unit-IMM-D1")).to_be_visible()
    typist.to(text="หน่วยในสังกัด บช.ก.").press(key)
    expect(below).to_be_visible()
    assert typist.here()["text"].startswith("หน่วยในสังกัด บช.ก.")
    typist.press(key)
    expect(below).to_be_hidden()
    typist.press(key)
    expect(below).to_be_visible()
    assert [url for url in asked if url.endswith("/units/CIB/below/")] == asked
    assert len(asked) == 1
    typist.to(goes="/units/CIB-CSD/").go()
    assert not typist.faults, "\n".join(typist.faults)
