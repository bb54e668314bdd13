"""The pages of frameworks: an outline of dimensions without JavaScript, filled from others, two side by side, closed."""

from decimal import Decimal

import pytest

from acts.log import THE_SYSTEM
from acts.models import Entry
from desk.demo.years import fiscal_year
from desk.forms.frameworks import FrameworkForm
from desk.frameworks_page import comparison
from indicators.dimensions import Part
from indicators.frameworks import Content, ScoringRules, content_of, write_framework
from indicators.models import Framework
from tests.desk.asking import filled

TREE = (
    Part("ผลการปฏิบัติงาน"),
    Part("ประสิทธิผล", Decimal(60), 1),
    Part("ประสิทธิภาพ", Decimal(10), 1),
    Part("ศักยภาพ", Decimal(30)),
    Part("คุณภาพ", None, 1, Decimal(10), Decimal(20)),
    Part("องค์การ", None, 1, Decimal(10), None),
)


@pytest.fixture
def planner(world):
    return world.people.planner


@pytest.fixture
def framework(world):
    return Framework.objects.get(fiscal_year=world.year, tier=3)


def typed(content, version=1, **more):
    return filled(FrameworkForm(content=content, initial={"version": version})) | more


def ask(send, person, **sent):
    return send(person, "desk:year_framework", 2570, 3, **sent)


def shown(page):
    """The rows of the form with a name, as (label, name, weight, from, to)."""
    columns = ("dimension", "weight", "low", "high")
    rows = page.context["form"].rows()
    return [(row["label"], *(str(row[name].value() or "") for name in columns)) for row in rows if row["label"]]


def test_a_tree_with_ranges_and_another_scale_is_saved_and_read(world, visit, send, words, planner, framework):
    rules = ScoringRules("three", Decimal(0), Decimal(95), Decimal(25), 2, "reported")
    answer = ask(send, planner, **typed(Content("กรอบ", TREE, rules)))
    assert (answer.status_code, answer.url) == (302, "/years/2570/")
    assert content_of(Framework.objects.get(pk=framework.pk)) == Content("กรอบ", TREE, rules)

    found = words(visit(world.people.auditor, "desk:year_framework", 2570, 3))
    assert "1. ผลการปฏิบัติงาน 70.00 1.1. ประสิทธิผล 60.00 1.2. ประสิทธิภาพ 10.00 2. ศักยภาพ 30.00" in found
    assert "2.1. คุณภาพ แนะนำ 10.00–20.00 2.2. องค์การ แนะนำ ไม่น้อยกว่า 10.00" in found
    assert "50, 75 และ 100" in found
    assert "เฉพาะน้ำหนักของตัวชี้วัดที่รายงานผลแล้ว" in found


def test_rows_move_with_what_is_typed_in_them_and_nothing_is_saved(world, send, planner, framework):
    before, entries = content_of(framework), Entry.objects.count()
    page = ask(send, planner, **typed(Content("กรอบ", TREE), weight_2="๖๑.5x"), row="up-4")

    assert page.status_code == 200
    assert shown(page)[0] == ("1", "ศักยภาพ", "๓๐.๐๐", "", "")
    assert shown(page)[4] == ("2.1", "ประสิทธิผล", "๖๑.5x", "", "")
    assert "autofocus" in str(page.context["form"]["dimension_1"])
    assert (content_of(framework), Entry.objects.count()) == (before, entries)


@pytest.mark.parametrize(
    ("button", "labels"),
    [
        ("in-4", ["1", "1.1", "1.2", "1.3", "1.3.1", "1.3.2"]),
        ("out-2", ["1", "1.1", "2", "3", "3.1", "3.2"]),
        ("away-1", ["1", "2", "3", "3.1", "3.2"]),
        ("below-1", ["1", "1.1", "1.2", "2", "2.1", "2.2"]),
        ("sideways-1", ["1", "1.1", "1.2", "2", "2.1", "2.2"]),
        ("up-99", ["1", "1.1", "1.2", "2", "2.1", "2.2"]),
        pytest.param("up-" + "9" * 5000, ["1", "1.1", "1.2", "2", "2.1", "2.2"], id="up-9999…"),
        ("", ["1", "1.1", "1.2", "2", "2.1", "2.2"]),
    ],
)
def test_each_button_of_a_row(world, send, planner, button, labels):
    page = ask(send, planner, **typed(Content("กรอบ", TREE)), row=button)
    assert (page.status_code, [row[0] for row in shown(page)]) == (200, labels)


