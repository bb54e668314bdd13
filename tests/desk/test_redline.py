"""Two frozen texts compared on the screen and on paper, and who conceded what, as each side may know of it."""

import pytest

from agreements.models import Snapshot
from agreements.redline import Piece
from desk.redline_page import shortened
from tests.agreements.pdf_reading import packed, text_of
from tests.desk.test_query_counts import list_cost
from thai.numbers import to_arabic
from workflow.concessions import bargained
from workflow.models import Offer
from workflow.offers import accept, counter, make_offer

D1 = "2570-IMM-D1"
WHY = "เพื่อให้ท้าทายขึ้น"
WORDING = "ระบบสารสนเทศของหน่วย สอบทานทุกไตรมาส"


@pytest.fixture
def walk(world):
    """With the negotiator again: a level was countered and met, the weights were shifted, a wording waits."""
    walk = world.walk()
    walk.to("informal", "negotiator")
    thana, staff = walk.people.negotiator, walk.people.staff
    fifth = make_offer(walk.line("1.2"), "level_5", "12", reason=WHY, actor=thana, at=world.at())
    more = make_offer(walk.line("1.1"), "weight", "30", reason=WHY, actor=thana, at=world.at())
    less = make_offer(walk.line("1.3"), "weight", "15", reason=WHY, actor=thana, at=world.at())
    walk.move("hand_back", thana)
    accept(more, actor=staff, at=world.at())
    accept(less, actor=staff, at=world.at())
    counter(fifth, "14", reason=WHY, actor=staff, at=world.at())
    walk.hand_to_office()
    walk.answer()
    accept(Offer.objects.get(to_value="14"), actor=thana, at=world.at())
    make_offer(walk.line("1.1"), "data_source", WORDING, reason=WHY, actor=thana, at=world.at())
    return walk


def test_the_reader_is_shown_what_changed_since_their_own_side_sent_it_last(world, walk, visit, words):
    assert list(Snapshot.objects.values_list("sequence", "purpose")) == [
        (1, "submitted"), (2, "offered"), (3, "answered"),
    ]  # fmt: skip

    def pair(who):
        return tuple(each.sequence for each in visit(world.people.get(who), "desk:redline", D1).context["pair"])

    assert {who: pair(who) for who in ("staff", "negotiator", "auditor")} == {
        "staff": (1, 3),
        "negotiator": (2, 3),
        "auditor": (1, 3),
    }
    read = words(visit(world.people.negotiator, "desk:redline", D1))
    assert "สิ่งที่เปลี่ยนไปตั้งแต่ฉบับล่าสุดที่ฝ่ายของท่านส่ง" in read
    assert "35.00 30.00 −5.00" in read
    assert "10.00 15.00 +5.00" in read
    assert "น้ำหนักรวม 100.00 100.00" in read
    # The level is agreed to, and not handed over yet: no text has it.
    assert "เกณฑ์การให้คะแนน" not in read


def test_any_two_texts_are_compared_the_earlier_first(world, walk, visit, words):
    for query in ({"before": 1, "after": 3}, {"before": 3, "after": 1}):
        page = visit(world.people.staff, "desk:redline", D1, **query)
        assert [each.sequence for each in page.context["pair"]] == [1, 3]
    assert "ฉบับที่ 1 กับฉบับที่ 2 มีข้อความตรงกัน" in words(visit(world.people.staff, "desk:redline", D1, before=1, after=2))


def test_levels_stand_in_a_table_once_they_are_handed_over(world, walk, visit, words):
    walk.move("hand_back", walk.people.negotiator)
    read = words(visit(world.people.staff, "desk:redline", D1))

    assert "ระดับ 1 2 3 4 5" in read


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"before": "1", "after": "1"}, "โปรดเลือกสองฉบับที่ต่างกัน"),
        ({"before": "1", "after": "99"}, "โปรดเลือกฉบับจากรายการ"),
        ({"before": "ก"}, "โปรดเลือกฉบับจากรายการ"),
    ],
)
def test_a_wrong_choice_is_told_and_nothing_is_compared(world, walk, visit, words, query, said):
    page = visit(world.people.staff, "desk:redline", D1, **query)

    assert (page.status_code, page.context["redline"]) == (422, None)
    assert said in words(page)


def test_final_scores_are_no_text_of_the_agreement(world, visit):
    world.agreement("closed", "nobody")

    page = visit(world.people.staff, "desk:redline", D1)
    last = Snapshot.objects.filter(agreement__code=D1).last()
    assert last.purpose == "scores"
    assert last.sequence not in page.context["form"].by_sequence
    assert visit(world.people.staff, "desk:redline_paper", D1, 1, last.sequence).status_code == 404


def test_a_draft_has_nothing_to_compare(world, visit, words):
    assert world.draft
    assert "ยังไม่มีฉบับให้เปรียบเทียบ" in words(visit(world.people.staff, "desk:redline", D1))
    assert "ยังไม่มีข้อเสนอที่ส่งถึงท่าน" in words(visit(world.people.staff, "desk:concessions", D1))


