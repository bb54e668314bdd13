"""Every page, as people with and without eyes, with a mouse or a finger, at any size of text meet it.

Each page that shows something new is opened in a browser, in both languages and both themes: axe finds no violation,
it reads well by ear, nothing scrolls sideways or is cut off at 200 % and at 320 px, nor with wider spacing of the text;
and so does the answer to each form that is filled in wrongly, and each page that says what went wrong.
"""

import pytest
from django.test import RequestFactory
from django.utils.translation import override

from acts import views as answers
from tests.desk.asking import address, payload
from tests.journey.onlooker import Onlooker
from tests.journey.pages import Chooser, mistyped, openable, scenes

pytestmark = pytest.mark.journey

LANGUAGES = ("th", "en")
FORMS = {"add_evidence", "add_line", "comment", "evaluation", "line", "minutes", "offer", "plan", "refuse_to_sign"}
FORMS |= {"result", "signing", "weights", "move:release", "move:send_back"}


@pytest.fixture
def onlooker(chromium, live_server):
    onlooker = Onlooker(chromium, live_server.url)
    yield onlooker
    onlooker.context.close()
    print(f"{onlooker.looked} pages were looked at")  # noqa: T201  # said by -s
    assert not onlooker.faults, f"{len(onlooker.faults)} faults:\n" + "\n".join(onlooker.faults)


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_open_to_everybody(onlooker, walked, language):
    chooser = Chooser(walked)
    for turn, scene in scenes(walked):
        for spot in chooser.spots(turn, scene):
            status = 422 if spot.typed else 200
            look_at(onlooker, walked, spot.role, spot.path, spot.typed, status, str(spot), language)
    assert chooser.opened >= openable()
    assert chooser.refused >= FORMS


def test_what_went_wrong_is_told_to_everybody(onlooker, walked):
    _turn, scene = next(iter(scenes(walked)))
    stale = payload(scene, "line", walked.people.staff) | {"version": "0"}
    for role, route, typed, status in (
        ("negotiator", "agreement", {}, 403),
        ("stranger", "agreement", {}, 404),
        ("staff", "shift_line", {}, 405),
        ("staff", "move:hand_to_office", {"version": "999", "idempotency": "0" * 32}, 409),
        ("staff", "line", {name: str(value) for name, value in stale.items()}, 409),
        ("anonymous", "sign_in", mistyped(payload(scene, "sign_in", None)), 200),
        ("anonymous", "plan", {"vision": "ยังไม่ได้บันทึก"}, 403),
    ):
        for language in LANGUAGES:
            look_at(onlooker, walked, role, address(scene, route), typed, status, f"{status} {role} {route}", language)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("damaged", lambda request: answers.bad_request(request, ValueError())),
        ("fault", answers.server_error),
        ("closed", lambda request: answers.closed(request, until=None, sentence="", retry_after=60)),
    ],
)
def test_a_page_that_stands_alone_is_open_to_everybody(onlooker, name, answer):
    for language in LANGUAGES:
        with override(language):
            page = answer(RequestFactory().get("/"))
        onlooker.show(page)
        onlooker.look(f"{name} {language}", language)


def look_at(onlooker, world, role, path, typed, status, called, language):
    """Look at a page, or the answer to what is typed, as a person reads it in a language."""
    onlooker.be(None if role == "anonymous" else world.people.get(role), language)
    assert onlooker.open(path, typed).status == status, called
    onlooker.look(f"{called} {language}", language)
