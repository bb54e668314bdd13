"""Every page, as people with and without eyes, with a mouse or a finger, at any size of text meet it.

Each page that shows something new is opened in a browser, in both languages and both themes: axe finds no violation,
it reads well by ear, nothing scrolls sideways or is cut off at 200 % and at 320 px, nor with wider spacing of the text;
and so does the answer to each form that is filled in wrongly.
"""

import pytest

from tests.journey.onlooker import Onlooker
from tests.journey.pages import Chooser, openable, scenes

pytestmark = pytest.mark.journey

LANGUAGES = ("th", "en")
FORMS = {"add_evidence", "add_line", "comment", "evaluation", "line", "minutes", "offer", "plan", "refuse_to_sign"}
FORMS |= {"result", "signing", "weights", "move:close", "move:send_back"}


def test_every_page_is_open_to_everybody(chromium, live_server, walked):
    chooser, onlooker = Chooser(walked), Onlooker(chromium, live_server.url)
    for turn, scene in scenes(walked):
        for spot in chooser.spots(turn, scene):
            look_at(onlooker, walked, spot)
    print(f"{onlooker.looked} pages were looked at, {len(LANGUAGES)} languages")
    open("/tmp/var-access/faults", "w").write("\n".join(onlooker.faults))
    assert not onlooker.faults, f"{len(onlooker.faults)} faults:\n" + "\n".join(onlooker.faults)
    assert openable() <= chooser.opened
    assert FORMS <= chooser.refused


def look_at(onlooker, world, spot):
    """Look at a page in both languages."""
    for language in LANGUAGES:
        onlooker.be(None if spot.role == "anonymous" else world.people.get(spot.role), language)
        answer = onlooker.open(spot.path, spot.typed)
        assert answer.status == (422 if spot.typed else 200), spot
        onlooker.look(f"{spot} {language}", language)
