"""The signing sitting with one hand on a phone: each agreement is read, then all are signed under one password."""

import pytest

from tests.journey.conftest import PHONE, Person
from tests.world import PASSWORD
from workflow.models import Reading, Signature

pytestmark = pytest.mark.journey
REACH = 0.6  # of the screen's height: the thumb of the hand that holds it comes no higher


@pytest.fixture
def superior(chromium, live_server, walked):
    for code in ("IMM-D1", "IMM-D2"):
        walked.walk(code).to("signing", "superior")
    person = Person(chromium, live_server.url, "somchai", PHONE)
    yield person
    person.context.close()
    assert not person.complaints, person.complaints


def within_reach(person, name):
    """The button stands in the lower part of the screen, wherever one has read to, and is as high as a finger."""
    button = person.tab.get_by_role("button", name=name, exact=True)
    for place in ("0", "document.body.scrollHeight"):
        person.tab.evaluate(f"window.scrollTo(0, {place})")
        box = button.bounding_box()
        assert REACH * PHONE["height"] <= box["y"] + box["height"] <= PHONE["height"], (place, box)
        assert box["height"] >= 44
    return person


def test_two_are_read_and_signed_with_one_hand(superior):
    superior.fits().click("อ่านและลงนาม ๒ ฉบับในคราวเดียว").sees("รอลงนาม ๒ ฉบับ").fits()
    superior.click("อ่าน บก.ตม.๑")
    for place in ("ฉบับที่ ๑ / ๒", "ฉบับที่ ๒ / ๒"):
        within_reach(superior.sees(place).fits(), "อ่านแล้ว พร้อมลงนาม").click("อ่านแล้ว พร้อมลงนาม")
    superior.sees("อ่านแล้ว พร้อมลงนาม ๒ ฉบับ").fits()
    assert (Reading.objects.count(), Signature.objects.filter(slot="receiver").count()) == (2, 0)

    within_reach(superior, "ลงนามฉบับที่เลือก").fill(password=PASSWORD).click("ลงนามฉบับที่เลือก")
    superior.sees("ท่านลงนามแล้ว ๒ ฉบับ").sees("ไม่มีคำรับรองรอท่านลงนาม").fits()
    assert Signature.objects.filter(slot="receiver").count() == 2