def test_the_sums_are_shown_as_typed_before_anything_is_saved(world, send, words, planner):
    thirds = tuple(Part(name, Decimal("33.33")) for name in "กขค")
    page = ask(send, planner, **typed(Content("กรอบ", thirds)), row="again")
    assert "ทั้งกรอบ ขาดจาก 100.00 อยู่ 0.01 99.99" in words(page)

    saved = ask(send, planner, **typed(Content("กรอบ", thirds)))
    assert saved.status_code == 422
    assert "หากแบ่งเท่ากัน ให้กรอกเป็น 33.34 + 33.33 + 33.33" in words(saved)
    tree = words(ask(send, planner, **typed(Content("กรอบ", TREE)), row="again"))
    assert "ทั้งกรอบ ครบ 100.00 พอดี 100.00" in tree
    assert "มิติย่อยของมิติที่ 2 รวมให้ได้ 30.00 ได้ 20.00–120.00" in tree


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"weight_2": "60,5"}, "weight_2", ""),
        ({"weight_2": "-5"}, "weight_2", "ไม่น้อยกว่า"),
        ({"weight_5": "15"}, "low_5", "อย่างใดอย่างหนึ่ง"),
        ({"low_5": "30"}, "low_5", "น้อยกว่าไปหา"),
        ({"dimension_3": ""}, "dimension_3", "ชื่อ"),
        ({"floor": "2"}, "floor", "ระหว่าง 0 ถึงคะแนนของระดับ 1 คือ 1"),
        ({"cap": "6"}, "cap", "มากกว่า 1 และไม่เกิน 5"),
        ({"fail_score": "5"}, "fail_score", "น้อยกว่า 5"),
        ({"depth_2": "9"}, "depth_2", ""),
        ({"scale": "seven"}, "scale", ""),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(world, send, planner, framework, sent, field, said):
    before = content_of(framework)
    page = ask(send, planner, **typed(Content("กรอบ", TREE), **sent))
    form = page.context["form"]

    assert (page.status_code, list(form.errors)[:1]) == (422, [field])
    assert said in " ".join(form.errors[field])
    assert form["dimension_6"].value() == "องค์การ"
    assert content_of(framework) == before


def test_a_row_without_name_in_between_leaves_errors_at_their_rows(world, send, planner):
    page = ask(send, planner, **typed(Content("กรอบ", (Part("ก", Decimal(60)), Part(""), Part("ข")))))
    assert list(page.context["form"].errors) == ["weight_3"]


def test_a_form_is_filled_from_another_framework_and_saved_only_then(world, visit, send, words, planner, framework):
    year = fiscal_year(2571, by=THE_SYSTEM, at=world.at())
    other = Framework.objects.get(fiscal_year=year, tier=1)
    write_framework(year, 1, Content("กรอบปี 2571", TREE), version=1, by=planner, at=world.at())
    page = visit(planner, "desk:year_framework", 2570, 3, other=other.pk)

    assert page.context["form"]["name"].value() == "กรอบปี 2570"
    assert [row[0] for row in shown(page)] == ["1", "1.1", "1.2", "2", "2.1", "2.2"]
    assert "ยังไม่ได้บันทึก" in words(page)
    assert content_of(framework).dimensions != TREE
    assert ask(send, planner, **filled(page.context["form"])).status_code == 302
    assert content_of(Framework.objects.get(pk=framework.pk)).dimensions == TREE


def test_two_frameworks_stand_side_by_side_with_their_differences_marked(world, visit, words, planner, framework):
    left = Content("ก", (*TREE[:3], Part("ศักยภาพ", Decimal(30))), ScoringRules(places=2))
    one = write_framework(world.year, 3, left, version=1, by=planner, at=world.at())
    other = write_framework(world.year, 2, Content("ข", TREE), version=1, by=planner, at=world.at())
    found = comparison(one, other)

    assert [row.label for row in found.rules if row.differs] == ["จำนวนตำแหน่งทศนิยมของคะแนน"]
    assert [(row.left, row.right) for row in found.dimensions if row.differs] == [
        ("", "2.1 คุณภาพ · 10.00–20.00"),
        ("", "2.2 องค์การ · ไม่น้อยกว่า 10.00"),
    ]
    page = visit(planner, "desk:compare_frameworks", 2570, 3, other=other.pk)
    assert "ต่างกัน 3 รายการ" in words(page)
    assert page.content.decode().count("differs") == 3
    alone = visit(planner, "desk:compare_frameworks", 2570, 3)
    assert (alone.status_code, alone.context["comparison"]) == (200, None)
    assert visit(planner, "desk:compare_frameworks", 2570, 3, other="x").status_code == 200
    assert visit(planner, "desk:compare_frameworks", 2570, 9).status_code == 404


def test_a_framework_in_use_says_by_which_agreements(world, visit, words, planner):
    draft = world.empty_draft()
    page = visit(planner, "desk:year_framework", 2570, 3)
    assert "มีคำรับรองของปีนี้ใช้กรอบนี้แล้ว 1 ฉบับ" in words(page)
    users = page.context["users"]
    assert (users.count, users.shown, users.others) == (1, [(draft, False)], 0)


def test_a_stale_tree_shows_rows_that_only_the_other_has(world, send, planner, framework):
    mine = (Part("ก", Decimal(100)),)
    ask(send, planner, **typed(Content(framework.name, TREE)))
    page = ask(send, planner, **typed(Content(framework.name, mine)))

    assert page.status_code == 409
    clashes = {clash.name: (clash.theirs, clash.mine) for clash in page.context["clashes"]}
    assert clashes["dimension_6"] == ("องค์การ", "–")
    assert clashes["depth_5"] == ("1", "0")
    chosen = {clash.name: clash.theirs_sent for clash in page.context["clashes"]}
    kept = dict(page.context["kept"]) | chosen | {"version": page.context["version"]}
    assert ask(send, planner, **kept).status_code == 302
    assert content_of(Framework.objects.get(pk=framework.pk)).dimensions == TREE
