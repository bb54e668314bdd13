"""Ten indicators from last year's six by keyboard alone, in the table: its keys and pages are counted and printed."""

import pytest

from acts.log import THE_SYSTEM
from agreements.models import Agreement
from agreements.rules import numbered_lines, weights_total_100
from agreements.stages import Stage
from desk.demo.years import fiscal_year
from tests.journey.typist import Typist
from tests.world import PASSWORD

pytestmark = pytest.mark.journey

CODE = "2571-IMM-D1"
COPIES = ("ร้อยละของผู้โดยสารขาออกที่ผ่านการตรวจภายในเวลามาตรฐาน", "ร้อยละของลูกเรือที่ผ่านการตรวจภายในเวลามาตรฐาน")
NEW = ("จำนวนสำนวนที่สอบสวนเสร็จ", "ร้อยละของคดีที่สรุปสำนวนทันกำหนด", "ระยะเวลาเฉลี่ยของการสอบสวน")
MOST_KEYS, MOST_PAGES = 100, 12


@pytest.fixture
def typist(chromium, live_server, walked):
    typist = Typist(chromium, live_server.url)
    yield typist
    typist.context.close()


def test_ten_lines_are_made_from_last_years_without_a_mouse(typist, walked):
    walked.walk().to(Stage.CLOSED)
    fiscal_year(2571, by=THE_SYSTEM, at=walked.at())
    typist.sign_in("kamolchanok", PASSWORD)
    typist.skip().to(text="เริ่มจากคำรับรองปีก่อน").go()
    typist.skip().to(goes="/weights/").go().skip()
    typist.to(name=r"name-\d+")
    for name in COPIES:
        copy_the_line(typist, name)
    make_it_a_part_and_move_it(typist)
    add_new_ones(typist)
    balance(typist)
    said = f"{typist.pressed} keys, {typist.letters} letters, {typist.pages} pages, {typist.stops} stops of the focus"
    print(said)  # noqa: T201  # said by -s
    assert not typist.faults, "\n".join(typist.faults)
    assert (typist.pressed <= MOST_KEYS, typist.pages <= MOST_PAGES) == (True, True), said
    draft = Agreement.objects.for_detail().get(code=CODE)
    numbered = numbered_lines(draft)
    assert {each.number: f"{each.weight:.2f}" for each in numbered if each.is_leaf} == {
        **dict.fromkeys(("1.1", "1.2", "1.3.1", "1.4"), "15.00"),
        **dict.fromkeys(("2.1", "2.2", "2.3", "2.4"), "3.75"),
        "3.1": "10.00",
        "4.1": "15.00",
    }
    assert {each.line.name for each in numbered} >= {*COPIES, *NEW}
    assert not list(weights_total_100(draft, None, None))


def copy_the_line(typist, name):
    """Alt+C, and the focus is at the copy's name."""
    typist.go("Alt+c")
    assert typist.here()["name"].startswith("name-")
    typist.type(name)


def make_it_a_part_and_move_it(typist):
    """The second copy becomes a part of the one before it; the other one moves below its neighbour."""
    here = typist.here()["name"]
    typist.go("Alt+Shift+ArrowRight")
    assert typist.here()["name"] == here
    typist.press("ArrowUp").go("Alt+ArrowDown")


def add_new_ones(typist):
    """Several at once: one on each line of the blank of the second dimension."""
    typist.press("ArrowDown", 3).press("Alt+n")
    typist.type(NEW[0])
    for name in NEW[1:]:
        typist.press("Enter")
        typist.tab.keyboard.type(name)
        typist.letters += len(name)
    typist.press("Tab").go()


def balance(typist):
    """In each dimension all weigh the same: looked at, and saved with one key."""
    typist.press("Alt+b").press("Tab", 2).go().sees("ยังไม่ได้บันทึก")
    typist.go("Control+s").sees("บันทึกตารางตัวชี้วัดแล้ว")