def test_the_paper_holds_both_texts_side_by_side_in_thai_whatever_the_language(world, walk, visit, client):
    client.cookies["language"] = "en"
    answer = visit(world.people.staff, "desk:redline_paper", D1, 1, 3)

    assert answer["Content-Type"] == "application/pdf"
    read = packed(to_arabic(text_of(answer.content)))
    assert "ตารางเปรียบเทียบคำรับรองการปฏิบัติราชการ" in read
    assert "30.00" in read
    assert "35.00" in read


@pytest.mark.parametrize("page", ["history", "negotiation", "signing"])
def test_the_pages_on_which_one_asks_what_changed_lead_there(world, visit, page):
    world.agreement("signing", "head")

    assert f'href="/agreements/{D1}/redline/"' in visit(world.people.head, f"desk:{page}", D1).content.decode()


# Who conceded what


def test_each_side_is_told_where_it_began_where_it_moved_and_what_came_of_it(world, walk, visit):
    def seen_by(who):
        found = visit(world.people.get(who), "desk:concessions", D1).context["conceded"]
        return [(each.number, each.label, each.outcome, each.movers) for each in found]

    weights = ("1.1", "น้ำหนัก (ร้อยละ)", "30.00", ["บก.ตม.1"]), ("1.3", "น้ำหนัก (ร้อยละ)", "15.00", ["บก.ตม.1"])
    level = ("1.2", "ระดับ 5")
    waits = ("1.1", "แหล่งข้อมูลและวิธีการจัดเก็บข้อมูล", "ยังไม่ได้รับคำตอบ", [])
    assert seen_by("negotiator") == [weights[0], waits, (*level, "14", ["บก.ตม.1", "สตม."]), weights[1]]
    # The other side's answer and its new offer are its own until it hands the pen over.
    assert seen_by("staff") == [weights[0], (*level, "ยังไม่ได้รับคำตอบ", []), weights[1]]


@pytest.mark.parametrize(
    ("long", "short"),
    [
        # ่ rides on ต: the letter is left whole
        ("ก" * 50 + "ต่า" + "ง" * 38, "ก" * 40 + " … " + "ง" * 38),
        # the last space near the end, and the first near the other end
        (("คำ " * 11 + "ก" * 60 + " ปลาย" * 6), ("คำ " * 11).strip() + " … " + ("ปลาย " * 6).strip()),
    ],
)
def test_a_long_wording_is_shortened_between_letters_and_at_spaces_where_there_are(long, short):
    assert shortened(Piece("same", long)).text == short


def offer(side, start, to, state="countered"):
    return Offer(line_id=1, field="level_5", side=side, from_value=start, to_value=to, state=state)


@pytest.mark.parametrize(
    ("offers", "stands", "outcome", "shares"),
    [
        # offered, countered, met in between
        (
            [offer("counterpart", "10", "20"), offer("owner", "10", "14", "accepted")],
            (["10", "14"], ["20", "14"]), "14", (40, 60),
        ),
        # declined: the side that offered gives way
        ([offer("counterpart", "10", "20", "declined")], (["10"], ["20", "10"]), "10", (0, 100)),
        # taken at once
        ([offer("owner", "10", "8", "accepted")], (["8"], ["10", "8"]), "8", (0, 100)),
        # what was taken back was never a stand
        (
            [offer("counterpart", "10", "50", "withdrawn"), offer("counterpart", "10", "12", "accepted")],
            (["10", "12"], ["12"]), "12", (100, 0),
        ),
        # not settled
        ([offer("counterpart", "10", "20", "open")], (["10"], ["20"]), None, (None, None)),
        ([offer("counterpart", "10", "20", "deferred")], (["10"], ["20"]), None, (None, None)),
        # settled outside of what either began with: no share can be told
        (
            [offer("counterpart", "10", "20", "accepted"), offer("counterpart", "20", "30", "accepted")],
            (["10", "20", "30"], ["20", "30"]), "30", (None, None),
        ),
    ],
)  # fmt: skip
def test_stands_and_shares_of_the_way(offers, stands, outcome, shares):
    [each] = bargained(offers)

    assert (each.stands["owner"], each.stands["counterpart"]) == stands
    assert each.outcome == outcome
    assert (each.share("owner"), each.share("counterpart")) == shares


def test_what_was_left_to_a_committee_that_changed_nothing_stays_as_it_was():
    left = offer("counterpart", "10", "20", "deferred")
    decided = [left, offer("counterpart", "10", "15", "accepted")]

    assert [each.outcome for offers in ([left], decided) for each in bargained(offers, is_over=True)] == ["10", "15"]


@pytest.mark.parametrize("count", [1, 60])
def test_who_conceded_what_costs_the_same_for_one_offer_and_for_many(world, client, count):
    walk = world.walk()
    walk.to("informal", "negotiator")
    common = {"round": walk.agreement.rounds.get(), "side": "counterpart", "made_at": world.at(), "reason": WHY}
    lines = list(walk.agreement.lines.all())
    Offer.objects.bulk_create(
        Offer(
            line=lines[n % 6], field=f"level_{n % 5 + 1}", from_value="1", to_value=f"{n}", state="countered", **common
        )
        for n in range(2, count + 2)
    )
    queries, page = list_cost(client, world.people.auditor, "concessions", D1)

    assert (queries, len(page.context["conceded"])) == (13, min(count, 30))
